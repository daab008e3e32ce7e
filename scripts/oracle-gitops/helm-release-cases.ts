import { stringify } from 'yaml';
import type { JsonMap } from './compare.ts';
import { DEPLOYMENT } from './flux-cases.ts';
import type { RandomSource } from './random-source.ts';
import type { Files } from './workplace.ts';

/** A HelmRelease `told` of the namespace `apps`, over the chart in `chart/`. */
export interface ReleaseCase {
  name: string;
  files: Files;
  spec: JsonMap;
  metadata?: JsonMap;
}

const TOLD = `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data:
  values: {{ .Values | toJson | quote }}
  namespace: {{ .Release.Namespace }}
  upgrade: {{ .Release.IsUpgrade | quote }}
  service: {{ .Release.Service }}
`;

function crd(name: string): string {
  return stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${name}.example.com` },
    spec: { group: 'example.com', scope: 'Namespaced', names: { kind: name, plural: name }, versions: [] },
  });
}

function hook(name: string, events: string, data: JsonMap = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, annotations: { 'helm.sh/hook': events } },
    data,
  });
}

function configMap(name: string, more: JsonMap = {}): string {
  return stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more });
}

/** The chart with its files; `told.yaml` tells how it was rendered. */
function chart(files: Record<string, string> = {}, more = ''): Files {
  return {
    'chart/Chart.yaml': `apiVersion: v2\nname: told\nversion: 1.0.0\n${more}`,
    'chart/values.yaml': 'color: own\nlist: [a, b]\n',
    'chart/templates/told.yaml': TOLD,
    'chart/templates/web.yaml': DEPLOYMENT,
    ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`chart/${path}`, content])),
  };
}

function release(name: string, spec: JsonMap, files: Files = chart(), metadata: JsonMap = {}): ReleaseCase {
  return { name: `release: ${name}`, files, spec, metadata };
}

const kustomize = (...renderers: JsonMap[]): JsonMap => ({
  postRenderers: renderers.map((one) => ({ kustomize: one })),
});
const LABELLED = {
  target: { kind: 'ConfigMap' },
  patch: '- {op: add, path: /metadata/labels, value: {a: b}}',
};
const CLOBBERED = {
  target: { name: '.*' },
  patch: '- {op: add, path: /metadata/annotations, value: {p: q}}',
};
const ALL_LABELLED = {
  target: { name: '.*' },
  patch: 'apiVersion: v1\nkind: Any\nmetadata: {name: any, annotations: {p: q}}\n',
};
const LONG = 'a-name-that-is-so-long-that-no-release-can-be-named-after-it-at-all';
const CRDS = chart({ 'crds/a.yaml': crd('as'), 'crds/more/b.yaml': `${crd('bs')}---\n${crd('cs')}` });
const HOOKS = chart({
  'templates/hook.yaml': hook('hooked', 'pre-install,post-upgrade', { a: 'b' }),
  'templates/later.yaml': hook('later', 'post-install'),
  'templates/gone.yaml': hook('gone', 'pre-delete'),
  'templates/test.yaml': hook('tested', 'test'),
});

export const RELEASE_CASES: readonly ReleaseCase[] = [
  release('nothing asked for', {}),
  release('values', { values: { color: 'inline', deep: { a: 1 }, list: null } }),
  release('releaseName', { releaseName: 'said' }),
  release('targetNamespace', { targetNamespace: 'shop' }),
  release('releaseName and targetNamespace', { releaseName: 'said', targetNamespace: 'shop' }),
  release('an empty releaseName', { releaseName: '', targetNamespace: '' }),
  release('a long releaseName', { releaseName: LONG }),
  release('a long name', {}, chart(), { name: LONG.slice(0, 60) }),
  release('a name that gets long by the namespace', { targetNamespace: LONG.slice(0, 40) }, chart(), {
    name: LONG.slice(0, 30),
  }),
  release('storageNamespace', { storageNamespace: 'kept', targetNamespace: 'shop' }),
  release('patches of a post-renderer', kustomize({ patches: [LABELLED] })),
  release(
    'post-renderers one after the other',
    kustomize(
      { patches: [LABELLED] },
      {
        patches: [
          { target: { labelSelector: 'a=b' }, patch: '- {op: replace, path: /metadata/labels/a, value: c}' },
        ],
      },
    ),
  ),
  release(
    'images of a post-renderer',
    kustomize({ images: [{ name: 'nginx', newName: 'x/nginx', newTag: '9' }] }),
  ),
  release('a digest of a post-renderer', kustomize({ images: [{ name: 'nginx', digest: 'sha256:aa' }] })),
  release(
    'patches before images of a post-renderer',
    kustomize({
      patches: [
        {
          target: { kind: 'Deployment' },
          patch: '- {op: replace, path: /spec/template/spec/containers/0/image, value: "nginx:3"}',
        },
      ],
      images: [{ name: 'nginx', newTag: '9' }],
    }),
  ),
  release(
    'a strategic patch without a target',
    kustomize({
      patches: [
        { patch: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 4}\n' },
      ],
    }),
  ),
  release(
    'a patch that deletes',
    kustomize({
      patches: [{ patch: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n$patch: delete\n' }],
    }),
  ),
  release(
    'a patch of an object that is not there',
    kustomize({
      patches: [{ patch: 'apiVersion: v1\nkind: Service\nmetadata: {name: none}\nspec: {a: 1}\n' }],
    }),
  ),
  release(
    'a patch whose target is not there',
    kustomize({
      patches: [{ target: { kind: 'Service' }, patch: '- {op: remove, path: /spec}' }],
    }),
  ),
  release(
    'a patch that cannot be read',
    kustomize({ patches: [{ target: { kind: 'ConfigMap' }, patch: '[{' }] }),
  ),
  release(
    'a patch that changes a name and namespace',
    kustomize({
      patches: [
        { target: { kind: 'Deployment' }, patch: '- {op: add, path: /metadata/namespace, value: other}' },
      ],
    }),
  ),
  release(
    'patchesStrategicMerge and patchesJson6902, which v2 does not have',
    kustomize({
      patchesStrategicMerge: [
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 6 } },
      ],
      patchesJson6902: [
        {
          target: { version: 'v1', kind: 'ConfigMap', name: 'told' },
          patch: [{ op: 'add', path: '/data/x', value: 'y' }],
        },
      ],
    }),
  ),
  release('an empty post-renderer', { postRenderers: [{}] }),
  release('commonMetadata', { commonMetadata: { labels: { team: 'a' }, annotations: { note: 'b' } } }),
  release(
    'commonMetadata over what is there',
    { commonMetadata: { labels: { own: 'over' } } },
    chart({
      'templates/own.yaml': configMap('own').replace('name: own', 'name: own\n  labels: {own: x, other: z}'),
    }),
  ),
  release('commonMetadata and a post-renderer', {
    ...kustomize({ patches: [LABELLED] }),
    commonMetadata: { labels: { a: 'over', team: 'x' } },
  }),
  release('hooks', {}, HOOKS),
  release('tests enabled', { test: { enable: true } }, HOOKS),
  release('hooks disabled on install', { install: { disableHooks: true } }, HOOKS),
  release('hooks disabled on upgrade', { upgrade: { disableHooks: true } }, HOOKS),
  release(
    'hooks disabled on both',
    { install: { disableHooks: true }, upgrade: { disableHooks: true } },
    HOOKS,
  ),
  release('hooks under a post-renderer', kustomize({ patches: [ALL_LABELLED] }), HOOKS),
  release('hooks under commonMetadata', { commonMetadata: { labels: { team: 'a' } } }, HOOKS),
  ...['combined', 'separate', 'nohooks'].map((postRenderStrategy) =>
    release(
      `hooks under a post-renderer, ${postRenderStrategy}`,
      {
        ...kustomize({ patches: [ALL_LABELLED] }),
        commonMetadata: { labels: { team: 'a' } },
        postRenderStrategy,
      },
      HOOKS,
    ),
  ),
  ...['combined', 'separate', 'nohooks'].map((postRenderStrategy) =>
    release(
      `a hook of an object's name, ${postRenderStrategy}`,
      { postRenderStrategy },
      chart({
        'templates/hook.yaml': hook('same', 'pre-install', { a: 'hook' }),
        'templates/own.yaml': configMap('same'),
      }),
    ),
  ),
  release('hooks made objects by a post-renderer', kustomize({ patches: [CLOBBERED] }), HOOKS),
  release(
    'a hook that is a test too',
    {},
    chart({ 'templates/hook.yaml': hook('both', 'pre-install,test') }),
  ),
  release('CRDs', {}, CRDS),
  release('CRDs skipped on install', { install: { crds: 'Skip' } }, CRDS),
  release('CRDs skipped on upgrade', { upgrade: { crds: 'Skip' } }, CRDS),
  release('CRDs skipped on both', { install: { crds: 'Skip' }, upgrade: { crds: 'Skip' } }, CRDS),
  release('CRDs replaced', { install: { crds: 'CreateReplace' }, upgrade: { crds: 'CreateReplace' } }, CRDS),
  release('CRDs by a policy of no name', { install: { crds: 'None' } }, CRDS),
  release('CRDs and skipCRDs of old', { install: { skipCRDs: true } }, CRDS),
  release('CRDs under a post-renderer', kustomize({ patches: [ALL_LABELLED] }), CRDS),
  release('CRDs under commonMetadata', { commonMetadata: { labels: { team: 'a' } } }, CRDS),
  release(
    'what is no CRD among the CRDs',
    {},
    chart({ 'crds/a.yaml': `${crd('as')}---\n${configMap('stray')}` }),
  ),
  release(
    'a CRD among the templates',
    { install: { crds: 'Skip' }, ...kustomize({ patches: [ALL_LABELLED] }) },
    chart({ 'templates/crd.yaml': crd('as') }),
  ),
  release(
    'CRDs of a subchart that is off',
    { values: { sub: { enabled: false } } },
    chart(
      {
        'charts/sub/Chart.yaml': 'apiVersion: v2\nname: sub\nversion: 1.0.0\n',
        'charts/sub/crds/a.yaml': crd('as'),
        'charts/sub/templates/a.yaml': configMap('sub'),
      },
      'dependencies:\n- {name: sub, version: 1.0.0, condition: sub.enabled}\n',
    ),
  ),
  release(
    'a schema that refuses',
    {},
    chart({ 'values.schema.json': '{"properties": {"color": {"type": "integer"}}}' }),
  ),
  release(
    'a schema that refuses, validation disabled',
    { install: { disableSchemaValidation: true }, upgrade: { disableSchemaValidation: true } },
    chart({ 'values.schema.json': '{"properties": {"color": {"type": "integer"}}}' }),
  ),
  release(
    'a schema that refuses, validation disabled on install alone',
    { install: { disableSchemaValidation: true } },
    chart({ 'values.schema.json': '{"properties": {"color": {"type": "integer"}}}' }),
  ),
  release(
    'an object without a name',
    {},
    chart({ 'templates/none.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n' }),
  ),
  release(
    'an object with generateName',
    {},
    chart({
      'templates/none.yaml': 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\nspec: {}\n',
    }),
  ),
  release(
    'an object twice',
    {},
    chart({ 'templates/twice.yaml': `${configMap('twice')}---\n${configMap('twice')}` }),
  ),
  release(
    'an object in two namespaces',
    {},
    chart({
      'templates/a.yaml': configMap('twice').replace('name: twice', 'name: twice\n  namespace: a'),
      'templates/b.yaml': configMap('twice').replace('name: twice', 'name: twice\n  namespace: b'),
    }),
  ),
  release(
    'a List',
    {},
    chart({
      'templates/list.yaml': `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n`,
    }),
  ),
  release(
    'a List under a post-renderer',
    kustomize({ patches: [LABELLED] }),
    chart({
      'templates/list.yaml': `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n`,
    }),
  ),
  release(
    'null where a template writes it',
    {},
    chart({ 'templates/null.yaml': `${configMap('null')}x: {limits: null, list: [null]}\n` }),
  ),
  release(
    'scalars that YAML may read otherwise',
    {},
    chart({
      'templates/text.yaml': configMap('text', {
        data: { a: 'yes', b: '1e3', c: '012', d: '~', e: 'a\nb\n' },
      }),
    }),
  ),
  release(
    'words that YAML 1.1 reads as booleans',
    {},
    chart({
      'templates/text.yaml': `${configMap('text')}x: {a: yes, b: on, c: 0777, d: 1e3, e: 0x1F, f: 1_000}\n`,
    }),
  ),
  release(
    'words that YAML 1.1 reads as booleans under a post-renderer',
    kustomize({ patches: [LABELLED] }),
    chart({
      'templates/text.yaml': `${configMap('text')}x: {a: yes, b: on, c: 0777, d: 1e3, e: 0x1F, f: 1_000}\n`,
    }),
  ),
  release(
    'nothing at all',
    {},
    {
      'chart/Chart.yaml': 'apiVersion: v2\nname: told\nversion: 1.0.0\n',
      'chart/templates/none.yaml': '{{ if false }}x{{ end }}',
    },
  ),
  release('a chart of another Kubernetes', {}, chart({}, 'kubeVersion: "<1.5"\n')),
  release('a library', {}, chart({}, 'type: library\n')),
];

