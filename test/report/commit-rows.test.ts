import { describe, expect, it } from '@jest/globals';
import type { CommitSignature } from '../../src/contract/index.js';
import { finding } from '../../src/contract/index.js';
import { commitRows } from '../../src/report/commit-rows.js';
import { writeMarkdown } from '../../src/report/markdown.js';
import { writeText } from '../../src/report/text.js';
import { sampleCheck, sampleVerdict } from './sample-verdict.js';

const signed = (sha: string): CommitSignature => ({
  sha: sha.repeat(40),
  verdict: 'valid',
  type: 'ssh',
  signer: 'alice',
  fingerprint: 'ssh:SHA256:abc',
});
const unsigned = (sha: string): CommitSignature => ({
  ...signed(sha),
  verdict: 'unsigned',
  type: null,
  signer: null,
  fingerprint: null,
});
const refusal = finding({
  check: 'signatures',
  ruleId: 'signatures/unsigned',
  action: 'fix',
  message: 'commit bbbbbbb "x": unsigned: it carries no signature',
  help: 'git commit --amend --no-edit -S',
  commit: 'b'.repeat(40),
  fingerprint: 'f',
});
const verdictOf = (commits: CommitSignature[], findings = [refusal]) =>
  sampleVerdict([sampleCheck('signatures', findings), sampleCheck('diff', [])], {
    report: { signatures: { commits } },
  });

describe('the table of commits', () => {
  it('has those that are refused first, each with its reason', () => {
    const rows = commitRows(verdictOf([signed('a'), unsigned('b'), unsigned('c')]).report);
    expect(rows.map(({ sha, refusal: why }) => [sha[0], why?.message ?? null])).toEqual([
      ['b', refusal.message],
      ['c', null],
      ['a', null],
    ]);
  });

  it('is not there where nobody signs yet', () => {
    expect(commitRows(verdictOf([unsigned('b')], []).report)).toEqual([]);
    expect(writeText(verdictOf([unsigned('b')], []), {})).not.toContain('Commits');
    expect(commitRows(verdictOf([unsigned('b')]).report)).toHaveLength(1);
  });

  it('tells principal, key, reason and the way out as a command', () => {
    const verdict = verdictOf([signed('a'), unsigned('b')]);
    const markdown = writeMarkdown(verdict);
    expect(markdown).toContain('| `aaaaaaa` | valid | alice | `ssh:SHA256:abc` |  |');
    expect(markdown).toMatch(
      /\| `bbbbbbb` \| unsigned \|\s+\|\s+\| .*no signature<br>\*\*→\*\* `git commit --amend --no-edit -S` \|/,
    );
    const text = writeText(verdict, {});
    expect(text).toMatch(
      /Commits \(2\)\n {2}bbbbbbb {2}unsigned {2}- +-\n {2}aaaaaaa {2}valid +alice {2}ssh:SHA256:abc\n/,
    );
    const many = Array.from({ length: 30 }, () => signed('a'));
    expect(writeText(verdictOf(many, []), {})).toContain('and 10 more commits');
  });
});
