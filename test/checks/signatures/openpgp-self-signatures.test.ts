import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OpenPgpRing, readOpenPgpFile } from '../../../src/checks/signatures/openpgp-ring.js';
import {
  saidTwice,
  subpacketsOf,
  unknownCritical,
} from '../../../src/checks/signatures/openpgp-subpackets.js';
import { OpenPgpVerifier } from '../../../src/checks/signatures/openpgp-verifier.js';
import { NOW } from './support/context.js';
import { payloadOf } from './support/objects.js';
import {
  at,
  direct,
  ends,
  flags,
  keyEnds,
  keyPacket,
  makeKey,
  packet,
  photoOf,
  revocation,
  signBy,
  subkeyOf,
  subpacket,
  u32,
  unknown,
  userOf,
  withdrawn,
} from './support/openpgp-made.js';
import { problemsOf } from './support/smime.js';

const payload = payloadOf();
const key = makeKey();
const sub = makeKey('2024-01-02');
const SIGNED = at('2025-01-01');
const signature = signBy(key, 0, payload, [SIGNED]);
const bySubkey = signBy(sub, 0, payload, [SIGNED]);
const [OLD, NEW] = [at('2024-01-01'), at('2024-05-01')];
const SIGNS = flags(3);
const CERTIFIES = flags(1);
const A_DAY = keyEnds(86_400);
const PRIMARY = subpacket(25, Buffer.of(1));
const [A, B] = ['A <a@example.com>', 'B <b@example.com>'];
const cat = (...parts: readonly Buffer[]) => Buffer.concat(parts);
const keyOf = (...parts: readonly Buffer[]) => cat(keyPacket(key), ...parts);
const plain = keyOf(userOf(key, A, [OLD, SIGNS]));
const certifier = keyOf(userOf(key, A, [OLD, CERTIFIES]));

const hasGpg = spawnSync('gpg', ['--version']).error === undefined;
if (!hasGpg) console.info('skipped: gpg not found, what the gate takes is not held against it');
const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** True when gpg takes the signature and the key; true as well where there is no gpg to ask. */
function gpgTakes(files: readonly Buffer[], armor: Buffer): boolean {
  if (!hasGpg) return true;
  const home = mkdtempSync(path.join(tmpdir(), 'gpg-'));
  homes.push(home);
  const file = (name: string, bytes: Buffer) => {
    writeFileSync(path.join(home, name), bytes);
    return path.join(home, name);
  };
  const gpg = (...args: string[]) =>
    spawnSync('gpg', ['--homedir', home, '--batch', '--no-tty', '--status-fd=1', ...args]).stdout.toString();
  for (const bytes of files) gpg('--import', file('key', bytes));
  return gpg('--verify', file('signature', armor), file('payload', payload)).includes('GOODSIG');
}

async function told(files: readonly Buffer[], armor = signature): Promise<string> {
  const ring = new OpenPgpRing();
  const problems = [];
  for (const file of files) problems.push(...(await readOpenPgpFile('k', file, ring)));
  problems.push(...(await ring.settle()));
  expect(problems).toEqual([]);
  const { verdict, reason } = await new OpenPgpVerifier(ring, NOW).verify(payload, armor);
  // Nothing that git's gpg refuses is ever taken.
  if (verdict === 'valid') expect(gpgTakes(files, armor)).toBe(true);
  return `${verdict}: ${reason}`;
}

const EXPIRED = 'expired_key: the key expired on 2024-01-02';
const DENIED =
  'not_signing_key: the key is not one that signs: it says so itself, for one of its user ids or for all';

describe('what a key says of itself', () => {
  it.each<[string, Buffer, string]>([
    ['one user id', plain, 'valid: good'],
    [
      'another user id that ends, newer',
      keyOf(userOf(key, A, [OLD, SIGNS, PRIMARY]), userOf(key, B, [NEW, SIGNS, A_DAY])),
      EXPIRED,
    ],
    [
      'another user id that ends, older',
      keyOf(userOf(key, A, [NEW, SIGNS, PRIMARY]), userOf(key, B, [OLD, SIGNS, A_DAY])),
      EXPIRED,
    ],
    [
      'another user id that does not sign',
      keyOf(userOf(key, A, [OLD, SIGNS, PRIMARY]), userOf(key, B, [NEW, CERTIFIES])),
      DENIED,
    ],
    [
      'a withdrawn user id that ends',
      keyOf(
        userOf(key, A, [OLD, SIGNS, PRIMARY]),
        userOf(key, B, [NEW, CERTIFIES, A_DAY]),
        withdrawn(key, B, '2024-06-01'),
      ),
      'valid: good',
    ],
    ['a user id that ended once', keyOf(userOf(key, A, [OLD, SIGNS, A_DAY], [NEW, SIGNS])), 'valid: good'],
    ['a user id that ends since', keyOf(userOf(key, A, [OLD, SIGNS], [NEW, SIGNS, A_DAY])), EXPIRED],
    ['a user id that never ends', keyOf(userOf(key, A, [OLD, SIGNS, keyEnds(0)])), 'valid: good'],
    ['of all user ids that it ends', keyOf(direct(key, OLD, A_DAY), userOf(key, A, [NEW, SIGNS])), EXPIRED],
    [
      'of all user ids that it only certifies',
      keyOf(direct(key, OLD, CERTIFIES), userOf(key, A, [NEW, SIGNS])),
      DENIED,
    ],
    [
      'of all user ids that it signs',
      keyOf(direct(key, OLD, SIGNS), userOf(key, A, [NEW, SIGNS])),
      'valid: good',
    ],
    [
      'of all user ids nothing, since',
      keyOf(direct(key, OLD, SIGNS, A_DAY), direct(key, NEW, SIGNS), userOf(key, A, [OLD, SIGNS])),
      'valid: good',
    ],
    [
      'a photograph that ends',
      keyOf(userOf(key, A, [OLD, SIGNS, PRIMARY]), photoOf(key, OLD, SIGNS, A_DAY)),
      EXPIRED,
    ],
    [
      'a photograph that does not end',
      keyOf(userOf(key, A, [OLD, SIGNS, PRIMARY]), photoOf(key, OLD, SIGNS)),
      'valid: good',
    ],
    [
      'something in a self-signature that has an unknown condition',
      keyOf(userOf(key, A, [OLD, SIGNS], [NEW, CERTIFIES, unknown(true)])),
      'valid: good',
    ],
  ])('%s', async (_, bytes, expected) => {
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
