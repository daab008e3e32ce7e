import { Unresolved } from '../inputs/input-set.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import type { Credentials } from './bounded-get.js';
import { gitAddress, repositoryAddress } from './git-address.js';
import type { GitRevision } from './git-revision.js';
import { KeptDownloads } from './kept-downloads.js';
import { type ArtifactReference, type RemoteArtifact, RemoteArtifacts } from './remote-artifacts.js';
import { type ChartReference, type RemoteChart, RemoteCharts } from './remote-charts.js';
import { RemoteFiles } from './remote-files.js';
import { hostOf, plain, RemotePolicy, urlOf } from './remote-policy.js';
import { type FetchedTree, RemoteTrees } from './remote-trees.js';

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
   * `resource`: a file by URL, else a git repository, as kustomize tries them; `configuration`: the same for what
   * generates or transforms; `folder`: a git repository; `file`: a file by URL.
   */
  kind: 'resource' | 'configuration' | 'folder' | 'file';
}

/** Whose object or kustomization names a remote: one of the repository's own trees, or one that came from a host. */
export type RemoteOwner = { trusted: boolean } | { host: string };

/** A git repository that may be fetched: nothing is asked of the network before its tree is asked for. */
export interface AdmittedRepository {
  /** What it is known by: its URL over https, without credentials and `.git`. */
  source: string;
  host: string;
  /** @throws Unresolved when it cannot be fetched */
  tree: (revision: GitRevision) => Promise<FetchedTree>;
}

/** Everything that the gate brings from elsewhere, outside of the sandbox, in one run. */
export class Remotes {
  readonly charts: RemoteCharts;
  readonly trees: RemoteTrees;
  readonly files: RemoteFiles;
  readonly artifacts: RemoteArtifacts;
  readonly #policy: RemotePolicy;

  constructor(options: RemotesOptions) {
    const kept = new KeptDownloads(options.folder);
    this.#policy = new RemotePolicy(options);
    this.charts = new RemoteCharts(this.#policy, kept);
    this.trees = new RemoteTrees(this.#policy, kept, options.scratch);
    this.files = new RemoteFiles(this.#policy);
    this.artifacts = new RemoteArtifacts(this.#policy, kept);
  }

  /**
   * Requires that a kustomization's remote may be fetched; one of a trusted tree declares it. What a fetched base names in
   * its turn must be of the base's own host, where no credentials are sent to it, or allowed like any other.
   * @param of whose kustomization it is
   * @throws Unresolved with the reason and the way out
   */
  admit(reference: RemoteReference, of: RemoteOwner): void {
    const { entry, kind } = reference;
    const address = kind === 'file' ? null : gitAddress(entry);
    const source = address === null ? this.files.source(entry) : this.trees.source(address);
    if ('trusted' in of && of.trusted) this.#policy.declare(source);
    // A resource by URL is asked for as a file before it is taken for a repository.
    if (
      (kind === 'resource' || kind === 'configuration') &&
      /^https?:/i.test(entry) &&
      urlOf(entry).host !== urlOf(source).host
    ) {
      throw new Unresolved(
        `a base's address (${urlOf(source).host}) is written so that it can be read in two ways`,
      );
    }
    const { host } = urlOf(source);
    const near = this.#isNear(host, of);
    this.#policy.require(source, 'a base comes from', { also: [entry.replace(/[?#].*$/, '')], near });
  }

  /**
   * A chart that may be fetched; one that a trusted tree names declares its remote, and what a fetched tree names must be
   * of the tree's own host or allowed, as with bases.
   * @throws Unresolved
   */
  admitChart(reference: ChartReference, of: RemoteOwner): RemoteChart {
    if ('trusted' in of && of.trusted) this.charts.declare(reference.url);
    return this.charts.chart(reference, this.#isNear(hostOf(plain(reference.url)), of));
  }

  /**
   * A git repository that an object names as its source; one of a trusted tree declares it.
   * @throws Unresolved with the reason and the way out
   */
  admitRepository(url: string, of: RemoteOwner): AdmittedRepository {
    const address = repositoryAddress(url);
    if (address === null) {
      throw new Unresolved(`its source ${withoutCredentials(url)} is no address that the gate fetches from`);
    }
    const source = this.trees.source(address, 'its source is');
    if ('trusted' in of && of.trusted) this.#policy.declare(source);
    const { host } = urlOf(source);
    this.#policy.require(source, 'its source comes from', { also: [url], near: this.#isNear(host, of) });
    return { source, host, tree: (revision) => this.trees.tree(address, revision) };
  }

  /** Files of an OCI registry that an object names as its source; one of a trusted tree declares it. @throws Unresolved */
  admitArtifact(reference: ArtifactReference, of: RemoteOwner): RemoteArtifact {
    if ('trusted' in of && of.trusted) this.artifacts.declare(reference.url);
    return this.artifacts.artifact(reference, this.#isNear(hostOf(plain(reference.url)), of));
  }

  /** A stranger's tree does not choose what is read with the operator's credentials. */
  #isNear(host: string, of: RemoteOwner): boolean {
    return 'host' in of && host === of.host && !this.#policy.hasCredentials(host);
  }

  close(): Promise<void> {
    return this.trees.close();
  }
}
