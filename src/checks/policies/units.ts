import type { NotVerified } from '../../contract/index.js';
import type { FileChange, Tree } from '../../git/index.js';
import type { Manifest } from '../../kubernetes/index.js';
import type { RenderedChange, RenderOutcome } from '../../render/index.js';
import { fileBehind } from './linked-file.js';
import { isManifestFile, readManifests } from './policy-files.js';
import type { Unit } from './unit.js';

/** What is to be judged, and what of it could not be had. */
export interface Units {
  units: Unit[];
  notVerified: NotVerified[];
}

/**
 * The rendered targets that the change reaches, and each changed manifest file that no target reads.
 */
export async function unitsOf(
  rendered: RenderedChange,
  changes: readonly FileChange[],
  base: Tree,
  result: Tree,
): Promise<Units> {
  const units: Unit[] = [];
  const notVerified: NotVerified[] = [];
  for (const target of await rendered.reached()) {
    const { name, cluster } = target.target;
    if (target.result.status === 'failed' || target.result.status === 'unresolved') {
      // what no offline renderer can know is the diff's to ask approval for; what failed is not judged by anybody
      const closes = target.touched && target.result.status === 'failed';
      notVerified.push({ what: name, reason: target.result.reason, closes });
      continue;
    }
    units.push({
      name,
      target: name,
      cluster,
      base: manifestsOf(target.base),
      result: manifestsOf(target.result),
    });
  }
  for (const change of changes) {
    const unit = await fileUnit(change, rendered, base, result, notVerified);
    if (unit !== null) units.push(unit);
  }
  return { units, notVerified };
}

function manifestsOf(outcome: RenderOutcome): readonly Manifest[] {
  return outcome.status === 'rendered' ? outcome.manifests : [];
}

async function fileUnit(
  change: FileChange,
  rendered: RenderedChange,
  base: Tree,
  result: Tree,
  notVerified: NotVerified[],
): Promise<Unit | null> {
  const { path, oldPath } = change;
  if (!isManifestFile(path) && !(oldPath !== null && isManifestFile(oldPath))) return null;
  if ((await rendered.targetsReading(path)).length > 0) return null;
  if (oldPath !== null && oldPath !== path && (await rendered.targetsReading(oldPath)).length > 0)
    return null;
  const [from, to] = [
    change.before === null ? null : await fileBehind(base, oldPath ?? path),
    change.after === null ? null : await fileBehind(result, path),
  ];
  if (change.after?.mode === 'symlink' && to === null) {
    const reason = 'the symlink leads to no file of the repository';
    notVerified.push({ what: path, reason, closes: true });
  }
  const before = await readManifests(base, from === null ? [] : [from], false);
  const after = await readManifests(result, to === null ? [] : [to], true);
  const known = new Set(before.notVerified.map(({ reason }) => reason));
  for (const item of after.notVerified) {
    const closes = !known.has(item.reason) && to !== null && (await looksLikeManifest(result, to));
    notVerified.push({ ...item, closes });
  }
  return { name: path, target: null, cluster: null, base: before.manifests, result: after.manifests };
}

/** A broken file that names no apiVersion is no manifest: templates and data of other tools are not this check's. */
async function looksLikeManifest(tree: Tree, path: string): Promise<boolean> {
  const size = await tree.size(path);
  if (size > 1024 * 1024) return true;
  const bytes = await tree.read(path);
  return bytes.includes('apiVersion') || bytes.includes('kind') || bytes.includes('\0');
}
