import { isUtf8 } from 'node:buffer';
import { GateError } from '../contract/index.js';

/** First code unit of the escapes: the byte 0x80 stands as U+DC80, 0xFF as U+DCFF (Python's surrogateescape, PEP 383). */
const ESCAPE = 0xdc00;

/**
 * The string that stands for a path's bytes (see TreeFile.path). Valid UTF-8 reads as itself; every byte that is not
 * part of a valid UTF-8 sequence becomes one lone surrogate, so that different bytes never give the same string.
 */
export function pathFromBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  const parts: string[] = [];
  let start = 0;
  let position = 0;
  while (position < buffer.length) {
    const length = sequenceLength(buffer, position);
    if (length > 0) {
      position += length;
      continue;
    }
    parts.push(
      buffer.toString('utf8', start, position),
      String.fromCharCode(ESCAPE + (buffer[position] ?? 0)),
    );
    position += 1;
    start = position;
  }
  parts.push(buffer.toString('utf8', start));
  return parts.join('');
}

/**
 * The bytes that a path string stands for: the inverse of `pathFromBytes`.
 * @throws GateError `internal` for a string that holds a surrogate outside U+DC80..U+DCFF, which no bytes give.
 */
export function pathToBytes(path: string): Buffer {
  if (path.isWellFormed()) return Buffer.from(path, 'utf8');
  const parts: Buffer[] = [];
  for (const character of path) {
    const code = character.charCodeAt(0);
    if (character.length === 1 && code >= 0xd800 && code <= 0xdfff) {
      if (code < ESCAPE + 0x80 || code > ESCAPE + 0xff) {
        throw new GateError('internal', 'a path holds a surrogate that stands for no byte');
      }
      parts.push(Buffer.of(code - ESCAPE));
    } else {
      parts.push(Buffer.from(character, 'utf8'));
    }
  }
  return Buffer.concat(parts);
}

/** Orders two paths by their bytes, as git's index does. */
export function comparePaths(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    // Below the surrogates UTF-16 and UTF-8 sort alike; from there on only the bytes tell.
    if (left < 0xd800 && right < 0xd800) return left - right;
    return pathToBytes(a).compare(pathToBytes(b));
  }
  return a.length - b.length;
}

/** Whether a path is inside a folder (or is it); the folder '' holds everything. */
export function isUnder(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** Length of the valid UTF-8 sequence that starts here, or 0 (Unicode 15, table 3-7: no overlong forms, no surrogates). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let offset = 2; offset < length; offset += 1) {
    const next = bytes[at + offset] ?? 0;
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}
