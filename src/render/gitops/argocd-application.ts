import type { ClusterConfig } from '../../config/index.js';
import { isClusterScoped } from '../../kubernetes/index.js';
import { InputSet, Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, text } from '../inputs/json-shape.js';
import { kustomizationFile } from '../inputs/kustomization.js';
import { withoutCredentials } from '../inputs/remote-reference.js';
import { joinPath } from '../inputs/tree-view.js';
import type { RenderNote } from '../rendered-change.js';
import type { RenderedObject } from '../run/rendered-objects.js';
import { archivePlan } from '../targets/archive-plan.js';
import { cached, fetchedBy } from '../targets/cached-render.js';
import { helmPlan } from '../targets/helm-plan.js';
import { failedPlan, type Plan, planKey, type SideOutcome, unresolvedPlan } from '../targets/plan.js';
import { buildOptionsOf } from '../targets/side.js';
import { directoryFiles, readDirectory } from './argocd-directory.js';
import { buildEnvironment, isTrue } from './argocd-environment.js';
import { type ArgoHelmInput, argoHelmCall, fileParameterPaths, MissingValuesFile } from './argocd-helm.js';
import { EditRefused, editKustomization } from './argocd-kustomize.js';
import { pluginPlan } from './argocd-plugin.js';
import { sourceWithOverrides } from './argocd-source.js';
import { editedKustomizePlan, readKustomization } from './edited-kustomize.js';
import type { GitOpsObject, GitOpsSide } from './gitops-object.js';
import { nameOf, namespaceOf, renderedSpec } from './kinds.js';
import { remoteChart } from './remote-chart.js';

/**
 * The plan of an Application: each of its sources rendered as the repo-server does (reposerver/repository
 * GenerateManifests), put together, namespaces filled in (controller/state.go normalisation).
 */
export async function applicationPlan(
  at: GitOpsSide,
  defined: GitOpsObject,
  cluster: ClusterConfig | null,
): Promise<Plan | null> {
  const application = defined.object;
  const inputs = new Set(defined.path === null ? [] : [defined.path]);
  const spec = renderedSpec(application);
  const plans: Plan[] = [];
  try {
    const sources = sourcesOf(application);
    if (sources.length === 0) throw new Unresolved('it names no source');
    const references = new Map<string, boolean>();
    for (const source of sources) {
      const ref = text(source, 'ref');
      if (ref !== null) references.set(ref, refusalOf(at, source) === null);
    }
    for (const source of sources) {
      const plan = await sourcePlan(at, application, source, references, cluster, inputs);
      if (plan === null) continue;
      for (const path of plan.inputs) inputs.add(path);
      if (plan.refusal !== undefined) return unresolvedPlan(inputs, `${plan.key}${spec}`, plan.refusal);
      plans.push(plan);
    }
  } catch (error) {
    if (error instanceof Unresolved) return unresolvedPlan(inputs, spec, error.message);
    if (error instanceof EditRefused || error instanceof MissingValuesFile) {
      return failedPlan(inputs, spec, error.message);
    }
    throw error;
  }
  const namespace = text(application, 'spec', 'destination', 'namespace') ?? '';
  const key = planKey('argocd', namespace, ...plans.map((plan) => plan.key));
  return {
    inputs,
    key,
    fetched: fetchedBy(plans),
    render: async (): Promise<SideOutcome> => {
      const objects: RenderedObject[] = [];
      const notes: RenderNote[] = [];
      for (const plan of plans) {
        const outcome = await plan.render();
        if (outcome.status !== 'rendered') return outcome;
        objects.push(...outcome.objects);
        notes.push(...(outcome.notes ?? []));
      }
      return {
        status: 'rendered',
        notes,
        objects: deduplicate(objects.map((made) => withNamespace(made, namespace))),
      };
    },
  };
}

/** `sources`, else `source`; of a source hydrator the dry one, which is what people change. */
function sourcesOf(application: JsonMap): JsonMap[] {
  const several = list(application, 'spec', 'sources').filter(isMap);
  if (several.length > 0) return several;
  const dry = field(application, 'spec', 'sourceHydrator', 'drySource');
  if (isMap(dry)) return [dry];
  const one = field(application, 'spec', 'source');
  return isMap(one) ? [one] : [];
}

/** Why a source cannot be read here, or null. */
function refusalOf(at: GitOpsSide, source: JsonMap): string | null {
  const url = text(source, 'repoURL') ?? '';
  const shown = withoutCredentials(url);
  const revision = text(source, 'targetRevision');
  if (!at.repository.has(url)) {
    const hint = at.repository.unknown
      ? "; name this repository's URLs in `repositories` if it is this one"
      : '';
    return `its source ${shown} is another repository${hint}`;
  }
  if (!at.repository.follows(revision)) {
    return `its source follows ${revision ?? ''} of this repository, not the branch that is judged`;
  }
  return null;
}

