import { describeRef } from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import type { Impact, ImpactRule } from './impact.js';
import { isDeployer } from './removal.js';

const SWITCHES: readonly (readonly string[])[] = [
  ['spec', 'syncPolicy', 'automated', 'prune'],
  ['spec', 'syncPolicy', 'automated', 'allowEmpty'],
  ['spec', 'template', 'spec', 'syncPolicy', 'automated', 'prune'],
  ['spec', 'template', 'spec', 'syncPolicy', 'automated', 'allowEmpty'],
  ['spec', 'prune'],
  ['spec', 'force'],
];

function turnedOn(object: ObjectDifference): (readonly string[])[] {
  return SWITCHES.filter((path) => at(object.before, ...path) !== true && at(object.after, ...path) === true);
}

/** Deployers that begin to delete. */
export const pruneEnabled: ImpactRule = {
  describe: {
    id: 'diff/prune-enabled',
    title: 'A deployment begins to delete what its source does not hold',
    why: 'Objects that were left behind so far are deleted at the next sync, unseen by any later change.',
    help: 'If it is meant, an approving review opens it.',
    action: 'approve',
    severity: 'warning',
  },
  examine(target: TargetDifference): Impact[] {
    return target.objects.flatMap((object) => {
      if (!isDeployer(object) || object.action !== 'update') return [];
      return turnedOn(object).map((path) => ({
        object,
        field: path,
        message: `${describeRef(object.ref)} turns ${path.join('.')} on`,
        help: 'Meant? An approving review opens this. See first what is left behind in the cluster.',
        detail: [path.join('.')],
      }));
    });
  },
};
