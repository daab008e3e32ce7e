import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { GateError, LIMITS } from '../contract/index.js';
import { noSuchFile, printable, tooLarge } from './memory-tree.js';
import { objectId } from './object-id.js';
import { comparePaths, pathFromBytes, pathToBytes } from './path-bytes.js';
import { codeOf } from './system-error.js';
import type { FileMode, Tree, TreeFile } from './tree.js';

/** Something in a folder that is neither file, folder nor symlink, or that could not be read. */
export interface SkippedFile {
  path: string;
  reason: string;
}

/**
 * A folder on disk, or one file of it, as a Tree. Symlinks are entries of their own and never followed, `.git` is left
 * out at every level. The root may itself be a symlink, for the user named it. Files are read when asked for, and
 * `read` does not need a listing: opening a large folder costs nothing.
 */
export class DiskTree implements Tree {
  /** Unique to this object: what is on disk may change, so no two of them are said to be equal. */
  readonly oid = `disk:${randomUUID()}`;
  /** Absolute path of the folder, symlinks resolved. */
  readonly root: string;
  readonly #only: string | null;
  readonly #skipped: SkippedFile[] = [];
  #files: Promise<ReadonlyMap<string, TreeFile>> | null = null;

  private constructor(root: string, only: string | null) {
    this.root = root;
    this.#only = only;
  }

  /**
   * Opens a folder, or a single file: its folder is then the root and it alone is listed.
   * @throws GateError `usage` when there is nothing at the path or it is neither file nor folder.
   */
  static async open(path: string): Promise<DiskTree> {
    let real: string;
    let kind: Stats;
    try {
      real = await realpath(resolve(path));
      kind = await stat(real);
    } catch (cause) {
      throw new GateError('usage', `cannot open ${printable(path)}: ${reasonOf(cause)}`, { cause });
    }
    if (kind.isDirectory()) return new DiskTree(real, null);
    if (kind.isFile()) return new DiskTree(dirname(real), basename(real));
    throw new GateError('usage', `${printable(path)} is neither a file nor a folder`);
  }

  /** Every file, read once for its hash; bounded by LIMITS.treeFiles. */
  files(): Promise<ReadonlyMap<string, TreeFile>> {
    this.#files ??= this.#list('');
    return this.#files;
  }

  /** The files under one folder (or the one file of that path), without walking the rest. */
  async filesUnder(folder: string): Promise<ReadonlyMap<string, TreeFile>> {
    if (folder === '' || this.#only !== null) {
      const all = await this.files();
      return new Map([...all].filter(([path]) => folder === '' || path === folder));
    }
    return this.#list(folder);
  }

  /** What the listings so far had to leave out (sockets, devices, unreadable folders), with the reason. */
  get skipped(): readonly SkippedFile[] {
    return this.#skipped;
  }

  async read(path: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    const limit = options.maxBytes ?? LIMITS.blobBytes;
    const kind = this.#stat(path);
    // Synchronous: a hop to the thread pool for each of several calls costs many times what a warm file does.
    if (kind.isSymbolicLink()) return readlinkSync(this.#absolute(path), 'buffer');
    if (kind.size > limit) throw tooLarge(path, kind.size, limit);
    // O_NOFOLLOW and O_NONBLOCK: a file swapped for a symlink or a pipe since lstat is refused, not followed.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const descriptor = this.#attempt(path, () => openSync(this.#absolute(path), flags));
    try {
      const opened = fstatSync(descriptor);
      if (!opened.isFile()) throw noSuchFile(path);
      if (opened.size > limit) throw tooLarge(path, opened.size, limit);
      return this.#attempt(path, () => readFileSync(descriptor));
    } finally {
      closeSync(descriptor);
    }
  }

  async size(path: string): Promise<number> {
    return this.#stat(path).size;
  }

  /** lstat of a path of this tree whose folders are real folders, each of them. */
  #stat(path: string): Stats {
    if (this.#only !== null && path !== this.#only) throw noSuchFile(path);
    const names = path.split('/');
    if (
      names.some(
        (name) => name === '' || name === '.' || name === '..' || isDotGit(name) || name.includes('\0'),
      )
    ) {
      throw noSuchFile(path);
    }
    let kind: Stats | null = null;
    for (let depth = 1; depth <= names.length; depth += 1) {
      const part = names.slice(0, depth).join('/');
      kind = this.#attempt(path, () => lstatSync(this.#absolute(part)));
      if (depth < names.length && !kind.isDirectory()) throw noSuchFile(path);
    }
    if (kind === null || !(kind.isFile() || kind.isSymbolicLink())) throw noSuchFile(path);
    return kind;
  }

  #attempt<T>(path: string, action: () => T): T {
    try {
      return action();
    } catch (cause) {
      if (isMissing(cause)) throw noSuchFile(path);
      throw new GateError('internal', `cannot read ${printable(path)}: ${reasonOf(cause)}`, { cause });
    }
  }

