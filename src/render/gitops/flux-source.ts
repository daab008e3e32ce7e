import type { JsonValue } from '../../contract/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { isMap, type JsonMap, list, text } from '../inputs/json-shape.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import { Side } from '../targets/side.js';
import { artifactTree } from './flux-artifact.js';
import type { GitOpsSide } from './gitops-object.js';
import type { Vantage } from './world.js';

/** The GitRepository that `flux bootstrap` makes of the repository it lies in. */
const BOOTSTRAPPED = 'flux-system';

/** A source that is this repository: its files, where they come from, and the files that say what it holds. */
export interface OwnSource {
  side: Side;
  origin: (path: string) => string;
  consulted: readonly string[];
}

/**
 * Whether a sourceRef means this repository at the branch that is judged; else why it cannot be read. The source that
 * bootstrap makes is this repository; any other must have a URL that is known as its own.
 */
export async function fluxSource(
  at: GitOpsSide,
  reference: JsonValue | undefined,
  namespace: string,
  from: Vantage,
): Promise<OwnSource | { reason: string }> {
  const kind = text(reference, 'kind') ?? 'GitRepository';
  const name = text(reference, 'name') ?? '';
  const source = await at.world.find(kind, text(reference, 'namespace') ?? namespace, name, from);
  const url = source === null ? null : text(source.object, 'spec', 'url');
  const where = url === null ? '' : ` (${withoutCredentials(url)})`;
  if (kind === 'ExternalArtifact') return artifactSource(at, name, namespace, from);
  if (kind !== 'GitRepository') {
    return { reason: `its source is the ${kind} ${name}${where}, which is not in the repository` };
  }
  const own = name === BOOTSTRAPPED || (url !== null && at.repository.has(url));
  if (!own) {
    const hint = url === null ? 'no such object is in the repository' : 'another repository';
    return {
      reason: `its source is the GitRepository ${name}${where}: ${hint}; name its URL in \`repositories\` if it is this one`,
    };
  }
  const revision =
    source === null
      ? null
      : (text(source.object, 'spec', 'ref', 'commit') ??
        text(source.object, 'spec', 'ref', 'name') ??
        text(source.object, 'spec', 'ref', 'semver') ??
        text(source.object, 'spec', 'ref', 'tag') ??
        text(source.object, 'spec', 'ref', 'branch'));
  if (!at.repository.follows(revision)) {
    return {
      reason: `its source follows ${revision ?? ''} of this repository, not the branch that is judged`,
    };
  }
  const { side, rules } = await at.artifacts.of(source?.object ?? null);
  const consulted = source?.path == null ? rules : [...rules, source.path];
  return { side, origin: (path) => path, consulted };
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
    if (text(source, 'kind') !== 'GitRepository' || 'reason' in found) continue;
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
    side: await Side.open(tree, side.context, side.trusted),
    origin: (path) => tree.origin(path),
    consulted,
  };
}
