import type { JsonValue } from '../../contract/index.js';
import { type FieldPath, loadManifests, type Manifest } from '../../kubernetes/index.js';
import type { EditedTarget } from '../../render/index.js';
import { type Judge, judgeManifest } from './judge.js';
import { deepEqual, isObject } from './values/json.js';
import { breaksMore, keyOf, type Violation } from './violation.js';

/**
 * The targets that read a file, as they are and as they would be, with the file's path in the repository; null where they
 * are too many to be rendered, or cannot be.
 * @param most how many may be rendered
 */
export type RenderEdited = (
  path: string,
  before: string,
  after: string,
  most?: number,
) => Promise<{ path: string; targets: readonly EditedTarget[] } | null>;

/** The targets that read any of some files, as they are and as they would be with all of them changed; null as above. */
export type RenderTogether = (
  files: readonly Pick<EditedFile, 'path' | 'before' | 'after'>[],
) => Promise<{ paths: readonly string[]; targets: readonly EditedTarget[] } | null>;

/** A change of a file that is to be proved, and the findings that it is for. */
export interface EditedFile {
  /** Path in the repository. */
  path: string;
  before: string;
  after: string;
  /**
   * What is to be gone: rules with the line that broke them, 1-based, and whether a field is there that does (a patch can
   * set one; what it lacks, others may have).
   */
  cleared: readonly { ruleId: string; line: number | null; isThere: boolean }[];
}

/**
 * True where changes of files do in everything that is rendered from them what they do in the files: the findings are gone
 * wherever they were, no other has come, and only the fields that the files say otherwise are otherwise.
 * @param targets those that read one of the files, as they are and as they would be
 */
export function provesInTargets(
  files: readonly EditedFile[],
  targets: readonly EditedTarget[],
  judge: Judge,
): boolean {
  const edits = files.flatMap(editedFields);
  const allowed = new Set(edits);
  // what nothing renders is judged as it stands
  if (targets.length === 0) return files.every((file) => gainsNothing(file, judge));
  let cleared = 0;
  for (const { before, after } of targets) {
    if (before.status !== 'rendered' || after.status !== 'rendered') return false;
    if (before.manifests.length !== after.manifests.length) return false;
    const fresh = new Map(after.manifests.map((manifest) => [keyOf(manifest), manifest]));
    for (const manifest of before.manifests) {
      const other = fresh.get(keyOf(manifest));
      if (other === undefined) return false;
      const fields = differences(manifest.object, other.object);
      if (fields.length > edits.length || fields.some((field) => !allowed.has(shapeOf(field)))) return false;
      const [old, now] = [manifest, other].map((one) => judgeManifest(one, judge).violations);
      if (old === undefined || now === undefined || breaksMore(old, now)) return false;
      const isChanged = (violation: Violation): boolean =>
        fields.some((field) => shapeOf(field) === shapeOf(violation.field ?? []));
      const wanted = old.filter((violation) =>
        files.some((file) => isOf(violation, file) || (isChanged(violation) && isByPatch(violation, file))),
      );
      if (wanted.some((violation) => now.some((one) => sameViolation(one, violation)))) return false;
      cleared += wanted.length;
    }
  }
  // a file that targets read, and whose finding none of them shows, is shown by something else
  return cleared > 0;
}

/** True where no object of a file breaks a rule that it did not break before, whichever policy's it is. */
function gainsNothing({ path, before, after }: EditedFile, judge: Judge): boolean {
  const [old, fresh] = [before, after].map((content) =>
    loadManifests(Buffer.from(content), path).manifests.map((one) => judgeManifest(one, judge).violations),
  );
  return (
    old !== undefined &&
    old.length === fresh?.length &&
    old.every((violations, index) => !breaksMore(violations, fresh[index] ?? []))
  );
}

function isOf(violation: Violation, { path, cleared }: EditedFile): boolean {
  const line = violation.manifest.locate(violation.field ?? [])?.line ?? null;
  return (
    violation.manifest.path === path &&
    cleared.some((finding) => finding.ruleId === violation.ruleId && finding.line === line)
  );
}

/** True for a violation of an object that is made of another file, by a field that this one sets. */
function isByPatch({ manifest, ruleId }: Violation, { path, cleared }: EditedFile): boolean {
  return manifest.path !== path && cleared.some((finding) => finding.isThere && finding.ruleId === ruleId);
}

function sameViolation(one: Violation, other: Violation): boolean {
  return one.ruleId === other.ruleId && deepEqual([...(one.field ?? [])], [...(other.field ?? [])]);
}

/** The shapes of the fields that differ between the objects of a file as it was and as it is, one for each field. */
function editedFields({ path, before, after }: EditedFile): readonly string[] {
  const [old, fresh] = [before, after].map(
    (content): readonly Manifest[] => loadManifests(Buffer.from(content), path).manifests,
  );
  const shapes: string[] = [];
  for (const [index, manifest] of (old ?? []).entries()) {
    const other = fresh?.[index];
    if (other === undefined) continue;
    for (const field of differences(manifest.object, other.object)) shapes.push(shapeOf(field));
  }
  return shapes;
}

/** A field without its places in lists: patches and overlays put an item elsewhere. */
function shapeOf(field: FieldPath): string {
  return JSON.stringify(field.filter((key) => typeof key === 'string'));
}

/** Every field whose value differs, as deep as both sides have it. */
function differences(before: JsonValue, after: JsonValue, at: FieldPath = []): FieldPath[] {
  if (deepEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differences(item, after[index] ?? null, [...at, index]));
  }
  if (!isObject(before) || !isObject(after)) return [at];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [left, right] = [before, after].map((one) => (Object.hasOwn(one, key) ? one[key] : undefined));
    return left === undefined || right === undefined
      ? [[...at, key]]
      : differences(left, right, [...at, key]);
  });
}
