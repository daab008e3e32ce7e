import type { JsonValue } from '../../../contract/index.js';
import {
  describeRef,
  isRecord,
  type Manifest,
  matchesSelector,
  objectKey,
} from '../../../kubernetes/index.js';
import { at, manifestsOf, type ObjectDifference, type TargetDifference } from '../model.js';
import { startsWithNames } from '../semantic/path.js';
import { kindKey, type ObjectIndex, textOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { selectedBy } from './selector-mismatch.js';

/** PodDisruptionBudgets that allow no pod to go. */
export const pdbBlocks: ImpactRule = {
  describe: {
    id: 'diff/pdb-blocks',
    title: 'A PodDisruptionBudget lets no pod go',
    why: 'Nodes with such a pod cannot be drained: upgrades of the cluster stop there.',
    help: 'Allow one pod to be away, or run more replicas.',
    action: 'inform',
    severity: 'warning',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    if (target.objects.length === 0) return [];
    const { base, result } = world.scopeOf(target);
    return manifestsOf(target.result).flatMap((budget): Impact[] => {
      if (kindKey(budget.ref.apiVersion, budget.ref.kind) !== 'policy/PodDisruptionBudget') return [];
      if (!blocks(budget, replicasUnder(budget, result))) return [];
      const former = base.get(objectKey(budget.ref));
      if (former !== undefined && blocks(former, replicasUnder(former, base))) return [];
      return [
        {
          object: changeOf(budget, target),
          manifest: budget,
          field: ['spec'],
          message: `${describeRef(budget.ref)} lets no pod go: nodes with its pods cannot be drained`,
          help: 'Set maxUnavailable: 1, or run more replicas than minAvailable.',
          detail: ['blocks'],
        },
      ];
    });
  },
};

/** The change of an object in a target, null where it stays as it is. */
function changeOf({ ref }: Manifest, target: TargetDifference): ObjectDifference | null {
  const key = objectKey(ref);
  return target.objects.find((object) => object.result !== null && objectKey(object.ref) === key) ?? null;
}

/** Replicas of the workloads whose pods a budget covers, the least that scalers let; null where none is at hand. */
function replicasUnder(budget: Manifest, side: ObjectIndex): number | null {
  const selector = at(budget.object, 'spec', 'selector');
  const covered = new Set(
    side
      .podsIn(budget.ref.namespace)
      .filter(({ labels }) => matchesSelector(selector, labels))
      .map(({ manifest }) => manifest),
  );
  let replicas: number | null = null;
  for (const workload of covered) {
    const scaler = scalerOf(workload, side);
    const least = scaler === null ? undefined : leastOf(scaler);
    const count = least ?? at(workload.object, 'spec', 'replicas') ?? 1;
    if (SCALED.has(workload.ref.kind) && typeof count === 'number') replicas = (replicas ?? 0) + count;
  }
  return replicas;
}

/** The replicas that a scaler keeps at least. */
function leastOf({ object }: Manifest): JsonValue {
  return at(object, 'spec', 'minReplicas') ?? at(object, 'spec', 'minReplicaCount') ?? 1;
}

/** What scales a workload by itself, if it is at hand. */
function scalerOf({ ref }: Manifest, side: ObjectIndex): Manifest | null {
  const scalers = [
    ...side.ofKind('autoscaling/HorizontalPodAutoscaler'),
    ...side.ofKind('keda.sh/ScaledObject'),
  ];
  return (
    scalers.find(({ ref: own, object }) => {
      const goal = at(object, 'spec', 'scaleTargetRef');
      return (
        own.namespace === ref.namespace &&
        (textOf(at(goal, 'kind')) || 'Deployment') === ref.kind &&
        at(goal, 'name') === ref.name
      );
    }) ?? null
  );
}
const SCALED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet']);

function blocks(budget: Manifest, replicas: number | null): boolean {
  const unavailable = at(budget.object, 'spec', 'maxUnavailable');
  const available = at(budget.object, 'spec', 'minAvailable');
  if (unavailable === 0 || unavailable === '0%' || unavailable === '0') return true;
  if (available === '100%') return true;
  if (replicas === null || replicas === 0) return false;
  if (typeof available === 'number') return available >= replicas;
  // Shares are rounded up: of one pod, half is one.
  const share = /^(\d{1,3})%$/.exec(textOf(available))?.[1];
  return share !== undefined && Math.ceil((Number(share) * replicas) / 100) >= replicas;
}

/** Replicas that a HorizontalPodAutoscaler will overrule. */
export const hpaReplicas: ImpactRule = {
  describe: {
    id: 'diff/hpa-replicas',
    title: 'A HorizontalPodAutoscaler and the manifest both set the replicas',
    why: 'Each sync scales the workload to the manifest, the autoscaler scales it back.',
    help: 'Leave spec.replicas out of the manifest.',
    action: 'inform',
    severity: 'warning',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    if (target.objects.length === 0) return [];
    const { base, result } = world.scopeOf(target);
    return manifestsOf(target.result).flatMap((workload): Impact[] => {
      if (at(workload.object, 'spec', 'replicas') === undefined) return [];
      const scaler = scalerOf(workload, result);
      if (scaler === null) return [];
      const object = changeOf(workload, target);
      const former = base.get(objectKey(workload.ref));
      const wasSo =
        former !== undefined &&
        at(former.object, 'spec', 'replicas') !== undefined &&
        scalerOf(former, base) !== null;
      const touches = object?.differences.some(({ path }) => startsWithNames(path, 'spec', 'replicas'));
      if (wasSo && touches !== true) return [];
      return [
        {
          object,
          manifest: workload,
          field: ['spec', 'replicas'],
          message: `${describeRef(workload.ref)} sets its replicas, which ${describeRef(scaler.ref)} scales`,
          help: 'Leave spec.replicas out of the manifest.',
          detail: [scaler.ref.name],
        },
      ];
    });
  },
};

/** Services that find no pods among the objects at hand. */
export const serviceWithoutEndpoints: ImpactRule = {
  describe: {
    id: 'diff/service-without-endpoints',
    title: 'A Service selects no pods',
    why: 'It answers nobody, unless its pods come from somewhere else.',
    help: 'Make spec.selector and the pod labels agree.',
    action: 'inform',
    severity: 'notice',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    const { base, result } = world.scopeOf(target);
    const left = target.objects.length === 0 ? [] : leftAlone(target, base, result);
    const without = target.objects.flatMap((object): Impact[] => {
      if (
        !isSelectingService(object) ||
        object.result === null ||
        selectedBy(object.result, result).length > 0
      )
        return [];
      return [
        {
          object,
          field: ['spec', 'selector'],
          confidence: 'guess',
          message: `${describeRef(object.ref)} selects none of the pods at hand`,
          help: 'Make spec.selector and the pod labels agree, unless its pods come from somewhere else.',
          detail: ['none'],
        },
      ];
    });
    return [...without, ...left];
  },
};

/** Services that stay as they are while the workloads whose pods they select go. */
function leftAlone(target: TargetDifference, base: ObjectIndex, result: ObjectIndex): Impact[] {
  return manifestsOf(target.result).flatMap((service): Impact[] => {
    if (kindKey(service.ref.apiVersion, service.ref.kind) !== '/Service') return [];
    const former = base.get(objectKey(service.ref));
    const [workload] = former === undefined ? [] : selectedBy(former, base);
    if (workload === undefined || selectedBy(service, result).length > 0) return [];
    // Where the workload stays with other labels, that is a mistake of its own.
    if (selectedBy(former ?? service, base).some(({ ref }) => result.get(objectKey(ref)) !== undefined))
      return [];
    return [
      {
        object: changeOf(service, target),
        manifest: service,
        field: ['spec', 'selector'],
        severity: 'warning',
        confidence: 'likely',
        message: `${describeRef(service.ref)} stays, but ${describeRef(workload.ref)}, whose pods it selects, goes`,
        help: 'Take the Service away too, unless its pods come from somewhere else.',
        detail: ['left alone'],
      },
    ];
  });
}

function isSelectingService(object: ObjectDifference): boolean {
  const touched =
    object.action === 'create' ||
    object.differences.some(({ path }) => startsWithNames(path, 'spec', 'selector'));
  const selector = at(object.after, 'spec', 'selector');
  return (
    touched &&
    object.ref.kind === 'Service' &&
    !object.ref.apiVersion.includes('/') &&
    textOf(at(object.after, 'spec', 'type')) !== 'ExternalName' &&
    isRecord(selector) &&
    Object.keys(selector).length > 0
  );
}
