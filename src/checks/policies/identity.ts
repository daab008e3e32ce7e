import type { JsonValue } from '../../contract/index.js';
import { containersOf, groupOf, type KubernetesObject, podTemplatesOf } from '../../kubernetes/index.js';
import { isObject, list, member, memberAt, text } from './values/json.js';

/** Fields of a container, beside its command, that name what is run in it. */
const RUNS: readonly (readonly string[])[] = [
  ['lifecycle', 'postStart', 'exec'],
  ['lifecycle', 'preStop', 'exec'],
  ['startupProbe', 'exec'],
  ['livenessProbe', 'exec'],
  ['readinessProbe', 'exec'],
];

const BINDING = ['roleRef', 'subjects'];
const ROLE = ['rules', 'aggregationRule'];
const ROUTE = ['spec.rules', 'spec.defaultBackend'];
const BUCKET = ['spec.endpoint', 'spec.bucketName', 'spec.provider'];

/** Fields of kinds without Pods that say what is run, as whom, and who is let in: by `group/Kind`. */
const FACTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['rbac.authorization.k8s.io/ClusterRoleBinding', BINDING],
  ['rbac.authorization.k8s.io/RoleBinding', BINDING],
  ['rbac.authorization.k8s.io/ClusterRole', ROLE],
  ['rbac.authorization.k8s.io/Role', ROLE],
  ['/Service', ['spec.selector', 'spec.externalName']],
  ['networking.k8s.io/Ingress', ROUTE],
  [
    'kustomize.toolkit.fluxcd.io/Kustomization',
    ['spec.sourceRef', 'spec.path', 'spec.serviceAccountName', 'spec.kubeConfig'],
  ],
  ['helm.toolkit.fluxcd.io/HelmRelease', ['spec.chartRef', 'spec.serviceAccountName', 'spec.kubeConfig']],
  ['source.toolkit.fluxcd.io/GitRepository', ['spec.url']],
  ['source.toolkit.fluxcd.io/OCIRepository', ['spec.url']],
  ['source.toolkit.fluxcd.io/HelmRepository', ['spec.url']],
  ['source.toolkit.fluxcd.io/Bucket', BUCKET],
  ['external-secrets.io/ClusterSecretStore', ['spec.provider']],
]);
/** Of a source of charts or manifests: a newer version of it is none of another origin. */
const SOURCE = ['repoURL', 'chart', 'path', 'plugin'];

/**
 * What an object runs, as whom, and whom it lets do what. When it changes, what was tolerated of the old one is not
 * tolerated of the new one.
 */
export function identityOf(object: KubernetesObject): string {
  const pods = podTemplatesOf(object).map((template) => [
    template.spec.serviceAccountName ?? template.spec.serviceAccount ?? null,
    containersOf(template).map(({ role, container }) => [
      role,
      container.name ?? null,
      container.image ?? null,
      container.command ?? null,
      container.args ?? null,
      RUNS.map((field) => member(memberAt(container, ...field), 'command') ?? null),
    ]),
  ]);
  return JSON.stringify([pods, factsOf(object)]);
}

function factsOf(object: KubernetesObject): JsonValue[] {
  const group = groupOf(text(member(object, 'apiVersion')));
  const kind = `${group}/${text(member(object, 'kind'))}`;
  const facts = (FACTS.get(kind) ?? []).map((field) => memberAt(object, ...field.split('.')) ?? null);
  const spec = member(object, 'spec');
  if (kind === 'argoproj.io/Application') return [...facts, ...deployed(spec)];
  if (kind === 'argoproj.io/ApplicationSet')
    return [...facts, ...deployed(memberAt(spec, 'template', 'spec'))];
  if (kind === 'helm.toolkit.fluxcd.io/HelmRelease') {
    const chart = memberAt(spec, 'chart', 'spec');
    return [...facts, member(chart, 'chart') ?? null, member(chart, 'sourceRef') ?? null];
  }
  return facts;
}

/** What an Argo CD Application deploys, and where to. */
function deployed(spec: JsonValue | undefined): JsonValue[] {
  const sources = [member(spec, 'source') ?? null, ...list(member(spec, 'sources'))].filter(isObject);
  return [
    sources.map((source) => SOURCE.map((field) => member(source, field) ?? null)),
    member(spec, 'destination') ?? null,
  ];
}
