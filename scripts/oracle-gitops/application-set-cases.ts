import { stringify } from 'yaml';
import type { JsonMap } from './compare.ts';
import { configMap } from './flux-cases.ts';
import { OWN } from './gate.ts';
import type { Files } from './workplace.ts';

/** An ApplicationSet of a repository with the files of TREE. */
export interface SetCase {
  name: string;
  spec: JsonMap;
  files?: Files;
}

export const CLUSTERS = [
  { name: 'eu-1', server: 'https://eu.example.com', labels: { env: 'prod', region: 'eu' } },
  { name: 'Lab_2', server: 'https://lab.example.com', labels: { env: 'dev' } },
];

const yaml = (value: unknown): string => stringify(value, { version: '1.1' });

/** What git generators read. */
export const TREE: Files = {
  'apps/one/cm.yaml': configMap('one'),
  'apps/two/cm.yaml': configMap('two'),
  'apps/two/deep/cm.yaml': configMap('deep'),
  'apps/three-x/cm.yaml': configMap('three'),
  'apps/.hidden/cm.yaml': configMap('hidden'),
  'apps/Upper_Case/cm.yaml': configMap('upper'),
  '[odd]/{a}/cm.yaml': configMap('odd'),
  'envs/eu/config.json':
    '{"cluster": {"name": "eu", "list": [1, "b"]}, "size": 3, "on": true, "none": null, "half": 1.5}',
  'envs/lab/config.json': '{"cluster": {"name": "lab"}, "size": 1}',
  'envs/lab/more/config.yaml': yaml([
    { cluster: { name: 'first' } },
    { cluster: { name: 'second' }, path: 'own' },
  ]),
  'envs/empty.yaml': '',
  'envs/text.txt': 'just text',
};

const template = (name: string, extra: JsonMap = {}, metadata: JsonMap = {}): JsonMap => ({
  metadata: { name, ...metadata },
  spec: {
    project: 'default',
    source: { repoURL: OWN, path: 'apps/one', targetRevision: 'HEAD' },
    destination: { name: 'in-cluster', namespace: 'x' },
    ...extra,
  },
});
const list = (...elements: JsonMap[]): JsonMap => ({ list: { elements } });
const git = (spec: JsonMap): JsonMap => ({ git: { repoURL: OWN, revision: 'HEAD', ...spec } });
const dirs = (...paths: (string | JsonMap)[]): JsonMap =>
  git({ directories: paths.map((path) => (typeof path === 'string' ? { path } : path)) });
const files = (...paths: (string | JsonMap)[]): JsonMap =>
  git({ files: paths.map((path) => (typeof path === 'string' ? { path } : path)) });

function plain(name: string, generators: JsonMap[], made: JsonMap | string, more: JsonMap = {}): SetCase {
  return {
    name: `plain: ${name}`,
    spec: { generators, template: typeof made === 'string' ? template(made) : made, ...more },
  };
}
function go(name: string, generators: JsonMap[], made: JsonMap | string, more: JsonMap = {}): SetCase {
  return { ...plain(name, generators, made, { goTemplate: true, ...more }), name: `go: ${name}` };
}

