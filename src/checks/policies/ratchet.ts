import type { JsonValue } from '../../contract/index.js';
import type { Manifest } from '../../kubernetes/index.js';
import type { BrokenPlace } from './broken-places.js';
import { identityOf } from './identity.js';
import type { Unit } from './unit.js';
import { deepEqual, list } from './values/json.js';
import { contentOf, isAsBefore, keyOf, namedPath, type Violation } from './violation.js';

/** A violation with the unit that it was found in, and whether the change brought it. */
export interface PlacedViolation {
  violation: Violation;
  unit: Unit;
  isNew: boolean;
  /** True where the object broke the rule before and does so now with another value, image, command or identity. */
  reopened: boolean;
  /** The object in the base; null where it has none. */
  before: Manifest | null;
}

/** The violations of one unit on both sides. */
export interface UnitViolations {
  unit: Unit;
  base: readonly Violation[];
  result: readonly Violation[];
}

/**
 * Tells what the change brings or makes worse from what was there. An object is the one of the same identity in the base's
 * unit; else one of the same kind and content that the change takes away from the same cluster (it was moved or renamed):
 * what one cluster owes is no excuse in another. A new image,
 * command or service account makes all violations of the object new, and so does another place at which it breaks a rule,
 * though the rule names an old one first.
 * @param placesOf every place at which the object of a violation breaks its rule, on either side
 */
export function compareSides(units: readonly UnitViolations[], placesOf: PlacesOf): PlacedViolation[] {
  const movedFrom = moves(units);
  return units.flatMap(({ unit, base, result }) => {
    const before = new Map(unit.base.map((manifest) => [keyOf(manifest), manifest]));
    const violatedBase = index(base);
    return result.map((violation) => {
      const same = before.get(keyOf(violation.manifest));
      const found =
        same === undefined
          ? movedFrom(unit, violation.manifest)
          : { manifest: same, violations: violatedBase.get(keyOf(same)) ?? [] };
      const placed = { violation, unit, before: found?.manifest ?? null };
      if (violation.deletion === true || found === undefined)
        return { ...placed, isNew: true, reopened: found !== undefined && isAnother(violation, found) };
      const worse = worseBy(violation, found, (side, manifest) =>
        placesOf(side, unit, manifest, violation.ruleId),
      );
      return worse === null
        ? { ...placed, isNew: false, reopened: false }
        : { ...placed, violation: worse, isNew: true, reopened: isAnother(violation, found) };
    });
  });
}

interface Before {
  manifest: Manifest;
  violations: readonly Violation[];
}

function index(violations: readonly Violation[]): Map<string, Violation[]> {
  const map = new Map<string, Violation[]>();
  for (const violation of violations) {
    const key = keyOf(violation.manifest);
    const known = map.get(key);
    if (known === undefined) map.set(key, [violation]);
    else known.push(violation);
  }
  return map;
}

function movedKey(manifest: Manifest): string {
  return `${manifest.ref.apiVersion} ${manifest.ref.kind} ${contentOf(manifest.object)}`;
}

/**
 * What an object was before it was moved or renamed: one that the result's units no longer have, of the same kind and content.
 * Each stands for one object: of several copies of it the others are new.
 */
function moves(units: readonly UnitViolations[]): (unit: Unit, manifest: Manifest) => Before | undefined {
  const vanished = vanishedObjects(units);
  const taken = new Map<string, Before | undefined>();
  return (unit, manifest) => {
    // what several targets of one cluster render is one object
    const id = JSON.stringify([unit.cluster, unit.cluster === null ? unit.name : null, keyOf(manifest)]);
    if (taken.has(id)) return taken.get(id);
    const left = vanished.get(movedKey(manifest)) ?? [];
    const near = left.findIndex(({ from }) => from.name === unit.name);
    const index = near >= 0 ? near : left.findIndex(({ from }) => canMove(from, unit));
    const before = index < 0 ? undefined : left.splice(index, 1)[0];
    taken.set(id, before);
    return before;
  };
}

