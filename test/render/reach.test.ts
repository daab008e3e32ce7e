import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { GateError } from '../../src/contract/index.js';
import { MemoryTree } from '../../src/git/index.js';
import type { RenderOutcome } from '../../src/render/index.js';
import { MemoryRenderCache } from '../../src/render/run/render-cache.js';
import { changeOf, configOf, type Files, REPOSITORY } from './fixture.js';
import { application, configMap, fluxKustomization, OWN, tellingChart } from './gitops/fixture.js';
import { Loopback } from './remotes/loopback.js';
import { packed } from './remotes/packed-chart.js';

const loopback = new Loopback();
beforeAll(async () => {
  await loopback.start();
  const bases = loopback.repository('bases');
  for (const [tag, value] of [
    ['v1', 'one'],
    ['v17', 'two'],
  ] as const) {
    bases.commit({
      'web/kustomization.yaml': 'resources: [cm.yaml]\n',
      'web/cm.yaml': configMap('fetched', { value }),
    });
    bases.git('tag', tag);
  }
  for (const version of ['1.0.0', '17.0.0']) {
    loopback.files.set(
      `/charts/part-${version}.tgz`,
      packed({
        'part/Chart.yaml': `apiVersion: v2\nname: part\nversion: ${version}\n`,
        'part/templates/cm.yaml': configMap(`part-${version}`),
      }),
    );
  }
  const entry = (version: string) => ({ name: 'part', version, urls: [`part-${version}.tgz`] });
  publishSources();
  loopback.files.set('/charts/index.yaml', stringify({ entries: { part: ['1.0.0', '17.0.0'].map(entry) } }));
});
afterAll(() => loopback.stop());

/** Commits of this repository that objects pin, and what they hold. */
const PINS = new Map(['1', '17'].map((value, index) => [String(index + 1).repeat(40), value]));
const PIN = [...PINS.keys()];

async function commitTree(commit: string): Promise<MemoryTree> {
  const value = PINS.get(commit);
  if (value === undefined) throw new GateError('missing-objects', 'not there');
  return new MemoryTree({
    'plain/cm.yaml': configMap('pinned', { value }),
    'v/v.yaml': `color: "${value}"\n`,
  });
}

/** Sources in other repositories, in a registry, and in this repository at a commit. */
function sources(): Files {
  const host = `http://${loopback.host}`;
  const apps = { repoURL: `${host}/git/apps.git`, targetRevision: 'v1' };
  const flux = (kind: string, name: string, spec: object): string =>
    stringify({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind,
      metadata: { name, namespace: 'flux-system' },
      spec,
    });
  const several = (...list: object[]): object => ({ source: undefined, sources: list });
  const built = (kind: string, name: string, spec: object): string =>
    fluxKustomization({ sourceRef: { kind, name }, path: './plain', ...spec }, name);
  return {
    ...tellingChart('charts/own'),
    'values/v.yaml': 'color: "1"\n',
    'plain/cm.yaml': configMap('own', { value: '1' }),
    'vars.yaml': configMap('vars', { V: '1' }, 'flux-system'),
    'argo/far.yaml': application({ ...apps, path: 'plain' }, {}, 'far'),
    'argo/mixed.yaml': application(
      {},
      several(
        { ...apps, path: 'chart', helm: { valueFiles: ['$own/values/v.yaml'] } },
        { repoURL: OWN, targetRevision: 'HEAD', ref: 'own' },
        { repoURL: OWN, path: 'plain' },
      ),
      'mixed',
    ),
    'argo/values.yaml': application(
      {},
      several(
        { repoURL: OWN, path: 'charts/own', helm: { valueFiles: ['$far/v/*.yaml', '$old/v/v.yaml'] } },
        { ...apps, ref: 'far' },
        { repoURL: OWN, targetRevision: PIN[0], ref: 'old' },
      ),
      'values',
    ),
    'argo/pinned.yaml': application({ targetRevision: PIN[0], path: 'plain' }, {}, 'pinned'),
    'argo/set.yaml': stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'all', namespace: 'argocd' },
      spec: {
        generators: [{ git: { repoURL: apps.repoURL, revision: 'v1', files: [{ path: 'envs/*.json' }] } }],
        template: {
          metadata: { name: 'made-{{name}}' },
          spec: { project: 'default', source: { repoURL: OWN, path: 'plain' }, destination: { name: 'x' } },
        },
      },
    }),
    'flux/apps.yaml': flux('GitRepository', 'apps', { url: apps.repoURL, ref: { tag: 'v1' } }),
    'flux/apps-ks.yaml': built('GitRepository', 'apps', {
      postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'vars' }] },
    }),
    'flux/oci.yaml': flux('OCIRepository', 'oci', {
      url: `oci://${loopback.host}/acme/apps`,
      ref: { tag: '1.0.0' },
    }),
    'flux/oci-ks.yaml': built('OCIRepository', 'oci', {}),
    'flux/self.yaml': flux('GitRepository', 'self', { url: OWN, ref: { commit: PIN[0] } }),
    'flux/self-ks.yaml': built('GitRepository', 'self', {}),
    'flux/release.yaml': stringify({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'release', namespace: 'flux-system' },
      spec: {
        chart: { spec: { chart: 'chart', sourceRef: { kind: 'GitRepository', name: 'apps' } } },
        valuesFrom: [{ kind: 'ConfigMap', name: 'release-values' }],
      },
    }),
    'flux/values.yaml': configMap('release-values', { 'values.yaml': 'color: "1"\n' }, 'flux-system'),
  };
}

