/** One packet of an OpenPGP stream (RFC 9580 section 4.2): its tag and where it and its body lie. */
export interface Packet {
  tag: number;
  /** Offset of the header. */
  start: number;
  body: Buffer;
  /** Offset behind the packet. */
  end: number;
}

export const PACKET_SIGNATURE = 2;
export const PACKET_SECRET_KEY = 5;
export const PACKET_PUBLIC_KEY = 6;

/**
 * The packets of a binary stream, one at a time, so that a caller can stop at its limit.
 * @throws RangeError where the stream is cut short, a length is indeterminate or partial (only data packets, which
 *   have no place in keys and signatures, may have those), or a byte does not begin a packet.
 */
export function* packetsOf(bytes: Buffer): Generator<Packet> {
  let start = 0;
  while (start < bytes.length) {
    const packet = packetAt(bytes, start);
    yield packet;
    start = packet.end;
  }
}

function packetAt(bytes: Buffer, start: number): Packet {
  const first = uint(bytes, start, 1);
  if ((first & 0x80) === 0) throw new RangeError('a byte that begins no packet');
  const [tag, length, header] =
    (first & 0x40) === 0
      ? [(first >> 2) & 0x0f, ...oldLength(bytes, start + 1, first & 3)]
      : [first & 0x3f, ...newLength(bytes, start + 1)];
  const bodyStart = start + 1 + header;
  const end = bodyStart + length;
  if (end > bytes.length) throw new RangeError('a packet is cut short');
  return { tag, start, body: bytes.subarray(bodyStart, end), end };
}

/** Length of the body and of the length field, old format. */
function oldLength(bytes: Buffer, at: number, type: number): [number, number] {
  if (type === 0) return [uint(bytes, at, 1), 1];
  if (type === 1) return [uint(bytes, at, 2), 2];
  if (type === 2) return [uint(bytes, at, 4), 4];
  throw new RangeError('a packet of indeterminate length');
}

/** Length of the body and of the length field, new format. */
function newLength(bytes: Buffer, at: number): [number, number] {
  const first = uint(bytes, at, 1);
  if (first < 192) return [first, 1];
  if (first < 224) return [((first - 192) << 8) + uint(bytes, at + 1, 1) + 192, 2];
  if (first === 255) return [uint(bytes, at + 1, 4), 5];
  throw new RangeError('a packet of partial lengths');
}

function uint(bytes: Buffer, at: number, size: number): number {
  if (at + size > bytes.length) throw new RangeError('a packet is cut short');
  return bytes.readUIntBE(at, size);
}
