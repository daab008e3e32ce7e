import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Unresolved } from '../../../src/render/inputs/input-set.js';
import { tarEntries } from '../../../src/render/remotes/tar-archive.js';

/** One entry as it stands in a tar. */
function entry(name: string, content: string, type = '0'): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${Buffer.byteLength(content).toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest) + 1;
  while (Buffer.byteLength(`${length}${rest}`) !== length) length += 1;
  return `${length}${rest}`;
}

const pax = (records: string): Buffer => entry('x', records, 'x');
const long = (name: string): Buffer => entry('././@LongLink', `${name}\0`, 'L');
const archive = (...parts: Buffer[]): Buffer => gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
const read = (...parts: Buffer[]): string[][] =>
  tarEntries(archive(...parts), 'a chart').map(({ name, bytes }) => [name, bytes.toString()]);

describe('names in an archive, as Go reads them (archive/tar reader.go next)', () => {
  const file = entry('short', 'content');
  it.each<readonly [string, Buffer[], string]>([
    ['the header', [file], 'short'],
    ['a pax path', [pax(record('path', 'a/b')), file], 'a/b'],
    ['the last of two paths', [pax(record('path', 'a') + record('path', 'b')), file], 'b'],
    ['an empty path, which says nothing', [pax(record('path', '')), file], 'short'],
    ['the last of two pax headers', [pax(record('path', 'a')), pax(record('mtime', '1')), file], 'short'],
    ['a GNU long name', [long('a/long'), file], 'a/long'],
    ['a GNU long name before a path', [long('gnu'), pax(record('path', 'pax')), file], 'gnu'],
    ['a path of several bytes a letter', [pax(record('path', 'ä/ö')), file], 'ä/ö'],
  ])('%s', (_, parts, name) => {
    expect(read(...parts, entry('next', ''))).toEqual([
      [name, 'content'],
      ['next', ''],
    ]);
  });
});

describe('archives that two readers would read as two', () => {
  const file = entry('values.yaml', 'safe: true');
  it.each<readonly [string, string]>([
    ['another size', record('size', '4')],
    ['a sparse file', record('GNU.sparse.major', '1') + record('GNU.sparse.name', 'x')],
    ['a record that is cut off', record('path', 'abc').slice(0, -2)],
    ['a record without its end', `${record('path', 'abc').slice(0, -1)} `],
    ['a length that is none', ` path=a\n`],
    ['a length in other digits', `0x9 path=a\n`],
  ])('%s', (_, records) => {
    expect(() => read(pax(records), file)).toThrow(Unresolved);
  });

  it('never fail otherwise, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.constantFrom('x', 'L', 'g', '0', '5'), (text, type) => {
        try {
          read(entry('a', text, type), file);
        } catch (error) {
          expect(error).toBeInstanceOf(Unresolved);
        }
      }),
    );
  });
});
