import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { GateError } from '../../../src/contract/index.js';
import { openRepository } from '../../../src/git/index.js';
import { openRenderedChange, type RenderedTarget, type RenderOutcome } from '../../../src/render/index.js';
import { changeOf, configOf, type Files, reachedBy } from '../fixture.js';
import { application, configMap, fluxKustomization, OWN, tellingChart } from '../gitops/fixture.js';
import { Loopback } from './loopback.js';
import { packed } from './packed-chart.js';

const loopback = new Loopback();
let folder = '';
/** Two commits of the repository `apps`. */
let [first, second] = ['', ''];

const APPS: Files = {
  'plain/cm.yaml': configMap('plain', { color: 'red' }),
  'plain/sub/more.yaml': configMap('more'),
  'web/kustomization.yaml': 'namePrefix: web-\nresources: [cm.yaml]\nimages: []\n',
  'web/cm.yaml': configMap('settings', { color: 'red' }),
  'web/.argocd-source-web.yaml': 'kustomize: {nameSuffix: -overridden}\n',
  'envs/prod/config.json': '{"name": "prod", "replicas": "3"}\n',
  'envs/test/config.json': '{"name": "test", "replicas": "1"}\n',
  'values/one.yaml': 'color: green\n',
  'values/two.yaml': 'size: large\n',
  ...tellingChart('charts/telling'),
};

beforeAll(async () => {
  await loopback.start();
  folder = mkdtempSync(join(tmpdir(), 'other-sources-'));
  const apps = loopback.repository('apps');
  first = apps.commit(APPS as Record<string, string>);
  apps.git('tag', 'v1.0.0');
  apps.git('branch', 'v1.1.0');
  second = apps.commit({
    'plain/cm.yaml': configMap('plain', { color: 'blue' }),
    'web/cm.yaml': configMap('settings', { color: 'blue' }),
    'values/one.yaml': 'color: yellow\n',
    'charts/telling/values.yaml': 'color: blue\n',
  });
  apps.git('tag', '--annotate', '--message', 'release', 'v1.2.0');
  apps.git('tag', 'v2.0.0-rc.1');
  loopback.files.set('/charts/index.yaml', 'entries: {telling: [{version: 1.0.0, urls: [telling.tgz]}]}\n');
  const chart = Object.entries(tellingChart('telling')) as [string, string][];
  loopback.files.set('/charts/telling.tgz', packed(Object.fromEntries(chart)));
});
afterAll(async () => {
  await loopback.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  loopback.asked.length = 0;
});

const http = (path: string): string => `http://${loopback.host}/${path}`;
const url = (): string => http('git/apps.git');
const options = (more: object = {}) => ({
  config: configOf({ remotes: { allow: [http('**')] }, clusters: [] }, { repositories: [OWN] }),
  fetch: { folder },
  ...more,
});

function elsewhere(source: object, spec: object = {}): string {
  return application({ repoURL: url(), targetRevision: first, ...source }, spec);
}

async function target(base: Files, result: Files, name: string, more: object = {}): Promise<RenderedTarget> {
  const found = (await reachedBy(base, result, options(more))).get(name);
  if (found === undefined) throw new Error(`${name} is not reached`);
  return found;
}

async function outcome(files: Files, name = 'argocd/argocd/web', more: object = {}): Promise<RenderOutcome> {
  return (await target({}, files, name, more)).result;
}

function objects(found: RenderOutcome): Record<string, unknown>[] {
  if (found.status !== 'rendered') throw new Error(JSON.stringify(found));
  return found.manifests.map((manifest) => JSON.parse(JSON.stringify(manifest.object)));
}

function reasonOf(found: RenderOutcome): string {
  return 'reason' in found ? `${found.status}: ${found.reason}` : found.status;
}

/** What is said to move. */
function notesOf(found: RenderOutcome): string[] {
  const notes = found.status === 'rendered' ? (found.notes ?? []) : [];
  return notes.filter(({ kind }) => kind === 'moves').map((note) => note.text);
}

const data = (found: RenderOutcome): unknown => objects(found).map((object) => object.data);

/** What an Application gives where the same files lie in this repository. */
async function asOwn(files: Files, source: object, spec: object = {}): Promise<unknown[]> {
  return objects(await outcome({ ...files, 'app.yaml': application(source, spec) }));
}

