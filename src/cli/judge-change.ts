import path from 'node:path';
import type { CheckName, Verdict } from '../contract/index.js';
import { type ErrorRecord, judgeRepository } from '../gate/index.js';
import type { Repository } from '../git/index.js';
import type { KeptRenders } from './kept-renders.js';
import { remoteCredentials } from './remote-credentials.js';
import { packageVersion } from './version.js';

/** A change to judge, as the command line knows it. */
export interface Judgement {
  /** Revisions; the base defaults to the remote's default branch, the head to HEAD. */
  base?: string;
  /** The branch, where `base` is a bare commit id. */
  baseName?: string | undefined;
  head?: string;
  /** A configuration on disk that replaces the base's. */
  config?: string;
  only?: readonly CheckName[];
  /** Revisions: heads of the pull requests that a merge queue's group is made of, in its order. */
  queue?: readonly string[] | undefined;
  /** Where renders are kept; nowhere when absent. */
  kept?: KeptRenders | undefined;
  /** False to bring no charts from elsewhere. */
  fetch?: boolean;
  /** Renders every target, not only what the change reaches. */
  all?: boolean;
  now: Date;
  signal: AbortSignal;
  /** Told what is being done. */
  say: (text: string) => void;
}

/** A verdict, and what is known of errors that no check expected. */
export interface Judged {
  verdict: Verdict;
  errors: readonly ErrorRecord[];
}

/**
 * The gate over one change of a repository, exactly as every door runs it, with its progress told.
 * @throws GateError when the call is wrong: an unknown revision, a `--config` that cannot be obeyed
 */
export async function judgeChange(repository: Repository, judgement: Judgement): Promise<Judged> {
  const { base, baseName, head, config, only, queue, kept, fetch, all, now, signal, say } = judgement;
  const errors: ErrorRecord[] = [];
  const running = new Set<CheckName>();
  const verdict = await judgeRepository(repository, {
    base,
    baseName,
    head,
    config: config === undefined ? undefined : path.resolve(config),
    only,
    unjudgedQueue: queue,
    cache: kept,
    fetch,
    credentials: remoteCredentials(),
    all,
    now,
    signal,
    version: packageVersion(),
    log: (record) => errors.push(record),
    progress: (check, state) => {
      if (state === 'started') running.add(check);
      else running.delete(check);
      if (running.size > 0) say(`judging ${[...running].join(', ')}`);
    },
  });
  // who interrupts wants no answer, least of all half of one
  signal.throwIfAborted();
  return { verdict, errors };
}
