import type { JsonValue } from '../../contract/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, text } from '../inputs/json-shape.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import { fluxRevision } from '../remotes/git-revision.js';
import type { ArtifactReference } from '../remotes/remote-artifacts.js';
import type { RenderNote } from '../rendered-change.js';
import { planKey } from '../targets/plan.js';
import { Side } from '../targets/side.js';
import { artifactTree } from './flux-artifact.js';
import { GitArtifacts } from './git-artifact.js';
import type { GitOpsSide } from './gitops-object.js';
import { normalizeGitUrl } from './own-repository.js';
import type { TreeToBring } from './source-trees.js';
import type { Vantage } from './world.js';

/** The GitRepository that `flux bootstrap` makes of the repository it lies in. */
const BOOTSTRAPPED = 'flux-system';

/** A source that is this repository: its files, where they come from, and the files that say what it holds. */
export interface OwnSource {
  side: Side;
  origin: (path: string) => string;
  consulted: readonly string[];
}

/** A source that is brought when it is rendered. */
export interface SourceToBring {
  /** Over everything that decides what it holds, but for what is fetched. */
  key: string;
  /** True for a commit of this repository, which needs no network. */
  own: boolean;
  consulted: readonly string[];
  /** @throws Unresolved where it cannot be had */
  bring: () => Promise<{ source: OwnSource; notes: readonly RenderNote[] }>;
}

/**
 * What a sourceRef means: this repository at the branch that is judged, a tree to be brought, or why there is none. The
 * source that bootstrap makes is this repository, by the URL that the base gives it; any other must have a URL that is
 * known as its own.
 * @throws Unresolved for a source that may not be fetched
 */
export async function fluxSource(
  at: GitOpsSide,
  reference: JsonValue | undefined,
  namespace: string,
  from: Vantage,
): Promise<OwnSource | SourceToBring | { reason: string }> {
  const kind = text(reference, 'kind') ?? 'GitRepository';
  const name = text(reference, 'name') ?? '';
  const source = await at.world.find(kind, text(reference, 'namespace') ?? namespace, name, from);
  const url = source === null ? null : text(source.object, 'spec', 'url');
  const where = url === null ? '' : ` (${withoutCredentials(url)})`;
  if (kind === 'ExternalArtifact') return artifactSource(at, name, namespace, from);
  if (kind === 'OCIRepository' && source !== null) {
    const tree = at.sources.ofArtifact(artifactReference(source.object), `${kind} ${name}`);
    return toBring(tree, source.object, source.path);
  }
  if (kind !== 'GitRepository') {
    return { reason: `its source is the ${kind} ${name}${where}, which is not in the repository` };
  }
  const called = name === BOOTSTRAPPED && kind === 'GitRepository';
  const own =
    (url !== null && at.repository.has(url)) ||
    (called && (await isBootstrapped(at, text(reference, 'namespace') ?? namespace, url, from)));
  if (!own && url === null) {
    if (called) {
      return {
        reason: `its source is one of several GitRepositories ${name}, and not all are this repository`,
      };
    }
    return {
      reason: `its source is the GitRepository ${name}: no such object is in the repository; name its URL in \`repositories\` if it is this one`,
    };
  }
  const repository = source?.object ?? {};
  if (list(repository, 'spec', 'include').length > 0) {
    return { reason: `its source is put together of several GitRepositories (spec.include of ${name})` };
  }
  const ref = field(repository, 'spec', 'ref');
  const tree = at.sources.of(own ? null : url, branchOf(ref), () => fluxRevision(ref));
  const path = source?.path ?? null;
  if ('bring' in tree) return toBring(tree, repository, path);
  const { side, rules } = await at.artifacts.of(source?.object ?? null);
  return { side, origin: (file) => file, consulted: path === null ? rules : [...rules, path] };
}

/**
 * Whether the GitRepository that is called as bootstrap calls it is this repository: where no object says otherwise, or
 * the URL is one that the base gives it. A name alone says nothing: who writes the change writes the object too.
 * @param url of the object that is meant; null where there is none, or nobody can say which of several
 */
