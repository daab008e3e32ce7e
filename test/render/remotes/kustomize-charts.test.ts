import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { loadConfig } from '../../../src/config/index.js';
import { MemoryTree } from '../../../src/git/index.js';
import { openToolbox, type RenderOutcome } from '../../../src/render/index.js';
import { configOf, type Files, reachedBy } from '../fixture.js';
import { application, fluxKustomization, OWN } from '../gitops/fixture.js';
import { Loopback } from './loopback.js';
import { packed } from './packed-chart.js';

const loopback = new Loopback();
const template = [
  'apiVersion: v1',
  'kind: ConfigMap',
  'metadata: {name: "{{ .Release.Name }}-told"}',
  'data:',
  '  version: {{ .Chart.Version | quote }}',
  '  color: {{ .Values.color | quote }}',
  '  kube: {{ .Capabilities.KubeVersion.Version | quote }}',
  '',
].join('\n');
const chart = (version: string) => ({
  'Chart.yaml': `apiVersion: v2\nname: told\nversion: ${version}\n`,
  'values.yaml': 'color: red\n',
  'templates/told.yaml': template,
});

beforeAll(async () => {
  await loopback.start();
  for (const version of ['1.0.0', '1.1.0']) {
    const files = Object.entries(chart(version)).map(([path, content]) => [`told/${path}`, content]);
    loopback.files.set(`/charts/told-${version}.tgz`, packed(Object.fromEntries(files)));
  }
  loopback.files.set(
    '/charts/index.yaml',
    stringify({
      apiVersion: 'v1',
      entries: {
        told: ['1.0.0', '1.1.0'].map((version) => ({ name: 'told', version, urls: [`told-${version}.tgz`] })),
      },
    }),
  );
});
afterAll(() => loopback.stop());

const repo = (): string => `http://${loopback.host}/charts`;
const kustomization = (content: object, files: Files = {}): Files => ({
  'apps/web/kustomization.yaml': stringify(content),
  ...files,
});
const options = (diff: object = {}) => ({
  config: configOf(
    { remotes: { allow: [`${repo()}/**`, repo()] }, kustomizeBuildOptions: '--enable-helm', ...diff },
    { repositories: [OWN] },
  ),
  fetch: {},
});

async function reached(files: Files, name = 'kustomize/apps/web', diff: object = {}): Promise<RenderOutcome> {
  const found = (await reachedBy({}, files, options(diff))).get(name);
  if (found === undefined) throw new Error(`${name} is not reached`);
  return found.result;
}

function objects(outcome: RenderOutcome): unknown[] {
  if (outcome.status !== 'rendered') throw new Error(JSON.stringify(outcome));
  return outcome.manifests.map((manifest) => JSON.parse(JSON.stringify(manifest.object)));
}

