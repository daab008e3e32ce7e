import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import {
  type ClusterObjects,
  evaluatePolicy,
  type RuleResult,
  requestFor,
  runKyvernoTest,
  type TestFiles,
} from '../../../src/checks/policies/index.js';
import type { KubernetesObject } from '../../../src/kubernetes/index.js';
import { NOW } from './support/fakes.js';

type Options = Partial<Parameters<typeof evaluatePolicy>[2]>;

function object(yaml: string): KubernetesObject {
  return parse(yaml) as KubernetesObject;
}

const namespace = object('{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {tier: gold}}}');
const secret = object(`
apiVersion: v1
kind: Secret
metadata:
  name: regcred
  namespace: default
  uid: 1-2
  resourceVersion: "7"
  labels: {clone: "yes"}
  ownerReferences: [{apiVersion: v1, kind: Pod, name: p, uid: u}]
type: Opaque
data: {password: aGVsbG8=}
`);

/** A policy with a generate rule for each block, for namespaces. */
function policy(blocks: readonly string[], rest = ''): string {
  const rules = blocks.map(
    (block, index) =>
      `{name: r${index}, match: {any: [{resources: {kinds: [Namespace]}}]}, ${rest} generate: ${block}}`,
  );
  return `{apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {name: p}, spec: {rules: [${rules.join(', ')}]}}`;
}

/** What the rules of a policy come to, as tests run them. */
function generated(
  source: string,
  sources: readonly KubernetesObject[] = [],
  options: Options = {},
  trigger = namespace,
): RuleResult[] {
  return evaluatePolicy(object(source), requestFor(trigger), {
    now: NOW,
    cloneSources: () => sources,
    ...options,
  });
}

const MANAGED = { 'app.kubernetes.io/managed-by': 'kyverno' };
const quota = (name: string, more = ''): string =>
  `{apiVersion: v1, kind: ResourceQuota, name: ${name}, namespace: "{{ request.object.metadata.name }}"${more}, data: {spec: {hard: {pods: "{{ request.object.metadata.labels.tier }}"}}}}`;

