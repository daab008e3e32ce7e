import type { JsonValue } from '../../contract/index.js';
import { type FieldPath, loadManifests } from '../../kubernetes/index.js';
import { type Judge, judgeManifest } from './judge.js';
import { type Remedy, remedyOf } from './remedy.js';
import { YamlText } from './text-edit.js';
import { deepEqual, isObject, memberAt, text } from './values/json.js';
import { type Violation, valueAt } from './violation.js';

/** A file with fixes applied. */
export interface FixedFile {
  content: string;
  /** The violations that are gone, as they were in the file. */
  fixed: Violation[];
}

const EVERYTHING = { rounds: 200, isWanted: () => true };

/**
 * Mends what has one safe remedy in a file, keeping comments and layout. Each fix is proved before it is kept: applied, the
 * violation is gone, no other has come, and nothing but the field has changed. Null where nothing was mended.
 * @param wanted which violations, and after how many tries to stop
 */
export function fixFile(
  content: string,
  path: string,
  judge: Judge,
  wanted: { rounds: number; isWanted: (violation: Violation) => boolean } = EVERYTHING,
): FixedFile | null {
  let current = content;
  const fixed: Violation[] = [];
  const refused = new Set<string>();
  for (let round = 0; round < wanted.rounds; round += 1) {
    const before = violationsOf(current, path, judge);
    const next = before.find(
      (violation) =>
        !refused.has(keyOf(violation)) && wanted.isWanted(violation) && remedyFor(violation, judge) !== null,
    );
    if (next === undefined) break;
    const remedy = remedyFor(next, judge);
    const changed = remedy === null ? null : apply(current, next, remedy);
    if (changed !== null && proves(current, changed, path, before, next, judge)) {
      current = changed;
      fixed.push(next);
    } else refused.add(keyOf(next));
  }
  if (fixed.length === 0) return null;
  // a fix moves the lines of what is below it
  const gone = new Set(fixed.map(keyOf));
  const asTheyWere = violationsOf(content, path, judge).filter((violation) => gone.has(keyOf(violation)));
  return { content: current, fixed: asTheyWere };
}

function violationsOf(content: string, path: string, judge: Judge): Violation[] {
  return loadManifests(Buffer.from(content), path).manifests.flatMap(
    (manifest) => judgeManifest(manifest, judge).violations,
  );
}

function keyOf({ ruleId, manifest, field }: Violation): string {
  return JSON.stringify([ruleId, manifest.document, manifest.root, field]);
}

function remedyFor(violation: Violation, judge: Judge): Remedy | null {
  const name = violation.ruleId.split('/')[1] ?? '';
  const loaded = judge.policies.find(({ policy }) => text(memberAt(policy, 'metadata', 'name')) === name);
  return loaded === undefined || violation.field === null ? null : remedyOf(loaded.policy);
}

function apply(content: string, { manifest, field }: Violation, remedy: Remedy): string | null {
  if (field === null) return null;
  const text = new YamlText(content, manifest.document);
  const place = [...manifest.root, ...field];
  switch (remedy.op) {
    case 'remove':
      return text.remove(place);
    case 'rename':
      return text.rename(place, remedy.to);
    default: {
      // the remedy names its field from the nearest list item (a container) or from the object
      const item = place.findLastIndex((key) => typeof key === 'number');
      const from = place.slice(0, Math.max(item + 1, manifest.root.length));
      return text.set([...from, ...remedy.field], remedy.value);
    }
  }
}

/** True where the change clears the violation, brings no other, and leaves every other field as it was. */
function proves(
  before: string,
  after: string,
  path: string,
  known: readonly Violation[],
  cleared: Violation,
  judge: Judge,
): boolean {
  const now = violationsOf(after, path, judge);
  const count = (violations: readonly Violation[], ruleId: string): number =>
    violations.filter((violation) => violation.ruleId === ruleId).length;
  if (now.some((violation) => keyOf(violation) === keyOf(cleared))) return false;
  if (now.length >= known.length + 1 || now.some(({ ruleId }) => count(now, ruleId) > count(known, ruleId)))
    return false;
  const [old, fresh] = [before, after].map((content) => loadManifests(Buffer.from(content), path).manifests);
  if (old === undefined || fresh === undefined || old.length !== fresh.length) return false;
  return old.every((manifest, index) => {
    const other = fresh[index];
    if (other === undefined) return false;
    if (
      manifest.document !== cleared.manifest.document ||
      !deepEqual([...manifest.root], [...cleared.manifest.root])
    ) {
      return deepEqual(manifest.object, other.object);
    }
    return differsOnlyAt(manifest.object, other.object, cleared.field ?? []);
  });
}

/** True where two objects are equal outside of the list item (or the top) that holds the field. */
function differsOnlyAt(before: JsonValue, after: JsonValue, field: FieldPath): boolean {
  const [key, ...rest] = field;
  if (key === undefined || rest.length === 0) return true;
  const [left, right] = [before, after];
  if (Array.isArray(left) && Array.isArray(right) && typeof key === 'number') {
    return (
      left.length === right.length &&
      left.every((item, index) => index === key || deepEqual(item, right[index] ?? null)) &&
      differsOnlyAt(left[key] ?? null, right[key] ?? null, rest)
    );
  }
  if (!isObject(left) || !isObject(right)) return false;
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const name of names) {
    if (name !== key && !deepEqual(valueAt(left, [name]) ?? null, valueAt(right, [name]) ?? null))
      return false;
  }
  return differsOnlyAt(valueAt(left, [key]) ?? null, valueAt(right, [key]) ?? null, rest);
}
