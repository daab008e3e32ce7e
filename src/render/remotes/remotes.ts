import { Unresolved } from '../inputs/input-set.js';
import type { Credentials } from './bounded-get.js';
import { gitAddress } from './git-address.js';
import { KeptDownloads } from './kept-downloads.js';
import { type ChartReference, type RemoteChart, RemoteCharts } from './remote-charts.js';
import { RemoteFiles } from './remote-files.js';
import { RemotePolicy, urlOf } from './remote-policy.js';
import { RemoteTrees } from './remote-trees.js';

export interface RemotesOptions {
  /** Folder that keeps what was fetched; only for this run when absent. */
  folder?: string | undefined;
  /** `diff.remotes` of the trusted configuration. */
  remotes: 'declared' | 'none' | { allow: readonly string[] };
  /** Bytes that may be brought in all. */
  runBytes?: number | undefined;
  /** By host. */
  credentials?: ReadonlyMap<string, Credentials> | undefined;
  /** Folder of this run's own for what is unpacked; a temporary one when absent. */
  scratch?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** What a kustomization names that is not in its repository. */
export interface RemoteReference {
  /** As it is written. */
  entry: string;
  /**
   * `resource`: a file by URL, else a git repository, as kustomize tries them; `folder`: a git repository; `file`: a
   * file by URL.
   */
  kind: 'resource' | 'folder' | 'file';
}

/** Everything that the gate brings from elsewhere, outside of the sandbox, in one run. */
export class Remotes {
  readonly charts: RemoteCharts;
  readonly trees: RemoteTrees;
  readonly files: RemoteFiles;
  readonly #policy: RemotePolicy;

  constructor(options: RemotesOptions) {
    const kept = new KeptDownloads(options.folder);
    this.#policy = new RemotePolicy(options);
    this.charts = new RemoteCharts(this.#policy, kept);
    this.trees = new RemoteTrees(this.#policy, kept, options.scratch);
    this.files = new RemoteFiles(this.#policy);
  }

  /**
   * Requires that a kustomization's remote may be fetched; one of a trusted tree declares it. What a fetched base names in
   * its turn must be of the base's own host, where no credentials are sent to it, or allowed like any other.
   * @param of whose kustomization it is
   * @throws Unresolved with the reason and the way out
   */
  admit(reference: RemoteReference, of: { trusted: boolean } | { host: string }): void {
    const { entry, kind } = reference;
    const address = kind === 'file' ? null : gitAddress(entry);
    const source = address === null ? this.files.source(entry) : this.trees.source(address);
    if ('trusted' in of && of.trusted) this.#policy.declare(source);
    // A resource by URL is asked for as a file before it is taken for a repository.
    if (kind === 'resource' && /^https?:/i.test(entry) && urlOf(entry).host !== urlOf(source).host) {
      throw new Unresolved(
        `a base's address (${urlOf(source).host}) is written so that it can be read in two ways`,
      );
    }
    const { host } = urlOf(source);
    // A stranger's base does not choose what is read with the operator's credentials.
    const near = 'host' in of && host === of.host && !this.#policy.hasCredentials(host);
    this.#policy.require(source, 'a base comes from', { also: [entry.replace(/[?#].*$/, '')], near });
  }

  /** A chart that may be fetched; one that a trusted tree names declares its remote. @throws Unresolved */
  admitChart(reference: ChartReference, trusted: boolean): RemoteChart {
    if (trusted) this.charts.declare(reference.url);
    return this.charts.chart(reference);
  }

  close(): Promise<void> {
    return this.trees.close();
  }
}
