import { createHash } from 'node:crypto';
import { type JsonValue, LIMITS } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { list, strings, text } from '../inputs/json-shape.js';
import { type KeptDownloads, sha256 } from './kept-downloads.js';
import { getOwned, OciRegistry } from './oci-registry.js';
import { hostOf, plain, type RemotePolicy, urlOf } from './remote-policy.js';
import { chooseVersion, parseConstraint } from './semver-range.js';

/** A chart as an object names it: a Helm repository by https, or `oci://host/path/chart`. */
export interface ChartReference {
  url: string;
  /** Name in a Helm repository; empty for OCI, whose URL names the chart. */
  chart: string;
  /** Version, range of versions, or digest. */
  version: string;
  /** True where `version` is a tag of a registry as it stands, whatever it looks like. */
  tag?: boolean;
}

/** A chart that may be fetched: nothing is asked of the network before it is rendered. */
export interface RemoteChart {
  /** Stands for URL, chart and version. */
  key: string;
  /** `https://charts.example.com/web ^1.2`, for people. */
  shown: string;
  /** True where the version may be another one tomorrow: a range, a moving tag. */
  floating: boolean;
  /** @throws Unresolved when it cannot be fetched */
  fetch: () => Promise<FetchedChart>;
}

/** A packed chart and the SHA-256 of its bytes. */
export interface FetchedChart {
  archive: Buffer;
  digest: string;
  /** Which version of a range it is. */
  version: string;
}

const INDEX_BYTES = LIMITS.manifestBytes;
const CHART_BYTES = 20 * 1024 * 1024;
const CHART_LAYER = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/**
 * Brings charts of Helm and OCI repositories for the renderers, which have no network themselves. A range is resolved
 * against the repository once a run; of an exact version the bytes are kept with their digest.
 */
export class RemoteCharts {
  readonly #policy: RemotePolicy;
  readonly #registry: OciRegistry;
  readonly #kept: KeptDownloads;
  readonly #fetched = new Map<string, Promise<FetchedChart>>();
  readonly #indexes = new Map<string, Promise<JsonValue>>();

  constructor(policy: RemotePolicy, kept: KeptDownloads) {
    this.#policy = policy;
    this.#registry = new OciRegistry(policy);
    this.#kept = kept;
  }

  /** Notes a remote that an object of the base names. */
  declare(url: string): void {
    this.#policy.declare(url);
  }

  /**
   * The chart, to be fetched when it is rendered.
   * @param near what is declared names the same host
   * @throws Unresolved when the remote is not allowed, new in the change, or the version is neither one nor a range
   */
  chart(reference: ChartReference, near = false): RemoteChart {
    const url = plain(reference.url);
    urlOf(url.replace(/^oci:/, 'https:'));
    this.#policy.require(url, 'its chart comes from', { near });
    const { version } = reference;
    const exact = isExact(version);
    const asTag = reference.tag === true || version.startsWith('sha256:');
    if (!exact && !asTag && parseConstraint(version === '' ? '*' : version) === null) {
      throw new Unresolved(
        `its chart's version ${version.slice(0, 50)} is neither a version nor a range of versions`,
      );
    }
    if (asTag && !/^[\w][\w.-]{0,127}$/.test(version) && !exact) {
      throw new Unresolved('its chart is named by a tag that is none');
    }
    const key = createHash('sha256')
      .update(JSON.stringify([url, reference.chart, version, asTag]))
      .digest('hex');
    const shown = `${url}${reference.chart === '' ? '' : `/${reference.chart}`} ${version === '' ? '*' : version}`;
    return { key, shown, floating: !exact, fetch: () => this.#fetch(key, url, reference, exact, asTag) };
  }

  #fetch(
    key: string,
    url: string,
    reference: ChartReference,
    exact: boolean,
    asTag: boolean,
  ): Promise<FetchedChart> {
    let fetched = this.#fetched.get(key);
    if (fetched === undefined) {
      fetched = this.#bring(key, url, reference, exact, asTag);
      this.#fetched.set(key, fetched);
    }
    return fetched;
  }

  async #bring(
    key: string,
    url: string,
    reference: ChartReference,
    exact: boolean,
    asTag: boolean,
  ): Promise<FetchedChart> {
    const oci = url.startsWith('oci://');
    let { version } = reference;
    const bring = (): Promise<Buffer> =>
      oci ? this.#fromRegistry(url, version) : this.#fromRepository(url, reference.chart, version);
    let archive: Buffer;
    if (exact) {
      archive = await this.#kept.get(`charts/${key}.tgz`, bring);
    } else {
      if (!asTag) version = await this.#resolve(url, reference);
      archive = await bring();
    }
    return { archive, digest: sha256(archive).toString('hex'), version };
  }

  /** The version that a range means now. */
  async #resolve(url: string, { chart, version }: ChartReference): Promise<string> {
    const versions = url.startsWith('oci://')
      ? (await this.#registry.tags(url)).map((tag) => tag.replaceAll('_', '+'))
      : list(await this.#index(url), 'entries', chart).map((entry) => text(entry, 'version') ?? '');
    const found = chooseVersion(version, versions, (candidate) => candidate);
    if (found === null) {
      throw new Unresolved(
        `${hostOf(url)} has no version of ${chart || 'the chart'} that is ${version || '*'}`,
      );
    }
    return found;
  }

  #index(url: string): Promise<JsonValue> {
    let index = this.#indexes.get(url);
    if (index === undefined) {
      index = getOwned(this.#policy, `${url}/index.yaml`, { maxBytes: INDEX_BYTES }, url).then((bytes) => {
        const { documents, problems } = loadYaml(bytes, '');
        const [first] = documents;
        if (first === undefined || problems.some(({ fatal }) => fatal)) {
          throw new Unresolved(`${hostOf(url)} gives an index that cannot be read`);
        }
        return first.value;
      });
      this.#indexes.set(url, index);
    }
    return index;
  }

  async #fromRepository(url: string, chart: string, version: string): Promise<Buffer> {
    const entries = list(await this.#index(url), 'entries', chart);
    const entry = entries.find(
      (candidate) => text(candidate, 'version')?.replace(/^v/, '') === version.replace(/^v/, ''),
    );
    const [location] = strings(entry, 'urls');
    if (location === undefined) throw new Unresolved(`${hostOf(url)} has no chart ${chart} ${version}`);
    const said = text(entry, 'digest');
    const archive = await getOwned(
      this.#policy,
      urlOf(location, `${url}/`).href,
      { maxBytes: CHART_BYTES, elsewhere: said !== null },
      url,
    );
    if (said !== null && said.replace(/^sha256:/, '') !== sha256(archive).toString('hex')) {
      throw new Unresolved(
        `the chart ${chart} ${version} of ${hostOf(url)} does not have the digest its index says`,
      );
    }
    return archive;
  }

  #fromRegistry(url: string, version: string): Promise<Buffer> {
    const isChart = (mediaType: string): boolean => mediaType === CHART_LAYER;
    return this.#registry.layer(url, version.replaceAll('+', '_'), isChart, CHART_BYTES, 'Helm chart');
  }
}

/** One version: `1.2.3` with what may follow, a tag that is one, or a digest. */
export function isExact(version: string): boolean {
  return /^v?\d+\.\d+\.\d+(?:[-+_][\w.+-]+)?$/.test(version) || /^sha256:[0-9a-f]{64}$/.test(version);
}
