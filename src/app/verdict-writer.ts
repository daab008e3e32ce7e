import { createHash, randomUUID } from 'node:crypto';
import type { Octokit } from '@octokit/rest';
import { GateError } from '../contract/index.js';
import {
  type CheckRunOutput,
  CheckRuns,
  checkRunName,
  GitHubError,
  REQUIRED_CHECK,
  type RepositoryName,
} from '../github/index.js';
import type { Log } from './log.js';
import { checkOutput, failureOutput, type Judged, requiredOutput } from './present.js';
import { Stopping, Superseded } from './queue.js';

/** A verdict in the making on one commit. */
export interface Task {
  octokit: Octokit;
  repository: RepositoryName;
  sha: string;
  checks: readonly string[];
  signal: AbortSignal;
  /** Write nothing when the verdict is what the check runs say already (a base that moved, a review). */
  quiet: boolean;
  judge: () => Promise<Outcome>;
}

/** Verdicts, and what they depend on besides the commit: the pull requests, their bases and those bases' tips. */
export interface Outcome {
  judged: Judged[];
  state: string;
}

/** What the gate last said of a commit. */
interface Said {
  externalId: string;
  /** Digest of what the check runs show, but for times and the base's commit. */
  shown: string;
}

/** Of so many commits it is remembered what was said; of others the runs are written again. */
const REMEMBERED = 5_000;

/** A failure that may pass by itself; it was reported, and is worth another try. */
export class Transient extends Error {
  constructor(cause: unknown) {
    super('what failed may pass by itself', { cause });
    this.name = 'Transient';
  }
}

/**
 * Writes the check runs of commits: the required one in progress as soon as something is known to be proposed, the
 * others queued, all completed with the verdict. Whatever happens, none stays open or turns green without a verdict.
 */
export class VerdictWriter {
  readonly #log: Log;
  readonly #said = new Map<string, Said>();
  /** Required runs that were opened before their job began, by commit. */
  readonly #announced = new Map<string, Promise<number | null>>();

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Opens the required run at once, so that an older verdict on the same commit does not count while a job waits its
   * turn. What goes wrong here the job will meet again.
   */
  announce(octokit: Octokit, repository: RepositoryName, sha: string): Promise<number | null> {
    const key = keyOf(repository, sha);
    const known = this.#announced.get(key);
    if (known) return known;
    const opened = new CheckRuns(octokit, repository)
      .open(REQUIRED_CHECK, sha, 'in_progress', randomUUID())
      .catch((error: unknown) => {
        this.#log('warn', 'a check run could not be opened', { ...repository, error: String(error) });
        return null;
      });
    this.#announced.set(key, opened);
    this.#said.delete(key);
    return opened;
  }

  /** Closes a run that was opened for something that is not judged after all. */
  async withdraw(octokit: Octokit, repository: RepositoryName, sha: string, why: string): Promise<void> {
    const run = await this.#takeAnnounced(repository, sha);
    if (run === null) return;
    const output = { conclusion: 'cancelled', title: 'Not judged', summary: why, annotations: [] } as const;
    await new CheckRuns(octokit, repository).complete(run, output);
  }

  /** The external id that the completed required run of a commit has, when this process wrote it. */
  lastSaid(repository: RepositoryName, sha: string): string | null {
    return this.#said.get(keyOf(repository, sha))?.externalId ?? null;
  }

  /**
   * @throws Transient when the failed verdict that was written may heal by itself
   * @throws Error when nothing could be written
   */
  async write(task: Task): Promise<void> {
    const { octokit, repository, sha, signal } = task;
    const runs = new CheckRuns(octokit, repository);
    const id = randomUUID();
    const said = this.#said.get(keyOf(repository, sha));
    if (task.quiet && said && !this.#announced.has(keyOf(repository, sha))) {
      await this.#writeIfOther(task, id, said);
      return;
    }
    const required =
      (await this.#takeAnnounced(repository, sha)) ??
      (await runs.open(REQUIRED_CHECK, sha, 'in_progress', id));
    this.#said.delete(keyOf(repository, sha));
    const others = new Map<string, number>();
    try {
      await Promise.all(
        task.checks.map(async (check) => {
          others.set(check, await runs.open(checkRunName(check), sha, 'queued', id));
        }),
      );
      const outcome = await task.judge();
      signal.throwIfAborted();
      await this.#complete(task, runs, { id, required, others }, outcome);
    } catch (error) {
      await this.#fail(task, runs, { id, required, others }, error);
    }
  }

  async #writeIfOther(task: Task, id: string, said: Said): Promise<void> {
    const { repository, sha, signal } = task;
    let outcome: Outcome;
    try {
      outcome = await task.judge();
      signal.throwIfAborted();
    } catch (error) {
      // A newer job looks again, or the next start; any other failure is told like every other.
      if (signal.aborted) return;
      await this.write({ ...task, quiet: false, judge: () => Promise.reject(error) });
      return;
    }
    if (digestOf(outcome.judged) === said.shown) {
      this.#remember(repository, sha, { ...said, externalId: externalIdOf(id, outcome) });
      return;
    }
    await this.write({ ...task, quiet: false, judge: async () => outcome });
  }