describe('Applications of other repositories', () => {
  it.each([
    ['a folder of manifests', { path: 'plain' }],
    ['with sub-folders', { path: 'plain', directory: { recurse: true, exclude: 'cm*' } }],
    [
      'a kustomization with options',
      { path: 'web', kustomize: { namePrefix: 'p-', commonLabels: { a: 'b' } } },
    ],
    ['a kustomization with an override file', { path: 'web' }],
    [
      'a chart with values of its own repository',
      {
        path: 'charts/telling',
        helm: {
          valueFiles: ['../../values/one.yaml', '/values/two.yaml'],
          parameters: [{ name: 'size', value: '7' }],
        },
      },
    ],
    [
      'a chart with inline values',
      { path: 'charts/telling', helm: { valuesObject: { color: 'x' }, releaseName: 'r' } },
    ],
  ])('are rendered as those of this one: %s', async (_, source) => {
    const found = objects(await outcome({ 'app.yaml': elsewhere(source) }));
    expect(found).toEqual(await asOwn(APPS, source));
    expect(found.length).toBeGreaterThan(0);
  });

  it('show what another commit changes, and come from no file of this repository', async () => {
    const source = { path: 'plain' };
    const found = await target(
      { 'app.yaml': elsewhere(source) },
      { 'app.yaml': elsewhere({ ...source, targetRevision: second }) },
      'argocd/argocd/web',
    );
    expect([data(found.base), data(found.result)]).toEqual([[{ color: 'red' }], [{ color: 'blue' }]]);
    expect(found.touched).toBe(true);
    const { result } = found;
    expect(notesOf(result)).toEqual([]);
    expect(result.status === 'rendered' && result.manifests[0]?.path).toBeNull();
  });

  it.each<readonly [string, string, string, boolean]>([
    ['HEAD', 'HEAD', 'blue', true],
    ['no revision', '', 'blue', true],
    ['a branch', 'main', 'blue', true],
    ['a branch with the name of a version', 'v1.1.0', 'red', true],
    ['a tag', 'v1.0.0', 'red', false],
    ['an annotated tag in full', 'refs/tags/v1.2.0', 'blue', false],
    ['a range of versions', '~1.1', 'none', true],
    ['a range of versions', '1.x', 'blue', true],
    ['a range with pre-releases', '>=2.0.0-0', 'blue', true],
  ])('follow %s (%s)', async (_, targetRevision, color, moves) => {
    const found = await outcome({ 'app.yaml': elsewhere({ path: 'plain', targetRevision }) });
    if (color === 'none') {
      expect(reasonOf(found)).toMatch(/unresolved: .* no version among its tags that is ~1\.1/);
      return;
    }
    expect(data(found)).toEqual([{ color }]);
    expect(notesOf(found)).toEqual(
      moves ? [expect.stringMatching(/is followed at .*, which moves \(now/)] : [],
    );
  });

  it('take values of other repositories by $ref, in every direction', async () => {
    const values = { repoURL: url(), targetRevision: first, ref: 'values' };
    const helm = { valueFiles: ['$values/values/*.yaml'] };
    const own: Files = { ...tellingChart('charts/own'), 'values/one.yaml': 'color: mine\n' };
    const sources = (...list: object[]): string => application({}, { source: undefined, sources: list });
    const ours = { repoURL: OWN, targetRevision: 'HEAD' };
    const cases: readonly (readonly [string, object[], object])[] = [
      [
        'own chart, their values',
        [{ ...ours, path: 'charts/own', helm }, values],
        { color: 'green', size: 'large' },
      ],
      [
        'their chart, own values',
        [
          {
            repoURL: url(),
            targetRevision: first,
            path: 'charts/telling',
            helm: { valueFiles: ['$own/values/one.yaml'] },
          },
          { ...ours, ref: 'own' },
        ],
        { color: 'mine', size: 'none' },
      ],
      [
        'their chart, their values at another commit',
        [{ repoURL: url(), targetRevision: second, path: 'charts/telling', helm }, values],
        { color: 'green', size: 'large' },
      ],
      [
        'a packed chart, their values',
        [{ repoURL: http('charts'), chart: 'telling', targetRevision: '1.0.0', helm }, values],
        { color: 'green', size: 'large' },
      ],
      [
        'a file parameter of theirs',
        [
          {
            ...ours,
            path: 'charts/own',
            helm: { fileParameters: [{ name: 'color', path: '$values/values/two.yaml' }] },
          },
          values,
        ],
        { color: 'size: large\n', size: 'none' },
      ],
    ];
    for (const [name, list, wanted] of cases) {
      const found = objects(await outcome({ ...own, 'app.yaml': sources(...list) }));
      expect([name, found]).toMatchObject([name, [{ data: wanted }]]);
    }
  });

  it('fail where a values file is missing, and take the missing one where they may', async () => {
    const app = (helm: object): string =>
      application(
        {},
        {
          source: undefined,
          sources: [
            { repoURL: OWN, path: 'charts/own', helm: { valueFiles: ['$values/values/gone.yaml'], ...helm } },
            { repoURL: url(), targetRevision: first, ref: 'values' },
          ],
        },
      );
    const files = tellingChart('charts/own');
    expect(reasonOf(await outcome({ ...files, 'app.yaml': app({}) }))).toMatch(
      /failed: .*gone\.yaml does not exist/,
    );
    const some = await outcome({ ...files, 'app.yaml': app({ ignoreMissingValueFiles: true }) });
    expect(objects(some)).toMatchObject([{ data: { color: 'red' } }]);
  });

  it('are reached by what of this repository they read, and ask nothing where they are not', async () => {
    const app = application(
      {},
      {
        source: undefined,
        sources: [
          {
            repoURL: url(),
            targetRevision: first,
            path: 'charts/telling',
            helm: { valueFiles: ['$own/values/one.yaml'] },
          },
          { repoURL: OWN, ref: 'own' },
        ],
      },
    );
    const files = { 'app.yaml': app, 'values/one.yaml': 'color: a\n', 'values/two.yaml': 'color: b\n' };
    const untouched = await reachedBy(files, { ...files, 'values/two.yaml': 'color: c\n' }, options());
    expect([...untouched.keys()]).toEqual([]);
    expect(loopback.asked).toEqual([]);
    const found = await target(files, { ...files, 'values/one.yaml': 'color: z\n' }, 'argocd/argocd/web');
    expect([data(found.base), data(found.result)]).toMatchObject([[{ color: 'a' }], [{ color: 'z' }]]);
    const change = await changeOf(files, files, options());
    expect((await change.targetsReading('values/one.yaml')).map(({ name }) => name)).toContain(
      'argocd/argocd/web',
    );
    await change.close();
  });

  it('are put together with sources of this repository, which stay what they are', async () => {
    const app = application(
      {},
      {
        source: undefined,
        sources: [
          { repoURL: OWN, path: 'mine' },
          { repoURL: url(), targetRevision: first, path: 'plain' },
        ],
      },
    );
    const found = await outcome({ 'app.yaml': app, 'mine/cm.yaml': configMap('mine') });
    expect(found.status === 'rendered' && found.manifests.map(({ path }) => path)).toEqual([
      'mine/cm.yaml',
      null,
    ]);
  });

  it('bring a commit once, and take it from what is kept without asking', async () => {
    const files = { 'app.yaml': elsewhere({ path: 'plain' }) };
    const fresh = { fetch: { folder: mkdtempSync(join(folder, 'fresh-')) } };
    await outcome(files, undefined, fresh);
    expect(loopback.asked.length).toBeGreaterThan(0);
    loopback.asked.length = 0;
    expect((await outcome(files, undefined, fresh)).status).toBe('rendered');
    expect(loopback.asked).toEqual([]);
  });

  it('that move are rendered anew, whatever was kept', async () => {
    const apps = loopback.repositories.get('apps');
    apps?.git('branch', '--force', 'moving', first);
    const cache = { folder: mkdtempSync(join(folder, 'cache-')), repository: 'r' };
    const files = { 'app.yaml': elsewhere({ path: 'web', targetRevision: 'moving' }) };
    expect(data(await outcome(files, undefined, { cache }))).toEqual([{ color: 'red' }]);
    apps?.git('branch', '--force', 'moving', second);
    expect(data(await outcome(files, undefined, { cache }))).toEqual([{ color: 'blue' }]);
  });
});

describe('this repository under a name that nobody told', () => {
  it('is not compared with its own tip', async () => {
    const { MemoryTree } = await import('../../../src/git/index.js');
    const commitTree = async (commit: string) => {
      if (commit === second) return new MemoryTree({});
      throw new GateError('missing-objects', 'not there');
    };
    const at = (targetRevision: string): Files => ({
      'app.yaml': elsewhere({ path: 'plain', targetRevision }),
    });
    expect(reasonOf(await outcome(at('HEAD'), undefined, { commitTree }))).toMatch(
      /unresolved: .*commit of this very repository: name it in `repositories`/,
    );
    expect((await outcome(at('v1.0.0'), undefined, { commitTree })).status).toBe('rendered');
    expect((await outcome(at(second), undefined, { commitTree })).status).toBe('rendered');
  });
});

describe('ApplicationSets whose generators read other repositories', () => {
  const set = (git: object, spec: object = {}): string =>
    stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'all', namespace: 'argocd' },
      spec: {
        generators: [{ git: { repoURL: url(), revision: first, ...git } }],
        template: {
          metadata: { name: '{{path.basename}}' },
          spec: {
            project: 'default',
            source: { repoURL: url(), targetRevision: first, path: 'plain' },
            destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
          },
        },
        ...spec,
      },
    });

  it('make an Application of each folder or file, and those are rendered', async () => {
    const found = await reachedBy({}, { 'set.yaml': set({ directories: [{ path: 'envs/*' }] }) }, options());
    expect([...found.keys()]).toEqual([
      'argocd/argocd/applicationset/all',
      'argocd/argocd/prod',
      'argocd/argocd/test',
      'directory/.',
    ]);
    expect(data(found.get('argocd/argocd/prod')?.result ?? { status: 'absent' })).toEqual([{ color: 'red' }]);
    const files = await reachedBy(
      {},
      { 'set.yaml': set({ files: [{ path: 'envs/**/config.json' }] }) },
      options(),
    );
    expect([...files.keys()]).toContain('argocd/argocd/prod');
  });

  it('tell of a branch that it moves; and are unresolved where nothing may be fetched', async () => {
    const files = { 'set.yaml': set({ revision: 'main', directories: [{ path: 'envs/*' }] }) };
    const name = 'argocd/argocd/applicationset/all';
    expect(await outcome(files, name)).toMatchObject({ status: 'rendered', notes: [{ kind: 'moves' }] });
    expect(reasonOf(await outcome(files, name, { fetch: undefined }))).toMatch(
      /unresolved: .*another repository/,
    );
    const new_ = { config: configOf({}, { repositories: [OWN] }) };
    expect(reasonOf(await outcome(files, name, new_))).toMatch(/unresolved: .*nothing in the base names yet/);
  });
});

