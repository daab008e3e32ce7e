import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestRepository, Workshop } from '../git/real-repository.js';
import { gate } from './run-gate.js';

const tool = spawnSync('ssh-keygen', ['-?']).error === undefined;
if (!tool) console.log('skipped: ssh-keygen, with which tags are signed');
const whenSigned = tool ? it : it.skip;

const workshop = new Workshop();
let repository: TestRepository;

beforeAll(() => {
  if (!tool) return;
  repository = workshop.repository();
  const key = join(workshop.root, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
  const shown = execFileSync('ssh-keygen', ['-lf', `${key}.pub`], { encoding: 'utf8' });
  const [, fingerprint = ''] = shown.split(' ');
  repository.commit('one', {
    '.gitops-gate/config.yaml': `version: 1\nsignatures:\n  signers: [{name: bob, emails: [bob@example.com], keys: ["ssh:${fingerprint}"]}]\n`,
    '.gitops-gate/keys/allowed_signers': `bob@example.com ${readFileSync(`${key}.pub`, 'utf8')}`,
  });
  repository.git('-c', 'gpg.format=ssh', '-c', `user.signingkey=${key}`, 'tag', '-s', '-m', 'v1', 'v1');
  repository.git('update-ref', 'refs/tags/v2', repository.git('rev-parse', 'refs/tags/v1'));
  repository.git('tag', '-a', '-m', 'plain', 'plain');
  repository.git('tag', 'light');
});
afterAll(() => workshop.remove());

const check = (tag: string) => gate(['check', '--repo', repository.dir, '--tag', tag]);

describe('check --tag', () => {
  whenSigned('opens for a tag that a signer signed', async () => {
    const { code, stdout } = await check('v1');
    expect(stdout).toContain('signed by bob');
    expect(code).toBe(0);
  });

  whenSigned.each([
    ['v2', 'copied to another name'],
    ['plain', 'signatures/unsigned'],
    ['light', 'lightweight'],
  ])('refuses %s: %s', async (tag, words) => {
    const { code, stdout } = await check(tag);
    expect(stdout).toContain(words);
    expect(stdout).toContain('git tag --sign');
    expect(code).toBe(1);
  });

  whenSigned('says that there is no such tag', async () => {
    expect(await check('v9')).toEqual({ code: 2, stdout: '', stderr: 'gitops-gate: there is no tag v9\n' });
  });
});
