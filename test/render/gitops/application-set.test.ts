import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { normalizeGitUrl, OwnRepository } from '../../../src/render/gitops/own-repository.js';
import type { Files } from '../fixture.js';
import { configMap, OWN, objectsOf, render } from './fixture.js';

const CLUSTERS = [
  { name: 'eu', server: 'https://eu.example.com', labels: { env: 'prod' } },
  { name: 'lab', server: 'https://lab.example.com', labels: { env: 'dev' } },
];

function applicationSet(spec: object, name = 'all'): string {
  return stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: 'argocd' },
    spec,
  });
}

function template(name: string, path = 'apps/x', extra: object = {}): object {
  return {
    metadata: { name },
    spec: {
      project: 'default',
      source: { repoURL: OWN, path, targetRevision: 'HEAD' },
      destination: { name: 'in-cluster', namespace: 'x' },
      ...extra,
    },
  };
}

const TREE: Files = {
  'apps/one/cm.yaml': configMap('one'),
  'apps/two/cm.yaml': configMap('two'),
  'apps/two/deep/cm.yaml': configMap('deep'),
  'apps/.hidden/cm.yaml': configMap('hidden'),
  'envs/eu/config.json': '{"cluster": {"name": "eu"}, "size": 3}',
  'envs/lab/config.json': '{"cluster": {"name": "lab"}, "size": 1}',
};

interface Row {
  semantic: string;
  source: string;
  spec: object;
  /** Names of the Applications, in order. */
  names: string[];
}

const go = { goTemplate: true };

