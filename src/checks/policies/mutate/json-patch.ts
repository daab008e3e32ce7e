import type { JsonValue } from '../../../contract/index.js';
import { clone, deepEqual, isObject, type JsonObject, member, setMember, text } from '../values/json.js';

/** A patch that does not fit its object. */
export class PatchError extends Error {}

/** A place in a list, from its end where it is negative; `-` is the place behind the last item. */
const INDEX = /^-?(0|[1-9]\d{0,8})$/;
const PLACE = /^-?(0|[1-9]\d{0,8})$|^-$/;

function pointer(path: string): string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw new PatchError(`${path} is no JSON pointer`);
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function indexOf(items: readonly JsonValue[], key: string, adding: boolean): number {
  if (key === '-' && adding) return items.length;
  const index = INDEX.test(key) ? Number(key) : Number.NaN;
  // a place counted from the end is one in the list as it will be: -1 adds behind the last item
  const absolute = index < 0 ? items.length + (adding ? 1 : 0) + index : index;
  if (!(absolute >= 0 && absolute < items.length + (adding ? 1 : 0)))
    throw new PatchError(`no item ${key} in the list`);
  return absolute;
}

function get(root: JsonValue, path: readonly string[]): JsonValue {
  let current = root;
  for (const key of path) {
    const next: JsonValue | undefined = Array.isArray(current)
      ? current[indexOf(current, key, false)]
      : member(current, key);
    if (next === undefined) throw new PatchError(`/${path.join('/')} is not there`);
    current = next;
  }
  return current;
}

/**
 * Makes what is missing on the way to a member that is added: a list where the next key is a place in one, else a map.
 * Semantics: EnsurePathExistsOnAdd and SupportNegativeIndices of evanphx/json-patch, with which Kyverno applies patches.
 */
function ensure(root: JsonValue, path: readonly string[]): void {
  let current: JsonValue = root;
  for (const [index, key] of path.slice(0, -1).entries()) {
    const next = followed(current, key);
    if (next !== undefined) {
      current = next;
      continue;
    }
    const made: JsonValue = PLACE.test(path[index + 1] ?? '') ? [] : {};
    if (Array.isArray(current)) current.splice(indexOf(current, key, true), 0, made);
    else if (isObject(current)) setMember(current, key, made);
    else return;
    current = made;
  }
}

/** What stands at one key, or undefined. */
function followed(parent: JsonValue, key: string): JsonValue | undefined {
  if (!Array.isArray(parent)) return member(parent, key);
  return INDEX.test(key) ? parent.at(Number(key)) : undefined;
}

function add(root: JsonValue, path: readonly string[], value: JsonValue): JsonValue {
  const key = path.at(-1);
  if (key === undefined) return value;
  const parent = get(root, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(indexOf(parent, key, true), 0, value);
  else if (isObject(parent)) setMember(parent, key, value);
  else throw new PatchError(`/${path.join('/')} cannot be added`);
  return root;
}

function remove(root: JsonValue, path: readonly string[]): void {
  const key = path.at(-1);
  const parent = get(root, path.slice(0, -1));
  if (key !== undefined && Array.isArray(parent)) parent.splice(indexOf(parent, key, false), 1);
  else if (key !== undefined && isObject(parent) && Object.hasOwn(parent, key)) delete parent[key];
  else throw new PatchError(`/${path.join('/')} is not there`);
}

function exists(root: JsonValue, path: readonly string[]): boolean {
  try {
    get(root, path);
    return true;
  } catch (error) {
    if (error instanceof PatchError) return false;
    throw error;
  }
}

/** Applies the operations of RFC 6902 to a copy of an object. @throws PatchError */
export function applyJsonPatch(object: JsonObject, operations: readonly JsonValue[]): JsonObject {
  let root: JsonValue = clone(object);
  for (const operation of operations) {
    const path = pointer(text(member(operation, 'path')));
    const value = clone(member(operation, 'value') ?? null);
    switch (text(member(operation, 'op'))) {
      case 'add':
        ensure(root, path);
        root = add(root, path, value);
        break;
      case 'replace':
        get(root, path);
        if (path.length > 0 && !Array.isArray(get(root, path.slice(0, -1)))) root = add(root, path, value);
        else {
          remove(root, path);
          root = add(root, path, value);
        }
        break;
      case 'remove':
        // Kyverno lets what is not there be removed
        if (exists(root, path)) remove(root, path);
        break;
      case 'copy':
        root = add(root, path, clone(get(root, pointer(text(member(operation, 'from'))))));
        break;
      case 'move': {
        const from = pointer(text(member(operation, 'from')));
        const moved = get(root, from);
        remove(root, from);
        root = add(root, path, moved);
        break;
      }
      case 'test':
        if (!deepEqual(get(root, path), value)) throw new PatchError(`/${path.join('/')} is not as tested`);
        break;
      default:
        throw new PatchError(`unknown operation ${text(member(operation, 'op'))}`);
    }
  }
  if (!isObject(root)) throw new PatchError('the patch leaves no object');
  return root;
}
