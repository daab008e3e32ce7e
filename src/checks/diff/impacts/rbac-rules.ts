import type { JsonValue } from '../../../contract/index.js';
import { recordsOf, stringsOf } from '../world.js';

/** One right: a verb on a resource of a group (by name, or all), or on a URL. */
export interface Right {
  group: string;
  resource: string;
  verb: string;
  /** '' for all names. */
  name: string;
  url: string;
}

const MOST_RIGHTS = 20_000;

/** The single rights that policy rules give, or null where they are too many to spell out. */
export function rightsOf(rules: JsonValue | undefined): Right[] | null {
  const rights: Right[] = [];
  for (const rule of recordsOf(rules)) {
    const verbs = stringsOf(rule.verbs);
    const groups = stringsOf(rule.apiGroups);
    const resources = stringsOf(rule.resources);
    const names = stringsOf(rule.resourceNames);
    const urls = stringsOf(rule.nonResourceURLs);
    const count = verbs.length * (groups.length * resources.length * Math.max(1, names.length) + urls.length);
    if (rights.length + count > MOST_RIGHTS) return null;
    for (const verb of verbs) {
      for (const url of urls) rights.push({ group: '', resource: '', verb, name: '', url });
      for (const group of groups) {
        for (const resource of resources) {
          for (const name of names.length === 0 ? [''] : names)
            rights.push({ group, resource, verb, name, url: '' });
        }
      }
    }
  }
  return rights;
}

/**
 * True when a right is covered by another, wildcards included.
 * Source: kubernetes pkg/registry/rbac/validation/policy_comparator.go, ruleCovers.
 */
function covers(owner: Right, wanted: Right): boolean {
  if (owner.verb !== '*' && owner.verb !== wanted.verb) return false;
  if (wanted.url !== '') {
    if (owner.url === '') return false;
    return (
      owner.url === wanted.url || (owner.url.endsWith('*') && wanted.url.startsWith(owner.url.slice(0, -1)))
    );
  }
  if (owner.url !== '') return false;
  if (owner.group !== '*' && owner.group !== wanted.group) return false;
  if (owner.name !== '' && owner.name !== wanted.name) return false;
  if (owner.resource === '*' || owner.resource === wanted.resource) return true;
  const subresource = wanted.resource.split('/')[1];
  return subresource !== undefined && owner.resource === `*/${subresource}`;
}

/** Rights of `after` that `before` does not cover; null where they cannot be compared. */
export function addedRights(before: JsonValue | undefined, after: JsonValue | undefined): Right[] | null {
  const owned = rightsOf(before);
  const wanted = rightsOf(after);
  if (owned === null || wanted === null) {
    return JSON.stringify(before ?? null) === JSON.stringify(after ?? null) ? [] : null;
  }
  const exact = new Set(owned.map(keyOf));
  const broad = owned.filter(isBroad);
  return wanted.filter(
    (right) =>
      !exact.has(keyOf(right)) &&
      !exact.has(keyOf({ ...right, name: '' })) &&
      !broad.some((owner) => covers(owner, right)),
  );
}

/** A right with a wildcard covers others than its equals. */
function isBroad({ verb, group, resource, url }: Right): boolean {
  return verb === '*' || group === '*' || resource.startsWith('*') || url.endsWith('*');
}

function keyOf(right: Right): string {
  return JSON.stringify([right.group, right.resource, right.verb, right.name, right.url]);
}

const RBAC = 'rbac.authorization.k8s.io';
const WRITES = ['create', 'update', 'patch'];
const READS = ['get', 'list', 'watch'];
/** Kinds whose objects make pods. */
const WORKLOADS: readonly (readonly [group: string, resources: readonly string[]])[] = [
  ['', ['pods', 'replicationcontrollers', 'podtemplates']],
  ['apps', ['deployments', 'daemonsets', 'statefulsets', 'replicasets']],
  ['batch', ['jobs', 'cronjobs']],
];

/** A danger: with what verbs on which resources of which group. */
interface Danger {
  says: string;
  verbs: readonly string[];
  group: string;
  resources: readonly string[];
}

/**
 * Rights that are more than they seem. Source: Kubernetes' documentation, "RBAC good practices: privilege escalation
 * risks".
 */
