import type { JsonValue } from '../../contract/index.js';
import type { FieldPath } from '../../kubernetes/index.js';
import {
  clone,
  emptyObject,
  isObject,
  type JsonObject,
  member,
  memberAt,
  setMember,
  text,
} from './values/json.js';
import { valueAt } from './violation.js';

/** The annotation with which a policy offers its one safe remedy, as JSON. */
const ANNOTATION = 'gitops-gate/fix';

/** What is done to the field that broke the rule: taken away, set, or given another name. */
export type Remedy =
  | { op: 'remove' }
  | { op: 'set'; field: readonly string[]; value: JsonValue }
  | { op: 'rename'; to: string };

/** The remedy that a policy offers, or null. */
export function remedyOf(policy: JsonValue): Remedy | null {
  const source = memberAt(policy, 'metadata', 'annotations', ANNOTATION);
  if (typeof source !== 'string' || source.length > 10_000) return null;
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(source) as JsonValue;
  } catch {
    // an offer that does not parse is none
    return null;
  }
  const op = text(memberAt(parsed, 'op'));
  if (op === 'remove') return { op };
  const to = text(memberAt(parsed, 'to'));
  if (op === 'rename' && to !== '') return { op, to };
  const value = memberAt(parsed, 'value');
  const field = text(memberAt(parsed, 'field'));
  return op === 'set' && value !== undefined && field !== '' ? { op, field: field.split('.'), value } : null;
}

/**
 * What an object is with a remedy and nothing else done to it; null where the remedy has no place in it.
 * @param field the field that broke the rule
 */
export function remedied(object: JsonObject, field: FieldPath, remedy: Remedy): JsonObject | null {
  const result = clone(object);
  if (remedy.op === 'set') {
    const place = fieldToSet(field, remedy.field);
    const last = place.at(-1);
    const parent = valueOrMap(result, place.slice(0, -1));
    if (!isObject(parent) || typeof last !== 'string') return null;
    setMember(parent, last, remedy.value);
    return result;
  }
  const parent = valueAt(result, field.slice(0, -1));
  const name = field.at(-1);
  const value = typeof name === 'string' ? member(parent, name) : undefined;
  if (!isObject(parent) || typeof name !== 'string' || value === undefined) return null;
  delete parent[name];
  if (remedy.op === 'rename') setMember(parent, remedy.to, value);
  return result;
}

/** The field that a remedy sets: it is named from the nearest list item (a container) or from the object. */
export function fieldToSet(broken: FieldPath, named: readonly string[], root = 0): FieldPath {
  const item = broken.findLastIndex((key) => typeof key === 'number');
  return [...broken.slice(0, Math.max(item + 1, root)), ...named];
}

/** The value at a field, with maps made where there is nothing on the way. */
function valueOrMap(object: JsonObject, field: FieldPath): JsonValue | undefined {
  let current: JsonValue | undefined = object;
  for (const key of field) {
    if (isObject(current) && typeof key === 'string' && member(current, key) === undefined)
      setMember(current, key, emptyObject());
    current = Array.isArray(current) && typeof key === 'number' ? current[key] : member(current, String(key));
  }
  return current;
}
