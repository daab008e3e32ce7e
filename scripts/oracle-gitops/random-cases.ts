// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of Flux and Argo CD
import type { SetCase } from './application-set-cases.ts';
import { type ArgoCase, application } from './argocd-cases.ts';
import type { JsonMap } from './compare.ts';
import { configMap, DEPLOYMENT, type FluxCase } from './flux-cases.ts';
import { OWN } from './gate.ts';
import type { RandomSource } from './random-source.ts';
import type { Files } from './workplace.ts';

const VARIABLES = {
  NAME: 'web',
  COUNT: '3',
  FLAG: 'true',
  EMPTY: '',
  TEXT: 'a: b #c',
  QUOTE: `it's "x"`,
  PATH: 'one/two/one',
};
const TEXTS = [
  '${NAME}',
  '${COUNT}',
  '${FLAG}',
  '${EMPTY}',
  '${TEXT}',
  '${QUOTE}',
  '${PATH}',
  '${NONE}',
  '${NONE:-d e}',
  '${NAME^^}',
  '${PATH##*/}',
  '${PATH/o/0}',
  '$$',
  '$${NAME}',
  'plain',
  ' ',
  '\n',
  ': ',
  '- ',
  '#',
  "'",
  '"',
  '{',
  '}',
  '*',
  'true',
  '1',
  'ä',
  '🎉',
  '\t',
];
const IGNORES = [
  'a.yaml',
  '/apps/a.yaml',
  '!a.yaml',
  'sub/',
  '/apps/sub',
  '*.yaml',
  '!/apps/b.yaml',
  '**/deep/*',
  'apps/**',
  'apps/*/c.yaml',
  '# x',
  '!sub/deep/',
  '/*',
  '!/apps',
  '[ab].yaml',
  'deep',
];

/** A random Kustomization over random files. */
export function randomFluxCase(random: RandomSource): FluxCase {
  const value = (): string => Array.from({ length: 1 + random.below(4) }, () => random.one(TEXTS)).join('');
  const files: Record<string, Files[string]> = {};
  for (const path of random.some(
    ['a.yaml', 'b.yaml', 'sub/a.yaml', 'sub/deep/c.yaml', 'sub/deep/d.yml', '.x/e.yaml'],
    70,
  )) {
    files[`apps/${path}`] = configMap(path.replace(/\W+/g, '-').replace(/^-/, ''), {
      key: value(),
      other: value(),
    });
  }
  files['apps/web.yaml'] = random.chance(50)
    ? DEPLOYMENT
    : DEPLOYMENT.replace('replicas: 1', 'replicas: ${COUNT}');
  if (random.chance(40)) files['.sourceignore'] = lines(random, IGNORES);
  if (random.chance(15)) files['apps/sub/.sourceignore'] = lines(random, IGNORES);
  if (random.chance(30)) {
    const named = Object.keys(files).filter((path) => path.startsWith('apps/') && path.endsWith('.yaml'));
    files['apps/kustomization.yaml'] = JSON.stringify({
      resources: random.some(named, 80).map((path) => path.slice('apps/'.length)),
      ...Object.fromEntries(
        random.some(
          Object.entries({
            namePrefix: 'own-',
            namespace: 'own',
            images: [{ name: 'nginx', newTag: '1.28' }],
            commonLabels: { own: 'x' },
            configMapGenerator: [{ name: 'made', literals: ['a=${NAME}'] }],
          }),
          35,
        ),
      ),
    });
  }
  if (random.chance(15)) files['apps/sub/kustomization.yaml'] = 'namePrefix: sub-\nresources: [a.yaml]\n';
  if (random.chance(10)) files['apps/link.yaml'] = { content: 'a.yaml', mode: 'symlink' };
  files['parts/kustomization.yaml'] =
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -part\n';
  const spec: JsonMap = Object.fromEntries(
    random.some(
      Object.entries({
        targetNamespace: 'shop',
        namePrefix: 'p-',
        nameSuffix: '-s',
        components: random.chance(80) ? ['../parts'] : ['../parts', '../gone'],
        ignoreMissingComponents: random.chance(50),
        images: random.some([
          { name: 'nginx', newName: 'x/nginx' },
          { name: 'nginx', newTag: '9' },
          { name: 'nginx', digest: 'sha256:aa' },
        ]),
        commonMetadata: { labels: { team: '${NAME}' }, annotations: { note: 'b' } },
        patches: [
          { target: { kind: 'ConfigMap' }, patch: '- {op: add, path: /data/patched, value: "${COUNT}"}' },
        ],
        postBuild: { substitute: VARIABLES },
      }),
      40,
    ),
  );
  if (random.chance(50)) spec.postBuild = { substitute: VARIABLES };
  return { name: 'random', files, spec, ...(random.chance(25) ? { ignore: lines(random, IGNORES) } : {}) };
}

