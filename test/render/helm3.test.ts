import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { loadYaml } from '../../src/kubernetes/index.js';
import { requireRecent } from '../../src/render/tools/tool-version.js';
import { openToolbox, toolVersions } from '../../src/render/tools/toolbox.js';
import type { Files } from './fixture.js';
import { application, configMap, OWN, render } from './gitops/fixture.js';

const run = promisify(execFile);

/** A Helm 3 of this machine: HELM3, which .ci/run sets, or the one of PATH. */
function findHelm3(): string | null {
  const named = process.env.HELM3 ?? '';
  const candidates = [named, ...(process.env.PATH ?? '').split(delimiter).map((at) => join(at, 'helm'))];
  for (const path of candidates) {
    if (!isAbsolute(path) || !existsSync(path)) continue;
    const said = spawnSync(path, ['version', '--template', '{{.Version}}'], { encoding: 'utf8' });
    if (said.status === 0 && said.stdout.startsWith('v3.')) return path;
  }
  console.log('skipped: no Helm 3 here (HELM3 or PATH)');
  return null;
}

const HELM3 = findHelm3();
const it3 = HELM3 === null ? it.skip : it;
const WITH_3 = { helm: HELM3 ?? '' };

let helm4 = '';
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'helm3-'));
  const { helm } = await openToolbox();
  if ('tool' in helm) helm4 = await helm.tool.program();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Objects = readonly unknown[] | 'fails';

/** What the gate makes of a target, by Helm 3 or by its own. */
async function byGate(files: Files, target: string, diff: object): Promise<Objects> {
  const outcome = await render(files, target, diff);
  if (outcome.status === 'rendered') return outcome.manifests.map(({ object }) => plain(object));
  if (outcome.status === 'failed' && outcome.unknown !== true) return 'fails';
  throw new Error(JSON.stringify(outcome));
}

/** What a helm makes of the chart by itself, run in a folder of its own. */
async function byItself(helm: string, files: Files, values: string | null): Promise<Objects> {
  const at = mkdtempSync(join(folder, 'chart-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), content as string);
  }
  const args = ['template', 'told', './c', '--namespace', 'default', '--include-crds', '--skip-tests'];
  if (values !== null) args.push('--values', `./c/${values}`);
  try {
    const { stdout } = await run(helm, args, { cwd: at, encoding: 'buffer' });
    const documents = loadYaml(stdout, 'plain').documents.map(({ value }) => plain(value));
    return documents.flatMap((one) => (isList(one) ? one.items : one === null ? [] : [one]));
  } catch {
    // It refuses the chart, as the gate has to.
    return 'fails';
  }
}

function isList(value: unknown): value is { items: unknown[] } {
  return typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items);
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Helm 4 leaves out some keys whose value is null where Helm 3 writes them; the API server drops them. */
function withoutNull(objects: Objects): Objects {
  const text = JSON.stringify(objects, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null))
      : value,
  );
  return JSON.parse(text) as Objects;
}

const chart = (files: Record<string, string>, more = ''): Files => ({
  'c/Chart.yaml': `apiVersion: v2\nname: told\nversion: 1.0.0\n${more}`,
  ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`c/${path}`, content])),
});
const TOLD =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Chart.Name }}"}\ndata: {values: {{ .Values | toJson | quote }}}\n';
const CRD = stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'as.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { kind: 'A', plural: 'as' }, versions: [] },
});
const SUBCHARTS = {
  'charts/on/Chart.yaml': 'apiVersion: v2\nname: on\nversion: 1.0.0\n',
  'charts/on/values.yaml': 'own: 1\nlimits: {cpu: 1, memory: 2}\nexports: {data: {exported: yes}}\n',
  'charts/on/templates/told.yaml': TOLD,
  'charts/off/Chart.yaml': 'apiVersion: v2\nname: off\nversion: 1.0.0\n',
  'charts/off/templates/told.yaml': TOLD,
  'charts/lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n',
  'charts/lib/templates/_names.tpl': '{{- define "lib.name" }}named-{{ .Release.Name }}{{ end }}\n',
};
const DEPENDENCIES =
  'dependencies:\n- {name: on, version: 1.0.0, import-values: [data]}\n- {name: off, version: 1.0.0, condition: off.enabled}\n- {name: lib, version: 1.0.0}\n';

