import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Unresolved } from '../inputs/input-set.js';
import { guardedLookup, mayConnect, type Reach } from './address-guard.js';
import type { Connectivity } from './connectivity.js';

/** Name and password for one host; they are sent to that host alone. */
export interface Credentials {
  username: string;
  password: string;
}

export interface GetOptions {
  /** `Basic …` or `Bearer …`; never sent to another host. */
  authorization?: string | undefined;
  accept?: string | undefined;
  /** Sent by POST, which follows no redirect; without it a GET is made. */
  body?: { bytes: Buffer; type: string } | undefined;
  /** As `Git-Protocol`: which version of git's protocol is spoken. */
  gitProtocol?: string | undefined;
  maxBytes: number;
  timeoutMs: number;
  /** True where the configuration names the URL: plain http and addresses of this machine are allowed then. */
  named: boolean;
  /** True where neither the configuration nor the base names the address, but a server: public addresses only. */
  toldByServer?: boolean;
  /** Redirects to other hosts are followed, without credentials and to public addresses: for what is checked by digest. */
  elsewhere?: boolean;
  /** What is known of the network; it bounds how long a connection may take. */
  connectivity: Connectivity;
  signal?: AbortSignal | undefined;
}

export interface GetResult {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The address that answered, after redirects. */
  url: string;
}

const MOST_REDIRECTS = 3;

/**
 * One GET (or POST), bounded in time and size, redirects within the host only.
 * @throws Unresolved naming the host, never a path or credentials
 */
export async function boundedGet(url: string, options: GetOptions): Promise<GetResult> {
  const first = parse(url);
  let next = first;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop += 1) {
    const sameHost = next.host === first.host;
    const known: Reach = options.named ? 'named' : options.toldByServer === true ? 'public' : 'remote';
    const reach = sameHost ? known : 'public';
    if (next.protocol !== 'https:' && !(next.protocol === 'http:' && reach === 'named')) {
      throw new Unresolved(
        `${next.host} is asked for by ${next.protocol.slice(0, -1)}: only https is fetched`,
      );
    }
    const answer = await once(
      next,
      { ...options, authorization: sameHost ? options.authorization : undefined },
      reach,
    );
    const location = answer.headers.location;
    if (answer.status < 300 || answer.status >= 400 || location === undefined) return answer;
    if (options.body !== undefined)
      throw new Unresolved(`${first.host} redirects what is sent to it, which is not followed`);
    next = redirected(next, location, first, options.elsewhere === true);
  }
  throw new Unresolved(`${first.host} redirects without end`);
}

/**
 * Where a redirect leads, if it is followed.
 * @param first what was asked for
 * @param elsewhere whether other hosts may be led to
 * @throws Unresolved
 */
export function redirected(from: URL, location: string, first: URL, elsewhere: boolean): URL {
  const target = parse(location, from);
  if (target.host !== first.host && !elsewhere) {
    throw new Unresolved(`${first.host} redirects to another host (${target.host}), which is not followed`);
  }
  if (from.protocol === 'https:' && target.protocol !== 'https:') {
    throw new Unresolved(`${first.host} redirects to ${target.protocol.slice(0, -1)}: only https is fetched`);
  }
  return target;
}

function parse(url: string, base?: URL): URL {
  if (!URL.canParse(url, base?.href)) throw new Unresolved('a remote has an address that is none');
  const parsed = new URL(url, base);
  parsed.username = '';
  parsed.password = '';
  return parsed;
}

async function once(url: URL, options: GetOptions, reach: Reach): Promise<GetResult> {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(hostname) !== 0 && !mayConnect(hostname, reach)) {
    throw new Unresolved(`${url.host} is an address that the gate does not fetch from`);
  }
  const { connectivity } = options;
  const allowance = connectivity.allowance(url.host);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const failed = (reason: string): void => reject(new Unresolved(`${url.host} ${reason}`));
    const connecting = new AbortController();
    const patience = setTimeout(() => connecting.abort(), allowance);
    let connected = false;
    let bytes = 0;
    const tooLarge = `gave more than ${options.maxBytes} bytes`;
    const signals = [
      connecting.signal,
      AbortSignal.timeout(options.timeoutMs),
      ...(options.signal === undefined ? [] : [options.signal]),
    ];
    const headers: Record<string, string> = { 'user-agent': 'gitops-gate' };
    if (options.accept !== undefined) headers.accept = options.accept;
    if (options.authorization !== undefined) headers.authorization = options.authorization;
    if (options.gitProtocol !== undefined) headers['git-protocol'] = options.gitProtocol;
    if (options.body !== undefined) headers['content-type'] = options.body.type;
    const method = options.body === undefined ? 'GET' : 'POST';
    const request = (url.protocol === 'http:' ? httpRequest : httpsRequest)(
      url,
      { method, headers, agent: false, lookup: guardedLookup(reach), signal: AbortSignal.any(signals) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes > options.maxBytes) response.destroy(new Error('too large'));
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
            url: url.href,
          }),
        );
        response.on('error', () => failed(bytes > options.maxBytes ? tooLarge : 'broke off its answer'));
      },
    );
    request.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        connected = true;
        clearTimeout(patience);
      });
    });
    request.on('close', () => clearTimeout(patience));
    request.on('error', (error) => {
      // Which of the two hears of it first is a matter of time.
      if (bytes > options.maxBytes) return failed(tooLarge);
      const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
      if (code === 'EBLOCKED') return failed('is an address that the gate does not fetch from');
      const why = code === 'ABORT_ERR' ? 'no answer in time' : code;
      const reason = `cannot be reached (${why})`;
      if (options.signal?.aborted !== true) {
        const elapsedMs = connected ? 0 : performance.now() - started;
        connectivity.failed(url.host, `${url.host} ${reason}`, elapsedMs);
      }
      failed(reason);
    });
    request.end(options.body?.bytes);
  });
}
