import { describeRef, groupOf } from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import { recordsOf, stringsOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { becomesHook, howKept, isMoved } from './removal.js';

/** What is lost with an object, or null where its removal loses nothing that the repository cannot bring back. */
function lossOf(object: ObjectDifference): string | null {
  const before = object.before;
  if (before === null) return null;
  const kind = `${groupOf(object.ref.apiVersion)}/${object.ref.kind}`;
  const deleted = object.action === 'delete' || becomesHook(object);
  switch (kind) {
    case '/PersistentVolumeClaim':
      return 'its data is lost unless the volume is retained';
    case '/PersistentVolume':
      return at(before, 'spec', 'persistentVolumeReclaimPolicy') === 'Delete' ? 'its data is lost' : null;
    case '/Namespace':
      return 'every object in it goes too, volumes included';
    case 'apiextensions.k8s.io/CustomResourceDefinition':
      return `every ${String(at(before, 'spec', 'names', 'kind') ?? 'object of its kind')} in the cluster goes too`;
    case 'storage.k8s.io/StorageClass':
      return deleted ? 'claims that name it stay pending' : null;
    case 'apps/StatefulSet': {
      const whenDeleted = at(before, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenDeleted');
      const claims = recordsOf(at(before, 'spec', 'volumeClaimTemplates')).length > 0;
      if (whenDeleted === 'Delete') return 'its volume claims are deleted with it';
      return claims ? 'its pods stop; its volume claims are left behind' : null;
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
      return STATEFUL_GROUPS.has(groupOf(object.ref.apiVersion))
        ? 'its operator deletes what it runs, data included'
        : null;
  }
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
      const loss = lossOf(object);
      if (loss === null || isMoved(object, target, world)) return [];
      const kept = object.action === 'delete' ? howKept(object, target, world) : null;
      if (kept !== null) return [];
      const again = becomesHook(object) ? 'deletes and makes again as a hook' : 'deletes and makes again';
      const verb = object.action === 'delete' ? 'deletes' : again;
      const source = object.base?.path ?? null;
      return [
        {
          object,
          message: `${verb} ${describeRef(object.ref)}: ${loss}`,
          help:
            source === null || object.action === 'replace'
              ? 'Meant? An approving review opens this.'
              : `Meant? An approving review opens this. Not meant? Restore it in ${source}.`,
          detail: becomesHook(object) ? [object.action, 'hook'] : [object.action],
        },
      ];
    });
  },
};
