import type { JsonValue } from '../../contract/index.js';
import { text } from '../inputs/json-shape.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
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
): Promise<{ own: true } | { reason: string }> {
  const kind = text(reference, 'kind') ?? 'GitRepository';
  const name = text(reference, 'name') ?? '';
  const source = await at.world.find(kind, text(reference, 'namespace') ?? namespace, name, from);
  const url = source === null ? null : text(source.object, 'spec', 'url');
  const where = url === null ? '' : ` (${withoutCredentials(url)})`;
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
  return { own: true };
}
