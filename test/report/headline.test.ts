import { describe, expect, it } from '@jest/globals';
import { headline } from '../../src/report/index.js';
import { sampleCheck, sampleFinding, sampleRefusal, sampleTarget, sampleVerdict } from './sample-verdict.js';

const valid = {
  sha: 'a'.repeat(40),
  verdict: 'valid',
  type: 'ssh',
  signer: 'alice',
  fingerprint: null,
} as const;

describe('headline', () => {
  it('counts what is asked for, the clusters reached and the time', () => {
    expect(headline(sampleRefusal())).toBe(
      'Refused: 1 to fix, 1 to approve, 1 not verified (3 clusters, 2.8 s)',
    );
  });

  it('says what merging changes and who signed it', () => {
    const verdict = sampleVerdict([sampleCheck('signatures', []), sampleCheck('diff', [])], {
      targets: [sampleTarget('prod'), sampleTarget('staging')],
      report: { signatures: { commits: [valid] } },
      verdict: { elapsedMs: 812 },
    });
    expect(headline(verdict)).toBe('Open: 4 changes on 2 clusters, signed by alice (812 ms)');
  });

  it('claims no signer when one commit is not valid', () => {
    const verdict = sampleVerdict([sampleCheck('signatures', [])], {
      report: { signatures: { commits: [valid, { ...valid, verdict: 'unsigned', signer: null }] } },
    });
    expect(headline(verdict)).toBe('Open: signatures (2.8 s)');
  });

  it('says that it would refuse where a check only reports', () => {
    const told = sampleFinding({ ruleId: 'policies/a/b', action: 'inform', severity: 'error' });
    const verdict = sampleVerdict([sampleCheck('policies', [told], { mode: 'report' })]);
    expect(headline(verdict)).toBe('Open, but would refuse: 1 to fix (2.8 s)');
  });

  it('is closed, not refused, when something could not be verified and nothing was found', () => {
    const check = sampleCheck('diff', [], {
      conclusion: 'error',
      notVerified: [{ what: 'x', reason: 'timed out', closes: true }],
    });
    expect(headline(sampleVerdict([check]))).toBe('Closed: 1 not verified (2.8 s)');
  });

  it('calls a scan clean', () => {
    const verdict = sampleVerdict([sampleCheck('secrets', [])], {
      report: { base: null, head: null, mergeBase: null, result: null },
      verdict: { elapsedMs: 72_400 },
    });
    expect(headline(verdict)).toBe('Clean: nothing found (1 min 12 s)');
  });
});
