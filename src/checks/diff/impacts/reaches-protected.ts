import { compileGlobs } from '../../../config/index.js';
import type { TargetDifference } from '../model.js';
import type { World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

/** True when a protected place is changed: the cluster, or a path that the changed objects come from. */
function isUnder(target: TargetDifference, clusters: readonly string[], paths: readonly string[]): boolean {
  if (target.target.cluster !== null && clusters.includes(target.target.cluster)) return true;
  if (paths.length === 0) return false;
  const matches = compileGlobs(paths);
  return (
    matches(target.target.path) ||
    target.objects.some(({ base, result }) =>
      [base?.path, result?.path].some((path) => typeof path === 'string' && matches(path)),
    )
  );
}

/** Changes that reach a protected cluster, or reach it at once with the clusters that should have them first. */
export const reachesProtected: ImpactRule = {
  describe: {
    id: 'diff/reaches-protected',
    title: 'The change reaches a protected cluster',
    why: 'A change that goes to all environments at once has been tried nowhere.',
    help: 'Change the earlier clusters first, in a pull request of their own; or let an approving review open it.',
    action: 'approve',
    severity: 'warning',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    if (target.objects.length === 0) return [];
    const place = target.target.cluster ?? target.target.name;
    return world.config.diff.protect.flatMap((protection): Impact[] => {
      if (!isUnder(target, protection.clusters, protection.paths)) return [];
      const { after } = protection;
      if (after === undefined || after.length === 0) {
        return [
          {
            object: null,
            message: `${place} is protected, and this change reaches it`,
            help: 'An approving review opens this.',
            detail: [place],
          },
        ];
      }
      const together = after.filter((cluster) =>
        world.targets.some((other) => other.target.cluster === cluster && other.objects.length > 0),
      );
      if (together.length === 0) return [];
      return [
        {
          object: null,
          message: `${place} gets this change at once with ${together.join(', ')}, which should have it first`,
          help: `Change ${together.join(', ')} first, in a pull request of its own; or let an approving review open this.`,
          detail: [place, ...together],
        },
      ];
    });
  },
};
