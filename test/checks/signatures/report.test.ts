import { describe, expect, it } from '@jest/globals';
import { createMessage, generateKey, type PrivateKey, sign } from 'openpgp';
import { signaturesCheck } from '../../../src/checks/signatures/index.js';
import { MemoryTree } from '../../../src/git/index.js';
import { FakeChange } from './support/change.js';
import { contextOf, NOW } from './support/context.js';
import { makeCommit } from './support/objects.js';
import { sshKey } from './support/ssh.js';

const BASE = 'b'.repeat(40);
const alice = sshKey();
const bob = sshKey();
const signers = [
  { name: 'bob', emails: ['bob@example.com'], keys: [bob.fingerprint] },
  { name: 'alice', emails: ['alice@example.com'], keys: [alice.fingerprint] },
];
type Parts = Parameters<typeof makeCommit>[0];

/** A change of commits in a line, each by a key or by nobody. */
async function changeOf(...commits: [typeof alice | null, Parts?][]) {
  const change = new FakeChange();
  let parent = BASE;
  for (const [key, parts] of commits) {
    const message = `commit ${change.commits.length}`;
    parent = change.add(
      await makeCommit({ parents: [parent], message, ...parts }, key?.sign ?? null),
      new MemoryTree(),
    ).sha;
  }
  return change;
}
const byBob: Parts = { committer: 'bob@example.com' };
const line = (day: string, key = alice) => ({
  allowed_signers: `alice@example.com valid-before="${day}" ${key.line}\n`,
});

