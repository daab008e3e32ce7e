import type { ClusterConfig } from '../../config/index.js';
import { isChartManifest, valuesFiles } from '../inputs/chart.js';
import { InputSet, Unresolved } from '../inputs/input-set.js';
import { joinPath } from '../inputs/tree-view.js';
import { type RenderedObject, readHelmOutput } from '../run/rendered-objects.js';
import { isTestHook } from '../run/test-hooks.js';
import type { PlacedFile } from '../run/workspace.js';
import { cached } from './cached-render.js';
import { fetchDependencies, lookupNote, once, twice } from './fetched-charts.js';
import { layoutOf } from './kustomize-plan.js';
import { failedPlan, type Plan, planKey, refusedPlan, type SideOutcome } from './plan.js';
import type { Side } from './side.js';

/** How a chart is rendered: what `helm template` is told besides the chart. */
export interface HelmCall {
  /** Release name; null for the chart's own name. */
  release: string | null;
  namespace: string;
  /** Values files of the tree, later ones win. */
  valuesFiles: readonly string[];
  /** Values files that the gate writes itself, after those of the tree. */
  inlineValues?: readonly Buffer[];
  /** Further files of the tree that the arguments name. */
  files?: readonly string[];
  /** Which of those are files of other trees, by where they are put. */
  placed?: ReadonlyMap<string, PlacedFile>;
  /** Further arguments (`--set-string …`), as helm takes them. */
  extra?: readonly string[];
  includeCrds?: boolean;
  /** Told to leave out every hook that is a test among others; by default only what is nothing but a test is left out. */
  skipTests?: boolean;
  /** Tests too, for what comes after may make something else of one. */
  keepTests?: boolean;
  /** Without any hook. */
  noHooks?: boolean;
  skipSchema?: boolean;
  kubernetesVersion?: string | undefined;
  apiVersions?: readonly string[] | undefined;
  /** False where a lock that does not fit its chart is taken all the same, as Flux takes it. */
  lockChecked?: boolean;
  /** Rendered as an upgrade of what is installed (`.Release.IsUpgrade`) instead of an install. */
  upgrade?: boolean;
}

/** The call for a chart that no Application or HelmRelease names: its own name, in `default`, for the cluster. */
export function plainCall(valuesFiles: readonly string[], cluster: ClusterConfig | null): HelmCall {
  return {
    release: null,
    namespace: 'default',
    valuesFiles,
    kubernetesVersion: cluster?.kubernetesVersion,
    apiVersions: cluster?.apiVersions,
  };
}

/** Where values that the gate writes are put: a folder that no tree can hold beside the chart's own. */
export const OWN_FOLDER = '.gitops-gate-values';

/** The plan of a chart by its folder, or null where there is none on this side. */
export async function helmPlan(side: Side, folder: string, call: HelmCall): Promise<Plan | null> {
  if (side.view.resolve(folder, 'Chart.yaml').kind !== 'file') return null;
  const chart = await side.charts.inputs(folder);
  const files = new InputSet(side.view);
  files.addAll(chart.files.files.values());
  if (!chart.readsFiles) leaveOutOtherValues(files, side, folder, call);
  let refusal = chart.refusal;
  try {
    requireOneFileEach(call.valuesFiles);
    for (const path of ownFiles(call)) {
      if (files.add('', path).kind !== 'file') throw new Unresolved(`the values file ${path} does not exist`);
    }
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    refusal ??= error.message;
  }
  const inputs = new Set(files.files.keys());
  if (refusal !== null) {
    return refusedPlan(inputs, files.digest(), { refusal, limited: chart.limited });
  }
  const { toolbox, runner, cache, sandboxed } = side.context;
  const version = 'tool' in toolbox.helm ? toolbox.helm.tool.version : 'none';
  if (!isReleaseName(call.release ?? releaseNameOf(chart.name))) {
    return failedPlan(inputs, files.digest(), 'its release name is not one that helm takes');
  }
  if (chart.lockProblem !== null && call.lockChecked !== false) {
    return failedPlan(inputs, files.digest(), `helm dependency build: ${chart.lockProblem}`);
  }
  const inline = call.inlineValues ?? [];
  const argsFor = (outsideSchema: boolean): string[] =>
    helmArguments(
      `./${folder}`,
      call,
      releaseNameOf(chart.name),
      call.skipSchema === true || chart.outsideSchema || outsideSchema || !sandboxed,
    );
  const bring = once(() => fetchDependencies(chart.remoteDependencies));
  const fetched = chart.remoteDependencies.length === 0 ? undefined : async () => (await bring()).digest;
  const key = planKey(
    'helm',
    version,
    ...argsFor(false),
    call.keepTests === true ? 'with tests' : '',
    files.digest(),
    placedDigest(call),
    ...inline.map((bytes) => bytes.toString('base64')),
  );
  const run = async (): Promise<SideOutcome> => {
    const brought = await bring();
    const layout = layoutOf(side, files.files.keys());
    for (const { from, to } of chart.dependencies) placeDependency(side, layout, from, to);
    for (const [path, bytes] of brought.archives) layout.set(path, { bytes });
    for (const [path, file] of call.placed ?? []) layout.set(path, file);
    for (const [index, bytes] of inline.entries()) layout.set(`${OWN_FOLDER}/${index}.yaml`, { bytes });
    const output = await runner.run(toolbox.helm, argsFor(brought.outsideSchema), layout);
    if (output.status === 'failed') return output;
    const read = readHelmOutput(output.stdout, chart.name, folder);
    if ('problem' in read) return { status: 'failed', reason: read.problem, lasting: true };
    const notes = chart.lookup ? [lookupNote(chart.name), ...brought.notes] : brought.notes;
    return { status: 'rendered', objects: wantedOf(read.objects, call), notes };
  };
  return {
    inputs,
    looked: new Set([...inputs].filter((path) => !isChartManifest(path))),
    key,
    fetched,
    render: () => cached(cache, key, () => (chart.random ? twice(run) : run()), [{ fetched }]),
  };
}

