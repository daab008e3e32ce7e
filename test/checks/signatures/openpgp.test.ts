import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  config,
  createMessage,
  enums,
  generateKey,
  type PrivateKey,
  type PublicKey,
  readKey,
  revokeKey,
  SignaturePacket,
  sign,
} from 'openpgp';
import { crc24 } from '../../../src/checks/signatures/armor.js';
import { keyStateAt, weakness } from '../../../src/checks/signatures/openpgp-key-state.js';
import { OpenPgpRing, readOpenPgpFile } from '../../../src/checks/signatures/openpgp-ring.js';
import { OpenPgpVerifier } from '../../../src/checks/signatures/openpgp-verifier.js';
import { NOW } from './support/context.js';
import { payloadOf } from './support/objects.js';
import { headerLength, withoutSubpacket } from './support/openpgp.js';
import { wellFormed } from './support/verdicts.js';

const payload = payloadOf();
const BORN = new Date('2024-01-01T00:00:00Z');
const SIGNED = new Date('2025-01-01T00:00:00Z');
const DAY = 86_400;

type Made = { privateKey: PrivateKey; publicKey: PublicKey };
const make = (options: object = {}): Promise<Made> =>
  generateKey({
    type: 'ecc',
    curve: 'nistP256',
    userIDs: [{ name: 'Alice', email: 'Alice@Example.com' }],
    date: BORN,
    format: 'object',
    subkeys: [],
    ...options,
  }) as Promise<Made>;

/** The binary signature of a key over the payload. */
async function signature(key: PrivateKey, date = SIGNED, settings: object = {}): Promise<Buffer> {
  const message = await createMessage({ binary: payload });
  const bytes = await sign({
    message,
    signingKeys: key,
    detached: true,
    format: 'binary',
    date,
    config: settings,
  });
  return Buffer.from(bytes as Uint8Array);
}

async function judge(bytes: Buffer, keys: readonly PublicKey[], now = NOW) {
  const ring = new OpenPgpRing();
  for (const key of keys) await ring.add(key);
  return wellFormed(await new OpenPgpVerifier(ring, now).verify(payload, bytes), 'openpgp');
}
const told = async (...args: Parameters<typeof judge>) => {
  const { verdict, reason } = await judge(...args);
  return `${verdict}: ${reason}`;
};

let alice: Made;
let bob: Made;
beforeAll(async () => {
  [alice, bob] = [await make(), await make({ userIDs: [{ name: 'Bob' }] })];
});

