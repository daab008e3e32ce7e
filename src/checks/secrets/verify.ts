import { isChosenPassword, isKeyboardNoise } from './chosen.js';
import { shannonEntropy } from './entropy.js';
import { isEncryptedOrHashed, isPlaceholder, isReference } from './placeholder.js';
import { isRandom, wordiness } from './randomness.js';
import type { Verifier } from './rule.js';
import { strengthOf } from './strength.js';

/**
 * What a value's structure says. `sure`: a checksum or body proves it. `shape`: nothing speaks against it.
 * `doubt`: it does not verify, so that it is an example or damaged. `no`: not a secret.
 */
export type Verdict = 'sure' | 'shape' | 'doubt' | 'no';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const CRC_TABLE = (() => {
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    table[n] = c >>> 0;
  }
  return table;
})();

/** CRC-32 (ISO 3309) of ASCII text, as an unsigned number. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc = (CRC_TABLE[(crc ^ text.charCodeAt(i)) & 0xff] as number) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Six base62 digits of the CRC-32 of a text, as GitHub and npm append them to their tokens. */
export function base62Checksum(body: string): string {
  let rest = crc32(body);
  let out = '';
  for (let i = 0; i < 6; i++) {
    out = (BASE62[rest % 62] as string) + out;
    rest = Math.floor(rest / 62);
  }
  return out;
}

/** The last six characters of the part after the last `_` are the checksum of what is before them. */
function checksummed(value: string): Verdict {
  const body = value.slice(value.lastIndexOf('_') + 1);
  return base62Checksum(body.slice(0, -6)) === body.slice(-6) ? 'sure' : 'doubt';
}

/** A JSON object in base64url, or null. */
export function decodeJson(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    // Not JSON: that is the answer, not an error.
    return null;
  }
}

/** RFC 7519: header and payload are JSON objects and the header names an algorithm. */
function jwt(value: string): Verdict {
  const [head = '', payload = '', signature = ''] = value.split('.');
  const header = decodeJson(head);
  if (header === null || typeof header.alg !== 'string') return 'no';
  const claims = decodeJson(payload);
  if (claims === null) return 'no';
  // Keys that are published with a web page, and the sample of jwt.io.
  if (claims.role === 'anon' || claims.sub === '1234567890') return 'doubt';
  return signature.length >= 20 ? 'sure' : 'doubt';
}

/** A JWT that Kubernetes issued: `iss` is `kubernetes/serviceaccount` or the cluster's own, a claim names the account. */
function ofServiceAccount(value: string): boolean {
  const claims = decodeJson(value.split('.')[1] ?? '');
  if (claims === null) return false;
  const issuer = typeof claims.iss === 'string' ? claims.iss : '';
  return (
    /^(?:https:\/\/)?kubernetes/.test(issuer) ||
    Object.keys(claims).some((name) => name.startsWith('kubernetes.io'))
  );
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** BIP 173 checksum without its limit of 90 characters, as age uses it (filippo.io/age internal/bech32). */
export function isBech32(text: string): boolean {
  const lower = text.toLowerCase();
  const split = lower.lastIndexOf('1');
  if (split < 1 || split + 7 > lower.length) return false;
  const values: number[] = [];
  for (let i = 0; i < split; i++) values.push(lower.charCodeAt(i) >> 5);
  values.push(0);
  for (let i = 0; i < split; i++) values.push(lower.charCodeAt(i) & 31);
  for (let i = split + 1; i < lower.length; i++) {
    const digit = BECH32.indexOf(lower[i] as string);
    if (digit === -1) return false;
    values.push(digit);
  }
  return bech32Polymod(values) === 1;
}

/** The checksum polynomial of BIP 173 over five-bit values. */
export function bech32Polymod(values: readonly number[]): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (let i = 0; i < 5; i++) if ((top >> i) & 1) check ^= generators[i] as number;
  }
  return check >>> 0;
}

/**
 * A PEM or OpenSSH private key with its armor lines. DER must be a SEQUENCE of the length it states; OpenSSH begins
 * with its magic (PROTOCOL.key). Bodies with dots, angle brackets or too little in them are illustrations.
 */
