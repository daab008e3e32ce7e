import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comparePaths, isUnder, pathFromBytes, pathToBytes } from '../../src/git/index.js';

describe('paths of any bytes', () => {
  it('are distinct strings that turn back into their bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(pathToBytes(pathFromBytes(bytes)).equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });

  it('read valid UTF-8 as itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(text.isWellFormed());
        expect(pathFromBytes(Buffer.from(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['a lone continuation', [0x61, 0x80, 0x62], 'a\udc80b'],
    ['an overlong slash', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['an encoded surrogate', [0xed, 0xb2, 0x80], '\udced\udcb2\udc80'],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    ['a sequence cut off', [0xe2, 0x82], '\udce2\udc82'],
    ['Latin-1 beside UTF-8', [0xe9, 0xc3, 0xa9], '\udce9é'],
  ])('escape %s', (_, bytes, text) => {
    expect(pathFromBytes(Uint8Array.from(bytes))).toBe(text);
  });

  it('refuse surrogates that stand for no byte', () => {
    for (const text of ['\ud800', 'a\udc7f', '\udd00']) expect(() => pathToBytes(text)).toThrow('no byte');
  });

  it('sort as their bytes do', () => {
    const path = fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc
        .constantFrom('a', 'a/b', 'a.b', 'é', '\ue000', '😀', '\uffff', 'ab')
        .map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(path, path, (a, b) => {
        const order = Math.sign(comparePaths(pathFromBytes(a), pathFromBytes(b)));
        expect(order).toBe(Math.sign(Buffer.compare(a, b)));
      }),
    );
  });

  it('know the folder they are in', () => {
    expect(isUnder('a/b', 'a')).toBe(true);
    expect(isUnder('a', 'a')).toBe(true);
    expect(isUnder('ab', 'a')).toBe(false);
    expect(isUnder('ab', '')).toBe(true);
  });
});
