import { describeRef, isRecord } from '../../../kubernetes/index.js';
import { at, fieldPathIn, type ObjectDifference, type TargetDifference } from '../model.js';
import { formatChangePath } from '../semantic/path.js';
import { kindKey, recordsOf, type World } from '../world.js';
import { openings } from './guard-arguments.js';
import { deployers, setAside, verification } from './guard-deployers.js';
import { doors, users } from './guard-doors.js';
import { evasions } from './guard-evaded.js';
import { EXCEPTIONS, guardOf } from './guard-kinds.js';
import { letsThrough } from './guard-network.js';
import { podSecurity } from './guard-pod-security.js';
import { remaining } from './guard-remaining.js';
import { tightens } from './guard-tightened.js';
import type { Impact, ImpactRule } from './impact.js';

/** Guards that a change takes away or loosens. */
export const guardWeakened: ImpactRule = {
  describe: {
    id: 'diff/guard-weakened',
    title: 'A guard of the cluster is taken away or changed',
    why: 'Policies, network rules, webhooks, verification and self-healing are what stands between a bad workload and the cluster; removing one first is how the next change gets through.',
    help: 'If it is meant, an approving review opens it.',
    action: 'approve',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    const evaded = evasions(target, world);
    const stays = remaining(target, world);
    return target.objects.flatMap((object) => [
      ...(stays.has(object) ? [] : guards(object)),
      ...exceptions(object),
      ...settings(object),
      ...podSecurity(object),
      ...doors(object),
      ...users(object),
      ...openings(object),
      ...secretStores(object),
      ...verification(object),
      ...deployers(object),
      ...setAside(object),
      ...evaded(object),
    ]);
  },
};

const HELP = 'Meant? An approving review opens this.';

function guards(object: ObjectDifference): Impact[] {
  const what = guardOf(object.ref);
  if (what === null) return [];
  if (object.action === 'create') return makes(object);
  if (object.action === 'delete') {
    return [
      { object, message: `takes ${what} away: ${describeRef(object.ref)}`, help: HELP, detail: ['delete'] },
    ];
  }
  const changes = object.differences.filter(({ path, from, to }) => {
    const [first, , third] = path;
    if (first !== 'metadata') return first !== 'apiVersion';
    // Engines take orders from annotations and labels of their own.
    const keys =
      typeof third === 'string'
        ? [third]
        : [from, to].flatMap((map) => (isRecord(map) ? Object.keys(map) : []));
    return keys.some((key) => /kyverno\.io|gatekeeper\.sh/.test(key));
  });
  const [first] = changes;
  if (first === undefined || object.result === null || changes.every((one) => tightens(object.ref, one)))
    return [];
  const paths = changes.map(({ path }) => formatChangePath(path));
  return [
    {
      object,
      field: fieldPathIn(object.result.object, first.path),
      message: `changes ${what}: ${describeRef(object.ref)} (${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''})`,
      help: HELP,
      detail: ['change', ...paths],
    },
  ];
}

/** New objects of these kinds that loosen by being there. */
function makes(object: ObjectDifference): Impact[] {
  const what = loosens(object);
  if (what === null) return [];
  const message = `${describeRef(object.ref)} is new${what}`;
  return [{ object, field: ['spec'], message, help: HELP, detail: ['create'] }];
}

