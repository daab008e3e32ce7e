import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judgeRepository } from '../../src/gate/index.js';
import { openRepository } from '../../src/git/index.js';
import { payloadOf, withHeader } from '../checks/signatures/support/objects.js';
import { sshKey } from '../checks/signatures/support/ssh.js';
import { type TestRepository, Workshop } from '../git/real-repository.js';
import { gate } from './run-gate.js';

const NOW = '2026-11-22T12:00:00Z';
const HUB = 'noreply@github.com';
const alice = sshKey();
const workshop = new Workshop();
let repository: TestRepository;
/** Two pull requests, and the group that GitHub makes of them: a squash of the first, a rebase of the second. */
let first: string;
let second: string;
let group: string;

const rev = (name: string) => repository.git('rev-parse', name);

/** A commit that adds files to what a commit holds. */
function commit(
  parent: string,
  files: Readonly<Record<string, string>>,
  by: { email: string; key: typeof alice | null },
): string {
  // Nothing that was put into the index for another commit may stay.
  repository.git('checkout', '-q', '--force', '--detach', parent);
  repository.git('clean', '-fdq');
  repository.write(files);
  repository.git('add', '-A');
  const tree = repository.git('write-tree');
  const payload = payloadOf({ tree, parents: [parent], committer: by.email });
  const raw = by.key === null ? payload : withHeader(payload, 'gpgsig', by.key.sign(payload));
  return repository.object('commit', raw);
}

beforeAll(() => {
  repository = workshop.repository();
  repository.commit('the gate', {
    '.gitops-gate/config.yaml': `version: 1\nsignatures:\n  webFlow: merges\n  signers: [{name: alice, emails: [alice@example.com], keys: ["${alice.fingerprint}"]}]\n`,
  });
  const main = rev('main');
  const byAlice = { email: 'alice@example.com', key: alice };
  const byHub = { email: HUB, key: null };
  first = commit(commit(main, { 'apps/a.yaml': 'a: 1\n' }, byAlice), { 'apps/b.yaml': 'b: 1\n' }, byAlice);
  second = commit(main, { 'apps/c.yaml': 'c: 1\n' }, byAlice);
  const squash = commit(main, { 'apps/a.yaml': 'a: 1\n', 'apps/b.yaml': 'b: 1\n' }, byHub);
  group = commit(squash, { 'apps/c.yaml': 'c: 1\n' }, byHub);
});
afterAll(() => workshop.remove());

const check = (head: string) =>
  gate([
    ...['check', '--repo', repository.dir, '--base', 'main', '--head', head],
    ...['--only', 'signatures', '--now', NOW],
  ]);

async function judgeGroup(head: string, queue: readonly string[] | undefined) {
  const opened = await openRepository(repository.dir);
  try {
    const { report } = await judgeRepository(opened, {
      base: 'main',
      head,
      queue,
      only: ['signatures'],
      now: new Date(NOW),
      version: '0.0.0',
      signal: new AbortController().signal,
    });
    return {
      conclusion: report.conclusion,
      rows: report.signatures?.commits.map(({ verdict: word, signer }) => `${word} by ${signer}`),
    };
  } finally {
    await opened.close();
  }
}

describe('the range of a merge queue', () => {
  it('opens for heads that their author signed', async () => {
    for (const head of [first, second]) expect((await check(head)).code).toBe(0);
  });

  it('is of nobody for who does not know the heads that it was made of', async () => {
    const { code, stdout } = await check(group);
    expect(code).toBe(1);
    expect(stdout).toContain('signatures/unsigned');
    expect((await judgeGroup(group, undefined)).conclusion).toBe('failure');
  });

  it('opens where it is, by its trees, what merging the judged heads gives', async () => {
    expect(await judgeGroup(group, [first, second])).toEqual({
      conclusion: 'success',
      rows: ['valid by web-flow', 'valid by web-flow'],
    });
  });

  it('stays closed in another order, with a head missing, or with anything more in it', async () => {
    expect((await judgeGroup(group, [second, first])).conclusion).toBe('failure');
    expect((await judgeGroup(group, [first])).rows).toEqual(['valid by web-flow', 'unsigned by null']);
    const evil = commit(group, { 'apps/evil.yaml': 'e: 1\n' }, { email: HUB, key: null });
    expect((await judgeGroup(evil, [first, second])).rows?.at(-1)).toBe('unsigned by null');
    const swapped = commit(rev('main'), { 'apps/a.yaml': 'evil: 1\n' }, { email: HUB, key: null });
    expect((await judgeGroup(swapped, [first, second])).conclusion).toBe('failure');
  });

  describe('on the command line', () => {
    const group2 = (head: string, ...queue: string[]) =>
      gate([
        ...['check', '--repo', repository.dir, '--base', 'main', '--head', head],
        ...['--only', 'signatures', '--now', NOW, ...queue.flatMap((rev) => ['--queue', rev])],
      ]);

    it('opens for the heads that are named, in their order, once these are found signed', async () => {
      const good = await group2(group, first, second);
      expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('all signed by web-flow')]);
      expect((await group2(group, second, first)).code).toBe(1);
      expect((await group2(group, first)).code).toBe(1);
      repository.git('update-ref', 'refs/pull/1/head', first);
      expect((await group2(group, 'pull/1/head', second)).code).toBe(0);
    });

    it('counts no head that nobody signed, and says so', async () => {
      const byNobody = commit(rev('main'), { 'apps/x.yaml': 'x: 1\n' }, { email: HUB, key: null });
      const squash = commit(rev('main'), { 'apps/x.yaml': 'x: 1\n' }, { email: HUB, key: null });
      const half = commit(first, { 'apps/y.yaml': 'y: 1\n' }, { email: HUB, key: null });
      const squashed = commit(
        rev('main'),
        { 'apps/a.yaml': 'a: 1\n', 'apps/b.yaml': 'b: 1\n', 'apps/y.yaml': 'y: 1\n' },
        { email: HUB, key: null },
      );
      for (const [head, queued, why] of [
        [squash, byNobody, '1 of its 1 commits are not validly signed'],
        [squashed, half, '1 of its 3 commits are not validly signed'],
      ] as const) {
        const { code, stdout } = await group2(head, queued);
        expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([
          1,
          expect.stringContaining(`what the merge queue made of ${queued.slice(0, 10)}: ${why}`),
        ]);
      }
    });

    it('counts no head that brings nothing: an empty commit would be let in for it', async () => {
      const empty = commit(rev('main'), {}, { email: HUB, key: null });
      const { code, stdout } = await group2(empty, 'main');
      expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([
        1,
        expect.stringContaining('it has no commit that the base has not'),
      ]);
    });

    it('says so when there is no such head, and judges none without the check', async () => {
      const none = await group2(group, 'nowhere');
      expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('nowhere')]);
      const { code } = await gate([
        ...['check', '--repo', repository.dir, '--base', 'main', '--head', group],
        ...['--only', 'secrets', '--queue', 'nowhere'],
      ]);
      expect(code).toBe(0);
    });
  });
});
