import type { JsonValue } from '../../../contract/index.js';
import { describeRef, groupOf, type Manifest, objectKey } from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import { kindKey, recordsOf, type Scope, stringsOf, textOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { becomesHook, howKept, isDeployed, movedTo } from './removal.js';

/**
 * What is lost with an object, or null where its removal loses nothing that the repository cannot bring back.
 * `deleted`: it goes for good; else it is made again.
 */
export function lossOf(object: ObjectDifference, deleted: boolean): string | null {
  const before = object.before;
  if (before === null) return null;
  const group = groupOf(object.ref.apiVersion);
  const kind = `${group}/${object.ref.kind}`;
  switch (kind) {
    case '/PersistentVolumeClaim':
      return 'its data is lost unless the volume is retained';
    case '/PersistentVolume':
      return RECLAIMING.has(textOf(at(before, 'spec', 'persistentVolumeReclaimPolicy')))
        ? 'its data is lost'
        : null;
    case 'snapshot.storage.k8s.io/VolumeSnapshot':
    case 'snapshot.storage.k8s.io/VolumeSnapshotContent':
      return at(before, 'spec', 'deletionPolicy') === 'Retain' ? null : 'the snapshot is lost with it';
    case 'cluster.x-k8s.io/Cluster':
      return 'the cluster goes, with all its machines';
    case '/Secret': {
      const labels = at(before, 'metadata', 'labels');
      const seals = at(labels, 'sealedsecrets.bitnami.com/sealed-secrets-key') !== undefined;
      return seals ? 'what was sealed with it can never be read again' : null;
    }
    case '/Namespace':
      return 'every object in it goes too, volumes included';
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      return `every ${String(at(before, 'spec', 'names', 'kind') ?? 'object of its kind')} in the cluster goes too`;
    case 'storage.k8s.io/StorageClass':
      return deleted ? 'claims that name it stay pending' : null;
    case 'apps/StatefulSet': {
      const whenDeleted = at(before, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenDeleted');
      if (whenDeleted === 'Delete') return 'its volume claims are deleted with it';
      // One that is made again takes the claims of the same name back; one that says so keeps them.
      const now = new Set(deleted ? [] : claimTemplates(object.after));
      const left = claimTemplates(before).filter((name) => !now.has(name));
      return left.length > 0 && !(deleted && whenDeleted === 'Retain')
        ? 'its pods stop; its volume claims are left behind'
        : null;
    }
    case 'argoproj.io/Application': {
      const finalizers = stringsOf(at(before, 'metadata', 'finalizers'));
      const cascades = finalizers.some((name) => name.startsWith('resources-finalizer.argocd.argoproj.io'));
      return deleted && cascades ? 'its finalizer deletes everything it deployed' : null;
    }
    case 'argoproj.io/ApplicationSet':
      return deleted && at(before, 'spec', 'syncPolicy', 'preserveResourcesOnDeletion') !== true
        ? 'its Applications and all they deployed are deleted'
        : null;
    case 'kustomize.toolkit.fluxcd.io/Kustomization': {
      const policy = at(before, 'spec', 'deletionPolicy');
      const cascades = policy === 'Delete' || (policy !== 'Orphan' && at(before, 'spec', 'prune') === true);
      return deleted && cascades ? 'everything it deployed is deleted' : null;
    }
    case 'helm.toolkit.fluxcd.io/HelmRelease':
      return deleted ? 'the release is uninstalled' : null;
    default:
      if (STATEFUL_GROUPS.has(group)) return 'its operator deletes what it runs, data included';
      return CLOUD_GROUPS.test(group) && !isOrphaned(before)
        ? 'what it stands for in the cloud is deleted'
        : null;
  }
}

function claimTemplates(workload: JsonValue): string[] {
  return recordsOf(at(workload, 'spec', 'volumeClaimTemplates')).map((claim) =>
    textOf(at(claim, 'metadata', 'name')),
  );
}

const RECLAIMING = new Set(['Delete', 'Recycle']);

/** Groups whose objects stand for things of a cloud (Crossplane, ACK, Config Connector, Azure, Terraform). */
const CLOUD_GROUPS =
  /(?:^|\.)(?:upbound\.io|crossplane\.io|services\.k8s\.aws|cnrm\.cloud\.google\.com|azure\.com|infra\.contrib\.fluxcd\.io)$/;

/** True where the object says that what it stands for outlives it. */
function isOrphaned(object: JsonValue): boolean {
  if (at(object, 'spec', 'deletionPolicy') === 'Orphan') return true;
  if (at(object, 'spec', 'destroyResourcesOnDeletion') === false) return true;
  const annotations = at(object, 'metadata', 'annotations');
  return (
    at(annotations, 'cnrm.cloud.google.com/deletion-policy') === 'abandon' ||
    at(annotations, 'services.k8s.aws/deletion-policy') === 'retain' ||
    at(annotations, 'serviceoperator.azure.com/reconcile-policy') === 'detach-on-delete'
  );
}

/** Groups of operators that keep data: databases, queues, object stores. */
const STATEFUL_GROUPS = new Set([
  'postgresql.cnpg.io',
  'acid.zalan.do',
  'postgres-operator.crunchydata.com',
  'kafka.strimzi.io',
  'mongodbcommunity.mongodb.com',
  'psmdb.percona.com',
  'pxc.percona.com',
  'pgv2.percona.com',
  'mysql.oracle.com',
  'k8s.mariadb.com',
  'redis.redis.opstreelabs.in',
  'databases.spotahome.com',
  'elasticsearch.k8s.elastic.co',
  'opensearch.opster.io',
  'rabbitmq.com',
  'minio.min.io',
  'cassandra.datastax.com',
  'k8ssandra.io',
  'scylla.scylladb.com',
  'clickhouse.altinity.com',
  'longhorn.io',
  'ceph.rook.io',
  'velero.io',
  'stackgres.io',
  'kubedb.com',
  'couchbase.com',
  'zookeeper.pravega.io',
  'pingcap.com',
  'planetscale.com',
  'crdb.cockroachlabs.com',
  'solr.apache.org',
  'nats.io',
  'core.humio.com',
  'redis.com',
  'app.redislabs.com',
  'postgresql.k8s.enterprisedb.io',
  'databases.schemahero.io',
]);

/** Deletions and replacements that lose data or take other objects with them. */
export const dataLoss: ImpactRule = {
  describe: {
    id: 'diff/data-loss',
    title: 'The change deletes data',
    why: 'What the repository no longer holds is pruned from the cluster; volumes, and all that hangs on a namespace, a definition or an Application, do not come back with a revert.',
    help: 'If it is meant, an approving review opens it; if not, restore the file, or keep the object with Prune=false, helm.sh/resource-policy: keep or kustomize.toolkit.fluxcd.io/prune: disabled.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    return target.objects.flatMap((object) => {
      if (object.action !== 'delete' && object.action !== 'replace') return [];
      const loss = lossOf(object, object.action === 'delete' || becomesHook(object));
      if (loss === null) return [];
      const kept = object.action === 'delete' ? howKept(object, target, world) : null;
      if (kept !== null) return [];
      const elsewhere = movedTo(object, target, world);
      // Of bare folders nobody knows who deploys them; what is still in one is still there.
      if (elsewhere !== null && !isDeployed(target)) return [];
      if (elsewhere !== null) return [handedOver(object, target, elsewhere, loss)];
      const again = becomesHook(object) ? 'deletes and makes again as a hook' : 'deletes and makes again';
      const verb = object.action === 'delete' ? 'deletes' : again;
      const source = object.base?.path ?? null;
      const volume = object.action === 'delete' ? retainedVolume(object, world.scopeOf(target)) : null;
      if (volume !== null) {
        return [
          {
            object,
            action: 'inform',
            severity: 'warning',
            confidence: 'likely',
            message: `deletes ${describeRef(object.ref)}: its volume is retained (${volume}), but no new claim gets it by itself`,
            help: 'Nothing to do where that is meant; bind the volume by hand where its data is wanted again.',
            detail: ['retained'],
          },
        ];
      }
      return [
        {
          object,
          message: `${verb} ${describeRef(object.ref)}: ${loss}`,
          help:
            source === null || object.action === 'replace'
              ? 'Meant? An approving review opens this.'
              : `Meant? An approving review opens this. Not meant? Restore it in ${source}.`,
          detail: becomesHook(object) ? [object.action, 'hook'] : [object.action],
          // One file that goes, or one list of names in it, is one cause.
          ...(object.action === 'delete' && source !== null ? { cause: [object.action, loss] } : {}),
        },
      ];
    });
  },
};

