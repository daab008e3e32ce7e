import { posix } from 'node:path';
import type { JsonValue } from '../../contract/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import { kustomizationFile } from '../inputs/kustomization-file.js';
import { isRemoteReference } from '../inputs/remote-reference.js';
import { joinPath } from '../inputs/tree-view.js';
import type { RenderedObject } from '../run/rendered-objects.js';
import { cached } from '../targets/cached-render.js';
import { deferredPlan } from '../targets/deferred-plan.js';
import {
  failedPlan,
  type Plan,
  planKey,
  planOfRefusal,
  type SideOutcome,
  unresolvedPlan,
} from '../targets/plan.js';
import { editedKustomizePlan, readKustomization } from './edited-kustomize.js';
import { fluxSource, type OwnSource } from './flux-source.js';
import { SubstitutionError } from './flux-substitute.js';
import { typedKustomization } from './flux-typed-kustomization.js';
import { fluxVariables, substituteObjects } from './flux-variables.js';
import type { GitOpsObject, GitOpsPlan, GitOpsSide } from './gitops-object.js';
import { namespaceOf, renderedSpec, stringMap } from './kinds.js';

/**
 * The plan of a Flux Kustomization: what kustomize-controller builds of its path (internal/controller build(),
 * fluxcd/pkg/kustomize Generator), substitutes, and labels.
 */
export async function fluxKustomizationPlan(
  at: GitOpsSide,
  defined: GitOpsObject,
): Promise<GitOpsPlan | null> {
  const { object } = defined;
  const from = { cluster: defined.cluster, path: defined.path };
  const inputs = new Set(defined.path === null ? [] : [defined.path]);
  const spec = renderedSpec(object);
  try {
    const source = await fluxSource(at, field(object, 'spec', 'sourceRef'), namespaceOf(object), from);
    if ('reason' in source) return unresolvedPlan(inputs, spec, source.reason);
    const variables = await fluxVariables(object, at.world, from);
    const looked = [...source.consulted, ...(variables?.inputs ?? [])];
    if ('bring' in source) {
      for (const path of looked) inputs.add(path);
      const key = planKey(source.key, spec, knownOf(variables));
      const plan = deferredPlan(inputs, key, async () => {
        const brought = await source.bring();
        return {
          plan: await planIn(at, object, brought.source, variables),
          notes: brought.notes,
          own: false,
        };
      });
      return { ...plan, consulted: inputs, defines: source.own };
    }
    const plan = await planIn(at, object, source, variables);
    for (const path of plan.inputs) inputs.add(path);
    const consulted = new Set(looked);
    for (const path of inputs) consulted.delete(path);
    for (const path of consulted) inputs.add(path);
    return { ...plan, inputs, consulted };
  } catch (error) {
    return planOfRefusal(inputs, spec, error);
  }
}

/** The plan of what a source's files give, substituted and labelled. */
async function planIn(
  at: GitOpsSide,
  object: JsonMap,
  source: OwnSource,
  variables: Awaited<ReturnType<typeof fluxVariables>>,
): Promise<Plan> {
  const spec = renderedSpec(object);
  // A path that leads out of the artifact ends at its root (securejoin).
  const folder = joinPath('', posix.join('/', text(object, 'spec', 'path') ?? '').slice(1)) ?? '';
  const built = await buildPlan({ ...at, side: source.side }, object, folder);
  if (built === null) return failedPlan(new Set(), spec, `spec.path ${folder} does not exist`);
  const inputs = new Set([...built.inputs].map(source.origin));
  if (built.refusal !== undefined) return unresolvedPlan(inputs, built.key, built.refusal);
  const key = planKey(
    'flux',
    built.key,
    [...built.inputs].map(source.origin).join('\n'),
    knownOf(variables),
    JSON.stringify(field(object, 'spec', 'commonMetadata') ?? null),
  );
  return {
    inputs,
    looked: new Set([...(built.looked ?? [])].map(source.origin)),
    key,
    fetched: built.fetched,
    render: () =>
      cached(at.side.context.cache, key, () => applied(built, object, source.origin, variables), [built]),
  };
}

/** Stands for what the variables are known to be. */
function knownOf(variables: Awaited<ReturnType<typeof fluxVariables>>): string {
  return variables === null ? '' : JSON.stringify([...variables.known, variables.open, variables.always]);
}

/** What is built, with variables replaced and the Kustomization's metadata set. */
async function applied(
  built: Plan,
  kustomization: JsonMap,
  origin: (path: string) => string,
  variables: Awaited<ReturnType<typeof fluxVariables>>,
): Promise<SideOutcome> {
  const outcome = await built.render();
  if (outcome.status !== 'rendered') return outcome;
  try {
    const plain = outcome.objects.map(withoutSops).map(({ object, path }) => ({
      object,
      path: path === null ? null : origin(path),
    }));
    const replaced = variables === null ? plain : substituteObjects(plain, variables);
    const objects = replaced.map((made) => withCommonMetadata(made, kustomization));
    return { status: 'rendered', objects, notes: outcome.notes };
  } catch (error) {
    if (!(error instanceof SubstitutionError)) throw error;
    return { status: 'failed', reason: `postBuild: ${error.message}`, lasting: true };
  }
}

