import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runBounded } from '../../src/render/sandbox/bounded-process.js';
import { application, render, tellingChart } from './gitops/fixture.js';

let secret = '';
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arguments-'));
  secret = join(folder, 'host.yaml');
  writeFileSync(secret, 'color: of-the-host\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('names of files that helm would take for more than one', () => {
  // Without a sandbox nothing else stands between helm and the machine's files.
  const diff = { sandbox: 'off' };

  it('do not bring in a file of the machine as values', async () => {
    const files = {
      ...tellingChart('apps/web'),
      'apps/web/own.yaml': 'color: own\n',
      [`apps/web/own.yaml,${secret}`]: 'color: decoy\n',
      'argo.yaml': application({ helm: { valueFiles: [`own.yaml,${secret}`] } }),
    };
    const outcome = await render(files, 'argocd/argocd/web', diff);
    expect(JSON.stringify(outcome)).not.toContain('of-the-host');
    expect(outcome).toMatchObject({ status: 'unresolved', reason: expect.stringContaining('more than one') });
  });

  it('do not bring in a file of the machine as a parameter', async () => {
    const path = `{a,color=${secret},c=x}`;
    const files = {
      ...tellingChart('apps/web'),
      [`apps/web/${path}`]: 'decoy',
      'argo.yaml': application({ helm: { fileParameters: [{ name: 'other', path: `/apps/web/${path}` }] } }),
    };
    const outcome = await render(files, 'argocd/argocd/web', diff);
    expect(JSON.stringify(outcome)).not.toContain('of-the-host');
    expect(outcome.status).toBe('unresolved');
  });
});

describe('arguments that no program can be given', () => {
  it.each([
    ['longer than the system takes', 'x'.repeat(3_000_000)],
    ['with a NUL', 'a\0b'],
  ])('%s end the one run, and throw nothing', async (_, value) => {
    const bounds = { timeoutMs: 5_000, maxOutputBytes: 10 };
    expect((await runBounded(['/bin/true', value], bounds)).end).toBe('not-started');
    const argo = application({ helm: { parameters: [{ name: 'color', value }] } });
    const outcome = await render({ ...tellingChart('apps/web'), 'argo.yaml': argo }, 'argocd/argocd/web');
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('could not be started'),
    });
  });
});
