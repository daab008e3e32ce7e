import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judgeNamedTag } from '../../src/cli/judge-tag.js';
import { openRepository } from '../../src/git/index.js';
import { sshKey } from '../checks/signatures/support/ssh.js';

const alice = sshKey();
const NOW = new Date('2026-11-22T12:00:00Z');
let dir = '';
const env = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  HOME: '/nonexistent',
};
const git = (args: string[], input?: Buffer | string) =>
  execFileSync('git', ['-C', dir, ...args], {
    env,
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  }).trim();

let commit = '';
/** Makes a tag object that states a name and puts it under a ref. */
function tag(
  name: string,
  parts: { states?: string; email?: string; signed?: boolean; object?: string; type?: string } = {},
) {
  const {
    states = name,
    email = 'alice@example.com',
    signed = true,
    object = commit,
    type = 'commit',
  } = parts;
  const payload = Buffer.from(
    `object ${object}\ntype ${type}\ntag ${states}\ntagger A <${email}> 1700000000 +0000\n\nx\n`,
  );
  const raw = signed ? Buffer.concat([payload, Buffer.from(alice.sign(payload))]) : payload;
  const oid = git(['hash-object', '-w', '-t', 'tag', '--stdin'], raw);
  git(['update-ref', `refs/tags/${name}`, oid]);
  return oid;
}

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'tags-'));
  git(['init', '-q', '-b', 'main']);
  const config = `version: 1\nsignatures:\n  signers:\n    - {name: alice, emails: [alice@example.com], keys: ["${alice.fingerprint}"]}\n`;
  const blob = git(['hash-object', '-w', '--stdin'], config);
  git(['update-index', '--add', '--cacheinfo', `100644,${blob},.gitops-gate/config.yaml`]);
  const person = ['-c', 'user.name=A', '-c', 'user.email=alice@example.com'];
  commit = git([...person, 'commit-tree', '-m', 'x', git(['write-tree'])]);
  git(['update-ref', 'refs/heads/main', commit]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function judged(name: string) {
  const repository = await openRepository(dir);
  try {
    const { report } = await judgeNamedTag(repository, { tag: name, base: 'main', now: NOW });
    const [check] = report.checks;
    return [
      report.conclusion,
      ...(check?.findings ?? []).flatMap(({ ruleId, message, help }) => [ruleId, message, help]),
    ];
  } finally {
    await repository.close();
  }
}

describe('check --tag', () => {
  it('opens for a tag that a signer signed under its own name', async () => {
    tag('v1');
    expect(await judged('v1')).toEqual(['success']);
    expect(await judged('refs/tags/v1')).toEqual(['success']);
  });

  it('refuses a signed tag under another name, and one that states a name in another case', async () => {
    tag('v2', { states: 'v1' });
    expect(await judged('v2')).toEqual([
      'failure',
      'signatures/bad-signature',
      expect.stringContaining('is for the tag v1, copied to another name'),
      "git tag --sign --force 'v2' 'v2^{}' && git push --force origin 'refs/tags/v2'",
    ]);
    tag('v3', { states: 'V3' });
    expect((await judged('v3'))[1]).toBe('signatures/bad-signature');
    tag('release/v4', { states: 'v4' });
    expect((await judged('release/v4'))[1]).toBe('signatures/bad-signature');
  });

  it('tells a lightweight tag, one that is not signed, and one of another tagger', async () => {
    git(['update-ref', 'refs/tags/light', commit]);
    expect((await judged('light')).slice(0, 3)).toEqual([
      'failure',
      'signatures/unsigned',
      expect.stringContaining('it is a lightweight tag'),
    ]);
    tag('plain', { signed: false });
    expect((await judged('plain'))[1]).toBe('signatures/unsigned');
    tag('other', { email: 'bob@example.com' });
    const [, rule, message, help] = await judged('other');
    expect([rule, message]).toEqual([
      'signatures/identity-mismatch',
      expect.stringContaining('the tagger is'),
    ]);
    expect(help).toContain('user.email');
  });

  it('judges the tag that was named, whose signature covers what it names by its id, and takes no branch for one', async () => {
    const inner = tag('inner', { signed: false });
    tag('outer', { object: inner, type: 'tag' });
    expect((await judged('inner'))[0]).toBe('failure');
    expect((await judged('outer'))[0]).toBe('success');
    await expect(judged('main')).rejects.toMatchObject({ code: 'unknown-revision' });
  });
});
