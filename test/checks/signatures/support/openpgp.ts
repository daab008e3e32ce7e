/** Length of the header of a signature packet in the new format. */
export function headerLength(bytes: Buffer): number {
  return bytes.readUInt8(1) < 192 ? 2 : 3;
}

/** The signature without its subpackets of a type, hashed or not. */
export function withoutSubpacket(bytes: Buffer, type: number): Buffer {
  const body = bytes.subarray(headerLength(bytes));
  const strip = (area: Buffer) => {
    const kept: Buffer[] = [];
    for (let at = 0; at < area.length; at += area.readUInt8(at) + 1) {
      if ((area.readUInt8(at + 1) & 0x7f) !== type) kept.push(area.subarray(at, at + area.readUInt8(at) + 1));
    }
    return sized(Buffer.concat(kept));
  };
  const hashed = body.subarray(6, 6 + body.readUInt16BE(4));
  const rest = body.subarray(6 + hashed.length);
  const unhashed = rest.subarray(2, 2 + rest.readUInt16BE(0));
  const tail = rest.subarray(2 + unhashed.length);
  const packet = Buffer.concat([body.subarray(0, 4), strip(hashed), strip(unhashed), tail]);
  return Buffer.concat([Buffer.of(0xc2, packet.length), packet]);
}

function sized(area: Buffer): Buffer {
  return Buffer.concat([Buffer.of(area.length >> 8, area.length & 255), area]);
}