/** What kustomize itself gives with --enable-helm and the network. */
async function plainly(files: Files, path = '/nonexistent'): Promise<unknown[]> {
  const { helm, kustomize } = await openToolbox();
  if (!('tool' in helm) || !('tool' in kustomize)) throw new Error('no tools');
  const dir = mkdtempSync(join(tmpdir(), 'plainly-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), content as string);
    }
    const args = ['--enable-helm', '--helm-command', await helm.tool.program()];
    const { stdout } = await promisify(execFile)(
      await kustomize.tool.program(),
      [...kustomize.tool.prefix, join(dir, 'apps/web'), ...args],
      { env: { HOME: dir, TMPDIR: dir, PATH: path, GIT_CONFIG_NOSYSTEM: '1' }, timeout: 20_000 },
    );
    return parseAllDocuments(stdout).map((document) => document.toJS());
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const local = (folder: string): Files =>
  Object.fromEntries(Object.entries(chart('3.0.0')).map(([path, content]) => [`${folder}/${path}`, content]));

describe('helmCharts, as kustomize --enable-helm inflates them', () => {
  it.each([
    [
      'a version',
      () =>
        kustomization({ helmCharts: [{ name: 'told', repo: repo(), version: '1.0.0', releaseName: 'r' }] }),
    ],
    ['no version', () => kustomization({ helmCharts: [{ name: 'told', repo: repo(), releaseName: 'r' }] })],
    [
      'values in place, a namespace and patches',
      () =>
        kustomization({
          namePrefix: 'p-',
          helmCharts: [
            {
              name: 'told',
              repo: repo(),
              version: '1.0.0',
              releaseName: 'r',
              namespace: 'shop',
              valuesInline: { color: 'blue' },
            },
          ],
          patches: [{ target: { kind: 'ConfigMap' }, patch: '- {op: add, path: /data/added, value: "yes"}' }],
        }),
    ],
    [
      'values files of the tree',
      () =>
        kustomization(
          {
            helmCharts: [
              {
                name: 'told',
                repo: repo(),
                version: '1.0.0',
                releaseName: 'r',
                valuesFile: 'values.yaml',
                additionalValuesFiles: ['more.yaml'],
              },
            ],
          },
          { 'apps/web/values.yaml': 'color: file\n', 'apps/web/more.yaml': 'color: more\n' },
        ),
    ],
    [
      'a chart of the tree, in a folder that is named',
      () =>
        kustomization(
          {
            helmGlobals: { chartHome: 'own' },
            helmCharts: [{ name: 'told', releaseName: 'r', version: '3.0.0' }],
          },
          local('apps/web/own/told'),
        ),
    ],
  ])('%s', async (_, files) => {
    expect(objects(await reached(files()))).toEqual(await plainly(files()));
  });

  it('for Argo CD with what the cluster can do, and not for Flux', async () => {
    const files = {
      ...kustomization({ helmCharts: [{ name: 'told', repo: repo(), version: '1.0.0', releaseName: 'r' }] }),
      'argo.yaml': application(
        { kustomize: { nameSuffix: '-argo' } },
        { destination: { name: 'prod', namespace: 'shop' } },
      ),
      'flux.yaml': fluxKustomization({}),
    };
    const clusters = [{ name: 'prod', kubernetesVersion: '1.31.0' }];
    const found = await reachedBy({}, files, options({ clusters }));
    expect(objects(found.get('prod:argocd/argocd/web')?.result ?? { status: 'absent' })).toMatchObject([
      { metadata: { name: 'r-told-argo', namespace: 'shop' }, data: { kube: 'v1.31.0', color: 'red' } },
    ]);
    expect(found.get('flux/flux-system/apps')?.result).toMatchObject({
      status: 'unresolved',
      reason: expect.stringContaining('Flux does not'),
    });
  });

  it('of a base that is fetched: pulled, vendored there, and through another base', async () => {
    const inflating = {
      helmCharts: [{ name: 'told', repo: repo(), version: '1.0.0', releaseName: 'r', valuesFile: 'v.yaml' }],
    };
    const vendored = { helmGlobals: { chartHome: 'own' }, helmCharts: [{ name: 'told', releaseName: 'v' }] };
    const commit = loopback.repository('inflating').commit({
      'pulled/kustomization.yaml': stringify(inflating),
      'pulled/v.yaml': 'color: theirs\n',
      'vendored/kustomization.yaml': stringify(vendored),
      ...(local('vendored/own/told') as Record<string, string>),
      'all/kustomization.yaml': 'namePrefix: all-\nresources: [../pulled, ../vendored]\n',
      'away/kustomization.yaml': stringify({
        helmCharts: [{ name: 'told', repo: 'https://charts.example.com', version: '1.0.0' }],
      }),
    });
    const base = (path: string): string => `http://${loopback.host}/git/inflating.git//${path}?ref=${commit}`;
    const more = { remotes: { allow: [`${repo()}/**`, repo(), `http://${loopback.host}/git/**`] } };
    for (const path of ['pulled', 'vendored', 'all']) {
      const files = kustomization({ namespace: 'shop', resources: [base(path)] });
      expect(objects(await reached(files, undefined, more))).toEqual(await plainly(files, process.env.PATH));
    }
    expect(await reached(kustomization({ resources: [base('away')] }), undefined, more)).toMatchObject({
      status: 'unresolved',
      reason: expect.stringMatching(/charts\.example\.com, which is not in diff\.remotes/),
    });
    const files = { ...kustomization({ resources: [base('pulled')] }), 'flux.yaml': fluxKustomization({}) };
    expect(await reached(files, 'flux/flux-system/apps', more)).toMatchObject({ status: 'unresolved' });
    const argo = { ...kustomization({ resources: [base('pulled')] }), 'argo.yaml': application({}) };
    expect(objects(await reached(argo, 'argocd/argocd/web', more))).toMatchObject([
      { data: { color: 'theirs' } },
    ]);
    const off = { ...more, kustomizeBuildOptions: '' };
    expect(await reached(kustomization({ resources: [base('pulled')] }), undefined, off)).toMatchObject({
      status: 'unresolved',
      reason: expect.stringContaining('only with --enable-helm'),
    });
  });

  it('are unresolved where a chart lies on a file of the tree, or on itself', async () => {
    const files = kustomization(
      { resources: ['charts'], helmCharts: [{ name: 'told', repo: repo(), releaseName: 'r' }] },
      { 'apps/web/charts': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n' },
    );
    expect(await reached(files)).toMatchObject({ status: 'unresolved' });
    loopback.files.set(
      '/charts/told-1.0.0.tgz',
      packed({ 'told/Chart.yaml': 'x', 'told/a': '1', 'told/a/b': '2' }),
    );
    const broken = kustomization({ helmCharts: [{ name: 'told', repo: repo(), version: '1.0.0' }] });
    expect(await reached(broken)).toMatchObject({ status: 'unresolved' });
  });

  it('are refused without the option, with how to declare it', async () => {
    const files = kustomization({ helmCharts: [{ name: 'told', repo: repo(), version: '1.0.0' }] });
    expect(await reached(files, 'kustomize/apps/web', { kustomizeBuildOptions: '' })).toMatchObject({
      status: 'unresolved',
      reason: expect.stringContaining('say so in diff.kustomizeBuildOptions'),
    });
  });

  it.each([
    '--enable-exec',
    '--enable-alpha-plugins',
    '--helm-command=/bin/sh',
    '--load-restrictor none',
    '--network',
  ])('the option %s is refused by the configuration', async (option) => {
    const config = `version: 1\ndiff: {kustomizeBuildOptions: "--enable-helm ${option}"}\n`;
    const tree = new MemoryTree({ '.gitops-gate/config.yaml': config });
    await expect(loadConfig(tree, { ref: 'main', commit: 'a' })).rejects.toThrow(/does not obey/);
  });
});

describe('hostile charts that are inflated', () => {
  it.each<readonly [string, Record<string, string>, RegExp]>([
    [
      'a file that leads out',
      { 'bad/../../../../../escaped.yaml': 'x' },
      /^unresolved: .*no name for a file/,
    ],
    [
      'a file over the kustomization',
      { 'bad/../../kustomization.yaml': 'x' },
      /^unresolved: .*no name for a file/,
    ],
    ["a file of git's own", { 'bad/.git/config': 'x' }, /^unresolved: .*no name for a file/],
    ['a file in the place of a folder', { 'bad/templates': 'x' }, /^unresolved: .*name of another file/],
  ])('%s', async (_, more, reason) => {
    const files = Object.entries(chart('6.6.6')).map(([path, content]) => [`bad/${path}`, content]);
    loopback.files.set('/charts/bad-6.6.6.tgz', packed({ ...Object.fromEntries(files), ...more }));
    loopback.files.set(
      '/hostile/index.yaml',
      stringify({ entries: { bad: [{ version: '6.6.6', urls: ['../charts/bad-6.6.6.tgz'] }] } }),
    );
    const hostile = `http://${loopback.host}/hostile`;
    const found = await reached(
      kustomization({ helmCharts: [{ name: 'bad', repo: hostile, version: '6.6.6', releaseName: 'r' }] }),
      'kustomize/apps/web',
      { remotes: { allow: [`${hostile}/**`, hostile] } },
    );
    expect('reason' in found ? `${found.status}: ${found.reason}` : found.status).toMatch(reason);
  });
});
