import { expandGitOps } from '../gitops/expansion.js';
import { discoverFolders } from './discover.js';
import type { Side } from './side.js';
import { ClusterPaths, type TargetSpec, targetFilter } from './target-spec.js';

/** Everything of one side that can be rendered, by name; `diff.targets` says which of it counts. */
export async function discover(side: Side): Promise<ReadonlyMap<string, TargetSpec>> {
  const { config } = side.context;
  const clusters = new ClusterPaths(config);
  const wanted = targetFilter(config);
  const specs = new Map<string, TargetSpec>();
  const folders = await discoverFolders(side);
  for (const found of folders) {
    for (const spec of clusters.specs(found)) if (wanted(spec.name)) specs.set(spec.name, spec);
  }
  for (const spec of await expandGitOps(side, folders)) {
    const name = specs.has(spec.name) ? `${spec.name}@${spec.path}` : spec.name;
    if (wanted(spec.name)) specs.set(name, { ...spec, name });
  }
  return specs;
}
