import type { FieldPath } from '../../kubernetes/index.js';
import { loadManifests, type Manifest, type Position } from '../../kubernetes/index.js';
import { text } from '../inputs/json-shape.js';
import type { TreeView } from '../inputs/tree-view.js';
import type { RenderedObject } from './rendered-objects.js';

/**
 * Finds where a rendered object's fields stand in the file it came from. Bytes are read when a target is rendered and
 * parsed when a position is first asked for, which few are.
 */
export class SourcePositions {
  readonly #bytes = new Map<string, Promise<Buffer>>();
  readonly #manifests = new WeakMap<Buffer, readonly Manifest[]>();

  /** A locator for one object, or null where its file is not of YAML (a template). */
  async of(view: TreeView, made: RenderedObject): Promise<((field: FieldPath) => Position | null) | null> {
    const { path, object } = made;
    const file = path === null ? undefined : view.files.get(path);
    if (path === null || file === undefined || file.mode === 'symlink') return null;
    if (!/\.(ya?ml|json)$/.test(path) || /(^|\/)templates\//.test(path)) return null;
    let reading = this.#bytes.get(file.oid);
    if (reading === undefined) {
      reading = view.read(path);
      this.#bytes.set(file.oid, reading);
    }
    const bytes = await reading;
    return (field) => this.#source(bytes, path, object)?.locate(field) ?? null;
  }

  #source(bytes: Buffer, path: string, object: RenderedObject['object']): Manifest | null {
    let manifests = this.#manifests.get(bytes);
    if (manifests === undefined) {
      manifests = loadManifests(bytes, path).manifests;
      this.#manifests.set(bytes, manifests);
    }
    const name = text(object, 'metadata', 'name') ?? '';
    const alike = manifests.filter((candidate) => candidate.ref.kind === object.kind);
    // Prefixes, suffixes and hashes are added to names, never taken away.
    return (
      alike.find((candidate) => candidate.ref.name === name) ??
      alike
        .filter((candidate) => candidate.ref.name !== '' && name.includes(candidate.ref.name))
        .sort((a, b) => b.ref.name.length - a.ref.name.length)[0] ??
      (alike.length === 1 ? (alike[0] ?? null) : null)
    );
  }
}
