import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { configOf, type Files, reachedBy } from '../fixture.js';
import { application, configMap, fluxKustomization, OWN } from './fixture.js';

/** Names of everything that rendering all of it finds. */
async function targets(files: Files): Promise<string[]> {
  const options = { config: configOf({}, { repositories: [OWN] }) };
  return [...(await reachedBy({}, files, options)).keys()];
}

const APPS: Files = { 'apps/web/cm.yaml': configMap('web') };
const ROOT: Files = { ...APPS, 'root/app.yaml': application({ path: 'apps/web' }) };
const kustomization = (content: object): Files => ({ 'root/kustomization.yaml': stringify(content) });

describe('being looked into hides no Application', () => {
  it.each<readonly [string, Files]>([
    ['by nothing', {}],
    ['as a text', kustomization({ configMapGenerator: [{ name: 'x', files: ['app.yaml'] }] })],
    ['as an environment', kustomization({ secretGenerator: [{ name: 'x', envs: ['app.yaml'] }] })],
    [
      'as a patch of nothing',
      kustomization({ patches: [{ path: 'app.yaml', target: { kind: 'Nothing' } }] }),
    ],
    ['as configuration', kustomization({ configurations: ['app.yaml'] })],
    ['as a schema', kustomization({ crds: ['app.yaml'] })],
    [
      'beside the templates of a chart',
      {
        'root/Chart.yaml': 'apiVersion: v2\nname: root\nversion: 1.0.0\n',
        'root/templates/cm.yaml': configMap('of-the-chart'),
      },
    ],
    [
      'by what another Application builds',
      {
        'other/kustomization.yaml': 'configMapGenerator: [{name: x, files: [sub/app.yaml]}]\n',
        'other/sub/app.yaml': application({ path: 'apps/web' }),
        'root/app.yaml': application({ path: 'other' }, {}, 'other'),
      },
    ],
  ])('%s', async (_, more) => {
    const found = await targets({ ...ROOT, ...more });
    expect(found).toContain('argocd/argocd/web');
    // Its object is compared as well.
    expect(found.filter((name) => /^directory\/(root|other\/sub)$/.test(name))).not.toEqual([]);
  });

  it('nor does another of its name, of what does not look into it', async () => {
    const found = await targets({
      ...ROOT,
      ...kustomization({ configMapGenerator: [{ name: 'x', files: ['app.yaml'] }] }),
      'clusters/test/kustomization.yaml': 'resources: [app.yaml]\n',
      'clusters/test/app.yaml': application({ path: 'apps/web' }, { destination: { name: 'test' } }),
    });
    expect(found.filter((name) => name.endsWith('argocd/argocd/web'))).toHaveLength(2);
  });

  it('nor a Kustomization, HelmRelease or ApplicationSet', async () => {
    const release = stringify({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        chart: { spec: { chart: 'charts/x', sourceRef: { kind: 'GitRepository', name: 'flux-system' } } },
      },
    });
    const set = stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'all', namespace: 'argocd' },
      spec: { generators: [], template: {} },
    });
    const found = await targets({
      ...APPS,
      'root/all.yaml': [fluxKustomization({}), release, set].join('---\n'),
      ...kustomization({ configMapGenerator: [{ name: 'x', files: ['all.yaml'] }] }),
    });
    expect(found).toEqual(
      expect.arrayContaining([
        'flux/flux-system/apps',
        'helmrelease/shop/web',
        'argocd/argocd/applicationset/all',
      ]),
    );
  });
});

it('what a GitOps object builds is not rendered besides as if it stood alone', async () => {
  const files = {
    ...APPS,
    'flux.yaml': fluxKustomization({ path: 'root', namePrefix: 'p-' }),
    'root/kustomization.yaml': 'resources: [app.yaml]\n',
    'root/app.yaml': application({ path: 'apps/web' }),
  };
  expect((await targets(files)).filter((name) => name.startsWith('argocd/'))).toEqual([
    'argocd/argocd/p-web',
  ]);
});

describe('what patches an Application is none itself', () => {
  const patch = (spec: object): string =>
    stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'web', namespace: 'argocd' },
      spec,
    });

  it.each<readonly [string, string]>([
    ['a part of it', patch({ source: { path: 'apps/other' } })],
    ['all of it', application({ path: 'apps/other' })],
  ])('%s', async (_, content) => {
    const files = {
      ...ROOT,
      'apps/other/cm.yaml': configMap('other'),
      'overlay/kustomization.yaml': 'resources: [../root]\npatches: [{path: patch.yaml}]\n',
      'overlay/patch.yaml': content,
      ...kustomization({ resources: ['app.yaml'] }),
    };
    const options = { config: configOf({}, { repositories: [OWN] }) };
    const found = (await reachedBy({}, files, options)).get('argocd/argocd/web');
    expect(found?.result.status === 'rendered' && found.result.manifests.map(({ ref }) => ref.name)).toEqual([
      'other',
    ]);
  });

  it('a part of another, whose target is all Applications', async () => {
    const files = {
      ...ROOT,
      ...kustomization({
        resources: ['app.yaml'],
        patches: [{ path: 'patch.yaml', target: { kind: 'Application' } }],
      }),
      'root/patch.yaml': patch({ project: 'other' }).replace('web', 'not-important'),
    };
    expect((await targets(files)).filter((name) => name.startsWith('argocd/'))).toEqual([
      'argocd/argocd/web',
    ]);
  });
});
