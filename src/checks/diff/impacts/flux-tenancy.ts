import { describeRef, isRecord, type KubernetesObject, objectKey } from '../../../kubernetes/index.js';
import { at, type TargetDifference } from '../model.js';
import { kindKey, textOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

const REFS: readonly (readonly string[])[] = [
  ['spec', 'sourceRef'],
  ['spec', 'chart', 'spec', 'sourceRef'],
  ['spec', 'chartRef'],
];
const KINDS = new Set(['kustomize.toolkit.fluxcd.io/Kustomization', 'helm.toolkit.fluxcd.io/HelmRelease']);

/** `Kind/namespace/name` of a source in another namespace than the object's own. */
function foreignSources(
  object: KubernetesObject | undefined,
  namespace: string,
): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const path of REFS) {
    const other = textOf(at(object, ...path, 'namespace'));
    if (other === '' || other === namespace) continue;
    found.set(`${textOf(at(object, ...path, 'kind'))} ${other}/${textOf(at(object, ...path, 'name'))}`, path);
  }
  return found;
}

/** True for namespaces that Flux's tenants live in (`flux create tenant` labels them). */
function isTenant(namespace: string, target: TargetDifference, world: World): boolean {
  const { base, result } = world.scopeOf(target);
  const key = objectKey({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name: namespace });
  return [base.get(key), result.get(key)].some((manifest) => {
    const labels = at(manifest?.object, 'metadata', 'labels');
    return isRecord(labels) && labels['toolkit.fluxcd.io/tenant'] !== undefined;
  });
}

/** True when other objects have taken this source from other namespaces before: then it is how the repository works. */
function isCustom(source: string, world: World): boolean {
  for (const { ref, object } of world.baseManifests()) {
    if (KINDS.has(kindKey(ref.apiVersion, ref.kind)) && foreignSources(object, ref.namespace).has(source))
      return true;
  }
  return false;
}

/** Flux objects that reach over the border of their namespace. */
export const fluxTenancy: ImpactRule = {
  describe: {
    id: 'diff/flux-tenancy',
    title: 'A Flux deployment takes its source from another namespace',
    why: "One tenant deploys what another tenant's credentials can read; with --no-cross-namespace-refs the controller refuses it.",
    help: 'Give the namespace a source of its own, or let an approving review open it.',
    action: 'approve',
    severity: 'warning',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    return target.objects.flatMap((object) => {
      if (object.result === null || !KINDS.has(kindKey(object.ref.apiVersion, object.ref.kind))) return [];
      const former = foreignSources(object.base?.object, object.ref.namespace);
      return [...foreignSources(object.result.object, object.ref.namespace)]
        .filter(([source]) => !former.has(source) && object.ref.namespace !== '')
        .filter(([source]) => isTenant(object.ref.namespace, target, world) || !isCustom(source, world))
        .map(([source, path]) => ({
          object,
          field: path,
          message: `${describeRef(object.ref)} takes its source from another namespace: ${source}`,
          help: 'Give the namespace a source of its own, or let an approving review open this.',
          detail: [source],
        }));
    });
  },
};
