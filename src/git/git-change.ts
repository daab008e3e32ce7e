import { GateError } from '../contract/index.js';
import { addedLinesOf, type ReadBlob } from './added-lines.js';
import type { AddedLines, Change, FileChange, Revision } from './change.js';
import type { Commit } from './commit.js';
import { printable } from './memory-tree.js';
import type { ObjectStore } from './object-store.js';
import type { Tree } from './tree.js';

/** What a change needs of the repository that it is in. */
export interface ChangeSource {
  readonly store: ObjectStore;
  diff(before: string, after: string): Promise<readonly FileChange[]>;
  tree(oid: string): Promise<Tree>;
  mergeOf(first: string, second: string): Promise<string | null>;
  readObject(oid: string, options: { maxBytes?: number }): Promise<Buffer>;
  close(): Promise<void>;
}

/** What `Repository.openChange` worked out. */
export interface ChangeParts {
  base: Revision;
  head: Revision;
  mergeBase: string | null;
  result: Tree | null;
  unmergeable: string | null;
  commits: readonly Commit[];
}

/** A Change over an open repository. Diffs and added lines are computed once and kept. */
export class GitChange implements Change {
  readonly base: Revision;
  readonly head: Revision;
  readonly mergeBase: string | null;
  readonly result: Tree | null;
  readonly unmergeable: string | null;
  readonly commits: readonly Commit[];
  readonly #repository: ChangeSource;
  readonly #ownsRepository: boolean;
  #files: Promise<readonly FileChange[]> | null = null;
  readonly #beside = new Map<string, Promise<readonly (readonly FileChange[])[]>>();
  readonly #added = new Map<string, Promise<readonly AddedLines[]>>();

  constructor(parts: ChangeParts, repository: ChangeSource, ownsRepository: boolean) {
    this.base = parts.base;
    this.head = parts.head;
    this.mergeBase = parts.mergeBase;
    this.result = parts.result;
    this.unmergeable = parts.unmergeable;
    this.commits = parts.commits;
    this.#repository = repository;
    this.#ownsRepository = ownsRepository;
  }

  files(): Promise<readonly FileChange[]> {
    this.#files ??= this.#repository.diff(this.base.tree.oid, (this.result ?? this.head.tree).oid);
    return this.#files;
  }

  async filesOfCommit(commit: Commit): Promise<readonly FileChange[]> {
    const [first = [], ...others] = await this.#besideParents(commit);
    if (others.length === 0) return first;
    const paths = others.map((changes) => new Set(changes.flatMap(pathsOf)));
    return first.filter((change) => paths.every((set) => pathsOf(change).some((path) => set.has(path))));
  }

  addedLines(commit: Commit): Promise<readonly AddedLines[]> {
    const known = this.#added.get(commit.sha);
    if (known !== undefined) return known;
    const read: ReadBlob = (file) => this.#repository.store.blob(file.oid, printable(file.path));
    const lines = this.#besideParents(commit).then((byParent) => addedLinesOf(byParent, read));
    this.#added.set(commit.sha, lines);
    return lines;
  }

  async treeOf(commit: string): Promise<Tree> {
    return this.#repository.tree(commit);
  }

  mergeOf(first: string, second: string): Promise<string | null> {
    return this.#repository.mergeOf(first, second);
  }

  async readBlob(oid: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    return this.#repository.readObject(oid, options);
  }

  async close(): Promise<void> {
    if (this.#ownsRepository) await this.#repository.close();
  }

  /** The commit's changes beside each parent in turn; of a root commit beside the empty tree. */
  #besideParents(commit: Commit): Promise<readonly (readonly FileChange[])[]> {
    const known = this.#beside.get(commit.sha);
    if (known !== undefined) return known;
    const changes = this.#diffParents(commit);
    this.#beside.set(commit.sha, changes);
    return changes;
  }

  async #diffParents(commit: Commit): Promise<readonly (readonly FileChange[])[]> {
    if (commit.tree === '') throw new GateError('internal', 'a commit without a tree');
    const { store } = this.#repository;
    const parents = await Promise.all(commit.parents.map((sha) => store.commit(sha)));
    const trees = parents.length === 0 ? [store.emptyTree] : parents.map(({ tree }) => tree);
    return Promise.all(trees.map((tree) => this.#repository.diff(tree, commit.tree)));
  }
}

function pathsOf({ path, oldPath }: FileChange): string[] {
  return oldPath === null || oldPath === path ? [path] : [path, oldPath];
}
