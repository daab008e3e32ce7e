import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Octokit } from '@octokit/rest';
import { GateError, type Report, type Verdict } from '../contract/index.js';
import { openedBy } from '../gate/index.js';
import {
  approvalsOf,
  type CheckRunOutput,
  CheckRuns,
  checkRunName,
  GitHubError,
  Mirror,
  REQUIRED_CHECK,
  type Remote,
  type RepositoryName,
} from '../github/index.js';
import type { Wish } from './events.js';
import type { Engine } from './judge.js';
import { checkOutput, failureOutput, type Judged, requiredOutput } from './present.js';
import { Superseded } from './queue.js';

/** What the worker is given by the server. */
export interface WorkerOptions {
  engine: Engine;
  data: string;
  webUrl: string;
  /** A client that acts for an installation, and its token for git. */
  client: (installation: number) => Octokit;
  token: (installation: number) => Promise<string>;
  now: () => Date;
  log: (level: 'info' | 'warn' | 'error', message: string, about: Record<string, unknown>) => void;
}

/** A pull request as it is now on GitHub. */
interface PullNow {
  number: number;
  author: string;
  head: string;
  baseRef: string;
  defaultBranch: string;
}

/** Reviews of at most so many earlier commits are looked into. */
const EARLIER_COMMITS = 3;

