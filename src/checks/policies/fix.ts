import { type FieldPath, loadManifests, type Manifest } from '../../kubernetes/index.js';
import { type Judge, judgeManifest } from './judge.js';
import { fieldToSet, type Remedy, remedied, remedyForRule } from './remedy.js';
import { YamlText } from './text-edit.js';
import { deepEqual, memberAt, text } from './values/json.js';
import { breaksMore, type Violation, valueAt } from './violation.js';

/** A file with fixes applied. */
export interface FixedFile {
  content: string;
  /** The violations that are gone, as they were in the file. */
  fixed: Violation[];
}

const EVERYTHING = { rounds: 200, isWanted: () => true };

/**
 * Mends what has one safe remedy in a file, keeping comments and layout. Each fix is proved before it is kept: applied, the
 * violation is gone, no other has come, and the object is the one that it was with the remedy done to it. Null where nothing was mended.
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
    if (remedy !== null && changed !== null && proves(current, changed, path, before, next, remedy, judge)) {
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
  return loaded === undefined || violation.field === null
    ? null
    : remedyForRule(loaded.policy, violation.ruleId);
}

function apply(content: string, { manifest, field }: Violation, remedy: Remedy): string | null {
  if (field === null) return null;
  const text = new YamlText(content, manifest.document);
  const place = [...manifest.root, ...field];
  switch (remedy.op) {
    case 'remove':
      return standsAlone(manifest, field) ? text.remove(place) : null;
    case 'rename':
      return text.rename(place, remedy.to);
    default: {
      // what is meant for a field is not done to the map that it should stand in
      if (remedy.field === null && !standsAlone(manifest, field)) return null;
      const target = fieldToSet(manifest.object, field, remedy);
      return target === null ? null : text.set([...manifest.root, ...target], remedy.value);
    }
  }
}

/** True for a field that holds one value, or none. */
function standsAlone({ object }: Manifest, field: FieldPath): boolean {
  const value = valueAt(object, field);
  return value === undefined || (typeof value !== 'object' && value !== null);
}

/** True where the change clears the violation, brings no other, and does the remedy to the object and nothing else. */
function proves(
  before: string,
  after: string,
  path: string,
  known: readonly Violation[],
  cleared: Violation,
  remedy: Remedy,
  judge: Judge,
): boolean {
  const now = violationsOf(after, path, judge);
  if (now.some((violation) => keyOf(violation) === keyOf(cleared)) || breaksMore(known, now)) return false;
  const [then, since] = [before, after].map((content) => loadManifests(Buffer.from(content), path));
  const [old, fresh] = [then?.manifests, since?.manifests];
  if (old === undefined || fresh === undefined || old.length !== fresh.length) return false;
  // a field that now stands twice, an anchor that is gone
  if ((since?.problems.length ?? 0) > (then?.problems.length ?? 0)) return false;
  return old.every((manifest, index) => {
    const isMeant =
      manifest.document === cleared.manifest.document &&
      deepEqual([...manifest.root], [...cleared.manifest.root]);
    const expected = isMeant ? remedied(manifest.object, cleared.field ?? [], remedy) : manifest.object;
    const other = fresh[index];
    return other !== undefined && expected !== null && deepEqual(expected, other.object);
  });
}
