import { describe, expect, it } from '@jest/globals';
import { diffCheck } from '../../../src/checks/diff/index.js';
import { context, type FakeTarget, target } from './fakes.js';

/** What is found: `action rule: message`; of what is only told, nothing unless asked. */
async function found(fakes: FakeTarget[], told = false): Promise<string[]> {
  const { findings } = await diffCheck(context(fakes.map(target)));
  return findings
    .filter(({ action }) => told || action !== 'inform')
    .map(({ action, ruleId, message }) => `${action} ${ruleId.replace('diff/', '')}: ${message}`);
}
const closing = (base: string, result: string, more: Partial<FakeTarget> = {}) =>
  found([{ base, result, ...more }]);

const all = (...texts: string[]) => texts.join('---\n');
const object = (apiVersion: string, kind: string, rest = '', metadata = 'name: x, namespace: pay') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {${metadata}}\n${rest}\n`;
const filler = object('v1', 'ConfigMap', '', 'name: filler');
const claim = (annotation = '') =>
  object(
    'v1',
    'PersistentVolumeClaim',
    'spec: {resources: {requests: {storage: 1Gi}}}',
    `name: data, namespace: pay, annotations: {${annotation}}`,
  );
const FLUX: Partial<FakeTarget> = { name: 'prod:flux/flux-system/pay', kind: 'flux', cluster: 'prod' };
const ARGO: Partial<FakeTarget> = { name: 'prod:argocd/argocd/pay', kind: 'argocd', cluster: 'prod' };
const RELEASE: Partial<FakeTarget> = { name: 'prod:helmrelease/pay/x', kind: 'helmrelease', cluster: 'prod' };

describe('annotations that keep an object', () => {
  const sync = 'argocd.argoproj.io/sync-options: Prune=false';
  const keep = 'helm.sh/resource-policy: keep';
  const disabled = 'kustomize.toolkit.fluxcd.io/prune: disabled';

  it.each<[string, Partial<FakeTarget>]>([
    [sync, FLUX],
    [keep, FLUX],
    [sync, RELEASE],
    [disabled, RELEASE],
    [disabled, ARGO],
  ])('%s are nothing to a deployer that does not obey them: %j', async (annotation, more) => {
    expect(await closing(all(claim(annotation), filler), filler, more)).toEqual([
      'approve data-loss: deletes PersistentVolumeClaim pay/data: its data is lost unless the volume is retained',
    ]);
  });

  it.each<[string, Partial<FakeTarget>]>([
    [sync, ARGO],
    [keep, ARGO],
    [keep, RELEASE],
    [disabled, FLUX],
    [sync, {}],
    [disabled, {}],
  ])('%s keep it where they are obeyed: %j', async (annotation, more) => {
    expect(await closing(all(claim(annotation), filler), filler, more)).toEqual([]);
  });
});

describe("Helm's annotation of a test", () => {
  const admin = object(
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: ServiceAccount, name: a, namespace: pay}]',
    'name: b, annotations: {helm.sh/hook: test}',
  );
  it.each<FakeTarget['kind']>(['flux', 'kustomize', 'directory'])(
    'hides nothing of what no chart holds: %s',
    async (kind) => {
      expect((await closing(filler, all(filler, admin), { kind })).join()).toMatch(/approve rbac-widened/);
    },
  );
  it('leaves tests of charts out', async () => {
    for (const more of [RELEASE, ARGO, { kind: 'helm' as const }])
      expect(await closing(filler, all(filler, admin), more)).toEqual([]);
  });
});

describe('what one deployment hands over to another', () => {
  const kustomization = (name: string, more = '') =>
    object(
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
      `spec: {prune: true, path: ./${name}${more}}`,
      `name: ${name}, namespace: flux-system`,
    );
  const moved = (annotation: string, more = ''): FakeTarget[] => {
    const owners = all(kustomization('a'), kustomization('b', more));
    return [
      { name: 'directory/clusters', cluster: 'prod', path: 'clusters', base: owners, result: owners },
      {
        ...FLUX,
        name: 'prod:flux/flux-system/a',
        base: all(claim(annotation), filler),
        result: filler,
      },
      {
        ...FLUX,
        name: 'prod:flux/flux-system/b',
        base: object('v1', 'ConfigMap', '', 'name: other'),
        result: all(claim(annotation), object('v1', 'ConfigMap', '', 'name: other')),
      },
    ];
  };
  it('is lost where the former prunes first', async () => {
    expect(await found(moved(''))).toEqual([
      'approve data-loss: PersistentVolumeClaim pay/data goes from prod:flux/flux-system/a to prod:flux/flux-system/b: if the former prunes it before the latter applies it, its data is lost unless the volume is retained',
    ]);
  });
  it('is not where it is kept', async () => {
    expect(await found(moved('kustomize.toolkit.fluxcd.io/prune: disabled'))).toEqual([]);
  });
  it('is gone where the latter is suspended', async () => {
    expect((await found(moved('', ', suspend: true'))).join()).toMatch(
      /approve data-loss: deletes PersistentVolumeClaim/,
    );
  });
});

describe('what decides over data', () => {
  it.each<[string, string, string]>([
    [
      'a finalizer that deletes claims',
      object('pxc.percona.com/v1', 'PerconaXtraDBCluster', 'spec: {}'),
      object(
        'pxc.percona.com/v1',
        'PerconaXtraDBCluster',
        'spec: {}',
        'name: x, namespace: pay, finalizers: [percona.com/delete-pxc-pvc]',
      ),
    ],
    [
      'Applications of a set that cascade',
      object('argoproj.io/v1alpha1', 'ApplicationSet', 'spec: {template: {metadata: {}}}'),
      object(
        'argoproj.io/v1alpha1',
        'ApplicationSet',
        'spec: {template: {metadata: {finalizers: [resources-finalizer.argocd.argoproj.io]}}}',
      ),
    ],
    ...(
      [
        [
          's3.aws.upbound.io/v1beta1',
          'Bucket',
          '{managementPolicies: [Observe]}',
          '{managementPolicies: ["*"]}',
        ],
        ['infra.contrib.fluxcd.io/v1alpha2', 'Terraform', '{}', '{destroy: true}'],
        ['infra.contrib.fluxcd.io/v1alpha2', 'Terraform', '{}', '{destroyResourcesOnDeletion: true}'],
        ['ceph.rook.io/v1', 'CephCluster', '{}', '{cleanupPolicy: {confirmation: yes-really-destroy-data}}'],
        ['ceph.rook.io/v1', 'CephFilesystem', '{preserveFilesystemOnDelete: true}', '{}'],
        ['ceph.rook.io/v1', 'CephObjectStore', '{preservePoolsOnDelete: true}', '{}'],
        [
          'elasticsearch.k8s.elastic.co/v1',
          'Elasticsearch',
          '{volumeClaimDeletePolicy: DeleteOnScaledownOnly}',
          '{}',
        ],
        ['kafka.strimzi.io/v1beta2', 'Kafka', '{}', '{kafka: {storage: {deleteClaim: true}}}'],
        ['kafka.strimzi.io/v1beta2', 'KafkaNodePool', '{}', '{storage: {deleteClaim: true}}'],
        ['postgresql.cnpg.io/v1', 'Database', '{}', '{databaseReclaimPolicy: delete}'],
      ] as const
    ).map(([api, kind, before, after]): [string, string, string] => [
      `${kind} ${after}`,
      object(api, kind, `spec: ${before}`),
      object(api, kind, `spec: ${after}`),
    ]),
  ])('%s', async (_, base, result) => {
    expect((await closing(base, result)).join('\n')).toMatch(/^approve data-unprotected: \w+ pay\/x: /m);
    expect(await closing(result, result)).toEqual([]);
  });

  it.each([
    ['velero.io/v1', 'Schedule', 'paused'],
    ['postgresql.cnpg.io/v1', 'ScheduledBackup', 'suspend'],
    ['volsync.backube/v1alpha1', 'ReplicationSource', 'paused'],
    ['source.toolkit.fluxcd.io/v1', 'GitRepository', 'suspend'],
  ])('%s %s that is held', async (api, kind, field) => {
    const before = object(api, kind, 'spec: {a: b}');
    expect((await closing(before, object(api, kind, `spec: {a: b, ${field}: true}`))).join()).toMatch(
      /approve replicas-to-zero: .*does nothing until that is taken back/,
    );
  });
  it('a rollout that is held goes on running', async () => {
    const rollout = (more: string) => object('argoproj.io/v1alpha1', 'Rollout', `spec: {a: b${more}}`);
    expect(await closing(rollout(''), rollout(', paused: true'))).toEqual([]);
  });
});

describe('rights that come by another way', () => {
  const powers = all(
    object('v1', 'ServiceAccount', 'automountServiceAccountToken: false', 'name: strong, namespace: pay'),
    object(
      'rbac.authorization.k8s.io/v1',
      'ClusterRoleBinding',
      'roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: ServiceAccount, name: strong, namespace: pay}]',
      'name: b',
    ),
  );
  const pod = (volumes: string) =>
    object(
      'apps/v1',
      'Deployment',
      `spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {serviceAccountName: strong, automountServiceAccountToken: false, volumes: [${volumes}], containers: [{name: a, image: a}]}}}`,
    );
  it('a volume with the token', async () => {
    const token = '{name: t, projected: {sources: [{serviceAccountToken: {path: token}}]}}';
    expect(await closing(all(powers, pod('')), all(powers, pod(token)))).toEqual([
      'approve rbac-widened: Deployment pay/x now gets the token of ServiceAccount strong, which holds ClusterRole cluster-admin: it can do everything',
    ]);
  });
  it('an account that gives its token to all again', async () => {
    expect(await closing(powers, powers.replace('automountServiceAccountToken: false', ''))).toEqual([
      'approve rbac-widened: ServiceAccount pay/strong gives its token to all its pods, with ClusterRole cluster-admin: they can do everything',
    ]);
  });
  it.each([
    ['iam.aws.upbound.io/v1beta1', 'RolePolicyAttachment'],
    ['iam.services.k8s.aws/v1alpha1', 'Role'],
    ['iam.cnrm.cloud.google.com/v1beta1', 'IAMPolicyMember'],
    ['cloudplatform.gcp.upbound.io/v1beta1', 'ProjectIAMMember'],
    ['eks.services.k8s.aws/v1alpha1', 'PodIdentityAssociation'],
    ['authorization.azure.upbound.io/v1beta1', 'RoleAssignment'],
  ])('rights in the cloud: %s %s', async (api, kind) => {
    const given = (role: string) => object(api, kind, `spec: {role: ${role}}`);
    expect((await closing(filler, all(filler, given('view')))).join()).toMatch(
      /approve rbac-widened: .* is new/,
    );
    expect((await closing(given('view'), given('owner'))).join()).toMatch(
      /approve rbac-widened: .* changes who has which rights in the cloud \(spec.role\)/,
    );
  });
});

describe('guards that ask less', () => {
  const network = (ingress: string) =>
    object('networking.k8s.io/v1', 'NetworkPolicy', `spec: {podSelector: {}, ingress: [${ingress}]}`);
  const cilium = (spec: string, kind = 'CiliumNetworkPolicy') => object('cilium.io/v2', kind, spec);
  const istio = (source: string) =>
    object('security.istio.io/v1', 'AuthorizationPolicy', `spec: {rules: [{from: [{source: {${source}}}]}]}`);

  it.each<[string, string]>([
    [
      'two halves of all addresses',
      network('{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}'),
    ],
    ['all addresses but one', network('{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [192.0.2.1/32]}}]}')],
    [
      'every namespace that has a name',
      network(
        '{from: [{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: Exists}]}}]}',
      ),
    ],
    [
      'every namespace that lacks a label',
      network(
        '{from: [{namespaceSelector: {matchExpressions: [{key: nope, operator: DoesNotExist}]}, podSelector: {}}]}',
      ),
    ],
    ['addresses of Cilium', cilium('spec: {ingress: [{fromCIDR: [0.0.0.0/0]}]}')],
    ['a set of Cilium', cilium('spec: {ingress: [{fromCIDRSet: [{cidr: "::/0"}]}]}')],
    ['several rules of Cilium', cilium('specs: [{ingress: [{fromEntities: [cluster]}]}]')],
    ['every endpoint', cilium('spec: {ingress: [{fromEndpoints: [{}]}]}', 'CiliumClusterwideNetworkPolicy')],
    ['whoever has a name', istio('principals: ["*"]')],
    ['every address of Istio', istio('ipBlocks: [0.0.0.0/0]')],
  ])('a policy that lets everybody through: %s', async (_, policy) => {
    expect((await closing(filler, all(filler, policy))).join()).toMatch(
      /guard-weakened: .*lets all peers through/,
    );
  });

  it.each<[string, string]>([
    [
      'the world but private networks',
      network('{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}'),
    ],
    ['a private network', network('{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}')],
    [
      'a named namespace',
      network('{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: a}}}]}'),
    ],
    ['endpoints of the namespace', cilium('spec: {ingress: [{fromEndpoints: [{}]}]}')],
    ['one name', istio('principals: [cluster.local/ns/a/sa/b]')],
  ])('not: %s', async (_, policy) => {
    expect(await closing(filler, all(filler, policy))).toEqual([]);
  });

  const ingress = (annotation: string) =>
    object(
      'networking.k8s.io/v1',
      'Ingress',
      'spec: {}',
      `name: x, namespace: pay, annotations: {${annotation}}`,
    );
  const service = (spec: string, annotation = '') =>
    object('v1', 'Service', `spec: {${spec}}`, `name: x, namespace: pay, annotations: {${annotation}}`);
  const route = (middlewares: string) =>
    object(
      'traefik.io/v1alpha1',
      'IngressRoute',
      `spec: {routes: [{match: a, middlewares: [${middlewares}]}]}`,
    );
  it.each<[string, string, string, RegExp]>([
    [
      'an Ingress without its login',
      ingress('nginx.ingress.kubernetes.io/auth-url: "https://auth.example.com"'),
      ingress(''),
      /no longer says who may come in/,
    ],
    [
      'an Ingress for other addresses',
      ingress('nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8'),
      ingress('nginx.ingress.kubernetes.io/whitelist-source-range: 0.0.0.0/0'),
      /says otherwise who may come in/,
    ],
    [
      'a load balancer for all addresses',
      service('type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]'),
      service('type: LoadBalancer'),
      /takes in more addresses/,
    ],
    [
      'a load balancer that is inside no more',
      service('type: LoadBalancer', 'service.beta.kubernetes.io/aws-load-balancer-internal: "true"'),
      service('type: LoadBalancer'),
      /no longer says/,
    ],
    [
      'a route past its middleware',
      route('{name: login}, {name: gzip}'),
      route('{name: gzip}'),
      /no longer goes through login/,
    ],
  ])('%s', async (_, base, result, says) => {
    const [first = ''] = await closing(base, result);
    expect(first).toMatch(/^approve guard-weakened/);
    expect(first).toMatch(says);
  });
  it('a load balancer for fewer addresses is no weaker', async () => {
    expect(
      await closing(
        service('loadBalancerSourceRanges: [10.0.0.0/8, 192.0.2.0/24]'),
        service('loadBalancerSourceRanges: [10.0.0.0/8]'),
      ),
    ).toEqual([]);
  });

  it.each([
    ['policy.sigstore.dev/v1beta1', 'ClusterImagePolicy'],
    ['policies.kubewarden.io/v1', 'ClusterAdmissionPolicy'],
    ['policy.linkerd.io/v1beta1', 'ServerAuthorization'],
    ['kyverno.io/v2alpha1', 'GlobalContextEntry'],
    ['crd.antrea.io/v1beta1', 'ClusterNetworkPolicy'],
  ])('%s %s taken away', async (api, kind) => {
    expect((await closing(all(filler, object(api, kind)), filler)).join()).toMatch(/guard-weakened: takes/);
  });
  it('others are let into a namespace', async () => {
    const grant = object('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'spec: {}');
    expect((await closing(filler, all(filler, grant))).join()).toMatch(
      /others may refer to what is in its namespace/,
    );
  });

  const space = (labels: string) => object('v1', 'Namespace', '', `name: pay, labels: {${labels}}`);
  const enforce = 'pod-security.kubernetes.io/enforce: restricted';
  it.each<[string, string, string]>([
    [
      'an older Pod Security',
      space(enforce),
      space(`${enforce}, pod-security.kubernetes.io/enforce-version: v1.22`),
    ],
    ['a mesh that is left', space('istio-injection: enabled, a: b'), space('a: b')],
    [
      'images that nobody verifies',
      space('policy.sigstore.dev/include: "true"'),
      space('policy.sigstore.dev/include: "false"'),
    ],
  ])('a namespace with %s', async (_, base, result) => {
    expect((await closing(base, result)).join()).toMatch(/approve guard-weakened: Namespace pay/);
    expect(await closing(result, base)).toEqual([]);
  });
});

describe('what is told of a move', () => {
  it('two namespaces are not one', async () => {
    const space = (name: string) => object('v1', 'Namespace', '', `name: ${name}`);
    const told = await found(
      [{ base: all(space('nginx'), filler), result: all(space('envoy'), filler) }],
      true,
    );
    expect(told.filter((text) => text.includes('renamed'))).toEqual([]);
    const account = (namespace: string) =>
      object('v1', 'ServiceAccount', '', `name: a, namespace: ${namespace}`);
    expect((await found([{ base: account('a'), result: account('b') }], true)).join()).toMatch(
      /inform renamed/,
    );
  });
});

describe('what is gone and was never rendered', () => {
  const unresolved = {
    status: 'unresolved' as const,
    reason: 'it reads https://a.example.com, which is not in the repository',
  };
  it('asks for an approval, each folder for its own', async () => {
    const gone = (path: string): FakeTarget => ({
      name: `kustomize/${path}`,
      path,
      base: unresolved,
      result: null,
    });
    expect(await found([gone('a'), gone('b')])).toEqual([
      'approve target-vanished: kustomize/a vanishes; what it held is not known, for it could not be rendered',
      'approve target-vanished: kustomize/b vanishes; what it held is not known, for it could not be rendered',
    ]);
  });
});

describe('one finding a cause', () => {
  it('many charts that lack the same chart', async () => {
    const lacking = (path: string): FakeTarget => ({
      name: `helm/${path}`,
      kind: 'helm',
      path,
      base: filler,
      result: {
        status: 'unresolved',
        reason: `the chart ${path} depends on app-template of https://a.example.com, which is not in the repository`,
      },
    });
    expect(await found([lacking('apps/a'), lacking('apps/b')])).toEqual([
      'approve not-rendered: helm/apps/a and 1 more cannot be rendered here: the chart apps/a depends on app-template of https://a.example.com, which is not in the repository',
    ]);
  });
});

