import { groupOf, objectKey } from '../../../kubernetes/index.js';
import type { TargetKind } from '../../../render/index.js';
import { annotationsOf, at, type ObjectDifference, type TargetDifference } from '../model.js';
import { stringsOf, textOf, type World } from '../world.js';

const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** The options in an annotation of comma-separated words. */
function words(text: string | undefined): string[] {
  return (text ?? '').split(',').map((word) => word.trim());
}

/** An annotation that keeps an object, and who obeys it. */
interface Keeper {
  says: string;
  /** Kinds of targets whose deployer obeys it; a bare folder may be deployed by any. */
  by: ReadonlySet<TargetKind>;
  holds: (annotations: { [key: string]: string }, target: TargetDifference) => boolean;
}

const BY_ARGO: ReadonlySet<TargetKind> = new Set(['argocd', 'helm', 'kustomize', 'directory']);
const BY_HELM: ReadonlySet<TargetKind> = new Set(['argocd', 'helmrelease', 'helm', 'kustomize', 'directory']);
const BY_FLUX: ReadonlySet<TargetKind> = new Set(['flux', 'kustomize', 'directory']);

function disables(name: string): Keeper {
  return {
    says: `${name}: disabled`,
    by: BY_FLUX,
    holds: (annotations) => annotations[name]?.toLowerCase() === 'disabled',
  };
}

/**
 * Each deployer obeys its own annotations only: to Flux, `Prune=false` is any annotation. Argo CD obeys Helm's too
 * (since 2.8, argo-cd pull request 13157).
 */
const KEEPERS: readonly Keeper[] = [
  {
    says: 'Prune=false',
    by: BY_ARGO,
    holds: (annotations) => words(annotations[SYNC_OPTIONS]).includes('Prune=false'),
  },
  {
    says: 'Delete=false',
    by: BY_ARGO,
    holds: (annotations, { result }) =>
      result.status === 'absent' && words(annotations[SYNC_OPTIONS]).includes('Delete=false'),
  },
  {
    says: 'helm.sh/resource-policy: keep',
    by: BY_HELM,
    holds: (annotations) => annotations['helm.sh/resource-policy'] === 'keep',
  },
  disables('kustomize.toolkit.fluxcd.io/prune'),
  disables('kustomize.toolkit.fluxcd.io/reconcile'),
];

/**
 * Why an object stays in the cluster though it leaves the source: its own annotations, or an owner that does not
 * prune. Null where it goes, or where nothing says.
 */
export function howKept(object: ObjectDifference, target: TargetDifference, world: World): string | null {
  const annotations = annotationsOf(object.base?.object ?? null);
  const keeper = KEEPERS.find(({ by, holds }) => by.has(target.target.kind) && holds(annotations, target));
  if (keeper !== undefined) return `its annotation ${keeper.says} keeps it`;
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

const DEPLOYED: ReadonlySet<TargetKind> = new Set(['argocd', 'flux', 'helmrelease']);

/**
 * The other target of the same cluster in which an object that leaves a target is still there, and that is deployed:
 * one of Argo CD or Flux, or (for plain folders among themselves) one that was there before. A new folder that nothing
 * deploys keeps nothing alive, nor does what is suspended. Null where there is none.
 */
export function movedTo(
  object: ObjectDifference,
  target: TargetDifference,
  world: World,
): TargetDifference | null {
  if (object.action !== 'delete' || target.target.cluster === null) return null;
  const key = objectKey(object.ref);
  if (world.scopeOf(target).result.get(key) === undefined) return null;
  const found = world.targets.find((other) => {
    if (
      other === target ||
      other.target.cluster !== target.target.cluster ||
      other.result.status !== 'rendered'
    )
      return false;
    const deployed = isDeployed(other);
    if (!deployed && (isDeployed(target) || other.base.status !== 'rendered')) return false;
    return world.resultKeys(other).has(key) && !isSuspended(other, world);
  });
  return found ?? null;
}

/** True for a target of Argo CD or Flux, false for a bare folder or chart. */
export function isDeployed({ target }: TargetDifference): boolean {
  return DEPLOYED.has(target.kind);
}

function isSuspended(target: TargetDifference, world: World): boolean {
  return at(world.governorOf(target)?.manifest.object ?? null, 'spec', 'suspend') === true;
}

/**
 * True when what cannot be updated is deleted and made again: the object's annotations or its owner say so, or it is
 * a hook, which is deleted before each run.
 */
export function isForced(object: ObjectDifference, target: TargetDifference, world: World): boolean {
  const annotations = annotationsOf(object.result?.object ?? null);
  const sync = words(annotations[SYNC_OPTIONS]);
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
