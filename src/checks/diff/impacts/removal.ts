import { groupOf, objectKey } from '../../../kubernetes/index.js';
import { annotationsOf, at, type ObjectDifference, type TargetDifference } from '../model.js';
import { stringsOf, textOf, type World } from '../world.js';

/** The options in an annotation of comma-separated words. */
function words(text: string | undefined): string[] {
  return (text ?? '').split(',').map((word) => word.trim());
}

/**
 * Why an object stays in the cluster though it leaves the source: its own annotations, or an owner that does not
 * prune. Null where it goes, or where nothing says.
 */
export function howKept(object: ObjectDifference, target: TargetDifference, world: World): string | null {
  const annotations = annotationsOf(object.base?.object ?? null);
  const sync = words(annotations['argocd.argoproj.io/sync-options']);
  if (sync.includes('Prune=false')) return 'its annotation Prune=false keeps it';
  if (target.result.status === 'absent' && sync.includes('Delete=false'))
    return 'its annotation Delete=false keeps it';
  if (annotations['helm.sh/resource-policy'] === 'keep')
    return 'its annotation helm.sh/resource-policy: keep keeps it';
  if (annotations['kustomize.toolkit.fluxcd.io/prune']?.toLowerCase() === 'disabled') {
    return 'its annotation kustomize.toolkit.fluxcd.io/prune: disabled keeps it';
  }
  if (annotations['kustomize.toolkit.fluxcd.io/reconcile']?.toLowerCase() === 'disabled') {
    return 'its annotation kustomize.toolkit.fluxcd.io/reconcile: disabled keeps it';
  }
  if (target.result.status === 'absent') return outlivesOwner(target, world);
  // Whether the old deployer or the new one gets to it first is not known: both must leave it.
  const governor = world.governorOf(target);
  const former = world.formerGovernorOf(target);
  if (governor !== null && !governor.prunes && former?.prunes !== true) {
    return `${governor.manifest.ref.kind} ${governor.manifest.ref.name} does not prune`;
  }
  return null;
}

/** Why what a deleted deployer made stays: it goes without a word to its objects. */
function outlivesOwner(target: TargetDifference, world: World): string | null {
  const owner = world.deletedOwnerOf(target);
  if (owner === null) return null;
  const { ref, object } = owner;
  if (ref.kind === 'Application') {
    const finalizers = stringsOf(at(object, 'metadata', 'finalizers'));
    return finalizers.some((name) => name.startsWith('resources-finalizer.argocd.argoproj.io'))
      ? null
      : `Application ${ref.name} is deleted without its finalizer`;
  }
  if (ref.kind !== 'Kustomization') return null;
  const policy = textOf(at(object, 'spec', 'deletionPolicy')) || 'MirrorPrune';
  const orphans = policy === 'Orphan' || (policy === 'MirrorPrune' && at(object, 'spec', 'prune') !== true);
  return orphans ? `Kustomization ${ref.name} is deleted and leaves what it deployed` : null;
}

const DEPLOYED = new Set(['argocd', 'flux', 'helmrelease']);

/**
 * True when an object that leaves a target is still there in another target of the same cluster that is deployed: one
 * of Argo CD or Flux, or (for plain folders among themselves) one that was there before. A new folder that nothing
 * deploys keeps nothing alive.
 */
export function isMoved(object: ObjectDifference, target: TargetDifference, world: World): boolean {
  if (object.action !== 'delete' || target.target.cluster === null) return false;
  const key = objectKey(object.ref);
  if (world.scopeOf(target).result.get(key) === undefined) return false;
  return world.targets.some((other) => {
    if (
      other === target ||
      other.target.cluster !== target.target.cluster ||
      other.result.status !== 'rendered'
    )
      return false;
    const deployed = DEPLOYED.has(other.target.kind);
    if (!deployed && (DEPLOYED.has(target.target.kind) || other.base.status !== 'rendered')) return false;
    return world.resultKeys(other).has(key);
  });
}

/**
 * True when what cannot be updated is deleted and made again: the object's annotations or its owner say so, or it is
 * a hook, which is deleted before each run.
 */
export function isForced(object: ObjectDifference, target: TargetDifference, world: World): boolean {
  const annotations = annotationsOf(object.result?.object ?? null);
  const sync = words(annotations['argocd.argoproj.io/sync-options']);
  if (sync.includes('Force=true') || sync.includes('Replace=true')) return true;
  if (annotations['kustomize.toolkit.fluxcd.io/force']?.toLowerCase() === 'enabled') return true;
  if (isRecreatedHook(annotations)) return true;
  return world.governorOf(target)?.forces === true;
}

/**
 * True for an object that becomes a hook. What is a hook is no part of the application or release any more: the object
 * that is there is pruned, and the hook is made and deleted as its policy says (gitops-engine pkg/sync/hook IsHook,
 * pkg/sync/reconcile; Helm's hooks are kept out of the release's manifest).
 */
export function becomesHook(object: ObjectDifference): boolean {
  if (object.base === null || object.result === null) return false;
  return !isHook(annotationsOf(object.base.object)) && isHook(annotationsOf(object.result.object));
}

function isHook(annotations: { [key: string]: string }): boolean {
  const argo = annotations['argocd.argoproj.io/hook'];
  if (argo !== undefined) return !words(argo).includes('Skip');
  const helm = annotations['helm.sh/hook'];
  return helm !== undefined && !words(helm).includes('crd-install');
}

/** Hooks are deleted before they are made again, unless their policy names other times only. */
function isRecreatedHook(annotations: { [key: string]: string }): boolean {
  const argo = annotations['argocd.argoproj.io/hook'];
  const helm = annotations['helm.sh/hook'];
  if (argo === undefined && helm === undefined) return false;
  const policy =
    annotations['argocd.argoproj.io/hook-delete-policy'] ?? annotations['helm.sh/hook-delete-policy'];
  return policy === undefined || /before-?hook-?creation/i.test(policy);
}

/** True for kinds of Argo CD and Flux that deploy others. */
export function isDeployer(object: ObjectDifference): boolean {
  const group = groupOf(object.ref.apiVersion);
  return (
    (group === 'argoproj.io' &&
      (object.ref.kind === 'Application' || object.ref.kind === 'ApplicationSet')) ||
    (group === 'kustomize.toolkit.fluxcd.io' && object.ref.kind === 'Kustomization') ||
    (group === 'helm.toolkit.fluxcd.io' && object.ref.kind === 'HelmRelease')
  );
}
