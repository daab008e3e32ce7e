import type { JsonValue } from '../../../contract/index.js';
import {
  containersOf,
  describeRef,
  isRecord,
  type KubernetesObject,
  podTemplatesOf,
} from '../../../kubernetes/index.js';
import { annotationsOf, at, type ObjectDifference, type TargetDifference } from '../model.js';
import { kindKey, recordsOf, stringsOf, textOf } from '../world.js';
import { lossOf } from './data-loss.js';
import { DATA_POLICIES } from './data-policies.js';
import type { Impact, ImpactRule } from './impact.js';

/** What kept data so far and does not any more: the deletion that follows is then nobody's doing. */
export const dataUnprotected: ImpactRule = {
  describe: {
    id: 'diff/data-unprotected',
    title: 'What keeps data is taken away',
    why: 'Nothing is deleted yet: the next prune, restart, scaling or deletion of something else takes the data along.',
    help: 'If it is meant, an approving review opens it; if not, bring back the annotation, policy or volume.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference): Impact[] {
    const gone = deletedClaims(target);
    return target.objects.flatMap((object) => {
      const { base, result } = object;
      if (base === null || result === null || object.action === 'delete') return [];
      const told = [
        ...marks(object, base.object, result.object),
        ...policies(object, base.object, result.object),
        // That a claim is deleted is told itself.
        ...volumes(base.object, result.object).filter(
          ({ claim }) => claim === undefined || !gone.has(`${base.ref.namespace}/${claim}`),
        ),
      ];
      return told.map(({ says, field, detail }) => ({
        object,
        field,
        message: `${describeRef(object.ref)}: ${says}`,
        help: 'Meant? An approving review opens this. Not meant? Bring back what the message names.',
        detail: [detail],
      }));
    });
  },
};

/** `namespace/name` of the claims that a target loses by the change. */
function deletedClaims({ objects }: TargetDifference): Set<string> {
  return new Set(
    objects
      .filter(({ action, ref }) => action === 'delete' && ref.kind === 'PersistentVolumeClaim')
      .map(({ ref }) => `${ref.namespace}/${ref.name}`),
  );
}

interface Told {
  says: string;
  field: readonly (string | number)[];
  detail: string;
}

/** Finalizers by which operators delete claims with the object (Percona's `delete-pxc-pvc`, `percona.com/delete-pvc`). */
const DELETING = /(?:^|\/)delete-(?:[a-z]{1,20}-)?pvc$/;

type Mark = (annotations: { [key: string]: string }) => boolean;
const SYNC = 'argocd.argoproj.io/sync-options';

function option(word: RegExp): Mark {
  return (annotations) => (annotations[SYNC] ?? '').split(',').some((one) => word.test(one.trim()));
}

function annotated(name: string, value: RegExp): Mark {
  return (annotations) => value.test(annotations[name] ?? '');
}

/** Annotations that keep an object, by their name. */
const KEEPS: readonly (readonly [string, Mark])[] = [
  ['Prune=false', option(/^Prune=(?:false|confirm)$/i)],
  ['Delete=false', option(/^Delete=(?:false|confirm)$/i)],
  ['helm.sh/resource-policy: keep', annotated('helm.sh/resource-policy', /^keep$/)],
  [
    'kustomize.toolkit.fluxcd.io/prune: disabled',
    annotated('kustomize.toolkit.fluxcd.io/prune', /^disabled$/i),
  ],
  ['deletion-policy: abandon', annotated('cnrm.cloud.google.com/deletion-policy', /^abandon$/)],
  ['services.k8s.aws/deletion-policy: retain', annotated('services.k8s.aws/deletion-policy', /^retain$/)],
];

/** Annotations by which an object is deleted and made again, or may be deleted. */
const ENDANGERS: readonly (readonly [string, Mark])[] = [
  ['Replace=true', option(/^Replace=true$/i)],
  ['Force=true', option(/^Force=true$/i)],
  [
    'kustomize.toolkit.fluxcd.io/force: enabled',
    annotated('kustomize.toolkit.fluxcd.io/force', /^enabled$/i),
  ],
  ['argocd.argoproj.io/deletion-approved', annotated('argocd.argoproj.io/deletion-approved', /./)],
];

