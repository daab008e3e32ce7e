import type { JsonValue } from '../../contract/index.js';
import { type FieldPath, type KubernetesObject, podTemplatesOf } from '../../kubernetes/index.js';
import {
  clone,
  deepEqual,
  emptyObject,
  isObject,
  type JsonObject,
  member,
  memberAt,
  setMember,
  text,
} from './values/json.js';
import { valueAt } from './violation.js';

/**
 * The annotation with which a policy offers its safe remedies, as JSON: one, or a list of them, each for the `rule` that it
 * names or for all.
 */
const ANNOTATION = 'gitops-gate/fix';
const LONGEST = 10_000;

/**
 * What is done to the field that broke the rule: taken away, set, or given another name. A remedy that names a `field` sets
 * that one instead: of the Pod (`pod`), else of the nearest item of a list (a container), else of the object. One for what is
 * `absent` alters nothing that somebody wrote.
 */
export type Remedy =
  | { op: 'remove' }
  | {
      op: 'set';
      field: readonly string[] | null;
      of: 'item' | 'pod';
      value: JsonValue;
      when: 'always' | 'absent';
    }
  | { op: 'rename'; to: string };

/** The remedy that a policy offers for a rule, or null. */
export function remedyOf(policy: JsonValue, rule: string): Remedy | null {
  const source = memberAt(policy, 'metadata', 'annotations', ANNOTATION);
  if (typeof source !== 'string' || source.length > LONGEST) return null;
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(source) as JsonValue;
  } catch {
    // an offer that does not parse is none
    return null;
  }
  const offers = Array.isArray(parsed) ? parsed : [parsed];
  const offered = offers.find((offer) => [undefined, rule].includes(nameIn(offer)));
  return offered === undefined ? null : readRemedy(offered);
}

/** The remedy that a policy offers for what a finding's ruleId names. */
export function remedyForRule(policy: JsonValue, ruleId: string): Remedy | null {
  return remedyOf(policy, ruleId.split('/').slice(2).join('/'));
}

function nameIn(offer: JsonValue): string | undefined {
  const rule = memberAt(offer, 'rule');
  return rule === undefined ? undefined : text(rule);
}

function readRemedy(offer: JsonValue): Remedy | null {
  const op = text(memberAt(offer, 'op'));
  if (op === 'remove') return { op };
  const to = text(memberAt(offer, 'to'));
  if (op === 'rename' && to !== '') return { op, to };
  const value = memberAt(offer, 'value');
  if (op !== 'set' || value === undefined) return null;
  const field = text(memberAt(offer, 'field'));
  return {
    op,
    field: field === '' ? null : field.split('.'),
    of: text(memberAt(offer, 'of')) === 'pod' ? 'pod' : 'item',
    value,
    when: text(memberAt(offer, 'when')) === 'absent' ? 'absent' : 'always',
  };
}

/**
 * What an object is with a remedy and nothing else done to it; null where the remedy has no place in it.
 * @param field the field that broke the rule
 */
export function remedied(object: KubernetesObject, field: FieldPath, remedy: Remedy): JsonObject | null {
  const result = clone(object);
  if (remedy.op === 'set') {
    const place = fieldToSet(object, field, remedy);
    const last = place?.at(-1);
    const parent = valueOrMap(result, place?.slice(0, -1) ?? []);
    if (!isObject(parent) || typeof last !== 'string') return null;
    if (remedy.when === 'absent' && member(parent, last) !== undefined) return null;
    setMember(parent, last, remedy.value);
    return result;
  }
  const parent = valueAt(result, field.slice(0, -1));
  const name = field.at(-1);
  const value = typeof name === 'string' ? member(parent, name) : undefined;
  if (!isObject(parent) || typeof name !== 'string' || value === undefined) return null;
  const namesake = remedy.op === 'rename' ? member(parent, remedy.to) : undefined;
  // two names of one field with two values: either may be meant
  if (namesake !== undefined && !deepEqual(namesake, value)) return null;
  delete parent[name];
  if (remedy.op === 'rename') setMember(parent, remedy.to, value);
  return result;
}

/**
 * The field that a remedy sets; null where the object has no Pod that the broken field is of.
 * @param broken the field that broke the rule
 */
export function fieldToSet(
  object: KubernetesObject,
  broken: FieldPath,
  { field, of }: { field: readonly string[] | null; of: 'item' | 'pod' },
): FieldPath | null {
  if (field === null) return broken;
  if (of === 'item')
    return [...broken.slice(0, broken.findLastIndex((key) => typeof key === 'number') + 1), ...field];
  const pod = podTemplatesOf(object).find(({ path }) => path.every((key, index) => key === broken[index]));
  return pod === undefined ? null : [...pod.specPath, ...field];
}

/** The value at a field, with maps made where there is nothing (or null, which is the same to the API server) on the way. */
function valueOrMap(object: JsonObject, field: FieldPath): JsonValue | undefined {
  let current: JsonValue | undefined = object;
  for (const key of field) {
    if (isObject(current) && typeof key === 'string' && (member(current, key) ?? null) === null)
      setMember(current, key, emptyObject());
    current = Array.isArray(current) && typeof key === 'number' ? current[key] : member(current, String(key));
  }
  return current;
}
