import type { JsonValue } from '../contract/index.js';
import { isKubernetesObject, isRecord, refOf } from './identity.js';
import type { FieldPath, KubernetesObject, Manifest, Position } from './manifest.js';
import type { Scopes } from './scope.js';
import { type LoadedYaml, loadYaml, type Problem } from './yaml/index.js';

/** The Kubernetes objects of a file. */
export interface LoadedManifests {
  manifests: Manifest[];
  /** Fatal problems of the file, and all problems of documents that are (or could be) Kubernetes objects. */
  problems: Problem[];
  /** Documents that were read and are no Kubernetes objects. */
  otherDocuments: number;
}

const LIST_DEPTH = 10;

/**
 * Reads a file and flattens it into objects: items of every kind that ends in `List` are manifests of their own, with
 * their path in the document as root. Never throws for what is in the file.
 */
export function loadManifests(bytes: Uint8Array, path: string, scopes?: Scopes): LoadedManifests {
  return manifestsOf(loadYaml(bytes, path), path, scopes);
}

/** The Kubernetes objects of a file that was read already. */
export function manifestsOf(loaded: LoadedYaml, path: string, scopes?: Scopes): LoadedManifests {
  const { documents, problems } = loaded;
  const manifests: Manifest[] = [];
  const others = new Set<number>();
  for (const document of documents) {
    const found = objectsIn(document.value, []);
    if (found.length === 0 && !isList(document.value)) others.add(document.index);
    for (const { object, root } of found) {
      manifests.push({
        object,
        ref: refOf(object, scopes),
        path,
        document: document.index,
        root,
        locate: (field: FieldPath): Position | null => document.locate([...root, ...field]),
      });
    }
  }
  return {
    manifests,
    problems: problems.filter(
      (problem) => problem.fatal || problem.document === null || !others.has(problem.document),
    ),
    otherDocuments: others.size,
  };
}

/** Where rendered objects came from. */
export interface Origin {
  /** File of the repository that holds the object, or null when it is not known. */
  path: string | null;
}

/** Manifests out of values that were made (rendered), not read: they have no positions. Lists are flattened. */
export function manifestsFromValues(
  values: readonly JsonValue[],
  origin: Origin | ((object: KubernetesObject) => Origin),
  scopes?: Scopes,
): Manifest[] {
  return values.flatMap((value, document) =>
    objectsIn(value, []).map(({ object, root }) => ({
      object,
      ref: refOf(object, scopes),
      path: (typeof origin === 'function' ? origin(object) : origin).path,
      document,
      root,
      locate: () => null,
    })),
  );
}

function isList(value: JsonValue): boolean {
  return isKubernetesObject(value) && typeof value.kind === 'string' && value.kind.endsWith('List');
}

function objectsIn(value: JsonValue, root: FieldPath): { object: KubernetesObject; root: FieldPath }[] {
  if (!isKubernetesObject(value)) return [];
  const items = value.items;
  if (!isList(value) || root.length > LIST_DEPTH * 2) return [{ object: value, root }];
  if (!Array.isArray(items)) {
    // A kind of the user's own may end in List and be no list: it has a name then.
    const metadata = value.metadata;
    const named = isRecord(metadata) && typeof metadata.name === 'string';
    return named ? [{ object: value, root }] : [];
  }
  const kind = String(value.kind).slice(0, -'List'.length);
  return items.flatMap((item, index) =>
    objectsIn(typed(item, kind, value.apiVersion), [...root, 'items', index]),
  );
}

/** Items of a typed list (PodList) may leave out what the list says: kubectl fills it in. */
function typed(item: JsonValue, kind: string, apiVersion: JsonValue | undefined): JsonValue {
  if (!isRecord(item) || kind === '' || typeof apiVersion !== 'string') return item;
  if (item.kind !== undefined && item.apiVersion !== undefined) return item;
  return { apiVersion, kind, ...item };
}
