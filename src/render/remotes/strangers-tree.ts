import { GateError } from '../../contract/index.js';
import type { Tree, TreeFile } from '../../git/index.js';
import { Unresolved } from '../inputs/input-set.js';

/**
 * A tree out of a pack that a stranger gave: objects that are missing from it or broken are no fault of the repository
 * that is judged, and say nothing of its clone. Limits stay what they are.
 */
export class StrangersTree implements Tree {
  readonly oid: string;
  readonly #tree: Tree;
  readonly #host: string;
  readonly #broken: () => Promise<void>;

  /** @param broken called when the pack proves to be broken */
  constructor(tree: Tree, host: string, broken: () => Promise<void>) {
    this.oid = tree.oid;
    this.#tree = tree;
    this.#host = host;
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
      throw new Unresolved(`${this.#host} gave a commit whose files are not all there`);
    }
  }
}
