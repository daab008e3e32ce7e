import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createMessage,
  enums,
  generateKey,
  type PrivateKey,
  type PublicKey,
  SignaturePacket,
  sign,
} from 'openpgp';
import { OPENPGP_CONFIG } from '../../../src/checks/signatures/openpgp-config.js';
import { checkNatively } from '../../../src/checks/signatures/openpgp-native.js';
import { packetsOf } from '../../../src/checks/signatures/openpgp-packets.js';
import { payloadOf } from './support/objects.js';

const payload = payloadOf();
const BORN = new Date('2025-01-01T00:00:00Z');
const SIGNED = new Date('2025-02-01T00:00:00Z');

const make = async (options: object, settings: object = {}) => {
  const made = await generateKey({
    userIDs: [{ name: 'a' }],
    subkeys: [],
    date: BORN,
    format: 'object',
    ...options,
  });
  const message = await createMessage({ binary: payload });
  const signingKeys = made.privateKey as PrivateKey;
  const bytes = await sign({
    message,
    signingKeys,
    detached: true,
    format: 'binary',
    date: SIGNED,
    config: settings,
  });
  return { key: made.publicKey as PublicKey, bytes: Buffer.from(bytes as Uint8Array) };
};
const parse = (bytes: Buffer) => {
  const [packet] = packetsOf(bytes);
  const signature = new SignaturePacket();
  signature.read(packet?.body ?? Buffer.alloc(0));
  return signature;
};

/** Whether openpgp.js takes it. */
async function byLibrary(bytes: Buffer, key: PublicKey, over: Buffer): Promise<boolean> {
  const data = (await createMessage({ binary: over })).packets[0] as object;
  const verified = parse(bytes).verify(
    key.keyPacket,
    enums.signature.binary,
    data,
    SIGNED,
    true,
    OPENPGP_CONFIG,
  );
  return verified.then(
    () => true,
    () => false,
  );
}

describe('checkNatively', () => {
  const kinds = [
    ['RSA', { type: 'rsa', rsaBits: 2048 }],
    ['P-256', { type: 'ecc', curve: 'nistP256' }],
    ['P-384', { type: 'ecc', curve: 'nistP384' }],
    ['P-521', { type: 'ecc', curve: 'nistP521' }],
    ['Ed25519, the older form', { type: 'ecc', curve: 'ed25519Legacy' }],
    ['Ed25519', { type: 'curve25519' }],
  ] as const;

  it.each(kinds)('says what openpgp.js says of %s, whatever byte is another', async (_, options) => {
    const { key, bytes } = await make(options);
    expect(await checkNatively(parse(bytes), key.keyPacket, payload)).toBe('');
    expect(await checkNatively(parse(bytes), key.keyPacket, Buffer.from('x'))).not.toBe('');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: bytes.length - 1 }), fc.nat(255), async (at, value) => {
        const altered = Buffer.from(bytes);
        altered[at] = value;
        let parsed: SignaturePacket;
        try {
          parsed = parse(altered);
        } catch {
          // What cannot be read is refused before either is asked.
          return;
        }
        const native = await checkNatively(parsed, key.keyPacket, payload);
        if (native !== null && parsed.created?.getTime() === SIGNED.getTime()) {
          expect(native === '').toBe(await byLibrary(altered, key, payload));
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['brainpool', { type: 'ecc', curve: 'brainpoolP256r1' }, {}],
    ['Ed448', { type: 'curve448' }, {}],
    [
      'a digest that is not of SHA-2',
      { type: 'ecc', curve: 'ed25519Legacy' },
      { preferredHashAlgorithm: enums.hash.sha3_256 },
    ],
    ['version 6', { type: 'curve25519', config: { v6Keys: true } }, {}],
  ])('leaves %s to openpgp.js', async (_, options, settings) => {
    const { key, bytes } = await make(options, settings);
    if (key.keyPacket.version === 4 && 'preferredHashAlgorithm' in settings) {
      const signature = parse(bytes);
      signature.hashAlgorithm = enums.hash.sha3_256;
      expect(await checkNatively(signature, key.keyPacket, payload)).toBeNull();
    } else {
      expect(await checkNatively(parse(bytes), key.keyPacket, payload)).toBeNull();
    }
    expect(await byLibrary(bytes, key, payload)).toBe(true);
  });

  it.each<[string, (signature: SignaturePacket) => void, string]>([
    [
      'another issuer',
      (one) => Object.assign(one.issuerKeyID, { bytes: '\u0001'.repeat(8) }),
      'it names another key',
    ],
    [
      'another algorithm',
      (one) => Object.assign(one, { publicKeyAlgorithm: enums.publicKey.rsaSign }),
      'it is of another algorithm than its key',
    ],
    [
      'a critical subpacket',
      (one) => one.unknownSubpackets.push({ type: 100, critical: true, body: Buffer.alloc(0) }),
      'it has an unknown critical subpacket',
    ],
    [
      'a critical notation',
      (one) =>
        one.rawNotations.push({ name: 'x', value: Buffer.alloc(0), humanReadable: false, critical: true }),
      'it has an unknown critical notation',
    ],
    ['a revoker', (one) => Object.assign(one, { revocationKeyClass: 128 }), 'it names a revoker'],
    [
      'another digest',
      (one) => Object.assign(one, { signedHashValue: Buffer.from([0, 0]) }),
      'its digest is another',
    ],
    ['no digest', (one) => Object.assign(one, { signedHashValue: null }), 'its digest is another'],
    [
      'numbers that are too large',
      (one) => Object.assign(one, { params: { r: Buffer.alloc(33), s: Buffer.alloc(1) } }),
      'its numbers are too large',
    ],
    [
      'other numbers',
      (one) => Object.assign(one, { params: { r: Buffer.alloc(31, 1), s: Buffer.alloc(1) } }),
      'it was made for something else',
    ],
  ])('refuses %s', async (_, change, reason) => {
    const { key, bytes } = await make({ type: 'ecc', curve: 'ed25519Legacy' });
    const signature = parse(bytes);
    change(signature);
    expect(await checkNatively(signature, key.keyPacket, payload)).toBe(reason);
  });

  it('takes what is not critical', async () => {
    const { key, bytes } = await make({ type: 'ecc', curve: 'nistP256' });
    const signature = parse(bytes);
    signature.unknownSubpackets.push({ type: 100, critical: false, body: Buffer.alloc(0) });
    signature.rawNotations.push({ name: 'x', value: Buffer.alloc(0), humanReadable: false, critical: false });
    expect(await checkNatively(signature, key.keyPacket, payload)).toBe('');
  });
});
