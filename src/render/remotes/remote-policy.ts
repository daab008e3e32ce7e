import { compileGlobs } from '../../config/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { boundedGet, type Credentials, type GetOptions, type GetResult } from './bounded-get.js';
import { Connectivity } from './connectivity.js';

export interface RemotePolicyOptions {
  /** `diff.remotes` of the trusted configuration. */
  remotes: 'declared' | 'none' | { allow: readonly string[] };
  /** By host (`charts.example.com`, `localhost:5000`). */
  credentials?: ReadonlyMap<string, Credentials> | undefined;
  signal?: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;

/** What may be fetched in one run, with whose credentials, and what is known of the network. */
export class RemotePolicy {
  readonly #options: RemotePolicyOptions;
  readonly #allowed: (url: string) => boolean;
  readonly #named: (url: string) => boolean;
  readonly #declared = new Set<string>();
  readonly #connectivity = new Connectivity();

  constructor(options: RemotePolicyOptions) {
    this.#options = options;
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

  /** One bounded request. @throws Unresolved */
  ask(url: string, options: Omit<GetOptions, 'connectivity' | 'signal' | 'timeoutMs'>): Promise<GetResult> {
    const { signal } = this.#options;
    return boundedGet(url, {
      ...options,
      timeoutMs: TIMEOUT_MS,
      connectivity: this.#connectivity,
      signal,
    });
  }
}

/** A URL without credentials and trailing slashes. */
export function plain(url: string): string {
  return url
    .trim()
    .replace(/^([a-z]+:\/\/)[^/@]*@/, '$1')
    .replace(/\/+$/, '');
}

/** A URL, or Unresolved for an address that is none: what a change names may be anything. */
export function urlOf(written: string, base?: URL | string): URL {
  if (!URL.canParse(written, base?.toString())) throw new Unresolved('a remote has an address that is none');
  return new URL(written, base);
}

export function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/@]*@)?([^/]+)/.exec(url)?.[1] ?? url.slice(0, 100);
}
