import { GateError } from '../../contract/index.js';
import type { Tree, TreeFile } from '../../git/index.js';
import { Unresolved } from '../inputs/input-set.js';

/**
 * A tree besides those that are judged: objects that are missing from it or broken leave what is made of it unresolved,
 * and say nothing of the change. Limits stay what they are.
 */
export class StrangersTree implements Tree {
  readonly oid: string;
  readonly #tree: Tree;
  readonly #missing: string;
  readonly #broken: () => Promise<void>;

  /**
   * @param missing what to say of files that are not there
   * @param broken called when that proves to be so
   */
  constructor(tree: Tree, missing: string, broken: () => Promise<void> = () => Promise.resolve()) {
    this.oid = tree.oid;
    this.#tree = tree;
    this.#missing = missing;
    this.#broken = broken;
  }

  files(): Promise<ReadonlyMap<string, TreeFile>> {
    return this.#given(this.#tree.files());
  }

  read(path: string, options?: { maxBytes?: number }): Promise<Buffer> {
    return this.#given(this.#tree.read(path, options));
  }

  size(path: string): Promise<number> {
    return this.#given(this.#tree.size(path));
  }

  async #given<T>(value: Promise<T>): Promise<T> {
    try {
      return await value;
    } catch (error) {
      if (!(error instanceof GateError) || error.code === 'limit') throw error;
      await this.#broken();
      throw new Unresolved(this.#missing);
    }
  }
}
