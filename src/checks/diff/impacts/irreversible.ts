import { describeRef, groupOf, parseQuantity, sameQuantity } from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import { recordsOf } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

/** What a revert of this change would do beyond undoing it, or null. */
function afterRevert(object: ObjectDifference): string | null {
  const kind = `${groupOf(object.ref.apiVersion)}/${object.ref.kind}`;
  if (object.action === 'create') {
    switch (kind) {
      case '/PersistentVolumeClaim':
        return 'reverting this later deletes it with the data written until then';
      case '/Namespace':
        return 'reverting this later deletes everything that is in it by then';
      case 'apiextensions.k8s.io/CustomResourceDefinition':
        return 'reverting this later deletes every object of its kind';
      case 'apps/StatefulSet':
        return recordsOf(at(object.after, 'spec', 'volumeClaimTemplates')).length > 0
          ? 'reverting this later stops it and leaves its volume claims behind'
          : null;
      default:
        return null;
    }
  }
  if (object.action === 'replace') return 'reverting this deletes and makes it again once more';
  if (kind === '/PersistentVolumeClaim' && object.action === 'update') {
    const before = at(object.before, 'spec', 'resources', 'requests', 'storage');
    const after = at(object.after, 'spec', 'resources', 'requests', 'storage');
    const grows =
      parseQuantity(before) !== null && parseQuantity(after) !== null && !sameQuantity(before, after);
    return grows ? 'it grows; reverting cannot make it smaller again' : null;
  }
  if (kind === 'apiextensions.k8s.io/CustomResourceDefinition' && object.action === 'update') {
    const stored = (side: ObjectDifference['after']): string =>
      JSON.stringify(
        recordsOf(at(side, 'spec', 'versions'))
          .filter((version) => version.storage === true)
          .map((version) => version.name),
      );
    return stored(object.before) === stored(object.after)
      ? null
      : 'objects are stored in another version from now on; a revert that drops it is refused';
  }
  return null;
}

/** What cannot simply be taken back. */
export const irreversible: ImpactRule = {
  describe: {
    id: 'diff/irreversible',
    title: 'Reverting the change would not bring the old state back',
    why: 'Whoever has to go back at night should know before what a revert does.',
    help: 'Nothing to do; plan for going forward.',
    action: 'inform',
    severity: 'notice',
  },
  examine(target: TargetDifference): Impact[] {
    return target.objects.flatMap((object): Impact[] => {
      const text = afterRevert(object);
      return text === null
        ? []
        : [
            {
              object,
              message: `${describeRef(object.ref)}: ${text}`,
              help: 'Nothing to do; plan for going forward.',
              detail: [object.action],
            },
          ];
    });
  },
};
