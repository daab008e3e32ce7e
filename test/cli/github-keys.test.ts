import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fetchGitHubKeys } from '../../src/cli/github-keys.js';
import { sshKey } from '../checks/signatures/support/ssh.js';

const key = sshKey();
const asked: string[] = [];
let server: Server;
let address = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(String(request.url));
    const login = String(request.url).slice(1).replace(/\..*/, '');
    if (login === 'gone') response.statusCode = 404;
    if (login === 'moved') response.writeHead(302, { location: '/octocat.keys' });
    response.end(login === 'huge' ? Buffer.alloc(2 * 1024 * 1024) : `${key.line}\n`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((closed) => server.close(closed)));

const fetchKeys = (logins: string[], from = address) =>
  fetchGitHubKeys(from, logins, new AbortController().signal);

describe('fetchGitHubKeys', () => {
  it('asks for both kinds of keys of each login once', async () => {
    const { published, failed } = await fetchKeys(['Octocat', 'octocat']);
    expect([...published]).toEqual([['octocat', [{ key: key.fingerprint, type: 'ssh' }]]]);
    expect(failed).toEqual([]);
    expect(asked.sort()).toEqual(['/octocat.gpg', '/octocat.keys']);
  });

  it('says of whom nothing was learnt, and goes on', async () => {
    const { published, failed } = await fetchKeys(['gone', 'moved', 'huge', 'octocat']);
    expect([...published.keys()]).toEqual(['octocat']);
    expect(failed).toEqual([
      expect.stringContaining('gone: http'),
      expect.stringContaining('moved: '),
      expect.stringContaining('is larger than 1048576 bytes'),
    ]);
    expect(failed[0]).toContain('answered with 404');
  });

  it('speaks https alone, but to this machine', async () => {
    for (const url of ['http://github.com', 'github.com', 'file:///etc/passwd', '']) {
      await expect(fetchKeys(['octocat'], url)).rejects.toMatchObject({ code: 'usage' });
    }
  });

  it('ends when it is interrupted', async () => {
    const signal = AbortSignal.abort();
    await expect(fetchGitHubKeys(address, ['octocat'], signal)).rejects.toThrow();
  });
});
