import { describeRef } from '../../../kubernetes/index.js';
import type { TargetDifference } from '../model.js';
import type { World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { howKept, movedTo } from './removal.js';

/** Objects that leave the repository and stay in the cluster. */
export const leftBehind: ImpactRule = {
  describe: {
    id: 'diff/left-behind',
    title: 'A deleted object stays in the cluster',
    why: 'Nobody manages it any more: it is not updated, not watched, and still runs.',
    help: 'Delete it by hand once it is not needed.',
    action: 'inform',
    severity: 'notice',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    return target.objects.flatMap((object): Impact[] => {
      if (object.action !== 'delete' || movedTo(object, target, world) !== null) return [];
      const why = howKept(object, target, world);
      return why === null
        ? []
        : [
            {
              object,
              message: `${describeRef(object.ref)} leaves the repository and stays in the cluster: ${why}`,
              help: 'Delete it by hand once it is not needed.',
              detail: ['kept'],
            },
          ];
    });
  },
};
