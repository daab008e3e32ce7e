import type { JsonValue } from '../../../contract/index.js';
import { describeRef, groupOf, isRecord } from '../../../kubernetes/index.js';
import { at, fieldPathIn, type ObjectDifference, type TargetDifference } from '../model.js';
import { formatChangePath, startsWithNames } from '../semantic/path.js';
import { kindKey, recordsOf, stringsOf, textOf } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

/** Kinds that forbid something. Taking one away, or changing what it says, asks for an approval. */
const GUARDS = new Map([
  ['kyverno.io/ClusterPolicy', 'a Kyverno policy'],
  ['kyverno.io/Policy', 'a Kyverno policy'],
  ['policies.kyverno.io/ValidatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/ImageValidatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/MutatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/NamespacedValidatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/NamespacedImageValidatingPolicy', 'a Kyverno policy'],
  ['policies.kyverno.io/NamespacedMutatingPolicy', 'a Kyverno policy'],
  ['templates.gatekeeper.sh/ConstraintTemplate', 'a Gatekeeper template'],
  ['config.gatekeeper.sh/Config', "Gatekeeper's configuration"],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicy', 'an admission policy'],
  ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding', 'an admission policy'],
  ['admissionregistration.k8s.io/ValidatingWebhookConfiguration', 'an admission webhook'],
  ['admissionregistration.k8s.io/MutatingWebhookConfiguration', 'an admission webhook'],
  ['networking.k8s.io/NetworkPolicy', 'a NetworkPolicy'],
  ['cilium.io/CiliumNetworkPolicy', 'a network policy'],
  ['cilium.io/CiliumClusterwideNetworkPolicy', 'a network policy'],
  ['crd.projectcalico.org/NetworkPolicy', 'a network policy'],
  ['crd.projectcalico.org/GlobalNetworkPolicy', 'a network policy'],
  ['security.istio.io/AuthorizationPolicy', 'an authorization policy'],
  ['security.istio.io/PeerAuthentication', 'a peer authentication policy'],
  ['argoproj.io/AppProject', 'an AppProject'],
  ['apiregistration.k8s.io/APIService', 'an API that the cluster hands on'],
  ['/ResourceQuota', 'a quota'],
  ['/LimitRange', 'a limit range'],
]);
/** Kinds that allow what a guard forbids: making one is what weakens. */
const EXCEPTIONS = new Map([
  ['kyverno.io/PolicyException', 'a Kyverno exception'],
  ['policies.kyverno.io/PolicyException', 'a Kyverno exception'],
]);

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
  examine(target: TargetDifference): Impact[] {
    return target.objects.flatMap((object) => [
      ...guards(object),
      ...exceptions(object),
      ...settings(object),
      ...podSecurity(object),
      ...verification(object),
      ...deployers(object),
    ]);
  },
};

const HELP = 'Meant? An approving review opens this.';

function guards(object: ObjectDifference): Impact[] {
  const group = groupOf(object.ref.apiVersion);
  const what =
    GUARDS.get(kindKey(object.ref.apiVersion, object.ref.kind)) ??
    (group === 'constraints.gatekeeper.sh' ? 'a Gatekeeper constraint' : undefined);
  if (what === undefined) return [];
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
  if (first === undefined || object.result === null) return [];
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
  const kind = kindKey(object.ref.apiVersion, object.ref.kind);
  const tell = (message: string): Impact[] => [
    { object, field: ['spec'], message, help: HELP, detail: ['create'] },
  ];
  if (kind.endsWith('WebhookConfiguration') || kind === 'apiregistration.k8s.io/APIService') {
    return tell(`${describeRef(object.ref)} is new: its service sees, and may change, what it intercepts`);
  }
  if (kind === 'argoproj.io/AppProject')
    return tell(`${describeRef(object.ref)} is new: it says what its Applications may do`);
  if (kind !== 'networking.k8s.io/NetworkPolicy') return [];
  // Network policies add up: a rule without peers lets everybody through, whatever the others say.
  const opens = (['ingress', 'egress'] as const).some((way) =>
    recordsOf(at(object.result?.object, 'spec', way)).some((rule) => {
      const peers = rule[way === 'ingress' ? 'from' : 'to'];
      return !Array.isArray(peers) || peers.length === 0;
    }),
  );
  return opens ? tell(`${describeRef(object.ref)} is new and lets all peers through`) : [];
}

/** Settings of Argo CD and Kyverno that say who may do what, and what is looked at. */
const SETTINGS = new Set([
  'argocd-cm',
  'argocd-rbac-cm',
  'argocd-cmd-params-cm',
  'kyverno',
  'kyverno-metrics',
]);

