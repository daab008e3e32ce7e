import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GateError } from '../contract/index.js';
import { addedLinesOf } from './added-lines.js';
import { blobsOf } from './blob-source.js';
import type { AddedLines, FileChange } from './change.js';
import { gitFailed, runGit } from './git-process.js';
import { GitTree } from './git-tree.js';
import { isObjectId } from './object-id.js';
import type { ObjectStore } from './object-store.js';
import type { RepositoryLocation } from './repository-location.js';

/** What reading the index needs of its repository. */
export interface StagedSource {
  readonly store: ObjectStore;
  refs(): ReadonlyMap<string, string>;
  diff(before: string, after: string): Promise<readonly FileChange[]>;
}

/** The index against HEAD. */
export interface StagedChange {
  /** Tree of HEAD; the empty tree before the first commit. */
  head: GitTree;
  index: GitTree;
  files(): Promise<readonly FileChange[]>;
  addedLines(): Promise<readonly AddedLines[]>;
}

/**
 * Writes the tree of the index, from a copy of the index and into the gate's own object store: the repository's
 * index is neither locked nor refreshed.
 */
export async function stagedChange(
  repository: StagedSource,
  gitDir: string,
  location: RepositoryLocation,
  indexFile: string | null,
): Promise<StagedChange> {
  const { store } = repository;
  const headId = repository.refs().get('HEAD');
  const headTree = headId === undefined ? store.emptyTree : (await store.commit(headId)).tree;
  const source = indexFile === null ? join(location.gitDir, 'index') : resolve(location.shown, indexFile);
  const indexTree = existsSync(source) ? await writeTree(gitDir, source) : store.emptyTree;
  const files = (): Promise<readonly FileChange[]> => repository.diff(headTree, indexTree);
  return {
    head: new GitTree(store, headTree),
    index: new GitTree(store, indexTree),
    files,
    addedLines: async () => addedLinesOf([await files()], blobsOf(store)),
  };
}

async function writeTree(gitDir: string, source: string): Promise<string> {
  const copy = join(gitDir, 'index');
  try {
    copyFileSync(source, copy);
    // A split index keeps its bulk in files beside it.
    for (const name of readdirSync(dirname(source))) {
      if (/^sharedindex\.[0-9a-f]+$/.test(name))
        copyFileSync(join(dirname(source), name), join(gitDir, name));
    }
  } catch (cause) {
    throw new GateError('git-failed', 'the index cannot be read', { cause });
  }
  const { status, stdout, stderr } = await runGit(gitDir, ['write-tree', '--missing-ok'], {
    environment: { GIT_INDEX_FILE: copy },
  });
  const tree = stdout.toString('latin1').trim();
  if (status !== 0 || !isObjectId(tree)) {
    if (/unmerged/.test(stderr)) {
      throw new GateError('git-failed', 'the index holds conflicts: resolve them and `git add` the files');
    }
    throw gitFailed('the index cannot be read', stderr);
  }
  return tree;
}