describe('what another repository says of sources', () => {
  const ENVS = 'https://git.example.com/acme/envs';
  const name = 'argocd/argocd/applicationset/all';
  /** A folder of downloads that holds one commit of ENVS: nothing is asked of the network. */
  const kept = (): { folder: string } => {
    const parameters = loopback.repositories.get('envs') ?? loopback.repository('envs');
    const commit = parameters.commit({
      'envs/one/config.json': JSON.stringify({
        url: 'https://git.example.com/acme/private',
        n: `${Date.now()}`,
      }),
      'plain/cm.yaml': configMap('plain', { color: 'red' }),
      'apps/kustomization.yaml': 'resources: [app.yaml]\n',
      'apps/app.yaml': stringify({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'given', namespace: 'argocd' },
        spec: {
          project: 'default',
          source: {
            repoURL: 'https://git.example.com/acme/private',
            targetRevision: 'a'.repeat(40),
            path: 'p',
          },
          destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
        },
      }),
    });
    const objects = parameters.git('rev-list', '--objects', '--no-object-names', '-1', commit);
    const pack = execFileSync('git', ['-C', parameters.folder, 'pack-objects', '--stdout', '-q'], {
      input: `${objects}\n`,
    });
    const where = mkdtempSync(join(folder, 'kept-'));
    mkdirSync(join(where, 'git'));
    const file = createHash('sha256').update(`${ENVS}\0${commit}`).digest('hex');
    const digest = createHash('sha256').update(pack).digest();
    writeFileSync(join(where, `git/${file}.pack`), Buffer.concat([digest, pack]));
    pin = commit;
    return { folder: where };
  };
  let pin = '';
  const set = (repoURL: string): string =>
    stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'all', namespace: 'argocd' },
      spec: {
        generators: [{ git: { repoURL: ENVS, revision: pin, files: [{ path: 'envs/*/config.json' }] } }],
        template: {
          metadata: { name: '{{path.basename}}' },
          spec: {
            project: 'default',
            source: { repoURL, targetRevision: pin, path: 'plain' },
            destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
          },
        },
      },
    });
  const declared = (fetch: object): object => ({
    config: configOf({}, { repositories: [OWN] }),
    fetch,
    all: true,
  });

  it('declares none: objects that a fetched base holds name nothing that the base names', async () => {
    const fetch = kept();
    // An object of its own has the folder's other objects read for Applications.
    const files = {
      'all/kustomization.yaml': `resources: [own.yaml, "git::${ENVS}.git//apps?ref=${pin}"]\n`,
      'all/own.yaml': elsewhere({ repoURL: OWN, targetRevision: 'HEAD', path: 'none' }),
    };
    const found = await reachedBy(files, files, declared(fetch));
    expect(found.get('kustomize/all')?.base.status).toBe('rendered');
    expect(reasonOf(found.get('argocd/argocd/given')?.base ?? { status: 'absent' })).toMatch(
      /unresolved: .*nothing in the base names yet/,
    );
  });

  it('declares none: parameters of its files name nothing that the base names', async () => {
    const fetch = kept();
    const files = { 'set.yaml': set('{{url}}') };
    const found = await reachedBy(files, files, declared(fetch));
    expect(found.get(name)?.base.status).toBe('rendered');
    expect(reasonOf(found.get('argocd/argocd/one')?.base ?? { status: 'absent' })).toMatch(
      /unresolved: .*nothing in the base names yet/,
    );
    const constant = { 'set.yaml': set(ENVS) };
    const own = await reachedBy(constant, constant, declared(fetch));
    expect(data(own.get('argocd/argocd/one')?.base ?? { status: 'absent' })).toEqual([{ color: 'red' }]);
  });

  it('but what stands in the template is named by it', async () => {
    const fetch = kept();
    const template = { 'set.yaml': set('https://git.example.com/acme/apps') };
    const app = elsewhere({
      repoURL: 'https://git.example.com/acme/apps',
      targetRevision: 'not a ref',
      path: 'x',
    });
    const found = await reachedBy(
      template,
      { ...template, 'app.yaml': app },
      { ...declared(fetch), all: false },
    );
    // It is admitted, and what is asked of it is refused before anything is fetched.
    expect(reasonOf(found.get('argocd/argocd/web')?.result ?? { status: 'absent' })).toMatch(
      /unresolved: .*a revision that is none/,
    );
  });
});

