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
  return signedTree(who, parents, tree);
}

/** A commit of a tree, signed by a key. */
function signedTree([email, key]: [string, SshKey | null], parents: readonly string[], tree: string): string {
  const person = `A <${email}> 1700000000 +0000`;
  const head = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${person}`,
    `committer ${person}`,
  ];
  const payload = Buffer.from(`${head.join('\n')}\n\na change\n`);
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

  it('judges an edit by where merging carries it, when the base has moved the file', async () => {
    const text = (last: string) =>
      `${Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\n')}\n${last}\n`;
    const base = commit(asAlice, [], { 'apps/a': text('1'), 'apps/b': '1' });
    const moved = commit(asAlice, [base], { 'prod/a': text('1'), 'apps/b': '1' });
    const edit = commit(asBob, [base], { 'apps/a': text('evil'), 'apps/b': '1' });
    const other = commit(asBob, [edit], { 'apps/a': text('evil'), 'apps/b': '2' });
    const first = await verdicts(moved, other);
    expect([first.of(edit), first.of(other), first.paths]).toEqual(['not_entitled', 'valid', ['prod/a']]);
    // The same with the move merged into the branch, where no commit touches the new path.
    const merge = commit(asBob, [edit, moved], null);
    const second = await verdicts(moved, merge);
    expect([second.of(edit), second.paths]).toEqual(['not_entitled', ['prod/a']]);
    // Put back by a later commit the old path is there again; then nobody can be told apart and all answer.
    const back = commit(asBob, [merge], { 'prod/a': text('evil'), 'apps/a': text('evil'), 'apps/b': '1' });
    const third = await verdicts(moved, back);
    expect([third.of(edit), third.of(back), third.paths]).toEqual([
      'not_entitled',
      'not_entitled',
      ['prod/a', 'prod/a', 'prod/a'],
    ]);
    // Whoever may touch the new place may edit the old one.
    const entitled = commit(asAlice, [base], { 'apps/a': text('good'), 'apps/b': '1' });
    expect((await verdicts(moved, entitled)).of(entitled)).toBe('valid');
  });

  it('judges renames out of a scope, submodules, modes and symlinks alone, and lets empty commits be', async () => {
    const base = commit(asAlice, [], { 'apps/a': '1', 'prod/a': '2' });
    const renamed = commit(asBob, [base], { 'apps/a': '1', 'apps/b': '2' });
    expect((await verdicts(base, renamed)).paths).toEqual(['prod/a']);
    const empty = commit(asBob, [base], { 'apps/a': '1', 'prod/a': '2' });
    expect((await verdicts(base, empty)).of(empty)).toBe('valid');
    const special = (mode: string, name: string) => {
      git(['read-tree', base]);
      const oid = mode === '160000' ? base : git(['hash-object', '-w', '--stdin'], '2');
      git(['update-index', '--add', '--cacheinfo', `${mode},${oid},${name}`]);
      return signedTree(asBob, [base], git(['write-tree']));
    };
    for (const [mode, name] of [
      ['160000', 'prod/module'],
      ['100755', 'prod/a'],
      ['120000', 'prod/a'],
    ] as const) {
      expect((await verdicts(base, special(mode, name))).paths).toEqual([name]);
    }
  });

  it('judges octopus and criss-cross merges by all that they put in', async () => {
    const base = commit(asAlice, [], { x: '1\n', y: '1\n', 'prod/a': '1\n' });
    const one = commit(asBob, [base], { x: '2\n', y: '1\n', 'prod/a': '1\n' });
    const two = commit(asBob, [base], { x: '1\n', y: '2\n', 'prod/a': '1\n' });
    const three = commit(asBob, [base], { x: '1\n', y: '1\n', z: '1\n', 'prod/a': '1\n' });
    const octopus = commit(asBob, [one, two, three], { x: '2\n', y: '2\n', z: '1\n', 'prod/a': 'evil\n' });
    expect((await verdicts(base, octopus)).paths).toEqual(['prod/a']);
    const left = commit(asBob, [one, two], { x: '2\n', y: '2\n', 'prod/a': '1\n' });
    const right = commit(asBob, [two, one], { x: '2\n', y: '2\n', 'prod/a': '1\n' });
    const crossed = commit(asBob, [left, right], { x: '2\n', y: '2\n', 'prod/a': 'evil\n' });
    const judged = await verdicts(base, crossed);
    expect([judged.of(left), judged.of(right), judged.of(crossed)]).toEqual([
      'valid',
      'valid',
      'not_entitled',
    ]);
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
