import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type YAMLMap,
} from 'yaml';
import type { JsonValue } from '../../contract/index.js';
import type { FieldPath } from '../../kubernetes/index.js';

/** Words that YAML reads as themselves, whatever its version. */
const PLAIN = /^(?!(?:true|false|yes|no|on|off|null|y|n)$)[A-Za-z][A-Za-z0-9./-]*$/i;

/**
 * Changes of YAML or JSON text that leave every other byte as it is. Each gives null where the text is not written so that
 * the change is plain (anchors, comments within what would go).
 */
export class YamlText {
  readonly #document: Document.Parsed | undefined;

  /** @param index the document, empty ones not counted. */
  constructor(
    readonly source: string,
    index: number,
  ) {
    const documents = parseAllDocuments(source, { version: '1.1' });
    const all = Array.isArray(documents) ? documents.filter(({ contents }) => !isEmpty(contents)) : [];
    this.#document = all.some(({ errors }) => errors.length > 0) ? undefined : all[index];
  }

  /** Gives a member another name, or takes it away where the map has that name already. */
  rename(field: FieldPath, to: string): string | null {
    const found = this.#pair(field);
    if (found?.map.has(to) === true) return this.remove(field);
    const range = isScalar(found?.pair.key) ? found.pair.key.range : null;
    if (range == null || found === null) return null;
    return this.#replace(range[0], range[1], isQuoted(found.pair) ? JSON.stringify(to) : to);
  }

  /** Takes a member away, with its line or lines where it has its own. */
  remove(field: FieldPath): string | null {
    const found = this.#pair(field);
    if (found === null) return null;
    if (found.map.flow === true) return this.#removeInline(found);
    const start = rangeOf(found.pair.key)?.[0];
    const end = rangeOf(found.pair.value)?.[1];
    if (start === undefined || end === undefined) return null;
    const next = this.source.indexOf('\n', Math.max(start, end - 1));
    const after = next < 0 ? this.source.length : next + 1;
    if (found.map.items.length < 2) return this.#empty(field, after);
    const lineStart = this.source.lastIndexOf('\n', start - 1) + 1;
    const before = this.source.slice(lineStart, start);
    if (before.trim() === '') return this.#replace(lineStart, after, '');
    // the first member stands on the line of its list item (`- name: a`): the next one takes its place there
    const following = rangeOf(found.map.items[1]?.key)?.[0];
    return following === undefined ||
      !/^[ -]*$/.test(before) ||
      !/^\s*$/.test(this.source.slice(after, following))
      ? null
      : this.#replace(start, following, '');
  }

  /** Sets a scalar, making the maps on the way. */
  set(field: FieldPath, value: JsonValue): string | null {
    const existing = this.#pair(field);
    const range = isScalar(existing?.pair.value) ? existing.pair.value.range : null;
    if (range != null && range[1] > range[0]) return this.#replace(range[0], range[1], this.#literal(value));
    if (existing !== null) return null;
    for (let depth = field.length - 1; depth > 0; depth -= 1) {
      const at = field.slice(0, depth);
      const map = this.#node(at);
      const isThere = (map ?? null) !== null || this.#pair(at) !== null;
      if (!isThere) continue;
      const rest = field.slice(depth);
      if (rest.some((key) => typeof key === 'number')) return null;
      const keys = rest.map(String);
      if ((map ?? null) === null || isScalar(map)) return this.#fill(at, keys, value);
      if (!isMap(map)) return null;
      return map.flow === true ? this.#insertInline(map, keys, value) : this.#insert(map, keys, value);
    }
    return null;
  }

