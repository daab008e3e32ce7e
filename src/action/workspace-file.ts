import { closeSync, constants, mkdirSync, openSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { GateError } from '../contract/index.js';

/**
 * Writes a report into the workspace. What is checked out there may be the very head that is judged: no symlink of it
 * leads the report elsewhere, and nothing is written into `.git`.
 * @param path as the workflow names it, relative to the workspace
 * @returns the file's absolute path
 * @throws GateError `usage` for a path that leaves the workspace
 */
export function saveInWorkspace(workspace: string, path: string, text: string): string {
  const root = realpathSync(workspace);
  const wanted = resolve(root, path);
  const inside = relative(root, wanted);
  const parts = inside.split(sep);
  if (inside === '' || isAbsolute(inside) || parts[0] === '..' || parts.includes('.git')) {
    throw new GateError('usage', `a report is to be written outside of the workspace: ${path}`);
  }
  let folder = root;
  for (const part of parts.slice(0, -1)) {
    folder = join(folder, part);
    mkdirSync(folder, { recursive: true });
    if (realpathSync(folder) !== folder) throw refused(path);
  }
  const full = join(dirname(wanted), basename(wanted));
  let file: number;
  try {
    const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
    file = openSync(full, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644);
  } catch (cause) {
    throw refused(path, cause);
  }
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
  return full;
}

function refused(path: string, cause?: unknown): GateError {
  const message = `a report cannot be written to ${path}: a symlink, or no file that may be written, is in the way`;
  return new GateError('usage', message, { cause });
}
