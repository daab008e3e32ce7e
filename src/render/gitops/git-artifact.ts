import { field, type JsonMap, strings, text } from '../inputs/json-shape.js';
import { Side } from '../targets/side.js';
import { ArtifactTree } from './flux-artifact.js';
import { sourceIgnore } from './source-ignore.js';

/** What a source's artifact holds, and the files that say what it leaves out. */
export interface GitArtifact {
  side: Side;
  rules: readonly string[];
}

/** The artifacts of GitRepositories that are this repository; each made once. */
export class GitArtifacts {
  readonly #side: Side;
  readonly #made = new Map<string, Promise<GitArtifact>>();

  constructor(side: Side) {
    this.#side = side;
  }

  /**
   * The files that source-controller archives of a checkout (fluxcd/pkg/artifact/storage Archive): regular ones that
   * nothing ignores. Symlinks are never among them; submodules where `recurseSubmodules` asks for them.
   * @param repository null where the object is not known
   */
  of(repository: JsonMap | null): Promise<GitArtifact> {
    const ignore = text(repository ?? {}, 'spec', 'ignore');
    const submodules = field(repository ?? {}, 'spec', 'recurseSubmodules') === true;
    const sparse = strings(repository ?? {}, 'spec', 'sparseCheckout');
    const key = JSON.stringify([ignore, submodules, sparse]);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = this.#make(ignore, submodules, sparse);
    this.#made.set(key, made);
    return made;
  }

  async #make(ignore: string | null, submodules: boolean, sparse: readonly string[]): Promise<GitArtifact> {
    const { view, context, owner } = this.#side;
    const { isIgnored, files } = await sourceIgnore(this.#side, ignore);
    const held = new Map<string, string>();
    for (const { path, mode } of view.files.values()) {
      if (mode === 'symlink' || (mode === 'submodule' && !submodules) || isIgnored(path)) continue;
      // go-git compares the start of the path, without looking for a slash behind it.
      if (sparse.length > 0 && !sparse.some((folder) => path.startsWith(folder.replace(/^\.\//, ''))))
        continue;
      held.set(path, path);
    }
    const tree = new ArtifactTree(view.tree, view.files, held);
    return { side: await Side.open(tree, context, owner), rules: files };
  }
}
