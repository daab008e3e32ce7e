import { describeRef, isRecord, objectKey } from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import { textOf, type World } from '../world.js';
import { controllerOf, controllerSettings, foreignReferences, isImpersonating } from './flux-controllers.js';
import type { Impact, ImpactRule } from './impact.js';

/** True for namespaces that Flux's tenants live in (`flux create tenant` labels them). */
function isTenant(namespace: string, target: TargetDifference, world: World): boolean {
  const { base, result } = world.scopeOf(target);
  const key = objectKey({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name: namespace });
  return [base.get(key), result.get(key)].some((manifest) => {
    const labels = at(manifest?.object, 'metadata', 'labels');
    return isRecord(labels) && labels['toolkit.fluxcd.io/tenant'] !== undefined;
  });
}

/** True when other objects have referred to this from other namespaces before: then it is how the repository works. */
function isCustom(to: string, world: World): boolean {
  for (const { ref, object } of world.baseManifests()) {
    if (foreignReferences(object, ref.namespace).some((one) => one.to === to)) return true;
  }
  return false;
}

/**
 * Flux objects that reach over the border of their namespace. Where the cluster's controllers are at hand with
 * --no-cross-namespace-refs, they refuse it: that is to be fixed. Else it may be meant.
 */
export const fluxTenancy: ImpactRule = {
  describe: {
    id: 'diff/flux-tenancy',
    title: 'A Flux object reaches over the border of its namespace',
    why: "With --no-cross-namespace-refs the controller refuses it, and nothing of it arrives; without, one tenant deploys what another tenant's credentials can read, or with rights that are not its own.",
    help: 'Give the namespace a source and an account of its own.',
    action: 'fix',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    return target.objects.flatMap((object) => [
      ...references(object, target, world),
      ...rights(object, target, world),
    ]);
  },
};

function references(object: ObjectDifference, target: TargetDifference, world: World): Impact[] {
  const { ref, result, base } = object;
  const controller = controllerOf(ref.apiVersion, ref.kind);
  if (result === null || controller === null || ref.namespace === '') return [];
  const former = new Set(foreignReferences(base?.object ?? null, ref.namespace).map(({ to }) => to));
  const added = foreignReferences(result.object, ref.namespace).filter(({ to }) => !former.has(to));
  if (added.length === 0) return [];
  const refused = controllerSettings(controller, target, world)?.refusesForeign === true;
  return added
    .filter(({ to }) => refused || isTenant(ref.namespace, target, world) || !isCustom(to, world))
    .map(({ to, path }): Impact => {
      const what = `${describeRef(ref)} refers to another namespace: ${to}`;
      const common = { object, field: path, detail: [to] };
      if (refused) {
        return {
          ...common,
          message: `${what}, which ${controller} refuses (--no-cross-namespace-refs)`,
          help: `Make a source in the namespace ${ref.namespace}, and refer to that.`,
        };
      }
      return {
        ...common,
        action: 'approve',
        severity: 'warning',
        message: what,
        help: 'Give the namespace a source of its own, or let an approving review open this.',
      };
    });
}

/**
 * True where a tenant's own Kustomization deploys a target. A Kustomization brings what the tenant's source holds,
 * whoever made it; a HelmRelease that the platform puts into a tenant's namespace is the platform's.
 */
function isByTenant(namespace: string, target: TargetDifference, world: World): boolean {
  const owner = world.governorOf(target)?.manifest;
  if (owner === undefined) return false;
  return owner.ref.namespace === namespace || textOf(at(owner.object, 'spec', 'serviceAccountName')) !== '';
}

/** A tenant's deployment that is not held to the tenant's rights and namespace. */
function rights(object: ObjectDifference, target: TargetDifference, world: World): Impact[] {
  const { ref, result, base } = object;
  if (result === null || !isImpersonating(ref) || !isTenant(ref.namespace, target, world)) return [];
  if (ref.kind !== 'Kustomization' && !isByTenant(ref.namespace, target, world)) return [];
  const impacts: Impact[] = [];
  const tell = (field: string, message: string, help: string): void => {
    impacts.push({ object, field: ['spec', field], action: 'approve', message, help, detail: [field] });
  };
  const controller = controllerOf(ref.apiVersion, ref.kind) ?? '';
  const isFree = (side: typeof result | null): boolean =>
    side !== null && textOf(at(side.object, 'spec', 'serviceAccountName')) === '';
  // What was there before is told where it is taken away (diff/guard-weakened).
  if (
    isFree(result) &&
    base === null &&
    (controllerSettings(controller, target, world)?.defaultAccount ?? '') === ''
  ) {
    tell(
      'serviceAccountName',
      `${describeRef(ref)} lies in a tenant's namespace and acts with the controller's own rights`,
      "Name the tenant's account in spec.serviceAccountName, or let an approving review open this.",
    );
  }
  const place = textOf(at(result.object, 'spec', 'targetNamespace'));
  const before = textOf(at(base?.object ?? null, 'spec', 'targetNamespace'));
  if (place !== '' && place !== ref.namespace && place !== before) {
    tell(
      'targetNamespace',
      `${describeRef(ref)} lies in a tenant's namespace and deploys to ${place}`,
      `Deploy to ${ref.namespace}, or let an approving review open this.`,
    );
  }
  return impacts;
}
