/** A value of a protobuf message on the wire: a number, or bytes that are text, bytes or a message. */
export type WireValue = bigint | Buffer;

/** Fields of one message by number, each with its values in order. */
export type WireMessage = ReadonlyMap<number, readonly WireValue[]>;

const MAX_FIELDS = 1_000;

/**
 * The fields of a message in protobuf's wire format (varints and length-delimited values; a sigstore log entry has no
 * others).
 * @throws RangeError for what is cut short or of another kind
 */
export function readMessage(bytes: Buffer): WireMessage {
  const fields = new Map<number, WireValue[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('cut short');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number without an end');
  };
  for (let count = 0; at < bytes.length; count += 1) {
    if (count >= MAX_FIELDS) throw new RangeError('too many fields');
    const key = varint();
    const number = Number(key >> 3n);
    const kind = key & 7n;
    if (kind !== 0n && kind !== 2n) throw new RangeError('a field of another kind');
    let value: WireValue = varint();
    if (kind === 2n) {
      const end = at + Number(value);
      if (end > bytes.length) throw new RangeError('cut short');
      value = bytes.subarray(at, end);
      at = end;
    }
    const values = fields.get(number);
    if (values === undefined) fields.set(number, [value]);
    else values.push(value);
  }
  return fields;
}

/** The last value of a field as bytes, empty where it is absent (proto3's default). */
export function bytesField(message: WireMessage, number: number): Buffer {
  const value = message.get(number)?.at(-1);
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

/** The last value of a field as a decimal number, `0` where it is absent. */
export function numberField(message: WireMessage, number: number): string {
  const value = message.get(number)?.at(-1);
  return typeof value === 'bigint' ? BigInt.asIntN(64, value).toString() : '0';
}