const PLAIN: SetCase[] = [
  plain('a list', [list({ c: 'a' }, { c: 'b', values: { v: 'x' } })], '{{c}}-{{values.v}}'),
  plain('spaces in tags', [list({ c: 'a' })], '{{ c }}-{{c }}'),
  plain('an unknown tag', [list({ c: 'a' })], '{{c}}-{{unknown}}'),
  plain('a tag that is not closed', [list({ c: 'a' })], 'x-{{c}}-{{c'),
  plain('a tag that is not closed alone', [list({ c: 'a' })], 'x-{{c'),
  plain(
    'a tag over lines',
    [list({ c: 'a' })],
    template('x', {}, { annotations: { a: '{{\nc}}', b: '{{c}}\n{{\nc }}' } }),
  ),
  plain('an empty tag', [list({ c: 'a' })], template('x', {}, { annotations: { a: '{{}}{{ }}{{c}}' } })),
  plain('nested tags', [list({ c: 'a', a: 'b' })], template('x', {}, { annotations: { a: '{{{{c}}}}' } })),
  plain('a list element that is no string', [list({ c: 1 })], '{{c}}'),
  plain('values that are no strings', [list({ c: 'a', values: { v: 1 } })], '{{c}}'),
  plain('an empty element', [list({})], 'static'),
  plain('no elements', [list()], '{{c}}'),
  plain('elementsYaml', [{ list: { elements: [], elementsYaml: '- c: a\n- c: b\n' } }], '{{c}}'),
  plain('elementsYaml of numbers', [{ list: { elements: [], elementsYaml: '- c: 1\n' } }], 'x{{c}}'),
  plain('elementsYaml that is no list', [{ list: { elements: [], elementsYaml: 'c: 1\n' } }], 'x{{c}}'),
  plain('elementsYaml that is no YAML', [{ list: { elements: [], elementsYaml: '- [' } }], 'x'),
  plain(
    'keys are rendered',
    [list({ c: 'a' })],
    template('x', {}, { annotations: { '{{c}}': '{{c}}' }, labels: { 'l-{{c}}': 'v' } }),
  ),
  plain(
    'everything in the spec is rendered',
    [list({ c: 'a' })],
    template('{{c}}', {
      syncPolicy: { automated: { prune: true }, syncOptions: ['{{c}}=true'] },
      source: {
        repoURL: OWN,
        path: '{{c}}',
        targetRevision: 'HEAD',
        helm: { valuesObject: { '{{c}}': ['{{c}}', 1] }, parameters: [{ name: '{{c}}', value: '{{c}}' }] },
      },
    }),
  ),
  plain('the same name twice', [list({ c: 'a' }, { c: 'a' })], '{{c}}'),
  plain('several generators', [list({ c: 'a' }), list({ c: 'b' })], '{{c}}'),
  plain('two generators in one entry', [{ ...list({ c: 'a' }), clusters: {} }], 'x-{{c}}-{{name}}'),
  plain('no generators', [], 'x'),
  plain('an unknown generator', [{ nothing: {} }], 'x'),
  plain(
    'a template of its own',
    [
      {
        list: {
          elements: [{ c: 'a' }],
          template: {
            metadata: { labels: { own: 'x' } },
            spec: { project: 'own', destination: { namespace: 'own' } },
          },
        },
      },
    ],
    template('{{c}}', {}, { labels: { shared: 'y' } }),
  ),
  plain('directories', [dirs('apps/*')], '{{path.basename}}'),
  plain(
    'directories, all parameters',
    [dirs('apps/*/*')],
    template(
      '{{path.basename}}',
      {},
      {
        annotations: {
          a: '{{path}} {{path[0]}} {{path[1]}} {{path[2]}} {{path[3]}} {{path.basenameNormalized}}',
        },
      },
    ),
  ),
  plain('directories excluded', [dirs('apps/*', { path: 'apps/two', exclude: true })], '{{path.basename}}'),
  plain(
    'directories excluded first',
    [dirs({ path: 'apps/*', exclude: true }, 'apps/one')],
    '{{path.basename}}',
  ),
  plain('directories with two stars', [dirs('apps/**')], '{{path.basename}}'),
  plain('directories, the star alone', [dirs('*')], '{{path.basenameNormalized}}'),
  plain('directories by class', [dirs('apps/[ot]*')], '{{path.basename}}'),
  plain('directories by negated class', [dirs('apps/[^o]*', 'apps/[!t]*')], '{{path.basename}}'),
  plain('directories that need escapes', [dirs('\\[odd\\]/*')], '{{path.basenameNormalized}}'),
  plain('directories by a bad pattern', [dirs('apps/[')], '{{path.basename}}'),
  plain('directories with braces', [dirs('apps/{one,two}')], '{{path.basename}}'),
  plain('directories with a slash behind', [dirs('apps/*/')], '{{path.basename}}'),
  plain('directories with a dot before', [dirs('./apps/*')], '{{path.basename}}'),
  plain(
    'pathParamPrefix',
    [git({ pathParamPrefix: 'my', directories: [{ path: 'apps/*' }] })],
    '{{my.path.basename}}-{{path.basename}}',
  ),
  plain(
    'values of directories',
    [
      git({
        directories: [{ path: 'apps/*' }],
        values: { v: '{{path.basename}}-v', w: '{{values.v}}', u: '{{unknown}}' },
      }),
    ],
    template('{{values.v}}', {}, { annotations: { a: '{{values.w}} {{values.u}}' } }),
  ),
  plain(
    'files',
    [files('envs/*/config.json')],
    template(
      '{{cluster.name}}',
      {},
      {
        annotations: {
          a: '{{size}} {{on}} {{none}} {{half}} {{cluster.list.0}} {{path}} {{path.basename}} {{path.filename}} {{path.filenameNormalized}} {{path[1]}}',
        },
      },
    ),
  ),
  plain('files over folders', [files('envs/*.json')], '{{cluster.name}}'),
  plain('files with two stars', [files('envs/**/config.*')], '{{cluster.name}}-{{path.basename}}'),
  plain('files, excluded', [files('envs/*.json', { path: 'envs/lab/*', exclude: true })], '{{cluster.name}}'),
  plain('files, of a folder', [files('envs/eu')], '{{cluster.name}}'),
  plain(
    'files of several documents',
    [files('envs/lab/more/config.yaml')],
    '{{cluster.name}}-{{path.basename}}',
  ),
  plain('files that are empty', [files('envs/empty.yaml')], '{{path.basename}}'),
  plain('files that are text', [files('envs/text.txt')], '{{path.basename}}'),
  plain('files of none', [files('none/*')], 'x'),
  plain(
    'clusters',
    [{ clusters: {} }],
    template(
      '{{nameNormalized}}',
      {},
      {
        annotations: {
          a: '{{name}} {{server}} {{project}} {{metadata.labels.env}} {{metadata.labels.region}}',
        },
      },
    ),
  ),
  plain('clusters by labels', [{ clusters: { selector: { matchLabels: { env: 'prod' } } } }], '{{name}}'),
  plain(
    'clusters by expressions',
    [
      {
        clusters: {
          selector: {
            matchExpressions: [
              { key: 'env', operator: 'In', values: ['prod', 'x'] },
              { key: 'region', operator: 'Exists' },
            ],
          },
        },
      },
    ],
    '{{name}}',
  ),
  plain(
    'clusters by what is not there',
    [{ clusters: { selector: { matchExpressions: [{ key: 'region', operator: 'DoesNotExist' }] } } }],
    '{{nameNormalized}}',
  ),
  plain(
    'clusters by NotIn',
    [
      {
        clusters: { selector: { matchExpressions: [{ key: 'region', operator: 'NotIn', values: ['eu'] }] } },
      },
    ],
    '{{nameNormalized}}',
  ),
  plain(
    'clusters by an operator that is none',
    [{ clusters: { selector: { matchExpressions: [{ key: 'region', operator: 'Near', values: ['eu'] }] } } }],
    '{{name}}',
  ),
  plain(
    'clusters with values',
    [{ clusters: { values: { v: '{{name}}-{{metadata.labels.env}}' } } }],
    template('{{nameNormalized}}', {}, { annotations: { v: '{{values.v}}' } }),
  ),
  plain('clusters by nothing', [{ clusters: null }], '{{name}}'),
  plain(
    'a selector behind a list',
    [{ ...list({ c: 'a' }, { c: 'b' }), selector: { matchLabels: { c: 'b' } } }],
    '{{c}}',
  ),
  plain(
    'a selector over clusters',
    [{ clusters: {}, selector: { matchLabels: { server: 'https://eu.example.com' } } }],
    '{{name}}',
  ),
  plain(
    'a selector over labels',
    [{ clusters: {}, selector: { matchLabels: { 'metadata.labels.env': 'dev' } } }],
    '{{nameNormalized}}',
  ),
  plain('an empty selector', [{ ...list({ c: 'a' }), selector: {} }], '{{c}}'),
  plain(
    'a selector of a bad key',
    [{ ...list({ c: 'a' }), selector: { matchLabels: { 'a b': 'x' } } }],
    '{{c}}',
  ),
  plain(
    'a matrix',
    [{ matrix: { generators: [list({ a: '1' }, { a: '2' }), list({ b: 'x' }, { b: 'y' })] } }],
    '{{a}}-{{b}}',
  ),
  plain(
    'a matrix with the same key',
    [{ matrix: { generators: [list({ a: '1' }), list({ a: '2' })] } }],
    '{{a}}',
  ),
  plain(
    'a matrix with the same key and value',
    [{ matrix: { generators: [list({ a: '1' }), list({ a: '1', b: '2' })] } }],
    '{{a}}-{{b}}',
  ),
  plain(
    'a matrix, the second by the first',
    [{ matrix: { generators: [list({ d: 'apps/*' }, { d: 'apps/two/*' }), dirs('{{d}}')] } }],
    '{{path.basename}}',
  ),
  plain(
    'a matrix of two git generators',
    [{ matrix: { generators: [dirs('apps/t*'), files('envs/*/config.json')] } }],
    '{{path.basename}}',
  ),
  plain(
    'a matrix of git with prefixes',
    [
      {
        matrix: {
          generators: [
            git({ pathParamPrefix: 'd', directories: [{ path: 'apps/t*' }] }),
            git({ pathParamPrefix: 'f', files: [{ path: 'envs/*/config.json' }] }),
          ],
        },
      },
    ],
    '{{d.path.basename}}-{{f.path.basename}}',
  ),
  plain(
    'a matrix of three',
    [{ matrix: { generators: [list({ a: '1' }), list({ b: '1' }), list({ c: '1' })] } }],
    '{{a}}',
  ),
  plain('a matrix of one', [{ matrix: { generators: [list({ a: '1' })] } }], '{{a}}'),
  plain(
    'a matrix in a matrix',
    [
      {
        matrix: {
          generators: [
            { matrix: { generators: [list({ a: '1' }, { a: '2' }), list({ b: 'x' })] } },
            list({ c: 'y' }),
          ],
        },
      },
    ],
    '{{a}}-{{b}}-{{c}}',
  ),
  plain(
    'a matrix with selectors',
    [
      {
        matrix: {
          generators: [
            { ...list({ a: '1' }, { a: '2' }), selector: { matchLabels: { a: '2' } } },
            { ...list({ b: 'x' }, { b: 'y' }), selector: { matchLabels: { b: 'x' } } },
          ],
        },
      },
    ],
    '{{a}}-{{b}}',
  ),
  plain(
    'a selector of the second by the first',
    [
      {
        matrix: {
          generators: [
            list({ a: 'x' }),
            { ...list({ b: 'x' }, { b: '{{a}}' }), selector: { matchLabels: { b: '{{a}}' } } },
          ],
        },
      },
    ],
    '{{a}}-{{b}}',
  ),
  plain('a matrix that gives nothing', [{ matrix: { generators: [list(), list({ b: 'x' })] } }], '{{b}}'),
  plain(
    'templates of a matrix',
    [
      {
        matrix: {
          generators: [list({ a: '1' }), list({ b: 'x' })],
          template: { metadata: { labels: { own: '{{a}}' } }, spec: { project: 'own', destination: {} } },
        },
      },
    ],
    '{{a}}',
  ),
  plain(
    'a merge',
    [
      {
        merge: {
          mergeKeys: ['k'],
          generators: [
            list({ k: 'a', v: '1', w: '1' }, { k: 'b', v: '2' }),
            list({ k: 'a', v: 'over' }, { k: 'c', v: '3' }),
          ],
        },
      },
    ],
    '{{k}}-{{v}}',
  ),
  plain(
    'a merge by two keys',
    [
      {
        merge: {
          mergeKeys: ['k', 'l'],
          generators: [
            list({ k: 'a', l: 'x', v: '1' }, { k: 'a', l: 'y', v: '2' }),
            list({ k: 'a', l: 'y', v: 'over' }),
          ],
        },
      },
    ],
    '{{k}}{{l}}-{{v}}',
  ),
  plain(
    'a merge with keys that are not unique',
    [{ merge: { mergeKeys: ['k'], generators: [list({ k: 'a' }, { k: 'a' }), list({ k: 'a' })] } }],
    '{{k}}',
  ),
  plain(
    'a merge without keys',
    [{ merge: { mergeKeys: [], generators: [list({ k: 'a' }), list({ k: 'a' })] } }],
    '{{k}}',
  ),
  plain(
    'a merge by a key that is not there',
    [{ merge: { mergeKeys: ['none'], generators: [list({ k: 'a' }), list({ k: 'b', v: 'x' })] } }],
    '{{k}}-{{v}}',
  ),
  plain('a merge of one', [{ merge: { mergeKeys: ['k'], generators: [list({ k: 'a' })] } }], '{{k}}'),
  plain(
    'a merge of clusters',
    [
      {
        merge: {
          mergeKeys: ['server'],
          generators: [{ clusters: {} }, list({ server: 'https://eu.example.com', values: { r: '3' } })],
        },
      },
    ],
    template('{{nameNormalized}}', {}, { annotations: { r: '{{values.r}}' } }),
  ),
  plain(
    'a merge of a matrix',
    [
      {
        merge: {
          mergeKeys: ['a'],
          generators: [
            { matrix: { generators: [list({ a: '1' }, { a: '2' }), list({ b: 'x' })] } },
            list({ a: '2', b: 'over' }),
          ],
        },
      },
    ],
    '{{a}}-{{b}}',
  ),
  plain('finalizers kept', [list({ c: 'a' })], template('{{c}}', {}, { finalizers: ['own'] })),
  plain('resources preserved', [list({ c: 'a' })], '{{c}}', {
    syncPolicy: { preserveResourcesOnDeletion: true },
  }),
  plain('a namespace in the template', [list({ c: 'a' })], template('{{c}}', {}, { namespace: 'elsewhere' })),
  plain('templatePatch', [list({ c: 'a', n: 'x' })], '{{c}}', {
    templatePatch:
      'metadata: {labels: {patched: "{{n}}"}}\nspec: {source: {helm: {valueFiles: ["{{c}}.yaml"]}}}\n',
  }),
  plain('templatePatch of the project', [list({ c: 'a' })], '{{c}}', {
    templatePatch: 'spec: {project: other}\n',
  }),
  plain('templatePatch of the name', [list({ c: 'a' })], '{{c}}', {
    templatePatch: 'metadata: {name: other, namespace: x, finalizers: [f]}\n',
  }),
  plain('templatePatch that takes away', [list({ c: 'a' })], '{{c}}', {
    templatePatch: 'spec: {destination: {namespace: null}}\nmetadata: {finalizers: null}\n',
  }),
  plain(
    'templatePatch of lists',
    [list({ c: 'a' })],
    template('{{c}}', {
      syncPolicy: { syncOptions: ['A=true'] },
      ignoreDifferences: [{ kind: 'x', jsonPointers: ['/a'] }],
      info: [{ name: 'a', value: 'b' }],
    }),
    {
      templatePatch:
        'spec: {syncPolicy: {syncOptions: [B=true]}, ignoreDifferences: [{kind: other}], info: [{name: c, value: d}]}\n',
    },
  ),
  plain(
    'templatePatch with directives',
    [list({ c: 'a' })],
    template('{{c}}', {
      source: {
        repoURL: OWN,
        path: 'x',
        targetRevision: 'HEAD',
        helm: { releaseName: 'r', valueFiles: ['a'] },
      },
    }),
    { templatePatch: 'spec: {source: {helm: {$patch: replace, releaseName: s}}}\n' },
  ),
  plain('templatePatch that is no YAML', [list({ c: 'a' })], '{{c}}', { templatePatch: 'a: [' }),
  plain('templatePatch that is empty', [list({ c: 'a' })], '{{c}}', { templatePatch: '' }),
  plain('templatePatch that is a list', [list({ c: 'a' })], '{{c}}', { templatePatch: '- a\n' }),
  plain('templatePatch of another type', [list({ c: 'a' })], '{{c}}', {
    templatePatch: 'spec: {source: text}\n',
  }),
  plain('templatePatch of unknown fields', [list({ c: 'a' })], '{{c}}', {
    templatePatch: 'spec: {noSuchField: 1}\n',
  }),
];

