import type { JsonValue } from '../../src/contract/index.js';

export type Json = { [key: string]: JsonValue };
export type Random = () => number;

/** Numbers of 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(random: Random, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}

/** A value that fits a JSON schema: what is required, and some of what is not. */
export function instanceOf(schema: Json, root: Json, random: Random, depth = 0): JsonValue {
  if (typeof schema.$ref === 'string') {
    const definitions = root.definitions as Json;
    return instanceOf(definitions[schema.$ref.replace('#/definitions/', '')] as Json, root, random, depth);
  }
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  if (Array.isArray(schema.oneOf)) return instanceOf(schema.oneOf[0] as Json, root, random, depth);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'string':
      return textOf(schema.format);
    case 'integer':
      return 1 + Math.floor(random() * 50);
    case 'number':
      return 1.5;
    case 'boolean':
      return random() < 0.5;
    case 'array':
      return depth > 12 ? [] : [instanceOf(schema.items as Json, root, random, depth + 1)];
    default:
      return objectOf(schema, root, random, depth);
  }
}

function textOf(format: JsonValue | undefined): string {
  if (format === 'date-time') return '2026-01-31T12:00:00Z';
  return format === 'byte' ? 'aGVsbG8=' : '5';
}

function objectOf(schema: Json, root: Json, random: Random, depth: number): Json {
  const properties = (schema.properties ?? {}) as Json;
  const required = (schema.required ?? []) as string[];
  const object: Json = {};
  for (const [field, property] of Object.entries(properties)) {
    // Fewer the deeper it goes, or a Pod would hold every kind of volume there is.
    const chance = depth === 0 ? 1 : 0.5 / depth;
    if (field === 'status' || (!required.includes(field) && random() >= chance)) continue;
    object[field] = instanceOf(property as Json, root, random, depth + 1);
  }
  if (typeof schema.additionalProperties === 'object' && schema.additionalProperties !== null)
    object.key = instanceOf(schema.additionalProperties as Json, root, random, depth + 1);
  if (depth === 0) object.metadata = { ...(object.metadata as Json), name: 'a' };
  return object;
}

interface Place {
  parent: Json | JsonValue[];
  key: string | number;
}

const VALUES: readonly JsonValue[] = [
  'other',
  '',
  '-1',
  '10Gi',
  '1.5.2',
  0,
  -1,
  70_000,
  3_000_000_000,
  1.5,
  true,
  null,
  [],
  {},
  ['a'],
  [null],
  { a: 'b' },
  { a: null },
];

/**
 * Changes one thing about an object: a field renamed, removed or added, a value of another type. Returns the text that
 * is to be read, since a doubled key exists in text alone, and what was done.
 */
export function mutated(object: Json, random: Random): { text: string; done: string } {
  const copy = structuredClone(object);
  const place = pick(random, placesIn(copy));
  if (place === undefined) return { text: JSON.stringify(copy), done: 'nothing' };
  const { parent, key } = place;
  const kind = Math.floor(random() * 5);
  if (Array.isArray(parent) || kind === 0) {
    const value = pick(random, VALUES) ?? null;
    Object.assign(parent, { [key]: value });
    return { text: JSON.stringify(copy), done: `${String(key)} = ${JSON.stringify(value)}` };
  }
  const old = parent[key] ?? null;
  const name = String(key);
  if (kind === 1) {
    delete parent[name];
    return { text: JSON.stringify(copy), done: `${name} removed` };
  }
  if (kind === 2) {
    delete parent[name];
    parent[`${name}x`] = old;
    return { text: JSON.stringify(copy), done: `${name} renamed` };
  }
  if (kind === 3) {
    const value = pick(random, VALUES) ?? null;
    parent[name] = value;
    return { text: JSON.stringify(copy), done: `${name} = ${JSON.stringify(value)}` };
  }
  const marker = `"\u0001":0`;
  parent['\u0001'] = 0;
  const text = JSON.stringify(copy).replace(
    marker.replace('\u0001', '\\u0001'),
    `${JSON.stringify(name)}:${JSON.stringify(old)}`,
  );
  return { text, done: `${name} doubled` };
}

function placesIn(value: JsonValue, top = true): Place[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => [{ parent: value, key: index }, ...placesIn(item, false)]);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => !top || (key !== 'apiVersion' && key !== 'kind'))
    .flatMap(([key, item]) => [{ parent: value, key }, ...placesIn(item, false)]);
}
