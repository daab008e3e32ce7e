import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Mirror } from '../../src/github/index.js';
import { GitHubServer } from './server.js';
import type { Repository } from './state.js';

const folder = mkdtempSync(join(tmpdir(), 'gate-mirror-'));
const github = new GitHubServer();
const work = join(folder, 'work');
let repository: Repository;
let remote: { url: string; token: string };

const git = (...args: string[]) =>
  execFileSync('git', ['-C', work, '-c', 'user.name=o', '-c', 'user.email=o@example.com', ...args], {
    encoding: 'utf8',
  }).trim();

beforeAll(async () => {
  await github.start();
  execFileSync('git', ['init', '-q', '-b', 'main', work]);
  git('commit', '-q', '--allow-empty', '-m', 'first');
  execFileSync('git', ['clone', '-q', '--bare', work, join(folder, 'config.git')]);
  repository = github.state.repository('acme/config', join(folder, 'config.git'));
  github.state.actionTokens.set('ghs_x', { repository, permissions: { contents: 'read' } });
  remote = { url: `${github.url}/acme/config.git`, token: 'ghs_x' };
});

afterAll(async () => {
  await github.stop();
  rmSync(folder, { recursive: true, force: true });
});

const main = { source: 'refs/heads/main', ref: 'refs/gate/heads/main' };

describe('a mirror', () => {
  it('survives the lock of a process that was killed, but not one of a process that runs', async () => {
    const gitDir = join(folder, 'locked.git');
    await new Mirror(gitDir).fetch(remote, [main]);
    git('commit', '-q', '--allow-empty', '-m', 'second');
    git('push', '-q', repository.gitDir, 'main');
    const lock = join(gitDir, `${main.ref}.lock`);
    mkdirSync(dirname(lock), { recursive: true });
    writeFileSync(lock, '');
    await expect(new Mirror(gitDir).fetch(remote, [main])).rejects.toThrow(/git fetch failed/);
    utimesSync(lock, 0, 0);
    await new Mirror(gitDir).fetch(remote, [main]);
    expect(existsSync(lock)).toBe(false);
  });

  it('leaves no lock behind when it is ended', async () => {
    const gitDir = join(folder, 'ended.git');
    const mirror = new Mirror(gitDir);
    await mirror.fetch(remote, [main]);
    const controller = new AbortController();
    github.fail((_method, path) => path.endsWith('/git-upload-pack'), 'hang');
    const fetching = mirror.fetch(remote, [main], controller.signal);
    while (github.requests.at(-1)?.status !== 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(fetching).rejects.toThrow();
    const left = readdirSync(gitDir, { recursive: true }).filter((name) => String(name).endsWith('.lock'));
    expect(left).toEqual([]);
    await mirror.fetch(remote, [main]);
  });

  it('is tidied when many fetches left many packs', async () => {
    const gitDir = join(folder, 'packs.git');
    const mirror = new Mirror(gitDir);
    execFileSync('git', ['init', '-q', '--bare', gitDir]);
    execFileSync('git', ['--git-dir', gitDir, 'config', 'fetch.unpackLimit', '1']);
    for (let at = 0; at < 52; at += 1) {
      git('commit', '-q', '--allow-empty', '-m', `commit ${at}`);
      git('push', '-q', repository.gitDir, 'main');
      await mirror.fetch(remote, [main]);
    }
    const packs = readdirSync(join(gitDir, 'objects/pack')).filter((name) => name.endsWith('.pack'));
    expect(packs.length).toBeLessThan(50);
    expect(execFileSync('git', ['--git-dir', gitDir, 'rev-list', '--count', main.ref]).toString()).toMatch(
      /^5/,
    );
  }, 60_000);

  it.each([
    ['a ref with ..', { source: 'refs/heads/a..b', ref: 'refs/gate/x' }],
    ['an option', { source: '--upload-pack=x', ref: 'refs/gate/x' }],
    ['a revision', { source: 'main~1', ref: 'refs/gate/x' }],
    ['another mirror ref', { source: 'refs/heads/main', ref: 'HEAD' }],
  ])('does not fetch %s', async (_name, spec) => {
    await expect(new Mirror(join(folder, 'none.git')).fetch(remote, [spec])).rejects.toThrow(
      /no ref may have/,
    );
  });

  it('names no token when it fails', async () => {
    const mirror = new Mirror(join(folder, 'secret.git'));
    const gone = { url: `${github.url}/acme/ghs_x.git`, token: 'ghs_x' };
    await expect(mirror.fetch(gone, [main])).rejects.toThrow(/^(?!.*ghs_x)/);
  });
});