  #absolute(path: string): Buffer {
    return Buffer.concat([Buffer.from(`${this.root === '/' ? '' : this.root}/`), pathToBytes(path)]);
  }

  async #list(folder: string): Promise<ReadonlyMap<string, TreeFile>> {
    const found: { path: string; mode: FileMode }[] = [];
    if (this.#only !== null) {
      found.push({ path: this.#only, mode: modeOf(this.#stat(this.#only)) });
    } else {
      await this.#walk(folder, found);
    }
    found.sort((a, b) => comparePaths(a.path, b.path));
    const files = new Map<string, TreeFile>();
    for (const [index, { path, mode }] of found.entries()) {
      // Signals and timers get their turn.
      if (index % 256 === 0) await setImmediate();
      const oid = await this.#hash(path);
      if (oid !== null) files.set(path, { path, mode, oid });
    }
    return files;
  }

  async #walk(start: string, found: { path: string; mode: FileMode }[]): Promise<void> {
    if (start !== '') {
      const kind = await this.#kindOf(start);
      if (kind === 'none') return;
      if (kind !== 'folder') {
        found.push({ path: start, mode: kind });
        return;
      }
    }
    const folders = [start];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const entry of await this.#entries(folder)) {
        const name = pathFromBytes(entry.name);
        if (isDotGit(name)) continue;
        const path = folder === '' ? name : `${folder}/${name}`;
        if (entry.isDirectory()) folders.push(path);
        else if (entry.isSymbolicLink()) found.push({ path, mode: 'symlink' });
        else if (entry.isFile()) found.push({ path, mode: modeOf(lstatSync(this.#absolute(path))) });
        else this.#skipped.push({ path, reason: 'neither a file, a folder nor a symlink' });
        if (found.length + folders.length > LIMITS.treeFiles) {
          throw new GateError(
            'limit',
            `${printable(this.root)} holds more than ${LIMITS.treeFiles} files; name a smaller folder`,
          );
        }
      }
    }
  }

  async #kindOf(path: string): Promise<FileMode | 'folder' | 'none'> {
    const names = path.split('/');
    let kind: FileMode | 'folder' | 'none' = 'folder';
    for (let depth = 1; depth <= names.length; depth += 1) {
      if (kind !== 'folder' || isDotGit(names[depth - 1] ?? '')) return 'none';
      try {
        const status = lstatSync(this.#absolute(names.slice(0, depth).join('/')));
        kind = status.isDirectory()
          ? 'folder'
          : status.isFile() || status.isSymbolicLink()
            ? modeOf(status)
            : 'none';
      } catch (cause) {
        if (isMissing(cause)) return 'none';
        throw new GateError('internal', `cannot read ${printable(path)}: ${reasonOf(cause)}`, { cause });
      }
    }
    return kind;
  }

  async #entries(folder: string): Promise<Dirent<Buffer>[]> {
    try {
      const path = folder === '' ? Buffer.from(this.root) : this.#absolute(folder);
      return await readdir(path, { withFileTypes: true, encoding: 'buffer' });
    } catch (cause) {
      this.#skipped.push({ path: folder, reason: reasonOf(cause) });
      return [];
    }
  }

  /** The blob id of a file; of one too large to be read, an id of its own; null when it cannot be read. */
  async #hash(path: string): Promise<string | null> {
    try {
      return objectId('sha1', 'blob', await this.read(path));
    } catch (cause) {
      if (cause instanceof GateError && cause.code === 'limit') {
        return createHash('sha1').update(`${this.oid}\0`).update(pathToBytes(path)).digest('hex');
      }
      this.#skipped.push({ path, reason: cause instanceof GateError ? cause.message : reasonOf(cause) });
      return null;
    }
  }
}

function isDotGit(name: string): boolean {
  return name.toLowerCase() === '.git';
}

function modeOf(status: Stats): FileMode {
  if (status.isSymbolicLink()) return 'symlink';
  return (status.mode & 0o100) === 0 ? 'file' : 'executable';
}

function isMissing(cause: unknown): boolean {
  const code = codeOf(cause);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** A system error in few words, without the path that Node puts into its message. */
function reasonOf(cause: unknown): string {
  switch (codeOf(cause)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ELOOP':
      return 'a symlink where a file was';
    default:
      return codeOf(cause) ?? 'it cannot be read';
  }
}
