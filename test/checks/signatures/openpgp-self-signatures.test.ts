import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OpenPgpRing, readOpenPgpFile } from '../../../src/checks/signatures/openpgp-ring.js';
import {
  saidTwice,
  subpacketsOf,
  unknownCritical,
} from '../../../src/checks/signatures/openpgp-subpackets.js';
import { OpenPgpVerifier } from '../../../src/checks/signatures/openpgp-verifier.js';
import { NOW } from './support/context.js';
import {
  at,
  direct,
  ends,
  flags,
  keyEnds,
  keyPacket,
  makeKey,
  packet,
  revocation,
  signBy,
  subkeyOf,
  subpacket,
  u32,
  unknown,
  userOf,
} from './support/openpgp-made.js';
import {
  A,
  A_DAY,
  B,
  bySubkey,
  CERTIFIES,
  cat,
  certifier,
  EXPIRED,
  KEY_CASES,
  key,
  keyOf,
  NEW,
  OLD,
  payload,
  plain,
  SIGNED,
  SIGNS,
  signature,
  sub,
} from './support/openpgp-said.js';
import { problemsOf } from './support/smime.js';

async function told(files: readonly Buffer[], armor = signature): Promise<string> {
  const ring = new OpenPgpRing();
  const problems = [];
  for (const file of files) problems.push(...(await readOpenPgpFile('k', file, ring)));
  problems.push(...(await ring.settle()));
  expect(problems).toEqual([]);
  const { verdict, reason } = await new OpenPgpVerifier(ring, NOW).verify(payload, armor);
  return `${verdict}: ${reason}`;
}

describe('what a key says of itself', () => {
  it.each(KEY_CASES)('%s', async (_, bytes, expected) => {
    expect(await told([bytes])).toBe(expected);
  });

  it('does not count where it did not say it', async () => {
    const thief = makeKey();
    const foreign = signBy(thief, 0x1f, key.hashed, [NEW, CERTIFIES, A_DAY]);
    const broken = Buffer.from(direct(key, NEW, CERTIFIES, A_DAY));
    broken[broken.length - 1] = broken.readUInt8(broken.length - 1) ^ 1;
    for (const other of [foreign, broken]) {
      expect(await told([keyOf(other, userOf(key, A, [OLD, SIGNS]))])).toBe('valid: good');
    }
  });

  it('names no e-mail that it does not certify', async () => {
    const second = userOf(key, B, [OLD, SIGNS]);
    const broken = Buffer.from(second);
    broken[broken.length - 1] = broken.readUInt8(broken.length - 1) ^ 1;
    for (const [user, expected] of [
      [second, true],
      [broken, false],
    ] as const) {
      const ring = new OpenPgpRing();
      await readOpenPgpFile('k', cat(plain, user), ring);
      const verification = await new OpenPgpVerifier(ring, NOW).verify(payload, signature);
      if (verification.verdict !== 'valid') throw new Error(verification.reason);
      const { admits } = verification.by;
      expect([admits('a@example.com'), admits('b@example.com')]).toEqual([true, expected]);
    }
  });

  it('is not read in two ways', async () => {
    const two = 'not_signing_key: a signature of the key over itself can be read in two ways: ';
    for (const [hashed, what] of [
      [[OLD, SIGNS, A_DAY, keyEnds(0)], 'it says twice when the key ends'],
      [[OLD, CERTIFIES, SIGNS], 'it says twice what the key is for'],
      [[at('2023-01-01'), OLD, SIGNS], 'it says twice when it was made'],
      [[OLD, SIGNS, Buffer.of(0)], 'a length that does not fit'],
    ] as const) {
      expect(await told([keyOf(userOf(key, A, hashed))])).toBe(`${two}${what}`);
    }
    const bound = (hashed: readonly Buffer[]) => told([cat(certifier, subkeyOf(key, sub, hashed))], bySubkey);
    expect(await bound([at('2024-01-02'), flags(12), flags(2)])).toBe(
      `${two}it says twice what the key is for`,
    );
    expect(await told([keyOf(direct(key, OLD, A_DAY, keyEnds(0)), userOf(key, A, [OLD, SIGNS]))])).toBe(
      `${two}it says twice when the key ends`,
    );
  });

  it('of its subkeys needs their word, and is not what it says of its user ids', async () => {
    const bound = (hashed: readonly Buffer[], back = true) =>
      told([cat(certifier, subkeyOf(key, sub, hashed, back))], bySubkey);
    expect(await bound([at('2024-01-02'), flags(2)])).toBe('valid: good');
    expect(await bound([at('2024-01-02')])).toBe('valid: good');
    expect(await bound([at('2024-01-02'), flags(2)], false)).toContain('not_signing_key');
    expect(await bound([at('2024-01-02'), flags(12)])).toContain('not_signing_key');
    expect(await bound([at('2024-01-02'), flags(2), ends(10)])).toContain('not_signing_key');
    const old = cat(
      keyOf(userOf(key, A, [OLD, CERTIFIES, A_DAY])),
      subkeyOf(key, sub, [at('2024-01-02'), flags(2)]),
    );
    expect(await told([old], bySubkey)).toBe(EXPIRED);
  });
});

