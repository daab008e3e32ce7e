import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { mayConnect } from '../../../src/render/remotes/address-guard.js';
import { boundedGet } from '../../../src/render/remotes/bounded-get.js';
import { Connectivity } from '../../../src/render/remotes/connectivity.js';
import type {
  ChartReference,
  FetchedChart,
  RemoteCharts,
} from '../../../src/render/remotes/remote-charts.js';
import { Remotes } from '../../../src/render/remotes/remotes.js';
import { configOf, reachedBy } from '../fixture.js';
import { tellingChart } from '../gitops/fixture.js';
import { packed } from './packed-chart.js';

const ARCHIVE = packed(tellingChart('telling') as Record<string, string>);
const DIGEST = createHash('sha256').update(ARCHIVE).digest('hex');
const MANIFEST = JSON.stringify({
  layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', digest: `sha256:${DIGEST}` }],
});

let server: Server;
let host = '';
let folder = '';
let asked: { url: string; authorization: string | undefined }[] = [];
let digestOfIndex = DIGEST;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { url = '' } = request;
    asked.push({ url, authorization: request.headers.authorization });
    const send = (body: string | Buffer): void => void response.end(body);
    if (url === '/charts/index.yaml') {
      send(
        stringify({
          entries: { telling: [{ version: '1.0.0', urls: ['telling-1.0.0.tgz'], digest: digestOfIndex }] },
        }),
      );
    } else if (url === '/charts/telling-1.0.0.tgz') send(ARCHIVE);
    else if (url === '/away/index.yaml') {
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' });
      response.end();
    } else if (url === '/round/index.yaml') {
      response.writeHead(302, { location: '/round/index.yaml' });
      response.end();
    } else if (url.startsWith('/v2/') && request.headers.authorization !== 'Bearer token') {
      response.writeHead(401, {
        'www-authenticate': `Bearer realm="http://${host}/token",service="s",scope="pull"`,
      });
      response.end();
    } else if (url.startsWith('/token')) send('{"token": "token"}');
    else if (/^\/v2\/acme\/telling\/manifests\/(1\.[01]\.0|stable)$/.test(url)) send(MANIFEST);
    else if (url === '/v2/acme/telling/tags/list?n=1000') {
      response.setHeader('link', '</v2/acme/telling/tags/list?n=1000&last=b>; rel="next"');
      send('{"tags": ["1.0.0", "latest"]}');
    } else if (url.startsWith('/v2/acme/telling/tags/list')) send('{"tags": ["1.1.0", "2.0.0-rc.1"]}');
    else if (url === `/v2/acme/telling/blobs/sha256:${DIGEST}`) send(ARCHIVE);
    else {
      response.writeHead(404);
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'remote-charts-'));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  asked = [];
  digestOfIndex = DIGEST;
  await rm(join(folder, 'charts'), { recursive: true, force: true });
});

function remotes(options: object = {}): RemoteCharts {
  return new Remotes({
    folder,
    remotes: { allow: [`http://${host}/**`, `oci://${host}/**`] },
    ...options,
  }).charts;
}

/** Asked for and fetched. */
async function bring(charts: RemoteCharts, reference: ChartReference): Promise<FetchedChart> {
  return charts.chart(reference).fetch();
}

const reference = (path: string) => ({ url: `http://${host}/${path}`, chart: 'telling', version: '1.0.0' });