describe('Flux sources of other repositories', () => {
  const source = (ref: object | undefined, spec: object = {}): string =>
    stringify({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'apps', namespace: 'flux-system' },
      spec: { url: url(), interval: '1m', ...(ref === undefined ? {} : { ref }), ...spec },
    });
  const sourceRef = { kind: 'GitRepository', name: 'apps' };
  const build = (ref: object | undefined, more: object = {}, spec: object = {}): Files => ({
    'source.yaml': source(ref, spec),
    'apps.yaml': fluxKustomization({ sourceRef, path: './plain', ...more }),
  });
  const name = 'flux/flux-system/apps';

  it('are built as those of this one', async () => {
    const more = { targetNamespace: 'shop', postBuild: { substitute: { a: 'b' } }, path: 'web' };
    const found = objects(await outcome(build({ commit: first }, more), name));
    const own: Files = { ...APPS, 'flux.yaml': fluxKustomization(more) };
    expect(found).toEqual(objects(await outcome(own, name)));
    const ignoring = objects(await outcome(build({ commit: first }, {}, { ignore: '/plain/sub\n' }), name));
    expect(ignoring).toMatchObject([{ metadata: { name: 'plain' } }]);
    expect(objects(await outcome(build({ commit: first }), name))).toHaveLength(2);
  });

  it.each<readonly [string, object | undefined, string]>([
    ['a branch', { branch: 'main' }, 'blue'],
    ['a branch, not the tag of its name', { branch: 'v1.1.0' }, 'red'],
    ['a tag', { tag: 'v1.0.0' }, 'red'],
    ['a range', { semver: '>=1.0.0 <2.0.0' }, 'blue'],
    ['a range before a tag', { semver: '1.0.x', tag: 'v1.2.0' }, 'red'],
    ['a name', { name: 'refs/heads/main' }, 'blue'],
    ['a commit before all', { commit: 'first', branch: 'main' }, 'red'],
    ['nothing, which is master', undefined, 'no branch or tag master'],
    ['a commit that is none', { commit: 'abc' }, 'is none'],
  ])('follow %s', async (_, ref, wanted) => {
    const wish =
      ref !== undefined && 'commit' in ref && ref.commit === 'first' ? { ...ref, commit: first } : ref;
    const found = await outcome(build(wish, { path: 'web' }), name);
    if (found.status === 'rendered') expect(data(found)).toEqual([{ color: wanted }]);
    else expect(reasonOf(found)).toMatch(new RegExp(`unresolved: .*${wanted}`));
  });

  it('show what another commit in the GitRepository changes, its own file being another', async () => {
    const found = await target(build({ commit: first }), build({ commit: second }), name);
    expect([data(found.base), data(found.result)]).toMatchObject([
      [{}, { color: 'red' }],
      [{}, { color: 'blue' }],
    ]);
    expect(found.touched).toBe(true);
  });

  it('give HelmReleases their charts, with values of this repository', async () => {
    const release = stringify({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        chart: {
          spec: {
            chart: './charts/telling',
            sourceRef: { ...sourceRef, namespace: 'flux-system' },
            valuesFiles: ['values/one.yaml'],
          },
        },
        values: { size: 'inline' },
      },
    });
    const files = { 'source.yaml': source({ commit: first }), 'release.yaml': release };
    expect(objects(await outcome(files, 'helmrelease/shop/web'))).toMatchObject([
      { data: { release: 'web', color: 'green', size: 'inline', phase: 'upgrade' } },
    ]);
    const bumped = { ...files, 'source.yaml': source({ commit: second }) };
    const found = await target(files, bumped, 'helmrelease/shop/web');
    expect(data(found.result)).toMatchObject([{ color: 'yellow' }]);
  });

  it('that are put together of several are unresolved', async () => {
    const included = build({ commit: first }, {}, { include: [{ repository: { name: 'other' } }] });
    expect(reasonOf(await outcome(included, name))).toMatch(/unresolved: .*spec\.include/);
  });
});

