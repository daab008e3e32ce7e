import { describe, expect, it } from '@jest/globals';
import { describeRules, diffCheck } from '../../../src/checks/diff/index.js';
import type { CheckContext } from '../../../src/checks/index.js';
import type { Finding } from '../../../src/contract/index.js';
import { context, type FakeTarget, target } from './fakes.js';

const all = (...texts: string[]) => texts.join('---\n');
const object = (apiVersion: string, kind: string, rest = '', metadata = 'name: x, namespace: shop') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {${metadata}}\n${rest}\n`;
const annotated = (text: string, annotation: string) =>
  text.replace('metadata: {', `metadata: {annotations: {${annotation}}, `);

const FORCE = 'argocd.argoproj.io/sync-options: "Force=true,Replace=true"';
const KEPT = 'helm.sh/resource-policy: keep';
const FILLER = object('v1', 'ConfigMap', 'data: {a: b}', 'name: filler, namespace: shop');
const deployment = (more = '', image = 'web:1', name = 'web', container = '') =>
  object(
    'apps/v1',
    'Deployment',
    `spec: {${more}selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: "${image}"${container}}]}}}`,
    `name: ${name}, namespace: shop`,
  );
const service = (spec: string) => object('v1', 'Service', `spec: {${spec}}`, 'name: web, namespace: shop');
const stateful = (spec: string) => object('apps/v1', 'StatefulSet', `spec: {${spec}}`);
const TEMPLATES = 'volumeClaimTemplates: [{metadata: {name: data}}]';
const claim = (spec = '') => object('v1', 'PersistentVolumeClaim', `spec: {${spec}}`);
const secret = (name = 'key', data = 'a: Yg==') =>
  object('v1', 'Secret', `data: {${data}}`, `name: ${name}, namespace: shop`);
const uses = (key: string) =>
  deployment('', 'web:1', 'web', `, env: [{name: A, valueFrom: {secretKeyRef: {name: key, key: ${key}}}}]`);
const role = (rules: string, name = 'r') =>
  object('rbac.authorization.k8s.io/v1', 'Role', `rules: [${rules}]`, `name: ${name}, namespace: shop`);
const READ = '{apiGroups: [""], resources: [configmaps], verbs: [get, list]}';
const LOGS = '{apiGroups: [""], resources: [pods/log], verbs: [get]}';
const scaler = (name = 'web', namespace = 'shop') =>
  object(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    `spec: {scaleTargetRef: {kind: Deployment, name: ${name}}}`,
    `name: web, namespace: ${namespace}`,
  );
const network = (spec: string, name = 'deny') =>
  object(
    'networking.k8s.io/v1',
    'NetworkPolicy',
    `spec: {podSelector: {}, ${spec}}`,
    `name: ${name}, namespace: shop`,
  );
const budget = (spec: string) =>
  object('policy/v1', 'PodDisruptionBudget', `spec: {${spec}, selector: {matchLabels: {app: web}}}`);
const ingress = (name: string, path = '/') =>
  object(
    'networking.k8s.io/v1',
    'Ingress',
    `spec: {ingressClassName: nginx, rules: [{host: a.example.com, http: {paths: [{path: ${path}, pathType: Prefix}]}}]}`,
    `name: ${name}, namespace: shop`,
  );
const application = (spec: string, more = '') =>
  object('argoproj.io/v1alpha1', 'Application', `spec: {${spec}}`, `name: pay, namespace: argocd${more}`);
const FINALIZER = ', finalizers: [resources-finalizer.argocd.argoproj.io]';
const kustomization = (spec: string) =>
  object(
    'kustomize.toolkit.fluxcd.io/v1',
    'Kustomization',
    `spec: {${spec}}`,
    'name: apps, namespace: flux-system',
  );
const definition = (versions: string) =>
  object(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    `spec: {group: e.com, names: {kind: W, plural: ws}, versions: [${versions}]}`,
    'name: ws.e.com',
  );
const project = (spec: string) =>
  object('argoproj.io/v1alpha1', 'AppProject', `spec: {${spec}}`, 'name: team, namespace: argocd');
const hook = (annotation: string) =>
  annotated(
    object(
      'batch/v1',
      'Job',
      'spec: {template: {spec: {containers: [{name: a, image: a, envFrom: [{secretRef: {name: key}}]}]}}}',
    ),
    annotation,
  );
const flux = (namespace: string) =>
  object(
    'kustomize.toolkit.fluxcd.io/v1',
    'Kustomization',
    `spec: {prune: true, serviceAccountName: team, sourceRef: {kind: GitRepository, name: a${namespace}}}`,
    'name: own, namespace: shop',
  );
const chart = (version: string) =>
  object(
    'helm.toolkit.fluxcd.io/v2',
    'HelmRelease',
    `spec: {chart: {spec: {chart: redis, version: "${version}"}}}`,
  );
const source = (revision: string) =>
  application(
    `source: {repoURL: "https://git.example.com/acme/config", path: a, targetRevision: "${revision}"}`,
  );

type Side = string | null | FakeTarget['base'];
interface Case {
  name: string;
  targets: FakeTarget[];
  config?: Record<string, unknown>;
  more?: Partial<CheckContext>;
}

function one(name: string, base: Side, result: Side, more: Partial<FakeTarget> = {}, config = {}): Case {
  return { name, targets: [{ base, result, ...more }], config };
}

/** The same change with what stays around it, so that no target comes or goes as a whole. */
function among(
  name: string,
  base: string,
  result: string,
  more: Partial<FakeTarget> = {},
  config = {},
): Case {
  const side = (text: string) => (text === '' ? FILLER : all(text, FILLER));
  return one(name, side(base), side(result), more, config);
}

/** An object that goes from one deployment of a cluster to another. */
function moved(name: string, text: string, there = text): Case {
  const deployed = (folder: string, base: string, result: string): FakeTarget => ({
    name: `prod:flux/flux-system/${folder}`,
    kind: 'flux',
    cluster: 'prod',
    path: folder,
    base,
    result,
  });
  return { name, targets: [deployed('a', all(text, FILLER), FILLER), deployed('b', '', there)] };
}

/** New objects in a repository of which one file is known. */
function beside(name: string, base: string, result: string, file: string): Case {
  const text = Buffer.from(file);
  const entry = { path: 'README.yaml', mode: 'file' as const, oid: 'o' };
  const tree = {
    files: async () => new Map([[entry.path, entry]]),
    size: async () => text.length,
    read: async () => text,
  };
  const change = { files: async () => [], base: { tree }, result: tree } as unknown as CheckContext['change'];
  return { ...among(name, base, result), more: { change } };
}

const notes = (kind: 'moves' | 'lookup' | 'paused', text = FILLER): FakeTarget['base'] => {
  const { result } = target({ base: null, result: text });
  return { ...result, notes: [{ kind, about: 'x', text: 'x' }] } as FakeTarget['base'];
};

const OWN = { repositories: ['https://git.example.com/acme/config'], branches: ['main'] };
const PROTECT = { diff: { protect: [{ clusters: ['prod'] }] } };
const REQUIRES = 'whenDeleted: Retain';

/** For each rule what it must say, and what looks alike and is none of its business. */
const CASES: Record<string, { fires: Case[]; not: Case[] }> = {
  'diff/render-failed': {
    fires: [one('renders no more', FILLER, { status: 'failed', reason: 'x' })],
    not: [
      one('rendered neither before', { status: 'failed', reason: 'x' }, { status: 'failed', reason: 'x' }),
    ],
  },
  'diff/not-rendered': {
    fires: [one('a chart that nobody has', FILLER, { status: 'unresolved', reason: 'x' })],
    not: [
      one(
        'the same, which the change does not touch',
        { status: 'unresolved', reason: 'x' },
        { status: 'unresolved', reason: 'x' },
        { touched: false },
      ),
    ],
  },
  'diff/moving-base': {
    fires: [one('follows a branch', FILLER, notes('moves'))],
    not: [one('followed it before', notes('moves'), notes('moves'))],
  },
  'diff/lookup-empty': {
    fires: [one('asks the cluster', FILLER, notes('lookup', deployment()))],
    not: [one('asks, and nothing changes', notes('lookup'), notes('lookup'))],
  },
  'diff/not-applied': {
    fires: [one('is suspended', FILLER, notes('paused', deployment()))],
    not: [one('is suspended, and nothing changes', notes('paused'), notes('paused'))],
  },
  'diff/immutable-field': {
    fires: [
      among('selector of a Deployment', deployment(), deployment().replaceAll('app: web', 'app: other')),
      among('claim templates', stateful('volumeClaimTemplates: []'), stateful(TEMPLATES)),
      among(
        'a claim that shrinks',
        claim('resources: {requests: {storage: 2Gi}}'),
        claim('resources: {requests: {storage: 1Gi}}'),
      ),
      among(
        'role of a binding',
        role(READ).replace('kind: Role', 'kind: RoleBinding').replace('rules: [', 'roleRef: {name: a}\n#'),
        role(READ).replace('kind: Role', 'kind: RoleBinding').replace('rules: [', 'roleRef: {name: b}\n#'),
      ),
    ],
    not: [
      among(
        'forced',
        annotated(deployment(), FORCE),
        annotated(deployment().replaceAll('app: web', 'app: other'), FORCE),
      ),
      among(
        'partition',
        stateful('updateStrategy: {rollingUpdate: {partition: 0}}'),
        stateful('updateStrategy: {rollingUpdate: {partition: 3}}'),
      ),
      among(
        'retention of claims',
        stateful('persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}'),
        stateful('persistentVolumeClaimRetentionPolicy: {whenScaled: Retain}'),
      ),
      among(
        'a claim that grows',
        claim('resources: {requests: {storage: 1Gi}}'),
        claim('resources: {requests: {storage: 2Gi}}'),
      ),
      among(
        'a quantity written otherwise',
        claim('resources: {requests: {storage: 1Gi}}'),
        claim('resources: {requests: {storage: 1024Mi}}'),
      ),
      among('a default that is written', stateful('podManagementPolicy: OrderedReady'), stateful('')),
    ],
  },
  'diff/api-removed': {
    fires: [
      among('gone since 1.25', '', object('policy/v1beta1', 'PodSecurityPolicy', 'spec: {}', 'name: a')),
    ],
    not: [
      among('its successor', '', object('policy/v1', 'PodDisruptionBudget', 'spec: {maxUnavailable: 1}')),
    ],
  },
  'diff/missing-reference': {
    fires: [
      among('a Secret taken away', all(secret(), uses('a')), uses('a')),
      among('a key taken away', all(secret(), uses('a')), all(secret('key', 'b: Yg=='), uses('a'))),
      beside(
        'the first of a group',
        '',
        object('cert-manager.io/v1', 'ClusterIssuer', 'spec: {}', 'name: x'),
        'a: b',
      ),
      beside(
        'a namespace that nobody makes',
        '',
        object('v1', 'ConfigMap', '', 'name: a, namespace: payments'),
        'a: b',
      ),
    ],
    not: [
      moved('a Secret that another file or deployment brings', secret()),
      { ...among('documents in another order', all(secret(), uses('a')), all(uses('a'), secret())) },
      among(
        'an optional reference',
        all(secret(), uses('a').replace('key: a', 'key: a, optional: true')),
        uses('a').replace('key: a', 'key: a, optional: true'),
      ),
      beside(
        'a group that a file of the base names',
        '',
        object('cert-manager.io/v1', 'ClusterIssuer', 'spec: {}', 'name: x'),
        'repo: charts\ngroup: CERT-manager.io',
      ),
      beside(
        'a group that comes with its definition',
        '',
        all(definition('{name: v1}'), object('e.com/v1', 'W', 'spec: {}')),
        'a: b',
      ),
      beside(
        'a namespace that comes too',
        '',
        all(
          object('v1', 'Namespace', '', 'name: payments'),
          object('v1', 'ConfigMap', '', 'name: a, namespace: payments'),
        ),
        'a: b',
      ),
    ],
  },
  'diff/selector-mismatch': {
    fires: [
      among(
        'labels of its own pods',
        deployment(),
        deployment().replace('labels: {app: web}', 'labels: {app: other}'),
      ),
      among(
        'a Service that loses its pods',
        all(service('selector: {app: web}'), deployment()),
        all(service('selector: {app: other}'), deployment()),
      ),
      among(
        'a port that no container names',
        all(
          service('selector: {app: web}, ports: [{port: 80, targetPort: http}]'),
          deployment('', 'web:1', 'web', ', ports: [{name: http, containerPort: 80}]'),
        ),
        all(
          service('selector: {app: web}, ports: [{port: 80, targetPort: http}]'),
          deployment('', 'web:1', 'web', ', ports: [{name: web, containerPort: 80}]'),
        ),
      ),
      among(
        'a new Service of such a port',
        deployment(),
        all(service('selector: {app: web}, ports: [{port: 80, targetPort: http}]'), deployment()),
      ),
    ],
    not: [
      among(
        'a Service that another workload serves',
        all(service('selector: {app: web}'), deployment()),
        all(
          service('selector: {app: web}'),
          deployment('', 'web:1', 'web2'),
          deployment().replaceAll('app: web', 'app: old'),
        ),
      ),
      among('a Service whose workload goes too', all(service('selector: {app: web}'), deployment()), ''),
      among(
        'a port by its number',
        all(service('selector: {app: web}'), deployment()),
        all(service('selector: {app: web}, ports: [{port: 80, targetPort: 8080}]'), deployment()),
      ),
      among(
        'a port of a sidecar',
        all(service('selector: {app: web}'), deployment()),
        all(
          service('selector: {app: web}, ports: [{port: 80, targetPort: http}]'),
          deployment().replace(
            'containers:',
            'initContainers: [{name: proxy, image: p, restartPolicy: Always, ports: [{name: http, containerPort: 80}]}], containers:',
          ),
        ),
      ),
      among(
        'a port that was missing before',
        all(service('selector: {app: web}, ports: [{port: 80, targetPort: http}]'), deployment()),
        all(
          service('selector: {app: web}, ports: [{port: 80, targetPort: http}]'),
          deployment('replicas: 2, '),
        ),
      ),
      among(
        'more labels',
        deployment(),
        deployment().replace('labels: {app: web}', 'labels: {app: web, tier: front}'),
      ),
    ],
  },
  'diff/ingress-host-taken': {
    fires: [among('the same host and path', ingress('a'), all(ingress('a'), ingress('b')))],
    not: [
      among('another path', ingress('a'), all(ingress('a'), ingress('b', '/b'))),
      among('another class', ingress('a'), all(ingress('a'), ingress('b').replace('nginx', 'internal'))),
      among('another name for the same one', ingress('a'), ingress('b')),
    ],
  },
  'diff/argo-project': {
    fires: [
      among(
        'another source',
        project(
          'sourceRepos: ["https://git.example.com/acme/*"], destinations: [{server: "*", namespace: "*"}]',
        ),
        all(
          project(
            'sourceRepos: ["https://git.example.com/acme/*"], destinations: [{server: "*", namespace: "*"}]',
          ),
          application(
            'project: team, source: {repoURL: "https://evil.example.com/x", path: a}, destination: {server: s, namespace: n}',
          ),
        ),
      ),
    ],
    not: [
      among(
        'a source that it allows',
        project(
          'sourceRepos: ["https://git.example.com/acme/*"], destinations: [{server: "*", namespace: "*"}]',
        ),
        all(
          project(
            'sourceRepos: ["https://git.example.com/acme/*"], destinations: [{server: "*", namespace: "*"}]',
          ),
          application(
            'project: team, source: {repoURL: "https://git.example.com/acme/x.git", path: a}, destination: {server: s, namespace: n}',
          ),
        ),
      ),
    ],
  },
  'diff/sync-order': {
    fires: [
      among('a hook before its Secret', '', all(hook('argocd.argoproj.io/hook: PreSync'), secret())),
      among(
        "a hook of Helm's before the Secret of a later one",
        '',
        all(
          hook('helm.sh/hook: pre-install, helm.sh/hook-weight: "-5"'),
          annotated(secret(), 'helm.sh/hook: pre-install, helm.sh/hook-weight: "0"'),
        ),
      ),
      among(
        'the same of a release',
        '',
        all(
          hook('helm.sh/hook: pre-install, helm.sh/hook-weight: "-5"'),
          annotated(secret(), 'helm.sh/hook: pre-install'),
        ),
        { kind: 'helmrelease' },
      ),
      among('an earlier wave', '', all(annotated(uses('a'), 'argocd.argoproj.io/sync-wave: "-1"'), secret())),
    ],
    not: [
      among(
        'waves that Flux does not know',
        '',
        all(annotated(uses('a'), 'argocd.argoproj.io/sync-wave: "-1"'), secret()),
        { kind: 'flux' },
      ),
      among('hooks that Flux does not know', '', all(hook('helm.sh/hook: pre-install'), secret()), {
        kind: 'flux',
      }),
      among(
        'a release with waves',
        '',
        all(annotated(uses('a'), 'argocd.argoproj.io/sync-wave: "-1"'), secret()),
        { kind: 'helmrelease' },
      ),
      among(
        "a hook of Helm's after the Secret of an earlier one",
        '',
        all(
          hook('helm.sh/hook: pre-install, helm.sh/hook-weight: "5"'),
          annotated(secret(), 'helm.sh/hook: pre-install, helm.sh/hook-weight: "-5"'),
        ),
      ),
      among('a hook after it', '', all(hook('argocd.argoproj.io/hook: PostSync'), secret())),
      among('a Secret that is there', secret(), all(hook('argocd.argoproj.io/hook: PreSync'), secret())),
      among(
        'a Namespace of the same wave',
        '',
        all(object('v1', 'Namespace', '', 'name: shop'), deployment()),
      ),
    ],
  },
  'diff/flux-tenancy': {
    fires: [among('a source of another namespace', '', flux(', namespace: flux-system'))],
    not: [among('a source of its own', '', flux(', namespace: shop')), among('without a word', '', flux(''))],
  },
  'diff/data-loss': {
    fires: [
      among('a claim', claim(), ''),
      among('a Namespace', object('v1', 'Namespace'), ''),
      among('a definition', definition('{name: v1}'), ''),
      among(
        'claims that go with it',
        stateful(`persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}, ${TEMPLATES}`),
        '',
      ),
      among('claims that it leaves behind', stateful(TEMPLATES), ''),
      among('an Application with its finalizer', application('project: a', FINALIZER), ''),
      among('a Kustomization that prunes', kustomization('prune: true'), ''),
      among('a release', chart('1.2.3'), ''),
      among(
        'a claim that is made again',
        annotated(claim('resources: {requests: {storage: 2Gi}}'), FORCE),
        annotated(claim('resources: {requests: {storage: 1Gi}}'), FORCE),
      ),
      among(
        'a claim whose volume is deleted',
        all(
          claim('volumeName: v'),
          object('v1', 'PersistentVolume', 'spec: {persistentVolumeReclaimPolicy: Delete}', 'name: v'),
        ),
        object('v1', 'PersistentVolume', 'spec: {persistentVolumeReclaimPolicy: Delete}', 'name: v'),
      ),
      moved('a claim that another deployment takes over', claim()),
    ],
    not: [
      among('kept by Helm', annotated(claim(), KEPT), ''),
      among('kept by Argo CD', annotated(claim(), 'argocd.argoproj.io/sync-options: "Prune=false"'), ''),
      among('kept by Flux', annotated(claim(), 'kustomize.toolkit.fluxcd.io/prune: disabled'), ''),
      among(
        'claims that it says to keep',
        stateful(`persistentVolumeClaimRetentionPolicy: {${REQUIRES}}, ${TEMPLATES}`),
        '',
      ),
      among(
        'a StatefulSet that is made again',
        annotated(stateful(`serviceName: a, ${TEMPLATES}`), FORCE),
        annotated(stateful(`serviceName: b, ${TEMPLATES}`), FORCE),
      ),
      among('an Application that leaves all', application('project: a'), ''),
      among('a Kustomization that orphans', kustomization('prune: true, deletionPolicy: Orphan'), ''),
      among('a ConfigMap', object('v1', 'ConfigMap', 'data: {a: b}'), ''),
      among(
        'documents in another order',
        all(claim(), object('v1', 'Namespace')),
        all(object('v1', 'Namespace'), claim()),
      ),
    ],
  },
  'diff/data-unprotected': {
    fires: [
      among('the annotation goes', annotated(claim(), KEPT), claim()),
      among(
        'claims begin to go with it',
        stateful(TEMPLATES),
        stateful(`persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}, ${TEMPLATES}`),
      ),
      among(
        'the volume is reclaimed',
        object('v1', 'PersistentVolume', 'spec: {persistentVolumeReclaimPolicy: Retain}', 'name: v'),
        object('v1', 'PersistentVolume', 'spec: {persistentVolumeReclaimPolicy: Delete}', 'name: v'),
      ),
    ],
    not: [
      among('an annotation comes', claim(), annotated(claim(), KEPT)),
      among(
        'a default that is written',
        stateful(TEMPLATES),
        stateful(`persistentVolumeClaimRetentionPolicy: {${REQUIRES}}, ${TEMPLATES}`),
      ),
      among(
        'an annotation of what loses nothing',
        annotated(object('v1', 'ConfigMap', 'data: {a: b}'), KEPT),
        object('v1', 'ConfigMap', 'data: {a: b}'),
      ),
    ],
  },
  'diff/definition-narrowed': {
    fires: [
      among(
        'a version goes',
        definition('{name: v1, served: true, storage: true}, {name: v1beta1, served: true}'),
        definition('{name: v1, served: true, storage: true}, {name: v1beta1, served: false}'),
      ),
    ],
    not: [
      among(
        'a version comes',
        definition('{name: v1, served: true, storage: true}'),
        definition('{name: v1, served: true, storage: true}, {name: v2, served: true}'),
      ),
    ],
  },
  'diff/target-vanished': {
    fires: [one('as a whole', deployment(), null)],
    not: [
      {
        name: 'its folder is renamed',
        targets: [
          { base: deployment(), result: null },
          { name: 'kustomize/other', path: 'other', base: null, result: deployment() },
        ],
      },
    ],
  },
  'diff/target-moved': {
    fires: [
      among(
        'to another namespace',
        application('destination: {namespace: a}'),
        application('destination: {namespace: b}'),
      ),
      among('to another path', kustomization('path: a, prune: true'), kustomization('path: b, prune: true')),
    ],
    not: [
      among(
        'at another interval',
        kustomization('interval: 1m, prune: true'),
        kustomization('interval: 2m, prune: true'),
      ),
    ],
  },
  'diff/prune-enabled': {
    fires: [among('turned on', kustomization('prune: false'), kustomization('prune: true'))],
    not: [
      among('turned off', kustomization('prune: true'), kustomization('prune: false')),
      among('new, and prunes', '', kustomization('prune: true')),
    ],
  },
  'diff/replicas-to-zero': {
    fires: [
      among(
        'no instance of a database',
        object('postgresql.cnpg.io/v1', 'Cluster', 'spec: {instances: 3}'),
        object('postgresql.cnpg.io/v1', 'Cluster', 'spec: {instances: 0}'),
      ),
      among('none', deployment('replicas: 2, '), deployment('replicas: 0, ')),
    ],
    not: [
      among('one', deployment('replicas: 2, '), deployment('replicas: 1, ')),
      among('the field goes', deployment('replicas: 2, '), deployment()),
      among('none before either', deployment('replicas: 0, '), deployment('replicas: 0, ', 'web:2')),
      among('a new one that starts with none', '', deployment('replicas: 0, ')),
    ],
  },
  'diff/rbac-widened': {
    fires: [among('another verb', role(READ), role(READ.replace('list', 'list, watch')))],
    not: [
      among('rules in another order', role(`${READ}, ${LOGS}`), role(`${LOGS}, ${READ}`)),
      among('verbs in another order', role(READ), role(READ.replace('get, list', 'list, get'))),
      among(
        'one rule as two',
        role(READ),
        role(`${READ.replace('get, list', 'get')}, ${READ.replace('get, list', 'list')}`),
      ),
      among('what another rule gives too', role(`${READ}, ${READ}`), role(READ)),
      among('fewer rights', role(`${READ}, ${LOGS}`), role(READ)),
    ],
  },
  'diff/guard-weakened': {
    fires: [
      among('a NetworkPolicy goes', network('policyTypes: [Ingress]'), ''),
      among(
        'a peer more',
        network('policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]'),
        network('policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]'),
      ),
      among(
        'the last peer goes, and all may come',
        network('policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]'),
        network('policyTypes: [Ingress], ingress: [{}]'),
      ),
      among(
        'a peer less, and another wider',
        network(
          'policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {a: b}}}, {podSelector: {matchLabels: {c: d}}}]}]',
        ),
        network('policyTypes: [Ingress], ingress: [{from: [{podSelector: {}}]}]'),
      ),
      among(
        'all of egress goes',
        network('egress: [{ports: [{port: 53}]}]'),
        network('policyTypes: [Ingress]'),
      ),
      among(
        'a policy only reports',
        object('kyverno.io/v1', 'ClusterPolicy', 'spec: {validationFailureAction: Enforce}', 'name: a'),
        object('kyverno.io/v1', 'ClusterPolicy', 'spec: {validationFailureAction: Audit}', 'name: a'),
      ),
      among(
        'stricter, and something else',
        object(
          'kyverno.io/v1',
          'ClusterPolicy',
          'spec: {validationFailureAction: Audit, rules: [{name: a}]}',
          'name: a',
        ),
        object(
          'kyverno.io/v1',
          'ClusterPolicy',
          'spec: {validationFailureAction: Enforce, rules: [{name: b}]}',
          'name: a',
        ),
      ),
      among(
        'another name in another namespace',
        network('policyTypes: [Ingress]'),
        network('policyTypes: [Ingress]').replace('namespace: shop', 'namespace: pay'),
      ),
      among(
        'a policy that others name is renamed',
        object(
          'admissionregistration.k8s.io/v1',
          'ValidatingAdmissionPolicy',
          'spec: {validations: []}',
          'name: a',
        ),
        object(
          'admissionregistration.k8s.io/v1',
          'ValidatingAdmissionPolicy',
          'spec: {validations: []}',
          'name: b',
        ),
      ),
      moved(
        'it goes elsewhere with other content',
        network('policyTypes: [Ingress]'),
        network('policyTypes: [Ingress], ingress: [{}]'),
      ),
    ],
    not: [
      among('another name', network('policyTypes: [Ingress]'), network('policyTypes: [Ingress]', 'deny-all')),
      among('kept', annotated(network('policyTypes: [Ingress]'), KEPT), ''),
      moved('it goes elsewhere as it is', network('policyTypes: [Ingress]')),
      moved(
        'a webhook goes elsewhere as it is',
        object(
          'admissionregistration.k8s.io/v1',
          'ValidatingWebhookConfiguration',
          'webhooks: [{name: a}]',
          'name: a',
        ),
      ),
      among(
        'a peer less',
        network(
          'policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {a: b}}}, {podSelector: {matchLabels: {c: d}}}]}]',
        ),
        network('policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {c: d}}}]}]'),
      ),
      among(
        'a rule less',
        network('policyTypes: [Egress], egress: [{ports: [{port: 53}]}, {ports: [{port: 80}]}]'),
        network('policyTypes: [Egress], egress: [{ports: [{port: 53}]}]'),
      ),
      among(
        'a policy begins to enforce',
        object('kyverno.io/v1', 'ClusterPolicy', 'spec: {validationFailureAction: Audit}', 'name: a'),
        object('kyverno.io/v1', 'ClusterPolicy', 'spec: {validationFailureAction: Enforce}', 'name: a'),
      ),
      among(
        'a rule begins to',
        object(
          'kyverno.io/v1',
          'ClusterPolicy',
          'spec: {rules: [{name: a, validate: {failureAction: Audit}}]}',
          'name: a',
        ),
        object(
          'kyverno.io/v1',
          'ClusterPolicy',
          'spec: {rules: [{name: a, validate: {failureAction: Enforce}}]}',
          'name: a',
        ),
      ),
      among(
        'a webhook that no longer ignores failures',
        object(
          'admissionregistration.k8s.io/v1',
          'ValidatingWebhookConfiguration',
          'webhooks: [{name: a, failurePolicy: Ignore}]',
          'name: a',
        ),
        object(
          'admissionregistration.k8s.io/v1',
          'ValidatingWebhookConfiguration',
          'webhooks: [{name: a, failurePolicy: Fail}]',
          'name: a',
        ),
      ),
      among(
        'a constraint that denies',
        object(
          'constraints.gatekeeper.sh/v1beta1',
          'K8sRequired',
          'spec: {enforcementAction: warn}',
          'name: a',
        ),
        object(
          'constraints.gatekeeper.sh/v1beta1',
          'K8sRequired',
          'spec: {enforcementAction: deny}',
          'name: a',
        ),
      ),
      among(
        'the same written otherwise',
        network('policyTypes: [Ingress], ingress: []'),
        network('policyTypes: [Ingress]'),
      ),
    ],
  },
  'diff/source-ungoverned': {
    fires: [among('a branch of its own', source('main'), source('mine'), {}, OWN)],
    not: [among('a governed branch', '', source('main'), {}, OWN)],
  },
  'diff/floating-revision': {
    fires: [among('a range', chart('1.2.3'), chart('1.x'), { cluster: 'prod' })],
    not: [
      among('another version', chart('1.2.3'), chart('1.2.4'), { cluster: 'prod' }),
      among('a range elsewhere', chart('1.2.3'), chart('1.x'), { cluster: 'staging' }),
    ],
  },
  'diff/reaches-protected': {
    fires: [among('production', deployment(), deployment('', 'web:2'), { cluster: 'prod' }, PROTECT)],
    not: [
      among('another cluster', deployment(), deployment('', 'web:2'), { cluster: 'staging' }, PROTECT),
      among(
        'production, as it was',
        annotated(deployment(), 'argocd.argoproj.io/tracking-id: a'),
        deployment(),
        { cluster: 'prod' },
        PROTECT,
      ),
    ],
  },
  'diff/replaced': {
    fires: [
      among(
        'forced',
        annotated(deployment(), FORCE),
        annotated(deployment().replaceAll('app: web', 'app: other'), FORCE),
      ),
    ],
    not: [
      among(
        'an update that is let',
        annotated(deployment(), FORCE),
        annotated(deployment('', 'web:2'), FORCE),
      ),
    ],
  },
  'diff/renamed': {
    fires: [
      among('another name', deployment(), deployment('', 'web:1', 'shop')),
      among('another namespace', deployment(), deployment().replace('namespace: shop', 'namespace: pay')),
      moved('another deployment', deployment()),
    ],
    not: [
      among('another content too', deployment(), deployment('', 'web:2', 'shop')),
      among('one more', deployment(), all(deployment(), deployment('', 'web:1', 'shop'))),
    ],
  },
  'diff/left-behind': {
    fires: [among('kept', annotated(claim(), KEPT), '')],
    not: [
      among('pruned', claim(), ''),
      among('kept, and still there', annotated(claim(), KEPT), annotated(claim('a: b'), KEPT)),
    ],
  },
  'diff/image-changed': {
    fires: [
      among('another tag', deployment(), deployment('', 'web:2')),
      among('another registry', deployment(), deployment('', 'ghcr.io/acme/web:1')),
    ],
    not: [among('another command', deployment(), deployment('', 'web:1', 'web', ', command: [a]'))],
  },
  'diff/pdb-blocks': {
    fires: [
      among(
        'fewer replicas under a budget that stays',
        all(deployment('replicas: 3, '), budget('minAvailable: 2')),
        all(deployment('replicas: 2, '), budget('minAvailable: 2')),
      ),
      among('half of one', '', all(deployment(), budget('minAvailable: 50%'))),
      among('none may go', '', budget('maxUnavailable: 0')),
      among(
        'as many as there are',
        deployment('replicas: 2, '),
        all(deployment('replicas: 2, '), budget('minAvailable: 2')),
      ),
    ],
    not: [
      among(
        'it blocked before',
        all(deployment(), budget('minAvailable: 1')),
        all(deployment('', 'web:2'), budget('minAvailable: 1')),
      ),
      among(
        'a scaler that keeps more',
        '',
        all(deployment(), scaler().replace('spec: {', 'spec: {minReplicas: 2, '), budget('minAvailable: 1')),
      ),
      among('half of three', '', all(deployment('replicas: 3, '), budget('minAvailable: 50%'))),
      among('a share that may be away', '', all(deployment(), budget('maxUnavailable: 10%'))),

      among(
        'one may',
        deployment('replicas: 2, '),
        all(deployment('replicas: 2, '), budget('minAvailable: 1')),
      ),
    ],
  },
  'diff/hpa-replicas': {
    fires: [
      among('a scaler that is new', deployment('replicas: 2, '), all(deployment('replicas: 2, '), scaler())),
      among(
        'one of KEDA',
        '',
        all(
          deployment('replicas: 2, '),
          object('keda.sh/v1alpha1', 'ScaledObject', 'spec: {scaleTargetRef: {name: web}}'),
        ),
      ),
      among(
        'another number under a scaler',
        all(deployment('replicas: 2, '), scaler()),
        all(deployment('replicas: 3, '), scaler()),
      ),
      among('both', scaler(), all(scaler(), deployment('replicas: 2, '))),
    ],
    not: [
      among('without replicas', scaler(), all(scaler(), deployment())),
      among('the scaler of another', scaler('api'), all(scaler('api'), deployment('replicas: 2, '))),
      among(
        'the scaler of another namespace',
        scaler('web', 'pay'),
        all(scaler('web', 'pay'), deployment('replicas: 2, ')),
      ),
      among(
        'both before',
        all(scaler(), deployment('replicas: 2, ')),
        all(scaler(), deployment('replicas: 2, ', 'web:2')),
      ),
    ],
  },
  'diff/service-without-endpoints': {
    fires: [
      among(
        'a Service that outlives its workload',
        all(service('selector: {app: web}'), deployment()),
        service('selector: {app: web}'),
      ),
      among('nobody', '', service('selector: {app: nobody}')),
    ],
    not: [
      among(
        'its workload is renamed',
        all(service('selector: {app: web}'), deployment()),
        all(service('selector: {app: web}'), deployment('', 'web:1', 'shop')),
      ),
      among('both go', all(service('selector: {app: web}'), deployment()), ''),

      among('somebody', deployment(), all(deployment(), service('selector: {app: web}'))),
      among('without a selector', '', service('ports: [{port: 80}]')),
      among(
        'another name for a host',
        '',
        service('type: ExternalName, externalName: a.example.com, selector: {app: nobody}'),
      ),
    ],
  },
  'diff/irreversible': {
    fires: [among('a claim', '', claim())],
    not: [among('a Deployment', '', deployment())],
  },
};

async function judge({ targets, config = {}, more = {} }: Case): Promise<Finding[]> {
  return (await diffCheck(context(targets.map(target), config, more))).findings;
}

describe('each rule says what it is for, and nothing of what looks alike', () => {
  it('there is a case of either for every rule', () => {
    expect(Object.keys(CASES).sort()).toEqual(
      describeRules()
        .map(({ id }) => id)
        .sort(),
    );
    for (const { fires, not } of Object.values(CASES)) {
      expect(fires.length).toBeGreaterThan(0);
      expect(not.length).toBeGreaterThan(0);
    }
  });

  const rows = Object.entries(CASES).flatMap(([rule, { fires, not }]) => [
    ...fires.map((given) => [rule, 'fires', given.name, given] as const),
    ...not.map((given) => [rule, 'is silent', given.name, given] as const),
  ]);
  it.each(rows)('%s %s: %s', async (rule, what, _, given) => {
    const found = (await judge(given)).filter(({ ruleId }) => ruleId === rule);
    if (what === 'is silent') {
      const told = found.filter(({ action }) => action !== 'inform' || !MAY_TELL.has(rule));
      expect(told.map(({ message }) => message)).toEqual([]);
      return;
    }
    expect(found.length).toBeGreaterThan(0);
    for (const finding of found) {
      expect(finding.message).not.toBe('');
      expect(finding.help).not.toBe('');
      expect(['error', 'warning', 'notice']).toContain(finding.severity);
    }
  });

  it.each([
    ['acme/web:1.2.3', 'acme/web:latest', 'warning', 'a tag that moves'],
    ['acme/web:1.2.3', 'acme/web:1.2', 'warning', 'a tag that moves'],
    ['acme/web:1.2.3', 'acme/web', 'warning', 'a tag that moves'],
    ['acme/web:1.2', 'acme/web:1.3', 'notice', 'another tag'],
    ['acme/web:1.2.3', 'acme/web:1.2.4', 'notice', 'another tag'],
    ['acme/web:1.2.3', `acme/web:latest@sha256:${'a'.repeat(64)}`, 'notice', 'another tag'],
  ])('%s becomes %s: %s, %s', async (before, after, severity, what) => {
    const [found] = await judge(among('', deployment('', before), deployment('', after)));
    expect([found?.severity, found?.message]).toEqual([severity, expect.stringContaining(`(${what})`)]);
  });

  it('a role that only gets another name is said to be that', async () => {
    const told = async (base: string, result: string) =>
      (await judge(among('', base, result)))
        .filter(({ ruleId }) => ruleId === 'diff/rbac-widened')
        .map(({ message }) => message);
    expect(await told(role(`${READ}, ${LOGS}`), role(READ, 'readers'))).toEqual([
      expect.stringContaining(', no more than Role shop/r, which goes'),
    ]);
    for (const [base, result] of [
      [role(READ), role(`${READ}, ${LOGS}`, 'readers')],
      [role(READ), role(READ, 'readers').replace('namespace: shop', 'namespace: pay')],
      [role(READ), all(role(READ), role(READ, 'readers'))],
    ] as const) {
      expect(await told(base, result)).toEqual([expect.not.stringContaining('which goes')]);
    }
  });

  it('a claim whose volume is retained is told, and asks for nothing', async () => {
    const volume = (policy: string) =>
      object(
        'v1',
        'PersistentVolume',
        `spec: {claimRef: {name: x, namespace: shop}, persistentVolumeReclaimPolicy: ${policy}}`,
        'name: disk',
      );
    const storage = (policy: string) =>
      object('storage.k8s.io/v1', 'StorageClass', `reclaimPolicy: ${policy}`, 'name: slow');
    const slow = claim('storageClassName: slow');
    const told = async (base: string, result: string) =>
      (await judge(among('', base, result)))
        .filter(({ ruleId }) => ruleId === 'diff/data-loss')
        .map(({ action, message }) => `${action} ${message}`);
    expect(await told(all(claim(), volume('Retain')), volume('Retain'))).toEqual([
      'inform deletes PersistentVolumeClaim shop/x: its volume is retained (PersistentVolume disk), but no new claim gets it by itself',
    ]);
    expect(await told(all(slow, storage('Retain')), storage('Retain'))).toEqual([
      expect.stringMatching(/^inform .* \(StorageClass slow\)/),
    ]);
    // A volume says more than its class, and a class of another name nothing.
    const approval = [expect.stringMatching(/^approve deletes PersistentVolumeClaim/)];
    expect(await told(all(claim(), volume('Delete')), volume('Delete'))).toEqual(approval);
    expect(await told(all(claim(), volume('Retain')), volume('Delete'))).toEqual(approval);
    expect(await told(all(slow, storage('Delete')), storage('Delete'))).toEqual(approval);
    expect(await told(all(claim(), storage('Retain')), storage('Retain'))).toEqual(approval);
    expect(
      await told(all(slow, storage('Retain'), volume('Delete')), all(storage('Retain'), volume('Delete'))),
    ).toEqual(approval);
  });
});

/** Rules that tell of what is no loss: a retained volume, a folder that is renamed. */
const MAY_TELL = new Set(['diff/data-loss', 'diff/target-vanished']);
