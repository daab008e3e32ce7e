import type { JsonValue } from '../../contract/index.js';
import { isMap, type JsonMap } from '../inputs/json-shape.js';
import type { RenderedObject } from './rendered-objects.js';

/** Stands for a value that was different in two renders of the same inputs. */
export const RANDOM_VALUE = 'random-value';

/**
 * The objects of a render with every value masked that another render of the same inputs gave differently: what is left
 * is what the chart says, and can be compared with another side.
 */
export function steady(
  first: readonly RenderedObject[],
  second: readonly RenderedObject[],
): readonly RenderedObject[] {
  if (first.length !== second.length) return first;
  return first.map(({ object, path }, index) => ({
    object: maskMap(object, second[index]?.object ?? {}),
    path,
  }));
}

function maskMap(a: JsonMap, b: JsonMap): JsonMap {
  return Object.fromEntries(
    Object.entries(a).map(([key, value]) => [
      key,
      Object.hasOwn(b, key) ? mask(value, b[key] ?? null) : RANDOM_VALUE,
    ]),
  );
}

function mask(a: JsonValue, b: JsonValue): JsonValue {
  if (typeof a === 'string' && typeof b === 'string') return a === b ? a : maskText(a, b);
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    return a.map((item, index) => mask(item, b[index] ?? null));
  }
  if (isMap(a) && isMap(b)) return maskMap(a, b);
  return JSON.stringify(a) === JSON.stringify(b) ? a : RANDOM_VALUE;
}

/** Masks the words that differ, so that the rest of a longer text is still compared. */
function maskText(a: string, b: string): string {
  const words = (value: string): string[] => value.split(/([A-Za-z0-9+/=]+)/);
  const left = words(a);
  const right = words(b);
  if (left.length !== right.length) return RANDOM_VALUE;
  return left.map((word, index) => (word === right[index] ? word : RANDOM_VALUE)).join('');
}
