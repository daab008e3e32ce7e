import type { JsonValue } from '../../../contract/index.js';
import {
  describeRef,
  isRecord,
  type KubernetesObject,
  objectKey,
  podTemplatesOf,
} from '../../../kubernetes/index.js';
import { annotationsOf, at, type ObjectDifference, type TargetDifference } from '../model.js';
import { formatChangePath } from '../semantic/path.js';
import { kindKey, recordsOf, textOf, type World } from '../world.js';
import type { Impact } from './impact.js';
import { isNoMore, rolesOfAccount } from './rbac-holders.js';

const HELP =
  'Needed? An approving review opens this. Else use an account of its own, with the rights that it needs.';

/** Rights that come by taking another account, its token, or the role that a cloud gives it. */
export function accountImpacts(object: ObjectDifference, target: TargetDifference, world: World): Impact[] {
  return [
    ...workload(object, target, world),
    ...token(object),
    ...cloud(object),
    ...cloudRights(object),
    ...automounts(object, target, world),
  ];
}

interface Account {
  name: string;
  /** Its token lies in the pod. */
  mounted: boolean;
}

/** The account of each pod template, by where the template stands. */
function accountsOf(object: KubernetesObject): Map<string, Account> {
  return new Map(
    podTemplatesOf(object).map(({ spec, specPath }) => [
      specPath.join('.'),
      {
        name: textOf(spec.serviceAccountName) || textOf(spec.serviceAccount) || 'default',
        mounted: spec.automountServiceAccountToken !== false || projectsToken(spec),
      },
    ]),
  );
}

/** True for a pod with a volume that holds its account's token, whatever it says of the automatic one. */
function projectsToken(spec: JsonValue): boolean {
  return recordsOf(at(spec, 'volumes')).some((volume) =>
    recordsOf(at(volume, 'projected', 'sources')).some((source) => isRecord(source.serviceAccountToken)),
  );
}

/** An account that gives its token to all its pods again. */
function automounts(object: ObjectDifference, target: TargetDifference, world: World): Impact[] {
  const { base, result, ref } = object;
  if (ref.kind !== 'ServiceAccount' || ref.apiVersion.includes('/') || base === null || result === null)
    return [];
  const field = 'automountServiceAccountToken';
  if (base.object[field] !== false || result.object[field] === false) return [];
  const { roles, dangers } = rolesOfAccount(ref.namespace, ref.name, world.scopeOf(target).result);
  if (roles.length === 0) return [];
  const danger = dangers.length === 0 ? '' : `: they can ${dangers.join(', ')}`;
  return [
    {
      object,
      field: [field],
      severity: dangers.length > 0 ? 'error' : 'warning',
      message: `${describeRef(ref)} gives its token to all its pods, with ${roles.slice(0, 4).join(', ')}${danger}`,
      help: HELP,
      detail: ['automount', ...roles],
    },
  ];
}

/** Objects that give rights in a cloud: of Crossplane, ACK, Config Connector and Azure's operator. */
const CLOUD_RIGHTS =
  /^(?:iam\.(?:aws\.(?:m\.)?(?:upbound|crossplane)\.io|services\.k8s\.aws|cnrm\.cloud\.google\.com)\/|(?:cloudplatform\.gcp\.(?:m\.)?upbound\.io)\/[A-Za-z]*IAM|eks\.(?:services\.k8s\.aws|aws\.(?:m\.)?upbound\.io)\/(?:AccessEntry|AccessPolicyAssociation|PodIdentityAssociation)$|authorization\.azure\.(?:com|(?:m\.)?upbound\.io)\/RoleAssignment$)/;

function cloudRights(object: ObjectDifference): Impact[] {
  const { ref, action } = object;
  if (action === 'delete' || !CLOUD_RIGHTS.test(kindKey(ref.apiVersion, ref.kind))) return [];
  const changed = object.differences
    .filter(({ path }) => path[0] !== 'metadata')
    .map(({ path }) => formatChangePath(path));
  if (action !== 'create' && changed.length === 0) return [];
  return [
    {
      object,
      field: ['spec'],
      message: `${describeRef(ref)} ${action === 'create' ? 'is new: it gives rights in the cloud' : `changes who has which rights in the cloud (${changed.slice(0, 3).join(', ')})`}`,
      help: 'Needed? An approving review opens this.',
      detail: ['cloud rights', action, ...changed],
    },
  ];
}

