import { GateError, LIMITS } from '../contract/index.js';
import type { Change, FileChange } from './change.js';
import type { Commit } from './commit.js';
import { GitChange } from './git-change.js';
import { GitTree } from './git-tree.js';
import { lastMerges, log, type PastMerge } from './history.js';
import { commitsBetween, mergeBases, mergeCommits } from './merge.js';
import { isObjectId, type ObjectFormat } from './object-id.js';
import { ObjectReader } from './object-reader.js';
import { type ExplainMissing, ObjectStore } from './object-store.js';
import { makeOwnGitDirectory, type OwnGitDirectory } from './own-git-directory.js';
import { isReachable } from './reachable.js';
import { type Refs, readRefs } from './refs.js';
import { MOST_COMPARED_BYTES, withRenames } from './rename.js';
import { locateRepository, type RepositoryLocation } from './repository-location.js';
import { resolveRevision } from './revision.js';
import { explainMissing, shallowFileOf } from './shallow.js';
import { type StagedChange, stagedChange } from './staged.js';
import type { Tag } from './tag-parser.js';
import { diffTrees } from './tree-diff.js';

/** Trees whose listings are kept: of a change's sides, and of the commits that are being judged. */
const KEPT_TREES = 16;

/** A branch to compare with: its full name, and the commit it points to. */
export interface NamedRevision {
  ref: string;
  commit: string;
}

/**
 * Opens the repository that a folder belongs to: a work tree or a folder in it, a bare repository, a linked work
 * tree, a submodule. Nothing of it is written to or executed, and none of its configuration is obeyed.
 * @throws GateError `not-a-repository`, `tool-missing` (no git, or one older than 2.38), `git-failed`
 */
export async function openRepository(dir: string): Promise<Repository> {
  const location = locateRepository(dir);
  const own = await makeOwnGitDirectory(location);
  try {
    return new Repository(location, own, await readRefs(location));
  } catch (error) {
    own.remove();
    throw error;
  }
}

/** An open repository: its refs as they were when it was opened, and its objects. Must be closed. */
export class Repository {
  /** Objects, verified and bounded. */
  readonly store: ObjectStore;
  readonly #location: RepositoryLocation;
  readonly #own: OwnGitDirectory;
  readonly #refs: Refs;
  readonly #reader: ObjectReader;
  readonly #missing: ExplainMissing;
  readonly #trees = new Map<string, GitTree>();
  readonly #shallowFile: string | null;

