import type { ClusterConfig } from '../../config/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { isMap, type JsonMap, list } from '../inputs/json-shape.js';
import { KUSTOMIZATION_FILES, kustomizationFile } from '../inputs/kustomization-file.js';
import { joinPath } from '../inputs/tree-view.js';
import { readKustomizeOutput } from '../run/rendered-objects.js';
import {
  bringer,
  built,
  kustomizeCalls,
  kustomizeLayout,
  runBuild,
  shownFailure,
} from '../targets/kustomize-plan.js';
import {
  failedPlan,
  type Plan,
  planKey,
  refusedPlan,
  type SideOutcome,
  unresolvedPlan,
} from '../targets/plan.js';
import type { BroughtBases } from '../targets/remote-bases.js';
import { buildOptionsOf, type Side } from '../targets/side.js';

/** A kustomization as it is built after Argo CD or Flux has edited it. */
export interface EditedKustomization {
  folder: string;
  kustomization: JsonMap;
  /** Files outside the folder may be read too, as Flux lets them. */
  unrestricted: boolean;
  /** The cluster that Argo CD builds for, which may inflate Helm charts; undefined for Flux, which does not. */
  argocd?: { cluster: ClusterConfig | null };
}

/** The kustomization that stands in a folder, as a mapping; null where there is none. */
export async function readKustomization(side: Side, folder: string): Promise<JsonMap | null> {
  const path = kustomizationFile(side.view, folder);
  if (path === null) return null;
  const real = side.view.resolve('', path);
  if (real.kind !== 'file') throw new Unresolved(`${path} is a symlink that leads to no file`);
  const [document] = await side.context.parsed.documents(side.view, real.path);
  if (document === undefined || document === null) return {};
  if (!isMap(document)) throw new Unresolved(`${path} is not a kustomization`);
  return document;
}

/** The plan of an edited (or generated) kustomization; not cached here, for what follows it decides the outcome too. */
export async function editedKustomizePlan(side: Side, edited: EditedKustomization): Promise<Plan> {
  const { folder, unrestricted } = edited;
  const found = await side.kustomizations.inputsOf(folder, edited.kustomization);
  const path =
    kustomizationFile(side.view, folder) ?? joinPath(folder, 'kustomization.yaml') ?? 'kustomization.yaml';
  const inputs = new Set(found.files.files.keys());
  if (side.view.files.has(path)) inputs.add(path);
  const text = JSON.stringify(edited.kustomization);
  const files = KUSTOMIZATION_FILES.filter((name) => side.view.children(folder)?.has(name) === true);
  if (files.length > 1) {
    return failedPlan(inputs, text, `${folder} holds several kustomizations: ${files.join(', ')}`);
  }
  const { refusal, limited } = found;
  if (refusal !== null) {
    return refusedPlan(inputs, `${found.files.digest()}${text}`, { refusal, limited });
  }
  const { toolbox } = side.context;
  const version = 'tool' in toolbox.kustomize ? toolbox.kustomize.tool.version : 'none';
  if (found.charts.size > 0 && edited.argocd === undefined) {
    const reason = 'it inflates Helm charts (helmCharts), which Flux does not';
    return unresolvedPlan(inputs, `${found.files.digest()}${text}`, reason);
  }
  const inflate = edited.argocd !== undefined && buildOptionsOf(side.context.config).enableHelm;
  const root = { view: side.view, inputs: found, folder, document: edited.kustomization };
  const bring = bringer(side, root, inflate);
  const cluster = edited.argocd?.cluster ?? null;
  const calls = kustomizeCalls(side, found, bring, { unrestricted, inflate, cluster });
  const build = async (brought: BroughtBases | null): Promise<SideOutcome> => {
    const layout = kustomizeLayout(side, found, brought);
    const whole = withOrigins(brought?.root ?? edited.kustomization);
    layout.set(path, { bytes: Buffer.from(JSON.stringify(whole)) });
    const output = await runBuild(side, folder, calls.of(brought), layout);
    if (output.status === 'failed') return shownFailure(output, brought);
    const read = readKustomizeOutput(output.stdout, (origin) => {
      const joined = joinPath(folder, origin);
      return joined !== null && inputs.has(joined) ? joined : null;
    });
    if ('problem' in read) return { status: 'failed', reason: read.problem, lasting: true };
    return { status: 'rendered', objects: read.objects, notes: brought?.notes };
  };
  return {
    inputs,
    looked: found.looked,
    key: planKey('kustomize', version, folder, ...calls.known.args, text, found.files.digest()),
    fetched: bring === null ? undefined : async () => (await bring()).digest,
    render: () => built(bring, calls, build),
  };
}

function withOrigins(kustomization: JsonMap): JsonMap {
  const asked = list(kustomization, 'buildMetadata');
  if (asked.includes('originAnnotations')) return kustomization;
  return { ...kustomization, buildMetadata: [...asked, 'originAnnotations'] };
}
