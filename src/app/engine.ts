import { join } from 'node:path';
import { type LoadedConfig, loadConfig } from '../config/index.js';
import { GateError } from '../contract/index.js';
import { applyApprovals, CHECKS, judgeRepository } from '../gate/index.js';
import { openRepository, type Repository } from '../git/index.js';
import { credentialsFromFile } from '../render/index.js';
import type { Engine } from './judge.js';
import type { Log } from './log.js';

/** Names the file with credentials for charts and bases that the gate fetches. */
const CREDENTIALS = 'GITOPS_GATE_CREDENTIALS';

/** The gate itself behind the App: what it judges in a mirror, the command line would judge alike in a clone. */
export function gateEngine(options: { version: string; data: string; log: Log }): Engine {
  const credentials = credentialsFromFile(process.env[CREDENTIALS], CREDENTIALS);
  const within = async <T>(gitDir: string, work: (repository: Repository) => Promise<T>): Promise<T> => {
    const repository = await openRepository(gitDir);
    try {
      return await work(repository);
    } finally {
      await repository.close();
    }
  };
  return {
    judge: ({ gitDir, base, head, baseName, repository: { owner, repo }, urls, now, signal, texts, queue }) =>
      within(gitDir, (repository) =>
        judgeRepository(repository, {
          base,
          head,
          baseName,
          sandbox: 'required',
          urls,
          texts,
          queue,
          cache: { folder: join(options.data, 'rendered'), repository: `${owner}/${repo}`.toLowerCase() },
          credentials,
          now,
          version: options.version,
          signal,
          log: (record) => options.log('error', 'a check failed', { ...record }),
        }),
      ),
    approve: applyApprovals,
    governed: (gitDir, commit) =>
      within(gitDir, async (repository) => (await configAt(repository, commit))?.config.branches ?? null),
    checks: (gitDir, commit) =>
      within(gitDir, async (repository) => {
        const config = await configAt(repository, commit);
        return CHECKS.map(({ name }) => name).filter((name) => config?.config[name].mode !== 'off');
      }),
    has: (gitDir, commit) =>
      within(gitDir, async (repository) => {
        try {
          return (await repository.resolve(commit)) === commit;
        } catch (error) {
          if (error instanceof GateError) return false;
          throw error;
        }
      }),
    resolve: (gitDir, ref) => within(gitDir, (repository) => repository.resolve(ref)),
  };
}

/** The configuration at a commit; null when it is broken: then the gate judges, and closes with its error. */
async function configAt(repository: Repository, commit: string): Promise<LoadedConfig | null> {
  const { tree } = await repository.readCommit(commit);
  try {
    return await loadConfig(await repository.tree(tree), { commit });
  } catch (error) {
    if (error instanceof GateError && error.code === 'config') return null;
    throw error;
  }
}
