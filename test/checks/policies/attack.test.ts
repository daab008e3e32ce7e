import { describe, expect, it } from '@jest/globals';
import { policiesCheck } from '../../../src/checks/policies/index.js';
import type { CheckResult } from '../../../src/contract/index.js';
import { configOf, contextOf } from './support/fakes.js';

function judge(result: string, base = '', config = configOf()): Promise<CheckResult> {
  return policiesCheck(
    contextOf({ base: base === '' ? {} : { 'a.yaml': base }, result: { 'a.yaml': result }, config }),
  );
}

/** True where the gate does not open. */
function isClosed({ findings, notVerified }: CheckResult): boolean {
  return (
    findings.some(({ action, suppressed }) => action !== 'inform' && suppressed === null) ||
    notVerified.some(({ closes }) => closes)
  );
}

const BAD = '{name: web, image: web:1, securityContext: {privileged: true}}';

describe('a privileged container is found however it is written', () => {
  it.each<[string, string]>([
    ['a Pod', `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [${BAD}]}`],
    [
      'initContainers',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [], initContainers: [${BAD}]}`,
    ],
    [
      'ephemeralContainers',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: x, image: x:1}], ephemeralContainers: [${BAD}]}`,
    ],
    ['generateName', `apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\nspec: {containers: [${BAD}]}`],
    ['no name at all', `apiVersion: v1\nkind: Pod\nspec: {containers: [${BAD}]}`],
    [
      'a List',
      `apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [${BAD}]}}]`,
    ],
    [
      'a PodList whose items name no kind',
      `apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: a}, spec: {containers: [${BAD}]}}]`,
    ],
    [
      'a DeploymentList',
      `apiVersion: apps/v1\nkind: DeploymentList\nitems: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {spec: {containers: [${BAD}]}}}}]`,
    ],
    [
      'a List in a List',
      `apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [${BAD}]}}]}]`,
    ],
    [
      'an old apiVersion',
      `apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}\nspec: {template: {spec: {containers: [${BAD}]}}}`,
    ],
    [
      'a CronJob of an old apiVersion',
      `apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [${BAD}]}}}}}`,
    ],
    [
      'a PodTemplate',
      `apiVersion: v1\nkind: PodTemplate\nmetadata: {name: a}\ntemplate: {spec: {containers: [${BAD}]}}`,
    ],
    [
      "a Job that is not Kubernetes' own",
      `apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\nmetadata: {name: a}\nspec: {tasks: [{name: t, template: {spec: {containers: [${BAD}]}}}]}`,
    ],
    [
      "a DaemonSet that is not Kubernetes' own",
      `apiVersion: apps.kruise.io/v1alpha1\nkind: DaemonSet\nmetadata: {name: a}\nspec: {template: {spec: {containers: [${BAD}]}}}`,
    ],
    [
      'a kind of an operator',
      `apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: a}\nspec: {web: {podTemplate: {spec: {containers: [${BAD}]}}}}`,
    ],
    ['a kind written small', `apiVersion: v1\nkind: pod\nmetadata: {name: a}\nspec: {containers: [${BAD}]}`],
    [
      'a merge key',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nx: &c ${BAD}\nspec: {containers: [{<<: *c}]}`,
    ],
    [
      'YAML 1.1 truth',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: web, image: a:1, securityContext: {privileged: yes}}]}`,
    ],
    [
      'the last duplicate',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: web, image: a:1, securityContext: {privileged: false, privileged: true}}]}`,
    ],
    [
      'a truth in quotes',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: web, image: a:1, securityContext: {privileged: "true"}}]}`,
    ],
    [
      'a manifest within an object',
      `apiVersion: kubernetes.crossplane.io/v1alpha2\nkind: Object\nmetadata: {name: a}\nspec: {forProvider: {manifest: {apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {containers: [${BAD}]}}}}`,
    ],
    [
      'a second document behind an empty one',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [${BAD}]}`,
    ],
    [
      'a document behind an end',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n...\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [${BAD}]}`,
    ],
  ])('%s', async (_name, content) => {
    expect(isClosed(await judge(`${content}\n`))).toBe(true);
  });

  it.each(['a.yml', 'a.YAML', 'a.json', 'deep/er/a.yaml', '.hidden/a.yaml'])('in %s', async (path) => {
    const content = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'a', image: 'a:1', securityContext: { privileged: true } }] },
    });
    expect(isClosed(await policiesCheck(contextOf({ base: {}, result: { [path]: content } })))).toBe(true);
  });
});