describe('a Job', () => {
  const job = (image: string, seconds: string) =>
    object(
      'batch/v1',
      'Job',
      `spec: {${seconds}template: {spec: {containers: [{name: a, image: ${image}}]}}}`,
    );
  it('that goes by itself can be made anew', async () => {
    const ttl = 'ttlSecondsAfterFinished: 600, ';
    const told = await found([{ base: job('a:1', ttl), result: job('a:2', ttl) }], true);
    expect(told).toContainEqual(
      expect.stringMatching(/^inform immutable-field: .*; it goes by itself 600 s after it ended/),
    );
  });
  it.each(['', 'ttlSecondsAfterFinished: 86400, '])('that stays cannot (%s)', async (seconds) => {
    expect((await closing(job('a:1', seconds), job('a:2', seconds))).join()).toMatch(/fix immutable-field/);
  });
});

describe('a webhook that is new', () => {
  it.each([
    ['Validating', 'may refuse'],
    ['Mutating', 'may change'],
  ])('%s says what it may do', async (kind, says) => {
    const hook = object(
      'admissionregistration.k8s.io/v1',
      `${kind}WebhookConfiguration`,
      'webhooks: []',
      'name: h',
    );
    expect((await closing(filler, all(filler, hook))).join()).toContain(
      `its service sees, and ${says}, what it intercepts`,
    );
  });
});