describe('generate rules', () => {
  it('make an object of data, named as the rule says and not as the data does', () => {
    const data = '{kind: Other, metadata: {name: x, namespace: y, labels: {a: b}}, spec: {n: 1}}';
    const [first, second] = generated(
      policy([quota('q'), `{apiVersion: e.io/v1, kind: Thing, name: t, namespace: shop, data: ${data}}`]),
    );
    expect(first).toMatchObject({ status: 'pass', type: 'generate', rule: 'r0' });
    expect(first?.generated).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'q', namespace: 'shop', labels: MANAGED },
        spec: { hard: { pods: 'gold' } },
      },
    ]);
    expect(second?.generated).toEqual([
      {
        apiVersion: 'e.io/v1',
        kind: 'Other',
        metadata: { name: 't', namespace: 'shop', labels: { a: 'b', ...MANAGED } },
        spec: { n: 1 },
      },
    ]);
  });

  it('copy an object without what is its own, and one that a rule before made', () => {
    const copy = (from: string, name: string, to: string): string =>
      `{apiVersion: v1, kind: Secret, name: ${name}, namespace: ${to}, clone: {namespace: ${from}, name: regcred}}`;
    const results = generated(policy([copy('default', 'regcred', 'shop'), copy('shop', 'again', 'shop')]), [
      secret,
    ]);
    const copied = (name: string): unknown => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'shop', labels: { clone: 'yes', ...MANAGED } },
      type: 'Opaque',
      data: { password: 'aGVsbG8=' },
    });
    expect(results.map((result) => result.generated)).toEqual([[copied('regcred')], [copied('again')]]);
    expect(secret.metadata).toHaveProperty('uid');
  });

  it('is an error where what is to be copied is not given', () => {
    const [result] = generated(
      policy(['{apiVersion: v1, kind: Secret, name: a, namespace: shop, clone: {namespace: x, name: y}}']),
    );
    expect(result).toMatchObject({
      status: 'error',
      missing: 'v1 Secret x/y, which is to be copied,',
      generated: [],
    });
  });

  it('copy the objects of a list that the selector means, but not into their own namespace', () => {
    const list = (to: string): string =>
      `{namespace: ${to}, cloneList: {namespace: default, kinds: [v1/Secret, v1/ConfigMap], selector: {matchLabels: {clone: "yes"}}}}`;
    const others = ['a', 'b'].map((name) =>
      object(
        `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: default, labels: {clone: "${name === 'a' ? 'yes' : 'no'}"}}}`,
      ),
    );
    const [copied, own] = generated(policy([list('shop'), list('default')]), [secret, ...others]);
    expect(copied?.generated?.map(({ kind, metadata }) => [kind, metadata])).toMatchObject([
      ['Secret', { name: 'regcred', namespace: 'shop' }],
      ['ConfigMap', { name: 'a', namespace: 'shop' }],
    ]);
    expect(own).toMatchObject({ status: 'pass', generated: [] });
    expect(
      generated(policy(['{namespace: shop, cloneList: {namespace: default, kinds: [Secret]}}'])),
    ).toMatchObject([{ status: 'error', message: expect.stringContaining('without its apiVersion') }]);
  });

  it('make an object for each element that the preconditions of foreach let by', () => {
    const block = `{foreach: [{list: "split('a,skip,b', ',')", context: [{name: me, variable: {jmesPath: element}}],
      preconditions: {any: [{key: "{{ me }}", operator: NotEquals, value: skip}]},
      apiVersion: v1, kind: ConfigMap, name: "{{ pre }}-{{ elementIndex }}", namespace: "{{ me }}", data: {data: {e: "{{ element0 }}"}}}]}`;
    const [result] = generated(policy([block], 'context: [{name: pre, variable: {value: cm}}],'));
    expect(result?.generated).toMatchObject([
      { metadata: { name: 'cm-0', namespace: 'a' }, data: { e: 'a' } },
      { metadata: { name: 'cm-2', namespace: 'b' }, data: { e: 'b' } },
    ]);
  });

  it('leave a target that is there, or keep it in step where the rule synchronizes', () => {
    const block = (value: string, more: string): string =>
      `{apiVersion: v1, kind: ConfigMap, name: c, namespace: shop, ${more} data: {data: {v: ${value}}}}`;
    const twice = (more: string): unknown => {
      const each = `{${more} foreach: [{list: "['one', 'two']", apiVersion: v1, kind: ConfigMap, name: c, namespace: shop, data: {data: {v: "{{ element }}"}}}]}`;
      return generated(policy([each]))[0]?.generated;
    };
    expect(twice('')).toMatchObject([{ data: { v: 'one' } }]);
    expect(twice('synchronize: true,')).toMatchObject([{ data: { v: 'two' } }]);
    const there = object('{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: shop}}');
    expect(generated(policy([block('x', '')]), [there])).toMatchObject([{ status: 'pass', generated: [] }]);
  });

  it('are skipped by preconditions and exceptions, and say nothing of what they do not mean', () => {
    const unmet = 'preconditions: {any: [{key: a, operator: Equals, value: b}]},';
    expect(generated(policy([quota('q')], unmet))).toMatchObject([{ status: 'skip' }]);
    const exception = object(
      '{kind: PolicyException, metadata: {name: e}, spec: {exceptions: [{policyName: p, ruleNames: [r0]}], match: {any: [{resources: {kinds: [Namespace]}}]}}}',
    );
    expect(generated(policy([quota('q')]), [], { exceptions: [exception] })).toMatchObject([
      { status: 'skip' },
    ]);
    expect(generated(policy([quota('q')]), [], {}, secret)).toEqual([]);
  });

  it('are told and not run outside of tests', () => {
    const [result] = generated(policy([quota('q')]), [], { cloneSources: undefined });
    expect(result).toMatchObject({ status: 'skip', message: 'what generate rules make is not made offline' });
    expect(result?.generated).toBeUndefined();
  });

  it.each([
    ['no name', '{apiVersion: v1, kind: ConfigMap, namespace: shop, data: {}}', 'has no name'],
    [
      'a name that is no text',
      '{apiVersion: v1, kind: ConfigMap, name: "{{ `1` }}", namespace: a}',
      'has no name',
    ],
    ['no namespace', '{apiVersion: v1, kind: ConfigMap, name: a}', 'needs a namespace'],
    ['a namespace too many', '{apiVersion: v1, kind: Namespace, name: a, namespace: b}', 'has no namespaces'],
    [
      'data that is a list',
      '{apiVersion: v1, kind: ConfigMap, name: a, namespace: b, data: [1]}',
      'is no object',
    ],
    ['an unknown variable', '{apiVersion: v1, kind: ConfigMap, name: "{{ nope.x }}", namespace: b}', 'nope'],
    ['a list that is not there', '{foreach: [{list: request.object.none}]}', 'none'],
  ])('is an error with %s', (_, block, message) => {
    expect(generated(policy([block]))).toMatchObject([
      { status: 'error', message: expect.stringContaining(message), generated: [] },
    ]);
  });

  it('of a Policy stay in its namespace', () => {
    const trigger = object('{apiVersion: v1, kind: Pod, metadata: {name: t, namespace: shop}}');
    const namespaced = (block: string): unknown =>
      generated(
        `{kind: Policy, metadata: {name: p, namespace: shop}, spec: {rules: [{name: r, match: {any: [{resources: {kinds: [Pod]}}]}, generate: ${block}}]}}`,
        [secret],
        {},
        trigger,
      ).map(({ status }) => status);
    expect(namespaced('{apiVersion: v1, kind: Secret, name: a, namespace: shop}')).toEqual(['pass']);
    expect(namespaced('{apiVersion: v1, kind: Secret, name: a, namespace: other}')).toEqual(['error']);
    expect(
      namespaced(
        '{apiVersion: v1, kind: Secret, name: a, namespace: shop, clone: {namespace: default, name: regcred}}',
      ),
    ).toEqual(['error']);
  });

  it('end at the budget, whatever they would make', () => {
    const hostile = (block: string, sources: readonly KubernetesObject[] = []): unknown =>
      generated(policy([block]), sources, { steps: 20_000 });
    const ended = [{ status: 'error', message: expect.stringContaining('20000 steps'), generated: [] }];
    const each = (rest: string): string =>
      `{foreach: [{list: "split('${','.repeat(5_000)}', ',')", apiVersion: v1, kind: Secret, name: "n{{ elementIndex }}", namespace: a, ${rest}}]}`;
    const large = object(
      `{apiVersion: v1, kind: Secret, metadata: {name: l, namespace: b}, data: {${Array.from({ length: 500 }, (_, i) => `k${i}: v`).join(', ')}}}`,
    );
    expect(hostile(each('data: {a: {b: {c: {d: 1}}}}'))).toMatchObject(ended);
    expect(hostile(each('clone: {name: l, namespace: b}'), [large])).toMatchObject(ended);
    const kinds = Array.from({ length: 200 }, () => 'v1/Secret').join(', ');
    expect(
      hostile(`{namespace: a, synchronize: true, cloneList: {namespace: b, kinds: [${kinds}]}}`, [large]),
    ).toMatchObject(ended);
  });

  it('take keys as __proto__ for data', () => {
    const data = object('{}');
    Object.defineProperty(data, '__proto__', { value: { polluted: 1 }, enumerable: true });
    const source = object(policy(['{apiVersion: v1, kind: ConfigMap, name: a, namespace: b, data: {}}']));
    const [rule] = (source.spec as { rules: { generate: Record<string, unknown> }[] }).rules;
    if (rule !== undefined) rule.generate.data = data;
    const [result] = evaluatePolicy(source, requestFor(namespace), { now: NOW, cloneSources: () => [] });
    expect(result?.status).toBe('pass');
    expect(Object.keys(result?.generated?.[0] ?? {})).toContain('__proto__');
    expect({}).not.toHaveProperty('polluted');
  });

  it('may copy what the environment knows', () => {
    const objects: ClusterObjects = { get: () => secret, list: () => [secret], complete: true };
    const clone =
      '{apiVersion: v1, kind: Secret, name: a, namespace: b, clone: {namespace: default, name: regcred}}';
    const list = '{namespace: b, cloneList: {namespace: default, kinds: [v1/Secret]}}';
    expect(generated(policy([clone, list]), [], { objects })).toMatchObject([
      { generated: [{ metadata: { name: 'a' } }] },
      { generated: [{ metadata: { name: 'regcred' } }] },
    ]);
  });
});