const CHARTS: [name: string, files: Files, values?: string][] = [
  [
    'CRDs, hooks, tests and notes',
    chart({
      'crds/a.yaml': CRD,
      'templates/a.yaml': TOLD,
      'templates/hook.yaml': `${configMap('hook')}`.replace(
        'metadata:',
        'metadata:\n  annotations: {helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "-1"}',
      ),
      'templates/tests/t.yaml': `${configMap('test')}`.replace(
        'metadata:',
        'metadata:\n  annotations: {helm.sh/hook: test}',
      ),
      'templates/NOTES.txt': 'notes\n',
    }),
  ],
  [
    'subcharts, conditions, imported values and a library',
    chart(
      {
        ...SUBCHARTS,
        'values.yaml': 'off: {enabled: false}\nglobal: {shared: x}\n',
        'templates/a.yaml': TOLD,
        'templates/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ include "lib.name" . }}}\n',
      },
      DEPENDENCIES,
    ),
  ],
  [
    'a null over a default of its own and of a subchart',
    chart(
      {
        ...SUBCHARTS,
        'values.yaml': 'a: {b: 1, c: 2}\non: {limits: {cpu: null}}\noff: {enabled: true}\n',
        'values-null.yaml': 'a: {b: null}\non: {own: null}\n',
        'templates/a.yaml': TOLD,
      },
      DEPENDENCIES,
    ),
    'values-null.yaml',
  ],
  [
    'null where a template writes it',
    chart({
      'values.yaml': 'resources: {limits: null, requests: {cpu: 1}}\n',
      'templates/a.yaml': `${configMap('a')}x: {{ toYaml .Values.resources | nindent 2 }}\n`,
    }),
  ],
  [
    'functions of text, time, maps and files',
    chart({
      'values.yaml': 'name: "{{ .Release.Name }}-x"\nlist: [b, a]\n',
      'config/a.ini': 'a=1\n',
      'config/b.ini': 'b=2\n',
      'templates/a.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  tpl: {{ tpl .Values.name . }}
  sorted: {{ .Values.list | sortAlpha | join "," }}
  merged: {{ mergeOverwrite (dict "a" 1) (dict "a" 2) | toJson | quote }}
  from: {{ (fromYaml "a: 1").a | quote }}
  hash: {{ "x" | sha256sum | trunc 8 | quote }}
  looked: {{ lookup "v1" "Secret" "default" "a" | toJson | quote }}
  number: {{ 1000000 | quote }}
  large: {{ .Values.large | default 12345678 }}
  semver: {{ semverCompare ">=1.20-0" .Capabilities.KubeVersion.Version | quote }}
{{ (.Files.Glob "config/*.ini").AsConfig | indent 2 }}
`,
    }),
  ],
  [
    'several documents, comments, a list and an empty one',
    chart({
      'templates/a.yaml': `# only words\n---\n${configMap('a')}---\n\n---\n${configMap('b')}`,
      'templates/list.yaml': `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n`,
      'templates/crlf.yaml': configMap('d').replaceAll('\n', '\r\n'),
      'templates/none.yaml': '{{ if false }}\na: b\n{{ end }}',
    }),
  ],
  [
    'values that its schema refuses',
    chart({
      'values.yaml': 'a: text\n',
      'values.schema.json': '{"type": "object", "properties": {"a": {"type": "integer"}}}',
      'templates/a.yaml': TOLD,
    }),
  ],
  ['what is required', chart({ 'templates/a.yaml': 'a: {{ required "say it" .Values.a }}\n' })],
  ['a Kubernetes version that does not fit', chart({ 'templates/a.yaml': TOLD }, 'kubeVersion: "<1.5"\n')],
  ['YAML that is none', chart({ 'templates/a.yaml': 'a: b: c\n' })],
];

