import { Unresolved } from '../inputs/input-set.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import type { ChartReference, RemoteChart } from '../remotes/remote-charts.js';
import type { GitOpsSide } from './gitops-object.js';

/**
 * A chart from elsewhere, where the door lets charts be fetched; a trusted tree's references declare their remotes.
 * @throws Unresolved where it may not be fetched
 */
export function remoteChart(at: GitOpsSide, reference: ChartReference): RemoteChart {
  const { remotes } = at.side.context;
  if (remotes === null) {
    const { chart, url, version } = reference;
    const name = chart === '' ? '' : `${chart} `;
    throw new Unresolved(
      `its chart ${name}${version} comes from ${withoutCredentials(url)}, which is not in the repository`,
    );
  }
  return remotes.admitChart(reference, at.side.owner);
}
