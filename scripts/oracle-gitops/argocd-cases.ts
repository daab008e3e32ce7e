// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Argo CD's own syntax
import { stringify } from 'yaml';
import type { JsonMap } from './compare.ts';
import { configMap, DEPLOYMENT } from './flux-cases.ts';
import { OWN } from './gate.ts';
import type { Files } from './workplace.ts';

/** An Application of a repository. */
export interface ArgoCase {
  name: string;
  files: Files;
  application: JsonMap;
  /** A cluster's version and API versions. */
  kubernetesVersion?: string;
  apiVersions?: readonly string[];
}

export function application(source: JsonMap | JsonMap[], metadata: JsonMap = {}): JsonMap {
  const full = (one: JsonMap): JsonMap => ({
    repoURL: `${OWN}.git`,
    targetRevision: 'HEAD',
    path: 'apps',
    ...one,
  });
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web', namespace: 'argocd', ...metadata },
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      ...(Array.isArray(source) ? { sources: source.map(full) } : { source: full(source) }),
    },
  };
}

const KUSTOMIZE: Files = {
  'apps/kustomization.yaml': 'resources: [deployment.yaml]\nimages: [{name: nginx, newTag: "1.28"}]\n',
  'apps/deployment.yaml': DEPLOYMENT,
};

const CHART: Files = {
  'apps/Chart.yaml': 'apiVersion: v2\nname: telling\nversion: 1.0.0\n',
  'apps/values.yaml': 'color: red\nlist: [a, b]\ndeep: {one: 1, two: 2}\n',
  'apps/values-prod.yaml': 'color: blue\n',
  'apps/more/a.yaml': 'color: a\nfrom: a\n',
  'apps/more/b.yaml': 'color: b\n',
  'shared/values.yaml': 'color: shared\n',
  'apps/crds/crd.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\nspec: {group: example.com}\n',
  'apps/values.schema.json': '{"properties": {"strict": {"type": "integer"}}}',
  'apps/templates/told.yaml': [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: {name: told}',
    'data:',
    '  release: {{ .Release.Name }}',
    '  namespace: {{ .Release.Namespace }}',
    '  values: {{ .Values | toJson | quote }}',
    '  kube: {{ .Capabilities.KubeVersion.Version }}',
    '  apis: {{ .Capabilities.APIVersions.Has "example.com/v1/Thing" | quote }}',
    '---',
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: {name: hook, annotations: {helm.sh/hook: pre-install}}',
    '',
  ].join('\n'),
};

const kustomized = (name: string, kustomize: JsonMap, files: Files = KUSTOMIZE): ArgoCase => ({
  name: `kustomize: ${name}`,
  files,
  application: application({ kustomize }),
});
const charted = (name: string, helm: JsonMap, files: Files = CHART): ArgoCase => ({
  name: `helm: ${name}`,
  files,
  application: application({ helm }),
});
const listed = (name: string, files: Files, directory: JsonMap = {}): ArgoCase => ({
  name: `directory: ${name}`,
  files,
  application: application(Object.keys(directory).length === 0 ? {} : { directory }),
});
const component = (yaml: string): string =>
  `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${yaml}`;

