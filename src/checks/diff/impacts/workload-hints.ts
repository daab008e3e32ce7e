import { describeRef, isRecord, type Manifest, matchesSelector } from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import { startsWithNames } from '../semantic/path.js';
import { type ObjectIndex, textOf, type World } from '../world.js';
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
    const { result } = world.scopeOf(target);
    return target.objects.flatMap((object): Impact[] => {
      if (object.ref.kind !== 'PodDisruptionBudget' || object.result === null) return [];
      const budget = object.result;
      if (!blocks(budget, replicasUnder(budget, result))) return [];
      return [
        {
          object,
          field: ['spec'],
          message: `${describeRef(object.ref)} lets no pod go: nodes with its pods cannot be drained`,
          help: 'Set maxUnavailable: 1, or run more replicas than minAvailable.',
          detail: ['blocks'],
        },
      ];
    });
  },
};

/** Replicas of the workloads whose pods a budget covers; null where none is at hand. */
function replicasUnder(budget: Manifest, side: ObjectIndex): number | null {
  const selector = at(budget.object, 'spec', 'selector');
  const covered = new Set(
    side
      .podsIn(budget.ref.namespace)
      .filter(({ labels }) => matchesSelector(selector, labels))
      .map(({ manifest }) => manifest),
  );
  let replicas: number | null = null;
  for (const { ref, object } of covered) {
    const count = at(object, 'spec', 'replicas') ?? 1;
    if (SCALED.has(ref.kind) && typeof count === 'number') replicas = (replicas ?? 0) + count;
  }
  return replicas;
}
const SCALED = new Set(['Deployment', 'StatefulSet', 'ReplicaSet']);

function blocks(budget: Manifest, replicas: number | null): boolean {
  const unavailable = at(budget.object, 'spec', 'maxUnavailable');
  const available = at(budget.object, 'spec', 'minAvailable');
  if (unavailable === 0 || unavailable === '0%' || unavailable === '0') return true;
  if (available === '100%') return true;
  return typeof available === 'number' && replicas !== null && replicas > 0 && available >= replicas;
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
    const { result } = world.scopeOf(target);
    const scalers = result.ofKind('autoscaling/HorizontalPodAutoscaler');
    return target.objects.flatMap((object): Impact[] => {
      if (object.result === null || at(object.result.object, 'spec', 'replicas') === undefined) return [];
      const touches =
        object.action === 'create' ||
        object.differences.some(({ path }) => startsWithNames(path, 'spec', 'replicas'));
      const scaler = scalers.find(
        ({ ref, object: hpa }) =>
          ref.namespace === object.ref.namespace &&
          at(hpa, 'spec', 'scaleTargetRef', 'kind') === object.ref.kind &&
          at(hpa, 'spec', 'scaleTargetRef', 'name') === object.ref.name,
      );
      if (!touches || scaler === undefined) return [];
      return [
        {
          object,
          field: ['spec', 'replicas'],
          message: `${describeRef(object.ref)} sets its replicas, which ${describeRef(scaler.ref)} scales`,
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
    const { result } = world.scopeOf(target);
    return target.objects.flatMap((object): Impact[] => {
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
  },
};

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
