import type { JsonValue } from '../../../contract/index.js';
import { type AnchorModifier, parseAnchor } from '../kyverno/anchor.js';
import { matchPattern } from '../kyverno/pattern.js';
import type { Budget } from '../values/budget.js';
import {
  clone,
  deepEqual,
  emptyObject,
  isObject,
  type JsonObject,
  member,
  setMember,
} from '../values/json.js';

/** Keys by which Kubernetes merges lists of maps, by the name of the list's field; others are replaced. */
const MERGE_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['containers', ['name']],
  ['initContainers', ['name']],
  ['ephemeralContainers', ['name']],
  ['volumes', ['name']],
  ['env', ['name']],
  ['imagePullSecrets', ['name']],
  ['secrets', ['name']],
  ['volumeMounts', ['mountPath']],
  ['volumeDevices', ['devicePath']],
  ['ports', ['containerPort', 'port']],
  ['hostAliases', ['ip']],
  ['topologySpreadConstraints', ['topologyKey']],
  ['ownerReferences', ['uid']],
]);

/** Raised where a condition of a patch says that the object is not meant. */
class NotMeant extends Error {}

/**
 * Applies a strategic merge patch with Kyverno's anchors to a copy of an object; null where a condition anchor says that the
 * object is not meant. What a list gains comes first with Kyverno's rules (kyaml's ListPrepend), last with server-side apply.
 * Semantics: pkg/engine/mutate/patch of Kyverno over kyaml's merge2.
 */
export function strategicMerge(
  object: JsonObject,
  patch: JsonValue,
  budget: Budget,
  additions: 'first' | 'last',
): JsonObject | null {
  try {
    const merged = new Merger(budget, additions).merge(object, patch, '');
    return isObject(merged) ? merged : null;
  } catch (error) {
    if (error instanceof NotMeant) return null;
    throw error;
  }
}

function entriesOf(patch: JsonObject, modifiers: readonly AnchorModifier[]): [string, JsonValue][] {
  return Object.entries(patch).flatMap(([key, value]) => {
    const anchor = parseAnchor(key);
    return anchor !== null && modifiers.includes(anchor.modifier)
      ? [[anchor.key, value] as [string, JsonValue]]
      : [];
  });
}

/** True where a patch of a list's item holds conditions, however deep: it means the items of which they hold. */
function hasConditions(patch: JsonValue): boolean {
  if (Array.isArray(patch)) return patch.some(hasConditions);
  if (!isObject(patch)) return false;
  return entriesOf(patch, ['', '<']).length > 0 || Object.values(patch).some(hasConditions);
}

class Merger {
  constructor(
    readonly budget: Budget,
    readonly additions: 'first' | 'last',
  ) {}

  merge(target: JsonValue | undefined, patch: JsonValue, field: string): JsonValue {
    this.budget.spend();
    if (isObject(patch)) return this.map(isObject(target) ? target : undefined, patch);
    if (Array.isArray(patch)) return this.list(Array.isArray(target) ? target : [], patch, field);
    return patch;
  }

  /** True where the conditions of a map's anchors hold of the target. */
  private holds(target: JsonObject | undefined, patch: JsonObject): boolean {
    for (const [key, pattern] of entriesOf(patch, ['', '<'])) {
      const value = member(target, key);
      if (value === undefined) return false;
      if (matchPattern(value, pattern, this.budget).status !== 'pass') return false;
    }
    return true;
  }

  private map(target: JsonObject | undefined, patch: JsonObject): JsonValue {
    if (!this.holds(target, patch)) throw new NotMeant();
    if (member(patch, '$patch') === 'delete') return null;
    const replace = member(patch, '$patch') === 'replace';
    const result = target === undefined || replace ? emptyObject() : clone(target);
    for (const [raw, value] of Object.entries(patch)) {
      if (raw === '$patch') continue;
      const anchor = parseAnchor(raw);
      if (anchor !== null && (anchor.modifier === '' || anchor.modifier === '<')) continue;
      const key = anchor?.key ?? raw;
      const known = member(result, key);
      if (anchor?.modifier === '+' && known !== undefined) continue;
      if (anchor?.modifier === '=' && known === undefined) continue;
      if (value === null) delete result[key];
      else setMember(result, key, this.merge(known, value, key));
    }
    return result;
  }

  private list(target: readonly JsonValue[], patch: readonly JsonValue[], field: string): JsonValue {
    if (!patch.every(isObject))
      return patch.every((item) => !isObject(item)) ? clone([...patch]) : [...patch];
    let result = clone([...target]);
    const keys = MERGE_KEYS.get(field);
    const added: JsonValue[] = [];
    let meant = false;
    for (const item of patch.filter(isObject)) {
      if (hasConditions(item)) {
        result = result.flatMap((element) => {
          if (!isObject(element) || !this.holds(element, item)) return [element];
          const patched = this.attempt(element, item);
          meant ||= patched !== undefined || entriesOf(item, ['', '<']).length > 0;
          if (patched === undefined) return [element];
          // `$patch: delete` leaves nothing of it
          return patched === null ? [] : [patched];
        });
        continue;
      }
      meant = true;
      const key = keys?.find((name) => member(item, name) !== undefined);
      if (key === undefined) {
        // a list that Kubernetes does not merge is replaced by the patch's
        if (keys === undefined) return patch.map((entry) => this.merge(undefined, entry, ''));
        added.push(this.merge(undefined, item, ''));
        continue;
      }
      const wanted = member(item, key) ?? null;
      const at = result.findIndex((element) => deepEqual(member(element, key) ?? null, wanted));
      if (member(item, '$patch') === 'delete') result = result.filter((_element, index) => index !== at);
      else if (at >= 0) result[at] = this.merge(result[at], item, '');
      else added.push(this.merge(undefined, item, ''));
    }
    if (!meant && patch.length > 0) throw new NotMeant();
    return this.additions === 'first' ? [...added, ...result] : [...result, ...added];
  }

  /** The patched element; undefined where a condition deeper in it leaves it alone. */
  private attempt(element: JsonObject, patch: JsonObject): JsonValue | undefined {
    try {
      return this.map(element, patch);
    } catch (error) {
      if (error instanceof NotMeant) return undefined;
      throw error;
    }
  }
}
