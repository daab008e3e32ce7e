import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import {
  evaluatePolicy,
  type RuleResult,
  requestFor,
  runKyvernoTest,
  type TestFiles,
} from '../../../src/checks/policies/index.js';
import type { KubernetesObject } from '../../../src/kubernetes/index.js';
import { NOW } from './support/fakes.js';

const object = (yaml: string): KubernetesObject => parse(yaml) as KubernetesObject;
const NAMESPACE = object('{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {tier: gold}}}');

const policy = (
  generate: string,
  { rest = '', kind = 'GeneratingPolicy', metadata = 'name: p', resources = 'namespaces' } = {},
): string => `
apiVersion: policies.kyverno.io/v1
kind: ${kind}
metadata: {${metadata}}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [${resources}]}]
  ${rest}
  generate:
    - ${generate}
`;

const QUOTA =
  "{expression: \"generator.Apply(object.metadata.name, [{'kind': dyn('ResourceQuota'), 'apiVersion': dyn('v1'), 'metadata': dyn({'name': 'q'}), 'spec': dyn({'hard': {'pods': variables.tier}})}])\"}";
const TIER = "variables: [{name: tier, expression: 'object.metadata.labels.tier'}]";

function run(
  source: string,
  trigger = NAMESPACE,
  options: Partial<Parameters<typeof evaluatePolicy>[2]> = { cloneSources: () => [] },
): RuleResult[] {
  return evaluatePolicy(object(source), requestFor(trigger), { now: NOW, ...options });
}
const made = (results: RuleResult[]): unknown => results[0]?.generated;

describe('GeneratingPolicy', () => {
  it('makes what generator.Apply is given', () => {
    expect(run(policy(QUOTA, { rest: TIER }))).toMatchObject([{ type: 'generate', status: 'pass' }]);
    expect(made(run(policy(QUOTA, { rest: TIER })))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'q', namespace: 'shop' },
        spec: { hard: { pods: 'gold' } },
      },
    ]);
  });

  it('is told and not run where nobody asks what it makes', () => {
    expect(run(policy(QUOTA, { rest: TIER }), NAMESPACE, {})).toEqual([]);
  });

  it('says nothing of what it does not mean, and errors where an expression fails', () => {
    expect(run(policy(QUOTA), object('{apiVersion: v1, kind: Pod, metadata: {name: a}}'))).toEqual([]);
    expect(run(policy(QUOTA, { rest: 'matchConditions: [{name: a, expression: "false"}]' }))).toEqual([]);
    expect(run(policy(QUOTA))).toMatchObject([{ status: 'error' }]);
    expect(
      run(policy(QUOTA, { rest: 'matchConditions: [{name: a, expression: "1 / 0 == 1"}]' })),
    ).toMatchObject([{ status: 'error' }]);
    expect(run(policy('{expression: "generator.Steal(\'a\', [])"}'))).toMatchObject([{ status: 'error' }]);
    expect(run(policy('{expression: "generator.Apply(1, [])"}'))).toMatchObject([{ status: 'error' }]);
    expect(run(policy("{expression: \"generator.Apply('a', ['b'])\"}"))).toMatchObject([{ status: 'error' }]);
  });

  it('is excepted as its kind is', () => {
    const exception = object(
      '{apiVersion: policies.kyverno.io/v1, kind: PolicyException, metadata: {name: e}, spec: {policyRefs: [{name: p, kind: GeneratingPolicy}]}}',
    );
    expect(
      run(policy(QUOTA, { rest: TIER }), NAMESPACE, { cloneSources: () => [], exceptions: [exception] }),
    ).toMatchObject([{ status: 'skip' }]);
  });

  it('flattens lists, and cleans what is copied', () => {
    const copy =
      "{expression: \"generator.Apply('a', [{'kind': dyn('List'), 'apiVersion': dyn('v1'), 'items': dyn([{'kind': 'Secret', 'apiVersion': 'v1', 'metadata': {'name': 's', 'namespace': 'b', 'uid': '1', 'annotations': {'x': 'y'}, 'ownerReferences': []}}, {'kind': 'Namespace', 'apiVersion': 'v1', 'metadata': {'name': 'n'}}])}])\"}";
    expect(made(run(policy(copy)))).toEqual([
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'a' } },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } },
    ]);
  });
});

describe('NamespacedGeneratingPolicy', () => {
  const options = {
    kind: 'NamespacedGeneratingPolicy',
    metadata: 'name: p, namespace: shop',
    resources: 'configmaps',
  };
  const config = (namespace: string): KubernetesObject =>
    object(`{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: ${namespace}}}`);
  const apply = (kind: string): string =>
    `{expression: "generator.Apply([{'kind': dyn('${kind}'), 'apiVersion': dyn('v1'), 'metadata': dyn({'name': 'x'})}])"}`;

  it('generates into its own namespace alone, for what is in it', () => {
    expect(made(run(policy(apply('Secret'), options), config('shop')))).toEqual([
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', namespace: 'shop' } },
    ]);
    expect(run(policy(apply('Secret'), options), config('other'))).toEqual([]);
    expect(run(policy(apply('Namespace'), options), config('shop'))).toMatchObject([{ status: 'error' }]);
    const elsewhere =
      '{template: {value: "{kind: Secret, apiVersion: v1, metadata: {name: x, namespace: b}}"}}';
    expect(run(policy(elsewhere, options), config('shop'))).toMatchObject([{ status: 'error' }]);
  });
});

