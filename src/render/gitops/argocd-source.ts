import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap } from '../inputs/json-shape.js';
import { joinPath } from '../inputs/tree-view.js';
import { instanceName } from './argocd-environment.js';
import { EditRefused } from './argocd-kustomize.js';
import type { GitOpsSide } from './gitops-object.js';

/**
 * `.argocd-source.yaml` and `.argocd-source-<app>.yaml` of a folder merged into the source (reposerver/repository
 * mergeSourceParameters): they may change parameters, never where the source is.
 *
 * @param inputs the files that were read are added to it
 * @throws EditRefused for a file that Argo CD would not take
 */
export async function sourceWithOverrides(
  at: GitOpsSide,
  application: JsonMap,
  source: JsonMap,
  folder: string,
  inputs: Set<string>,
): Promise<JsonMap> {
  let merged = withoutEmptyOptions(source);
  for (const name of ['.argocd-source.yaml', `.argocd-source-${instanceName(application)}.yaml`]) {
    const path = joinPath(folder, name);
    if (path === null || at.side.view.files.get(path) === undefined) continue;
    inputs.add(path);
    const found = at.side.view.resolve('', path);
    if (found.kind !== 'file') throw new Unresolved(`${path} cannot be read`);
    const { documents, problems } = loadYaml(await at.side.view.read(found.path), found.path);
    if (problems.some((problem) => problem.fatal)) throw new EditRefused(`${path} cannot be read as YAML`);
    const patch = documents[0]?.value;
    if (!isMap(patch)) throw new EditRefused(`${path} holds no source`);
    merged = decodedOver(merged, mergePatch(merged, patch));
    const wrong = wrongType(merged);
    if (wrong !== null) throw new EditRefused(`${path} makes ${wrong} something else than text`);
  }
  const kept: JsonMap = { ...merged };
  for (const name of ['repoURL', 'path', 'chart', 'targetRevision']) {
    const own = field(source, name);
    if (own === undefined) delete kept[name];
    else kept[name] = own;
  }
  return kept;
}

/**
 * The source as the controller writes it before it asks for manifests: options that say nothing are taken away
 * (util/argo NormalizeSource, IsZero), so that they do not say the type either. What override files add stays.
 */
function withoutEmptyOptions(source: JsonMap): JsonMap {
  const kept = { ...source };
  for (const type of ['kustomize', 'helm', 'directory'] as const) {
    const options = field(source, type);
    if (saysNothing(options) && !isMap(field(options, 'valuesObject'))) delete kept[type];
  }
  return kept;
}

function saysNothing(value: JsonValue | undefined): boolean {
  if (isMap(value)) return Object.values(value).every(saysNothing);
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === '' || value === false;
}

/** Options whose values must be text: Argo CD reads the merged source by its Go type. */
const TEXTS: readonly (readonly string[])[] = [
  ...['releaseName', 'values', 'version', 'namespace', 'kubeVersion'].map((name) => ['helm', name]),
  ...['valueFiles', 'apiVersions'].map((name) => ['helm', name, '*']),
  ...['name', 'value'].map((name) => ['helm', 'parameters', '*', name]),
  ...['name', 'path'].map((name) => ['helm', 'fileParameters', '*', name]),
  ...['namePrefix', 'nameSuffix', 'namespace', 'version'].map((name) => ['kustomize', name]),
  ...['images', 'components', 'commonLabels', 'commonAnnotations'].map((name) => ['kustomize', name, '*']),
  ...['include', 'exclude'].map((name) => ['directory', name]),
];

/** The first option that is no text though it must be, or null. */
function wrongType(source: JsonMap): string | null {
  const found = TEXTS.find((path) => valuesAt(source, path).some((value) => typeof value !== 'string'));
  return found === undefined ? null : found.join('.');
}

/** What stands at a path, `*` for every item or value; nothing where the path ends early or in null. */
function valuesAt(value: JsonValue | undefined, [name, ...rest]: readonly string[]): JsonValue[] {
  if (value === undefined || value === null) return [];
  if (name === undefined) return [value];
  if (name === '*' && Array.isArray(value)) return value.flatMap((item) => valuesAt(item, rest));
  if (!isMap(value)) return [];
  if (name === '*') return Object.values(value).flatMap((item) => valuesAt(item, rest));
  return valuesAt(field(value, name), rest);
}

/**
 * What Go's JSON decoder makes of a source that is read over the old one: what is left out stays, in mappings as in the
 * items of lists, so that `null` in an override file takes nothing away.
 */
function decodedOver(old: JsonMap, made: JsonMap): JsonMap {
  const decoded = new Map(Object.entries(old));
  for (const [key, value] of Object.entries(made)) {
    const before = decoded.get(key);
    if (key === 'valuesObject') decoded.set(key, value);
    else if (isMap(value) && isMap(before)) decoded.set(key, decodedOver(before, value));
    else if (Array.isArray(value) && Array.isArray(before)) {
      const items = value.map((item, index) => {
        const stale = before[index];
        return isMap(item) && isMap(stale) ? decodedOver(stale, item) : item;
      });
      decoded.set(key, items);
    } else decoded.set(key, value);
  }
  return Object.fromEntries(decoded);
}

/** RFC 7396. */
function mergePatch(base: JsonMap, patch: JsonMap): JsonMap {
  const merged = new Map<string, JsonValue>(Object.entries(base));
  for (const [key, value] of Object.entries(patch)) {
    const old = merged.get(key);
    if (value === null) merged.delete(key);
    else merged.set(key, isMap(value) ? mergePatch(isMap(old) ? old : {}, value) : value);
  }
  return Object.fromEntries(merged);
}
