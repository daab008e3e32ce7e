import { join } from 'node:path';
import type { Octokit } from '@octokit/rest';
import type { Verdict } from '../contract/index.js';
import { branchText, openByReviews, type ProposalText } from '../gate/index.js';
import {
  type Approvals,
  approvalsOf,
  CheckRuns,
  Mirror,
  REQUIRED_CHECK,
  type RepositoryName,
} from '../github/index.js';
import type { Wish } from './events.js';
import type { Engine } from './judge.js';
import type { Log } from './log.js';
import type { Judged } from './present.js';
import { type PullNow, RepositoryView } from './repository-view.js';
import { type Outcome, readExternalId, stateOf, VerdictWriter } from './verdict-writer.js';

/** What the worker is given by the server. */
export interface WorkerOptions {
  engine: Engine;
  data: string;
  webUrl: string;
  appId: number;
  /** A client that acts for an installation, and its token for git. */
  client: (installation: number) => Octokit;
  token: (installation: number) => Promise<string>;
  now: () => Date;
  log: Log;
}

interface Place {
  installation: number;
  repository: RepositoryName;
}

/** Judges pull requests and merge groups, and writes their check runs. Everything is read from GitHub when it runs. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #writer: VerdictWriter;
  readonly #mirrors = new Map<string, Mirror>();
  /** Governed branches as last seen, for opening runs before anything is fetched. */
  readonly #governed = new Map<string, readonly string[]>();

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#writer = new VerdictWriter(options.log);
  }

  /** Opens the required run of a pull request that an event tells of, where its base is known to be governed. */
  async announce(wish: Extract<Wish, { kind: 'pull' }>): Promise<void> {
    if (!wish.seen) return;
    const { head, base, defaultBranch } = wish.seen;
    const governed = this.#governed.get(keyOf(wish.repository)) ?? [defaultBranch];
    if (!governed.includes(base)) return;
    await this.#writer.announce(this.#options.client(wish.installation), wish.repository, head);
  }

  /** Does what a webhook wished for; failures end in a failed check run, and in the log. */
  async pull(wish: Extract<Wish, { kind: 'pull' }>, signal: AbortSignal): Promise<void> {
    const view = await this.#view(wish);
    const { octokit } = view;
    const pull = await view.pull(wish.number);
    if (wish.seen && wish.seen.head !== pull?.head) {
      await this.#writer.withdraw(octokit, wish.repository, wish.seen.head, 'A newer push took its place.');
    }
    if (pull === null) return;
    let checks: readonly string[] = [];
    let refused: unknown = null;
    try {
      await view.fetchPull(pull, signal);
      if (!(await this.#isGoverned(view, pull.defaultBranch, pull.baseRef))) {
        await this.#writer.withdraw(
          octokit,
          wish.repository,
          pull.head,
          `The gate does not govern ${pull.baseRef}.`,
        );
        return;
      }
      checks = await view.checks(await view.tip(pull.baseRef));
    } catch (error) {
      // Whether the base is governed cannot be told without its commits: closed, whichever it is.
      refused = error;
    }
    const judge = async (): Promise<Outcome> => {
      if (refused !== null) throw refused;
      return this.#judgePulls(view, [pull, ...(await view.twins(pull, signal))], signal);
    };
    const { repository } = wish;
    const quiet = wish.quiet ?? false;
    await this.#writer.write({ octokit, repository, sha: pull.head, checks, signal, quiet, judge });
  }

  /** Answers a merge queue on the group's head, where the queue's branch is governed. */
  async mergeGroup(wish: Extract<Wish, { kind: 'merge-group' }>, signal: AbortSignal): Promise<void> {
    const view = await this.#view(wish);
    const branch = wish.baseRef.replace(/^refs\/heads\//, '');
    let checks: readonly string[] = [];
    let refused: unknown = null;
    try {
      const defaultBranch = await view.fetchGroup(wish.headSha, wish.baseSha, signal);
      if (!(await this.#isGoverned(view, defaultBranch, branch))) return;
      checks = await view.checks(wish.baseSha);
    } catch (error) {
      refused = error;
    }
    const judge = async (): Promise<Outcome> => {
      if (refused !== null) throw refused;
      const number = /\/pr-(\d+)-[0-9a-f]+$/.exec(wish.headRef)?.[1];
      const pull = number ? await view.pull(Number(number)) : null;
      if (pull !== null) await view.fetchPull(pull, signal);
      const opened = pull !== null && (await this.#wasOpened(view, pull)) ? [pull.head] : [];
      const verdict = await this.#judge(view, wish.baseSha, wish.headSha, branch, signal, { queue: opened });
      const judged: Judged =
        pull === null
          ? { label: wish.headRef, verdict }
          : // The group's head is no commit that anybody reviews: reviews of the pull request's head stand for it.
            await this.#approved(view, pull, wish.headRef, verdict, signal);
      return { judged: [judged], state: stateOf([{ number: 0, baseRef: branch, tip: wish.baseSha }]) };
    };
    const { octokit } = view;
    const { repository, headSha: sha } = wish;
    await this.#writer.write({ octokit, repository, sha, checks, signal, quiet: false, judge });
  }

  /** Numbers of the open pull requests into a branch (all where it is the default one), or with a commit as head. */
  async openPulls(place: Place, by: { branch: string } | { sha: string }): Promise<number[]> {
    const view = await this.#view(place);
    const all = await view.openPulls();
    const concerned = all.filter((pull) =>
      'sha' in by
        ? pull.head === by.sha
        : // The default branch's configuration says which branches are governed.
          pull.baseRef === by.branch || pull.defaultBranch === by.branch,
    );
    return concerned.map((pull) => pull.number);
  }

  /**
   * Open pull requests whose verdict is missing, was interrupted, or was given for something else than there is now
   * (another base, another tip of it, another pull request of the same commit), or that reviews may have changed.
   */
  async unsettled(place: Place): Promise<{ number: number; quiet: boolean }[]> {
    const view = await this.#view(place);
    const open = await view.openPulls();
    const [first] = open;
    if (!first) return [];
    const signal = AbortSignal.timeout(120_000);
    await view.fetchBranch(first.defaultBranch, signal);
    const governed = await this.#governedNow(view, first.defaultBranch);
    const tips = await view.branches(signal);
    const judged = open.filter((pull) => governed.includes(pull.baseRef));
    const found: { number: number; quiet: boolean }[] = [];
    for (const pull of judged) {
      const same = judged.filter((one) => one.head === pull.head);
      const state = stateOf(same.map((one) => ({ ...one, tip: tips.get(one.baseRef) ?? '' })));
      const said = readExternalId(
        this.#writer.lastSaid(view.name, pull.head) ?? (await this.#externalId(view, pull.head)),
      );
      if (said?.state !== state) found.push({ number: pull.number, quiet: false });
      else if (said.reviews) found.push({ number: pull.number, quiet: true });
    }
    return found;
  }

  /** That of the newest required run of this App on a commit, when it was completed with a verdict. */
  async #externalId(view: RepositoryView, sha: string): Promise<string | null> {
    const run = await new CheckRuns(view.octokit, view.name).latest(REQUIRED_CHECK, sha, this.#options.appId);
    return run?.status === 'completed' && run.conclusion !== 'cancelled' ? run.externalId : null;
  }

  async #judgePulls(view: RepositoryView, pulls: readonly PullNow[], signal: AbortSignal): Promise<Outcome> {
    const judged: Judged[] = [];
    const state: { number: number; baseRef: string; tip: string }[] = [];
    for (const pull of pulls) {
      signal.throwIfAborted();
      const tip = await view.tip(pull.baseRef);
      const verdict = await this.#judge(view, tip, pull.head, pull.baseRef, signal, {
        texts: [
          { what: `the text of pull request #${pull.number}`, text: pull.text },
          branchText(pull.headRef, `the name of the branch of pull request #${pull.number}`),
        ],
      });
      judged.push(await this.#approved(view, pull, `#${pull.number}`, verdict, signal));
      state.push({ number: pull.number, baseRef: pull.baseRef, tip });
    }
    return { judged, state: stateOf(state) };
  }

  #judge(
    view: RepositoryView,
    base: string,
    head: string,
    baseName: string,
    signal: AbortSignal,
    more: { texts?: ProposalText[]; queue?: string[] } = {},
  ): Promise<Verdict> {
    const { owner, repo } = view.name;
    return this.#options.engine.judge({
      gitDir: view.gitDir,
      base,
      head,
      baseName,
      repository: view.name,
      urls: [`${this.#options.webUrl}/${owner}/${repo}`],
      now: this.#options.now(),
      signal,
      ...more,
    });
  }

  /** The verdict with the findings opened that reviews approve, and what of the reviews could not be counted. */
  async #approved(
    view: RepositoryView,
    pull: PullNow,
    label: string,
    verdict: Verdict,
    signal: AbortSignal,
  ): Promise<Judged> {
    const { base } = verdict.report;
    const given: { approvals?: Approvals } = {};
    const opened = await openByReviews(verdict, {
      reviews: async () => {
        given.approvals = await approvalsOf(view.octokit, view.name, {
          pull: pull.number,
          author: pull.author,
          head: pull.head,
          approvers: verdict.approvers,
        });
        return given.approvals.approvals;
      },
      judgeAt: async (commit) => {
        if (base === null || !(await view.bring(commit, signal))) return null;
        return (await this.#judge(view, base, commit, pull.baseRef, signal)).report;
      },
    });
    const notes = (given.approvals?.unseen ?? []).map((what) => `Approvals were not all counted: ${what}.`);
    return { label, notes, verdict: this.#options.engine.approve(verdict, opened) };
  }

  /** True when the required run of a pull request's head is green now. */
  async #wasOpened(view: RepositoryView, pull: PullNow): Promise<boolean> {
    const run = await new CheckRuns(view.octokit, view.name).latest(
      REQUIRED_CHECK,
      pull.head,
      this.#options.appId,
    );
    return run?.conclusion === 'success';
  }

  async #isGoverned(view: RepositoryView, defaultBranch: string, branch: string): Promise<boolean> {
    return (await this.#governedNow(view, defaultBranch)).includes(branch);
  }

  async #governedNow(view: RepositoryView, defaultBranch: string): Promise<readonly string[]> {
    const governed = await view.governed(defaultBranch);
    this.#governed.set(keyOf(view.name), governed);
    return governed;
  }

  async #view({ installation, repository }: Place): Promise<RepositoryView> {
    const { owner, repo } = repository;
    return new RepositoryView({
      name: repository,
      octokit: this.#options.client(installation),
      engine: this.#options.engine,
      mirror: this.#mirror(repository),
      remote: {
        url: `${this.#options.webUrl}/${owner}/${repo}.git`,
        token: await this.#options.token(installation),
      },
    });
  }

  #mirror(repository: RepositoryName): Mirror {
    const name = keyOf(repository);
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

function keyOf({ owner, repo }: RepositoryName): string {
  return `${owner}/${repo}`.toLowerCase();
}