describe('Helm 3', () => {
  it3.each(CHARTS)('renders %s as it does by itself, and as Helm 4', async (...row) => {
    const [, files, values] = row;
    const target = values === undefined ? 'helm/c' : `helm/c@${values}`;
    const [three, four] = [await byGate(files, target, WITH_3), await byGate(files, target, {})];
    expect(three).toEqual(await byItself(HELM3 ?? '', files, values ?? null));
    expect(four).toEqual(await byItself(helm4, files, values ?? null));
    expect(withoutNull(three)).toEqual(withoutNull(four));
  });

  const PARTS = {
    'c/Chart.yaml': 'apiVersion: v2\nname: told\nversion: 1.0.0\n',
    'c/values.yaml': 'color: own\nlist: [a, b]\n',
    'c/values-prod.yaml': 'color: prod\n',
    'c/file.txt': 'a, b\n',
    'c/crds/a.yaml': CRD,
    'c/templates/a.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}", namespace: {{ .Release.Namespace }}}\ndata: {values: {{ .Values | toJson | quote }}, kube: {{ .Capabilities.KubeVersion.Version }}, has: {{ .Capabilities.APIVersions.Has "example.com/v1" | quote }}, upgrade: {{ .Release.IsUpgrade | quote }}}\n',
  };
  const HELM = {
    releaseName: 'r',
    valueFiles: ['values-prod.yaml'],
    valuesObject: { deep: { a: null, b: [1, { c: 'd' }] } },
    parameters: [
      { name: 'list[1]', value: 'x,y' },
      { name: 'deep.text', value: '007', forceString: true },
      { name: 'braces', value: '{a,b}' },
      { name: 'gone', value: 'null' },
    ],
    fileParameters: [{ name: 'file', path: 'file.txt' }],
    kubeVersion: '1.30.1',
    apiVersions: ['example.com/v1'],
  };
  const RELEASE = stringify({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
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
      values: { color: 'inline' },
      postRenderers: [
        {
          kustomize: {
            patches: [{ target: { kind: 'ConfigMap' }, patch: '- {op: add, path: /data/patched, value: x}' }],
          },
        },
      ],
    },
  });
  const SET = stringify({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name: 'told', namespace: 'argocd' },
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: [
        {
          list: {
            elements: [
              { a: 'x', count: 3 },
              { a: 'z', count: 4 },
            ],
          },
        },
      ],
      template: {
        metadata: {
          name: '{{ .a | upper | lower }}-{{ add .count 1 }}',
          labels: { l: '{{ list .a "z" | join "-" }}' },
        },
        spec: {
          project: 'default',
          source: { repoURL: OWN, path: 'c', targetRevision: 'HEAD' },
          destination: { name: 'in-cluster', namespace: '{{ .a }}' },
        },
      },
      templatePatch: 'metadata: {annotations: {n: {{ .count | quote }}}}\n',
    },
  });

  // Without a version of the cluster's, each helm takes the one that it was made with.
  const clusters = [{ name: 'prod', paths: ['**'], kubernetesVersion: '1.31' }];
  it3.each<[string, string, Files]>([
    [
      'an Application with all its options',
      'argocd/argocd/web',
      { ...PARTS, 'argo.yaml': application({ path: 'c', helm: HELM }) },
    ],
    [
      'a HelmRelease on install and upgrade, with a post-renderer',
      'prod:helmrelease/apps/told',
      { ...PARTS, 'hr.yaml': RELEASE },
    ],
    [
      "an ApplicationSet's Go templates",
      'prod:argocd/argocd/applicationset/told',
      { ...PARTS, 'set.yaml': SET },
    ],
  ])('renders %s as Helm 4', async (_, target, files) => {
    const three = await byGate(files, target, { ...WITH_3, clusters });
    expect(three).not.toBe('fails');
    expect(three).not.toEqual([]);
    expect(three).toEqual(await byGate(files, target, { clusters }));
  });

  it3('is told by its version, and may not be older than it is safe', async () => {
    const { helm } = await openToolbox({ helm: HELM3 ?? '' });
    if (!('tool' in helm)) throw new Error(helm.missing);
    expect(helm.tool.version).toMatch(/^3\.\d+\.\d+$/);
    expect(toolVersions({ helm, kustomize: { missing: '' } })).toEqual({ helm: helm.tool.version });
    expect(() => requireRecent('helm', '3.17.4', '/x')).toThrow(/too old/);
  });
});
