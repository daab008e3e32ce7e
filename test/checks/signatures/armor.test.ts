import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { enums, armor as writeArmor } from 'openpgp';
import { crc24, readArmor } from '../../../src/checks/signatures/armor.js';
import { packetsOf } from '../../../src/checks/signatures/openpgp-packets.js';

const pem = (label: string, body: string, blank = '') =>
  `-----BEGIN ${label}-----\n${blank}${body}\n-----END ${label}-----\n`;
const read = (text: string) => readArmor(Buffer.from(text, 'latin1'));
const PGP = 'PGP SIGNATURE';

describe('readArmor', () => {
  it('reads back what openpgp.js writes, with and without a checksum', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.boolean(), (bytes, checksum) => {
        const text = String(
          writeArmor(enums.armor.signature, bytes, undefined, undefined, 'a comment', checksum),
        );
        expect(read(text)).toEqual({ label: PGP, body: Buffer.from(bytes) });
      }),
    );
  });

  it('never throws, and gives the one block or a refusal, for any text', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '-----BEGIN PGP SIGNATURE-----',
        '-----END PGP SIGNATURE-----',
        '-----BEGIN SSH SIGNATURE-----',
        'AAAA',
        '=AAAA',
        '',
        'Version: 1',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (lines) => {
        const armor = read(lines.join('\n'));
        if ('verdict' in armor) expect(['malformed', 'multiple_signatures']).toContain(armor.verdict);
        else expect(armor.body.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  it('has nothing before it in its own line, nor behind', () => {
    const good = '-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n';
    const reason = (text: string) => {
      const read = readArmor(Buffer.from(text));
      return 'verdict' in read ? read.reason : null;
    };
    expect(reason(good)).toBeNull();
    expect(reason(`x${good}`)).toBe('the signature is not an armored block');
    expect(reason(good.replace('-----\n', '-----x\n'))).toBe('the signature is not an armored block');
    for (const body of ['AA-_', 'AAA', 'AA==AA==', 'A A A', '\u00c1AAA']) {
      expect(reason(good.replace('AAAA', body))).toBe('the armor holds no proper base64');
    }
  });

  it.each([
    ['nothing', '', 'malformed', 'not an armored block'],
    ['text before', `x\n${pem(PGP, 'AAAA', '\n')}`, 'malformed', 'not an armored block'],
    ['text behind', `${pem(PGP, 'AAAA', '\n')}x`, 'malformed', 'something stands behind the armor'],
    [
      'a second block',
      pem(PGP, 'AAAA', '\n') + pem('SSH SIGNATURE', 'AAAA'),
      'multiple_signatures',
      'more than one',
    ],
    ['no end', `-----BEGIN ${PGP}-----\n\nAAAA\n`, 'malformed', 'no end'],
    ['another end', `-----BEGIN ${PGP}-----\n\nAAAA\n-----END PGP MESSAGE-----`, 'malformed', 'no end'],
    ['no blank line', pem(PGP, 'AAAA'), 'malformed', 'headers are broken'],
    ['a broken header', pem(PGP, 'AAAA', 'Ver sion\n\n'), 'malformed', 'headers are broken'],
    ['too many headers', pem(PGP, 'AAAA', `${'A: b\n'.repeat(33)}\n`), 'malformed', 'headers are broken'],
    ['no body', pem(PGP, '', '\n'), 'malformed', 'no proper base64'],
    ['other characters', pem('SSH SIGNATURE', 'AA-A'), 'malformed', 'no proper base64'],
    ['loose bits', pem('SSH SIGNATURE', 'AB=='), 'malformed', 'no proper base64'],
    ['a wrong checksum', pem(PGP, 'AAAA\n=AAAA', '\n'), 'malformed', 'checksum is wrong'],
    [
      'too many bytes',
      `-----BEGIN ${PGP}-----${'\n'.repeat(65_536)}`,
      'malformed',
      'larger than 65536 bytes',
    ],
  ])('refuses %s', (_, text, verdict, reason) => {
    expect(read(text)).toMatchObject({ verdict, reason: expect.stringContaining(reason) });
  });

  it('takes white space at the ends of lines, and an empty header', () => {
    expect(read(pem(PGP, `AAAA \t\r\n=${crc24(Buffer.alloc(3))}\r`, 'Comment:\n\n'))).toMatchObject({
      body: Buffer.alloc(3),
    });
  });
});

describe('packetsOf', () => {
  const packets = (...bytes: number[]) =>
    [...packetsOf(Buffer.from(bytes))].map(({ tag, body }) => [tag, ...body]);

  it('reads both formats of headers with every kind of length', () => {
    expect(packets(0x88, 1, 7, 0xc2, 1, 8)).toEqual([
      [2, 7],
      [2, 8],
    ]);
    expect(packets(0x89, 0, 1, 7)).toEqual([[2, 7]]);
    expect(packets(0x8a, 0, 0, 0, 1, 7)).toEqual([[2, 7]]);
    expect(packets(0xc2, 255, 0, 0, 0, 1, 7)).toEqual([[2, 7]]);
    expect(packets(0xc2, 192, 0, ...Array(192).fill(1))).toEqual([[2, ...Array(192).fill(1)]]);
  });

  it.each([
    [[0x00], 'begins no packet'],
    [[0x8b, 1], 'indeterminate'],
    [[0xc2, 224], 'partial'],
    [[0xc2, 2, 1], 'cut short'],
    [[0xc2], 'cut short'],
    [[0x8a, 0], 'cut short'],
  ])('refuses %j', (bytes, reason) => {
    expect(() => packets(...bytes)).toThrow(RangeError);
    expect(() => packets(...bytes)).toThrow(reason);
  });

  it('ends for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          expect([...packetsOf(Buffer.from(bytes))].length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});
