import { describe, expect, it } from '@jest/globals';
import { policiesCheck } from '../../../src/checks/policies/index.js';
import type { Finding } from '../../../src/contract/index.js';
import { configOf, contextOf } from './support/fakes.js';

/** What closes the gate when an object becomes another; packs and the policies of a file decide. */
async function closing(
  base: unknown,
  result: unknown,
  packs: string[] = ['baseline'],
  policy: unknown = null,
): Promise<Finding[]> {
  const files: Record<string, string> = policy === null ? {} : { 'p.json': JSON.stringify(policy) };
  const config = configOf({ packs, paths: policy === null ? [] : ['p.json'] }, files);
  const sides = { base: { 'a.json': JSON.stringify(base) }, result: { 'a.json': JSON.stringify(result) } };
  const { findings } = await policiesCheck(contextOf({ ...sides, config }));
  return findings.filter(({ action, suppressed }) => action === 'fix' && suppressed === null);
}

const rulesOf = (findings: readonly Finding[]): string[] => findings.map(({ ruleId }) => ruleId);
const pod = (spec: object, container: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'shop' },
  spec: { containers: [{ name: 'a', image: 'a:1', ...container }], ...spec },
});
const subject = (name: string): object => ({ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name });
const binding = (role: string, ...subjects: object[]): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'a' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
  subjects,
});
const role = (...rules: object[]): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'a', namespace: 'shop' },
  rules,
});
const vap = (...expressions: string[]): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name: 'p' },
  spec: {
    matchConstraints: {
      resourceRules: [
        { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: ['*'] },
      ],
    },
    validations: expressions.map((expression) => ({ expression })),
  },
});
const deployment = (spec: object, labels: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a', namespace: 'shop', labels },
  spec: {
    selector: { matchLabels: { app: 'a' } },
    template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'a', image: 'a:1' }] } },
    ...spec,
  },
});

