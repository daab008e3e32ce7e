// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux's own syntax
import { stringify } from 'yaml';
import type { JsonMap } from './compare.ts';
import type { Files } from './workplace.ts';

/** A Kustomization `apps` of a repository, and the ConfigMaps and Secrets that its cluster has. */
export interface FluxCase {
  name: string;
  files: Files;
  spec: JsonMap;
  /** spec.ignore of the GitRepository. */
  ignore?: string;
  objects?: readonly JsonMap[];
}

export const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "nginx:1.27"}]}
`;

export function configMap(name: string, data: JsonMap = {}, metadata: JsonMap = {}): string {
  return stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data });
}

/** The object that a Kustomization's spec belongs to. */
export function kustomization(spec: JsonMap, name = 'apps'): JsonMap {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name, namespace: 'flux-system' },
    spec: {
      interval: '1h',
      prune: true,
      path: './apps',
      sourceRef: { kind: 'GitRepository', name: 'flux-system' },
      ...spec,
    },
  };
}

const BASE: Files = {
  'apps/kustomization.yaml': 'resources: [deployment.yaml]\nimages: [{name: nginx, newTag: "1.28"}]\n',
  'apps/deployment.yaml': DEPLOYMENT,
};

function built(name: string, spec: JsonMap, files: Files = BASE): FluxCase {
  return { name, files, spec };
}

/** One ConfigMap whose only value is substituted. */
function substituted(name: string, value: string, substitute: JsonMap, more: JsonMap = {}): FluxCase {
  return {
    name: `substitute: ${name}`,
    files: { 'apps/cm.yaml': configMap('cm', { key: value }) },
    spec: { postBuild: { substitute, ...more } },
  };
}

const component = (yaml: string): string =>
  `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${yaml}`;

const BUILD: FluxCase[] = [
  built('nothing asked for', {}),
  built('targetNamespace', { targetNamespace: 'shop' }),
  built(
    'targetNamespace over an own one',
    { targetNamespace: 'shop' },
    {
      ...BASE,
      'apps/kustomization.yaml': 'namespace: own\nresources: [deployment.yaml]\n',
    },
  ),
  built('namePrefix and nameSuffix', { namePrefix: 'a-', nameSuffix: '-z' }),
  built(
    'namePrefix over an own one',
    { namePrefix: 'a-' },
    {
      ...BASE,
      'apps/kustomization.yaml': 'namePrefix: own-\nnameSuffix: -own\nresources: [deployment.yaml]\n',
    },
  ),
  built(
    'an empty namePrefix over an own one',
    { namePrefix: '' },
    {
      ...BASE,
      'apps/kustomization.yaml': 'namePrefix: own-\nresources: [deployment.yaml]\n',
    },
  ),
  built('a JSON patch with a target', {
    patches: [{ target: { kind: 'Deployment' }, patch: '- {op: replace, path: /spec/replicas, value: 9}' }],
  }),
  built('a strategic patch without a target', {
    patches: [
      { patch: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 4}\n' },
    ],
  }),
  built('patches by label selector and annotation selector', {
    patches: [
      {
        target: { labelSelector: 'app=web' },
        patch: '- {op: add, path: /metadata/annotations, value: {a: b}}',
      },
      {
        target: { group: 'apps', version: 'v1', kind: 'Deployment', name: 'w.*' },
        patch: '- {op: remove, path: /spec/replicas}',
      },
    ],
  }),
  built('patchesStrategicMerge', {
    patchesStrategicMerge: [
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 6 } },
    ],
  }),
  built('patchesJson6902', {
    patchesJson6902: [
      {
        target: { group: 'apps', version: 'v1', kind: 'Deployment', name: 'web' },
        patch: [{ op: 'replace', path: '/spec/replicas', value: 7 }],
      },
    ],
  }),
  built('images: a new name keeps the tag', { images: [{ name: 'nginx', newName: 'example.com/nginx' }] }),
  built('images: a digest takes the tag away', {
    images: [{ name: 'nginx', digest: `sha256:${'a'.repeat(64)}` }],
  }),
  built('images: tag and digest', {
    images: [{ name: 'nginx', newTag: '2', digest: `sha256:${'b'.repeat(64)}` }],
  }),
  built('images: another image', { images: [{ name: 'redis', newTag: '8' }] }),
  built('images: without a change', { images: [{ name: 'nginx' }] }),
  built('images: twice the same', {
    images: [
      { name: 'nginx', newTag: '3' },
      { name: 'nginx', newName: 'x' },
    ],
  }),
  built('commonMetadata', { commonMetadata: { labels: { team: 'a' }, annotations: { note: 'b' } } }),
  built(
    'commonMetadata over own labels',
    { commonMetadata: { labels: { own: 'common' } } },
    {
      'apps/cm.yaml': configMap('cm', {}, { labels: { own: 'mine', other: 'x' } }),
    },
  ),
  built(
    'components',
    { components: ['../parts'] },
    {
      ...BASE,
      'parts/kustomization.yaml': component('replicas: [{name: web, count: 4}]\n'),
    },
  ),
  built(
    'missing components ignored',
    { components: ['../parts', '../gone'], ignoreMissingComponents: true },
    {
      ...BASE,
      'parts/kustomization.yaml': component('namePrefix: part-\n'),
    },
  ),
  built('a missing component', { components: ['../gone'] }),
  built('a component by URL', { components: ['https://example.com/x'] }),
  built('a component by absolute path', { components: ['/parts'] }),
  built(
    'only components',
    { components: ['../parts'] },
    {
      'apps/kustomization.yaml': 'namePrefix: a-\n',
      'parts/kustomization.yaml': component('resources: [cm.yaml]\n'),
      'parts/cm.yaml': configMap('cm'),
    },
  ),
  built(
    'only generators',
    {},
    {
      'apps/kustomization.yaml': 'configMapGenerator: [{name: made, literals: [a=b]}]\n',
    },
  ),
  built(
    'only generators, origin asked for',
    { buildMetadata: ['originAnnotations'] },
    {
      'apps/kustomization.yaml': 'configMapGenerator: [{name: made, literals: [a=b]}]\n',
    },
  ),
  built('buildMetadata', { buildMetadata: ['originAnnotations', 'transformerAnnotations'] }),
  built(
    'buildMetadata of the kustomization',
    {},
    {
      ...BASE,
      'apps/kustomization.yaml': 'resources: [deployment.yaml]\nbuildMetadata: [originAnnotations]\n',
    },
  ),
  built(
    'buildMetadata replaced',
    { buildMetadata: ['managedByLabel'] },
    {
      ...BASE,
      'apps/kustomization.yaml': 'resources: [deployment.yaml]\nbuildMetadata: [originAnnotations]\n',
    },
  ),
  built('an empty kustomization', {}, { 'apps/kustomization.yaml': '' }),
  built(
    'a kustomization with an unknown field',
    {},
    {
      ...BASE,
      'apps/kustomization.yaml': 'resources: [deployment.yaml]\nnoSuchField: 1\n',
    },
  ),
  built(
    'patches in the form of old',
    {},
    {
      ...BASE,
      'apps/kustomization.yaml': 'resources: [deployment.yaml]\npatches: [patch.yaml]\n',
      'apps/patch.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 4}\n',
    },
  ),
  built(
    'bases',
    {},
    {
      'apps/kustomization.yaml': 'bases: [../base]\nnamePrefix: x-\n',
      'base/kustomization.yaml': 'resources: [cm.yaml]\n',
      'base/cm.yaml': configMap('cm'),
    },
  ),
  built(
    'vars and commonLabels',
    {},
    {
      ...BASE,
      'apps/kustomization.yaml':
        'resources: [deployment.yaml]\ncommonLabels: {x: y}\nlabels: [{pairs: {p: q}}]\n',
    },
  ),
  built(
    'a file outside of the path',
    {},
    {
      'apps/kustomization.yaml': 'resources: [../shared.yaml]\n',
      'shared.yaml': configMap('shared'),
    },
  ),
  built(
    'a file outside of the repository',
    {},
    {
      'apps/kustomization.yaml': 'resources: [../../shared.yaml]\n',
    },
  ),
  built('a path that is not there', { path: './gone' }),
  built('an absolute path', { path: '/apps' }),
  built('a path with dots', { path: './apps/../apps' }),
  built('a path that leaves the repository', { path: '../../apps' }),
  built('no path', { path: '' }, { 'cm.yaml': configMap('cm'), 'deep/cm.yaml': configMap('deep') }),
  built(
    'two kustomization files',
    {},
    { ...BASE, 'apps/kustomization.yml': 'resources: [deployment.yaml]\n' },
  ),
  built(
    'Kustomization with a capital',
    {},
    {
      'apps/Kustomization': 'resources: [cm.yaml]\n',
      'apps/cm.yaml': configMap('cm'),
    },
  ),
  built('an object without a name', {}, { 'apps/x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n' }),
  built(
    'a symlinked kustomization',
    {},
    {
      'apps/kustomization.yaml': { content: '../real.yaml', mode: 'symlink' },
      'real.yaml': 'resources: [cm.yaml]\n',
      'apps/cm.yaml': configMap('cm'),
      'cm.yaml': configMap('cm'),
    },
  ),
  built(
    'a resource that is a symlink',
    {},
    {
      'apps/kustomization.yaml': 'resources: [cm.yaml, own.yaml]\n',
      'apps/cm.yaml': { content: '../real.yaml', mode: 'symlink' },
      'apps/own.yaml': configMap('own'),
      'real.yaml': configMap('real'),
    },
  ),
];

const GENERATED: FluxCase[] = [
  built(
    'generated: files and folders',
    {},
    {
      'apps/b.yaml': configMap('b'),
      'apps/a.yml': configMap('a'),
      'apps/note.txt': 'no manifest',
      'apps/data.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"json"}}',
      'apps/deep/er/c.yaml': configMap('c'),
    },
  ),
  built(
    'generated: sub-folders with a kustomization',
    {},
    {
      'apps/sub/kustomization.yaml': 'namePrefix: sub-\nresources: [cm.yaml]\n',
      'apps/sub/cm.yaml': configMap('a'),
      'apps/sub/unused.yaml': configMap('unused'),
      'apps/other/kustomization.yml': 'resources: [deep/cm.yaml]\n',
      'apps/other/deep/cm.yaml': configMap('b'),
      'apps/third/Kustomization': 'resources: [cm.yaml]\n',
      'apps/third/cm.yaml': configMap('third'),
    },
  ),
  built(
    'generated: a file that is no manifest',
    {},
    { 'apps/a.yaml': configMap('a'), 'apps/values.yaml': 'replicas: 3\n' },
  ),
  built('generated: a file that is no YAML', {}, { 'apps/a.yaml': configMap('a'), 'apps/b.yaml': 'a: [\n' }),
  built(
    'generated: an empty file and comments',
    {},
    { 'apps/a.yaml': configMap('a'), 'apps/b.yaml': '# nothing\n', 'apps/c.yaml': '' },
  ),
  built(
    'generated: several documents and a List',
    {},
    {
      'apps/a.yaml': `${configMap('a')}---\n${configMap('b')}`,
      'apps/list.yaml': `apiVersion: v1\nkind: List\nitems:\n- ${configMap('c').replaceAll('\n', '\n  ')}`,
    },
  ),
  built(
    'generated: the same object twice',
    {},
    { 'apps/a.yaml': configMap('a'), 'apps/b.yaml': configMap('a') },
  ),
  built('generated: nothing there', {}, { 'apps/README.md': 'x' }),
  built(
    'generated: nothing there but a namespace asked for',
    { targetNamespace: 'x' },
    { 'apps/README.md': 'x' },
  ),
  built(
    'generated: hidden files and folders',
    {},
    { 'apps/.a.yaml': configMap('a'), 'apps/.b/c.yaml': configMap('c') },
  ),
  built(
    'generated: with patches',
    {
      patches: [{ target: { kind: 'ConfigMap' }, patch: '- {op: add, path: /data/x, value: y}' }],
    },
    { 'apps/a.yaml': configMap('a', { k: 'v' }), 'apps/s/b.yaml': configMap('b', { k: 'v' }) },
  ),
  built(
    'generated: a symlink to a file',
    {},
    {
      'apps/a.yaml': configMap('a'),
      'apps/b.yaml': { content: '../b.yaml', mode: 'symlink' },
      'b.yaml': configMap('b'),
    },
  ),
  built(
    'generated: a symlink to a folder',
    {},
    {
      'apps/a.yaml': configMap('a'),
      'apps/more': { content: '../more', mode: 'symlink' },
      'more/b.yaml': configMap('b'),
    },
  ),
  built(
    'generated: files that sources leave out',
    {},
    {
      'apps/a.yaml': configMap('a'),
      'apps/.sops.yaml': 'creation_rules: []\n',
      'apps/.goreleaser.yml': 'x: y\n',
      'apps/.goreleaser.yaml': configMap('goreleaser'),
      'apps/.flux.yaml': 'x: y\n',
      'apps/.travis.yml': 'x: y\n',
      'apps/.gitlab-ci.yml': 'x: y\n',
      'apps/appveyor.yml': 'x: y\n',
      'apps/.drone.yml': 'x: y\n',
      'apps/cloudbuild.yaml': configMap('cloudbuild'),
      'apps/codeship-steps.yml': configMap('codeship'),
      'apps/.github/workflow.yaml': 'on: push\n',
      'apps/.circleci/config.yml': 'x: y\n',
    },
  ),
];

function ignored(name: string, lines: string, more: Files = {}, ignore?: string): FluxCase {
  const files: Files = {
    'apps/a.yaml': configMap('a'),
    'apps/b.yaml': configMap('b'),
    'apps/sub/a.yaml': configMap('sub-a'),
    'apps/sub/deep/c.yaml': configMap('sub-c'),
    ...(lines === '' ? {} : { '.sourceignore': lines }),
    ...more,
  };
  return { name: `ignored: ${name}`, files, spec: {}, ...(ignore === undefined ? {} : { ignore }) };
}

const IGNORED: FluxCase[] = [
  ignored('by anchored path', '/apps/a.yaml\n'),
  ignored('by name at any level', 'a.yaml\n'),
  ignored('by glob', '*.yaml\n!b.yaml\n'),
  ignored('by folder', 'sub/\n'),
  ignored('by folder, anchored', '/apps/sub/\n'),
  ignored('by folder without a slash', 'sub\n'),
  ignored('by stars', '**/deep/*.yaml\n'),
  ignored('by stars at the end', 'apps/sub/**\n'),
  ignored('by stars in the middle', 'apps/**/c.yaml\n'),
  ignored('by one star in the path', 'apps/*/c.yaml\n'),
  ignored('by a middle slash', 'sub/a.yaml\n'),
  ignored('by a class', '/apps/[ab].yaml\n'),
  ignored('by a question mark', '/apps/?.yaml\n'),
  ignored('everything and some again', '/*\n!/apps\n'),
  ignored('everything and some again with a slash', '/*\n!/apps/\n'),
  ignored('all but one, below a folder', '/apps/sub/*\n!/apps/sub/deep\n'),
  ignored('comments and blanks', '# a.yaml\n\n   \n/apps/b.yaml   \n'),
  ignored('a comment with a space in front', ' # a.yaml\n/apps/b.yaml\n'),
  ignored('an escaped mark', '\\!a.yaml\n\\#b.yaml\n'),
  ignored('braces are nothing special', '/apps/{a,b}.yaml\n'),
  ignored('a negated name first', '!a.yaml\n*.yaml\n'),
  ignored('lines that end as on Windows', '/apps/a.yaml\r\n/apps/b.yaml\r\n'),
  ignored('in a folder', '', { 'apps/.sourceignore': '/a.yaml\n' }),
  ignored('in a deeper folder over the root', 'a.yaml\n', { 'apps/sub/.sourceignore': '!a.yaml\n' }),
  ignored('in a sibling after a folder', '', {
    'apps/sub/.sourceignore': '*\n',
    'apps/z/.sourceignore': '*\n',
    'apps/z/a.yaml': configMap('z'),
  }),
  ignored('by the GitRepository', '', {}, '/apps/b.yaml\n'),
  ignored('by the GitRepository as bootstrap writes it', '', {}, '# exclude all\n/*\n# include\n!/apps/\n'),
  ignored('by the GitRepository over the files', '/apps/a.yaml\n', {}, '!/apps/a.yaml\n/apps/b.yaml\n'),
  ignored(
    'what sources leave out, taken in again',
    '',
    { 'apps/.sops.yaml': configMap('sops') },
    '!.sops.yaml\n',
  ),
  ignored('what a kustomization names', '/apps/a.yaml\n', {
    'apps/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n',
  }),
  ignored('the kustomization itself', '/apps/kustomization.yaml\n', {
    'apps/kustomization.yaml': 'resources: [a.yaml]\n',
  }),
  ignored('the kustomization of a sub-folder', 'apps/sub/kustomization.yaml\n', {
    'apps/sub/kustomization.yaml': 'resources: [a.yaml]\n',
  }),
  ignored('a base', '/base\n', {
    'apps/kustomization.yaml': 'resources: [../base]\n',
    'base/kustomization.yaml': 'resources: []\n',
  }),
];

const VALUES = {
  name: 'web',
  count: '3',
  yes1: 'true',
  empty: '',
  slash: 'a/b/a',
  quote: "it's",
  double: 'say "hi"',
  colon: 'a: b',
  hash: 'a #b',
  star: '*x',
  lines: 'one\ntwo',
  dollar: '$x ${y}',
  umlaut: 'äöü',
};

const SUBSTITUTE: FluxCase[] = [
  ...[
    '${name}',
    'x${name}y',
    '$name',
    '$$name',
    '$${name}',
    '$$${name}',
    '$$$${name}',
    '$',
    '$$',
    '${missing}',
    '${missing:-d}',
    '${missing:=d}',
    '${missing-d}',
    '${missing=d}',
    '${missing:+d}',
    '${name:+d}',
    '${missing:?d}',
    '${empty:-d}',
    '${missing:-}',
    '${missing:-${name}}',
    '${missing:-a${name}b${count}}',
    '${missing:-${other:-deep}}',
    '${missing:-with spaces}',
    '${missing:-$name}',
    '${#name}',
    '${#umlaut}',
    '${#missing}',
    '${name^}',
    '${name^^}',
    '${name,}',
    '${name,,}',
    '${name^,}',
    '${umlaut^^}',
    '${umlaut^}',
    '${name:1}',
    '${name:0:1}',
    '${name:1:1}',
    '${name: -1}',
    '${name:5}',
    '${name:1:9}',
    '${name:1:-1}',
    '${name:x}',
    '${name:1:x}',
    '${umlaut:1}',
    '${umlaut:2}',
    '${name#w}',
    '${slash#*/}',
    '${slash##*/}',
    '${slash%/*}',
    '${slash%%/*}',
    '${slash#a}',
    '${slash#x}',
    '${name#?}',
    '${name##[a-z]}',
    '${name%[ab]}',
    '${name#*}',
    '${name##*}',
    '${name#}',
    '${slash/a/c}',
    '${slash//a/c}',
    '${slash/#a/c}',
    '${slash/%a/c}',
    '${slash/a}',
    '${slash/a/}',
    '${slash//a/}',
    '${slash/#a/}',
    '${slash/\\//-}',
    '${slash//\\//-}',
    '${name/${name}/x}',
    '${slash/$$/x}',
    '${}',
    '${ name}',
    '${name }',
    '${name',
    'a}b',
    '${na-me}',
    '${1x}',
    '${name!}',
    '${name:}',
    '${name::}',
    '${quote}',
    "it is '${name}'",
    '${double}',
    '${colon}',
    '${hash}',
    '${star}',
    '${lines}',
    '${dollar}',
    'a: ${name}',
    '${name}: b',
    '${name} #c',
    '#${name}',
    '- ${name}',
    '${count}',
    '"${count}"',
    "'${count}'",
    '${yes1}',
    '${count}x',
    '${empty}',
    ' ${name} ',
    '${name}\n',
    'one ${name}\ntwo ${count}\n',
    '{{ ${name} }}',
    '[${name}]',
    '{${name}}',
    '*${name}',
    '&${name}',
    '!${name}',
    '%${name}',
    '@${name}',
    '`${name}`',
    '?${name}',
    '? ${name}',
    ':${name}',
    '|${name}',
    '>${name}',
    ',${name}',
    'true${empty}',
    '1${empty}',
    '0x${count}',
    '${missing:-true}',
    '${missing:-5}',
    '${missing:-"5"}',
    'null${empty}',
    '~${empty}',
    '2024-01-0${count}',
    '1_${count}',
    `${'long '.repeat(30)}\${name} ${'more '.repeat(30)}`,
    `\${missing:-${'a word '.repeat(30)}}`,
    'tab\t${name}',
    'umlaut ä ${name}',
    'emoji 🎉 ${name}',
    'nul \\u0000 ${name}',
    'line1\n\n  indented ${name}\n',
    '\n${name}',
    'trail \n${name} \n',
    '${name}\n\n',
    '\t\n${name}',
  ].map((value) => substituted(JSON.stringify(value), value, VALUES)),
  substituted('no variables', '${x:-d} $$ $${y}', {}),
  substituted('no variables, always', '${x:-d} $$ $${y}', {}, { substituteStrategy: 'Always' }),
  substituted('a name that is none', '${a-b}', { 'a-b': 'x' }),
  {
    name: 'substitute: numbers, booleans and keys',
    files: {
      'apps/d.yaml': DEPLOYMENT.replace('replicas: 1', 'replicas: ${count}').replace('web', '${name}'),
      'apps/cm.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nimmutable: ${yes1}\ndata: {"${name}": "${name}"}\n',
    },
    spec: { postBuild: { substitute: VALUES } },
  },
  {
    name: 'substitute: a file that is no YAML before',
    files: {
      'apps/cm.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  a: ${name}\n  ${name}: b\n',
    },
    spec: { postBuild: { substitute: VALUES } },
  },
  {
    name: 'substitute: switched off',
    files: {
      'apps/a.yaml': configMap(
        'a',
        { k: '${name} $$' },
        { labels: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } },
      ),
      'apps/b.yaml': configMap(
        'b',
        { k: '${name} $$' },
        { annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } },
      ),
      'apps/c.yaml': configMap(
        'c',
        { k: '${name} $$' },
        { annotations: { 'kustomize.toolkit.fluxcd.io/substitute': 'enabled' } },
      ),
    },
    spec: { postBuild: { substitute: VALUES } },
  },
  {
    name: 'substitute: names and namespaces',
    files: { 'apps/a.yaml': configMap('${name}', { k: 'v' }, { namespace: '${name}-ns' }) },
    spec: {
      postBuild: { substitute: VALUES },
      commonMetadata: { labels: { l: '${name}' } },
      namePrefix: 'p-',
    },
  },
  {
    name: 'substitute: from ConfigMaps in order, inline last',
    files: { 'apps/cm.yaml': configMap('cm', { a: '${a}', b: '${b}', c: '${c}', d: '${d}' }) },
    spec: {
      postBuild: {
        substituteFrom: [
          { kind: 'ConfigMap', name: 'one' },
          { kind: 'ConfigMap', name: 'two' },
        ],
        substitute: { c: 'inline' },
      },
    },
    objects: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'one', namespace: 'flux-system' },
        data: { a: '1', b: '1', c: '1' },
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'two', namespace: 'flux-system' },
        data: { b: '2\n2', c: '2' },
      },
    ],
  },
];

/** Every row of the semantics of Flux that an oracle answers. */
export const FLUX_CASES: readonly FluxCase[] = [...BUILD, ...GENERATED, ...IGNORED, ...SUBSTITUTE];
