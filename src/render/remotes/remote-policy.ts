import { compileGlobs } from '../../config/index.js';
import { TooLarge, Unresolved } from '../inputs/input-set.js';
import { boundedGet, type Credentials, type GetOptions, type GetResult } from './bounded-get.js';
import { Connectivity } from './connectivity.js';

export interface RemotePolicyOptions {
  /** `diff.remotes` of the trusted configuration. */
  remotes: 'declared' | 'none' | { allow: readonly string[] };
  /** Bytes that may be brought in all. */
  runBytes?: number | undefined;
  /** By host (`charts.example.com`, `localhost:5000`). */
  credentials?: ReadonlyMap<string, Credentials> | undefined;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;
/** What one run may bring in all: much of it is held until the run ends. */
const RUN_BYTES = 1024 ** 3;
const RUN_REQUESTS = 10_000;

/** What may be fetched in one run, with whose credentials, and what is known of the network. */
export class RemotePolicy {
  readonly #options: RemotePolicyOptions;
  readonly #allowed: (url: string) => boolean;
  readonly #named: (url: string) => boolean;
  readonly #declared = new Set<string>();
  readonly #connectivity = new Connectivity();
  #bytes: number;
  #requests = RUN_REQUESTS;

  constructor(options: RemotePolicyOptions) {
    this.#options = options;
    this.#bytes = options.runBytes ?? RUN_BYTES;
    const { remotes } = options;
    const globs = typeof remotes === 'object' ? remotes.allow : [];
    this.#allowed = globs.length === 0 ? () => false : compileGlobs(globs);
    // A pattern in the place of the host names no machine: it opens no way to this one.
    const literal = globs.filter((glob) => /^[a-z]+:\/\/[^/*?[\]{}\\]+(\/|$)/.test(glob));
    this.#named = literal.length === 0 ? () => false : compileGlobs(literal);
  }

  /** Notes a remote that an object or a kustomization of the base names. */
  declare(url: string): void {
    this.#declared.add(plain(url));
  }

  /**
   * @param what a clause for people: `its chart comes from`
   * @param more `also`: how the configuration may name it besides; `near`: what is declared names the same host
   * @throws Unresolved when nothing may be fetched from there, with the way out
   */
  require(url: string, what: string, more: { also?: readonly string[]; near?: boolean } = {}): void {
    const { remotes } = this.#options;
    const { also = [], near = false } = more;
    const host = hostOf(url);
    for (const written of [url, ...also.filter((name) => /^https?:/i.test(name))]) requirePlain(written);
    if (remotes === 'none') throw new Unresolved(`${what} ${host}: diff.remotes is none`);
    if (remotes === 'declared' && !near && !this.#declared.has(plain(url))) {
      throw new Unresolved(
        `${what} ${host}, which nothing in the base names yet: merge the new source first, or name it in diff.remotes of the base`,
      );
    }
    if (typeof remotes === 'object' && ![url, ...also].some((name) => this.#allowed(plain(name)))) {
      throw new Unresolved(`${what} ${host}, which is not in diff.remotes`);
    }
  }

  /** True where the configuration names the very host: plain http and this machine's addresses are allowed then. */
  isNamed(url: string): boolean {
    return this.#named(plain(url));
  }

  hasCredentials(host: string): boolean {
    return this.#options.credentials?.has(host) === true;
  }

  /** `Basic …` for a host that the operator has given credentials for. */
  basic(host: string): string | undefined {
    const known = this.#options.credentials?.get(host);
    if (known === undefined) return undefined;
    return `Basic ${Buffer.from(`${known.username}:${known.password}`).toString('base64')}`;
  }

  /**
   * One bounded request.
   * @throws Unresolved
   * @throws TooLarge when the run has brought as much as it may: nobody has looked at what is left
   */
  async ask(
    url: string,
    options: Omit<GetOptions, 'connectivity' | 'signal' | 'timeoutMs'>,
  ): Promise<GetResult> {
    const { signal } = this.#options;
    this.#requests -= 1;
    if (this.#bytes <= 0 || this.#requests < 0) throw tooMuch();
    const answer = await boundedGet(url, {
      ...options,
      timeoutMs: TIMEOUT_MS,
      connectivity: this.#connectivity,
      signal,
    });
    this.#bytes -= answer.body.length;
    return answer;
  }

  /**
   * Counts what is held unpacked, which a small archive can make large.
   * @throws TooLarge as `ask`
   */
  hold(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes < 0) throw tooMuch();
  }
}

function tooMuch(): TooLarge {
  return new TooLarge('more is to be fetched for the change than the gate fetches for one');
}

/** A URL without credentials and trailing slashes. */
export function plain(url: string): string {
  return url
    .trim()
    .replace(/^([a-z]+:\/\/)[^/]*@/i, '$1')
    .replace(/\/+$/, '');
}

/** A URL, or Unresolved for an address that is none: what a change names may be anything. */
export function urlOf(written: string, base?: URL | string): URL {
  if (!URL.canParse(written, base?.toString())) throw new Unresolved('a remote has an address that is none');
  return new URL(written, base);
}

export function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/]*@)?([^/]+)/i.exec(url)?.[1] ?? url.slice(0, 100);
}

/**
 * Requires that an address says to every reader what is fetched: the host as it stands before the first slash, and no
 * step upwards in the path. What is compared with `diff.remotes` is the text, and what is fetched is what a URL parser
 * makes of it: `https://a\\@b/`, `https://a#.b/` and `https://b/own/../other` would be two things.
 * @throws Unresolved
 */
function requirePlain(written: string): void {
  const address = written.trim().replace(/^oci:/i, 'https:');
  const [, scheme = '', authority = '', path = ''] =
    /^(https?):\/\/(?:[^/]*@)?([^/]*)([^?#]*)/i.exec(address) ?? [];
  const standard = scheme.toLowerCase() === 'https' ? /:443$/ : /:80$/;
  const same = urlOf(address).host === authority.toLowerCase().replace(standard, '');
  if (!same || /[\\\s\p{Cc}]/u.test(address) || stepsUp(path)) {
    const host = hostOf(address).replace(/[^\w.:[\]-]/g, '?');
    throw new Unresolved(`a remote's address (${host}) is written so that it can be read in two ways`);
  }
}

/** True for a path that holds `.` or `..`, also percent-encoded. */
function stepsUp(path: string): boolean {
  return path
    .replace(/%2e/gi, '.')
    .replace(/%2f|%5c/gi, '/')
    .split('/')
    .some((segment) => segment === '.' || segment === '..');
}
