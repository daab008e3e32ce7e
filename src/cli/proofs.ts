import type { RenderEdited, RenderTogether } from '../checks/policies/index.js';
import type { FixProof } from './fix-proof.js';
import type { NamedFiles } from './named-files.js';

/**
 * Fixes of named files, each proved in the repository that it lies in. A file of no repository is read by no target that is
 * known.
 */
export class Proofs {
  readonly #files: NamedFiles;
  readonly #open: (folder: string) => FixProof | null | Promise<FixProof | null>;
  readonly #opened = new Map<string, Promise<FixProof | null>>();

  /** @param open opens the proof of a repository, by its folder */
  constructor(files: NamedFiles, open: (folder: string) => FixProof | null | Promise<FixProof | null>) {
    this.#files = files;
    this.#open = open;
  }

  async rendered(...[file, before, after, most]: Parameters<RenderEdited>): ReturnType<RenderEdited> {
    // a stream cannot be mended, and nothing says which target reads it
    if (this.#files.onDisk(file) === null) return null;
    const proof = await this.#proofOf(file);
    return proof === null ? { path: file, targets: [] } : proof.rendered(file, before, after, most);
  }

  async renderedTogether(edits: Parameters<RenderTogether>[0]): ReturnType<RenderTogether> {
    const targets = [];
    const proofs = new Map<FixProof, (typeof edits)[number][]>();
    for (const edit of edits) {
      const proof = await this.#proofOf(edit.path);
      if (proof !== null) proofs.set(proof, [...(proofs.get(proof) ?? []), edit]);
    }
    for (const [proof, own] of proofs) {
      const rendered = await proof.renderedTogether(own);
      if (rendered === null) return null;
      targets.push(...rendered.targets);
    }
    return { paths: edits.map(({ path }) => path), targets };
  }

  async close(): Promise<void> {
    // one that could not be opened was told of when it was asked for
    for (const proof of this.#opened.values()) await (await proof.catch(() => null))?.close();
  }

  #proofOf(file: string): Promise<FixProof | null> {
    const folder = this.#files.onDisk(file)?.repository ?? null;
    if (folder === null) return Promise.resolve(null);
    let opened = this.#opened.get(folder);
    if (opened === undefined) {
      opened = Promise.resolve(this.#open(folder));
      this.#opened.set(folder, opened);
    }
    return opened;
  }
}
