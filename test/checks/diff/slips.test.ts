import { describe, expect, it } from '@jest/globals';
import { diffCheck } from '../../../src/checks/diff/index.js';
import { context, type FakeTarget, target } from './fakes.js';

/** What keeps the gate closed: `action rule`. */
async function closing(base: string, result: string, more: FakeTarget[] = []): Promise<string[]> {
  const { findings } = await diffCheck(context([target({ base, result }), ...more.map(target)]));
  return findings
    .filter(({ action }) => action !== 'inform')
    .map(({ action, ruleId }) => `${action} ${ruleId.replace('diff/', '')}`);
}

const all = (...texts: string[]) => texts.join('---\n');
const object = (apiVersion: string, kind: string, rest = '', metadata = 'name: x, namespace: pay') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {${metadata}}\n${rest}\n`;
const filler = object('v1', 'ConfigMap', '', 'name: filler');
const PVC = (annotations = '', rest = '') =>
  object(
    'v1',
    'PersistentVolumeClaim',
    'spec: {resources: {requests: {storage: 1Gi}}}',
    `name: data, namespace: pay${annotations === '' ? '' : `, annotations: {${annotations}}`}${rest}`,
  );
const crd = (spec: string) =>
  object(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    `spec: {group: e.com, scope: Namespaced, names: {kind: Thing, plural: things}, ${spec}}`,
    'name: things.e.com',
  );
const version = (name: string, more: string) => `{name: ${name}, served: true, ${more}}`;
const stateful = (spec: string) =>
  object(
    'apps/v1',
    'StatefulSet',
    `spec: {serviceName: a, ${spec}volumeClaimTemplates: [{metadata: {name: data}}]}`,
    'name: db, namespace: pay',
  );
const writing = (volume: string, mount = 'mountPath: /data', kind = 'Deployment') =>
  object(
    'apps/v1',
    kind,
    `spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {volumes: [{name: v, ${volume}}], containers: [{name: a, image: a, volumeMounts: [{name: v, ${mount}}]}]}}}`,
  );

describe('losing data', () => {
  it.each<[string, string, string, string]>([
    [
      'a List that held it',
      `apiVersion: v1\nkind: List\nitems:\n- ${PVC().trimEnd().replaceAll('\n', '\n  ')}\n`,
      filler,
      'approve data-loss',
    ],
    ['another namespace', PVC(), PVC().replace('namespace: pay', 'namespace: other'), 'approve data-loss'],
    [
      'a name that is generated',
      PVC(),
      PVC().replace('name: data', 'generateName: data-'),
      'approve data-loss',
    ],
    ['Prune=false on the very change', PVC(), all(filler), 'approve data-loss'],
    [
      'Prune=false taken away',
      PVC('argocd.argoproj.io/sync-options: "ServerSideApply=true, Prune=false"'),
      PVC('argocd.argoproj.io/sync-options: ServerSideApply=true'),
      'approve data-unprotected',
    ],
    [
      'Delete=false turned round',
      PVC('argocd.argoproj.io/sync-options: Delete=false'),
      PVC('argocd.argoproj.io/sync-options: Delete=true'),
      'approve data-unprotected',
    ],
    [
      'helm.sh/resource-policy removed',
      PVC('helm.sh/resource-policy: keep'),
      PVC(),
      'approve data-unprotected',
    ],
    [
      'kustomize.toolkit.fluxcd.io/prune enabled again',
      PVC('kustomize.toolkit.fluxcd.io/prune: disabled'),
      PVC('kustomize.toolkit.fluxcd.io/prune: enabled'),
      'approve data-unprotected',
    ],
    [
      'Replace=true added',
      PVC(),
      PVC('argocd.argoproj.io/sync-options: Replace=true'),
      'approve data-unprotected',
    ],
    [
      'force: enabled added',
      PVC(),
      PVC('kustomize.toolkit.fluxcd.io/force: enabled'),
      'approve data-unprotected',
    ],
    [
      'an immutable field under Force=true',
      PVC('argocd.argoproj.io/sync-options: "Force=true,Replace=true"'),
      PVC('argocd.argoproj.io/sync-options: "Force=true,Replace=true"').replace('1Gi', '500Mi'),
      'approve data-loss',
    ],
    [
      'a finalizer removed',
      PVC('', ', finalizers: [kubernetes.io/pvc-protection]'),
      PVC(),
      'approve data-unprotected',
    ],
    [
      'an owner that is not there',
      PVC(),
      PVC('', ', ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: gone, uid: u}]'),
      'approve data-unprotected',
    ],
    [
      'a finalizer that cascades',
      object('argoproj.io/v1alpha1', 'Application', 'spec: {}'),
      object(
        'argoproj.io/v1alpha1',
        'Application',
        'spec: {}',
        'name: x, namespace: pay, finalizers: [resources-finalizer.argocd.argoproj.io]',
      ),
      'approve data-unprotected',
    ],
    [
      'a volume that is reclaimed',
      object('v1', 'PersistentVolume', 'spec: {persistentVolumeReclaimPolicy: Retain}', 'name: v'),
      object('v1', 'PersistentVolume', 'spec: {persistentVolumeReclaimPolicy: Delete}', 'name: v'),
      'approve data-unprotected',
    ],
    [
      'a volume given to another claim',
      object('v1', 'PersistentVolume', 'spec: {claimRef: {namespace: pay, name: data}}', 'name: v'),
      object('v1', 'PersistentVolume', 'spec: {claimRef: {namespace: evil, name: data}}', 'name: v'),
      'approve data-unprotected',
    ],
    [
      'a StorageClass that no longer retains, made again',
      object('storage.k8s.io/v1', 'StorageClass', 'provisioner: a\nreclaimPolicy: Retain', 'name: s'),
      object(
        'storage.k8s.io/v1',
        'StorageClass',
        'provisioner: a\nreclaimPolicy: Delete',
        'name: s, annotations: {argocd.argoproj.io/sync-options: "Force=true"}',
      ),
      'approve data-unprotected',
    ],
    [
      'claims that go with their StatefulSet',
      stateful(''),
      stateful('persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete}, '),
      'approve data-unprotected',
    ],
    [
      'claims that go with the replicas',
      stateful('replicas: 3, persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}, '),
      stateful('replicas: 1, persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}, '),
      'approve data-unprotected',
    ],
    [
      'claim templates of another name under force',
      stateful('').replace(
        'name: db,',
        'name: db, annotations: {kustomize.toolkit.fluxcd.io/force: enabled},',
      ),
      stateful('')
        .replace('name: db,', 'name: db, annotations: {kustomize.toolkit.fluxcd.io/force: enabled},')
        .replace('{name: data}', '{name: data2}'),
      'approve data-loss',
    ],
    [
      'a claim that becomes an emptyDir',
      writing('persistentVolumeClaim: {claimName: data}'),
      writing('emptyDir: {}'),
      'approve data-unprotected',
    ],
    [
      'a claim that is mounted no more',
      writing('persistentVolumeClaim: {claimName: data}'),
      writing('persistentVolumeClaim: {claimName: data}').replace(
        'name: v, mountPath: /data',
        'name: w, mountPath: /data',
      ),
      'approve data-unprotected',
    ],
    [
      'another sub-path',
      writing('persistentVolumeClaim: {claimName: data}', 'mountPath: /data, subPath: a'),
      writing('persistentVolumeClaim: {claimName: data}', 'mountPath: /data, subPath: b'),
      'approve data-unprotected',
    ],
    [
      'a mount that hides the claim template',
      object(
        'apps/v1',
        'StatefulSet',
        'spec: {serviceName: a, volumeClaimTemplates: [{metadata: {name: data}}], template: {spec: {containers: [{name: a, volumeMounts: [{name: data, mountPath: /d}]}]}}}',
      ),
      object(
        'apps/v1',
        'StatefulSet',
        'spec: {serviceName: a, volumeClaimTemplates: [{metadata: {name: data}}], template: {spec: {containers: [{name: a, volumeMounts: [{name: data, mountPath: /d, readOnly: true}]}]}}}',
      ),
      'approve data-unprotected',
    ],
    [
      'a definition that serves no longer',
      crd(`versions: [${version('v1', 'storage: false')}, ${version('v2', 'storage: true')}]`),
      crd(`versions: [{name: v1, served: false, storage: false}, ${version('v2', 'storage: true')}]`),
      'approve definition-narrowed',
    ],
    [
      'a definition that no longer converts',
      crd(
        `conversion: {strategy: Webhook, webhook: {clientConfig: {service: {name: a}}}}, versions: [${version('v1', 'storage: true')}]`,
      ),
      crd(`versions: [${version('v1', 'storage: true')}]`),
      'approve definition-narrowed',
    ],
    [
      'a stored version that goes',
      crd(`versions: [${version('v1', 'storage: true')}, ${version('v2', 'storage: false')}]`),
      crd(`versions: [${version('v2', 'storage: true')}]`),
      'fix immutable-field',
    ],
    [
      'a definition of another scope',
      crd('versions: []'),
      crd('versions: []').replace('Namespaced', 'Cluster'),
      'fix immutable-field',
    ],
    [
      'snapshots that go with their class',
      object('snapshot.storage.k8s.io/v1', 'VolumeSnapshotClass', 'deletionPolicy: Retain', 'name: s'),
      object('snapshot.storage.k8s.io/v1', 'VolumeSnapshotClass', 'deletionPolicy: Delete', 'name: s'),
      'approve data-unprotected',
    ],
    [
      'a snapshot',
      object('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', 'spec: {}'),
      filler,
      'approve data-loss',
    ],
    ['a backup', object('velero.io/v1', 'Backup', 'spec: {}'), filler, 'approve data-loss'],
    [
      'a bucket of the cloud',
      object('s3.aws.upbound.io/v1beta1', 'Bucket', 'spec: {}'),
      filler,
      'approve data-loss',
    ],
    [
      'a whole cluster',
      object('cluster.x-k8s.io/v1beta1', 'Cluster', 'spec: {}'),
      filler,
      'approve data-loss',
    ],
    [
      'the key that seals',
      object(
        'v1',
        'Secret',
        'data: {}',
        'name: k, namespace: pay, labels: {sealedsecrets.bitnami.com/sealed-secrets-key: active}',
      ),
      filler,
      'approve data-loss',
    ],
    [
      'a Kustomization that no longer orphans',
      object(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        'spec: {prune: true, deletionPolicy: Orphan}',
      ),
      object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'spec: {prune: true}'),
      'approve data-unprotected',
    ],
    [
      'an ApplicationSet that no longer preserves',
      object(
        'argoproj.io/v1alpha1',
        'ApplicationSet',
        'spec: {syncPolicy: {preserveResourcesOnDeletion: true}}',
      ),
      object('argoproj.io/v1alpha1', 'ApplicationSet', 'spec: {syncPolicy: {}}'),
      'approve data-unprotected',
    ],
    [
      'an ApplicationSet that may delete',
      object(
        'argoproj.io/v1alpha1',
        'ApplicationSet',
        'spec: {syncPolicy: {applicationsSync: create-update}}',
      ),
      object('argoproj.io/v1alpha1', 'ApplicationSet', 'spec: {syncPolicy: {applicationsSync: sync}}'),
      'approve data-unprotected',
    ],
    [
      'a release that is uninstalled when it fails',
      object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'spec: {}'),
      object(
        'helm.toolkit.fluxcd.io/v2',
        'HelmRelease',
        'spec: {upgrade: {remediation: {strategy: uninstall}}}',
      ),
      'approve data-unprotected',
    ],
    [
      'a policy that cleans up',
      filler,
      all(
        filler,
        object(
          'kyverno.io/v2',
          'ClusterCleanupPolicy',
          'spec: {match: {any: []}, schedule: "* * * * *"}',
          'name: c',
        ),
      ),
      'approve guard-weakened',
    ],
    [
      'a database of an operator',
      object('postgresql.cnpg.io/v1', 'Cluster', 'spec: {}'),
      filler,
      'approve data-loss',
    ],
    [
      'an operator scaled to nothing',
      object('monitoring.coreos.com/v1', 'Prometheus', 'spec: {replicas: 2}'),
      object('monitoring.coreos.com/v1', 'Prometheus', 'spec: {replicas: 0}'),
      'approve replicas-to-zero',
    ],
    [
      'a backup that no longer runs',
      object('batch/v1', 'CronJob', 'spec: {schedule: "* * * * *"}'),
      object('batch/v1', 'CronJob', 'spec: {schedule: "* * * * *", suspend: true}'),
      'approve replicas-to-zero',
    ],
    [
      'a scaler that holds at zero',
      object('keda.sh/v1alpha1', 'ScaledObject', 'spec: {scaleTargetRef: {name: web}}'),
      object(
        'keda.sh/v1alpha1',
        'ScaledObject',
        'spec: {scaleTargetRef: {name: web}}',
        'name: x, namespace: pay, annotations: {autoscaling.keda.sh/paused-replicas: "0"}',
      ),
      'approve replicas-to-zero',
    ],
  ])('%s', async (_, base, result, expected) => {
    expect(await closing(base, result)).toContain(expected);
  });

  it.each<[string, string, string]>([
    [
      'a claim that is kept as it was',
      PVC('helm.sh/resource-policy: keep'),
      PVC('helm.sh/resource-policy: keep, a: b'),
    ],
    [
      'a volume mounted elsewhere',
      writing('persistentVolumeClaim: {claimName: data}'),
      writing('persistentVolumeClaim: {claimName: data}', 'mountPath: /elsewhere'),
    ],
    [
      'a ConfigMap that is mounted no more',
      writing('configMap: {name: a, optional: true}'),
      writing('emptyDir: {}'),
    ],
    [
      'Replace=true on what holds no data',
      object('v1', 'ConfigMap', 'data: {a: b}'),
      object(
        'v1',
        'ConfigMap',
        'data: {a: b}',
        'name: x, namespace: pay, annotations: {argocd.argoproj.io/sync-options: Replace=true}',
      ),
    ],
    [
      'a thing of the cloud that outlives its object',
      object('s3.aws.upbound.io/v1beta1', 'Bucket', 'spec: {deletionPolicy: Orphan}'),
      filler,
    ],
    [
      'a definition that serves more',
      crd(`versions: [${version('v1', 'storage: true')}]`),
      crd(`versions: [${version('v1', 'storage: true')}, ${version('v2', 'storage: false')}]`),
    ],
    [
      'a finalizer that no longer cascades',
      object(
        'argoproj.io/v1alpha1',
        'Application',
        'spec: {}',
        'name: x, namespace: pay, finalizers: [resources-finalizer.argocd.argoproj.io]',
      ),
      object('argoproj.io/v1alpha1', 'Application', 'spec: {}'),
    ],
  ])('is not told of %s', async (_, base, result) => {
    expect(await closing(base, result)).toEqual([]);
  });

  it('KEDA scales from zero, an autoscaler does not', async () => {
    const web = (replicas: number) =>
      writing('emptyDir: {}').replace('spec: {selector', `spec: {replicas: ${replicas}, selector`);
    const scaled = object(
      'keda.sh/v1alpha1',
      'ScaledObject',
      'spec: {scaleTargetRef: {name: x}}',
      'name: s, namespace: pay',
    );
    const hpa = object(
      'autoscaling/v2',
      'HorizontalPodAutoscaler',
      'spec: {scaleTargetRef: {kind: Deployment, name: x}}',
      'name: h, namespace: pay',
    );
    expect(await closing(all(web(2), scaled), all(web(0), scaled))).toEqual([]);
    expect(await closing(all(web(2), hpa), all(web(0), hpa))).toEqual(['approve replicas-to-zero']);
  });

  it('a claim that is deleted is told once, with its data', async () => {
    const mounted = writing('persistentVolumeClaim: {claimName: data}').replace(
      'namespace: shop',
      'namespace: pay',
    );
    const other = writing('emptyDir: {}').replace('namespace: shop', 'namespace: pay');
    expect(await closing(all(PVC(), mounted), other)).toEqual(['approve data-loss']);
  });

  it('a schema that drops fields is told with their names', async () => {
    const schema = (properties: string) =>
      crd(
        `versions: [${version('v1', `storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {${properties}}}}}}`)}]`,
      );
    const { findings } = await diffCheck(
      context([
        target({ base: schema('a: {type: string}, b: {type: string}'), result: schema('a: {type: string}') }),
      ]),
    );
    expect(findings.map(({ message }) => message)).toContainEqual(expect.stringContaining('v1 drops spec.b'));
  });

  it('a deployer that stops pruning by the same change is taken to prune', async () => {
    const owner = (prune: boolean) =>
      object(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        `spec: {prune: ${prune}}`,
        'name: apps, namespace: flux-system',
      );
    const deployed: FakeTarget = {
      name: 'flux/flux-system/apps',
      kind: 'flux',
      base: all(PVC(), filler),
      result: filler,
    };
    expect(await closing(owner(true), owner(false), [deployed])).toContain('approve data-loss');
    expect(await closing(owner(false), owner(false), [deployed])).toEqual([]);
  });

  it('what a deployer leaves behind when it is deleted is told so', async () => {
    const app = (finalizers: string) =>
      object(
        'argoproj.io/v1alpha1',
        'Application',
        'spec: {syncPolicy: {automated: {prune: true}}}',
        `name: web, namespace: argocd${finalizers}`,
      );
    const deployed: FakeTarget = { name: 'argocd/argocd/web', kind: 'argocd', base: PVC(), result: null };
    const cascading = app(', finalizers: [resources-finalizer.argocd.argoproj.io]');
    expect(await closing(all(cascading, filler), filler, [deployed])).toContain('approve data-loss');
    expect(await closing(all(app(''), filler), filler, [deployed])).not.toContain('approve data-loss');
  });
});

const role = (rules: string, kind = 'ClusterRole', metadata = 'name: r') =>
  object('rbac.authorization.k8s.io/v1', kind, `rules: [${rules}]`, metadata);
const rule = (group: string, resource: string, verbs: string) =>
  `{apiGroups: ["${group}"], resources: ["${resource}"], verbs: [${verbs}]}`;
const bind = (subject: string, to = 'ClusterRole/r', kind = 'ClusterRoleBinding') => {
  const [roleKind = '', name = ''] = to.split('/');
  return object(
    'rbac.authorization.k8s.io/v1',
    kind,
    `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${roleKind}, name: ${name}}\nsubjects: [${subject}]`,
    kind === 'RoleBinding' ? 'name: b, namespace: pay' : 'name: b',
  );
};
const account = (name: string) => `{kind: ServiceAccount, namespace: pay, name: ${name}}`;
const pod = (spec: string) =>
  object(
    'apps/v1',
    'Deployment',
    `spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {${spec}containers: [{name: a, image: a}]}}}`,
  );
const powers = all(role(rule('', 'secrets', 'get')), bind(account('strong')));

describe('widening rights', () => {
  it.each<[string, string, string]>([
    [
      'escalate',
      role(rule('', 'pods', 'get')),
      role(`${rule('', 'pods', 'get')}, ${rule('rbac.authorization.k8s.io', 'clusterroles', 'escalate')}`),
    ],
    ['bind', role(''), role(rule('rbac.authorization.k8s.io', 'clusterroles', 'bind'))],
    ['impersonate', role(''), role(rule('', 'users', 'impersonate'))],
    ['a wildcard', role(rule('apps', 'deployments', 'get')), role(rule('*', '*', '"*"'))],
    ['a wildcard of subresources', role(''), role(rule('', '*/exec', 'create'))],
    ['tokens of accounts', role(''), role(rule('', 'serviceaccounts/token', 'create'))],
    ['ephemeral containers', role(''), role(rule('', 'pods/ephemeralcontainers', 'patch'))],
    ['kubelets', role(''), role(rule('', 'nodes/proxy', 'get'))],
    ['jobs that mount Secrets', role(''), role(rule('batch', 'jobs', 'create'))],
    ['labels of namespaces', role(''), role(rule('', 'namespaces', 'patch'))],
    ['signers', role(''), role(rule('certificates.k8s.io', 'signers', 'sign'))],
    ['Applications', role(''), role(rule('argoproj.io', 'applications', 'create'))],
    [
      'a name taken out',
      role('{apiGroups: [""], resources: [secrets], resourceNames: [a], verbs: [get]}'),
      role(rule('', 'secrets', 'get')),
    ],
    ['a URL', role(''), role('{nonResourceURLs: ["/*"], verbs: [get]}')],
    [
      'a group of everybody',
      bind(account('a')),
      bind(`${account('a')}, {kind: Group, name: "system:serviceaccounts:kube-system"}`),
    ],
    [
      'the administrators',
      bind(account('a')),
      bind(`${account('a')}, {kind: Group, name: "system:masters"}`),
    ],
    ['an account of another namespace', bind(account('a')), bind(account('a').replace('pay', 'evil'))],
    [
      'a namespaced binding of a cluster role',
      filler,
      all(filler, bind(account('a'), 'ClusterRole/edit', 'RoleBinding')),
    ],
    [
      'a role by a label of another aggregation',
      all(
        role(rule('', 'secrets', 'get')),
        object(
          'rbac.authorization.k8s.io/v1',
          'ClusterRole',
          'aggregationRule: {clusterRoleSelectors: [{matchLabels: {team: a}}]}',
          'name: agg',
        ),
      ),
      all(
        role(rule('', 'secrets', 'get'), 'ClusterRole', 'name: r, labels: {team: a}'),
        object(
          'rbac.authorization.k8s.io/v1',
          'ClusterRole',
          'aggregationRule: {clusterRoleSelectors: [{matchLabels: {team: a}}]}',
          'name: agg',
        ),
      ),
    ],
    [
      'a selector of an aggregation',
      object(
        'rbac.authorization.k8s.io/v1',
        'ClusterRole',
        'aggregationRule: {clusterRoleSelectors: [{matchLabels: {team: a}}]}',
        'name: agg',
      ),
      object(
        'rbac.authorization.k8s.io/v1',
        'ClusterRole',
        'aggregationRule: {clusterRoleSelectors: [{matchExpressions: [{key: team, operator: Exists}]}]}',
        'name: agg',
      ),
    ],
    [
      'a label for a built-in role',
      role(rule('', 'pods', 'get')),
      role(
        rule('', 'pods', 'get'),
        'ClusterRole',
        'name: r, labels: {rbac.authorization.k8s.io/aggregate-to-edit: "true"}',
      ),
    ],
    [
      'an old version of the API',
      role(rule('', 'pods', 'get')),
      role(rule('', 'secrets', 'get')).replace('.io/v1', '.io/v1beta1'),
    ],
    [
      'a List',
      filler,
      `apiVersion: v1\nkind: List\nitems:\n- ${bind(account('a'), 'ClusterRole/cluster-admin').trimEnd().replaceAll('\n', '\n  ')}\n`,
    ],
    [
      'a name that is generated',
      filler,
      all(filler, bind(account('a'), 'ClusterRole/cluster-admin').replace('name: b', 'generateName: b-')),
    ],
    [
      'another account for a workload',
      all(powers, pod('serviceAccountName: weak, ')),
      all(powers, pod('serviceAccountName: strong, ')),
    ],
    ['the old field for it', all(powers, pod('')), all(powers, pod('serviceAccount: strong, '))],
    ['a new workload with an account of power', powers, all(powers, pod('serviceAccountName: strong, '))],
    [
      'a token that is mounted again',
      all(powers, pod('serviceAccountName: strong, automountServiceAccountToken: false, ')),
      all(powers, pod('serviceAccountName: strong, ')),
    ],
    [
      'a Secret with a token',
      filler,
      all(
        filler,
        object(
          'v1',
          'Secret',
          'type: kubernetes.io/service-account-token',
          'name: t, namespace: pay, annotations: {kubernetes.io/service-account.name: strong}',
        ),
      ),
    ],
    [
      'a role of the cloud',
      object('v1', 'ServiceAccount'),
      object(
        'v1',
        'ServiceAccount',
        '',
        'name: x, namespace: pay, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::1:role/admin"}',
      ),
    ],
  ])('%s', async (_, base, result) => {
    expect(await closing(base, result)).toContain('approve rbac-widened');
  });

  it.each<[string, string, string]>([
    [
      'an account with no more rights',
      all(powers, pod('serviceAccountName: strong, ')),
      all(powers, bind(account('other')).replace('name: b', 'name: c'), pod('serviceAccountName: strong, ')),
    ],
  ])('(the binding itself is told: %s)', async (_, base, result) => {
    expect(await closing(base, result)).toEqual(['approve rbac-widened']);
  });

  it('is not told of an account of its own, new and without rights', async () => {
    const own = object('v1', 'ServiceAccount', '', 'name: own, namespace: pay');
    expect(await closing(pod(''), all(pod('serviceAccountName: own, '), own))).toEqual([]);
    expect(await closing(all(powers, pod('serviceAccountName: strong, ')), all(powers, pod('')))).toEqual([]);
  });

  it('says who can newly read which Secret', async () => {
    const secrets = all(
      object('v1', 'Secret', 'data: {}', 'name: db, namespace: pay'),
      object('bitnami.com/v1alpha1', 'SealedSecret', 'spec: {}', 'name: api, namespace: pay'),
    );
    const { findings } = await diffCheck(
      context([
        target({
          base: secrets,
          result: all(
            secrets,
            role(rule('', 'secrets', 'list')),
            bind(account('app'), 'ClusterRole/r', 'RoleBinding'),
          ),
        }),
      ]),
    );
    expect(findings.map(({ message }) => message).join('\n')).toContain(
      'it can read Secrets; held by ServiceAccount pay/app; they can now read every Secret of pay (pay/api, pay/db)',
    );
    const named = '{apiGroups: [""], resources: [secrets], resourceNames: [db], verbs: [get]}';
    const bound = await diffCheck(
      context([
        target({
          base: all(secrets, role(named)),
          result: all(secrets, role(named), bind(account('app'), 'ClusterRole/r', 'RoleBinding')),
        }),
      ]),
    );
    expect(bound.findings[0]?.message).toBe(
      'RoleBinding pay/b gives ClusterRole r to ServiceAccount pay/app in pay: they can read Secrets; they can now read pay/db',
    );
  });
});
