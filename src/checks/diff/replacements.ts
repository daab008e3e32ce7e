import { immutableDifferences } from './impacts/immutable-fields.js';
import { becomesHook, isForced } from './impacts/removal.js';
import type { TargetDifference } from './model.js';
import type { World } from './world.js';

/**
 * Turns updates that the API server refuses into replacements where the object, or who deploys it, says that it is to
 * be deleted and made again; what becomes a hook is pruned and made as one. To be done before the rules look.
 */
export function tellReplacements(target: TargetDifference, world: World): void {
  for (const object of target.objects) {
    if (object.action !== 'update' || object.renamedFrom !== null) continue;
    if (becomesHook(object) || (immutableDifferences(object).length > 0 && isForced(object, target, world))) {
      object.action = 'replace';
    }
  }
}
