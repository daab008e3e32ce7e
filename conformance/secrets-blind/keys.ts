import { createECDH } from 'node:crypto';
import type { Random } from './random.js';

function armour(label: string, body: Buffer, extra = ''): string {
  const dashes = '-'.repeat(5);
  const lines = body.toString('base64').match(/.{1,64}/g) ?? [];
  return [
    `${dashes}BEGIN ${label}${dashes}`,
    ...(extra === '' ? [] : [extra, '']),
    ...lines,
    `${dashes}END ${label}${dashes}`,
  ].join('\n');
}

const PRIVATE = ['PRIVATE', 'KEY'].join(' ');

function integer(bytes: Buffer): Buffer {
  const value = (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([2]), length(value.length), value]);
}

function length(n: number): Buffer {
  if (n < 128) return Buffer.from([n]);
  return n < 256 ? Buffer.from([0x81, n]) : Buffer.from([0x82, n >> 8, n & 255]);
}

function sequence(...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x30]), length(body.length), body]);
}

function odd(r: Random, bytes: number): Buffer {
  const out = r.bytes(bytes);
  out[0] = (out[0] ?? 0) | 0xc0;
  out[bytes - 1] = (out[bytes - 1] ?? 0) | 1;
  return out;
}

/** PKCS #1 by structure (the numbers are random, no real key). */
export function rsaKey(r: Random): string {
  const numbers = [256, 3, 256, 128, 128, 128, 128, 128].map((n, i) =>
    i === 1 ? Buffer.from([1, 0, 1]) : odd(r, n),
  );
  return armour(`RSA ${PRIVATE}`, sequence(integer(Buffer.from([0])), ...numbers.map(integer)));
}

/** PKCS #8 of an Ed25519 seed. */
export function ed25519Key(r: Random): string {
  return armour(
    PRIVATE,
    Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), r.bytes(32)]),
  );
}

/** SEC 1 of a P-256 key. */
export function ecKey(r: Random): string {
  const ecdh = createECDH('prime256v1');
  const scalar = r.bytes(32);
  scalar[0] = 1;
  ecdh.setPrivateKey(scalar);
  return armour(
    `EC ${PRIVATE}`,
    Buffer.concat([
      Buffer.from('30770201010420', 'hex'),
      scalar,
      Buffer.from('a00a06082a8648ce3d030107a144034200', 'hex'),
      ecdh.getPublicKey(),
    ]),
  );
}

function field(bytes: Buffer | string): Buffer {
  const body = Buffer.from(bytes as string);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length);
  return Buffer.concat([size, body]);
}

/** openssh-key-v1, not encrypted. */
export function sshKey(r: Random): string {
  const pub = r.bytes(32);
  const check = r.bytes(4);
  const blob = Buffer.concat([field('ssh-ed25519'), field(pub)]);
  const inner = Buffer.concat([
    check,
    check,
    field('ssh-ed25519'),
    field(pub),
    field(Buffer.concat([r.bytes(32), pub])),
    field('deploy@prod'),
    Buffer.from([1, 2, 3, 4, 5]),
  ]);
  const padded = inner.subarray(0, inner.length - (inner.length % 8));
  return armour(
    `OPENSSH ${PRIVATE}`,
    Buffer.concat([
      Buffer.from('openssh-key-v1\0'),
      field('none'),
      field('none'),
      field(''),
      Buffer.from([0, 0, 0, 1]),
      field(blob),
      field(padded),
    ]),
  );
}

/** An armoured OpenPGP secret key, by packet head only. */
export function pgpKey(r: Random): string {
  return armour(
    `PGP ${PRIVATE} BLOCK`,
    Buffer.concat([Buffer.from([0x94, 0x58, 4]), r.bytes(420)]),
    'Version: GnuPG v2',
  );
}

/** A certificate by structure. */
export function certificate(r: Random): string {
  return armour(
    'CERTIFICATE',
    sequence(
      sequence(integer(r.bytes(16)), r.bytes(500)),
      sequence(Buffer.from('06092a864886f70d01010b0500', 'hex')),
      r.bytes(256),
    ),
  );
}

/** A SubjectPublicKeyInfo. */
export function publicKey(r: Random): string {
  return armour(
    ['PUBLIC', 'KEY'].join(' '),
    Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), r.bytes(32)]),
  );
}

/** An authorized_keys line. */
export function sshPublic(r: Random): string {
  return `ssh-ed25519 ${Buffer.concat([field('ssh-ed25519'), field(r.bytes(32))]).toString('base64')} alice@example.com`;
}
