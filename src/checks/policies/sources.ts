import { LIMITS } from '../../contract/index.js';
import type { FileChange, Tree } from '../../git/index.js';
import { loadYaml, type Position, type YamlDocument } from '../../kubernetes/index.js';
import type { RenderedChange } from '../../render/index.js';
import { placesSetting } from './patched-fields.js';
import { isManifestFile } from './policy-files.js';
import type { PlacedViolation } from './ratchet.js';
import type { Unit } from './unit.js';

/** Files that are looked into for patches, and their bytes together. */
const MOST_FILES = 300;
const MOST_BYTES = 16 * 1024 * 1024;

/** Where something stands: file and position. */
export interface SourcePlace {
  path: string;
  position: Position;
}

/**
 * Where violations come from, for those whose field is set by a patch or a list of images: the manifest that an object is
 * made of does not have it. Files that the change touches and those in the folders of kustomizations are looked into, if
 * the target reads them; what two of them set is left at the manifest, for nobody knows which has the last word.
 */
export async function sourcesOf(
  violations: readonly PlacedViolation[],
  input: { rendered: RenderedChange; changes: readonly FileChange[]; tree: Tree },
): Promise<ReadonlyMap<PlacedViolation, SourcePlace>> {
  const places = new Map<PlacedViolation, SourcePlace>();
  const open = violations.filter(({ unit, violation }) => unit.target !== null && violation.field !== null);
  if (open.length === 0) return places;
  const files = new Files(input.tree);
  const resources = new Map<Unit, ReadonlySet<string | null>>();
  // what an object is made of is no patch of another
  const resourcesOf = (unit: Unit): ReadonlySet<string | null> => {
    const own = resources.get(unit) ?? new Set(unit.result.map(({ path }) => path));
    resources.set(unit, own);
    return own;
  };
  const readers = new Map<string, ReadonlySet<string>>();
  for (const path of await candidates(input)) {
    if (readers.size >= MOST_FILES) break;
    readers.set(path, new Set((await input.rendered.targetsReading(path)).map(({ name }) => name)));
  }
  for (const placed of open) {
    const { violation, unit } = placed;
    const found: SourcePlace[] = [];
    for (const [path, targets] of readers) {
      if (!targets.has(unit.target ?? '') || resourcesOf(unit).has(path)) continue;
      const positions = placesSetting(await files.documents(path), violation.manifest, violation.field ?? []);
      found.push(...positions.map((position) => ({ path, position })));
    }
    const [only, ...others] = found;
    if (only !== undefined && others.length === 0) places.set(placed, only);
  }
  return places;
}

/** Files that may hold a patch, those of the change first. */
async function candidates(input: {
  rendered: RenderedChange;
  changes: readonly FileChange[];
  tree: Tree;
}): Promise<Set<string>> {
  const files = await input.tree.files();
  const isFile = (path: string): boolean => ['file', 'executable'].includes(files.get(path)?.mode ?? '');
  const changed = input.changes
    .map(({ path }) => path)
    .filter((path) => isManifestFile(path) && isFile(path));
  const folders = new Set(
    (await input.rendered.reached()).flatMap(({ target }) =>
      target.kind === 'kustomize' ? [target.path] : [],
    ),
  );
  const beside = [...files.keys()].filter((path) => {
    const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    return (
      isManifestFile(path) && isFile(path) && (folders.has(folder) || (folder === '' && folders.has('.')))
    );
  });
  return new Set([...changed, ...beside]);
}

/** Files of a tree as YAML, each read once. */
class Files {
  readonly #documents = new Map<string, readonly YamlDocument[]>();
  #left = MOST_BYTES;

  constructor(readonly tree: Tree) {}

  async documents(path: string): Promise<readonly YamlDocument[]> {
    const known = this.#documents.get(path);
    if (known !== undefined) return known;
    const size = await this.tree.size(path);
    const isSmall = size <= Math.min(this.#left, LIMITS.manifestBytes);
    if (isSmall) this.#left -= size;
    const documents = isSmall ? loadYaml(await this.tree.read(path), path).documents : [];
    this.#documents.set(path, documents);
    return documents;
  }
}
