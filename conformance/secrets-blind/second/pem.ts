import type { Mint } from './mint.js';
import { wrapped } from './planted.js';

function tlv(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const n = body.length;
  const length = n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function integer(mint: Mint, length: number): Buffer {
  const bytes = mint.bytes(length);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  bytes[length - 1] = (bytes[length - 1] ?? 0) | 1;
  return tlv(2, bytes);
}

const small = (n: number): Buffer => tlv(2, Buffer.from([n]));
const EXPONENT = tlv(2, Buffer.from([1, 0, 1]));
const RSA = tlv(0x30, Buffer.from('06092a864886f70d0101010500', 'hex'));
const SHA_RSA = tlv(0x30, Buffer.from('06092a864886f70d01010b0500', 'hex'));
const P256 = Buffer.from('06082a8648ce3d030107', 'hex');
const EC = tlv(0x30, Buffer.from('06072a8648ce3d0201', 'hex'), P256);

/** PEM of DER. */
export function pem(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${wrapped(der.toString('base64'), 64)}\n-----END ${label}-----`;
}

function rsaNumbers(mint: Mint, bits: number): Buffer {
  const n = bits / 8;
  const half = n / 2;
  return tlv(
    0x30,
    small(0),
    integer(mint, n),
    EXPONENT,
    integer(mint, n),
    ...Array.from({ length: 5 }, () => integer(mint, half)),
  );
}

/** PKCS#1 RSA private key: the numbers are random, the structure is right. */
export function rsaKey(mint: Mint, bits = 2048): string {
  return pem('RSA PRIVATE KEY', rsaNumbers(mint, bits));
}

/** PKCS#8 private key, RSA. */
export function pkcs8Key(mint: Mint, bits = 2048): string {
  return pem('PRIVATE KEY', tlv(0x30, small(0), RSA, tlv(4, rsaNumbers(mint, bits))));
}

/** PKCS#8 private key, Ed25519. */
export function ed25519Key(mint: Mint): string {
  return pem(
    'PRIVATE KEY',
    Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), mint.bytes(32)]),
  );
}

/** SEC 1 private key on P-256. */
export function ecKey(mint: Mint): string {
  const point = tlv(3, Buffer.from([0, 4]), mint.bytes(64));
  return pem(
    'EC PRIVATE KEY',
    tlv(0x30, small(1), tlv(4, mint.bytes(32)), tlv(0xa0, P256), tlv(0xa1, point)),
  );
}

/** DSA private key as OpenSSL wrote it. */
export function dsaKey(mint: Mint): string {
  const numbers = [128, 20, 128, 128, 20].map((length) => integer(mint, length));
  return pem('DSA PRIVATE KEY', tlv(0x30, small(0), ...numbers));
}

const text = (value: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([length, Buffer.from(value, 'latin1')]);
};

/** OpenSSH's own format, Ed25519, without a pass phrase. */
export function opensshKey(mint: Mint): string {
  const open = mint.bytes(32).toString('latin1');
  const pair = text('ssh-ed25519').toString('latin1') + text(open).toString('latin1');
  const check = mint.bytes(4).toString('latin1');
  const secret = text(`${mint.bytes(32).toString('latin1')}${open}`).toString('latin1');
  const inner = `${check}${check}${pair}${secret}${text('deploy@ci').toString('latin1')}\x01\x02\x03`;
  const der = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    Buffer.from([0, 0, 0, 1]),
    text(pair),
    text(inner),
  ]);
  const body = wrapped(der.toString('base64'), 70);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----`;
}

/** An armoured OpenPGP private key block. */
export function pgpKey(mint: Mint): string {
  const body = wrapped(Buffer.concat([Buffer.from([0x95, 3, 0xbe]), mint.bytes(900)]).toString('base64'), 64);
  return `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${body}\n=${mint.alnum(4)}\n-----END PGP PRIVATE KEY BLOCK-----`;
}

/** A PuTTY key file's text, version 3. */
export function puttyKey(mint: Mint): string {
  return [
    'PuTTY-User-Key-File-3: ssh-ed25519',
    'Encryption: none',
    'Comment: deploy',
    'Public-Lines: 2',
    wrapped(mint.base64(51), 64),
    'Private-Lines: 1',
    mint.base64(36),
    `Private-MAC: ${mint.hex(64)}`,
  ].join('\n');
}

/** A certificate: public, whatever it looks like. */
export function certificate(mint: Mint, label = 'CERTIFICATE'): string {
  const name = tlv(
    0x30,
    tlv(0x31, tlv(0x30, Buffer.from('0603550403', 'hex'), tlv(12, Buffer.from('internal-ca')))),
  );
  const key = tlv(0x30, RSA, tlv(3, Buffer.from([0]), tlv(0x30, integer(mint, 256), EXPONENT)));
  const times = tlv(0x30, tlv(23, Buffer.from('240101000000Z')), tlv(23, Buffer.from('340101000000Z')));
  const body = tlv(0x30, tlv(0xa0, small(2)), integer(mint, 16), SHA_RSA, name, times, name, key);
  return pem(label, tlv(0x30, body, SHA_RSA, tlv(3, Buffer.from([0]), mint.bytes(256))));
}

/** SubjectPublicKeyInfo, RSA. */
export function publicKey(mint: Mint): string {
  return pem('PUBLIC KEY', tlv(0x30, RSA, tlv(3, Buffer.from([0]), tlv(0x30, integer(mint, 256), EXPONENT))));
}

/** SubjectPublicKeyInfo, P-256: cosign's public key. */
export function ecPublicKey(mint: Mint): string {
  return pem('PUBLIC KEY', tlv(0x30, EC, tlv(3, Buffer.from([0, 4]), mint.bytes(64))));
}

/** A line of authorized_keys. */
export function sshPublicKey(mint: Mint): string {
  const blob = Buffer.concat([text('ssh-ed25519'), text(mint.bytes(32).toString('latin1'))]);
  return `ssh-ed25519 ${blob.toString('base64')}`;
}
