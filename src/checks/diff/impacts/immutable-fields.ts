import type { JsonValue } from '../../../contract/index.js';
import { compareQuantities, groupOf, isRecord, parseQuantity } from '../../../kubernetes/index.js';
import { at, type ObjectDifference } from '../model.js';
import { type FieldDifference, namesOf } from '../semantic/path.js';
import { recordsOf } from '../world.js';

type Judge = (difference: FieldDifference, object: ObjectDifference) => boolean;

/** True when the path's names start with one of these dotted prefixes. */
function under(...prefixes: readonly string[]): Judge {
  const wanted = prefixes.map((prefix) => prefix.split('.'));
  return ({ path }) => {
    const names = namesOf(path);
    // A difference above the field (all of spec) holds it too.
    return wanted.some((prefix) =>
      prefix.every((name, index) => names.length <= index || names[index] === name),
    );
  };
}

function specExcept(...mutable: readonly string[]): Judge {
  return ({ path }) => {
    const [first, second] = namesOf(path);
    return first === 'spec' && (second === undefined || !mutable.includes(second));
  };
}

/** Fields that may be set once: they count as soon as the base has a value. */
function onceSet(...fields: readonly string[]): Judge {
  const judge = under(...fields);
  return (difference, object) => {
    if (!judge(difference, object)) return false;
    return fields.some((field) => {
      const before = at(object.before, ...field.split('.'));
      return before !== undefined && before !== '' && under(field)(difference, object);
    });
  };
}

function any(...judges: readonly Judge[]): Judge {
  return (difference, object) => judges.some((judge) => judge(difference, object));
}

/**
 * Fields that the API server refuses to change, by kind. Source: kubernetes pkg/apis/*\/validation and the registries'
 * strategies (1.36).
 */
const IMMUTABLE: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  [
    'apps/StatefulSet',
    specExcept(
      'replicas',
      'ordinals',
      'template',
      'updateStrategy',
      'revisionHistoryLimit',
      'persistentVolumeClaimRetentionPolicy',
      'minReadySeconds',
    ),
  ],
  ['apps/Deployment', under('spec.selector')],
  ['apps/DaemonSet', under('spec.selector')],
  ['apps/ReplicaSet', under('spec.selector')],
  ['batch/Job', job],
  ['/PersistentVolumeClaim', claim],
  ['/PersistentVolume', any(volumeSource, onceSet('spec.volumeMode', 'spec.nodeAffinity'))],
  ['/Service', service],
  ['/Pod', pod],
  ['/Secret', any(under('type'), frozen)],
  ['/ConfigMap', frozen],
  ['rbac.authorization.k8s.io/RoleBinding', under('roleRef')],
  ['rbac.authorization.k8s.io/ClusterRoleBinding', under('roleRef')],
  ['storage.k8s.io/StorageClass', under('provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode')],
  [
    'storage.k8s.io/CSIDriver',
    under('spec.attachRequired', 'spec.fsGroupPolicy', 'spec.volumeLifecycleModes'),
  ],
  ['storage.k8s.io/VolumeAttributesClass', under('driverName', 'parameters')],
  ['resource.k8s.io/ResourceClaim', under('spec')],
  ['resource.k8s.io/ResourceClaimTemplate', under('spec')],
  ['networking.k8s.io/IPAddress', under('spec')],
  ['networking.k8s.io/IngressClass', under('spec.controller')],
  ['node.k8s.io/RuntimeClass', under('handler')],
  ['scheduling.k8s.io/PriorityClass', under('value', 'preemptionPolicy')],
  ['discovery.k8s.io/EndpointSlice', under('addressType')],
  ['certificates.k8s.io/CertificateSigningRequest', under('spec')],
  ['apiextensions.k8s.io/CustomResourceDefinition', definition],
]);

/** The differences of an update that the API server refuses. */
export function immutableDifferences(object: ObjectDifference): FieldDifference[] {
  const judge = IMMUTABLE.get(`${groupOf(object.ref.apiVersion)}/${object.ref.kind}`);
  return judge === undefined ? [] : object.differences.filter((difference) => judge(difference, object));
}

function job(difference: FieldDifference, object: ObjectDifference): boolean {
  const names = namesOf(difference.path);
  if (names[0] !== 'spec') return false;
  const field = names[1];
  if (field === 'completions') {
    // An elastic Job: indexed, and as many completions as pods at a time.
    const elastic = at(object.after, 'spec', 'completions') === at(object.after, 'spec', 'parallelism');
    return at(object.before, 'spec', 'completionMode') !== 'Indexed' || !elastic;
  }
  if (field === 'template') {
    const suspended = at(object.before, 'spec', 'suspend') === true;
    // Scheduling directives of a suspended Job may change.
    return !(suspended && SCHEDULING.has(names[3] ?? names[4] ?? ''));
  }
  return field === undefined || JOB_FIELDS.has(field);
}
const JOB_FIELDS = new Set([
  'selector',
  'completionMode',
  'podFailurePolicy',
  'successPolicy',
  'backoffLimitPerIndex',
  'managedBy',
]);
const SCHEDULING = new Set([
  'nodeSelector',
  'affinity',
  'tolerations',
  'schedulingGates',
  'labels',
  'annotations',
]);

