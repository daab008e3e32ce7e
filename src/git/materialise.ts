import {
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { GateError, LIMITS } from '../contract/index.js';
import { groupsWithin } from './byte-budget.js';
import { foldedPath, hostilePath } from './hostile-name.js';
import { isLfsPointer } from './lfs.js';
import { type LinkTree, resolveLink } from './link-target.js';
import { printable } from './memory-tree.js';
import { comparePaths, pathFromBytes, pathToBytes } from './path-bytes.js';
import { codeOf } from './system-error.js';
import type { Tree, TreeFile } from './tree.js';

/** Blobs in memory at a time, by number and by bytes. */
const WIDTH = 256;
const WIDTH_BYTES = 32 * 1024 * 1024;
/** 2000-01-01: every file has this time, so that nothing a renderer makes depends on the clock. */
const TIME = 946_684_800;
/** Bytes written for one tree, unless the caller says otherwise. */
const MOST_BYTES = 1024 * 1024 * 1024;
/** A symlink's target is a path. */
const LINK_BYTES = 4096;

/** A path of the tree that was not written, or not as what it is. */
export interface LeftOut {
  path: string;
  reason: string;
}

/** What `materialise` wrote, and what of the paths asked for is not on the disk as the repository has it. */
export interface Materialised {
  /** Files and symlinks written. */
  written: number;
  /** Names that are hostile or clash, symlinks that lead outside, files above LIMITS.blobBytes. Not written. */
  refused: readonly LeftOut[];
  /** Folders whose content is another repository's. An empty folder stands for each. */
  submodules: readonly string[];
  /** Written as the pointers they are; what the cluster gets is content nobody here has seen. */
  lfs: readonly string[];
}

/**
 * Writes files of a tree into a folder for a renderer to read. Never writes or leads outside of it: names that a file
 * system could take for `.git`, that climb out or that clash in case or Unicode form are left out (all of a clash,
 * at every level); symlinks are written last, and only those that lead to something inside the tree. Files have mode
 * 0644 or 0755 and a fixed time. Attributes, filters and line ends are not applied.
 *
 * @param paths files to write; 'all' for every one. A symlink to a path that is not written dangles.
 * @param directory absolute; must exist and be empty
 * @param options `maxBytes`: of all files together, 1 GiB unless stated
 * @throws GateError `limit`, `missing-objects`, `internal` when the folder is not empty or cannot be written
 */
export async function materialise(
  tree: Tree,
  paths: Iterable<string> | 'all',
  directory: string,
  options: { maxBytes?: number } = {},
): Promise<Materialised> {
  if (readdirSync(directory).length > 0) {
    throw new GateError('internal', 'a tree is materialised into an empty folder only');
  }
  const files = await tree.files();
  const wanted = paths === 'all' ? [...files.values()] : pick(files, paths);
  const refused: LeftOut[] = [];
  const submodules: string[] = [];
  const lfs: string[] = [];
  const clashes = clashing(files.keys());
  const plain: TreeFile[] = [];
  const links: TreeFile[] = [];
  const folders = new FolderMaker(directory);
  for (const file of wanted) {
    const reason =
      hostilePath(file.path) ??
      (isClash(file.path, clashes) ? 'another path differs only in case or Unicode form' : null);
    if (reason !== null) refused.push({ path: file.path, reason });
    else if (file.mode === 'symlink') links.push(file);
    else if (file.mode === 'submodule') submodules.push(file.path);
    else plain.push(file);
  }

  let written = 0;
  let bytesLeft = options.maxBytes ?? MOST_BYTES;
  const sized = await Promise.all(
    plain.map(async (file) => ({ file, size: Math.min(await tree.size(file.path), LIMITS.blobBytes) })),
  );
  for (const group of groupsWithin(sized, WIDTH_BYTES, WIDTH)) {
    const contents = await Promise.all(group.map(({ file }) => readWithin(tree, file, LIMITS.blobBytes)));
    for (const [index, { file }] of group.entries()) {
      const bytes = contents[index];
      if (bytes === undefined) continue;
      if (!Buffer.isBuffer(bytes)) {
        refused.push({ path: file.path, reason: bytes.reason });
        continue;
      }
      bytesLeft -= bytes.length;
      if (bytesLeft < 0)
        throw new GateError('limit', 'the files to render are larger than the gate writes to the disk');
      if (isLfsPointer(bytes)) lfs.push(file.path);
      const failure = folders.write(file, bytes);
      if (failure === null) written += 1;
      else refused.push({ path: file.path, reason: failure });
    }
  }
  for (const path of submodules) {
    const failure = folders.folder(path);
    if (failure !== null) refused.push({ path, reason: failure });
  }

  const targets = await linkTargets(tree, files);
  const shape = shapeOf(files, targets);
  for (const file of links) {
    const outcome = resolveLink(file.path, shape);
    const target = targets.get(file.path);
    if ('refused' in outcome) refused.push({ path: file.path, reason: `a symlink: ${outcome.refused}` });
    else if (target === undefined)
      refused.push({ path: file.path, reason: 'a symlink: its target cannot be read' });
    else {
      const failure = folders.link(file.path, target);
      if (failure === null) written += 1;
      else refused.push({ path: file.path, reason: failure });
    }
  }
  refused.sort((a, b) => comparePaths(a.path, b.path));
  return { written, refused, submodules, lfs };
}

function pick(files: ReadonlyMap<string, TreeFile>, paths: Iterable<string>): TreeFile[] {
  return [...new Set(paths)].map((path) => {
    const file = files.get(path);
    if (file === undefined) throw new GateError('internal', `${printable(path)} is not a file of this tree`);
    return file;
  });
}

/** Paths, of files and of the folders they lie in, that fold to the same name as another one. */
function clashing(paths: Iterable<string>): ReadonlySet<string> {
  const spellings = new Map<string, string>();
  const clashes = new Set<string>();
  const seen = new Set<string>();
  for (const path of paths) {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const part = path.slice(0, end);
      if (seen.has(part)) break;
      seen.add(part);
      const folded = foldedPath(part);
      const other = spellings.get(folded);
      if (other === undefined) spellings.set(folded, part);
      else {
        clashes.add(other);
        clashes.add(part);
      }
    }
  }
  return clashes;
}

