import { createHash } from 'node:crypto';
import { LIMITS } from '../contract/index.js';
import { noSuchFile, tooLarge } from './memory-tree.js';
import { objectId } from './object-id.js';
import type { Tree, TreeFile } from './tree.js';

/** A tree in which files that it has hold something else; everything else is as it was. */
export class EditedTree implements Tree {
  readonly oid: string;
  readonly #tree: Tree;
  readonly #edits: ReadonlyMap<string, Buffer>;
  #files: Promise<ReadonlyMap<string, TreeFile>> | null = null;

  /** @param edits what files hold now, by their paths in the tree */
  constructor(tree: Tree, edits: ReadonlyMap<string, string>) {
    this.#tree = tree;
    this.#edits = new Map([...edits].map(([path, content]) => [path, Buffer.from(content, 'utf8')]));
    this.oid = createHash('sha256')
      .update(JSON.stringify([tree.oid, [...edits].sort(([a], [b]) => (a < b ? -1 : 1))]))
      .digest('hex');
  }

  files(): Promise<ReadonlyMap<string, TreeFile>> {
    this.#files ??= this.#edited();
    return this.#files;
  }

  async read(path: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    const bytes = this.#edits.get(path);
    if (bytes === undefined) return this.#tree.read(path, options);
    await this.#own(path);
    const limit = options.maxBytes ?? LIMITS.blobBytes;
    if (bytes.length > limit) throw tooLarge(path, bytes.length, limit);
    return Buffer.from(bytes);
  }

  async size(path: string): Promise<number> {
    const bytes = this.#edits.get(path);
    if (bytes === undefined) return this.#tree.size(path);
    await this.#own(path);
    return bytes.length;
  }

  async #own(path: string): Promise<void> {
    if (!(await this.files()).has(path)) throw noSuchFile(path);
  }

  async #edited(): Promise<ReadonlyMap<string, TreeFile>> {
    const files = new Map(await this.#tree.files());
    for (const [path, bytes] of this.#edits) {
      const file = files.get(path);
      if (file !== undefined) files.set(path, { ...file, oid: objectId('sha1', 'blob', bytes) });
    }
    return files;
  }
}
