import type { JsonValue } from '../../../contract/index.js';
import {
  describeRef,
  isRecord,
  type KubernetesObject,
  type Manifest,
  matchesSelector,
  objectKey,
  podTemplatesOf,
} from '../../../kubernetes/index.js';
import { at, type ObjectDifference, type TargetDifference } from '../model.js';
import { kindKey, type ObjectIndex, recordsOf, type Scope, textOf, type World } from '../world.js';
import { argumentsOf } from './flux-controllers.js';
import type { Impact } from './impact.js';
import { selectedBy } from './selector-mismatch.js';

const HELP = 'Meant? An approving review opens this.';

type Labels = { [key: string]: JsonValue };
type Examine = (object: ObjectDifference) => Impact[];

const WEBHOOKS = [
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
];
const POLICIES = [
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy',
];
const BINDINGS = [
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
];

/** A guard that looks at what its selectors find. */
interface Watcher {
  guard: Manifest;
  namespaces: JsonValue | undefined;
  objects: JsonValue | undefined;
}

/**
 * Guards that stay as they are and are walked round: by a label that takes a namespace, an object or a pod out of
 * their sight, by another parameter, by taking away what answers for them, or by the arguments of Flux' controllers.
 */
export function evasions(target: TargetDifference, world: World): Examine {
  if (target.objects.length === 0) return () => [];
  const scope = world.scopeOf(target);
  const watchers = watchersOf(scope.result).filter(
    ({ guard }) => scope.base.get(objectKey(guard.ref)) !== undefined,
  );
  const policies = scope.result
    .ofKind('networking.k8s.io/NetworkPolicy')
    .filter(({ ref }) => scope.base.get(objectKey(ref)) !== undefined);
  const answering = answerers(scope);
  const parameters = parametersOf(scope);
  return (object) => [
    ...outOfSight(object, watchers),
    ...outOfNetworkPolicy(object, policies, scope),
    ...takenAway(object, answering),
    ...reparametrised(object, parameters),
    ...unlocked(object),
  ];
}

function watchersOf(side: ObjectIndex): Watcher[] {
  const webhooks = WEBHOOKS.flatMap((kind) => side.ofKind(kind)).flatMap((guard) =>
    recordsOf(at(guard.object, 'webhooks')).map((webhook) => ({
      guard,
      namespaces: webhook.namespaceSelector,
      objects: webhook.objectSelector,
    })),
  );
  const matching = (kinds: readonly string[], field: string): Watcher[] =>
    kinds
      .flatMap((kind) => side.ofKind(kind))
      .map((guard) => ({
        guard,
        namespaces: at(guard.object, 'spec', field, 'namespaceSelector'),
        objects: at(guard.object, 'spec', field, 'objectSelector'),
      }));
  const constraints = side.all
    .filter(({ ref }) => ref.apiVersion.startsWith('constraints.gatekeeper.sh/'))
    .map((guard) => ({
      guard,
      namespaces: at(guard.object, 'spec', 'match', 'namespaceSelector'),
      objects: at(guard.object, 'spec', 'match', 'labelSelector'),
    }));
  return [
    ...webhooks,
    ...matching(POLICIES, 'matchConstraints'),
    ...matching(BINDINGS, 'matchResources'),
    ...constraints,
  ].filter(({ namespaces, objects }) => isRecord(namespaces) || isRecord(objects));
}

function labelsOf(object: KubernetesObject | undefined): Labels {
  const labels = at(object, 'metadata', 'labels');
  return isRecord(labels) ? labels : {};
}

/** A label by which an object, or a whole namespace, is no longer looked at. */
function outOfSight(object: ObjectDifference, watchers: readonly Watcher[]): Impact[] {
  if (object.result === null || watchers.length === 0) return [];
  const isNamespace = object.ref.kind === 'Namespace' && !object.ref.apiVersion.includes('/');
  // The API server gives each namespace a label with its name. What is new is looked at unless a label says otherwise.
  const named: Labels = isNamespace ? { 'kubernetes.io/metadata.name': object.ref.name } : {};
  const before = { ...labelsOf(object.base?.object), ...named };
  const after = { ...labelsOf(object.result.object), ...named };
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const found = new Map<string, Watcher>();
  for (const watcher of watchers) {
    const selector = isNamespace ? watcher.namespaces : watcher.objects;
    if (!isRecord(selector)) continue;
    if (matchesSelector(selector, before) && !matchesSelector(selector, after))
      found.set(objectKey(watcher.guard.ref), watcher);
  }
  return [...found.values()].map(({ guard }) => ({
    object,
    field: ['metadata', 'labels'],
    message: `${describeRef(object.ref)} gets out of sight of ${describeRef(guard.ref)} by its labels`,
    help: HELP,
    detail: ['unseen', objectKey(guard.ref)],
  }));
}

/** Pods whose labels changed so that a NetworkPolicy no longer selects them. */
function outOfNetworkPolicy(
  object: ObjectDifference,
  policies: readonly Manifest[],
  { base }: Scope,
): Impact[] {
  if (object.base === null || object.result === null || policies.length === 0) return [];
  const podLabels = (manifest: Manifest): Labels[] =>
    podTemplatesOf(manifest.object).map(({ metadata }) => (isRecord(metadata.labels) ? metadata.labels : {}));
  const before = podLabels(object.base);
  const after = podLabels(object.result);
  const { base: former } = object;
  return policies
    .filter((policy) => {
      if (policy.ref.namespace !== former.ref.namespace) return false;
      const old = base.get(objectKey(policy.ref));
      const selector = at(policy.object, 'spec', 'podSelector') ?? {};
      return (
        old !== undefined &&
        before.some((labels) => matchesSelector(at(old.object, 'spec', 'podSelector') ?? {}, labels)) &&
        after.some((labels) => !matchesSelector(selector, labels)) &&
        // Where the policy itself changed, that is told.
        JSON.stringify(at(old.object, 'spec', 'podSelector') ?? {}) === JSON.stringify(selector)
      );
    })
    .map((policy) => ({
      object,
      field: ['spec'],
      message: `${describeRef(object.ref)}: ${describeRef(policy.ref)} no longer selects its pods`,
      help: HELP,
      detail: ['unselected', objectKey(policy.ref)],
    }));
}

