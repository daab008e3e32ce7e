import { LIMITS } from '../../contract/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { hostOf, type RemotePolicy, urlOf } from './remote-policy.js';

/** A file by its URL, as kustomize's loader gets it (api/internal/loader fileloader.go httpClientGetContent). */
export type FetchedFile = { bytes: Buffer } | { status: number };

/** Brings single files by URL. They have no version: each is asked for once a run, and kept for nothing else. */
export class RemoteFiles {
  readonly #policy: RemotePolicy;
  readonly #files = new Map<string, Promise<FetchedFile>>();

  constructor(policy: RemotePolicy) {
    this.#policy = policy;
  }

  /** What `diff.remotes` knows a file by: its host and the first two segments, as of a repository, else its folder. */
  source(url: string): string {
    const parsed = urlOf(url);
    const segments = parsed.pathname.split('/').filter((segment) => segment !== '');
    const own = segments.slice(0, Math.max(0, Math.min(2, segments.length - 1)));
    return [`${parsed.protocol}//${parsed.host}`, ...own].join('/');
  }

  /**
   * The file, or the status that the host answers. Redirects are followed within the host, and elsewhere to public
   * addresses, as GitHub's release downloads need it; no credentials are sent, as kustomize sends none.
   * @throws Unresolved when it cannot be reached, or is too large
   */
  file(url: string): Promise<FetchedFile> {
    const known = this.#files.get(url);
    if (known !== undefined) return known;
    const fetched = this.#fetch(url);
    this.#files.set(url, fetched);
    return fetched;
  }

  async #fetch(url: string): Promise<FetchedFile> {
    const named = this.#policy.isNamed(url) || this.#policy.isNamed(this.source(url));
    const answer = await this.#policy.ask(url, {
      named,
      elsewhere: true,
      maxBytes: LIMITS.manifestBytes,
    });
    if (answer.status >= 300 && answer.status < 400) {
      throw new Unresolved(`${hostOf(url)} redirects to nowhere`);
    }
    return answer.status >= 200 && answer.status < 300 ? { bytes: answer.body } : { status: answer.status };
  }
}
