import { gunzipSync, inflateRawSync } from 'node:zlib';

/** A file inside an archive, or why the archive (or that file) could not be read. */
export type Member = { name: string; bytes: Buffer } | { name: string; unreadable: string };

/** Most that one archive is unpacked to, and the most files of it; nested archives count as unreadable. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_FILES = 5_000;

const MAGIC: readonly { what: string; at: number; bytes: readonly number[] }[] = [
  { what: 'xz', at: 0, bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { what: 'bzip2', at: 0, bytes: [0x42, 0x5a, 0x68] },
  { what: 'zstd', at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { what: '7-Zip', at: 0, bytes: [0x37, 0x7a, 0xbc, 0xaf] },
  { what: 'RAR', at: 0, bytes: [0x52, 0x61, 0x72, 0x21] },
  { what: 'PNG image', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47] },
  { what: 'JPEG image', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { what: 'GIF image', at: 0, bytes: [0x47, 0x49, 0x46, 0x38] },
  { what: 'WebP image', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
  { what: 'PDF', at: 0, bytes: [0x25, 0x50, 0x44, 0x46] },
];

/** What a file is whose text cannot be read here (pictures, foreign compression), or null. */
export function opaqueKind(bytes: Buffer): string | null {
  const found = MAGIC.find(({ at, bytes: magic }) => magic.every((byte, i) => bytes[at + i] === byte));
  return found?.what ?? null;
}

/** True for the archives that are opened: gzip, tar, zip (and their kin: tgz, jar, xlsx, ...). */
export function isArchive(bytes: Buffer): boolean {
  return isGzip(bytes) || isZip(bytes) || isTar(bytes);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isZip(bytes: Buffer): boolean {
  return bytes.length > 22 && bytes.readUInt32LE(0) === 0x04034b50;
}

function isTar(bytes: Buffer): boolean {
  return bytes.length >= 512 && bytes.toString('latin1', 257, 262) === 'ustar';
}

/** The files of an archive. Bounded in bytes and number; what does not fit, or is broken, is said. */
export function membersOf(bytes: Buffer): Member[] {
  if (isZip(bytes)) return zipMembers(bytes);
  if (isTar(bytes)) return tarMembers(bytes);
  let plain: Buffer;
  try {
    plain = gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch {
    // zlib's words would name offsets only.
    return [{ name: '', unreadable: 'its gzip data is broken or unpacks to more than 64 MiB' }];
  }
  return isTar(plain) ? tarMembers(plain) : [{ name: '', bytes: plain }];
}

/** POSIX ustar and GNU headers; long names of GNU and pax are left out, names only stand in messages. */
function tarMembers(bytes: Buffer): Member[] {
  const members: Member[] = [];
  for (let at = 0; at + 512 <= bytes.length; ) {
    const name = cString(bytes, at, 100);
    if (name === '') break;
    const size = Number.parseInt(cString(bytes, at + 124, 12).trim() || '0', 8);
    const type = String.fromCharCode(bytes[at + 156] ?? 0);
    if (!Number.isSafeInteger(size) || size < 0 || at + 512 + size > bytes.length) {
      return [...members, { name, unreadable: 'its tar header is broken' }];
    }
    if (type === '0' || type === '\0')
      members.push({ name, bytes: bytes.subarray(at + 512, at + 512 + size) });
    if (members.length > MOST_FILES)
      return [...members, { name: '', unreadable: 'it has more than 5,000 files' }];
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return members;
}

function cString(bytes: Buffer, at: number, size: number): string {
  const end = bytes.indexOf(0, at);
  return bytes.toString('latin1', at, end === -1 || end > at + size ? at + size : end);
}

/** By the central directory (APPNOTE.TXT 4.3.12); stored and deflated members. */
function zipMembers(bytes: Buffer): Member[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || end + 22 > bytes.length)
    return [{ name: '', unreadable: 'its zip directory is missing' }];
  const members: Member[] = [];
  let left = MOST_BYTES;
  let at = bytes.readUInt32LE(end + 16);
  const count = bytes.readUInt16LE(end + 10);
  for (let i = 0; i < count; i++) {
    if (i >= MOST_FILES) return [...members, { name: '', unreadable: 'it has more than 5,000 files' }];
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) {
      return [...members, { name: '', unreadable: 'its zip directory is broken' }];
    }
    const nameSize = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameSize);
    const member = zipMember(bytes, at, name, left);
    if ('bytes' in member) left -= member.bytes.length;
    if (!name.endsWith('/')) members.push(member);
    at += 46 + nameSize + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return members;
}

function zipMember(bytes: Buffer, entry: number, name: string, left: number): Member {
  const method = bytes.readUInt16LE(entry + 10);
  const size = bytes.readUInt32LE(entry + 20);
  const local = bytes.readUInt32LE(entry + 42);
  if ((bytes.readUInt16LE(entry + 8) & 1) !== 0) return { name, unreadable: 'it is encrypted' };
  if (local + 30 > bytes.length) return { name, unreadable: 'its zip entry is broken' };
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(from, from + size);
  if (method === 0) return { name, bytes: packed };
  if (method !== 8) return { name, unreadable: `its compression (${method}) is not known here` };
  try {
    return { name, bytes: inflateRawSync(packed, { maxOutputLength: Math.max(1, left) }) };
  } catch {
    // zlib's words would name offsets only.
    return { name, unreadable: 'its data is broken or too large' };
  }
}
