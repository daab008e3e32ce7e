import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GateError } from '../contract/index.js';
import { printable } from './memory-tree.js';

/** Where a repository keeps its things (gitrepository-layout(5)). All absolute. */
export interface RepositoryLocation {
  /** Folder of HEAD and the index: `.git`, a bare repository, or `.git/worktrees/<name>`. */
  gitDir: string;
  /** Folder of refs, objects and the configuration: the same, but for a linked worktree. */
  commonDir: string;
  objects: string;
  /** The folder people know it by, for messages and for commands to copy. */
  shown: string;
}

/**
 * Finds the repository of a folder: upwards, a `.git` folder or a `.git` file (worktrees, submodules), as git does; a
 * bare repository only when it is the folder itself. Only files are looked at: no configuration is read and no process started.
 * @throws GateError `not-a-repository`
 */
export function locateRepository(directory: string): RepositoryLocation {
  const start = resolve(directory);
  const kind = statOf(start);
  if (kind === null) throw notARepository(start, 'there is no such folder');
  if (!kind.isDirectory()) throw notARepository(start, 'it is not a folder');
  for (let folder = start; ; folder = dirname(folder)) {
    const dotGit = join(folder, '.git');
    const found = statOf(dotGit);
    const gitDir = found?.isFile() === true ? linkedGitDir(dotGit, folder) : dotGit;
    // A bare repository only where it was named: one that lies in a work tree as files of it came with its content.
    const location = locationOf(gitDir, folder) ?? (folder === start ? locationOf(folder, folder) : null);
    if (location !== null) return location;
    if (dirname(folder) === folder) throw notARepository(start, 'neither it nor a folder above it holds one');
  }
}

/** What a `.git` file points to. */
function linkedGitDir(file: string, folder: string): string {
  const text = readSmall(file);
  const target = text === null ? null : /^gitdir: (.+?)\r?\n?$/.exec(text)?.[1];
  if (target === null || target === undefined) {
    throw notARepository(folder, 'its .git file names no gitdir');
  }
  const gitDir = resolve(folder, target);
  if (locationOf(gitDir, folder) === null) {
    throw notARepository(folder, `its .git file points to ${printable(gitDir)}, where there is none`);
  }
  return gitDir;
}

/** The location when a folder is a git directory: it has a HEAD, and refs and objects (its own or its common ones). */
function locationOf(gitDir: string, shown: string): RepositoryLocation | null {
  if (statOf(join(gitDir, 'HEAD'))?.isFile() !== true) return null;
  const common = readSmall(join(gitDir, 'commondir'))?.trim();
  const commonDir = common === undefined || common === '' ? gitDir : resolve(gitDir, common);
  const objects = join(commonDir, 'objects');
  if (statOf(objects)?.isDirectory() !== true || statOf(join(commonDir, 'refs'))?.isDirectory() !== true)
    return null;
  return { gitDir, commonDir, objects, shown };
}

function notARepository(folder: string, reason: string): GateError {
  return new GateError(
    'not-a-repository',
    `${printable(folder)} is not a git repository: ${reason}; name one with --repo DIR`,
  );
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

/** A small file's text, or null when there is none. */
export function readSmall(path: string): string | null {
  const kind = statOf(path);
  if (kind?.isFile() !== true || kind.size > 1024 * 1024) return null;
  return readFileSync(path, 'utf8');
}
