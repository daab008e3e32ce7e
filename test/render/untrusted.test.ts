import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { diffCheck } from '../../src/checks/diff/index.js';
import type { RenderOutcome } from '../../src/render/index.js';
import { probeSandbox } from '../../src/render/sandbox/probe.js';
import type { Sandbox } from '../../src/render/sandbox/sandbox.js';
import { openToolbox } from '../../src/render/tools/toolbox.js';
import { context } from '../checks/diff/fakes.js';
import { changeOf, configOf, type Files, reachedBy } from './fixture.js';
import { application, configMap, fluxKustomization, OWN, render } from './gitops/fixture.js';

const CHART = 'apiVersion: v2\nname: evil\nversion: 1.0.0\n';
const link = (target: string) => ({ content: target, mode: 'symlink' as const });

/** The result of a change that adds these files, of the first target. */
async function added(files: Files): Promise<RenderOutcome | undefined> {
  const reached = await reachedBy({ 'README.md': '' }, { 'README.md': '', ...files });
  return [...reached.values()][0]?.result;
}

/** What the gate says of a change, by rule and message, and its whole report as text. */
async function judged(base: Files, result: Files): Promise<{ findings: string[]; report: string }> {
  const rendered = await changeOf(base, result, { config: configOf({}, { repositories: [OWN] }) });
  try {
    const checked = await diffCheck(context(await rendered.reached(), { repositories: [OWN] }));
    const findings = checked.findings.map(({ action, ruleId, message }) => `${action} ${ruleId}: ${message}`);
    return { findings, report: JSON.stringify([checked.findings, checked.targets, checked.notVerified]) };
  } finally {
    await rendered.close();
  }
}

