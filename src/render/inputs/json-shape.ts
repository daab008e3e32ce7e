import type { JsonValue } from '../../contract/index.js';

/** A mapping as YAML gives it. */
export type JsonMap = { [key: string]: JsonValue };

export function isMap(value: JsonValue | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value's own field; undefined for what is not a mapping or does not have it. */
export function field(value: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined {
  let here = value;
  for (const key of path) {
    if (!isMap(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

/** The field as text; null when it is absent or not a string. */
export function text(value: JsonValue | undefined, ...path: readonly string[]): string | null {
  const found = field(value, ...path);
  return typeof found === 'string' ? found : null;
}

/** The field as a list; empty when it is absent or not a list. */
export function list(value: JsonValue | undefined, ...path: readonly string[]): readonly JsonValue[] {
  const found = field(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The strings of a list. */
export function strings(value: JsonValue | undefined, ...path: readonly string[]): string[] {
  return list(value, ...path).filter((item) => typeof item === 'string');
}

/** Every string inside a value, keys left out. */
export function* everyString(value: JsonValue): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* everyString(item);
  else if (isMap(value)) for (const item of Object.values(value)) yield* everyString(item);
}