describe('this repository at a commit', () => {
  const old: Files = { ...APPS, 'nested/app.yaml': application({ path: 'plain' }, {}, 'nested') };
  const pin = '1'.repeat(40);
  const pinned = (source: object): string => application({ targetRevision: pin, ...source });
  const more = { fetch: undefined };
  const own = async (files: Files, name?: string): Promise<RenderOutcome> =>
    outcome(files, name, { ...more, ...withPin() });
  const withPin = (): object => ({
    commitTree: async (commit: string) => {
      const { MemoryTree } = await import('../../../src/git/index.js');
      if (commit === pin) return new MemoryTree(old);
      throw new GateError('missing-objects', 'not there');
    },
  });

  it('is read from the clone: Applications, Flux, values and generators', async () => {
    const now: Files = { ...APPS, 'plain/cm.yaml': configMap('plain', { color: 'now' }) };
    expect(data(await own({ ...now, 'app.yaml': pinned({ path: 'plain' }) }))).toEqual([{ color: 'red' }]);
    const values = application(
      {},
      {
        source: undefined,
        sources: [
          { repoURL: OWN, path: 'charts/telling', helm: { valueFiles: ['$old/values/one.yaml'] } },
          { repoURL: OWN, targetRevision: pin.toUpperCase(), ref: 'old' },
        ],
      },
    );
    const files = { ...now, 'values/one.yaml': 'color: now\n', 'app.yaml': values };
    expect(data(await own(files))).toMatchObject([{ color: 'green' }]);
    const flux = stringify({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'flux-system', namespace: 'flux-system' },
      spec: { url: OWN, ref: { commit: pin } },
    });
    const build = { 'source.yaml': flux, 'flux.yaml': fluxKustomization({ path: 'web' }) };
    expect(data(await own({ ...now, ...build }, 'flux/flux-system/apps'))).toEqual([{ color: 'red' }]);
  });

  it('is read from a real clone: what its pin moved to is shown, and what it lacks is not made up', async () => {
    const clone = loopback.repository('config');
    const [one, two] = [{ a: '1' }, { a: '2' }].map((held) =>
      clone.commit({ 'plain/cm.yaml': configMap('x', held) }),
    );
    const at = (targetRevision = ''): string => application({ path: 'plain', targetRevision });
    const base = clone.commit({ 'app.yaml': at(one), 'plain/cm.yaml': configMap('x', { a: '3' }) });
    const head = clone.commit({
      'app.yaml': at(two),
      'lost.yaml': application({ targetRevision: '2'.repeat(40) }, {}, 'lost'),
    });
    const repository = await openRepository(clone.folder);
    const change = await repository.openChange({ base, head });
    const rendered = await openRenderedChange({ change, config: configOf({}, { repositories: [OWN] }) });
    try {
      const found = new Map((await rendered.reached()).map((reached) => [reached.target.name, reached]));
      const web = found.get('argocd/argocd/web');
      const absent = { status: 'absent' } as const;
      expect([data(web?.base ?? absent), data(web?.result ?? absent)]).toEqual([[{ a: '1' }], [{ a: '2' }]]);
      expect(reasonOf(found.get('argocd/argocd/lost')?.result ?? absent)).toMatch(/not in the clone/);
    } finally {
      await rendered.close();
      await change.close();
      await repository.close();
    }
  });

  it('makes Applications of its own, to any depth', async () => {
    const found = await reachedBy(
      {},
      { ...APPS, 'app.yaml': pinned({ path: 'nested' }) },
      options({ ...more, ...withPin() }),
    );
    expect(data(found.get('argocd/argocd/nested')?.result ?? { status: 'absent' })).toEqual([
      { color: 'red' },
    ]);
  });

  it('is unresolved where the clone does not hold it, and at a tag or another branch', async () => {
    const reason = async (targetRevision: string): Promise<string> =>
      reasonOf(await own({ 'app.yaml': pinned({ path: 'plain', targetRevision }) }));
    expect(await reason('2'.repeat(40))).toMatch(/unresolved: .*not in the clone/);
    expect(await reason('v1.0.0')).toMatch(/unresolved: .*not the branch that is judged/);
    expect(await reason('1111111')).toMatch(/unresolved: .*not the branch that is judged/);
  });
});

