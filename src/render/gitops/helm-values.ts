import type { JsonValue } from '../../contract/index.js';
import { isMap, type JsonMap } from '../inputs/json-shape.js';

/** Values as Helm merges them: mappings deeply, everything else replaced by the later one (Flux: transform.MergeMaps). */
export function mergeValues(base: JsonMap, over: JsonMap): JsonMap {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const old = merged.get(key);
    merged.set(key, isMap(old) && isMap(value) ? mergeValues(old, value) : value);
  }
  return Object.fromEntries(merged);
}

/**
 * Sets a value at a path as `--set` would (`a.b[0].c`; `\.` is a dot in a key).
 * @returns the changed values, or null where the path is not one
 */
export function setAtPath(values: JsonMap, path: string, value: JsonValue): JsonMap | null {
  const keys = parsePath(path);
  if (keys === null || keys.length > 50) return null;
  const changed = put(values, keys, value);
  return isMap(changed) ? changed : null;
}

/** A word of `--set` by its type: true, false, null, an integer, else text (helm's strvals). */
export function typedValue(written: string): JsonValue {
  if (written === 'true') return true;
  if (written === 'false') return false;
  if (written === 'null') return null;
  if (/^(0|-?[1-9]\d{0,14})$/.test(written)) return Number(written);
  return written;
}

function parsePath(path: string): (string | number)[] | null {
  const keys: (string | number)[] = [];
  let key = '';
  for (let at = 0; at < path.length; at += 1) {
    const char = path[at] ?? '';
    if (char === '\\') {
      at += 1;
      key += path[at] ?? '';
    } else if (char === '.') {
      if (key !== '') keys.push(key);
      else if (path[at - 1] !== ']') return null;
      key = '';
    } else if (char === '[') {
      const end = path.indexOf(']', at);
      const index = Number(path.slice(at + 1, end));
      if (end < 0 || !Number.isInteger(index) || index < 0 || index > 1000) return null;
      if (key !== '') keys.push(key);
      key = '';
      keys.push(index);
      at = end;
    } else {
      key += char;
    }
  }
  if (key !== '') keys.push(key);
  return keys.length === 0 ? null : keys;
}

function put(
  at: JsonValue | undefined,
  [key, ...rest]: readonly (string | number)[],
  value: JsonValue,
): JsonValue {
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const items = Array.isArray(at) ? [...at] : [];
    while (items.length <= key) items.push(null);
    items[key] = put(items[key], rest, value);
    return items;
  }
  const map = new Map(isMap(at) ? Object.entries(at) : []);
  map.set(key, put(map.get(key), rest, value));
  return Object.fromEntries(map);
}
