import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { secretsOf } from '../../../src/render/index.js';
import { mayConnect } from '../../../src/render/remotes/address-guard.js';
import { redirected } from '../../../src/render/remotes/bounded-get.js';
import { GitRemote } from '../../../src/render/remotes/git-protocol.js';
import { Remotes } from '../../../src/render/remotes/remotes.js';
import { configOf, reachedBy } from '../fixture.js';
import { configMap } from '../gitops/fixture.js';
import { Loopback } from './loopback.js';
import { packed } from './packed-chart.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server of this machine that notes what it is asked, and with which authorization. */
class Witness {
  readonly asked: string[] = [];
  answer: Answer = (_, response) => void response.writeHead(404).end();
  readonly #server: Server = createServer((request, response) => {
    this.asked.push(`${request.url} ${request.headers.authorization ?? '-'}`);
    this.answer(request, response);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
}

const loopback = new Loopback();
const [registry, stranger] = [new Witness(), new Witness()];
let folder = '';
let commit = '';

beforeAll(async () => {
  for (const server of [loopback, registry, stranger]) await server.start();
  folder = mkdtempSync(join(tmpdir(), 'ways-around-'));
  commit = loopback
    .repository('bases')
    .commit({ 'kustomization.yaml': 'resources: [cm.yaml]\n', 'cm.yaml': configMap('told', { a: '1' }) });
});
afterAll(async () => {
  for (const server of [loopback, registry, stranger]) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  registry.asked.length = 0;
  stranger.asked.length = 0;
});

const own = { trusted: false };
const resource = (entry: string) => ({ entry, kind: 'resource' as const });

describe('addresses that are compared as one thing and fetched as another', () => {
  const declared = (): Remotes => {
    const remotes = new Remotes({ remotes: 'declared' });
    remotes.admit(resource('https://github.com/acme/bases//web?ref=v1'), { trusted: true });
    remotes.charts.declare('https://charts.example.com/acme');
    return remotes;
  };

  it('is admitted as the base names it', () => {
    for (const entry of [
      'https://github.com/acme/bases//other?ref=v2',
      'https://github.com/acme/bases.git//web?ref=v1',
      'https://GitHub.com:443/acme/bases//web?ref=v1',
      'github.com/acme/bases//apps/../web?ref=v1',
    ]) {
      expect(() => declared().admit(resource(entry), own)).not.toThrow();
    }
  });

  it.each([
    ['a host behind a backslash', 'https://stranger.example\\@github.com/acme/bases'],
    ['a host behind a backslash, as git', 'git::https://github.com\\@stranger.example/acme/bases'],
    ['a fragment in the host', 'https://stranger.example#@github.com/acme/bases'],
    ['a query in the host', 'https://stranger.example?@github.com/acme/bases'],
    ['another port', 'https://github.com:8443/acme/bases'],
    ['steps upwards', 'https://github.com/acme/bases.git//a/../../../../stranger/x/raw/main/x.yaml'],
    ['encoded steps upwards', 'https://github.com/acme/bases.git//a/%2e%2E/%2e./.%2e/../stranger/x.yaml'],
    ['steps behind encoded slashes', 'https://github.com/acme/bases.git//a%2f..%2F..%2f..%5c..%2fstranger'],
    ['a tab in the path', 'https://github.com/acme/bases.git//a/.\t./.\t./.\t./stranger/x.yaml'],
    ['a trailing dot', 'https://github.com./acme/bases'],
    ['letters that look alike', 'https://g\u0456thub.com/acme/bases'],
    ['one slash', 'https:/github.com/acme/bases'],
  ])('refuses %s, which the base did not name', (_, entry) => {
    expect(() => declared().admit(resource(entry), own)).toThrow();
  });

  it.each([
    'https://stranger.example#.example.org/charts',
    'https://stranger.example?.example.org/charts',
    'https://stranger.example\\.example.org/charts',
    'https://charts.example.com/acme/../stranger',
    'https://charts.example.com/acme/%2e%2e/stranger',
    'oci://ghcr.io/acme/../stranger/web',
    'https://\u24d4vil.example.org/charts',
  ])('refuses the chart repository %s, whatever globs it fits', (url) => {
    const allow = ['https://*.example.org/**', 'https://charts.example.com/acme/**', 'oci://ghcr.io/acme/**'];
    const { charts } = new Remotes({ remotes: { allow } });
    expect(() => charts.chart({ url, chart: 'web', version: '1.0.0' })).toThrow(/two ways/);
  });

  it('has nothing read with credentials that only a fetched base names', () => {
    const nested = (credentials?: Map<string, { username: string; password: string }>) => {
      const remotes = new Remotes({ remotes: 'declared', credentials });
      remotes.admit(resource('https://github.com/acme/bases'), { trusted: true });
      remotes.admit(resource('https://github.com/acme/bases//more'), { host: 'github.com' });
      remotes.admit(resource('https://github.com/acme/private//x'), { host: 'github.com' });
    };
    const bot = { username: 'bot', password: 'of-the-operator' };
    expect(() => nested()).not.toThrow();
    expect(() => nested(new Map([['charts.example.com', bot]]))).not.toThrow();
    expect(() => nested(new Map([['github.com', bot]]))).toThrow(/nothing in the base names/);
  });

  it('refuses git repositories that step out of what is allowed', () => {
    const remotes = new Remotes({ remotes: { allow: ['https://github.com/acme/**'] } });
    for (const entry of [
      'https://github.com/acme/../stranger/x.git//web',
      'git::https://github.com/acme/%2e%2e/stranger/x.git//web',
      'git::https://github.com/acme/x/../../stranger/y.git//web',
    ]) {
      expect(() => remotes.admit(resource(entry), own)).toThrow(/two ways/);
    }
  });

  it('asks nothing of a host that a configured one stands behind', async () => {
    const files = {
      'kustomization.yaml': `resources: ['http://${stranger.host}\\@${loopback.host}/git/bases.git']\n`,
    };
    const config = configOf({ remotes: { allow: [`http://${loopback.host}/**`] } });
    const found = (await reachedBy({}, files, { config, fetch: {} })).get('kustomize/.');
    expect(found?.result.status).toBe('unresolved');
    expect(stranger.asked).toEqual([]);
  });

  it('tells no password of an address, however it is written', () => {
    for (const url of [
      'HTTPS://alice:s3cret@charts.example.com/x',
      'https://alice:s3@s3cret@charts.example.com/x',
    ]) {
      const { charts } = new Remotes({ remotes: 'declared' });
      expect(() => charts.chart({ url, chart: 'web', version: '1.0.0' })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('s3') }),
      );
    }
  });
});

