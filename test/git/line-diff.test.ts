import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addedLineNumbers, linesOf } from '../../src/git/index.js';

const text = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

/** Length of a longest common subsequence, by the table. */
function common(a: readonly string[], b: readonly string[]): number {
  let row: number[] = new Array(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (const [index, other] of b.entries()) {
      next.push(line === other ? (row[index] ?? 0) + 1 : Math.max(next[index] ?? 0, row[index + 1] ?? 0));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function isSubsequence(short: readonly string[], long: readonly string[]): boolean {
  let at = 0;
  for (const line of long) if (at < short.length && short[at] === line) at += 1;
  return at === short.length;
}

describe('added lines', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '', '  - x', '}'), { maxLength: 40 });

  it('leave, taken away, a longest subsequence of what was', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const added = new Set(addedLineNumbers(text(before), text(after)));
        const rest = after.filter((_, index) => !added.has(index + 1));
        expect(isSubsequence(rest, before)).toBe(true);
        expect(rest.length).toBe(common(before, after));
      }),
      { numRuns: 2000 },
    );
  });

  it('are never too few when the budget ends', () => {
    fc.assert(
      fc.property(lines, lines, fc.nat(60), (before, after, budget) => {
        const added = new Set(addedLineNumbers(text(before), text(after), budget));
        const rest = after.filter((_, index) => !added.has(index + 1));
        expect(isSubsequence(rest, before)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('end in bounded time on hostile input, and name every line that is new', () => {
    const before = Array.from({ length: 60_000 }, (_, index) => String((index * 7919) % 4001));
    const after = Array.from({ length: 60_000 }, (_, index) => String((index * 104_729) % 4003));
    after[30_000] = 'password: new';
    const added = addedLineNumbers(text(before), text(after));
    expect(added).toContain(30_001);
  });

  it('compare a change of one line in 20,000', () => {
    const before = Array.from({ length: 20_000 }, (_, index) => `line ${index % 50}`);
    const after = before.with(9_999, 'changed');
    expect(addedLineNumbers(text(before), text(after))).toEqual([10_000]);
  });

  it.each([
    ['a carriage return belongs to its line', 'a\nb\n', 'a\r\nb\n', [1]],
    ['the last line without a line feed', 'a\nb\n', 'a\nb', []],
    ['a line after one without a line feed', 'a\nb', 'a\nb\nc', [3]],
    ['an empty file', '', '', []],
    ['from nothing', '', 'a\n\nb', [1, 2, 3]],
    ['to nothing', 'a\n', '', []],
    ['a lone line feed', '', '\n', [1]],
    ['lines of bytes that are not UTF-8', 'a\n', 'a\n\ufffd\n', [2]],
  ])('%s', (_, before, after, numbers) => {
    expect(addedLineNumbers(Buffer.from(before), Buffer.from(after))).toEqual(numbers);
  });

  it('tell bytes apart that decode alike', () => {
    expect(addedLineNumbers(Buffer.of(0xff, 0x0a), Buffer.of(0xfe, 0x0a))).toEqual([1]);
  });
});

describe('lines', () => {
  it('are what joins to the file', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const joined = linesOf(Buffer.from(bytes)).map((line) => Buffer.concat([line, Buffer.of(0x0a)]));
        const whole = Buffer.concat(joined);
        const wanted = bytes.length === 0 || bytes.at(-1) === 0x0a ? bytes : [...bytes, 0x0a];
        expect(whole.equals(Buffer.from(wanted))).toBe(true);
      }),
    );
  });
});
