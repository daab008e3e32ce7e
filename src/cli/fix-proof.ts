import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { RenderEdited } from '../checks/policies/index.js';
import { loadConfig } from '../config/index.js';
import { GateError } from '../contract/index.js';
import { EditedTree, openRepository, type Repository } from '../git/index.js';
import { openRenderedChange } from '../render/index.js';

/** Targets that are rendered to prove the fixes of one file. */
const MOST_TARGETS = 500;

/** What fixes of files in a folder are proved by. */
export interface FixProof {
  rendered: RenderEdited;
  close(): Promise<void>;
}

/**
 * Renders what the last commit renders from a file, with the file as it is in the folder and as it would be. Null where
 * the folder is in no repository, or nothing was committed yet: nothing is rendered from it then.
 * @param folder absolute path, symlinks resolved
 * @throws GateError as `loadConfig` and `openRenderedChange`
 */
export async function openFixProof(folder: string, signal: AbortSignal): Promise<FixProof | null> {
  let repository: Repository;
  try {
    repository = await openRepository(folder);
  } catch (error) {
    if (error instanceof GateError && error.code === 'not-a-repository') return null;
    throw error;
  }
  const commit = await headOf(repository);
  if (commit === null) {
    await repository.close();
    return null;
  }
  const tree = await repository.tree(commit);
  const within = path.relative(realpathSync(repository.folder), folder).split(path.sep).join('/');
  const { config } = await loadConfig(tree, { ref: 'HEAD', commit });
  return {
    async rendered(file, before, after) {
      const place = path.posix.join(within, file);
      const now = { commit, tree: new EditedTree(tree, new Map([[place, before]])) };
      const change = { base: { commit, tree }, head: now, result: now.tree };
      const open = await openRenderedChange({ change, config, signal });
      try {
        const targets = await open.edited(place, after, MOST_TARGETS);
        return targets === null ? null : { path: place, targets };
      } finally {
        await open.close();
      }
    },
    close: () => repository.close(),
  };
}

async function headOf(repository: Repository): Promise<string | null> {
  try {
    return await repository.resolve('HEAD');
  } catch (error) {
    if (error instanceof GateError && error.code === 'unknown-revision') return null;
    throw error;
  }
}