const KUSTOMIZED: ArgoCase[] = [
  { name: 'kustomize: nothing asked for', files: KUSTOMIZE, application: application({}) },
  kustomized('namePrefix, nameSuffix, namespace', { namePrefix: 'a-', nameSuffix: '-z', namespace: 'other' }),
  kustomized(
    'over own ones',
    { namePrefix: 'a-', nameSuffix: '-z', namespace: 'other' },
    {
      ...KUSTOMIZE,
      'apps/kustomization.yaml':
        'resources: [deployment.yaml]\nnamePrefix: own-\nnameSuffix: -own\nnamespace: own\n',
    },
  ),
  ...[
    'nginx:2',
    'nginx=example.com/nginx:2',
    'nginx@sha256:aaaa',
    'nginx=example.com/nginx',
    'nginx=:3',
    'nginx=*:*',
    'nginx=*:4',
    'nginx=example.com/nginx:*',
    'nginx=example.com:5000/nginx:6',
    'example.com:5000/nginx:7',
    'redis:8',
    'nginx=example.com/nginx:2@sha256:bbbb',
    'nginx',
    'nginx=*',
    'nginx:$ARGOCD_APP_NAME',
    'nginx:${ARGOCD_APP_NAMESPACE}',
    'nginx=nginx@*',
  ].map((image) => kustomized(`image ${image}`, { images: [image] })),
  kustomized(
    'image over newName',
    { images: ['nginx=*:9'] },
    {
      ...KUSTOMIZE,
      'apps/kustomization.yaml':
        'resources: [deployment.yaml]\nimages: [{name: nginx, newName: example.com/own, newTag: "1"}]\n',
    },
  ),
  kustomized(
    'image over digest',
    { images: ['nginx:9'] },
    {
      ...KUSTOMIZE,
      'apps/kustomization.yaml':
        'resources: [deployment.yaml]\nimages: [{name: nginx, digest: "sha256:cc"}]\n',
    },
  ),
  kustomized('several images', { images: ['nginx:2', 'nginx=x:3', 'b:1'] }),
  kustomized('replicas', { replicas: [{ name: 'web', count: 7 }] }),
  kustomized('replicas as text', { replicas: [{ name: 'web', count: '7' }] }),
  kustomized('replicas of nothing', { replicas: [{ name: 'other', count: 7 }] }),
  kustomized('commonLabels', { commonLabels: { team: '$ARGOCD_APP_NAME' } }),
  kustomized('commonLabels without selector', { commonLabels: { team: 'a' }, labelWithoutSelector: true }),
  kustomized('commonLabels with templates', {
    commonLabels: { team: 'a' },
    labelWithoutSelector: true,
    labelIncludeTemplates: true,
  }),
  ...[true, false].flatMap((forceCommonLabels) => [
    kustomized(
      `commonLabels taken, forced ${forceCommonLabels}`,
      { commonLabels: { own: 'new' }, forceCommonLabels },
      {
        ...KUSTOMIZE,
        'apps/kustomization.yaml': 'resources: [deployment.yaml]\ncommonLabels: {own: old, other: x}\n',
      },
    ),
    kustomized(
      `labels taken, forced ${forceCommonLabels}`,
      { commonLabels: { own: 'new' }, forceCommonLabels, labelWithoutSelector: true },
      {
        ...KUSTOMIZE,
        'apps/kustomization.yaml': 'resources: [deployment.yaml]\nlabels: [{pairs: {own: old, other: x}}]\n',
      },
    ),
  ]),
  kustomized('commonAnnotations', { commonAnnotations: { note: '$ARGOCD_APP_NAME' } }),
  kustomized('commonAnnotations substituted', {
    commonAnnotations: { note: '$ARGOCD_APP_NAME ${ARGOCD_APP_SOURCE_PATH} $$x $nothing' },
    commonAnnotationsEnvsubst: true,
  }),
  ...[true, false].map((forceCommonAnnotations) =>
    kustomized(
      `commonAnnotations taken, forced ${forceCommonAnnotations}`,
      { commonAnnotations: { own: 'new' }, forceCommonAnnotations },
      {
        ...KUSTOMIZE,
        'apps/kustomization.yaml': 'resources: [deployment.yaml]\ncommonAnnotations: {own: old}\n',
      },
    ),
  ),
  kustomized('patches', {
    patches: [{ target: { kind: 'Deployment' }, patch: '- {op: replace, path: /spec/replicas, value: 9}' }],
  }),
  kustomized(
    'patches by file',
    { patches: [{ path: 'patch.yaml' }] },
    {
      ...KUSTOMIZE,
      'apps/patch.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 4}\n',
    },
  ),
  kustomized('patches with options', {
    patches: [
      {
        target: { kind: 'Deployment' },
        patch: 'apiVersion: v1\nkind: X\nmetadata: {name: renamed}\n',
        options: { allowNameChange: true },
      },
    ],
  }),
  kustomized(
    'components',
    { components: ['../parts'] },
    { ...KUSTOMIZE, 'parts/kustomization.yaml': component('namePrefix: p-\n') },
  ),
  kustomized('a missing component', { components: ['../gone'] }),
  kustomized(
    'missing components ignored',
    { components: ['../gone', '../parts'], ignoreMissingComponents: true },
    { ...KUSTOMIZE, 'parts/kustomization.yaml': component('namePrefix: p-\n') },
  ),
  kustomized(
    'an unknown field',
    { namePrefix: 'a-' },
    { ...KUSTOMIZE, 'apps/kustomization.yaml': 'resources: [deployment.yaml]\nnoSuchField: 1\n' },
  ),
  kustomized(
    'a number as newTag',
    { namePrefix: 'a-' },
    {
      ...KUSTOMIZE,
      'apps/kustomization.yaml': 'resources: [deployment.yaml]\nimages: [{name: nginx, newTag: 1.28}]\n',
    },
  ),
  kustomized(
    'two kustomization files',
    { namePrefix: 'a-' },
    { ...KUSTOMIZE, 'apps/kustomization.yml': 'resources: [deployment.yaml]\n' },
  ),
  kustomized(
    'bases and old patches',
    { namePrefix: 'a-' },
    {
      'apps/kustomization.yaml': 'bases: [../base]\npatchesStrategicMerge: [p.yaml]\n',
      'apps/p.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 4}\n',
      'base/kustomization.yaml': 'resources: [d.yaml]\n',
      'base/d.yaml': DEPLOYMENT,
    },
  ),
  kustomized('without a kustomization', { namePrefix: 'a-' }, { 'apps/d.yaml': DEPLOYMENT }),
  kustomized(
    'a file outside of the folder',
    { namePrefix: 'a-' },
    { 'apps/kustomization.yaml': 'resources: [../d.yaml]\n', 'd.yaml': DEPLOYMENT },
  ),
  kustomized('in another namespace', { commonLabels: { n: '$ARGOCD_APP_NAME' } }),
  {
    name: 'kustomize: an Application outside of argocd',
    files: KUSTOMIZE,
    application: application(
      { kustomize: { commonLabels: { n: '$ARGOCD_APP_NAME' } } },
      { namespace: 'team' },
    ),
  },
];

