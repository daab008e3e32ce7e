import { readdir, readFile } from 'node:fs/promises';
import type { TestFiles } from '../checks/policies/index.js';
import { errorCode } from './error-code.js';

/** The user's own files on disk, for tests that name each other's files by relative paths. */
export const diskFiles: TestFiles = {
  async read(path) {
    return orWhenMissing(() => readFile(path), null);
  },
  async list(path) {
    return orWhenMissing(async () => (await readdir(path)).map((name) => `${path}/${name}`).sort(), []);
  },
};

/** Every file of a name below a folder, or the file itself; sorted. */
export async function findFiles(path: string, name: string): Promise<string[]> {
  const entries = await orWhenMissing(() => readdir(path, { recursive: true }), null);
  if (entries === null) return [path];
  return entries
    .filter((entry) => entry === name || entry.endsWith(`/${name}`))
    .map((entry) => `${path}/${entry}`)
    .sort();
}

async function orWhenMissing<T, Missing>(read: () => Promise<T>, missing: Missing): Promise<T | Missing> {
  try {
    return await read();
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return missing;
    throw error;
  }
}