/** The plan of what is built of a folder before substitution; null where there is no such folder. */
async function buildPlan(at: GitOpsSide, object: JsonMap, folder: string): Promise<Plan | null> {
  if (at.side.view.children(folder) === null) return null;
  const kustomization = edit(object, at, folder, await baseKustomization(at, folder));
  return editedKustomizePlan(at.side, { folder, kustomization, unrestricted: true });
}

/** The folder's kustomization, or the one that Flux generates where there is none. */
async function baseKustomization(at: GitOpsSide, folder: string): Promise<JsonMap> {
  const written = await readKustomization(at.side, folder);
  if (written !== null) return typedKustomization(written);
  const resources = scan(at, folder, '.');
  return resources.length === 0 ? { namespace: '_placeholder' } : { resources };
}

/** Resources of a generated kustomization: YAML files, and sub-folders that have a kustomization (scanManifests). */
function scan(at: GitOpsSide, folder: string, relative: string): string[] {
  const found: string[] = [];
  const children = [...(at.side.view.children(folder) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, kind] of children) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (kind === 'folder') {
      if (kustomizationFile(at.side.view, path) !== null) found.push(`${relative}/${name}`);
      else found.push(...scan(at, path, `${relative}/${name}`));
    } else if (/\.ya?ml$/.test(name)) {
      found.push(`${relative}/${name}`);
    }
  }
  return found;
}

/** What the Kustomization's spec makes of the kustomization (GenerateManifest). */
function edit(object: JsonMap, at: GitOpsSide, folder: string, base: JsonMap): JsonMap {
  const spec = field(object, 'spec');
  const edited: JsonMap = { ...base };
  for (const [from, to] of [
    ['targetNamespace', 'namespace'],
    ['namePrefix', 'namePrefix'],
    ['nameSuffix', 'nameSuffix'],
  ] as const) {
    const value = text(spec, from);
    if (value !== null) edited[to] = value;
  }
  const patches = list(spec, 'patches');
  if (patches.length > 0) edited.patches = [...list(base, 'patches'), ...patches];
  const merges = list(spec, 'patchesStrategicMerge');
  if (merges.length > 0) {
    edited.patchesStrategicMerge = [
      ...list(base, 'patchesStrategicMerge'),
      ...merges.map((patch) => JSON.stringify(patch)),
    ];
  }
  const json = list(spec, 'patchesJson6902').filter(isMap);
  if (json.length > 0) {
    edited.patchesJson6902 = [
      ...list(base, 'patchesJson6902'),
      ...json.map((patch) => ({ ...patch, patch: JSON.stringify(field(patch, 'patch') ?? []) })),
    ];
  }
  const named = strings(spec, 'components');
  const foreign = named.find((path) => path.startsWith('/') || isRemoteReference(path));
  if (foreign !== undefined)
    throw new Unresolved(`its component ${foreign.slice(0, 200)} is no relative path`);
  const components = named.filter(
    (path) =>
      field(spec, 'ignoreMissingComponents') !== true ||
      at.side.view.resolve(folder, path).kind !== 'missing',
  );
  if (components.length > 0) edited.components = [...list(base, 'components'), ...components];
  const images = list(spec, 'images').filter(isMap);
  if (images.length > 0) edited.images = mergeImages(list(base, 'images'), images);
  const metadata = strings(spec, 'buildMetadata');
  if (metadata.length > 0) edited.buildMetadata = metadata;
  return edited;
}

/** Images by name; newTag and digest are one unit, and setting either clears both. */
function mergeImages(base: readonly JsonValue[], overrides: readonly JsonMap[]): JsonValue[] {
  const merged = base.map((image) => (isMap(image) ? { ...image } : image));
  for (const override of overrides) {
    const name = text(override, 'name');
    const existing = merged.filter(isMap).find((image) => text(image, 'name') === name);
    if (existing === undefined) {
      merged.push(override);
      continue;
    }
    const [newName, newTag, digest] = [
      text(override, 'newName'),
      text(override, 'newTag'),
      text(override, 'digest'),
    ];
    if (newName !== null && newName !== '') existing.newName = newName;
    if ((newTag ?? '') !== '' || (digest ?? '') !== '') {
      existing.newTag = newTag ?? '';
      existing.digest = digest ?? '';
    }
  }
  return merged;
}

/** The gate never decrypts: ciphertext stands for its value, and what SOPS notes beside it is not applied. */
function withoutSops(made: RenderedObject): RenderedObject {
  if (!isMap(field(made.object, 'sops'))) return made;
  const { sops: _, ...object } = made.object;
  return { object, path: made.path };
}

function withCommonMetadata(made: RenderedObject, kustomization: JsonMap): RenderedObject {
  const common = field(kustomization, 'spec', 'commonMetadata');
  if (!isMap(common)) return made;
  return { object: withMetadata(made.object, common), path: made.path };
}

/** The object with labels and annotations of `commonMetadata` set over its own. */
export function withMetadata(object: JsonMap, common: JsonMap): JsonMap {
  const metadata = field(object, 'metadata');
  const changed: JsonMap = isMap(metadata) ? { ...metadata } : {};
  for (const name of ['labels', 'annotations']) {
    const added = stringMap(common, name);
    if (added.size === 0) continue;
    const own = field(object, 'metadata', name);
    changed[name] = { ...(isMap(own) ? own : {}), ...Object.fromEntries(added) };
  }
  return { ...object, metadata: changed };
}
