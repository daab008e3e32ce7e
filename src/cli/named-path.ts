import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DiskTree } from '../git/index.js';

/** A file or folder that the user named, as a tree, and how its files are called from where the user is. */
export interface NamedPath {
  tree: DiskTree;
  /** A path of the tree as the user would write it. */
  shown: (inTree: string) => string;
}

/** Opens what the user named. @throws GateError `usage` when there is nothing */
export async function openNamedPath(named: string): Promise<NamedPath> {
  const tree = await DiskTree.open(named);
  const folder = (await stat(named)).isDirectory() ? named : path.dirname(named);
  return { tree, shown: (inTree) => path.join(folder, inTree) };
}