describe('sources that are not fetched', () => {
  const reason = async (source: object, more: object = {}): Promise<string> =>
    reasonOf(await outcome({ 'app.yaml': elsewhere({ path: 'plain', ...source }) }, undefined, more));
  const config = (diff: object): object => ({ config: configOf(diff, { repositories: [OWN] }) });

  it.each<readonly [string, () => object, RegExp]>([
    ['over ssh', () => ({ repoURL: 'git@github.com:acme/apps.git' }), /over ssh.*write it as https/],
    ['of the machine', () => ({ repoURL: 'file:///srv/apps' }), /no address that the gate fetches from/],
    ['a path', () => ({ repoURL: '/srv/apps' }), /no address/],
    ['an option', () => ({ repoURL: '--upload-pack=touch' }), /no address/],
    ['an address with a query', () => ({ repoURL: `${url()}?x=1` }), /no address/],
    [
      'a host that is not allowed',
      () => ({ repoURL: 'https://github.com/acme/apps' }),
      /not in diff\.remotes/,
    ],
    [
      'an address of two readings',
      () => ({ repoURL: `http://${loopback.host}/git/../git/apps.git` }),
      /two ways/,
    ],
    ['a repository that is not there', () => ({ repoURL: http('git/gone.git') }), /answers 404/],
    ['a revision that is an option', () => ({ targetRevision: '--upload-pack=x' }), /no branch or tag/],
    ['a revision with a blank', () => ({ targetRevision: 'main x' }), /revision that is none/],
    ['a commit that is not there', () => ({ targetRevision: `${'0'.repeat(39)}1` }), /not our ref|refuses/],
    ['a path that leads out', () => ({ path: '../../etc' }), /leads out/],
  ])('%s', async (_, source, message) => {
    expect(await reason(source())).toMatch(message);
    expect(await reason(source())).toMatch(/^unresolved/);
  });

  it('a path that is not there fails, as in the cluster', async () => {
    expect(await reason({ path: 'gone' })).toMatch(/^failed: .*gone does not exist/);
  });

  it('what is new in the change, by default; and what the base names by another commit is rendered', async () => {
    const fresh = { fetch: { folder: mkdtempSync(join(folder, 'fresh-')) } };
    const remotes = { ...config({ remotes: 'declared' }), ...fresh };
    expect(await reason({}, remotes)).toMatch(
      /unresolved: .*nothing in the base names yet: merge the new source first/,
    );
    // Loopback is reached by what diff.remotes names in full only.
    const app = (targetRevision: string): Files => ({
      'app.yaml': elsewhere({ path: 'plain', targetRevision }),
    });
    const found = await target(app(first), app(second), 'argocd/argocd/web', remotes);
    expect(reasonOf(found.result)).toMatch(/only https is fetched/);
    expect(await reason({}, config({ remotes: 'none' }))).toMatch(/none/);
    expect(await reason({}, { ...config({ remotes: { allow: ['http://*/**'] } }), ...fresh })).toMatch(
      /only https is fetched/,
    );
    expect(await reason({}, { fetch: undefined })).toMatch(/another repository/);
    expect(await reason({}, { config: configOf({ remotes: { allow: [http('**')] } }) })).toMatch(
      /name this repository/,
    );
    expect(loopback.asked).toEqual([]);
  });

  it('private ones without credentials; they go to that host alone', async () => {
    loopback.authorization = `Basic ${Buffer.from('bot:token').toString('base64')}`;
    try {
      const fresh = { folder: mkdtempSync(join(folder, 'fresh-')) };
      expect(await reason({}, { fetch: fresh })).toMatch(/private; credentials for the host/);
      const credentials = new Map([[loopback.host, { username: 'bot', password: 'token' }]]);
      expect(await reason({}, { fetch: { ...fresh, credentials } })).toBe('rendered');
    } finally {
      loopback.authorization = null;
    }
  });

  it('what their trees name in turn must be allowed like the rest', async () => {
    const base = loopback.repository('naming');
    const commit = base.commit({
      'away/kustomization.yaml': 'resources: ["https://github.com/acme/bases//x?ref=v1"]\n',
      'near/kustomization.yaml': `resources: ["${url()}//web?ref=${first}"]\n`,
      'chart/Chart.yaml':
        'apiVersion: v2\nname: chart\nversion: 1.0.0\ndependencies: [{name: x, version: 1.0.0, repository: "https://charts.example.com"}]\n',
    });
    const of = (path: string): object => ({ repoURL: http('git/naming.git'), targetRevision: commit, path });
    expect(await reason(of('away'))).toMatch(/unresolved: .*github\.com, which is not in diff\.remotes/);
    expect(await reason(of('near'))).toBe('rendered');
    expect(await reason(of('chart'))).toMatch(
      /unresolved: .*charts\.example\.com, which is not in diff\.remotes/,
    );
  });
});

