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

/**
 * Changes of YAML text that leave every other byte as it is. Each gives null where the text is not written so that the
 * change is plain (flow collections, anchors, a map with one member only).
 */
export class YamlText {
  readonly #document: Document.Parsed | undefined;

  /** @param index the document, empty ones not counted. */
  constructor(
    readonly source: string,
    index: number,
  ) {
    const documents = parseAllDocuments(source, { version: '1.1' });
    const all = Array.isArray(documents) ? documents.filter(({ contents }) => contents !== null) : [];
    this.#document = all.some(({ errors }) => errors.length > 0) ? undefined : all[index];
  }

  /** Gives a member another name. */
  rename(field: FieldPath, to: string): string | null {
    const found = this.#pair(field);
    const range = isScalar(found?.pair.key) ? found.pair.key.range : null;
    return range == null || found?.map.has(to) !== false ? null : this.#replace(range[0], range[1], to);
  }

  /** Takes a member away with its line or lines. */
  remove(field: FieldPath): string | null {
    const found = this.#pair(field);
    if (found === null || found.map.items.length < 2 || found.map.flow === true) return null;
    const start = rangeOf(found.pair.key)?.[0];
    const end = rangeOf(found.pair.value)?.[1];
    if (start === undefined || end === undefined) return null;
    const lineStart = this.source.lastIndexOf('\n', start - 1) + 1;
    // a member on the line of its list item (`- name: a`) is not a line of its own
    if (this.source.slice(lineStart, start).trim() !== '') return null;
    const newline = this.source.indexOf('\n', Math.max(start, end - 1));
    return this.#replace(lineStart, newline < 0 ? this.source.length : newline + 1, '');
  }

  /** Sets a scalar, making the maps on the way. */
  set(field: FieldPath, value: JsonValue): string | null {
    const literal = JSON.stringify(value);
    const existing = this.#pair(field);
    const range = isScalar(existing?.pair.value) ? existing.pair.value.range : null;
    if (range != null) return this.#replace(range[0], range[1], literal);
    if (existing !== null) return null;
    for (let depth = field.length - 1; depth > 0; depth -= 1) {
      const map = this.#node(field.slice(0, depth));
      if (map === undefined || map === null) continue;
      const rest = field.slice(depth);
      if (!isMap(map) || map.flow === true || rest.some((key) => typeof key === 'number')) return null;
      return this.#insert(map, rest.map(String), literal);
    }
    return null;
  }

  #insert(map: YAMLMap, keys: readonly string[], literal: string): string | null {
    const last = map.items.at(-1);
    const first = rangeOf(map.items[0]?.key)?.[0];
    const end = rangeOf(last?.value)?.[1] ?? rangeOf(last?.key)?.[1];
    if (first === undefined || end === undefined) return null;
    const indent = first - (this.source.lastIndexOf('\n', first - 1) + 1);
    const ending = this.source.includes('\r\n') ? '\r\n' : '\n';
    const lines = keys.map(
      (key, index) =>
        `${' '.repeat(indent + index * 2)}${key}:${index === keys.length - 1 ? ` ${literal}` : ''}${ending}`,
    );
    const before = this.source.lastIndexOf('\n', end - 1);
    const at = this.source[end - 1] === '\n' ? end : this.source.indexOf('\n', end) + 1;
    if (at === 0) return `${this.source}${ending}${lines.join('')}`;
    return before < 0 && at < 0 ? null : this.#replace(at, at, lines.join(''));
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

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? (node.range as [number, number, number])
    : undefined;
}
