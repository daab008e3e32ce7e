import { describeRef } from '../../../kubernetes/index.js';
import { at, fieldPathIn, type ObjectDifference, type TargetDifference } from '../model.js';
import { formatChangePath } from '../semantic/path.js';
import { kindKey } from '../world.js';
import { immutableDifferences } from './immutable-fields.js';
import type { Impact, ImpactRule } from './impact.js';

/** Updates that the API server will refuse. Objects that are replaced anyway have been told apart before. */
export const immutableField: ImpactRule = {
  describe: {
    id: 'diff/immutable-field',
    title: 'The change touches a field that cannot be changed',
    why: 'The API server refuses the update: the sync fails after the merge, and everything behind it waits.',
    help: 'Give the object a new name, undo the field, or say that it may be deleted and made again (argocd.argoproj.io/sync-options: Force=true,Replace=true, or kustomize.toolkit.fluxcd.io/force: enabled).',
    action: 'fix',
    severity: 'error',
  },
  examine(target: TargetDifference): Impact[] {
    return target.objects.flatMap((object) => {
      if (object.action !== 'update' || object.renamedFrom !== null || object.result === null) return [];
      const [first, ...others] = immutableDifferences(object);
      if (first === undefined) return [];
      const vanishing = goesByItself(object);
      const paths = [first, ...others].map(({ path }) => formatChangePath(path));
      const shown = paths.slice(0, 3).join(', ') + (paths.length > 3 ? ` and ${paths.length - 3} more` : '');
      return [
        {
          object,
          field: fieldPathIn(object.result.object, first.path),
          message: `${describeRef(object.ref)}: ${shown} cannot be changed once it is set${vanishing === null ? '' : `; it goes by itself ${vanishing} s after it ended, and until then the update is refused`}`,
          ...(vanishing === null
            ? {}
            : {
                action: 'inform' as const,
                severity: 'warning' as const,
                confidence: 'likely' as const,
              }),
          help: 'Give the object a new name, undo the field, or annotate it so that it is deleted and made again (argocd.argoproj.io/sync-options: Force=true,Replace=true; kustomize.toolkit.fluxcd.io/force: enabled).',
          detail: [...paths].sort(),
        },
      ];
    });
  },
};

/**
 * Seconds after which a Job that ended is deleted by the cluster, so that the next one is made anew; null for all else.
 * Where the old one asks for longer than an hour, it is likely to be there still.
 */
function goesByItself({ ref, base }: ObjectDifference): number | null {
  if (kindKey(ref.apiVersion, ref.kind) !== 'batch/Job') return null;
  const seconds = at(base?.object ?? null, 'spec', 'ttlSecondsAfterFinished');
  return typeof seconds === 'number' && seconds <= 3_600 ? seconds : null;
}
