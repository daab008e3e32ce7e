import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileGlobs } from '../../config/index.js';
import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, list, strings, text } from '../inputs/json-shape.js';
import { boundedGet, type Credentials, type GetOptions } from './bounded-get.js';
import { Connectivity } from './connectivity.js';

/** A chart as an object names it: a Helm repository by https, or `oci://host/path/chart`. */
export interface ChartReference {
  url: string;
  /** Name in a Helm repository; empty for OCI, whose URL names the chart. */
  chart: string;
  /** Exact version, OCI tag or digest. */
  version: string;
}

/** A chart that may be fetched: nothing is asked of the network before it is rendered. */
export interface RemoteChart {
  /** Stands for URL, chart and version. */
  key: string;
  /** @throws Unresolved when it cannot be fetched */
  fetch: () => Promise<FetchedChart>;
}

/** A packed chart and the SHA-256 of its bytes. */
export interface FetchedChart {
  archive: Buffer;
  digest: string;
}

export interface RemoteChartsOptions {
  /** Folder that keeps what was fetched; only for this run when absent. */
  folder?: string | undefined;
  /** `diff.remotes` of the trusted configuration. */
  remotes: 'declared' | 'none' | { allow: readonly string[] };
  /** By host (`charts.example.com`, `localhost:5000`). */
  credentials?: ReadonlyMap<string, Credentials> | undefined;
  signal?: AbortSignal | undefined;
}

const INDEX_BYTES = 64 * 1024 * 1024;
const CHART_BYTES = 20 * 1024 * 1024;
const MANIFEST_BYTES = 1024 * 1024;
const TIMEOUT_MS = 30_000;
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Brings charts of Helm and OCI repositories for the renderers, which have no network themselves. Only exact versions,
 * each once: the bytes are kept with their digest.
 */
export class RemoteCharts {
  readonly #options: RemoteChartsOptions;
  readonly #allowed: (url: string) => boolean;
  readonly #named: boolean;
  readonly #fetched = new Map<string, Promise<FetchedChart>>();
  readonly #declared = new Set<string>();
  readonly #connectivity = new Connectivity();

  constructor(options: RemoteChartsOptions) {
    this.#options = options;
    const { remotes } = options;
    this.#named = typeof remotes === 'object';
    this.#allowed = typeof remotes === 'object' ? compileGlobs(remotes.allow) : () => false;
  }

  /** Notes a remote that an object of the base names. */
  declare(url: string): void {
    this.#declared.add(plain(url));
  }

  /**
   * The chart, to be fetched when it is rendered.
   * @throws Unresolved when the remote is not allowed, new in the change, or not exact
   */
  chart(reference: ChartReference): RemoteChart {
    const { remotes } = this.#options;
    const url = plain(reference.url);
    if (remotes === 'none') throw new Unresolved(`${hostOf(url)}: diff.remotes is none`);
    if (remotes === 'declared' && !this.#declared.has(url)) {
      throw new Unresolved(`its chart comes from ${hostOf(url)}, which nothing in the base names yet`);
    }
    if (this.#named && !this.#allowed(url)) throw new Unresolved(`${hostOf(url)} is not in diff.remotes`);
    if (!isExact(reference.version)) {
      throw new Unresolved(
        `its chart's version ${reference.version.slice(0, 50)} is not exact: name one version or digest`,
      );
    }
    const key = createHash('sha256')
      .update(JSON.stringify([url, reference.chart, reference.version]))
      .digest('hex');
    return { key, fetch: () => this.#fetch(key, url, reference) };
  }

  #fetch(key: string, url: string, reference: ChartReference): Promise<FetchedChart> {
    let fetched = this.#fetched.get(key);
    if (fetched === undefined) {
      fetched = this.#kept(key, () =>
        url.startsWith('oci://')
          ? this.#fromRegistry(url, reference.version)
          : this.#fromRepository(url, reference),
      );
      this.#fetched.set(key, fetched);
    }
    return fetched;
  }

