import { describeRef, type Manifest, objectKey } from '../../../kubernetes/index.js';
import type { TargetKind } from '../../../render/index.js';
import { annotationsOf, at, manifestsOf, type ObjectDifference, type TargetDifference } from '../model.js';
import { kindKey, type ObjectIndex, recordsOf, textOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { referencesOf } from './references.js';

/** Who orders what it deploys by Argo CD's annotations, and by Helm's; a bare folder may be deployed by either. */
const BY_ARGO: ReadonlySet<TargetKind> = new Set(['argocd', 'helm', 'kustomize', 'directory']);
const BY_HELM: ReadonlySet<TargetKind> = new Set(['argocd', 'helm', 'helmrelease', 'kustomize', 'directory']);

interface Order {
  /** `pre` runs before everything else, `sync` with it, `post` after it. */
  phase: 'pre' | 'sync' | 'post';
  /** Orders objects of one phase. Within a wave Argo CD makes namespaces and definitions first. */
  wave: number;
}

/**
 * When an object is applied. Argo CD takes Helm's hooks for its own where it has none of its own, and their weight for
 * a wave (argo-cd gitops-engine pkg/sync/hook and pkg/sync/syncwaves).
 */
function orderOf({ object }: Manifest, kind: TargetKind): Order {
  const annotations = annotationsOf(object);
  const argo = BY_ARGO.has(kind) ? annotations : {};
  const helm = BY_HELM.has(kind) ? annotations : {};
  const hook = argo['argocd.argoproj.io/hook'] ?? helm['helm.sh/hook'] ?? '';
  const weight = argo['argocd.argoproj.io/sync-wave'] ?? helm['helm.sh/hook-weight'] ?? '0';
  const wave = Number.parseInt(weight, 10);
  const phase = /(?:^|,)\s*(?:PreSync|pre-install|pre-upgrade)\b/i.test(hook)
    ? 'pre'
    : /(?:^|,)\s*(?:PostSync|SyncFail|post-install|post-upgrade)\b/i.test(hook)
      ? 'post'
      : 'sync';
  // Helm weighs its hooks alone.
  const weighs = kind !== 'helmrelease' || phase !== 'sync';
  return { phase, wave: Number.isNaN(wave) || !weighs ? 0 : wave };
}

const ORDER = { pre: 0, sync: 1, post: 2 };

function isBefore(first: Order, second: Order): boolean {
  const phases = ORDER[first.phase] - ORDER[second.phase];
  return phases !== 0 ? phases < 0 : first.wave < second.wave;
}

/** Objects of the same target that an object cannot do without. */
function needsOf(manifest: Manifest, side: ObjectIndex): Manifest[] {
  const needs: (Manifest | undefined)[] = [];
  const { ref } = manifest;
  if (ref.namespace !== '') {
    needs.push(
      side.get(objectKey({ apiVersion: 'v1', kind: 'Namespace', namespace: '', name: ref.namespace })),
    );
  }
  needs.push(side.definitionOf(kindKey(ref.apiVersion, ref.kind)));
  for (const { kind, name } of referencesOf(manifest.object)) {
    needs.push(side.get(objectKey({ apiVersion: 'v1', kind, namespace: ref.namespace, name })));
  }
  return needs.filter((need) => need !== undefined);
}

/** Sync waves and hooks that come before what they need. */
export const syncOrder: ImpactRule = {
  describe: {
    id: 'diff/sync-order',
    title: 'A sync wave or hook comes before what it needs',
    why: 'The first sync stops there: a hook waits for ever for a Secret that a later phase would make, an object is refused because its namespace or definition is not there yet.',
    help: 'Give what is needed an earlier wave, or make it a hook of the same phase with a lower weight.',
    action: 'fix',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    if (target.result.status !== 'rendered') return [];
    const { base, result } = world.scopeOf(target);
    const members = new Set(manifestsOf(target.result));
    const { kind } = target.target;
    const circles = target.objects.flatMap((object) => circle(object, result));
    const early = target.objects.flatMap((object): Impact[] => {
      const manifest = object.result;
      if (manifest === null) return [];
      return (
        needsOf(manifest, result)
          .filter((need) => members.has(need) && isBefore(orderOf(manifest, kind), orderOf(need, kind)))
          // What is in the cluster already is there whatever the order.
          .filter((need) => base.get(objectKey(need.ref)) === undefined)
          .map((need) => ({
            object,
            field: ['metadata', 'annotations'],
            message: `${describeRef(object.ref)} comes before ${describeRef(need.ref)}, which it needs`,
            help: `Give ${describeRef(need.ref)} an earlier wave or phase than ${describeRef(object.ref)}.`,
            detail: [objectKey(need.ref)],
          }))
      );
    });
    return [...early, ...circles];
  },
};

const WAITING = ['kustomize.toolkit.fluxcd.io/Kustomization', 'helm.toolkit.fluxcd.io/HelmRelease'];

/** Kustomizations or HelmReleases that wait for themselves, by what a change makes them depend on. */
function circle(object: ObjectDifference, side: ObjectIndex): Impact[] {
  const { ref, result, base } = object;
  const kind = kindKey(ref.apiVersion, ref.kind);
  if (result === null || !WAITING.includes(kind)) return [];
  const waits = (manifest: Manifest): string[] =>
    recordsOf(at(manifest.object, 'spec', 'dependsOn')).map(
      ({ name, namespace }) => `${textOf(namespace) || manifest.ref.namespace}/${textOf(name)}`,
    );
  if (base !== null && JSON.stringify(waits(base)) === JSON.stringify(waits(result))) return [];
  const members = new Map(side.ofKind(kind).map((one) => [`${one.ref.namespace}/${one.ref.name}`, one]));
  const own = `${ref.namespace}/${ref.name}`;
  const seen = new Map<string, string | null>(waits(result).map((name) => [name, null]));
  for (const name of seen.keys()) {
    if (name === own) break;
    const next = members.get(name);
    for (const wanted of next === undefined ? [] : waits(next)) if (!seen.has(wanted)) seen.set(wanted, name);
  }
  if (!seen.has(own)) return [];
  const way: string[] = [];
  for (let at: string | null | undefined = own; at !== null && at !== undefined; at = seen.get(at))
    way.push(at);
  return [
    {
      object,
      field: ['spec', 'dependsOn'],
      message: `${describeRef(ref)} waits for itself: it depends on ${way.toReversed().join(', which depends on ')}`,
      help: 'Take one of these dependencies out.',
      detail: ['circle', ...way],
    },
  ];
}
