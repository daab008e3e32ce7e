import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { WireReader } from './ssh-wire.js';

/** Why an SSH key or signature is refused. */
export class SshError extends Error {
  readonly code: 'malformed' | 'weak_algorithm' | 'unsupported_type' | 'bad_signature';

  constructor(code: SshError['code'], message: string) {
    super(message);
    this.name = 'SshError';
    this.code = code;
  }
}

/** A plain (not certified) public key out of its wire form (RFC 4253 section 6.6, RFC 5656, RFC 8709, PROTOCOL.u2f). */
export interface SshPublicKey {
  type: string;
  /** The key's wire form: two keys are the same when these bytes are. */
  blob: Buffer;
  /** `SHA256:<base64>` as ssh-keygen -l shows it. */
  fingerprint: string;
  key: KeyObject;
  /** What a security key signs for (`ssh:`), for the sk types; null for all others. */
  application: Buffer | null;
}

/** What checking one signature of a key showed. */
export interface SshSignatureFacts {
  /** For security keys: user presence and user verification as the device signed them; null for all others. */
  device: { touched: boolean; verified: boolean } | null;
}

const MIN_RSA_BITS = 2048;
const CURVES: Readonly<Record<string, { type: string; oid: string; bytes: number; hash: string }>> = {
  nistp256: { type: 'ecdsa-sha2-nistp256', oid: '2a8648ce3d030107', bytes: 32, hash: 'sha256' },
  nistp384: { type: 'ecdsa-sha2-nistp384', oid: '2b81040022', bytes: 48, hash: 'sha384' },
  nistp521: { type: 'ecdsa-sha2-nistp521', oid: '2b81040023', bytes: 66, hash: 'sha512' },
};
const SK_ED25519 = 'sk-ssh-ed25519@openssh.com';
const SK_ECDSA = 'sk-ecdsa-sha2-nistp256@openssh.com';
const ED25519_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** `SHA256:<base64 without padding>` over a key's wire form. */
export function sshFingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/**
 * Reads a plain public key from its wire form.
 * @throws SshError for what is broken, too weak (DSA, short RSA) or of no known type.
 */
export function readSshPublicKey(blob: Buffer): SshPublicKey {
  try {
    const wire = new WireReader(blob);
    const type = wire.text();
    const key = readKeyFields(type, wire);
    wire.finish();
    return { type, blob, fingerprint: sshFingerprint(blob), ...key };
  } catch (error) {
    if (error instanceof SshError) throw error;
    throw new SshError('malformed', 'the SSH key cannot be read');
  }
}

/** Reads what follows a key's type: the same fields in a plain key and in a certificate. */
export function readKeyFields(type: string, wire: WireReader): Pick<SshPublicKey, 'key' | 'application'> {
  if (type === 'ssh-ed25519') return { key: ed25519(wire.string()), application: null };
  if (type === 'ssh-rsa') return { key: rsa(wire), application: null };
  if (type === SK_ED25519) return { key: ed25519(wire.string()), application: wire.string() };
  if (type === SK_ECDSA) return { key: ecdsa('nistp256', wire), application: wire.string() };
  if (type === 'ssh-dss') throw new SshError('weak_algorithm', 'DSA keys are too weak');
  for (const [curve, { type: name }] of Object.entries(CURVES)) {
    if (type === name) return { key: ecdsa(curve, wire), application: null };
  }
  throw new SshError('unsupported_type', `SSH keys of type ${JSON.stringify(type)} are not known`);
}

function ed25519(point: Buffer): KeyObject {
  if (point.length !== 32) throw new SshError('malformed', 'the Ed25519 key has the wrong length');
  return createPublicKey({ key: Buffer.concat([ED25519_PREFIX, point]), format: 'der', type: 'spki' });
}

