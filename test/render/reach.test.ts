import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { RenderOutcome } from '../../src/render/index.js';
import { MemoryRenderCache } from '../../src/render/run/render-cache.js';
import { changeOf, configOf, type Files, REPOSITORY } from './fixture.js';
import { application, configMap, fluxKustomization, OWN } from './gitops/fixture.js';
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
  loopback.files.set('/charts/index.yaml', stringify({ entries: { part: ['1.0.0', '17.0.0'].map(entry) } }));
});
afterAll(() => loopback.stop());

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

describe('what a change reaches', () => {
  it('is never less than what renders differently', async () => {
    const BASE = { ...LOCAL, ...remote() };
    const cache = new MemoryRenderCache();
    const diff = {
      remotes: { allow: [`http://${loopback.host}/**`] },
      kustomizeBuildOptions: '--enable-helm',
    };
    const options = { config: configOf(diff, { repositories: [OWN] }), cache, fetch: {} };
    await fc.assert(
      fc.asyncProperty(changeOfFiles(BASE), async (files) => {
        const some = await changeOf(BASE, files, options);
        const every = await changeOf(BASE, files, { ...options, all: true });
        try {
          const reached = new Map((await some.reached()).map((target) => [target.target.name, target]));
          for (const target of await every.reached()) {
            const found = reached.get(target.target.name);
            const { name } = target.target;
            if (plain(target.base) !== plain(target.result))
              expect([name, found === undefined]).toEqual([name, false]);
            if (found !== undefined) expect(plain(found.result)).toBe(plain(target.result));
          }
        } finally {
          await some.close();
          await every.close();
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