  #insert(map: YAMLMap, keys: readonly string[], value: JsonValue): string | null {
    const last = map.items.at(-1);
    const first = rangeOf(map.items[0]?.key)?.[0];
    const end = rangeOf(last?.value)?.[1] ?? rangeOf(last?.key)?.[1];
    if (first === undefined || end === undefined) return null;
    const lines = this.#lines(this.#column(first), keys, value);
    const at = this.source[end - 1] === '\n' ? end : this.source.indexOf('\n', end) + 1;
    return at === 0 ? `${this.source}${this.#ending}${lines}` : this.#replace(at, at, lines);
  }

  /** Members for a key that has no value yet. */
  #fill(field: FieldPath, keys: readonly string[], value: JsonValue): string | null {
    const found = this.#pair(field);
    const start = rangeOf(found?.pair.key)?.[0];
    const range = rangeOf(found?.pair.value);
    if (found === null || found.map.flow === true || start === undefined) return null;
    if (range !== undefined && range[1] > range[0]) return null;
    const lines = this.#lines(this.#column(start) + 2, keys, value);
    const at = this.source.indexOf('\n', start) + 1;
    return at === 0 ? `${this.source}${this.#ending}${lines}` : this.#replace(at, at, lines);
  }

  #lines(indent: number, keys: readonly string[], value: JsonValue): string {
    return keys
      .map((key, index) => {
        const last = index === keys.length - 1 ? ` ${this.#literal(value)}` : '';
        return `${' '.repeat(indent + index * 2)}${key}:${last}${this.#ending}`;
      })
      .join('');
  }

  /** A member of a map in braces, written as its neighbours are. */
  #insertInline(map: YAMLMap, keys: readonly string[], value: JsonValue): string | null {
    const range = rangeOf(map);
    if (range === undefined) return null;
    const last = map.items.at(-1);
    const end = last === undefined ? range[0] + 1 : (rangeOf(last.value)?.[1] ?? rangeOf(last.key)?.[1]);
    if (end === undefined) return null;
    const key = rangeOf(last?.key);
    const isCompact = key !== undefined && /^:\S/.test(this.source.slice(key[1], key[1] + 2));
    const gap = key === undefined ? '' : this.#gapBefore(key[0]);
    const separator = key === undefined ? '' : `,${gap === '' && !isCompact ? ' ' : gap}`;
    const quoted = last === undefined ? this.#isJson : isQuoted(last);
    const colon = isCompact ? ':' : ': ';
    const name = (one: string): string => `${quoted ? JSON.stringify(one) : one}${colon}`;
    const inner = keys
      .slice(1)
      .reduceRight(
        (made, one) => `{${name(one)}${made}}`,
        quoted ? JSON.stringify(value) : this.#literal(value),
      );
    return this.#replace(end, end, `${separator}${name(keys[0] ?? '')}${inner}`);
  }

  /** What stands between the comma (or brace) before a member and the member: nothing, a space, or a line's beginning. */
  #gapBefore(at: number): string {
    return /\s*$/.exec(this.source.slice(Math.max(0, at - 200), at))?.[0] ?? '';
  }

  #removeInline({ map, pair }: { map: YAMLMap; pair: Pair }): string | null {
    const index = map.items.indexOf(pair);
    const [previous, next] = [map.items[index - 1], map.items[index + 1]];
    const own = [rangeOf(pair.key)?.[0], rangeOf(pair.value)?.[1]] as const;
    const from = next === undefined && previous !== undefined ? rangeOf(previous.value)?.[1] : own[0];
    const to = next === undefined ? own[1] : rangeOf(next.key)?.[0];
    if (from === undefined || to === undefined || own[0] === undefined || own[1] === undefined) return null;
    const around = this.source.slice(from, own[0]) + this.source.slice(own[1], to);
    return /^[\s,]*$/.test(around) ? this.#replace(from, to, '') : null;
  }

  /** A map that loses its one member is an empty one. */
  #empty(field: FieldPath, end: number): string | null {
    const parent = this.#pair(field.slice(0, -1));
    const keyEnd = rangeOf(parent?.pair.key)?.[1];
    const start = rangeOf(parent?.pair.value)?.[0];
    if (keyEnd === undefined || start === undefined) return null;
    return /^:\s*$/.test(this.source.slice(keyEnd, start))
      ? this.#replace(keyEnd, end, `: {}${this.#ending}`)
      : null;
  }

  /** A value as people write it: words are quoted in JSON alone, and where YAML would read them otherwise. */
  #literal(value: JsonValue): string {
    return typeof value === 'string' && PLAIN.test(value) && !this.#isJson ? value : JSON.stringify(value);
  }

  get #ending(): string {
    return this.source.includes('\r\n') ? '\r\n' : '\n';
  }

  get #isJson(): boolean {
    return /^\s*[{[]/.test(this.source);
  }

  #column(offset: number): number {
    return offset - (this.source.lastIndexOf('\n', offset - 1) + 1);
  }

  #replace(from: number, to: number, text: string): string {
    return this.source.slice(0, from) + text + this.source.slice(to);
  }

  #node(field: FieldPath): Node | null | undefined {
    let current: unknown = this.#document?.contents;
    for (const key of field) {
      if (isMap(current)) current = current.get(key, true);
      else if (isSeq(current) && typeof key === 'number') current = current.get(key, true);
      else return undefined;
    }
    return current as Node | null | undefined;
  }

  #pair(field: FieldPath): { map: YAMLMap; pair: Pair } | null {
    const map = this.#node(field.slice(0, -1));
    if (!isMap(map)) return null;
    const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === String(field.at(-1)));
    return pair === undefined ? null : { map, pair };
  }
}

/** True for a document that holds nothing but comments. */
function isEmpty(contents: unknown): boolean {
  const range = rangeOf(contents);
  return contents === null || (isScalar(contents) && range !== undefined && range[0] === range[1]);
}

function isQuoted({ key }: Pair): boolean {
  return isScalar(key) && (key.type === 'QUOTE_DOUBLE' || key.type === 'QUOTE_SINGLE');
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? (node.range as [number, number, number])
    : undefined;
}
