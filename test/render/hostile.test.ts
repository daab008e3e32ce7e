import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { RenderOutcome } from '../../src/render/index.js';
import { configOf, type Files, reachedBy } from './fixture.js';
import { application, configMap, fluxKustomization, OWN, render } from './gitops/fixture.js';

const NOWHERE = { config: configOf({ helm: '/nonexistent/helm', kustomize: '/nonexistent/kustomize' }) };
const CHART = 'apiVersion: v2\nname: evil\nversion: 1.0.0\n';

function link(target: string): { content: string; mode: 'symlink' } {
  return { content: target, mode: 'symlink' };
}

/** The result of a change that adds these files, of the first target. */
async function added(files: Files, options: object = {}): Promise<RenderOutcome | undefined> {
  const reached = await reachedBy({ 'README.md': '' }, { 'README.md': '', ...files }, options);
  return [...reached.values()][0]?.result;
}

describe('refused before any tool is run', () => {
  // Tools that do not exist would give `failed`: `unresolved` shows that they were not needed.
  it.each<[string, Files, RegExp]>([
    [
      'an http resource',
      { 'k/kustomization.yaml': 'resources: [https://evil.example.com/x.yaml]\n' },
      /evil\.example\.com/,
    ],
    [
      'a git base',
      { 'k/kustomization.yaml': 'resources: ["git@evil.example.com:a/b.git?ref=main"]\n' },
      /not in the repository/,
    ],
    [
      'a git base by its short form',
      { 'k/kustomization.yaml': 'resources: [github.com/a/b//c?ref=v1]\n' },
      /github\.com/,
    ],
    ['a file:// base', { 'k/kustomization.yaml': 'resources: ["file:///etc"]\n' }, /not in the repository/],
    ['an http component', { 'k/kustomization.yaml': 'components: [https://evil.example.com/x]\n' }, /evil/],
    [
      'a generator file by http',
      {
        'k/kustomization.yaml':
          'configMapGenerator: [{name: a, files: ["x=http://169.254.169.254/latest"]}]\n',
      },
      /169\.254/,
    ],
    [
      'a patch by http',
      { 'k/kustomization.yaml': 'patches: [{path: "http://evil.example.com/p"}]\n' },
      /evil/,
    ],
    [
      'an openapi schema by http',
      { 'k/kustomization.yaml': 'openapi: {path: "http://evil.example.com/s"}\n' },
      /evil/,
    ],
    [
      'a base outside of the repository',
      { 'k/kustomization.yaml': 'resources: [../../../etc]\n' },
      /leads out/,
    ],
    ['an absolute base', { 'k/kustomization.yaml': 'resources: [/etc]\n' }, /absolute/],
    [
      'a symlinked folder outside of the repository',
      { 'k/kustomization.yaml': 'resources: [evil]\n', 'k/evil': link('../../../../etc') },
      /leads out/,
    ],
    [
      'a symlink to an absolute path',
      { 'k/kustomization.yaml': 'resources: [p]\n', 'k/p': link('/etc/passwd') },
      /absolute/,
    ],
    [
      'a symlink in circles',
      { 'k/kustomization.yaml': 'resources: [a]\n', 'k/a': link('b'), 'k/b': link('a') },
      /circles/,
    ],
    [
      'an exec function',
      {
        'k/kustomization.yaml': 'transformers: [f.yaml]\n',
        'k/f.yaml':
          'apiVersion: v1\nkind: X\nmetadata: {name: f, annotations: {config.kubernetes.io/function: "exec: {path: ./x.sh}"}}\n',
      },
      /function/,
    ],
    [
      'a plugin',
      { 'k/kustomization.yaml': 'generators: [g.yaml]\n', 'k/g.yaml': 'apiVersion: x/v1\nkind: G\n' },
      /plugin/,
    ],
    [
      'helmCharts',
      { 'k/kustomization.yaml': 'helmCharts: [{name: a, repo: https://evil.example.com}]\n' },
      /--enable-helm/,
    ],
    [
      'a chart file that is a symlink outside',
      { 'c/Chart.yaml': CHART, 'c/secret': link('../../etc/passwd') },
      /leads out/,
    ],
    [
      'values.yaml as a symlink outside (CVE-2022-31036)',
      { 'c/Chart.yaml': CHART, 'c/values.yaml': link('/etc/passwd') },
      /absolute/,
    ],
    [
      'a templates folder as a symlink outside',
      { 'c/Chart.yaml': CHART, 'c/templates': link('../..') },
      /leads out/,
    ],
    [
      'Chart.lock as a symlink outside (CVE-2025-53547)',
      { 'c/Chart.yaml': CHART, 'c/Chart.lock': link('../../x') },
      /leads out/,
    ],
    [
      'a dependency of a repository elsewhere',
      {
        'c/Chart.yaml': `${CHART}dependencies: [{name: a, version: "1", repository: "https://u:p@evil.example.com"}]\n`,
      },
      /a of https:\/\/evil\.example\.com/,
    ],
    ['a submodule', { 'c/Chart.yaml': CHART, 'c/charts/x': { content: '', mode: 'submodule' } }, /submodule/],
  ])('%s', async (_, files, reason) => {
    expect(await added(files, NOWHERE)).toMatchObject({
      status: 'unresolved',
      reason: expect.stringMatching(reason),
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'values by path traversal (CVE-2022-24348)',
      application({ helm: { valueFiles: ['../../../../etc/passwd'] } }),
      /leads out/,
    ],
    [
      'values by URL',
      application({ helm: { valueFiles: ['http://169.254.169.254/x'] } }),
      /not in the repository/,
    ],
    [
      'a file parameter that names a second file',
      application({ helm: { fileParameters: [{ name: 'a=/etc/passwd,b', path: 'Chart.yaml' }] } }),
      /more than a name/,
    ],
    ['a source path by traversal', application({ path: '../../etc' }), /leads out/],
  ])('an Application with %s', async (_, argo, reason) => {
    const files = { 'apps/web/Chart.yaml': CHART, 'argo.yaml': argo };
    expect(await render(files, 'argocd/argocd/web', NOWHERE.config.diff)).toMatchObject({
      status: 'unresolved',
      reason: expect.stringMatching(reason),
    });
  });

  it.each(['--post-renderer=/bin/sh', 'A', 'a'.repeat(54), ''])('a release named %p', async (releaseName) => {
    const files = {
      'apps/web/Chart.yaml': CHART,
      'argo.yaml': application({ helm: { releaseName, version: 'v3' } }, {}, 'Web_'),
    };
    expect(await render(files, 'argocd/argocd/Web_', NOWHERE.config.diff)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('release name'),
    });
  });

  it('a symlink out of a directory source (CVE-2022-24731, CVE-2022-24904)', async () => {
    const files = {
      'apps/web/evil.yaml': link('../../../etc/passwd'),
      'apps/web/a.yaml': configMap('a'),
      'argo.yaml': application({}),
    };
    expect(await render(files, 'argocd/argocd/web')).toMatchObject({ status: 'unresolved' });
  });

  it('a Flux path by traversal (CVE-2022-24877)', async () => {
    const files = { 'ks.yaml': fluxKustomization({ path: '../../etc' }) };
    expect(await render(files, 'flux/flux-system/apps')).toMatchObject({ status: 'failed' });
  });

  it('a targetPath with an index of a billion (CVE-2022-36049)', async () => {
    const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: a, namespace: a}
spec:
  chart: {spec: {chart: c, sourceRef: {kind: GitRepository, name: flux-system}}}
  valuesFrom: [{kind: Secret, name: s, targetPath: "x[1000000000]"}]
`;
    const files = { 'c/Chart.yaml': CHART, 'hr.yaml': release };
    expect(await render(files, 'helmrelease/a/a')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('targetPath'),
    });
  });
});

describe('harmless in the sandbox', () => {
  it('a chart that asks for hosts, the environment, the cluster and files outside', async () => {
    const files = {
      'c/Chart.yaml': CHART,
      'c/templates/a.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  host: {{ getHostByName "localhost" | quote }}
  file: {{ .Files.Get "../../../../../../etc/passwd" | quote }}
  secrets: {{ lookup "v1" "Secret" "" "" | toJson | quote }}
`,
    };
    const outcome = await added(files);
    expect(outcome?.status).toBe('rendered');
    if (outcome?.status !== 'rendered') return;
    expect(outcome.manifests[0]?.object.data).toEqual({ host: '', file: '', secrets: '{}' });
  });

  it('a chart that asks for the environment does not render', async () => {
    const files = { 'c/Chart.yaml': CHART, 'c/templates/a.yaml': 'a: {{ env "HOME" }}' };
    expect(await added(files)).toMatchObject({ status: 'failed', reason: expect.stringContaining('env') });
  });

  it('a schema that refers to elsewhere is not followed', async () => {
    const files = {
      'c/Chart.yaml': CHART,
      'c/values.schema.json': '{"$ref": "http://127.0.0.1:1/schema.json"}',
      'c/templates/a.yaml': configMap('a'),
    };
    expect(await added(files)).toMatchObject({ status: 'rendered' });
  });

  it('a schema of its own is obeyed', async () => {
    const files = {
      'c/Chart.yaml': CHART,
      'c/values.yaml': 'a: 1\n',
      'c/values.schema.json': '{"properties": {"a": {"type": "string"}}}',
      'c/templates/a.yaml': configMap('a'),
    };
    expect(await added(files)).toMatchObject({ status: 'failed', reason: expect.stringContaining('schema') });
  });

  it('values that are different each time are told from change', async () => {
    const files = (color: string): Files => ({
      'c/Chart.yaml': CHART,
      'c/templates/a.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {password: {{ randAlphaNum 20 | quote }}, url: "db:{{ randNumeric 12 }}@host", color: ${color}}
`,
    });
    const reached = await reachedBy(files('red'), files('blue'));
    const target = reached.get('helm/c');
    if (target?.base.status !== 'rendered' || target.result.status !== 'rendered')
      throw new Error('not rendered');
    expect(target.base.manifests[0]?.object.data).toEqual({
      password: 'random-value',
      url: 'db:random-value@host',
      color: 'red',
    });
    expect(target.result.manifests[0]?.object.data).toMatchObject({
      password: 'random-value',
      color: 'blue',
    });
  });

  it('a YAML alias bomb ends in a reason', async () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 12; level += 1) {
      const name = (at: number): string => String.fromCharCode(97 + at);
      bomb.push(
        `${name(level)}: &${name(level)} [${Array(9)
          .fill(`*${name(level - 1)}`)
          .join(',')}]`,
      );
    }
    const files = {
      'k/kustomization.yaml': 'resources: [bomb.yaml]\n',
      'k/bomb.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${bomb.join('\n')}\n`,
    };
    expect(await added(files)).toMatchObject({ status: 'failed' });
  });

  it.each(['.git', 'GIT~1', '.git::$INDEX_ALLOCATION', '.g\u200cit', '.git. '])(
    'a folder that some file system takes for .git (%j) is not written',
    async (name) => {
      const outcome = await added({
        'k/kustomization.yaml': `resources: [${JSON.stringify(`${name}/x.yaml`)}]\n`,
        [`k/${name}/x.yaml`]: configMap('a'),
      });
      expect(outcome).toMatchObject({ status: 'unresolved', reason: expect.stringContaining("git's own") });
    },
  );

  it('a Git LFS pointer is not what stands for it', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`;
    const files = { 'k/kustomization.yaml': 'resources: [a.yaml]\n', 'k/a.yaml': pointer };
    expect(await added(files)).toMatchObject({
      status: 'unresolved',
      reason: expect.stringContaining('LFS'),
    });
  });

  it('a kustomization named by a prototype property is one like any other', async () => {
    const files = {
      '__proto__/kustomization.yaml': 'resources: [constructor]\n',
      '__proto__/constructor': configMap('a'),
    };
    expect(await added(files)).toMatchObject({ status: 'rendered' });
  });
});

describe('secrets', () => {
  it('do not lie in the cache as they are', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'render-cache-'));
    try {
      const password = 'correct-horse-battery-staple';
      const files = {
        'k/kustomization.yaml': `secretGenerator: [{name: a, literals: ["p=${password}"]}]\n`,
      };
      expect(await added(files, { cache: { folder, repository: OWN } })).toMatchObject({
        status: 'rendered',
      });
      const kept = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
        entry.isFile(),
      );
      expect(kept.length).toBeGreaterThan(0);
      for (const entry of kept) {
        const bytes = await readFile(join(entry.parentPath, entry.name));
        expect(bytes.includes(password)).toBe(false);
        expect(bytes.includes(Buffer.from(password).toString('base64'))).toBe(false);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
