import path from 'node:path';
import {
  defaultConfig,
  type LoadedConfig,
  loadConfig,
  loadConfigFile,
  type TrustedConfig,
} from '../config/index.js';
import { type CheckName, GateError, Redactor, type Verdict } from '../contract/index.js';
import { type ErrorRecord, judge, policyPacks } from '../gate/index.js';
import type { Change, Repository } from '../git/index.js';
import { openRenderedChange } from '../render/index.js';
import { packageVersion } from './version.js';

/** A change to judge, as the command line knows it. */
export interface Judgement {
  /** Revisions; the base defaults to the remote's default branch, the head to HEAD. */
  base?: string;
  head?: string;
  /** A configuration on disk that replaces the base's. */
  config?: string;
  only?: readonly CheckName[];
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
 * The gate over one change of a repository, exactly as every door runs it.
 * @throws GateError when the call is wrong: an unknown revision, a `--config` that cannot be obeyed
 */
export async function judgeChange(repository: Repository, judgement: Judgement): Promise<Judged> {
  const base = judgement.base ?? (await repository.defaultBase()).ref;
  const change = await repository.openChange({ base, head: judgement.head });
  try {
    const config = await configOf(change, base, judgement.config);
    return await judgeOpen(repository, change, config, judgement);
  } finally {
    await change.close();
  }
}

async function judgeOpen(
  repository: Repository,
  change: Change,
  config: LoadedConfig | GateError,
  { now, only, signal, say }: Judgement,
): Promise<Judged> {
  const settings: TrustedConfig =
    config instanceof GateError ? defaultConfig(change.base.tree, 'the configuration is broken') : config;
  const rendered = await openRenderedChange({
    change,
    config: settings.config,
    repositoryUrls: repository.remoteUrls(),
    signal,
  });
  const errors: ErrorRecord[] = [];
  const running = new Set<CheckName>();
  try {
    const verdict = await judge({
      change,
      config,
      rendered,
      now,
      only: only ?? null,
      version: packageVersion(),
      packs: await policyPacks(),
      redactor: new Redactor(),
      signal,
      log: (record) => errors.push(record),
      progress: (check, state) => {
        if (state === 'started') running.add(check);
        else running.delete(check);
        if (running.size > 0) say(`judging ${[...running].join(', ')}`);
      },
    });
    return { verdict, errors };
  } finally {
    await rendered.close();
  }
}

/** The base's configuration, or the error with which the gate closes; a file that the user names must be right. */
async function configOf(
  change: Change,
  ref: string,
  file: string | undefined,
): Promise<LoadedConfig | GateError> {
  if (file !== undefined) return loadConfigFile(path.resolve(file), { packs: await policyPacks() });
  try {
    return await loadConfig(change.base.tree, {
      ref,
      commit: change.base.commit,
      packs: await policyPacks(),
    });
  } catch (error) {
    if (error instanceof GateError && error.code === 'config') return error;
    throw error;
  }
}
