import { gunzipSync } from 'node:zlib';

/** A stretch of a text that is another text in base64, hex, percent or unicode escapes. */
export interface Encoded {
  start: number;
  end: number;
  text: string;
  encoding: 'base64' | 'hex' | 'percent' | 'escape' | 'gzip' | 'joined';
}

const SHORTEST_BASE64 = 16;
const SHORTEST_HEX = 32;
/** Longest stretch that is decoded: a large base64 file in a manifest is scanned as far as this. */
const LONGEST = 4 * 1024 * 1024;
/** Characters that gzip streams of one text may unpack to; one stream a quarter of it. */
const MOST_UNPACKED = 4 * 1024 * 1024;
/** Width from which lines of base64 are taken for one that was folded. */
const FOLDED = 56;

/** 1: base64 alphabets, 2: also a hex digit. */
const KIND = (() => {
  const kind = new Uint8Array(128);
  for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
    kind[char.charCodeAt(0)] = 1;
  for (const char of '0123456789abcdefABCDEF') kind[char.charCodeAt(0)] = 3;
  return kind;
})();

const PRINTABLE = (() => {
  const table = new Uint8Array(256).fill(1, 32, 127);
  for (const code of [9, 10, 13]) table[code] = 1;
  return table;
})();

/** Share of bytes that are printable ASCII, looking at no more than `most`. */
function printable(bytes: Uint8Array, most: number): number {
  const count = Math.min(bytes.length, most);
  if (count === 0) return 0;
  let good = 0;
  for (let i = 0; i < count; i++) good += PRINTABLE[bytes[i] as number] as number;
  return good / count;
}

/** Six bits of each base64 and base64url digit. */
const DIGITS = (() => {
  const digits = new Uint8Array(128);
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((char, i) => {
    digits[char.charCodeAt(0)] = i;
  });
  digits[45] = 62;
  digits[95] = 63;
  return digits;
})();

/** Whether the first 12 bytes that base64 at `at` stands for are printable: rejects most hashes and words at once. */
function startsPrintable(text: string, at: number): boolean {
  for (let group = 0; group < 4; group++) {
    const from = at + group * 4;
    const a = DIGITS[text.charCodeAt(from)] as number;
    const b = DIGITS[text.charCodeAt(from + 1)] as number;
    const c = DIGITS[text.charCodeAt(from + 2)] as number;
    const d = DIGITS[text.charCodeAt(from + 3)] as number;
    if (PRINTABLE[(a << 2) | (b >> 4)] === 0) return false;
    if (PRINTABLE[((b & 15) << 4) | (c >> 2)] === 0) return false;
    if (PRINTABLE[((c & 3) << 6) | d] === 0) return false;
  }
  return true;
}

/** Whether a character belongs to a base64 alphabet. */
function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && KIND[code] !== 0;
}

/**
 * Where the next run of base64 digits begins that is long enough, from `from` on; the text's length where there is none.
 * Looks at every 16th character only, as long as none of them can be part of such a run.
 */
function nextRun(text: string, from: number): number {
  let floor = from;
  for (let probe = from + SHORTEST_BASE64 - 1; probe < text.length; ) {
    let at = probe;
    while (at >= floor && isDigit(text, at)) at--;
    // What stands at `at` is no digit: a run long enough can only begin behind it.
    floor = at + 1;
    if (floor + SHORTEST_BASE64 - 1 === probe) return floor;
    probe = floor + SHORTEST_BASE64 - 1;
  }
  return text.length;
}

/** Every base64 and hex stretch of a text that decodes to readable text, in order. */
export function encodedStretches(text: string): Encoded[] {
  const found: Encoded[] = [];
  const size = text.length;
  let unpacked = 0;
  let at = 0;
  while (at < size) {
    at = nextRun(text, at);
    if (at >= size) break;
    const start = at;
    let hex = true;
    while (at < size) {
      const next = text.charCodeAt(at);
      if (next >= 128) break;
      const kind = KIND[next] as number;
      if (kind === 0) break;
      if (kind === 1) hex = false;
      at++;
    }
    if (hex && at - start >= SHORTEST_HEX && (at - start) % 2 === 0) {
      const decoded = readable(Buffer.from(text.slice(start, Math.min(at, start + LONGEST)), 'hex'), 0.95);
      if (decoded !== null) {
        found.push({ start, end: at, text: decoded, encoding: 'hex' });
        continue;
      }
    }
    const packed = text.startsWith('H4sI', start);
    if (!packed && !startsPrintable(text, start)) continue;
    at = pastFolds(text, start, at);
    const end = text[at] === '=' ? (text[at + 1] === '=' ? at + 2 : at + 1) : at;
    const bytes = Buffer.from(text.slice(start, Math.min(at, start + LONGEST)), 'base64');
    if (packed && unpacked < MOST_UNPACKED) {
      const plain = gunzipped(bytes);
      unpacked += plain?.length ?? 0;
      if (plain !== null) found.push({ start, end, text: plain, encoding: 'gzip' });
      at = end;
      continue;
    }
    const decoded = readable(bytes, 0.9);
    if (decoded !== null) found.push({ start, end, text: decoded, encoding: 'base64' });
    at = end;
  }
  return found;
}

