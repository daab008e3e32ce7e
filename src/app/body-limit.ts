import type { IncomingMessage, ServerResponse } from 'node:http';

/** GitHub sends no payload larger than this. */
export const WEBHOOK_BYTES = 25 * 1024 * 1024;
/** Bodies that are being read at once, together; a sender beyond it is asked to come back. */
const BYTES_AT_ONCE = 4 * WEBHOOK_BYTES;
const BODY_MS = 20_000;

interface Refusal {
  status: number;
  why: string;
}

/** Reads bodies within limits: the webhook middleware has none of its own. */
export class BodyReader {
  readonly #limit: number;
  readonly #atOnce: number;
  #reading = 0;

  constructor(limit = WEBHOOK_BYTES, atOnce = BYTES_AT_ONCE) {
    this.#limit = limit;
    this.#atOnce = atOnce;
  }

  /**
   * Leaves a request's body in `request.body`, where the middleware takes it from.
   * @returns false when the request was refused and answered (413, 503), or its sender went away
   */
  async read(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const refuse = ({ status, why }: Refusal): false => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify({ error: why }));
      request.destroy();
      return false;
    };
    const tooLarge = { status: 413, why: 'the body is too large' };
    if (Number(request.headers['content-length'] ?? 0) > this.#limit) return refuse(tooLarge);
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => request.destroy(new Error('the body took too long')), BODY_MS);
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        size += chunk.length;
        this.#reading += chunk.length;
        if (size > this.#limit) return refuse(tooLarge);
        if (this.#reading > this.#atOnce) return refuse({ status: 503, why: 'too much at once' });
        chunks.push(chunk);
      }
    } catch {
      // The sender went away or was too slow: there is nobody left to answer.
      return false;
    } finally {
      clearTimeout(timer);
      this.#reading -= size;
    }
    Object.assign(request, { body: Buffer.concat(chunks).toString('utf8') });
    return true;
  }
}
