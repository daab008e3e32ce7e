import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** A seeded source of everything random in the corpus: the same seed gives the same files. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** mulberry32: a whole number in [0, below). */
  below(below: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  pick<T>(from: readonly T[]): T {
    const value = from[this.below(from.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  }

  of(alphabet: string, length: number): string {
    let out = '';
    while (out.length < length) out += alphabet.charAt(this.below(alphabet.length));
    return out;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  hex(length: number): string {
    return this.of('0123456789abcdef', length);
  }

  alnum(length: number): string {
    return this.of(BASE62, length);
  }

  upper(length: number): string {
    return this.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', length);
  }

  digits(length: number): string {
    return this.of('0123456789', length);
  }

  url64(length: number): string {
    return this.of(`${BASE62}-_`, length);
  }

  base64(bytes: number): string {
    return this.bytes(bytes).toString('base64');
  }

  uuid(): string {
    return `${this.hex(8)}-${this.hex(4)}-4${this.hex(3)}-${this.pick(['8', '9', 'a', 'b'])}${this.hex(3)}-${this.hex(12)}`;
  }

  /** A password as people and password managers make them. */
  password(): string {
    const kinds = [
      () => `${this.alnum(9)}${this.pick(['!', '%', '@', '*'])}${this.alnum(7)}`,
      () => this.alnum(20),
      () => this.alnum(16),
      () =>
        `${this.pick(['Winter', 'Porto', 'Kestrel', 'Granite', 'Lantern'])}${this.pick(['-', '_', ''])}${this.pick(['Harbor', 'Falcon', 'Maple', 'Rocket'])}${this.digits(4)}!`,
      () => `${this.of('bcdfghjkmnpqrstvwxz', 3)}${this.digits(3)}${this.alnum(8)}`,
      () => this.hex(32),
      () => this.base64(24),
    ];
    return this.pick(kinds)();
  }

  /** A password without characters that a URL or a shell would read otherwise. */
  plainPassword(): string {
    return this.pick([() => this.alnum(18), () => `${this.alnum(8)}_${this.alnum(6)}`, () => this.hex(24)])();
  }
}

/** Standard base64 of a text. */
export function b64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** base64url without padding, as JSON Web Tokens have it. */
export function b64url(text: string | Buffer): string {
  return Buffer.from(text).toString('base64url');
}

/** CRC-32 in base 62, padded to six digits: the tail of GitHub's and npm's tokens. */
export function crcTail(text: string): string {
  let n = crc32(text) >>> 0;
  let out = '';
  while (n > 0) {
    out = BASE62.charAt(n % 62) + out;
    n = Math.floor(n / 62);
  }
  return out.padStart(6, '0');
}

/** CRC-32 in eight hexadecimal digits. */
export function crcHex(text: string): string {
  return (crc32(text) >>> 0).toString(16).padStart(8, '0');
}

/** Bech32 (BIP 173) of bytes, lower case. */
export function bech32(prefix: string, bytes: Buffer): string {
  const words: number[] = [];
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      words.push((held >>> bits) & 31);
      held &= (1 << bits) - 1;
    }
  }
  if (bits > 0) words.push((held << (5 - bits)) & 31);
  const codes = [...prefix].map((char) => char.charCodeAt(0));
  const head = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
  let sum = 1;
  for (const word of [...head, ...words, 0, 0, 0, 0, 0, 0]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ word;
    [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].forEach((part, i) => {
      if (((top >>> i) & 1) === 1) sum ^= part;
    });
  }
  sum ^= 1;
  const tail = [5, 4, 3, 2, 1, 0].map((i) => (sum >>> (5 * i)) & 31);
  return `${prefix}1${[...words, ...tail].map((word) => BECH32.charAt(word)).join('')}`;
}
