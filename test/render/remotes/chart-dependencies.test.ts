import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { openToolbox, type RenderOutcome } from '../../../src/render/index.js';
import { configOf, type Files, reachedBy } from '../fixture.js';
import { application, OWN } from '../gitops/fixture.js';
import { Loopback } from './loopback.js';
import { packed } from './packed-chart.js';

const loopback = new Loopback();
let folder = '';

/** A chart that tells its version and values, packed. */
function telling(version: string, more: Readonly<Record<string, string>> = {}): Buffer {
  return packed({
    'telling/Chart.yaml': `apiVersion: v2\nname: telling\nversion: ${version}\n`,
    'telling/values.yaml': 'color: red\nsize: small\n',
    'telling/values-prod.yaml': 'color: prod\n',
    'telling/values-extra.yaml': 'size: extra\n',
    'telling/templates/told.yaml': [
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: {name: "{{ .Release.Name }}-{{ .Chart.Name }}"}',
      'data:',
      '  version: {{ .Chart.Version | quote }}',
      '  color: {{ .Values.color | default "none" | quote }}',
      '  size: {{ .Values.size | default "none" | quote }}',
      '',
    ].join('\n'),
    ...more,
  });
}

beforeAll(async () => {
  await loopback.start();
  folder = mkdtempSync(join(tmpdir(), 'chart-dependencies-'));
  const versions = ['1.0.0', '1.1.0', '1.2.0-rc.1', '2.0.0'];
  for (const version of versions) loopback.files.set(`/charts/telling-${version}.tgz`, telling(version));
  loopback.files.set(
    '/charts/asking-1.0.0.tgz',
    packed({
      'asking/Chart.yaml': 'apiVersion: v2\nname: asking\nversion: 1.0.0\n',
      'asking/templates/a.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: asked}\ndata: {found: "{{ len (lookup "v1" "Secret" "a" "b") }}"}\n',
    }),
  );
  const entry = (name: string, version: string) => ({ name, version, urls: [`${name}-${version}.tgz`] });
  loopback.files.set(
    '/charts/index.yaml',
    stringify({
      apiVersion: 'v1',
      entries: {
        telling: versions.map((version) => entry('telling', version)),
        asking: [entry('asking', '1.0.0')],
      },
    }),
  );
});
afterAll(async () => {
  await loopback.stop();
  rmSync(folder, { recursive: true, force: true });
});

const repository = (): string => `http://${loopback.host}/charts`;

function chart(dependencies: readonly object[], values: object = {}): Files {
  return {
    'charts/app/Chart.yaml': stringify({ apiVersion: 'v2', name: 'app', version: '1.0.0', dependencies }),
    'charts/app/values.yaml': stringify(values),
    'charts/app/templates/own.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n',
  };
}

async function reached(files: Files, name = 'helm/charts/app'): Promise<RenderOutcome> {
  const config = configOf(
    { remotes: { allow: [`${repository()}/**`, repository()] } },
    { repositories: [OWN] },
  );
  const found = (await reachedBy({}, files, { config, fetch: { folder } })).get(name);
  if (found === undefined) throw new Error(`${name} is not reached`);
  return found.result;
}

function objects(outcome: RenderOutcome): unknown[] {
  if (outcome.status !== 'rendered') throw new Error(JSON.stringify(outcome));
  return outcome.manifests.map((manifest) => JSON.parse(JSON.stringify(manifest.object)));
}

