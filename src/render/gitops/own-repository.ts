/**
 * A git URL in one form whatever way it is written: `host/path` in lower case, without scheme, user, port or `.git`
 * (Argo CD's util/git NormalizeGitURL, and scp-like addresses made equal to ssh:// ones).
 */
export function normalizeGitUrl(url: string): string {
  const trimmed = url.trim().toLowerCase();
  const scp = /^[^/@\s]+@([^/:\s]+):(?!\/\/)(.*)$/.exec(trimmed);
  const plain =
    scp === null
      ? trimmed
          .replace(/^[a-z][a-z0-9+.-]*:\/\//, '')
          // A user ends at the `@`, but for a host that ends before it: `https://other.example.com#@this.example.com/…`.
          .replace(/^[^/@?#\\]*@/, '')
          .replace(/^([^/:]+):\d+\//, '$1/')
      : `${scp[1]}/${scp[2]}`;
  return plain
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
    .replace(/\.git$/, '')
    .replace(/\/$/, '');
}

/** Knows which sources of objects are this very repository, at the branch that the change goes to. */
export class OwnRepository {
  readonly #urls: ReadonlySet<string>;
  readonly #branches: ReadonlySet<string>;

  /**
   * @param urls as the configuration and the door give them
   * @param branches governed branches; `main` and `master` where none are named
   */
  constructor(urls: readonly string[], branches: readonly string[] | undefined) {
    this.#urls = new Set(urls.map(normalizeGitUrl));
    this.#branches = new Set(branches ?? ['main', 'master']);
  }

  /** True for a URL of this repository. */
  has(url: string): boolean {
    return this.#urls.has(normalizeGitUrl(url));
  }

  /** True when nothing is known of this repository's URLs. */
  get unknown(): boolean {
    return this.#urls.size === 0;
  }

  /** True when a revision means the branch that is judged: HEAD, nothing, or a governed branch. */
  follows(revision: string | null): boolean {
    if (revision === null || revision === '' || revision === 'HEAD') return true;
    return this.#branches.has(revision.replace(/^refs\/heads\//, ''));
  }
}
