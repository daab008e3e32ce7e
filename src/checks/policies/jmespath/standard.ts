import type { JsonValue } from '../../../contract/index.js';
import { deepEqual, emptyObject, isObject, setMember, sizeOf } from '../values/json.js';
import { Args, type JmesFunction } from './arguments.js';
import { ExpressionReference } from './language.js';

type Ordered = number | string;

function ordered(args: Args, items: readonly JsonValue[]): Ordered[] {
  const kind = typeof items[0];
  if (items.some((item) => (typeof item !== 'number' && typeof item !== 'string') || typeof item !== kind)) {
    args.fail(0, 'Array of numbers or of strings');
  }
  return items.filter((item) => typeof item === 'number' || typeof item === 'string');
}

function compareOrdered(a: Ordered, b: Ordered): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function keyed(args: Args): { item: JsonValue; key: Ordered }[] {
  const items = args.array(0);
  const expression = args.expression(1);
  const keys = ordered(
    args,
    items.map((item) => expression.apply(item)),
  );
  return items.map((item, index) => ({ item, key: keys[index] ?? '' }));
}

function numbers(args: Args): number[] {
  const items = args.array(0);
  return items.map((item) => (typeof item === 'number' ? item : args.fail(0, 'Array of numbers')));
}

/** Compact JSON as Go's encoder writes it: keys sorted. */
export function goJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (isObject(value)) {
    const parts = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${goJson(value[key] ?? null)}`);
    return `{${parts.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The functions of the JMESPath specification that go-jmespath has. */
export const standardFunctions: Readonly<Record<string, JmesFunction>> = {
  abs: (list) => Math.abs(new Args('abs', list, 1).number(0)),
  avg: (list) => {
    const items = numbers(new Args('avg', list, 1));
    return items.length === 0 ? null : items.reduce((sum, item) => sum + item, 0) / items.length;
  },
  ceil: (list) => Math.ceil(new Args('ceil', list, 1).number(0)),
  floor: (list) => Math.floor(new Args('floor', list, 1).number(0)),
  contains: (list, { budget }) => {
    const args = new Args('contains', list, 2);
    const subject = args.any(0);
    const wanted = args.any(1);
    if (typeof subject === 'string') return typeof wanted === 'string' && subject.includes(wanted);
    if (!Array.isArray(subject)) return args.fail(0, 'Array or String');
    budget.spend(subject.length);
    return subject.some((item) => deepEqual(item, wanted));
  },
  ends_with: (list) => {
    const args = new Args('ends_with', list, 2);
    return args.string(0).endsWith(args.string(1));
  },
  starts_with: (list) => {
    const args = new Args('starts_with', list, 2);
    return args.string(0).startsWith(args.string(1));
  },
  join: (list, { budget }) => {
    const args = new Args('join', list, 2);
    const items = args.array(1);
    budget.spend(sizeOf([...items]));
    if (items.some((item) => typeof item !== 'string')) args.fail(1, 'Array of strings');
    return items.join(args.string(0));
  },
  keys: (list, { budget }) => {
    const keys = Object.keys(new Args('keys', list, 1).object(0));
    budget.spend(keys.length);
    return keys;
  },
  values: (list, { budget }) => {
    const values = Object.values(new Args('values', list, 1).object(0));
    budget.spend(values.length);
    return values;
  },
  length: (list) => {
    const args = new Args('length', list, 1);
    const subject = args.any(0);
    if (typeof subject === 'string') return [...subject].length;
    if (Array.isArray(subject)) return subject.length;
    return isObject(subject) ? Object.keys(subject).length : args.fail(0, 'String, Array or Object');
  },
  map: (list) => {
    const args = new Args('map', list, 2);
    const expression = args.expression(0);
    return args.array(1).map((item) => expression.apply(item));
  },
  max: (list) => {
    const args = new Args('max', list, 1);
    const items = ordered(args, args.array(0));
    return items.length === 0 ? null : items.reduce((a, b) => (compareOrdered(a, b) >= 0 ? a : b));
  },
  min: (list) => {
    const args = new Args('min', list, 1);
    const items = ordered(args, args.array(0));
    return items.length === 0 ? null : items.reduce((a, b) => (compareOrdered(a, b) <= 0 ? a : b));
  },
  max_by: (list) => {
    const items = keyed(new Args('max_by', list, 2));
    return items.length === 0
      ? null
      : items.reduce((a, b) => (compareOrdered(a.key, b.key) >= 0 ? a : b)).item;
  },
  min_by: (list) => {
    const items = keyed(new Args('min_by', list, 2));
    return items.length === 0
      ? null
      : items.reduce((a, b) => (compareOrdered(a.key, b.key) <= 0 ? a : b)).item;
  },
  sort: (list, { budget }) => {
    const args = new Args('sort', list, 1);
    const items = ordered(args, args.array(0));
    budget.spend(items.length * 8);
    return [...items].sort(compareOrdered);
  },
  sort_by: (list, { budget }) => {
    const items = keyed(new Args('sort_by', list, 2));
    budget.spend(items.length * 8);
    return [...items].sort((a, b) => compareOrdered(a.key, b.key)).map(({ item }) => item);
  },
  merge: (list, { budget }) => {
    const args = new Args('merge', list, 1, 64);
    const result = emptyObject();
    for (let index = 0; index < list.length; index += 1) {
      const entries = Object.entries(args.object(index));
      budget.spend(entries.length);
      for (const [key, value] of entries) setMember(result, key, value);
    }
    return result;
  },
  not_null: (list) => {
    const args = new Args('not_null', list, 1, 64);
    for (let index = 0; index < list.length; index += 1) {
      const item = args.any(index);
      if (item !== null) return item;
    }
    return null;
  },
  reverse: (list, { budget }) => {
    const args = new Args('reverse', list, 1);
    const subject = args.any(0);
    if (typeof subject === 'string') return [...subject].reverse().join('');
    budget.spend(args.array(0).length);
    return [...args.array(0)].reverse();
  },
  to_array: (list) => {
    const item = new Args('to_array', list, 1).any(0);
    return Array.isArray(item) ? item : [item];
  },
  to_string: (list, { budget }) => {
    const item = new Args('to_string', list, 1).any(0);
    budget.spend(sizeOf(item));
    return typeof item === 'string' ? item : goJson(item);
  },
  to_number: (list) => {
    const item = new Args('to_number', list, 1).any(0);
    if (typeof item === 'number') return item;
    if (typeof item !== 'string' || !/^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(item)) return null;
    return Number(item);
  },
  type: (list) => {
    const item = list[0];
    if (item === undefined || item instanceof ExpressionReference) return null;
    if (item === null) return 'null';
    if (Array.isArray(item)) return 'array';
    return typeof item;
  },
};
