import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RenderOutcome } from '../../src/render/index.js';
import { MemoryRenderCache } from '../../src/render/run/render-cache.js';
import { changeOf, configOf, type Files, REPOSITORY } from './fixture.js';
import { application, configMap, fluxKustomization, OWN } from './gitops/fixture.js';

/** Everything that can lead from a file to a target, small enough to be rendered whole again and again. */
const BASE: Files = {
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
const change = fc
  .array(
    fc.record({
      path: fc.constantFrom(...Object.keys(BASE)),
      how: fc.constantFrom('digit', 'remove', 'copy'),
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((edits) => {
    const files: Record<string, Files[string]> = { ...BASE };
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
    const cache = new MemoryRenderCache();
    const options = { config: configOf({}, { repositories: [OWN] }), cache };
    await fc.assert(
      fc.asyncProperty(change, async (files) => {
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