/** What helm does with a chart on disk, with the network; `steps` come before the template. */
async function plainly(
  files: Files,
  ...steps: readonly string[][]
): Promise<{ objects: unknown[]; lock: string }> {
  const { helm } = await openToolbox();
  if (!('tool' in helm)) throw new Error(helm.missing);
  const dir = mkdtempSync(join(tmpdir(), 'plainly-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), content as string);
    }
    const program = await helm.tool.program();
    const run = (args: readonly string[]) =>
      promisify(execFile)(program, args, {
        cwd: dir,
        env: { HOME: dir, PATH: '/nonexistent' },
        timeout: 20_000,
      });
    for (const step of steps) await run(step);
    const { stdout } = await run(['template', 'app', 'charts/app', '--include-crds', '--skip-tests']);
    let lock = '';
    if (steps.length > 0) lock = readFileSync(join(dir, 'charts/app/Chart.lock'), 'utf8');
    return {
      objects: parseAllDocuments(stdout)
        .map((document) => document.toJS())
        .filter((value) => value !== null),
      lock,
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const UPDATE = ['dependency', 'update', 'charts/app'];
const BUILD = ['dependency', 'build', 'charts/app'];

describe('dependencies of charts in the repository, as helm dependency build and helm template give them', () => {
  it.each([
    ['one version', () => [{ name: 'telling', version: '1.0.0', repository: repository() }], {}],
    ['a range', () => [{ name: 'telling', version: '^1.0.0', repository: repository() }], {}],
    [
      'a range of pre-releases',
      () => [{ name: 'telling', version: '~1.2.0-0', repository: repository() }],
      {},
    ],
    [
      'two aliases with values',
      () => [
        { name: 'telling', alias: 'a', version: '1.0.0', repository: repository() },
        { name: 'telling', alias: 'b', version: '2.0.0', repository: repository() },
      ],
      { a: { color: 'blue' }, b: { size: 'big' } },
    ],
    [
      'a condition that is false and a tag that is off',
      () => [
        { name: 'telling', alias: 'a', condition: 'a.enabled', version: '1.0.0', repository: repository() },
        { name: 'telling', alias: 'b', tags: ['front'], version: '1.1.0', repository: repository() },
        { name: 'telling', version: '1.1.0', repository: repository() },
      ],
      { a: { enabled: false }, tags: { front: false } },
    ],
    [
      'imported values',
      () => [
        {
          name: 'telling',
          version: '1.0.0',
          repository: repository(),
          'import-values': [{ child: 'x', parent: 'y' }],
        },
      ],
      {},
    ],
  ])('%s', async (_, dependencies, values) => {
    const files = chart(dependencies(), values);
    expect(objects(await reached(files))).toEqual((await plainly(files, UPDATE)).objects);
  });

  it('by the versions of a lock, which must fit what Chart.yaml wants', async () => {
    const old = chart([{ name: 'telling', version: '<1.1.0', repository: repository(), condition: 'a<b&c' }]);
    const { lock } = await plainly(old, UPDATE);
    const add = ['repo', 'add', 'known', repository()];
    const locked = { ...old, 'charts/app/Chart.lock': lock };
    expect(objects(await reached(locked))).toEqual((await plainly(locked, add, BUILD)).objects);
    const wider = chart([{ name: 'telling', version: '>=1.0.0', repository: repository() }]);
    const unfit = { ...wider, 'charts/app/Chart.lock': lock };
    await expect(plainly(unfit, add, BUILD)).rejects.toThrow(/out of sync/);
    expect(await reached(unfit)).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/Chart\.lock\) is out of sync.*helm dependency update/),
    });
  });

  it('are told as moving by a range, and not where a lock names the version', async () => {
    const ranged = chart([{ name: 'telling', version: '^1.0.0', repository: repository() }]);
    expect(await reached(ranged)).toMatchObject({
      notes: [
        {
          kind: 'moves',
          text: expect.stringMatching(/telling \^1\.0\.0 is not one version \(now 1\.1\.0\)/),
        },
      ],
    });
    const { lock } = await plainly(ranged, UPDATE);
    expect(await reached({ ...ranged, 'charts/app/Chart.lock': lock })).not.toHaveProperty('notes');
  });

  it('in a chart of the repository that the chart depends on by file://', async () => {
    const files: Files = {
      ...chart([{ name: 'lib', version: '1.0.0', repository: 'file://../lib' }]),
      'charts/lib/Chart.yaml': stringify({
        apiVersion: 'v2',
        name: 'lib',
        version: '1.0.0',
        dependencies: [{ name: 'telling', version: '1.1.0', repository: repository() }],
      }),
      'charts/lib/templates/lib.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: lib}\n',
    };
    const names = objects(await reached(files)).map(
      (object) => (object as { metadata: { name: string } }).metadata.name,
    );
    expect(names.sort()).toEqual(['app-telling', 'lib', 'own']);
  });

  it.each([
    ['@stable', /telling of @stable, which is not in the repository: name its URL/],
    ['', /of no repository/],
    ['https://charts.example.com', /charts\.example\.com, which is not in diff\.remotes/],
  ])('are unresolved of %p', async (from, message) => {
    const outcome = await reached(chart([{ name: 'telling', version: '1.0.0', repository: from }]));
    expect(outcome).toMatchObject({ status: 'unresolved', reason: expect.stringMatching(message) });
  });

  it('say that a chart asks the cluster', async () => {
    const outcome = await reached(chart([{ name: 'asking', version: '1.0.0', repository: repository() }]));
    expect(outcome).toMatchObject({ status: 'rendered', notes: [{ kind: 'lookup', about: 'asking' }] });
    const own = {
      ...chart([]),
      'charts/app/templates/t.yaml': '{{/* lookup */}}{{ include "lookup.x" . }}{{ "lookup" }}',
      'charts/app/templates/_h.tpl': '{{- define "lookup.x" -}}{{- end -}}',
    };
    expect(await reached({ ...own, 'charts/app/templates/t.yaml': '' })).not.toHaveProperty('notes');
    const asks = { ...chart([]), 'charts/app/templates/t.yaml': '{{- $a := lookup "v1" "Secret" "" "" -}}' };
    expect(await reached(asks)).toMatchObject({ notes: [{ kind: 'lookup', about: 'app' }] });
  });
});