function publishSources(): void {
  const apps = loopback.repository('apps');
  for (const [tag, value] of [
    ['v1', 'one'],
    ['v17', 'two'],
  ] as const) {
    const files = {
      'plain/cm.yaml': configMap('far', { value, v: '$' + '{V}' }),
      'v/v.yaml': `size: ${value}\n`,
      'envs/e.json': JSON.stringify({ name: value }),
      ...tellingChart('chart', `size: ${value}\n`),
    } as Record<string, string>;
    apps.commit(files);
    apps.git('tag', tag);
    const layer = packed(files);
    const digest = `sha256:${createHash('sha256').update(layer).digest('hex')}`;
    loopback.files.set(`/v2/acme/apps/blobs/${digest}`, layer);
    const manifest = { layers: [{ mediaType: 'application/vnd.cncf.flux.content.v1.tar+gzip', digest }] };
    const version = tag === 'v1' ? '1.0.0' : '17.0.0';
    loopback.files.set(`/v2/acme/apps/manifests/${version}`, JSON.stringify(manifest));
  }
}

/** What is built of things elsewhere. */
function remote(): Files {
  const host = `http://${loopback.host}`;
  return {
    'apps/far/kustomization.yaml': `resources: [own.yaml, "${host}/git/bases.git//web?ref=v1"]\n`,
    'apps/far/own.yaml': configMap('own', { a: '1' }),
    'apps/over/kustomization.yaml': 'nameSuffix: -1\nresources: [../far]\n',
    'charts/whole/Chart.yaml': `apiVersion: v2\nname: whole\nversion: 1.0.0\ndependencies:\n- {repository: "${host}/charts", name: part, version: ">=1.0.0"}\n`,
    'charts/whole/templates/own.yaml': configMap('whole', { a: '1' }),
    'apps/inflated/kustomization.yaml': `helmCharts: [{name: part, repo: "${host}/charts", version: 1.0.0, releaseName: one, valuesFile: v.yaml}]\n`,
    'apps/inflated/v.yaml': 'a: 1\n',
  };
}

/** Everything that can lead from a file to a target, small enough to be rendered whole again and again. */
const LOCAL: Files = {
  ...REPOSITORY,
  'apps/web/prod/kustomization.yaml':
    'resources: [../base]\ncomponents: [../../../parts]\nconfigMapGenerator:\n- {name: s, files: [k=settings.txt], envs: [s.env]}\ntransformers: [t.yaml]\n',
  'apps/web/prod/settings.txt': 'one',
  'apps/web/prod/s.env': 'A=1\n',
  'apps/web/prod/t.yaml':
    'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npath: limits.yaml\ntarget: {kind: Deployment}\n',
  'parts/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: p.yaml, target: {kind: Deployment}}]\n',
  'parts/p.yaml': '- {op: add, path: /metadata/labels, value: {part: "1"}}\n',
  'charts/api/templates/_helpers.tpl': '{{- define "x" -}}1{{- end -}}\n',
  'argo.yaml': application({ path: 'charts/api', helm: { valueFiles: ['/shared/values.yaml'] } }),
  'shared/values.yaml': 'replicas: 9\n',
  'charts/api/.argocd-source-web.yaml': 'helm: {releaseName: argo}\n',
  'flux/ks.yaml': fluxKustomization({
    path: './plain',
    postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'vars' }] },
  }),
  'flux/vars.yaml': configMap('vars', { V: 'v' }, 'flux-system'),
  'plain/cm.yaml': configMap('plain', { v: '$' + '{V}' }),
};