describe('the report of signatures', () => {
  it('lists commits in order, and in its summary who signed by name', async () => {
    const change = await changeOf([bob, byBob], [alice], [bob, byBob]);
    const result = await signaturesCheck(contextOf(change, { signers }));
    expect(result.summary).toBe('3 commits, all signed by alice, bob');
    expect(result.signatures?.map(({ signer }) => signer)).toEqual(['bob', 'alice', 'bob']);
  });

  it('tells of an author who is another, of one commit in the singular, of pairs one by one', async () => {
    const [carol, dave] = [
      { author: 'carol@example.com', committer: 'alice@example.com' },
      { author: 'dave@example.com', committer: 'alice@example.com' },
    ];
    const change = await changeOf([alice, carol], [alice, dave], [alice, dave]);
    const { findings } = await signaturesCheck(contextOf(change, { signers }));
    expect(findings).toMatchObject([
      {
        check: 'signatures',
        ruleId: 'signatures/author-differs',
        action: 'inform',
        message: 'commit '.concat(
          String(change.commits[0]?.sha.slice(0, 10)),
          ' "commit 0" by <carol@example.com> was committed and signed by <alice@example.com>',
        ),
        help: 'the signature binds the committer; ask them where the change is from if that is not known',
      },
      { message: '2 commits by <dave@example.com> were committed and signed by <alice@example.com>' },
    ]);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('says nothing of authors and expiry where the commit is refused anyway', async () => {
    const change = await changeOf(
      [null, { author: 'carol@example.com', committer: 'alice@example.com' }],
      [alice, byBob],
    );
    const { findings } = await signaturesCheck(contextOf(change, { signers }, line('20261130')));
    expect(findings.map(({ ruleId }) => ruleId)).toEqual([
      'signatures/unsigned',
      'signatures/identity-mismatch',
    ]);
    expect(findings).toMatchObject([
      { check: 'signatures', action: 'fix' },
      { check: 'signatures', action: 'fix' },
    ]);
  });

  it('tells of a key that ends in 30 days to the second, with the way to mend it', async () => {
    const change = await changeOf([alice]);
    const told = async (end: string) =>
      (await signaturesCheck(contextOf(change, { signers }, line(end)))).findings;
    expect(await told('20261222120001Z')).toEqual([]);
    expect(await told('20261222120000Z')).toMatchObject([
      {
        check: 'signatures',
        ruleId: 'signatures/expiring-key',
        message: `the key ${alice.fingerprint} of alice expires on 2026-12-22`,
        help: 'extend valid-before in allowed_signers, or have a new certificate issued',
      },
    ]);
  });

  it('gives the commands that extend an OpenPGP key and bring it', async () => {
    const { privateKey, publicKey } = await generateKey({
      userIDs: [{ email: 'alice@example.com' }],
      format: 'object',
      date: new Date('2026-11-01'),
      keyExpirationTime: 30 * 86_400,
    });
    const signing = async (payload: Buffer) => {
      const message = await createMessage({ binary: payload });
      const date = new Date('2026-11-02');
      return String(await sign({ message, signingKeys: privateKey as PrivateKey, detached: true, date }));
    };
    const change = new FakeChange();
    change.add(await makeCommit({ parents: [BASE] }, signing));
    const keys = { 'a.asc': publicKey.armor() };
    const { findings } = await signaturesCheck(contextOf(change, {}, keys));
    const id = publicKey.getFingerprint().toUpperCase();
    expect(findings.map(({ help }) => help)).toEqual([
      `gpg --quick-set-expire ${id} 1y && gpg --armor --export ${id} > .gitops-gate/keys/${id}.asc`,
    ]);
  });

  it('is one line that asks for nothing where no key is configured, and judges where a signer has one', async () => {
    const change = await changeOf([null]);
    const keyless = [{ name: 'alice', emails: ['alice@example.com'], keys: [] }];
    const coverage = await signaturesCheck(contextOf(change, { mode: 'report', signers: keyless }));
    expect(coverage.findings).toMatchObject([
      {
        check: 'signatures',
        ruleId: 'signatures/coverage',
        action: 'inform',
        message: '0 of 1 commits is signed; no key is configured to verify them',
        help: 'gitops-gate init --signers proposes signers and keys from history',
      },
    ]);
    const mixed = await signaturesCheck(
      contextOf(change, { mode: 'report', signers: [...keyless, signers[0]] }),
    );
    expect(mixed.findings.map(({ ruleId }) => ruleId)).toEqual(['signatures/unsigned']);
    const ring = await signaturesCheck(contextOf(change, { mode: 'report' }, line('20990101')));
    expect(ring.findings.map(({ ruleId }) => ruleId)).toEqual(['signatures/unsigned']);
  });

  it('rebases with merges when any commit is one', async () => {
    const change = await changeOf([null], [null, { parents: [BASE, BASE] }]);
    const { findings } = await signaturesCheck(contextOf(change, { signers }));
    for (const { help } of findings) expect(help).toContain('git rebase --rebase-merges');
  });

  it('says how many commits are left when it is ended on the way, and which verdicts it came to', async () => {
    const change = await changeOf([alice], [alice], [alice]);
    const abort = new AbortController();
    const treeOf = change.filesOfCommit.bind(change);
    change.filesOfCommit = (commit) => {
      abort.abort();
      return treeOf(commit);
    };
    const scopes = [{ paths: ['prod/**'], signers: ['alice'] }];
    const result = await signaturesCheck(
      contextOf(change, { signers, scopes }, {}, { signal: abort.signal, now: NOW }),
    );
    expect(result.notVerified).toEqual([
      { what: '2 of 3 commits', reason: 'the check was ended before it reached them', closes: true },
    ]);
    expect([result.summary, result.signatures?.length]).toEqual(['1 of 3 commits could be judged', 1]);
  });

  it('says which heads of a merge queue do not count, and closes for what they brought alone', async () => {
    const change = new FakeChange();
    const refused = { what: 'what the merge queue made of 0123456789', reason: 'it has no commit' };
    const { notVerified } = await signaturesCheck(contextOf(change, {}, {}, { queueRefused: [refused] }));
    expect(notVerified).toEqual([{ ...refused, closes: false }]);
  });

  it('hands the heads of a merge queue on', async () => {
    const change = new FakeChange(new MemoryTree({ a: '1' }));
    const tree = new MemoryTree({ a: '2' });
    const made = change.add(
      await makeCommit({ parents: [BASE], tree: tree.oid, committer: 'noreply@github.com' }, null),
      tree,
    );
    Object.assign(change, { head: { commit: made.sha, tree } });
    const head = 'c'.repeat(40);
    change.merges.set(`${BASE} ${head}`, tree.oid);
    const verdictOf = async (queue?: string[]) =>
      (await signaturesCheck(contextOf(change, { signers, webFlow: 'merges' }, {}, { queue })))
        .signatures?.[0];
    expect(await verdictOf([head])).toMatchObject({
      verdict: 'valid',
      signer: 'web-flow',
      fingerprint: null,
    });
    expect(await verdictOf()).toMatchObject({ verdict: 'unsigned' });
  });
});