describe('Argo CD', () => {
  it('CVE-2022-24730: values that lead out of the repository, by an override file beside the chart', async () => {
    for (const path of ['../../../../etc/passwd', '/../../etc/passwd', 'values/../../../../etc/passwd']) {
      const files = {
        'apps/web/Chart.yaml': CHART,
        'apps/web/templates/a.yaml': configMap('a'),
        'apps/web/.argocd-source.yaml': stringify({ helm: { valueFiles: [path] } }),
        'argo.yaml': application({}),
      };
      const outcome = await render(files, 'argocd/argocd/web');
      expect(outcome.status).not.toBe('rendered');
      expect(JSON.stringify(outcome)).not.toContain('root:');
    }
  });

  it('CVE-2022-24730: a values file that is a link out of the repository, by a reference of another source', async () => {
    const spec = {
      source: undefined,
      sources: [
        { repoURL: OWN, targetRevision: 'HEAD', path: 'apps/web', helm: { valueFiles: ['$here/v.yaml'] } },
        { repoURL: OWN, targetRevision: 'HEAD', ref: 'here' },
      ],
    };
    const files = {
      'apps/web/Chart.yaml': CHART,
      'apps/web/templates/a.yaml': configMap('a'),
      'v.yaml': link('/etc/passwd'),
      'argo.yaml': application({}, spec),
    };
    const outcome = await render(files, 'argocd/argocd/web');
    expect(outcome.status).not.toBe('rendered');
    expect(JSON.stringify(outcome)).not.toContain('root:');
  });

  it.each<[string, object]>([
    ['a list where text belongs', { data: { password: ['correct-horse-battery'] } }],
    ['a map where text belongs', { stringData: { password: { deep: 'correct-horse-battery' } } }],
    ['no base64', { data: { password: 'correct-horse-battery!' } }],
    ['a field that is misspelt', { stringdata: { password: 'correct-horse-battery' } }],
    ['a copy in an annotation', { metadata: { name: 'a', annotations: { x: 'correct-horse-battery' } } }],
  ])('CVE-2025-23216: no value of a Secret that is invalid (%s) is in the answer', async (_, broken) => {
    const secret = (more: object) =>
      stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, ...more });
    const folder = (more: object): Files => ({
      'k/kustomization.yaml': 'resources: [s.yaml]\n',
      'k/s.yaml': secret(more),
      'd/s.yaml': secret(more),
    });
    const { report } = await judged(
      folder({ stringData: { password: 'former-horse-battery' } }),
      folder(broken),
    );
    expect(report).toContain('Secret');
    expect(report).not.toMatch(/horse/);
    expect(report).not.toContain(Buffer.from('correct-horse-battery').toString('base64').slice(0, 20));
  });

  const CHARTED = { 'c/Chart.yaml': CHART, 'c/templates/a.yaml': configMap('a') };
  it.each<[string, Files]>([
    [
      'a patch that cannot be read',
      {
        'k/kustomization.yaml':
          'resources: [s.yaml]\npatches: [{target: {kind: Secret}, patch: "[{op: add, path: /data/x, value: correct-horse-battery}"}]\n',
        'k/s.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n',
      },
    ],
    [
      'a patch whose object is not there',
      {
        'k/kustomization.yaml':
          'resources: [s.yaml]\npatches: [{patch: "apiVersion: v1\\nkind: Secret\\nmetadata: {name: other}\\nstringData: {x: correct-horse-battery}\\n"}]\n',
        'k/s.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n',
      },
    ],
    [
      'a literal without a key',
      { 'k/kustomization.yaml': 'secretGenerator: [{name: a, literals: [correct-horse-battery]}]\n' },
    ],
    [
      'a value that its schema refuses',
      {
        ...CHARTED,
        'c/values.yaml': 'password: correct-horse-battery\n',
        'c/values.schema.json': '{"properties": {"password": {"pattern": "^[0-9]+$"}}}',
      },
    ],
    [
      'a value of another type',
      {
        ...CHARTED,
        'c/values.yaml': 'password: correct-horse-battery\n',
        'c/templates/b.yaml': 'a: {{ .Values.password.deep.deeper }}\n',
      },
    ],
    [
      'YAML that it writes wrongly',
      {
        ...CHARTED,
        'c/values.yaml': 'password: "correct-horse-battery: x: y"\n',
        'c/templates/b.yaml':
          'apiVersion: v1\nkind: Secret\nmetadata: {name: b}\nstringData: {a: {{ .Values.password }} }\n',
      },
    ],
  ])('CVE-2025-23216: no value is in the reason of what fails by %s', async (_, files) => {
    const { findings, report } = await judged({ 'README.md': '' }, { 'README.md': '', ...files });
    expect(findings.join('\n')).toMatch(/diff\/(?:render-failed|not-rendered)/);
    expect(report).not.toMatch(/horse/);
  });

  it('CVE-2025-23216: no value of a patch of a Secret that fails is in the reason', async () => {
    const files = (patch: string): Files => ({
      'k/kustomization.yaml': `resources: [s.yaml]\npatches: [{target: {kind: Secret}, patch: ${JSON.stringify(patch)}}]\n`,
      'k/s.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n',
    });
    const good = '[{"op": "add", "path": "/type", "value": "Opaque"}]';
    const bad = '[{"op": "replace", "path": "/data/password/deep", "value": "correct-horse-battery"}]';
    const { findings, report } = await judged(files(good), files(bad));
    expect(findings.join('\n')).toMatch(/diff\/render-failed/);
    expect(report).not.toMatch(/horse/);
  });
});

