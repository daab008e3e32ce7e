import { GateError, type JsonValue } from '../../../contract/index.js';
import { isClusterScoped, loadManifests, loadYaml } from '../../../kubernetes/index.js';
import { clone, emptyObject, isObject, type JsonObject, member, setMember, text } from '../values/json.js';
import type { TestFiles } from './files.js';

/** The objects of files and folders, in order. @throws GateError `usage` for what is missing or does not parse */
export async function readObjects(files: TestFiles, paths: readonly string[]): Promise<JsonObject[]> {
  const objects: JsonObject[] = [];
  for (const path of paths) {
    const bytes = await files.read(path);
    if (bytes !== null) {
      objects.push(...parseObjects(bytes, path));
      continue;
    }
    const inside = (await files.list(path)).filter((name) => /\.(ya?ml|json)$/.test(name));
    if (inside.length === 0) throw new GateError('usage', `${path}: no such file or folder`);
    for (const name of [...inside].sort()) {
      const content = await files.read(name);
      if (content !== null) objects.push(...parseObjects(content, name));
    }
  }
  return objects;
}

function parseObjects(bytes: Uint8Array, path: string): JsonObject[] {
  const { manifests, problems } = loadManifests(bytes, path);
  const fatal = problems.find((problem) => problem.fatal);
  if (fatal !== undefined) throw new GateError('usage', `${path}: ${fatal.message}`);
  return manifests.map((manifest) => manifest.object);
}

/** The documents of a YAML file. @throws GateError `usage` */
export async function readDocuments(files: TestFiles, path: string): Promise<JsonObject[]> {
  const bytes = await files.read(path);
  if (bytes === null) throw new GateError('usage', `${path}: no such file`);
  const { documents, problems } = loadYaml(bytes, path);
  const fatal = problems.find((problem) => problem.fatal);
  if (fatal !== undefined) throw new GateError('usage', `${path}: ${fatal.message}`);
  return documents.map((document) => document.value).filter(isObject);
}

/**
 * An object as Kyverno's command line reads it: a namespace where the kind has one, empty maps where labels or
 * annotations are null (cmd/cli/kubectl-kyverno/resource).
 */
export function asResource(object: JsonObject): JsonObject {
  const copy = clone(object);
  fillMaps(copy);
  const metadata = member(copy, 'metadata');
  if (!isObject(metadata)) return copy;
  const scoped = isClusterScoped(text(member(copy, 'apiVersion')), text(member(copy, 'kind')));
  if (text(member(metadata, 'namespace')) === '' && scoped !== true)
    setMember(metadata, 'namespace', 'default');
  return copy;
}

/**
 * A value without nulls, empty maps and empty lists, as Kyverno's command line compares a patched resource with the expected
 * one (ext/unstructured); null where nothing is left.
 */
export function tidied(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map(tidied).filter((item) => item !== null);
    return items.length === 0 ? null : items;
  }
  if (!isObject(value)) return value;
  const result = emptyObject();
  for (const [key, item] of Object.entries(value)) {
    const kept = tidied(item);
    if (kept !== null) setMember(result, key, kept);
  }
  return Object.keys(result).length === 0 ? null : result;
}

const MAPS = ['annotations', 'labels', 'matchLabels', 'nodeSelector', 'data', 'stringData'];

function fillMaps(value: JsonValue): void {
  if (Array.isArray(value)) value.forEach(fillMaps);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (item === null && MAPS.includes(key)) setMember(value, key, {});
    else fillMaps(item);
  }
}
