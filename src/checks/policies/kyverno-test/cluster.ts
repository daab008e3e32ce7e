import type { JsonValue } from '../../../contract/index.js';
import type { ClusterObjects } from '../kyverno/environment.js';
import { isObject, type JsonObject, list, member, memberAt, text, texts } from '../values/json.js';
import { joinPath, type TestFiles } from './files.js';
import { readDocuments, readObjects } from './objects.js';

/** Objects that the `context` file of a test holds. */
export async function contextObjects(
  test: JsonObject,
  folder: string,
  files: TestFiles,
): Promise<JsonObject[]> {
  const name = text(member(test, 'context'));
  if (name === '') return [];
  const documents = await readDocuments(files, joinPath(folder, name));
  return documents.flatMap((document) => list(memberAt(document, 'spec', 'resources')).filter(isObject));
}

/** Objects that `clusterResources` say the cluster has: ClusterResource files, or objects as they are. */
export async function clusterObjects(
  test: JsonObject,
  folder: string,
  files: TestFiles,
): Promise<JsonObject[]> {
  const paths = texts(member(test, 'clusterResources')).map((name) => joinPath(folder, name));
  const read = await readObjects(files, paths);
  return read.flatMap((object) =>
    text(member(object, 'kind')) === 'ClusterResource'
      ? list(memberAt(object, 'spec', 'resources')).filter(isObject)
      : [object],
  );
}

/** Data of images that the `context` file of a test holds. */
export async function contextImages(
  test: JsonObject,
  folder: string,
  files: TestFiles,
): Promise<ReadonlyMap<string, JsonValue>> {
  const name = text(member(test, 'context'));
  if (name === '') return new Map();
  const documents = await readDocuments(files, joinPath(folder, name));
  const images = documents.flatMap((document) => list(memberAt(document, 'spec', 'images')));
  return new Map(images.map((image) => [text(member(image, 'image')), image]));
}

/** The given objects as the cluster that policies may look into. */
export function clusterOf(objects: readonly JsonObject[]): ClusterObjects {
  const is = (object: JsonObject, apiVersion: string, kind: string): boolean =>
    text(member(object, 'apiVersion')) === apiVersion && text(member(object, 'kind')) === kind;
  const namespaceOf = (object: JsonObject): string => text(memberAt(object, 'metadata', 'namespace'));
  return {
    get: (apiVersion, kind, namespace, name) =>
      objects.find(
        (object) =>
          is(object, apiVersion, kind) &&
          text(memberAt(object, 'metadata', 'name')) === name &&
          (namespace === '' || namespaceOf(object) === namespace),
      ) ?? null,
    list: (apiVersion, kind, namespace) =>
      objects.filter(
        (object) => is(object, apiVersion, kind) && (namespace === '' || namespaceOf(object) === namespace),
      ),
    complete: true,
  };
}