describe('deployers', () => {
  const app = (spec: string, metadata = 'name: x, namespace: argocd') =>
    object('argoproj.io/v1alpha1', 'Application', `spec: {a: b${spec}}`, metadata);
  const kustomization = (spec: string) =>
    object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', `spec: {prune: false${spec}}`);
  const managed = (level: string) =>
    app(`, syncPolicy: {managedNamespaceMetadata: {labels: {pod-security.kubernetes.io/enforce: ${level}}}}`);
  it.each<[string, string, string, string]>([
    [
      'that keep no more',
      app(', syncPolicy: {syncOptions: [Prune=false]}'),
      app(''),
      'approve prune-enabled',
    ],
    ['that replace', app(''), app(', syncPolicy: {syncOptions: [Replace=true]}'), 'approve prune-enabled'],
    [
      'that force upgrades',
      object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'spec: {a: b}'),
      object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'spec: {a: b, upgrade: {force: true}}'),
      'approve prune-enabled',
    ],
    [
      'that delete when they go, though they do not prune',
      kustomization(''),
      kustomization(', deletionPolicy: Delete'),
      'approve data-unprotected',
    ],
    [
      'that are not looked at',
      app(''),
      app('', 'name: x, namespace: argocd, annotations: {argocd.argoproj.io/skip-reconcile: "true"}'),
      'approve guard-weakened',
    ],
    [
      'that make a namespace with less security',
      managed('restricted'),
      managed('privileged'),
      'approve guard-weakened',
    ],
    [
      'that are new and make one without',
      filler,
      all(filler, managed('privileged')),
      'approve guard-weakened',
    ],
  ])('%s', async (_, base, result, expected) => {
    expect((await closing(base, result)).join('\n')).toContain(expected);
  });
});

