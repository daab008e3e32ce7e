import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { diffCheck } from '../../../src/checks/diff/index.js';
import type { CheckResult } from '../../../src/contract/index.js';
import { changeOf, configOf, type Files } from '../../render/fixture.js';
import { application, configMap, fluxKustomization, OWN } from '../../render/gitops/fixture.js';
import { context } from './fakes.js';

/** The diff's answer to a change of files, rendered by the real tools. */
async function diffOf(base: Files, result: Files): Promise<CheckResult> {
  const rendered = await changeOf(base, result, { config: configOf({}, { repositories: [OWN] }) });
  try {
    return await diffCheck(context(await rendered.reached(), { repositories: [OWN] }));
  } finally {
    await rendered.close();
  }
}

/** What keeps the gate closed, a line each. */
async function closing(base: Files, edits: Record<string, string | null>): Promise<string[]> {
  const result = Object.fromEntries(
    Object.entries({ ...base, ...edits }).filter(([, content]) => content !== null),
  ) as Files;
  const { findings, notVerified } = await diffOf(base, result);
  return [
    ...findings
      .filter(({ action }) => action !== 'inform')
      .map(({ ruleId, message }) => `${ruleId}: ${message}`),
    ...notVerified
      .filter(({ closes }) => closes)
      .map(({ what, reason }) => `not verified: ${what}: ${reason}`),
  ];
}

/** What the diff shows to change, as `action Kind/name`. */
async function shown(base: Files, edits: Record<string, string | null>): Promise<string[]> {
  const result = Object.fromEntries(
    Object.entries({ ...base, ...edits }).filter(([, content]) => content !== null),
  ) as Files;
  const { targets } = await diffOf(base, result);
  return (targets ?? []).flatMap(({ name, changes }) =>
    changes.map(
      ({ action, object }) => `${name} ${action} ${object.kind}/${object.namespace}/${object.name}`,
    ),
  );
}

const doc = (value: object): string => stringify(value);
const stream = (...values: object[]): string => values.map((value) => stringify(value)).join('---\n');
const PVC = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'pay' } };
const claim = doc({ ...PVC, spec: { resources: { requests: { storage: '1Gi' } } } });
const crd = doc({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Thing', plural: 'things' },
    versions: [],
  },
});
const privileged = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'pay' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
});

