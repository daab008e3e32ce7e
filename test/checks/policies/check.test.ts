import { describe, expect, it } from '@jest/globals';
import { lintTree, policiesCheck } from '../../../src/checks/policies/index.js';
import { loadManifests } from '../../../src/kubernetes/index.js';
import type { RenderedTarget } from '../../../src/render/index.js';
import { configOf, contextOf, NOW, treeOf } from './support/fakes.js';

function deployment(
  options: {
    image?: string;
    privileged?: boolean;
    name?: string;
    replicas?: number;
    namespace?: string;
  } = {},
): string {
  const {
    image = 'shop/web:1.2.3',
    privileged = false,
    name = 'web',
    replicas = 1,
    namespace = 'shop',
  } = options;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: ${image}
          securityContext:
            privileged: ${privileged}
`;
}

function target(
  name: string,
  cluster: string | null,
  base: string | null,
  result: string | null,
): RenderedTarget {
  const side = (content: string | null): RenderedTarget['base'] =>
    content === null
      ? { status: 'absent' }
      : {
          status: 'rendered',
          manifests: loadManifests(Buffer.from(content), 'apps/web/deployment.yaml').manifests,
        };
  return {
    target: { name, kind: 'kustomize', path: 'apps/web', cluster },
    base: side(base),
    result: side(result),
    touched: true,
  };
}

describe('a file that no target reads', () => {
  it('closes on a new violation, at the very field', async () => {
    const result = await policiesCheck(
      contextOf({ base: {}, result: { 'web.yaml': deployment({ privileged: true }) } }),
    );
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({
      ruleId: 'policies/disallow-privileged-containers/privileged',
      action: 'fix',
      path: 'web.yaml',
      line: 16,
      new: true,
      object: { kind: 'Deployment', namespace: 'shop', name: 'web' },
    });
    expect(result.findings[0]?.help).toContain('Remove `securityContext.privileged`');
    expect(result.notVerified).toEqual([]);
  });

  it('counts what was there as debt', async () => {
    const result = await policiesCheck(
      contextOf({
        base: { 'web.yaml': deployment({ privileged: true }) },
        result: { 'web.yaml': deployment({ privileged: true, replicas: 3 }) },
      }),
    );
    expect(result.findings).toEqual([]);
    expect(result.debt).toEqual({ count: 1, delta: 0 });
  });

  it('calls it new with a new image, and old after a move or rename', async () => {
    const base = { 'web.yaml': deployment({ privileged: true }) };
    const image = await policiesCheck(
      contextOf({ base, result: { 'web.yaml': deployment({ privileged: true, image: 'evil:2' }) } }),
    );
    expect(image.findings).toHaveLength(1);
    const moved = await policiesCheck(
      contextOf({ base, result: { 'b/web.yaml': deployment({ privileged: true, name: 'shop' }) } }),
    );
    expect(moved.findings).toEqual([]);
    expect(moved.debt).toEqual({ count: 1, delta: 0 });
  });

  it.each(['lifecycle: {postStart: {exec: {command: [sh]}}}', 'livenessProbe: {exec: {command: [sh]}}'])(
    'calls it new with another command in %s',
    async (field) => {
      const base = deployment({ privileged: true });
      const { findings } = await policiesCheck(
        contextOf({ base: { 'web.yaml': base }, result: { 'web.yaml': `${base}          ${field}\n` } }),
      );
      expect(findings).toHaveLength(1);
    },
  );

  it.each<[string, string | null, string | null, number]>([
    ['counts a move between targets of one cluster', 'eu', 'eu', 0],
    ['takes no debt from one cluster into another', 'dev', 'prod', 1],
    ['takes no debt from where no cluster is known into one', null, 'prod', 1],
    ['takes no debt between two targets of no known cluster', null, null, 1],
  ])('%s', async (_, from, to, findings) => {
    const clean = deployment({ name: 'other' });
    const broken = `${clean}---\n${deployment({ privileged: true })}`;
    const result = await policiesCheck(
      contextOf({
        base: {},
        result: {},
        targets: [target('kustomize/a', from, broken, clean), target('kustomize/b', to, clean, broken)],
      }),
    );
    expect(result.findings).toHaveLength(findings);
  });

  it('knows a renamed target of no known cluster, but not a file that a cluster comes to apply', async () => {
    const broken = deployment({ privileged: true });
    const renamed = await policiesCheck(
      contextOf({
        base: {},
        result: {},
        targets: [target('kustomize/a', null, broken, null), target('kustomize/b', null, null, broken)],
      }),
    );
    expect(renamed.findings).toEqual([]);
    const applied = await policiesCheck(
      contextOf({
        base: { 'old/web.yaml': broken },
        result: {},
        targets: [target('kustomize/b', 'prod', null, broken)],
      }),
    );
    expect(applied.findings).toHaveLength(1);
  });

  it('takes one of several copies for the moved one', async () => {
    const result = await policiesCheck(
      contextOf({
        base: { 'web.yaml': deployment({ privileged: true }) },
        result: {
          'b/web.yaml': deployment({ privileged: true, name: 'shop' }),
          'b/copies.yaml': ['one', 'two'].map((name) => deployment({ privileged: true, name })).join('---\n'),
        },
      }),
    );
    expect(result.findings).toHaveLength(2);
    expect(result.debt).toEqual({ count: 1, delta: 0 });
  });

  it('shows the debt as mended', async () => {
    const result = await policiesCheck(
      contextOf({
        base: { 'web.yaml': deployment({ privileged: true }) },
        result: { 'web.yaml': deployment() },
      }),
    );
    expect(result.debt).toEqual({ count: 0, delta: -1 });
  });

  it('closes on everything without the ratchet', async () => {
    const result = await policiesCheck(
      contextOf({
        base: { 'web.yaml': deployment({ privileged: true }) },
        result: { 'web.yaml': deployment({ privileged: true, replicas: 2 }) },
        config: configOf({ ratchet: false }),
      }),
    );
    expect(result.findings).toMatchObject([{ new: false, action: 'fix' }]);
  });

  it('does not verify what does not parse, and leaves other YAML alone', async () => {
    const result = await policiesCheck(
      contextOf({
        base: {},
        result: {
          'broken.yaml': 'apiVersion: v1\nkind: [\n',
          'ci.yaml': 'on: push\njobs: {}\n',
          'readme.md': 'x',
        },
      }),
    );
    expect(result.notVerified).toMatchObject([
      { closes: true, what: expect.stringContaining('broken.yaml') },
    ]);
    expect(result.findings).toEqual([]);
  });

  it('finds fields that do not exist', async () => {
    const content = deployment().replace('replicas: 1', 'replica: 1');
    const result = await policiesCheck(contextOf({ base: {}, result: { 'web.yaml': content } }));
    expect(result.findings).toMatchObject([{ ruleId: 'policies/schema', path: 'web.yaml', line: 7 }]);
  });
});

describe('rendered targets', () => {
  it('tells one root cause with all its targets and clusters', async () => {
    const content = deployment({ privileged: true });
    const result = await policiesCheck(
      contextOf({
        base: {},
        result: { 'apps/web/deployment.yaml': content },
        targets: [
          target('eu:kustomize/web', 'eu', null, content),
          target('us:kustomize/web', 'us', null, content),
        ],
        reads: () => ['eu:kustomize/web', 'us:kustomize/web'],
      }),
    );
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({
      targets: ['eu:kustomize/web', 'us:kustomize/web'],
      clusters: ['eu', 'us'],
      path: 'apps/web/deployment.yaml',
      line: 16,
    });
  });

  it('judges what is rendered, not the file', async () => {
    const result = await policiesCheck(
      contextOf({
        base: {},
        result: { 'apps/web/patch.yaml': deployment({ privileged: true }) },
        targets: [target('kustomize/web', null, deployment(), deployment())],
        reads: () => ['kustomize/web'],
      }),
    );
    expect(result.findings).toEqual([]);
  });

  it('does not verify a target that fails to render', async () => {
    const failed: RenderedTarget = {
      ...target('kustomize/web', null, null, deployment()),
      result: { status: 'failed', reason: 'boom' },
    };
    const result = await policiesCheck(contextOf({ base: {}, result: {}, targets: [failed] }));
    expect(result.notVerified).toEqual([{ what: 'kustomize/web', reason: 'boom', closes: true }]);
  });
});

describe('the base decides', () => {
  const policy = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: own}
spec:
  validationFailureAction: Enforce
  rules:
    - name: team
      match: {any: [{resources: {kinds: [Deployment]}}]}
      validate:
        message: a team label is needed
        pattern: {metadata: {labels: {team: "?*"}}}
`;
  it('takes policies from the configuration only', async () => {
    const config = configOf({ packs: [], paths: ['policies'] }, { 'policies/own.yaml': policy });
    const result = await policiesCheck(contextOf({ base: {}, result: { 'web.yaml': deployment() }, config }));
    expect(result.findings).toMatchObject([
      { ruleId: 'policies/own/team', message: expect.stringContaining('a team label is needed'), line: 3 },
    ]);
  });

  it('audits only where the whole selector of an override fits', async () => {
    const override = (selector: string): string => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: few}
spec:
  validationFailureAction: Enforce
  validationFailureActionOverrides:
    - {action: Audit, namespaces: [shop], namespaceSelector: ${selector}}
  rules:
    - name: one
      match: {any: [{resources: {kinds: [Deployment]}}]}
      validate: {pattern: {spec: {replicas: 1}}}
`;
    const namespace = '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
    const actionWith = async (selector: string): Promise<unknown> => {
      const result = await policiesCheck(
        contextOf({
          base: {},
          result: { 'web.yaml': deployment({ replicas: 2 }) },
          config: configOf({ packs: [], paths: ['p.yaml'] }, { 'p.yaml': override(selector) + namespace }),
        }),
      );
      return result.findings.map(({ action }) => action);
    };
    expect(await actionWith('{matchExpressions: [{key: lax, operator: Exists}]}')).toEqual(['fix']);
    expect(await actionWith('{matchLabels: {lax: "*"}}')).toEqual(['fix']);
    expect(await actionWith('{matchExpressions: [{key: lax, operator: DoesNotExist}]}')).toEqual(['inform']);
    expect(await actionWith('{matchLabels: {kubernetes.io/metadata.name: "sh*"}}')).toEqual(['inform']);
  });

  it('closes when a configured policy is missing or broken', async () => {
    const missing = await policiesCheck(
      contextOf({ base: {}, result: {}, config: configOf({ paths: ['nowhere'] }) }),
    );
    expect(missing.notVerified).toMatchObject([{ closes: true }]);
    const broken = await policiesCheck(
      contextOf({ base: {}, result: {}, config: configOf({ paths: ['p'] }, { 'p/a.yaml': 'kind: [' }) }),
    );
    expect(broken.notVerified).toMatchObject([{ closes: true }]);
    const unknown = await policiesCheck(
      contextOf({ base: {}, result: {}, config: configOf({ packs: ['basline'] }) }),
    );
    expect(unknown.notVerified).toMatchObject([
      { closes: true, reason: expect.stringContaining('baseline') },
    ]);
  });

  it('shows what a changed policy would newly refuse, and still judges by the old one', async () => {
    const config = configOf({ packs: [], paths: ['policies'] }, { 'policies/own.yaml': policy });
    const strict = policy.replace('team: "?*"', 'team: shop');
    const labelled = deployment().replace(
      '  namespace: shop\n',
      '  namespace: shop\n  labels: {team: pay}\n',
    );
    const result = await policiesCheck(
      contextOf({
        base: { 'policies/own.yaml': policy, 'web.yaml': labelled },
        result: { 'policies/own.yaml': strict, 'web.yaml': labelled },
        config,
      }),
    );
    expect(result.findings).toMatchObject([
      {
        ruleId: 'policies/policy-changed',
        action: 'inform',
        message: expect.stringContaining('newly fail: Deployment shop/web'),
      },
    ]);
  });
});

describe('namespaces', () => {
  const namespace = (level: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: ${level}}}\n---\n`;

  it("honours the base's own pod-security level, not the change's", async () => {
    const bad = deployment({ privileged: true });
    const trusted = await policiesCheck(
      contextOf({
        base: { 'a.yaml': namespace('privileged') },
        result: { 'a.yaml': namespace('privileged') + bad },
      }),
    );
    expect(trusted.findings).toMatchObject([{ action: 'inform' }]);
    const own = await policiesCheck(
      contextOf({ base: {}, result: { 'a.yaml': namespace('privileged') + bad } }),
    );
    expect(own.findings).toMatchObject([{ action: 'fix' }]);
  });
});

