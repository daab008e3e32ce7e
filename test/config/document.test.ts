import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { type ConfigDocument, readDocument } from '../../src/config/document.js';
import type { ConfigProblem } from '../../src/config/problem.js';

function read(text: string): ConfigDocument {
  const document = readDocument('c.yaml', Buffer.from(text));
  if (Array.isArray(document)) throw new Error(JSON.stringify(document));
  return document;
}

function problems(text: string | Uint8Array): ConfigProblem[] {
  const document = readDocument('c.yaml', Buffer.from(text));
  return Array.isArray(document) ? document : [];
}

describe('readDocument', () => {
  it('reads values as YAML 1.2 does: only true and false are booleans', () => {
    expect(
      read('a: off\nb: yes\nc: true\nd: 0777\ne: 2026-01-02\nf: null\ng:\nh: ~\ni: 1.36\n? j\n').value,
    ).toEqual({
      a: 'off',
      b: 'yes',
      c: true,
      d: 777,
      e: '2026-01-02',
      f: null,
      g: null,
      h: null,
      i: 1.36,
      j: null,
    });
    expect(read('').value).toBeNull();
    expect(read('# nothing\n').value).toBeNull();
    expect(read('- a\n- [b]\n').value).toEqual(['a', ['b']]);
    expect(read('1: a').value).toEqual({ '1': 'a' });
    expect(read('\ufeffa: 1').value).toEqual({ a: 1 });
  });

  it('knows the place of every key and value', () => {
    const document = read('a:\n  b: [x, y]\n  c:\nd: 1\n');
    expect(document.locate(['a', 'b'], 'key')).toEqual({ line: 2, column: 3 });
    expect(document.locate(['a', 'b'])).toEqual({ line: 2, column: 6 });
    expect(document.locate(['a', 'b', 1])).toEqual({ line: 2, column: 10 });
    expect(document.locate(['a', 'b', 1], 'key')).toEqual({ line: 2, column: 10 });
    expect(document.locate(['a', 'b', 7, 'x'])).toEqual({ line: 2, column: 3 });
    expect(document.locate(['a', 'c'])).toEqual({ line: 3, column: 5 });
    expect(document.locate(['zz'])).toEqual({ line: 1, column: 1 });
    expect(document.locate([])).toEqual({ line: 1, column: 1 });
    expect([document.has(['a', 'b', 0]), document.has(['a', 'b', 2]), document.has([])]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('follows aliases to the anchor before them', () => {
    expect(read('a: &x [1]\nb: *x\nc: [*x, *x]\n').value).toEqual({ a: [1], b: [1], c: [[1], [1]] });
    expect(read('a: &x 1\nb: &x 2\nc: *x\n').value).toEqual({ a: 1, b: 2, c: 2 });
  });

  it.each<[string, string, number | null, number | null, RegExp]>([
    ['a second document', 'a: 1\n---\nb: 2\n', 2, 1, /second document/],
    ['an empty second document', 'a: 1\n---\n', 2, 1, /second document/],
    ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 3, 1, /`a` is there twice/],
    ['a duplicate that is a number', '1: a\n"1": b\n', 2, 1, /`1` is there twice/],
    ['a key that is a list', '? [a]\n: 1\n', 1, 3, /key must be text/],
    ['a key that is empty', '? \n: 1\n', 1, 3, /key must be text/],
    ['a prototype', 'a:\n  __proto__: {}\n', 2, 3, /__proto__/],
    ['a merge key', 'a: &x {b: 1}\nc:\n  <<: *x\n', 3, 3, /merge keys/],
    ['an unknown anchor', 'a: *x\n', 1, 4, /anchor `&x`/],
    ['an alias to itself', 'a: &x [*x]\n', 1, 8, /anchor|levels|aliases/],
    ['an unknown tag', 'a: !env HOME\n', 1, 4, /!env/],
    ['infinity', 'a: .inf\n', 1, 4, /only text, numbers/],
    ['broken flow', 'a: [1,\n', 2, 1, /Flow sequence/],
    ['a tab as indentation', 'a:\n\tb: 1\n', 2, 1, /[Tt]ab/],
  ])('refuses %s', (_name, text, line, column, message) => {
    const [first] = problems(text);
    expect(first?.message).toMatch(message);
    expect([first?.path, first?.line, first?.column]).toEqual(['c.yaml', line, column]);
  });

  it('refuses bytes that are not UTF-8, and files above the bound', () => {
    expect(problems(Buffer.from([0x61, 0x3a, 0x20, 0xff]))[0]?.message).toMatch(/UTF-8/);
    expect(problems(Buffer.alloc(1024 * 1024 + 1, 0x20))[0]?.message).toMatch(/larger than 1048576/);
  });

  it('refuses what is too deep, and aliases that multiply', () => {
    expect(problems('['.repeat(50_000))[0]?.message).toMatch(/nested/);
    expect(problems(`${'['.repeat(45)}${']'.repeat(45)}`)[0]?.message).toMatch(/40 levels/);
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      bomb.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    expect(problems(bomb.join('\n'))[0]?.message).toMatch(/aliases repeat/);
  });

  it('tells a few problems of a broken file, not thousands, and shows no control characters', () => {
    expect(problems('a: *x]\n}\n'.repeat(200)).length).toBeLessThanOrEqual(5);
    expect(problems('a: !\u202ex\u0007 1\n').every(({ message }) => !/[\p{Cc}\p{Cf}]/u.test(message))).toBe(
      true,
    );
  });

  it('reads back what was written', () => {
    const key = fc
      .string({ minLength: 1, maxLength: 5 })
      .filter((text) => text !== '__proto__' && text !== '<<');
    const leaf = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null));
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(key, tie('node'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        expect(read(stringify(value, { version: '1.2' })).value).toEqual(value);
      }),
    );
  });

  it('never throws, whatever it is given', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&x ',
      '*x',
      '!t ',
      '|',
      '"',
      '#',
      '? ',
      '---\n',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        readDocument('c.yaml', Buffer.from(pieces.join('')));
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        readDocument('c.yaml', bytes);
      }),
    );
  });
});
