import { GateError } from '../contract/index.js';
import { addedLinesOf } from './added-lines.js';
import { blobsOf } from './blob-source.js';
import type { AddedLines, Change, FileChange, Revision } from './change.js';
import type { Commit } from './commit.js';
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

/**
 * Files that all commits together may touch, counted for each commit: two folders swapped back and forth are a few
 * bytes in git and any amount of work here.
 */
const MOST_TOUCHED = 200_000;
/** Commits whose differences are kept: checks look at one commit after the other, some of them several times. */
const KEPT_COMMITS = 64;

/** A Change over an open repository. Differences are computed once and kept, of commits those of the last few. */
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
  #touched = 0;
  readonly #counted = new Set<string>();
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
    const lines = this.#besideParents(commit).then((byParent) =>
      addedLinesOf(byParent, blobsOf(this.#repository.store)),
    );
    remember(this.#added, commit.sha, lines);
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
    remember(this.#beside, commit.sha, changes);
    return changes;
  }

  async #diffParents(commit: Commit): Promise<readonly (readonly FileChange[])[]> {
    if (commit.tree === '') throw new GateError('internal', 'a commit without a tree');
    const { store } = this.#repository;
    const parents = await Promise.all(commit.parents.map((sha) => store.commit(sha)));
    const trees = parents.length === 0 ? [store.emptyTree] : parents.map(({ tree }) => tree);
    const changes = await Promise.all(trees.map((tree) => this.#repository.diff(tree, commit.tree)));
    const count = changes.reduce((sum, { length }) => sum + length, 0);
    this.#touched += this.#counted.has(commit.sha) ? 0 : count;
    this.#counted.add(commit.sha);
    if (this.#touched > MOST_TOUCHED) {
      throw new GateError(
        'limit',
        `the commits of the change touch more than ${MOST_TOUCHED} files together; split it into smaller ones`,
      );
    }
    return changes;
  }
}

function pathsOf({ path, oldPath }: FileChange): string[] {
  return oldPath === null || oldPath === path ? [path] : [path, oldPath];
}

/** Keeps a value, and lets the oldest go. */
function remember<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_COMMITS && oldest !== undefined) kept.delete(oldest);
}
