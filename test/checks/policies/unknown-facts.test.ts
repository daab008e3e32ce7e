import { describe, expect, it } from '@jest/globals';
import { policiesCheck } from '../../../src/checks/policies/index.js';
import type { CheckResult } from '../../../src/contract/index.js';
import type { Manifest } from '../../../src/kubernetes/index.js';
import { loadManifests } from '../../../src/kubernetes/index.js';
import type { RenderedTarget } from '../../../src/render/index.js';
import { configOf, contextOf } from './support/fakes.js';

type Files = Readonly<Record<string, string>>;

interface Around {
  base?: Files;
  policies?: Record<string, unknown>;
  /** Targets that the change does not reach, by the manifests that they make. */
  elsewhere?: Files;
}

/** A change that adds a file (or two, after `---`), judged by one file of policies of the base. */
function judge(policy: string, added: string, around: Around = {}): Promise<CheckResult> {
  const { base = {}, elsewhere = {} } = around;
  const files = { 'policies/p.yaml': policy, ...base };
  const config = configOf({ packs: [], paths: ['policies/'], ...around.policies }, files);
  const context = contextOf({ base: files, result: { ...files, 'a.yaml': added }, config });
  const target = (name: string): RenderedTarget['target'] => ({
    name,
    kind: 'directory',
    path: name,
    cluster: null,
  });
  const manifests = (name: string): readonly Manifest[] =>
    loadManifests(Buffer.from(elsewhere[name] ?? ''), name).manifests;
  const rendered = {
    ...context.rendered,
    targetsReading: async (path: string) =>
      Object.keys(elsewhere).flatMap((name) => (path.startsWith(`${name}/`) ? [target(name)] : [])),
    also: async (names: readonly string[]) =>
      names.map((name): RenderedTarget => {
        const outcome = { status: 'rendered' as const, manifests: manifests(name) };
        return { target: target(name), base: outcome, result: outcome, touched: false };
      }),
  };
  return policiesCheck({ ...context, rendered });
}

/** What closes the gate: rules that ask for a fix, and what is not verified. */
async function closing(judged: Promise<CheckResult>): Promise<string[]> {
  const { findings, notVerified } = await judged;
  return [
    ...findings
      .filter(({ action, suppressed }) => action === 'fix' && suppressed === null)
      .map(({ ruleId }) => ruleId),
    ...notVerified.filter(({ closes }) => closes).map(({ reason }) => reason),
  ];
}

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: [{name: a, image: "x:1"}]}\n';
const DEPLOYMENT =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: shop}\nspec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: "x:1"}]}}}\n';
const REFUSED = ['policies/p/r'];
const UNKNOWN = ['namespace shop (what labels it has) is not known offline'];

function rule(match: string, { name = 'r', more = '', spec = '', deny = '{}' } = {}): string {
  return `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p}
spec: {${spec} rules: [{name: ${name}, match: ${match}, ${more} validate: {${spec === '' ? 'failureAction: Enforce,' : ''} message: m, deny: ${deny}}}]}
`;
}