describe('OpenPgpVerifier', () => {
  it('names the primary key, every part of it, and the e-mails that it certifies', async () => {
    const made = await make({ subkeys: [{ sign: true }] });
    const [sub] = made.publicKey.getSubkeys();
    const verification = await judge(await signature(made.privateKey), [made.publicKey]);
    if (verification.verdict !== 'valid') throw new Error(verification.reason);
    const { by } = verification;
    const names = [made.publicKey, sub].map((part) => `openpgp:${part?.getFingerprint().toUpperCase()}`);
    expect([by.fingerprint, by.names, by.vouched, by.expires, by.touched]).toEqual([
      names[0],
      names,
      false,
      null,
      null,
    ]);
    expect(by.identities).toEqual(['Alice <Alice@Example.com>']);
    expect([by.admits('alice@example.com'), by.admits('bob@example.com')]).toEqual([true, false]);
  });

  it('admits no e-mail of a user id that is not there or is revoked', async () => {
    const verification = await judge(await signature(bob.privateKey), [bob.publicKey]);
    expect(verification.verdict === 'valid' && verification.by.admits('')).toBe(false);
    const two = await make({ userIDs: [{ email: 'old@example.com' }, { email: 'new@example.com' }] });
    const [old] = two.publicKey.users;
    const revoked = await old?.revoke(two.privateKey.keyPacket as never, undefined, SIGNED);
    await old?.update(revoked ?? old, NOW);
    const after = await judge(await signature(two.privateKey), [two.publicKey]);
    if (after.verdict !== 'valid') throw new Error(after.reason);
    expect(['old@example.com', 'new@example.com'].map(after.by.admits)).toEqual([false, true]);
  });

  it('judges the key by the present day, whatever the signature says', async () => {
    const short = await make({ keyExpirationTime: 400 * DAY });
    const bytes = await signature(short.privateKey);
    expect(await told(bytes, [short.publicKey])).toBe('expired_key: the key expired on 2025-02-04');
    expect(await told(bytes, [short.publicKey], new Date('2025-02-01'))).toBe('valid: good');
    const sub = await make({ subkeys: [{ sign: true, keyExpirationTime: 380 * DAY }] });
    expect(await told(await signature(sub.privateKey), [sub.publicKey])).toBe(
      'expired_key: the key expired on 2025-01-15',
    );
  });

  it('counts a revocation in any file that holds the key', async () => {
    const made = await make();
    const bytes = await signature(made.privateKey);
    const { publicKey: revoked } = await revokeKey({
      key: made.privateKey,
      format: 'object',
      date: SIGNED,
      reasonForRevocation: { flag: enums.reasonForRevocation.keyRetired },
    });
    const plain = await readKey({ binaryKey: made.publicKey.write() });
    expect(await told(bytes, [plain])).toBe('valid: good');
    expect(await told(bytes, [plain, revoked as PublicKey])).toBe(
      'revoked_key: the key is revoked (no longer used)',
    );
    expect(await told(bytes, [revoked as PublicKey, plain])).toBe(
      'revoked_key: the key is revoked (no longer used)',
    );
  });

  it('takes the word of a designated revoker', async () => {
    const made = await make();
    const bytes = await signature(made.privateKey);
    const { publicKey: revoked } = await revokeKey({ key: bob.privateKey, format: 'object', date: SIGNED });
    const key = await readKey({ binaryKey: made.publicKey.write() });
    key.revocationSignatures.push(...((revoked as PublicKey).revocationSignatures as SignaturePacket[]));
    expect(await told(bytes, [key])).toBe('revoked_key: the key is revoked by a designated revoker');
  });

  it('asks openpgp.js for what node:crypto is not asked for', async () => {
    const made = await make({ curve: 'brainpoolP256r1' });
    const bytes = await signature(made.privateKey);
    expect(await told(bytes, [made.publicKey])).toBe('valid: good');
    const ring = new OpenPgpRing();
    await ring.add(made.publicKey);
    const verification = await new OpenPgpVerifier(ring, NOW).verify(payloadOf({ message: 'x' }), bytes);
    expect(verification).toMatchObject({
      verdict: 'bad_signature',
      reason: expect.stringContaining('does not hold'),
    });
  });

  it('finds a key that came into the ring after others were looked for', async () => {
    const ring = new OpenPgpRing();
    await ring.add(bob.publicKey);
    expect(ring.find(alice.publicKey.getFingerprint().toUpperCase())).toEqual([]);
    await ring.add(alice.publicKey);
    expect(ring.find(alice.publicKey.getFingerprint().toUpperCase())).toHaveLength(1);
    expect(ring.find(alice.publicKey.getKeyID().toHex().toUpperCase())).toHaveLength(1);
  });

  it('works the state of a key out once', async () => {
    const ring = new OpenPgpRing();
    await ring.add(alice.publicKey);
    const verifier = new OpenPgpVerifier(ring, NOW);
    const bytes = await signature(alice.privateKey);
    expect((await verifier.verify(payload, bytes)).verdict).toBe('valid');
    expect((await verifier.verify(payload, bytes)).verdict).toBe('valid');
    const [candidate] = ring.find(alice.publicKey.getFingerprint().toUpperCase());
    if (candidate === undefined) throw new Error('unreachable');
    expect(verifier.state(candidate)).toBe(verifier.state(candidate));
  });

  describe('revoked', () => {
    const { md5, ripemd, sha1, sha256 } = enums.hash;
    const { keyRetired, keySuperseded, keyCompromised } = enums.reasonForRevocation;
    let made: Made;
    let bytes: Buffer;
    beforeAll(async () => {
      made = await make({ type: 'rsa', rsaBits: 2048, subkeys: [{ sign: true }] });
      bytes = await signature(made.privateKey);
    });
    const over = (digest: enums.hash) =>
      ({ ...config, preferredHashAlgorithm: digest, nonDeterministicSignaturesViaNotation: false }) as const;
    const copy = () => readKey({ binaryKey: made.publicKey.write() });
    const revoke = async (digest: enums.hash, flag: number, date: Date): Promise<PublicKey> => {
      const reasonForRevocation = { flag };
      const { publicKey } = await revokeKey({
        key: made.privateKey,
        format: 'object',
        date,
        reasonForRevocation,
        config: over(digest),
      });
      return publicKey as PublicKey;
    };

    it.each([
      ['SHA-256', sha256],
      ['SHA-1', sha1],
      ['RIPEMD-160', ripemd],
      ['MD5', md5],
    ])('over %s is revoked, for a hard reason, a soft one or none, whatever the day', async (_, digest) => {
      const reasons = [
        [keyCompromised, ' (compromised)'],
        [keyRetired, ' (no longer used)'],
        [keySuperseded, ' (superseded by another)'],
        [enums.reasonForRevocation.noReason, ''],
      ] as const;
      for (const [flag, words] of reasons) {
        for (const date of [SIGNED, new Date(NOW.getTime() + 400 * DAY * 1000)]) {
          const revoked = await revoke(digest, flag, date);
          expect(revoked.revocationSignatures.map(({ hashAlgorithm }) => hashAlgorithm)).toEqual([digest]);
          expect(await told(bytes, [revoked])).toBe(`revoked_key: the key is revoked${words}`);
          expect(await told(bytes, [await copy(), revoked])).toBe(`revoked_key: the key is revoked${words}`);
        }
      }
    });

    it.each([
      ['SHA-256', sha256],
      ['MD5', md5],
    ])('subkeys and user ids are revoked over %s', async (_, digest) => {
      const revoked = await copy();
      const [sub] = revoked.getSubkeys();
      const [user] = revoked.users;
      const key = made.privateKey.keyPacket as never;
      const reason = { flag: keyRetired };
      const withdrawn = await user?.revoke(key, undefined, SIGNED, over(digest));
      user?.revocationSignatures.push(...(withdrawn?.revocationSignatures ?? []));
      const verification = await judge(bytes, [revoked]);
      expect(verification.verdict === 'valid' && verification.by.admits('alice@example.com')).toBe(false);
      const gone = await sub?.revoke(key, reason, SIGNED, over(digest));
      sub?.revocationSignatures.push(...(gone?.revocationSignatures ?? []));
      expect(await told(bytes, [revoked])).toBe('revoked_key: the subkey is revoked (no longer used)');
    });

    /** A revocation that says it is the key's own, and is not. */
    const forge = async (): Promise<PublicKey> => {
      const forged = await copy();
      const { publicKey } = await revokeKey({ key: bob.privateKey, format: 'object', date: SIGNED });
      const { revocationSignatures } = await readKey({ binaryKey: (publicKey as PublicKey).write() });
      for (const one of revocationSignatures) one.issuerKeyID = forged.getKeyID() as never;
      forged.revocationSignatures.push(...revocationSignatures);
      return forged;
    };

    it('is not by a revocation that its key did not make', async () => {
      expect(await told(bytes, [await forge()])).toBe('valid: good');
    });

    it('stays so by a designated revoker though another copy holds a revocation that does not hold', async () => {
      const { publicKey } = await revokeKey({ key: bob.privateKey, format: 'object', date: SIGNED });
      const revoked = await copy();
      revoked.revocationSignatures.push(...(publicKey as PublicKey).revocationSignatures);
      for (const keys of [
        [await forge(), revoked],
        [revoked, await forge()],
      ]) {
        expect(await told(bytes, keys)).toBe('revoked_key: the key is revoked by a designated revoker');
      }
    });
  });

  it('says why the newest revocation was made', async () => {
    const { privateKey } = await make();
    const bytes = await signature(privateKey);
    const { keyRetired, keyCompromised } = enums.reasonForRevocation;
    const revoke = async (flag: number, date: Date) =>
      (await revokeKey({ key: privateKey, format: 'object', date, reasonForRevocation: { flag } }))
        .publicKey as PublicKey;
    const older = await revoke(keyRetired, SIGNED);
    const newer = await revoke(keyCompromised, new Date('2025-06-01'));
    newer.revocationSignatures.push(...older.revocationSignatures);
    expect(await told(bytes, [newer])).toBe('revoked_key: the key is revoked (compromised)');
  });

  it('says of a revocation without a known reason no more than that', async () => {
    const { privateKey } = await make();
    const bytes = await signature(privateKey);
    const { publicKey } = await revokeKey({ key: privateKey, format: 'object', date: SIGNED });
    expect(await told(bytes, [publicKey as PublicKey])).toBe('revoked_key: the key is revoked');
  });

  it('takes no key for a signer that is not one, nor a subkey that never agreed', async () => {
    const made = await make({ subkeys: [{ sign: true }] });
    const bytes = await signature(made.privateKey);
    const unbound = await readKey({ binaryKey: made.publicKey.write() });
    for (const binding of unbound.getSubkeys()[0]?.bindingSignatures ?? []) binding.embeddedSignature = null;
    expect(await told(bytes, [unbound])).toContain('not_signing_key: the key is not one that signs');
    const encrypting = await readKey({ binaryKey: made.publicKey.write() });
    for (const binding of encrypting.getSubkeys()[0]?.bindingSignatures ?? [])
      binding.keyFlags = new Uint8Array([4]);
    expect(await told(bytes, [encrypting])).toContain('not_signing_key');
    const loose = await readKey({ binaryKey: made.publicKey.write() });
    loose.getSubkeys()[0]?.bindingSignatures.splice(0);
    expect(await told(bytes, [loose])).toContain('not_signing_key');
    const nameless = await readKey({ binaryKey: alice.publicKey.write() });
    for (const user of nameless.users) user.selfCertifications.splice(0);
    expect(await told(await signature(alice.privateKey), [nameless])).toContain('not_signing_key');
  });

  it('refuses a subkey that a second key adopted, by whichever it is found first', async () => {
    const made = await make({ subkeys: [{ sign: true }] });
    const bytes = await signature(made.privateKey);
    const thief = await readKey({ binaryKey: bob.publicKey.write() });
    thief.subkeys.push(...made.publicKey.subkeys);
    for (const keys of [
      [thief, made.publicKey],
      [made.publicKey, thief],
    ]) {
      const verification = await judge(bytes, keys);
      expect(verification).toMatchObject({
        verdict: 'valid',
        fingerprint: `openpgp:${made.publicKey.getFingerprint().toUpperCase()}`,
      });
    }
  });

  it('allows for clocks that are a little off, no more', async () => {
    const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
    expect(await told(await signature(alice.privateKey, at(200)), [alice.publicKey])).toBe('valid: good');
    expect(await told(await signature(alice.privateKey, at(400)), [alice.publicKey])).toContain(
      'future_dated: the signature is dated',
    );
    const fresh = await make({ date: at(200) });
    expect(await told(await signature(fresh.privateKey, at(200)), [fresh.publicKey])).toBe('valid: good');
    const future = await make({ date: at(400) });
    expect(await told(await signature(future.privateKey, at(400)), [future.publicKey])).toBe(
      'future_dated: the key was made in the future (2026-11-22)',
    );
  });

  it('names an unknown key in full as the signature does', async () => {
    const bytes = await signature(alice.privateKey);
    const id = alice.publicKey.getFingerprint().toUpperCase();
    expect(await judge(bytes, [bob.publicKey])).toMatchObject({
      verdict: 'unknown_key',
      fingerprint: `openpgp:${id}`,
      reason: `the key ${id} is not in the keyring`,
    });
    const idOnly = withoutSubpacket(bytes, 33);
    expect(await judge(idOnly, [bob.publicKey])).toMatchObject({
      reason: `the key ${id.slice(-16)} is not in the keyring`,
    });
  });

  it('is not led to another key by the id that stands beside the fingerprint', async () => {
    const bytes = await signature(alice.privateKey);
    const subpacket = (key: PublicKey) =>
      Buffer.concat([Buffer.of(9, 16), Buffer.from(key.getKeyID().toHex(), 'hex')]);
    const at = bytes.indexOf(subpacket(alice.publicKey));
    expect(at).toBeGreaterThan(0);
    subpacket(bob.publicKey).copy(bytes, at);
    const verification = await judge(bytes, [alice.publicKey, bob.publicKey]);
    expect(verification.fingerprint).toBe(`openpgp:${alice.publicKey.getFingerprint().toUpperCase()}`);
  });

  it('ends when the key or its subkey does, whichever is first, to the second', async () => {
    const both = (primary: number, sub: number) =>
      make({ keyExpirationTime: primary * DAY, subkeys: [{ sign: true, keyExpirationTime: sub * DAY }] });
    const end = (days: number) => new Date(BORN.getTime() + days * DAY * 1000);
    for (const [primary, sub] of [
      [500, 900],
      [900, 500],
    ] as const) {
      const made = await both(primary, sub);
      const bytes = await signature(made.privateKey);
      const before = new Date(end(500).getTime() - 1000);
      const verification = await judge(bytes, [made.publicKey], before);
      expect(verification.verdict === 'valid' && verification.by.expires).toEqual(end(500));
      expect(await told(bytes, [made.publicKey], end(500))).toBe(
        'expired_key: the key expired on 2025-05-15',
      );
    }
  });

  it('takes signatures and keys to the last second by which clocks may differ', async () => {
    const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
    expect(await told(await signature(alice.privateKey, at(300)), [alice.publicKey])).toBe('valid: good');
    const fresh = await make({ date: at(300) });
    expect(await told(await signature(fresh.privateKey, at(300)), [fresh.publicKey])).toBe('valid: good');
    expect(await told(await signature(fresh.privateKey, at(301)), [fresh.publicKey])).toBe(
      `future_dated: the signature is dated ${at(301).toISOString()}, which is in the future`,
    );
  });

  it('calls a signature by a weak key weak, whether or not it holds, and a weak primary key too', async () => {
    const short = await make({ type: 'rsa', rsaBits: 1024, config: { ...config, minRSABits: 1024 } });
    const settings = { ...config, minRSABits: 1024 };
    const bytes = await signature(short.privateKey, SIGNED, settings);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(await told(bytes, [short.publicKey])).toBe('weak_algorithm: RSA keys of 1024 bits are too weak');
    const mixed = await make({
      type: 'rsa',
      rsaBits: 1024,
      subkeys: [{ sign: true, type: 'ecc', curve: 'nistP256' }],
      config: settings,
    });
    expect(await told(await signature(mixed.privateKey, SIGNED, settings), [mixed.publicKey])).toBe(
      'weak_algorithm: RSA keys of 1024 bits are too weak',
    );
  });

  it('takes an altered document for no other, by every algorithm, and says that it expired', async () => {
    for (const curve of ['brainpoolP256r1', 'nistP256']) {
      const made = await make({ curve });
      const bytes = await signature(made.privateKey);
      expect(await told(bytes, [made.publicKey])).toBe('valid: good');
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      expect(await told(bytes, [made.publicKey])).toMatch(/^bad_signature: the signature does not hold: \w/);
    }
  });

  it('ends with its own time, to the second, by whatever algorithm it was made', async () => {
    for (const curve of ['nistP256', 'brainpoolP256r1']) {
      const made = await make({ curve });
      const packet = new SignaturePacket();
      Object.assign(packet, {
        signatureType: enums.signature.binary,
        publicKeyAlgorithm: made.privateKey.keyPacket.algorithm,
        hashAlgorithm: enums.hash.sha256,
        signatureExpirationTime: 1000,
        signatureNeverExpires: false,
      });
      const data = (await createMessage({ binary: payload })).packets[0] as object;
      // The library's types do not tell of the settings that it asks for.
      const signing = packet as unknown as { sign(...args: unknown[]): Promise<void> };
      await signing.sign(made.privateKey.keyPacket, data, SIGNED, true, config);
      const body = Buffer.from(packet.write());
      const bytes = Buffer.concat([Buffer.of(0xc2, body.length), body]);
      const since = (seconds: number) => new Date(SIGNED.getTime() + seconds * 1000);
      expect(await told(bytes, [made.publicKey], since(999))).toBe('valid: good');
      expect(await told(bytes, [made.publicKey], since(1000))).toBe(
        `expired_signature: the signature expired on ${since(1000).toISOString()}`,
      );
    }
  });

  it('refuses a signature that is older than its key', async () => {
    const key = await readKey({ binaryKey: alice.publicKey.write() });
    key.keyPacket.created = new Date(SIGNED.getTime() + 1000);
    key.keyPacket.getCreationTime = () => key.keyPacket.created;
    const verification = await told(await signature(alice.privateKey), [key]);
    expect(verification).toBe('bad_signature: the signature is older than its key');
  });

  it('finds a key by its 64-bit id where the signature names no more, and reports it in full', async () => {
    const bytes = withoutSubpacket(await signature(alice.privateKey), 33);
    expect(await judge(bytes, [])).toMatchObject({ verdict: 'unknown_key', fingerprint: null });
    // The hashed part was altered, so that the signature cannot hold; but the key was found and is named in full.
    expect(await judge(bytes, [alice.publicKey])).toMatchObject({
      verdict: 'bad_signature',
      fingerprint: `openpgp:${alice.publicKey.getFingerprint().toUpperCase()}`,
    });
    expect(await told(withoutSubpacket(bytes, 16), [alice.publicKey])).toBe(
      'unknown_key: the signature does not name the key that made it',
    );
  });

  it.each([
    ['version 3', 3, 'unsupported_type: OpenPGP signatures of version 3 are not accepted'],
    ['version 5', 5, 'unsupported_type: OpenPGP signatures of version 5 are not accepted'],
    ['version 9', 9, 'malformed: the signature cannot be read'],
  ])('refuses %s', async (_, version, expected) => {
    const bytes = await signature(alice.privateKey);
    bytes[headerLength(bytes)] = version;
    expect(await told(bytes, [alice.publicKey])).toContain(expected);
  });

  it.each([
    ['an algorithm that is too weak', 2, 17, 'weak_algorithm: DSA keys are too weak'],
    ['an algorithm that does not sign', 2, 20, 'malformed'],
    ['a weak digest', 3, 2, 'weak_algorithm: its digest is SHA-1'],
    ['another algorithm', 2, 22, 'bad_signature'],
    ['a certification', 1, 0x10, 'unsupported_type'],
  ])('refuses %s', async (_, at, value, expected) => {
    const bytes = await signature(alice.privateKey);
    bytes[headerLength(bytes) + at] = value;
    expect(await told(bytes, [alice.publicKey])).toContain(expected);
  });

  it('refuses other packets, none, and what is cut short', async () => {
    expect(await told(Buffer.from([0xcd, 1, 65]), [])).toContain(
      'malformed: the armor holds something other',
    );
    expect(await told(Buffer.alloc(0), [])).toBe('malformed: the armor is empty');
    expect(await told(Buffer.from([0xc2, 9, 1]), [])).toContain('malformed: the signature cannot be read');
    expect(await told(Buffer.from([0xc2, 0]), [])).toBe('malformed: the signature packet is empty');
  });
});