/** Services and workloads that answer admission webhooks, by identity, with the webhook. */
function answerers({ base, result }: Scope): Map<string, Manifest> {
  const found = new Map<string, Manifest>();
  for (const webhook of WEBHOOKS.flatMap((kind) => base.ofKind(kind))) {
    // Taking the webhook away is told itself.
    if (result.get(objectKey(webhook.ref)) === undefined) continue;
    for (const { clientConfig } of recordsOf(at(webhook.object, 'webhooks'))) {
      const service = base.get(
        objectKey({
          apiVersion: 'v1',
          kind: 'Service',
          namespace: textOf(at(clientConfig, 'service', 'namespace')),
          name: textOf(at(clientConfig, 'service', 'name')),
        }),
      );
      if (service === undefined) continue;
      for (const { ref } of [service, ...selectedBy(service, base)]) found.set(objectKey(ref), webhook);
    }
  }
  return found;
}

function takenAway(object: ObjectDifference, answering: ReadonlyMap<string, Manifest>): Impact[] {
  const webhook = object.action === 'delete' ? answering.get(objectKey(object.ref)) : undefined;
  if (webhook === undefined) return [];
  return [
    {
      object,
      message: `takes away ${describeRef(object.ref)}, which answers for ${describeRef(webhook.ref)}`,
      help: HELP,
      detail: ['answers', objectKey(webhook.ref)],
    },
  ];
}

/** Objects whose content decides what a policy forbids, by identity, with the policy. */
function parametersOf({ base }: Scope): Map<string, Manifest> {
  const found = new Map<string, Manifest>();
  const policies = new Map(POLICIES.flatMap((kind) => base.ofKind(kind)).map((one) => [one.ref.name, one]));
  for (const binding of BINDINGS.flatMap((kind) => base.ofKind(kind))) {
    const policy = policies.get(textOf(at(binding.object, 'spec', 'policyName')));
    const kind = at(policy?.object, 'spec', 'paramKind');
    const reference = at(binding.object, 'spec', 'paramRef');
    if (!isRecord(kind) || !isRecord(reference)) continue;
    const [apiVersion, name] = [textOf(kind.apiVersion), textOf(reference.name)];
    const namespace = textOf(reference.namespace);
    for (const manifest of base.ofKind(kindKey(apiVersion, textOf(kind.kind)))) {
      const { ref, object } = manifest;
      const selected =
        name === '' ? matchesSelector(reference.selector ?? {}, labelsOf(object)) : ref.name === name;
      if (selected && (namespace === '' || ref.namespace === namespace)) found.set(objectKey(ref), binding);
    }
  }
  for (const policy of [...base.ofKind('kyverno.io/ClusterPolicy'), ...base.ofKind('kyverno.io/Policy')]) {
    for (const rule of recordsOf(at(policy.object, 'spec', 'rules'))) {
      for (const { configMap } of recordsOf(rule.context)) {
        if (!isRecord(configMap)) continue;
        const [name, namespace] = [textOf(configMap.name), textOf(configMap.namespace)];
        found.set(objectKey({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }), policy);
      }
    }
  }
  return found;
}

function reparametrised(object: ObjectDifference, parameters: ReadonlyMap<string, Manifest>): Impact[] {
  const policy = parameters.get(objectKey(object.ref));
  if (policy === undefined || object.action === 'create') return [];
  const gone = object.action === 'delete';
  if (!gone && object.differences.every(({ path }) => path[0] === 'metadata')) return [];
  return [
    {
      object,
      message: `${gone ? 'takes away' : 'changes'} ${describeRef(object.ref)}, by which ${describeRef(policy.ref)} judges`,
      help: HELP,
      detail: ['parameter', object.action],
    },
  ];
}

/** Arguments by which Flux' controllers keep tenants apart. */
const LOCKS = ['--no-cross-namespace-refs', '--no-remote-bases', '--default-service-account'];
const CONTROLLERS = /^(?:kustomize|helm|notification|image-reflector|image-automation|source)-controller$/;

function unlocked(object: ObjectDifference): Impact[] {
  const { base, result, ref } = object;
  if (base === null || result === null || ref.kind !== 'Deployment' || !CONTROLLERS.test(ref.name)) return [];
  const has = (manifest: Manifest, lock: string): boolean => {
    const said = argumentsOf(manifest.object)
      .filter((arg) => arg === lock || arg.startsWith(`${lock}=`))
      .at(-1);
    return said !== undefined && !/=(?:false|f|0)?$/i.test(said);
  };
  return LOCKS.filter((lock) => has(base, lock) && !has(result, lock)).map((lock) => ({
    object,
    field: ['spec', 'template', 'spec', 'containers'],
    message: `${describeRef(ref)} loses ${lock}: tenants are no longer kept apart`,
    help: HELP,
    detail: ['unlocked', lock],
  }));
}
