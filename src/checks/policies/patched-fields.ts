import type { JsonValue } from '../../contract/index.js';
import {
  type FieldPath,
  loadYaml,
  type Manifest,
  type Position,
  type YamlDocument,
} from '../../kubernetes/index.js';
import { deepEqual, isObject, list, member, memberAt, text } from './values/json.js';
import { valueAt } from './violation.js';

/** Lists of a kustomization whose items are, or name inline, patches; and the key that holds the text of one. */
const INLINE = [
  ['patches', 'patch'],
  ['patchesJson6902', 'patch'],
  ['patchesStrategicMerge', null],
] as const;
/** Characters of a patch that stands in a kustomization. */
const LONGEST = 100_000;

/**
 * The places in a file at which it sets a field of a rendered object to the value that it has: in a strategic merge patch, a
 * JSON patch, either of them inline in a kustomization, or its list of images.
 * Semantics: kustomize, api/types/kustomization.go and patch.go.
 */
export function placesSetting(
  documents: readonly YamlDocument[],
  manifest: Manifest,
  field: FieldPath,
): Position[] {
  const value = valueAt(manifest.object, field);
  // what is not there was set by nobody
  if (value === undefined || field.length === 0) return [];
  return documents.flatMap((document) => {
    const places = patchPlaces(document, manifest, field, value);
    return isKustomization(document.value)
      ? [...places, ...ofKustomization(document, manifest, field, value)]
      : places;
  });
}

function isKustomization(value: JsonValue): boolean {
  const kind = text(member(value, 'kind'));
  const isOther =
    text(member(value, 'apiVersion')) !== '' &&
    !/^kustomize\.config\.k8s\.io\//.test(text(member(value, 'apiVersion')));
  return isObject(value) && !isOther && ['', 'Kustomization', 'Component'].includes(kind);
}

function patchPlaces(
  document: Pick<YamlDocument, 'value' | 'locate'>,
  manifest: Manifest,
  field: FieldPath,
  value: JsonValue,
): Position[] {
  const path = Array.isArray(document.value)
    ? jsonPatchPath(document.value, manifest.object, field, value)
    : mergePatchPath(document.value, manifest, field, value);
  const place = path === null ? null : document.locate(path);
  return place === null ? [] : [place];
}

/** The field in a patch that has the form of the object; items of lists are found by their names. */
function mergePatchPath(
  patch: JsonValue,
  manifest: Manifest,
  field: FieldPath,
  value: JsonValue,
): FieldPath | null {
  const name = text(memberAt(patch, 'metadata', 'name'));
  if (text(member(patch, 'kind')) !== manifest.ref.kind || !isNameOf(name, manifest)) return null;
  const path: (string | number)[] = [];
  let [from, to]: (JsonValue | undefined)[] = [manifest.object, patch];
  for (const key of field) {
    let at = key;
    if (typeof key === 'number') {
      const item: JsonValue | undefined = Array.isArray(from) ? from[key] : undefined;
      const itemName = member(item, 'name');
      at = list(to).findIndex((other) =>
        itemName === undefined ? deepEqual(other, item ?? null) : member(other, 'name') === itemName,
      );
      if (at < 0) return null;
    }
    path.push(at);
    from = Array.isArray(from) ? from[Number(key)] : member(from, String(key));
    to = Array.isArray(to) ? to[Number(at)] : member(to, String(at));
    if (to === undefined) return null;
  }
  return to !== undefined && deepEqual(to, value) ? path : null;
}

/** Prefixes and suffixes are added to names, never taken away; a patch of a chosen target may have any. */
function isNameOf(name: string, { ref }: Manifest): boolean {
  return name !== '' && ref.name.includes(name);
}

/** The value of the last operation that sets the field, or what holds it. */
function jsonPatchPath(
  operations: readonly JsonValue[],
  object: JsonValue,
  field: FieldPath,
  value: JsonValue,
): FieldPath | null {
  for (let index = operations.length - 1; index >= 0; index -= 1) {
    const operation = operations[index];
    if (!['add', 'replace'].includes(text(member(operation, 'op')))) continue;
    const keys = pointer(text(member(operation, 'path')));
    if (keys === null || keys.length > field.length) continue;
    const fits = keys.every((key, depth) =>
      isStep(key, field[depth], valueAt(object, field.slice(0, depth))),
    );
    const set = member(operation, 'value');
    const rest = field.slice(keys.length);
    if (fits && set !== undefined && deepEqual(valueAt(set, rest) ?? null, value))
      return [index, 'value', ...rest];
  }
  return null;
}

function isStep(key: string, step: string | number | undefined, at: JsonValue | undefined): boolean {
  return key === String(step) || (key === '-' && Array.isArray(at) && step === at.length - 1);
}

/** The keys of a JSON pointer (RFC 6901); null for a text that is none. */
function pointer(source: string): string[] | null {
  if (!source.startsWith('/')) return null;
  return source
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function ofKustomization(
  document: YamlDocument,
  manifest: Manifest,
  field: FieldPath,
  value: JsonValue,
): Position[] {
  const inline = INLINE.flatMap(([name, key]) =>
    list(member(document.value, name)).flatMap((item, index) => {
      const source = key === null ? text(item) : text(member(item, key));
      if (source === '' || source.length > LONGEST || !isMeant(member(item, 'target'), manifest)) return [];
      const at = document.locateValue([name, index, ...(key === null ? [] : [key])]);
      return at === null ? [] : inText(source, at, manifest, field, value);
    }),
  );
  return [...inline, ...ofImages(document, field, value)];
}

/** False where a patch names another object as its target. */
function isMeant(target: JsonValue | undefined, { ref }: Manifest): boolean {
  if (!isObject(target)) return true;
  const [kind, name] = [text(member(target, 'kind')), text(member(target, 'name'))];
  return (
    (kind === '' || kind === ref.kind) && (name === '' || /[^\w.-]/.test(name) || ref.name.includes(name))
  );
}

/** Places in a text that stands in a file. A block (`|`) is located at the first line of what it holds, as a whole. */
function inText(
  source: string,
  at: Position,
  manifest: Manifest,
  field: FieldPath,
  value: JsonValue,
): Position[] {
  const { documents } = loadYaml(Buffer.from(source), '');
  const isBlock = at.column === 1;
  return documents.flatMap((document) =>
    patchPlaces(document, manifest, field, value).map(({ line, endLine }) =>
      isBlock ? { line: at.line + line - 1, endLine: at.line + endLine - 1, column: 1 } : at,
    ),
  );
}

/** `images:` sets the tag, digest or name of every image of a name. */
function ofImages(document: YamlDocument, field: FieldPath, value: JsonValue): Position[] {
  if (field.at(-1) !== 'image' || typeof value !== 'string') return [];
  return list(member(document.value, 'images')).flatMap((image, index) => {
    const name = text(member(image, 'newName')) || text(member(image, 'name'));
    if (name === '' || !value.startsWith(name) || !/^(?:[:@]|$)/.test(value.slice(name.length))) return [];
    const key = ['newTag', 'digest', 'newName'].find((one) => member(image, one) !== undefined);
    const place = key === undefined ? null : document.locate(['images', index, key]);
    return place === null ? [] : [place];
  });
}