describe('programs that guard', () => {
  const server = (args: string) =>
    object(
      'apps/v1',
      'Deployment',
      `spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: a, args: [${args}]}]}}}`,
    );
  it.each([
    '--disable-auth',
    '--anonymous-auth=true',
    '--forceFailurePolicyIgnore=true',
    '--exempt-namespace=shop',
    '"--authorization-mode=Node,AlwaysAllow"',
  ])('run with %s', async (arg) => {
    expect((await closing(server('serve'), server(`serve, ${arg}`))).join()).toMatch(
      /approve guard-weakened: Deployment pay\/x now runs with --/,
    );
    expect(await closing(server(`serve, ${arg}`), server(`serve, more, ${arg}`))).toEqual([]);
  });
  it('hold no network policies any more', async () => {
    const cilium = (data: string) =>
      object('v1', 'ConfigMap', `data: {${data}}`, 'name: cilium-config, namespace: kube-system');
    expect((await closing(cilium('enable-policy: always'), cilium('enable-policy: never'))).join()).toMatch(
      /approve guard-weakened: changes settings of the guards/,
    );
    expect(await closing(cilium('mtu: "1"'), cilium('mtu: "2"'))).toEqual([]);
  });
  it('hand secrets to every namespace', async () => {
    const store = (conditions: string) =>
      object('external-secrets.io/v1', 'ClusterSecretStore', `spec: {a: b${conditions}}`, 'name: s');
    const some = ', conditions: [{namespaces: [pay]}]';
    expect((await closing(store(some), store(''))).join()).toMatch(/hands its secrets to more namespaces/);
    expect(await closing(store(''), store(some))).toEqual([]);
  });
});

describe('objects that say which namespaces may use them', () => {
  const gateway = (from: string) =>
    object(
      'gateway.networking.k8s.io/v1',
      'Gateway',
      `spec: {listeners: [{name: a, port: 80, allowedRoutes: {namespaces: {from: ${from}}}}]}`,
    );
  const repository = (allowed: string) =>
    object(
      'backup.example.com/v1',
      'ClusterRepository',
      `spec: {a: b, allowedNamespaces: {${allowed}}}`,
      'name: r',
    );
  it.each<[string, string, string]>([
    ['a Gateway', gateway('Same'), gateway('All')],
    ['a repository', repository('list: [pay]'), repository('all: true')],
    ['one more', repository('list: [pay]'), repository('list: [pay, shop]')],
  ])('%s', async (_, base, result) => {
    expect((await closing(base, result)).join()).toMatch(
      /approve guard-weakened: .* lets other namespaces use it than before/,
    );
  });
  it('are not told where they narrow', async () => {
    expect(await closing(gateway('All'), gateway('Same'))).toEqual([]);
  });
});
