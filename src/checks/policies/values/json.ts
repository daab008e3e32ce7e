import type { JsonValue } from '../../../contract/index.js';

/** A JSON object; keys are looked up with `member` so that `__proto__` and its like are keys as any other. */
export type JsonObject = { [key: string]: JsonValue };

/** True for a JSON object: neither null nor an array. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object's own member, or undefined where it has none or is no object. */
export function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The member at a chain of keys, or undefined. */
export function memberAt(value: JsonValue | undefined, ...keys: readonly string[]): JsonValue | undefined {
  let current = value;
  for (const key of keys) current = member(current, key);
  return current;
}

/** The value where it is a string, else ''. */
export function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** The value where it is a list, else []. */
export function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The strings of a list; other items are dropped. */
export function texts(value: JsonValue | undefined): string[] {
  return list(value).filter((item) => typeof item === 'string');
}

/** The string members of an object as a Map (labels, annotations, matchLabels). */
export function textMap(value: JsonValue | undefined): Map<string, string> {
  const map = new Map<string, string>();
  if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) if (typeof item === 'string') map.set(key, item);
  }
  return map;
}

/** An object without a prototype, so that any key is data. */
export function emptyObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

/** Sets a member whatever its name is. */
export function setMember(target: JsonObject, key: string, value: JsonValue): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

/** Structural equality; the order of keys does not count. */
export function deepEqual(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((item, index) => deepEqual(item, b[index] ?? null))
    );
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && deepEqual(a[key] ?? null, b[key] ?? null));
}

/** A deep copy without prototypes. */
export function clone<T extends JsonValue>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => clone(item)) as T;
  if (isObject(value)) {
    const copy = emptyObject();
    for (const [key, item] of Object.entries(value)) setMember(copy, key, clone(item));
    return copy as T;
  }
  return value;
}

/** The value as Go's fmt.Sprint prints it (Kyverno compares lists in that form). */
export function goPrint(value: JsonValue): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`;
  if (isObject(value)) {
    const parts = Object.keys(value)
      .sort()
      .map((key) => `${key}:${goPrint(value[key] ?? null)}`);
    return `map[${parts.join(' ')}]`;
  }
  return String(value);
}

/** Nodes of a value, counted up to a limit; used to charge budgets before copying or printing. */
export function sizeOf(value: JsonValue, limit = 1_000_000): number {
  let count = 0;
  const stack: JsonValue[] = [value];
  while (stack.length > 0 && count < limit) {
    const current = stack.pop();
    count += 1;
    if (typeof current === 'string') count += current.length >> 4;
    else if (Array.isArray(current)) for (const item of current) stack.push(item);
    else if (isObject(current)) for (const item of Object.values(current)) stack.push(item);
  }
  return count;
}