describe('a new violation is not taken for an old one', () => {
  it.each<[string, object, object]>([
    ['another field of a rule', pod({ hostIPC: true }), pod({ hostIPC: true, hostPID: true })],
    [
      'another item of a list',
      pod({ volumes: [{ name: 'a', hostPath: { path: '/var/log' } }] }),
      pod({
        volumes: [
          { name: 'a', hostPath: { path: '/var/log' } },
          { name: 'b', hostPath: { path: '/' } },
        ],
      }),
    ],
    [
      'another item of a list whose items have no names',
      pod({}, { ports: [{ containerPort: 80, hostPort: 80 }] }),
      pod(
        {},
        {
          ports: [
            { containerPort: 80, hostPort: 80 },
            { containerPort: 22, hostPort: 22 },
          ],
        },
      ),
    ],
    [
      'another field of a container',
      pod({}, { livenessProbe: { httpGet: { host: 'a', port: 1 } } }),
      pod(
        {},
        {
          livenessProbe: { httpGet: { host: 'a', port: 1 } },
          readinessProbe: { httpGet: { host: '169.254.169.254', port: 1 } },
        },
      ),
    ],
  ])('hidden behind %s', async (_name, base, result) => {
    expect(rulesOf(await closing(base, base))).toEqual([]);
    expect(await closing(base, result)).toHaveLength(1);
  });

  it('hidden behind more old ones than are looked at', async () => {
    const volumes = (count: number): object => ({
      volumes: Array.from({ length: count }, (_, index) => ({ name: `v${index}`, hostPath: { path: '/a' } })),
    });
    expect(await closing(pod(volumes(70)), pod({ ...volumes(70), nodeName: 'a' }))).toHaveLength(1);
    expect(await closing(pod(volumes(70)), pod(volumes(71)))).toHaveLength(1);
    expect(await closing(pod(volumes(40)), pod(volumes(39)))).toHaveLength(0);
  });

  it('and the finding names the new place', async () => {
    const [found] = await closing(pod({ hostIPC: true }), pod({ hostIPC: true, hostPID: true }));
    expect(found?.message).toContain('spec.hostPID');
  });

  it.each<[string, object, object]>([
    [
      'a subject of a binding',
      binding('view', subject('system:authenticated')),
      binding('view', subject('system:authenticated'), subject('system:anonymous')),
    ],
    [
      'a subject of a binding to cluster-admin',
      binding('cluster-admin', subject('ops')),
      binding('cluster-admin', subject('ops'), subject('everybody')),
    ],
    [
      'a rule of a role',
      role({ apiGroups: [''], resources: ['pods'], verbs: ['*'] }),
      role(
        { apiGroups: [''], resources: ['pods'], verbs: ['*'] },
        { apiGroups: [''], resources: ['secrets'], verbs: ['*'] },
      ),
    ],
    [
      'a resource of a rule',
      role({ apiGroups: [''], resources: ['pods'], verbs: ['*'] }),
      role({ apiGroups: [''], resources: ['pods', 'secrets'], verbs: ['*'] }),
    ],
  ])('of %s', async (_name, base, result) => {
    expect(rulesOf(await closing(base, base, ['rbac']))).toEqual([]);
    expect((await closing(base, result, ['rbac'])).length).toBeGreaterThan(0);
  });

  it.each<[string, string[], object, object]>([
    [
      'the repository of an Application',
      ['argocd'],
      { project: 'default', source: { repoURL: 'https://example.com/a', path: 'a', targetRevision: 'v1' } },
      { project: 'default', source: { repoURL: 'https://example.org/b', path: 'a', targetRevision: 'v1' } },
    ],
  ])('where %s is another', async (_name, packs, base, result) => {
    const application = (spec: object): object => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'a', namespace: 'argocd' },
      spec: { destination: { server: 'https://kubernetes.default.svc' }, ...spec },
    });
    expect(rulesOf(await closing(application(base), application(result), packs))).toContain(
      'policies/argocd-project/project',
    );
  });

  it('where a source that nobody verifies is another, or a way in leads elsewhere', async () => {
    const git = (url: string): object => ({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'a', namespace: 'apps' },
      spec: { interval: '1m', url },
    });
    expect(
      rulesOf(await closing(git('https://example.com/a'), git('https://example.org/a'), ['flux'])),
    ).toEqual(['policies/flux-verify-sources/verify']);
    const service = (app: string): object => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', namespace: 'shop' },
      spec: { type: 'NodePort', selector: { app }, ports: [{ port: 80 }] },
    });
    expect(rulesOf(await closing(service('web'), service('admin'), ['network']))).toEqual([
      'policies/disallow-node-port/node-port',
    ]);
  });

  it('where an object moves out of a namespace that is only told', async () => {
    const policy = {
      apiVersion: 'kyverno.io/v1',
      kind: 'ClusterPolicy',
      metadata: { name: 'p' },
      spec: {
        validationFailureAction: 'Enforce',
        validationFailureActionOverrides: [{ action: 'Audit', namespaces: ['dev*'] }],
        rules: [
          {
            name: 'r',
            match: { any: [{ resources: { kinds: ['Pod'] } }] },
            validate: { message: 'm', pattern: { spec: { '=(hostPID)': false } } },
          },
        ],
      },
    };
    const inNamespace = (namespace: string): object => ({
      ...pod({ hostPID: true }),
      metadata: { name: 'a', namespace },
    });
    expect(rulesOf(await closing(inNamespace('dev'), inNamespace('shop'), [], policy))).toEqual([
      'policies/p/r',
    ]);
    expect(rulesOf(await closing(inNamespace('shop'), inNamespace('prod'), [], policy))).toEqual([]);
    expect(rulesOf(await closing(inNamespace('dev'), inNamespace('dev-2'), [], policy))).toEqual([]);
  });

  it('behind another validation of a policy in CEL', async () => {
    const policy = vap('object.spec.replicas <= 5', '!has(object.metadata.labels.skip)');
    const old = deployment({ replicas: 6 });
    expect(rulesOf(await closing(old, deployment({ replicas: 6, paused: true }), [], policy))).toEqual([]);
    expect(await closing(old, deployment({ replicas: 6 }, { skip: 'a' }), [], policy)).toHaveLength(1);
  });

  it('behind another item that an expression looks at', async () => {
    const policy = vap('object.spec.template.spec.volumes.all(v, !has(v.hostPath))');
    const template = (...paths: string[]): object => ({
      template: {
        spec: {
          containers: [{ name: 'a', image: 'a:1' }],
          volumes: paths.map((path) => ({ name: path.replaceAll('/', 'v'), hostPath: { path } })),
        },
      },
    });
    const old = deployment(template('/a'));
    expect(rulesOf(await closing(old, deployment({ ...template('/a'), paused: true }), [], policy))).toEqual(
      [],
    );
    const [found, ...others] = await closing(old, deployment(template('/a', '/b')), [], policy);
    expect([found?.message, others]).toEqual([expect.stringContaining('[name=vb]'), []]);
  });

  it('of a value that an expression measures', async () => {
    const policy = vap('object.spec.replicas <= 5');
    expect(
      await closing(deployment({ replicas: 6 }), deployment({ replicas: 100 }), [], policy),
    ).toHaveLength(1);
    const both = vap('object.spec.replicas <= 5 || object.metadata.?labels.size.orValue("") == "large"');
    expect(await closing(deployment({ replicas: 6 }), deployment({ replicas: 100 }), [], both)).toHaveLength(
      1,
    );
  });
});

describe('an old violation is not taken for a new one', () => {
  it.each<[string, object, object]>([
    [
      'where another field of the rule is mended',
      pod({ hostIPC: true, hostPID: true }),
      pod({ hostPID: true }),
    ],
    [
      'where another item is mended',
      pod({
        volumes: [
          { name: 'a', hostPath: { path: '/a' } },
          { name: 'b', hostPath: { path: '/b' } },
        ],
      }),
      pod({
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', hostPath: { path: '/b' } },
        ],
      }),
    ],
    [
      'where items change their places',
      pod(
        {},
        {
          ports: [
            { containerPort: 80, hostPort: 80 },
            { containerPort: 81, hostPort: 81 },
          ],
        },
      ),
      pod(
        {},
        {
          ports: [
            { containerPort: 81, hostPort: 81 },
            { containerPort: 80, hostPort: 80 },
          ],
        },
      ),
    ],
    [
      'where something else changes',
      pod({ hostIPC: true }),
      pod({ hostIPC: true }, { env: [{ name: 'A', value: 'b' }] }),
    ],
  ])('%s', async (_name, base, result) => {
    expect(rulesOf(await closing(base, result))).toEqual([]);
  });
});
