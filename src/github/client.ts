import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { codeOf, GitHubError } from './errors.js';

/** Where GitHub's REST interface is: `https://api.github.com`, or `https://HOST/api/v3` of an own server. */
export interface ClientOptions {
  baseUrl: string;
  /** One try's time, in milliseconds. */
  timeoutMs?: number;
  /** Tries of one call in all. */
  tries?: number;
  /** Waits so many milliseconds; given by tests. */
  wait?: (ms: number) => Promise<void>;
}

/** How a client identifies itself: a token, or an App (for itself, or for one of its installations). */
export type Credentials = { token: string } | { appId: number; privateKey: string; installationId?: number };

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
/** A longer wait than this is not sat out: the job ends as a failed check and is taken up again later. */
const LONGEST_WAIT_MS = 60_000;

interface RequestFailure {
  status?: number;
  response?: { headers?: Record<string, string | undefined>; data?: { message?: unknown } };
}

/**
 * A REST client of the gate's own settings: every call has a deadline; failures of the network, 5xx, 429 and
 * secondary limits are tried again after what GitHub asks for (docs.github.com, "Best practices for using the REST
 * API"); what stays failed is a GitHubError. Probot's own client spaces writes a second apart, which would make five
 * check runs take ten seconds.
 */
export function connect(credentials: Credentials, options: ClientOptions): Octokit {
  const wait = options.wait ?? ((ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const tries = options.tries ?? 4;
  const timeoutMs = options.timeoutMs ?? 20_000;
  const octokit = new Octokit({
    baseUrl: options.baseUrl,
    userAgent: 'gitops-gate',
    log: QUIET,
    request: { fetch: fetchWithin(timeoutMs) },
    ...('token' in credentials
      ? { auth: credentials.token }
      : { authStrategy: createAppAuth, auth: credentials }),
  });
  octokit.hook.wrap('request', async (request, parameters) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await request(parameters);
      } catch (error) {
        const pause = attempt < tries ? pauseBefore(error, attempt) : null;
        if (pause === null) throw explain(error, `${parameters.method} ${parameters.url}`);
        await wait(pause);
      }
    }
  });
  return octokit;
}

/** `fetch` with a deadline that covers the answer's body too. */
function fetchWithin(ms: number): typeof fetch {
  return async (input, init) => {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new Error('the deadline passed')), ms);
    try {
      const answer = await fetch(input, { ...init, signal: controller.signal });
      const body = await answer.arrayBuffer();
      const { status, statusText, headers } = answer;
      const read = new Response(status === 204 || status === 304 ? null : body, {
        status,
        statusText,
        headers,
      });
      Object.defineProperty(read, 'url', { value: answer.url });
      return read;
    } finally {
      clearTimeout(timer);
    }
  };
}

function failureOf(error: unknown): RequestFailure {
  return error !== null && typeof error === 'object' ? (error as RequestFailure) : {};
}

/** A status of 500 without a response is Octokit's own word for "no answer came". */
function statusOf(failure: RequestFailure): number | null {
  if (typeof failure.status !== 'number') return null;
  return failure.response === undefined && failure.status === 500 ? null : failure.status;
}

function isRateLimit(failure: RequestFailure): boolean {
  const headers = failure.response?.headers ?? {};
  if (failure.status === 429) return true;
  if (failure.status !== 403) return false;
  return headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
}

/** Milliseconds to wait before another try, or null when none will help. */
function pauseBefore(error: unknown, attempt: number): number | null {
  const failure = failureOf(error);
  const status = statusOf(failure);
  const backoff = 500 * 2 ** (attempt - 1);
  if (isRateLimit(failure)) {
    const headers = failure.response?.headers ?? {};
    const after = Number(headers['retry-after']);
    const asked = Number.isFinite(after) ? after * 1000 : backoff;
    return asked > LONGEST_WAIT_MS ||
      (headers['retry-after'] === undefined && headers['x-ratelimit-remaining'] === '0')
      ? null
      : asked;
  }
  return status === null || status >= 500 ? backoff : null;
}

function explain(error: unknown, call: string): GitHubError {
  if (error instanceof GitHubError) return error;
  const failure = failureOf(error);
  const status = statusOf(failure);
  const said = failure.response?.data?.message;
  const code = codeOf(status, isRateLimit(failure));
  const reason =
    status === null ? 'no answer' : `${status}${typeof said === 'string' ? ` ${said.slice(0, 200)}` : ''}`;
  return new GitHubError(code, `GitHub did not do "${call}": ${reason}`, status, error);
}