describe('what hides an object from the gate', () => {
  const OVERLAY: Files = {
    'apps/kustomization.yaml': 'resources: [pvc.yaml]\nnamespace: pay\n',
    'apps/pvc.yaml': claim,
  };

  it.each<[string, Record<string, string | null>]>([
    ['leaving it out of the resources', { 'apps/kustomization.yaml': 'resources: []\nnamespace: pay\n' }],
    [
      'a patch that deletes it',
      {
        'apps/kustomization.yaml':
          'resources: [pvc.yaml]\nnamespace: pay\npatches: [{patch: "apiVersion: v1\\nkind: PersistentVolumeClaim\\nmetadata: {name: data, namespace: pay}\\n$patch: delete\\n"}]\n',
      },
    ],
    [
      'a component that deletes it',
      {
        'apps/kustomization.yaml': 'resources: [pvc.yaml]\nnamespace: pay\ncomponents: [../c]\n',
        'c/kustomization.yaml':
          'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{target: {kind: PersistentVolumeClaim}, patch: "$patch: delete\\nkind: PersistentVolumeClaim\\nmetadata: {name: data}\\n"}]\n',
      },
    ],
    ['another namespace', { 'apps/kustomization.yaml': 'resources: [pvc.yaml]\nnamespace: other\n' }],
    [
      'another name by prefix',
      { 'apps/kustomization.yaml': 'resources: [pvc.yaml]\nnamespace: pay\nnamePrefix: x-\n' },
    ],
    [
      'a mark that it is local configuration',
      {
        'apps/pvc.yaml': claim.replace(
          'namespace: pay',
          'namespace: pay\n  annotations: {config.kubernetes.io/local-config: "true"}',
        ),
      },
    ],
    [
      'a transformer that renames it',
      {
        'apps/kustomization.yaml': 'resources: [pvc.yaml]\nnamespace: pay\ntransformers: [t.yaml]\n',
        'apps/t.yaml':
          'apiVersion: builtin\nkind: PrefixSuffixTransformer\nmetadata: {name: t}\nprefix: y-\nfieldSpecs: [{path: metadata/name}]\n',
      },
    ],
    [
      'a replacement of its name',
      {
        'apps/kustomization.yaml':
          'resources: [pvc.yaml, cm.yaml]\nnamespace: pay\nreplacements: [{source: {kind: ConfigMap, fieldPath: data.a}, targets: [{select: {kind: PersistentVolumeClaim}, fieldPaths: [metadata.name]}]}]\n',
        'apps/cm.yaml': configMap('cm', { a: 'other' }, 'pay'),
      },
    ],
    [
      'a folder above that wraps it',
      {
        'apps/kustomization.yaml': null,
        'apps/pvc.yaml': null,
        'kustomization.yaml': 'resources: [deep]\nnamespace: else\n',
        'deep/kustomization.yaml': 'resources: [pvc.yaml]\n',
        'deep/pvc.yaml': claim,
      },
    ],
  ])('%s', async (_, edits) => {
    const found = await closing(OVERLAY, edits);
    expect(found.join('\n')).toMatch(/data-loss|target-vanished/);
  });

  it('a Prune=false on the same change is no way past: what is there already is not annotated', async () => {
    const annotated = claim.replace(
      'namespace: pay',
      'namespace: pay\n  annotations: {argocd.argoproj.io/sync-options: Prune=false}',
    );
    const found = await closing(
      { 'apps/kustomization.yaml': 'resources: [pvc.yaml]\n', 'apps/pvc.yaml': claim },
      { 'apps/pvc.yaml': annotated.replace('name: data', 'name: other') },
    );
    expect(found.join('\n')).toMatch(/data-loss/);
  });

  it('a target that fails before and after, with changed inputs, closes', async () => {
    const broken = 'resources: [missing.yaml, cm.yaml]\n';
    const found = await closing(
      { 'apps/kustomization.yaml': broken, 'apps/cm.yaml': configMap('a') },
      { 'apps/cm.yaml': configMap('b') },
    );
    expect(found.join('\n')).toMatch(/not verified|not-rendered/);
  });

  it('an openapi schema that merges lists otherwise is rendered as it is', async () => {
    const base = {
      'apps/kustomization.yaml': 'resources: [d.yaml]\npatches: [{path: p.yaml}]\n',
      'apps/d.yaml': doc(privileged('a:1')),
      'apps/p.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: pay}\nspec: {template: {spec: {containers: [{name: web, env: [{name: A, value: b}]}]}}}\n',
    };
    const schema = JSON.stringify({
      definitions: {
        'v1.Deployment': {
          type: 'object',
          'x-kubernetes-group-version-kind': [{ group: 'apps', kind: 'Deployment', version: 'v1' }],
          properties: {},
        },
      },
    });
    const found = await shown(base, {
      'apps/kustomization.yaml': 'resources: [d.yaml]\npatches: [{path: p.yaml}]\nopenapi: {path: s.json}\n',
      'apps/s.json': schema,
    });
    // Without the merge key the patch takes the list's place: the image goes.
    expect(found).toContain('kustomize/apps update Deployment/pay/web');
  });
});

