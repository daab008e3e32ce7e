import type { ClusterConfig } from '../../config/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { field, isMap, type JsonMap } from '../inputs/json-shape.js';
import type { KustomizationInputs } from '../inputs/kustomization.js';
import { kustomizationFile } from '../inputs/kustomization-file.js';
import { joinPath } from '../inputs/tree-view.js';
import { readKustomizeOutput } from '../run/rendered-objects.js';
import type { ToolOutput } from '../run/tool-runner.js';
import type { Layout, PlacedFile } from '../run/workspace.js';
import { cached } from './cached-render.js';
import { once, twice } from './fetched-charts.js';
import { type Plan, planKey, refusedPlan, type SideOutcome } from './plan.js';
import { type BroughtBases, RemoteBases } from './remote-bases.js';
import { withRemoteOrigins } from './remote-origins.js';
import { buildOptionsOf, type Side } from './side.js';

/** The plan of a kustomization by its folder, or null where there is none on this side. */
export async function kustomizePlan(side: Side, folder: string): Promise<Plan | null> {
  const path = kustomizationFile(side.view, folder);
  if (path === null) return null;
  const found = await side.kustomizations.inputs(folder);
  if (found.component) return null;
  const inputs = new Set(found.files.files.keys());
  const { refusal, limited } = found;
  if (refusal !== null) return refusedPlan(inputs, found.files.digest(), { refusal, limited });
  const { toolbox } = side.context;
  const version = 'tool' in toolbox.kustomize ? toolbox.kustomize.tool.version : 'none';
  const { unrestricted, enableHelm } = buildOptionsOf(side.context.config);
  const bring = bringer(side, { view: side.view, inputs: found, folder, document: null });
  const calls = kustomizeCalls(side, found, bring, { unrestricted, inflate: enableHelm, cluster: null });
  const key = planKey('kustomize', version, folder, ...calls.known.args, found.files.digest());
  const fetched = bring === null ? undefined : async (): Promise<string> => (await bring()).digest;
  const build = async (brought: BroughtBases | null): Promise<SideOutcome> => {
    const layout = kustomizeLayout(side, found, brought);
    const traced = await withOrigins(side, path, brought?.root ?? null);
    if (traced !== null) layout.set(path, { bytes: traced.bytes });
    const output = await runBuild(side, folder, calls.of(brought), layout);
    if (output.status === 'failed') return shownFailure(output, brought);
    const resolve = (origin: string): string | null => {
      const joined = joinPath(folder, origin);
      return joined !== null && inputs.has(joined) ? joined : null;
    };
    const read = readKustomizeOutput(output.stdout, traced?.ours === true ? resolve : null);
    if ('problem' in read) return { status: 'failed', reason: read.problem, lasting: true };
    const objects =
      brought === null ? read.objects : read.objects.map((made) => withRemoteOrigins(made, folder, brought));
    return { status: 'rendered', objects, notes: brought?.notes };
  };
  return {
    inputs,
    looked: found.looked,
    key,
    fetched,
    render: () => cached(side.context.cache, key, () => built(bring, calls, build), [{ fetched }]),
  };
}

/** A build with what it needs from elsewhere; twice where helm is called, for what that gives may be random. */
export async function built(
  bring: (() => Promise<BroughtBases>) | null,
  calls: ReturnType<typeof kustomizeCalls>,
  build: (brought: BroughtBases | null) => Promise<SideOutcome>,
): Promise<SideOutcome> {
  const brought = bring === null ? null : await bring();
  return calls.of(brought).helm ? twice(() => build(brought)) : build(brought);
}

/** A build's files: those of the tree, stand-ins for what is decrypted, and what was brought from elsewhere. */
export function kustomizeLayout(
  side: Side,
  found: KustomizationInputs,
  brought: BroughtBases | null,
): Map<string, PlacedFile> {
  const layout = layoutOf(side, found.files.files.keys());
  for (const [replaced, bytes] of found.standIns) layout.set(replaced, { bytes });
  for (const [path, placed] of brought?.layout ?? []) layout.set(path, placed);
  return layout;
}

/**
 * Brings a kustomization's remotes once, when first asked; null where it has none.
 * @param inflate whether kustomize inflates Helm charts
 */
