import { Unresolved } from '../inputs/input-set.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import { type GitRevision, shownRevision } from '../remotes/git-revision.js';
import type { ArtifactReference } from '../remotes/remote-artifacts.js';
import { StrangersTree } from '../remotes/strangers-tree.js';
import type { RenderNote } from '../rendered-change.js';
import { once } from '../targets/fetched-charts.js';
import { Side } from '../targets/side.js';
import type { OwnRepository } from './own-repository.js';

/** The tree that a source names: this repository as it is judged, or one that is brought when it is rendered. */
export type SourceTree = { side: Side } | TreeToBring;

/** A tree at another commit, or of another repository: nothing is read before it is asked for. */
export interface TreeToBring {
  /** Stands for the repository and the revision as they are named. */
  key: string;
  /** True for a commit of this repository, which needs no network. */
  own: boolean;
  /** @throws Unresolved where it cannot be had */
  bring: () => Promise<BroughtTree>;
}

export interface BroughtTree {
  side: Side;
  notes: readonly RenderNote[];
}

/**
 * Where the sources of one side's objects lie. A commit of this repository is read from the clone; other repositories
 * are fetched as `diff.remotes` allows. What is in either was not judged with the change, so it declares no remotes.
 */
export class SourceTrees {
  readonly #side: Side;
  readonly #repository: OwnRepository;
  readonly #known = new Map<string, TreeToBring>();

  constructor(side: Side, repository: OwnRepository) {
    this.#side = side;
    this.#repository = repository;
  }

  /**
   * @param url of the repository; null where it is known to be this one
   * @param written the revision as the object names it; null for none
   * @param revision what that means
   * @throws Unresolved with the reason and the way out
   */
  of(url: string | null, written: string | null, revision: () => GitRevision): SourceTree {
    if (url === null || this.#repository.has(url)) {
      if (this.#repository.follows(written)) return { side: this.#side };
      const wanted = revision();
      if (wanted.kind === 'commit')
        return this.#once(['own', wanted.commit], () => this.#pinned(wanted.commit));
      throw new Unresolved(
        `its source follows ${written ?? ''} of this repository, not the branch that is judged`,
      );
    }
    const shown = withoutCredentials(url);
    const { remotes } = this.#side.context;
    if (remotes === null || this.#repository.unknown) {
      // Where nobody knows this repository's own URLs, this may be one of them.
      const hint = this.#repository.unknown
        ? "; name this repository's URLs in `repositories` if it is this one"
        : '';
      throw new Unresolved(`its source ${shown} is another repository${hint}`);
    }
    const admitted = remotes.admitRepository(url, this.#side.owner);
    const wanted = revision();
    return this.#once(['elsewhere', admitted.source, wanted], () => ({
      own: false,
      bring: async () => {
        const { view, commit, moves } = await admitted.tree(wanted);
        if (moves && (await this.#side.context.commitTree?.(commit)) != null) {
          // By its tip the change would be compared with the base alone.
          throw new Unresolved(
            `its source ${admitted.source} holds a commit of this very repository: name it in \`repositories\` if it is this one, else pin a commit of it`,
          );
        }
        const ref = `${admitted.source} ${shownRevision(wanted)}`;
        const text = `${admitted.source} is followed at ${shownRevision(wanted)}, which moves (now ${commit.slice(0, 12)})`;
        return {
          side: Side.of(view, this.#side.context, { host: admitted.host }),
          notes: moves ? [{ kind: 'moves', about: ref, text }] : [],
        };
      },
    }));
  }

  /**
   * The files of an OCI registry.
   * @param shown the object that names them, for people
   * @throws Unresolved as `of`
   */
  ofArtifact(reference: ArtifactReference, shown: string): TreeToBring {
    const { context, owner } = this.#side;
    if (context.remotes === null) {
      throw new Unresolved(
        `its source is the ${shown} (${withoutCredentials(reference.url)}), which is not in the repository`,
      );
    }
    const artifact = context.remotes.admitArtifact(reference, owner);
    return this.#once(['artifact', artifact.key], () => ({
      own: false,
      bring: async () => {
        const { view, version } = await artifact.fetch();
        const text = `${artifact.shown} is not one version (now ${version})`;
        return {
          side: Side.of(view, context, { host: artifact.host }),
          notes: artifact.moves ? [{ kind: 'moves', about: artifact.shown, text }] : [],
        };
      },
    }));
  }

  #pinned(commit: string): Omit<TreeToBring, 'key'> {
    const { context } = this.#side;
    const missing = `its source is this repository at the commit ${commit}, which is not in the clone`;
    if (context.commitTree === undefined) throw new Unresolved(missing);
    const { commitTree } = context;
    return {
      own: true,
      bring: async () => {
        const tree = await commitTree(commit);
        if (tree === null) throw new Unresolved(missing);
        // A clone may hold a commit without its files.
        const whole = new StrangersTree(tree, `${missing} as a whole`);
        return { side: await Side.open(whole, context, { trusted: false }), notes: [] };
      },
    };
  }

  #once(parts: unknown, made: () => Omit<TreeToBring, 'key'>): TreeToBring {
    const key = JSON.stringify(parts);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const { own, bring } = made();
    const tree = { key, own, bring: once(bring) };
    this.#known.set(key, tree);
    return tree;
  }
}