describe('charts from elsewhere', () => {
  it('come out of a Helm repository once, with credentials for that host alone', async () => {
    const credentials = new Map([[host, { username: 'u', password: 'p' }]]);
    const chart = await bring(remotes({ credentials }), reference('charts'));
    expect(chart).toEqual({ archive: ARCHIVE, digest: DIGEST, version: '1.0.0' });
    expect(asked.map(({ authorization }) => authorization)).toEqual(Array(2).fill('Basic dTpw'));
    asked = [];
    expect((await bring(remotes(), reference('charts'))).digest).toBe(DIGEST);
    expect(asked).toEqual([]);
  });

  it('come out of an OCI registry by tag, with its token', async () => {
    const chart = await bring(remotes(), { url: `oci://${host}/acme/telling`, chart: '', version: '1.0.0' });
    expect(chart.digest).toBe(DIGEST);
  });

  it('are fetched again when what was kept was changed', async () => {
    await bring(remotes(), reference('charts'));
    const [kept = ''] = await readdir(join(folder, 'charts'));
    await writeFile(join(folder, 'charts', kept), 'x'.repeat(100));
    expect((await bring(remotes(), reference('charts'))).digest).toBe(DIGEST);
  });

  it('are refused with another digest than the index says', async () => {
    digestOfIndex = '0'.repeat(64);
    await expect(bring(remotes(), reference('charts'))).rejects.toThrow(/digest/);
  });

  it.each([
    ['a redirect to another host', 'away', {}, /another host \(169\.254\.169\.254\)/],
    ['redirects without end', 'round', {}, /without end/],
    ['a repository that is not there', 'gone', {}, /answers 404/],
    [
      'what diff.remotes does not allow',
      'charts',
      { remotes: { allow: ['https://charts.example.com/**'] } },
      /not in diff\.remotes/,
    ],
    ['everything where remotes are none', 'charts', { remotes: 'none' }, /none/],
    ['what the base does not name', 'charts', { remotes: 'declared' }, /nothing in the base names/],
  ])('refuse %s', async (_, path, options, message) => {
    await expect(bring(remotes(options), reference(path))).rejects.toThrow(message);
  });

  it('are resolved where the version is a range, and told as moving', async () => {
    for (const version of ['*', '1.x', '>=1.0.0', '^1.0.0', '', '1.0.0 || 2.0.0']) {
      const chart = remotes().chart({ ...reference('charts'), version });
      expect(chart.floating).toBe(true);
      expect(await chart.fetch()).toMatchObject({ version: '1.0.0', digest: DIGEST });
    }
    const registry = remotes().chart({ url: `oci://${host}/acme/telling`, chart: '', version: '>=1' });
    expect(await registry.fetch()).toMatchObject({ version: '1.1.0', digest: DIGEST });
    const tag = remotes().chart({
      url: `oci://${host}/acme/telling`,
      chart: '',
      version: 'stable',
      tag: true,
    });
    expect([tag.floating, (await tag.fetch()).digest]).toEqual([true, DIGEST]);
  });

  it('refuse addresses that are none, in objects and in what repositories say', async () => {
    for (const url of ['https://', 'https://1727.0.0.1/x', 'oci://[/x', 'nonsense']) {
      expect(() => remotes({ remotes: { allow: ['**'] } }).chart({ ...reference(''), url })).toThrow(
        /address that is none/,
      );
    }
  });

  it('refuse a version that is neither one nor a range, and a range that nothing satisfies', async () => {
    for (const version of ['latest', '../1.0.0', '1.0.0 nonsense']) {
      expect(() => remotes().chart({ ...reference('charts'), version })).toThrow(/neither a version/);
    }
    expect(asked).toEqual([]);
    await expect(bring(remotes(), { ...reference('charts'), version: '^2' })).rejects.toThrow(
      /no version of/,
    );
  });

  it('refuse this machine and plain http unless the configuration names them', async () => {
    for (const url of [
      `http://${host}/charts`,
      `https://${host}/charts`,
      'https://[::1]:1',
      'https://localhost:1',
    ]) {
      const declared = remotes({ remotes: 'declared' });
      declared.declare(url);
      await expect(bring(declared, { ...reference('charts'), url })).rejects.toThrow(
        /does not fetch from|only https/,
      );
    }
    const anywhere = remotes({ remotes: { allow: ['http*://**'] } });
    await expect(bring(anywhere, reference('charts'))).rejects.toThrow(/only https/);
    expect(asked).toEqual([]);
  });

  it('end at once where there is no network: a host once, all hosts together within one patience', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const gone = `https://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    await new Promise((resolve) => closed.close(resolve));
    const charts = remotes({ remotes: { allow: [`${gone}/**`] } });
    const reasons = await Promise.all(
      ['a', 'b'].map((path) =>
        bring(charts, { ...reference(path), url: `${gone}/${path}` }).then(String, ({ message }) => message),
      ),
    );
    expect(reasons.every((reason) => reason.includes('cannot be reached (ECONNREFUSED)'))).toBe(true);
    const connectivity = new Connectivity(1000);
    connectivity.failed('a.example.com', 'a.example.com cannot be reached (no answer in time)', 400);
    expect(() => connectivity.allowance('a.example.com')).toThrow('no answer in time');
    expect(connectivity.allowance('b.example.com')).toBe(600);
    connectivity.failed('b.example.com', 'gone', 600);
    expect(() => connectivity.allowance('c.example.com')).toThrow('was not tried');
  });

  it('ask nothing more of a host that does not end its answer', async () => {
    let asked = 0;
    const slow = createServer((_, response) => {
      asked += 1;
      response.writeHead(200, { 'content-length': '10' }).write('x');
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const connectivity = new Connectivity();
    const ask = (): Promise<string> =>
      boundedGet(`http://127.0.0.1:${(slow.address() as AddressInfo).port}/`, {
        maxBytes: 100,
        timeoutMs: 300,
        named: true,
        connectivity,
      }).then(String, ({ message }) => message);
    expect(await ask()).toMatch(/no answer in time/);
    expect(await ask()).toMatch(/no answer in time/);
    expect(asked).toBe(1);
    slow.closeAllConnections();
    await new Promise((resolve) => slow.close(resolve));
  });

  it.each([
    ['127.0.0.1', false, false],
    ['::1', false, false],
    ['::ffff:127.0.0.1', false, false],
    ['169.254.169.254', false, false],
    ['::ffff:0:169.254.169.254', false, false],
    ['::ffff:0:10.1.2.3', true, false],
    ['fe80::1', false, false],
    ['10.1.2.3', true, false],
    ['192.168.1.1', true, false],
    ['93.184.215.14', true, true],
    ['2606:2800:21f:cb07::1', true, true],
    ['not an address', false, false],
  ])('%s may be reached: %p, by a redirect: %p', (address, remote, redirected) => {
    expect([mayConnect(address, 'remote'), mayConnect(address, 'public')]).toEqual([remote, redirected]);
  });
});

describe('a HelmRelease of a chart from elsewhere', () => {
  const files = (version: string, path = 'charts') => ({
    'repo.yaml': stringify({
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: 'r', namespace: 'a' },
      spec: { url: `http://${host}/${path}` },
    }),
    'hr.yaml': stringify({
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'told', namespace: 'a' },
      spec: {
        chart: { spec: { chart: 'telling', version, sourceRef: { kind: 'HelmRepository', name: 'r' } } },
        values: { color: 'blue' },
      },
    }),
  });

  it('is rendered where it may be fetched, and unresolved where not', async () => {
    const config = configOf({ remotes: { allow: [`http://${host}/charts`, `http://${host}/gone`] } });
    const options = { config, fetch: { folder } };
    const reached = await reachedBy(files('1.x', 'gone'), files('1.0.0'), options);
    const target = reached.get('helmrelease/a/told');
    expect(target?.base).toMatchObject({ status: 'unresolved', reason: expect.stringContaining('404') });
    if (target?.result.status !== 'rendered') throw new Error(JSON.stringify(target?.result));
    expect(target.result.manifests[0]?.object.data).toMatchObject({ color: 'blue', release: 'told' });
    const without = await reachedBy(files('1.x', 'gone'), files('1.0.0'), { config });
    expect(without.get('helmrelease/a/told')?.result.status).toBe('unresolved');
  });

  it('of a repository that any object of the base names is one that the base names', async () => {
    const renamed = (name: string) => ({
      [`${name}.yaml`]: files('1.0.0')['hr.yaml'].replace('name: told', `name: ${name}`),
    });
    const base = { 'repo.yaml': files('1.0.0')['repo.yaml'], ...renamed('zz') };
    const reached = await reachedBy(base, { ...base, ...renamed('aa') }, { fetch: { folder } });
    const { result } = reached.get('helmrelease/a/aa') ?? {};
    // It may be fetched by name; that it is of this machine is another matter.
    expect(result).toMatchObject({ status: 'unresolved', reason: expect.stringMatching(/only https/) });
  });

  it('names its chart and a source', async () => {
    const lone = {
      'hr.yaml': files('1.0.0')['hr.yaml'].replace(/ {4}spec:\n(?: {6}.*\n)+/, '    spec: {}\n'),
    };
    const reached = await reachedBy({}, lone, { fetch: { folder } });
    expect(reached.get('helmrelease/a/told')?.result).toMatchObject({
      status: 'unresolved',
      reason: 'it names no chart, or no source of its chart',
    });
  });
});
