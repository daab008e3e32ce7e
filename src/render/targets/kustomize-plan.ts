import { loadYaml } from '../../kubernetes/index.js';
import { field, isMap } from '../inputs/json-shape.js';
import { kustomizationFile } from '../inputs/kustomization.js';
import { joinPath } from '../inputs/tree-view.js';
import { readKustomizeOutput } from '../run/rendered-objects.js';
import type { Layout, PlacedFile } from '../run/workspace.js';
import { cached } from './cached-render.js';
import { type Plan, planKey, unresolvedPlan } from './plan.js';
import type { Side } from './side.js';

/** The plan of a kustomization by its folder, or null where there is none on this side. */
export async function kustomizePlan(side: Side, folder: string): Promise<Plan | null> {
  const path = kustomizationFile(side.view, folder);
  if (path === null) return null;
  const found = await side.kustomizations.inputs(folder);
  if (found.component) return null;
  const inputs = new Set(found.files.files.keys());
  if (found.refusal !== null) return unresolvedPlan(inputs, found.files.digest(), found.refusal);
  const { toolbox, runner } = side.context;
  const version = 'tool' in toolbox.kustomize ? toolbox.kustomize.tool.version : 'none';
  const key = planKey('kustomize', version, folder, found.files.digest());
  return {
    inputs,
    key,
    render: () =>
      cached(side.context.cache, key, async () => {
        const layout = layoutOf(side, found.files.files.keys());
        for (const [replaced, bytes] of found.standIns) layout.set(replaced, { bytes });
        const traced = await withOrigins(side, path);
        if (traced !== null) layout.set(path, { bytes: traced });
        const output = await runner.run(toolbox.kustomize, [folder === '' ? '.' : `./${folder}`], layout);
        if (output.status === 'failed') return output;
        const resolve = (origin: string): string | null => {
          const joined = joinPath(folder, origin);
          return joined !== null && inputs.has(joined) ? joined : null;
        };
        const read = readKustomizeOutput(output.stdout, traced === null ? null : resolve);
        if ('problem' in read) return { status: 'failed', reason: read.problem, lasting: true };
        return { status: 'rendered', objects: read.objects };
      }),
  };
}

/** The files of a tree at their own paths. */
export function layoutOf(side: Side, paths: Iterable<string>): Map<string, PlacedFile> & Layout {
  const layout = new Map<string, PlacedFile>();
  for (const path of paths) {
    const file = side.view.files.get(path);
    if (file !== undefined) layout.set(path, { view: side.view, file });
  }
  return layout;
}

/**
 * The kustomization with `buildMetadata: [originAnnotations]` added, which has kustomize say of each object which file
 * it came from and changes nothing else; or null where it cannot be added without touching what is there.
 */
async function withOrigins(side: Side, path: string): Promise<Buffer | null> {
  if (side.view.files.get(path)?.mode === 'symlink') return null;
  const bytes = await side.view.read(path);
  const before = loadYaml(bytes, path).documents;
  const value = before[0]?.value;
  if (before.length !== 1 || !isMap(value) || field(value, 'buildMetadata') !== undefined) return null;
  const traced = Buffer.concat([bytes, Buffer.from('\nbuildMetadata: [originAnnotations]\n')]);
  const after = loadYaml(traced, path);
  const made = after.documents[0]?.value;
  if (after.documents.length !== 1 || after.problems.some((problem) => problem.fatal) || !isMap(made))
    return null;
  const { buildMetadata, ...rest } = made;
  const same = JSON.stringify(rest) === JSON.stringify(value) && Array.isArray(buildMetadata);
  return same ? traced : null;
}