export function pemVerdict(block: string): Verdict {
  const label = /-----BEGIN ([A-Z0-9 ]{0,40}?)-----/.exec(block)?.[1] ?? '';
  const inner = block.replace(/-----(?:BEGIN|END)[A-Z0-9 ]{0,45}(?:-----)?/g, '');
  if (/\.\.\.|…|[<>{}*]|x{8}/i.test(inner)) return 'no';
  const body = inner
    .replace(/\\[nrt]/g, '\n')
    .replace(/^[ \t"'+|,]*[A-Za-z-]+: .*$/gm, '')
    .replace(/[\s"'\\,`;]/g, '')
    .replace(/=[A-Za-z0-9+/]{4}$/, '');
  if (!/^[A-Za-z0-9+/]{44,}={0,2}$/.test(body) || shannonEntropy(body) < 3.5) return 'no';
  const bytes = Buffer.from(body, 'base64');
  if (label.startsWith('OPENSSH')) {
    return bytes.subarray(0, 15).toString('latin1') === 'openssh-key-v1\0' ? 'sure' : 'shape';
  }
  if (label.startsWith('PGP') || label.startsWith('SSH2') || /ENCRYPTED/.test(block)) return 'shape';
  return isDerSequence(bytes) ? 'sure' : 'shape';
}

function isDerSequence(bytes: Buffer): boolean {
  if (bytes[0] !== 0x30 || bytes.length < 4) return false;
  const first = bytes[1] as number;
  if (first < 0x80) return bytes.length === first + 2;
  const size = first & 0x7f;
  return size <= 4 && size > 0 && bytes.length === bytes.readUIntBE(2, size) + 2 + size;
}

const COMMON_PASSWORD_IN_URL =
  /^(?:pass(?:word|wd)?|pwd|secret|user(?:name)?|admin|root|test|guest|token|postgres|mysql|redis|mongo(?:db)?|rabbitmq|foo|bar|baz|abc|\d{1,4}|p|pw|[a-z]|key|hunter2|s3cr[3e]t|pa55w0?rd|passw0rd)\d{0,3}$/i;

/** What nobody makes up to show how a URL is written. */
function isNoise(password: string): boolean {
  return (
    isRandom(password) || (password.length >= 14 && isChosenPassword(password) && wordiness(password) < 0.4)
  );
}

/** The password of a URL's user information, given as `password@host`. */
function urlUserinfo(value: string): Verdict {
  const at = value.lastIndexOf('@');
  const password = at === -1 ? value : value.slice(0, at);
  const host = at === -1 ? '' : value.slice(at + 1).toLowerCase();
  let plain = password;
  try {
    plain = decodeURIComponent(password);
  } catch {
    // A stray percent sign: the password is meant as it stands.
    plain = password;
  }
  if (isReference(plain) || isPlaceholder(plain) || isEncryptedOrHashed(plain) || plain.length < 3)
    return 'no';
  const local = /^(?:localhost|127\.0\.0\.1)(?:[:/]|$)/.test(host);
  if (COMMON_PASSWORD_IN_URL.test(plain)) return local ? 'no' : 'doubt';
  if (/^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1|host\b|hostname|example)/.test(host)) return 'doubt';
  if (/[<>{}$]/.test(host)) return 'doubt';
  // The host may be made up for a report and the key be true all the same: nobody makes up noise.
  if (/(?:^|\.)example\.(?:com|org|net)/.test(host) && !isNoise(plain)) return 'doubt';
  return strengthOf(plain) === 'weak' ? 'doubt' : 'shape';
}

/** Base64 of `user:password`. */
function basicAuth(value: string): Verdict {
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0 || !/^[\x20-\x7e]{3,}$/.test(text)) return 'no';
  const verdict = strengthOf(text.slice(colon + 1));
  return verdict === 'none' ? 'no' : verdict === 'weak' ? 'doubt' : 'shape';
}

/** Thirty-two bytes in base64 (WireGuard, encryption keys), not a repetition. */
function base64Of32(value: string): Verdict {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 32 && new Set(bytes).size >= 16 ? 'shape' : 'no';
}

function passwordVerdict(value: string): Verdict {
  const strength = strengthOf(value);
  return strength === 'none' ? 'no' : strength === 'weak' ? 'doubt' : 'shape';
}

/** Where only the place says that a value is a secret: what no name looks like closes, what one may look like is told. */
function chosenVerdict(value: string): Verdict {
  if (isReference(value) || isPlaceholder(value) || isEncryptedOrHashed(value)) return 'no';
  if (isRandom(value) || isChosenPassword(value) || isKeyboardNoise(value)) return 'shape';
  return strengthOf(value) === 'password' ? 'doubt' : 'no';
}

/** Applies one verifier to a secret (for `pem` and `url-userinfo`: to what their comments say). */
export function verify(how: Verifier, value: string): Verdict {
  switch (how) {
    case 'github':
    case 'npm':
      return checksummed(value);
    case 'jwt':
      return jwt(value);
    case 'service-account':
      return ofServiceAccount(value) ? jwt(value) : 'no';
    case 'age':
    case 'age-pq':
      return isBech32(value) ? 'sure' : 'doubt';
    case 'pem':
      return pemVerdict(value);
    case 'url-userinfo':
      return urlUserinfo(value);
    case 'basic-auth':
      return basicAuth(value);
    case 'base64-32':
      return base64Of32(value);
    case 'password':
      return passwordVerdict(value);
    case 'chosen':
      return chosenVerdict(value);
    case 'mixed':
      return isRandom(value) ? 'shape' : 'no';
  }
}