describe('kyverno-test.yaml with generatedResource', () => {
  const clone =
    '{apiVersion: v1, kind: Secret, name: regcred, namespace: "{{ request.object.metadata.name }}", clone: {namespace: default, name: regcred}}';
  const files = (results: string, more: Readonly<Record<string, string>> = {}): TestFiles => {
    const all: Record<string, string> = {
      'policy.yaml': policy([quota('q'), clone]),
      'ns.yaml': JSON.stringify(namespace),
      'source.yaml': JSON.stringify(secret),
      'quota.yaml': `apiVersion: v1
kind: ResourceQuota
metadata: {name: q, namespace: shop, annotations: {}, labels: {generate.kyverno.io/rule-name: any}}
spec: {hard: {pods: gold}}
`,
      'copy.yaml': `apiVersion: v1
kind: Secret
metadata: {name: regcred, namespace: shop, labels: {clone: "yes", app.kubernetes.io/managed-by: kyverno}}
type: Opaque
data: {password: aGVsbG8=}
`,
      'kyverno-test.yaml': `{kind: Test, metadata: {name: t}, policies: [policy.yaml], resources: [ns.yaml], results: [${results}]}`,
      ...more,
    };
    return {
      read: async (path) => (all[path] === undefined ? null : Buffer.from(all[path])),
      list: async () => [],
    };
  };
  const rows = async (results: string, more: Readonly<Record<string, string>> = {}): Promise<unknown> =>
    (await runKyvernoTest('kyverno-test.yaml', files(results, more), NOW)).rows.map(
      ({ resource, actual, ok, reason }) => [resource, actual, ok, reason],
    );
  const result = (rule: string, rest: string): string =>
    `{policy: p, rule: ${rule}, kind: Namespace, resources: [shop], ${rest}}`;
  const made = 'v1/ResourceQuota/shop/q';

  it('compares without the labels in which Kyverno notes where an object is from', async () => {
    expect(await rows(result('r0', 'generatedResource: quota.yaml, result: pass'))).toEqual([
      [made, 'pass', true, 'Ok'],
    ]);
    expect(await rows(result('r0', 'generatedResources: [copy.yaml, quota.yaml], result: pass'))).toEqual([
      [made, 'pass', true, 'Ok'],
    ]);
    expect(
      await rows(
        result('r1', 'cloneSourceResource: source.yaml, generatedResource: copy.yaml, result: pass'),
      ),
    ).toEqual([['v1/Secret/shop/regcred', 'pass', true, 'Ok']]);
  });

  it('fails for an object that differs, is not expected, or has another status', async () => {
    const other = {
      'quota.yaml': '{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}}',
    };
    expect(await rows(result('r0', 'generatedResource: quota.yaml, result: pass'), other)).toEqual([
      [made, 'pass', false, 'Resource diff'],
    ]);
    expect(await rows(result('r0', 'generatedResource: copy.yaml, result: pass'))).toEqual([
      [made, 'pass', false, 'Resource diff'],
    ]);
    expect(await rows(result('r0', 'generatedResource: quota.yaml, result: skip'))).toEqual([
      [made, 'pass', false, 'Want skip, got pass'],
    ]);
  });

  it('goes by the status where no file is named, and asks for an object where one is', async () => {
    expect(await rows(result('r0', 'result: pass'))).toEqual([[made, 'pass', true, 'Ok']]);
    expect(await rows(result('r1', 'generatedResource: copy.yaml, result: pass'))).toEqual([
      ['v1/Namespace//shop', 'error', false, 'Want pass, got error'],
    ]);
    const nothing = {
      'policy.yaml': policy(['{namespace: shop, cloneList: {namespace: default, kinds: [v1/Secret]}}']),
    };
    expect(await rows(result('r0', 'result: pass'), nothing)).toEqual([
      ['v1/Namespace//shop', 'pass', true, 'Ok'],
    ]);
    expect(await rows(result('r0', 'generatedResource: copy.yaml, result: pass'), nothing)).toEqual([
      ['v1/Namespace//shop', 'pass', false, 'Resource diff'],
    ]);
  });

  it('names a file that is missing', async () => {
    await expect(rows(result('r0', 'generatedResource: no.yaml, result: pass'))).rejects.toThrow(
      'no.yaml: no such file',
    );
    await expect(rows(result('r1', 'cloneSourceResource: no.yaml, result: pass'))).rejects.toThrow('no.yaml');
  });
});
