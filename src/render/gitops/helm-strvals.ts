import type { JsonValue } from '../../contract/index.js';
import { isMap, type JsonMap } from '../inputs/json-shape.js';

/** Values as Go holds them: mappings and lists that several places may share, and that are changed in place. */
export type Shared = string | number | boolean | null | Shared[] | SharedMap;
export type SharedMap = Map<string, Shared>;

/** An assignment that helm's `--set` refuses; the message names no value. */
export class AssignmentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AssignmentError';
  }
}

const HIGHEST_INDEX = 1000;
const DEEPEST = 30;

export function sharedMap(values: JsonMap): SharedMap {
  return new Map(Object.entries(values).map(([key, value]) => [key, shared(value)]));
}

function shared(value: JsonValue): Shared {
  if (Array.isArray(value)) return value.map(shared);
  return isMap(value) ? sharedMap(value) : value;
}

export function plainMap(values: SharedMap): JsonMap {
  return Object.fromEntries([...values].map(([key, value]) => [key, plain(value)]));
}

function plain(value: Shared): JsonValue {
  if (Array.isArray(value)) return Array.from(value, plain);
  return value instanceof Map ? plainMap(value) : value;
}

/**
 * Assigns in place as `--set` does (helm pkg/strvals ParseInto): `a.b[0].c=1,d={x,y}`, a backslash before what is meant
 * as it is.
 * @param typed true, false, null and whole numbers become what they say; else everything is text
 * @throws AssignmentError where helm would fail
 */
export function assign(written: string, into: SharedMap, typed: boolean): void {
  const parser = new Assignments(written, typed);
  while (!parser.done) parser.key(into, 0);
}

class Assignments {
  readonly #text: string;
  readonly #typed: boolean;
  #at = 0;

  constructor(text: string, typed: boolean) {
    this.#text = text;
    this.#typed = typed;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  key(data: SharedMap, depth: number): void {
    if (depth > DEEPEST) throw new AssignmentError('its keys are nested too deep');
    const [name, last] = this.#until('=[,.');
    if (last === '=') {
      put(data, name, this.#value());
    } else if (last === '[') {
      const index = this.#index();
      const old = data.get(name);
      if (old !== undefined && !Array.isArray(old)) throw new AssignmentError('it indexes what is no list');
      put(data, name, this.#item(old ?? [], index, depth));
    } else if (last === '.') {
      const old = data.get(name);
      if (old !== undefined && !(old instanceof Map))
        throw new AssignmentError('it names a key of what is no mapping');
      const inner: SharedMap = old ?? new Map();
      this.key(inner, depth + 1);
      if (inner.size === 0) throw new AssignmentError('a key has no value');
      put(data, name, inner);
    } else {
      throw new AssignmentError('a key has no value');
    }
  }

  /** The list with one item assigned: itself, or a longer one in its place. */
  #item(list: Shared[], index: number, depth: number): Shared[] {
    const [between, last] = this.#until('[.=');
    if (between !== '') throw new AssignmentError('something stands behind an index');
    if (last === '=') return withItem(list, index, this.#value());
    const old = list[index];
    if (last === '[') {
      const next = this.#index();
      if (old !== undefined && old !== null && !Array.isArray(old))
        throw new AssignmentError('it indexes what is no list');
      return withItem(list, index, this.#item(old ?? [], next, depth));
    }
    if (last !== '.') throw new AssignmentError('an index has no value');
    const inner: SharedMap = old instanceof Map ? old : new Map();
    if (index < list.length) list[index] = inner;
    this.key(inner, depth + 1);
    return withItem(list, index, inner);
  }

  #value(): Shared {
    if (this.#text[this.#at] !== '{') return this.#typedValue(this.#until(',')[0]);
    this.#at += 1;
    const items: Shared[] = [];
    for (;;) {
      const [item, last] = this.#until(',}');
      if (last === '') throw new AssignmentError('a list does not end');
      items.push(this.#typedValue(item));
      if (last === ',') continue;
      if (this.#text[this.#at] === ',') this.#at += 1;
      return items;
    }
  }

  #index(): number {
    const [written, last] = this.#until(']');
    if (last === '' || !/^\d{1,9}$/.test(written)) throw new AssignmentError('an index is no number');
    if (Number(written) > HIGHEST_INDEX) throw new AssignmentError('an index is too high');
    return Number(written);
  }

  /** Text up to one of the stop characters, which is read too, or to the end. */
  #until(stops: string): [string, string] {
    let text = '';
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at] ?? '';
      this.#at += 1;
      if (stops.includes(char)) return [text, char];
      if (char === '\\') {
        text += this.#text[this.#at] ?? '';
        this.#at += 1;
      } else text += char;
    }
    return [text, ''];
  }

  #typedValue(written: string): Shared {
    if (!this.#typed) return written;
    const folded = written.toLowerCase();
    if (folded === 'true') return true;
    if (folded === 'false') return false;
    if (folded === 'null') return null;
    return /^(0|[+-]?[1-9]\d{0,14}|[+-]0\d{0,14})$/.test(written) ? Number(written) : written;
  }
}

function put(data: SharedMap, name: string, value: Shared): void {
  if (name !== '') data.set(name, value);
}

function withItem(list: Shared[], index: number, value: Shared): Shared[] {
  const changed =
    index < list.length ? list : [...list, ...Array<Shared>(index + 1 - list.length).fill(null)];
  changed[index] = value;
  return changed;
}