describe('weakness', () => {
  it('is of algorithm, length or curve', () => {
    expect(weakness({ algorithm: 'rsaEncryptSign', bits: 2048 })).toBeNull();
    expect(weakness({ algorithm: 'rsaSign' })).toBe('RSA keys of undefined bits are too weak');
    expect(weakness({ algorithm: 'elgamal', bits: 4096 })).toBe('ELGAMAL keys are too weak');
    expect(weakness({ algorithm: 'dsa', bits: 4096 })).toBe('DSA keys are too weak');
    expect(weakness({ algorithm: 'rsaSign', bits: 2047 })).toBe('RSA keys of 2047 bits are too weak');
    expect(weakness({ algorithm: 'ecdsa', curve: 'secp256k1' })).toContain('secp256k1');
    expect(weakness({ algorithm: 'ecdsa', curve: 'nistP256' })).toBeNull();
  });

  it('of the primary key is one of all its parts', async () => {
    const { publicKey } = await make({ curve: 'secp256k1', config: { ...config, rejectCurves: new Set() } });
    const state = await keyStateAt({ key: publicKey, part: publicKey, fingerprint: 'x' }, NOW);
    expect(state.refusal).toMatchObject({ verdict: 'weak_algorithm' });
  });

  it('knows a part by its fingerprint, not by its key id', async () => {
    const state = await keyStateAt(
      { key: alice.publicKey, part: alice.publicKey, fingerprint: 'another' },
      NOW,
    );
    expect(state.refusal).toEqual({
      verdict: 'not_signing_key',
      reason: 'another key of the same key id is the one that signs',
    });
  });
});

