import { GateError, LIMITS } from '../contract/index.js';

/**
 * All of standard input, until it ends or the signal is given.
 * @throws GateError `limit` when it is larger than `maxBytes`
 */
export async function readStandardInput(
  signal: AbortSignal,
  maxBytes: number = LIMITS.blobBytes,
): Promise<Buffer> {
  signal.addEventListener('abort', () => process.stdin.destroy(), { once: true });
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
