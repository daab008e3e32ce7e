import type { JsonValue } from '../../../contract/index.js';
import { parseDuration } from '../values/duration.js';
import { deepEqual, goPrint, isObject } from '../values/json.js';
import { compareQuantities, parseQuantity } from '../values/quantity.js';
import { compareSemver, parseSemver } from '../values/semver.js';
import { wildcardMatch } from '../values/wildcard.js';
import { operatorOf, scalarMatches } from './scalar-pattern.js';

const FLOAT = /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

type Operation = (key: JsonValue, value: JsonValue) => boolean;

/**
 * The operators of conditions, by lower-cased name. Semantics: Kyverno's pkg/engine/variables/operator: types that an
 * operator does not take make the condition false, not an error.
 */
export const operators: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['equal', equals],
  ['equals', equals],
  ['notequal', notEquals],
  ['notequals', notEquals],
  ['in', (key, value) => inAll(key, value)],
  ['notin', (key, value) => notInAll(key, value)],
  ['anyin', (key, value) => membership(key, value, 'any')],
  ['allin', (key, value) => membership(key, value, 'all')],
  ['anynotin', (key, value) => membership(key, value, 'anyNot')],
  ['allnotin', (key, value) => membership(key, value, 'allNot')],
  ['greaterthan', (key, value) => numeric(key, value, (order) => order > 0)],
  ['greaterthanorequals', (key, value) => numeric(key, value, (order) => order >= 0)],
  ['lessthan', (key, value) => numeric(key, value, (order) => order < 0)],
  ['lessthanorequals', (key, value) => numeric(key, value, (order) => order <= 0)],
  ['durationgreaterthan', (key, value) => durations(key, value, (order) => order > 0)],
  ['durationgreaterthanorequals', (key, value) => durations(key, value, (order) => order >= 0)],
  ['durationlessthan', (key, value) => durations(key, value, (order) => order < 0)],
  ['durationlessthanorequals', (key, value) => durations(key, value, (order) => order <= 0)],
]);

/** Both as nanoseconds where at least one is a duration and the other one is too, or a number of seconds. */
function durationPair(key: JsonValue, value: JsonValue): [number, number] | null {
  const read = (item: JsonValue): number | null =>
    typeof item === 'string' && item !== '0' ? parseDuration(item) : null;
  const [a, b] = [read(key), read(value)];
  if (a === null && b === null) return null;
  const seconds = (item: JsonValue): number | null =>
    typeof item === 'number' ? Math.trunc(item) * 1e9 : null;
  const left = a ?? seconds(key);
  const right = b ?? seconds(value);
  return left === null || right === null ? null : [left, right];
}

function equals(key: JsonValue, value: JsonValue): boolean {
  if (key === null) return false;
  if (typeof key === 'boolean') return key === value;
  if (typeof key === 'number') return numberEquals(key, value) ?? false;
  if (typeof key === 'string') return stringEquals(key, value) ?? false;
  return (
    Array.isArray(key) === Array.isArray(value) &&
    typeof value === 'object' &&
    value !== null &&
    deepEqual(key, value)
  );
}

function notEquals(key: JsonValue, value: JsonValue): boolean {
  if (key === null) return false;
  if (typeof key === 'boolean') return typeof value !== 'boolean' || key !== value;
  if (typeof key === 'number') return !(numberEquals(key, value) ?? false);
  if (typeof key === 'string') {
    if (value === '' && parseQuantity(key) !== null) return true;
    return !(stringEquals(key, value) ?? false);
  }
  return !deepEqual(key, value);
}

function numberEquals(key: number, value: JsonValue): boolean | null {
  if (typeof value === 'number') return key === value;
  if (typeof value !== 'string') return null;
  return (Number.isInteger(key) ? INTEGER : FLOAT).test(value) ? Number(value) === key : null;
}

function stringEquals(key: string, value: JsonValue): boolean | null {
  const pair = durationPair(key, value);
  if (pair !== null) return pair[0] === pair[1];
  if (typeof value !== 'string') return null;
  const quantity = parseQuantity(key);
  if (quantity !== null) {
    const other = parseQuantity(value);
    return other === null ? false : compareQuantities(quantity, other) === 0;
  }
  return wildcardMatch(value, key);
}

/** Either may hold globs. */
function alike(a: string, b: string): boolean {
  return wildcardMatch(a, b) || wildcardMatch(b, a);
}

/** The list in a string: a JSON array of strings, or the string alone; null where it is JSON of another kind. */
function listIn(value: string): string[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    // not JSON: a single value
    return [value];
  }
  return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : null;
}

type Quantifier = 'any' | 'all' | 'anyNot' | 'allNot';

