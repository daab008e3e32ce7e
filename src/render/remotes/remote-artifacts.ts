import { createHash } from 'node:crypto';
import { MemoryTree } from '../../git/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { TreeView } from '../inputs/tree-view.js';
import type { KeptDownloads } from './kept-downloads.js';
import { OciRegistry } from './oci-registry.js';
import { isExact } from './remote-charts.js';
import { hostOf, plain, type RemotePolicy, urlOf } from './remote-policy.js';
import { chooseVersion, parseConstraint } from './semver-range.js';
import { tarEntries } from './tar-archive.js';

/** Files in an OCI registry, as a Flux OCIRepository names them. */
export interface ArtifactReference {
  /** `oci://host/path` */
  url: string;
  /** Tag, digest, or range of versions among the tags. */
  version: string;
  /** True where `version` is a range. */
  range: boolean;
  /** Media type of the layer; the first layer where it is empty. */
  mediaType: string;
}

/** An artifact that may be fetched: nothing is asked of the network before it is rendered. */
export interface RemoteArtifact {
  /** Stands for URL, version and layer. */
  key: string;
  /** For people. */
  shown: string;
  host: string;
  /** True where the version may be another one tomorrow. */
  moves: boolean;
  /** @throws Unresolved when it cannot be fetched */
  fetch: () => Promise<FetchedArtifact>;
}

/** The files of an artifact, and which version of a range it is. */
export interface FetchedArtifact {
  view: TreeView;
  version: string;
}

const LAYER_BYTES = 20 * 1024 * 1024;

/** Brings the files of artifacts; of an exact version or digest they are kept. */
export class RemoteArtifacts {
  readonly #policy: RemotePolicy;
  readonly #kept: KeptDownloads;
  readonly #registry: OciRegistry;
  /** By key: what moves is resolved once a run, so that both sides have the same. */
  readonly #fetched = new Map<string, Promise<FetchedArtifact>>();

  constructor(policy: RemotePolicy, kept: KeptDownloads) {
    this.#policy = policy;
    this.#kept = kept;
    this.#registry = new OciRegistry(policy);
  }

  /** Notes a registry's path that an object of the base names. */
  declare(url: string): void {
    this.#policy.declare(url);
  }

  /**
   * The artifact, to be fetched when it is rendered.
   * @param near what is declared names the same host
   * @throws Unresolved when the registry is not allowed, new in the change, or the version is none
   */
  artifact(reference: ArtifactReference, near = false): RemoteArtifact {
    const { version, range, mediaType } = reference;
    const url = plain(reference.url);
    if (!/^oci:\/\/[^/]+\/[^?#\s]+$/.test(url)) {
      throw new Unresolved(`its source ${hostOf(url)} is no address of an OCI registry`);
    }
    const { host } = urlOf(url.replace(/^oci:/, 'https:'));
    this.#policy.require(url, 'its source comes from', { near });
    if (
      range ? parseConstraint(version) === null : !/^(sha256:[0-9a-f]{64}|\w[\w.-]{0,127})$/.test(version)
    ) {
      throw new Unresolved(`its source names the version ${version.slice(0, 80)}, which is none`);
    }
    const key = createHash('sha256')
      .update(JSON.stringify([url, version, range, mediaType]))
      .digest('hex');
    const kept = !range && isExact(version);
    return {
      key,
      shown: `${url} ${version}`,
      host,
      moves: !kept,
      fetch: () => {
        const known = this.#fetched.get(key);
        if (known !== undefined) return known;
        const fetched = this.#bring(key, { ...reference, url }, kept);
        this.#fetched.set(key, fetched);
        return fetched;
      },
    };
  }

  async #bring(key: string, reference: ArtifactReference, kept: boolean): Promise<FetchedArtifact> {
    const { url, version, range, mediaType } = reference;
    const tag = range ? await this.#highest(url, version) : version;
    const bring = (): Promise<Buffer> => {
      const wanted = (type: string): boolean => mediaType === '' || type === mediaType;
      return this.#registry.layer(url, tag, wanted, LAYER_BYTES, 'artifact with that layer');
    };
    const layer = kept ? await this.#kept.get(`artifacts/${key}.tgz`, bring) : await bring();
    const files = unpackedFiles(layer);
    let bytes = 0;
    for (const file of files.values()) bytes += file.length;
    this.#policy.hold(bytes);
    return { view: await TreeView.open(new MemoryTree(files)), version: tag };
  }

  async #highest(url: string, range: string): Promise<string> {
    const found = chooseVersion(range, await this.#registry.tags(url), (tag) => tag);
    if (found === null) throw new Unresolved(`${hostOf(url)} has no tag that is ${range}`);
    return found;
  }
}

/**
 * The files of a layer as source-controller unpacks them (fluxcd/pkg/tar Untar): symlinks are left out, the last of two
 * files of one name counts.
 * @throws Unresolved for a name that leads out of its folder, and for what is neither file nor folder
 */
function unpackedFiles(layer: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const { name, type, bytes } of tarEntries(layer, 'an artifact')) {
    const path = name.replace(/\/+$/, '');
    const segments = path.split('/');
    if (name.startsWith('/') || name.includes('\\') || segments.includes('..')) {
      throw new Unresolved('an artifact that was fetched holds a file that leads out of it');
    }
    // '5' is a folder, '2' a symlink, 'g' what holds for all.
    if (type === '5' || type === '2' || type === 'g') continue;
    if (type !== 'file') throw new Unresolved('an artifact that was fetched holds something else than files');
    files.set(segments.filter((segment) => segment !== '' && segment !== '.').join('/'), bytes);
  }
  for (const path of files.keys()) {
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
      if (files.has(path.slice(0, at))) {
        throw new Unresolved('an artifact that was fetched holds a file in the place of a folder');
      }
    }
  }
  files.delete('');
  return files;
}