/** What says that the volume of a claim outlives it: the volume, or the class that made it. Null where nothing does. */
function retainedVolume({ ref, before }: ObjectDifference, { base, result }: Scope): string | null {
  if (kindKey(ref.apiVersion, ref.kind) !== '/PersistentVolumeClaim') return null;
  const name = textOf(at(before, 'spec', 'volumeName'));
  const volume = base.ofKind('/PersistentVolume').find(({ ref: own, object }) => {
    const claim = at(object, 'spec', 'claimRef');
    return (
      (name !== '' && own.name === name) ||
      (at(claim, 'name') === ref.name && at(claim, 'namespace') === ref.namespace)
    );
  });
  if (volume !== undefined) {
    // Volumes that are written by hand are retained where nothing else is said.
    const retains = ({ object }: Manifest): boolean =>
      ['', 'Retain'].includes(textOf(at(object, 'spec', 'persistentVolumeReclaimPolicy')));
    const after = result.get(objectKey(volume.ref));
    return retains(volume) && (after === undefined || retains(after)) ? describeRef(volume.ref) : null;
  }
  const wanted = textOf(at(before, 'spec', 'storageClassName'));
  const made = base
    .ofKind('storage.k8s.io/StorageClass')
    .find(({ ref: own, object }) => own.name === wanted && at(object, 'reclaimPolicy') === 'Retain');
  return wanted !== '' && made !== undefined ? describeRef(made.ref) : null;
}

/**
 * An object that another deployment takes over. Whichever acts first decides: Flux and Argo CD leave what another one
 * has marked as its own (kustomize-controller's garbage collection by owner labels, Argo CD's tracking), and prune it
 * before that.
 */
function handedOver(
  object: ObjectDifference,
  from: TargetDifference,
  to: TargetDifference,
  loss: string,
): Impact {
  return {
    object,
    severity: 'warning',
    confidence: 'likely',
    message: `${describeRef(object.ref)} goes from ${from.target.name} to ${to.target.name}: if the former prunes it before the latter applies it, ${loss}`,
    help: 'Keep it first, by a change of its own (argocd.argoproj.io/sync-options: Prune=false, or kustomize.toolkit.fluxcd.io/prune: disabled), then move it; or let an approving review open this.',
    detail: ['handed over'],
  };
}