function isClash(path: string, clashes: ReadonlySet<string>): boolean {
  if (clashes.size === 0) return false;
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (clashes.has(path.slice(0, end))) return true;
  }
  return false;
}

/** The targets of every symlink of the tree: a link may lead through others that are not written. */
async function linkTargets(
  tree: Tree,
  files: ReadonlyMap<string, TreeFile>,
): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  const links = [...files.values()].filter(({ mode }) => mode === 'symlink');
  for (let start = 0; start < links.length; start += WIDTH) {
    const slice = links.slice(start, start + WIDTH);
    const contents = await Promise.all(slice.map((file) => readWithin(tree, file, LINK_BYTES)));
    for (const [index, file] of slice.entries()) {
      const bytes = contents[index];
      if (Buffer.isBuffer(bytes)) targets.set(file.path, pathFromBytes(bytes));
    }
  }
  return targets;
}

function shapeOf(files: ReadonlyMap<string, TreeFile>, targets: ReadonlyMap<string, string>): LinkTree {
  const folders = new Set<string>();
  for (const path of files.keys()) {
    for (let folder = parentOf(path); folder !== '' && !folders.has(folder); folder = parentOf(folder)) {
      folders.add(folder);
    }
  }
  return {
    // A link whose target could not be read leads nowhere.
    linkAt: (path) => targets.get(path) ?? (files.get(path)?.mode === 'symlink' ? '\0' : null),
    kindAt: (path) => {
      if (hostilePath(path) !== null) return null;
      if (folders.has(path)) return 'folder';
      const mode = files.get(path)?.mode;
      return mode === undefined ? null : mode === 'submodule' ? 'folder' : 'file';
    },
  };
}

/** The bytes, or the reason why a file is left out for its size. */
async function readWithin(
  tree: Tree,
  file: TreeFile,
  maxBytes: number,
): Promise<Buffer | { reason: string }> {
  try {
    return await tree.read(file.path, { maxBytes });
  } catch (error) {
    if (error instanceof GateError && error.code === 'limit') return { reason: error.message };
    throw error;
  }
}

/** Writes below one folder, which nobody else writes to. */
class FolderMaker {
  readonly #root: Buffer;
  readonly #made = new Set<string>(['']);

  constructor(root: string) {
    this.#root = Buffer.from(`${root}/`);
  }

  /** null, or why the file system would not take it. */
  folder(path: string): string | null {
    return this.#attempt(() => this.#make(path));
  }

  #make(path: string): void {
    if (this.#made.has(path)) return;
    this.#make(parentOf(path));
    const absolute = this.#absolute(path);
    if (lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory() !== true)
      mkdirSync(absolute, { mode: 0o755 });
    this.#made.add(path);
  }

  /** null, or why the file system would not take it. */
  write(file: TreeFile, bytes: Buffer): string | null {
    return this.#attempt(() => {
      this.#make(parentOf(file.path));
      // O_EXCL: whatever is there already, a link too, ends in an error instead of being written to.
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
      const descriptor = openSync(this.#absolute(file.path), flags, 0o600);
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
        fchmodSync(descriptor, file.mode === 'executable' ? 0o755 : 0o644);
        futimesSync(descriptor, TIME, TIME);
      } finally {
        closeSync(descriptor);
      }
    });
  }

  link(path: string, target: string): string | null {
    return this.#attempt(() => {
      this.#make(parentOf(path));
      symlinkSync(pathToBytes(target), this.#absolute(path));
    });
  }

  #absolute(path: string): Buffer {
    return Buffer.concat([this.#root, pathToBytes(path)]);
  }

  #attempt(action: () => void): string | null {
    try {
      action();
      return null;
    } catch (cause) {
      const code = codeOf(cause);
      // Of the name, not of the disk: other files can still be written, and this one is told.
      if (code === 'ENAMETOOLONG' || code === 'EILSEQ' || code === 'EINVAL' || code === 'EEXIST') {
        return `the file system does not take it (${code})`;
      }
      throw new GateError('internal', `a file to render cannot be written (${code ?? 'unknown error'})`, {
        cause,
      });
    }
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