function settings(object: ObjectDifference): Impact[] {
  if (object.ref.kind !== 'ConfigMap' || !SETTINGS.has(object.ref.name) || object.action === 'create')
    return [];
  const fields = object.differences
    .filter(({ path }) => path[0] !== 'metadata')
    .map(({ path }) => formatChangePath(path));
  if (object.action !== 'delete' && fields.length === 0) return [];
  return [
    {
      object,
      field: ['data'],
      message: `${object.action === 'delete' ? 'takes away' : 'changes'} settings of the guards: ${describeRef(object.ref)}${fields.length > 0 ? ` (${fields.slice(0, 3).join(', ')})` : ''}`,
      help: HELP,
      detail: [object.action, ...fields],
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

const LEVELS = ['privileged', 'baseline', 'restricted'];
const LABEL = 'pod-security.kubernetes.io/';

/** Pod Security levels of a namespace that go down, and opt-outs from other guards by label. */
function podSecurity(object: ObjectDifference): Impact[] {
  if (object.ref.kind !== 'Namespace' || object.action === 'delete' || object.after === null) return [];
  const label = (side: ObjectDifference['after'], name: string): JsonValue | undefined =>
    at(side, 'metadata', 'labels', name);
  const impacts: Impact[] = [];
  const before = LEVELS.indexOf(textOf(label(object.before, `${LABEL}enforce`)));
  const after = LEVELS.indexOf(textOf(label(object.after, `${LABEL}enforce`)));
  if ((object.before !== null && Math.max(after, 0) < before) || (object.before === null && after === 0)) {
    impacts.push({
      object,
      field: ['metadata', 'labels', `${LABEL}enforce`],
      message: `${describeRef(object.ref)}: Pod Security goes ${before < 0 ? '' : `from ${LEVELS[before]} `}to ${LEVELS[after] ?? 'none'}`,
      help: HELP,
      detail: ['pod-security', LEVELS[after] ?? 'none'],
    });
  }
  for (const [name, value] of OPT_OUTS) {
    if (label(object.after, name) === undefined || label(object.before, name) === label(object.after, name))
      continue;
    if (value !== null && label(object.after, name) !== value) continue;
    impacts.push({
      object,
      field: ['metadata', 'labels', name],
      message: `${describeRef(object.ref)} opts out of a guard by its label ${name}`,
      help: HELP,
      detail: ['opt-out', name],
    });
  }
  return impacts;
}
const OPT_OUTS: readonly (readonly [string, string | null])[] = [
  ['admission.gatekeeper.sh/ignore', null],
  ['istio-injection', 'disabled'],
];

/** Sources of Flux whose signatures are no longer verified. */
function verification(object: ObjectDifference): Impact[] {
  if (
    groupOf(object.ref.apiVersion) !== 'source.toolkit.fluxcd.io' ||
    object.before === null ||
    object.after === null
  )
    return [];
  const changed = object.differences.some(({ path }) => startsWithNames(path, 'spec', 'verify'));
  if (!changed || at(object.before, 'spec', 'verify') === undefined) return [];
  const gone = at(object.after, 'spec', 'verify') === undefined;
  return [
    {
      object,
      field: ['spec', 'verify'],
      message: `${describeRef(object.ref)}: ${gone ? 'its signature is no longer verified' : 'how its signature is verified changes'}`,
      help: HELP,
      detail: ['verify', gone ? 'gone' : 'changed'],
    },
  ];
}

/** Argo CD and Flux deployments that look away, or act with more rights. */
function deployers(object: ObjectDifference): Impact[] {
  const { before, after } = object;
  if (before === null || after === null) return [];
  const impacts: Impact[] = [];
  const tell = (field: readonly string[], message: string, detail: string): void => {
    impacts.push({
      object,
      field,
      message: `${describeRef(object.ref)}: ${message}`,
      help: HELP,
      detail: [detail],
    });
  };
  const group = groupOf(object.ref.apiVersion);
  if (group === 'argoproj.io') {
    for (const root of [['spec'], ['spec', 'template', 'spec']]) {
      const ignored = new Set(
        recordsOf(at(before, ...root, 'ignoreDifferences')).map((entry) => JSON.stringify(entry)),
      );
      const added = recordsOf(at(after, ...root, 'ignoreDifferences')).filter(
        (entry) => !ignored.has(JSON.stringify(entry)),
      );
      if (added.length > 0)
        tell(
          [...root, 'ignoreDifferences'],
          'more differences from the repository are ignored',
          'ignoreDifferences',
        );
      const heals = (side: ObjectDifference['after']): boolean =>
        at(side, ...root, 'syncPolicy', 'automated', 'selfHeal') === true;
      if (heals(before) && !heals(after))
        tell([...root, 'syncPolicy'], 'self-healing is turned off', 'selfHeal');
      const options = new Set(stringsOf(at(before, ...root, 'syncPolicy', 'syncOptions')));
      const validates = stringsOf(at(after, ...root, 'syncPolicy', 'syncOptions')).filter(
        (one) => one === 'Validate=false' && !options.has(one),
      );
      if (validates.length > 0)
        tell([...root, 'syncPolicy', 'syncOptions'], 'objects are no longer validated', 'Validate=false');
    }
  }
  if (group === 'kustomize.toolkit.fluxcd.io' || group === 'helm.toolkit.fluxcd.io') {
    const account = at(before, 'spec', 'serviceAccountName');
    const now = at(after, 'spec', 'serviceAccountName');
    if (account !== undefined && account !== now) {
      tell(
        ['spec', 'serviceAccountName'],
        now === undefined
          ? "it acts with the controller's own rights"
          : 'it acts with the rights of another service account',
        'serviceAccountName',
      );
    }
    if (at(before, 'spec', 'suspend') !== true && at(after, 'spec', 'suspend') === true)
      tell(['spec', 'suspend'], 'it is suspended: nothing is put right any more', 'suspend');
    if (isRecord(at(before, 'spec', 'driftDetection')) && !isRecord(at(after, 'spec', 'driftDetection')))
      tell(['spec'], 'drift is no longer detected', 'driftDetection');
  }
  return impacts;
}
