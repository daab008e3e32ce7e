import { discoverFolders } from './discover.js';
import type { Side } from './side.js';
import { ClusterPaths, type TargetSpec, targetFilter } from './target-spec.js';

/** Everything of one side that can be rendered, by name; `diff.targets` says which of it counts. */
export async function discover(side: Side): Promise<ReadonlyMap<string, TargetSpec>> {
  const { config } = side.context;
  const clusters = new ClusterPaths(config);
  const wanted = targetFilter(config);
  const specs = new Map<string, TargetSpec>();
  for (const found of await discoverFolders(side)) {
    for (const spec of clusters.specs(found)) if (wanted(spec.name)) specs.set(spec.name, spec);
  }
  return specs;
}
