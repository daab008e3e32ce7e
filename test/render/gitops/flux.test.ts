// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux's own syntax
import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { DEPLOYMENT, type Files, reachedBy } from '../fixture.js';
import { configMap, fluxKustomization, objectsOf, render, tellingChart } from './fixture.js';

const KUSTOMIZE: Files = {
  'apps/web/kustomization.yaml': 'resources: [deployment.yaml]\nimages: [{name: nginx, newTag: "1.28"}]\n',
  'apps/web/deployment.yaml': DEPLOYMENT,
};

function secret(name: string, data: Record<string, string>): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'flux-system' },
    data,
    sops: { mac: 'x' },
  });
}

interface Row {
  semantic: string;
  source: string;
  files: Files;
  first: object;
}

const ROWS: Row[] = [
  {
    semantic: 'targetNamespace becomes the namespace',
    source: 'fluxcd/pkg/kustomize/kustomize_generator.go GenerateManifest',
    files: { ...KUSTOMIZE, 'ks.yaml': fluxKustomization({ targetNamespace: 'shop' }) },
    first: { metadata: { name: 'web', namespace: 'shop' } },
  },
  {
    semantic: 'namePrefix and nameSuffix',
    source: 'fluxcd/pkg/kustomize/kustomize_generator.go GenerateManifest',
    files: { ...KUSTOMIZE, 'ks.yaml': fluxKustomization({ namePrefix: 'a-', nameSuffix: '-z' }) },
    first: { metadata: { name: 'a-web-z' } },
  },
  {
    semantic: 'patches are appended',
    source: 'fluxcd/pkg/kustomize/kustomize_generator.go getPatches',
    files: {
      ...KUSTOMIZE,
      'ks.yaml': fluxKustomization({
        patches: [
          { target: { kind: 'Deployment' }, patch: '- {op: replace, path: /spec/replicas, value: 9}' },
        ],
      }),
    },
    first: { spec: { replicas: 9 } },
  },
  {
    semantic: 'images are merged by name, tag and digest as one unit',
    source: 'fluxcd/pkg/kustomize/kustomize_generator.go getImages',
    files: {
      ...KUSTOMIZE,
      'ks.yaml': fluxKustomization({ images: [{ name: 'nginx', newName: 'registry.example.com/nginx' }] }),
    },
    first: { spec: { template: { spec: { containers: [{ image: 'registry.example.com/nginx:1.28' }] } } } },
  },
  {
    semantic: 'components, missing ones ignored where that is said',
    source: 'fluxcd/pkg/kustomize/kustomize_generator.go (componentsField, ignoreComponentsField)',
    files: {
      ...KUSTOMIZE,
      'parts/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nreplicas: [{name: web, count: 4}]\n',
      'ks.yaml': fluxKustomization({
        components: ['../../parts', '../../gone'],
        ignoreMissingComponents: true,
      }),
    },
    first: { spec: { replicas: 4 } },
  },
  {
    semantic: 'commonMetadata is set on every object',
    source: 'kustomize-controller internal/controller (ssautil.SetCommonMetadata)',
    files: { ...KUSTOMIZE, 'ks.yaml': fluxKustomization({ commonMetadata: { labels: { team: 'a' } } }) },
    first: { metadata: { labels: { team: 'a' } }, spec: { selector: { matchLabels: { app: 'web' } } } },
  },
  {
    semantic: 'without a kustomization one is generated, sub-folders with one are resources',
    source: 'fluxcd/pkg/kustomize/kustomize_generator.go scanManifests',
    files: {
      'apps/web/sub/kustomization.yaml': 'namePrefix: sub-\nresources: [cm.yaml]\n',
      'apps/web/sub/cm.yaml': configMap('a'),
      'apps/web/sub/unused.yaml': configMap('unused'),
      'ks.yaml': fluxKustomization({}),
    },
    first: { metadata: { name: 'sub-a' } },
  },
  {
    semantic: 'files of .sourceignore are not there',
    source: 'fluxcd/pkg/sourceignore',
    files: {
      '.sourceignore': '/apps/web/a.yaml\n',
      'apps/web/a.yaml': configMap('a'),
      'apps/web/b.yaml': configMap('b'),
      'ks.yaml': fluxKustomization({}),
    },
    first: { metadata: { name: 'b' } },
  },
  {
    semantic: 'a base outside of the path may be read',
    source: 'fluxcd/pkg/kustomize SecureBuild (LoadRestrictionsNone)',
    files: {
      'apps/web/kustomization.yaml': 'resources: [../shared.yaml]\n',
      'apps/shared.yaml': configMap('shared'),
      'ks.yaml': fluxKustomization({}),
    },
    first: { metadata: { name: 'shared' } },
  },
  {
    semantic: 'inline variables, numbers as numbers',
    source: 'fluxcd/pkg/kustomize/kustomize_varsub.go SubstituteVariables',
    files: {
      'apps/web/d.yaml': DEPLOYMENT.replace('replicas: 1', 'replicas: ${COUNT}').replace(
        'nginx:1.27',
        'nginx:${TAG:=2}',
      ),
      'ks.yaml': fluxKustomization({ postBuild: { substitute: { COUNT: '3' } } }),
    },
    first: { spec: { replicas: 3, template: { spec: { containers: [{ image: 'nginx:2' }] } } } },
  },
  {
    semantic: 'variables of a ConfigMap, overridden inline',
    source: 'fluxcd/pkg/kustomize/kustomize_varsub.go LoadVariables',
    files: {
      'apps/web/cm.yaml': configMap('a', { text: '${A} ${B} $C' }),
      'settings.yaml': configMap('settings', { A: 'a\n', B: 'b' }, 'flux-system'),
      'ks.yaml': fluxKustomization({
        postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'settings' }], substitute: { B: 'inline' } },
      }),
    },
    first: { data: { text: 'a inline $C' } },
  },
  {
    semantic: 'values of a Secret are opaque, the rest is known',
    source: 'fluxcd/pkg/kustomize/kustomize_varsub.go LoadVariables (Secret)',
    files: {
      'apps/web/cm.yaml': configMap('a', { text: '${DOMAIN} ${KNOWN}' }),
      'settings.yaml': secret('settings', { DOMAIN: 'ENC[AES256_GCM,data:xyz]' }),
      'ks.yaml': fluxKustomization({
        postBuild: { substituteFrom: [{ kind: 'Secret', name: 'settings' }], substitute: { KNOWN: 'k' } },
      }),
    },
    first: { data: { text: 'unknown-domain k' } },
  },
  {
    semantic: 'an object may switch substitution off',
    source: 'fluxcd/pkg/kustomize/kustomize_varsub.go (substituteAnnotationKey)',
    files: {
      'apps/web/cm.yaml': `${configMap('a', { text: '${A}' }).replace('name: a', 'name: a\n  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}')}`,
      'ks.yaml': fluxKustomization({ postBuild: { substitute: { A: 'a' } } }),
    },
    first: { data: { text: '${A}' } },
  },
  {
    semantic: 'without variables nothing is substituted',
    source: 'fluxcd/pkg/kustomize/kustomize_varsub.go (len(vars) > 0 || Always)',
    files: {
      'apps/web/cm.yaml': configMap('a', { text: '${A:-x}' }),
      'ks.yaml': fluxKustomization({ postBuild: {} }),
    },
    first: { data: { text: '${A:-x}' } },
  },
  {
    semantic: 'substituteStrategy Always',
    source: 'kustomize-controller api/v1 GetSubstituteStrategy',
    files: {
      'apps/web/cm.yaml': configMap('a', { text: '${A:-x}' }),
      'ks.yaml': fluxKustomization({ postBuild: { substituteStrategy: 'Always' } }),
    },
    first: { data: { text: 'x' } },
  },
  {
    semantic: 'what SOPS notes beside a Secret is not applied',
    source: 'kustomize-controller internal/decryptor DecryptResource',
    files: { 'apps/web/secret.yaml': secret('db', { password: 'ENC[x]' }), 'ks.yaml': fluxKustomization({}) },
    first: { kind: 'Secret', data: { password: 'ENC[x]' } },
  },
];

