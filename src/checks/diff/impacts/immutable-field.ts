import { describeRef } from '../../../kubernetes/index.js';
import { fieldPathIn, type TargetDifference } from '../model.js';
import { formatChangePath } from '../semantic/path.js';
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
      const paths = [first, ...others].map(({ path }) => formatChangePath(path));
      const shown = paths.slice(0, 3).join(', ') + (paths.length > 3 ? ` and ${paths.length - 3} more` : '');
      return [
        {
          object,
          field: fieldPathIn(object.result.object, first.path),
          message: `${describeRef(object.ref)}: ${shown} cannot be changed once it is set`,
          help: 'Give the object a new name, undo the field, or annotate it so that it is deleted and made again (argocd.argoproj.io/sync-options: Force=true,Replace=true; kustomize.toolkit.fluxcd.io/force: enabled).',
          detail: [...paths].sort(),
        },
      ];
    });
  },
};
