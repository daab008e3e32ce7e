/** One element of DER (X.690): its tag byte, content, and whole encoding. */
export interface DerElement {
  tag: number;
  content: Buffer;
  /** Tag, length and content. */
  bytes: Buffer;
}

export const DER_INTEGER = 0x02;
export const DER_BIT_STRING = 0x03;
export const DER_OCTET_STRING = 0x04;
export const DER_OID = 0x06;
export const DER_UTC_TIME = 0x17;
export const DER_TIME = 0x18;
export const DER_SEQUENCE = 0x30;
export const DER_SET = 0x31;
/** Elements of one parent; far more than any signature or certificate has. Lists of revoked certificates have more. */
const MAX_CHILDREN = 1_000;

/** What is wrong with the bytes. */
export class DerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DerError';
  }
}

/** The one element that the bytes are. Elements are read one level at a time, so that depth costs nothing. */
export function readDer(bytes: Buffer): DerElement {
  const [only, ...others] = readAll(bytes);
  if (only === undefined || others.length > 0) throw new DerError('not one element');
  return only;
}

/** The elements inside one that is constructed; `tag` is what it must be, `max` how many there may be. */
export function childrenOf(
  element: DerElement | undefined,
  tag: number = DER_SEQUENCE,
  max: number = MAX_CHILDREN,
): DerElement[] {
  return readAll(expect(element, tag).content, max);
}

/** The element, which must be there and have the tag. */
export function expect(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag !== tag) throw new DerError('an element is missing or of another type');
  return element;
}

/** A BIT STRING of whole bytes. */
export function bitsOf(element: DerElement | undefined): Buffer {
  const { content } = expect(element, DER_BIT_STRING);
  if (content[0] !== 0) throw new DerError('bits that are no bytes');
  return content.subarray(1);
}

/** A non-negative integer that a number holds exactly. */
export function numberOf(element: DerElement | undefined): number {
  const { content } = expect(element, DER_INTEGER);
  if (content.length === 0 || content.length > 6 || (content.readUInt8(0) & 0x80) !== 0) {
    throw new DerError('a number is out of range');
  }
  return content.readUIntBE(0, content.length);
}

/** A UTCTime or GeneralizedTime as certificates have them (RFC 5280 section 4.1.2.5): in UTC, with seconds. */
export function timeOf(element: DerElement | undefined): Date {
  const text = element?.content.toString('latin1') ?? '';
  const short = element?.tag === DER_UTC_TIME ? /^(\d\d)(\d{10})Z$/.exec(text) : null;
  const [year, rest] =
    short === null
      ? [text.slice(0, 4), /^\d{14}Z$/.test(text) && element?.tag === DER_TIME ? text.slice(4, 14) : '']
      : [`${Number(short[1]) < 50 ? 20 : 19}${short[1]}`, String(short[2])];
  const [month, day, hour, minute, second] = rest.match(/\d\d/g) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(date.getTime())) throw new DerError('a time cannot be read');
  return date;
}

/** An object identifier as dotted numbers. */
export function oidOf(element: DerElement | undefined): string {
  const { content } = expect(element, DER_OID);
  const numbers: bigint[] = [];
  let value = 0n;
  for (const byte of content) {
    value = (value << 7n) | BigInt(byte & 0x7f);
    if ((byte & 0x80) !== 0) continue;
    if (numbers.length === 0) {
      const first = value < 80n ? value / 40n : 2n;
      numbers.push(first, value - first * 40n);
    } else {
      numbers.push(value);
    }
    value = 0n;
  }
  return numbers.join('.');
}

function readAll(bytes: Buffer, max: number = MAX_CHILDREN): DerElement[] {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const element = readAt(bytes, at);
    elements.push(element);
    if (elements.length > max) throw new DerError('too many elements');
    at += element.bytes.length;
  }
  return elements;
}

function readAt(bytes: Buffer, at: number): DerElement {
  const [tag, first] = bytes.subarray(at, at + 2);
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError('no element');
  let length = first;
  let start = at + 2;
  if (first >= 0x80) {
    const size = first & 0x7f;
    // 0x80, an indefinite length, is BER; DER's lengths are definite and as short as can be.
    if (size === 0 || size > 4 || start + size > bytes.length) throw new DerError('a length cannot be read');
    length = bytes.readUIntBE(start, size);
    start += size;
    if (length < 0x80 || (size > 1 && length < 2 ** (8 * (size - 1))))
      throw new DerError('a length is not DER');
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError('cut short');
  return { tag, content: bytes.subarray(start, end), bytes: bytes.subarray(at, end) };
}
