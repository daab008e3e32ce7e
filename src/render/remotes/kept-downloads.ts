import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const DIGEST_BYTES = 32;

/**
 * Downloads in a folder, each with its SHA-256 in front: what was changed since is fetched again. Whole files only; a
 * folder that cannot be written to costs the next fetch, not the verdict.
 */
export class KeptDownloads {
  readonly #folder: string | undefined;

  /** @param folder nothing is kept when absent */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  /** Out of the folder, else brought and put there. @param name `charts/<key>.tgz` */
  async get(name: string, bring: () => Promise<Buffer>): Promise<Buffer> {
    if (this.#folder === undefined) return bring();
    const path = join(this.#folder, name);
    const kept = await read(path);
    if (kept !== null) return kept;
    const bytes = await bring();
    const partial = `${path}.${randomUUID()}`;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(partial, Buffer.concat([sha256(bytes), bytes]), { flag: 'wx', mode: 0o600 });
      await rename(partial, path);
    } catch {
      // A full or read-only disk: fetched again the next time.
    }
    return bytes;
  }

  /** Lets go of what proved to be broken: it is brought anew the next time. */
  async forget(name: string): Promise<void> {
    if (this.#folder !== undefined) await rm(join(this.#folder, name), { force: true });
  }
}

async function read(path: string): Promise<Buffer | null> {
  let kept: Buffer;
  try {
    kept = await readFile(path);
    // What is used stays: folders are tidied by when a file was last wanted.
    const now = new Date();
    await utimes(path, now, now);
  } catch {
    // Not fetched yet, or not ours to read.
    return null;
  }
  const bytes = kept.subarray(DIGEST_BYTES);
  return sha256(bytes).equals(kept.subarray(0, DIGEST_BYTES)) ? bytes : null;
}

export function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