describe('a Flux Kustomization', () => {
  it.each(ROWS.map((row) => [row.semantic, row.source, row] as const))('%s (%s)', async (_, __, row) => {
    const [first, ...others] = await objectsOf(row.files, 'flux/flux-system/apps');
    expect(first).toMatchObject(row.first);
    expect(first).not.toHaveProperty('sops');
    expect(others).toEqual([]);
  });

  it.each([
    [
      'an OCIRepository',
      { sourceRef: { kind: 'OCIRepository', name: 'apps' } },
      'unresolved',
      /OCIRepository apps/,
    ],
    [
      'a GitRepository that is not this one',
      { sourceRef: { kind: 'GitRepository', name: 'other' } },
      'unresolved',
      /GitRepository other/,
    ],
    ['a path that does not exist', { path: './gone' }, 'failed', /does not exist/],
    ['a form that is not supported', { postBuild: { substitute: { A: 'a' } } }, 'failed', /postBuild/],
  ])('tells of %s', async (_, spec, status, reason) => {
    const files = {
      'apps/web/cm.yaml': configMap('a', { text: '${A+x}' }),
      'ks.yaml': fluxKustomization(spec),
    };
    const outcome = await render(files, 'flux/flux-system/apps');
    expect(outcome).toMatchObject({ status, reason: expect.stringMatching(reason) });
  });

  it('knows a source by its URL', async () => {
    const source = stringify({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'config', namespace: 'flux-system' },
      spec: { url: 'ssh://git@github.com/acme/config.git', ref: { branch: 'main' } },
    });
    const files = {
      ...KUSTOMIZE,
      'source.yaml': source,
      'ks.yaml': fluxKustomization({ sourceRef: { kind: 'GitRepository', name: 'config' } }),
    };
    expect(await objectsOf(files, 'flux/flux-system/apps')).toHaveLength(1);
    const other = { ...files, 'source.yaml': source.replace('main', 'feature') };
    expect(await render(other, 'flux/flux-system/apps')).toMatchObject({ status: 'unresolved' });
  });

  it('builds the artifact that an ArtifactGenerator copies together (source-watcher, spec.artifacts.copy)', async () => {
    const generator = stringify({
      apiVersion: 'source.extensions.fluxcd.io/v1beta1',
      kind: 'ArtifactGenerator',
      metadata: { name: 'flux-system', namespace: 'flux-system' },
      spec: {
        sources: [{ alias: 'repo', kind: 'GitRepository', name: 'flux-system' }],
        artifacts: [
          {
            name: 'apps',
            copy: [
              { from: '@repo/apps/base/**', to: '@artifact/base/' },
              { from: '@repo/apps/prod/**', to: '@artifact/env/' },
            ],
          },
        ],
      },
    });
    const files = {
      'flux/generator.yaml': generator,
      'flux/apps.yaml': fluxKustomization({
        path: './env',
        sourceRef: { kind: 'ExternalArtifact', name: 'apps' },
      }),
      'apps/base/cm.yaml': configMap('a'),
      'apps/prod/kustomization.yaml': 'namePrefix: prod-\nresources: [../base/cm.yaml]\n',
    };
    const outcome = await render(files, 'flux/flux-system/apps');
    if (outcome.status !== 'rendered') throw new Error(JSON.stringify(outcome));
    expect(outcome.manifests.map(({ ref, path }) => [ref.name, path])).toEqual([
      ['prod-a', 'apps/base/cm.yaml'],
    ]);
    const other = { ...files, 'flux/generator.yaml': generator.replace('@repo/apps/prod/**', '@other/**') };
    expect(await render(other, 'flux/flux-system/apps')).toMatchObject({ status: 'unresolved' });
  });

  it('finds Kustomizations as others render them', async () => {
    const files = {
      'clusters/prod/flux-system/sync.yaml': fluxKustomization({ path: './clusters/prod' }, 'flux-system'),
      'clusters/prod/kustomization.yaml':
        'resources: [flux-system/sync.yaml, apps.yaml]\npatches: [{target: {name: apps}, patch: "- {op: add, path: /spec/targetNamespace, value: patched}"}]\n',
      'clusters/prod/apps.yaml': fluxKustomization({}),
      ...KUSTOMIZE,
    };
    const [first] = await objectsOf(files, 'prod:flux/flux-system/apps');
    expect(first).toMatchObject({ metadata: { namespace: 'patched' } });
  });
});

