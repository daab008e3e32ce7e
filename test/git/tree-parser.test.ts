import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GateError } from '../../src/contract/index.js';
import { parseTree } from '../../src/git/tree-parser.js';

const ID = 'ab'.repeat(20);

function entry(mode: string, name: string | Buffer, id = ID): Buffer {
  return Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.of(0), Buffer.from(id, 'hex')]);
}

const parse = (...entries: Buffer[]) => parseTree(Buffer.concat(entries), 'sha1', 'x');

describe('tree objects', () => {
  it('are read with their modes by type bits', () => {
    const modes = parse(
      entry('100644', 'a'),
      entry('100664', 'b'),
      entry('100755', 'c'),
      entry('120000', 'd'),
      entry('160000', 'e'),
      entry('40000', 'f'),
    ).map(({ name, mode }) => `${name} ${mode}`);
    expect(modes).toEqual(['a file', 'b file', 'c executable', 'd symlink', 'e submodule', 'f tree']);
  });

  it('are read with 32-byte ids', () => {
    const long = 'cd'.repeat(32);
    expect(parseTree(entry('100644', 'a', long), 'sha256', 'x')).toEqual([
      { name: 'a', mode: 'file', oid: long },
    ]);
  });

  it('take folders as if a slash followed their name', () => {
    expect(parse(entry('100644', 'a.b'), entry('40000', 'a'), entry('100644', 'a0')).length).toBe(3);
  });

  it.each([
    ['twice the same name', [entry('100644', 'a'), entry('100644', 'a')]],
    ['a file and a folder of one name', [entry('100644', 'a'), entry('40000', 'a')]],
    ['the same with another between', [entry('100644', 'a'), entry('100644', 'a.b'), entry('40000', 'a')]],
    ['another order', [entry('100644', 'b'), entry('100644', 'a')]],
    ['a slash in a name', [entry('100644', 'a/b')]],
    ['no name', [entry('100644', '')]],
    ['a dot', [entry('40000', '.')]],
    ['two dots', [entry('40000', '..')]],
    ['no mode', [entry('', 'a')]],
    ['mode 0', [entry('0', 'a')]],
    ['a mode that is no number', [entry('10064x', 'a')]],
    ['a cut', [entry('100644', 'a').subarray(0, 12)]],
  ])('with %s are refused', (_, entries) => {
    expect(() => parse(...entries)).toThrow(GateError);
  });

  it('from any bytes are entries or a GateError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          parseTree(Buffer.from(bytes), 'sha1', 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(GateError);
        }
      }),
    );
  });
});