const CHARTED: ArgoCase[] = [
  { name: 'helm: nothing asked for', files: CHART, application: application({}) },
  charted('releaseName', { releaseName: 'other' }),
  charted('namespace', { namespace: 'other' }),
  charted('kubeVersion', { kubeVersion: '1.30.0' }),
  charted('kubeVersion with a v', { kubeVersion: 'v1.30' }),
  charted('apiVersions', { apiVersions: ['example.com/v1/Thing'] }),
  charted('skipCrds', { skipCrds: true }),
  charted('values', { values: 'color: inline\n' }),
  charted('valuesObject over values', { values: 'color: inline\nx: 1\n', valuesObject: { color: 'object' } }),
  charted('valueFiles in order', { valueFiles: ['values-prod.yaml', 'more/a.yaml'] }),
  charted('inline values over files', { valueFiles: ['values-prod.yaml'], values: 'color: inline\n' }),
  charted('a file from the root', { valueFiles: ['/shared/values.yaml'] }),
  charted('a file above the chart', { valueFiles: ['../shared/values.yaml'] }),
  charted('a file outside of the repository', { valueFiles: ['../../shared/values.yaml'] }),
  charted('a missing file', { valueFiles: ['gone.yaml'] }),
  charted('a missing file ignored', {
    valueFiles: ['gone.yaml', 'values-prod.yaml'],
    ignoreMissingValueFiles: true,
  }),
  charted('a glob', { valueFiles: ['more/*.yaml'] }),
  charted('a glob and one of its files before', { valueFiles: ['more/b.yaml', 'more/*.yaml'] }),
  charted('a glob and one of its files behind', { valueFiles: ['more/*.yaml', 'more/a.yaml'] }),
  charted('two globs', { valueFiles: ['more/b*.yaml', '**/a.yaml', 'more/*.yaml'] }),
  charted('a glob with braces', { valueFiles: ['more/{b,a}.yaml'] }),
  charted('a glob of nothing', { valueFiles: ['none/*.yaml'] }),
  charted('a glob of nothing ignored', { valueFiles: ['none/*.yaml'], ignoreMissingValueFiles: true }),
  charted('a file twice', { valueFiles: ['more/a.yaml', 'more/b.yaml', 'more/a.yaml'] }),
  charted('a file of the environment', {
    valueFiles: ['more/$ARGOCD_APP_NAME.yaml'],
    ignoreMissingValueFiles: true,
  }),
  charted('a file named by the environment', {
    valueFiles: ['values-${ENV}.yaml', '$ARGOCD_ENV_X'],
    ignoreMissingValueFiles: true,
  }),
  ...(
    [
      ['color', 'green'],
      ['count', '3'],
      ['on', 'true'],
      ['none', 'null'],
      ['list', '{x,y}'],
      ['list[0]', 'z'],
      ['deep.one', 'x'],
      ['text', 'a,b'],
      ['text', 'a\\,b'],
      ['text', 'a=b'],
      ['text', 'a, {b}'],
      ['dots\\.in', 'x'],
      ['env', '$ARGOCD_APP_NAME'],
      ['env', '${ARGOCD_APP_PROJECT_NAME}-$$x-$UNKNOWN'],
      ['text', 'a\\b'],
      ['text', ''],
      ['json', '{"a":1}'],
      ['text', '{a'],
      ['a.b.c', '1'],
    ] as const
  ).flatMap(([name, value]) => [
    charted(`parameter ${name}=${value}`, { parameters: [{ name, value }] }),
    charted(`string parameter ${name}=${value}`, { parameters: [{ name, value, forceString: true }] }),
  ]),
  charted('parameters over inline values', {
    values: 'color: inline\n',
    parameters: [{ name: 'color', value: 'set' }],
  }),
  charted('the same parameter twice', {
    parameters: [
      { name: 'color', value: 'one' },
      { name: 'color', value: 'two' },
    ],
  }),
  charted('the same parameter as string', {
    parameters: [
      { name: 'n', value: '1', forceString: true },
      { name: 'n', value: '2' },
    ],
  }),
  charted('fileParameters', { fileParameters: [{ name: 'file', path: 'more/a.yaml' }] }),
  charted('fileParameters from the root', {
    fileParameters: [{ name: 'file', path: '/shared/values.yaml' }],
  }),
  charted('missing fileParameters', { fileParameters: [{ name: 'file', path: 'gone' }] }),
  charted('a schema that refuses', { values: 'strict: text\n' }),
  charted('a schema that is skipped', { values: 'strict: text\n', skipSchemaValidation: true }),
  charted(
    'a kustomization beside',
    { releaseName: 'x' },
    { ...CHART, 'apps/kustomization.yaml': 'resources: [templates/told.yaml]\n' },
  ),
  charted('a long release name', { releaseName: 'a'.repeat(54) }),
  charted('no chart', { releaseName: 'x' }, KUSTOMIZE),
  {
    name: 'helm: of a cluster',
    files: CHART,
    application: application({}),
    kubernetesVersion: '1.31.2',
    apiVersions: ['example.com/v1/Thing'],
  },
  {
    name: 'helm: over a cluster',
    files: CHART,
    application: application({ helm: { kubeVersion: '1.29.1', apiVersions: ['v1'] } }),
    kubernetesVersion: '1.31.2',
    apiVersions: ['example.com/v1/Thing'],
  },
  {
    name: 'helm: an Application outside of argocd',
    files: CHART,
    application: application(
      { helm: { parameters: [{ name: 'env', value: '$ARGOCD_APP_NAME' }] } },
      { namespace: 'team' },
    ),
  },
  {
    name: 'several: values of another source',
    files: CHART,
    application: application([
      { helm: { valueFiles: ['$values/shared/values.yaml', 'values-prod.yaml'] } },
      { ref: 'values', path: '' },
    ]),
  },
  {
    name: 'several: an unknown reference',
    files: CHART,
    application: application([
      { helm: { valueFiles: ['$other/shared/values.yaml'] } },
      { ref: 'values', path: '' },
    ]),
  },
  {
    name: 'several: a file parameter of another source',
    files: CHART,
    application: application([
      { helm: { fileParameters: [{ name: 'f', path: '$values/shared/values.yaml' }] } },
      { ref: 'values', path: '' },
    ]),
  },
  {
    name: 'several: a glob of another source',
    files: CHART,
    application: application([
      { helm: { valueFiles: ['$values/apps/more/*.yaml'] } },
      { ref: 'values', path: '' },
    ]),
  },
  {
    name: 'several: a reference with a path',
    files: { ...CHART, 'plain/cm.yaml': configMap('plain') },
    application: application([
      { helm: { valueFiles: ['$v/shared/values.yaml'] } },
      { ref: 'v', path: 'plain' },
    ]),
  },
];