function marks(object: ObjectDifference, before: KubernetesObject, after: KubernetesObject): Told[] {
  const told: Told[] = [];
  const owners = new Set(
    recordsOf(at(before, 'metadata', 'ownerReferences')).map((one) => JSON.stringify(one)),
  );
  const owner = recordsOf(at(after, 'metadata', 'ownerReferences')).find(
    (one) => !owners.has(JSON.stringify(one)),
  );
  if (owner !== undefined) {
    told.push({
      says: `it goes with ${textOf(owner.kind)} ${textOf(owner.name)} from now on, at once where that is not there`,
      field: ['metadata', 'ownerReferences'],
      detail: 'ownerReferences',
    });
  }
  if (lossOf(object, true) === null) return told;
  const [old, now] = [annotationsOf(before), annotationsOf(after)];
  const field = ['metadata', 'annotations'];
  for (const [name, holds] of KEEPS) {
    if (holds(old) && !holds(now)) told.push({ says: `${name} no longer keeps it`, field, detail: name });
  }
  for (const [name, holds] of ENDANGERS) {
    if (!holds(old) && holds(now)) {
      told.push({ says: `${name} lets it be deleted and made again`, field, detail: name });
    }
  }
  const kept = new Set(stringsOf(at(after, 'metadata', 'finalizers')));
  const gone = stringsOf(at(before, 'metadata', 'finalizers')).filter((name) => !kept.has(name));
  const had = new Set(stringsOf(at(before, 'metadata', 'finalizers')));
  const deleting = [...kept].find((name) => !had.has(name) && DELETING.test(name));
  if (deleting !== undefined) {
    told.push({
      says: `with the finalizer ${deleting}, its volume claims go with it`,
      field: ['metadata', 'finalizers'],
      detail: deleting,
    });
  }
  // Without its finalizer an Application leaves what it deployed where it is.
  if (gone.length > 0 && kindKey(object.ref.apiVersion, object.ref.kind) !== 'argoproj.io/Application') {
    told.push({
      says: `the finalizer ${gone[0]} no longer holds its deletion back`,
      field: ['metadata'],
      detail: 'finalizers',
    });
  }
  return told;
}