/** A claim may grow, and change its attributes class. */
function claim({ path }: FieldDifference, object: ObjectDifference): boolean {
  const [first, second, third] = namesOf(path);
  if (first !== 'spec' || second === 'volumeAttributesClassName') return false;
  if (second === 'resources' && (third === undefined || third === 'requests')) {
    const before = parseQuantity(at(object.before, 'spec', 'resources', 'requests', 'storage'));
    const after = parseQuantity(at(object.after, 'spec', 'resources', 'requests', 'storage'));
    return before !== null && (after === null || compareQuantities(after, before) < 0);
  }
  if (second === 'resources') return false;
  // The volume's name is written by the binder: leaving it out changes nothing.
  return !(second === 'volumeName' && at(object.after, 'spec', 'volumeName') === undefined);
}

const MUTABLE_OF_VOLUME = new Set([
  'capacity',
  'accessModes',
  'mountOptions',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'claimRef',
  'volumeAttributesClassName',
  'volumeMode',
  'nodeAffinity',
]);

function volumeSource({ path }: FieldDifference): boolean {
  const [first, second] = namesOf(path);
  return first === 'spec' && second !== undefined && !MUTABLE_OF_VOLUME.has(second);
}

function service(difference: FieldDifference, object: ObjectDifference): boolean {
  const names = namesOf(difference.path);
  if (names[0] !== 'spec') return false;
  const toExternal = at(object.after, 'spec', 'type') === 'ExternalName';
  switch (names[1]) {
    case 'clusterIP': {
      // An address that is given up in the manifest stays with the Service.
      const after = at(object.after, 'spec', 'clusterIP');
      return !toExternal && (difference.from ?? '') !== '' && after !== undefined && after !== '';
    }
    case 'clusterIPs':
      return (
        !toExternal &&
        isChanged(at(object.before, 'spec', 'clusterIPs', 0), at(object.after, 'spec', 'clusterIPs', 0))
      );
    case 'ipFamilies':
      return (
        !toExternal &&
        isChanged(at(object.before, 'spec', 'ipFamilies', 0), at(object.after, 'spec', 'ipFamilies', 0))
      );
    case 'loadBalancerClass': {
      const stays = at(object.after, 'spec', 'type') === 'LoadBalancer';
      return stays && at(object.before, 'spec', 'type') === 'LoadBalancer' && difference.from !== undefined;
    }
    case 'healthCheckNodePort':
      return isChanged(difference.from, difference.to);
    default:
      return false;
  }
}

function isChanged(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  return before !== undefined && after !== undefined && before !== after;
}

const POD_SPEC = new Set([
  'activeDeadlineSeconds',
  'tolerations',
  'terminationGracePeriodSeconds',
  'schedulingGates',
]);

function pod({ path }: FieldDifference): boolean {
  const names = namesOf(path);
  if (names[0] !== 'spec') return false;
  const image = (names[1] === 'containers' || names[1] === 'initContainers') && names[2] === 'image';
  const resize = names[1] === 'containers' && names[2] === 'resources';
  return !image && !resize && !POD_SPEC.has(names[1] ?? '');
}

/** A ConfigMap or Secret that says it is immutable. */
function frozen(difference: FieldDifference, object: ObjectDifference): boolean {
  const [first] = namesOf(difference.path);
  return (
    at(object.before, 'immutable') === true &&
    (first === 'data' || first === 'binaryData' || first === 'immutable')
  );
}

/** Scope and names of a definition, and versions of which objects may be stored. */
function definition(difference: FieldDifference, object: ObjectDifference): boolean {
  const names = namesOf(difference.path);
  if (names[0] !== 'spec') return false;
  if (names[1] === 'scope' || names[1] === 'group') return true;
  if (names[1] === 'names') return names[2] === undefined || names[2] === 'kind' || names[2] === 'plural';
  if (names[1] !== 'versions') return false;
  const after = new Set(recordsOf(at(object.after, 'spec', 'versions')).map((version) => version.name));
  const lost = recordsOf(at(object.before, 'spec', 'versions')).some(
    (version) => version.storage === true && !after.has(version.name ?? null),
  );
  return (
    lost &&
    (isRecord(difference.from) || Array.isArray(difference.from)) &&
    namesOf(difference.path).length === 2
  );
}
