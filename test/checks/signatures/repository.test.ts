import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signaturesCheck } from '../../../src/checks/signatures/index.js';
import { openRepository } from '../../../src/git/index.js';
import { FakeChange } from './support/change.js';
import { contextOf } from './support/context.js';
import { withHeader } from './support/objects.js';
import { type SshKey, sshKey } from './support/ssh.js';

const alice = sshKey();
const bob = sshKey();
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

/** A commit with these files (null: the tree of merging its parents), signed by a key. */
function commit(
  who: [string, SshKey | null],
  parents: readonly string[],
  files: Record<string, string> | null,
): string {
  const [email, key] = who;
  const [first, second] = parents;
  let tree = files === null ? git(['merge-tree', '--write-tree', String(first), String(second)]) : '';
  if (files !== null) {
    git(['read-tree', '--empty']);
    for (const [name, content] of Object.entries(files)) {
      const blob = git(['hash-object', '-w', '--stdin'], content);
      git(['update-index', '--add', '--cacheinfo', `100644,${blob},${name}`]);
    }
    tree = git(['write-tree']);
  }
  const person = `A <${email}> 1700000000 +0000`;
  const head = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${person}`,
    `committer ${person}`,
  ];
  const payload = Buffer.from(`${head.join('\n')}\n\n${JSON.stringify(files)}\n`);
  const raw = key === null ? payload : withHeader(payload, 'gpgsig', key.sign(payload));
  return git(['hash-object', '-w', '-t', 'commit', '--stdin'], raw);
}

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'signatures-'));
  git(['init', '-q', '-b', 'main']);
  writeFileSync(path.join(dir, '.git', 'info', 'attributes'), '');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the check on a repository', () => {
  const asAlice: [string, SshKey] = ['alice@example.com', alice];
  const asBob: [string, SshKey] = ['bob@example.com', bob];
  const verdicts = async (base: string, head: string) => {
    const repository = await openRepository(dir);
    const change = await repository.openChange({ base, head });
    const signatures = {
      signers: [
        { name: 'alice', emails: ['alice@example.com'], keys: [alice.fingerprint] },
        { name: 'bob', emails: ['bob@example.com'], keys: [bob.fingerprint] },
      ],
      scopes: [{ paths: ['prod/**'], signers: ['alice'] }],
    };
    const result = await signaturesCheck({ ...contextOf(new FakeChange(), signatures), change });
    await change.close();
    await repository.close();
    expect(result.notVerified).toEqual([]);
    const bySha = new Map(result.signatures?.map(({ sha, verdict }) => [sha, verdict]));
    const paths = result.findings.map(({ path: where }) => where);
    return { of: (sha: string) => bySha.get(sha), paths };
  };

  it('judges commits by their paths, and merges by what they add', async () => {
    const base = commit(asAlice, [], { 'apps/a': '1', 'prod/a': '1' });
    const main = commit(asAlice, [base], { 'apps/a': '1', 'prod/a': '2' });
    const edit = commit(asBob, [base], { 'apps/a': '2', 'prod/a': '1' });
    const merge = commit(asBob, [edit, main], null);
    const evil = commit(asBob, [edit, main], { 'apps/a': '2', 'prod/a': '2', 'prod/evil': '1' });
    const ours = commit(asBob, [edit, main], { 'apps/a': '2', 'prod/a': '1' });
    const clean = await verdicts(main, merge);
    expect([clean.of(edit), clean.of(merge), clean.paths]).toEqual(['valid', 'valid', []]);
    const added = await verdicts(main, evil);
    expect([added.of(edit), added.of(evil), added.paths]).toEqual(['valid', 'not_entitled', ['prod/evil']]);
    const dropped = await verdicts(main, ours);
    expect([dropped.of(ours), dropped.paths]).toEqual(['not_entitled', ['prod/a']]);
  });

  it('judges a conflict by what was chosen', async () => {
    const base = commit(asAlice, [], { x: '1\n', 'prod/a': '1\n' });
    const main = commit(asAlice, [base], { x: '2\n', 'prod/a': '2\n' });
    const edit = commit(asBob, [base], { x: '3\n', 'prod/a': '1\n' });
    const good = commit(asBob, [edit, main], { x: '4\n', 'prod/a': '2\n' });
    const bad = commit(asBob, [edit, main], { x: '4\n', 'prod/a': '1\n' });
    expect((await verdicts(main, good)).of(good)).toBe('valid');
    expect((await verdicts(main, bad)).paths).toEqual(['prod/a']);
  });
});