function workload(object: ObjectDifference, target: TargetDifference, world: World): Impact[] {
  if (object.result === null) return [];
  const { base, result } = world.scopeOf(target);
  const { namespace } = object.ref;
  const former = object.base === null ? null : accountsOf(object.base.object);
  const impacts: Impact[] = [];
  for (const [where, { name, mounted }] of accountsOf(object.result.object)) {
    const before = former?.get(where);
    const held = rolesOfAccount(namespace, name, result);
    const roles = held.roles.length === 0 ? '' : `, which holds ${held.roles.slice(0, 4).join(', ')}`;
    const danger = held.dangers.length === 0 ? '' : `: it can ${held.dangers.join(', ')}`;
    const tell = (message: string, detail: string): void => {
      impacts.push({
        object,
        field: [...where.split('.'), 'serviceAccountName'],
        severity: held.dangers.length > 0 ? 'error' : 'warning',
        message: `${describeRef(object.ref)} ${message}${roles}${danger}`,
        help: HELP,
        detail: [detail, namespace, name, ...held.roles],
      });
    };
    if (before === undefined) {
      // A new workload: told where the account's rights were there before it (new ones are told by their role).
      const known = rolesOfAccount(namespace, name, base);
      if (known.dangers.length > 0 && mounted) tell(`is new and runs as ServiceAccount ${name}`, 'runs as');
      continue;
    }
    if (before.name !== name) {
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name };
      const isNew =
        base.get(objectKey(account)) === undefined && result.get(objectKey(account)) !== undefined;
      // A new account without rights, or one with no more than the former has, gives nothing.
      if (isNew && held.roles.length === 0) continue;
      if (held.roles.length > 0 && isNoMore({ namespace, name }, { namespace, name: before.name }, result))
        continue;
      if (name === 'default' && held.roles.length === 0) continue;
      tell(`now runs as ServiceAccount ${name}`, 'runs as');
    } else if (!before.mounted && mounted && held.roles.length > 0) {
      tell(`now gets the token of ServiceAccount ${name}`, 'token');
    }
  }
  return impacts;
}

/** Secrets in which Kubernetes keeps a token of an account that does not expire. */
function token(object: ObjectDifference): Impact[] {
  if (object.ref.kind !== 'Secret' || object.ref.apiVersion.includes('/') || object.result === null)
    return [];
  if (object.result.object.type !== 'kubernetes.io/service-account-token') return [];
  const name = annotationsOf(object.result.object)['kubernetes.io/service-account.name'] ?? '';
  const former = annotationsOf(object.base?.object ?? null)['kubernetes.io/service-account.name'];
  if (name === former) return [];
  return [
    {
      object,
      field: ['type'],
      message: `${describeRef(object.ref)} keeps a token of ServiceAccount ${name}, for ever, for whoever reads it`,
      help: 'Needed? An approving review opens this. Else ask for tokens that expire (kubectl create token).',
      detail: ['token', name],
    },
  ];
}

/** Annotations by which clouds give an account a role. */
const CLOUDS = [
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
];

function cloud(object: ObjectDifference): Impact[] {
  if (object.ref.kind !== 'ServiceAccount' || object.ref.apiVersion.includes('/')) return [];
  return CLOUDS.flatMap((name): Impact[] => {
    const after = at(object.result?.object ?? null, 'metadata', 'annotations', name);
    const before = at(object.base?.object ?? null, 'metadata', 'annotations', name);
    if (typeof after !== 'string' || after === before) return [];
    return [
      {
        object,
        field: ['metadata', 'annotations', name],
        message: `${describeRef(object.ref)} gets a role of the cloud: ${after}`,
        help: HELP,
        detail: ['cloud', name, after],
      },
    ];
  });
}
