import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loginOf, proposeSigners } from '../checks/signatures/index.js';
import { type Proposal, proposeConfig } from '../config/index.js';
import { GateError } from '../contract/index.js';
import { openRepository } from '../git/index.js';
import { errorCode } from './error-code.js';
import type { GitHubKeys } from './github-keys.js';

/** What to look at, and whether GitHub may be asked for keys. */
export interface ProposalOptions {
  repo: string;
  rev: string;
  history: number;
  /** The server to ask; without it nothing is asked of the network. */
  github?: string;
  signal: AbortSignal;
}

/** Proposes a configuration for what a revision holds and who signed its history. */
export async function propose(options: ProposalOptions): Promise<Proposal & { failed: readonly string[] }> {
  const repository = await openRepository(options.repo);
  try {
    const commit = await repository.resolve(options.rev);
    const ids = await repository.log(commit, options.history);
    const commits = await Promise.all(ids.map((id) => repository.readCommit(id)));
    const branch = repository.currentBranch()?.replace(/^refs\/heads\//, '') ?? null;
    const logins = commits.map(({ committer }) => loginOf(committer.email)).filter((login) => login !== null);
    const keys = await publishedKeys(options, logins);
    const proposal = await proposeConfig({
      tree: await repository.tree(commit),
      signers: proposeSigners(commits, keys.published),
      remotes: repository.remoteUrls(),
      branch,
    });
    return { ...proposal, failed: keys.failed };
  } finally {
    await repository.close();
  }
}

async function publishedKeys(options: ProposalOptions, logins: readonly string[]): Promise<GitHubKeys> {
  if (options.github === undefined) return { published: new Map(), failed: [] };
  const { fetchGitHubKeys } = await import('./github-keys.js');
  return fetchGitHubKeys(options.github, logins, options.signal);
}

/**
 * Writes a proposal into the work tree. The repository may be anybody's: no link of it is followed.
 * @returns the file written
 * @throws GateError `usage` when there is one already and `force` is not given, or no work tree
 */
export async function writeProposal(
  proposal: Pick<Proposal, 'path' | 'config'>,
  options: { repo: string; force?: boolean },
): Promise<string> {
  const root = await workTree(path.resolve(options.repo));
  const file = path.join(root, proposal.path);
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  if (!(await lstat(folder)).isDirectory()) throw new GateError('usage', `${folder} is not a folder`);
  if (options.force === true) await rm(file, { force: true });
  try {
    await writeFile(file, proposal.config, { flag: 'wx' });
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw new GateError('usage', `cannot write ${file}`, { cause });
    throw new GateError('usage', `${file} is there already; --force replaces it, --stdout prints a new one`);
  }
  return file;
}

/** The folder above (or at) a folder that holds `.git`. */
async function workTree(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      await lstat(path.join(at, '.git'));
      return at;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
    if (path.dirname(at) === at) break;
  }
  throw new GateError('usage', `${folder} is in no work tree; --stdout prints the configuration`);
}
