import type { ClusterConfig } from '../../config/index.js';
import type { JsonValue } from '../../contract/index.js';
import { InputSet, Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, text } from '../inputs/json-shape.js';
import { kustomizationFile } from '../inputs/kustomization-file.js';
import { joinPath } from '../inputs/tree-view.js';
import { argoRevision } from '../remotes/git-revision.js';
import type { ChartReference } from '../remotes/remote-charts.js';
import type { RenderNote } from '../rendered-change.js';
import { archivePlan } from '../targets/archive-plan.js';
import { cached } from '../targets/cached-render.js';
import { deferredPlan } from '../targets/deferred-plan.js';
import { helmPlan, OWN_FOLDER } from '../targets/helm-plan.js';
import { failedPlan, type Plan, planKey } from '../targets/plan.js';
import { buildOptionsOf } from '../targets/side.js';
import { directoryFiles, readDirectory } from './argocd-directory.js';
import { buildEnvironment, isTrue } from './argocd-environment.js';
import {
  type ArgoHelmInput,
  argoHelmCall,
  MissingValuesFile,
  type ReferencedTree,
  referencedFiles,
} from './argocd-helm.js';
import { EditRefused, editKustomization } from './argocd-kustomize.js';
import { pluginPlan } from './argocd-plugin.js';
import { sourceWithOverrides } from './argocd-source.js';
import { editedKustomizePlan, readKustomization } from './edited-kustomize.js';
import { type GitOpsSide, inTree } from './gitops-object.js';
import { renderedSpec } from './kinds.js';
import { remoteChart } from './remote-chart.js';
import type { BroughtTree, SourceTree, TreeToBring } from './source-trees.js';

/** A source of an Application, with what it is rendered for. */
export interface AskedSource {
  application: JsonMap;
  source: JsonMap;
  /** What the sources with a `ref` name, or why that is not to be had. */
  references: ReadonlyMap<string, Reference>;
  cluster: ClusterConfig | null;
}

type Reference = SourceTree | { refused: string };

/** A source's plan. */
export interface SourcePlan {
  plan: Plan;
  /** True where its inputs are what it renders, not only what it looks into. */
  applied: boolean;
  /** True where it may give Applications though no file of the tree says so. */
  defines?: boolean;
}

/** `sources`, else `source`; of a source hydrator the dry one, which is what people change. */
export function sourcesOf(application: JsonValue): JsonMap[] {
  const several = list(application, 'spec', 'sources').filter(isMap);
  if (several.length > 0) return several;
  const dry = field(application, 'spec', 'sourceHydrator', 'drySource');
  if (isMap(dry)) return [dry];
  const one = field(application, 'spec', 'source');
  return isMap(one) ? [one] : [];
}

/**
 * Notes where a template takes its manifests from, where that stands in the template itself: a trusted tree names it,
 * whoever gives the parameters. What may not be fetched is told when it is rendered.
 */
export function declareSource(at: GitOpsSide, source: JsonMap): void {
  if (`${text(source, 'repoURL')}${text(source, 'chart')}`.includes('{{')) return;
  try {
    if ((text(source, 'chart') ?? '') === '') sourceTree(at, source);
    else remoteChart(at, chartReference(source));
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
  }
}

/** What `$ref` of values files leads to: the root of the repository of the source with that `ref`. */
export function sourceReferences(at: GitOpsSide, sources: readonly JsonMap[]): Map<string, Reference> {
  const references = new Map<string, Reference>();
  for (const source of sources) {
    const ref = text(source, 'ref') ?? '';
    if (ref === '') continue;
    try {
      references.set(ref, sourceTree(at, source));
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      references.set(ref, { refused: error.message });
    }
  }
  return references;
}

/**
 * The plan of one source, or null for one that gives nothing but its `ref`. What lies elsewhere is brought when it is
 * rendered.
 * @param inputs files that are looked into beforehand are added to it
 * @throws Unresolved, EditRefused, MissingValuesFile
 */
export async function sourcePlan(
  at: GitOpsSide,
  asked: AskedSource,
  inputs: Set<string>,
): Promise<SourcePlan | null> {
  const { source } = asked;
  const chart = (text(source, 'chart') ?? '') !== '';
  if (!chart && text(source, 'ref') !== null && (text(source, 'path') ?? '') === '') return null;
  const tree = chart ? { side: at.side } : sourceTree(at, source);
  if ('bring' in tree) return elsewhere(at, asked, tree);
  let later = false;
  const make = (references: ReadonlyMap<string, ReferencedTree>): Promise<Plan> =>
    chart ? chartPlan(at, asked, references) : treePlan(at, asked, references, inputs);
  const known = await make(
    referencedTrees(at, asked.references, () => {
      later = true;
    }),
  );
  if (!later) return { plan: known, applied: true };
  const key = planKey(known.key, keyOf(asked));
  const plan = deferredPlan(known.inputs, key, async () => {
    const { references, notes } = await broughtReferences(at, asked);
    return { plan: await refusable(() => make(references)), notes, own: !chart };
  });
  return { plan, applied: !chart };
}

