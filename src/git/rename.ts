import { isBinary } from './binary.js';
import type { FileChange } from './change.js';
import { linesOf } from './line-diff.js';
import { comparePaths } from './path-bytes.js';
import type { TreeFile } from './tree.js';

/** Files on either side above which only equal blobs are matched: alike ones cost their product. */
const MOST_FILES = 200;
const MOST_PAIRS = 10_000;
/** A larger file is not compared for likeness. */
export const MOST_COMPARED_BYTES = 256 * 1024;
/** Of the larger file, how much must be in the other: git's own default for renames. */
const LEAST_LIKENESS = 0.5;

/** The content of a file for comparison, or null when it is larger than MOST_COMPARED_BYTES or missing. */
export type ReadFile = (file: TreeFile) => Promise<Buffer | null>;

/**
 * Joins deletions and additions into renames: first those with equal blobs, of several the one with the same file
 * name; then those that share at least half of their lines, best first. Symlinks and submodules are never joined.
 * Bounded: where too much was moved, only equal blobs are renames. Nothing is lost by it: an unmatched pair stays a
 * deletion and an addition.
 */
export async function withRenames(changes: readonly FileChange[], read: ReadFile): Promise<FileChange[]> {
  const deleted = new Map<string, TreeFile>();
  const added = new Map<string, TreeFile>();
  for (const { status, before, after } of changes) {
    if (status === 'deleted' && before !== null && isPlain(before)) deleted.set(before.path, before);
    if (status === 'added' && after !== null && isPlain(after)) added.set(after.path, after);
  }
  if (deleted.size === 0 || added.size === 0) return [...changes];
  const renamed = new Map<string, TreeFile>();
  const join = (before: TreeFile, after: TreeFile): void => {
    renamed.set(after.path, before);
    deleted.delete(before.path);
    added.delete(after.path);
  };
  joinEqual(deleted, added, join);
  await joinAlike(deleted, added, read, join);
  const gone = new Set([...renamed.values()].map(({ path }) => path));
  return changes
    .filter(({ status, path }) => !(status === 'deleted' && gone.has(path)))
    .map((change) => {
      const before = change.status === 'added' ? renamed.get(change.path) : undefined;
      return before === undefined
        ? change
        : { status: 'renamed', path: change.path, oldPath: before.path, before, after: change.after };
    });
}

type Join = (before: TreeFile, after: TreeFile) => void;

function joinEqual(
  deleted: ReadonlyMap<string, TreeFile>,
  added: ReadonlyMap<string, TreeFile>,
  join: Join,
): void {
  const sources = new Map<string, TreeFile[]>();
  for (const file of deleted.values()) {
    const list = sources.get(file.oid) ?? [];
    list.push(file);
    sources.set(file.oid, list);
  }
  for (const sameName of [true, false]) {
    for (const after of [...added.values()]) {
      const list = sources.get(after.oid);
      if (list === undefined) continue;
      const index = sameName ? list.findIndex((file) => nameOf(file.path) === nameOf(after.path)) : 0;
      const [before] = index < 0 ? [] : list.splice(index, 1);
      if (before !== undefined) join(before, after);
    }
  }
}

async function joinAlike(
  deleted: ReadonlyMap<string, TreeFile>,
  added: ReadonlyMap<string, TreeFile>,
  read: ReadFile,
  join: Join,
): Promise<void> {
  if (deleted.size > MOST_FILES || added.size > MOST_FILES || deleted.size * added.size > MOST_PAIRS) return;
  if (deleted.size === 0 || added.size === 0) return;
  const [old, young] = await Promise.all([weigh(deleted, read), weigh(added, read)]);
  const pairs: { before: TreeFile; after: TreeFile; likeness: number; sameName: boolean }[] = [];
  for (const [before, beforeWeights] of old) {
    for (const [after, afterWeights] of young) {
      const likeness = likenessOf(beforeWeights, afterWeights);
      const sameName = nameOf(before.path) === nameOf(after.path);
      if (likeness >= LEAST_LIKENESS) pairs.push({ before, after, likeness, sameName });
    }
  }
  pairs.sort(
    (a, b) =>
      b.likeness - a.likeness ||
      Number(b.sameName) - Number(a.sameName) ||
      comparePaths(a.after.path, b.after.path) ||
      comparePaths(a.before.path, b.before.path),
  );
  for (const { before, after } of pairs) {
    if (deleted.has(before.path) && added.has(after.path)) join(before, after);
  }
}

interface Weights {
  /** Bytes by line: how many of the file's bytes are in lines with this content. */
  lines: Map<string, number>;
  total: number;
}

async function weigh(
  files: ReadonlyMap<string, TreeFile>,
  read: ReadFile,
): Promise<(readonly [TreeFile, Weights])[]> {
  const weighed = await Promise.all(
    [...files.values()].map(async (file) => {
      const bytes = await read(file);
      if (bytes === null || bytes.length === 0 || bytes.length > MOST_COMPARED_BYTES || isBinary(bytes))
        return null;
      const lines = new Map<string, number>();
      for (const line of linesOf(bytes)) {
        const key = line.toString('latin1');
        lines.set(key, (lines.get(key) ?? 0) + line.length + 1);
      }
      return [file, { lines, total: bytes.length }] as const;
    }),
  );
  return weighed.filter((item) => item !== null);
}

function likenessOf(a: Weights, b: Weights): number {
  const larger = Math.max(a.total, b.total);
  if (Math.min(a.total, b.total) < larger * LEAST_LIKENESS) return 0;
  let common = 0;
  const [few, many] = a.lines.size < b.lines.size ? [a.lines, b.lines] : [b.lines, a.lines];
  for (const [line, bytes] of few) common += Math.min(bytes, many.get(line) ?? 0);
  return Math.min(1, common / larger);
}

function isPlain(file: TreeFile): boolean {
  return file.mode === 'file' || file.mode === 'executable';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
