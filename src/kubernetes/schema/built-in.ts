import type { JsonValue } from '../../contract/index.js';
import { isRecord } from '../identity.js';
import type { FieldPath } from '../manifest.js';
import { parseQuantity } from '../quantity.js';
import { KNOWN_RELEASES, type StructType, structType, type TypeName } from '../types.js';
import { kindOfValue, type Report } from './problem.js';

const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/;
const TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** Checks a value against one of Kubernetes' own types, as of a release (minor of 1). */
export function checkBuiltIn(
  value: JsonValue,
  type: TypeName,
  minor: number,
  path: FieldPath,
  report: Report,
): void {
  if (value === null) return;
  if (type.startsWith('[]')) {
    if (!Array.isArray(value)) report(path, 'wrong-type', `must be a list, is ${kindOfValue(value)}`);
    else
      for (const [index, item] of value.entries())
        checkItem(item, type.slice(2), minor, [...path, index], report);
    return;
  }
  if (type.startsWith('{}')) {
    if (!isRecord(value)) report(path, 'wrong-type', `must be a map, is ${kindOfValue(value)}`);
    else {
      for (const [key, item] of Object.entries(value)) {
        checkBuiltIn(item, type.slice(2), minor, [...path, key], report);
      }
    }
    return;
  }
  if (type.includes('.')) {
    const struct = structType(type);
    if (struct !== null) checkStruct(value, struct, minor, path, report);
    return;
  }
  const wrong = scalarProblem(value, type);
  if (wrong !== null) report(path, 'wrong-type', wrong);
}

function checkItem(item: JsonValue, type: TypeName, minor: number, path: FieldPath, report: Report): void {
  if (item === null && type !== 'any') report(path, 'wrong-type', 'an item of the list is null');
  else checkBuiltIn(item, type, minor, path, report);
}

/** Checks the fields of a struct. `skip` names fields that are checked elsewhere. */
export function checkStruct(
  value: JsonValue,
  struct: StructType,
  minor: number,
  path: FieldPath,
  report: Report,
  skip: ReadonlySet<string> = new Set(),
): void {
  if (!isRecord(value)) {
    report(path, 'wrong-type', `must be a map, is ${kindOfValue(value)}`);
    return;
  }
  const release = Math.min(Math.max(minor, KNOWN_RELEASES.oldest), KNOWN_RELEASES.newest);
  for (const [name, item] of Object.entries(value)) {
    if (skip.has(name)) continue;
    const type = struct.fields.get(name);
    const at = [...path, name];
    if (type === undefined) {
      report(at, 'unknown-field', `is no field here${suggestion(name, struct)}`);
      continue;
    }
    const since = struct.since.get(name);
    const until = struct.until.get(name);
    if (since !== undefined && release < since) {
      report(at, 'unknown-field', `is a field from Kubernetes 1.${since} on; the cluster runs 1.${minor}`);
    } else if (until !== undefined && release > until) {
      report(at, 'unknown-field', `was a field until Kubernetes 1.${until}; the cluster runs 1.${minor}`);
    } else {
      checkBuiltIn(item, type, minor, at, report);
      const allowed = struct.enums.get(name);
      if (allowed !== undefined && typeof item === 'string' && item !== '' && !allowed.includes(item)) {
        report(at, 'enum', `must be one of ${allowed.join(', ')}`);
      }
    }
  }
  for (const name of struct.required) {
    if (skip.has(name)) continue;
    if (!Object.hasOwn(value, name) || value[name] === null)
      report([...path, name], 'required', 'is required');
  }
}

function scalarProblem(value: JsonValue, type: TypeName): string | null {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? null : `must be a string, is ${kindOfValue(value)}: quote it`;
    case 'boolean':
      return typeof value === 'boolean' ? null : `must be true or false, is ${kindOfValue(value)}`;
    case 'int32':
      return integerProblem(value, 2 ** 31);
    case 'int64':
      return integerProblem(value, 2 ** 63);
    case 'number':
      return typeof value === 'number' ? null : `must be a number, is ${kindOfValue(value)}`;
    case 'bytes':
      if (typeof value !== 'string') return `must be base64 text, is ${kindOfValue(value)}`;
      return BASE64.test(value) && value.replace(/\s/g, '').length % 4 === 0 ? null : 'is not base64';
    case 'time':
      return typeof value === 'string' && TIME.test(value)
        ? null
        : 'must be a time such as 2026-01-31T12:00:00Z';
    case 'quantity':
      return parseQuantity(value) === null ? 'must be a quantity such as 500m or 2Gi' : null;
    case 'intOrString':
      if (typeof value === 'string') return null;
      return typeof value === 'number'
        ? integerProblem(value, 2 ** 31)
        : `must be an integer or a string, is ${kindOfValue(value)}`;
    default:
      return null;
  }
}

function integerProblem(value: JsonValue, bound: number): string | null {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return `must be an integer, is ${kindOfValue(value)}${typeof value === 'string' ? ': take the quotes off' : ''}`;
  }
  return value >= -bound && value < bound ? null : 'is too large a number';
}

/** The field that was likely meant: the same letters in other case, or one edit away. */
function suggestion(name: string, struct: StructType): string {
  if (name.length > 64) return '';
  const lower = name.toLowerCase();
  for (const field of struct.fields.keys()) {
    if (field.toLowerCase() === lower || oneEditApart(field.toLowerCase(), lower))
      return `; did you mean ${field}?`;
  }
  return '';
}

/** True when one letter is added, left out, replaced, or two neighbours are swapped. */
function oneEditApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end += 1;
  const restA = a.slice(start, a.length - end);
  const restB = b.slice(start, b.length - end);
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restB.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
