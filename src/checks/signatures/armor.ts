import { LIMITS } from '../../contract/index.js';
import { type Refusal, refuse } from './verification.js';

/** One armored block, decoded. */
export interface Armor {
  /** What stands between BEGIN and the dashes, e.g. `PGP SIGNATURE`. */
  label: string;
  body: Buffer;
}

/** More lines of `Name: value` than any tool writes. */
const MAX_ARMOR_HEADERS = 32;
const BEGIN = /^-----BEGIN ([A-Z0-9 ]{1,40})-----$/;

/**
 * Reads the one armored block that a signature must be (RFC 9580 section 6; PEM for SSH and CMS). Strict where gpg
 * and openpgp.js are lenient: nothing before or behind the block, the CRC must be right where there is one, base64
 * in its one canonical form. Checked against the size limit before anything is looked at.
 */
export function readArmor(bytes: Buffer): Armor | Refusal {
  if (bytes.length > LIMITS.armorBytes) {
    return refuse('malformed', `the signature is larger than ${LIMITS.armorBytes} bytes`);
  }
  const lines = bytes.toString('latin1').split('\n').map(trimEnd);
  while (lines.at(-1) === '') lines.pop();
  const label = BEGIN.exec(lines[0] ?? '')?.[1];
  if (label === undefined) return refuse('malformed', 'the signature is not an armored block');
  if (lines.slice(1).some((line) => BEGIN.test(line))) {
    return refuse('multiple_signatures', 'it carries more than one armored signature');
  }
  const end = lines.indexOf(`-----END ${label}-----`);
  if (end === -1) return refuse('malformed', 'the armor has no end');
  if (end !== lines.length - 1) return refuse('malformed', 'something stands behind the armor');
  const body = label.startsWith('PGP ') ? pgpBody(lines.slice(1, end)) : lines.slice(1, end);
  if (body === null) return refuse('malformed', "the armor's headers are broken");
  const last = body.at(-1) ?? '';
  const checksum = label.startsWith('PGP ') && last.startsWith('=') ? body.pop() : undefined;
  const text = body.join('');
  const decoded = Buffer.from(text, 'base64');
  if (decoded.length === 0 || decoded.toString('base64') !== text) {
    return refuse('malformed', 'the armor holds no proper base64');
  }
  if (checksum !== undefined && checksum.slice(1) !== crc24(decoded)) {
    return refuse('malformed', "the armor's checksum is wrong");
  }
  return { label, body: decoded };
}

function trimEnd(line: string): string {
  return line.trimEnd();
}

/** The lines behind the `Name: value` headers and the empty line that ends them; null when those are broken. */
function pgpBody(lines: readonly string[]): string[] | null {
  const blank = lines.indexOf('');
  if (blank === -1 || blank > MAX_ARMOR_HEADERS) return null;
  return lines.slice(0, blank).every((line) => /^[A-Za-z]{1,40}:(?: |$)/.test(line))
    ? lines.slice(blank + 1)
    : null;
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 16;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x800000 ? (crc << 1) ^ 0x1864cfb : crc << 1;
  return crc;
});

/** The CRC of RFC 9580 section 6.1, base64 as it stands in the armor. */
export function crc24(bytes: Uint8Array): string {
  let crc = 0xb704ce;
  for (const byte of bytes) crc = ((crc << 8) ^ Number(CRC_TABLE[((crc >> 16) ^ byte) & 255])) & 0xffffff;
  return Buffer.from([crc >> 16, (crc >> 8) & 255, crc & 255]).toString('base64');
}
