import { describeRef } from '../../../kubernetes/index.js';
import { annotationsOf, at, type ObjectDifference, type TargetDifference } from '../model.js';
import { kindKey, textOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

/** Kinds whose absent number of replicas is one. */
const ONE_BY_DEFAULT = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
]);
const PAUSED = 'autoscaling.keda.sh/paused-replicas';

/** Workloads that are scaled to nothing, by their own number, by their scaler, or by being suspended. */
export const replicasToZero: ImpactRule = {
  describe: {
    id: 'diff/replicas-to-zero',
    title: 'A workload is scaled to zero',
    why: 'All its pods stop; whoever depends on it finds nobody.',
    help: 'If it is meant, an approving review opens it; if not, set spec.replicas again.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    return target.objects.flatMap((object) => [
      ...own(object, target, world),
      ...scaler(object),
      ...suspended(object),
    ]);
  },
};

/** How many of it run: `spec.replicas` of any kind, built-in or custom, and what databases' operators call it. */
const COUNTS = ['replicas', 'instances', 'numberOfInstances'] as const;

function own(object: ObjectDifference, target: TargetDifference, world: World): Impact[] {
  const { before: former, after: result } = object;
  if (former === null || result === null) return [];
  return COUNTS.flatMap((field): Impact[] => {
    const fallback = field === 'replicas' && ONE_BY_DEFAULT.has(object.ref.kind) ? 1 : undefined;
    const before = at(former, 'spec', field) ?? fallback;
    const after = at(result, 'spec', field) ?? fallback;
    if (before === 0 || after !== 0) return [];
    const keda = field === 'replicas' ? kedaOf(object, target, world) : null;
    const unit = field === 'replicas' ? 'replica' : 'instance';
    const was = before === undefined ? 'its default' : `${String(before)} ${unit}${before === 1 ? '' : 's'}`;
    return [
      {
        object,
        field: ['spec', field],
        // KEDA scales from zero; a HorizontalPodAutoscaler is switched off by it.
        ...(keda === null ? {} : { action: 'inform' as const, severity: 'notice' as const }),
        message: `${describeRef(object.ref)} goes from ${was} to 0${keda === null ? '' : `; ${keda} scales it`}`,
        help: `Meant? An approving review opens this. Not meant? Set spec.${field} to ${before === undefined ? 'what it was' : String(before)} again.`,
        detail: [field],
      },
    ];
  });
}

/** The ScaledObject that brings a workload back from zero, in words. */
function kedaOf(object: ObjectDifference, target: TargetDifference, world: World): string | null {
  for (const { ref, object: scaled } of world.scopeOf(target).result.ofKind('keda.sh/ScaledObject')) {
    const kind = textOf(at(scaled, 'spec', 'scaleTargetRef', 'kind')) || 'Deployment';
    if (
      ref.namespace === object.ref.namespace &&
      kind === object.ref.kind &&
      at(scaled, 'spec', 'scaleTargetRef', 'name') === object.ref.name &&
      !holdsAtZero(scaled)
    )
      return describeRef(ref);
  }
  return null;
}

function holdsAtZero(scaled: Parameters<typeof annotationsOf>[0]): boolean {
  return annotationsOf(scaled)[PAUSED] === '0' || at(scaled, 'spec', 'maxReplicaCount') === 0;
}

function scaler(object: ObjectDifference): Impact[] {
  if (kindKey(object.ref.apiVersion, object.ref.kind) !== 'keda.sh/ScaledObject') return [];
  const { base, result } = object;
  if (base === null || result === null || holdsAtZero(base.object) || !holdsAtZero(result.object)) return [];
  return [
    {
      object,
      field: ['spec'],
      message: `${describeRef(object.ref)} holds ${textOf(at(result.object, 'spec', 'scaleTargetRef', 'name'))} at 0 replicas`,
      help: 'Meant? An approving review opens this.',
      detail: ['scaler'],
    },
  ];
}

/** Kinds whose suspension is no end of anything (a rollout that is held), or is told by another rule. */
const HELD = /^(?:apps\/|argoproj\.io\/Rollout$|(?:kustomize|helm)\.toolkit\.fluxcd\.io\/)/;

/** Jobs, and things of operators (schedules of backups, sources of Flux), that no longer run. */
function suspended(object: ObjectDifference): Impact[] {
  const kind = kindKey(object.ref.apiVersion, object.ref.kind);
  if (HELD.test(kind)) return [];
  const isJob = kind.startsWith('batch/');
  const { base, result } = object;
  if (base === null || result === null) return [];
  return ['suspend', 'paused'].flatMap((field): Impact[] => {
    if (at(base.object, 'spec', field) === true || at(result.object, 'spec', field) !== true) return [];
    return [
      {
        object,
        field: ['spec', field],
        severity: 'warning',
        message: `${describeRef(object.ref)} is ${field === 'suspend' ? 'suspended' : 'paused'}: it ${isJob ? 'runs no more' : 'does nothing until that is taken back'}`,
        help: `Meant? An approving review opens this. Not meant? Take spec.${field} out again.`,
        detail: [field],
      },
    ];
  });
}
