import type { JsonValue } from '../../contract/index.js';
import { isMap, type JsonMap, list, text } from '../inputs/json-shape.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import { Side } from '../targets/side.js';
import { artifactTree } from './flux-artifact.js';
import type { GitOpsSide } from './gitops-object.js';
import type { Vantage } from './world.js';

/** The GitRepository that `flux bootstrap` makes of the repository it lies in. */
const BOOTSTRAPPED = 'flux-system';

/**
 * Whether a sourceRef means this repository at the branch that is judged; else why it cannot be read. The source that
 * bootstrap makes is this repository; any other must have a URL that is known as its own.
 */
export async function fluxSource(
  at: GitOpsSide,
  reference: JsonValue | undefined,
  namespace: string,
  from: Vantage,
): Promise<{ side: Side; origin: (path: string) => string } | { reason: string }> {
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
  return { side: at.side, origin: (path) => path };
}

/** The artifact that an ArtifactGenerator makes, as a side of its own. */
async function artifactSource(
  at: GitOpsSide,
  name: string,
  namespace: string,
  from: Vantage,
): Promise<{ side: Side; origin: (path: string) => string } | { reason: string }> {
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
  for (const source of list(generator.object, 'spec', 'sources')) {
    const found = await fluxSource(at, source, text(source, 'namespace') ?? namespace, from);
    if (text(source, 'kind') === 'GitRepository' && !('reason' in found))
      own.add(text(source, 'alias') ?? '');
  }
  const tree = artifactTree(at.side.view.tree, at.side.view.files, artifact, own);
  const side = await Side.open(tree, at.side.context, at.side.trusted);
  return { side, origin: (path) => tree.origin(path) };
}