function helmRelease(spec: object, metadata: object = {}): string {
  return stringify({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'told', namespace: 'apps', ...metadata },
    spec: {
      chart: {
        spec: { chart: './charts/telling', sourceRef: { kind: 'GitRepository', name: 'flux-system' } },
      },
      ...spec,
    },
  });
}

const RELEASES: Row[] = [
  {
    semantic: 'the release has its name and namespace',
    source: 'helm-controller api/v2 GetReleaseName, GetReleaseNamespace',
    files: { ...tellingChart('charts/telling'), 'hr.yaml': helmRelease({}) },
    first: { data: { release: 'told', namespace: 'apps' } },
  },
  {
    semantic: 'with a target namespace its name is put before',
    source: 'helm-controller api/v2 GetReleaseName',
    files: { ...tellingChart('charts/telling'), 'hr.yaml': helmRelease({ targetNamespace: 'shop' }) },
    first: { data: { release: 'shop-told', namespace: 'shop' } },
  },
  {
    semantic: 'a long name is shortened with a digest',
    source: 'helm-controller internal/release ShortenName',
    files: { ...tellingChart('charts/telling'), 'hr.yaml': helmRelease({ releaseName: 'a'.repeat(54) }) },
    first: { data: { release: expect.stringMatching(/^a{40}-[0-9a-f]{12}$/) } },
  },
  {
    semantic: 'an object that differs is the one an upgrade gives',
    source: 'helm-controller internal/action upgrade',
    files: { ...tellingChart('charts/telling'), 'hr.yaml': helmRelease({}) },
    first: { data: { phase: 'upgrade' } },
  },
  {
    semantic: 'valuesFrom in order, inline values over them, over a targetPath of one key as well',
    source: 'fluxcd/pkg/chartutil ChartValuesFromReferences (its last MergeMaps)',
    files: {
      ...tellingChart('charts/telling'),
      'values.cm.yaml': configMap(
        'v',
        { 'values.yaml': 'color: from\nsize: from\n', size: 'target' },
        'apps',
      ),
      'hr.yaml': helmRelease({
        valuesFrom: [
          { kind: 'ConfigMap', name: 'v' },
          { kind: 'ConfigMap', name: 'v', valuesKey: 'size', targetPath: 'size' },
        ],
        values: { color: 'inline', size: 'inline' },
      }),
    },
    first: { data: { color: 'inline', size: 'inline' } },
  },
  {
    semantic: 'a value of a Secret at a targetPath is opaque',
    source: 'fluxcd/pkg/chartutil ChartValuesFromReferences',
    files: {
      ...tellingChart('charts/telling'),
      'hr.yaml': helmRelease({
        valuesFrom: [{ kind: 'Secret', name: 's', valuesKey: 'c', targetPath: 'color' }],
      }),
    },
    first: { data: { color: 'unknown-s-c' } },
  },
  {
    semantic: 'valuesFiles of the chart',
    source: 'source-controller internal/helm/chart (ValuesFiles)',
    files: {
      ...tellingChart('charts/telling'),
      'charts/telling/values-prod.yaml': 'color: prod\n',
      'hr.yaml': helmRelease({
        chart: {
          spec: {
            chart: 'charts/telling',
            valuesFiles: ['charts/telling/values-prod.yaml', 'gone.yaml'],
            ignoreMissingValuesFiles: true,
            sourceRef: { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' },
          },
        },
      }),
    },
    first: { data: { color: 'prod' } },
  },
  {
    semantic: 'post-renderers patch what the chart gives',
    source: 'helm-controller internal/postrender kustomize.go',
    files: {
      ...tellingChart('charts/telling'),
      'hr.yaml': helmRelease({
        postRenderers: [
          {
            kustomize: {
              patches: [
                {
                  target: { kind: 'ConfigMap' },
                  patch: '[{"op":"add","path":"/data/patched","value":"yes"}]',
                },
              ],
            },
          },
        ],
        commonMetadata: { labels: { team: 'a' } },
      }),
    },
    first: { metadata: { labels: { team: 'a' } }, data: { patched: 'yes', color: 'red' } },
  },
];

describe('a HelmRelease', () => {
  it.each(RELEASES.map((row) => [row.semantic, row.source, row] as const))('%s (%s)', async (_, __, row) => {
    const objects = await objectsOf(row.files, 'helmrelease/apps/told');
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject(row.first);
  });

  it('is not reached by a change of when it is applied', async () => {
    const chart = { spec: { chart: 'redis', sourceRef: { kind: 'HelmRepository', name: 'charts' } } };
    const files = (spec: object) => ({ 'hr.yaml': helmRelease({ chart, interval: '1h', ...spec }) });
    const names = async (spec: object): Promise<string[]> => [
      ...(await reachedBy(files({}), files(spec))).keys(),
    ];
    expect(await names({ interval: '2h' })).toEqual(['directory/.']);
    expect(await names({ values: { a: 1 } })).toEqual(['directory/.', 'helmrelease/apps/told']);
  });

  it('does not know a chart of a repository elsewhere', async () => {
    const repository = stringify({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: 'charts', namespace: 'apps' },
      spec: { url: 'https://user:pass@charts.example.com' },
    });
    const release = helmRelease({
      chart: {
        spec: { chart: 'redis', version: '1.x', sourceRef: { kind: 'HelmRepository', name: 'charts' } },
      },
    });
    const outcome = await render({ 'repo.yaml': repository, 'hr.yaml': release }, 'helmrelease/apps/told');
    expect(outcome).toEqual({
      status: 'unresolved',
      reason: 'its chart redis 1.x comes from https://charts.example.com, which is not in the repository',
    });
  });
});
