import { LIMITS } from '../../contract/index.js';
import type { Tree } from '../../git/index.js';
import { type CreationRule, readCreationRules, ruleFor } from './sops/creation-rules.js';
import { generatorRoles, type Role } from './structure/generators.js';

/** What other files of the tree say of a file. */
export interface FileContext {
  /** The rule of the nearest `.sops.yaml` that takes the file. */
  creationRule: CreationRule | null;
  /** A kustomize generator reads it as the content of a Secret, or expects it encrypted. */
  role: Role | null;
}

export const NO_CONTEXT: FileContext = { creationRule: null, role: null };

/** Knows the `.sops.yaml` files and the generators of one tree; each is read once, when first asked for. */
export class TreeContext {
  readonly #tree: Tree;
  #sops: Promise<Map<string, CreationRule[]>> | null = null;
  #roles: Promise<Map<string, Role>> | null = null;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** What the tree says of one path. */
  async of(path: string): Promise<FileContext> {
    this.#sops ??= this.#readSops();
    this.#roles ??= generatorRoles(this.#tree);
    const [sops, roles] = await Promise.all([this.#sops, this.#roles]);
    return { creationRule: creationRule(sops, path), role: roles.get(path) ?? null };
  }

  /** The creation rule that SOPS would take for a path, whether there is such a file or not. */
  async ruleOf(path: string): Promise<CreationRule | null> {
    this.#sops ??= this.#readSops();
    return creationRule(await this.#sops, path);
  }

  /** The rules of the `.sops.yaml` in a folder ('' for the root) or in the nearest one above. */
  async rulesAt(folder: string): Promise<readonly CreationRule[]> {
    this.#sops ??= this.#readSops();
    const sops = await this.#sops;
    for (let at = folder; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
      const rules = sops.get(at);
      if (rules !== undefined || at === '') return rules ?? [];
    }
  }

  async #readSops(): Promise<Map<string, CreationRule[]>> {
    const found = new Map<string, CreationRule[]>();
    for (const file of (await this.#tree.files()).values()) {
      if (!/(?:^|\/)\.sops\.ya?ml$/.test(file.path) || file.mode === 'submodule' || file.mode === 'symlink')
        continue;
      if ((await this.#tree.size(file.path)) > LIMITS.configBytes) continue;
      const folder = file.path.slice(0, Math.max(0, file.path.lastIndexOf('/')));
      found.set(folder, readCreationRules(await this.#tree.read(file.path), file.path));
    }
    return found;
  }
}

/** SOPS looks from the file's folder upwards and takes the first `.sops.yaml` (config/config.go, FindConfigFile). */
function creationRule(configs: ReadonlyMap<string, CreationRule[]>, path: string): CreationRule | null {
  if (configs.size === 0) return null;
  let folder = path;
  do {
    folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
    const rules = configs.get(folder);
    if (rules !== undefined) return ruleFor(rules, folder === '' ? path : path.slice(folder.length + 1));
  } while (folder !== '');
  return null;
}
