import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesText } from '../../src/config/wildcard.js';

describe('matchesText', () => {
  it.each([
    ['policies/*', 'policies/a/b', true],
    ['policies/*', 'policies', false],
    ['*', '', true],
    ['*', 'a/b', true],
    ['', '', true],
    ['', 'a', false],
    ['a', '', false],
    ['a*', 'a', true],
    ['*@corp.example.com', 'bob@corp.example.com', true],
    ['*@corp.example.com', 'bob@corp.example.com.evil', false],
    ['*ab*ab', 'abab', true],
    ['*ab*ab', 'ab', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a.c', 'abc', false],
    ['a?', 'ab', false],
    ['**', 'x', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(matchesText(pattern, text)).toBe(expected);
  });

  it('agrees with the regular expression that says the same', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 10 }).map((parts) => parts.join(''));
    const pattern = fc
      .array(fc.constantFrom('a', 'b', '/', '*'), { maxLength: 8 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const regex = new RegExp(`^${glob.replaceAll('*', '.*')}$`, 's');
        expect(matchesText(glob, value)).toBe(regex.test(value));
      }),
      { numRuns: 2000 },
    );
  });

  it('is not drowned by many stars', () => {
    expect(matchesText(`${'*a'.repeat(1_000)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});
