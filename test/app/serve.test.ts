import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serve } from '../../src/app/index.js';
import { GitHubServer } from '../github/server.js';
import type { AppRecord } from '../github/state.js';
import { deliver, pullRequestEvent } from '../github/webhooks.js';

let github: GitHubServer;
let folder: string;
let stop: AbortController;

beforeEach(async () => {
  github = await new GitHubServer().start();
  folder = mkdtempSync(join(tmpdir(), 'gate-serve-'));
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await github.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `serve` and gives the addresses it tells, one after another, and what it says. */
function start(env: NodeJS.ProcessEnv, data = join(folder, 'data')) {
  const said: string[] = [];
  let log = '';
  const urls: string[] = [];
  const waiting: ((url: string) => void)[] = [];
  const ended = serve({
    env: { PORT: '0', GHE_HOST: new URL(github.url).host, GHE_PROTOCOL: 'http', ...env },
    data,
    version: '1.2.3',
    log: {
      write: (text) => {
        log += text;
      },
    },
    say: (line) => void said.push(line),
    signal: stop.signal,
    listening: (url) => {
      const next = waiting.shift();
      if (next) next(url);
      else urls.push(url);
    },
  });
  const address = () =>
    new Promise<string>((resolve) => {
      const known = urls.shift();
      if (known) resolve(known);
      else waiting.push(resolve);
    });
  return { ended, address, said, log: () => log, data };
}

/** Comes back when it is so, or fails: a test must end. */
async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 25_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not come to pass');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const credentials = (app: AppRecord): NodeJS.ProcessEnv => ({
  APP_ID: String(app.id),
  PRIVATE_KEY: app.privateKey.replaceAll('\n', '\\n'),
  WEBHOOK_SECRET: app.webhookSecret,
});

describe('the first start', () => {
  it('registers the App, keeps its credentials for the owner alone, and goes on serving', async () => {
    const server = start({ GH_ORG: 'acme' });
    const setup = await server.address();
    expect(server.said[0]).toContain(setup);
    const page = await (await fetch(setup)).text();
    expect(page).toContain(
      `action="${github.url.replaceAll('/', '/')}/organizations/acme/settings/apps/new"`,
    );
    const manifest = JSON.parse(
      (/name="manifest" value="([^"]+)"/.exec(page)?.[1] ?? '').replace(/&#(\d+);/g, (_, code: string) =>
        String.fromCharCode(Number(code)),
      ),
    ) as {
      name: string;
      default_permissions: Record<string, 'read'>;
      default_events: string[];
      redirect_url: string;
    };
    expect(manifest.default_permissions).not.toHaveProperty('administration');
    // Nobody without the token of the terminal gets any further.
    const { origin } = new URL(setup);
    expect((await fetch(`${origin}/setup`)).status).toBe(404);
    expect((await fetch(`${origin}/setup/done?code=x&state=${'A'.repeat(32)}`)).status).toBe(404);
    github.state.manifests.set('the-code', manifest);
    const done = await fetch(`${manifest.redirect_url}&code=the-code`);
    expect(done.status).toBe(200);
    expect(await done.text()).toContain('/installations/new');
    const url = await server.address();
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
    const file = join(server.data, '.env');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^APP_ID=\d+\nPRIVATE_KEY="-----BEGIN/);
    expect(server.log() + server.said.join()).not.toContain('BEGIN RSA');
    stop.abort();
    await server.ended;
  });

  it('that GitHub refuses says so, and waits for another try', async () => {
    const server = start({});
    const setup = await server.address();
    const { origin, searchParams } = new URL(setup);
    const done = await fetch(`${origin}/setup/done?state=${searchParams.get('state')}&code=unknown`);
    expect(done.status).toBe(502);
    expect(server.said.join('\n')).toContain('could not be registered');
    expect((await fetch(setup)).status).toBe(200);
    stop.abort();
    await server.ended;
  });
});