describe('templates of a GeneratingPolicy', () => {
  const template = (value: string, interpolate = 'cel'): string =>
    `{template: {interpolate: ${interpolate}, value: ${JSON.stringify(value)}}}`;

  it('are filled in: values as they are, texts within texts', () => {
    const value = `apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: (( object.metadata.name )), labels: (( object.metadata.labels ))}
data: {a: "x-(( object.metadata.name ))-(( size('))') ))", b: '\\((plain))', c: (( ")'(" ))}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
`;
    expect(made(run(policy(template(value))))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'c', namespace: 'shop', labels: { tier: 'gold' } },
        data: { a: 'x-shop-2', b: '((plain))', c: ")'(" },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } },
    ]);
  });

  it('are left as they are without interpolation', () => {
    const value = '{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: "((x))"}}';
    expect(made(run(policy(template(value, 'none'))))).toMatchObject([{ data: { a: '((x))' } }]);
  });

  it.each([
    ['a placeholder that is not closed', '{kind: "(( object"}'],
    ['one that is not balanced', '{kind: "(( a) b ))"}'],
    ['an empty one', '{kind: "(( ))"}'],
    ['one in a key', '{"(( object.kind ))": a}'],
    ['a map within a text', '{kind: "a(( object ))"}'],
    ['a list', '[a]'],
    ['what does not parse', '{a: ['],
  ])('refuse %s', (_what, value) => {
    expect(run(policy(template(value)))).toMatchObject([{ status: 'error' }]);
  });
});

describe('a test of a GeneratingPolicy', () => {
  const files = (pods: string): TestFiles => {
    const contents: Record<string, string> = {
      'kyverno-test.yaml': `apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: t}
policies: [policy.yaml]
resources: [ns.yaml]
results: [{policy: p, kind: Namespace, resources: [shop], result: pass, isGeneratingPolicy: true, generatedResource: made.yaml}]
`,
      'policy.yaml': policy(QUOTA, { rest: TIER }),
      'ns.yaml': JSON.stringify(NAMESPACE),
      'made.yaml': `{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {pods: ${pods}}}}`,
    };
    return { read: async (path) => Buffer.from(contents[path] ?? ''), list: async () => [] };
  };

  it('compares what it makes', async () => {
    const report = await runKyvernoTest('kyverno-test.yaml', files('gold'), NOW);
    expect(report.rows).toMatchObject([{ ok: true, actual: 'pass', resource: 'v1/ResourceQuota/shop/q' }]);
    const other = await runKyvernoTest('kyverno-test.yaml', files('silver'), NOW);
    expect(other.rows).toMatchObject([{ ok: false, reason: 'Resource diff' }]);
  });
});

describe('what tests of Kyverno give a policy', () => {
  const report = async (more: string, contents: Record<string, string>, expectation: string) => {
    const all: Record<string, string> = {
      'kyverno-test.yaml': `apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: t}
policies: [policy.yaml]
resources: [pod.yaml]
${more}
results: [{policy: p, kind: Pod, resources: [a], ${expectation}}]
`,
      'pod.yaml':
        '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop}, spec: {containers: [{name: a, image: x}]}}',
      ...contents,
    };
    const files: TestFiles = {
      read: async (path) => Buffer.from(all[path] ?? ''),
      list: async () => [],
    };
    const { rows } = await runKyvernoTest('kyverno-test.yaml', files, NOW);
    return rows.map(({ ok, actual }) => `${actual} ${ok}`);
  };
  const validating = (operations: string, expression: string): string => `
apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: p}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [${operations}], resources: [pods]}]}
  validations: [{expression: ${JSON.stringify(expression)}}]
`;

  it('an operation of its own', async () => {
    const policyText = { 'policy.yaml': validating('DELETE', 'false') };
    expect(await report('', policyText, 'result: fail, operation: DELETE')).toEqual(['fail true']);
    expect(await report('', policyText, 'result: fail')).toEqual(['excluded true']);
  });

  it('objects of the cluster, which newer spellings of the library find too', async () => {
    const contents = {
      'policy.yaml': validating(
        'CREATE',
        "resource.get('v1', 'configmaps', 'shop', 'c').data.a == resource.List('v1', 'configmaps', 'shop').items[0].data.a && resource.list('v1', 'configmaps', 'shop').kind == 'ConfigMapList'",
      ),
      'cluster.yaml':
        '{apiVersion: cli.kyverno.io/v1alpha1, kind: ClusterResource, metadata: {name: c}, spec: {resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {a: b}}]}}',
    };
    expect(await report('clusterResources: [cluster.yaml]', contents, 'result: pass')).toEqual(['pass true']);
    expect(await report('', contents, 'result: pass')).toEqual(['error false']);
  });

  it('a MutatingAdmissionPolicy is run; one with parameters, and a DeletingPolicy, are no pass', async () => {
    const mutating = (rest: string): Record<string, string> => ({
      'policy.yaml': `{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingAdmissionPolicy, metadata: {name: p}, spec: {${rest} matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}, mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{metadata: Object.metadata{labels: {"a": "b"}}}'}}]}}`,
      'patched.yaml':
        '{apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, labels: {a: b}}, spec: {containers: [{name: a, image: x}]}}',
    });
    expect(await report('', mutating(''), 'result: pass, patchedResources: patched.yaml')).toEqual([
      'pass true',
    ]);
    const params = mutating('paramKind: {apiVersion: v1, kind: ConfigMap},');
    expect(await report('', params, 'result: pass')).toEqual(['error false']);
    const deleting = {
      'policy.yaml':
        '{apiVersion: policies.kyverno.io/v1, kind: DeletingPolicy, metadata: {name: p}, spec: {}}',
    };
    expect(await report('', deleting, 'result: pass')).toEqual(['error false']);
  });
});
