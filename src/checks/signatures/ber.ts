import { DerError } from './der.js';

/** Levels of indefinite lengths; gpgsm writes four. */
const MAX_DEPTH = 16;
const INDEFINITE = 0x80;
const CONSTRUCTED = 0x20;

/**
 * Rewrites elements of indefinite length (X.690 section 8.1.3.6), in which gpgsm wraps what it signs, as those of DER:
 * from the outside in, as far as they are nested in each other. What has a length is left as it is, byte for byte.
 * @throws DerError where an end is missing or they are nested too deep
 */
export function definite(bytes: Buffer): Buffer {
  if (bytes[1] !== INDEFINITE) return bytes;
  const { element, end } = rewrite(bytes, 0, 0);
  if (end !== bytes.length) throw new DerError('something stands behind its end');
  return element;
}

function rewrite(bytes: Buffer, at: number, depth: number): { element: Buffer; end: number } {
  const [tag, length] = bytes.subarray(at, at + 2);
  if (tag === undefined || length === undefined) throw new DerError('cut short');
  if (length !== INDEFINITE) {
    const end = endOf(bytes, at + 1, length);
    return { element: bytes.subarray(at, end), end };
  }
  if (depth === MAX_DEPTH || (tag & CONSTRUCTED) === 0) throw new DerError('a length cannot be read');
  const children: Buffer[] = [];
  let next = at + 2;
  // Two zeros end it; no element has the tag zero.
  while (bytes[next] !== 0) {
    const child = rewrite(bytes, next, depth + 1);
    children.push(child.element);
    next = child.end;
  }
  if (bytes[next + 1] !== 0) throw new DerError('cut short');
  const content = Buffer.concat(children);
  return { element: Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]), end: next + 2 };
}

function endOf(bytes: Buffer, at: number, first: number): number {
  const size = first < INDEFINITE ? 0 : first & 0x7f;
  const start = at + 1 + size;
  if (size > 4 || start > bytes.length) throw new DerError('a length cannot be read');
  const end = start + (size === 0 ? first : bytes.readUIntBE(at + 1, size));
  if (end > bytes.length) throw new DerError('cut short');
  return end;
}

function lengthOf(length: number): Buffer {
  if (length < INDEFINITE) return Buffer.of(length);
  const digits = Buffer.alloc(4);
  digits.writeUInt32BE(length);
  const bytes = digits.subarray(digits.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.of(INDEFINITE | bytes.length), bytes]);
}
