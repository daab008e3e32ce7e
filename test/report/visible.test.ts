import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clip, visible } from '../../src/report/index.js';

describe('visible', () => {
  it.each([
    ['plain text, ünïcode, 日本語, 🔴', 'plain text, ünïcode, 日本語, 🔴'],
    ['a\u001b[31mb', 'a\\u{1b}[31mb'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\u202egnp', '\\u{202e}gnp'],
    ['x\u200by\ufeff', 'x\\u{200b}y\\u{feff}'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['caf\udce9', 'caf\\xe9'],
    ['\ud800', '\\u{d800}'],
    ['⚠\ufe0f', '⚠\ufe0f'],
  ])('writes out what cannot be seen: %j', (text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  it('leaves no control or format character in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('clip', () => {
  it('keeps short text and never cuts a surrogate pair', () => {
    expect(clip('abc', 3)).toBe('abc');
    expect(clip('abcd', 3)).toBe('ab…');
    expect(clip('a🔴bcd', 3)).toBe('a…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 20 }), (text, max) => {
        const cut = clip(text, max);
        expect(cut.length).toBeLessThanOrEqual(Math.max(max, 0));
        expect(cut.isWellFormed()).toBe(true);
      }),
    );
  });
});
