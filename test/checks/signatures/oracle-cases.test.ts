import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CommitJudge } from '../../../src/checks/signatures/commit-judge.js';
import { loadKeyring } from '../../../src/checks/signatures/keyring.js';
import { judgeTag } from '../../../src/checks/signatures/tag.js';
import { configSchema } from '../../../src/config/index.js';
import { MemoryTree, parseCommit } from '../../../src/git/index.js';
import { FakeChange, renderedAs } from './support/change.js';

interface Fixture {
  now: string;
  keys: Record<string, string>;
  cases: { name: string; type: 'commit' | 'tag'; oid: string; raw: string; expect: string; git: string }[];
}

const fixture: Fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/signatures/oracle.json', import.meta.url), 'utf8'),
);
const now = new Date(fixture.now);
const settings = configSchema.parse({ version: 1 }).signatures;
const tree = new MemoryTree(
  Object.entries(fixture.keys).map(
    ([name, base64]) => [`keys/${name}`, Buffer.from(base64, 'base64')] as const,
  ),
);
let loaded: ReturnType<typeof loadKeyring> | undefined;
const keyring = () => {
  loaded ??= loadKeyring(tree, 'keys');
  return loaded;
};

describe('objects made by gpg and ssh-keygen (npm run oracle:signatures)', () => {
  it('reads the whole keyring, and says which key is too weak to be used', async () => {
    const { problems } = await loadKeyring(tree, 'keys');
    expect(problems).toEqual([
      {
        what: expect.stringMatching(/^keys\/allowed_signers, line \d+$/),
        reason: 'RSA keys of 1024 bits are too weak',
        closes: false,
      },
    ]);
  });

  it.each(fixture.cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const raw = Buffer.from(one.raw, 'latin1');
    const judge = new CommitJudge(new FakeChange(), settings, await keyring(), renderedAs(), now);
    const { verdict } =
      one.type === 'commit'
        ? await judge.judge(parseCommit(raw, one.oid))
        : await judgeTag(raw, one.oid, settings, await keyring(), now);
    expect(verdict).toBe(one.expect);
  });

  it('takes nothing that git refuses', () => {
    expect(fixture.cases.filter((one) => one.expect === 'valid' && one.git !== 'G')).toEqual([]);
  });

  it('has a case for every verdict that a key or signature can earn', () => {
    const verdicts = new Set(fixture.cases.map((one) => one.expect));
    expect([...verdicts].sort()).toEqual([
      'bad_signature',
      'expired_key',
      'expired_signature',
      'future_dated',
      'identity_mismatch',
      'malformed',
      'multiple_signatures',
      'not_entitled',
      'not_signing_key',
      'revoked_key',
      'unknown_key',
      'unsigned',
      'unsupported_type',
      'valid',
      'weak_algorithm',
    ]);
  });
});