const namespace = (labels: string, name = 'shop'): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {${labels}}}\n`;
const PODS = '{any: [{resources: {kinds: [Pod]}}]}';
const PROD = 'namespaceSelector: {matchLabels: {env: prod}}';
const OF_PROD = `{any: [{resources: {kinds: [Pod], ${PROD}}}]}`;
const UNLESS_LABELLED =
  'exclude: {any: [{resources: {namespaceSelector: {matchExpressions: [{key: env, operator: DoesNotExist}]}}}]},';

describe('a namespace whose labels nobody knows', () => {
  it('is no pass for a rule that chooses by them', async () => {
    expect(await closing(judge(rule(OF_PROD), POD))).toEqual(UNKNOWN);
    expect(await closing(judge(rule(PODS, { more: UNLESS_LABELLED }), POD))).toEqual(UNKNOWN);
  });

  it('is of no account where the rule would let the object pass, or its name decides', async () => {
    const lax =
      '{conditions: {all: [{key: "{{ request.object.metadata.name }}", operator: Equals, value: b}]}}';
    expect(await closing(judge(rule(OF_PROD, { deny: lax }), POD))).toEqual([]);
    const named = (name: string): string =>
      `{any: [{resources: {kinds: [Pod], namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${name}}}}}]}`;
    expect(await closing(judge(rule(named('shop')), POD))).toEqual(REFUSED);
    expect(await closing(judge(rule(named('other')), POD))).toEqual([]);
    const other = OF_PROD.replace('kinds: [Pod]', 'kinds: [Pod], namespaces: [other]');
    expect(await closing(judge(rule(other), POD))).toEqual([]);
  });

  it('is judged where the repository makes it in a target that the change does not reach', async () => {
    const prod = namespace('env: prod');
    const base = { 'namespaces/shop.yaml': prod };
    expect(await closing(judge(rule(OF_PROD), POD, { base, elsewhere: { namespaces: prod } }))).toEqual(
      REFUSED,
    );
    const dev = namespace('env: dev');
    expect(await closing(judge(rule(OF_PROD), POD, { base, elsewhere: { namespaces: dev } }))).toEqual([]);
    expect(await closing(judge(rule(OF_PROD), POD, { base }))).toEqual(REFUSED);
    const declared = { 'policies/namespace.yaml': dev };
    expect(await closing(judge(rule(OF_PROD), POD, { base: declared }))).toEqual([]);
  });

  it('does not make an exception or an override of a rule', async () => {
    const exception = (labels: string): string =>
      `${rule(PODS)}---\napiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: {name: e, namespace: kyverno}\nspec: {exceptions: [{policyName: p, ruleNames: [r]}], match: {any: [{resources: {kinds: [Pod], namespaceSelector: ${labels}}}]}}\n`;
    const unlabelled = '{matchExpressions: [{key: env, operator: DoesNotExist}]}';
    expect(await closing(judge(exception(unlabelled), POD))).toEqual(REFUSED);
    const around = { base: { 'policies/namespace.yaml': namespace('') } };
    expect(await closing(judge(exception(unlabelled), POD, around))).toEqual([]);
    const overridden = (action: string, otherwise: string): string =>
      rule(PODS, {
        spec: `validationFailureAction: ${otherwise}, validationFailureActionOverrides: [{action: ${action}, namespaceSelector: ${unlabelled}}],`,
      });
    expect(await closing(judge(overridden('Audit', 'Enforce'), POD))).toEqual(REFUSED);
    expect(await closing(judge(overridden('Enforce', 'Audit'), POD))).toEqual(REFUSED);
    expect(await closing(judge(overridden('Audit', 'Enforce'), POD, around))).toEqual([]);
  });
});

const pods = 'apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]';

function admission(constraints: string, rest = "validations: [{expression: 'false'}]"): string {
  return `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: p}\nspec: {matchConstraints: {${constraints}}, ${rest}}\n`;
}
const binding = (rest: string): string =>
  `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: b}\nspec: {policyName: p, ${rest}}\n`;

describe('a ValidatingAdmissionPolicy', () => {
  it('is not verified where it chooses by labels that nobody knows, itself, by its binding or in CEL', async () => {
    const rules = `resourceRules: [{${pods}}]`;
    const around = { base: { 'policies/namespace.yaml': namespace('env: prod') } };
    for (const policy of [
      admission(`${rules}, ${PROD}`),
      admission(rules) + binding(`matchResources: {${PROD}}, validationActions: [Deny]`),
    ]) {
      expect(await closing(judge(policy, POD))).toEqual(UNKNOWN);
      expect(await closing(judge(policy, POD, around))).toEqual(['policies/p']);
    }
    const lenient = admission(
      rules,
      `validations: [{expression: "!('env' in namespaceObject.metadata.labels)"}]`,
    );
    expect(await closing(judge(lenient, POD))).toEqual(UNKNOWN);
    expect(await closing(judge(lenient, POD, around))).toEqual(['policies/p']);
    const kyverno = admission(`${rules}, ${PROD}`)
      .replace('admissionregistration.k8s.io', 'policies.kyverno.io')
      .replace('ValidatingAdmissionPolicy', 'ValidatingPolicy');
    expect(await closing(judge(kyverno, POD))).toEqual(UNKNOWN);
  });

  it('refuses what its binding says to deny, and else tells', async () => {
    const policy = admission(`resourceRules: [{${pods}}]`);
    expect(await closing(judge(policy + binding('validationActions: [Deny, Audit]'), POD))).toEqual([
      'policies/p',
    ]);
    const two = binding('validationActions: [Warn]') + binding('validationActions: [Deny]');
    expect(await closing(judge(policy + two, POD))).toEqual(['policies/p']);
    const told = await judge(policy + binding('validationActions: [Warn, Audit]'), POD);
    expect(told.findings).toMatchObject([{ ruleId: 'policies/p', action: 'inform' }]);
  });

  it('takes no parameters of another namespace, and none where its binding names none', async () => {
    const map = (of: string, allowed: string): string =>
      `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: limits, namespace: ${of}}\ndata: {allowed: "${allowed}"}\n`;
    const policy = admission(
      `resourceRules: [{${pods}}]`,
      'paramKind: {apiVersion: v1, kind: ConfigMap}, validations: [{expression: "params == null || params.data.allowed == \'yes\'"}]',
    );
    const named = policy + binding('paramRef: {name: limits, parameterNotFoundAction: Deny}');
    const missing = ['parameters ConfigMap shop/limits'];
    expect(await closing(judge(named + map('lax', 'yes'), POD))).toEqual(missing);
    expect(await closing(judge(named + map('lax', 'yes') + map('shop', 'no'), POD))).toEqual(['policies/p']);
    const selected = policy + binding('paramRef: {selector: {}, parameterNotFoundAction: Deny}');
    expect(await closing(judge(selected + map('lax', 'yes'), POD))).toEqual(['parameters of kind ConfigMap']);
    expect(await closing(judge(policy + binding('') + map('lax', 'no'), POD))).toEqual([]);
  });

  const versions = ['v1', 'v2'].map(
    (name) => `{name: ${name}, served: true, storage: false, schema: {openAPIV3Schema: {type: object}}}`,
  );
  const crd = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: proxy.example.com}\nspec: {group: example.com, scope: Namespaced, names: {kind: Proxy, plural: proxy}, versions: [${versions.join(', ')}]}\n`;
  const proxy = 'apiVersion: example.com/v1\nkind: Proxy\nmetadata: {name: a}\n';
  const custom = (version: string, resource: string, rest = ''): string =>
    admission(
      `resourceRules: [{apiGroups: [example.com], apiVersions: [${version}], resources: [${resource}], operations: [CREATE] ${rest}}]`,
    );
  const defined = { base: { 'crds/proxy.yaml': crd }, policies: { schemas: ['crds/'] } };

  it('means a custom kind by the plural of its definition, or by the usual ones', async () => {
    expect(await closing(judge(custom('v1', 'proxy'), proxy, defined))).toEqual(['policies/p']);
    expect(await closing(judge(custom('v1', 'proxies'), proxy, defined))).toEqual([]);
    for (const usual of ['proxies', 'proxy'])
      expect(await closing(judge(custom('v1', usual), proxy))).toEqual(['policies/p']);
  });

  it('means every served version of a kind, unless it means one exactly', async () => {
    expect(await closing(judge(custom('v2', 'proxy'), proxy, defined))).toEqual(['policies/p']);
    expect(await closing(judge(custom('v3', 'proxy'), proxy, defined))).toEqual([]);
    const exact = custom('v2', 'proxy').replace(
      'matchConstraints: {',
      'matchConstraints: {matchPolicy: Exact, ',
    );
    expect(await closing(judge(exact, proxy, defined))).toEqual([]);
  });

  it('means an autoscaler in either version', async () => {
    const scaler =
      'apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a, namespace: shop}\nspec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}}\n';
    const policy = (version: string): string =>
      admission(
        `resourceRules: [{apiGroups: [autoscaling], apiVersions: [${version}], resources: [horizontalpodautoscalers], operations: [CREATE]}]`,
      );
    expect(await closing(judge(policy('v2'), scaler))).toEqual(['policies/p']);
    expect(await closing(judge(policy('v2beta2'), scaler))).toEqual([]);
  });

  it('means an object of no known scope by either', async () => {
    for (const scope of ['Namespaced', 'Cluster'])
      expect(await closing(judge(custom('v1', 'proxies', `, scope: ${scope}`), proxy))).toEqual([
        'policies/p',
      ]);
  });
});