describe('a signature', () => {
  const made = (hashed: readonly Buffer[], unhashed: readonly Buffer[] = []) =>
    told([plain], signBy(key, 0, payload, hashed, unhashed));
  it('says each thing once: gpg takes the first of two, openpgp.js the last', async () => {
    const two = 'malformed: the signature can be read in two ways: ';
    expect(await made([SIGNED, at('2030-01-01')])).toBe(`${two}it says twice when it was made`);
    expect(await made([SIGNED, ends(10), ends(0)])).toBe(`${two}it says twice when it ends`);
    const issuer = subpacket(33, cat(Buffer.of(4), key.fingerprint));
    expect(await made([SIGNED, issuer])).toBe(`${two}it says twice who made it`);
    const id = subpacket(16, key.fingerprint.subarray(12));
    expect(await made([SIGNED, id, id])).toBe(`${two}it says twice who made it`);
    // What is not signed is what anybody wrote, and binds nobody.
    expect(await made([SIGNED], [at('2030-01-01'), ends(1), id])).toBe('valid: good');
  });

  it('has nothing critical that is not understood, signed or not', async () => {
    expect(await made([SIGNED, unknown(false)], [unknown(false)])).toBe('valid: good');
    for (const [hashed, unhashed] of [
      [[SIGNED, unknown(true)], []],
      [[SIGNED], [unknown(true)]],
    ]) {
      expect(await made(hashed ?? [], unhashed)).toBe(
        'bad_signature: the signature has an unknown critical subpacket (99)',
      );
    }
    const target = subpacket(31, Buffer.of(19, 8, 1), true);
    expect(await made([SIGNED, target])).toBe(
      'bad_signature: the signature has an unknown critical subpacket (31)',
    );
    const critical = [
      subpacket(2, u32(1_735_689_600), true),
      subpacket(26, Buffer.from('https://example.com'), true),
    ];
    expect(await made(critical)).toBe('valid: good');
  });

  it('has no subpackets that can be read in more than one way', async () => {
    for (const bytes of [Buffer.of(0), Buffer.of(200), Buffer.of(255, 0, 0)]) {
      expect(await made([SIGNED, bytes])).toContain('malformed');
      expect(await made([SIGNED], [bytes])).toMatch(/^(?:malformed|bad_signature|unknown_key)/);
    }
  });
});