describe('a cluster', () => {
  const namespace = (labels: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n---\n`;
  const privileged = namespace('pod-security.kubernetes.io/enforce: privileged');

  it('is not judged by what the namespaces of another one allow', async () => {
    const bad = deployment({ privileged: true });
    const result = await policiesCheck(
      contextOf({
        base: {},
        result: { 'apps/web/deployment.yaml': bad },
        targets: [
          target('dev:kustomize/web', 'dev', privileged, privileged + bad),
          target('prod:kustomize/web', 'prod', namespace(''), namespace('') + bad),
        ],
        reads: () => ['dev:kustomize/web', 'prod:kustomize/web'],
      }),
    );
    expect(result.findings.map(({ action, clusters }) => [action, clusters])).toEqual([
      ['inform', ['dev']],
      ['fix', ['prod']],
    ]);
  });

  it('whose namespace has no label in one place is not lax by the label in another', async () => {
    const bad = deployment({ privileged: true });
    const result = await policiesCheck(
      contextOf({
        base: { 'a.yaml': privileged, 'b.yaml': namespace('') },
        result: { 'a.yaml': privileged + bad, 'b.yaml': `${namespace('')}# x\n` },
      }),
    );
    expect(result.findings).toMatchObject([{ action: 'fix' }]);
  });
});