describe('hostile repositories', () => {
  let commit = '';
  beforeAll(() => {
    const hostile = loopback.repository('hostile');
    const { folder: place } = hostile;
    hostile.commit({
      'lfs/cm.yaml': `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d7a'.repeat(16)}\nsize 12\n`,
      'lfs/kustomization.yaml': 'resources: [cm.yaml]\n',
      'links/kustomization.yaml': 'resources: [passwd.yaml]\n',
      'linked/a.yaml': configMap('a'),
      'sub/kustomization.yaml': 'resources: [module]\n',
      'exec/kustomization.yaml': 'transformers: [t.yaml]\n',
      'exec/t.yaml':
        'apiVersion: v1\nkind: T\nmetadata: {name: t, annotations: {config.kubernetes.io/function: "exec: {path: ./x}"}}\n',
      'out/kustomization.yaml': 'resources: [../../../etc/passwd]\n',
      'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
      'override/cm.yaml': configMap('o'),
      'override/.argocd-source.yaml':
        'repoURL: https://evil.example.com/x\npath: ../..\ndirectory: {recurse: true}\n',
      'bomb/cm.yaml': `a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `${'bcdefghij'[i]}: &${'bcdefghij'[i]} [${Array.from({ length: 10 }, () => `*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n`,
      'bomb/kustomization.yaml': 'resources: [cm.yaml]\n',
    });
    symlinkSync('/etc/passwd', join(place, 'links/passwd.yaml'));
    symlinkSync('/etc/passwd', join(place, 'linked/passwd.yaml'));
    symlinkSync('../../../../etc', join(place, 'chart/templates'));
    writeFileSync(join(place, 'odd'), '');
    hostile.git('add', '--all');
    hostile.git('update-index', '--add', '--cacheinfo', `160000,${first},sub/module`);
    hostile.git('commit', '--quiet', '--message', 'links');
    commit = hostile.git('rev-parse', 'HEAD');
  });

  it.each([
    ['an absolute symlink in a kustomization', 'links', /unresolved: .*absolute/],
    ['an absolute symlink among manifests', 'linked', /absolute/],
    ['a symlink out of a chart', 'chart', /unresolved: .*leads out/],
    ['a submodule', 'sub', /unresolved: .*submodule/],
    ['a Git LFS pointer', 'lfs', /unresolved: .*LFS pointer/],
    ['a path that leads out', 'out', /unresolved: .*leads out/],
    ['a function', 'exec', /unresolved: .*runs a function/],
    ['an alias bomb', 'bomb', /failed: .*(alias|nodes|limit)/],
  ])('%s', async (_, path, message) => {
    const app = application({ repoURL: http('git/hostile.git'), targetRevision: commit, path });
    const found = await outcome({ 'app.yaml': app });
    expect(reasonOf(found)).toMatch(message);
    expect(JSON.stringify(found)).not.toContain('root:');
  });

  it('an override file changes parameters, never where the source is', async () => {
    const app = application({ repoURL: http('git/hostile.git'), targetRevision: commit, path: 'override' });
    expect(objects(await outcome({ 'app.yaml': app }))).toMatchObject([{ metadata: { name: 'o' } }]);
  });

  it('a tree of more files than the gate reads is not verified', async () => {
    const huge = loopback.repository('huge');
    const { folder: place } = huge;
    huge.commit({ 'a/cm.yaml': configMap('a') });
    // A tree of itself times over: 32 folders of 32 folders, and so on, of one blob.
    const git = (args: string[], input: string): string =>
      execFileSync('git', ['-C', place, ...args], { input, encoding: 'utf8' }).trim();
    let tree = git(['mktree'], `100644 blob ${git(['hash-object', '-w', '--stdin'], 'x')}\tx\n`);
    for (let depth = 0; depth < 5; depth += 1) {
      const lines = Array.from(
        { length: 32 },
        (_, index) => `040000 tree ${tree}\tf${String(index).padStart(2, '0')}`,
      );
      tree = git(['mktree'], `${lines.join('\n')}\n`);
    }
    huge.git('update-ref', 'refs/heads/bomb', huge.git('commit-tree', '-m', 'bomb', tree));
    const app = application({ repoURL: http('git/huge.git'), targetRevision: 'bomb', path: 'f00' });
    const found = await outcome({ 'app.yaml': app });
    expect(found).toMatchObject({ status: 'failed', unknown: true });
    const set = stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'all', namespace: 'argocd' },
      spec: {
        generators: [
          { git: { repoURL: http('git/huge.git'), revision: 'bomb', directories: [{ path: '*' }] } },
        ],
        template: {},
      },
    });
    expect(await outcome({ 'set.yaml': set }, 'argocd/argocd/applicationset/all')).toMatchObject({
      status: 'failed',
      unknown: true,
    });
  });
});
