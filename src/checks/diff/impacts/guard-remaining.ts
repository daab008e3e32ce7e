import { objectKey } from '../../../kubernetes/index.js';
import type { ObjectDifference, TargetDifference } from '../model.js';
import { normalise } from '../semantic/normalise.js';
import { kindKey, type ObjectIndex, type World } from '../world.js';
import { howKept, movedTo } from './removal.js';
import { bareContent, twinsOf } from './renamed.js';

/** Guards that hold by being there: nothing else asks for them by name. */
const NAMELESS =
  /^(?:networking\.k8s\.io\/NetworkPolicy|cilium\.io\/Cilium(?:Clusterwide)?NetworkPolicy|security\.istio\.io\/\w+|\/ResourceQuota|\/LimitRange|kyverno\.io\/(?:Cluster)?Policy|constraints\.gatekeeper\.sh\/\w+)$/;

/**
 * Objects that leave a target, or come into it, and that the cluster has all the same: those that their deployer leaves
 * there, those that another deployment has with the same content, and those that only get another name, of kinds that
 * hold whatever they are called.
 */
export function remaining(target: TargetDifference, world: World): ReadonlySet<ObjectDifference> {
  const stays = new Set<ObjectDifference>();
  for (const [former, object] of twinsOf(target)) {
    const kind = kindKey(former.ref.apiVersion, former.ref.kind);
    if (!NAMELESS.test(kind) || former.ref.namespace !== object.ref.namespace) continue;
    stays.add(former).add(object);
  }
  for (const object of target.objects) {
    const { action } = object;
    if (
      action === 'delete' &&
      (howKept(object, target, world) !== null || isElsewhere(object, target, world))
    )
      stays.add(object);
    if (action === 'create' && wasElsewhere(object, target, world)) stays.add(object);
  }
  return stays;
}

function isElsewhere(object: ObjectDifference, target: TargetDifference, world: World): boolean {
  return movedTo(object, target, world) !== null && isAlike(object, world.scopeOf(target).result);
}

/** True for an object that another target of the same cluster had, just so. */
function wasElsewhere(object: ObjectDifference, target: TargetDifference, world: World): boolean {
  return target.target.cluster !== null && isAlike(object, world.scopeOf(target).base);
}

function isAlike({ ref, before, after }: ObjectDifference, side: ObjectIndex): boolean {
  const content = before ?? after;
  const other = side.get(objectKey(ref));
  return (
    content !== null &&
    other !== undefined &&
    bareContent(other.ref, normalise(other.object).value) === bareContent(ref, content)
  );
}