const YAML_CASES: [string, string][] = [
  ['a List', `apiVersion: v1\nkind: List\nitems:\n- ${configMap('c').replaceAll('\n', '\n  ')}`],
  [
    'a ConfigMapList',
    `apiVersion: v1\nkind: ConfigMapList\nitems:\n- ${configMap('c').replaceAll('\n', '\n  ')}`,
  ],
  ['a list of null', 'apiVersion: v1\nkind: ConfigMapList\nitems: null\n'],
  ['an empty List', 'apiVersion: v1\nkind: List\nitems: []\n'],
  ['a skipped file', `# +argocd:skip-file-rendering\n${configMap('c')}`],
  ['values', 'replicas: 3\n'],
  ['no YAML', 'a: [\n'],
  ['no YAML that looks like a manifest', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [\n'],
  ['text', 'just text\n'],
  ['empty documents', `---\n---\n${configMap('c')}---\n# nothing\n---\n`],
  ['a kind without apiVersion', 'kind: ConfigMap\nmetadata: {name: x}\n'],
  ['an apiVersion without kind', 'apiVersion: v1\nmetadata: {name: x}\n'],
  ['a sequence', '- a\n- b\n'],
  ['two documents, one broken', `${configMap('c')}---\na: [\n`],
  ['a key twice', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b, a: c}\n'],
  [
    'merge keys',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\nx: &x {a: b}\ndata: {<<: *x, c: d}\n',
  ],
  [
    'booleans and octals',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: yes, b: 0777, c: 1_000, d: on, e: y, f: 1e3, g: 2001-01-01, h: ~, i: 0o7, j: 0b1, k: 12:30:45, l: .5, m: 1.0, n: +1}\n',
  ],
];

const LISTED: ArgoCase[] = [
  listed('files of all kinds', {
    'apps/a.yaml': configMap('a'),
    'apps/b.yml': configMap('b'),
    'apps/c.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"json"}}',
    'apps/d.txt': configMap('no'),
    'apps/sub/e.yaml': configMap('sub'),
    'apps/.f.yaml': configMap('hidden'),
    'apps/UPPER.YAML': configMap('upper'),
  }),
  listed(
    'recurse',
    {
      'apps/a.yaml': configMap('a'),
      'apps/x/b.yaml': configMap('b'),
      'apps/x/y/c.yaml': configMap('c'),
      'apps/.z/d.yaml': configMap('d'),
    },
    { recurse: true },
  ),
  ...[
    '*.yaml',
    'a.yaml',
    '**/a.yaml',
    'x/*',
    '{a,b}.yaml',
    '{a.yaml,x/*}',
    '*a.yaml',
    '?.yaml',
    '[ab].yaml',
    '[!a].yaml',
    'x/**',
    '*/a.yaml',
    '{*.yaml',
    'x',
    '!(a).yaml',
  ].flatMap((glob) => {
    const files = {
      'apps/a.yaml': configMap('a'),
      'apps/b.yaml': configMap('b'),
      'apps/x/a.yaml': configMap('xa'),
      'apps/x/y/a.yaml': configMap('xya'),
    };
    return [
      listed(`include ${glob}`, files, { recurse: true, include: glob }),
      listed(`exclude ${glob}`, files, { recurse: true, exclude: glob }),
    ];
  }),
  listed(
    'exclude before include',
    { 'apps/a.yaml': configMap('a'), 'apps/b.yaml': configMap('b') },
    { include: '*.yaml', exclude: 'b*' },
  ),
  ...YAML_CASES.map(([name, content]) =>
    listed(name, { 'apps/a.yaml': configMap('a'), 'apps/x.yaml': content }),
  ),
  listed('an object twice', {
    'apps/a.yaml': configMap('a', { v: '1' }),
    'apps/b.yaml': configMap('a', { v: '2' }),
  }),
  listed('namespaces', {
    'apps/a.yaml': configMap('a', {}, { namespace: 'own' }),
    'apps/ns.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: n, namespace: wrong}\n',
    'apps/role.yaml':
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules: []\n',
  }),
  listed('a symlink in the repository', {
    'apps/a.yaml': { content: '../b.yaml', mode: 'symlink' },
    'b.yaml': configMap('b'),
  }),
  listed('a symlink out of the repository', {
    'apps/a.yaml': configMap('a'),
    'apps/b.yaml': { content: '../../../etc/x.yaml', mode: 'symlink' },
  }),
  listed('a symlink to nothing', {
    'apps/a.yaml': configMap('a'),
    'apps/b.yaml': { content: 'gone.yaml', mode: 'symlink' },
  }),
  listed(
    'a symlinked folder',
    {
      'apps/a.yaml': configMap('a'),
      'apps/x': { content: '../more', mode: 'symlink' },
      'more/b.yaml': configMap('b'),
    },
    { recurse: true },
  ),
  listed('json of a list', {
    'apps/a.json': '[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"json"}}]',
  }),
  listed('json of two documents', {
    'apps/a.json':
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}',
  }),
  listed('json that is none', { 'apps/a.json': '{"a": ' }),
  listed('json that is no object of Kubernetes', { 'apps/a.json': '{"a": 1}' }),
  listed('json with comments and YAML', {
    'apps/a.json': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  }),
  listed('nothing', { 'apps/README.md': 'x' }),
  {
    name: 'directory: a path that is not there',
    files: { 'a.yaml': configMap('a') },
    application: application({ path: 'gone' }),
  },
  {
    name: 'directory: the root',
    files: { 'a.yaml': configMap('a') },
    application: application({ path: '.' }),
  },
  {
    name: 'directory: the root by no path',
    files: { 'a.yaml': configMap('a') },
    application: application({ path: '' }),
  },
];

