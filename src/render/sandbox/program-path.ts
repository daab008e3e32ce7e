import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where the system's own programs are, whatever PATH says: a sandbox is never made with a program out of PATH. */
export const SYSTEM_FOLDERS: readonly string[] = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];

/**
 * The folders of a PATH that a tool may be taken from. Relative ones and `node_modules/.bin` are left out: they may
 * lead into the repository that is judged.
 */
export function trustedFolders(path: string): string[] {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !/(^|\/)node_modules(\/|$)/.test(folder));
}

/** The absolute path of the first executable of that name in the folders, symlinks resolved, or null. */
export function findProgram(name: string, folders: readonly string[]): string | null {
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return realpathSync(path);
    } catch {
      // Not here, or not ours to execute: the next folder may hold it.
    }
  }
  return null;
}
