import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, list, strings, text } from '../inputs/json-shape.js';
import type { GetOptions } from './bounded-get.js';
import { sha256 } from './kept-downloads.js';
import { hostOf, type RemotePolicy, urlOf } from './remote-policy.js';

const MANIFEST_BYTES = 1024 * 1024;
const TAG_PAGES = 20;
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Artifacts of OCI registries (distribution's HTTP API), each checked against its digest. */
export class OciRegistry {
  readonly #policy: RemotePolicy;

  constructor(policy: RemotePolicy) {
    this.#policy = policy;
  }

  /**
   * The first layer of an artifact that is wanted.
   * @param url `oci://host/path`
   * @param reference tag or digest
   * @param wanted by media type
   * @param what what it is to be, for people
   * @throws Unresolved
   */
  async layer(
    url: string,
    reference: string,
    wanted: (mediaType: string) => boolean,
    maxBytes: number,
    what: string,
  ): Promise<Buffer> {
    const { api, host } = this.#addressOf(url);
    const token = await this.#token(`${api}/manifests/${reference}`, url);
    const manifest = await getOwned(
      this.#policy,
      `${api}/manifests/${reference}`,
      { maxBytes: MANIFEST_BYTES, accept: MANIFEST, ...token },
      url,
    );
    if (
      reference.startsWith('sha256:') &&
      sha256(manifest).toString('hex') !== reference.slice('sha256:'.length)
    ) {
      throw new Unresolved(`${host} gave another manifest than the digest asks for`);
    }
    const layer = list(loadYaml(manifest, '').documents[0]?.value, 'layers').find((candidate) =>
      wanted(text(candidate, 'mediaType') ?? ''),
    );
    const digest = text(layer, 'digest') ?? '';
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
      throw new Unresolved(`${hostOf(url)} ${reference} is no ${what}`);
    }
    const archive = await getOwned(
      this.#policy,
      `${api}/blobs/${digest}`,
      { maxBytes, elsewhere: true, ...token },
      url,
    );
    if (`sha256:${sha256(archive).toString('hex')}` !== digest) {
      throw new Unresolved(`${host} gave a ${what} that does not have its digest`);
    }
    return archive;
  }

  /** All tags of a repository, page by page (distribution's tags/list). */
  async tags(url: string): Promise<string[]> {
    const { api, host } = this.#addressOf(url);
    const tags: string[] = [];
    let next: string | null = `${api}/tags/list?n=1000`;
    const token = await this.#token(next, url);
    for (let page = 0; next !== null; page += 1) {
      if (page === TAG_PAGES) throw new Unresolved(`${host} has more tags than can be looked at`);
      const answer = await this.#policy.ask(next, {
        named: this.#policy.isNamed(url),
        maxBytes: MANIFEST_BYTES,
        ...token,
      });
      if (answer.status !== 200) throw new Unresolved(`${host} answers ${answer.status}`);
      tags.push(...strings(loadYaml(answer.body, '').documents[0]?.value, 'tags'));
      const link = /^<([^>]{1,2000})>\s*;\s*rel="?next"?/.exec(String(answer.headers.link ?? ''))?.[1];
      const following: URL | null = link === undefined ? null : urlOf(link, next);
      next = following !== null && following.host === host ? following.href : null;
    }
    return tags;
  }

  #addressOf(url: string): { api: string; host: string } {
    const [host = '', ...path] = url.slice('oci://'.length).split('/');
    const local = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host);
    const scheme = local && this.#policy.isNamed(url) ? 'http' : 'https';
    return { api: `${scheme}://${host}/v2/${path.join('/')}`, host };
  }

  /** A token as the registry's challenge asks for it (distribution's token authentication), or none. */
  async #token(address: string, url: string): Promise<{ authorization?: string }> {
    const named = this.#policy.isNamed(url);
    const { host } = urlOf(address);
    const probe = await this.#policy.ask(address, { named, maxBytes: MANIFEST_BYTES, accept: MANIFEST });
    if (probe.status !== 401) return {};
    const challenge = probe.headers['www-authenticate'] ?? '';
    const basic = this.#policy.basic(host);
    if (!/^bearer /i.test(challenge)) return basic === undefined ? {} : { authorization: basic };
    const part = (name: string): string => new RegExp(`${name}="([^"]{1,500})"`).exec(challenge)?.[1] ?? '';
    const realm = urlOf(part('realm'));
    for (const name of ['service', 'scope']) if (part(name) !== '') realm.searchParams.set(name, part(name));
    const own = realm.host === host;
    const known = this.#policy.basic(realm.host);
    const answer = await this.#policy.ask(realm.href, {
      named: own ? named : this.#policy.isNamed(realm.href),
      toldByServer: !own,
      maxBytes: MANIFEST_BYTES,
      // The token goes to the registry: it is asked for in nobody's name that the registry was not given itself.
      authorization: own || known === basic ? known : undefined,
    });
    const value: JsonValue = loadYaml(answer.body, '').documents[0]?.value ?? null;
    const token = text(value, 'token') ?? text(value, 'access_token');
    return token === null || field(value, 'errors') !== undefined ? {} : { authorization: `Bearer ${token}` };
  }
}

/**
 * One GET of what a repository or registry leads to: with its credentials and rights where it is of the same host.
 * @param owner the URL that the configuration or an object names
 * @throws Unresolved for any other answer than 200
 */
export async function getOwned(
  policy: RemotePolicy,
  address: string,
  options: Partial<GetOptions> & { maxBytes: number },
  owner: string,
): Promise<Buffer> {
  const own = urlOf(address).host === urlOf(owner.replace(/^oci:/, 'https:')).host;
  const authorization = options.authorization ?? (own ? policy.basic(urlOf(address).host) : undefined);
  const answer = await policy.ask(address, {
    ...options,
    authorization,
    named: policy.isNamed(address) || (own && policy.isNamed(owner)),
    toldByServer: !own,
  });
  if (answer.status === 200) return answer.body;
  throw new Unresolved(`${urlOf(address).host} answers ${answer.status}`);
}