describe('policies behind a symlink', () => {
  it('are said not to be read, for others may change them', async () => {
    const reason = 'a symlink is not followed among policies and schemas: put the files themselves here';
    const base = { 'shared/q.yaml': rule(PODS), 'shared/README.md': 'text' };
    const links: Files[] = [
      { 'policies/q.yaml': '-> ../shared/q.yaml' },
      { 'policies/more': '-> ../shared' },
    ];
    for (const link of links)
      expect(await closing(judge(rule(OF_PROD), DEPLOYMENT, { base: { ...base, ...link } }))).toContain(
        reason,
      );
    const readme = { ...base, 'policies/README.md': '-> ../shared/README.md' };
    expect(await closing(judge(rule(OF_PROD), namespace(''), { base: readme }))).toEqual([]);
  });
});

describe('a ClusterPolicy', () => {
  it('means everybody where nobody is declared, by a filter of subjects alone too', async () => {
    const subjects = 'subjects: [{kind: User, name: bob}]';
    expect(await closing(judge(rule(`{all: [{resources: {kinds: [Pod]}}, {${subjects}}]}`), POD))).toEqual(
      REFUSED,
    );
    expect(
      await closing(
        judge(rule(PODS, { more: `exclude: {all: [{resources: {kinds: [Pod]}}, {${subjects}}]},` }), POD),
      ),
    ).toEqual(REFUSED);
  });

  it('is not verified where its expressions ask who applies the object, whatever else they would take', async () => {
    const asking = (expression: string): string =>
      rule(PODS, {
        deny: `{conditions: {all: [{key: "{{ ${expression} }}", operator: AnyIn, value: [bob, dev]}]}}`,
      });
    const expressions = [
      "request.userInfo.username || 'no'",
      'request.clusterRoles',
      'request . \\"roles\\"',
      "serviceAccountName || 'no'",
    ];
    for (const expression of expressions)
      expect(await closing(judge(asking(expression), POD))).toEqual([
        expect.stringContaining('who applies the object (policies.request) is not known offline'),
      ]);
    const request = { username: 'bob', clusterRoles: ['ops'] };
    expect(await closing(judge(asking('request.clusterRoles'), POD, { policies: { request } }))).toEqual([]);
    expect(await closing(judge(asking('request.userInfo.username'), POD, { policies: { request } }))).toEqual(
      REFUSED,
    );
    const data = { 'request.clusterRoles': ['dev'] };
    expect(await closing(judge(asking('request.clusterRoles'), POD, { policies: { data } }))).toEqual(
      REFUSED,
    );
  });

  it('enforces a rule whose derived name is cut off', async () => {
    const name = 'a'.repeat(63);
    expect(await closing(judge(rule(PODS, { name }), DEPLOYMENT))).toEqual([`policies/p/${name}`]);
  });

  const signed = (block: string, more = ''): string =>
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: p}\nspec: {rules: [{name: r, match: {any: [{resources: {kinds: [Pod, Task]}}]}, ${more} verifyImages: [{imageReferences: ["*"], ${block}}]}]}\n`;
  const digested = POD.replace('x:1', `x@sha256:${'a'.repeat(64)}`);

  it('that names signers is not verified, required or not', async () => {
    const [reason = ''] = await closing(
      judge(signed('required: false, attestors: [{entries: [{keys: {publicKeys: k}}]}]'), digested),
    );
    expect(reason).toContain('signature of');
    expect(await closing(judge(signed('required: false'), digested))).toEqual([]);
  });

  it('that says itself where images stand is not verified', async () => {
    const task = 'apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {name: a, namespace: shop}\n';
    const more = 'imageExtractors: {Task: [{path: /spec/steps/*/image}]},';
    const unknown = 'what images the object names (imageExtractors) is not known offline';
    expect(await closing(judge(signed('attestors: []', more), task))).toEqual([unknown]);
    const asked = rule('{any: [{resources: {kinds: [Task]}}]}', {
      more,
      deny: '{conditions: {any: [{key: "{{ images.containers || `{}` }}", operator: NotEquals, value: {}}]}}',
    });
    expect(await closing(judge(asked, task))).toEqual([expect.stringContaining(unknown)]);
  });
});

describe('an ImageValidatingPolicy', () => {
  const policy = (rest: string): string =>
    `apiVersion: policies.kyverno.io/v1\nkind: ImageValidatingPolicy\nmetadata: {name: p}\nspec: {matchConstraints: {resourceRules: [{apiGroups: [example.com], apiVersions: [v1], resources: [tasks], operations: [CREATE]}]}, images: [{name: steps, expression: "object.spec.steps.map(s, s.image)"}], validations: [{expression: "images.steps.all(i, verifyImageSignatures(i, [attestors.k]) > 0)"}], ${rest}}\n`;
  const task = (image: string): string =>
    `apiVersion: example.com/v1\nkind: Task\nmetadata: {name: a, namespace: shop}\nspec: {steps: [{image: "${image}"}]}\n`;

  it('finds images where it says that they stand, and asks for their signatures', async () => {
    expect(await closing(judge(policy(''), task('x:1')))).toEqual(['policies/p']);
    const digested = task(`x@sha256:${'a'.repeat(64)}`);
    for (const rest of ['', 'validationConfigurations: {required: false}'])
      expect(await closing(judge(policy(rest), digested))).toEqual([expect.stringContaining('signature of')]);
    expect(await closing(judge(policy(''), task('!!')))).toEqual(['image 0 of steps is no reference']);
    const text = task('x:1').replace(/\[\{image.*\]/, '{}');
    expect(await closing(judge(policy('').replace('.map(s, s.image)', ''), text))).toEqual([
      'the images steps are no list',
    ]);
  });
});
