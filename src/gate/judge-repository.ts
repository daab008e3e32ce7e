import {
  defaultConfig,
  type LoadedConfig,
  loadConfig,
  loadConfigFile,
  type TrustedConfig,
} from '../config/index.js';
import { type CheckName, GateError, Redactor, type Verdict } from '../contract/index.js';
import type { Change, Repository } from '../git/index.js';
import { type Credentials, openRenderedChange, secretsOf } from '../render/index.js';
import { judge } from './judge.js';
import { branchText, type ProposalText } from './proposal-text.js';
import { judgeQueueHeads, type QueueHeads } from './queue-heads.js';
import type { ErrorLog } from './run-check.js';

/** A change of a repository, as a door knows it. */
export interface RepositoryChange {
  /** Revisions; the base defaults to the remote's default branch, the head to HEAD. */
  base?: string | undefined;
  head?: string | undefined;
  /** What the base is called, for people, where `base` is a bare commit id. */
  baseName?: string | undefined;
  /** Absolute path of a configuration on disk that replaces the base's. */
  config?: string | undefined;
  only?: readonly CheckName[] | undefined;
  /** By fingerprint: who approved that finding. */
  approvals?: ReadonlyMap<string, string> | undefined;
  /** `required` for the App and every fork, whatever the configuration says. */
  sandbox?: 'required' | undefined;
  /** This repository's own URLs; by default those of its remotes. */
  urls?: readonly string[] | undefined;
  /** Folder that keeps what was rendered, bound to the repository. */
  cache?: { folder: string; repository: string } | undefined;
  /** False to bring no charts from elsewhere, whatever `diff.remotes` of the base allows. */
  fetch?: boolean | undefined;
  /** By host, for what is fetched: of the operator's own settings, never of the repository's. */
  credentials?: ReadonlyMap<string, Credentials> | undefined;
  /** Renders every target, not only those that the change can reach. */
  all?: boolean | undefined;
  /** The packaged renderers' archive, for a door that is installed without the package. */
  toolsArchive?: string | undefined;
  /** What people wrote beside the commits (a pull request's title and body), scanned for secrets. */
  texts?: readonly ProposalText[] | undefined;
  /** For a merge queue's group: heads of its pull requests that were found open. */
  queue?: readonly string[] | undefined;
  /** The same for a door that has judged none of them: revisions, whose signatures are judged before the group. */
  unjudgedQueue?: readonly string[] | undefined;
  now: Date;
  /** Version of the tool. */
  version: string;
  signal: AbortSignal;
  log?: ErrorLog | undefined;
  progress?: ((check: CheckName, state: 'started' | 'done') => void) | undefined;
}

/**
 * The gate over one change of a repository, exactly as every door runs it: the change is opened, the base's
 * configuration read (or the file's), what it reaches rendered when a check first asks, and all of it judged.
 * @throws GateError when the call is wrong: an unknown revision, a configuration file that cannot be obeyed
 */
export async function judgeRepository(repository: Repository, wanted: RepositoryChange): Promise<Verdict> {
  const base = wanted.base ?? (await repository.defaultBase()).ref;
  const change = await repository.openChange({ base, head: wanted.head });
  try {
    const config = await configOf(change, wanted.baseName ?? base, wanted.config);
    const settings: TrustedConfig =
      config instanceof GateError ? defaultConfig(change.base.tree, 'the configuration is broken') : config;
    const repositoryUrls = wanted.urls ?? repository.remoteUrls();
    const branch = branchOf(repository, wanted.baseName, base);
    const rendered = await openRenderedChange({
      change,
      config: settings.config,
      repositoryUrls,
      sandbox: wanted.sandbox,
      cache: wanted.cache,
      branch,
      fetch: wanted.fetch === false ? undefined : { credentials: wanted.credentials },
      all: wanted.all,
      toolsArchive: wanted.toolsArchive,
      signal: wanted.signal,
    });
    const queued = await queuedHeads(repository, wanted, base);
    const redactor = new Redactor();
    // A host that was told them could write them into a chart.
    for (const secret of secretsOf(wanted.credentials ?? new Map())) redactor.add(secret);
    try {
      return await judge({
        change,
        config,
        rendered,
        now: wanted.now,
        version: wanted.version,
        redactor,
        only: wanted.only ?? null,
        approvals: wanted.approvals,
        texts: [
          ...(wanted.texts ?? []),
          ...headName(repository, wanted.head).map((name) => branchText(name)),
        ],
        ...queued,
        repositoryUrls,
        isGoverned: (commit) =>
          repository.reaches(governedTips(repository, change, settings, branch), commit),
        signal: wanted.signal,
        log: wanted.log,
        progress: wanted.progress,
      });
    } finally {
      await rendered.close();
    }
  } finally {
    await change.close();
  }
}