  /** Use `openRepository`. */
  constructor(location: RepositoryLocation, own: OwnGitDirectory, refs: Refs) {
    this.#location = location;
    this.#own = own;
    this.#refs = refs;
    this.#shallowFile = shallowFileOf(location);
    this.#missing = explainMissing(location, own.settings);
    this.#reader = new ObjectReader(own.path, own.settings.objectFormat);
    this.store = new ObjectStore(this.#reader, own.settings.objectFormat, this.#missing);
  }

  get objectFormat(): ObjectFormat {
    return this.#own.settings.objectFormat;
  }

  /** The folder people know it by: that of the work tree, or the bare repository itself. */
  get folder(): string {
    return this.#location.shown;
  }

  /** URLs by remote name, as its configuration file states them, without the credentials that http URLs may hold. */
  remotes(): ReadonlyMap<string, readonly string[]> {
    return this.#own.settings.remotes;
  }

  /** URLs of the remotes, `origin`'s first. */
  remoteUrls(): readonly string[] {
    const { remotes } = this.#own.settings;
    const names = [...remotes.keys()].sort((a, b) => Number(b === 'origin') - Number(a === 'origin'));
    return [...new Set(names.flatMap((name) => remotes.get(name) ?? []))];
  }

  /** Every ref by full name with its id, `HEAD` among them where it points to a commit. */
  refs(): ReadonlyMap<string, string> {
    return this.#refs.ids;
  }

  /** The full name of the branch that HEAD is on, or null when it is detached. */
  currentBranch(): string | null {
    return this.#refs.symbolic.get('HEAD') ?? null;
  }

  /**
   * The commit that a revision names; see `resolveRevision` for what is understood.
   * @throws GateError `unknown-revision`, `missing-objects`
   */
  resolve(revision: string): Promise<string> {
    return resolveRevision(revision, this.#refs, this.#reader, this.#missing);
  }

  /**
   * The branch a change is compared with when none is named: the default branch of `origin` (of the only remote,
   * where it has another name), else the remote's `main` or `master`, else the local `main` or `master`.
   * @throws GateError `unknown-revision` when there is none of these
   */
  async defaultBase(): Promise<NamedRevision> {
    const names = [...this.#own.settings.remotes.keys()];
    const remote = names.includes('origin') || names.length !== 1 ? 'origin' : names[0];
    const candidates = [
      this.#refs.symbolic.get(`refs/remotes/${remote}/HEAD`),
      `refs/remotes/${remote}/main`,
      `refs/remotes/${remote}/master`,
      'refs/heads/main',
      'refs/heads/master',
    ];
    for (const ref of candidates) {
      if (ref !== undefined && this.#refs.ids.has(ref)) return { ref, commit: await this.resolve(ref) };
    }
    throw new GateError(
      'unknown-revision',
      this.#refs.ids.size === 0
        ? 'the repository has no commit yet'
        : 'no default branch found (no origin/HEAD, main or master): name the base with --base REV',
    );
  }

  /** @throws GateError `missing-objects`, `limit`, `git-failed` when it is malformed or does not match its id */
  readCommit(sha: string): Promise<Commit> {
    return this.store.commit(sha);
  }

  /** An annotated tag by its own id. @throws GateError as `readCommit` */
  readTag(sha: string): Promise<Tag> {
    return this.store.tag(sha);
  }

  /**
   * The bytes of a blob, or of a commit or tag, by id, verified.
   * @throws GateError `missing-objects`, `limit`, `git-failed`
   */
  async readObject(oid: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    const info = await this.#reader.info(oid);
    if (info === null) throw this.#missing(`object ${oid}`);
    switch (info.type) {
      case 'blob':
        return this.store.blob(info.oid, `blob ${info.oid}`, options.maxBytes);
      case 'commit':
        return (await this.store.commit(info.oid)).raw;
      case 'tag':
        return (await this.store.tag(info.oid)).raw;
      case 'tree':
        throw new GateError('internal', 'a tree is read with tree()');
    }
  }

  /**
   * The tree of a commit, of an annotated tag's commit, or of a tree's own id.
   * @throws GateError `missing-objects`, `git-failed` when the id is of no such object
   */
  async tree(oid: string): Promise<GitTree> {
    if (oid === this.store.emptyTree) return this.#treeObject(oid);
    const info = await this.#reader.info(`${oid}^{tree}`);
    if (info === null) throw this.#missing(`the tree of ${oid}`);
    return this.#treeObject(info.oid);
  }

  /** One object for each tree, so that its listing is made once; the oldest are let go. */
  #treeObject(oid: string): GitTree {
    const tree = this.#trees.get(oid) ?? new GitTree(this.store, oid);
    this.#trees.delete(oid);
    this.#trees.set(oid, tree);
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > KEPT_TREES && oldest !== undefined) this.#trees.delete(oldest);
    return tree;
  }

  /**
   * What differs between two tree objects, sorted by path, renames joined.
   * @throws GateError `limit`, `missing-objects`
   */
  async diff(before: string, after: string): Promise<readonly FileChange[]> {
    const changes = await diffTrees(this.store, before, after);
    return withRenames(changes, async (file) => {
      try {
        return await this.store.blob(file.oid, file.path, MOST_COMPARED_BYTES);
      } catch (error) {
        // Too large or not there: it stays a deletion and an addition, and whoever judges it meets the error.
        if (error instanceof GateError && (error.code === 'limit' || error.code === 'missing-objects'))
          return null;
        throw error;
      }
    });
  }

  /** The tree that merging two commits gives, or null on a conflict or for unrelated histories. */
  async mergeOf(first: string, second: string): Promise<string | null> {
    return (await mergeCommits(this.#own.path, first, second, this.#missing)).tree;
  }

  /**
   * Whether a commit is one of these, or behind one of them; null where the clone cannot say: the commit is not there,
   * or history is cut off before it can tell. What is there and no commit is behind none.
   */
  async reaches(tips: readonly string[], commit: string): Promise<boolean | null> {
    const info = isObjectId(commit) ? await this.#reader.info(commit) : undefined;
    if (info === null) return null;
    if (info !== undefined && info.type !== 'commit') return false;
    return isReachable(this.#own.path, tips, commit, this.#missing);
  }

  /**
   * Works out what merging `head` into `base` would do.
   * @param options revisions as `resolve` understands them; base defaults to `defaultBase()`, head to HEAD.
   *   `closesRepository`: closing the change closes this repository too.
   * @throws GateError `unknown-revision`, `missing-objects`, `limit` for too many commits. Conflicts and unrelated
   *   histories are no errors: the change says so in `unmergeable`.
   */
  async openChange(
    options: { base?: string; head?: string; closesRepository?: boolean } = {},
  ): Promise<Change> {
    const [base, head] = await Promise.all([
      options.base === undefined
        ? this.defaultBase().then(({ commit }) => commit)
        : this.resolve(options.base),
      this.resolve(options.head ?? 'HEAD'),
    ]);
    const [shas, bases] = await Promise.all([
      commitsBetween(this.#own.path, base, head, LIMITS.commits, this.#missing),
      base === head ? [head] : mergeBases(this.#own.path, base, head, this.#missing),
    ]);
    const [commits, baseCommit, headCommit] = await Promise.all([
      this.store.commits(shas),
      this.store.commit(base),
      this.store.commit(head),
    ]);
    const mergeBase = bases[0] ?? null;
    const merged = await this.#result(baseCommit, headCommit, mergeBase);
    return new GitChange(
      {
        base: { commit: base, tree: this.#treeObject(baseCommit.tree) },
        head: { commit: head, tree: this.#treeObject(headCommit.tree) },
        mergeBase,
        result: merged.tree === null ? null : this.#treeObject(merged.tree),
        unmergeable: merged.tree === null ? merged.reason : null,
        commits,
      },
      this,
      options.closesRepository ?? false,
    );
  }

  /**
   * The last merges into a branch, newest first; see `history.ts`.
   * @throws GateError `missing-objects` when history is cut off before the first of them
   */
  async lastMerges(branch: string, count: number): Promise<readonly PastMerge[]> {
    return lastMerges(this.#own.path, await this.resolve(branch), count, this.#shallowFile, this.#missing);
  }

  /** Ids of the commits reachable from a revision, newest first, at most `count`; fewer where history is cut off. */
  async log(revision: string, count: number): Promise<readonly string[]> {
    return log(this.#own.path, await this.resolve(revision), count, this.#shallowFile);
  }

  /**
   * What `git commit` would commit now: the index against HEAD (against the empty tree before the first commit).
   * @param options `indexFile`: the index to read, where git says another in GIT_INDEX_FILE (in a pre-commit hook)
   * @throws GateError `git-failed` for an index with conflicts or that cannot be read
   */
  staged(options: { indexFile?: string } = {}): Promise<StagedChange> {
    return stagedChange(this, this.#own.path, this.#location, options.indexFile ?? null);
  }

  /** Ends git and removes the temporary folder. Everything got from here is of no more use. */
  async close(): Promise<void> {
    this.#reader.close();
    this.#own.remove();
  }

  async #result(
    base: Commit,
    head: Commit,
    mergeBase: string | null,
  ): Promise<{ tree: string } | { tree: null; reason: string }> {
    if (mergeBase === null) {
      return { tree: null, reason: 'unrelated histories: the two have no commit in common' };
    }
    // Nothing to merge on one side: the other side is the result.
    if (mergeBase === base.sha) return { tree: head.tree };
    if (mergeBase === head.sha) return { tree: base.tree };
    return mergeCommits(this.#own.path, base.sha, head.sha, this.#missing);
  }
}