function lines(random: RandomSource, from: readonly string[]): string {
  return Array.from({ length: 1 + random.below(3) }, () => `${random.one(from)}\n`).join('');
}

const GLOBS = ['*', '?', 'a', 'b', '.yaml', 'x/', '/', '{a,b}', '[ab]', '**', '.'];

/** A random Application over a kustomization, a chart or plain files. */
export function randomArgoCase(random: RandomSource): ArgoCase {
  const pick = (options: JsonMap, percent = 35): JsonMap =>
    Object.fromEntries(random.some(Object.entries(options), percent));
  const glob = (): string => Array.from({ length: 1 + random.below(4) }, () => random.one(GLOBS)).join('');
  const text = (): string =>
    random.one([
      'x',
      '$ARGOCD_APP_NAME',
      '${ARGOCD_APP_NAMESPACE}-y',
      'a,b',
      '$$',
      '3',
      'true',
      '{a,b}',
      '$NONE',
      'a=b',
    ]);
  switch (random.below(3)) {
    case 0: {
      const own = pick({
        namePrefix: 'own-',
        namespace: 'own',
        images: [{ name: 'nginx', newName: 'own/nginx', newTag: '1' }],
        commonLabels: { own: 'x' },
        labels: [{ pairs: { pair: 'y' } }],
        commonAnnotations: { own: 'z' },
        replicas: [{ name: 'web', count: 2 }],
      });
      const kustomize = pick({
        namePrefix: 'a-',
        nameSuffix: '-z',
        namespace: 'other',
        images: [
          random.one([
            'nginx:2',
            'nginx=x/nginx',
            'nginx=*:3',
            'nginx@sha256:aa',
            'nginx=x:4@sha256:bb',
            'redis:1',
          ]),
        ],
        replicas: [{ name: 'web', count: 5 }],
        commonLabels: { [random.one(['own', 'pair', 'new'])]: random.one(['v', '$ARGOCD_APP_NAME']) },
        commonAnnotations: { [random.one(['own', 'new'])]: text() },
        forceCommonLabels: true,
        forceCommonAnnotations: true,
        labelWithoutSelector: true,
        labelIncludeTemplates: true,
        commonAnnotationsEnvsubst: true,
        patches: [
          { target: { kind: 'Deployment' }, patch: '- {op: replace, path: /spec/replicas, value: 9}' },
        ],
        components: random.some(['../parts', '../gone'], 60),
        ignoreMissingComponents: true,
      });
      const files = {
        'apps/kustomization.yaml': JSON.stringify({ resources: ['d.yaml'], ...own }),
        'apps/d.yaml': DEPLOYMENT,
        'parts/kustomization.yaml':
          'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -part\n',
      };
      return { name: 'random kustomize', files, application: application({ kustomize }) };
    }
    case 1: {
      const helm = pick({
        releaseName: 'r',
        namespace: 'n',
        valueFiles: random.some(
          [
            'a.yaml',
            'v/b.yaml',
            'v/*.yaml',
            '/root.yaml',
            'gone.yaml',
            '../root.yaml',
            '$ARGOCD_APP_NAME.yaml',
          ],
          40,
        ),
        ignoreMissingValueFiles: true,
        values: 'color: inline\n',
        valuesObject: { color: 'object' },
        parameters: [
          { name: random.one(['color', 'deep.x', 'list[1]']), value: text(), forceString: random.chance(40) },
        ],
        fileParameters: [{ name: 'file', path: random.one(['a.yaml', '/root.yaml', 'gone']) }],
        kubeVersion: '1.30.0',
      });
      const files = {
        'apps/Chart.yaml': 'apiVersion: v2\nname: told\nversion: 1.0.0\n',
        'apps/values.yaml': 'color: own\nlist: [a, b]\n',
        'apps/a.yaml': 'color: a\na: 1\n',
        'apps/v/b.yaml': 'color: b\nb: 1\n',
        'apps/v/c.yaml': 'color: c\nc: 1\n',
        'root.yaml': 'color: root\n',
        'apps/templates/t.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}", namespace: "{{ .Release.Namespace }}"}\ndata: {values: {{ .Values | toJson | quote }}, kube: {{ .Capabilities.KubeVersion.Version }}}\n',
      };
      return { name: 'random helm', files, application: application({ helm }) };
    }
    default: {
      const directory = pick({ recurse: true, include: glob(), exclude: glob() }, 60);
      const files = Object.fromEntries(
        ['a.yaml', 'b.yaml', 'x/a.yaml', 'x/b.yml', 'x/y/ab.yaml', 'ab.json'].map((path) => [
          `apps/${path}`,
          path.endsWith('json')
            ? '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"json"}}'
            : configMap(path.replace(/\W+/g, '-')),
        ]),
      );
      return { name: 'random directory', files, application: application({ directory }) };
    }
  }
}

