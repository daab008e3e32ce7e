import { isWhole } from '../gitops/kinds.js';
import { readObjects } from '../gitops/world.js';
import { isChartManifest, valuesFiles } from '../inputs/chart.js';
import { kustomizationFile } from '../inputs/kustomization-file.js';
import { directoryPlan, looseFiles } from './directory-plan.js';
import { mayHoldManifests } from './file-kinds.js';
import { helmPlan, plainCall } from './helm-plan.js';
import { kustomizePlan } from './kustomize-plan.js';
import type { Side } from './side.js';
import { type Discovered, folderName } from './target-spec.js';

/**
 * The kustomizations, charts and plain folders of one side. A kustomization that another includes stays a target; a
 * Component, a library chart and a chart inside another's `charts/` are parts of others and are none.
 */
export async function discoverFolders(side: Side): Promise<Discovered[]> {
  const found: Discovered[] = [];
  const covered = new Set<string>();
  const looked = new Set<string>();
  const chartFolders: string[] = [];
  for (const folder of side.view.folders()) {
    if (kustomizationFile(side.view, folder) !== null) {
      const inputs = await side.kustomizations.inputs(folder);
      for (const path of inputs.files.files.keys()) (inputs.looked.has(path) ? looked : covered).add(path);
      if (!inputs.component) found.push(kustomizeTarget(side, folder));
    }
    if (isChart(side, folder)) {
      for (const { path } of side.view.under(folder)) (isChartManifest(path) ? covered : looked).add(path);
      chartFolders.push(folder);
    }
  }
  for (const folder of chartFolders) {
    if (isSubchart(side, folder)) continue;
    found.push(...(await chartTargets(side, folder)));
  }
  // What is only looked into is no manifest, unless it says itself what is to be deployed.
  const beside = [...looked].filter((path) => !covered.has(path) && mayHoldManifests(path));
  const definers = new Set<string>();
  for (const [path, { gitops }] of await side.context.kinds.of(side.view, beside)) {
    if (gitops && (await readObjects(side, path)).some(isWhole)) definers.add(path);
  }
  const isCovered = (path: string): boolean => covered.has(path) || (looked.has(path) && !definers.has(path));
  for (const folder of side.view.folders()) {
    if (looseFiles(side, folder).some((path) => !isCovered(path))) {
      found.push(directoryTarget(side, folder, isCovered));
    }
  }
  return found;
}

function kustomizeTarget(side: Side, folder: string): Discovered {
  const path = kustomizationFile(side.view, folder) ?? folder;
  return {
    kind: 'kustomize',
    name: `kustomize/${folderName(folder)}`,
    path: folderName(folder),
    matched: path,
    plan: () => kustomizePlan(side, folder),
  };
}

async function chartTargets(side: Side, folder: string): Promise<Discovered[]> {
  if ((await side.charts.inputs(folder)).library) return [];
  const values = valuesFiles(side.view, folder);
  const own = folder === '' ? 'values.yaml' : `${folder}/values.yaml`;
  const target = (suffix: string, files: readonly string[]): Discovered => ({
    kind: 'helm',
    name: `helm/${folderName(folder)}${suffix}`,
    path: folderName(folder),
    matched: `${folder === '' ? '' : `${folder}/`}Chart.yaml`,
    plan: (cluster) => helmPlan(side, folder, plainCall(files, cluster)),
  });
  const others = values.filter((path) => path !== own);
  if (others.length === 0) return [target('', [])];
  return [
    target(values.includes(own) ? '@values.yaml' : '', []),
    ...others.map((path) => target(`@${path.slice(path.lastIndexOf('/') + 1)}`, [path])),
  ];
}

function directoryTarget(side: Side, folder: string, isCovered: (path: string) => boolean): Discovered {
  return {
    kind: 'directory',
    name: `directory/${folderName(folder)}`,
    path: folderName(folder),
    matched: `${folder === '' ? '' : `${folder}/`}manifest.yaml`,
    plan: () => directoryPlan(side, folder, isCovered),
  };
}

function isChart(side: Side, folder: string): boolean {
  const kind = side.view.children(folder)?.get('Chart.yaml');
  return kind === 'file' || kind === 'link';
}

/** True for a chart that lies under another chart's `charts/`. */
function isSubchart(side: Side, folder: string): boolean {
  for (let at = folder.lastIndexOf('/charts/'); at >= 0; at = folder.lastIndexOf('/charts/', at - 1)) {
    if (isChart(side, folder.slice(0, at))) return true;
    if (at === 0) break;
  }
  return folder.startsWith('charts/') && isChart(side, '');
}
