import type { IncomingMessage, ServerResponse } from 'node:http';

/** GitHub sends no payload larger than this. */
export const WEBHOOK_BYTES = 25 * 1024 * 1024;
const BODY_MS = 20_000;

/**
 * Reads a request's body up to a limit and leaves it in `request.body`, where the webhook middleware takes it from
 * (it has no limit of its own).
 * @returns false when the request was refused and answered (413, 408)
 */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number = WEBHOOK_BYTES,
): Promise<boolean> {
  const refuse = (status: number, message: string): false => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ error: message }));
    request.destroy();
    return false;
  };
  if (Number(request.headers['content-length'] ?? 0) > limit) return refuse(413, 'the body is too large');
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => request.destroy(new Error('the body took too long')), BODY_MS);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) return refuse(413, 'the body is too large');
      chunks.push(chunk);
    }
  } catch {
    // The sender went away or was too slow: there is nobody left to answer.
    return false;
  } finally {
    clearTimeout(timer);
  }
  Object.assign(request, { body: Buffer.concat(chunks).toString('utf8') });
  return true;
}
