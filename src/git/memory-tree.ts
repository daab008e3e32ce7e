import { createHash } from 'node:crypto';
import { GateError, LIMITS } from '../contract/index.js';
import { objectId } from './object-id.js';
import { comparePaths, pathToBytes } from './path-bytes.js';
import type { FileMode, Tree, TreeFile } from './tree.js';

/** A file of a MemoryTree: its text or bytes, with a mode where it is not a plain file. */
export type MemoryFile =
  | string
  | Uint8Array
  | { readonly content: string | Uint8Array; readonly mode: FileMode };

interface Entry {
  file: TreeFile;
  bytes: Buffer;
}

/** A tree made of values: for standard input, for folders put together by the gate, and for tests. */
export class MemoryTree implements Tree {
  readonly oid: string;
  readonly #entries = new Map<string, Entry>();
  readonly #files = new Map<string, TreeFile>();

  /** @param files paths from the root with their content: an object, a Map, or any list of pairs. */
  constructor(files: Iterable<readonly [string, MemoryFile]> | Readonly<Record<string, MemoryFile>> = []) {
    const pairs: Iterable<readonly [string, MemoryFile]> =
      Symbol.iterator in files
        ? (files as Iterable<readonly [string, MemoryFile]>)
        : Object.entries(files as Readonly<Record<string, MemoryFile>>);
    const sorted = [...new Map(pairs)].sort(([a], [b]) => comparePaths(a, b));
    const hash = createHash('sha256');
    for (const [path, value] of sorted) {
      const plain = typeof value === 'string' || value instanceof Uint8Array;
      const content = plain ? value : value.content;
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
      const mode = plain ? 'file' : value.mode;
      const file = { path, mode, oid: objectId('sha1', 'blob', bytes) };
      this.#entries.set(path, { file, bytes });
      this.#files.set(path, file);
      const name = pathToBytes(path);
      hash.update(`${name.length}:`).update(name).update(` ${mode} ${file.oid}\n`);
    }
    this.oid = hash.digest('hex');
  }

  files(): Promise<ReadonlyMap<string, TreeFile>> {
    return Promise.resolve(this.#files);
  }

  async read(path: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    const { bytes } = this.#entry(path);
    const limit = options.maxBytes ?? LIMITS.blobBytes;
    if (bytes.length > limit) throw tooLarge(path, bytes.length, limit);
    return Buffer.from(bytes);
  }

  async size(path: string): Promise<number> {
    return this.#entry(path).bytes.length;
  }

  #entry(path: string): Entry {
    const entry = this.#entries.get(path);
    if (entry === undefined || entry.file.mode === 'submodule') throw noSuchFile(path);
    return entry;
  }
}

/** The error every Tree gives for a file above the bound. */
export function tooLarge(path: string, size: number, limit: number): GateError {
  return new GateError(
    'limit',
    `${printable(path)} has ${size} bytes; the gate reads at most ${limit} of a file`,
  );
}

/** The error every Tree gives for a path that it does not hold as a file or symlink. */
export function noSuchFile(path: string): GateError {
  return new GateError('internal', `${printable(path)} is not a file of this tree`);
}

/** A path in a message: escapes and control characters are shown as U+FFFD, so that a name cannot forge output. */
export function printable(path: string): string {
  return path.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}