describe('an address with a password', () => {
  it('is told without it, where it is rendered and where it is not', async () => {
    const secret = 's3cret-of-bot';
    const at = (path: string): string => `http://bot:${secret}@${loopback.host}/${path}`;
    loopback.files.set('/a/b/cm.yaml', configMap('told', { a: '1' }));
    loopback.files.set('/a/b/bad.yaml', 'kind: ConfigMap\nmetadata: {}\n');
    const config = configOf({ remotes: { allow: [`http://${loopback.host}/**`] } });
    const statuses: string[] = [];
    for (const kustomization of [
      { resources: [at('a/b/cm.yaml')] },
      { resources: [at('a/b/bad.yaml')] },
      { resources: [at('a/b/gone.yaml')] },
      { resources: [at('git/bases.git?ref=main')] },
      { components: [at('')] },
      { components: [at('git/bases.git?ref=gone')] },
    ]) {
      const files = { 'kustomization.yaml': stringify(kustomization) };
      const found = (await reachedBy({}, files, { config, fetch: {} })).get('kustomize/.')?.result;
      statuses.push(found?.status ?? 'none');
      expect(JSON.stringify(found)).not.toContain(secret);
    }
    expect(statuses).toEqual([
      'rendered',
      'failed',
      ...Array(1).fill('unresolved'),
      'rendered',
      'unresolved',
      'unresolved',
    ]);
  });
});

describe('redirects', () => {
  const from = new URL('https://charts.example.com/a');

  it.each([
    ['http://charts.example.com/a', false],
    ['http://charts.example.com/a', true],
    ['file:///etc/passwd', true],
    ['//stranger.example/a', false],
    ['https://charts.example.com:8443/a', false],
  ])('to %s are not followed (elsewhere: %p)', (location, elsewhere) => {
    expect(() => redirected(from, location, from, elsewhere)).toThrow(/redirects to/);
  });
});

