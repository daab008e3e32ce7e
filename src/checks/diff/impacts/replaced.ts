import { describeRef } from '../../../kubernetes/index.js';
import type { TargetDifference } from '../model.js';
import type { Impact, ImpactRule } from './impact.js';

/** Objects that are deleted and made again, so that something is not there for a while. */
export const replaced: ImpactRule = {
  describe: {
    id: 'diff/replaced',
    title: 'An object is deleted and made again',
    why: 'Between the two the object does not exist: pods stop, addresses change, what it owns goes with it.',
    help: 'Nothing to do where that is meant.',
    action: 'inform',
    severity: 'warning',
  },
  examine(target: TargetDifference): Impact[] {
    return target.objects
      .filter(({ action }) => action === 'replace')
      .map((object) => ({
        object,
        message: `${describeRef(object.ref)} is deleted and made again`,
        help: 'Nothing to do where that is meant; else undo the change of the field that cannot be updated.',
        detail: [],
      }));
  },
};
