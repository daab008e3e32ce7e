import type { JsonValue } from '../../contract/index.js';
import {
  type FieldPath,
  type KubernetesObject,
  type Manifest,
  podTemplatesOf,
} from '../../kubernetes/index.js';
import { type Judge, violationsOfPolicy } from './judge.js';
import type { LoadedPolicy } from './packs.js';
import { clone, isObject, type JsonObject, list, member, memberAt, text } from './values/json.js';
import { type Violation, valueAt } from './violation.js';

/** One place at which an object breaks a rule. */
export interface BrokenPlace {
  violation: Violation;
  /** The field, with items by name; those of lists without names are known by what they hold. */
  key: string;
  /** What stands there, and what else the rule compares it with. */
  value: JsonValue;
}

/** Places of one rule in one object that are looked for. */
const MOST = 50;
/** Fields that an expression names: `object.spec.replicas` (CEL), `request.object.spec.replicas` (JMESPath). */
const READS = /\bobject((?:\??\.\??[A-Za-z_]\w*\b(?!\s*\())+)/g;

/**
 * Every place at which an object breaks a rule. Policies name one at a time: what is named is taken out of a copy of the
 * object, which is judged again, until nothing is left. Policies in CEL are judged validation by validation, for the first
 * that refuses hides the others.
 * @returns null where no policy at hand has the rule
 */
export function brokenPlaces(manifest: Manifest, ruleId: string, judge: Judge): BrokenPlace[] | null {
  const name = ruleId.split('/')[1] ?? '';
  const loaded = judge.policies.find(({ policy }) => text(memberAt(policy, 'metadata', 'name')) === name);
  if (loaded === undefined) return null;
  return partsOf(loaded).flatMap((part) => placesOf(manifest, ruleId, part, judge));
}

function placesOf(manifest: Manifest, ruleId: string, part: LoadedPolicy, judge: Judge): BrokenPlace[] {
  const places: BrokenPlace[] = [];
  const left = new RemainingObject(manifest.object);
  for (let isMore = true; isMore; ) {
    const current: Manifest = { ...manifest, object: left.object };
    const violation = violationsOfPolicy(current, part, judge).find((one) => one.ruleId === ruleId);
    if (violation === undefined) break;
    if (places.length === MOST) {
      // beyond that what is left stands for the rest: it is as before, or something in it is new
      places.push({ violation: { ...violation, manifest, field: null }, key: 'rest', value: [left.object] });
      break;
    }
    const field = violation.field === null ? null : left.originalField(violation.field);
    places.push({ violation: { ...violation, manifest, field }, ...placeOf(manifest.object, field, part) });
    isMore = violation.field !== null && left.remove(violation.field);
  }
  return places;
}

/** A policy in CEL as one for each of its validations. */
function partsOf(loaded: LoadedPolicy): LoadedPolicy[] {
  const validations = list(memberAt(loaded.policy, 'spec', 'validations'));
  if (validations.length < 2) return [loaded];
  return validations.map((validation) => {
    const spec = member(loaded.policy, 'spec');
    const own: JsonObject = { ...(isObject(spec) ? spec : {}), validations: [validation] };
    return { ...loaded, policy: { ...loaded.policy, spec: own } };
  });
}

function placeOf(
  object: KubernetesObject,
  field: FieldPath | null,
  { policy }: LoadedPolicy,
): Omit<BrokenPlace, 'violation'> {
  const kind = text(member(policy, 'kind'));
  // the field of an expression is the one that it read last: the others decide as well
  const reads = kind === 'ClusterPolicy' || kind === 'Policy' ? [] : readsOf(object, policy, field ?? []);
  if (field === null) return { key: '', value: reads };
  const unnamed = unnamedItem(object, field);
  const at = unnamed ?? field;
  return { key: keyOf(object, field), value: [valueAt(object, at) ?? null, ...reads] };
}

/** The innermost list item on the way to a field, where it has no name. */
function unnamedItem(object: KubernetesObject, field: FieldPath): FieldPath | null {
  const index = field.findLastIndex((key) => typeof key === 'number');
  if (index < 0) return null;
  const item = field.slice(0, index + 1);
  return text(member(valueAt(object, item), 'name')) === '' ? item : null;
}

function keyOf(object: KubernetesObject, field: FieldPath): string {
  return JSON.stringify(
    field.map((key, index) => {
      if (typeof key === 'string') return key;
      const name = text(member(valueAt(object, field.slice(0, index + 1)), 'name'));
      return name === '' ? [] : [name];
    }),
  );
}

/** The values that a policy's expressions read of an object, and of its Pods where the policy is derived for them. */
function readsOf(object: KubernetesObject, policy: JsonObject, field: FieldPath): JsonValue[] {
  const spec = JSON.stringify(member(policy, 'spec') ?? null);
  const chains = new Set(
    [...spec.matchAll(READS)].map(([, chain = '']) => chain.replaceAll('?', '').slice(1)),
  );
  const templates = podTemplatesOf(object).map(({ path }) => path);
  const values: JsonValue[] = [];
  for (const chain of [...chains].sort()) {
    for (const root of [[], ...templates]) {
      const path = [...root, ...chain.split('.')];
      // of a list that it goes through, the item is compared
      const isOnTheWay = path.length < field.length && path.every((key, index) => key === field[index]);
      if (!isOnTheWay) values.push(valueAt(object, path) ?? null);
    }
  }
  return values;
}

/** An object that loses field after field, and knows where what is left stood at first. */
class RemainingObject {
  object: KubernetesObject;
  /** Items that were taken out of a list, by its path in the object as it was; ascending. */
  readonly #removed = new Map<string, number[]>();

  constructor(object: KubernetesObject) {
    this.object = object;
  }

  /** A field of what is left as it is called in the whole object. */
  originalField(field: FieldPath): FieldPath {
    const original: (string | number)[] = [];
    for (const key of field) {
      const removed = typeof key === 'number' ? (this.#removed.get(JSON.stringify(original)) ?? []) : [];
      original.push(
        typeof key === 'number' ? removed.reduce((at, one) => (at >= one ? at + 1 : at), key) : key,
      );
    }
    return original;
  }

  /** Takes a field away; where it is not there, the list item that lacks it. False where there is nothing to take. */
  remove(field: FieldPath): boolean {
    const isThere = valueAt(this.object, field) !== undefined;
    const item = field.findLastIndex((key) => typeof key === 'number');
    const path = isThere ? field : field.slice(0, item + 1);
    const last = path.at(-1);
    if (last === undefined) return false;
    const original = this.originalField(path);
    const copy = clone(this.object);
    const parent = valueAt(copy, path.slice(0, -1));
    if (Array.isArray(parent) && typeof last === 'number') {
      parent.splice(last, 1);
      const list = JSON.stringify(original.slice(0, -1));
      const indexes = [...(this.#removed.get(list) ?? []), Number(original.at(-1))];
      this.#removed.set(
        list,
        indexes.sort((a, b) => a - b),
      );
    } else if (isObject(parent)) delete parent[String(last)];
    this.object = copy;
    return true;
  }
}
