import { posix } from 'node:path';
import type { Tree, TreeFile } from '../../git/index.js';

/** What a path leads to, symlinks followed inside the tree. `links` are the symlinks that were walked through. */
export type Resolved =
  | { kind: 'file' | 'folder'; path: string; links: readonly string[] }
  | { kind: 'missing' }
  /** It leaves the tree, or goes round in circles; `reason` is a clause for people. */
  | { kind: 'refused'; reason: string };

const LINK_BYTES = 4096;
const MOST_LINKS_FOLLOWED = 40;
const MOST_LINKS = 20_000;

/** A folder's children by name. */
type Folder = Map<string, 'file' | 'folder' | 'link' | 'submodule'>;

/**
 * A tree with its folders and symlinks known, so that paths are resolved as a file system would, but never out of the
 * tree. Paths have forward slashes and no leading one; the root is ''.
 */
export class TreeView {
  readonly tree: Tree;
  readonly files: ReadonlyMap<string, TreeFile>;
  readonly #folders: ReadonlyMap<string, Folder>;
  readonly #links: ReadonlyMap<string, string>;

  private constructor(
    tree: Tree,
    files: ReadonlyMap<string, TreeFile>,
    folders: ReadonlyMap<string, Folder>,
    links: ReadonlyMap<string, string>,
  ) {
    this.tree = tree;
    this.files = files;
    this.#folders = folders;
    this.#links = links;
  }

  /** Reads the list of files and the targets of the symlinks among them. */
  static async open(tree: Tree): Promise<TreeView> {
    const files = await tree.files();
    const folders = new Map<string, Folder>([['', new Map()]]);
    const links = new Map<string, string>();
    for (const file of files.values()) {
      const slash = file.path.lastIndexOf('/');
      const kind = file.mode === 'symlink' ? 'link' : file.mode === 'submodule' ? 'submodule' : 'file';
      folderAt(folders, slash < 0 ? '' : file.path.slice(0, slash)).set(file.path.slice(slash + 1), kind);
      if (file.mode === 'symlink' && links.size < MOST_LINKS) {
        links.set(file.path, (await tree.read(file.path, { maxBytes: LINK_BYTES })).toString('utf8'));
      }
    }
    return new TreeView(tree, files, folders, links);
  }

  /** Children of a folder by name, or null when there is no such folder (symlinks are not followed). */
  children(folder: string): ReadonlyMap<string, 'file' | 'folder' | 'link' | 'submodule'> | null {
    return this.#folders.get(folder) ?? null;
  }

  /** Every folder that holds something, the root first, parents before children. */
  folders(): Iterable<string> {
    return this.#folders.keys();
  }

  /** Files and symlinks under a folder, all levels. */
  *under(folder: string): Generator<TreeFile> {
    const names = this.#folders.get(folder);
    if (names === undefined) return;
    for (const [name, kind] of names) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (kind === 'folder') {
        yield* this.under(path);
      } else {
        const file = this.files.get(path);
        if (file !== undefined) yield file;
      }
    }
  }

  /** Where a path written in a file of `folder` leads. Absolute paths are refused: they name the machine's files. */
  resolve(folder: string, path: string): Resolved {
    if (path.startsWith('/')) return { kind: 'refused', reason: `${path} is an absolute path` };
    if (path.includes('\0')) return { kind: 'missing' };
    const links: string[] = [];
    const pending = [...folder.split('/'), ...path.split('/')].reverse();
    let here = '';
    for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        if (here === '') return { kind: 'refused', reason: `${path} leads out of the repository` };
        here = parentOf(here);
        continue;
      }
      const next = here === '' ? name : `${here}/${name}`;
      const kind = this.#folders.get(here)?.get(name);
      if (kind === undefined) return { kind: 'missing' };
      if (kind === 'submodule') return { kind: 'refused', reason: `${next} is a submodule` };
      if (kind === 'link') {
        const target = this.#links.get(next) ?? '/';
        if (target.startsWith('/')) return { kind: 'refused', reason: `the symlink ${next} is absolute` };
        links.push(next);
        if (links.length > MOST_LINKS_FOLLOWED) {
          return { kind: 'refused', reason: `the symlink ${next} goes round in circles` };
        }
        pending.push(...target.split('/').reverse());
        continue;
      }
      if (kind === 'file') {
        if (pending.some((rest) => rest !== '' && rest !== '.')) return { kind: 'missing' };
        return { kind: 'file', path: next, links };
      }
      here = next;
    }
    return { kind: 'folder', path: here, links };
  }

  /** The bytes of a file. */
  read(path: string, maxBytes?: number): Promise<Buffer> {
    return this.tree.read(path, maxBytes === undefined ? {} : { maxBytes });
  }
}

/** The folder a path is in; '' for the root. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Joins and tidies a path in the tree; null when it leaves the tree. The root is ''. */
export function joinPath(folder: string, path: string): string | null {
  const joined = posix.normalize(posix.join(folder === '' ? '.' : folder, path));
  if (joined === '..' || joined.startsWith('../') || joined.startsWith('/')) return null;
  const plain = joined.endsWith('/') ? joined.slice(0, -1) : joined;
  return plain === '.' ? '' : plain;
}

/** The path to `to` from inside the folder `from`. */
export function relativePath(from: string, to: string): string {
  const path = posix.relative(`/${from}`, `/${to}`);
  return path === '' ? '.' : path;
}

function folderAt(folders: Map<string, Folder>, path: string): Folder {
  const known = folders.get(path);
  if (known !== undefined) return known;
  const made: Folder = new Map();
  const slash = path.lastIndexOf('/');
  folderAt(folders, slash < 0 ? '' : path.slice(0, slash)).set(path.slice(slash + 1), 'folder');
  folders.set(path, made);
  return made;
}
