import type { Octokit } from '@octokit/rest';
import { type Finding, type Suggestion, suggestionDiff } from '../contract/index.js';
import { GitHubError } from './errors.js';

/** The check run that branch protection requires, and the names of the others beside it. */
export const REQUIRED_CHECK = 'gitops-gate';

/** `gitops-gate / secrets` */
export function checkRunName(check: string): string {
  return `${REQUIRED_CHECK} / ${check}`;
}

/** GitHub's limits (docs.github.com, REST: check runs). */
export const CHECK_RUN_LIMITS = {
  annotationsARequest: 50,
  annotations: 1_000,
  message: 64 * 1024,
  rawDetails: 64 * 1024,
  title: 255,
  output: 65_535,
} as const;

export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: 'notice' | 'warning' | 'failure';
  message: string;
  title: string;
  /** The suggested change as a diff, where there is one. */
  raw_details?: string;
}

export type CheckRunConclusion = 'success' | 'failure' | 'cancelled';

/** What a completed check run shows. */
export interface CheckRunOutput {
  conclusion: CheckRunConclusion;
  title: string;
  summary: string;
  text?: string;
  annotations: readonly Annotation[];
}

/** `owner/name`, split. */
export interface RepositoryName {
  owner: string;
  repo: string;
}

const LEVELS = { fix: 'failure', approve: 'warning', inform: 'notice' } as const;
const RANK = { fix: 0, approve: 1, inform: 2 } as const;

/**
 * Annotations of findings that have a place, the worst first. What is suppressed or already approved is left out:
 * nobody has to act on it.
 */
export function annotationsOf(findings: readonly Finding[]): Annotation[] {
  return findings
    .filter((one) => one.path !== null && one.suppressed === null && one.approvedBy === null)
    .toSorted((a, b) => RANK[a.action] - RANK[b.action])
    .slice(0, CHECK_RUN_LIMITS.annotations)
    .map((one) => ({
      path: (one.path ?? '').toWellFormed(),
      start_line: one.line ?? 1,
      end_line: Math.max(one.endLine ?? 1, one.line ?? 1),
      annotation_level: LEVELS[one.action],
      message: cut(visible(`${one.message}\n\n${one.help}`), CHECK_RUN_LIMITS.message),
      title: cut(visible(one.ruleId), CHECK_RUN_LIMITS.title),
      ...(one.suggestion === null ? {} : rawDetailsOf(one.suggestion)),
    }));
}

/** A diff that would be cut is none to apply. */
function rawDetailsOf(suggestion: Suggestion): { raw_details: string } | Record<string, never> {
  const diff = visible(suggestionDiff(suggestion));
  return Buffer.byteLength(diff) > CHECK_RUN_LIMITS.rawDetails
    ? {}
    : { raw_details: `Suggested change:\n${diff}` };
}

/** Control, bidirectional and invisible characters as `\u{..}`: an annotation is plain text, but must not lie. */
function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\P{C}\n\t]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? '0'}}`);
}

function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const kept = Buffer.from(text)
    .subarray(0, bytes - 4)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
  return `${kept}…`;
}

/** Writes check runs with as few requests as the limits allow. */
export class CheckRuns {
  readonly #octokit: Octokit;
  readonly #repository: RepositoryName;

  constructor(octokit: Octokit, repository: RepositoryName) {
    this.#octokit = octokit;
    this.#repository = repository;
  }

  /** Opens a run on a commit and gives its id. */
  async open(
    name: string,
    sha: string,
    status: 'queued' | 'in_progress',
    externalId: string,
  ): Promise<number> {
    const { data } = await this.#octokit.rest.checks.create({
      ...this.#repository,
      name,
      head_sha: sha,
      status,
      external_id: externalId,
      ...(status === 'in_progress' ? { started_at: new Date().toISOString() } : {}),
    });
    return data.id;
  }

  async progress(id: number): Promise<void> {
    await this.#octokit.rest.checks.update({
      ...this.#repository,
      check_run_id: id,
      status: 'in_progress',
      started_at: new Date().toISOString(),
    });
  }

  /**
   * Completes a run. Annotations beyond fifty go first, in requests of their own while the run is still open, so
   * that the conclusion appears only when everything is there. Where GitHub takes exception to an annotation, the
   * verdict is written without any: the summary has it all.
   */
  async complete(id: number, output: CheckRunOutput, externalId?: string): Promise<void> {
    try {
      await this.#complete(id, output, externalId);
    } catch (error) {
      if (!(error instanceof GitHubError) || error.code !== 'invalid' || output.annotations.length === 0)
        throw error;
      await this.#complete(id, { ...output, annotations: [] }, externalId);
    }
  }

  async #complete(id: number, output: CheckRunOutput, externalId: string | undefined): Promise<void> {
    const shown = {
      title: cut(visible(output.title), CHECK_RUN_LIMITS.title),
      summary: cut(output.summary, CHECK_RUN_LIMITS.output),
      ...(output.text === undefined ? {} : { text: cut(output.text, CHECK_RUN_LIMITS.output) }),
    };
    const batches = batchesOf(output.annotations, CHECK_RUN_LIMITS.annotationsARequest);
    const last = batches.pop() ?? [];
    for (const annotations of batches) {
      await this.#octokit.rest.checks.update({
        ...this.#repository,
        check_run_id: id,
        output: { ...shown, annotations },
      });
    }
    await this.#octokit.rest.checks.update({
      ...this.#repository,
      check_run_id: id,
      status: 'completed',
      conclusion: output.conclusion,
      ...(externalId === undefined ? {} : { external_id: externalId }),
      completed_at: new Date().toISOString(),
      output: { ...shown, annotations: last },
    });
  }

  /** The newest run of a name by this app on a commit, or null. */
  async latest(
    name: string,
    sha: string,
    appId: number,
  ): Promise<{ id: number; status: string; conclusion: string | null; externalId: string | null } | null> {
    const { data } = await this.#octokit.rest.checks.listForRef({
      ...this.#repository,
      ref: sha,
      check_name: name,
      app_id: appId,
      filter: 'latest',
    });
    const run = data.check_runs[0];
    return run
      ? { id: run.id, status: run.status, conclusion: run.conclusion, externalId: run.external_id }
      : null;
  }
}

function batchesOf<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
}
