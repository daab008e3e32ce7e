import { GateError, LIMITS } from '../contract/index.js';
import { noSuchFile, printable } from './memory-tree.js';
import type { ObjectStore } from './object-store.js';
import type { FileMode, Tree, TreeFile } from './tree.js';
import type { TreeEntry } from './tree-parser.js';

/** Longest path in UTF-16 units, as PATH_MAX: deeper trees are made to exhaust readers. */
export const PATH_LENGTH = 4096;

const indexes = new WeakMap<readonly TreeEntry[], ReadonlyMap<string, TreeEntry>>();

/** The entries of a tree object by name; made once for each, as folders may hold many files. */
function byName(entries: readonly TreeEntry[]): ReadonlyMap<string, TreeEntry> {
  const known = indexes.get(entries);
  if (known !== undefined) return known;
  const index = new Map(entries.map((entry) => [entry.name, entry]));
  indexes.set(entries, index);
  return index;
}

/** A tree object and everything below it, read when asked for. */
export class GitTree implements Tree {
  readonly oid: string;
  readonly #store: ObjectStore;
  #files: Promise<ReadonlyMap<string, TreeFile>> | null = null;

  constructor(store: ObjectStore, oid: string) {
    this.#store = store;
    this.oid = oid;
  }

  /** @throws GateError `limit` above LIMITS.treeFiles files or 4,096 characters of path, `missing-objects` */
  files(): Promise<ReadonlyMap<string, TreeFile>> {
    this.#files ??= this.#flatten('', this.oid);
    this.#files.catch(() => {
      // Whoever asked has the error; a missing object may have been fetched until the next call.
      this.#files = null;
    });
    return this.#files;
  }

  /** The store that both trees are read from, or null where the other is of another repository or none. */
  storeSharedWith(other: Tree): ObjectStore | null {
    return other instanceof GitTree && other.#store === this.#store ? this.#store : null;
  }

  /** The files under one folder (or the one file of that path), without reading the other folders. */
  async filesUnder(folder: string): Promise<ReadonlyMap<string, TreeFile>> {
    if (folder === '') return this.files();
    const entry = await this.#find(folder);
    if (entry === null) return new Map();
    if (entry.mode === 'tree') return this.#flatten(`${folder}/`, entry.oid);
    return new Map([[folder, { path: folder, mode: entry.mode, oid: entry.oid }]]);
  }

  async read(path: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    const { oid } = await this.#blob(path);
    return this.#store.blob(oid, printable(path), options.maxBytes);
  }

  async size(path: string): Promise<number> {
    const { oid } = await this.#blob(path);
    return this.#store.blobSize(oid, printable(path));
  }

  async #blob(path: string): Promise<TreeEntry> {
    const entry = await this.#find(path);
    if (entry === null || entry.mode === 'tree' || entry.mode === 'submodule') throw noSuchFile(path);
    return entry;
  }

  async #find(path: string): Promise<TreeEntry | null> {
    let oid = this.oid;
    const names = path.split('/');
    for (const [index, name] of names.entries()) {
      const entry = byName(await this.#store.tree(oid)).get(name);
      if (entry === undefined) return null;
      if (index === names.length - 1) return entry;
      if (entry.mode !== 'tree') return null;
      oid = entry.oid;
    }
    return null;
  }

  async #flatten(prefix: string, oid: string): Promise<ReadonlyMap<string, TreeFile>> {
    return flatten(this.#store, [{ prefix, oid }]);
  }
}

/**
 * The files of subtrees, sorted by path bytes as git's order of entries gives them. Each level is asked for at once.
 * Bounded in files and in folders, so that a tree that holds itself a thousand times over ends in an error.
 */
export async function flatten(
  store: ObjectStore,
  roots: readonly { prefix: string; oid: string }[],
  maxFiles: number = LIMITS.treeFiles,
): Promise<ReadonlyMap<string, TreeFile>> {
  const listings = new Map<string, readonly TreeEntry[]>();
  let level = [...roots];
  const budget = store.treeBudget();
  let files = 0;
  let folders = 0;
  while (level.length > 0) {
    folders += level.length;
    if (folders > maxFiles) throw tooManyFiles(maxFiles);
    const entries = await store.trees(
      level.map(({ oid }) => oid),
      budget,
    );
    const next: { prefix: string; oid: string }[] = [];
    for (const [index, { prefix }] of level.entries()) {
      const list = entries[index] ?? [];
      listings.set(prefix, list);
      for (const entry of list) {
        const length = prefix.length + entry.name.length;
        if (length > PATH_LENGTH) throw tooLong();
        if (entry.mode === 'tree') next.push({ prefix: `${prefix}${entry.name}/`, oid: entry.oid });
        else files += 1;
      }
      if (files + next.length > maxFiles) throw tooManyFiles(maxFiles);
    }
    level = next;
  }
  const result = new Map<string, TreeFile>();
  for (const { prefix } of roots) collect(prefix, listings, result);
  return result;
}

function collect(
  prefix: string,
  listings: ReadonlyMap<string, readonly TreeEntry[]>,
  result: Map<string, TreeFile>,
): void {
  for (const { name, mode, oid } of listings.get(prefix) ?? []) {
    const path = prefix + name;
    if (mode === 'tree') collect(`${path}/`, listings, result);
    else result.set(path, { path, mode: mode satisfies FileMode, oid });
  }
}

function tooManyFiles(limit: number): GateError {
  return new GateError('limit', `a tree or change holds more than ${limit} files`);
}

/** The error for a path that no file system takes. */
export function tooLong(): GateError {
  return new GateError('limit', `a path is longer than ${PATH_LENGTH} characters`);
}