/** A random release over a random chart. */
export function randomReleaseCase(random: RandomSource): ReleaseCase {
  const pick = (options: JsonMap, percent: number): JsonMap =>
    Object.fromEntries(random.some(Object.entries(options), percent));
  const policy = (): string => random.one(['Skip', 'Create', 'CreateReplace']);
  const renderer = (): JsonMap => ({
    kustomize: {
      patches: random.some(
        [
          LABELLED,
          ALL_LABELLED,
          CLOBBERED,
          { target: { kind: 'Deployment' }, patch: '- {op: remove, path: /spec/replicas}' },
        ],
        50,
      ),
      images: random.some(
        [
          { name: 'nginx', newTag: '2' },
          { name: 'nginx', newName: 'x' },
        ],
        40,
      ),
    },
  });
  const files = chart(
    pick(
      {
        'crds/a.yaml': crd('as'),
        'templates/hook.yaml': hook(
          'hooked',
          random.one(['pre-install', 'pre-upgrade,post-install', 'test', 'test,pre-install']),
        ),
        'templates/other.yaml': random.chance(50)
          ? configMap('hooked')
          : configMap('other', { data: { a: '1' } }),
        'templates/phase.yaml': `{{ if .Release.${random.one(['IsInstall', 'IsUpgrade'])} }}\n${configMap('phase')}{{ end }}\n`,
        'templates/crd.yaml': crd('bs'),
      },
      45,
    ) as Record<string, string>,
  );
  const spec = pick(
    {
      releaseName: random.one(['said', LONG]),
      targetNamespace: 'shop',
      values: { color: random.one(['x', 'y']) },
      postRenderers: Array.from({ length: 1 + random.below(2) }, renderer),
      postRenderStrategy: random.one(['combined', 'separate', 'nohooks']),
      commonMetadata: pick({ labels: { a: 'c' }, annotations: { p: 'r' } }, 70),
      install: pick({ crds: policy(), disableHooks: random.chance(50) }, 60),
      upgrade: pick({ crds: policy(), disableHooks: random.chance(50) }, 60),
      test: { enable: true },
    },
    35,
  );
  return { name: 'random release', files, spec };
}
