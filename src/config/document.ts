import { isUtf8 } from 'node:buffer';
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { type JsonValue, LIMITS } from '../contract/index.js';
import { type ConfigProblem, oneLine, quoted } from './problem.js';

/** Keys and list indexes from the root of a document. */
export type SettingPath = readonly (string | number)[];

export interface Place {
  line: number;
  column: number;
}

/** A YAML file of the gate's own, read as YAML 1.2 (so that `off` and `no` are text), with the place of everything. */
export interface ConfigDocument {
  path: string;
  value: JsonValue;
  /** Where the value (or its key) stands; where it is absent, the nearest parent that is there. */
  locate(setting: SettingPath, what?: 'value' | 'key'): Place;
  /** True when the file itself says something at this path. */
  has(setting: SettingPath): boolean;
}

/** Values that aliases may add to a document: a configuration has no use for more. */
const ALIASED_NODES = 10_000;
/** Nothing in the schema lies deeper; data for policies may. */
const DEPTH = 40;
/** One broken line can make a parser complain of all that follow. */
const MOST_ERRORS = 5;

/**
 * Reads one YAML document. Refuses, with the place: bytes that are not UTF-8, more than one document, duplicate
 * keys, keys that are no text, aliases that multiply, and whatever YAML itself forbids.
 * @param bytes at most LIMITS.configBytes, which the caller has seen to
 */
export function readDocument(path: string, bytes: Uint8Array): ConfigDocument | ConfigProblem[] {
  const whole = (message: string): ConfigProblem[] => [{ path, line: null, column: null, message }];
  if (bytes.length > LIMITS.configBytes) {
    return whole(`is larger than ${LIMITS.configBytes} bytes, the most that is read of a configuration`);
  }
  if (!isUtf8(bytes)) return whole('is not UTF-8 text; save it as UTF-8');
  const counter = new LineCounter();
  const placeOf = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const text = Buffer.from(bytes).toString('utf8');
  // Uniqueness of keys is looked after by the reader below: the library's own check compares every key with every other.
  const documents = parseAllDocuments<ParsedNode>(text, {
    version: '1.2',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: counter,
  });
  const errors = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  // The library turns a stack overflow into an error of the document.
  if (errors.some((error) => error.message.includes('call stack')))
    return whole('is nested too deeply to be read');
  if (errors.length > 0) {
    return errors
      .slice(0, MOST_ERRORS)
      .map((error) => ({ path, ...placeOf(error.pos[0]), message: oneLine(error.message) }));
  }
  const [first, second] = documents;
  if (second !== undefined) {
    return [
      {
        path,
        ...placeOf(second.range[0]),
        message: 'a second document starts here; one file holds one document',
      },
    ];
  }
  const reader = new Reader(placeOf);
  const value = reader.read(first?.contents ?? null);
  if (reader.problem !== null) return [{ path, ...reader.problem }];
  const { places } = reader;
  return {
    path,
    value,
    locate(setting, what = 'value') {
      for (let length = setting.length; length > 0; length -= 1) {
        const found = places.get(JSON.stringify(setting.slice(0, length)));
        if (found !== undefined) {
          return what === 'key' || length < setting.length ? (found.key ?? found.value) : found.value;
        }
      }
      return { line: 1, column: 1 };
    },
    has: (setting) => setting.length === 0 || places.has(JSON.stringify(setting)),
  };
}

/** Turns nodes into plain values, noting the place of each. */
class Reader {
  readonly places = new Map<string, { key: Place | null; value: Place }>();
  /** The first thing that cannot be read; reading stops there. */
  problem: { line: number; column: number; message: string } | null = null;
  #aliased = 0;
  readonly #anchors = new Map<string, Node>();

  constructor(private readonly placeOf: (offset: number) => Place) {}

  read(root: ParsedNode | null): JsonValue {
    return root === null ? null : this.#plain(root, [], false);
  }

  #refuse(message: string, node: Node): null {
    this.problem ??= { ...this.#place(node), message };
    return null;
  }

  #plain(node: Node, path: SettingPath, aliased: boolean): JsonValue {
    if (this.problem !== null) return null;
    if (path.length > DEPTH) return this.#refuse(`is nested more than ${DEPTH} levels deep`, node);
    if (aliased) {
      this.#aliased += 1;
      if (this.#aliased > ALIASED_NODES) return this.#refuse('aliases repeat too much here', node);
    }
    if (isAlias(node)) return this.#alias(node, path);
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor !== undefined && !aliased) this.#anchors.set(anchor, node);
    if (isMap(node)) return this.#map(node, path, aliased);
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const here = [...path, index];
        this.#note(here, null, item as Node);
        return this.#plain(item as Node, here, aliased);
      });
    }
    // What is neither alias, map nor list is a scalar.
    const { value } = node as Scalar;
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return this.#refuse('only text, numbers, true, false, lists and maps can stand here', node);
  }

  #alias(node: Alias, path: SettingPath): JsonValue {
    const target = this.#anchors.get(node.source);
    if (target === undefined) {
      return this.#refuse(`there is no anchor ${quoted(`&${node.source}`)} in front of this alias`, node);
    }
    return this.#plain(target, path, true);
  }

  #map(node: YAMLMap, path: SettingPath, aliased: boolean): JsonValue {
    const entries = new Map<string, JsonValue>();
    for (const pair of node.items) {
      const key = pair.key as Node;
      const name = isScalar(key) ? keyName(key.value) : null;
      if (name === null) return this.#refuse('a key must be text', key);
      if (name === '__proto__') return this.#refuse('`__proto__` is no key of a configuration', key);
      if (name === '<<') {
        return this.#refuse('merge keys are not read here; write the keys out', key);
      }
      if (entries.has(name)) return this.#refuse(`the key ${quoted(name)} is there twice`, key);
      const here = [...path, name];
      const value = pair.value as Node | null;
      this.#note(here, key, value ?? key);
      entries.set(name, value === null ? null : this.#plain(value, here, aliased));
    }
    return Object.fromEntries(entries);
  }

  #note(path: SettingPath, key: Node | null, value: Node): void {
    this.places.set(JSON.stringify(path), {
      key: key === null ? null : this.#place(key),
      value: this.#place(value),
    });
  }

  #place(node: Node): Place {
    return this.placeOf((node.range as [number, number, number])[0]);
  }
}

function keyName(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}
