import { createHash } from 'node:crypto';
import type { ClusterConfig } from '../../config/index.js';
import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import { joinPath } from '../inputs/tree-view.js';
import type { RemoteChart } from '../remotes/remote-charts.js';
import type { RenderNote } from '../rendered-change.js';
import type { RenderedObject } from '../run/rendered-objects.js';
import { type ArchiveCall, archivePlan } from '../targets/archive-plan.js';
import { cached, fetchedBy } from '../targets/cached-render.js';
import { deferredPlan } from '../targets/deferred-plan.js';
import { type HelmCall, helmPlan } from '../targets/helm-plan.js';
import {
  failedPlan,
  type Plan,
  planKey,
  planOfRefusal,
  type SideOutcome,
  unresolvedPlan,
} from '../targets/plan.js';
import { postRender } from './flux-post-render.js';
import { fluxSource, type OwnSource, type SourceToBring } from './flux-source.js';
import { valuesOf } from './flux-variables.js';
import type { GitOpsObject, GitOpsPlan, GitOpsSide } from './gitops-object.js';
import { AssignmentError } from './helm-strvals.js';
import { ReleaseValues } from './helm-values.js';
import { nameOf, namespaceOf, renderedSpec, stringMap } from './kinds.js';
import { opaqueToken } from './opaque.js';
import { remoteChart } from './remote-chart.js';

const LONGEST_RELEASE = 53;

/**
 * The name of the release (helm-controller api/v2 GetReleaseName, ShortenReleaseName): what is said, else the target
 * namespace and the name; longer than 53 characters the first 40 with a digest.
 */