describe('a server', () => {
  it('judges what is open when it starts, and what comes, with the real engine; stops in peace', async () => {
    const work = join(folder, 'work');
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', work, '-c', 'user.name=o', '-c', 'user.email=o@example.com', ...args]);
    execFileSync('git', ['init', '-q', '-b', 'main', work]);
    writeFileSync(join(work, 'a.yaml'), 'a: 1\n');
    git('add', '.');
    git('commit', '-qm', 'first');
    git('checkout', '-qb', 'change');
    writeFileSync(join(work, 'a.yaml'), 'a: 2\n');
    git('commit', '-qam', 'second');
    execFileSync('git', ['clone', '-q', '--bare', work, join(folder, 'config.git')]);
    const permissions = { checks: 'write', contents: 'read', pull_requests: 'read' } as const;
    const app = github.state.app('gitops-gate', permissions, []);
    const repository = github.state.repository('acme/config', join(folder, 'config.git'));
    const installation = github.state.install(app, repository.owner);
    const sender = github.state.user('octocat');
    const pull = github.state.openPull(repository, { head: 'change', user: sender });
    const server = start(credentials(app));
    const url = await server.address();
    const green = () =>
      repository.checkRuns.filter((run) => run.name === 'gitops-gate' && run.conclusion === 'success').length;
    await until(() => green() >= 1);
    const at = { api: github.url, installation, repository, sender };
    await deliver(`${url}/api/github/webhooks`, app, 'pull_request', pullRequestEvent(at, 'reopened', pull));
    await until(() => green() >= 2);
    stop.abort();
    await server.ended;
    const lines = server
      .log()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; message: string });
    expect(lines.map((line) => line.message)).toEqual(
      expect.arrayContaining(['listening', 'caught up with what is open', 'stopped']),
    );
    expect(lines.filter((line) => line.level === 'error')).toEqual([]);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    expect(github.violations).toEqual([]);
  }, 60_000);

  it('reads its credentials from DATA/.env; the environment wins', async () => {
    const app = github.state.app('gitops-gate', {}, []);
    const data = join(folder, 'data');
    mkdirSync(data);
    const lines = Object.entries(credentials(app)).map(([name, value]) => `${name}="${value}"`);
    writeFileSync(join(data, '.env'), lines.join('\n'), { mode: 0o600 });
    const server = start({ HOST: '127.0.0.1' });
    expect(await server.address()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    stop.abort();
    await server.ended;
    await expect(start({ WEBHOOK_SECRET: 'development' }).ended).rejects.toThrow(/too short/);
  });
});

describe('settings that cannot be used are one clear message', () => {
  const app = () => github.state.app('gitops-gate', {}, []);

  it.each([
    ['no webhook secret', { WEBHOOK_SECRET: '' }, /WEBHOOK_SECRET missing/],
    ['the default secret', { WEBHOOK_SECRET: 'development' }, /too short/],
    ['a short secret', { WEBHOOK_SECRET: 'abc' }, /too short/],
    ['an id that is none', { APP_ID: 'x' }, /APP_ID is not a number/],
    ['a key that is none', { PRIVATE_KEY: 'x' }, /neither a PEM key/],
    ['a key file that is not there', { PRIVATE_KEY: '', PRIVATE_KEY_PATH: '/nonexistent' }, /cannot be read/],
    ['a port that is none', { PORT: '70000' }, /PORT is not/],
    ['a host that is none', { GHE_HOST: 'a b' }, /GHE_HOST is not/],
    ['a protocol that is none', { GHE_PROTOCOL: 'ftp' }, /GHE_PROTOCOL is neither/],
    ['a path that is none', { WEBHOOK_PATH: 'hooks' }, /WEBHOOK_PATH is not/],
  ])('%s', async (_name, env, message) => {
    await expect(start({ ...credentials(app()), ...env }).ended).rejects.toThrow(message);
  });

  it('credentials that others may read', async () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    writeFileSync(join(data, '.env'), 'APP_ID=1\n');
    chmodSync(join(data, '.env'), 0o644);
    await expect(start({}).ended).rejects.toThrow(/chmod 600/);
  });

  it('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const PORT = String((other.address() as AddressInfo).port);
    try {
      await expect(start({ ...credentials(app()), PORT }).ended).rejects.toThrow(
        /something else listens there/,
      );
      await expect(start({ PORT }).ended).rejects.toThrow(/something else listens there/);
    } finally {
      other.close();
    }
  });
});
