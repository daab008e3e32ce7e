import type { JsonValue } from '../../contract/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list, strings, text } from '../inputs/json-shape.js';
import type { TreeView } from '../inputs/tree-view.js';
import { envsubst, isTrue } from './argocd-environment.js';
import { stringMap } from './kinds.js';

/** An edit that `kustomize edit` refuses: the Application fails to render in the cluster too. */
export class EditRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EditRefused';
  }
}

/**
 * What an Application's `kustomize` options make of the kustomization, as the `kustomize edit` calls of Argo CD do
 * (util/kustomize/kustomize.go Build), in their order.
 * @throws EditRefused where `kustomize edit` would fail
 */
export function editKustomization(
  base: JsonMap,
  options: JsonMap,
  environment: ReadonlyMap<string, string>,
  view: TreeView,
  folder: string,
): JsonMap {
  const edited: JsonMap = { ...base };
  for (const name of ['namePrefix', 'nameSuffix', 'namespace'] as const) {
    const value = text(options, name) ?? '';
    if (value !== '') edited[name] = value;
  }
  const images = strings(options, 'images').map((image) => parseImage(envsubst(image, environment)));
  if (images.length > 0) edited.images = setImages(list(base, 'images'), images);
  const replicas = list(options, 'replicas').filter(isMap);
  if (replicas.length > 0) edited.replicas = setReplicas(list(base, 'replicas'), replicas);
  addLabels(edited, base, options, environment);
  addAnnotations(edited, base, options, environment);
  const patches = list(options, 'patches');
  if (patches.length > 0) edited.patches = [...list(base, 'patches'), ...patches];
  const components = strings(options, 'components').filter(
    (path) => !isTrue(options, 'ignoreMissingComponents') || view.resolve(folder, path).kind !== 'missing',
  );
  if (components.length > 0) {
    edited.components = [...new Set([...strings(base, 'components'), ...components])];
  }
  return edited;
}

/** An image as `kustomize edit set image` reads it: `[name=]newName[:tag][@digest]`; `*` keeps what is there. */
function parseImage(written: string): JsonMap {
  const equals = written.indexOf('=');
  const name = equals < 0 ? null : written.slice(0, equals);
  const rest = equals < 0 ? written : written.slice(equals + 1);
  const [tagged = '', digest = ''] = rest.split('@', 2);
  const colon = tagged.lastIndexOf(':');
  const hasTag = colon > tagged.lastIndexOf('/');
  const newName = hasTag ? tagged.slice(0, colon) : tagged;
  const image: JsonMap = { name: name ?? newName };
  if (name !== null && newName !== '') image.newName = newName;
  if (hasTag) image.newTag = tagged.slice(colon + 1);
  if (digest !== '') image.digest = digest;
  if (name === null && !hasTag && digest === '') {
    throw new EditRefused(`the image override ${written.slice(0, 100)} names no tag, digest or other image`);
  }
  if (image.name === '') throw new Unresolved(`the image override ${written.slice(0, 100)} names no image`);
  return image;
}

function setImages(base: readonly JsonValue[], overrides: readonly JsonMap[]): JsonValue[] {
  const byName = new Map(base.filter(isMap).map((image) => [text(image, 'name') ?? '', image]));
  for (const override of overrides) {
    const name = text(override, 'name') ?? '';
    const old = byName.get(name);
    const image: JsonMap = { ...override };
    for (const key of ['newName', 'newTag', 'digest'] as const) {
      if (image[key] !== '*') continue;
      const kept = old === undefined ? undefined : field(old, key);
      if (kept === undefined) delete image[key];
      else image[key] = kept;
    }
    byName.set(name, image);
  }
  return [...byName.values()].sort((a, b) => ((text(a, 'name') ?? '') < (text(b, 'name') ?? '') ? -1 : 1));
}

function setReplicas(base: readonly JsonValue[], overrides: readonly JsonMap[]): JsonValue[] {
  const byName = new Map(base.filter(isMap).map((entry) => [text(entry, 'name') ?? '', entry]));
  for (const override of overrides) {
    const name = text(override, 'name') ?? '';
    const count = Number(field(override, 'count'));
    if (!Number.isInteger(count)) throw new EditRefused(`the count of the replica ${name} is no number`);
    byName.set(name, { name, count });
  }
  return [...byName.values()];
}

function addLabels(
  edited: JsonMap,
  base: JsonMap,
  options: JsonMap,
  environment: ReadonlyMap<string, string>,
): void {
  const added = [...stringMap(options, 'commonLabels')].map(
    ([key, value]) => [key, envsubst(value, environment)] as const,
  );
  if (added.length === 0) return;
  const force = isTrue(options, 'forceCommonLabels');
  if (isTrue(options, 'labelIncludeTemplates') && !isTrue(options, 'labelWithoutSelector')) {
    throw new EditRefused('labelIncludeTemplates works with labelWithoutSelector only');
  }
  if (isTrue(options, 'labelWithoutSelector')) {
    edited.labels = withLabels(list(base, 'labels'), added, isTrue(options, 'labelIncludeTemplates'), force);
    return;
  }
  const own = stringMap(base, 'commonLabels');
  refuseTaken(added, new Set(own.keys()), force, 'label');
  edited.commonLabels = Object.fromEntries([...own, ...added]);
}

/**
 * `kustomize edit add label --without-selector`: the labels go to the first entry of the same settings, or to one of their
 * own; what other entries name is no obstacle (kustomize, edit/add/addmetadata.go writeToLabels).
 */
function withLabels(
  labels: readonly JsonValue[],
  added: readonly (readonly [string, string])[],
  includeTemplates: boolean,
  force: boolean,
): JsonValue[] {
  const at = labels.findIndex(
    (entry) =>
      isMap(entry) &&
      !isTrue(entry, 'includeSelectors') &&
      isTrue(entry, 'includeTemplates') === includeTemplates,
  );
  const entry = labels[at];
  if (!isMap(entry)) {
    const own = { pairs: Object.fromEntries(added), ...(includeTemplates ? { includeTemplates: true } : {}) };
    return [...labels, own];
  }
  const pairs = stringMap(entry, 'pairs');
  refuseTaken(added, new Set(pairs.keys()), force, 'label');
  return labels.with(at, { ...entry, pairs: Object.fromEntries([...pairs, ...added]) });
}

function addAnnotations(
  edited: JsonMap,
  base: JsonMap,
  options: JsonMap,
  environment: ReadonlyMap<string, string>,
): void {
  const substituted = isTrue(options, 'commonAnnotationsEnvsubst');
  const added = [...stringMap(options, 'commonAnnotations')].map(
    ([key, value]) => [key, substituted ? envsubst(value, environment) : value] as const,
  );
  if (added.length === 0) return;
  const own = stringMap(base, 'commonAnnotations');
  refuseTaken(added, new Set(own.keys()), isTrue(options, 'forceCommonAnnotations'), 'annotation');
  edited.commonAnnotations = Object.fromEntries([...own, ...added]);
}

function refuseTaken(
  added: readonly (readonly [string, string])[],
  taken: ReadonlySet<string>,
  force: boolean,
  what: string,
): void {
  const twice = added.find(([key]) => taken.has(key));
  if (twice !== undefined && !force) {
    throw new EditRefused(`the ${what} ${twice[0]} is in the kustomization already`);
  }
}