async function sourcePlan(
  at: GitOpsSide,
  application: JsonMap,
  written: JsonMap,
  references: ReadonlyMap<string, boolean>,
  cluster: ClusterConfig | null,
  inputs: Set<string>,
): Promise<Plan | null> {
  if (
    text(written, 'ref') !== null &&
    (text(written, 'path') ?? '') === '' &&
    (text(written, 'chart') ?? '') === ''
  ) {
    return null;
  }
  if ((text(written, 'chart') ?? '') !== '') return chartPlan(at, application, written, references, cluster);
  const refusal = refusalOf(at, written);
  if (refusal !== null) throw new Unresolved(refusal);
  const folder = joinPath('', (text(written, 'path') ?? '').replace(/^\/+/, '') || '.');
  if (folder === null) throw new Unresolved('its path leads out of the repository');
  const source = await sourceWithOverrides(at, application, written, folder, inputs);
  const { side } = at;
  if (side.view.children(folder) === null)
    return failedPlan(new Set(), folder, `its path ${folder} does not exist`);
  const environment = buildEnvironment(application, source);
  switch (sourceType(side.view, folder, source)) {
    case 'plugin':
      return pluginPlan(side, { folder, source, environment, cluster });
    case 'kustomize': {
      const base = await readKustomization(side, folder);
      if (base === null) return failedPlan(new Set(), folder, `${folder} holds no kustomization`);
      const options = field(source, 'kustomize');
      const kustomization = editKustomization(
        base,
        isMap(options) ? options : {},
        environment,
        side.view,
        folder,
      );
      const plan = await editedKustomizePlan(side, {
        folder,
        kustomization,
        unrestricted: buildOptionsOf(side.context.config).unrestricted,
        argocd: { cluster },
      });
      return { ...plan, render: () => cached(side.context.cache, plan.key, () => plan.render(), [plan]) };
    }
    case 'helm': {
      const found = field(source, 'helm');
      const options = isMap(found) ? found : {};
      const input: ArgoHelmInput = { side, application, folder, options, environment, references, cluster };
      const plan = await helmPlan(side, folder, { ...argoHelmCall(input), files: fileParameterPaths(input) });
      return plan ?? failedPlan(new Set(), folder, `${folder} holds no chart`);
    }
    case 'directory':
      return directorySourcePlan(at, folder, source);
  }
}

/** The plan of a source that is a chart of a Helm or OCI repository (targetRevision is its version). */
async function chartPlan(
  at: GitOpsSide,
  application: JsonMap,
  source: JsonMap,
  references: ReadonlyMap<string, boolean>,
  cluster: ClusterConfig | null,
): Promise<Plan> {
  const url = text(source, 'repoURL') ?? '';
  const chart = text(source, 'chart') ?? '';
  const version = text(source, 'targetRevision') || '*';
  // Argo CD names OCI repositories without a scheme.
  const oci = !/^https?:\/\//.test(url);
  const remote = remoteChart(
    at,
    oci
      ? { url: `oci://${url.replace(/^oci:\/\//, '')}/${chart}`, chart: '', version }
      : { url, chart, version },
  );
  const found = field(source, 'helm');
  const options = isMap(found) ? found : {};
  if (list(options, 'fileParameters').some((item) => !(text(item, 'path') ?? '').startsWith('$'))) {
    throw new Unresolved('its file parameters are inside of a chart that is fetched');
  }
  const environment = buildEnvironment(application, source);
  const input: ArgoHelmInput = {
    side: at.side,
    application,
    folder: '',
    options,
    environment,
    references,
    cluster,
    fetched: true,
  };
  return archivePlan(at.side, remote, {
    ...argoHelmCall(input),
    files: fileParameterPaths(input),
    missingValuesAllowed: isTrue(options, 'ignoreMissingValueFiles'),
  });
}

function directorySourcePlan(at: GitOpsSide, folder: string, source: JsonMap): Plan {
  const found = field(source, 'directory');
  const options = isMap(found) ? found : {};
  const files = directoryFiles(at.side, folder, options);
  const set = new InputSet(at.side.view);
  for (const path of files) set.add('', path);
  return {
    inputs: new Set(set.files.keys()),
    key: planKey('argocd-directory', set.digest(), JSON.stringify(options)),
    render: () => readDirectory(at.side, files, options),
  };
}

type SourceType = 'helm' | 'kustomize' | 'directory' | 'plugin';

/** What is said, else what is found (util/app/discovery AppType: of a chart and a kustomization, the kustomization). */
function sourceType(view: GitOpsSide['side']['view'], folder: string, source: JsonMap): SourceType {
  const said = (['kustomize', 'helm', 'directory', 'plugin'] as const).filter((type) => isSet(source, type));
  const [explicit, second] = said;
  if (second !== undefined) throw new EditRefused(`its source is both ${explicit} and ${second}`);
  if (explicit !== undefined) return explicit;
  if (kustomizationFile(view, folder) !== null) return 'kustomize';
  for (const [name, kind] of view.children(folder) ?? []) {
    if (name.endsWith('Chart.yaml') && kind !== 'folder') return 'helm';
  }
  return 'directory';
}

function isSet(source: JsonMap, type: SourceType): boolean {
  return isMap(field(source, type));
}

/** Cluster-scoped objects have no namespace; all others get the destination's where they have none. */
function withNamespace(made: RenderedObject, namespace: string): RenderedObject {
  const { object } = made;
  const metadata = field(object, 'metadata');
  if (!isMap(metadata)) return made;
  const scoped = isClusterScoped(text(object, 'apiVersion') ?? '', text(object, 'kind') ?? '') === true;
  const own = text(object, 'metadata', 'namespace') ?? '';
  if (scoped && own !== '') {
    const { namespace: _, ...rest } = metadata;
    return { ...made, object: { ...object, metadata: rest } };
  }
  if (scoped || own !== '' || namespace === '') return made;
  return { ...made, object: { ...object, metadata: { ...metadata, namespace } } };
}

/** Of objects that several sources give, the last one counts. */
function deduplicate(objects: readonly RenderedObject[]): RenderedObject[] {
  const byIdentity = new Map<string, RenderedObject>();
  for (const made of objects) {
    const { object } = made;
    const group = (text(object, 'apiVersion') ?? '').split('/').slice(0, -1).join('/');
    const name = nameOf(object);
    // Objects with generateName have no identity yet.
    const key =
      name === '' ? `#${byIdentity.size}` : JSON.stringify([group, object.kind, namespaceOf(object), name]);
    byIdentity.set(key, made);
  }
  return [...byIdentity.values()];
}