/** Files that a call names and that lie in the tree that is rendered. */
export function ownFiles({ valuesFiles, files = [], placed }: HelmCall): string[] {
  return [...valuesFiles, ...files].filter((path) => placed?.has(path) !== true);
}

/** Stands for the content of the files of other trees. */
export function placedDigest({ placed }: HelmCall): string {
  return JSON.stringify(
    [...(placed ?? [])].map(([path, file]) => [
      path,
      'file' in file ? file.file.oid : planKey(String(file.bytes)),
    ]),
  );
}

/** What a call asks for of all that the chart gives. */
export function wantedOf(objects: readonly RenderedObject[], call: HelmCall): readonly RenderedObject[] {
  return call.keepTests === true ? objects : objects.filter(({ object }) => !isTestHook(object));
}

/** Values files beside the chart that this call does not use cannot be read where no template reads files. */
function leaveOutOtherValues(files: InputSet, side: Side, folder: string, call: HelmCall): void {
  const own = joinPath(folder, 'values.yaml');
  for (const path of valuesFiles(side.view, folder)) {
    if (path !== own && !call.valuesFiles.includes(path)) files.files.delete(path);
  }
}

/** The arguments of `helm template`. The release name must have been checked: a flag in its place would be obeyed. */
export function helmArguments(chart: string, call: HelmCall, release: string, skipSchema: boolean): string[] {
  const args = ['template', call.release ?? release, chart, '--namespace', call.namespace];
  for (const path of call.valuesFiles) args.push('--values', `./${path}`);
  for (const index of (call.inlineValues ?? []).keys())
    args.push('--values', `./${OWN_FOLDER}/${index}.yaml`);
  args.push(...(call.extra ?? []));
  if (call.includeCrds !== false) args.push('--include-crds');
  if (call.skipTests === true) args.push('--skip-tests');
  if (call.noHooks === true) args.push('--no-hooks');
  if (skipSchema) args.push('--skip-schema-validation');
  if (call.upgrade === true) args.push('--is-upgrade');
  if (call.kubernetesVersion !== undefined) args.push('--kube-version', call.kubernetesVersion);
  for (const version of call.apiVersions ?? []) args.push('--api-versions', version);
  return args;
}

/**
 * Helm reads `--values` as a line of CSV: one name with a comma would be two files, the second of them any.
 * @throws Unresolved
 */
export function requireOneFileEach(valuesFiles: readonly string[]): void {
  const several = valuesFiles.find((path) => /[,"\r\n]/.test(path));
  if (several !== undefined) {
    throw new Unresolved(`helm would read the values file ${several.replace(/\s/g, ' ')} as more than one`);
  }
}

/** What helm takes for a release name (pkg/chartutil ValidateReleaseName). */
export function isReleaseName(name: string): boolean {
  return name.length <= 53 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}

/** A chart's name as a release name: helm takes at most 53 characters of DNS. */
function releaseNameOf(chartName: string): string {
  const name = chartName
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, 53)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return name === '' ? 'release' : name;
}

function placeDependency(side: Side, layout: Map<string, PlacedFile>, from: string, to: string): void {
  for (const file of side.view.under(from)) {
    const rest = from === '' ? file.path : file.path.slice(from.length + 1);
    const path = joinPath(to, rest);
    if (path !== null && !rest.startsWith('charts/')) layout.set(path, { view: side.view, file });
  }
}
