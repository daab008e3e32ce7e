import type { Octokit } from '@octokit/rest';
import { GateError } from '../contract/index.js';
import type { Mirror, Remote, RepositoryName } from '../github/index.js';
import type { Engine } from './judge.js';

/** A pull request as it is now on GitHub. */
export interface PullNow {
  number: number;
  author: string;
  head: string;
  /** Its branch's name, which the author chose. */
  headRef: string;
  baseRef: string;
  defaultBranch: string;
  /** Its title and body, which everybody can read. */
  text: string;
}

/** Other pull requests of one commit that are judged with it; with more the commit stays closed. */
const MOST_TWINS = 20;

/** What one job sees of a repository: GitHub's answers, and the mirror that it fetches what it needs into. */
export class RepositoryView {
  readonly name: RepositoryName;
  readonly octokit: Octokit;
  readonly #engine: Engine;
  readonly #mirror: Mirror;
  readonly #remote: Remote;

  constructor(of: {
    name: RepositoryName;
    octokit: Octokit;
    engine: Engine;
    mirror: Mirror;
    remote: Remote;
  }) {
    this.name = of.name;
    this.octokit = of.octokit;
    this.#engine = of.engine;
    this.#mirror = of.mirror;
    this.#remote = of.remote;
  }

  get gitDir(): string {
    return this.#mirror.gitDir;
  }

  /** A pull request, or null when it is not open any more. */
  async pull(number: number): Promise<PullNow | null> {
    const { data } = await this.octokit.rest.pulls.get({ ...this.name, pull_number: number });
    return data.state === 'open' ? pullNow(data) : null;
  }

  /** Every open pull request, or those into one branch. */
  async openPulls(base?: string): Promise<PullNow[]> {
    const pulls = await this.octokit.paginate(this.octokit.rest.pulls.list, {
      ...this.name,
      state: 'open',
      per_page: 100,
      ...(base === undefined ? {} : { base }),
    });
    return pulls.map(pullNow);
  }

  /** Fetches a pull request's head, its base branch and the default branch. */
  async fetchPull(pull: PullNow, signal: AbortSignal): Promise<void> {
    const branches = [...new Set([pull.baseRef, pull.defaultBranch])];
    await this.#mirror.fetch(
      this.#remote,
      [
        ...branches.map((branch) => ({ source: `refs/heads/${branch}`, ref: headsRef(branch) })),
        { source: pull.head, ref: `refs/gate/pull/${pull.number}` },
      ],
      signal,
    );
  }

  /** Fetches the two commits of a merge group, and the default branch whose configuration names governed branches. */
  async fetchGroup(headSha: string, baseSha: string, signal: AbortSignal): Promise<string> {
    const { data } = await this.octokit.rest.repos.get({ ...this.name });
    await this.#mirror.fetch(
      this.#remote,
      [
        ...[headSha, baseSha].map((source) => ({ source, ref: `refs/gate/group/${source}` })),
        { source: `refs/heads/${data.default_branch}`, ref: headsRef(data.default_branch) },
      ],
      signal,
    );
    return data.default_branch;
  }

  /** Fetches a commit that may be gone; a review of a commit that is gone approves nothing. */
  async bring(commit: string, signal: AbortSignal): Promise<boolean> {
    if (await this.#engine.has(this.gitDir, commit)) return true;
    try {
      await this.#mirror.fetch(
        this.#remote,
        [{ source: commit, ref: `refs/gate/reviewed/${commit}` }],
        signal,
      );
      return true;
    } catch (error) {
      if (error instanceof GateError) return false;
      throw error;
    }
  }

  /** Commit of a branch as last fetched. */
  tip(branch: string): Promise<string> {
    return this.#engine.resolve(this.gitDir, headsRef(branch));
  }

  /** Commits of the remote's branches as they are now, in one request. */
  async branches(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const refs = await this.#mirror.list(this.#remote, 'refs/heads/*', signal);
    return new Map([...refs].map(([ref, sha]) => [ref.slice('refs/heads/'.length), sha]));
  }

  /** Branches that the gate governs: by the default branch's configuration as last fetched, else that branch alone. */
  async governed(defaultBranch: string): Promise<readonly string[]> {
    const named = await this.#engine.governed(this.gitDir, await this.tip(defaultBranch));
    return named ?? [defaultBranch];
  }

  /** Fetches the default branch alone. */
  async fetchBranch(branch: string, signal: AbortSignal): Promise<void> {
    await this.#mirror.fetch(
      this.#remote,
      [{ source: `refs/heads/${branch}`, ref: headsRef(branch) }],
      signal,
    );
  }

  checks(base: string): Promise<readonly string[]> {
    return this.#engine.checks(this.gitDir, base);
  }

  /**
   * Other open pull requests into governed branches with the same head: a commit is green only if all are.
   * @throws GateError `limit` when there are more than anybody opens in earnest
   */
  async twins(pull: PullNow, signal: AbortSignal): Promise<PullNow[]> {
    const refs = await this.#mirror.list(this.#remote, 'refs/pull/*/head', signal);
    const numbers = [...refs]
      .filter(([, sha]) => sha === pull.head)
      .map(([ref]) => Number(/^refs\/pull\/(\d+)\/head$/.exec(ref)?.[1]))
      .filter((number) => Number.isSafeInteger(number) && number !== pull.number);
    const twins: PullNow[] = [];
    for (const number of numbers) {
      const twin = await this.pull(number);
      if (twin === null || twin.head !== pull.head) continue;
      await this.fetchPull(twin, signal);
      if (!(await this.governed(twin.defaultBranch)).includes(twin.baseRef)) continue;
      twins.push(twin);
      if (twins.length > MOST_TWINS) {
        throw new GateError('limit', `more than ${MOST_TWINS} open pull requests propose this very commit`);
      }
    }
    return twins;
  }
}

interface PullAnswer {
  number: number;
  user: { login: string } | null;
  title: string;
  body: string | null;
  head: { sha: string; ref: string };
  base: { ref: string; repo: { default_branch: string } };
}

function pullNow(data: PullAnswer): PullNow {
  return {
    number: data.number,
    author: data.user?.login ?? '',
    head: data.head.sha,
    headRef: data.head.ref,
    baseRef: data.base.ref,
    defaultBranch: data.base.repo.default_branch,
    text: `${data.title}\n${data.body ?? ''}`,
  };
}

/** The mirror's own ref for a branch. */
function headsRef(branch: string): string {
  return `refs/gate/heads/${encodeURIComponent(branch).replaceAll('%', '=')}`;
}
