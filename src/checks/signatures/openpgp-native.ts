import { constants, createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { enums, type Key, type SignaturePacket, type Subkey } from 'openpgp';

type KeyPacket = (Key | Subkey)['keyPacket'];
type Numbers = Readonly<Record<string, Uint8Array>>;

/** A public key as node:crypto takes it, with how its signatures are written. */
interface NativeKey {
  key: KeyObject;
  kind: 'rsa' | 'ecdsa' | 'eddsa';
  /** Bytes of an RSA signature, or of each of the two numbers of the others. */
  length: number;
}

const verifySignature = promisify(verify);
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const CURVES: ReadonlyMap<string, { name: string; length: number }> = new Map([
  ['nistP256', { name: 'P-256', length: 32 }],
  ['nistP384', { name: 'P-384', length: 48 }],
  ['nistP521', { name: 'P-521', length: 66 }],
]);
const DIGESTS: ReadonlyMap<number, string> = new Map([
  [enums.hash.sha224, 'sha224'],
  [enums.hash.sha256, 'sha256'],
  [enums.hash.sha384, 'sha384'],
  [enums.hash.sha512, 'sha512'],
]);
const keys = new WeakMap<KeyPacket, NativeKey | null>();

/**
 * Checks a version 4 signature over a binary document by node:crypto, for the algorithms that nearly all keys are of:
 * several times faster than openpgp.js, which makes a key anew for each signature. It asks for the same as
 * SignaturePacket.verify of openpgp.js, which serves all other algorithms and versions; tests hold the two together.
 * @returns null where openpgp.js is to be asked; otherwise why the signature does not hold, or '' when it does
 */
export async function checkNatively(
  signature: SignaturePacket,
  packet: KeyPacket,
  payload: Buffer,
): Promise<string | null> {
  const native = nativeKey(packet);
  const digest = DIGESTS.get(Number(signature.hashAlgorithm));
  const { signatureData, signedHashValue } = signature;
  if (native === null || digest === undefined || signature.version !== 4 || signatureData === null)
    return null;
  if (!signature.issuerKeyID.equals(packet.getKeyID())) return 'it names another key';
  if (Number(signature.publicKeyAlgorithm) !== Number(packet.algorithm))
    return 'it is of another algorithm than its key';
  if (signature.unknownSubpackets.some(({ critical }) => critical))
    return 'it has an unknown critical subpacket';
  if (signature.rawNotations.some(({ critical }) => critical)) return 'it has an unknown critical notation';
  if (signature.revocationKeyClass !== null) return 'it names a revoker';
  // RFC 9580 section 5.2.4: the document, the hashed part of the packet, and a trailer with that part's length.
  const trailer = Buffer.from([4, 0xff, 0, 0, 0, 0]);
  trailer.writeUInt32BE(signatureData.length, 2);
  const signed = Buffer.concat([payload, signatureData, trailer]);
  const hash = createHash(digest).update(signed).digest();
  if (!hash.subarray(0, 2).equals(Buffer.from(signedHashValue ?? []))) return 'its digest is another';
  const value = signatureBytes(signature, native);
  if (value === null) return 'its numbers are too large';
  const { key, kind } = native;
  if (kind === 'eddsa') return told(await verifySignature(null, hash, key, value));
  if (kind === 'ecdsa')
    return told(await verifySignature(digest, signed, { key, dsaEncoding: 'ieee-p1363' }, value));
  return told(await verifySignature(digest, signed, { key, padding: constants.RSA_PKCS1_PADDING }, value));
}

function told(good: boolean): string {
  return good ? '' : 'it was made for something else';
}

function nativeKey(packet: KeyPacket): NativeKey | null {
  let native = keys.get(packet);
  if (native === undefined) {
    native = makeKey(packet);
    keys.set(packet, native);
  }
  return native;
}

function makeKey(packet: KeyPacket): NativeKey | null {
  const { algorithm, curve } = packet.getAlgorithmInfo();
  const { n, e, Q, A } = packet.publicParams as Numbers;
  if (algorithm.startsWith('rsa') && n !== undefined && e !== undefined) {
    const jwk = { kty: 'RSA', n: base64url(n), e: base64url(e) };
    return { key: createPublicKey({ key: jwk, format: 'jwk' }), kind: 'rsa', length: n.length };
  }
  const named = CURVES.get(String(curve));
  if (algorithm === 'ecdsa' && named !== undefined && Q !== undefined) {
    const [x, y] = [Q.subarray(1, 1 + named.length), Q.subarray(1 + named.length)];
    const jwk = { kty: 'EC', crv: named.name, x: base64url(x), y: base64url(y) };
    return { key: createPublicKey({ key: jwk, format: 'jwk' }), kind: 'ecdsa', length: named.length };
  }
  // The older form of Ed25519 has a byte 0x40 in front of the point.
  const point =
    algorithm === 'eddsaLegacy' && Q?.[0] === 0x40 ? Q.subarray(1) : algorithm === 'ed25519' ? A : undefined;
  if (point?.length !== 32) return null;
  const spki = Buffer.concat([ED25519_PREFIX, point]);
  return { key: createPublicKey({ key: spki, format: 'der', type: 'spki' }), kind: 'eddsa', length: 32 };
}

/** The signature in the one length that node:crypto takes: OpenPGP leaves zeros in front of numbers out. */
function signatureBytes(signature: SignaturePacket, { length }: NativeKey): Buffer | null {
  const { r, s, RS } = (signature as unknown as { params: Numbers }).params;
  if (RS !== undefined) return Buffer.from(RS);
  const parts = [r, s].filter((part) => part !== undefined);
  if (parts.some((part) => part.length > length)) return null;
  return Buffer.concat(parts.flatMap((part) => [Buffer.alloc(length - part.length), part]));
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