const DANGERS: readonly Danger[] = [
  {
    says: 'give rights it does not have itself',
    verbs: ['escalate', 'bind'],
    group: RBAC,
    resources: ['roles', 'clusterroles'],
  },
  {
    says: 'act as others',
    verbs: ['impersonate'],
    group: '',
    resources: ['users', 'groups', 'serviceaccounts'],
  },
  {
    says: 'act as others',
    verbs: ['impersonate'],
    group: 'authentication.k8s.io',
    resources: ['uids', 'userextras'],
  },
  { says: 'read Secrets', verbs: READS, group: '', resources: ['secrets'] },
  {
    says: 'run commands in pods',
    verbs: ['create', 'get', 'update', 'patch'],
    group: '',
    resources: ['pods/exec', 'pods/attach', 'pods/ephemeralcontainers', 'pods/proxy', 'pods/portforward'],
  },
  {
    says: 'make tokens of service accounts',
    verbs: ['create'],
    group: '',
    resources: ['serviceaccounts/token'],
  },
  { says: 'reach every kubelet', verbs: ['create', 'get'], group: '', resources: ['nodes/proxy'] },
  {
    says: 'approve certificates',
    verbs: ['update', 'patch', 'approve', 'sign'],
    group: 'certificates.k8s.io',
    resources: ['certificatesigningrequests/approval', 'certificatesigningrequests/status', 'signers'],
  },
  ...WORKLOADS.map(([group, resources]) => ({
    says: 'run pods, and so use every Secret and account of the namespace',
    verbs: WRITES,
    group,
    resources,
  })),
  { says: 'mount any path of a node', verbs: ['create'], group: '', resources: ['persistentvolumes'] },
  {
    says: 'take namespaces out of Pod Security',
    verbs: ['update', 'patch'],
    group: '',
    resources: ['namespaces'],
  },
  {
    says: 'write rights',
    verbs: WRITES,
    group: RBAC,
    resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
  },
  {
    says: 'write admission webhooks and policies',
    verbs: [...WRITES, 'delete', 'deletecollection'],
    group: 'admissionregistration.k8s.io',
    resources: [
      'validatingwebhookconfigurations',
      'mutatingwebhookconfigurations',
      'validatingadmissionpolicies',
      'validatingadmissionpolicybindings',
      'mutatingadmissionpolicies',
      'mutatingadmissionpolicybindings',
    ],
  },
  {
    says: 'hand APIs on to others',
    verbs: WRITES,
    group: 'apiregistration.k8s.io',
    resources: ['apiservices'],
  },
  {
    says: 'deploy by Argo CD',
    verbs: WRITES,
    group: 'argoproj.io',
    resources: ['applications', 'applicationsets', 'appprojects'],
  },
  {
    says: 'deploy by Flux',
    verbs: WRITES,
    group: 'kustomize.toolkit.fluxcd.io',
    resources: ['kustomizations'],
  },
  { says: 'deploy by Flux', verbs: WRITES, group: 'helm.toolkit.fluxcd.io', resources: ['helmreleases'] },
];

/** Why a right is more than it seems, or null. */
export function dangerOf(right: Right): string | null {
  const { group, resource, verb, url } = right;
  if (url !== '') return url.includes('*') && verb === '*' ? 'use every URL of the API server' : null;
  if (verb === '*' && resource === '*') return 'do everything';
  const found = DANGERS.find((danger) => isOf(right, danger));
  if (found !== undefined) return found.says;
  return verb === '*' || resource === '*' || group === '*' ? 'use a wildcard' : null;
}

function isOf(right: Right, { verbs, group, resources }: Danger): boolean {
  return (
    (right.verb === '*' || verbs.includes(right.verb)) &&
    (right.group === '*' || right.group === group) &&
    resources.some((resource) => reaches(right.resource, resource))
  );
}

/** True where what a rule calls a resource includes this one: `*`, itself, `pods/*`, `*\/exec`. */
function reaches(said: string, resource: string): boolean {
  if (said === '*' || said === resource) return true;
  const [kind, part] = said.split('/');
  const [wanted, sub] = resource.split('/');
  if (part === undefined || sub === undefined) return false;
  return (kind === '*' || kind === wanted) && (part === '*' || part === sub);
}

/** True for a right to read Secrets; by `name` alone where the right says one. */
export function readsSecrets({ group, resource, verb, url }: Right): boolean {
  return (
    url === '' &&
    (group === '' || group === '*') &&
    (resource === '*' || resource === 'secrets') &&
    (verb === '*' || READS.includes(verb))
  );
}

/** `get secrets`, `* deployments.apps`, `get /metrics`. */
export function describeRight({ group, resource, verb, name, url }: Right): string {
  if (url !== '') return `${verb} ${url}`;
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === '' ? '' : ` (${name})`}`;
}