export function bringer(
  side: Side,
  root: Parameters<typeof RemoteBases.bring>[2],
  inflate = buildOptionsOf(side.context.config).enableHelm,
): (() => Promise<BroughtBases>) | null {
  const { remotes, parsed } = side.context;
  const host = 'host' in side.owner ? side.owner.host : null;
  const pulled = [...root.inputs.charts.values()].flat().some(({ remote }) => remote !== null);
  if ((root.inputs.remotes.size === 0 && !pulled) || remotes === null) return null;
  return once(() => RemoteBases.bring(remotes, parsed, root, { host, inflate }));
}

/** How kustomize is called. */
export interface KustomizeCall {
  args: readonly string[];
  /** Whether it calls helm in its turn. */
  helm: boolean;
}

/**
 * How kustomize is called for a kustomization, and how where a base that is fetched turns out to inflate charts: the
 * latter's options are part of what a build is known by.
 * @param bring null where nothing is fetched
 * @param inflate whether kustomize inflates Helm charts
 * @param cluster as for `kustomizeCall`
 */
export function kustomizeCalls(
  side: Side,
  found: KustomizationInputs,
  bring: (() => Promise<BroughtBases>) | null,
  {
    unrestricted,
    inflate,
    cluster,
  }: { unrestricted: boolean; inflate: boolean; cluster: ClusterConfig | null },
): { known: KustomizeCall; of: (brought: BroughtBases | null) => KustomizeCall } {
  const plainly = kustomizeCall(side, found.charts.size > 0, unrestricted, cluster);
  const most = bring === null || !inflate ? plainly : kustomizeCall(side, true, unrestricted, cluster);
  return { known: most, of: (brought) => (brought?.inflates === true ? most : plainly) };
}

/** @param cluster for which Argo CD tells helm what it can do; null where no cluster is known */
function kustomizeCall(
  side: Side,
  helm: boolean,
  unrestricted: boolean,
  cluster: ClusterConfig | null,
): KustomizeCall {
  const args = unrestricted ? ['--load-restrictor', 'LoadRestrictionsNone'] : [];
  if (helm) {
    const { toolbox } = side.context;
    args.push('--enable-helm');
    if (cluster?.kubernetesVersion !== undefined) args.push('--helm-kube-version', cluster.kubernetesVersion);
    for (const version of cluster?.apiVersions ?? []) args.push('--helm-api-versions', version);
    // Another helm may inflate otherwise: the version is part of what the build is known by.
    args.push(`--helm-command=helm-${'tool' in toolbox.helm ? toolbox.helm.tool.version : 'none'}`);
  }
  return { args, helm };
}

/** Runs a build of a folder; helm is at hand only for what inflates charts. */
export async function runBuild(
  side: Side,
  folder: string,
  { args, helm }: KustomizeCall,
  layout: Layout,
): Promise<ToolOutput> {
  const { toolbox, runner, sandboxed } = side.context;
  const place = folder === '' ? '.' : `./${folder}`;
  if (!helm) return runner.run(toolbox.kustomize, [place, ...args], layout);
  if (!('tool' in toolbox.helm)) return { status: 'failed', reason: toolbox.helm.missing, lasting: false };
  const program = await toolbox.helm.tool.program();
  const named = args.map((arg) =>
    arg.startsWith('--helm-command=') ? `--helm-command=${sandboxed ? '/bin/helm' : program}` : arg,
  );
  const programs = new Map([['helm', program]]);
  const surroundings = { programs, environment: new Map<string, string>(), workingFolder: '' };
  return runner.run(toolbox.kustomize, [place, ...named], layout, sandboxed ? surroundings : undefined);
}

/** A tool's refusal with addresses in the place of where the gate put what they name. */
export function shownFailure(
  output: Extract<SideOutcome, { status: 'failed' }>,
  brought: BroughtBases | null,
): SideOutcome {
  return brought === null ? output : { ...output, reason: brought.shown(output.reason) };
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
 * @param rewritten what stands for the file where its remotes were replaced
 */
async function withOrigins(
  side: Side,
  path: string,
  rewritten: JsonMap | null,
): Promise<{ bytes: Buffer; ours: boolean } | null> {
  if (rewritten !== null) {
    const ours = field(rewritten, 'buildMetadata') === undefined;
    const whole = ours ? { ...rewritten, buildMetadata: ['originAnnotations'] } : rewritten;
    return { bytes: Buffer.from(JSON.stringify(whole)), ours };
  }
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
  return same ? { bytes: traced, ours: true } : null;
}