async function isBootstrapped(
  at: GitOpsSide,
  namespace: string,
  url: string | null,
  from: Vantage,
): Promise<boolean> {
  const { owner, context } = at.side;
  if (url !== null && 'trusted' in owner && owner.trusted) context.bootstrapped.add(normalizeGitUrl(url));
  const urls =
    url === null
      ? (await at.world.all('GitRepository', namespace, BOOTSTRAPPED, from)).flatMap(
          ({ object }) => text(object, 'spec', 'url') ?? [],
        )
      : [url];
  return urls.every((said) => at.repository.has(said) || context.bootstrapped.has(normalizeGitUrl(said)));
}

/** A tree that is brought, as source-controller archives it for the object that names it. */
function toBring(tree: TreeToBring, repository: JsonMap, path: string | null): SourceToBring {
  const held = ['ignore', 'recurseSubmodules', 'sparseCheckout'].map(
    (option) => field(repository, 'spec', option) ?? null,
  );
  return {
    key: planKey(tree.key, JSON.stringify(held)),
    own: tree.own,
    consulted: path === null ? [] : [path],
    bring: async () => {
      const brought = await tree.bring();
      const { side } = await new GitArtifacts(brought.side).of(repository);
      return { source: { side, origin: (file) => file, consulted: [] }, notes: brought.notes };
    },
  };
}

/**
 * What an OCIRepository names: by digest, else by range, else by tag (source-controller OCIRepositoryRef, LayerSelector).
 * @throws Unresolved for what the gate does not know
 */
function artifactReference(repository: JsonMap): ArtifactReference {
  const ref = field(repository, 'spec', 'ref');
  const [digest, semver, tag] = ['digest', 'semver', 'tag'].map((name) => text(ref, name) || null);
  if (digest == null && semver != null && (text(ref, 'semverFilter') ?? '') !== '') {
    throw new Unresolved('its source is chosen by a semverFilter, which the gate does not know');
  }
  if (text(repository, 'spec', 'layerSelector', 'operation') === 'copy') {
    throw new Unresolved('its source is a layer that is copied as it is (layerSelector.operation)');
  }
  return {
    url: text(repository, 'spec', 'url') ?? '',
    version: digest ?? semver ?? tag ?? 'latest',
    range: digest == null && semver != null,
    mediaType: text(repository, 'spec', 'layerSelector', 'mediaType') ?? '',
  };
}

/** The most exact thing that a ref says, as the name of a branch where it is one (source-controller GitRepositoryRef). */
function branchOf(ref: JsonValue | undefined): string | null {
  const said = (name: string): string | null => text(ref, name) || null;
  const tag = said('tag');
  return (
    said('commit') ??
    said('name') ??
    said('semver') ??
    (tag === null ? null : `refs/tags/${tag}`) ??
    said('branch')
  );
}

/** The artifact that an ArtifactGenerator makes, as a side of its own. */
async function artifactSource(
  at: GitOpsSide,
  name: string,
  namespace: string,
  from: Vantage,
): Promise<OwnSource | { reason: string }> {
  const named = (generator: JsonMap): JsonMap | undefined =>
    list(generator, 'spec', 'artifacts')
      .filter(isMap)
      .find((artifact) => text(artifact, 'name') === name);
  const generator = await at.world.findWhere(
    'ArtifactGenerator',
    (object) => named(object) !== undefined,
    from,
  );
  const artifact = generator === null ? undefined : named(generator.object);
  if (generator === null || artifact === undefined) {
    return { reason: `its source is the ExternalArtifact ${name}, which nothing in the repository makes` };
  }
  const own = new Set<string>();
  const consulted = generator.path === null ? [] : [generator.path];
  let held: Side | null = null;
  for (const source of list(generator.object, 'spec', 'sources')) {
    const found = await fluxSource(at, source, text(source, 'namespace') ?? namespace, from);
    if (text(source, 'kind') !== 'GitRepository' || !('side' in found)) continue;
    own.add(text(source, 'alias') ?? '');
    consulted.push(...found.consulted);
    if (held !== null && held !== found.side) {
      throw new Unresolved('its artifact is made of several sources that ignore different files');
    }
    held = found.side;
  }
  const side = held ?? at.side;
  const tree = artifactTree(side.view.tree, side.view.files, artifact, own);
  return {
    side: await Side.open(tree, side.context, side.owner),
    origin: (path) => tree.origin(path),
    consulted,
  };
}
