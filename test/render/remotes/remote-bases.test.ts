import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { openToolbox, type RenderOutcome } from '../../../src/render/index.js';
import { changeOf, configOf, DEPLOYMENT, type Files, reachedBy } from '../fixture.js';
import { application, configMap, fluxKustomization, OWN } from '../gitops/fixture.js';
import { Loopback } from './loopback.js';

const loopback = new Loopback();
let folder = '';
let pinned = '';

beforeAll(async () => {
  await loopback.start();
  folder = mkdtempSync(join(tmpdir(), 'remote-bases-'));
  const host = `http://${loopback.host}`;
  loopback.files.set('/files/v1.0.0/extra.yaml', configMap('extra', { from: 'a file' }));
  loopback.files.set('/files/v1.0.0/app.conf', 'color = red\n');
  loopback.files.set('/files/v1.0.0/away.yaml', { redirect: 'http://169.254.169.254/latest/meta-data' });
  loopback.files.set('/page/repo', '<!doctype html><html>a page: of no manifests</html>');
  const plugin = (kind: string, fields: string): string =>
    `apiVersion: builtin\nkind: ${kind}\nmetadata: {name: p}\n${fields}\n`;
  loopback.files.set(
    '/files/v1.0.0/prefix.yaml',
    plugin('PrefixTransformer', 'prefix: remote-\nfieldSpecs: [{path: metadata/name}]'),
  );
  loopback.files.set('/files/v1.0.0/makes.yaml', plugin('ConfigMapGenerator', 'literals: [a=b]'));
  loopback.files.set('/files/v1.0.0/reads.yaml', plugin('ConfigMapGenerator', 'files: [own=own.conf]'));
  loopback.files.set(
    '/files/v1.0.0/asks.yaml',
    plugin('PatchTransformer', 'path: https://example.com/x.yaml'),
  );
  loopback.files.set(
    '/files/v1.0.0/exec.yaml',
    'apiVersion: v1\nkind: T\nmetadata: {name: t, annotations: {config.kubernetes.io/function: "exec: {path: ./x}"}}\n',
  );
  loopback.files.set(
    '/files/v1.0.0/go.yaml',
    'apiVersion: someteam.example.com/v1\nkind: Plugin\nmetadata: {name: t}\n',
  );
  const plugins = loopback.repository('plugins');
  plugins.commit({
    'kustomization.yaml': 'resources: [prefix.yaml]\n',
    'prefix.yaml': plugin('PrefixTransformer', 'prefix: git-\nfieldSpecs: [{path: metadata/name}]'),
    'bad/kustomization.yaml': 'resources: [exec.yaml]\n',
    'bad/exec.yaml':
      'apiVersion: v1\nkind: T\nmetadata: {name: t, annotations: {config.kubernetes.io/function: "exec: {path: ./x}"}}\n',
  });
  plugins.git('tag', 'v1.0.0');
  const parts = loopback.repository('parts');
  parts.commit({
    'one/kustomization.yaml': 'resources: [cm.yaml]\nnameSuffix: -part\n',
    'one/cm.yaml': configMap('nested', { from: 'another repository' }),
  });
  parts.git('tag', 'v1.0.0');
  const bases = loopback.repository('bases');
  pinned = bases.commit({
    'kustomization.yaml': 'resources: [web]\n',
    'web/kustomization.yaml': [
      'namePrefix: web-',
      'resources:',
      '- deployment.yaml',
      '- ../common',
      `- ${host}/git/parts.git//one?ref=v1.0.0`,
      'configMapGenerator:',
      '- {name: settings, files: [app.conf]}',
      '',
    ].join('\n'),
    'web/deployment.yaml': DEPLOYMENT,
    'web/app.conf': 'size = 1\n',
    'common/kustomization.yaml': 'commonLabels: {part: common}\nresources: [cm.yaml]\n',
    'common/cm.yaml': configMap('common', { a: '1' }),
    'component/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamespace: remote\n',
    'bad/exec/kustomization.yaml': 'transformers: [t.yaml]\n',
    'bad/exec/t.yaml':
      'apiVersion: v1\nkind: T\nmetadata: {name: t, annotations: {config.kubernetes.io/function: "exec: {path: ./x}"}}\n',
    'bad/out/kustomization.yaml': 'resources: [../../../secret]\n',
    'bad/away/kustomization.yaml': 'resources: ["https://charts.example.com/a/b/x.yaml"]\n',
    'bad/round/kustomization.yaml': `resources: ["${host}/git/bases.git//bad/round?ref=main"]\n`,
  });
  bases.git('tag', '--annotate', '--message', 'release', 'v1.0.0');
  bases.git('tag', 'odd/v2.0.0');
  bases.commit({ 'common/cm.yaml': configMap('common', { a: '2' }) });
});
afterAll(async () => {
  await loopback.stop();
  rmSync(folder, { recursive: true, force: true });
});