/**
 * True where what one unit loses and the other gains may be one object: both belong to one cluster. Where no cluster is
 * known two targets may be two environments: only one that goes as a whole and comes as a whole was renamed. Files that
 * no target reads are applied by nobody that is known, so they stand among themselves.
 */
function canMove(from: Unit, to: Unit): boolean {
  if (from.cluster !== to.cluster) return false;
  if (from.cluster !== null) return true;
  if (from.target === null || to.target === null) return from.target === to.target;
  return from.result.length === 0 && to.base.length === 0;
}

interface Vanished extends Before {
  from: Unit;
}

/** Objects that the result's units no longer have, by kind and content. */
function vanishedObjects(units: readonly UnitViolations[]): Map<string, Vanished[]> {
  const vanished = new Map<string, Vanished[]>();
  for (const { unit, base } of units) {
    const still = new Set(unit.result.map(keyOf));
    const violations = index(base);
    for (const manifest of unit.base) {
      if (still.has(keyOf(manifest))) continue;
      const before = { from: unit, manifest, violations: violations.get(keyOf(manifest)) ?? [] };
      const alike = vanished.get(movedKey(manifest));
      if (alike === undefined) vanished.set(movedKey(manifest), [before]);
      else alike.push(before);
    }
  }
  return vanished;
}

/** Every place at which an object of a side of a unit breaks a rule; null where the rule is no policy's. */
export type PlacesOf = (
  side: 'base' | 'result',
  unit: Unit,
  manifest: Manifest,
  ruleId: string,
) => readonly BrokenPlace[] | null;

/** The violation that is new or worse than before, at the place that makes it so; null where it is as it was. */
function worseBy(
  violation: Violation,
  { manifest: before, violations }: Before,
  placesOf: (side: 'base' | 'result', manifest: Manifest) => readonly BrokenPlace[] | null,
): Violation | null {
  const { manifest, field, ruleId } = violation;
  const same = violations.filter((other) => other.ruleId === ruleId);
  if (same.length === 0) return violation;
  // what was only told of there is refused here: in another namespace other rules hold
  if (violation.action === 'fix' && same.every(({ action }) => action !== 'fix')) return violation;
  if (identityOf(before.object) !== identityOf(manifest.object)) return violation;
  if (deepEqual(before.object, manifest.object)) return null;
  const now = placesOf('result', manifest);
  const isNamed =
    now?.some((place) => deepEqual(place.violation.field as JsonValue, field as JsonValue)) ?? false;
  if (now !== null && isNamed) {
    const known = placesOf('base', before) ?? [];
    return now.find((place) => !known.some((other) => isSamePlace(other, place)))?.violation ?? null;
  }
  const path = field === null ? '' : namedPath(manifest.object, field);
  const known = same.some(
    (other) => (other.field === null ? '' : namedPath(before.object, other.field)) === path,
  );
  // where one is mended the next is named, which counts as old where it is what it was in the base
  const isOld =
    known || field === null
      ? isAsBefore(before.object, manifest.object, field)
      : isUnchanged(before, violation);
  return isOld ? null : violation;
}

/** True for one place with the same value on both sides; a list that only lost items is the same. */
function isSamePlace(before: BrokenPlace, after: BrokenPlace): boolean {
  if (before.key !== after.key) return false;
  const [[then = null, ...reads], [now = null, ...others]] = [list(before.value), list(after.value)];
  if (!deepEqual(reads, others)) return false;
  return Array.isArray(then) && Array.isArray(now)
    ? now.every((item) => then.some((other) => deepEqual(item, other)))
    : deepEqual(then, now);
}

/** True where what is new is not the rule's being broken, but what breaks it. */
function isAnother(violation: Violation, { manifest: before, violations }: Before): boolean {
  return (
    violations.some(({ ruleId }) => ruleId === violation.ruleId) ||
    identityOf(before.object) !== identityOf(violation.manifest.object)
  );
}

function isUnchanged(before: Manifest, { manifest, field }: Violation): boolean {
  return field !== null && field.length > 1 && isAsBefore(before.object, manifest.object, field.slice(0, -1));
}
