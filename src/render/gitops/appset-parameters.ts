import type { JsonValue } from '../../contract/index.js';
import { isMap, type JsonMap } from '../inputs/json-shape.js';
import { GenerationFailed } from './appset-templates.js';

/** `metadata.name` made fit for a name (applicationset/utils SanitizeName). */
export function sanitizeName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-a-z0-9.]/g, '-')
    .slice(0, 253)
    .replace(/^[-.]+|[-.]+$/g, '');
}

/** A list element in fasttemplate mode: strings, and `values` of strings. */
export function flatElement(element: JsonMap): JsonMap {
  const flat: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(element)) {
    if (typeof value === 'string') flat.push([key, value]);
    else if (key === 'values' && isMap(value)) {
      for (const [name, item] of Object.entries(value)) {
        if (typeof item !== 'string')
          throw new GenerationFailed(`the value ${name} of a list element is no string`);
        flat.push([`values.${name}`, item]);
      }
    } else throw new GenerationFailed(`${key} of a list element is no string`);
  }
  return Object.fromEntries(flat);
}

/** Nested values as one level with dotted keys, everything as text. */
export function flatten(value: JsonMap): Map<string, string> {
  const flat = new Map<string, string>();
  const walk = (at: JsonValue, name: string): void => {
    if (isMap(at))
      for (const [key, item] of Object.entries(at)) walk(item, name === '' ? key : `${name}.${key}`);
    else if (Array.isArray(at)) for (const [index, item] of at.entries()) walk(item, `${name}.${index}`);
    else flat.set(name, at === null ? '<nil>' : typeof at === 'number' ? goNumber(at) : String(at));
  };
  walk(value, '');
  return flat;
}

/** A number as Go prints a float64 with `%v`: with an exponent from a million on. */
function goNumber(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < 21 && power < 6)) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** Two sets of flat strings; the same key with two values is an error (utils.CombineStringMaps). */
export function combine(a: JsonMap, b: JsonMap): JsonMap {
  for (const [key, value] of Object.entries(b)) {
    if (Object.hasOwn(a, key) && a[key] !== value) {
      throw new GenerationFailed(`both generators of a matrix set ${key}`);
    }
  }
  return { ...a, ...b };
}

/** mergo.Merge with override over parameters: mappings deeply, and what is empty overrides too. */
export function override(base: JsonMap, over: JsonMap): JsonMap {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const old = merged.get(key);
    merged.set(key, isMap(old) && isMap(value) ? override(old, value) : value);
  }
  return Object.fromEntries(merged);
}

/** mergo.Merge with override: mappings deeply, and what is empty overrides nothing. */
export function deepMerge(base: JsonMap, over: JsonMap): JsonMap {
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const old = merged.get(key);
    if (isMap(old) && isMap(value)) merged.set(key, deepMerge(old, value));
    else if (old === undefined || !isEmpty(value)) merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function isEmpty(value: JsonValue): boolean {
  if (value === null || value === '' || value === 0 || value === false) return true;
  return Array.isArray(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
}
