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
  /**
   * Where something is meant as a Kubernetes object and is none: it says its apiVersion and kind, and one is no text; it has metadata
   * and only one of them; it is an item of a List. Nothing applies it, and whoever judges the file must say so.
   */
  misfits: Problem[];
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
  const misfits: Problem[] = [];
  for (const document of documents) {
    const found: Found[] = [];
    const unfit: Unfit[] = [];
    objectsIn(document.value, [], found, unfit);
    if (found.length === 0 && unfit.length === 0 && !isList(document.value)) others.add(document.index);
    for (const { root, message } of unfit) {
      const { line, column } = document.locate(root) ?? { line: 1, column: 1 };
      misfits.push({ code: 'no-object', message, line, column, document: document.index, fatal: true });
    }
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
    misfits,
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
  return values.flatMap((value, document) => {
    const found: Found[] = [];
    objectsIn(value, [], found, []);
    return found.map(({ object, root }) => ({
      object,
      ref: refOf(object, scopes),
      path: (typeof origin === 'function' ? origin(object) : origin).path,
      document,
      root,
      locate: () => null,
    }));
  });
}

/** What is wrong with values that are meant as Kubernetes objects and are none (see `misfits`), first of all. */
export function misfitOf(value: JsonValue): string | null {
  const unfit: Unfit[] = [];
  objectsIn(value, [], [], unfit);
  return unfit[0]?.message ?? null;
}

function isList(value: JsonValue): boolean {
  return isKubernetesObject(value) && typeof value.kind === 'string' && value.kind.endsWith('List');
}

interface Found {
  object: KubernetesObject;
  root: FieldPath;
}

interface Unfit {
  root: FieldPath;
  message: string;
}

/** Collects the objects of a value, and where it holds something that is meant as one and is none. */
function objectsIn(value: JsonValue, root: FieldPath, found: Found[], unfit: Unfit[]): void {
  if (!isKubernetesObject(value)) {
    const wrong = misfit(value, root.length > 0);
    if (wrong !== null) unfit.push({ root: [...root, ...wrong.field], message: wrong.message });
    return;
  }
  const items = value.items;
  if (!isList(value) || root.length > LIST_DEPTH * 2) {
    found.push({ object: value, root });
    return;
  }
  if (!Array.isArray(items)) {
    // A kind of the user's own may end in List and be no list: it has a name then.
    const metadata = value.metadata;
    if (isRecord(metadata) && typeof metadata.name === 'string') found.push({ object: value, root });
    else if (items !== undefined && items !== null)
      unfit.push({
        root: [...root, 'items'],
        message: 'items of a List is no list: nothing in it is judged',
      });
    return;
  }
  const kind = String(value.kind).slice(0, -'List'.length);
  for (const [index, item] of items.entries())
    objectsIn(typed(item, kind, value.apiVersion), [...root, 'items', index], found, unfit);
}

const TYPE_FIELDS = ['apiVersion', 'kind'] as const;

/** What keeps a value from being the object that it is meant to be; null where it is not meant as one. */
function misfit(value: JsonValue, isItem: boolean): { field: FieldPath; message: string } | null {
  if (!isRecord(value))
    return isItem ? { field: [], message: 'an item of a List is no Kubernetes object' } : null;
  const said = TYPE_FIELDS.filter((field) => Object.hasOwn(value, field));
  if (!isItem && said.length < 2 && !(said.length === 1 && isRecord(value.metadata))) return null;
  const absent = TYPE_FIELDS.find((field) => !said.includes(field));
  if (absent !== undefined)
    return {
      field: [],
      message: `${absent} is missing: this is no Kubernetes object, and nothing in it is judged`,
    };
  const wrong =
    TYPE_FIELDS.find((field) => typeof value[field] !== 'string' || value[field] === '') ?? 'kind';
  return {
    field: [wrong],
    message: `${wrong} must be a text that is not empty: this is no Kubernetes object, and nothing in it is judged`,
  };
}

/** Items of a typed list (PodList) may leave out what the list says: kubectl fills it in. */
function typed(item: JsonValue, kind: string, apiVersion: JsonValue | undefined): JsonValue {
  if (!isRecord(item) || kind === '' || typeof apiVersion !== 'string') return item;
  if (item.kind !== undefined && item.apiVersion !== undefined) return item;
  return { apiVersion, kind, ...item };
}
