import { type GateError, LIMITS } from '../contract/index.js';
import { ByteBudget } from './byte-budget.js';
import { type Commit, parseCommit } from './commit-parser.js';
import { tooLarge } from './memory-tree.js';
import { type ObjectFormat, type ObjectType, objectId } from './object-id.js';
import type { ObjectReader } from './object-reader.js';
import { parseTag, type Tag } from './tag-parser.js';
import { parseTree, type TreeEntry } from './tree-parser.js';

/** Tree objects read for one listing or comparison: half a million entries with names of 200 bytes. */
const TREE_BYTES = 128 * 1024 * 1024;
/** All commits of a change. */
const COMMITS_BYTES = 64 * 1024 * 1024;
/** Entries of parsed trees that are kept; beyond it the oldest trees are parsed again when they are asked for. */
const CACHED_ENTRIES = 1_000_000;
const EMPTY = Buffer.alloc(0);

/** Why something is not there and the command that gets it: differs for shallow and for partial clones. */
export type ExplainMissing = (what: string) => GateError;

/** Typed, verified and bounded access to a repository's objects. Trees are parsed once and kept. */
export class ObjectStore {
  readonly format: ObjectFormat;
  readonly #reader: ObjectReader;
  readonly #missing: ExplainMissing;
  readonly #trees = new Map<string, Promise<readonly TreeEntry[]>>();
  #cachedEntries = 0;

  constructor(reader: ObjectReader, format: ObjectFormat, missing: ExplainMissing) {
    this.#reader = reader;
    this.format = format;
    this.#missing = missing;
    this.emptyTree = objectId(format, 'tree', EMPTY);
  }

  /** The tree without entries, which need not be stored. */
  readonly emptyTree: string;

  /** The error for an object that is not in the clone. */
  missing(what: string): GateError {
    return this.#missing(what);
  }

  /** Size in bytes of a blob. @throws GateError `missing-objects` */
  async blobSize(oid: string, shown: string): Promise<number> {
    const info = await this.#reader.info(oid);
    if (info === null) throw this.#missing(shown);
    return info.size;
  }

  /**
   * The bytes of a blob, its id verified.
   * @param shown what to call it in messages: its path
   * @throws GateError `limit`, `missing-objects`, `git-failed` when it does not match its id
   */
  blob(oid: string, shown: string, maxBytes: number = LIMITS.blobBytes): Promise<Buffer> {
    return this.#read(oid, 'blob', shown, maxBytes);
  }

  /** @throws GateError `limit`, `missing-objects`, `git-failed` when it is malformed */
  async commit(oid: string): Promise<Commit> {
    return parseCommit(await this.#read(oid, 'commit', `commit ${oid}`, LIMITS.commitBytes), oid);
  }

  /** @throws GateError as for commits */
  async tag(oid: string): Promise<Tag> {
    return parseTag(await this.#read(oid, 'tag', `tag ${oid}`, LIMITS.commitBytes), oid);
  }

  /**
   * Commits of one change, all together bounded.
   * @throws GateError as `commit`
   */
  async commits(oids: readonly string[]): Promise<Commit[]> {
    const budget = new ByteBudget('the commits of the change', COMMITS_BYTES);
    const sizes = await Promise.all(oids.map((oid) => this.#reader.info(oid)));
    for (const info of sizes) budget.take(info?.size ?? 0);
    return Promise.all(oids.map((oid) => this.commit(oid)));
  }

  /** What may be read of tree objects for one listing or comparison. */
  treeBudget(): ByteBudget {
    return new ByteBudget('the folders of a tree', TREE_BYTES);
  }

  /** The entries of a tree object, in git's order. @throws GateError `limit`, `missing-objects`, `git-failed` */
  async tree(oid: string): Promise<readonly TreeEntry[]> {
    const [entries = []] = await this.trees([oid], this.treeBudget());
    return entries;
  }

  /**
   * Several trees at once, in the order asked for. Their sizes are taken from the budget before any is read.
   * @throws GateError as `tree`
   */
  async trees(oids: readonly string[], budget: ByteBudget): Promise<(readonly TreeEntry[])[]> {
    const unknown = [...new Set(oids)].filter((oid) => !this.#trees.has(oid) && oid !== this.emptyTree);
    const infos = await Promise.all(unknown.map((oid) => this.#reader.info(oid)));
    for (const [index, oid] of unknown.entries()) {
      const info = infos[index] ?? null;
      if (info === null) throw this.#missing(`tree ${oid}`);
      budget.take(info.size);
    }
    return Promise.all(oids.map((oid) => this.#known(oid)));
  }

  #known(oid: string): Promise<readonly TreeEntry[]> {
    const known = this.#trees.get(oid);
    if (known !== undefined) return known;
    const parsed = this.#parse(oid);
    this.#trees.set(oid, parsed);
    parsed.then(
      (entries) => {
        this.#cachedEntries += entries.length + 1;
        if (this.#cachedEntries > CACHED_ENTRIES) this.#forget();
      },
      // Whoever asked has the error; the next one asks git again.
      () => this.#trees.delete(oid),
    );
    return parsed;
  }

  async #parse(oid: string): Promise<readonly TreeEntry[]> {
    if (oid === this.emptyTree) return [];
    const bytes = await this.#reader.contents(oid, 'tree');
    if (bytes === null) throw this.#missing(`tree ${oid}`);
    return parseTree(bytes, this.format, oid);
  }

  #forget(): void {
    this.#trees.clear();
    this.#cachedEntries = 0;
  }

  async #read(oid: string, type: ObjectType, shown: string, maxBytes: number): Promise<Buffer> {
    const info = await this.#reader.info(oid);
    if (info === null) throw this.#missing(shown);
    if (info.size > maxBytes) throw tooLarge(shown, info.size, maxBytes);
    const bytes = await this.#reader.contents(oid, type);
    if (bytes === null) throw this.#missing(shown);
    return bytes;
  }
}