describe('pod templates of other kinds', () => {
  it('are judged by the packs at their own place', async () => {
    const cloneSet = deployment({ privileged: true })
      .replace('apps/v1', 'apps.kruise.io/v1alpha1')
      .replace('kind: Deployment', 'kind: CloneSet');
    const result = await policiesCheck(contextOf({ base: {}, result: { 'a.yaml': cloneSet } }));
    expect(result.findings).toMatchObject([
      { ruleId: 'policies/disallow-privileged-containers/privileged', line: 16 },
    ]);
    expect(result.notVerified).toMatchObject([{ closes: false }]);
  });
});

describe('lintTree', () => {
  it('takes what SOPS adds for what decryption takes away, and nothing else of the file', async () => {
    const sealed = 'ENC[AES256_GCM,data:3mYq,iv:AAAA,tag:AAAA,type:str]';
    const file = (extra: string, mac: string) =>
      [
        'apiVersion: v1',
        'kind: Secret',
        'metadata: {name: db, namespace: pay}',
        `stringData: {password: "${sealed}"}`,
        `immutable: "${sealed}"`,
        `${extra}`,
        `sops: {mac: "${mac}", lastmodified: "2026-01-01T00:00:00Z", version: 3.9.0}`,
        '',
      ].join('\n');
    const rules = async (content: string) => {
      const tree = treeOf({ 'db.yaml': content });
      const { findings } = await lintTree(tree, { config: configOf(), now: NOW });
      return findings.map(({ message }) => message);
    };
    expect(await rules(file('', sealed))).toEqual([]);
    expect(await rules(file('strignData: {}', sealed))).toEqual([expect.stringContaining('strignData')]);
    expect(await rules(file('', 'forged'))).toHaveLength(2);
  });

  it('judges every manifest file of a tree', async () => {
    const tree = treeOf({
      'a.yaml': deployment({ privileged: true }),
      'b.yaml': deployment(),
      'notes.txt': 'x',
    });
    const result = await lintTree(tree, { config: configOf(), now: NOW });
    expect(result.findings).toMatchObject([{ path: 'a.yaml', line: 16 }]);
  });
});