describe('addresses of metadata services and of private networks', () => {
  it.each([
    ['168.63.129.16', false, false],
    ['fd00:ec2::23', false, false],
    ['fd20:ce::254', false, false],
    ['::127.0.0.1', false, false],
    ['::ffff:169.254.169.254', false, false],
    ['64:ff9b::7f00:1', false, false],
    ['64:ff9b::169.254.169.254', false, false],
    ['64:ff9b:1::a9fe:a9fe', false, false],
    ['2002:7f00:1::', false, false],
    ['fe80::1%eth0', false, false],
    ['64:ff9b::a01:203', true, false],
    ['2002:a01:203::1', true, false],
    ['fec0::1', true, false],
    ['198.18.0.1', true, false],
    ['64:ff9b::5db8:d70e', true, true],
  ])('%s may be reached: %p, where a server leads there: %p', (address, remote, told) => {
    expect([mayConnect(address, 'remote'), mayConnect(address, 'public')]).toEqual([remote, told]);
  });
});

describe('a registry or repository that leads to another host', () => {
  const mine = { username: 'bot', password: 'of-the-registry' };
  const other = { username: 'bot', password: 'of-the-other' };
  const challenge: Answer = (request, response) => {
    const realm = `http://${stranger.host}/token`;
    if (request.headers.authorization === undefined)
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",scope="private:pull"` }).end();
    else response.writeHead(404).end();
  };
  const fetched = async (credentials: Map<string, typeof mine>, hosts: string[]): Promise<unknown> => {
    const allow = hosts.flatMap((host) => [`http://${host}/**`, `oci://${host}/**`]);
    const { charts } = new Remotes({ remotes: { allow }, credentials });
    const reference = { url: `oci://${registry.host}/acme/web`, chart: '', version: '1.0.0' };
    return charts.chart(reference).fetch().catch(String);
  };

  it('gets no token in the name of that host', async () => {
    registry.answer = challenge;
    stranger.answer = (_, response) => void response.end('{"token": "for-the-stranger"}');
    const both = [registry.host, stranger.host];
    await fetched(new Map([[stranger.host, other]]), both);
    await fetched(
      new Map([
        [registry.host, mine],
        [stranger.host, other],
      ]),
      both,
    );
    expect(stranger.asked).toEqual(Array(2).fill('/token?scope=private%3Apull -'));
    stranger.asked.length = 0;
    await fetched(
      new Map([
        [registry.host, mine],
        [stranger.host, mine],
      ]),
      both,
    );
    expect(stranger.asked).toEqual([expect.stringContaining(' Basic ')]);
  });

  it('has nothing asked of this machine or a private network', async () => {
    registry.answer = challenge;
    expect(await fetched(new Map(), [registry.host])).toMatch(/does not fetch from|only https/);
    for (const location of [
      `http://${stranger.host}/x.tgz`,
      'https://10.0.0.1/x.tgz',
      'https://[64:ff9b::a00:1]/x',
    ]) {
      registry.answer = (_, response) =>
        void response.end(stringify({ entries: { web: [{ version: '1.0.0', urls: [location] }] } }));
      const { charts } = new Remotes({ remotes: { allow: [`http://${registry.host}/**`] } });
      const chart = charts.chart({ url: `http://${registry.host}/charts`, chart: 'web', version: '1.0.0' });
      await expect(chart.fetch()).rejects.toThrow(/does not fetch from|only https/);
    }
    expect(stranger.asked).toEqual([]);
  });

  it('gives an index that is too large or none, and is not said to lack the chart', async () => {
    for (const [index, reason] of [
      [`entries: {web: []}\n#${'x'.repeat(11 * 1024 * 1024)}`, /more than/],
      ['entries: [', /index that cannot be read/],
      ['', /index that cannot be read/],
    ] as const) {
      registry.answer = (_, response) => void response.end(index);
      const { charts } = new Remotes({ remotes: { allow: [`http://${registry.host}/**`] } });
      const chart = charts.chart({ url: `http://${registry.host}/charts`, chart: 'web', version: '1.0.0' });
      await expect(chart.fetch()).rejects.toThrow(reason);
    }
  });

  it('cannot have more brought than one run may bring', async () => {
    registry.answer = (_, response) => void response.end(packed({ 'web/Chart.yaml': 'name: web\n' }));
    const remotes = new Remotes({ remotes: { allow: [`http://${registry.host}/**`] }, runBytes: 100 });
    const file = (name: string) => remotes.files.file(`http://${registry.host}/a/b/${name}.yaml`);
    await file('one');
    await expect(file('two')).rejects.toMatchObject({ name: 'TooLarge' });
  });

  it('writes credentials where the redactor knows them', () => {
    const basic = Buffer.from('bot:of-the-other').toString('base64');
    expect([...secretsOf(new Map([['charts.example.com', other]]))]).toContain(basic);
  });
});

