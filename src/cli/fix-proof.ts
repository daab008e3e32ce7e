import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { RenderEdited, RenderTogether } from '../checks/policies/index.js';
import { loadConfig } from '../config/index.js';
import { GateError } from '../contract/index.js';
import { EditedTree, openRepository, type Repository, type Tree } from '../git/index.js';
import { openRenderedChange } from '../render/index.js';

type OpenChange = Awaited<ReturnType<typeof openRenderedChange>>;

/** Targets that are rendered to prove the fixes of one file. */
const MOST_TARGETS = 500;

/** What fixes of files in a folder are proved by. */
export interface FixProof {
  rendered: RenderEdited;
  renderedTogether: RenderTogether;
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
  const open = (result: Tree, base: Tree = tree): Promise<OpenChange> =>
    openRenderedChange({
      change: { base: { commit, tree: base }, head: { commit, tree: result }, result },
      config,
      signal,
    });
  // files that are as the last commit has them are looked at in one change, whose targets are found once
  let committed: Promise<OpenChange> | null = null;
  return {
    async rendered(file, before, after, most = MOST_TARGETS) {
      const place = path.posix.join(within, file);
      const isCommitted = await holds(tree, place, before);
      if (isCommitted) committed ??= open(tree);
      const change = await (isCommitted && committed !== null
        ? committed
        : open(new EditedTree(tree, new Map([[place, before]]))));
      try {
        const targets = await change.edited(place, after, most);
        return targets === null ? null : { path: place, targets };
      } finally {
        if (!isCommitted) await change.close();
      }
    },
    async renderedTogether(files) {
      const placed = files.map((file) => ({ ...file, path: path.posix.join(within, file.path) }));
      const sideOf = (side: 'before' | 'after'): Tree =>
        new EditedTree(tree, new Map(placed.map((file) => [file.path, file[side]])));
      const change = await open(sideOf('after'), sideOf('before'));
      try {
        const reached = (await change.reached()).map(({ target, base, result }) => ({
          target,
          before: base,
          after: result,
        }));
        const paths = placed.map((file) => file.path);
        return reached.length > MOST_TARGETS ? null : { paths, targets: reached };
      } finally {
        await change.close();
      }
    },
    async close() {
      // one that could not be opened was told of when it was asked for
      await (await committed?.catch(() => null))?.close();
      await repository.close();
    },
  };
}

/** True where a file of a tree holds a text. */
async function holds(tree: Tree, file: string, content: string): Promise<boolean> {
  if (!(await tree.files()).has(file)) return false;
  return (await tree.read(file)).equals(Buffer.from(content));
}

async function headOf(repository: Repository): Promise<string | null> {
  try {
    return await repository.resolve('HEAD');
  } catch (error) {
    if (error instanceof GateError && error.code === 'unknown-revision') return null;
    throw error;
  }
}

/**
 * The same, opened with the first fix to be proved. Where the repository cannot be read or rendered nothing is proved: its
 * fixes are not offered, and what is wrong with it is not this command's to say.
 */
export function lazyFixProof(folder: string, signal: AbortSignal): FixProof {
  let opened: Promise<FixProof | null> | null = null;
  return {
    async rendered(file, before, after, most) {
      try {
        opened ??= openFixProof(folder, signal);
        const proof = await opened;
        return proof === null ? { path: file, targets: [] } : await proof.rendered(file, before, after, most);
      } catch (error) {
        if (error instanceof GateError) return null;
        throw error;
      }
    },
    async renderedTogether(files) {
      opened ??= openFixProof(folder, signal);
      const proof = await opened;
      return proof === null
        ? { paths: files.map((file) => file.path), targets: [] }
        : await proof.renderedTogether(files);
    },
    async close() {
      const proof = await opened?.catch(() => null);
      await proof?.close();
    },
  };
}