/** A source in a tree that is brought when it is rendered, with the files of this repository that it names. */
function elsewhere(at: GitOpsSide, asked: AskedSource, tree: TreeToBring): SourcePlan {
  const known = new InputSet(at.side.view);
  const found = field(asked.source, 'helm');
  const input: ArgoHelmInput = {
    side: at.side,
    application: asked.application,
    folder: '',
    options: isMap(found) ? found : {},
    environment: buildEnvironment(asked.application, asked.source),
    references: referencedTrees(at, asked.references, () => undefined),
    cluster: asked.cluster,
  };
  for (const path of referencedFiles(input, at.side.view)) known.add('', path);
  const read = new Set(known.files.keys());
  const key = planKey(tree.key, known.digest(), keyOf(asked));
  const plan = deferredPlan(read, key, async () => {
    const brought = await tree.bring();
    const { references, notes } = await broughtReferences(at, asked, { brought, read });
    const make = (): Promise<Plan> => treePlan(inTree(at, brought.side), asked, references, new Set());
    return { plan: await refusable(make), notes: [...brought.notes, ...notes], own: false };
  });
  return { plan, applied: false, defines: tree.own };
}

/** What certainly fails in the cluster too is an outcome; what cannot be known stays an error. */
async function refusable(make: () => Promise<Plan>): Promise<Plan> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof EditRefused || error instanceof MissingValuesFile)) throw error;
    return failedPlan(new Set(), '', error.message);
  }
}

/** Everything an Application says that decides what a source of it renders to, with where its references lead. */
function keyOf({ application, source, references, cluster }: AskedSource): string {
  const trees = [...references].map(([name, tree]) => [name, 'key' in tree ? tree.key : null]);
  return JSON.stringify([
    renderedSpec(application),
    field(application, 'metadata', 'name'),
    source,
    trees,
    cluster,
  ]);
}

function sourceTree(at: GitOpsSide, source: JsonMap): SourceTree {
  const revision = text(source, 'targetRevision');
  return at.sources.of(text(source, 'repoURL') ?? '', revision, () => argoRevision(revision));
}

function referencedTrees(
  at: GitOpsSide,
  references: ReadonlyMap<string, Reference>,
  asked: () => void,
): Map<string, ReferencedTree> {
  const trees = new Map<string, ReferencedTree>();
  for (const [name, tree] of references) {
    if ('side' in tree) trees.set(name, { view: at.side.view, mount: '' });
    else trees.set(name, 'refused' in tree ? tree : { asked });
  }
  return trees;
}

/**
 * The trees of all references, brought.
 * @param from the tree that is rendered, where it is not this repository's, and what of this repository it may read
 */
async function broughtReferences(
  at: GitOpsSide,
  { references }: AskedSource,
  from?: { brought: BroughtTree; read: ReadonlySet<string> },
): Promise<{ references: Map<string, ReferencedTree>; notes: RenderNote[] }> {
  const trees = new Map<string, ReferencedTree>();
  const notes: RenderNote[] = [];
  for (const [name, tree] of references) {
    const mount = `${OWN_FOLDER}/ref-${trees.size}`;
    if ('refused' in tree) trees.set(name, tree);
    else if ('side' in tree) {
      const own = { view: at.side.view, mount: '' };
      trees.set(name, from === undefined ? own : { ...own, mount, only: from.read });
    } else {
      const brought = await tree.bring();
      const same = brought === from?.brought;
      trees.set(name, { view: brought.side.view, mount: same ? '' : mount });
      if (!same) notes.push(...brought.notes);
    }
  }
  return { references: trees, notes };
}

/** The plan of a source in the tree of this side. */
async function treePlan(
  at: GitOpsSide,
  { application, source: written, cluster }: AskedSource,
  references: ReadonlyMap<string, ReferencedTree>,
  inputs: Set<string>,
): Promise<Plan> {
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
      const plan = await helmPlan(side, folder, argoHelmCall(input));
      return plan ?? failedPlan(new Set(), folder, `${folder} holds no chart`);
    }
    case 'directory':
      return directorySourcePlan(at, folder, source);
  }
}

/** The plan of a source that is a chart of a Helm or OCI repository (targetRevision is its version). */
async function chartPlan(
  at: GitOpsSide,
  { application, source, cluster }: AskedSource,
  references: ReadonlyMap<string, ReferencedTree>,
): Promise<Plan> {
  const remote = remoteChart(at, chartReference(source));
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
    missingValuesAllowed: isTrue(options, 'ignoreMissingValueFiles'),
  });
}

function chartReference(source: JsonMap): ChartReference {
  const url = text(source, 'repoURL') ?? '';
  const chart = text(source, 'chart') ?? '';
  const version = text(source, 'targetRevision') || '*';
  // Argo CD names OCI repositories without a scheme.
  if (/^https?:\/\//.test(url)) return { url, chart, version };
  return { url: `oci://${url.replace(/^oci:\/\//, '')}/${chart}`, chart: '', version };
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
