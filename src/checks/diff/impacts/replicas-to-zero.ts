import { describeRef } from '../../../kubernetes/index.js';
import { at, type TargetDifference } from '../model.js';
import type { Impact, ImpactRule } from './impact.js';

const KINDS = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Rollout']);

/** Workloads that are scaled to nothing. */
export const replicasToZero: ImpactRule = {
  describe: {
    id: 'diff/replicas-to-zero',
    title: 'A workload is scaled to zero',
    why: 'All its pods stop; whoever depends on it finds nobody.',
    help: 'If it is meant, an approving review opens it; if not, set spec.replicas again.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference): Impact[] {
    return target.objects.flatMap((object) => {
      if (!KINDS.has(object.ref.kind) || object.before === null || object.after === null) return [];
      // An absent number of replicas is one.
      const before = at(object.before, 'spec', 'replicas') ?? 1;
      const after = at(object.after, 'spec', 'replicas') ?? 1;
      if (before === 0 || after !== 0) return [];
      return [
        {
          object,
          field: ['spec', 'replicas'],
          message: `${describeRef(object.ref)} goes from ${String(before)} replica${before === 1 ? '' : 's'} to 0`,
          help: `Meant? An approving review opens this. Not meant? Set spec.replicas to ${String(before)} again.`,
          detail: ['replicas'],
        },
      ];
    });
  },
};
