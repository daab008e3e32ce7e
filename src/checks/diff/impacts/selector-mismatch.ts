import type { JsonValue } from '../../../contract/index.js';
import {
  containersOf,
  describeRef,
  groupOf,
  isRecord,
  type Manifest,
  matchesLabels,
  matchesSelector,
  objectKey,
  podTemplatesOf,
} from '../../../kubernetes/index.js';
import { at, type TargetDifference } from '../model.js';
import { type ObjectIndex, recordsOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

const WORKLOADS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);

/** Selectors that no longer find their pods. */
export const selectorMismatch: ImpactRule = {
  describe: {
    id: 'diff/selector-mismatch',
    title: 'A selector no longer matches its pods',
    why: 'A workload whose selector does not match its own template is refused; a Service that selects nothing, or sends to a port that its pods do not name, answers nobody.',
    help: 'Make selector and pod labels agree again.',
    action: 'fix',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    const own = target.objects.flatMap((object): Impact[] => {
      if (
        !WORKLOADS.has(object.ref.kind) ||
        groupOf(object.ref.apiVersion) !== 'apps' ||
        object.after === null
      )
        return [];
      if (agrees(object.after) || (object.before !== null && !agrees(object.before))) return [];
      return [
        {
          object,
          field: ['spec', 'selector'],
          message: `${describeRef(object.ref)}: its selector does not match the labels of its own pods`,
          help: 'Give spec.template.metadata.labels every label of spec.selector.',
          detail: ['own'],
        },
      ];
    });
    return [...own, ...services(target, world), ...namedPorts(target, world)];
  },
};

function agrees(workload: JsonValue): boolean {
  const selector = at(workload, 'spec', 'selector');
  if (!isRecord(selector)) return true;
  const labels = at(workload, 'spec', 'template', 'metadata', 'labels');
  return matchesSelector(selector, isRecord(labels) ? labels : {});
}

/** Services that found pods before and find none now, though the workloads are still there. */
function services(target: TargetDifference, world: World): Impact[] {
  const { base, result } = world.scopeOf(target);
  // Only where this target changes: a Service of it, or a workload.
  if (target.objects.length === 0) return [];
  const before = target.base.status === 'rendered' ? target.base.manifests : [];
  return before.flatMap((service): Impact[] => {
    if (service.ref.kind !== 'Service' || groupOf(service.ref.apiVersion) !== '') return [];
    const now = result.get(objectKey(service.ref));
    if (now === undefined) return [];
    const found = selectedBy(base.get(objectKey(service.ref)) ?? service, base);
    if (found.length === 0 || selectedBy(now, result).length > 0) return [];
    const left = found.filter(({ ref }) => result.get(objectKey(ref)) !== undefined);
    const [workload] = left;
    if (workload === undefined) return [];
    return [
      {
        object: target.objects.find(({ ref }) => objectKey(ref) === objectKey(service.ref)) ?? null,
        manifest: now,
        field: ['spec', 'selector'],
        confidence: 'likely',
        message: `${describeRef(service.ref)} selects no pods any more; it selected those of ${describeRef(workload.ref)}`,
        help: 'Make spec.selector and the pod labels agree again.',
        detail: ['service', service.ref.namespace, service.ref.name],
      },
    ];
  });
}

/** Services whose port is named by none of the pods that they select. */
function namedPorts(target: TargetDifference, world: World): Impact[] {
  if (target.objects.length === 0 || target.result.status !== 'rendered') return [];
  const { base, result } = world.scopeOf(target);
  return target.result.manifests.flatMap((service): Impact[] => {
    if (service.ref.kind !== 'Service' || groupOf(service.ref.apiVersion) !== '') return [];
    const pods = selectedBy(service, result);
    if (pods.length === 0) return [];
    const former = base.get(objectKey(service.ref));
    const before = former === undefined ? [] : selectedBy(former, base);
    return recordsOf(at(service.object, 'spec', 'ports')).flatMap((port, index): Impact[] => {
      const name = port.targetPort;
      // A number needs no declaration.
      if (typeof name !== 'string' || /^\d+$/.test(name) || hasPort(pods, name)) return [];
      const asked = (side: Manifest): boolean =>
        recordsOf(at(side.object, 'spec', 'ports')).some(({ targetPort }) => targetPort === name);
      if (former !== undefined && asked(former) && !hasPort(before, name)) return [];
      // Who adds containers to pods may add the port of a new Service too; what was there and goes is sure.
      const isLost = hasPort(before, name);
      const [workload] = pods;
      const which = workload === undefined ? '' : ` of ${describeRef(workload.ref)}`;
      return [
        {
          object: target.objects.find(({ ref }) => objectKey(ref) === objectKey(service.ref)) ?? null,
          manifest: service,
          field: ['spec', 'ports', index, 'targetPort'],
          confidence: 'likely',
          ...(isLost ? {} : { action: 'inform' as const, severity: 'warning' as const }),
          message: `${describeRef(service.ref)} sends to the port ${name}, which no container${which} names${isLost ? ' any more' : ''}`,
          help: `Name a port ${name} in the pods, or give targetPort one of theirs.`,
          detail: ['port', name],
        },
      ];
    });
  });
}

function hasPort(workloads: readonly Manifest[], name: string): boolean {
  return workloads.some(({ object }) =>
    podTemplatesOf(object).some((template) =>
      containersOf(template).some(({ container }) =>
        recordsOf(container.ports).some((port) => port.name === name),
      ),
    ),
  );
}

const selections = new WeakMap<ObjectIndex, WeakMap<Manifest, readonly Manifest[]>>();

/** Workloads of a side whose pods a Service selects; found once for each. */
export function selectedBy(service: Manifest, side: ObjectIndex): readonly Manifest[] {
  let known = selections.get(side);
  if (known === undefined) {
    known = new WeakMap();
    selections.set(side, known);
  }
  let found = known.get(service);
  if (found === undefined) {
    found = findSelected(service, side);
    known.set(service, found);
  }
  return found;
}

function findSelected(service: Manifest, side: ObjectIndex): Manifest[] {
  const selector = at(service.object, 'spec', 'selector');
  if (!isRecord(selector)) return [];
  const [first] = Object.entries(selector);
  if (first === undefined) return [];
  const selected = side
    .podsWith(service.ref.namespace, ...first)
    .filter(({ labels }) => matchesLabels(selector, labels))
    .map(({ manifest }) => manifest);
  return [...new Set(selected)];
}