function membership(key: JsonValue, value: JsonValue, quantifier: Quantifier): boolean {
  if (key === null || isObject(key)) return false;
  if (Array.isArray(key)) return setMembership(key.map(goPrint), value, quantifier);
  const negative = quantifier === 'anyNot' || quantifier === 'allNot';
  const found = keyIn(goPrint(key), value);
  return found === null ? false : found !== negative;
}

function keyIn(key: string, value: JsonValue): boolean | null {
  if (Array.isArray(value)) return value.some((item) => alike(goPrint(item), key));
  if (typeof value !== 'string') return null;
  if (wildcardMatch(value, key)) return true;
  if (operatorOf(value) === '-') return scalarMatches(key, value);
  return listIn(value)?.includes(key) ?? null;
}

function setMembership(keys: readonly string[], value: JsonValue, quantifier: Quantifier): boolean {
  const negative = quantifier === 'anyNot' || quantifier === 'allNot';
  let candidates: string[] | null;
  if (Array.isArray(value)) candidates = value.map(goPrint);
  else if (typeof value === 'number' || typeof value === 'boolean') candidates = [goPrint(value)];
  else if (typeof value === 'string') {
    if (keys.length === 1 && keys[0] === value) return !negative;
    if (operatorOf(value) === '-') return rangeMembership(keys, value, quantifier);
    candidates = listIn(value);
  } else return false;
  if (candidates === null) return false;
  const known = candidates;
  const isIn = (key: string): boolean => known.some((candidate) => alike(key, candidate));
  switch (quantifier) {
    case 'any':
      return keys.some(isIn);
    case 'all':
      return keys.every(isIn);
    case 'anyNot':
      return keys.some((key) => !isIn(key));
    default:
      return !keys.some(isIn);
  }
}

function rangeMembership(keys: readonly string[], range: string, quantifier: Quantifier): boolean {
  const isIn = (key: string): boolean => scalarMatches(key, range);
  switch (quantifier) {
    case 'any':
      return keys.some(isIn);
    case 'all':
      return keys.every(isIn);
    case 'anyNot':
      return keys.some((key) => scalarMatches(key, range.replace('-', '!-')));
    default:
      return !keys.some(isIn);
  }
}

/** The deprecated In: exact for lists, globs for one key. */
function inAll(key: JsonValue, value: JsonValue): boolean {
  if (Array.isArray(key)) {
    const candidates = Array.isArray(value)
      ? value.map(goPrint)
      : typeof value === 'string'
        ? listIn(value)
        : null;
    if (typeof value === 'string' && key.length === 1 && key[0] === value) return true;
    return candidates !== null && key.every((item) => candidates.includes(goPrint(item)));
  }
  return membership(key, value, 'all');
}

function notInAll(key: JsonValue, value: JsonValue): boolean {
  if (Array.isArray(key)) {
    const candidates = Array.isArray(value)
      ? value.map(goPrint)
      : typeof value === 'string'
        ? listIn(value)
        : null;
    if (typeof value === 'string' && key.length === 1 && key[0] === value) return false;
    return candidates !== null && key.some((item) => !candidates.includes(goPrint(item)));
  }
  return membership(key, value, 'allNot');
}

function numeric(key: JsonValue, value: JsonValue, holds: (order: number) => boolean): boolean {
  const order = numericOrder(key, value);
  return order !== null && holds(order);
}

function numericOrder(key: JsonValue, value: JsonValue): number | null {
  if (typeof key !== 'number' && typeof key !== 'string') return null;
  const pair = durationPair(key, value);
  if (pair !== null) return Math.sign(pair[0] - pair[1]);
  if (typeof key === 'string') {
    if (typeof value === 'string') {
      const [a, b] = [parseQuantity(key), parseQuantity(value)];
      if (a !== null && b !== null) return compareQuantities(a, b);
    }
    if (FLOAT.test(key)) return numericOrder(Number(key), value);
    const version = parseSemver(key);
    const other = typeof value === 'string' ? parseSemver(value) : null;
    return version === null || other === null ? null : compareSemver(version, other);
  }
  if (typeof value === 'number') return Math.sign(key - value);
  return typeof value === 'string' && FLOAT.test(value) ? Math.sign(key - Number(value)) : null;
}

function durations(key: JsonValue, value: JsonValue, holds: (order: number) => boolean): boolean {
  const read = (item: JsonValue): number | null => {
    if (typeof item === 'number') return Math.trunc(item) * 1e9;
    return typeof item === 'string' ? parseDuration(item) : null;
  };
  const [a, b] = [read(key), read(value)];
  return a !== null && b !== null && holds(Math.sign(a - b));
}
