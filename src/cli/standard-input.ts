import { GateError, LIMITS } from '../contract/index.js';

/**
 * All of standard input.
 * @throws GateError `limit` when it is larger than `maxBytes`
 */
export async function readStandardInput(maxBytes: number = LIMITS.blobBytes): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin) {
    const bytes = Buffer.from(piece);
    size += bytes.length;
    if (size > maxBytes) throw new GateError('limit', `standard input has more than ${maxBytes} bytes`);
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