describe('Argo CD', () => {
  const APP: Files = {
    'app.yaml': application({ path: 'web' }),
    'web/kustomization.yaml': 'resources: [cm.yaml]\n',
    'web/cm.yaml': configMap('web'),
  };

  it('.argocd-source.yaml alone changes what is deployed', async () => {
    const found = await shown(APP, { 'web/.argocd-source.yaml': 'kustomize: {namePrefix: evil-}\n' });
    expect(found.join('\n')).toContain('create ConfigMap/shop/evil-web');
  });

  it.each(['feature', 'v1.0.0', '0123456789012345678901234567890123456789', 'refs/pull/7/head'])(
    'a targetRevision of %s of this repository asks for approval',
    async (targetRevision) => {
      const found = await closing(APP, { 'app.yaml': application({ path: 'web', targetRevision }) });
      expect(found.join('\n')).toMatch(/source-ungoverned/);
    },
  );

  it('an element that leaves an ApplicationSet deletes what its Application deployed', async () => {
    const set = (...names: string[]) =>
      doc({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'ApplicationSet',
        metadata: { name: 'set', namespace: 'argocd' },
        spec: {
          generators: [{ list: { elements: names.map((name) => ({ name })) } }],
          template: {
            metadata: { name: '{{name}}' },
            spec: {
              project: 'default',
              source: { repoURL: OWN, path: 'web' },
              destination: { server: 'https://kubernetes.default.svc', namespace: '{{name}}' },
            },
          },
        },
      });
    const found = await closing({ ...APP, 'set.yaml': set('a', 'b') }, { 'set.yaml': set('a') });
    expect(found.join('\n')).toMatch(/data-loss: .*Application argocd\/b/);
  });

  it('a folder that leaves a git generator does too', async () => {
    const set = doc({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'set', namespace: 'argocd' },
      spec: {
        generators: [
          {
            git: {
              repoURL: OWN,
              revision: 'main',
              directories: [{ path: 'envs/*' }],
            },
          },
        ],
        template: {
          metadata: { name: '{{path.basename}}' },
          spec: {
            project: 'default',
            source: { repoURL: OWN, path: '{{path}}' },
            destination: { server: 'https://kubernetes.default.svc', namespace: 'x' },
          },
        },
      },
    });
    const base = { 'set.yaml': set, 'envs/a/cm.yaml': configMap('a'), 'envs/b/cm.yaml': configMap('b') };
    const found = await closing(base, { 'envs/b/cm.yaml': null, 'old/b/cm.yaml': configMap('b') });
    expect(found.join('\n')).toMatch(/data-loss: .*Application argocd\/b/);
  });

  it('the same object of two targets, taken from one, is told of that one', async () => {
    const base = {
      'a/kustomization.yaml': 'resources: [../shared]\n',
      'b/kustomization.yaml': 'resources: [../shared]\n',
      'shared/kustomization.yaml': 'resources: [pvc.yaml]\n',
      'shared/pvc.yaml': claim,
    };
    const found = await closing(base, { 'b/kustomization.yaml': 'resources: []\n' });
    expect(found.join('\n')).toMatch(/data-loss/);
  });

  it('an object that becomes a hook is pruned', async () => {
    const hook = claim.replace(
      'namespace: pay',
      'namespace: pay\n  annotations: {argocd.argoproj.io/hook: PostSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded}',
    );
    const base = { 'web/kustomization.yaml': 'resources: [pvc.yaml]\n', 'web/pvc.yaml': claim };
    expect((await closing(base, { 'web/pvc.yaml': hook })).join('\n')).toMatch(/data-loss/);
  });
});