/** A random ApplicationSet. */
export function randomSetCase(random: RandomSource): SetCase {
  const go = random.chance(50);
  const tag = (name: string): string => (go ? `{{ .${name} }}` : `{{${name}}}`);
  const leaf = (): JsonMap => {
    switch (random.below(4)) {
      case 0: {
        const elements = Array.from({ length: random.below(3) }, () => ({
          a: random.one(['1', '2']),
          [random.one(['b', 'c', 'a'])]: random.one(['x', 'y']),
        }));
        return { list: { elements } };
      }
      case 1:
        return {
          clusters: {
            ...(random.chance(50) ? { selector: { matchLabels: { env: random.one(['prod', 'dev']) } } } : {}),
            ...(random.chance(40) ? { values: { v: tag('name') } } : {}),
          },
        };
      case 2:
        return {
          git: {
            repoURL: OWN,
            revision: 'HEAD',
            directories: [
              { path: random.one(['apps/*', 'apps/t*', '*', 'apps/two/*', 'envs/*']) },
              ...(random.chance(30) ? [{ path: 'apps/two', exclude: true }] : []),
            ],
            ...(random.chance(30) ? { pathParamPrefix: 'd' } : {}),
            ...(random.chance(30) ? { values: { w: tag('path.basename') } } : {}),
          },
        };
      default:
        return {
          git: {
            repoURL: OWN,
            revision: 'HEAD',
            files: [{ path: random.one(['envs/*/config.json', 'envs/**', 'envs/eu', '**/config.*']) }],
          },
        };
    }
  };
  const generator = (depth: number): JsonMap => {
    const made =
      depth < 2 && random.chance(40)
        ? random.chance(60)
          ? { matrix: { generators: [generator(depth + 1), generator(depth + 1)] } }
          : {
              merge: {
                mergeKeys: [random.one(['a', 'b', 'name', 'path.basename'])],
                generators: [generator(depth + 1), generator(depth + 1)],
              },
            }
        : leaf();
    return random.chance(20)
      ? {
          ...made,
          selector: {
            matchLabels: {
              [random.one(['a', 'b', 'name', 'path.basename'])]: random.one(['1', 'x', 'eu-1', 'one']),
            },
          },
        }
      : made;
  };
  const names = [
    'a',
    'b',
    'c',
    'name',
    'nameNormalized',
    'server',
    'path.basename',
    'path.path',
    'path',
    'd.path.basename',
    'values.v',
    'values.w',
    'cluster.name',
    'size',
    'metadata.labels.env',
  ];
  const text = (): string =>
    Array.from({ length: 1 + random.below(3) }, () => random.one(['x', '-', ...names.map(tag)])).join('');
  const options = go && random.chance(30) ? { goTemplateOptions: ['missingkey=error'] } : {};
  const spec = {
    ...(go ? { goTemplate: true, ...options } : {}),
    generators: Array.from({ length: 1 + random.below(2) }, () => generator(0)),
    template: {
      metadata: {
        name: `n-${text()}`,
        labels: { l: text() },
        annotations: { [random.one(['k', text()])]: text() },
      },
      spec: {
        project: 'default',
        source: { repoURL: OWN, path: text(), targetRevision: 'HEAD' },
        destination: { name: 'in-cluster', namespace: text() },
      },
    },
    ...(random.chance(20) ? { templatePatch: `metadata: {annotations: {patched: "${text()}"}}\n` } : {}),
  };
  return { name: 'random', spec };
}
