import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { credentialsFromFile, parseCredentials, secretsOf } from '../../../src/render/index.js';
import { configOf, reachedBy } from '../fixture.js';
import { configMap } from '../gitops/fixture.js';
import { Loopback } from './loopback.js';

const PASSWORD = 'planted-Hq7fX2mZ91';
const AUTH = Buffer.from(`bot:${PASSWORD}`).toString('base64');
const loopback = new Loopback();
let folder = '';

beforeAll(async () => {
  await loopback.start();
  folder = mkdtempSync(join(tmpdir(), 'credentials-'));
  loopback.repository('private').commit({
    'kustomization.yaml': 'resources: [cm.yaml]\n',
    'cm.yaml': configMap('private'),
  });
});
afterAll(async () => {
  await loopback.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a file of credentials', () => {
  it('is read as docker writes it, by host', () => {
    const text = JSON.stringify({
      auths: {
        'ghcr.io': { auth: AUTH },
        'https://Index.example.com/v1/': { username: 'alice', password: 'a:b' },
      },
    });
    expect([...parseCredentials(text, 'x')]).toEqual([
      ['ghcr.io', { username: 'bot', password: PASSWORD }],
      ['index.example.com', { username: 'alice', password: 'a:b' }],
    ]);
    const path = join(folder, 'config.json');
    writeFileSync(path, text);
    expect(credentialsFromFile(path, 'X').size).toBe(2);
    expect(credentialsFromFile(undefined, 'X').size).toBe(0);
    expect([...secretsOf(parseCredentials(text, 'x'))]).toContain(PASSWORD);
  });

  it.each([
    ['no JSON', `{"auths": ${PASSWORD}`],
    ['no hosts', `["${PASSWORD}"]`],
    ['a helper', `{"auths": {"ghcr.io": {}}, "credsStore": "${PASSWORD}"}`],
    ['an auth of no user', `{"auths": {"${PASSWORD}.example.com": {"auth": "eA=="}}}`],
  ])('with %s is refused without a word of it', (_, text) => {
    let message = '';
    try {
      parseCredentials(text, 'GITOPS_GATE_CREDENTIALS');
    } catch (error) {
      message = String(error) + String(error instanceof Error ? error.stack : '');
    }
    expect(message).toContain('GITOPS_GATE_CREDENTIALS');
    expect(message).not.toContain(PASSWORD);
  });

  it('that is not there is named', () => {
    expect(() => credentialsFromFile(join(folder, 'gone'), 'GITOPS_GATE_CREDENTIALS')).toThrow(
      /cannot be read/,
    );
  });
});

describe('planted credentials', () => {
  it('are sent to their host alone, and stand in nothing that is kept or told', async () => {
    const host = `http://${loopback.host}`;
    loopback.authorization = `Basic ${AUTH}`;
    const cache = join(folder, 'cache');
    const credentials = new Map([[loopback.host, { username: 'bot', password: PASSWORD }]]);
    const overlay = (name: string) => ({
      'kustomization.yaml': `resources: ["${host}/git/${name}.git?ref=main"]\n`,
    });
    const options = {
      config: configOf({ remotes: { allow: [`${host}/**`] } }),
      cache: { folder: cache, repository: 'r' },
      fetch: { credentials },
    };
    const told = await reachedBy(overlay('gone'), overlay('private'), options);
    const target = told.get('kustomize/.');
    expect([target?.base.status, target?.result.status]).toEqual(['unresolved', 'rendered']);
    expect(
      JSON.stringify([...told], (_, value) => (typeof value === 'function' ? undefined : value)),
    ).not.toMatch(new RegExp(`${PASSWORD}|${AUTH}`));
    for (const name of readdirSync(cache, { recursive: true, encoding: 'utf8' })) {
      const path = join(cache, name);
      if (statSync(path).isFile()) expect(readFileSync(path).includes(PASSWORD)).toBe(false);
    }
    const others = new Map([['other.example.com', { username: 'bot', password: PASSWORD }]]);
    const without = await reachedBy({}, overlay('private'), {
      ...options,
      cache: undefined,
      fetch: { credentials: others },
    });
    expect(without.get('kustomize/.')?.result.status).toBe('unresolved');
  });
});