function policies(object: ObjectDifference, before: KubernetesObject, after: KubernetesObject): Told[] {
  const kind = kindKey(object.ref.apiVersion, object.ref.kind);
  const told: Told[] = DATA_POLICIES.flatMap((policy) => {
    if (!policy.kind.test(kind)) return [];
    const value = (side: KubernetesObject): JsonValue => at(side, ...policy.path) ?? policy.fallback;
    if (policy.loses(value(before)) || !policy.loses(value(after))) return [];
    return [
      {
        says: `${policy.says} (${policy.path.join('.')}: ${String(value(after))})`,
        field: policy.path,
        detail: policy.path.join('.'),
      },
    ];
  });
  if (kind === 'kustomize.toolkit.fluxcd.io/Kustomization') {
    // Without a policy it deletes what it deployed where it prunes: that it begins to is told by itself.
    const deletes = (side: KubernetesObject): boolean =>
      /^(?:Delete|WaitForTermination)$/.test(textOf(at(side, 'spec', 'deletionPolicy')));
    const mirrors = at(before, 'spec', 'prune') !== true && at(before, 'spec', 'deletionPolicy') !== 'Orphan';
    if (mirrors && !deletes(before) && deletes(after)) {
      told.push({
        says: 'what it deployed goes with it, though it does not prune',
        field: ['spec', 'deletionPolicy'],
        detail: 'deletionPolicy without prune',
      });
    }
  }
  if (kind === 'argoproj.io/ApplicationSet') {
    const template = (side: KubernetesObject): JsonValue => at(side, 'spec', 'template') ?? null;
    if (!cascades(template(before)) && cascades(template(after))) {
      told.push({
        says: 'with their finalizer, deleting its Applications deletes everything they deployed',
        field: ['spec', 'template', 'metadata', 'finalizers'],
        detail: 'template cascades',
      });
    }
  }
  if (kind === 'argoproj.io/Application' && !cascades(before) && cascades(after)) {
    told.push({
      says: 'with its finalizer, deleting it deletes everything it deployed',
      field: ['metadata', 'finalizers'],
      detail: 'cascades',
    });
  }
  const claim = (side: KubernetesObject): string => JSON.stringify(at(side, 'spec', 'claimRef') ?? null);
  if (kind === '/PersistentVolume' && claim(before) !== 'null' && claim(before) !== claim(after)) {
    told.push({
      says: 'it is given to another claim, or to any',
      field: ['spec', 'claimRef'],
      detail: 'claimRef',
    });
  }
  if (kind === 'apps/StatefulSet') {
    const replicas = (side: KubernetesObject): JsonValue => at(side, 'spec', 'replicas') ?? 1;
    const [old, now] = [replicas(before), replicas(after)];
    const deletes = at(after, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenScaled') === 'Delete';
    if (deletes && typeof old === 'number' && typeof now === 'number' && now < old) {
      told.push({
        says: `it is scaled from ${old} to ${now}, and the volume claims of the pods that go are deleted`,
        field: ['spec', 'replicas'],
        detail: 'scaled',
      });
    }
  }
  return told;
}

function cascades(object: JsonValue): boolean {
  return stringsOf(at(object, 'metadata', 'finalizers')).some((name) =>
    name.startsWith('resources-finalizer.argocd.argoproj.io'),
  );
}

const CLAIM = 'claim ';

/** Volumes that end with the pod, or hold no data of its own. */
const FLEETING = new Set([
  'name',
  'emptyDir',
  'configMap',
  'secret',
  'projected',
  'downwardAPI',
  'ephemeral',
  'image',
]);

/** Storage that pods wrote to and that no pod of the workload mounts any more. */
function volumes(before: KubernetesObject, after: KubernetesObject): (Told & { claim?: string })[] {
  const now = storesOf(after);
  // Where no pods are left, there is nothing to say of their volumes.
  if (podTemplatesOf(after).length === 0) return [];
  return [...storesOf(before)]
    .filter(([store]) => !now.has(store))
    .map(([store, { says, path, claim }]) => ({
      ...(claim === undefined ? {} : { claim }),
      says: `its pods no longer write to ${says}: what is there they do not see, what they write goes elsewhere or is lost`,
      field: path,
      detail: `volume ${store}`,
    }));
}

/** What pods write to: in words, where they mount it, and the claim's name where it is one. */
interface Store {
  says: string;
  path: readonly (string | number)[];
  claim?: string;
}

/** What pods write to that outlives them: by source and sub-path, with its name for people. */
function storesOf(object: KubernetesObject): Map<string, Store> {
  const stores = new Map<string, Store>();
  const templates = recordsOf(at(object, 'spec', 'volumeClaimTemplates'));
  for (const template of podTemplatesOf(object)) {
    const sources = new Map<string, string>();
    for (const volume of recordsOf(template.spec.volumes)) {
      const kind = Object.keys(volume).find((key) => !FLEETING.has(key));
      if (kind === undefined) continue;
      const source = volume[kind];
      const driver = isRecord(source) ? textOf(source.driver) : '';
      if (kind === 'csi' && /secrets-store|certs?\b|spiffe|cert-manager/.test(driver)) continue;
      const name = isRecord(source) ? textOf(source.claimName) : '';
      sources.set(textOf(volume.name), name === '' ? `${kind} ${JSON.stringify(source)}` : `${CLAIM}${name}`);
    }
    for (const claim of templates) {
      const name = textOf(at(claim, 'metadata', 'name'));
      sources.set(name, `claim template ${name}`);
    }
    for (const { container, path } of containersOf(template)) {
      for (const mount of recordsOf(container.volumeMounts)) {
        const source = sources.get(textOf(mount.name));
        if (source === undefined || mount.readOnly === true) continue;
        const part = textOf(mount.subPath) || textOf(mount.subPathExpr);
        stores.set(JSON.stringify([source, part]), {
          says: part === '' ? source : `${source} (${part})`,
          ...(source.startsWith(CLAIM) ? { claim: source.slice(CLAIM.length) } : {}),
          path: [...path, 'volumeMounts'],
        });
      }
    }
  }
  return stores;
}
