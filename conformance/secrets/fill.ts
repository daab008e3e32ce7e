import { createHash } from 'node:crypto';

/**
 * Turns the markers of a case (`{{hex:32}}`) into values made from a seed. Cases are kept with markers, so that no
 * file of the repository holds anything that looks like a live credential.
 */

const ALPHABETS: Readonly<Record<string, string>> = {
  base62: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  uppernum: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  base32: 'abcdefghijklmnopqrstuvwxyz234567',
  hex: '0123456789abcdef',
  digits: '0123456789',
  b64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  b64clean: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  b64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
};

/** Numbers and text from a seed: the same seed gives the same values on every machine. */
export class Seeded {
  #state: number;

  constructor(seed: string) {
    this.#state = createHash('sha256').update(seed).digest().readUInt32LE(0) || 1;
  }

  /** A whole number from 0 to `below` - 1 (xorshift32). */
  number(below: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % below;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.number(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  text(alphabet: string, length: number): string {
    const chars = ALPHABETS[alphabet];
    if (chars === undefined) throw new RangeError(`no alphabet ${alphabet}`);
    let out = '';
    // Neighbours differ, so that no sample reads like a run or a repetition.
    while (out.length < length) {
      const char = chars[this.number(chars.length)] as string;
      if (char !== out[out.length - 1]) out += char;
    }
    return out;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.number(256)));
  }
}

function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i);
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Thirty characters and their checksum, as GitHub and npm make them; the test of the verifier is apart from this. */
function checksum62(random: Seeded): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const body = random.text('base62', 30);
  let rest = crc32(body);
  let sum = '';
  for (let i = 0; i < 6; i++) {
    sum = (digits[rest % 62] as string) + sum;
    rest = Math.floor(rest / 62);
  }
  return body + sum;
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

function bech32(prefix: string, data: readonly number[]): string {
  const polymod = (values: readonly number[]): number => {
    const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
    let check = 1;
    for (const value of values) {
      const top = check >>> 25;
      check = ((check & 0x1ffffff) << 5) ^ value;
      generators.forEach((generator, i) => {
        if ((top >> i) & 1) check ^= generator;
      });
    }
    return check >>> 0;
  };
  const lower = prefix.toLowerCase();
  const head = [
    ...[...lower].map((c) => c.charCodeAt(0) >> 5),
    0,
    ...[...lower].map((c) => c.charCodeAt(0) & 31),
  ];
  const sum = polymod([...head, ...data, 0, 0, 0, 0, 0, 0]) ^ 1;
  const all = [...data, ...[0, 1, 2, 3, 4, 5].map((i) => (sum >>> (5 * (5 - i))) & 31)];
  return `${lower}1${all.map((digit) => BECH32[digit] as string).join('')}`.toUpperCase();
}

function fold(text: string, width: number): string {
  return text.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n');
}

/** A private key of the right outer form: a DER SEQUENCE of the length it says, filled with noise. */
function pem(random: Seeded, label: string): string {
  const inner = Buffer.concat([Buffer.from([0x02, 0x01, 0x00]), random.bytes(600)]);
  const der = Buffer.concat([Buffer.from([0x30, 0x82, inner.length >> 8, inner.length & 255]), inner]);
  return `-----BEGIN ${label}-----\n${fold(der.toString('base64'), 64)}\n-----END ${label}-----`;
}

function openssh(random: Seeded): string {
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0\0\0\0\u0004none\0\0\0\u0004none', 'latin1'),
    random.bytes(300),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${fold(body.toString('base64'), 70)}\n-----END OPENSSH PRIVATE KEY-----`;
}

function jwt(random: Seeded, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', kid: random.text('base62', 12), typ: 'JWT' })}.${part(claims)}.${random.text('b64url', 86)}`;
}

/** What a person or a password manager would choose: letters, digits, a symbol. */
function password(random: Seeded): string {
  return `${random.text('base62', 5)}${random.pick(['-', '_', '!', '.', '~'])}${random.text('lower', 7)}${random.number(90) + 10}`;
}

function make(kind: string, length: number, random: Seeded): string {
  switch (kind) {
    case 'checksum62':
      return checksum62(random);
    case 'uuid': {
      const hex = random.text('hex', 32);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    }
    case 'password':
      return password(random);
    case 'basic':
      return Buffer.from(`robot:${password(random)}`).toString('base64');
    case 'pem':
      return pem(random, 'RSA PRIVATE KEY');
    case 'pemline':
      return `${pem(random, 'PRIVATE KEY').replaceAll('\n', '\\n')}\\n`;
    case 'openssh':
      return openssh(random);
    case 'b64block':
      return fold(random.bytes(length).toString('base64'), 64);
    case 'jwt':
      return jwt(random, { sub: random.text('lower', 12), iat: 1760000000, role: 'admin' });
    case 'sajwt':
      return jwt(random, {
        iss: 'kubernetes/serviceaccount',
        'kubernetes.io/serviceaccount/namespace': 'pay',
        sub: 'system:serviceaccount:pay:deployer',
      });
    case 'age':
      return bech32('age-secret-key-', fiveBits(random.bytes(32)));
    case 'agepq':
      return bech32('age-secret-key-pq-', fiveBits(random.bytes(32)));
    case 'ageplugin':
      return bech32('age-plugin-yubikey-', fiveBits(random.bytes(20)));
    case 'wg': {
      return random.bytes(32).toString('base64');
    }
    case 'tunnel':
      return Buffer.from(
        JSON.stringify({ a: random.text('hex', 32), t: make('uuid', 0, random), s: random.text('b64', 43) }),
      ).toString('base64');
    default:
      return random.text(kind, length);
  }
}

function fiveBits(bytes: Buffer): number[] {
  const out: number[] = [];
  let bits = 0;
  let count = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    count += 8;
    while (count >= 5) {
      count -= 5;
      out.push((bits >> count) & 31);
    }
  }
  if (count > 0) out.push((bits << (5 - count)) & 31);
  return out;
}

const KINDS =
  'base62|lower|upper|uppernum|base32|hex|digits|b64|b64clean|b64url|checksum62|uuid|password|basic|pem|pemline|openssh|b64block|jwt|sajwt|age|agepq|ageplugin|wg|tunnel';
const MARKER = new RegExp(`\\{\\{(${KINDS})(?::(\\d+))?\\}\\}`, 'g');

/** The text with every marker filled. The same text and seed give the same result; what is no marker stays. */
export function fill(text: string, seed: string): string {
  const random = new Seeded(`${seed}\n${text}`);
  return text.replace(MARKER, (_, kind: string, length?: string) => make(kind, Number(length ?? 0), random));
}