  /** Out of the folder, else fetched and put there. What does not have the digest it was kept with is fetched again. */
  async #kept(key: string, fetch: () => Promise<FetchedChart>): Promise<FetchedChart> {
    const { folder } = this.#options;
    if (folder === undefined) return fetch();
    const path = join(folder, 'charts', `${key}.tgz`);
    try {
      const kept = await readFile(path);
      const archive = kept.subarray(32);
      if (sha256(archive).equals(kept.subarray(0, 32)))
        return { archive, digest: sha256(archive).toString('hex') };
    } catch {
      // Not fetched yet.
    }
    const fetched = await fetch();
    const partial = `${path}.${randomUUID()}`;
    try {
      await mkdir(join(folder, 'charts'), { recursive: true, mode: 0o700 });
      await writeFile(partial, Buffer.concat([sha256(fetched.archive), fetched.archive]), {
        flag: 'wx',
        mode: 0o600,
      });
      await rename(partial, path);
    } catch {
      // A folder that cannot be written to costs the next fetch, not this verdict.
    }
    return fetched;
  }

  async #fromRepository(url: string, { chart, version }: ChartReference): Promise<FetchedChart> {
    const index = await this.#get(`${url}/index.yaml`, { maxBytes: INDEX_BYTES });
    const entries = list(loadYaml(index, '').documents[0]?.value, 'entries', chart);
    const entry = entries.find(
      (candidate) => text(candidate, 'version')?.replace(/^v/, '') === version.replace(/^v/, ''),
    );
    const [location] = strings(entry, 'urls');
    if (location === undefined) throw new Unresolved(`${hostOf(url)} has no chart ${chart} ${version}`);
    const said = text(entry, 'digest');
    const archive = await this.#get(
      new URL(location, `${url}/`).href,
      { maxBytes: CHART_BYTES, elsewhere: said !== null },
      url,
    );
    const digest = sha256(archive).toString('hex');
    if (said !== null && said.replace(/^sha256:/, '') !== digest) {
      throw new Unresolved(
        `the chart ${chart} ${version} of ${hostOf(url)} does not have the digest its index says`,
      );
    }
    return { archive, digest };
  }

  async #fromRegistry(url: string, version: string): Promise<FetchedChart> {
    const [host = '', ...path] = url.slice('oci://'.length).split('/');
    const scheme = this.#named && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host) ? 'http' : 'https';
    const api = `${scheme}://${host}/v2/${path.join('/')}`;
    const tag = version.replace('+', '_');
    const token = await this.#token(`${api}/manifests/${tag}`, host);
    const manifest = await this.#get(`${api}/manifests/${tag}`, {
      maxBytes: MANIFEST_BYTES,
      accept: MANIFEST,
      ...token,
    });
    if (tag.startsWith('sha256:') && sha256(manifest).toString('hex') !== tag.slice('sha256:'.length)) {
      throw new Unresolved(`${host} gave another manifest than the digest asks for`);
    }
    const layer = list(loadYaml(manifest, '').documents[0]?.value, 'layers').find(
      (candidate) => text(candidate, 'mediaType') === CHART_LAYER,
    );
    const digest = text(layer, 'digest') ?? '';
    if (!/^sha256:[0-9a-f]{64}$/.test(digest))
      throw new Unresolved(`${hostOf(url)} ${version} is no Helm chart`);
    const archive = await this.#get(`${api}/blobs/${digest}`, {
      maxBytes: CHART_BYTES,
      elsewhere: true,
      ...token,
    });
    if (`sha256:${sha256(archive).toString('hex')}` !== digest) {
      throw new Unresolved(`${host} gave a chart that does not have its digest`);
    }
    return { archive, digest: digest.slice('sha256:'.length) };
  }

  /** A token as the registry's challenge asks for it (distribution's token authentication), or none. */
  async #token(url: string, host: string): Promise<{ authorization?: string }> {
    const probe = await boundedGet(url, { ...this.#bounds(), maxBytes: MANIFEST_BYTES, accept: MANIFEST });
    if (probe.status !== 401) return {};
    const challenge = probe.headers['www-authenticate'] ?? '';
    const basic = this.#basic(host);
    if (!/^bearer /i.test(challenge)) return basic === undefined ? {} : { authorization: basic };
    const part = (name: string): string => new RegExp(`${name}="([^"]{1,500})"`).exec(challenge)?.[1] ?? '';
    const realm = new URL(part('realm'));
    for (const name of ['service', 'scope']) if (part(name) !== '') realm.searchParams.set(name, part(name));
    const authorization = realm.host === host ? basic : undefined;
    const named = this.#named && realm.host === host;
    const answer = await boundedGet(realm.href, {
      ...this.#bounds(),
      named,
      maxBytes: MANIFEST_BYTES,
      authorization,
    });
    const value: JsonValue = loadYaml(answer.body, '').documents[0]?.value ?? null;
    const token = text(value, 'token') ?? text(value, 'access_token');
    return token === null || field(value, 'errors') !== undefined ? {} : { authorization: `Bearer ${token}` };
  }

  async #get(url: string, options: Partial<GetOptions> & { maxBytes: number }, owner = url): Promise<Buffer> {
    const own = new URL(url).host === new URL(owner.replace(/^oci:/, 'https:')).host;
    const authorization = options.authorization ?? (own ? this.#basic(new URL(url).host) : undefined);
    const answer = await boundedGet(url, {
      ...this.#bounds(),
      ...options,
      authorization,
      named: this.#named && own,
    });
    if (answer.status === 200) return answer.body;
    throw new Unresolved(`${new URL(url).host} answers ${answer.status}`);
  }

  #bounds(): Pick<GetOptions, 'named' | 'timeoutMs' | 'connectivity' | 'signal'> {
    const { signal } = this.#options;
    return { named: this.#named, timeoutMs: TIMEOUT_MS, connectivity: this.#connectivity, signal };
  }

  #basic(host: string): string | undefined {
    const known = this.#options.credentials?.get(host);
    if (known === undefined) return undefined;
    return `Basic ${Buffer.from(`${known.username}:${known.password}`).toString('base64')}`;
  }
}

/** One version: `1.2.3` with what may follow, a tag that is one, or a digest. */
function isExact(version: string): boolean {
  return /^v?\d+\.\d+\.\d+(?:[-+_][\w.+-]+)?$/.test(version) || /^sha256:[0-9a-f]{64}$/.test(version);
}

function plain(url: string): string {
  return url
    .trim()
    .replace(/^([a-z]+:\/\/)[^/@]*@/, '$1')
    .replace(/\/+$/, '');
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/]+)/.exec(url)?.[1] ?? url.slice(0, 100);
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
