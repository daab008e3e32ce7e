import { GateError, LIMITS } from '../../contract/index.js';
import { loadManifests } from '../../kubernetes/index.js';
import { isMap, type JsonMap } from '../inputs/json-shape.js';
import type { RenderedObject } from '../run/rendered-objects.js';
import { mayHoldManifests } from '../targets/file-kinds.js';
import type { Side } from '../targets/side.js';
import { nameOf, namespaceOf } from './kinds.js';

/** An object that others refer to, and where it was seen. */
export interface KnownObject {
  object: JsonMap;
  /** File it comes from, where known. */
  path: string | null;
  /** Cluster it was rendered for, where known. */
  cluster: string | null;
}

/** From where an object is asked for: the nearest of several wins. */
export interface Vantage {
  cluster: string | null;
  path: string | null;
}

/**
 * The objects of one side that others refer to by name (sources, ConfigMaps, Secrets): those that were rendered for a
 * cluster, and those that stand in files.
 */
export class World {
  readonly #side: Side;
  readonly #rendered = new Map<string, KnownObject[]>();
  #defined = new Map<string, KnownObject[]>();
  #files: Promise<Map<string, KnownObject[]>> | null = null;

  constructor(side: Side) {
    this.#side = side;
  }

  /** Adds what was rendered for a cluster. */
  add(objects: readonly RenderedObject[], cluster: string | null): void {
    for (const { object, path } of objects) insert(this.#rendered, { object, path, cluster });
  }

  /** Puts what the GitOps objects of the last round rendered to in the place of what those before gave. */
  replaceDefined(outcomes: readonly { objects: readonly RenderedObject[]; cluster: string | null }[]): void {
    this.#defined = new Map();
    for (const { objects, cluster } of outcomes) {
      for (const { object, path } of objects) insert(this.#defined, { object, path, cluster });
    }
  }

  /**
   * The object of that kind and name; null when there is none, or when several are equally near and say different
   * things. An object without a namespace matches any: what sets it is not known.
   */
  async find(kind: string, namespace: string, name: string, from: Vantage): Promise<KnownObject | null> {
    const matches = matching(namespace);
    const inCluster = nearest(this.#inCluster(kind, name, from).filter(matches), from);
    return inCluster ?? nearest((await this.#inFiles(kind, name)).filter(matches), from);
  }

  /** Every object that may be meant, also where nobody can say which. */
  async all(kind: string, namespace: string, name: string, from: Vantage): Promise<KnownObject[]> {
    const candidates = [...this.#inCluster(kind, name, from), ...(await this.#inFiles(kind, name))];
    return candidates.filter(matching(namespace));
  }

  #inCluster(kind: string, name: string, from: Vantage): KnownObject[] {
    const key = `${kind}/${name}`;
    return [...(this.#defined.get(key) ?? []), ...(this.#rendered.get(key) ?? [])].filter(
      ({ cluster }) => from.cluster === null || cluster === null || cluster === from.cluster,
    );
  }

  async #inFiles(kind: string, name: string): Promise<readonly KnownObject[]> {
    this.#files ??= this.#readFiles();
    return (await this.#files).get(`${kind}/${name}`) ?? [];
  }

  /** The nearest object of a kind that a condition holds for; null where several are equally near and differ. */
  async findWhere(
    kind: string,
    holds: (object: JsonMap) => boolean,
    from: Vantage,
  ): Promise<KnownObject | null> {
    this.#files ??= this.#readFiles();
    for (const index of [this.#defined, this.#rendered, await this.#files]) {
      const candidates = [...index]
        .filter(([key]) => key.startsWith(`${kind}/`))
        .flatMap(([, known]) => known)
        .filter(({ cluster }) => from.cluster === null || cluster === null || cluster === from.cluster)
        .filter(({ object }) => holds(object));
      const found = nearest(candidates, from);
      if (found !== null) return found;
    }
    return null;
  }

  async #readFiles(): Promise<Map<string, KnownObject[]>> {
    const { view, context } = this.#side;
    const paths = [...view.files.keys()].filter(mayHoldManifests);
    const kinds = await context.kinds.of(view, paths);
    const found = new Map<string, KnownObject[]>();
    for (const path of paths) {
      const kind = kinds.get(path);
      if (kind === undefined || !(kind.gitops || kind.values)) continue;
      for (const object of await readObjects(this.#side, path))
        insert(found, { object, path, cluster: null });
    }
    return found;
  }
}

/** The objects of a file as they stand; none where it cannot be read, which is told where the file is rendered. */
export async function readObjects(side: Side, path: string): Promise<JsonMap[]> {
  let bytes: Buffer;
  try {
    bytes = await side.view.read(path, LIMITS.manifestBytes);
  } catch (error) {
    if (error instanceof GateError && error.code === 'limit') return [];
    throw error;
  }
  return loadManifests(bytes, path)
    .manifests.map((manifest) => manifest.object)
    .filter(isMap);
}

/** An object without a namespace matches any, and any matches where none is asked for. */
function matching(namespace: string): (candidate: KnownObject) => boolean {
  return ({ object }) => {
    const own = namespaceOf(object);
    return own === '' || namespace === '' || own === namespace;
  };
}

function insert(index: Map<string, KnownObject[]>, known: KnownObject): void {
  const key = `${String(known.object.kind)}/${nameOf(known.object)}`;
  const list = index.get(key);
  if (list === undefined) index.set(key, [known]);
  else list.push(known);
}

function nearest(candidates: readonly KnownObject[], from: Vantage): KnownObject | null {
  const ranked = candidates
    .map((candidate) => ({ candidate, near: sharedFolders(candidate.path, from.path) }))
    .sort((a, b) => b.near - a.near);
  const [best, next] = ranked;
  if (best === undefined) return null;
  if (next !== undefined && next.near === best.near) {
    if (JSON.stringify(next.candidate.object) !== JSON.stringify(best.candidate.object)) return null;
  }
  return best.candidate;
}

function sharedFolders(a: string | null, b: string | null): number {
  if (a === null || b === null) return 0;
  const [left, right] = [a.split('/').slice(0, -1), b.split('/').slice(0, -1)];
  let shared = 0;
  while (shared < left.length && shared < right.length && left[shared] === right[shared]) shared += 1;
  return shared;
}