describe('a change of the packs', () => {
  const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {hostPID: true, containers: [{name: a, image: a:1}]}\n`;
  const configured = (policies: string): string => `version: 1\npolicies: ${policies}\n`;
  const effects = async (policies: string, files: 'base' | 'elsewhere' = 'base'): Promise<string[]> => {
    const base = { '.gitops-gate/config.yaml': configured('{packs: [baseline]}'), 'a.yaml': pod };
    const result = { ...base, '.gitops-gate/config.yaml': configured(policies), 'p/a.yaml': '' };
    const config = configOf({ packs: ['baseline'] }, files === 'base' ? base : {});
    const { findings } = await policiesCheck(contextOf({ base, result, config }));
    return findings
      .filter(({ ruleId }) => ruleId === 'policies/policy-changed')
      .map(({ path, action, message }) => `${path} ${action}: ${message}`);
  };

  it('tells which objects newly fail or pass', async () => {
    expect(await effects('{packs: [supply-chain]}')).toEqual([
      '.gitops-gate/config.yaml inform: ClusterPolicy disallow-host-namespaces of the pack baseline is taken away: no longer fail: Pod shop/a',
      '.gitops-gate/config.yaml inform: ClusterPolicy disallow-unqualified-images of the pack supply-chain is added: newly fail: Pod shop/a',
      '.gitops-gate/config.yaml inform: ClusterPolicy require-digest of the pack supply-chain is added: newly fail: Pod shop/a',
    ]);
  });

  it('is none where the packs stay, the file is broken, or another configuration is in force', async () => {
    expect(await effects('{packs: [baseline], ratchet: false}')).toEqual([]);
    expect(await effects('{packs: [nothing]}')).toEqual([]);
    expect(await effects('{packs: [')).toEqual([]);
    expect(await effects('{packs: [supply-chain]}', 'elsewhere')).toEqual([]);
  });
});
