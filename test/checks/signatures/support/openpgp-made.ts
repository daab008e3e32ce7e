import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** OpenPGP packets put together by hand (version 4, P-256), so that keys and signatures can say whatever there is. */
export interface MadeKey {
  privateKey: KeyObject;
  /** Body of its packet. */
  body: Buffer;
  /** What signatures over the key are over. */
  hashed: Buffer;
  fingerprint: Buffer;
}

export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const u16 = (value: number) => Buffer.of(value >> 8, value & 255);
const seconds = (date: string) => Math.floor(Date.parse(date) / 1000);

function number(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const value = bytes.subarray(first);
  return Buffer.concat([u16(value.length * 8 - Math.clz32(value.readUInt8(0)) + 24), value]);
}

export const packet = (tag: number, body: Buffer) =>
  Buffer.concat([Buffer.of(0xc0 | tag, 255), u32(body.length), body]);
export const subpacket = (type: number, body: Buffer, critical = false) =>
  Buffer.concat([Buffer.of(255), u32(body.length + 1), Buffer.of(type | (critical ? 0x80 : 0)), body]);
export const at = (date: string) => subpacket(2, u32(seconds(date)));
export const ends = (after: number) => subpacket(3, u32(after));
export const keyEnds = (after: number) => subpacket(9, u32(after));
export const flags = (bits: number) => subpacket(27, Buffer.of(bits));
export const unknown = (critical: boolean) => subpacket(99, Buffer.of(1), critical);

export function makeKey(born = '2024-01-01'): MadeKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([
    Buffer.of(4),
    Buffer.from(String(x), 'base64url'),
    Buffer.from(String(y), 'base64url'),
  ]);
  const curve = Buffer.from('082a8648ce3d030107', 'hex');
  const body = Buffer.concat([Buffer.of(4), u32(seconds(born)), Buffer.of(19), curve, number(point)]);
  const hashed = Buffer.concat([Buffer.of(0x99), u16(body.length), body]);
  return { privateKey, body, hashed, fingerprint: createHash('sha1').update(hashed).digest() };
}

/** A signature packet by a key over data, with the issuer in both areas. */
export function signBy(
  key: MadeKey,
  type: number,
  data: Buffer,
  hashed: readonly Buffer[],
  unhashed: readonly Buffer[] = [],
): Buffer {
  const issuer = subpacket(33, Buffer.concat([Buffer.of(4), key.fingerprint]));
  const own = Buffer.concat([...hashed, issuer]);
  const other = Buffer.concat([...unhashed, subpacket(16, key.fingerprint.subarray(12))]);
  const head = Buffer.concat([Buffer.of(4, type, 19, 8), u16(own.length), own]);
  const signed = Buffer.concat([data, head, Buffer.of(4, 255), u32(head.length)]);
  const value = sign('sha256', signed, { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  const digest = createHash('sha256').update(signed).digest();
  const tail = [digest.subarray(0, 2), number(value.subarray(0, 32)), number(value.subarray(32))];
  return packet(2, Buffer.concat([head, u16(other.length), other, ...tail]));
}

export const keyPacket = (key: MadeKey) => packet(6, key.body);
const userData = (key: MadeKey, user: string) =>
  Buffer.concat([key.hashed, Buffer.of(0xb4), u32(Buffer.byteLength(user)), Buffer.from(user)]);

/** A user id with self-signatures, each of the given subpackets. */
export function userOf(key: MadeKey, user: string, ...certifications: (readonly Buffer[])[]): Buffer {
  const made = certifications.map((hashed) => signBy(key, 0x13, userData(key, user), hashed));
  return Buffer.concat([packet(13, Buffer.from(user)), ...made]);
}

/** A photograph that a key certifies, as a user id is. */
export function photoOf(key: MadeKey, ...hashed: readonly Buffer[]): Buffer {
  const image = Buffer.concat([Buffer.of(18, 1, 0x10, 0, 1, 1), Buffer.alloc(13)]);
  const data = Buffer.concat([key.hashed, Buffer.of(0xd1), u32(image.length), image]);
  return Buffer.concat([packet(17, image), signBy(key, 0x13, data, hashed)]);
}

/** The withdrawal of a user id, to stand behind it. */
export const withdrawn = (key: MadeKey, user: string, date: string) =>
  signBy(key, 0x30, userData(key, user), [at(date)]);

/** A signature of a key over itself. */
export const direct = (key: MadeKey, ...hashed: readonly Buffer[]) => signBy(key, 0x1f, key.hashed, hashed);
/** A revocation of the key. */
export const revocation = (key: MadeKey, ...hashed: readonly Buffer[]) =>
  signBy(key, 0x20, key.hashed, hashed);

/** A subkey with its binding; `back` false for one that did not agree. */
export function subkeyOf(key: MadeKey, sub: MadeKey, hashed: readonly Buffer[], back = true): Buffer {
  const both = Buffer.concat([key.hashed, sub.hashed]);
  const agreed = signBy(sub, 0x19, both, [at('2024-01-02')]).subarray(6);
  const binding = signBy(key, 0x18, both, hashed, back ? [subpacket(32, agreed)] : []);
  return Buffer.concat([packet(14, sub.body), binding]);
}
