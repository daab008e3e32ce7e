import { describeRef } from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import { stringsOf } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { isDeployer } from './removal.js';

const SWITCHES: readonly (readonly string[])[] = [
  ['spec', 'syncPolicy', 'automated', 'prune'],
  ['spec', 'syncPolicy', 'automated', 'allowEmpty'],
  ['spec', 'template', 'spec', 'syncPolicy', 'automated', 'prune'],
  ['spec', 'template', 'spec', 'syncPolicy', 'automated', 'allowEmpty'],
  ['spec', 'prune'],
  ['spec', 'force'],
  ['spec', 'upgrade', 'force'],
];

/** Where Applications, and the Applications of a set, have their sync options. */
const OPTIONS: readonly (readonly string[])[] = [
  ['spec', 'syncPolicy', 'syncOptions'],
  ['spec', 'template', 'spec', 'syncPolicy', 'syncOptions'],
];

/** Sync options of a whole Application that begin to delete, or no longer keep. */
function optionsOf({ before, after }: ObjectDifference): { path: readonly string[]; says: string }[] {
  return OPTIONS.flatMap((path) => {
    const old = stringsOf(at(before, ...path));
    const now = stringsOf(at(after, ...path));
    const kept =
      old.includes('Prune=false') && !now.includes('Prune=false') ? ['no longer has Prune=false'] : [];
    const forced = ['Replace=true', 'Force=true'].filter((one) => now.includes(one) && !old.includes(one));
    return [...kept, ...forced.map((one) => `turns ${one} on for all its objects`)].map((says) => ({
      path,
      says,
    }));
  });
}

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
      const switches = turnedOn(object).map((path) => ({
        path,
        says: `turns ${path.join('.')} on`,
        detail: path.join('.'),
      }));
      const options = optionsOf(object).map(({ path, says }) => ({ path, says, detail: says }));
      return [...switches, ...options].map(({ path, says, detail }) => ({
        object,
        field: path,
        message: `${describeRef(object.ref)} ${says}`,
        help: 'Meant? An approving review opens this. See first what is left behind in the cluster.',
        detail: [detail],
      }));
    });
  },
};
