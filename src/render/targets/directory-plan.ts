import { GateError, LIMITS } from '../../contract/index.js';
import { isLfsPointer } from '../../git/index.js';
import { loadManifests, type Manifest } from '../../kubernetes/index.js';
import { isValuesFile } from '../inputs/chart.js';
import { InputSet, Unresolved } from '../inputs/input-set.js';
import { KUSTOMIZATION_FILES } from '../inputs/kustomization-file.js';
import { mayHoldManifests } from './file-kinds.js';
import { type Plan, planKey, type SideOutcome, unresolvedPlan } from './plan.js';
import type { Side } from './side.js';

/** Files of one folder (its sub-folders left out) that may be manifests which are applied as they are. */
export function looseFiles(side: Side, folder: string): string[] {
  const paths: string[] = [];
  for (const [name, kind] of side.view.children(folder) ?? []) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (kind !== 'file' || !mayHoldManifests(path) || isNoManifest(name)) continue;
    paths.push(path);
  }
  return paths.sort();
}

function isNoManifest(name: string): boolean {
  return (
    KUSTOMIZATION_FILES.includes(name) ||
    name === 'Chart.yaml' ||
    name === 'Chart.lock' ||
    name === 'package.json' ||
    name === 'package-lock.json' ||
    name.startsWith('.') ||
    isValuesFile(name)
  );
}

/** The plan of a plain folder: its manifests as they are, of the files that no other target covers. */
export async function directoryPlan(
  side: Side,
  folder: string,
  isCovered: (path: string) => boolean,
): Promise<Plan | null> {
  const candidates = looseFiles(side, folder).filter((path) => !isCovered(path));
  const kinds = await side.context.kinds.of(side.view, candidates);
  const paths = candidates.filter((path) => kinds.get(path)?.manifest === true);
  if (paths.length === 0) return null;
  return filesPlan(side, paths, `directory ${folder}`);
}

/** A plan that reads manifests as they are, with their positions. */
export function filesPlan(side: Side, paths: readonly string[], label: string): Plan {
  const files = new InputSet(side.view);
  try {
    for (const path of paths) files.add('', path);
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    return unresolvedPlan(new Set(paths), files.digest(), error.message);
  }
  return {
    inputs: new Set(files.files.keys()),
    key: planKey(label, files.digest()),
    render: async () => readFiles(side, paths),
  };
}

async function readFiles(side: Side, paths: readonly string[]): Promise<SideOutcome> {
  const manifests: Manifest[] = [];
  for (const path of paths) {
    const real = side.view.resolve('', path);
    if (real.kind !== 'file') continue;
    let bytes: Buffer;
    try {
      bytes = await side.view.read(real.path, LIMITS.manifestBytes);
    } catch (error) {
      if (!(error instanceof GateError) || error.code !== 'limit') throw error;
      return { status: 'failed', reason: error.message, lasting: false };
    }
    if (isLfsPointer(bytes)) throw new Unresolved(`${path} is a Git LFS pointer: its content is not here`);
    const loaded = loadManifests(bytes, real.path);
    const fatal = [...loaded.problems, ...loaded.misfits].find((problem) => problem.fatal);
    if (fatal !== undefined) {
      return { status: 'failed', reason: `${path}:${fatal.line}: ${fatal.message}`, lasting: true };
    }
    manifests.push(...loaded.manifests);
  }
  return { status: 'read', manifests };
}
