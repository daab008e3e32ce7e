import { GateError, LIMITS } from '../contract/index.js';
import type { FileChange } from './change.js';
import { flatten, GitTree, PATH_LENGTH, tooLong } from './git-tree.js';
import type { ObjectStore } from './object-store.js';
import { comparePaths } from './path-bytes.js';
import type { Tree, TreeFile } from './tree.js';
import type { TreeEntry } from './tree-parser.js';

interface Pair {
  prefix: string;
  before: string;
  after: string;
}

/**
 * What differs between two tree objects, sorted by path, without renames (see `withRenames`). Folders with equal ids
 * are not read. A change of mode alone, and a file that becomes a symlink or a submodule, are modifications.
 * @throws GateError `limit` above LIMITS.changedFiles, `missing-objects`
 */
export async function diffTrees(store: ObjectStore, before: string, after: string): Promise<FileChange[]> {
  const budget = store.treeBudget();
  const changes: FileChange[] = [];
  const removed: { prefix: string; oid: string }[] = [];
  const added: { prefix: string; oid: string }[] = [];
  let level: Pair[] = before === after ? [] : [{ prefix: '', before, after }];
  while (level.length > 0) {
    const olds = await store.trees(
      level.map(({ before: oid }) => oid),
      budget,
    );
    const youngs = await store.trees(
      level.map(({ after: oid }) => oid),
      budget,
    );
    const next: Pair[] = [];
    for (const [index, { prefix }] of level.entries()) {
      const old = olds[index] ?? [];
      const young = youngs[index] ?? [];
      const names = new Map<string, [TreeEntry | null, TreeEntry | null]>();
      for (const entry of old) names.set(entry.name, [entry, null]);
      for (const entry of young) names.set(entry.name, [names.get(entry.name)?.[0] ?? null, entry]);
      for (const [name, [a, b]] of names) {
        if (a !== null && b !== null && a.oid === b.oid && a.mode === b.mode) continue;
        const path = prefix + name;
        if (path.length > PATH_LENGTH) throw tooLong();
        if (a?.mode === 'tree' && b?.mode === 'tree') {
          next.push({ prefix: `${path}/`, before: a.oid, after: b.oid });
          continue;
        }
        if (a?.mode === 'tree') removed.push({ prefix: `${path}/`, oid: a.oid });
        if (b?.mode === 'tree') added.push({ prefix: `${path}/`, oid: b.oid });
        const change = changeOf(fileOf(path, a), fileOf(path, b));
        if (change !== null) changes.push(change);
      }
      if (changes.length + next.length > LIMITS.changedFiles) throw tooMany();
    }
    level = next;
  }
  for (const file of (await flatten(store, removed, LIMITS.changedFiles)).values()) {
    changes.push({ status: 'deleted', path: file.path, oldPath: file.path, before: file, after: null });
  }
  for (const file of (await flatten(store, added, LIMITS.changedFiles)).values()) {
    changes.push({ status: 'added', path: file.path, oldPath: null, before: null, after: file });
  }
  if (changes.length > LIMITS.changedFiles) throw tooMany();
  return changes.sort((a, b) => comparePaths(a.path, b.path) || (a.before === null ? 1 : -1));
}

/**
 * What differs between any two Trees, sorted by path and without renames. Two of one repository are compared by their
 * tree objects, others (a folder on disk, a tree in memory) by their listings.
 * @throws GateError `limit` above LIMITS.changedFiles, and what `files()` of either throws
 */
export async function changesBetween(before: Tree, after: Tree): Promise<FileChange[]> {
  if (before.oid === after.oid) return [];
  const store = before instanceof GitTree ? before.storeSharedWith(after) : null;
  if (store !== null) return diffTrees(store, before.oid, after.oid);
  const [old, young] = await Promise.all([before.files(), after.files()]);
  const changes: FileChange[] = [];
  for (const path of new Set([...old.keys(), ...young.keys()])) {
    const change = changeOf(old.get(path) ?? null, young.get(path) ?? null);
    if (change !== null) changes.push(change);
  }
  if (changes.length > LIMITS.changedFiles) throw tooMany();
  return changes.sort((a, b) => comparePaths(a.path, b.path));
}

function fileOf(path: string, entry: TreeEntry | null): TreeFile | null {
  return entry === null || entry.mode === 'tree' ? null : { path, mode: entry.mode, oid: entry.oid };
}

function changeOf(before: TreeFile | null, after: TreeFile | null): FileChange | null {
  if (before !== null && after !== null) {
    if (before.oid === after.oid && before.mode === after.mode) return null;
    return { status: 'modified', path: after.path, oldPath: before.path, before, after };
  }
  if (after !== null) return { status: 'added', path: after.path, oldPath: null, before: null, after };
  if (before !== null)
    return { status: 'deleted', path: before.path, oldPath: before.path, before, after: null };
  return null;
}

function tooMany(): GateError {
  return new GateError(
    'limit',
    `the change touches more than ${LIMITS.changedFiles} files; split it into smaller ones`,
  );
}