/** Follows base64 that was folded into lines of equal width (a block scalar, a PEM-like body). */
function pastFolds(text: string, start: number, end: number): number {
  let at = end;
  if (at - start < FOLDED) return at;
  for (;;) {
    let next = at;
    if (text[next] === '\\' && text[next + 1] === 'n') next += 2;
    else {
      if (text[next] === '\r') next++;
      if (text[next] !== '\n') return at;
      next++;
      while (text[next] === ' ' || text[next] === '\t') next++;
    }
    const from = next;
    while (next < text.length && next - from <= 4096) {
      const code = text.charCodeAt(next);
      if (code >= 128 || KIND[code] === 0) break;
      next++;
    }
    if (next === from) return at;
    let after = next;
    while (text[after] === '=') after++;
    const stop = text[after];
    if (stop !== undefined && stop !== '\n' && stop !== '\r' && stop !== '"' && stop !== "'" && stop !== '\\')
      return at;
    at = next;
  }
}

/** Text of a gzip stream (Helm's release Secrets are base64 of it); null where it is damaged, no text or too large. */
function gunzipped(bytes: Buffer): string | null {
  try {
    return readable(gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED / 4 }), 0.9);
  } catch {
    // Not gzip after all, or larger than is looked at: the stretch stays what it was, bytes.
    return null;
  }
}

function readable(bytes: Buffer, share: number): string | null {
  if (bytes.length < 8 || printable(bytes, 64) < share || printable(bytes, 4096) < share) return null;
  return bytes.toString('utf8');
}

const ESCAPED = /\\u\{[0-9a-fA-F]{2,6}\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|&#x?[0-9a-fA-F]{2,5};/g;

/** Octal escapes, as shells and C read them; in a row, because one alone is a back reference as well. */
const OCTAL = /\\[01][0-7]{2}/g;
const OCTALS_IN_A_ROW = /(?:\\[01][0-7]{2}){6}/;

const NAME_BEFORE = /[\w.-]{1,60}["']?[ \t]{0,4}(?:[:=]|:=|=>)[ \t]{0,4}["'`]$/;
const VALUE_BEHIND = /^["'][ \t]{0,4}[:=][ \t]{0,4}[^\n]{1,512}/;

/** Between the name and the text: `NAME=$'...'` and `NAME="$(printf '...')"`, a shell's ways to write what cannot be typed. */
const SHELL_WRAP =
  /^(?:\$|["']?(?:\$\(|`)[ \t]{0,4}(?:printf|echo[ \t]{1,4}-n?en?)[ \t]{1,4}(?:["']?%b(?:\\n)?["']?[ \t]{1,4})?)["']$/;

/** The word around an escape, decoded; null when nothing in it was escaped. `at` is where an escape stands. */
export function decodeWord(text: string, at: number): Encoded | null {
  let start = at;
  while (start > 0 && at - start < 512 && !/[\s"'`<>]/.test(text[start - 1] as string)) start--;
  let end = at;
  while (end < text.length && end - at < 4096 && !/[\s"'`<>]/.test(text[end] as string)) end++;
  if (text[at] === '\\') {
    // A name in escapes belongs with its value, and a value in escapes with its name.
    const name = NAME_BEFORE.exec(text.slice(Math.max(0, start - 80), start))?.[0].length ?? 0;
    const value = VALUE_BEHIND.exec(text.slice(end, end + 600))?.[0].length ?? 0;
    if (name > 0) {
      start -= name;
      end++;
    } else if (value > 0) {
      start--;
      end += value;
    }
  }
  const word = text.slice(start, end);
  const escaped = text[at] !== '%';
  if (text[at] === '\\' && text[at + 1] === '1') return decodeOctal(text, start, end);
  const decoded = escaped
    ? word.replace(ESCAPED, (code) => {
        const hex = /[0-9a-fA-F]+/.exec(code.replace(/^\\[ux]/, '').replace(/^&#x?/, ''))?.[0] ?? '';
        const point = Number.parseInt(hex, code.startsWith('&#') && !code.startsWith('&#x') ? 10 : 16);
        return point > 0 && point < 0x110000 ? String.fromCodePoint(point) : code;
      })
    : word.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decoded === word ? null : { start, end, text: decoded, encoding: escaped ? 'escape' : 'percent' };
}

function decodeOctal(text: string, start: number, end: number): Encoded | null {
  const word = text.slice(start, end);
  if (!OCTALS_IN_A_ROW.test(word)) return null;
  const plain = word.replace(OCTAL, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 8)));
  const before = text.slice(Math.max(0, start - 120), start);
  const sign = before.lastIndexOf('=');
  const wrapped = sign > 0 && SHELL_WRAP.test(before.slice(sign + 1));
  const name = wrapped ? `${before.slice(0, sign).split(/\W/).at(-1)}=` : undefined;
  return { start, end, text: name === undefined ? plain : `${name}"${plain}"`, encoding: 'escape' };
}