describe('Flux', () => {
  it('CVE-2022-24817: the program that a kubeconfig names is not run, and deploying by it is told', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    try {
      const proof = join(folder, 'ran');
      const kubeconfig = stringify({
        apiVersion: 'v1',
        kind: 'Config',
        users: [{ name: 'a', user: { exec: { command: 'touch', args: [proof] } } }],
        contexts: [{ name: 'a', context: { cluster: 'a', user: 'a' } }],
        'current-context': 'a',
      });
      const files = (spec: object): Files => ({
        'clusters/a/k.yaml': fluxKustomization({ path: './apps', ...spec }),
        'clusters/a/s.yaml': stringify({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'kube', namespace: 'flux-system' },
          stringData: { value: kubeconfig },
        }),
        'apps/a.yaml': configMap('a'),
      });
      const { findings } = await judged(files({}), files({ kubeConfig: { secretRef: { name: 'kube' } } }));
      expect(findings.join('\n')).toMatch(/approve diff\/target-moved: .*spec\.kubeConfig/);
      expect(existsSync(proof)).toBe(false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it.each<[string, Files]>([
    ['itself', { 'k/kustomization.yaml': 'resources: [../k]\n' }],
    ['its parent', { 'k/kustomization.yaml': 'resources: [..]\n', 'kustomization.yaml': 'resources: [k]\n' }],
    [
      'one that includes it',
      { 'k/kustomization.yaml': 'resources: [../l]\n', 'l/kustomization.yaml': 'resources: [../k]\n' },
    ],
    ['a component that includes it', { 'k/kustomization.yaml': 'components: [../k]\n' }],
    ['a link to itself', { 'k/kustomization.yaml': 'resources: [l]\n', 'k/l': link('.') }],
    ['what lies above the repository', { 'k/kustomization.yaml': `resources: [${'../'.repeat(40)}]\n` }],
  ])('CVE-2022-24878: a kustomization that includes %s ends in a reason', async (_, files) => {
    const reached = await reachedBy({ 'README.md': '' }, { 'README.md': '', ...files });
    expect(reached.size).toBeGreaterThan(0);
    for (const { result } of reached.values()) expect(['failed', 'unresolved']).toContain(result.status);
  });

  it('CVE-2022-24878: the same by the path of a Flux Kustomization', async () => {
    const files = {
      'clusters/a/k.yaml': fluxKustomization({ path: './k' }),
      'k/kustomization.yaml': 'resources: [../l]\n',
      'l/kustomization.yaml': 'resources: [../k]\n',
    };
    const outcome = await render(files, 'flux/flux-system/apps');
    expect(['failed', 'unresolved']).toContain(outcome.status);
  });
});

describe('helm: a loop of 2e9', () => {
  let folder = '';
  let sandbox: Sandbox | null = null;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loop-'));
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'tree', 'templates'), { recursive: true });
    await writeFile(join(folder, 'tree', 'Chart.yaml'), CHART);
    const found = await probeSandbox(folder);
    sandbox = found.kind === 'none' ? null : found;
    if (sandbox === null) console.log(`skipped: no sandbox here (${found.detail})`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function template(text: string, timeoutMs: number) {
    await writeFile(join(folder, 'tree', 'templates', 'a.yaml'), text);
    const { helm } = await openToolbox();
    if (sandbox === null || !('tool' in helm)) return null;
    return sandbox.run({
      tool: await helm.tool.program(),
      args: [...helm.tool.prefix, 'template', 'a', '.'],
      folder: join(folder, 'tree'),
      timeoutMs,
      maxOutputBytes: 1024 * 1024,
    });
  }

  it('is ended when its time is over', async () => {
    const result = await template('{{- range 2000000000 }}{{- end }}', 1_000);
    if (result !== null) expect(result.end).toBe('timeout');
  });

  it('that fills the memory ends by its bound', async () => {
    const result = await template('{{- range 2 }}{{ repeat 5000000000 "x" }}{{- end }}', 60_000);
    if (result === null) return;
    expect(result.end !== 'exited' || result.code !== 0).toBe(true);
    expect(result.stdout.toString()).not.toContain('kind');
  });
});

describe('charts whose files are links', () => {
  it.each<[string, Files]>([
    ['a file', { 'c/Chart.yaml': CHART, 'c/files/x': link('/etc/passwd') }],
    ['a folder of templates', { 'c/Chart.yaml': CHART, 'c/templates': link('/etc') }],
    ['a subchart', { 'c/Chart.yaml': CHART, 'c/charts/s': link('../../../..') }],
    ['the chart file', { 'c/Chart.yaml': CHART, 'c/values.schema.json': link('/etc/passwd') }],
  ])('%s', async (_, files) => {
    expect(await added(files)).toMatchObject({ status: 'unresolved' });
  });
});

/** Every vector that content has, with the tests that show it: file and the words of their titles. */
const VECTORS: readonly (readonly [vector: string, file: string, titles: readonly string[]])[] = [
  [
    'helm: a symlinked file, values.yaml or folder in the chart',
    'hostile.test.ts',
    [
      'a chart file that is a symlink outside',
      'values.yaml as a symlink outside',
      'a templates folder as a symlink outside',
    ],
  ],
  [
    'helm: a schema that refers to a remote or a file',
    'hostile.test.ts',
    ['a schema that refers to elsewhere is not followed', 'a schema of its own is obeyed'],
  ],
  [
    'helm: getHostByName, env, files above the chart',
    'hostile.test.ts',
    [
      'a chart that asks for hosts, the environment, the cluster and files outside',
      'a chart that asks for the environment does not render',
    ],
  ],
  [
    'helm: lookup, IsUpgrade, random values and the time',
    'hostile.test.ts',
    ['values that are different each time are told from change'],
  ],
  [
    'helm: install and upgrade are both rendered',
    'install-upgrade.test.ts',
    ['what only an install makes is among the objects', 'of what both make the upgrade'],
  ],
  ['helm: a loop of 2e9', 'untrusted.test.ts', ['helm: a loop of 2e9', 'is ended when its time is over']],
  ['kustomize: a YAML alias bomb', 'hostile.test.ts', ['a YAML alias bomb ends in a reason']],
  [
    'kustomize: resources and generator files by http',
    'hostile.test.ts',
    [
      'an http resource',
      'a generator file by http',
      'a patch by http',
      'an openapi schema by http',
      'an http component',
    ],
  ],
  [
    'kustomize: a base or a linked folder outside of the repository',
    'hostile.test.ts',
    ['a base outside of the repository', 'an absolute base', 'a symlinked folder outside of the repository'],
  ],
  [
    'kustomize: git remotes and file:// bases',
    'hostile.test.ts',
    ['a git base', 'a git base by its short form', 'a file:// base'],
  ],
  [
    'kustomize: exec functions, plugins, helmCharts',
    'hostile.test.ts',
    ['an exec function', 'a plugin', 'helmCharts'],
  ],
  ['CVE-2022-24348', 'hostile.test.ts', ['CVE-2022-24348']],
  ['CVE-2022-24730', 'untrusted.test.ts', ['CVE-2022-24730: values that lead out']],
  ['CVE-2022-24731', 'hostile.test.ts', ['CVE-2022-24731']],
  ['CVE-2022-24904', 'hostile.test.ts', ['CVE-2022-24904']],
  ['CVE-2022-31036', 'hostile.test.ts', ['CVE-2022-31036']],
  ['CVE-2025-23216', 'untrusted.test.ts', ['CVE-2025-23216: no value of a Secret']],
  ['CVE-2025-53547', 'hostile.test.ts', ['CVE-2025-53547']],
  ['CVE-2022-24817', 'untrusted.test.ts', ['CVE-2022-24817: the program that a kubeconfig names']],
  ['CVE-2022-24877', 'hostile.test.ts', ['CVE-2022-24877']],
  ['CVE-2022-24878', 'untrusted.test.ts', ['CVE-2022-24878: a kustomization that includes']],
  ['CVE-2022-36049', 'hostile.test.ts', ['CVE-2022-36049']],
  ['no network in the sandbox', 'sandbox.test.ts', ['has no network']],
  [
    'nothing of the machine in the sandbox',
    'sandbox.test.ts',
    ['shows the inputs and nothing of the machine'],
  ],
];

describe('every vector has its test', () => {
  it.each(VECTORS)('%s', async (_, file, titles) => {
    const text = await readFile(join(import.meta.dirname, file), 'utf8');
    for (const title of titles) expect(text).toContain(title);
  });
});