describe('a git server that says what is none', () => {
  const packet = (line: string): string => `${(line.length + 4).toString(16).padStart(4, '0')}${line}`;
  const id = 'a'.repeat(40);

  it('is not believed in what a tag leads to, and its refs are bounded as refs', async () => {
    const answers: string[] = [];
    const remote = new GitRemote('https://git.example.com/bases', async (url, body) => {
      if (body !== undefined) answers.push(body.answer);
      const told = [`${id} refs/tags/v1 peeled:HEAD\n`, `${id} refs/heads/v1\n`, `x${id} HEAD\n`];
      const text = body === undefined ? packet('version 2\n') : told.map(packet).join('');
      return { status: 200, headers: {}, body: Buffer.from(text), url };
    });
    expect(await remote.refs(['refs/heads/v1'])).toEqual([{ name: 'refs/heads/v1', oid: id, peeled: null }]);
    expect(answers).toEqual(['refs']);
  });

  it('keeps no pack that is broken, and the judged clone is not blamed', async () => {
    const { host } = loopback;
    const bases = loopback.repositories.get('bases');
    const tree = bases?.git('rev-parse', `${commit}^{tree}`) ?? '';
    const pack = (...objects: string[]): Buffer =>
      execFileSync('git', ['-C', bases?.folder ?? '', 'pack-objects', '--stdout', '-q'], {
        input: `${objects.join('\n')}\n`,
      });
    const files = { 'kustomization.yaml': `resources: ["http://${host}/git/bases.git?ref=${commit}"]\n` };
    const cache = { folder: join(folder, 'cache'), repository: 'r' };
    const fetched = join(folder, 'cache', 'fetched', createHash('sha256').update('r').digest('hex'), 'git');
    const name = createHash('sha256').update(`http://${host}/git/bases\0${commit}`).digest('hex');
    mkdirSync(fetched, { recursive: true });
    const options = { config: configOf({ remotes: { allow: [`http://${host}/**`] } }), cache, fetch: {} };
    for (const [broken, reason] of [
      [Buffer.from('PACK of nothing'), /pack that git cannot read/],
      [pack(tree), /without the commit/],
      [pack(commit, tree), /files are not all there/],
      [pack(commit), /./],
    ] as const) {
      const digest = createHash('sha256').update(broken).digest();
      writeFileSync(join(fetched, `${name}.pack`), Buffer.concat([digest, broken]));
      const found = (await reachedBy({}, files, options)).get('kustomize/.')?.result;
      expect(found).toMatchObject({ status: 'unresolved', reason: expect.stringMatching(reason) });
      expect(readdirSync(fetched)).toEqual([]);
    }
    const after = (await reachedBy({}, files, options)).get('kustomize/.')?.result;
    expect(after?.status).toBe('rendered');
  });
});

describe('charts that kustomize inflates', () => {
  const chart = { 'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n' };

  it.each([
    [
      'a flag in the place of a release',
      { helmCharts: [{ name: 'web', releaseName: '--post-renderer=/bin/sh' }] },
    ],
    ['two values files for one', { helmCharts: [{ name: 'web', additionalValuesFiles: ['a,/etc/passwd'] }] }],
    [
      'something to fetch itself',
      { helmCharts: [{ name: 'web', valuesFile: 'https://stranger.example/a/b/v.yaml' }] },
    ],
    ["helm's own settings", { helmGlobals: { configHome: 'x' }, helmCharts: [{ name: 'web' }] }],
  ])('cannot give helm %s', async (_, kustomization) => {
    const files = { ...chart, 'kustomization.yaml': stringify(kustomization) };
    const config = configOf({ kustomizeBuildOptions: '--enable-helm' });
    const found = (await reachedBy({}, files, { config })).get('kustomize/.');
    expect(found?.result.status).toBe('unresolved');
  });
});
