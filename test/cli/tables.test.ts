import { describe, expect, it } from '@jest/globals';
import { type Replayed, writeReplay, writeReplayJson } from '../../src/cli/replay-table.js';

const merge = (more: Partial<Replayed>): Replayed => ({
  merge: 'a'.repeat(40),
  base: 'b'.repeat(40),
  head: 'c'.repeat(40),
  subject: 'Merge \u001b[31mred',
  conclusion: 'success',
  headline: 'Open: no change (12 ms)',
  rules: {},
  wouldRefuse: {},
  notVerified: [],
  elapsedMs: 500,
  ...more,
});

describe('the table of replay', () => {
  it('tells merges with their reasons, and how many would have been refused', () => {
    const text = writeReplay(
      [
        merge({}),
        merge({
          conclusion: 'failure',
          headline: 'Refused: 2 to fix',
          rules: { 'secrets/x': 2 },
          wouldRefuse: { 'policies/y': 1 },
        }),
        merge({ conclusion: 'error', headline: 'Closed', notVerified: ['a: timed out'] }),
      ],
      false,
    );
    expect(text).toContain('aaaaaaa  Merge \\u{1b}[31mred');
    expect(text).toContain('secrets/x × 2\n           policies/y, if it enforced\n');
    expect(text).toContain('not verified: a: timed out');
    expect(text.endsWith('3 merges: 1 refused, 1 not verified, 1 open (1.5 s)\n')).toBe(true);
    expect(writeReplay([], false)).toBe('no merge found (0 ms)\n');
  });

  it('is JSON for machines', () => {
    expect(JSON.parse(writeReplayJson([merge({})])).merges).toHaveLength(1);
  });
});
