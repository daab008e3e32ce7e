import type { JsonValue } from '../../contract/index.js';
import { isRecord } from '../identity.js';
import { isQuantity } from '../quantity.js';
import { knownRelease, type StructType, structType, type TypeName } from '../types.js';
import { type Constraint, fieldConstraints, structConstraint } from './constraints.js';
import { kindOfValue, type Report } from './problem.js';
import { suggestion } from './suggestion.js';
import { isUnresolved } from './syntax.js';

const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Holds a value against a type. The path is the place of the value; it is added to and cut back on the way, so whoever
 * keeps it must copy it.
 */
export type Check = (value: JsonValue, path: (string | number)[], report: Report) => void;

const compiled = new Map<string, Check>();

/** The check of one of Kubernetes' own types, as of a release (minor of 1); made once. */
export function checkOf(type: TypeName, minor: number): Check {
  const key = `${knownRelease(minor)} ${type}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const check = makeCheck(type, minor);
  compiled.set(key, check);
  return check;
}

function makeCheck(type: TypeName, minor: number): Check {
  if (type.startsWith('[]')) return listCheck(type.slice(2), minor);
  if (type.startsWith('{}')) return mapCheck(type.slice(2), minor);
  if (type.includes('.')) {
    const struct = structType(type);
    return struct === null ? nothing : structCheck(type, struct, minor);
  }
  const problem = SCALARS[type];
  if (problem === undefined) return nothing;
  return (value, path, report) => {
    if (value === null || (typeof value === 'string' && isUnresolved(value))) return;
    const wrong = problem(value);
    if (wrong !== null) report(path, 'wrong-type', wrong);
  };
}

function nothing(): void {
  // a type that takes anything
}

function listCheck(item: TypeName, minor: number): Check {
  const checkItem = checkOf(item, minor);
  return (value, path, report) => {
    if (value === null) return;
    if (!Array.isArray(value)) {
      report(path, 'wrong-type', `must be a list, is ${kindOfValue(value)}`);
      return;
    }
    for (let index = 0; index < value.length; index += 1) {
      path.push(index);
      const one = value[index] ?? null;
      if (one === null && item !== 'any') report(path, 'wrong-type', 'an item of the list is null');
      else checkItem(one, path, report);
      path.pop();
    }
  };
}

function mapCheck(item: TypeName, minor: number): Check {
  const checkItem = checkOf(item, minor);
  return (value, path, report) => {
    if (value === null) return;
    if (!isRecord(value)) {
      report(path, 'wrong-type', `must be a map, is ${kindOfValue(value)}`);
      return;
    }
    for (const key of Object.keys(value)) {
      path.push(key);
      checkItem(value[key] ?? null, path, report);
      path.pop();
    }
  };
}

/** What is known of a field: its check, or why the release has no such field. */
interface FieldCheck {
  check: Check;
  absent: string | null;
  allowed: readonly string[] | null;
  constraint: Constraint | null;
}

function structCheck(name: TypeName, struct: StructType, minor: number): Check {
  // Types refer to themselves: fields are looked up at the first value that has them.
  const fields = new Map<string, FieldCheck>();
  const { required, enums } = struct.rules(minor);
  const constraints = fieldConstraints(name);
  const whole = structConstraint(name);
  const fieldOf = (field: string): FieldCheck | null => {
    const known = fields.get(field);
    if (known !== undefined) return known;
    const type = struct.fields.get(field);
    if (type === undefined) return null;
    const found = {
      check: checkOf(type, minor),
      absent: absence(struct, field, minor),
      allowed: enums.get(field) ?? null,
      constraint: constraints.get(field) ?? null,
    };
    fields.set(field, found);
    return found;
  };
  return (value, path, report) => {
    if (value === null) return;
    if (!isRecord(value)) {
      report(path, 'wrong-type', `must be a map, is ${kindOfValue(value)}`);
      return;
    }
    for (const key of Object.keys(value)) {
      const field = fieldOf(key);
      const item = value[key] ?? null;
      path.push(key);
      if (field === null)
        report(path, 'unknown-field', () => `is no field here${suggestion(key, struct.fields.keys())}`);
      else if (field.absent !== null) report(path, 'unknown-field', field.absent);
      else {
        field.check(item, path, report);
        if (field.allowed !== null) checkEnum(item, field.allowed, path, report);
        if (field.constraint !== null && item !== null) field.constraint(item, path, report);
      }
      path.pop();
    }
    for (const key of required) {
      if (Object.hasOwn(value, key) && value[key] !== null) continue;
      path.push(key);
      report(path, 'required', 'is required');
      path.pop();
    }
    whole?.(value, path, report);
  };
}

/** Why a field that some release has is none in this one; null where it is. */
function absence(struct: StructType, field: string, minor: number): string | null {
  const release = knownRelease(minor);
  const since = struct.since.get(field);
  const until = struct.until.get(field);
  if (since !== undefined && release < since)
    return `is a field from Kubernetes 1.${since} on; the cluster runs 1.${minor}`;
  if (until !== undefined && release > until)
    return `was a field until Kubernetes 1.${until}; the cluster runs 1.${minor}`;
  return null;
}

/** A field with one of a few values, or a list of such. */
function checkEnum(
  value: JsonValue,
  allowed: readonly string[],
  path: (string | number)[],
  report: Report,
): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      path.push(index);
      checkEnum(item, allowed, path, report);
      path.pop();
    }
  } else if (typeof value === 'string' && value !== '' && !allowed.includes(value) && !isUnresolved(value)) {
    report(path, 'enum', `must be one of ${allowed.filter((one) => one !== '').join(', ')}`);
  }
}

const SCALARS: Readonly<Record<string, (value: JsonValue) => string | null>> = {
  string: (value) =>
    typeof value === 'string' ? null : `must be a string, is ${kindOfValue(value)}: quote it`,
  boolean: (value) => (typeof value === 'boolean' ? null : `must be true or false, is ${kindOfValue(value)}`),
  int32: (value) => integerProblem(value, 2 ** 31),
  int64: (value) => integerProblem(value, 2 ** 63),
  number: (value) => (typeof value === 'number' ? null : `must be a number, is ${kindOfValue(value)}`),
  bytes: (value) => {
    if (typeof value !== 'string') return `must be base64 text, is ${kindOfValue(value)}`;
    return BASE64.test(value.trimEnd()) && value.replace(/\s/g, '').length % 4 === 0 ? null : 'is not base64';
  },
  time: (value) =>
    typeof value === 'string' && TIME.test(value) ? null : 'must be a time such as 2026-01-31T12:00:00Z',
  quantity: (value) => (isQuantity(value) ? null : 'must be a quantity such as 500m or 2Gi'),
  intOrString: (value) => {
    if (typeof value === 'string') return null;
    return typeof value === 'number'
      ? integerProblem(value, 2 ** 31)
      : `must be an integer or a string, is ${kindOfValue(value)}`;
  },
};

function integerProblem(value: JsonValue, bound: number): string | null {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return `must be an integer, is ${kindOfValue(value)}${typeof value === 'string' ? ': take the quotes off' : ''}`;
  }
  return value >= -bound && value < bound ? null : 'is too large a number';
}
