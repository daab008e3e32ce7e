import { describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../src/contract/index.js';
import { loadYaml } from '../../src/kubernetes/index.js';

const read = (text: string | Uint8Array) =>
  loadYaml(typeof text === 'string' ? Buffer.from(text) : text, 'file.yaml');
const firstValue = (text: string) => read(text).documents[0]?.value;
const codes = (text: string | Uint8Array) => read(text).problems.map((problem) => problem.code);

describe('values are read as kubectl reads them', () => {
  it.each([
    ['yes', true],
    ['on', true],
    ['n', false],
    ['Off', false],
    ['tRue', 'tRue'],
    ['0777', 511],
    ['08', 8],
    ['0o17', 15],
    ['-0b11', -3],
    ['0x1F', 31],
    ['1_000', 1000],
    ['_1', '_1'],
    ['190:20:30', '190:20:30'],
    ['2001-01-01', '2001-01-01'],
    ['1e3', 1000],
    ['.5', 0.5],
    ['1.', 1],
    ['1e999', '1e999'],
    ['~', null],
    ['nULL', 'nULL'],
    ['"yes"', 'yes'],
    ['!!str yes', 'yes'],
    ['!!int "5"', 5],
    ['!!float 3', 3],
    ['!!binary aGVsbG8=', 'hello'],
    ['! 5', '5'],
  ])('%s', (written, expected) => {
    expect(firstValue(`key: ${written}\n`)).toEqual({ key: expected });
  });

  it.each([
    ['y: 1', 'true'],
    ['1: 1', '1'],
    ['0x10: 1', '16'],
    ['"no": 1', 'no'],
  ])('key %s', (written, expected) => {
    expect(Object.keys(firstValue(written) as object)).toEqual([expected]);
  });

  it('takes the last of duplicate keys and says so', () => {
    const { documents, problems } = read('a: 1\nb: 2\na: 3\n');
    expect(documents[0]?.value).toEqual({ a: 3, b: 2 });
    expect(problems).toMatchObject([{ code: 'duplicate-key', line: 3, column: 1, fatal: false }]);
  });

  it('expands merges where they stand', () => {
    expect(firstValue('base: &b {x: 1, y: 2}\nitem:\n  <<: *b\n  "y": 3\n')).toEqual({
      base: { x: 1, true: 2 },
      item: { x: 1, true: 2, y: 3 },
    });
    const { documents, problems } = read('base: &b {x: 1}\nitem:\n  x: 0\n  <<: *b\n');
    expect(documents[0]?.value).toEqual({ base: { x: 1 }, item: { x: 1 } });
    expect(problems).toMatchObject([{ code: 'ambiguous' }]);
  });

  it('keeps keys that are special to JavaScript as plain keys', () => {
    const value = firstValue('__proto__: {polluted: true}\nconstructor: 1\ntoString: 2\n');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe('documents', () => {
  it('cuts the stream at separator lines, with comments, CRLF and a byte order mark', () => {
    const { documents, problems } = read(
      '\ufeff---\r\na: 1\r\n--- # next\r\n# nothing here\r\n---\r\nb: 2\r\n',
    );
    expect(problems).toEqual([]);
    expect(documents.map(({ index, value }) => [index, value])).toEqual([
      [0, { a: 1 }],
      [1, { b: 2 }],
    ]);
    expect(documents[1]?.locate(['b'])).toEqual({ line: 6, column: 1, endLine: 6 });
  });

  it('reads the others when one is broken', () => {
    const { documents, problems } = read('a: 1\n---\na: [\n---\nb: 2\n');
    expect(documents.map(({ index }) => index)).toEqual([0, 2]);
    expect(problems).toMatchObject([{ code: 'syntax', document: 1, fatal: true }]);
  });

  it('names what kubectl and others cut differently', () => {
    expect(codes('--- {a: 1}\n')).toEqual(['ambiguous']);
    expect(codes('a: 1\n...\n---\nb: 2\n')).toEqual([]);
    expect(codes('a: 1\n...\n# c\n...\n{b: 2}\n')).toEqual(['ambiguous']);
  });

  it('reads JSON, also a stream of it, with duplicate keys told', () => {
    const { documents, problems } = read('{"a": {"b": [1, "\\u00e9"]}, "a": 2}\n{"c": null}');
    expect(documents.map(({ value }) => value)).toEqual([{ a: 2 }, { c: null }]);
    expect(problems).toMatchObject([{ code: 'duplicate-key', line: 1, column: 29 }]);
    expect(documents[0]?.locate(['a'])?.column).toBe(29);
    expect(firstValue('{a: 1, yes: no}')).toEqual({ a: 1, true: false });
  });
});

describe('positions', () => {
  const text =
    'spec:\n  list:\n  - name: a\n    env: {X: 1}\n  - name: b\n  text: |\n    one\n    two\nafter: x\n';
  const locate = (...path: (string | number)[]) => read(text).documents[0]?.locate(path);
  it('gives the place of the field with the end of its value', () => {
    expect(locate('spec', 'list', 1, 'name')).toEqual({ line: 5, column: 5, endLine: 5 });
    expect(locate('spec', 'list', 0)).toEqual({ line: 3, column: 5, endLine: 4 });
    expect(locate('spec', 'text')).toEqual({ line: 6, column: 3, endLine: 8 });
    expect(locate('spec', 'list', 0, 'env', 'X')).toEqual({ line: 4, column: 11, endLine: 4 });
    expect(read(text).documents[0]?.locateValue(['spec', 'list', 0, 'name'])?.column).toBe(11);
  });
  it('falls back to the nearest parent', () => {
    expect(locate('spec', 'list', 1, 'image', 'tag')).toEqual({ line: 5, column: 5, endLine: 5 });
    expect(read(text).documents[0]?.has(['spec', 'list', 1, 'image'])).toBe(false);
    expect(read(text).documents[0]?.has(['spec', 'list', 1, 'name'])).toBe(true);
  });
  it('goes through aliases and merges', () => {
    const document = read('a: &x\n  b: 1\nc: *x\nd:\n  <<: *x\n').documents[0];
    expect(document?.locate(['c', 'b'])?.line).toBe(2);
    expect(document?.locate(['d', 'b'])?.line).toBe(2);
  });
});

describe('hostile input', () => {
  it('refuses what is not UTF-8, too large or too deep', () => {
    expect(codes(Uint8Array.from([0x61, 0x3a, 0x20, 0xff]))).toEqual(['encoding']);
    expect(codes(Uint8Array.from([0xff, 0xfe, 0x61, 0x00]))).toEqual(['encoding']);
    expect(codes(new Uint8Array(LIMITS.manifestBytes + 1))).toEqual(['limit']);
    expect(codes('['.repeat(5000))).toEqual(['limit']);
    expect(codes(`{"a":${'['.repeat(200)}${']'.repeat(200)}}`)).toEqual(['limit']);
  });

  it('bounds aliases before they are expanded', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x,x,x,x,x,x,x,x,x]'
        : `a${level}: &a${level} [${Array(9)
            .fill(`*a${level - 1}`)
            .join(',')}]`,
    );
    expect(codes(levels.join('\n'))).toEqual(['limit']);
    const merges = Array.from({ length: 25 }, (_, level) =>
      level === 0 ? 'm0: &m0 {x: 1}' : `m${level}: &m${level} {<<: [*m${level - 1}, *m${level - 1}]}`,
    );
    expect(codes(merges.join('\n'))).toEqual(['limit']);
  });

  it('refuses a value that contains itself', () => {
    expect(codes('a: &a [*a]\n')).toEqual(['syntax']);
  });

  it('names characters and constructs on which parsers part ways', () => {
    expect(codes('a: x\u2028b\n')).toEqual(['ambiguous']);
    expect(codes('a: !unknown x\n')).toEqual(['ambiguous']);
    expect(codes('a: 12345678901234567890\n')).toEqual(['precision']);
  });

  it('never shows a value in a problem', () => {
    for (const text of ['a: "s3cret\n', 'a: s3cret: x\n', 's3cret\n...\ns3cret: [\n']) {
      for (const problem of read(text).problems) expect(problem.message).not.toContain('s3cret');
    }
  });
});