const source = (overrides: JsonMap): string => stringify(overrides, { version: '1.1' });

const OTHER: ArgoCase[] = [
  {
    name: 'overrides: of the folder',
    files: { ...KUSTOMIZE, 'apps/.argocd-source.yaml': source({ kustomize: { namePrefix: 'o-' } }) },
    application: application({}),
  },
  {
    name: 'overrides: of the Application',
    files: {
      ...KUSTOMIZE,
      'apps/.argocd-source.yaml': source({ kustomize: { namePrefix: 'o-', nameSuffix: '-o' } }),
      'apps/.argocd-source-web.yaml': source({ kustomize: { namePrefix: 'w-' } }),
    },
    application: application({}),
  },
  {
    name: 'overrides: of an Application outside of argocd',
    files: {
      ...KUSTOMIZE,
      'apps/.argocd-source-web.yaml': source({ kustomize: { namePrefix: 'w-' } }),
      'apps/.argocd-source-team_web.yaml': source({ kustomize: { namePrefix: 't-' } }),
    },
    application: application({}, { namespace: 'team' }),
  },
  {
    name: 'overrides: merged with the source',
    files: {
      ...CHART,
      'apps/.argocd-source.yaml': source({
        helm: { parameters: [{ name: 'x', value: 'y' }], releaseName: null },
      }),
    },
    application: application({ helm: { releaseName: 'r', parameters: [{ name: 'color', value: 'c' }] } }),
  },
  {
    name: 'overrides: not of the place',
    files: {
      ...KUSTOMIZE,
      'apps/.argocd-source.yaml': source({
        path: 'other',
        repoURL: 'https://example.com/x',
        targetRevision: 'x',
        chart: 'c',
      }),
    },
    application: application({}),
  },
  {
    name: 'overrides: of the type',
    files: { ...KUSTOMIZE, 'apps/.argocd-source.yaml': source({ directory: { recurse: true } }) },
    application: application({}),
  },
  {
    name: 'overrides: of a second type',
    files: { ...KUSTOMIZE, 'apps/.argocd-source.yaml': source({ directory: { recurse: true } }) },
    application: application({ kustomize: { namePrefix: 'a-' } }),
  },
  {
    name: 'overrides: that are no YAML',
    files: { ...KUSTOMIZE, 'apps/.argocd-source.yaml': 'a: [' },
    application: application({}),
  },
  {
    name: 'overrides: that are empty',
    files: { ...KUSTOMIZE, 'apps/.argocd-source.yaml': '' },
    application: application({}),
  },
  {
    name: 'overrides: that are a list',
    files: { ...KUSTOMIZE, 'apps/.argocd-source.yaml': '- a\n' },
    application: application({}),
  },
  {
    name: 'overrides: in directories',
    files: {
      'apps/a.yaml': configMap('a'),
      'apps/.argocd-source.yaml': source({ directory: { exclude: 'a*' } }),
    },
    application: application({}),
  },
  {
    name: 'type: a chart beside plain files',
    files: { ...CHART, 'apps/x.yaml': configMap('x') },
    application: application({}),
  },
  {
    name: 'type: directory said for a chart',
    files: CHART,
    application: application({ directory: { recurse: true, include: 'values.yaml' } }),
  },
  { name: 'type: an empty helm', files: KUSTOMIZE, application: application({ helm: {} }) },
  {
    name: 'type: two',
    files: CHART,
    application: application({ helm: { releaseName: 'x' }, kustomize: { namePrefix: 'x' } }),
  },
  {
    name: 'type: MyChart.yaml',
    files: { 'apps/MyChart.yaml': configMap('my'), 'apps/a.yaml': configMap('a') },
    application: application({}),
  },
  {
    name: 'type: a chart and a kustomization',
    files: {
      ...CHART,
      'apps/kustomization.yaml': 'namePrefix: k-\nresources: [more/cm.yaml]\n',
      'apps/more/cm.yaml': configMap('cm'),
    },
    application: application({}),
  },
  {
    name: 'type: Kustomization and a chart',
    files: {
      ...CHART,
      'apps/Kustomization': 'namePrefix: k-\nresources: [more/cm.yaml]\n',
      'apps/more/cm.yaml': configMap('cm'),
    },
    application: application({}),
  },
  {
    name: 'several: two directories',
    files: { 'one/a.yaml': configMap('a', { v: '1' }), 'two/b.yaml': configMap('b') },
    application: application([{ path: 'one' }, { path: 'two' }]),
  },
  {
    name: 'several: with a release name by its Application',
    files: { ...CHART, 'two/b.yaml': configMap('b') },
    application: application([{}, { path: 'two' }]),
  },
];

/** Every row of the semantics of Applications that an oracle answers. */
export const ARGO_CASES: readonly ArgoCase[] = [...KUSTOMIZED, ...CHARTED, ...LISTED, ...OTHER];
