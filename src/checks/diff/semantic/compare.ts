import type { JsonValue } from '../../../contract/index.js';
import { isRecord, sameQuantity, type TypeName } from '../../../kubernetes/index.js';
import { defaultOf } from './defaults.js';
import type { ChangePath, FieldDifference, PathStep } from './path.js';
import { childType, semanticsOf, typeOfValue } from './shape.js';

/**
 * Keyed lists whose order still matters: init containers run in it, and `$(VAR)` sees only what stands before. So it
 * may in lists whose key is guessed (routes, steps).
 */
const ORDERED = new Set(['initContainers', 'env']);

/**
 * The differences between two normalised values of a type (null: unknown): maps by key, lists by their merge keys, as
 * sets, or by order; quantities and ports by what they mean. Empty when the API server would see no difference.
 */
export function compareValues(before: JsonValue, after: JsonValue, type: TypeName | null): FieldDifference[] {
  const differences: FieldDifference[] = [];
  compare(before, after, type, null, [], differences);
  return differences;
}

/** `parent` is the type of the struct that holds the value in its field (the last step of the path). */
function compare(
  before: JsonValue,
  after: JsonValue,
  type: TypeName | null,
  parent: TypeName | null,
  path: ChangePath,
  found: FieldDifference[],
): void {
  if (before === after) return;
  if (isRecord(before) && isRecord(after)) {
    const known = typeOfValue(type, after) ?? typeOfValue(type, before);
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const from = Object.hasOwn(before, key) ? before[key] : undefined;
      const to = Object.hasOwn(after, key) ? after[key] : undefined;
      const at = [...path, key];
      if (from === undefined || to === undefined) found.push({ path: at, from, to });
      else compare(from, to, childType(known, key), known, at, found);
    }
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, type, parent, path, found);
    return;
  }
  if (sameScalar(before, after, type)) return;
  found.push({ path, from: before, to: after });
}

function compareLists(
  before: JsonValue[],
  after: JsonValue[],
  type: TypeName | null,
  parent: TypeName | null,
  path: ChangePath,
  found: FieldDifference[],
): void {
  const last = path.at(-1);
  const field = typeof last === 'string' ? last : null;
  const itemType = childType(type, 0);
  const semantics = semanticsOf(parent, field, before, after);
  if (semantics.kind === 'set') {
    if (compareSets(before, after, path, found)) return;
  } else if (semantics.kind === 'map') {
    const from = keyed(before, semantics.keys, itemType);
    const to = keyed(after, semantics.keys, itemType);
    if (from !== null && to !== null) {
      const ordered = semantics.guessed === true || (field !== null && ORDERED.has(field));
      compareKeyed(from, to, itemType, path, ordered, found);
      return;
    }
  }
  compareOrdered(before, after, itemType, path, found);
}

interface KeyedItem {
  step: PathStep;
  value: JsonValue;
}

/** Items by their keys, or null where an item is no map or a key stands twice. */
function keyed(
  items: readonly JsonValue[],
  keys: readonly string[],
  itemType: TypeName | null,
): Map<string, KeyedItem> | null {
  const map = new Map<string, KeyedItem>();
  for (const value of items) {
    if (!isRecord(value)) return null;
    const pairs = keys.map((key): readonly [string, JsonValue] => [
      key,
      (Object.hasOwn(value, key) ? value[key] : undefined) ??
        (itemType === null ? '' : defaultOf(itemType, key)),
    ]);
    const id = JSON.stringify(pairs);
    if (map.has(id)) return null;
    map.set(id, { step: { keys: pairs }, value });
  }
  return map;
}

function compareKeyed(
  before: Map<string, KeyedItem>,
  after: Map<string, KeyedItem>,
  itemType: TypeName | null,
  path: ChangePath,
  ordered: boolean,
  found: FieldDifference[],
): void {
  for (const [id, { step, value }] of before) {
    const other = after.get(id);
    if (other === undefined) found.push({ path: [...path, step], from: value, to: undefined });
    else compare(value, other.value, itemType, null, [...path, step], found);
  }
  for (const [id, { step, value }] of after) {
    if (!before.has(id)) found.push({ path: [...path, step], from: undefined, to: value });
  }
  if (!ordered) return;
  // Items that are added at the end need no word; any other order does.
  const expected = [
    ...[...before.keys()].filter((id) => after.has(id)),
    ...[...after.keys()].filter((id) => !before.has(id)),
  ];
  const now = [...after.keys()];
  if (expected.some((id, index) => id !== now[index])) {
    found.push({
      path: [...path, { order: true }],
      from: [...before.keys()].map(labelOf),
      to: now.map(labelOf),
    });
  }
}

/** The first key's value of a keyed item's id. */
function labelOf(id: string): JsonValue {
  const pairs: unknown = JSON.parse(id);
  const first: unknown = Array.isArray(pairs) ? pairs[0] : null;
  const value: unknown = Array.isArray(first) ? first[1] : '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** False where the lists hold maps or repeat themselves: then they are no sets. */
function compareSets(
  before: JsonValue[],
  after: JsonValue[],
  path: ChangePath,
  found: FieldDifference[],
): boolean {
  const isSet = (items: JsonValue[]): boolean =>
    items.every((item) => typeof item !== 'object' || item === null) && new Set(items).size === items.length;
  if (!isSet(before) || !isSet(after)) return false;
  for (const item of before) {
    if (!after.includes(item)) found.push({ path: [...path, { member: item }], from: item, to: undefined });
  }
  for (const item of after) {
    if (!before.includes(item)) found.push({ path: [...path, { member: item }], from: undefined, to: item });
  }
  return true;
}

/**
 * Lists whose order counts. Lists of scalars differ as a whole; of others the equal items at both ends are left out,
 * what stands between is compared item by item, and the rest is removed from or added at its index.
 */
function compareOrdered(
  before: JsonValue[],
  after: JsonValue[],
  itemType: TypeName | null,
  path: ChangePath,
  found: FieldDifference[],
): void {
  const scalars = [...before, ...after].every((item) => typeof item !== 'object' || item === null);
  if (scalars) {
    const same =
      before.length === after.length &&
      before.every((item, index) => {
        const other = after[index];
        return other !== undefined && sameScalar(item, other, itemType);
      });
    if (!same) found.push({ path, from: before, to: after });
    return;
  }
  let start = 0;
  while (start < before.length && start < after.length && isSame(before[start], after[start])) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    isSame(before[before.length - 1 - end], after[after.length - 1 - end])
  ) {
    end += 1;
  }
  const removed = before.slice(start, before.length - end);
  const added = after.slice(start, after.length - end);
  for (let offset = 0; offset < Math.max(removed.length, added.length); offset += 1) {
    const from = removed[offset];
    const to = added[offset];
    const at = [...path, { index: start + offset }];
    if (from === undefined || to === undefined) found.push({ path: at, from, to });
    else compare(from, to, itemType, null, at, found);
  }
}

/**
 * True for values that are equal as they are written, whatever the order of keys. Asking for more here (would any
 * difference be told?) would take time that grows threefold with each level of nesting.
 */
export function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  );
}

function sameScalar(a: JsonValue, b: JsonValue, type: TypeName | null): boolean {
  if (a === b) return true;
  if (type === 'quantity') return sameQuantity(a, b);
  if (type === 'intOrString') return isPort(a) && isPort(b) && String(a) === String(b);
  return false;
}

function isPort(value: JsonValue): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
}