describe('a symlink', () => {
  const bad = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [${BAD}]}\n`;
  const linked = (path: string, to: string) =>
    policiesCheck(contextOf({ base: {}, result: { 'data/pod.txt': bad, [path]: `-> ${to}` } }));

  it('is read as what it leads to', async () => {
    const result = await linked('apps/a.yaml', '../data/pod.txt');
    expect(result.findings).toMatchObject([{ action: 'fix', path: 'data/pod.txt' }]);
  });

  it.each(['/etc/passwd', '../../outside.yaml', 'nothing.yaml', 'a.yaml'])(
    'to %s is not verified',
    async (to) => {
      expect((await linked('apps/a.yaml', to)).notVerified).toMatchObject([
        { what: 'apps/a.yaml', closes: true },
      ]);
    },
  );
});

describe('rights are found however they are wrapped', () => {
  const config = configOf({ packs: ['rbac'] });
  const binding =
    '{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: a}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}, subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: eve}]}';
  it.each([
    ['alone', binding],
    ['an old version', binding.replace('rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io/v1beta1')],
    ['in a List', `{apiVersion: v1, kind: List, items: [${binding}]}`],
    [
      'in a list of its kind',
      `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBindingList, items: [${binding}]}`,
    ],
    [
      'in an object of Crossplane',
      `{apiVersion: kubernetes.crossplane.io/v1alpha2, kind: Object, metadata: {name: a}, spec: {forProvider: {manifest: ${binding}}}}`,
    ],
  ])('%s', async (_name, content) => {
    expect(isClosed(await judge(`${content}\n`, '', config))).toBe(true);
  });
});

describe('policies of the user', () => {
  const policy = (rule: string, spec = ''): string => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: own}
spec:
  validationFailureAction: Enforce${spec}
  rules:
    - name: rule
${rule.replaceAll(/^/gm, '      ')}
`;
  const owner = policy(`match: {any: [{resources: {kinds: [ConfigMap]}}]}
exclude: {any: [{resources: {namespaceSelector: {matchLabels: {env: sandbox}}}}]}
validate: {message: owner, pattern: {metadata: {labels: {owner: "?*"}}}}`);
  const namespace = (labels: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n---\n`;
  const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\ndata: {a: b}\n';
  const own = (content: string) => configOf({ packs: [], paths: ['p'] }, { 'p/own.yaml': content });

  it.each(["namespaceObject.metadata.labels['env']", 'namespaceObject.metadata.labels.env'])(
    'are not chosen by a label that %s asks for and the change sets',
    async (expression) => {
      const admission = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: own}
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
  matchConditions: [{name: real, expression: "${expression} != 'sandbox'"}]
  validations: [{expression: "has(object.metadata.labels)", message: owner}]
`;
      const { findings } = await judge(namespace('env: sandbox, en: v') + map, '', own(admission));
      expect(findings).toMatchObject([
        {
          ruleId: 'policies/namespace-label',
          action: 'approve',
          line: 3,
          message: expect.stringContaining('the label env set to'),
        },
      ]);
    },
  );

  it('are not chosen by a label that the change sets', async () => {
    const old = await judge(namespace('env: sandbox') + map, namespace('env: prod'), own(owner));
    expect(old.findings.map(({ ruleId, action }) => [ruleId, action])).toEqual([
      ['policies/own/rule', 'fix'],
      ['policies/namespace-label', 'approve'],
    ]);
    const fresh = await judge(namespace('env: sandbox') + map, '', own(owner));
    expect(fresh.findings).toMatchObject([
      { ruleId: 'policies/namespace-label', action: 'approve', line: 3 },
    ]);
    const alone = await judge(namespace(''), namespace('env: prod'), own(owner));
    expect(alone.findings).toMatchObject([{ message: expect.stringContaining('loses the label env') }]);
    expect((await judge(namespace('team: a'), namespace('team: b'), own(owner))).findings).toEqual([]);
  });

  it('are not chosen by who is not declared', async () => {
    const excluded = policy(`match: {any: [{resources: {kinds: [ConfigMap]}}]}
exclude: {any: [{clusterRoles: [cluster-admin]}, {subjects: [{kind: User, name: "*"}]}]}
validate: {message: owner, pattern: {metadata: {labels: {owner: "?*"}}}}`);
    expect(isClosed(await judge(map, '', own(excluded)))).toBe(true);
  });

  it('compare an object with what it was, where they say so', async () => {
    const immutable = policy(`match: {any: [{resources: {kinds: [ConfigMap], operations: [UPDATE]}}]}
validate:
  message: data stays
  deny: {conditions: {all: [{key: "{{ request.object.data.a }}", operator: NotEquals, value: "{{ request.oldObject.data.a }}"}]}}`);
    const changed = await judge(map.replace('a: b', 'a: c'), map, own(immutable));
    expect(changed.findings).toMatchObject([{ ruleId: 'policies/own/rule', action: 'fix', new: true }]);
    expect((await judge(map, '', own(immutable))).findings).toEqual([]);
    expect(
      (await judge(map.replace('name: a', 'labels: {x: one}, name: a'), map, own(immutable))).findings,
    ).toEqual([]);
  });

  it('refuse that an object is taken away, where they say so', async () => {
    const kept = policy(`match: {any: [{resources: {kinds: [ConfigMap], operations: [DELETE]}}]}
validate: {message: stays, deny: {}}`);
    const gone = await judge('', map, own(kept));
    expect(gone.findings).toMatchObject([
      { ruleId: 'policies/own/rule', action: 'fix', object: { name: 'a' } },
    ]);
    expect((await judge('', map, own(owner))).findings).toEqual([]);
    expect((await judge(`${map}# moved\n`, map, own(kept))).findings).toEqual([]);
  });

  const changed = async (
    before: string,
    after: string,
    more: Record<string, string> = {},
  ): Promise<string[]> => {
    const result = await policiesCheck(
      contextOf({
        base: { 'p/own.yaml': before, 'a.yaml': map },
        result: { 'p/own.yaml': after, 'a.yaml': map, ...more },
        config: own(before),
      }),
    );
    return result.findings
      .filter(({ ruleId }) => ruleId === 'policies/policy-changed')
      .map(({ message }) => message);
  };

  it('tell what they no longer do when the change weakens them', async () => {
    expect(await changed(owner, owner.replace('Enforce', 'Audit'))).toEqual([
      'ClusterPolicy own is changed: it enforces less; are no longer refused: ConfigMap shop/a',
    ]);
    expect(await changed(owner, owner.replace('{labels: {owner: "?*"}}', '{name: "?*"}'))).toEqual([
      'ClusterPolicy own is changed: no longer fail: ConfigMap shop/a',
    ]);
    const exception = `apiVersion: kyverno.io/v2
kind: PolicyException
metadata: {name: all, namespace: kyverno}
spec: {exceptions: [{policyName: own, ruleNames: ["*"]}], match: {any: [{resources: {kinds: ["*"]}}]}}
`;
    expect(await changed(owner, owner, { 'p/exception.yaml': exception })).toEqual([
      'ClusterPolicy own judges otherwise by PolicyException kyverno/all: no longer fail: ConfigMap shop/a',
    ]);
  });

  it('are obeyed as the base has them, whatever the change does to them', async () => {
    const result = await policiesCheck(
      contextOf({
        base: { 'p/own.yaml': owner },
        result: { 'p/own.yaml': owner.replace('Enforce', 'Audit'), 'a.yaml': map },
        config: own(owner),
      }),
    );
    expect(result.findings).toContainEqual(
      expect.objectContaining({ ruleId: 'policies/own/rule', action: 'fix' }),
    );
  });

  it.each<[string, string]>([
    [
      'a regular expression that backtracks',
      `match: {any: [{resources: {kinds: [ConfigMap]}}]}
validate: {message: m, deny: {conditions: {all: [{key: "{{ regex_match('^(a+)+$', '${'a'.repeat(40)}!') }}", operator: Equals, value: false}]}}}`,
    ],
    [
      'JMESPath that multiplies',
      `match: {any: [{resources: {kinds: [ConfigMap]}}]}
validate: {message: m, deny: {conditions: {all: [{key: "{{ length([@]${' | [@, @][]'.repeat(40)}) }}", operator: Equals, value: 1}]}}}`,
    ],
    [
      'CEL with matches that backtracks',
      `match: {any: [{resources: {kinds: [ConfigMap]}}]}
validate: {cel: {expressions: [{expression: "'${'a'.repeat(40)}!'.matches('^(a+)+$')"}]}}`,
    ],
    [
      'CEL in a thousand brackets',
      `match: {any: [{resources: {kinds: [ConfigMap]}}]}
validate: {cel: {expressions: [{expression: "${'('.repeat(3000)}false${')'.repeat(3000)}"}]}}`,
    ],
    [
      'a glob of many stars',
      `match: {any: [{resources: {kinds: [ConfigMap], names: ["${'*a'.repeat(200)}*b", "a"]}}]}
validate: {message: m, pattern: {metadata: {name: "${'*a'.repeat(200)}*b"}}}`,
    ],
  ])('end on %s', async (_name, rule) => {
    expect(isClosed(await judge(map.replace('a: b', `a: ${'a'.repeat(5000)}`), '', own(policy(rule))))).toBe(
      true,
    );
  });
});