describe('charts that are no charts', () => {
  it.each([
    ['no archive', Buffer.from('<html>')],
    ['one that unpacks to more than helm takes', gzipSync(Buffer.alloc(120 * 1024 * 1024))],
    ['a tar that is cut off', gzipSync(Buffer.from(`${'a'.repeat(124)}00000007777\0${'b'.repeat(400)}`))],
  ])('%s: unresolved', async (_, bytes) => {
    const kept = loopback.files.get('/charts/asking-1.0.0.tgz');
    loopback.files.set('/charts/asking-1.0.0.tgz', bytes);
    rmSync(folder, { recursive: true, force: true });
    const outcome = await reached(chart([{ name: 'asking', version: '1.0.0', repository: repository() }]));
    if (kept !== undefined) loopback.files.set('/charts/asking-1.0.0.tgz', kept);
    rmSync(folder, { recursive: true, force: true });
    expect(outcome).toMatchObject({
      status: 'unresolved',
      reason: expect.stringContaining('a chart that was fetched'),
    });
  });
});

describe('values files of charts that are fetched', () => {
  const flux = (spec: object): Files => ({
    'repo.yaml': stringify({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: 'r', namespace: 'a' },
      spec: { url: repository() },
    }),
    'hr.yaml': stringify({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'told', namespace: 'a' },
      spec: {
        chart: {
          spec: {
            chart: 'telling',
            version: '1.0.0',
            sourceRef: { kind: 'HelmRepository', name: 'r' },
            ...spec,
          },
        },
      },
    }),
  });
  const data = (outcome: RenderOutcome): unknown =>
    (objects(outcome)[0] as { data: unknown } | undefined)?.data;

  it('stand for values.yaml in Flux', async () => {
    const outcome = await reached(
      flux({ valuesFiles: ['values-prod.yaml', 'values-extra.yaml'] }),
      'helmrelease/a/told',
    );
    expect(data(outcome)).toEqual({ version: '1.0.0', color: 'prod', size: 'extra' });
    const one = await reached(flux({ valuesFiles: ['values-prod.yaml'] }), 'helmrelease/a/told');
    expect(data(one)).toEqual({ version: '1.0.0', color: 'prod', size: 'none' });
    expect(await reached(flux({ valuesFiles: ['gone.yaml'] }), 'helmrelease/a/told')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('gone.yaml does not exist in the chart'),
    });
    const missing = flux({ valuesFiles: ['gone.yaml', 'values-extra.yaml'], ignoreMissingValuesFiles: true });
    expect(data(await reached(missing, 'helmrelease/a/told'))).toMatchObject({ size: 'extra' });
  });

  it('come before inline values in Argo CD, after its own values.yaml, beside those of the tree', async () => {
    const source = {
      repoURL: repository(),
      chart: 'telling',
      targetRevision: '1.*',
      path: undefined,
    };
    const files = (helm: object): Files => ({
      'argo.yaml': application(
        {},
        {
          source: undefined,
          sources: [
            { ...source, helm },
            { repoURL: OWN, targetRevision: 'HEAD', ref: 'values' },
          ],
        },
      ),
      'values/prod.yaml': 'size: tree\n',
    });
    const named = files({ valueFiles: ['values-prod.yaml', '$values/values/prod.yaml'] });
    const outcome = await reached(named, 'argocd/argocd/web');
    expect(data(outcome)).toEqual({ version: '1.1.0', color: 'prod', size: 'tree' });
    expect(outcome).toMatchObject({ notes: [{ kind: 'moves' }, { kind: 'paused' }] });
    const missing = files({ valueFiles: ['gone.yaml'], ignoreMissingValueFiles: true });
    expect(data(await reached(missing, 'argocd/argocd/web'))).toMatchObject({ color: 'red' });
    expect(await reached(files({ valueFiles: ['gone.yaml'] }), 'argocd/argocd/web')).toMatchObject({
      status: 'failed',
    });
  });
});