export function releaseName(release: JsonMap): string {
  const target = text(release, 'spec', 'targetNamespace') ?? '';
  const said = text(release, 'spec', 'releaseName') ?? '';
  const name = said !== '' ? said : target !== '' ? `${target}-${nameOf(release)}` : nameOf(release);
  if (name.length <= LONGEST_RELEASE) return name;
  return `${name.slice(0, 40)}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}

/** The plan of a HelmRelease: its chart out of this repository with its values, post-rendered and labelled. */
export async function helmReleasePlan(
  at: GitOpsSide,
  defined: GitOpsObject,
  cluster: ClusterConfig | null,
): Promise<GitOpsPlan | null> {
  const { object } = defined;
  const inputs = new Set(defined.path === null ? [] : [defined.path]);
  const spec = renderedSpec(object);
  try {
    const source = await chartSource(at, defined);
    const values = await releaseValues(at, defined);
    const looked = [...('looked' in source ? source.looked : []), ...values.inputs];
    if ('later' in source) {
      const { later, folder } = source;
      for (const path of looked) inputs.add(path);
      const key = planKey(later.key, spec, JSON.stringify([values.values, cluster]), nameAndPlace(object));
      const plan = deferredPlan(inputs, key, async () => {
        const brought = await later.bring();
        const chart = { own: brought.source, folder, looked: [] };
        return {
          plan: await releasePlan(at, object, cluster, chart, values.values),
          notes: brought.notes,
          own: false,
        };
      });
      return { ...plan, consulted: inputs };
    }
    const plan = await releasePlan(at, object, cluster, source, values.values);
    const consulted = new Set(looked);
    for (const path of inputs) consulted.delete(path);
    for (const path of [...plan.inputs, ...consulted]) inputs.add(path);
    return { ...plan, inputs, consulted };
  } catch (error) {
    if (error instanceof AssignmentError) return failedPlan(inputs, spec, `a targetPath: ${error.message}`);
    return planOfRefusal(inputs, spec, error);
  }
}

const CRD_POLICIES: readonly string[] = ['Skip', 'Create', 'CreateReplace'];

/** A switch of `spec.install` and of `spec.upgrade`. */
function inBoth(release: JsonMap, name: string): boolean[] {
  return ['install', 'upgrade'].map((phase) => field(release, 'spec', phase, name) === true);
}

/** Where a release's chart is: in this repository, in a tree to be brought, or packed elsewhere. */
type ChartSource =
  | { own: OwnSource; folder: string; looked: readonly string[] }
  | { later: SourceToBring; folder: string; looked: readonly string[] }
  | RemoteChart;

function nameAndPlace(release: JsonMap): string {
  return JSON.stringify([nameOf(release), namespaceOf(release)]);
}

/** The plan of a release whose chart is at hand, as upgrade and as install, post-rendered and labelled. */
async function releasePlan(
  at: GitOpsSide,
  object: JsonMap,
  cluster: ClusterConfig | null,
  source: Exclude<ChartSource, { later: SourceToBring }>,
  values: JsonMap,
): Promise<Plan> {
  const spec = renderedSpec(object);
  const chart = field(object, 'spec', 'chart', 'spec');
  const crdPolicies = ['install', 'upgrade'].map((phase) => text(object, 'spec', phase, 'crds') || 'Create');
  const unknown = crdPolicies.find((policy) => !CRD_POLICIES.includes(policy));
  if (unknown !== undefined) {
    return failedPlan(new Set(), spec, `${unknown} is no policy for CRDs: ${CRD_POLICIES.join(', ')}`);
  }
  const [installUnchecked = false, upgradeUnchecked = false] = inBoth(object, 'disableSchemaValidation');
  const call: HelmCall = {
    release: releaseName(object),
    namespace: text(object, 'spec', 'targetNamespace') || namespaceOf(object),
    valuesFiles: 'folder' in source ? chartValuesFiles(source.own, chart) : [],
    inlineValues: [Buffer.from(JSON.stringify(values))],
    includeCrds: crdPolicies.some((policy) => policy !== 'Skip'),
    keepTests: true,
    // What one of the two runs is told, for what both do not run is never applied.
    noHooks: inBoth(object, 'disableHooks').every(Boolean),
    kubernetesVersion: cluster?.kubernetesVersion,
    apiVersions: cluster?.apiVersions,
    lockChecked: false,
  };
  const planOf = (wanted: HelmCall): Promise<Plan | null> =>
    'folder' in source
      ? helmPlan(source.own.side, source.folder, wanted)
      : Promise.resolve(archivePlan(at.side, source, { ...wanted, ...inChart(chart) }));
  const install = await planOf({ ...call, skipSchema: installUnchecked });
  if (install === null) {
    return failedPlan(new Set(), spec, `${'folder' in source ? source.folder : ''} holds no chart`);
  }
  const { inputs } = install;
  if (install.refusal !== undefined) return unresolvedPlan(inputs, install.key, install.refusal);
  const upgrade = await planOf({ ...call, skipSchema: upgradeUnchecked, upgrade: true });
  const phased =
    installUnchecked !== upgradeUnchecked ||
    !('folder' in source) ||
    (await source.own.side.charts.inputs(source.folder)).phases;
  const phases = phased && upgrade !== null ? [upgrade, install] : [install];
  const key = planKey('helmrelease', install.key, spec);
  return {
    inputs,
    looked: install.looked,
    key,
    fetched: fetchedBy(phases),
    render: () => cached(at.side.context.cache, key, () => inPhases(at, object, phases), phases),
  };
}

/** What the phases give, each post-rendered, together. */
async function inPhases(at: GitOpsSide, release: JsonMap, phases: readonly Plan[]): Promise<SideOutcome> {
  const rendered: (readonly RenderedObject[])[] = [];
  const notes = new Map<string, RenderNote>();
  for (const phase of phases) {
    const outcome = await phase.render();
    if (outcome.status !== 'rendered') return outcome;
    for (const note of outcome.notes ?? []) notes.set(`${note.kind} ${note.about}`, note);
    const made = await postRender(at, release, outcome.objects);
    if (made.status !== 'rendered') return made;
    rendered.push(made.objects);
  }
  return { status: 'rendered', objects: bothPhases(rendered), notes: [...notes.values()] };
}

/**
 * The chart: its folder in this repository, or its archive where it may be fetched.
 * @throws Unresolved for a chart that is neither
 */
async function chartSource(at: GitOpsSide, defined: GitOpsObject): Promise<ChartSource> {
  const { object } = defined;
  const from = { cluster: defined.cluster, path: defined.path };
  const namespace = namespaceOf(object);
  const reference = field(object, 'spec', 'chartRef');
  let chart = field(object, 'spec', 'chart', 'spec');
  if (isMap(reference)) {
    const kind = text(reference, 'kind') ?? '';
    const name = text(reference, 'name') ?? '';
    const found = await at.world.find(kind, text(reference, 'namespace') ?? namespace, name, from);
    if (kind === 'OCIRepository' && found !== null) return ociChart(at, found.object);
    if (kind !== 'HelmChart' || found === null) {
      throw new Unresolved(`its chart is the ${kind} ${name}, which is not in the repository`);
    }
    chart = field(found.object, 'spec');
  }
  const name = text(chart, 'chart') ?? '';
  const source = field(chart, 'sourceRef');
  const kind = text(source, 'kind') ?? '';
  if (kind !== 'GitRepository') {
    const sourceName = text(source, 'name') ?? '';
    const found = await at.world.find(kind, text(source, 'namespace') ?? namespace, sourceName, from);
    const url = found === null ? null : text(found.object, 'spec', 'url');
    const version = text(chart, 'version') ?? '*';
    if (kind === 'HelmRepository' && url !== null) {
      return url.startsWith('oci://')
        ? remoteChart(at, { url: `${url.replace(/\/+$/, '')}/${name}`, chart: '', version })
        : remoteChart(at, { url, chart: name, version });
    }
    if (kind === '' || name === '') throw new Unresolved('it names no chart, or no source of its chart');
    const where = url === null ? `the ${kind} ${sourceName}` : withoutCredentials(url);
    throw new Unresolved(`its chart ${name} ${version} comes from ${where}, which is not in the repository`);
  }
  const own = await fluxSource(at, source, namespace, from);
  if ('reason' in own) throw new Unresolved(own.reason);
  const folder = joinPath('', name.replace(/^\/+/, ''));
  if (folder === null) throw new Unresolved('spec.chart.spec.chart leads out of the repository');
  const looked = own.consulted;
  return 'bring' in own ? { later: own, folder, looked } : { own, folder, looked };
}

/** `valuesFiles` of a chart that is fetched: files of the chart, in the place of its values.yaml. */
function inChart(chart: JsonValue | undefined): Pick<ArchiveCall, 'defaultValues' | 'missingValuesAllowed'> {
  const defaultValues = strings(chart, 'valuesFiles').map(
    (path) => joinPath('', path.replace(/^\/+/, '')) ?? path,
  );
  return { defaultValues, missingValuesAllowed: field(chart, 'ignoreMissingValuesFiles') === true };
}

/** A chart of an OCIRepository: by digest, else by range, else by tag (source-controller OCIRepositoryRef). */
function ociChart(at: GitOpsSide, repository: JsonMap): RemoteChart {
  const ref = field(repository, 'spec', 'ref');
  const url = text(repository, 'spec', 'url') ?? '';
  const digest = text(ref, 'digest');
  const range = text(ref, 'semver');
  if (digest === null && range !== null) {
    if ((text(ref, 'semverFilter') ?? '') !== '') {
      throw new Unresolved('its chart is chosen by a semverFilter, which the gate does not know');
    }
    return remoteChart(at, { url, chart: '', version: range });
  }
  return remoteChart(at, { url, chart: '', version: digest ?? text(ref, 'tag') ?? 'latest', tag: true });
}

/** `chart.spec.valuesFiles`, which stand for the chart's own values.yaml; paths are from the source's root. */
function chartValuesFiles(at: OwnSource, chart: JsonValue | undefined): string[] {
  const files: string[] = [];
  const missing = field(chart, 'ignoreMissingValuesFiles') === true;
  for (const written of strings(chart, 'valuesFiles')) {
    const path = joinPath('', written.replace(/^\/+/, ''));
    if (path === null) throw new Unresolved(`the values file ${written} leads out of the repository`);
    if (missing && at.side.view.resolve('', path).kind === 'missing') continue;
    files.push(path);
  }
  return files;
}

/**
 * The release's values; what is not known is opaque.
 * @throws AssignmentError for a target path or value that Helm refuses
 */
async function releaseValues(
  at: GitOpsSide,
  defined: GitOpsObject,
): Promise<{ values: JsonMap; inputs: readonly string[] }> {
  const { object } = defined;
  const from = { cluster: defined.cluster, path: defined.path };
  const inputs: string[] = [];
  const inline = field(object, 'spec', 'values');
  const values = new ReleaseValues(isMap(inline) ? inline : {});
  for (const reference of list(object, 'spec', 'valuesFrom')) {
    const kind = text(reference, 'kind') ?? '';
    const name = text(reference, 'name') ?? '';
    const key = text(reference, 'valuesKey') || 'values.yaml';
    const optional = field(reference, 'optional') === true;
    const source = await at.world.find(kind, namespaceOf(object), name, from);
    if (source?.path != null) inputs.push(source.path);
    if (source === null ? kind !== 'Secret' : !valuesOf(source.object).has(key)) {
      if (optional) continue;
      throw new Unresolved(
        source === null
          ? `its values come from the ${kind} ${name}, which is not in the repository`
          : `the ${kind} ${name} has no key ${key}`,
      );
    }
    const hidden = kind === 'Secret' || source === null || isMap(field(source.object, 'sops'));
    const data = hidden ? null : (stringMap(source.object, 'data').get(key) ?? '');
    const target = text(reference, 'targetPath') ?? '';
    // Which values a Secret sets without a target cannot be seen: the chart may render otherwise in the cluster.
    if (target === '') {
      if (data !== null) values.merge(valuesIn(data, `${key} of the ${kind} ${name}`));
    } else if (data === null) values.assignText(target, opaqueToken(`${name}-${key}`));
    else if (field(reference, 'literal') === true) values.assignText(target, data);
    else values.assign(target, data);
  }
  return { values: values.whole(), inputs };
}

function valuesIn(written: string, what: string): JsonMap {
  const { documents, problems } = loadYaml(Buffer.from(written), '');
  const parsed = documents[0]?.value ?? {};
  if (!isMap(parsed) || problems.some((problem) => problem.fatal))
    throw new Unresolved(`${what} holds no values`);
  return parsed;
}

/** What an upgrade gives, and beside it what only an install does. */
function bothPhases([first = [], ...others]: readonly (readonly RenderedObject[])[]): RenderedObject[] {
  const all = [...first];
  const seen = new Set(all.map(identityOf));
  for (const made of others.flat()) {
    if (seen.has(identityOf(made))) continue;
    seen.add(identityOf(made));
    all.push({ ...made, phase: 'install' });
  }
  return all;
}

function identityOf({ object }: RenderedObject): string {
  return JSON.stringify([object.apiVersion, object.kind, namespaceOf(object), nameOf(object)]);
}