/** Judges pull requests and merge groups, and writes their check runs. Everything is read from GitHub when it runs. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #mirrors = new Map<string, Mirror>();

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** Does what a webhook wished for; failures end in a failed check run, and in the log. */
  async pull(wish: Extract<Wish, { kind: 'pull' }>, signal: AbortSignal): Promise<void> {
    const octokit = this.#options.client(wish.installation);
    const pull = await this.#pullNow(octokit, wish.repository, wish.number);
    if (pull === null) return;
    const remote = await this.#remote(wish.installation, wish.repository);
    const mirror = this.#mirror(wish.repository);
    let checks: readonly string[];
    try {
      await fetchPull(mirror, remote, pull, signal);
      if (!(await this.#isGoverned(mirror, pull))) return;
      checks = await this.#checks(
        mirror,
        await this.#options.engine.resolve(mirror.gitDir, headsRef(pull.baseRef)),
      );
    } catch (error) {
      // Whether the base is governed cannot be told without its commits: closed, whichever it is.
      await this.#report(octokit, wish.repository, pull.head, [], signal, () => Promise.reject(error));
      return;
    }
    await this.#report(octokit, wish.repository, pull.head, checks, signal, async () => {
      const twins = await this.#twins(octokit, wish.repository, mirror, remote, pull, signal);
      const judged: Judged[] = [];
      for (const one of [pull, ...twins]) {
        signal.throwIfAborted();
        judged.push({
          label: `#${one.number}`,
          verdict: await this.#judgePull(octokit, wish.repository, mirror, remote, one, signal),
        });
      }
      return judged;
    });
  }

  /** Answers a merge queue on the group's head. */
  async mergeGroup(wish: Extract<Wish, { kind: 'merge-group' }>, signal: AbortSignal): Promise<void> {
    const octokit = this.#options.client(wish.installation);
    const remote = await this.#remote(wish.installation, wish.repository);
    const mirror = this.#mirror(wish.repository);
    let checks: readonly string[];
    try {
      await mirror.fetch(
        remote,
        [wish.headSha, wish.baseSha].map((source) => ({ source, ref: `refs/gate/group/${source}` })),
        signal,
      );
      checks = await this.#checks(mirror, wish.baseSha);
    } catch (error) {
      await this.#report(octokit, wish.repository, wish.headSha, [], signal, () => Promise.reject(error));
      return;
    }
    await this.#report(octokit, wish.repository, wish.headSha, checks, signal, async () => {
      const verdict = await this.#judge(
        mirror,
        wish.repository,
        wish.baseSha,
        wish.headSha,
        wish.baseRef,
        signal,
      );
      const number = /\/pr-(\d+)-/.exec(wish.headRef)?.[1];
      const pull = number ? await this.#pullNow(octokit, wish.repository, Number(number)) : null;
      if (pull === null) return [{ label: wish.headRef, verdict }];
      // The group's head is no commit that anybody reviews: reviews of the pull request's own head stand for it.
      await fetchPull(mirror, remote, pull, signal);
      const opened = await this.#approved(
        octokit,
        wish.repository,
        mirror,
        remote,
        pull,
        verdict,
        signal,
        true,
      );
      return [{ label: wish.headRef, verdict: opened }];
    });
  }

  /** Numbers of the open pull requests into a branch, or with a commit as head. */
  async openPulls(
    installation: number,
    repository: RepositoryName,
    by: { branch?: string; sha?: string },
  ): Promise<number[]> {
    const octokit = this.#options.client(installation);
    const pulls = await octokit.paginate(octokit.rest.pulls.list, {
      ...repository,
      state: 'open',
      per_page: 100,
      ...(by.branch === undefined ? {} : { base: by.branch }),
    });
    return pulls
      .filter((pull) => by.sha === undefined || pull.head.sha === by.sha)
      .map((pull) => pull.number);
  }

  /** True when the required run of this app on a pull request's head is missing or not completed. */
  async unfinished(
    installation: number,
    repository: RepositoryName,
    number: number,
    appId: number,
  ): Promise<boolean> {
    const octokit = this.#options.client(installation);
    const pull = await this.#pullNow(octokit, repository, number);
    if (pull === null) return false;
    const run = await new CheckRuns(octokit, repository).latest(REQUIRED_CHECK, pull.head, appId);
    return run === null || run.status !== 'completed';
  }

  async #judgePull(
    octokit: Octokit,
    repository: RepositoryName,
    mirror: Mirror,
    remote: Remote,
    pull: PullNow,
    signal: AbortSignal,
  ): Promise<Verdict> {
    const base = await this.#options.engine.resolve(mirror.gitDir, headsRef(pull.baseRef));
    const verdict = await this.#judge(mirror, repository, base, pull.head, pull.baseRef, signal);
    return this.#approved(octokit, repository, mirror, remote, pull, verdict, signal, false);
  }

  #judge(
    mirror: Mirror,
    repository: RepositoryName,
    base: string,
    head: string,
    baseName: string,
    signal: AbortSignal,
  ): Promise<Verdict> {
    return this.#options.engine.judge({
      gitDir: mirror.gitDir,
      base,
      head,
      baseName,
      repository,
      urls: [`${this.#options.webUrl}/${repository.owner}/${repository.repo}`],
      now: this.#options.now(),
      signal,
    });
  }

  /** The verdict with the findings opened that reviews approve. */
  async #approved(
    octokit: Octokit,
    repository: RepositoryName,
    mirror: Mirror,
    remote: Remote,
    pull: PullNow,
    verdict: Verdict,
    signal: AbortSignal,
    group: boolean,
  ): Promise<Verdict> {
    const asks = verdict.report.checks.some((check) =>
      check.findings.some((one) => one.action === 'approve'),
    );
    if (!asks) return verdict;
    const { approvals, unseen } = await approvalsOf(octokit, repository, {
      pull: pull.number,
      author: pull.author,
      approvers: verdict.approvers,
    });
    if (unseen.length > 0)
      this.#options.log('warn', 'approvals could not all be seen', {
        ...repository,
        pull: pull.number,
        unseen,
      });
    const earlier = new Map<string, Report>();
    const commits = [...new Set(approvals.map((one) => one.commit))].filter(
      (sha) => sha !== verdict.report.head,
    );
    for (const commit of commits.toReversed().slice(0, EARLIER_COMMITS)) {
      const there = await this.#bring(mirror, remote, commit, signal);
      if (!there || verdict.report.base === null) continue;
      const then = await this.#judge(mirror, repository, verdict.report.base, commit, pull.baseRef, signal);
      earlier.set(commit, then.report);
    }
    const counted = group ? approvals.filter((one) => one.commit === pull.head) : approvals;
    return this.#options.engine.approve(verdict, openedBy(verdict.report, counted, earlier));
  }

  /** Fetches a commit that may be gone; a review of a commit that is gone approves nothing. */
  async #bring(mirror: Mirror, remote: Remote, commit: string, signal: AbortSignal): Promise<boolean> {
    if (await this.#options.engine.has(mirror.gitDir, commit)) return true;
    try {
      await mirror.fetch(remote, [{ source: commit, ref: `refs/gate/reviewed/${commit}` }], signal);
      return true;
    } catch (error) {
      if (error instanceof GateError) return false;
      throw error;
    }
  }

  /** Other open pull requests into governed branches with the same head: a commit is green only if all are. */
  async #twins(
    octokit: Octokit,
    repository: RepositoryName,
    mirror: Mirror,
    remote: Remote,
    pull: PullNow,
    signal: AbortSignal,
  ): Promise<PullNow[]> {
    const refs = await mirror.list(remote, 'refs/pull/*/head', signal);
    const twins: PullNow[] = [];
    for (const [ref, sha] of refs) {
      const number = Number(/^refs\/pull\/(\d+)\/head$/.exec(ref)?.[1]);
      if (sha !== pull.head || !Number.isSafeInteger(number) || number === pull.number) continue;
      const twin = await this.#pullNow(octokit, repository, number);
      if (twin === null || twin.head !== pull.head) continue;
      await fetchPull(mirror, remote, twin, signal);
      if (await this.#isGoverned(mirror, twin)) twins.push(twin);
    }
    return twins;
  }

  async #isGoverned(mirror: Mirror, pull: PullNow): Promise<boolean> {
    const tip = await this.#options.engine.resolve(mirror.gitDir, headsRef(pull.defaultBranch));
    const governed = await this.#options.engine.governed(mirror.gitDir, tip);
    return (governed ?? [pull.defaultBranch]).includes(pull.baseRef);
  }

  #checks(mirror: Mirror, base: string): Promise<readonly string[]> {
    return this.#options.engine.checks(mirror.gitDir, base);
  }

  /** Opens the runs, lets the verdict be found, completes the runs: whatever happens, none stays open or turns green. */
  async #report(
    octokit: Octokit,
    repository: RepositoryName,
    sha: string,
    checks: readonly string[],
    signal: AbortSignal,
    judge: () => Promise<Judged[]>,
  ): Promise<void> {
    const runs = new CheckRuns(octokit, repository);
    const id = randomUUID();
    const required = await runs.open(REQUIRED_CHECK, sha, 'in_progress', id);
    const others = new Map<string, number>();
    try {
      await Promise.all(
        checks.map(async (check) => {
          others.set(check, await runs.open(checkRunName(check), sha, 'queued', id));
        }),
      );
      const judged = await judge();
      signal.throwIfAborted();
      await Promise.all([...others].map(([check, run]) => runs.complete(run, checkOutput(judged, check))));
      await runs.complete(required, requiredOutput(judged));
    } catch (error) {
      const output = this.#failure(error, id, repository, signal);
      const ended = await Promise.allSettled(
        [required, ...others.values()].map((run) => runs.complete(run, output)),
      );
      const lost = ended.find((one) => one.status === 'rejected');
      if (lost) throw new AggregateError([error, lost.reason], 'the verdict could not be written');
    }
  }

  #failure(error: unknown, id: string, repository: RepositoryName, signal: AbortSignal): CheckRunOutput {
    if (signal.aborted && signal.reason instanceof Superseded) {
      const summary = 'A newer push or request took the place of this run.';
      return { conclusion: 'cancelled', title: 'Superseded', summary, annotations: [] };
    }
    this.#options.log('error', 'a verdict failed', { id, ...repository, error: describe(error) });
    if (error instanceof GateError && (error.code === 'git-failed' || error.code === 'missing-objects')) {
      return failureOutput(
        'Not verified: the commits could not be read',
        id,
        'Push again, or re-run this check.',
      );
    }
    if (error instanceof GitHubError) {
      return failureOutput('Not verified: GitHub did not answer', id, 'Re-run this check in a while.');
    }
    if (error instanceof GateError)
      return failureOutput(`Not verified: ${error.message}`, id, 'Mend it and push again.');
    return failureOutput('Not verified: an internal error', id, 'Re-run this check.');
  }

  async #pullNow(octokit: Octokit, repository: RepositoryName, number: number): Promise<PullNow | null> {
    const { data } = await octokit.rest.pulls.get({ ...repository, pull_number: number });
    if (data.state !== 'open') return null;
    return {
      number,
      author: data.user.login,
      head: data.head.sha,
      baseRef: data.base.ref,
      defaultBranch: data.base.repo.default_branch,
    };
  }

  async #remote(installation: number, { owner, repo }: RepositoryName): Promise<Remote> {
    return {
      url: `${this.#options.webUrl}/${owner}/${repo}.git`,
      token: await this.#options.token(installation),
    };
  }

  #mirror({ owner, repo }: RepositoryName): Mirror {
    const name = `${owner}/${repo}`.toLowerCase();
    const known = this.#mirrors.get(name);
    if (known) return known;
    // Names come from GitHub's own answers; anything else than a plain name is made harmless all the same.
    const mirror = new Mirror(
      join(this.#options.data, 'mirrors', ...name.split('/').map((part) => `${encodeURIComponent(part)}_`)),
    );
    this.#mirrors.set(name, mirror);
    return mirror;
  }
}

function headsRef(branch: string): string {
  return `refs/gate/heads/${encodeURIComponent(branch).replaceAll('%', '=')}`;
}

async function fetchPull(mirror: Mirror, remote: Remote, pull: PullNow, signal: AbortSignal): Promise<void> {
  const branches = [...new Set([pull.baseRef, pull.defaultBranch])];
  await mirror.fetch(
    remote,
    [
      ...branches.map((branch) => ({ source: `refs/heads/${branch}`, ref: headsRef(branch) })),
      { source: pull.head, ref: `refs/gate/pull/${pull.number}` },
    ],
    signal,
  );
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
