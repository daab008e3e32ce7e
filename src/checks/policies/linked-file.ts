import { posix } from 'node:path';
import type { Tree } from '../../git/index.js';

/** Links that lead to links are followed so far. */
const MOST_HOPS = 5;
/** Bytes of a path that Linux follows. */
const LONGEST = 4096;

/**
 * The file of a tree that a path leads to, symlinks followed inside of the tree: what `kubectl apply -f` reads under the
 * name. Null where it leads out of the tree, to nothing that is a file, or round in circles.
 */
export async function fileBehind(tree: Tree, path: string): Promise<string | null> {
  const files = await tree.files();
  let current = path;
  for (let hop = 0; hop <= MOST_HOPS; hop += 1) {
    const file = files.get(current);
    if (file === undefined || file.mode === 'submodule') return null;
    if (file.mode !== 'symlink') return current;
    if ((await tree.size(current)) > LONGEST) return null;
    const to = (await tree.read(current)).toString('utf8');
    if (to.startsWith('/')) return null;
    current = posix.normalize(posix.join(posix.dirname(current), to));
  }
  return null;
}
