import { type JsonValue, LIMITS } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { TooLarge, Unresolved } from './input-set.js';
import type { TreeView } from './tree-view.js';

/** Small YAML files (kustomizations, Chart.yaml) parsed once by content, however many trees and targets read them. */
export class ParsedFiles {
  readonly #byOid = new Map<string, Promise<readonly JsonValue[]>>();

  /**
   * The documents of a file.
   * @throws Unresolved when it cannot be read as YAML
   */
  documents(view: TreeView, path: string): Promise<readonly JsonValue[]> {
    const oid = view.files.get(path)?.oid ?? path;
    const known = this.#byOid.get(oid);
    if (known !== undefined) return known;
    const parsed = this.#parse(view, path);
    this.#byOid.set(oid, parsed);
    return parsed;
  }

  async #parse(view: TreeView, path: string): Promise<readonly JsonValue[]> {
    if ((await view.tree.size(path)) > LIMITS.manifestBytes)
      throw new TooLarge(`${path} is too large to be read`);
    const { documents, problems } = loadYaml(await view.read(path), path);
    const fatal = problems.find((problem) => problem.fatal);
    if (fatal !== undefined) throw new Unresolved(`${path}:${fatal.line}: ${fatal.message}`);
    return documents.map((document) => document.value);
  }
}
