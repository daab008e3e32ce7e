import { rmSync } from 'node:fs';
import { chmod, link, lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GateError } from '../../contract/index.js';
import { hostilePath, isLfsPointer, type TreeFile } from '../../git/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import type { TreeView } from '../inputs/tree-view.js';

/** A file as a render sees it: one of a tree, or bytes that the gate writes itself. */
export type PlacedFile = { view: TreeView; file: TreeFile } | { bytes: Buffer };

/** Files by their path in the folder that is rendered. */
export type Layout = ReadonlyMap<string, PlacedFile>;

/** Folders to be taken away when the process ends before they are closed. */
const OPEN = new Set<string>();

function removeAll(): void {
  for (const root of OPEN) rmSync(root, { recursive: true, force: true });
}

const PREFIX = 'gitops-gate-render-';
const LEFT_BEHIND_MS = 24 * 60 * 60 * 1000;

/** Takes away what gates that were killed have left, after a day: one that renders changes its folder all the time. */
async function removeLeftBehind(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith(PREFIX));
  for (const path of left.map((name) => join(folder, name))) {
    try {
      const { uid, mtimeMs } = await lstat(path);
      const ours = uid === process.getuid?.();
      if (ours && Date.now() - mtimeMs > LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true });
    } catch {
      // Another gate has taken it away at the same time; what cannot be removed costs room, not the verdict.
    }
  }
}

/**
 * The folders that renders read, under one temporary folder that only we can enter. Content is written once a blob and
 * linked into each folder that holds it.
 */
export class Workspace {
  readonly root: string;
  readonly #blobs = new Map<string, Promise<string>>();
  #count = 0;

  private constructor(root: string) {
    this.root = root;
    if (OPEN.size === 0) process.on('exit', removeAll);
    OPEN.add(root);
  }

  /** @param parent folder that it is made in */
  static async create(parent: string = tmpdir()): Promise<Workspace> {
    await removeLeftBehind(parent);
    const root = await mkdtemp(join(parent, PREFIX));
    await mkdir(join(root, 'blobs'));
    await mkdir(join(root, 'home'));
    return new Workspace(root);
  }

  /** An empty home for tools that run without a sandbox. */
  get home(): string {
    return join(this.root, 'home');
  }

  /**
   * Puts files where a render can read them, does the work, and takes them away again. Symlinks are kept; the caller
   * has resolved them inside the tree.
   * @throws Unresolved for a name that no folder may hold, an LFS pointer, or two names the disk takes for one
   */
  async with<T>(layout: Layout, work: (folder: string) => Promise<T>): Promise<T> {
    this.#count += 1;
    const folder = join(this.root, String(this.#count));
    await mkdir(folder);
    try {
      const made = new Set<string>();
      for (const [path, placed] of layout) await this.#place(folder, path, placed, made);
      // The user namespace's own user reads it: it must not depend on who owns the folder.
      await chmod(folder, 0o755);
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    OPEN.delete(this.root);
    if (OPEN.size === 0) process.off('exit', removeAll);
    await rm(this.root, { recursive: true, force: true });
  }

  async #place(folder: string, path: string, placed: PlacedFile, made: Set<string>): Promise<void> {
    requirePlain(path);
    const target = join(folder, path);
    const parent = dirname(target);
    try {
      if (!made.has(parent)) {
        await mkdir(parent, { recursive: true });
        made.add(parent);
      }
      if ('bytes' in placed) {
        await writeFile(target, placed.bytes, { flag: 'wx', mode: 0o644 });
      } else if (placed.file.mode === 'symlink') {
        await symlink((await placed.view.read(placed.file.path, 4096)).toString('utf8'), target);
      } else {
        await link(await this.#blob(placed.view, placed.file), target);
      }
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
      // A file in the place of a folder comes of two sources that are put together; a disk may take two names for one.
      if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') {
        throw new Unresolved(`${path} has the name of another file on this machine's disk`);
      }
      if (code === 'ENAMETOOLONG') throw new Unresolved('a file name that it reads is too long for a disk');
      throw error;
    }
  }

  #blob(view: TreeView, file: TreeFile): Promise<string> {
    const known = this.#blobs.get(file.oid);
    if (known !== undefined) return known;
    const path = join(this.root, 'blobs', String(this.#blobs.size));
    const written = (async () => {
      const bytes = await view.read(file.path);
      if (isLfsPointer(bytes))
        throw new Unresolved(`${file.path} is a Git LFS pointer: its content is not here`);
      refuseAliasBomb(bytes, file.path);
      await writeFile(path, bytes, { flag: 'wx', mode: 0o444 });
      return path;
    })();
    this.#blobs.set(file.oid, written);
    return written;
  }
}

/** Aliases of aliases that the limits on a document stop are not left to a tool, which would expand them all. */
function refuseAliasBomb(bytes: Buffer, path: string): void {
  if (!/\.(ya?ml|json)$/.test(path) || !/(^|[\s[,{])\*[^\s,\]}]/.test(bytes.toString('latin1'))) return;
  const limit = loadYaml(bytes, path).problems.find((problem) => problem.code === 'limit');
  if (limit !== undefined) throw new GateError('limit', `${path}:${limit.line}: ${limit.message}`);
}

/** Refuses names that leave the folder, that a file system takes for git's own, or that are not text. */
function requirePlain(path: string): void {
  if (!path.isWellFormed()) throw new Unresolved('a file name that it reads is not UTF-8');
  const reason = hostilePath(path);
  if (reason !== null) {
    throw new Unresolved(`${path.replace(/\p{Cc}/gu, '?')} is no name for a file: ${reason}`);
  }
}
