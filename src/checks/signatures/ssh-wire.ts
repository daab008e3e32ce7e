/**
 * Reads the data types of RFC 4251 section 5 from front to back. Every length is checked against what is left.
 * @throws RangeError where the bytes end too early.
 */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** How many bytes were read. */
  get offset(): number {
    return this.#at;
  }

  byte(): number {
    return this.bytes(1).readUInt8(0);
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE(0);
  }

  uint64(): bigint {
    return this.bytes(8).readBigUInt64BE(0);
  }

  /** A string of bytes behind its length. */
  string(): Buffer {
    return this.bytes(this.uint32());
  }

  text(): string {
    return this.string().toString('utf8');
  }

  /** A non-negative multiple-precision integer, as unsigned big-endian bytes without leading zeros. */
  mpint(): Buffer {
    const value = this.string();
    if (value.length > 0 && (value.readUInt8(0) & 0x80) !== 0) throw new RangeError('a negative number');
    let start = 0;
    while (start < value.length && value[start] === 0) start += 1;
    return value.subarray(start);
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('cut short');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  /** Nothing may be left. */
  finish(): void {
    if (!this.done) throw new RangeError('something stands behind its end');
  }
}

/** The bytes as a string of RFC 4251: behind their length. */
export function wireString(value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
