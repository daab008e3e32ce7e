import type { ObjectRef } from '../../contract/index.js';
import { type Manifest, objectKey } from '../../kubernetes/index.js';
import type { RenderedTarget, TargetKind } from '../../render/index.js';
import { manifestsOf, type ObjectDifference, type TargetDifference } from './model.js';
import { compareValues, isSame } from './semantic/compare.js';
import { isTestHook, noiseBetween } from './semantic/noise.js';
import { type NormalisedObject, normalise } from './semantic/normalise.js';
import type { FieldDifference } from './semantic/path.js';
import { isSecret } from './semantic/secret-values.js';

/** An object of one side, normalised when first asked. */
class Side {
  readonly manifest: Manifest;
  #normalised: NormalisedObject | null = null;

  constructor(manifest: Manifest) {
    this.manifest = manifest;
  }

  get normalised(): NormalisedObject {
    this.#normalised ??= normalise(this.manifest.object);
    return this.#normalised;
  }
}

/**
 * Compares the two sides of a target, object by object. Objects are matched by group, kind, namespace and name; the
 * order of files and documents does not matter. A side that could not be rendered has nothing to compare: unless both
 * are there (or absent), no objects are told.
 */
export function differenceOf(rendered: RenderedTarget): TargetDifference {
  const difference: TargetDifference = {
    target: rendered.target,
    base: rendered.base,
    result: rendered.result,
    touched: rendered.touched,
    objects: [],
    noise: 0,
  };
  if (!isKnown(rendered.result.status)) return difference;
  const { kind } = rendered.target;
  const before = byKey(manifestsOf(rendered.base), kind);
  const after = byKey(manifestsOf(rendered.result), kind);
  dropInstalledOnce(before, after);
  pairHashedNames(before, after);
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const from = before.get(key) ?? null;
    const to = after.get(key) ?? null;
    // Most objects are as they were: those are not brought to any form.
    if (from !== null && to !== null && isSame(from.manifest.object, to.manifest.object)) continue;
    const object = compareObject(from, to);
    if (object !== null) difference.objects.push(object);
    if (from !== null && to !== null) {
      difference.noise += noiseBetween(from.normalised.noise, to.normalised.noise);
    }
  }
  return difference;
}

/**
 * What a release has made at each upgrade, and will make at its first install alone, is deleted by the next upgrade:
 * Helm removes what the last manifest held and the new one does not.
 */
function dropInstalledOnce(before: ReadonlyMap<string, Side>, after: Map<string, Side>): void {
  for (const [key, { manifest }] of after) {
    const former = before.get(key);
    if (manifest.installOnly === true && former !== undefined && former.manifest.installOnly !== true)
      after.delete(key);
  }
}

function isKnown(status: RenderedTarget['result']['status']): boolean {
  return status === 'rendered' || status === 'absent';
}

/** Who takes an object with Helm's annotation for a hook. To all others it is an object like any. */
const KNOWS_HOOKS: ReadonlySet<TargetKind> = new Set(['helm', 'helmrelease', 'argocd']);

/**
 * Helm's test hooks are left out: they run only when somebody asks. Objects of one identity (generateName, or a
 * duplicate) are told apart by their ordinal, so that none hides another.
 */
function byKey(manifests: readonly Manifest[], kind: TargetKind): Map<string, Side> {
  const sides = new Map<string, Side>();
  const seen = new Map<string, number>();
  for (const manifest of manifests) {
    if (KNOWS_HOOKS.has(kind) && isTestHook(manifest.object)) continue;
    const identity = objectKey(manifest.ref);
    const ordinal = seen.get(identity) ?? 0;
    seen.set(identity, ordinal + 1);
    const key = ordinal === 0 ? identity : `${identity}#${ordinal}`;
    sides.set(key, new Side(manifest));
  }
  return sides;
}

/** kustomize ends the names of generated ConfigMaps and Secrets in ten characters of this alphabet. */
const HASH_SUFFIX = /^(.+)-[2456789bcdfghkmt]{10}$/;

/** Gives a generated object whose hash changed the key of its former self, where there is just one of each. */
function pairHashedNames(before: Map<string, Side>, after: Map<string, Side>): void {
  const stems = (own: Map<string, Side>, other: Map<string, Side>): Map<string, string[]> => {
    const found = new Map<string, string[]>();
    for (const [key, { manifest }] of own) {
      const { ref } = manifest;
      if (other.has(key) || (ref.kind !== 'ConfigMap' && ref.kind !== 'Secret')) continue;
      const stem = HASH_SUFFIX.exec(ref.name)?.[1];
      if (stem === undefined) continue;
      const id = objectKey({ ...ref, name: stem });
      found.set(id, [...(found.get(id) ?? []), key]);
    }
    return found;
  };
  const gone = stems(before, after);
  for (const [stem, keys] of stems(after, before)) {
    const [newKey] = keys;
    const [oldKey] = gone.get(stem) ?? [];
    if (keys.length !== 1 || gone.get(stem)?.length !== 1 || newKey === undefined || oldKey === undefined)
      continue;
    const side = after.get(newKey);
    if (side === undefined) continue;
    after.delete(newKey);
    after.set(oldKey, side);
  }
}

function compareObject(from: Side | null, to: Side | null): ObjectDifference | null {
  const ref = to?.manifest.ref ?? from?.manifest.ref;
  if (ref === undefined) return null;
  const common = {
    ref,
    base: from?.manifest ?? null,
    result: to?.manifest ?? null,
    before: from?.normalised.value ?? null,
    after: to?.normalised.value ?? null,
    secret: [from, to].some((side) => side !== null && isSecret(side.manifest.object)),
    impacts: new Set<string>(),
  };
  if (from === null || to === null) {
    return { ...common, action: from === null ? 'create' : 'delete', differences: [], renamedFrom: null };
  }
  const differences: FieldDifference[] = compareValues(
    from.normalised.value,
    to.normalised.value,
    to.normalised.type ?? from.normalised.type,
  );
  if (differences.length === 0) return null;
  return { ...common, action: 'update', differences, renamedFrom: renamed(from.manifest.ref, ref) };
}

function renamed(before: ObjectRef, after: ObjectRef): ObjectRef | null {
  return before.name === after.name ? null : before;
}
