import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, text } from '../inputs/json-shape.js';
import { type ReadOutput, type RenderedObject, readKustomizeOutput } from '../run/rendered-objects.js';
import { isTestHook } from '../run/test-hooks.js';
import type { SideOutcome } from '../targets/plan.js';
import { withMetadata } from './flux-kustomization.js';
import type { GitOpsSide } from './gitops-object.js';
import { nameOf, namespaceOf, stringMap } from './kinds.js';

/**
 * What a release's chart gives as helm-controller applies it: the post-renderers in their order, then commonMetadata
 * (internal/postrender), over hooks and the rest together or apart (`spec.postRenderStrategy`; Helm's renderResources);
 * definitions in `crds/` are applied beside the release as they are (internal/action crds.go). Tests are left out after
 * all that, for a patch may make something else of one.
 *
 * @throws Unresolved for a strategy that the gate does not know
 */
export async function postRender(
  at: GitOpsSide,
  release: JsonMap,
  objects: readonly RenderedObject[],
): Promise<SideOutcome> {
  const definitions = objects.filter(isDefinitionBeside);
  const own = objects.filter((one) => !isDefinitionBeside(one));
  const strategy = text(release, 'spec', 'postRenderStrategy') || 'combined';
  const [hooks, manifests] = [own.filter(isHook), own.filter((one) => !isHook(one))];
  let groups: readonly (readonly RenderedObject[])[];
  let untouched: readonly RenderedObject[] = [];
  if (strategy === 'combined') groups = [own];
  else if (strategy === 'separate') groups = [hooks, manifests];
  else if (strategy === 'nohooks') [groups, untouched] = [[manifests], hooks];
  else throw new Unresolved(`its postRenderStrategy ${strategy} is none that the gate knows`);
  const made: RenderedObject[] = [...definitions, ...untouched];
  for (const group of groups) {
    const outcome = await throughRenderers(at, release, group);
    if (outcome.status !== 'rendered') return outcome;
    made.push(...outcome.objects);
  }
  return { status: 'rendered', objects: made.filter(({ object }) => !isTestHook(object)) };
}

function isDefinitionBeside({ object, beside }: RenderedObject): boolean {
  return beside === true && object.kind === 'CustomResourceDefinition';
}

function isHook({ object }: RenderedObject): boolean {
  return stringMap(object, 'metadata', 'annotations').has('helm.sh/hook');
}

async function throughRenderers(
  at: GitOpsSide,
  release: JsonMap,
  objects: readonly RenderedObject[],
): Promise<SideOutcome> {
  const refusal = refusalOf(objects);
  if (refusal !== null) return { status: 'failed', reason: refusal, lasting: true };
  // Merges and JSON patches of their own were dropped with v2, where the API server takes them away.
  const older = (text(release, 'apiVersion') ?? '').includes('/v2beta');
  let made = objects;
  for (const renderer of list(release, 'spec', 'postRenderers')) {
    const kustomize = field(renderer, 'kustomize');
    if (!isMap(kustomize) || made.length === 0) continue;
    const read = await kustomizeOver(at, kustomize, made, older);
    if ('status' in read) return read;
    if ('problem' in read) return { status: 'failed', reason: read.problem, lasting: true };
    made = read.objects;
  }
  const common = field(release, 'spec', 'commonMetadata');
  return {
    status: 'rendered',
    objects: isMap(common)
      ? made.map(({ object, path }) => ({ object: withMetadata(object, common), path }))
      : made,
  };
}

/** Every release goes through kustomize, which labels it, and takes neither an object without a name nor one twice. */
function refusalOf(objects: readonly RenderedObject[]): string | null {
  const seen = new Set<string>();
  for (const { object } of objects) {
    const name = nameOf(object);
    const kind = String(object.kind);
    if (kind.endsWith('List') && Array.isArray(object.items)) continue;
    if (name === '') return `the post-renderer: a ${kind} has no metadata.name`;
    const identity = JSON.stringify([object.apiVersion, kind, namespaceOf(object) || 'default', name]);
    if (seen.has(identity)) return `the post-renderer: ${kind} ${name} is in the release twice`;
    seen.add(identity);
  }
  return null;
}

/** Runs kustomize with patches and images over objects that are rendered already; each stays with its file. */
async function kustomizeOver(
  at: GitOpsSide,
  kustomize: JsonMap,
  objects: readonly RenderedObject[],
  older: boolean,
): Promise<ReadOutput | Extract<SideOutcome, { status: 'failed' }>> {
  const { toolbox, runner } = at.side.context;
  const layout = new Map<string, { bytes: Buffer }>();
  for (const [index, { object }] of objects.entries()) {
    layout.set(`${index}.json`, { bytes: Buffer.from(JSON.stringify(object)) });
  }
  const kustomization: JsonMap = {
    resources: [...layout.keys()],
    patches: [...list(kustomize, 'patches')],
    images: [...list(kustomize, 'images')],
    buildMetadata: ['originAnnotations'],
  };
  const merges = older ? list(kustomize, 'patchesStrategicMerge') : [];
  if (merges.length > 0) kustomization.patchesStrategicMerge = merges.map((patch) => JSON.stringify(patch));
  const json = older ? list(kustomize, 'patchesJson6902').filter(isMap) : [];
  if (json.length > 0) {
    kustomization.patchesJson6902 = json.map((patch) => ({
      ...patch,
      patch: JSON.stringify(field(patch, 'patch') ?? []),
    }));
  }
  layout.set('kustomization.yaml', { bytes: Buffer.from(JSON.stringify(kustomization)) });
  const output = await runner.run(toolbox.kustomize, ['.'], layout);
  if (output.status === 'failed') return output;
  return readKustomizeOutput(output.stdout, (origin) => objects[Number.parseInt(origin, 10)]?.path ?? null);
}
