import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { describeRules, diffCheck } from '../../../src/checks/diff/index.js';
import { context, type FakeTarget, type SideText, target } from './fakes.js';

async function judge(targets: FakeTarget | FakeTarget[], config: Record<string, unknown> = {}) {
  const list = Array.isArray(targets) ? targets : [targets];
  return diffCheck(context(list.map(target), config));
}
/** `action rule` of every finding, told ones left out unless asked for. */
async function verdicts(
  targets: FakeTarget | FakeTarget[],
  config: Record<string, unknown> = {},
  told = false,
) {
  const { findings } = await judge(targets, config);
  return findings
    .filter(({ action }) => told || action !== 'inform')
    .map(({ action, ruleId }) => `${action} ${ruleId.replace('diff/', '')}`)
    .sort();
}

const deployment = (spec: string, metadata = 'name: web, namespace: shop') => `apiVersion: apps/v1
kind: Deployment
metadata: {${metadata}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "web:1"}
  ${spec}
`;
const object = (apiVersion: string, kind: string, rest = '', metadata = 'name: x, namespace: shop') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {${metadata}}\n${rest}\n`;
const all = (...texts: string[]) => texts.join('---\n');
const PVC = object(
  'v1',
  'PersistentVolumeClaim',
  'spec: {resources: {requests: {storage: 1Gi}}}',
  'name: data, namespace: pay',
);
const STATEFUL = (spec: string) => object('apps/v1', 'StatefulSet', `spec: {serviceName: a, ${spec}}`);

describe('immutable fields', () => {
  const cases: [string, string, string, boolean][] = [
    [
      'StatefulSet claim templates',
      STATEFUL('volumeClaimTemplates: []'),
      STATEFUL('volumeClaimTemplates: [{metadata: {name: a}}]'),
      true,
    ],
    ['StatefulSet replicas', STATEFUL('replicas: 1'), STATEFUL('replicas: 2'), false],
    ['Deployment image', deployment('replicas: 2'), deployment('replicas: 3'), false],
    [
      'Job template',
      object('batch/v1', 'Job', 'spec: {template: {spec: {containers: [{name: a, image: a}]}}}'),
      object('batch/v1', 'Job', 'spec: {template: {spec: {containers: [{name: a, image: b}]}}}'),
      true,
    ],
    [
      'Job parallelism',
      object('batch/v1', 'Job', 'spec: {parallelism: 1}'),
      object('batch/v1', 'Job', 'spec: {parallelism: 2}'),
      false,
    ],
    [
      'elastic Job',
      object('batch/v1', 'Job', 'spec: {completionMode: Indexed, completions: 2, parallelism: 2}'),
      object('batch/v1', 'Job', 'spec: {completionMode: Indexed, completions: 3, parallelism: 3}'),
      false,
    ],
    [
      'Job completions',
      object('batch/v1', 'Job', 'spec: {completionMode: Indexed, completions: 2, parallelism: 2}'),
      object('batch/v1', 'Job', 'spec: {completionMode: Indexed, completions: 3, parallelism: 2}'),
      true,
    ],
    [
      'attributes class',
      object('storage.k8s.io/v1', 'VolumeAttributesClass', 'driverName: a\nparameters: {iops: "1"}'),
      object('storage.k8s.io/v1', 'VolumeAttributesClass', 'driverName: a\nparameters: {iops: "2"}'),
      true,
    ],
    [
      'DaemonSet selector',
      object('apps/v1', 'DaemonSet', 'spec: {selector: {matchLabels: {a: b}}}'),
      object('apps/v1', 'DaemonSet', 'spec: {selector: {matchLabels: {a: c}}}'),
      true,
    ],
    [
      'roleRef',
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'roleRef: {kind: Role, name: a}'),
      object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'roleRef: {kind: Role, name: b}'),
      true,
    ],
    ['claim grows', PVC, PVC.replace('1Gi', '2Gi'), false],
    ['claim shrinks', PVC, PVC.replace('1Gi', '500Mi'), true],
    ['claim class', PVC, PVC.replace('spec: {', 'spec: {storageClassName: fast, '), true],
    [
      'Service address',
      object('v1', 'Service', 'spec: {clusterIP: 10.0.0.1}'),
      object('v1', 'Service', 'spec: {clusterIP: 10.0.0.2}'),
      true,
    ],
    [
      'Service address given up',
      object('v1', 'Service', 'spec: {clusterIP: 10.0.0.1, ports: []}'),
      object('v1', 'Service', 'spec: {ports: []}'),
      false,
    ],
    [
      'Service to ExternalName',
      object('v1', 'Service', 'spec: {clusterIP: 10.0.0.1}'),
      object('v1', 'Service', 'spec: {type: ExternalName, externalName: a, clusterIP: ""}'),
      false,
    ],
    [
      'Secret type',
      object('v1', 'Secret', 'type: Opaque'),
      object('v1', 'Secret', 'type: kubernetes.io/tls'),
      true,
    ],
    [
      'immutable ConfigMap',
      object('v1', 'ConfigMap', 'immutable: true\ndata: {a: b}'),
      object('v1', 'ConfigMap', 'immutable: true\ndata: {a: c}'),
      true,
    ],
    [
      'mutable ConfigMap',
      object('v1', 'ConfigMap', 'data: {a: b}'),
      object('v1', 'ConfigMap', 'data: {a: c}'),
      false,
    ],
    [
      'PriorityClass',
      object('scheduling.k8s.io/v1', 'PriorityClass', 'value: 1'),
      object('scheduling.k8s.io/v1', 'PriorityClass', 'value: 2'),
      true,
    ],
    [
      'StorageClass expansion',
      object('storage.k8s.io/v1', 'StorageClass', 'provisioner: a\nallowVolumeExpansion: false'),
      object('storage.k8s.io/v1', 'StorageClass', 'provisioner: a\nallowVolumeExpansion: true'),
      false,
    ],
    [
      'Pod image',
      object('v1', 'Pod', 'spec: {containers: [{name: a, image: a}]}'),
      object('v1', 'Pod', 'spec: {containers: [{name: a, image: b}]}'),
      false,
    ],
    [
      'Pod node',
      object('v1', 'Pod', 'spec: {nodeName: a, containers: []}'),
      object('v1', 'Pod', 'spec: {nodeName: b, containers: []}'),
      true,
    ],
    [
      'volume source',
      object('v1', 'PersistentVolume', 'spec: {hostPath: {path: /a}}'),
      object('v1', 'PersistentVolume', 'spec: {hostPath: {path: /b}}'),
      true,
    ],
    [
      'definition scope',
      object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'spec: {scope: Cluster}'),
      object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'spec: {scope: Namespaced}'),
      true,
    ],
    [
      'stored version',
      object(
        'apiextensions.k8s.io/v1',
        'CustomResourceDefinition',
        'spec: {versions: [{name: v1, storage: true}, {name: v2}]}',
      ),
      object(
        'apiextensions.k8s.io/v1',
        'CustomResourceDefinition',
        'spec: {versions: [{name: v2, storage: true}]}',
      ),
      true,
    ],
  ];
  it.each(cases)('%s', async (_, base, result, refused) => {
    expect((await verdicts({ base, result })).includes('fix immutable-field')).toBe(refused);
  });

  it('are replaced where the object or its owner says so', async () => {
    const force = (text: string, annotation: string) =>
      text.replace('metadata: {', `metadata: {annotations: {${annotation}}, `);
    const before = object('batch/v1', 'Job', 'spec: {completionMode: Indexed}');
    const after = object('batch/v1', 'Job', 'spec: {completionMode: NonIndexed}');
    for (const annotation of [
      'argocd.argoproj.io/sync-options: "Force=true,Replace=true"',
      'kustomize.toolkit.fluxcd.io/force: enabled',
      'helm.sh/hook: pre-upgrade',
    ]) {
      const { findings, targets } = await judge({
        base: force(before, annotation),
        result: force(after, annotation),
      });
      expect(findings.map(({ ruleId }) => ruleId)).toContain('diff/replaced');
      expect(targets?.[0]?.changes[0]?.action).toBe('replace');
    }
    const owner = (on: boolean) =>
      object(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        `spec: {prune: true, force: ${on}}`,
        'name: apps, namespace: flux-system',
      );
    const found = await verdicts([
      { name: 'directory/clusters', base: owner(true), result: owner(true) },
      { name: 'flux/flux-system/apps', kind: 'flux', base: before, result: after },
    ]);
    expect(found).toEqual([]);
  });

  it('losing data by replacement asks for an approval', async () => {
    const annotation = 'annotations: {argocd.argoproj.io/sync-options: Force=true}, ';
    const before = PVC.replace('metadata: {', `metadata: {${annotation}`);
    expect(await verdicts({ base: before, result: before.replace('1Gi', '500Mi') })).toEqual([
      'approve data-loss',
    ]);
  });
});

describe('deletions', () => {
  const crd = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'spec: {names: {kind: A}}');
  it.each([
    ['claim', PVC, true],
    ['namespace', object('v1', 'Namespace'), true],
    ['definition', crd, true],
    ['StatefulSet with claims', STATEFUL('volumeClaimTemplates: [{metadata: {name: a}}]'), true],
    ['StatefulSet without', STATEFUL('replicas: 1'), false],
    [
      'retained volume',
      object('v1', 'PersistentVolume', 'spec: {persistentVolumeReclaimPolicy: Retain}'),
      false,
    ],
    [
      'deleted volume',
      object('v1', 'PersistentVolume', 'spec: {persistentVolumeReclaimPolicy: Delete}'),
      true,
    ],
    [
      'Application with finalizer',
      object(
        'argoproj.io/v1alpha1',
        'Application',
        '',
        'name: a, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]',
      ),
      true,
    ],
    [
      'Application without',
      object('argoproj.io/v1alpha1', 'Application', '', 'name: a, namespace: argocd'),
      false,
    ],
    ['ApplicationSet', object('argoproj.io/v1alpha1', 'ApplicationSet', 'spec: {}'), true],
    [
      'ApplicationSet that preserves',
      object(
        'argoproj.io/v1alpha1',
        'ApplicationSet',
        'spec: {syncPolicy: {preserveResourcesOnDeletion: true}}',
      ),
      false,
    ],
    [
      'Kustomization that prunes',
      object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'spec: {prune: true}'),
      true,
    ],
    [
      'Kustomization that orphans',
      object(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        'spec: {prune: true, deletionPolicy: Orphan}',
      ),
      false,
    ],
    ['HelmRelease', object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'spec: {}'), true],
    ['database', object('postgresql.cnpg.io/v1', 'Cluster', 'spec: {}'), true],
    ['ConfigMap', object('v1', 'ConfigMap', 'data: {}'), false],
    [
      'kept claim',
      PVC.replace('metadata: {', 'metadata: {annotations: {helm.sh/resource-policy: keep}, '),
      false,
    ],
    [
      'claim kept by Argo CD',
      PVC.replace('metadata: {', 'metadata: {annotations: {argocd.argoproj.io/sync-options: Prune=false}, '),
      false,
    ],
    [
      'claim kept by Flux',
      PVC.replace('metadata: {', 'metadata: {annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}, '),
      false,
    ],
  ])('%s', async (_, base, lost) => {
    const other = object('v1', 'ConfigMap', 'data: {a: b}', 'name: other');
    const found = await verdicts({ base: all(base, other), result: other });
    expect(found.includes('approve data-loss')).toBe(lost);
  });

  it('are no loss where the owner does not prune, or another target has the object', async () => {
    const application = (prune: boolean) =>
      object(
        'argoproj.io/v1alpha1',
        'Application',
        `spec: {syncPolicy: {automated: {prune: ${prune}}}}`,
        'name: pay, namespace: argocd',
      );
    const run = (prune: boolean) =>
      verdicts(
        [
          { name: 'directory/argocd', cluster: 'prod', base: application(prune), result: application(prune) },
          {
            name: 'prod:argocd/argocd/pay',
            kind: 'argocd',
            cluster: 'prod',
            base: all(PVC, deployment('')),
            result: deployment(''),
          },
        ],
        {},
        true,
      );
    expect(await run(true)).toEqual(['approve data-loss']);
    expect(await run(false)).toEqual(['inform left-behind']);
    const moved = await verdicts([
      { name: 'kustomize/a', cluster: 'prod', base: all(PVC, deployment('')), result: deployment('') },
      {
        name: 'kustomize/b',
        cluster: 'prod',
        base: object('v1', 'ConfigMap'),
        result: all(PVC, object('v1', 'ConfigMap')),
      },
    ]);
    expect(moved).toEqual([]);
    const hidden = await verdicts([
      {
        name: 'prod:flux/f/a',
        kind: 'flux',
        cluster: 'prod',
        base: all(PVC, deployment('')),
        result: deployment(''),
      },
      {
        name: 'kustomize/unused',
        cluster: 'prod',
        base: object('v1', 'ConfigMap'),
        result: all(PVC, object('v1', 'ConfigMap')),
      },
    ]);
    expect(hidden).toEqual(['approve data-loss']);
  });

  it('say where to restore, and are one finding for many clusters', async () => {
    const clusters = ['a', 'b', 'c'].map((cluster) => ({
      name: `${cluster}:flux/f/apps`,
      cluster,
      file: 'base/pvc.yaml',
      base: all(PVC, deployment('')),
      result: deployment(''),
    }));
    const { findings } = await judge(clusters);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      ruleId: 'diff/data-loss',
      action: 'approve',
      path: 'base/pvc.yaml',
      line: null,
      clusters: ['a', 'b', 'c'],
      object: { kind: 'PersistentVolumeClaim', namespace: 'pay', name: 'data' },
    });
    expect(findings[0]?.help).toContain('Restore it in base/pvc.yaml');
  });
});

describe('targets', () => {
  it('that vanish ask for an approval, that move do not', async () => {
    expect(await verdicts({ base: deployment(''), result: null })).toEqual(['approve target-vanished']);
    const moved = await verdicts(
      [
        { name: 'kustomize/old', base: deployment(''), result: null },
        { name: 'kustomize/new', base: null, result: deployment('') },
      ],
      {},
      true,
    );
    expect(moved).toEqual(['inform target-vanished']);
    const included = await verdicts([
      { name: 'kustomize/part', base: deployment(''), result: null },
      { name: 'kustomize/whole', base: all(deployment(''), PVC), result: PVC },
    ]);
    // Being included hides nothing.
    expect(included).toEqual(['approve target-vanished']);
    const beside = await verdicts([
      { name: 'kustomize/prod', base: deployment(''), result: null },
      { name: 'kustomize/staging', base: deployment(''), result: deployment('') },
    ]);
    expect(beside).toEqual(['approve target-vanished']);
    const redeployed = await verdicts([
      { name: 'argocd/a/old', kind: 'argocd', base: deployment(''), result: null },
      { name: 'argocd/a/new', kind: 'argocd', base: null, result: deployment('') },
    ]);
    expect(redeployed).toEqual(['approve target-vanished']);
    const owner = object(
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
      'spec: {prune: true, path: ./apps}',
      'name: apps, namespace: f',
    );
    const deleted = await verdicts([
      {
        name: 'kustomize/clusters',
        base: all(owner, object('v1', 'ConfigMap')),
        result: object('v1', 'ConfigMap'),
      },
      { name: 'flux/f/apps', kind: 'flux', base: deployment(''), result: null },
      { name: 'kustomize/apps', path: 'apps', base: deployment(''), result: null },
      // The same objects for another cluster are no part of that.
      { name: 'kustomize/prod', path: 'prod', base: deployment(''), result: null },
    ]);
    expect(deleted).toEqual(['approve data-loss', 'approve target-vanished']);
  });

  it('that deploy elsewhere ask for an approval', async () => {
    const app = (spec: string) => object('argoproj.io/v1alpha1', 'Application', `spec: {${spec}}`);
    const from =
      'project: a, source: {repoURL: u, path: p, targetRevision: v1.0.0}, destination: {server: s, namespace: n}';
    const run = (to: string) => verdicts({ base: app(from), result: app(to) });
    expect(await run(from.replace('namespace: n', 'namespace: m'))).toEqual(['approve target-moved']);
    expect(await run(from.replace('project: a', 'project: b'))).toEqual(['approve target-moved']);
    expect(await run(from.replace('repoURL: u', 'repoURL: v'))).toEqual(['approve target-moved']);
    expect(await run(from.replace(/source: \{.*?\}/, 'sources: [{repoURL: v, path: p}]'))).toEqual([
      'approve target-moved',
    ]);
    expect(await run(from.replace('v1.0.0', 'v1.0.1'))).toEqual([]);
    const git = (url: string) =>
      object('source.toolkit.fluxcd.io/v1', 'GitRepository', `spec: {url: "${url}", ref: {tag: v1.0.0}}`);
    expect(await verdicts({ base: git('a'), result: git('b') })).toEqual(['approve target-moved']);
  });

  it('that begin to prune ask for an approval', async () => {
    const flux = (prune: boolean) =>
      object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', `spec: {prune: ${prune}}`);
    expect(await verdicts({ base: flux(false), result: flux(true) })).toEqual(['approve prune-enabled']);
    expect(await verdicts({ base: flux(true), result: flux(false) })).toEqual([]);
  });

  it('scaled to zero ask for an approval', async () => {
    expect(await verdicts({ base: deployment('replicas: 3'), result: deployment('replicas: 0') })).toEqual([
      'approve replicas-to-zero',
    ]);
    expect(await verdicts({ base: deployment(''), result: deployment('replicas: 0') })).toEqual([
      'approve replicas-to-zero',
    ]);
    expect(
      await verdicts({ base: deployment('replicas: 0'), result: deployment('replicas: 0\n  paused: true') }),
    ).toEqual([]);
    const { findings } = await judge({ base: deployment('replicas: 3'), result: deployment('replicas: 0') });
    expect(findings[0]).toMatchObject({ path: 'apps/web.yaml', line: 11, column: 3 });
  });
});

describe('rights', () => {
  const role = (rules: string, kind = 'Role') =>
    object('rbac.authorization.k8s.io/v1', kind, `rules: [${rules}]`);
  const read = '{apiGroups: [""], resources: [configmaps], verbs: [get]}';
  const binding = (subjects: string, name = 'reader') =>
    object(
      'rbac.authorization.k8s.io/v1',
      'RoleBinding',
      `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${name}}\nsubjects: [${subjects}]`,
    );
  it.each([
    ['new role', null, role(read), true],
    ['more verbs', role(read), role(read.replace('get', 'get, list')), true],
    ['fewer verbs', role(read.replace('get', 'get, list')), role(read), false],
    [
      'split rules',
      role(read.replace('get', 'get, list')),
      role(`${read}, ${read.replace('get', 'list')}`),
      false,
    ],
    ['under a wildcard', role(read.replace('configmaps', '"*"')), role(read), false],
    ['by name only', role(read), role(read.replace('verbs', 'resourceNames: [a], verbs')), false],
    ['no longer by name', role(read.replace('verbs', 'resourceNames: [a], verbs')), role(read), true],
    [
      'URL',
      role('', 'ClusterRole'),
      role('{nonResourceURLs: [/metrics], verbs: [get]}', 'ClusterRole'),
      true,
    ],
    [
      'URL under a wildcard',
      role('{nonResourceURLs: ["/m*"], verbs: [get]}', 'ClusterRole'),
      role('{nonResourceURLs: [/metrics], verbs: [get]}', 'ClusterRole'),
      false,
    ],
    [
      'new subject',
      binding('{kind: User, name: a}'),
      binding('{kind: User, name: a}, {kind: User, name: b}'),
      true,
    ],
    [
      'one subject less',
      binding('{kind: User, name: a}, {kind: User, name: b}'),
      binding('{kind: User, name: a}'),
      false,
    ],
  ])('%s', async (_, base, result, widened) => {
    const filler = object('v1', 'ConfigMap');
    const found = await verdicts({
      base: base === null ? filler : all(base, filler),
      result: all(result, filler),
    });
    expect(found.includes('approve rbac-widened')).toBe(widened);
  });

  it('say what is dangerous and who holds it', async () => {
    const holder = binding('{kind: ServiceAccount, name: app, namespace: shop}', 'x');
    const { findings } = await judge({
      base: all(holder, role(read)),
      result: all(holder, role(read.replace('configmaps', 'secrets'))),
    });
    expect(findings[0]).toMatchObject({ severity: 'error' });
    expect(findings[0]?.message).toContain('read Secrets; held by ServiceAccount shop/app');
  });

  it('are told when a role takes those of others', async () => {
    const aggregated = `${role(read, 'ClusterRole')}aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}\n`;
    expect(await verdicts({ base: role(read, 'ClusterRole'), result: aggregated })).toEqual([
      'approve rbac-widened',
    ]);
    const labelled = role(read, 'ClusterRole').replace(
      'metadata: {',
      'metadata: {labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}, ',
    );
    expect(await verdicts({ base: role(read, 'ClusterRole'), result: labelled })).toEqual([
      'approve rbac-widened',
    ]);
  });

  it('end on rules that multiply', async () => {
    const many = (prefix: string) => Array.from({ length: 200 }, (_, index) => `${prefix}${index}`).join(',');
    const rule = `{apiGroups: [${many('g')}], resources: [${many('r')}], verbs: [${many('v')}]}`;
    expect(await verdicts({ base: role(read), result: role(rule) })).toEqual(['approve rbac-widened']);
  });
});

describe('guards', () => {
  const kyverno = (action: string) =>
    object('kyverno.io/v1', 'ClusterPolicy', `spec: {validationFailureAction: ${action}}`);
  const namespace = (labels: string) => object('v1', 'Namespace', '', `name: shop, labels: {${labels}}`);
  const exception = object('kyverno.io/v2', 'PolicyException', 'spec: {}');
  const git = (verify: string) =>
    object('source.toolkit.fluxcd.io/v1', 'GitRepository', `spec: {url: u, ref: {tag: v1.0.0}${verify}}`);
  const app = (spec: string) => object('argoproj.io/v1alpha1', 'Application', `spec: {${spec}}`);
  const flux = (spec: string) =>
    object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', `spec: {prune: true${spec}}`);
  const filler = object('v1', 'ConfigMap', '', 'name: filler');
  it.each([
    ['policy deleted', kyverno('Enforce'), filler, true],
    ['policy changed', kyverno('Enforce'), kyverno('Audit'), true],
    ['policy made', filler, kyverno('Enforce'), false],
    ['exception made', filler, exception, true],
    ['network policy deleted', object('networking.k8s.io/v1', 'NetworkPolicy', 'spec: {}'), filler, true],
    [
      'constraint deleted',
      object('constraints.gatekeeper.sh/v1beta1', 'K8sRequiredLabels', 'spec: {}'),
      filler,
      true,
    ],
    [
      'webhook deleted',
      object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'),
      filler,
      true,
    ],
    [
      'pod security lowered',
      namespace('pod-security.kubernetes.io/enforce: restricted'),
      namespace('pod-security.kubernetes.io/enforce: baseline'),
      true,
    ],
    [
      'pod security removed',
      namespace('pod-security.kubernetes.io/enforce: baseline'),
      namespace('a: b'),
      true,
    ],
    [
      'pod security raised',
      namespace('pod-security.kubernetes.io/enforce: baseline'),
      namespace('pod-security.kubernetes.io/enforce: restricted'),
      false,
    ],
    ['verification removed', git(', verify: {mode: HEAD}'), git(''), true],
    ['verification added', git(''), git(', verify: {mode: HEAD}'), false],
    ['more ignored', app(''), app('ignoreDifferences: [{kind: Secret, jsonPointers: [/data]}]'), true],
    [
      'self-heal off',
      app('syncPolicy: {automated: {selfHeal: true}}'),
      app('syncPolicy: {automated: {selfHeal: false}}'),
      true,
    ],
    ['account removed', flux(', serviceAccountName: tenant'), flux(''), true],
    ['suspended', flux(''), flux(', suspend: true'), true],
    [
      'webhook made',
      filler,
      object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', 'webhooks: []'),
      true,
    ],
    ['project made', filler, object('argoproj.io/v1alpha1', 'AppProject', 'spec: {}'), true],
    [
      'network policy for all',
      filler,
      object('networking.k8s.io/v1', 'NetworkPolicy', 'spec: {ingress: [{}]}'),
      true,
    ],
    [
      'network policy for some',
      filler,
      object('networking.k8s.io/v1', 'NetworkPolicy', 'spec: {ingress: [{from: [{podSelector: {}}]}]}'),
      false,
    ],
    [
      'autogen switched off',
      kyverno('Enforce'),
      kyverno('Enforce').replace(
        'metadata: {',
        'metadata: {annotations: {pod-policies.kyverno.io/autogen-controllers: none}, ',
      ),
      true,
    ],
    [
      'label of a policy',
      kyverno('Enforce'),
      kyverno('Enforce').replace('metadata: {', 'metadata: {labels: {version: b}, '),
      false,
    ],
    [
      'settings of Argo CD',
      object('v1', 'ConfigMap', 'data: {policy.csv: a}', 'name: argocd-rbac-cm'),
      object('v1', 'ConfigMap', 'data: {policy.csv: b}', 'name: argocd-rbac-cm'),
      true,
    ],
  ])('%s', async (_, base, result, weakened) => {
    expect(
      (
        await verdicts({ base: all(base, filler), result: result === filler ? filler : all(result, filler) })
      ).includes('approve guard-weakened'),
    ).toBe(weakened);
  });
});

describe('what will fail', () => {
  it('APIs that the cluster does not serve', async () => {
    const old = object('policy/v1beta1', 'PodDisruptionBudget', 'spec: {}');
    const clusters = {
      diff: {
        clusters: [
          { name: 'old', kubernetesVersion: '1.24' },
          { name: 'new', kubernetesVersion: '1.35' },
        ],
      },
    };
    const run = (cluster: string, base: SideText) => verdicts({ cluster, base, result: old }, clusters);
    expect(await run('new', null)).toEqual(['fix api-removed']);
    expect(await run('old', null)).toEqual([]);
    expect(await run('new', old.replace('spec: {}', 'spec: {minAvailable: 1}'))).toEqual([]);
  });

  const uses = (from: string) =>
    deployment('').replace(
      'image: "web:1"',
      `image: "web:1", envFrom: [{configMapRef: {name: ${from}}}], env: [{name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}]`,
    );
  const config = object('v1', 'ConfigMap', 'data: {a: b}', 'name: cfg, namespace: shop');
  const secret = (key: string) =>
    object('v1', 'Secret', `stringData: {${key}: "xxxxxxxx"}`, 'name: s, namespace: shop');
  it('references that the change breaks', async () => {
    const whole = all(uses('cfg'), config, secret('k'));
    expect(await verdicts({ base: whole, result: all(uses('cfg'), secret('k')) })).toEqual([
      'fix missing-reference',
    ]);
    expect(await verdicts({ base: whole, result: all(uses('cfg'), config, secret('other')) })).toEqual([
      'fix missing-reference',
    ]);
    expect(await verdicts({ base: whole, result: all(deployment('')) })).toEqual([]);
    expect(
      await verdicts({
        base: all(deployment(''), secret('other')),
        result: all(uses('cfg'), config, secret('other')),
      }),
    ).toEqual(['fix missing-reference']);
    const elsewhere = await verdicts({ base: deployment(''), result: uses('cfg') }, {}, true);
    expect(elsewhere).toEqual(['inform missing-reference', 'inform missing-reference']);
  });

  it('namespaces and definitions taken away under objects', async () => {
    const namespace = object('v1', 'Namespace', '', 'name: shop');
    const found = await verdicts({ base: all(namespace, deployment('')), result: deployment('') });
    expect(found).toEqual(['approve data-loss', 'fix missing-reference']);
    const crd = object(
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
      'spec: {group: e.com, names: {kind: W}}',
      'name: ws.e.com',
    );
    const custom = object('e.com/v1', 'W', 'spec: {}');
    expect(await verdicts({ base: all(crd, custom), result: custom })).toEqual([
      'approve data-loss',
      'fix missing-reference',
    ]);
  });

  it('secrets that controllers make are there', async () => {
    const sealed = object(
      'bitnami.com/v1alpha1',
      'SealedSecret',
      'spec: {encryptedData: {k: a}}',
      'name: s, namespace: shop',
    );
    expect(
      await verdicts({ base: deployment(''), result: all(uses('cfg'), config, sealed) }, {}, true),
    ).toEqual([]);
  });

  it('selectors that no longer match', async () => {
    const other = deployment('').replace(
      'metadata: {labels: {app: web}}',
      'metadata: {labels: {app: other}}',
    );
    expect(await verdicts({ base: deployment(''), result: other })).toEqual(['fix selector-mismatch']);
    const service = object('v1', 'Service', 'spec: {selector: {app: web}}', 'name: web, namespace: shop');
    const renamed = deployment('').replaceAll('app: web', 'app: other');
    const found = await verdicts({ base: all(service, deployment('')), result: all(service, renamed) });
    expect(found).toEqual(['fix immutable-field', 'fix selector-mismatch']);
  });

  it('hosts that are taken', async () => {
    const ingress = (name: string, host: string) =>
      object(
        'networking.k8s.io/v1',
        'Ingress',
        `spec: {rules: [{host: ${host}, http: {paths: [{path: /, pathType: Prefix}]}}]}`,
        `name: ${name}, namespace: shop`,
      );
    const base = ingress('a', 'a.example.com');
    expect(await verdicts({ base, result: all(base, ingress('b', 'a.example.com')) })).toEqual([
      'fix ingress-host-taken',
    ]);
    expect(await verdicts({ base, result: all(base, ingress('b', 'b.example.com')) })).toEqual([]);
    const twice = all(base, ingress('b', 'a.example.com'));
    expect(
      await verdicts({ base: twice, result: twice.replace('pathType: Prefix', 'pathType: Exact') }),
    ).toEqual([]);
  });

  it('AppProjects that do not allow it', async () => {
    const project = (spec: string) =>
      object('argoproj.io/v1alpha1', 'AppProject', `spec: {${spec}}`, 'name: team, namespace: argocd');
    const allowed =
      'sourceRepos: ["https://git.example.com/acme/*"], destinations: [{server: "*", namespace: "team-*"}, {server: "*", namespace: "!team-x"}]';
    const app = (url: string, namespace: string) =>
      object(
        'argoproj.io/v1alpha1',
        'Application',
        `spec: {project: team, source: {repoURL: "${url}", path: a}, destination: {server: s, namespace: ${namespace}}}`,
        'name: a, namespace: argocd',
      );
    const run = (url: string, namespace: string) =>
      verdicts({ base: project(allowed), result: all(project(allowed), app(url, namespace)) });
    expect(await run('https://git.example.com/acme/config.git', 'team-a')).toEqual([]);
    expect(await run('https://evil.example.com/acme/config', 'team-a')).toEqual(['fix argo-project']);
    expect(await run('https://git.example.com/acme/config', 'kube-system')).toEqual(['fix argo-project']);
    expect(await run('https://git.example.com/acme/config', 'team-x')).toEqual(['fix argo-project']);
    const owner = app('https://git.example.com/acme/config', 'team-a');
    const kinds = await verdicts([
      { name: 'directory/argocd', base: all(project(allowed), owner), result: all(project(allowed), owner) },
      {
        name: 'argocd/argocd/a',
        kind: 'argocd',
        base: deployment(''),
        result: all(deployment(''), object('v1', 'Namespace', '', 'name: n')),
      },
    ]);
    expect(kinds).toEqual(['fix argo-project']);
  });

  it('waves and hooks before what they need', async () => {
    const hook = object(
      'batch/v1',
      'Job',
      'spec: {template: {spec: {containers: [{name: a, image: a, envFrom: [{secretRef: {name: s}}]}]}}}',
      'name: migrate, namespace: shop, annotations: {argocd.argoproj.io/hook: PreSync}',
    );
    const made = object('v1', 'Secret', 'data: {}', 'name: s, namespace: shop');
    expect(await verdicts({ base: deployment(''), result: all(deployment(''), hook, made) })).toEqual([
      'fix sync-order',
    ]);
    expect(
      await verdicts({ base: all(deployment(''), made), result: all(deployment(''), hook, made) }),
    ).toEqual([]);
    const late = object(
      'v1',
      'Namespace',
      '',
      'name: shop, annotations: {argocd.argoproj.io/sync-wave: "1"}',
    );
    expect(
      await verdicts({ base: object('v1', 'ConfigMap', '', 'name: c'), result: all(late, deployment('')) }),
    ).toEqual(['fix sync-order']);
  });
});

describe('sources', () => {
  const own = 'https://git.example.com/acme/config';
  const app = (url: string, revision: string) =>
    object(
      'argoproj.io/v1alpha1',
      'Application',
      `spec: {source: {repoURL: "${url}", path: a, targetRevision: "${revision}"}, destination: {namespace: n}}`,
    );
  const run = (url: string, revision: string, cluster = 'staging') =>
    verdicts(
      { cluster, base: app(url, 'v1.0.0'), result: app(url, revision) },
      { repositories: [own], branches: ['main'] },
    );
  it('name a governed branch', async () => {
    expect(await run('git@git.example.com:acme/config.git', 'main')).toEqual([]);
    expect(await run('git@git.example.com:acme/config.git', 'mine')).toEqual(['approve source-ungoverned']);
    expect(await run(`${own}.git`, 'a'.repeat(40))).toEqual(['approve source-ungoverned']);
    expect(await run('https://git.example.com/other/repo', 'mine')).toEqual([]);
  });
  it('do not float in production', async () => {
    expect(await run('https://git.example.com/other/repo', 'HEAD', 'prod-eu')).toEqual([
      'approve floating-revision',
    ]);
    expect(await run('https://git.example.com/other/repo', 'v1.2.3', 'prod-eu')).toEqual([]);
    const chart = (version: string) =>
      object(
        'helm.toolkit.fluxcd.io/v2',
        'HelmRelease',
        `spec: {chart: {spec: {chart: redis, version: "${version}"}}}`,
      );
    expect(await verdicts({ cluster: 'prod', base: chart('1.2.3'), result: chart('1.x') })).toEqual([
      'approve floating-revision',
    ]);
    expect(await verdicts({ cluster: 'prod', base: chart('1.2.3'), result: chart('1.2.4') })).toEqual([]);
  });
  it('are shown without passwords', async () => {
    const { findings } = await judge({
      cluster: 'prod',
      base: null,
      result: app('https://u:hunter2@git.example.com/a/b', 'HEAD'),
    });
    expect(JSON.stringify(findings)).not.toContain('hunter2');
    expect(findings.map(({ ruleId }) => ruleId)).toContain('diff/floating-revision');
  });
  it('lie in the own namespace', async () => {
    const flux = (name: string, namespace: string) =>
      object(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        `spec: {prune: true, serviceAccountName: team, sourceRef: {kind: GitRepository, name: a${namespace}}}`,
        `name: ${name}, namespace: shop`,
      );
    const foreign = ', namespace: flux-system';
    const run = (...others: string[]) =>
      verdicts({
        base: all(flux('a', ''), ...others),
        result: all(flux('a', ''), flux('b', foreign), ...others),
      });
    expect(await run()).toEqual(['approve flux-tenancy']);
    // How the repository works already is told no more, unless the namespace is a tenant's.
    expect(await run(flux('c', foreign))).toEqual([]);
    const tenant = object('v1', 'Namespace', '', 'name: shop, labels: {toolkit.fluxcd.io/tenant: shop}');
    expect(await run(flux('c', foreign), tenant)).toEqual(['approve flux-tenancy']);
  });
});

describe('protected clusters', () => {
  const change = (cluster: string): FakeTarget => ({
    name: `${cluster}:kustomize/x`,
    cluster,
    base: deployment('replicas: 2'),
    result: deployment('replicas: 3'),
  });
  const protect = (after?: string[]) => ({ diff: { protect: [{ clusters: ['prod'], after }] } });
  it('get changes after the others, or with an approval', async () => {
    expect(await verdicts([change('staging'), change('prod')], protect(['staging']))).toEqual([
      'approve reaches-protected',
    ]);
    expect(await verdicts([change('prod')], protect(['staging']))).toEqual(['approve reaches-protected']);
    expect(await verdicts([change('prod')], protect())).toEqual(['approve reaches-protected']);
    expect(await verdicts([change('staging')], protect())).toEqual([]);
    expect(
      await verdicts([{ ...change('x'), cluster: null, path: 'clusters/prod' }], {
        diff: { protect: [{ paths: ['clusters/prod'] }] },
      }),
    ).toEqual(['approve reaches-protected']);
  });
});

describe('what is told', () => {
  it('images, budgets, autoscalers, services, and what cannot be taken back', async () => {
    const other = deployment('replicas: 2').replace('web:1', 'ghcr.io/acme/web:2');
    const budget = object(
      'policy/v1',
      'PodDisruptionBudget',
      'spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}',
    );
    const scaler = object(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      'spec: {scaleTargetRef: {kind: Deployment, name: web}}',
    );
    const service = object('v1', 'Service', 'spec: {selector: {app: nobody}}');
    const { findings } = await judge({
      base: deployment(''),
      result: all(other, budget, scaler, service, PVC),
    });
    expect(findings.map(({ action, ruleId }) => `${action} ${ruleId}`).sort()).toEqual([
      'inform diff/hpa-replicas',
      'inform diff/image-changed',
      'inform diff/irreversible',
      'inform diff/pdb-blocks',
      'inform diff/service-without-endpoints',
    ]);
    expect(findings.find(({ ruleId }) => ruleId === 'diff/image-changed')?.message).toBe(
      'web:1 becomes ghcr.io/acme/web:2 (another image or registry) in Deployment shop/web',
    );
  });
});

describe('renamed objects', () => {
  it('are told, and their data is not forgotten', async () => {
    const settings = object('v1', 'ConfigMap', 'data: {a: b}', 'name: old, namespace: shop');
    const run = (base: string, result: string) => verdicts({ base, result }, {}, true);
    expect(await run(settings, settings.replace('name: old', 'name: new'))).toEqual(['inform renamed']);
    expect(await run(settings, settings.replace('namespace: shop', 'namespace: pay'))).toEqual([
      'inform renamed',
    ]);
    expect(await run(settings, settings.replace('name: old', 'name: new').replace('a: b', 'a: c'))).toEqual(
      [],
    );
    expect(await run(PVC, PVC.replace('name: data', 'name: other'))).toEqual([
      'approve data-loss',
      'inform irreversible',
      'inform renamed',
    ]);
  });
});

describe('rules', () => {
  it('are described, each once, and none says nothing', () => {
    const rules = describeRules();
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule.id).toMatch(/^diff\/[a-z-]+$/);
      for (const text of [rule.title, rule.why, rule.help]) expect(text.length).toBeGreaterThan(10);
    }
  });
});

describe('docs/diff.md', () => {
  it('has a row for every rule, with what it asks for', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/diff.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `(diff\/[a-z-]+)` \| (\S+) \|/gm)].map(
      ([, id, action]) => `${id} ${action}`,
    );
    const rules = describeRules().map(({ id, action }) => `${id} ${action === 'inform' ? '-' : action}`);
    expect(rows.sort()).toEqual(rules.sort());
  });
});
