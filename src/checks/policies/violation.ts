import type { Action, JsonValue, Severity, Suppression } from '../../contract/index.js';
import { type FieldPath, type KubernetesObject, type Manifest, objectKey } from '../../kubernetes/index.js';
import { deepEqual, isObject, member } from './values/json.js';

/** One rule broken by one object. */
export interface Violation {
  ruleId: string;
  action: Action;
  severity: Severity;
  message: string;
  help: string;
  manifest: Manifest;
  /** The field that broke the rule, or of its parent where it is missing; null where none can be named. */
  field: FieldPath | null;
  /** A PolicyException of the base that lets it pass in the cluster; null for none. */
  excepted?: Suppression | null;
  /** True where taking the object away is what the rule forbids. */
  deletion?: boolean;
}

/** Something about an object that could not be judged. */
export interface Unjudged {
  ruleId: string;
  manifest: Manifest;
  reason: string;
}

/** A field path with list items by name where they have one, so that it survives reordering. */
export function namedPath(object: JsonValue, field: FieldPath): string {
  const parts: string[] = [];
  let current: JsonValue | undefined = object;
  for (const key of field) {
    if (Array.isArray(current) && typeof key === 'number') {
      current = current[key];
      const name = member(current, 'name');
      parts.push(typeof name === 'string' ? `[name=${name}]` : `[${key}]`);
    } else {
      current = member(current, String(key));
      parts.push(`.${key}`);
    }
  }
  return parts.join('');
}

/** Identity of an object within a side: kind, namespace and name. */
export function keyOf(manifest: Manifest): string {
  return objectKey(manifest.ref);
}

/** What an object is apart from its name: equal for an object that was only moved or renamed. */
export function contentOf(object: KubernetesObject): string {
  const { metadata: _metadata, ...rest } = object;
  return JSON.stringify(rest);
}

/** The value at a field of an object, lists searched by the names of the other side's items. */
export function counterpart(from: JsonValue, to: JsonValue, field: FieldPath): JsonValue | undefined {
  let left: JsonValue | undefined = from;
  let right: JsonValue | undefined = to;
  for (const key of field) {
    if (Array.isArray(left) && Array.isArray(right) && typeof key === 'number') {
      const item: JsonValue | undefined = left[key];
      const name = member(item, 'name');
      right = typeof name === 'string' ? right.find((other) => member(other, 'name') === name) : right[key];
      left = item;
    } else {
      left = member(left, String(key));
      right = member(right, String(key));
    }
  }
  return right;
}

/** The value at a field, or undefined. */
export function valueAt(object: JsonValue, field: FieldPath): JsonValue | undefined {
  let current: JsonValue | undefined = object;
  for (const key of field) {
    current = Array.isArray(current) && typeof key === 'number' ? current[key] : member(current, String(key));
  }
  return current;
}

/**
 * True where what broke the rule is what it was: the field's value is equal, or its list gained nothing. A field below a
 * list that has no names is compared as the whole list.
 */
export function isAsBefore(
  before: KubernetesObject,
  after: KubernetesObject,
  field: FieldPath | null,
): boolean {
  if (field === null) return true;
  const scope = typeof field.at(-1) === 'number' ? field.slice(0, -1) : field;
  const now = valueAt(after, scope);
  const then = counterpart(after, before, scope);
  if (now === undefined || then === undefined) return now === then;
  if (Array.isArray(now) && Array.isArray(then)) {
    return now.every((item) => then.some((other) => deepEqual(item, other)));
  }
  if (isObject(now) && isObject(then)) return deepEqual(now, then);
  return deepEqual(now, then);
}

/**
 * True where a rule is broken more often than it was. Rules name one field of an object at a time: where one is mended, the
 * next one of the same rule is not one more.
 */
export function breaksMore(before: readonly Violation[], after: readonly Violation[]): boolean {
  const countOf = (violations: readonly Violation[], rule: string): number =>
    violations.filter(({ ruleId }) => ruleId === rule).length;
  return after.some(({ ruleId }) => countOf(after, ruleId) > countOf(before, ruleId));
}
