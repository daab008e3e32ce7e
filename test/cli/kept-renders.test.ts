import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { keptRenders } from '../../src/cli/kept-renders.js';
import type { Repository } from '../../src/git/index.js';
import { captured } from './captured.js';

const root = mkdtempSync(join(tmpdir(), 'kept-renders-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const repository = { remoteUrls: () => ['https://github.com/acme/config'] } as unknown as Repository;

describe('where renders are kept', () => {
  it('is the folder that GITOPS_GATE_CACHE names, bound to the repository', async () => {
    const { terminal, stderr } = captured({ GITOPS_GATE_CACHE: join(root, 'kept') });
    const kept = await keptRenders({ cache: true }, repository, '.', terminal);
    expect(kept?.folder).toBe(join(root, 'kept'));
    expect(kept?.repository).toContain('https://github.com/acme/config');
    expect(stderr()).toBe('');
  });

  it('is nowhere with --no-cache', async () => {
    const folder = join(root, 'none');
    const { terminal } = captured({ GITOPS_GATE_CACHE: folder });
    expect(await keptRenders({ cache: false }, repository, '.', terminal)).toBe(undefined);
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    ['that is a file', (folder: string) => writeFileSync(folder, ''), /cannot be written \(EEXIST\)/],
    [
      'that others can write to',
      (folder: string) => {
        mkdirSync(folder);
        chmodSync(folder, 0o777);
      },
      /can be written by others/,
    ],
  ])('is nowhere, and says so, for a folder %s', async (name, make, message) => {
    const folder = join(root, name);
    make(folder);
    const { terminal, stderr } = captured({ GITOPS_GATE_CACHE: folder });
    expect(await keptRenders({ cache: true }, repository, '.', terminal)).toBe(undefined);
    expect(stderr()).toMatch(message);
    expect(stderr()).toContain('--no-cache');
  });

  it('loses what was rendered or fetched long ago, and keeps the rest', async () => {
    const folder = join(root, 'old');
    mkdirSync(join(folder, 'renders', 'ab'), { recursive: true });
    const [old, young] = ['old', 'young'].map((name) => join(folder, 'renders', 'ab', name));
    const fetched = join(folder, 'fetched', 'r', 'git', 'a.pack');
    mkdirSync(join(folder, 'fetched', 'r', 'git'), { recursive: true });
    for (const file of [old, young, fetched]) writeFileSync(String(file), '');
    for (const file of [old, fetched]) utimesSync(String(file), 1, 1);
    const { terminal } = captured({ GITOPS_GATE_CACHE: folder });
    await keptRenders({ cache: true }, repository, '.', terminal);
    expect([old, young, fetched].map((file) => existsSync(String(file)))).toEqual([false, true, false]);
  });
});