const ROWS: Row[] = [
  {
    semantic: 'an entry with two generators: both are used',
    source: 'applicationset/generators/generator_spec_processor.go GetRelevantGenerators',
    spec: {
      generators: [
        { list: { elements: [{ name: 'listed' }] }, clusters: { selector: { matchLabels: { env: 'dev' } } } },
      ],
      template: template('{{name}}'),
    },
    names: ['listed', 'lab'],
  },
  {
    semantic: 'a tag must be on one line to be a template, and a template has no open tag',
    source: 'applicationset/utils Replace (isTemplatedRegex)',
    spec: { generators: [{ list: { elements: [{ c: 'a' }] } }], template: template('x-{{\nc}}') },
    names: ['x-{{\nc}}'],
  },
  {
    semantic: 'a label of the name of a function is none',
    source: 'applicationset/utils (sprigFuncMap without env)',
    spec: {
      ...go,
      generators: [{ clusters: { selector: { matchLabels: { env: 'dev' } } } }],
      template: template('{{ .name }}-{{ .metadata.labels.env }}'),
    },
    names: ['lab-dev'],
  },
  {
    semantic: 'a key that is missing is <no value>',
    source: 'text/template, applicationset/utils Replace',
    spec: {
      ...go,
      generators: [{ list: { elements: [{ c: null }] } }],
      template: template('{{ .c }}-{{ .missing }}'),
    },
    names: ['<no value>-<no value>'],
  },
  {
    semantic: 'in a merge what is empty overrides',
    source: 'applicationset/generators/merge.go (mergo.WithOverride over maps)',
    spec: {
      ...go,
      generators: [
        {
          merge: {
            mergeKeys: ['k'],
            generators: [
              { list: { elements: [{ k: 'a', s: 'set' }] } },
              { list: { elements: [{ k: 'a', s: '' }] } },
            ],
          },
        },
      ],
      template: template('{{ .k }}{{ .s }}'),
    },
    names: ['a'],
  },
  {
    semantic: 'the selector of the second generator of a matrix is not filled in',
    source: 'applicationset/generators/generator_spec_processor.go Transform',
    spec: {
      generators: [
        {
          matrix: {
            generators: [
              { list: { elements: [{ a: 'x' }] } },
              { list: { elements: [{ b: 'x' }] }, selector: { matchLabels: { b: '{{a}}' } } },
            ],
          },
        },
      ],
      template: template('{{a}}-{{b}}'),
    },
    names: [],
  },
  {
    semantic: 'values of the second generator wait for its own parameters',
    source: 'applicationset/utils RenderGeneratorParams',
    spec: {
      ...go,
      generators: [
        {
          matrix: {
            generators: [
              { list: { elements: [{ a: 'x' }] } },
              {
                clusters: {
                  selector: { matchLabels: { env: 'dev' } },
                  values: { own: '{{ .name }}', first: '{{ .a }}' },
                },
              },
            ],
          },
        },
      ],
      template: template('{{ .values.own }}-{{ .values.first }}'),
    },
    names: ['lab-x'],
  },
  {
    semantic: 'a number is printed as Go prints it',
    source: 'applicationset/generators flattenParameters (fmt %v)',
    spec: {
      ...go,
      generators: [
        {
          list: { elements: [{ num: 1234567 }, { num: 123456 }] },
          selector: {
            matchExpressions: [{ key: 'num', operator: 'In', values: ['1.234567e+06', '123456'] }],
          },
        },
      ],
      template: template('x'),
    },
    names: ['x', 'x'],
  },
  {
    semantic: 'list elements',
    source: 'applicationset/generators/list.go',
    spec: {
      generators: [{ list: { elements: [{ c: 'a' }, { c: 'b', values: { v: 'x' } }] } }],
      template: template('{{c}}-{{values.v}}'),
    },
    names: ['a-{{values.v}}', 'b-x'],
  },
  {
    semantic: 'list elements in Go templates may be anything',
    source: 'applicationset/generators/list.go',
    spec: {
      ...go,
      generators: [{ list: { elements: [{ c: { d: 'a' }, num: 2 }] } }],
      template: template('{{ .c.d }}-{{ .num }}-{{ upper .c.d | lower | trunc 5 }}'),
    },
    names: ['a-2-a'],
  },
  {
    semantic: 'elementsYaml',
    source: 'applicationset/generators/list.go (ElementsYaml)',
    spec: {
      ...go,
      generators: [{ list: { elementsYaml: '- {c: a}\n- {c: b}\n' } }],
      template: template('{{.c}}'),
    },
    names: ['a', 'b'],
  },
  {
    semantic: 'clusters, the local one last',
    source: 'applicationset/generators/cluster.go',
    spec: { generators: [{ clusters: {} }], template: template('{{nameNormalized}}') },
    names: ['eu', 'lab', 'in-cluster'],
  },
  {
    semantic: 'clusters by label, with values of their own',
    source: 'applicationset/generators/cluster.go (selector, appendTemplatedValues)',
    spec: {
      generators: [
        {
          clusters: {
            selector: { matchLabels: { env: 'prod' } },
            values: { long: '{{name}}-{{metadata.labels.env}}' },
          },
        },
      ],
      template: template('{{values.long}}'),
    },
    names: ['eu-prod'],
  },
  {
    semantic: 'clusters as a flat list',
    source: 'applicationset/generators/cluster.go paramHolder.consolidate',
    spec: {
      ...go,
      generators: [
        {
          clusters: { flatList: true, selector: { matchExpressions: [{ key: 'env', operator: 'Exists' }] } },
        },
      ],
      template: template('{{ range .clusters }}{{ .name }}{{ end }}'),
    },
    names: ['eulab'],
  },
  {
    semantic: 'git directories: a star stays in its folder, hidden ones are skipped, exclude wins',
    source: 'applicationset/generators/git.go filterApps',
    spec: {
      generators: [
        {
          git: {
            repoURL: OWN,
            revision: 'HEAD',
            directories: [{ path: 'apps/*' }, { path: 'apps/one', exclude: true }],
          },
        },
      ],
      template: template('{{path.basename}}-{{path[0]}}'),
    },
    names: ['two-apps'],
  },
  {
    semantic: 'git files, their content flattened, sorted by path',
    source: 'applicationset/generators/git.go generateParamsFromGitFile',
    spec: {
      generators: [{ git: { repoURL: OWN, revision: 'HEAD', files: [{ path: 'envs/*.json' }] } }],
      template: template('{{cluster.name}}-{{size}}-{{path.basename}}-{{path.filenameNormalized}}'),
    },
    names: ['eu-3-eu-config.json', 'lab-1-lab-config.json'],
  },
  {
    semantic: 'git files in Go templates, with a prefix for the path',
    source: 'applicationset/generators/git.go (PathParamPrefix)',
    spec: {
      ...go,
      generators: [
        {
          git: {
            repoURL: OWN,
            revision: 'HEAD',
            pathParamPrefix: 'p',
            files: [{ path: 'envs/lab/config.json' }],
          },
        },
      ],
      template: template('{{ .cluster.name }}-{{ index .p.path.segments 1 }}'),
    },
    names: ['lab-lab'],
  },
  {
    semantic: 'a matrix fills its second generator in with the first',
    source: 'applicationset/generators/matrix.go',
    spec: {
      generators: [
        {
          matrix: {
            generators: [
              { list: { elements: [{ env: 'eu' }, { env: 'lab' }] } },
              { git: { repoURL: OWN, revision: 'HEAD', files: [{ path: 'envs/{{env}}/config.json' }] } },
            ],
          },
        },
      ],
      template: template('{{env}}-{{size}}'),
    },
    names: ['eu-3', 'lab-1'],
  },
  {
    semantic: 'in a matrix of Go templates the first generator wins',
    source: 'applicationset/generators/matrix.go (mergo.WithOverride)',
    spec: {
      ...go,
      generators: [
        {
          matrix: {
            generators: [
              { list: { elements: [{ a: 'first' }] } },
              { list: { elements: [{ a: 'second', b: 'b' }] } },
            ],
          },
        },
      ],
      template: template('{{.a}}-{{.b}}'),
    },
    names: ['first-b'],
  },
  {
    semantic: 'merge joins by keys',
    source: 'applicationset/generators/merge.go',
    spec: {
      generators: [
        {
          merge: {
            mergeKeys: ['k'],
            generators: [
              {
                list: {
                  elements: [
                    { k: 'a', v: '1' },
                    { k: 'b', v: '1' },
                  ],
                },
              },
              {
                list: {
                  elements: [
                    { k: 'b', v: '2' },
                    { k: 'c', v: '3' },
                  ],
                },
              },
            ],
          },
        },
      ],
      template: template('{{k}}-{{v}}'),
    },
    names: ['a-1', 'b-2'],
  },
  {
    semantic: 'a selector on any generator',
    source: 'applicationset/generators/generator_spec_processor.go Transform',
    spec: {
      generators: [
        {
          list: { elements: [{ k: 'a' }, { k: 'b' }] },
          selector: { matchExpressions: [{ key: 'k', operator: 'NotIn', values: ['a'] }] },
        },
      ],
      template: template('{{k}}'),
    },
    names: ['b'],
  },
  {
    semantic: 'normalize',
    source: 'applicationset/utils/utils.go SanitizeName',
    spec: {
      ...go,
      generators: [{ list: { elements: [{ k: 'A_b/' }] } }],
      template: template('{{ .k | normalize }}-{{ normalize .k }}'),
    },
    names: ['a-b-a-b'],
  },
];