/** The name that the head goes by, where it is one of people's making. */
function headName(repository: Repository, revision: string | undefined): string[] {
  const name = revision === undefined || revision === 'HEAD' ? repository.currentBranch() : revision;
  return name === null || /^[0-9a-f]{7,64}$|^HEAD/.test(name)
    ? []
    : [name.replace(/^refs\/(?:heads|remotes)\//, '')];
}

/** The heads of a merge queue's group, judged here where the door has not. */
async function queuedHeads(
  repository: Repository,
  wanted: RepositoryChange,
  base: string,
): Promise<{ queue?: readonly string[] | undefined; queueRefused?: QueueHeads['refused'] }> {
  const { queue, unjudgedQueue = [], only } = wanted;
  if (unjudgedQueue.length === 0 || only?.includes('signatures') === false) return { queue };
  const nothingElse = { texts: undefined, all: undefined, progress: undefined, unjudgedQueue: undefined };
  const judged = await judgeQueueHeads(unjudgedQueue, (head) =>
    judgeRepository(repository, { ...wanted, ...nothingElse, base, head, only: ['signatures'] }),
  );
  return { queue: [...(queue ?? []), ...judged.queue], queueRefused: judged.refused };
}

/** The branch that the base is: the one the door names, else the one its revision names; undefined for a mere commit. */
function branchOf(repository: Repository, said: string | undefined, revision: string): string | undefined {
  const name = said ?? revision;
  const full = /^refs\/(?:heads|remotes\/[^/]+)\/(.+)$/.exec(name)?.[1];
  if (full !== undefined) return full;
  if (/^[0-9a-f]{7,64}$/.test(name) || name === '') return undefined;
  if (said !== undefined) return name;
  // `HEAD~1` and tags are no branches; `main` and `origin/main` are where the repository has them.
  if (repository.refs().has(`refs/heads/${name}`)) return name;
  return repository.refs().has(`refs/remotes/${name}`) ? name.replace(/^[^/]+\//, '') : undefined;
}

/**
 * The commits that governed branches point to: the base itself, where it is such a branch, and the branches of these
 * names of `origin` (of the only remote). Local branches hold what was never reviewed, other remotes are forks.
 */
function governedTips(
  repository: Repository,
  change: Change,
  { config }: TrustedConfig,
  branch: string | undefined,
): string[] {
  const names = config.branches ?? (branch === undefined ? [] : [branch]);
  const tips = branch !== undefined && names.includes(branch) ? [change.base.commit] : [];
  const remotes = [...repository.remotes().keys()];
  const remote = remotes.length === 1 ? remotes[0] : 'origin';
  for (const name of names) {
    const tip = repository.refs().get(`refs/remotes/${remote}/${name}`);
    if (tip !== undefined) tips.push(tip);
  }
  return [...new Set(tips)];
}

/** The base's configuration, or the error with which the gate closes; a file that somebody names must be right. */
async function configOf(
  change: Change,
  ref: string,
  file: string | undefined,
): Promise<LoadedConfig | GateError> {
  if (file !== undefined) return loadConfigFile(file);
  try {
    return await loadConfig(change.base.tree, { ref, commit: change.base.commit });
  } catch (error) {
    if (error instanceof GateError && error.code === 'config') return error;
    throw error;
  }
}
