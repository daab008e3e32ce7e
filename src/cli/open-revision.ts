import path from 'node:path';
import { type LoadedConfig, loadConfig, loadConfigFile } from '../config/index.js';
import { openRepository, type Repository, type Tree } from '../git/index.js';
import type { RenderOptions } from '../render/index.js';
import type { KeptRenders } from './kept-renders.js';
import { remoteCredentials } from './remote-credentials.js';

/** One revision of a repository, and the configuration that it is read by. */
export interface OpenRevision {
  repository: Repository;
  commit: string;
  tree: Tree;
  config: LoadedConfig;
}

/**
 * Opens a repository at a revision, hands it over, and closes it whatever happens.
 * @throws GateError as `openRepository`, `resolve` and `loadConfig` do
 */
export async function withRevision<T>(
  options: { repo: string; rev: string; config?: string },
  use: (revision: OpenRevision) => Promise<T>,
): Promise<T> {
  const repository = await openRepository(options.repo);
  try {
    const commit = await repository.resolve(options.rev);
    const tree = await repository.tree(commit);
    const config =
      options.config === undefined
        ? await loadConfig(tree, { ref: options.rev, commit })
        : await loadConfigFile(path.resolve(options.config));
    return await use({ repository, commit, tree, config });
  } finally {
    await repository.close();
  }
}

/** How the command line renders: by the configuration, with the tools and the sandbox that this machine has. */
export function renderOptions(
  { repository, config }: Pick<OpenRevision, 'repository' | 'config'>,
  { kept, fetch, signal }: { kept: KeptRenders | undefined; fetch: boolean; signal: AbortSignal },
): RenderOptions {
  return {
    config: config.config,
    repositoryUrls: repository.remoteUrls(),
    commitTree: (commit) => repository.tree(commit),
    cache: kept,
    fetch: fetch ? { credentials: remoteCredentials() } : undefined,
    signal,
  };
}