describe('what makes a deployer read less', () => {
  const PRUNED = { syncPolicy: { automated: { prune: true } } };
  const ARGO: Files = { 'app.yaml': application({ path: 'web' }, PRUNED), 'web/pvc.yaml': claim };
  it.each<[string, Record<string, string | null>]>([
    [
      'a comment that has Argo CD skip the file',
      { 'web/pvc.yaml': `# +argocd:skip-file-rendering\n${claim}` },
    ],
    [
      'an exclude',
      { 'app.yaml': application({ path: 'web', directory: { exclude: '*.yaml', recurse: true } }, PRUNED) },
    ],
    ['an override file that excludes', { 'web/.argocd-source.yaml': 'directory: {exclude: "pvc*"}\n' }],
    ['a move into a folder that is not recursed into', { 'web/pvc.yaml': null, 'web/deep/pvc.yaml': claim }],
  ])('Argo CD: %s', async (_, edits) => {
    expect((await closing(ARGO, edits)).join('\n')).toMatch(/data-loss|target-vanished/);
  });

  const FLUX: Files = {
    'clusters/prod/k.yaml': fluxKustomization({ path: './web' }),
    'web/pvc.yaml': claim,
    'web/cm.yaml': configMap('cm', {}, 'pay'),
  };
  it.each<[string, Record<string, string | null>]>([
    ['a .sourceignore at the root', { '.sourceignore': '/web/pvc.yaml\n' }],
    ['a .sourceignore that is anchored elsewhere', { '.sourceignore': 'pvc.*\n' }],
    ['a kustomization that lists less', { 'web/kustomization.yaml': 'resources: [cm.yaml]\n' }],
    [
      'another path',
      { 'clusters/prod/k.yaml': fluxKustomization({ path: './other' }), 'other/cm.yaml': configMap('cm') },
    ],
  ])('Flux: %s', async (_, edits) => {
    expect((await closing(FLUX, edits)).join('\n')).toMatch(/data-loss|target-moved/);
  });
});

describe('helm', () => {
  const BASE: Files = {
    'c/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
    'c/crds/thing.yaml': crd,
    'c/templates/cm.yaml': configMap('a'),
  };

  it('a definition that leaves crds/ takes every object of its kind along', async () => {
    const found = await closing(BASE, { 'c/crds/thing.yaml': null });
    expect(found.join('\n')).toMatch(/data-loss|left-behind/);
  });

  it.each<[string, string]>([
    ['outside of the repository', 'file://../../../etc'],
    ['an absolute one', 'file:///etc'],
  ])('a file:// dependency %s is not read', async (_, repository) => {
    const found = await closing(BASE, {
      'c/Chart.yaml': doc({
        apiVersion: 'v2',
        name: 'c',
        version: '1.0.0',
        dependencies: [{ name: 'etc', version: '1.0.0', repository }],
      }),
    });
    expect(found.join('\n')).toMatch(/not-rendered|render-failed/);
  });

  it('a subchart that is added is rendered', async () => {
    const found = await shown(BASE, {
      'c/charts/s/Chart.yaml': doc({ apiVersion: 'v2', name: 's', version: '1.0.0' }),
      'c/charts/s/templates/x.yaml': configMap('from-subchart'),
    });
    expect(found.join('\n')).toContain('ConfigMap//from-subchart');
  });
});

describe('Flux', () => {
  const image = (tag: string) => doc(privileged(tag));
  const FLUX: Files = {
    'clusters/prod/k.yaml': fluxKustomization({
      path: './web',
      postBuild: {
        substitute: { tag: '1' },
        substituteFrom: [{ kind: 'ConfigMap', name: 'vars', optional: true }],
      },
    }),
    'web/kustomization.yaml': 'resources: [d.yaml]\n',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it
    'web/d.yaml': image('web:${tag}-${flavour:=plain}'),
  };

  it('a substitution that changes the image is seen', async () => {
    const found = await shown(FLUX, {
      'clusters/prod/k.yaml': fluxKustomization({ path: './web', postBuild: { substitute: { tag: '2' } } }),
    });
    expect(found.join('\n')).toMatch(/flux\/.* update Deployment/);
  });

  it('an optional ConfigMap that appears changes what is substituted', async () => {
    const found = await shown(FLUX, {
      'clusters/prod/vars.yaml': configMap('vars', { flavour: 'evil' }, 'flux-system'),
    });
    expect(found.join('\n')).toMatch(/flux\/.* update Deployment/);
  });

  it('two documents of one object: neither hides the other', async () => {
    const twice = stream(privileged('good:1'), privileged('evil:1'));
    const base = { 'plain/d.yaml': image('good:1') };
    const { targets } = await diffOf(base, { 'plain/d.yaml': twice });
    expect(JSON.stringify(targets)).toContain('evil:1');
  });
});
