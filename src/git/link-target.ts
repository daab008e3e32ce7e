import { posix } from 'node:path';

/** Links followed one after the other before a circle is assumed (Linux' MAXSYMLINKS). */
const MOST_LINKS = 40;

/** What a resolver needs to know of a tree. */
export interface LinkTree {
  /** The target of the symlink at a path, or null when there is none. */
  linkAt(path: string): string | null;
  /** A folder is one that holds a file, or a submodule; null when there is nothing of that name. */
  kindAt(path: string): 'file' | 'folder' | null;
}

/**
 * Where a symlink leads, as a path in the tree ('' for its root), following others on the way; or why it must not be
 * followed: it is absolute, climbs out (even if it comes back), leads to nothing, or in a circle.
 */
export function resolveLink(path: string, tree: LinkTree): { path: string } | { refused: string } {
  let links = 0;
  const done: string[] = [];
  let todo = path.split('/');
  while (todo.length > 0) {
    const [name = '', ...rest] = todo;
    todo = rest;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (done.length === 0) return { refused: 'it leads out of the repository' };
      done.pop();
      continue;
    }
    done.push(name);
    const target = tree.linkAt(done.join('/'));
    if (target === null) {
      const kind = tree.kindAt(done.join('/'));
      // Behind a file nothing can follow, not even `..` or a slash.
      if (kind === null || (kind === 'file' && todo.length > 0)) {
        return { refused: 'it leads to nothing in the repository' };
      }
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return { refused: 'it leads in a circle' };
    if (target === '' || target.includes('\0')) return { refused: 'its target cannot be read' };
    if (posix.isAbsolute(target) || target.includes('\\')) return { refused: 'its target is absolute' };
    if (target.length > 4096 || todo.length > 4096) return { refused: 'its target is too long' };
    done.pop();
    todo = [...target.split('/'), ...todo];
  }
  return { path: done.join('/') };
}
