import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import type { Files } from '../fixture.js';
import { application, configMap, objectsOf, render, tellingChart } from './fixture.js';

const TARGET = 'helmrelease/apps/told';

function release(spec: object, apiVersion = 'helm.toolkit.fluxcd.io/v2'): string {
  return stringify({
    apiVersion,
    kind: 'HelmRelease',
    metadata: { name: 'told', namespace: 'apps' },
    spec: {
      interval: '1h',
      chart: {
        spec: {
          chart: './c',
          sourceRef: { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' },
        },
      },
      ...spec,
    },
  });
}

const hook = (name: string, events: string): string =>
  configMap(name).replace('metadata:', `metadata:\n  annotations: {helm.sh/hook: "${events}"}`);
const crd = (name: string): string =>
  stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${name}.example.com` },
  });
const CHART = 'apiVersion: v2\nname: told\nversion: 1.0.0\n';
const PARTS: Files = {
  'c/Chart.yaml': CHART,
  'c/templates/a.yaml': configMap('a'),
  'c/templates/hook.yaml': hook('hooked', 'pre-install'),
  'c/templates/test.yaml': hook('tested', 'test'),
  'c/crds/a.yaml': `${crd('as')}---\n${crd('bs')}`,
};
const ADDED = {
  postRenderers: [
    {
      kustomize: {
        patches: [
          {
            target: { name: '.*' },
            patch: 'apiVersion: v1\nkind: Any\nmetadata: {name: any, annotations: {p: q}}\n',
          },
        ],
      },
    },
  ],
};

/** Names of what a release makes, each with `+` where the post-renderer was over it. */
async function made(spec: object, files: Files = PARTS): Promise<string[]> {
  const objects = await objectsOf({ ...files, 'hr.yaml': release(spec) }, TARGET);
  return objects
    .map(({ metadata }) => metadata as { name: string; annotations?: Record<string, string> })
    .map(({ name, annotations }) => `${name}${annotations?.p === 'q' ? '+' : ''}`)
    .sort();
}

async function refusal(spec: object, files: Files = PARTS): Promise<string> {
  const outcome = await render({ ...files, 'hr.yaml': release(spec) }, TARGET);
  return 'reason' in outcome ? `${outcome.status}: ${outcome.reason}` : outcome.status;
}

describe('what post-renderers are over', () => {
  it('hooks with the rest, never definitions in crds/ (helm-controller internal/action crds.go)', async () => {
    expect(await made(ADDED)).toEqual(['a+', 'as.example.com', 'bs.example.com', 'hooked+']);
  });

  it.each([
    ['combined', ['a+', 'as.example.com', 'bs.example.com', 'hooked+']],
    ['separate', ['a+', 'as.example.com', 'bs.example.com', 'hooked+']],
    ['nohooks', ['a+', 'as.example.com', 'bs.example.com', 'hooked']],
  ])(
    'as postRenderStrategy says: %s (helm pkg/action renderResources)',
    async (postRenderStrategy, names) => {
      expect(await made({ ...ADDED, postRenderStrategy })).toEqual(names);
    },
  );

  it('a strategy that nobody knows is unresolved', async () => {
    expect(await refusal({ postRenderStrategy: 'other' })).toMatch(/^unresolved: .*other/);
  });

  it('commonMetadata is not on definitions in crds/', async () => {
    const files = { ...PARTS, 'hr.yaml': release({ commonMetadata: { labels: { team: 'a' } } }) };
    const labels = (await objectsOf(files, TARGET)).map(({ kind, metadata }) => [
      kind,
      (metadata as { labels?: object }).labels,
    ]);
    expect(labels).toContainEqual(['ConfigMap', { team: 'a' }]);
    expect(labels).toContainEqual(['CustomResourceDefinition', undefined]);
  });

  it('merges of their own are of v2beta alone (api/v2 Kustomize)', async () => {
    const spec = {
      postRenderers: [
        {
          kustomize: {
            patchesStrategicMerge: [
              { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { merged: 'x' } },
            ],
          },
        },
      ],
    };
    const dataOf = async (apiVersion: string) => {
      const files = {
        'c/Chart.yaml': CHART,
        'c/templates/a.yaml': configMap('a'),
        'hr.yaml': release(spec, apiVersion),
      };
      return (await objectsOf(files, TARGET))[0]?.data;
    };
    expect(await dataOf('helm.toolkit.fluxcd.io/v2')).toEqual({});
    expect(await dataOf('helm.toolkit.fluxcd.io/v2beta2')).toEqual({ merged: 'x' });
  });

  it.each([
    ['an object twice', { 'c/templates/b.yaml': configMap('a') }, /twice/],
    ['a hook of the name of an object', { 'c/templates/b.yaml': hook('a', 'pre-install') }, /twice/],
    [
      'an object without a name',
      { 'c/templates/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n' },
      /no metadata\.name/,
    ],
  ])('%s fails, also where none is asked for (kustomize api/resmap Append)', async (_, files, reason) => {
    expect(await refusal({}, { ...PARTS, ...files })).toMatch(reason);
  });

  it('a hook of the name of an object is taken where they are apart', async () => {
    const files = { ...PARTS, 'c/templates/b.yaml': hook('a', 'pre-install') };
    expect(await made({ postRenderStrategy: 'separate' }, files)).toContain('a');
  });
});

describe('hooks that are tests', () => {
  it('are left out where they are nothing else', async () => {
    expect(await made({})).not.toContain('tested');
  });

  it('do not hide what is applied as well, of a chart, a release or an Application', async () => {
    const files = {
      'c/Chart.yaml': CHART,
      'c/templates/a.yaml': hook('hidden', 'pre-install, test'),
      'hr.yaml': release({}),
      'argo.yaml': application({ path: 'c' }),
      'argo-skip.yaml': application({ path: 'c', helm: { skipTests: true } }, {}, 'skips'),
    };
    for (const target of ['helm/c', TARGET, 'argocd/argocd/web']) {
      expect(JSON.stringify(await objectsOf(files, target))).toContain('hidden');
    }
    expect(await objectsOf(files, 'argocd/argocd/skips')).toEqual([]);
  });

  it('are told where a post-renderer makes objects of them', async () => {
    const patch = { target: { name: 'tested' }, patch: '- {op: remove, path: /metadata/annotations}' };
    expect(await made({ postRenderers: [{ kustomize: { patches: [patch] } }] })).toContain('tested');
  });
});

describe('what install and upgrade are told apart', () => {
  it('definitions are there unless both skip them', async () => {
    expect(await made({ install: { crds: 'Skip' } })).toContain('as.example.com');
    expect(await made({ install: { crds: 'Skip' }, upgrade: { crds: 'Skip' } })).not.toContain(
      'as.example.com',
    );
    expect(await refusal({ upgrade: { crds: 'None' } })).toMatch(/^failed: None is no policy for CRDs/);
  });

  it('hooks are there unless both disable them', async () => {
    expect(await made({ install: { disableHooks: true } })).toContain('hooked');
    const both = { install: { disableHooks: true }, upgrade: { disableHooks: true } };
    expect(await made(both)).not.toContain('hooked');
  });

  it('values that the schema refuses fail unless neither looks', async () => {
    const files = {
      ...tellingChart('c'),
      'c/values.schema.json': '{"properties": {"color": {"type": "integer"}}}',
    };
    const unchecked = { disableSchemaValidation: true };
    expect(await refusal({ install: unchecked }, files)).toMatch(/^failed: .*schema/);
    expect(await refusal({ upgrade: unchecked }, files)).toMatch(/^failed: .*schema/);
    expect(await refusal({ install: unchecked, upgrade: unchecked }, files)).toBe('rendered');
  });

  it('empty names are none', async () => {
    const files = { ...tellingChart('c'), 'hr.yaml': release({ releaseName: '', targetNamespace: '' }) };
    expect((await objectsOf(files, TARGET))[0]?.data).toMatchObject({ release: 'told', namespace: 'apps' });
  });
});