const GO: SetCase[] = [
  go(
    'a list',
    [list({ c: { d: 'a' }, num: 2, half: 1.5, big: 1234567, yes: true, none: null, items: ['x', 'y'] })],
    template(
      '{{ .c.d }}-{{ .num }}',
      {},
      { annotations: { a: '{{ .half }} {{ .big }} {{ .yes }} {{ .none }} {{ .items }} {{ .c }}' } },
    ),
  ),
  go(
    'sprig',
    [list({ c: 'Some Name_x' })],
    template(
      '{{ .c | lower | replace " " "-" | replace "_" "-" }}',
      {},
      {
        annotations: {
          a: '{{ upper .c }} {{ len .c }} {{ .c | quote }} {{ trunc 3 .c }} {{ default "d" .none }} {{ ternary "y" "n" true }} {{ sha256sum .c | trunc 8 }} {{ b64enc .c }} {{ list 1 2 | join "," }} {{ dict "a" 1 | toJson }} {{ add 1 2 }} {{ semver "1.2.3" | toString }} {{ index (splitList " " .c) 1 }}',
        },
      },
    ),
  ),
  go('normalize', [list({ c: 'Some Name_x.' })], '{{ normalize .c }}'),
  go('slugify', [list({ c: 'Some Name Which Is Long' })], '{{ slugify .c }}'),
  go('slugify with options', [list({ c: 'Some Name Which Is Long' })], '{{ slugify 10 true .c }}'),
  go(
    'toYaml and fromYaml',
    [list({ c: { a: 1, b: ['x'] }, y: 'k: v' })],
    template(
      'x',
      {},
      {
        annotations: { a: '{{ toYaml .c }}', b: '{{ (fromYaml .y).k }}', c: '{{ fromYamlArray "[1, a]" }}' },
      },
    ),
  ),
  go('a missing key', [list({ c: 'a' })], '{{ .c }}-{{ .missing }}'),
  go(
    'a missing key deeper',
    [list({ c: 'a' })],
    template('{{ .c }}', {}, { annotations: { a: '{{ .x.y }}' } }),
  ),
  go(
    'a missing key in a function',
    [list({ c: 'a' })],
    template(
      '{{ .c }}',
      {},
      { annotations: { a: '{{ default "d" .x }} {{ if .x }}y{{ else }}n{{ end }} {{ printf "%s" .x }}' } },
    ),
  ),
  ...['missingkey=error', 'missingkey=zero', 'missingkey=default', 'missingkey=invalid'].flatMap((option) => [
    go(`a missing key, ${option}`, [list({ c: 'a' })], '{{ .c }}-x{{ .missing }}', {
      goTemplateOptions: [option],
    }),
    go(
      `a missing key in if, ${option}`,
      [list({ c: 'a' })],
      template('{{ .c }}', {}, { annotations: { a: '{{ if .x }}y{{ else }}n{{ end }}' } }),
      { goTemplateOptions: [option] },
    ),
    go(
      `a missing key by pipe, ${option}`,
      [list({ c: 'a' })],
      template('{{ .c }}', {}, { annotations: { a: '{{ .x | default "d" }}' } }),
      { goTemplateOptions: [option] },
    ),
  ]),
  go('an option that is none', [list({ c: 'a' })], '{{ .c }}', { goTemplateOptions: ['nothing=x'] }),
  go(
    'control structures',
    [list({ items: ['a', 'b'], on: true })],
    template(
      'x',
      {},
      {
        annotations: {
          a: '{{ range $i, $v := .items }}{{ $i }}={{ $v }};{{ end }}{{ if and .on (eq (len .items) 2) }}two{{ end }}{{ with .items }}{{ index . 0 }}{{ end }}',
          b: '{{- $x := "v" -}} {{ $x }} {{/* comment */}}',
        },
      },
    ),
  ),
  go(
    'define and template',
    [list({ c: 'a' })],
    template('x', {}, { annotations: { a: '{{ define "t" }}[{{ . }}]{{ end }}{{ template "t" .c }}' } }),
  ),
  go('functions that are not allowed', [list({ c: 'a' })], '{{ env "HOME" }}'),
  go('a template that is none', [list({ c: 'a' })], '{{ .c '),
  go('an unknown function', [list({ c: 'a' })], '{{ nothing .c }}'),
  go(
    'keys and values',
    [list({ c: 'a' })],
    template(
      'x',
      {
        source: {
          repoURL: OWN,
          path: '{{ .c }}',
          targetRevision: 'HEAD',
          helm: { valuesObject: { '{{ .c }}': '{{ .c }}', n: 1 } },
        },
      },
      { labels: { '{{ .c }}': '{{ .c }}' } },
    ),
  ),
  go(
    'directories',
    [dirs('apps/*')],
    template(
      '{{ .path.basenameNormalized }}',
      {},
      {
        annotations: {
          a: '{{ .path.path }} {{ .path.basename }} {{ index .path.segments 1 }} {{ len .path.segments }}',
        },
      },
    ),
  ),
  go(
    'pathParamPrefix',
    [git({ pathParamPrefix: 'my', directories: [{ path: 'apps/*' }] })],
    '{{ .my.path.basenameNormalized }}',
  ),
  go(
    'files',
    [files('envs/*/config.json')],
    template(
      '{{ .cluster.name }}',
      {},
      {
        annotations: {
          a: '{{ .size }} {{ .on }} {{ .none }} {{ .half }} {{ .cluster }} {{ .path.filename }} {{ .path.filenameNormalized }} {{ .path.path }}',
        },
      },
    ),
  ),
  go(
    'files whose path is their own',
    [files('envs/lab/more/config.yaml')],
    '{{ .cluster.name }}-{{ .path.basename }}',
  ),
  go(
    'values',
    [
      git({
        directories: [{ path: 'apps/*' }],
        values: { v: '{{ .path.basenameNormalized }}-v', w: '{{ .values.v }}' },
      }),
    ],
    template('{{ .values.v }}', {}, { annotations: { a: '{{ .values.w }}' } }),
  ),
  go(
    'clusters',
    [{ clusters: {} }],
    template(
      '{{ .nameNormalized }}',
      {},
      {
        annotations: {
          a: '{{ .name }} {{ .server }} {{ .metadata.labels.env }}',
          b: '{{ .metadata.annotations }}',
        },
      },
    ),
  ),
  go(
    'clusters with values',
    [{ clusters: { values: { v: '{{ .name }}' } } }],
    template('{{ .nameNormalized }}', {}, { annotations: { a: '{{ .values.v }}' } }),
  ),
  go(
    'clusters in a flat list',
    [{ clusters: { flatList: true } }],
    template('x', {}, { annotations: { n: '{{ len .clusters }}' } }),
  ),
  go(
    'a selector behind clusters',
    [{ clusters: {}, selector: { matchLabels: { 'metadata.labels.env': 'dev' } } }],
    '{{ .nameNormalized }}',
  ),
  go(
    'a selector by numbers',
    [{ ...list({ n: 1, c: 'a' }, { n: 2, c: 'b' }), selector: { matchLabels: { n: '2' } } }],
    '{{ .c }}',
  ),
  go(
    'a selector by big numbers',
    [{ ...list({ n: 1234567, c: 'a' }), selector: { matchLabels: { n: '1.234567e+06' } } }],
    '{{ .c }}',
  ),
  go(
    'a selector by items',
    [{ ...list({ l: ['x'], c: 'a' }), selector: { matchLabels: { 'l.0': 'x' } } }],
    '{{ .c }}',
  ),
  go(
    'a matrix',
    [
      {
        matrix: {
          generators: [
            list({ a: '1', deep: { x: 'first' } }),
            list({ b: 'x', deep: { y: 'second', x: 'second' } }),
          ],
        },
      },
    ],
    template('{{ .a }}-{{ .b }}', {}, { annotations: { d: '{{ .deep.x }} {{ .deep.y }}' } }),
  ),
  go(
    'a matrix, the second by the first',
    [{ matrix: { generators: [list({ d: 'apps/*' }), dirs('{{ .d }}')] } }],
    '{{ .path.basenameNormalized }}',
  ),
  go(
    'a matrix, values of both',
    [
      {
        matrix: {
          generators: [
            git({ directories: [{ path: 'apps/t*' }], values: { v: '{{ .path.basename }}' } }),
            { clusters: { values: { w: '{{ .path.basename }}-{{ .name }}' } } },
          ],
        },
      },
    ],
    template('{{ .values.v }}-{{ .nameNormalized }}', {}, { annotations: { w: '{{ .values.w }}' } }),
  ),
  go(
    'a matrix of files and elementsYaml',
    [
      {
        matrix: {
          generators: [
            list({ items: [{ n: 'a' }, { n: 'b' }] }),
            { list: { elements: [], elementsYaml: '{{ .items | toJson }}' } },
          ],
        },
      },
    ],
    '{{ .n }}',
  ),
  go(
    'a merge',
    [
      {
        merge: {
          mergeKeys: ['k'],
          generators: [
            list({ k: 'a', deep: { x: 1, y: 1 } }, { k: 'b', deep: {} }),
            list({ k: 'a', deep: { y: 2 }, e: '' }),
          ],
        },
      },
    ],
    template('{{ .k }}', {}, { annotations: { d: '{{ .deep }}' } }),
  ),
  go(
    'a merge with what is empty',
    [
      {
        merge: {
          mergeKeys: ['k'],
          generators: [
            list({ k: 'a', s: 'set', n: 5, f: true, l: ['x'] }),
            list({ k: 'a', s: '', n: 0, f: false, l: [] }),
          ],
        },
      },
    ],
    template('{{ .k }}', {}, { annotations: { d: '{{ .s }} {{ .n }} {{ .f }} {{ .l }}' } }),
  ),
  go(
    'a merge by a nested key',
    [
      {
        merge: {
          mergeKeys: ['values.k'],
          generators: [
            list({ values: { k: 'a' } }, { values: { k: 'b' } }),
            list({ values: { k: 'b' }, v: 'x' }),
          ],
        },
      },
    ],
    '{{ .values.k }}',
  ),
  go('templatePatch', [list({ c: 'a', auto: true }, { c: 'b', auto: false })], '{{ .c }}', {
    templatePatch:
      'spec:\n{{- if .auto }}\n  syncPolicy: {automated: {prune: true}}\n{{- end }}\n  info: [{name: c, value: "{{ .c }}"}]\n',
  }),
  go('templatePatch that comes out empty', [list({ c: 'a' })], '{{ .c }}', {
    templatePatch: '{{ if false }}x{{ end }}',
  }),
  go('a name that is no name', [list({ c: 'UPPER CASE' })], '{{ .c }}'),
  go('two generators in one entry', [{ ...list({ name: 'listed' }), clusters: {} }], '{{ normalize .name }}'),
];

/** Every row of the semantics of ApplicationSets that an oracle answers. */
export const SET_CASES: readonly SetCase[] = [...PLAIN, ...GO];