const http = (path: string): string => `http://${loopback.host}/${path}`;
const overlay = (resource: string, more = ''): Files => ({
  'apps/web/kustomization.yaml': `namespace: shop\n${more}resources:\n- "${resource}"\n`,
});
const options = (diff: object = {}) => ({
  config: configOf({ remotes: { allow: [http('**')] }, ...diff }, { repositories: [OWN] }),
  fetch: { folder },
});

async function outcome(files: Files, name = 'kustomize/apps/web', more = {}): Promise<RenderOutcome> {
  const found = (await reachedBy({}, files, { ...options(), ...more })).get(name);
  if (found === undefined) throw new Error(`${name} is not reached`);
  return found.result;
}

function objects(found: RenderOutcome): unknown[] {
  if (found.status !== 'rendered') throw new Error(JSON.stringify(found));
  return found.manifests.map((manifest) => JSON.parse(JSON.stringify(manifest.object)));
}

/** What kustomize itself gives, with git and the network. */
async function plainly(files: Files, path = 'apps/web'): Promise<unknown[]> {
  const { kustomize } = await openToolbox();
  if (!('tool' in kustomize)) throw new Error(kustomize.missing);
  const dir = mkdtempSync(join(tmpdir(), 'plainly-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), content as string);
    }
    const { tool } = kustomize;
    // The server is of this process: it must not be blocked.
    const { stdout } = await promisify(execFile)(await tool.program(), [...tool.prefix, join(dir, path)], {
      env: { PATH: process.env.PATH, HOME: dir, TMPDIR: dir, GIT_CONFIG_NOSYSTEM: '1' },
      timeout: 20_000,
    });
    return parseAllDocuments(stdout).map((document) => document.toJS());
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const FORMS: readonly (readonly [string, () => string])[] = [
  ['a repository and a folder after //', () => http('git/bases.git//web?ref=v1.0.0')],
  ['a folder after .git', () => http('git/bases.git/web?ref=v1.0.0')],
  ['the root of a repository', () => http('git/bases.git?ref=v1.0.0')],
  ['two segments and a folder', () => http('git/bases/web?ref=v1.0.0')],
  ['a forced git::', () => `git::${http('git/bases.git//web?ref=v1.0.0')}`],
  ['version for ref', () => http('git/bases.git//web?version=v1.0.0')],
  ['a commit', () => http(`git/bases.git//web?ref=${pinned}`)],
  ['a branch', () => http('git/bases.git//web?ref=main')],
  ['no ref', () => http('git/bases.git//web')],
  ['a tag with a slash', () => http('git/bases.git//web?ref=odd/v2.0.0')],
  ['a ref in full', () => http('git/bases.git//web?ref=refs/tags/v1.0.0')],
  ['submodules switched off', () => http('git/bases.git//web?ref=v1.0.0&submodules=false&timeout=30s')],
  ['a file', () => http('files/v1.0.0/extra.yaml')],
];

describe('bases of other repositories, as kustomize itself builds them', () => {
  it.each(FORMS)('%s', async (_, resource) => {
    const files = overlay(resource());
    expect(objects(await outcome(files))).toEqual(await plainly(files));
  });

  it.each([
    ['namePrefix and labels', 'namePrefix: p-\nlabels: [{pairs: {a: b}, includeSelectors: true}]\n'],
    ['origins', 'buildMetadata: [originAnnotations]\n'],
    ['transformations', 'buildMetadata: [transformerAnnotations, originAnnotations]\nnamePrefix: p-\n'],
    [
      'patches of what is fetched',
      'patches: [{target: {kind: Deployment}, patch: "- {op: replace, path: /spec/replicas, value: 7}"}]\n',
    ],
    ['an order', 'sortOptions: {order: fifo}\n'],
  ])('with %s', async (_, more) => {
    const files = overlay(http('git/bases.git//web?ref=v1.0.0'), more);
    expect(objects(await outcome(files))).toEqual(await plainly(files));
  });

  it('in components, beside a file of the same name, twice, and through a base of the tree', async () => {
    const files: Files = {
      'apps/web/kustomization.yaml': [
        'resources:',
        '- ../base',
        `- "${http('files/v1.0.0/extra.yaml')}"`,
        'components:',
        `- "${http('git/bases.git//component?ref=v1.0.0')}"`,
        'configMapGenerator:',
        `- {name: fetched, files: ["${http('files/v1.0.0/app.conf')}", "own=${http('files/v1.0.0/app.conf')}"]}`,
        '',
      ].join('\n'),
      'apps/base/kustomization.yaml': `namePrefix: base-\nresources:\n- "${http('git/bases.git//common?ref=v1.0.0')}"\n- ../other\n`,
      'apps/other/kustomization.yaml': `namePrefix: other-\nresources: ["${http('git/bases.git//common?ref=v1.0.0')}"]\n`,
    };
    expect(objects(await outcome(files))).toEqual(await plainly(files));
  });

  it.each<readonly [string, () => string]>([
    ['a transformer by URL', () => `transformers: ["${http('files/v1.0.0/prefix.yaml')}"]`],
    ['a generator by URL', () => `generators: ["${http('files/v1.0.0/makes.yaml')}"]`],
    ['a folder of a repository', () => `transformers: ["${http('git/plugins.git?ref=v1.0.0')}"]`],
    [
      'a generator of a file that is read anyhow',
      () =>
        `generators: ["${http('files/v1.0.0/reads.yaml')}"]\nconfigMapGenerator: [{name: x, files: [own.conf]}]`,
    ],
  ])('generate and transform as from the tree: %s', async (_, more) => {
    const files = {
      ...overlay(http('git/parts.git//one?ref=v1.0.0'), `${more()}\n`),
      'apps/web/own.conf': 'x\n',
    };
    expect(objects(await outcome(files))).toEqual(await plainly(files));
  });

  it('are read from the folder of the kustomization that they configure, also where they lie in another', async () => {
    const files = {
      'apps/web/kustomization.yaml': 'resources: [cm.yaml]\ntransformers: [plugins]\n',
      'apps/web/cm.yaml': configMap('x', { from: 'file' }),
      'apps/web/patch.yaml': configMap('x', { from: 'beside' }),
      'apps/web/plugins/kustomization.yaml': 'resources: [t.yaml]\n',
      'apps/web/plugins/t.yaml':
        'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: patch.yaml\n',
      'apps/web/plugins/patch.yaml': configMap('x', { from: 'the plugins' }),
    };
    expect(objects(await outcome(files))).toEqual(await plainly(files));
    expect(objects(await outcome(files))).toMatchObject([{ data: { from: 'beside' } }]);
    const round = { ...files, 'apps/web/plugins/kustomization.yaml': 'resources: [../plugins]\n' };
    expect(await outcome(round)).toMatchObject({ reason: expect.stringContaining('configures itself') });
  });

  it('are built by Applications and Flux as by a plain kustomization', async () => {
    const files: Files = {
      ...overlay(http('git/bases.git//web?ref=v1.0.0')),
      'argo.yaml': application({ kustomize: { nameSuffix: '-argo' } }),
      'flux.yaml': fluxKustomization({ targetNamespace: 'shop' }),
    };
    const reached = await reachedBy({}, files, options());
    const names = (name: string): unknown[] =>
      objects(reached.get(name)?.result ?? { status: 'absent' }).map(
        (object) => (object as { metadata: { name: string } }).metadata.name,
      );
    expect(names('argocd/argocd/web')).toContain('web-web-argo');
    expect(names('flux/flux-system/apps')).toContain('web-nested-part');
  });
});

describe('what a change of bases reaches', () => {
  it('is told by what they hold: a new commit is fetched and compared, and moving ones are noted', async () => {
    const found = await reachedBy(
      overlay(http(`git/bases.git//common?ref=${pinned}`)),
      overlay(http('git/bases.git//common?ref=main')),
      options(),
    );
    const target = found.get('kustomize/apps/web');
    if (target?.base.status !== 'rendered' || target.result.status !== 'rendered')
      throw new Error(JSON.stringify(target));
    expect([target.base, target.result].map((side) => side.manifests[0]?.object.data)).toEqual([
      { a: '1' },
      { a: '2' },
    ]);
    expect(target.base.notes).toBeUndefined();
    expect(target.result.notes).toMatchObject([
      { kind: 'moves', text: expect.stringMatching(/common is followed at main, which moves/) },
    ]);
  });

  it('asks nothing of the network where it is untouched, and a kept commit only once', async () => {
    const files = { ...overlay(http(`git/bases.git//common?ref=${pinned}`)), 'README.md': 'a' };
    loopback.asked.length = 0;
    await reachedBy(files, { ...files, 'README.md': 'b' }, options());
    expect(loopback.asked).toEqual([]);
    await outcome(files);
    loopback.asked.length = 0;
    expect((await outcome(files)).status).toBe('rendered');
    // The URL itself is asked as kustomize asks it; the commit is kept.
    expect(loopback.asked.filter((line) => line.includes('upload-pack'))).toEqual([]);
  });

  it('never less than what renders differently, moving bases included', async () => {
    const cache = { folder: mkdtempSync(join(folder, 'cache-')), repository: 'r' };
    const files = overlay(http('git/bases.git//common?ref=moving'));
    const bases = loopback.repositories.get('bases');
    bases?.git('branch', 'moving', pinned);
    const all = { ...options(), cache, all: true };
    const data = async (): Promise<unknown> => {
      const change = await changeOf(files, files, all);
      try {
        const [target] = await change.reached();
        return objects(target?.result ?? { status: 'absent' });
      } finally {
        await change.close();
      }
    };
    expect(await data()).toMatchObject([{ data: { a: '1' } }]);
    bases?.git('branch', '--force', 'moving', 'main');
    expect(await data()).toMatchObject([{ data: { a: '2' } }]);
  });
});

describe('bases that are not rendered', () => {
  const reason = async (resource: string, more: object = {}): Promise<string> => {
    const found = await outcome(overlay(resource), 'kustomize/apps/web', more);
    return found.status === 'unresolved' || found.status === 'failed'
      ? `${found.status}: ${found.reason}`
      : found.status;
  };

  it.each([
    ['ssh://git@github.com/acme/bases//web?ref=v1', /over ssh.*write it as https/],
    ['git@github.com:acme/bases//web?ref=v1', /over ssh.*write it as https/],
    ['file:///srv/bases', /path of the machine/],
    ['http://1727.0.0.1:1/a/b//web', /address that is none/],
    ['https://[::1/a/b.git', /address that is none/],
    ['git::https://a b/c/d', /address that is none/],
    ['oci://ghcr.io/acme/base:v1', /not in the repository/],
    ['https://github.com/acme/bases//web?ref=v1', /github\.com, which is not in diff\.remotes/],
    ['github.com/acme/bases/web?ref=v1', /github\.com, which is not in diff\.remotes/],
  ])('%s', async (resource, message) => {
    expect(await reason(resource)).toMatch(message);
    expect(await reason(resource)).toMatch(/^unresolved/);
  });

  it.each([
    ['a redirect to this machine’s metadata', () => http('files/v1.0.0/away.yaml'), /169\.254\.169\.254/],
    ['a page instead of manifests', () => http('page/repo'), /answers 404 for the repository/],
    ['a file that is not there', () => http('gone.yaml'), /404/],
    ['a branch that is not there', () => http('git/bases.git//web?ref=gone'), /no branch or tag gone/],
    [
      'a commit that is not there',
      () => http(`git/bases.git//web?ref=${'0'.repeat(39)}1`),
      /not our ref|refuses/,
    ],
    ['a folder that is not there', () => http('git/bases.git//gone?ref=main'), /no folder gone/],
    ['an exec function inside of it', () => http('git/bases.git//bad/exec?ref=main'), /runs a function/],
    ['a path that leads out of it', () => http('git/bases.git//bad/out?ref=main'), /leads out/],
    [
      'a base of a host that nobody named',
      () => http('git/bases.git//bad/away?ref=main'),
      /charts\.example\.com/,
    ],
    ['bases without end', () => http('git/bases.git//bad/round?ref=main'), /without end/],
    [
      'a revision that is an option',
      () => http('git/bases.git//web?ref=--upload-pack=x'),
      /no branch or tag/,
    ],
  ])('%s', async (_, resource, message) => {
    expect(await reason(resource())).toMatch(message);
  });

  it.each<readonly [string, () => string, RegExp]>([
    ['a function', () => http('files/v1.0.0/exec.yaml'), /runs a function/],
    ['a plugin', () => http('files/v1.0.0/go.yaml'), /runs a plugin/],
    [
      'a function in a folder of a repository',
      () => http('git/plugins.git//bad?ref=v1.0.0'),
      /runs a function/,
    ],
    [
      'what reads a file that only it names',
      () => http('files/v1.0.0/reads.yaml'),
      /reads own\.conf, which only it names/,
    ],
    [
      'what names something elsewhere',
      () => http('files/v1.0.0/asks.yaml'),
      /reads https:.*which only it names/,
    ],
    [
      'what is not allowed',
      () => 'https://example.com/x/y.yaml',
      /example\.com, which is not in diff\.remotes/,
    ],
  ])('as a transformer: %s', async (_, url, message) => {
    const files = {
      'apps/web/kustomization.yaml': `resources: [cm.yaml]\ntransformers: ["${url()}"]\n`,
      'apps/web/cm.yaml': configMap('x'),
      'apps/web/own.conf': 'x\n',
    };
    const found = await outcome(files);
    expect(found.status === 'unresolved' && found.reason).toMatch(message);
  });

  it('beside a file of the tree with a name that the gate uses', async () => {
    const files = {
      'apps/web/kustomization.yaml': `resources: [.gitops-gate-remote-1.yaml, "${http('git/parts.git//one?ref=v1.0.0')}"]\n`,
      'apps/web/.gitops-gate-remote-1.yaml': configMap('x'),
    };
    expect(await outcome(files)).toMatchObject({
      status: 'unresolved',
      reason: expect.stringContaining('itself uses'),
    });
  });

  it('what is new in a change, by default; and everything with none', async () => {
    const declared = { config: configOf(), fetch: { folder } };
    expect(await reason('https://github.com/acme/new//web?ref=v1', declared)).toMatch(
      /github\.com, which nothing in the base names yet/,
    );
    expect(
      await reason(http('git/bases.git//web?ref=v1.0.0'), {
        config: configOf({ remotes: 'none' }),
        fetch: {},
      }),
    ).toMatch(/none/);
    expect(await reason(http('git/bases.git//web?ref=v1.0.0'), { fetch: undefined })).toMatch(
      /not in the repository/,
    );
    const base = overlay('https://github.com/acme/known//web?ref=v1');
    const found = await reachedBy(base, overlay('https://github.com/acme/known//web?ref=v2'), {
      config: configOf({ remotes: 'declared' }),
      fetch: { folder },
      signal: AbortSignal.abort(),
    });
    // It is asked for: the run is over before an answer comes.
    expect(found.get('kustomize/apps/web')?.result).toMatchObject({
      status: 'unresolved',
      reason: expect.stringContaining('github.com cannot be reached'),
    });
  });

  it('private ones without credentials; with them only that host is told', async () => {
    loopback.authorization = `Basic ${Buffer.from('bot:token').toString('base64')}`;
    try {
      const resource = http('git/parts.git//one?ref=v1.0.0&private=1');
      const fresh = { folder: mkdtempSync(join(folder, 'fresh-')) };
      expect(await reason(resource, { fetch: fresh })).toMatch(/private; credentials for the host/);
      const credentials = new Map([[loopback.host, { username: 'bot', password: 'token' }]]);
      expect(await reason(resource, { fetch: { ...fresh, credentials } })).toBe('rendered');
    } finally {
      loopback.authorization = null;
    }
  });
});
