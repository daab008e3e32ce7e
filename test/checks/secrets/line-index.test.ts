import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultEngine } from '../../../src/checks/secrets/check.js';
import { LineIndex } from '../../../src/checks/secrets/line-index.js';
import { scanFile } from '../../../src/checks/secrets/scan-file.js';

const lines = fc
  .tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 3 }))
  .map(([line, more, mark]) => ({ line, endLine: line + more, mark }));

describe('findings by line', () => {
  it('are found as a look at all of them would', () => {
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 40 }), lines, (items, asked) => {
        const test = (item: { mark: number }): boolean => item.mark === asked.mark;
        const touches = items.filter((item) => item.line <= asked.endLine && item.endLine >= asked.line);
        expect(new LineIndex(items).some(asked, test)).toBe(touches.some(test));
      }),
    );
  });

  it('a file with as many Secrets as lines ends', () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `  key${i}: hunter-${i}-Xy9pQ7zr\n`).join('');
    const text = `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n${keys}`;
    const { findings } = scanFile('a.yaml', Buffer.from(text), defaultEngine());
    expect(findings.length).toBeGreaterThan(0);
  });
});