describe('subpackets', () => {
  it('are taken apart as they are put together, with lengths of every form, or not at all', () => {
    const sized = (type: number, length: number, form: 1 | 2 | 5) => {
      const size = length + 1;
      const head =
        form === 1
          ? Buffer.of(size)
          : form === 2
            ? Buffer.of(((size - 192) >> 8) + 192, (size - 192) & 255)
            : cat(Buffer.of(255), u32(size));
      return cat(head, Buffer.of(type), Buffer.alloc(length));
    };
    const one = fc.record({
      type: fc.nat(255),
      length: fc.nat(400),
      form: fc.constantFrom<1 | 2 | 5>(1, 2, 5),
    });
    fc.assert(
      fc.property(
        fc.array(one, { maxLength: 5 }),
        fc.array(one, { maxLength: 5 }),
        fc.boolean(),
        (first, second, six) => {
          const area = (list: typeof first) => {
            const bytes = cat(
              ...list.map(({ type, length, form }) =>
                sized(type, form === 1 ? length % 191 : form === 2 ? length + 191 : length, form),
              ),
            );
            return cat(six ? u32(bytes.length) : Buffer.of(bytes.length >> 8, bytes.length & 255), bytes);
          };
          const body = cat(Buffer.of(six ? 6 : 4, 0, 19, 8), area(first), area(second), Buffer.alloc(6));
          const read = subpacketsOf(body);
          const types = (list: typeof first) => list.map(({ type }) => [type & 127, type > 127]);
          expect(read.hashed.map(({ type, critical }) => [type, critical])).toEqual(types(first));
          expect(read.unhashed.map(({ type, critical }) => [type, critical])).toEqual(types(second));
          // What is signed of it is read alone in the same way.
          const signed = body.subarray(0, 4 + (six ? 4 : 2) + area(first).length - (six ? 4 : 2));
          expect(subpacketsOf(signed)).toEqual({ hashed: read.hashed, unhashed: [] });
        },
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          const areas = subpacketsOf(Buffer.from(bytes));
          saidTwice(areas);
          unknownCritical(areas);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

describe('a revocation that stands by itself', () => {
  const reason = subpacket(29, Buffer.of(2));
  const revoked = revocation(key, at('2024-03-01'), reason);
  const armor = (bytes: Buffer) =>
    `-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: x\n\n${bytes.toString('base64')}\n-----END PGP PUBLIC KEY BLOCK-----\n`;

  it('revokes its key, in whichever file and order it comes', async () => {
    const said = 'revoked_key: the key is revoked (compromised)';
    for (const files of [
      [plain, revoked],
      [revoked, plain],
      [cat(revoked, plain)],
      [plain, Buffer.from(armor(revoked))],
    ]) {
      expect(await told(files)).toBe(said);
    }
    const other = makeKey();
    expect(
      await told([plain, cat(keyPacket(other), userOf(other, B, [OLD, SIGNS])), revocation(other, OLD)]),
    ).toBe('valid: good');
  });

  it('closes where it is of no key of the ring, or does not hold', async () => {
    expect(await problemsOf({ 'a.rev': armor(revoked), 'a.asc': armor(plain) })).toEqual([]);
    const id = key.fingerprint.subarray(12).toString('hex');
    expect(await problemsOf({ 'a.rev': armor(revoked) })).toEqual([
      `closes: k/a.rev, line 1: is a revocation of a key that is not there (${id}): it revokes nothing`,
    ]);
    const broken = Buffer.from(revoked);
    broken[broken.length - 1] = broken.readUInt8(broken.length - 1) ^ 1;
    expect(await problemsOf({ 'a.gpg': plain, 'b.gpg': broken })).toEqual([
      'closes: k/b.gpg: does not hold: it revokes nothing',
    ]);
    expect(await told([plain, revoked, plain])).toContain('revoked_key');
  });

  it('is not any other signature, and not one that cannot be read', async () => {
    expect(await problemsOf({ 'a.asc': armor(direct(key, OLD)) })).toEqual([
      'closes: k/a.asc, line 1: holds something other than public keys',
    ]);
    expect(await problemsOf({ 'a.asc': armor(packet(2, Buffer.of(9, 1))) })).toEqual([
      expect.stringMatching(/^closes: k\/a\.asc, line 1: cannot be read: /),
    ]);
    // As gpg writes it beforehand, with a colon in front, so that nobody imports it unaware.
    expect(await problemsOf({ 'a.rev': `This is a revocation certificate.\n\n:${armor(revoked)}` })).toEqual([
      'closes: k/a.rev: holds no OpenPGP key (take the colon off that gpg puts in front of a revocation)',
    ]);
  });
});