function plain(outcome: RenderOutcome): string {
  if (outcome.status !== 'rendered') return JSON.stringify(outcome);
  return JSON.stringify(outcome.manifests.map((manifest) => manifest.object));
}

/** A change of one to three files: a line changed in place, a file taken away, or one put in its place. */
const changeOfFiles = (base: Files) =>
  fc
    .array(
      fc.record({
        path: fc.constantFrom(...Object.keys(base)),
        how: fc.constantFrom('digit', 'remove', 'copy'),
      }),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    .map((edits) => {
      const files: Record<string, Files[string]> = { ...base };
      for (const { path, how } of edits) {
        const content = files[path];
        if (typeof content !== 'string') continue;
        if (how === 'remove') delete files[path];
        else if (how === 'digit') files[path] = content.replace(/1|9|one|: v\b/, (old) => `${old}7`);
        else files[`${path.slice(0, path.lastIndexOf('/') + 1)}added.yaml`] = content;
      }
      return files as Files;
    });

/** Over random changes: what is left out renders alike, and what is not renders as where all is rendered. */
async function neverTooSmall(base: Files, numRuns: number): Promise<void> {
  const options = {
    config: configOf(
      {
        remotes: { allow: ['http', 'oci'].map((scheme) => `${scheme}://${loopback.host}/**`) },
        kustomizeBuildOptions: '--enable-helm',
      },
      { repositories: [OWN] },
    ),
    cache: new MemoryRenderCache(),
    fetch: {},
    commitTree,
  };
  await fc.assert(
    fc.asyncProperty(changeOfFiles(base), async (files) => {
      const some = await changeOf(base, files, options);
      const every = await changeOf(base, files, { ...options, all: true });
      try {
        const reached = new Map((await some.reached()).map((target) => [target.target.name, target]));
        for (const target of await every.reached()) {
          const { name } = target.target;
          const found = reached.get(name);
          if (plain(target.base) !== plain(target.result))
            expect([name, found === undefined]).toEqual([name, false]);
          if (found !== undefined) expect(plain(found.result)).toBe(plain(target.result));
        }
      } finally {
        await some.close();
        await every.close();
      }
    }),
    { numRuns },
  );
}

describe('what a change reaches', () => {
  it('is never less than what renders differently', async () => {
    await neverTooSmall({ ...LOCAL, ...remote() }, 12);
  }, 120_000);

  it('is never less, where sources lie in other repositories, in registries and at commits', async () => {
    await neverTooSmall(sources(), 12);
  }, 120_000);

  it('changes each kind of source that is tried, by its own object', async () => {
    const all = sources();
    const names = [
      'argocd/argocd/far',
      'argocd/argocd/mixed',
      'argocd/argocd/values',
      'argocd/argocd/pinned',
      'argocd/argocd/applicationset/all',
      'flux/flux-system/apps',
      'flux/flux-system/oci',
      'flux/flux-system/self',
      'helmrelease/flux-system/release',
    ];
    const config = configOf(
      { remotes: { allow: ['http', 'oci'].map((scheme) => `${scheme}://${loopback.host}/**`) } },
      { repositories: [OWN] },
    );
    const changed = Object.entries(all).map(([path, content]) => [
      path,
      String(content)
        .replaceAll(PIN[0] ?? '', PIN[1] ?? '')
        .replaceAll(/\bv1\b/g, 'v17')
        .replace('1.0.0', '17.0.0'),
    ]);
    const some = await changeOf(all, Object.fromEntries(changed), { config, fetch: {}, commitTree });
    try {
      const reached = new Map((await some.reached()).map((target) => [target.target.name, target]));
      for (const name of names) {
        const found = reached.get(name);
        expect([name, found?.base.status, found?.result.status]).toEqual([name, 'rendered', 'rendered']);
        expect([name, found && plain(found.base) === plain(found.result)]).toEqual([name, false]);
      }
    } finally {
      await some.close();
    }
  }, 60_000);
});