  async #complete(
    { repository, sha }: Task,
    runs: CheckRuns,
    opened: { id: string; required: number; others: ReadonlyMap<string, number> },
    outcome: Outcome,
  ): Promise<void> {
    await Promise.all(
      [...opened.others].map(([check, run]) => runs.complete(run, checkOutput(outcome.judged, check))),
    );
    const externalId = externalIdOf(opened.id, outcome);
    await runs.complete(opened.required, requiredOutput(outcome.judged), externalId);
    this.#remember(repository, sha, { externalId, shown: digestOf(outcome.judged) });
  }

  async #fail(
    task: Task,
    runs: CheckRuns,
    opened: { id: string; required: number; others: ReadonlyMap<string, number> },
    error: unknown,
  ): Promise<void> {
    const output = this.#outputOf(error, opened.id, task);
    const ended = await Promise.allSettled(
      [opened.required, ...opened.others.values()].map((run) => runs.complete(run, output)),
    );
    const lost = ended.find((one) => one.status === 'rejected');
    if (lost) throw new AggregateError([error, lost.reason], 'the verdict could not be written');
    if (!task.signal.aborted && isTransient(error)) throw new Transient(error);
  }

  #outputOf(error: unknown, id: string, { repository, signal }: Task): CheckRunOutput {
    if (signal.aborted && signal.reason instanceof Superseded) {
      const summary = 'A newer push or request took the place of this run.';
      return { conclusion: 'cancelled', title: 'Superseded', summary, annotations: [] };
    }
    if (signal.aborted && signal.reason instanceof Stopping) {
      const summary = 'The gate was stopped; it judges this commit again when it starts.';
      return { conclusion: 'cancelled', title: 'Interrupted', summary, annotations: [] };
    }
    this.#log('error', 'a verdict failed', { id, ...repository, error: describe(error) });
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

  async #takeAnnounced(repository: RepositoryName, sha: string): Promise<number | null> {
    const key = keyOf(repository, sha);
    const opened = this.#announced.get(key);
    this.#announced.delete(key);
    return opened === undefined ? null : opened;
  }

  #remember(repository: RepositoryName, sha: string, said: Said): void {
    const key = keyOf(repository, sha);
    this.#said.delete(key);
    this.#said.set(key, said);
    const oldest = this.#said.keys().next();
    if (this.#said.size > REMEMBERED && !oldest.done) this.#said.delete(oldest.value);
  }
}

/** `<uuid> <state>`: what a later start compares with the pull requests as they are then. */
function externalIdOf(id: string, { state, judged }: Outcome): string {
  const approvable = judged.some(({ verdict }) =>
    verdict.report.checks.some((check) => check.findings.some((one) => one.action === 'approve')),
  );
  return `${id} ${state}${approvable ? ' reviews' : ''}`;
}

/** Of an external id: the state it was given for, and whether reviews can change the verdict. */
export function readExternalId(externalId: string | null): { state: string; reviews: boolean } | null {
  const match = /^[0-9a-f-]{36} ([0-9a-f]{32})( reviews)?$/.exec(externalId ?? '');
  return match?.[1] === undefined ? null : { state: match[1], reviews: match[2] !== undefined };
}

/** What a verdict on a commit depends on besides the commit: every pull request of it, its base and the base's tip. */
export function stateOf(pulls: readonly { number: number; baseRef: string; tip: string }[]): string {
  const lines = pulls.map(({ number, baseRef, tip }) => `${number} ${baseRef} ${tip}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 32);
}

function digestOf(judged: readonly Judged[]): string {
  const shown = judged.map(({ label, notes, verdict: { report } }) => [
    label,
    notes ?? [],
    report.conclusion,
    report.checks.map((check) => ({ ...check, durationMs: 0 })),
    report.signatures,
    report.diff,
  ]);
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex');
}

function isTransient(error: unknown): boolean {
  if (error instanceof GitHubError) return error.code === 'unavailable' || error.code === 'rate-limited';
  return error instanceof GateError && (error.code === 'git-failed' || error.code === 'timeout');
}

function keyOf({ owner, repo }: RepositoryName, sha: string): string {
  return `${owner}/${repo}@${sha}`.toLowerCase();
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
