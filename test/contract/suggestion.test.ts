import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { suggestionDiff, suggestionOf } from '../../src/contract/index.js';

const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-suggestion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `git apply` makes of a text by the diff of a suggestion. */
function applied(before: string, after: string): string {
  writeFileSync(join(folder, 'a.yaml'), before);
  const diff = `${suggestionDiff(suggestionOf('a.yaml', before, after))}\n`;
  execFileSync('git', ['apply', '--unidiff-zero', '-'], { cwd: folder, input: diff });
  return readFileSync(join(folder, 'a.yaml'), 'utf8');
}

describe('a suggestion', () => {
  it('holds the lines that go and those that come', () => {
    const of = (before: string, after: string) => suggestionOf('p', before, after);
    expect(of('a\nb\nc\n', 'a\nx\nc\n')).toEqual({ path: 'p', line: 2, removed: ['b'], added: ['x'] });
    expect(of('a\nc\n', 'a\nb\nc\n')).toEqual({ path: 'p', line: 2, removed: [], added: ['b'] });
    expect(of('a\na\na\n', 'a\na\n')).toEqual({ path: 'p', line: 3, removed: ['a'], added: [] });
  });

  it('puts what comes at the end behind the last line', () => {
    const added = suggestionOf('p', 'a\n', 'a\n\na\n');
    expect(added).toEqual({ path: 'p', line: 2, removed: [], added: ['', 'a'] });
  });

  it('is a diff that git applies', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'key: value', ''), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lines, lines, (old, fresh) => {
        const [before, after] = [old, fresh].map((all) => all.map((line) => `${line}\n`).join(''));
        if (before === undefined || after === undefined || before === after) return;
        expect(applied(before, after)).toBe(after);
      }),
      { numRuns: 60 },
    );
  });
});
