import type { Tree } from '../../git/index.js';
import { isClusterScoped, type Manifest } from '../../kubernetes/index.js';
import type { RenderedChange } from '../../render/index.js';
import { isManifestFile, readManifests } from './policy-files.js';
import type { Unit } from './unit.js';
import type { JsonObject } from './values/json.js';

/** Targets that are rendered and bytes that are read for namespaces alone; beyond them a namespace stays unknown. */
const MOST_TARGETS = 40;
const MOST_BYTES = 64 * 1024 * 1024;
const LARGEST_FILE = 1024 * 1024;

const NAMESPACE = /\bkind["']?\s*:\s*["']?Namespace\b/;

/**
 * Namespaces that the base makes elsewhere than in what the change reaches, for policies that choose by their labels: a unit for
 * each target (or file that no target reads) that makes some. Nothing is looked for where no policy chooses by namespaces
 * or every namespace is at hand.
 */
export async function otherNamespaces(
  units: readonly Unit[],
  policies: readonly JsonObject[],
  rendered: RenderedChange,
  base: Tree,
): Promise<Unit[]> {
  const chooses = policies.some((policy) => /namespaceSelector|namespaceObject/.test(JSON.stringify(policy)));
  if (!chooses || units.every(isWhole)) return [];
  const reached = new Set(units.map(({ name }) => name));
  const names = new Set<string>();
  const found: Unit[] = [];
  for (const path of await filesOfNamespaces(base)) {
    const targets = await rendered.targetsReading(path);
    for (const { name } of targets) if (!reached.has(name)) names.add(name);
    if (targets.length > 0 || reached.has(path)) continue;
    const { manifests } = await readManifests(base, [path], false);
    found.push(unitOf(path, null, null, manifests));
  }
  const others = (await rendered.also?.([...names].slice(0, MOST_TARGETS))) ?? [];
  for (const { target, base: outcome } of others) {
    if (outcome.status !== 'rendered') continue;
    found.push(unitOf(target.name, target.name, target.cluster, outcome.manifests));
  }
  return found.filter(({ base: namespaces }) => namespaces.length > 0);
}

function isNamespace({ ref }: Manifest): boolean {
  return ref.kind === 'Namespace' && ref.apiVersion === 'v1';
}

/** True where a unit itself makes every namespace of its objects. */
function isWhole({ base, result }: Unit): boolean {
  const made = new Set([...base, ...result].filter(isNamespace).map(({ ref }) => ref.name));
  return [...base, ...result].every(
    ({ ref }) => made.has(ref.namespace) || isClusterScoped(ref.apiVersion, ref.kind) === true,
  );
}

function unitOf(
  name: string,
  target: string | null,
  cluster: string | null,
  manifests: readonly Manifest[],
): Unit {
  const namespaces = manifests.filter(isNamespace);
  return { name, target, cluster, base: namespaces, result: namespaces };
}

async function filesOfNamespaces(tree: Tree): Promise<string[]> {
  const found: string[] = [];
  let left = MOST_BYTES;
  for (const [path, { mode }] of await tree.files()) {
    if (!isManifestFile(path) || (mode !== 'file' && mode !== 'executable')) continue;
    const size = await tree.size(path);
    if (size > Math.min(left, LARGEST_FILE)) continue;
    left -= size;
    if (NAMESPACE.test((await tree.read(path)).toString('utf8'))) found.push(path);
  }
  return found;
}