describe('an ApplicationSet', () => {
  it.each(ROWS.map((row) => [row.semantic, row.source, row] as const))('%s (%s)', async (_, __, row) => {
    const files = { ...TREE, 'set.yaml': applicationSet(row.spec) };
    const objects = await objectsOf(files, 'argocd/argocd/applicationset/all', { clusters: CLUSTERS });
    expect(objects.map((object) => (object.metadata as { name: string }).name)).toEqual(row.names);
  });

  it('makes Applications that are targets, deleted with their resources (RenderTemplateParams, finalizers)', async () => {
    const files = {
      ...TREE,
      'set.yaml': applicationSet({
        generators: [{ git: { repoURL: OWN, revision: 'HEAD', directories: [{ path: 'apps/*' }] } }],
        template: template('{{path.basename}}', '{{path}}'),
      }),
    };
    expect(await objectsOf(files, 'argocd/argocd/two')).toMatchObject([
      { metadata: { name: 'two', namespace: 'x' } },
    ]);
    const [first] = await objectsOf(files, 'argocd/argocd/applicationset/all');
    expect(first).toMatchObject({
      metadata: { namespace: 'argocd', finalizers: ['resources-finalizer.argocd.argoproj.io'] },
    });
  });

  it('applies templatePatch but for the project (applyTemplatePatch)', async () => {
    const spec = {
      ...go,
      generators: [{ list: { elements: [{ k: 'a', auto: true }] } }],
      template: template('{{.k}}'),
      templatePatch: '{{- if .auto }}\nspec: {syncPolicy: {automated: {prune: {{ .auto }}}}}\n{{- end }}',
    };
    const [first] = await objectsOf({ 'set.yaml': applicationSet(spec) }, 'argocd/argocd/applicationset/all');
    expect(first).toMatchObject({ spec: { syncPolicy: { automated: { prune: true } } } });
    const other = { ...spec, templatePatch: 'spec: {project: other}' };
    const [kept] = await objectsOf({ 'set.yaml': applicationSet(other) }, 'argocd/argocd/applicationset/all');
    expect(kept).toMatchObject({ spec: { project: 'default' } });
  });

  it.each([
    ['a generator of the cluster', { scmProvider: {} }, {}, 'unresolved', /scmProvider/],
    [
      'another repository',
      { git: { repoURL: 'https://example.com/x', directories: [{ path: '*' }] } },
      {},
      'unresolved',
      /another repository/,
    ],
    ['clusters that are not declared', { clusters: {} }, {}, 'unresolved', /diff\.clusters/],
    ['an element that is no string', { list: { elements: [{ a: 1 }] } }, {}, 'failed', /no string/],
    [
      'a missing key',
      { list: { elements: [{ a: 'b' }] } },
      { ...go, goTemplateOptions: ['missingkey=error'], template: template('{{ .gone }}') },
      'failed',
      /\.gone/,
    ],
    [
      'a template that is none',
      { list: { elements: [{ a: 'b' }] } },
      { ...go, template: template('{{ .a | nothing }}') },
      'failed',
      /templates/,
    ],
  ])('tells of %s', async (_, generator, spec, status, reason) => {
    const files = {
      'set.yaml': applicationSet({ generators: [generator], template: template('{{a}}'), ...spec }),
    };
    const outcome = await render(files, 'argocd/argocd/applicationset/all');
    expect(outcome).toMatchObject({ status, reason: expect.stringMatching(reason) });
  });
});

describe('own repository', () => {
  it.each([
    'https://github.com/acme/config',
    'https://github.com/acme/config.git',
    'https://user:token@GitHub.com/acme/config/',
    'git@github.com:acme/config.git',
    'ssh://git@github.com:22/acme/config.git',
  ])('knows %s', (url) => {
    expect(normalizeGitUrl(url)).toBe('github.com/acme/config');
    expect(new OwnRepository(['https://github.com/acme/config'], undefined).has(url)).toBe(true);
  });

  it('follows the governed branches only', () => {
    const repository = new OwnRepository([], ['release']);
    expect(
      [null, '', 'HEAD', 'release', 'refs/heads/release', 'main'].map((name) => repository.follows(name)),
    ).toEqual([true, true, true, true, true, false]);
  });
});