/** What a new guard loosens, as the end of a sentence; null where it only forbids. */
function loosens({ ref, result }: ObjectDifference): string | null {
  const kind = kindKey(ref.apiVersion, ref.kind);
  const object = result?.object;
  if (kind.endsWith('/ValidatingWebhookConfiguration'))
    return ': its service sees, and may refuse, what it intercepts';
  if (kind.endsWith('WebhookConfiguration') || kind === 'apiregistration.k8s.io/APIService')
    return ': its service sees, and may change, what it intercepts';
  if (/MutatingAdmissionPolicy|MutatingPolicy$|^mutations\.gatekeeper\.sh\//.test(kind))
    return ': it changes what others apply';
  if (/GeneratingPolicy$/.test(kind)) return ": it makes objects with its controller's rights";
  if (/DeletingPolicy$|CleanupPolicy$/.test(kind)) return ': it deletes objects';
  if (kind === 'kyverno.io/ClusterPolicy' || kind === 'kyverno.io/Policy') {
    const rules = recordsOf(at(object, 'spec', 'rules'));
    if (rules.some(({ generate }) => generate !== undefined))
      return ": it makes objects with its controller's rights";
    return rules.some(({ mutate }) => mutate !== undefined) ? ': it changes what others apply' : null;
  }
  if (kind === 'gateway.networking.k8s.io/ReferenceGrant')
    return ': others may refer to what is in its namespace';
  if (kind === 'argoproj.io/AppProject') return ': it says what its Applications may do';
  if (kind === 'security.openshift.io/SecurityContextConstraints') return ': it says what pods may do';
  return letsThrough(kind, object) ? ' and lets all peers through' : null;
}

/** Settings that say who may do what, and what is looked at: of Argo CD, Kyverno, Istio and EKS. */
const SETTINGS = new Set([
  'argocd-cm',
  'argocd-rbac-cm',
  'argocd-cmd-params-cm',
  'argocd-ssh-known-hosts-cm',
  'argocd-tls-certs-cm',
  'argocd-gpg-keys-cm',
  'kyverno',
  'kyverno-metrics',
  'istio',
  'aws-auth',
]);

/** Of Cilium's many settings, those that say whether network policies hold. */
const CILIUM =
  /^data\.(?:enable-policy|policy-audit-mode|enable-(?:host-firewall|l7-proxy|k8s-networkpolicy|cilium-network-policy|cilium-clusterwide-network-policy)|allow-localhost)$/;

/** Secrets in which Argo CD keeps what clusters and repositories it goes to. */
const CONNECTION = 'argocd.argoproj.io/secret-type';

function settings(object: ObjectDifference): Impact[] {
  const core = !object.ref.apiVersion.includes('/');
  const isCilium = object.ref.name === 'cilium-config';
  const isSetting = core && object.ref.kind === 'ConfigMap' && (isCilium || SETTINGS.has(object.ref.name));
  const connects =
    core &&
    object.ref.kind === 'Secret' &&
    [object.before, object.after].some((side) => at(side, 'metadata', 'labels', CONNECTION) !== undefined);
  if (!isSetting && !connects) return [];
  const fields = object.differences
    .filter(({ path }) => path[0] !== 'metadata')
    .map(({ path }) => formatChangePath(path))
    .filter((path) => !isCilium || CILIUM.test(path));
  if ((object.action === 'update' || isCilium) && fields.length === 0) return [];
  const verb = { create: 'makes', update: 'changes', replace: 'changes', delete: 'takes away' }[
    object.action
  ];
  const what = isSetting ? 'settings of the guards' : 'where Argo CD goes, and as whom';
  return [
    {
      object,
      field: ['data'],
      message: `${verb} ${what}: ${describeRef(object.ref)}${fields.length > 0 ? ` (${fields.slice(0, 3).join(', ')})` : ''}`,
      help: HELP,
      detail: [object.action, ...fields],
    },
  ];
}

/** Stores of external secrets that hand secrets to more namespaces: no conditions let all of them. */
function secretStores(object: ObjectDifference): Impact[] {
  if (kindKey(object.ref.apiVersion, object.ref.kind) !== 'external-secrets.io/ClusterSecretStore') return [];
  const conditions = (side: ObjectDifference['after']): string[] =>
    recordsOf(at(side, 'spec', 'conditions')).map((one) => JSON.stringify(one));
  const [before, after] = [conditions(object.before), conditions(object.after)];
  if (object.action === 'delete' || before.length === 0) return [];
  if (after.length > 0 && after.every((one) => before.includes(one))) return [];
  return [
    {
      object,
      field: ['spec', 'conditions'],
      message: `${describeRef(object.ref)} hands its secrets to more namespaces, or to others`,
      help: HELP,
      detail: ['conditions'],
    },
  ];
}

function exceptions(object: ObjectDifference): Impact[] {
  const what = EXCEPTIONS.get(kindKey(object.ref.apiVersion, object.ref.kind));
  if (what === undefined || object.action === 'delete') return [];
  return [
    {
      object,
      field: ['spec'],
      message: `makes or changes ${what}: ${describeRef(object.ref)}`,
      help: HELP,
      detail: [object.action],
    },
  ];
}
