import { describe, expect, it } from '@jest/globals';
import {
  compareQuantities,
  containersOf,
  isClusterScoped,
  type KubernetesObject,
  loadManifests,
  manifestsFromValues,
  matchesSelector,
  objectKey,
  parseQuantity,
  podTemplatesOf,
  refOf,
  sameQuantity,
  scopesOf,
} from '../../src/kubernetes/index.js';

const load = (text: string) => loadManifests(Buffer.from(text), 'a.yaml');

describe('loadManifests', () => {
  it('flattens lists of every kind and keeps positions', () => {
    const { manifests, otherDocuments, problems } = load(
      `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: a}
- apiVersion: v1
  kind: PodList
  items:
  - metadata:
      name: b
      namespace: shop
---
replicas: 3
`,
    );
    expect(problems).toEqual([]);
    expect(otherDocuments).toBe(1);
    expect(manifests.map(({ ref, root }) => [ref.kind, ref.namespace, ref.name, root])).toEqual([
      ['ConfigMap', '', 'a', ['items', 0]],
      ['Pod', 'shop', 'b', ['items', 1, 'items', 0]],
    ]);
    expect(manifests[1]?.locate(['metadata', 'name'])).toEqual({ line: 11, column: 7, endLine: 11 });
  });

  it('keeps problems of objects and of broken documents, not those of other files', () => {
    expect(load('a: 1\na: 2\n').problems).toEqual([]);
    expect(load('apiVersion: v1\nkind: Pod\nkind: Node\n').problems).toMatchObject([
      { code: 'duplicate-key' },
    ]);
    expect(load('a: [\n').problems).toMatchObject([{ fatal: true }]);
  });

  it('takes an own kind that ends in List for an object', () => {
    const { manifests } = load(
      'apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: x}\nspec: {}\n',
    );
    expect(manifests).toHaveLength(1);
    expect(load('apiVersion: v1\nkind: List\nitems: []\n')).toMatchObject({
      manifests: [],
      otherDocuments: 0,
    });
  });

  it('makes manifests of rendered values', () => {
    const [manifest] = manifestsFromValues([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }], {
      path: 'pod.yaml',
    });
    expect(manifest).toMatchObject({ path: 'pod.yaml', ref: { name: 'x' } });
    expect(manifest?.locate([])).toBeNull();
  });
});

describe('identity', () => {
  const object = (apiVersion: string, kind: string, metadata: KubernetesObject = {}): KubernetesObject => ({
    apiVersion,
    kind,
    metadata,
  });
  it('leaves the version and the namespace of cluster-scoped kinds out', () => {
    const old = refOf(object('policy/v1beta1', 'PodDisruptionBudget', { name: 'a', namespace: 'n' }));
    const now = refOf(object('policy/v1', 'PodDisruptionBudget', { name: 'a', namespace: 'n' }));
    expect(objectKey(old)).toBe(objectKey(now));
    expect(
      refOf(object('rbac.authorization.k8s.io/v1', 'ClusterRole', { name: 'a', namespace: 'n' })).namespace,
    ).toBe('');
    expect(refOf(object('batch/v1', 'Job', { generateName: 'run-' })).name).toBe('run-*');
  });
  it('knows the scope of built-in, well-known and declared kinds', () => {
    expect(isClusterScoped('v1', 'Namespace')).toBe(true);
    expect(isClusterScoped('apps/v1', 'Deployment')).toBe(false);
    expect(isClusterScoped('kyverno.io/v1', 'ClusterPolicy')).toBe(true);
    expect(isClusterScoped('example.com/v1', 'Widget')).toBeNull();
    const scopes = scopesOf(
      manifestsFromValues(
        [
          {
            apiVersion: 'apiextensions.k8s.io/v1',
            kind: 'CustomResourceDefinition',
            metadata: { name: 'widgets.example.com' },
            spec: { group: 'example.com', scope: 'Cluster', names: { kind: 'Widget', plural: 'widgets' } },
          },
        ],
        { path: null },
      ),
    );
    expect(isClusterScoped('example.com/v1', 'Widget', scopes)).toBe(true);
  });
});

describe('pods', () => {
  it('are found by shape in any kind', () => {
    const spec = { containers: [{ name: 'a', image: 'a:1' }], initContainers: [{ name: 'i', image: 'i:1' }] };
    const paths = (object: KubernetesObject) =>
      podTemplatesOf(object).map(({ path, specPath }) => [path, specPath]);
    expect(paths({ apiVersion: 'v1', kind: 'Pod', spec })).toEqual([[[], ['spec']]]);
    expect(
      paths({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec: { template: { spec } } }),
    ).toEqual([
      [
        ['spec', 'template'],
        ['spec', 'template', 'spec'],
      ],
    ]);
    expect(
      paths({ apiVersion: 'ray.io/v1', kind: 'RayCluster', spec: { groups: [{ template: { spec } }] } }),
    ).toHaveLength(1);
    expect(
      paths({ apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', spec: { rules: [{ pattern: { spec } }] } }),
    ).toEqual([]);
    const [template] = podTemplatesOf({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { labels: { a: 'b' } },
      spec,
    });
    expect(template?.metadata).toEqual({ labels: { a: 'b' } });
    expect(template && containersOf(template).map(({ role, path }) => [role, path.join('.')])).toEqual([
      ['containers', 'spec.containers.0'],
      ['initContainers', 'spec.initContainers.0'],
    ]);
  });
});

describe('quantities', () => {
  it.each([
    ['1000m', 1],
    ['1Gi', '1024Mi'],
    ['0.5', '500m'],
    ['1e3', '1k'],
    ['1.5Gi', '1536Mi'],
    ['-1', '-1000m'],
  ])('%s is %s', (left, right) => {
    expect(sameQuantity(left, right)).toBe(true);
  });
  it('orders them and refuses what is none', () => {
    const parse = (text: string) => parseQuantity(text) ?? { numerator: 0n, denominator: 0n };
    expect(compareQuantities(parse('1Gi'), parse('1G'))).toBe(1);
    expect(compareQuantities(parse('100m'), parse('0.2'))).toBe(-1);
    for (const text of ['', 'm', '1x', '1 Gi', '.', `1${'0'.repeat(100)}`])
      expect(parseQuantity(text)).toBeNull();
  });
});

describe('selectors', () => {
  const labels = { app: 'web', tier: 'front' };
  it.each([
    [{}, true],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'api' } }, false],
    [{ matchLabels: { constructor: 'x' } }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'back'] }] }, true],
    [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
    [{ matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, true],
    [{ matchExpressions: [{ key: 'zone', operator: 'Like' }] }, false],
  ])('%j', (selector, expected) => {
    expect(matchesSelector(selector, labels)).toBe(expected);
  });
});