function rsa(wire: WireReader): KeyObject {
  const e = wire.mpint();
  const n = wire.mpint();
  const bits = n.length === 0 ? 0 : n.length * 8 - Math.clz32(n.readUInt8(0)) + 24;
  if (bits < MIN_RSA_BITS) throw new SshError('weak_algorithm', `RSA keys of ${bits} bits are too weak`);
  const jwk = { kty: 'RSA', e: e.toString('base64url'), n: n.toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function ecdsa(curve: string, wire: WireReader): KeyObject {
  const { oid, bytes } = CURVES[curve] as (typeof CURVES)[string];
  if (wire.text() !== curve) throw new SshError('malformed', 'the ECDSA key names another curve');
  const point = wire.string();
  if (point.length !== 1 + 2 * bytes || point[0] !== 4) {
    throw new SshError('malformed', 'the ECDSA key has no uncompressed point');
  }
  // SubjectPublicKeyInfo of RFC 5480: id-ecPublicKey, the named curve, the point.
  const algorithm = der(0x30, Buffer.from('06072a8648ce3d0201', 'hex'), der(0x06, Buffer.from(oid, 'hex')));
  const spki = der(0x30, algorithm, der(0x03, Buffer.of(0), point));
  return createPublicKey({ key: spki, format: 'der', type: 'spki' });
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? Buffer.of(body.length) : Buffer.of(0x81, body.length);
  return Buffer.concat([Buffer.of(tag), length, body]);
}

const RSA_HASHES: ReadonlyMap<string, string> = new Map([
  ['rsa-sha2-256', 'sha256'],
  ['rsa-sha2-512', 'sha512'],
]);

/**
 * Checks a signature blob (RFC 4253 section 6.6; PROTOCOL.u2f for security keys) of a key over a message.
 * @throws SshError when it does not hold, is broken, or rests on SHA-1.
 */
export function checkSshSignature(key: SshPublicKey, blob: Buffer, message: Buffer): SshSignatureFacts {
  try {
    const wire = new WireReader(blob);
    const algorithm = wire.text();
    const signature = wire.string();
    if (algorithm === 'ssh-rsa')
      throw new SshError('weak_algorithm', 'its digest is SHA-1, which can be forged');
    if (key.application !== null)
      return checkDevice(key, key.application, algorithm, signature, wire, message);
    wire.finish();
    holds(checkPlain(key, algorithm, signature, message));
    return { device: null };
  } catch (error) {
    if (error instanceof SshError) throw error;
    throw new SshError('malformed', 'the SSH signature cannot be read');
  }
}

function holds(good: boolean): void {
  if (!good) throw new SshError('bad_signature', 'the signature does not hold');
}

function checkPlain(key: SshPublicKey, algorithm: string, signature: Buffer, message: Buffer): boolean {
  if (key.type === 'ssh-rsa') {
    const hash = RSA_HASHES.get(algorithm);
    if (hash === undefined) throw otherAlgorithm(algorithm);
    return verify(hash, message, key.key, signature);
  }
  if (algorithm !== key.type) throw otherAlgorithm(algorithm);
  if (key.type === 'ssh-ed25519') return verify(null, message, key.key, signature);
  return checkEcdsa(key, key.type.slice(-8), signature, message);
}

function otherAlgorithm(algorithm: string): SshError {
  return new SshError('malformed', `the algorithm ${JSON.stringify(algorithm)} is not one of its key`);
}

function checkEcdsa(key: SshPublicKey, curve: string, signature: Buffer, message: Buffer): boolean {
  const { bytes, hash } = CURVES[curve] as (typeof CURVES)[string];
  const wire = new WireReader(signature);
  const r = wire.mpint();
  const s = wire.mpint();
  wire.finish();
  if (r.length > bytes || s.length > bytes) return false;
  const pair = Buffer.concat([leftPad(r, bytes), leftPad(s, bytes)]);
  return verify(hash, message, { key: key.key, dsaEncoding: 'ieee-p1363' }, pair);
}

function leftPad(value: Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(length - value.length), value]);
}

function checkDevice(
  key: SshPublicKey,
  application: Buffer,
  algorithm: string,
  signature: Buffer,
  wire: WireReader,
  message: Buffer,
): SshSignatureFacts {
  if (algorithm !== key.type) {
    throw algorithm.startsWith('webauthn-')
      ? new SshError('unsupported_type', 'signatures by a browser (WebAuthn) are not accepted')
      : otherAlgorithm(algorithm);
  }
  const tail = wire.bytes(5);
  wire.finish();
  const flags = tail.readUInt8(0);
  const signed = Buffer.concat([sha256(application), tail, sha256(message)]);
  holds(
    key.type === SK_ED25519
      ? verify(null, signed, key.key, signature)
      : checkEcdsa(key, 'nistp256', signature, signed),
  );
  return { device: { touched: (flags & 1) !== 0, verified: (flags & 4) !== 0 } };
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
