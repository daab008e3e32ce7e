import { type PublishedKey, readPublishedKeys } from '../checks/signatures/index.js';
import { GateError } from '../contract/index.js';

/** Logins asked for; the others of a long history are named in the commands. */
const MOST_LOGINS = 50;
/** What GitHub publishes of one login is a few keys. */
const MOST_BYTES = 1024 * 1024;
const PATIENCE_MS = 10_000;

/** What was learnt, by login in lower case, and what could not be, one line each. */
export interface GitHubKeys {
  published: ReadonlyMap<string, readonly PublishedKey[]>;
  failed: readonly string[];
}

/**
 * Asks GitHub, or a server of one's own, for the public keys of logins: `/<login>.gpg` and `/<login>.keys`, which
 * need no token. The only part of `init` that uses the network, and only when it is asked to.
 * @throws GateError `usage` for a server that is not https (or this machine)
 */
export async function fetchGitHubKeys(
  server: string,
  logins: readonly string[],
  signal: AbortSignal,
): Promise<GitHubKeys> {
  const root = serverOf(server);
  const published = new Map<string, readonly PublishedKey[]>();
  const failed: string[] = [];
  for (const login of [...new Set(logins.map((one) => one.toLowerCase()))].slice(0, MOST_LOGINS)) {
    try {
      const [openpgp, ssh] = await Promise.all([
        read(new URL(`/${login}.gpg`, root), signal),
        read(new URL(`/${login}.keys`, root), signal),
      ]);
      published.set(login, await readPublishedKeys({ openpgp, ssh }));
    } catch (error) {
      signal.throwIfAborted();
      failed.push(`${login}: ${reasonOf(error)}`);
    }
  }
  return { published, failed };
}

function serverOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const own = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (own && url.protocol === 'http:')) return url;
  throw new GateError('usage', `--github takes the address of a server (https://github.com), not ${text}`);
}

async function read(url: URL, signal: AbortSignal): Promise<Buffer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const response = await fetch(url, { signal: limit, redirect: 'error' });
  if (!response.ok || response.body === null) {
    throw new Error(`${url.href} answered with ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`${url.href} is larger than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** fetch says only "fetch failed"; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
