import { deepEqual, type JsonObject } from '../values/json.js';

/** A list whose items are told apart by what they are (`set`) or by some of their fields (`keys`): their order does not count. */
export type ListType = { set: true } | { keys: readonly string[] };

const listTypes = new WeakMap<object, ListType>();
const unseen = new WeakMap<object, JsonObject>();

/** Marks a list of a typed object (x-kubernetes-list-type `set` or `map`). */
export function typedList<T>(list: T[], type: ListType): T[] {
  listTypes.set(list, type);
  return list;
}

/** Notes fields of an object that no expression sees and that yet count when it is compared. */
export function withUnseen<T extends object>(map: T, fields: JsonObject): T {
  unseen.set(map, fields);
  return map;
}

/** True where what no expression sees of two maps is the same. */
export function unseenEqual(a: object, b: object): boolean {
  const [left, right] = [unseen.get(a), unseen.get(b)];
  return left === undefined || right === undefined || deepEqual(left, right);
}

/**
 * Whether two lists of one length are equal whatever their order; null where the left one is no typed list.
 * Semantics: k8s.io/apiserver pkg/cel/common/values.go, as for joining.
 */
export function listsEqual<T>(
  left: readonly T[],
  right: readonly T[],
  equal: (a: T, b: T) => boolean,
): boolean | null {
  const type = listTypes.get(left);
  if (type === undefined) return null;
  const items = new Map(left.map((item) => [identityOf(item, type), item]));
  return right.every((item) => {
    const other = items.get(identityOf(item, type));
    return other !== undefined && ('set' in type || equal(other, item));
  });
}

/** `left + right`: sets are united, items of the right list replace those of the same keys; null for plain lists. */
export function joinedLists<T>(left: readonly T[], right: readonly T[]): T[] | null {
  const type = listTypes.get(left);
  if (type === undefined) return null;
  const joined = new Map(left.map((item) => [identityOf(item, type), item]));
  for (const item of right) {
    const identity = identityOf(item, type);
    if ('keys' in type || !joined.has(identity)) joined.set(identity, item);
  }
  return typedList([...joined.values()], type);
}

function identityOf(item: unknown, type: ListType): string {
  if ('set' in type) return textOf(item);
  return textOf(type.keys.map((key) => (item instanceof Map ? (item.get(key) ?? null) : null)));
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return { whole: String(item) };
    return item instanceof Map ? [...item].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) : item;
  });
}