describe('readOpenPgpFile', () => {
  const read = async (content: Buffer | string) => {
    const ring = new OpenPgpRing();
    const problems = await readOpenPgpFile('k.asc', Buffer.from(content), ring);
    return { keys: ring.keys().length, problems: problems.map(({ what, reason }) => `${what}: ${reason}`) };
  };
  const armorOf = (bytes: Uint8Array, { label = 'PUBLIC KEY BLOCK', checksum = '' } = {}) =>
    `-----BEGIN PGP ${label}-----\n\n${Buffer.from(bytes).toString('base64')}\n${checksum}-----END PGP ${label}-----\n`;

  it('reads several blocks with text between them, and several keys in a block', async () => {
    const both = Buffer.concat([alice.publicKey.write(), bob.publicKey.write()]);
    expect(await read(`Alice:\n${alice.publicKey.armor()}\nBob:\r\n${bob.publicKey.armor()}`)).toEqual({
      keys: 2,
      problems: [],
    });
    expect(await read(armorOf(both))).toEqual({ keys: 2, problems: [] });
    expect(await read(armorOf(both, { checksum: `=${crc24(both)}\n` }))).toEqual({ keys: 2, problems: [] });
    expect(await read(both)).toEqual({ keys: 2, problems: [] });
  });

  it('names a key that cannot be read, and keeps the others', async () => {
    const broken = Buffer.from(alice.publicKey.write());
    broken[headerLength(broken)] = 9;
    const { keys, problems } = await read(Buffer.concat([broken, bob.publicKey.write()]));
    expect(keys).toBe(1);
    expect(problems).toEqual([expect.stringMatching(/^k\.asc, key 1: cannot be read: /)]);
  });

  it.each([
    [
      'nothing',
      '',
      'k.asc: holds no OpenPGP key (take the colon off that gpg puts in front of a revocation)',
    ],
    ['text', 'hello', 'k.asc: not OpenPGP keys (a keybox? write it with: gpg --export KEY...)'],
    [
      'an end alone',
      '-----END PGP PUBLIC KEY BLOCK-----',
      'k.asc: not OpenPGP keys (a keybox? write it with: gpg --export KEY...)',
    ],
    [
      'no end',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n',
      'k.asc, line 1: an armored block that cannot be read',
    ],
    [
      'a block in a block',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nzQFB\n-----END PGP PUBLIC KEY BLOCK-----\n',
      'k.asc, line 1: an armored block that cannot be read',
    ],
    [
      'no blank line',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n',
      'k.asc, line 1: an armored block that cannot be read',
    ],
    ['no base64', armorOf(Buffer.alloc(0)), 'k.asc, line 1: an armored block that cannot be read'],
    [
      'a wrong checksum',
      armorOf(Buffer.from([1]), { checksum: '=AAAA\n' }),
      'k.asc, line 1: an armored block that cannot be read',
    ],
    [
      'a signature',
      armorOf(Buffer.from([1]), { label: 'SIGNATURE' }),
      'k.asc, line 1: an armored block that cannot be read',
    ],
    [
      'something other than keys',
      armorOf(Buffer.from([0xcd, 1, 65])),
      'k.asc, line 1: holds something other than public keys',
    ],
    ['what is cut short', Buffer.from([0xc6, 9, 4]), 'k.asc: cannot be read: a packet is cut short'],
  ])('says what is wrong with %s', async (_, content, problem) => {
    const { problems } = await read(content);
    expect(problems).toContain(problem);
  });

  it('refuses private keys and what is too large', async () => {
    const secret = armorOf(alice.privateKey.write());
    expect((await read(secret)).problems).toEqual([
      'k.asc, line 1: holds a private key: take it out, and replace the key',
    ]);
    const large = Buffer.alloc(16 * 1024 * 1024 + 1, 0xc6);
    expect((await read(large)).problems).toEqual(['k.asc: larger than 16777216 bytes']);
  });
});
