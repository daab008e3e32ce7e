import { intAt, listAt, optional, overload } from './arguments.js';
import { arithmetic } from './arithmetic.js';
import type { CelContext, CelFunction, Library } from './language.js';
import { CelError, type CelValue, celEquals, compare, Duration, typeOf, Uint } from './values.js';

function extreme(name: string, items: readonly CelValue[], sign: 1 | -1): CelValue {
  const [first, ...rest] = items;
  if (first === undefined) throw new CelError(`${name} called on an empty list`);
  return rest.reduce((best, item) => {
    const order = compare(item, best);
    if (order === null)
      throw new CelError(`no such overload: ${name} over ${typeOf(best)} and ${typeOf(item)}`);
    return order * sign > 0 ? item : best;
  }, first);
}

function ordered(name: string, items: readonly CelValue[]): CelValue[] {
  return [...items].sort((a, b) => {
    const order = compare(a, b);
    if (order === null) throw new CelError(`no such overload: ${name} over ${typeOf(a)} and ${typeOf(b)}`);
    return order;
  });
}

function flatten(items: readonly CelValue[], depth: number): CelValue[] {
  return items.flatMap((item) => (Array.isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

function distinct(items: readonly CelValue[], { budget }: CelContext): CelValue[] {
  budget.spend(items.length * items.length);
  const result: CelValue[] = [];
  for (const item of items) if (!result.some((other) => celEquals(other, item))) result.push(item);
  return result;
}

function pairs(name: string, args: readonly CelValue[], { budget }: CelContext): [CelValue[], CelValue[]] {
  const lists: [CelValue[], CelValue[]] = [listAt(name, args, 0), listAt(name, args, 1)];
  budget.spend(lists[0].length * lists[1].length);
  return lists;
}

function holdsAll(outer: readonly CelValue[], inner: readonly CelValue[]): boolean {
  return inner.every((item) => outer.some((other) => celEquals(item, other)));
}

const methods: Record<string, CelFunction> = {
  isSorted: (args) => {
    const items = listAt('isSorted', args, 0);
    return items.every(
      (item, index) =>
        index === 0 || (compare(items[index - 1] ?? null, item) ?? overload('isSorted', args)) <= 0,
    );
  },
  sum: (args) => {
    const [first, ...rest] = listAt('sum', args, 0);
    return first === undefined ? 0n : rest.reduce((total, item) => arithmetic('+', total, item), first);
  },
  min: (args) => extreme('min', listAt('min', args, 0), -1),
  max: (args) => extreme('max', listAt('max', args, 0), 1),
  slice: (args) => {
    const items = listAt('slice', args, 0);
    const [from, to] = [intAt('slice', args, 1), intAt('slice', args, 2)];
    if (from < 0 || to > items.length || from > to) throw new CelError('slice out of range');
    return items.slice(from, to);
  },
  flatten: (args) => {
    const depth = args.length > 1 ? intAt('flatten', args, 1) : 1;
    if (depth < 0) throw new CelError('level must be non-negative');
    return flatten(listAt('flatten', args, 0), Math.min(depth, 100));
  },
  distinct: (args, context) => distinct(listAt('distinct', args, 0), context),
  sort: (args) => ordered('sort', listAt('sort', args, 0)),
  first: (args) => optional(listAt('first', args, 0)[0]),
  last: (args) => optional(listAt('last', args, 0).at(-1)),
};

function number(name: string, args: readonly CelValue[], change: (value: number) => number): number {
  const [value] = args;
  return typeof value === 'number' ? change(value) : overload(name, args);
}

const globals: Record<string, CelFunction> = {
  'sets.contains': (args, context) => {
    const [outer, inner] = pairs('sets.contains', args, context);
    return holdsAll(outer, inner);
  },
  'sets.equivalent': (args, context) => {
    const [a, b] = pairs('sets.equivalent', args, context);
    return holdsAll(a, b) && holdsAll(b, a);
  },
  'sets.intersects': (args, context) => {
    const [a, b] = pairs('sets.intersects', args, context);
    return a.some((item) => b.some((other) => celEquals(item, other)));
  },
  'lists.range': (args, { budget }) => {
    const count = intAt('lists.range', args, 0);
    budget.spend(Math.max(0, count));
    return Array.from({ length: Math.max(0, count) }, (_, index) => BigInt(index));
  },
  'math.greatest': (args) =>
    extreme('math.greatest', args.length === 1 && Array.isArray(args[0]) ? args[0] : args, 1),
  'math.least': (args) =>
    extreme('math.least', args.length === 1 && Array.isArray(args[0]) ? args[0] : args, -1),
  'math.ceil': (args) => number('math.ceil', args, Math.ceil),
  'math.floor': (args) => number('math.floor', args, Math.floor),
  'math.round': (args) =>
    number('math.round', args, (value) => Math.sign(value) * Math.round(Math.abs(value))),
  'math.trunc': (args) => number('math.trunc', args, Math.trunc),
  'math.abs': (args) => {
    const [value] = args;
    if (typeof value === 'bigint') return value < 0n ? -value : value;
    if (value instanceof Uint) return value;
    return number('math.abs', args, Math.abs);
  },
  'math.sign': (args) => {
    const [value] = args;
    if (typeof value === 'bigint') return value < 0n ? -1n : value > 0n ? 1n : 0n;
    if (value instanceof Duration) return overload('math.sign', args);
    return number('math.sign', args, Math.sign);
  },
};

/** Kubernetes' lists library and cel-go's lists, sets and math extensions. */
export const collectionLibrary: Library = {
  globals: new Map(Object.entries(globals)),
  methods: new Map(Object.entries(methods)),
};
