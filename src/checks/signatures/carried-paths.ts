import { type Change, type Commit, changesBetween } from '../../git/index.js';
import { ownPaths } from './merge-changes.js';

/**
 * Paths that merging changes though no commit names them: git follows renames, so that an edit of `apps/a` ends up in
 * `prod/a` when the base has moved the file there. They are charged to the commits whose own files are not where they
 * left them, or to every commit when none is to be told apart.
 */
export class CarriedPaths {
  readonly #change: Change;
  readonly #own = new Map<string, Promise<readonly string[]>>();
  #carried: Promise<{ paths: readonly string[]; commits: ReadonlySet<string> }> | null = null;

  constructor(change: Change) {
    this.#change = change;
  }

  /** The paths that a commit itself changes. */
  ownPaths(commit: Commit): Promise<readonly string[]> {
    let own = this.#own.get(commit.sha);
    if (own === undefined) {
      own = ownPaths(this.#change, commit);
      this.#own.set(commit.sha, own);
    }
    return own;
  }

  /** The paths that a commit answers for: its own, and those that merging carries its edits to. */
  async pathsOf(commit: Commit): Promise<readonly string[]> {
    const own = await this.ownPaths(commit);
    this.#carried ??= this.#find();
    const { paths, commits } = await this.#carried;
    return commits.has(commit.sha) ? [...new Set([...own, ...paths])].sort() : own;
  }

  async #find(): Promise<{ paths: readonly string[]; commits: ReadonlySet<string> }> {
    const { base, result, commits } = this.#change;
    const named = new Set<string>();
    for (const commit of commits) for (const path of await this.ownPaths(commit)) named.add(path);
    // Without a result nothing is merged, and the gate says so elsewhere.
    const changed = result === null ? [] : await changesBetween(base.tree, result);
    const paths = changed.map(({ path }) => path).filter((path) => !named.has(path));
    if (result === null || paths.length === 0) return { paths, commits: new Set() };
    const there = await result.files();
    const charged = new Set<string>();
    for (const commit of commits) {
      const left = await (await this.#change.treeOf(commit.sha)).files();
      const own = await this.ownPaths(commit);
      if (own.some((path) => left.has(path) && !there.has(path))) charged.add(commit.sha);
    }
    return { paths, commits: charged.size > 0 ? charged : new Set(commits.map(({ sha }) => sha)) };
  }
}
