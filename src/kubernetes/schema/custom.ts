import { RE2JS } from 're2js';
import type { JsonValue } from '../../contract/index.js';
import { isRecord } from '../identity.js';
import type { FieldPath } from '../manifest.js';
import { checkOf } from './built-in.js';
import type { OpenApiSchema } from './custom-types.js';
import { lacksFormat } from './formats.js';
import { kindOfValue, type Report } from './problem.js';
import { suggestion } from './suggestion.js';
import { isUnresolved } from './syntax.js';

const MAX_STEPS = 200_000;
const MAX_PATTERN = 4_096;

/** Raised when a schema and an object together take too many steps; turned into a `limit` problem. */
class TooCostly extends Error {}

/**
 * Checks an object against the structural schema of its CustomResourceDefinition: types, required, unknown fields
 * (where they are pruned), enumerations, bounds, patterns (RE2), formats, combinators. Validation rules in CEL are the policies check's.
 * Source: apiextensions-apiserver pkg/apiserver/{schema,validation}.
 */
export function checkCustom(
  object: { [key: string]: JsonValue },
  schema: OpenApiSchema,
  minor: number,
  report: Report,
): void {
  try {
    new CustomChecker(minor).object(object, schema, [], report);
  } catch (error) {
    if (!(error instanceof TooCostly)) throw error;
    report([], 'limit', `the schema takes more than ${MAX_STEPS} steps on this object`);
  }
}

const ROOT_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

class CustomChecker {
  readonly #minor: number;
  #steps = 0;

  constructor(minor: number) {
    this.#minor = minor;
  }

  /** A whole object: type and object meta are Kubernetes' own, whatever the schema says of them. */
  object(value: { [key: string]: JsonValue }, schema: OpenApiSchema, path: FieldPath, report: Report): void {
    const metadata = value.metadata;
    if (metadata !== undefined) {
      checkOf('meta/v1.ObjectMeta', this.#minor)(metadata, [...path, 'metadata'], report);
    }
    this.#map(value, schema, path, report, ROOT_FIELDS);
    this.#combinators(value, schema, path, report);
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw new TooCostly();
  }

  #value(value: JsonValue, schema: OpenApiSchema, path: FieldPath, report: Report): void {
    this.#spend(1);
    if (value === null) {
      // A null that is not nullable is pruned (where there is a default) or refused for required fields only.
      return;
    }
    if (typeof value === 'string' && isUnresolved(value)) return;
    if (!this.#typeFits(value, schema)) {
      const wanted =
        schema['x-kubernetes-int-or-string'] === true ? 'integer or string' : String(schema.type);
      report(path, 'wrong-type', `must be of type ${wanted}, is ${kindOfValue(value)}`);
      return;
    }
    if (Array.isArray(schema.enum) && !schema.enum.some((allowed) => same(allowed, value))) {
      const shown = schema.enum.filter((allowed) => typeof allowed === 'string').slice(0, 12);
      report(
        path,
        'enum',
        shown.length === 0 ? 'is not one of the allowed values' : `must be one of ${shown.join(', ')}`,
      );
    }
    if (Array.isArray(value)) this.#list(value, schema, path, report);
    else if (isRecord(value)) {
      if (schema['x-kubernetes-embedded-resource'] === true) this.object(value, schema, path, report);
      else this.#map(value, schema, path, report, new Set());
    } else this.#scalar(value, schema, path, report);
    this.#combinators(value, schema, path, report);
  }

  #typeFits(value: JsonValue, schema: OpenApiSchema): boolean {
    if (schema['x-kubernetes-int-or-string'] === true) {
      return typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value));
    }
    switch (schema.type) {
      case 'string':
        return typeof value === 'string';
      case 'integer':
        return typeof value === 'number' && Number.isInteger(value);
      case 'number':
        return typeof value === 'number';
      case 'boolean':
        return typeof value === 'boolean';
      case 'array':
        return Array.isArray(value);
      case 'object':
        return isRecord(value);
      default:
        return true;
    }
  }

  #map(
    value: { [key: string]: JsonValue },
    schema: OpenApiSchema,
    path: FieldPath,
    report: Report,
    known: ReadonlySet<string>,
  ): void {
    const properties = isRecord(schema.properties) ? schema.properties : {};
    const additional = schema.additionalProperties;
    const keepsUnknown =
      schema['x-kubernetes-preserve-unknown-fields'] === true ||
      additional === true ||
      (schema.type === undefined && !isRecord(schema.properties));
    for (const [key, item] of Object.entries(value)) {
      if (known.has(key)) continue;
      const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (isRecord(property)) this.#value(item, property, [...path, key], report);
      else if (isRecord(additional)) this.#value(item, additional, [...path, key], report);
      else if (!keepsUnknown && !isEmptyTimestamp(key, item))
        report(
          [...path, key],
          'unknown-field',
          () => `is no field here${suggestion(key, Object.keys(properties))}`,
        );
    }
    if (Array.isArray(schema.required)) {
      for (const key of schema.required) {
        if (typeof key !== 'string' || known.has(key)) continue;
        const missing = !Object.hasOwn(value, key) || value[key] === null;
        const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
        const filled =
          isRecord(property) &&
          (property.default !== undefined || (property.nullable === true && Object.hasOwn(value, key)));
        if (missing && !filled) report([...path, key], 'required', 'is required');
      }
    }
    this.#bound(
      Object.keys(value).length,
      schema.minProperties,
      schema.maxProperties,
      'entries',
      path,
      report,
    );
  }

  #list(value: JsonValue[], schema: OpenApiSchema, path: FieldPath, report: Report): void {
    const { items } = schema;
    if (isRecord(items)) {
      // Nulls of fields are pruned where they are not nullable; those of lists stay, and have the wrong type.
      const refusesNull = items.nullable !== true && typeof items.type === 'string';
      for (const [index, item] of value.entries()) {
        if (item === null && refusesNull)
          report([...path, index], 'wrong-type', 'an item of the list is null');
        else this.#value(item, items, [...path, index], report);
      }
    }
    this.#bound(value.length, schema.minItems, schema.maxItems, 'items', path, report);
    this.#doubles(value, schema, path, report);
  }

  /**
   * Items of a set, and items of a map by their keys, are there once.
   * Source: apiextensions-apiserver pkg/apiserver/schema/listtype/validation.go.
   */
  #doubles(list: readonly JsonValue[], schema: OpenApiSchema, path: FieldPath, report: Report): void {
    const keys = schema['x-kubernetes-list-map-keys'];
    const type = schema['x-kubernetes-list-type'];
    if (type !== 'set' && !(type === 'map' && Array.isArray(keys))) return;
    const seen = new Set<string>();
    for (const [index, item] of list.entries()) {
      const identity =
        type === 'map' && Array.isArray(keys)
          ? keys.map((key) => (isRecord(item) && typeof key === 'string' ? (item[key] ?? null) : null))
          : item;
      const text = JSON.stringify(identity);
      this.#spend(text.length >> 5);
      if (seen.has(text)) report([...path, index], 'invalid-value', 'is there twice');
      seen.add(text);
    }
  }

  #scalar(value: string | number | boolean, schema: OpenApiSchema, path: FieldPath, report: Report): void {
    if (typeof value === 'string') {
      this.#bound([...value].length, schema.minLength, schema.maxLength, 'characters', path, report);
      if (typeof schema.pattern === 'string' && !matches(schema.pattern, value)) {
        report(path, 'invalid-value', `must match ${schema.pattern.slice(0, 200)}`);
      }
      const wanted = typeof schema.format === 'string' ? lacksFormat(schema.format, value) : null;
      if (wanted !== null) report(path, 'invalid-value', `must be ${wanted}`);
      return;
    }
    if (typeof value !== 'number') return;
    const { minimum, maximum, multipleOf } = schema;
    if (
      typeof minimum === 'number' &&
      (schema.exclusiveMinimum === true ? value <= minimum : value < minimum)
    ) {
      report(
        path,
        'invalid-value',
        `must be ${schema.exclusiveMinimum === true ? 'more than' : 'at least'} ${minimum}`,
      );
    }
    if (
      typeof maximum === 'number' &&
      (schema.exclusiveMaximum === true ? value >= maximum : value > maximum)
    ) {
      report(
        path,
        'invalid-value',
        `must be ${schema.exclusiveMaximum === true ? 'less than' : 'at most'} ${maximum}`,
      );
    }
    if (typeof multipleOf === 'number' && multipleOf > 0 && !Number.isInteger(value / multipleOf)) {
      report(path, 'invalid-value', `must be a multiple of ${multipleOf}`);
    }
  }

  #bound(
    size: number,
    least: JsonValue | undefined,
    most: JsonValue | undefined,
    unit: string,
    path: FieldPath,
    report: Report,
  ): void {
    if (typeof least === 'number' && size < least)
      report(path, 'invalid-value', `must have at least ${least} ${unit}`);
    if (typeof most === 'number' && size > most)
      report(path, 'invalid-value', `must have at most ${most} ${unit}`);
  }

  /** Combinators validate values; which fields exist is said by the structural part alone. */
  #combinators(value: JsonValue, schema: OpenApiSchema, path: FieldPath, report: Report): void {
    if (Array.isArray(schema.allOf)) {
      for (const part of schema.allOf) if (isRecord(part)) this.#validations(value, part, path, report);
    }
    if (
      Array.isArray(schema.anyOf) &&
      !schema.anyOf.some((part) => isRecord(part) && this.#holds(value, part))
    ) {
      report(path, 'invalid-value', 'fits none of the allowed forms');
    }
    if (Array.isArray(schema.oneOf)) {
      const fitting = schema.oneOf.filter((part) => isRecord(part) && this.#holds(value, part)).length;
      if (fitting !== 1)
        report(path, 'invalid-value', `fits ${fitting} of the forms of which it must fit one`);
    }
    if (isRecord(schema.not) && this.#holds(value, schema.not)) {
      report(path, 'invalid-value', 'has a form that is not allowed');
    }
  }

  #validations(value: JsonValue, schema: OpenApiSchema, path: FieldPath, report: Report): void {
    this.#value(value, schema, path, (at, code, message) => {
      if (code !== 'unknown-field') report(at, code, message);
    });
  }

  #holds(value: JsonValue, schema: OpenApiSchema): boolean {
    let holds = true;
    this.#validations(value, schema, [], () => {
      holds = false;
    });
    return holds;
  }
}

/** What generators write into every template, and nobody means. */
function isEmptyTimestamp(key: string, value: JsonValue): boolean {
  return key === 'creationTimestamp' && value === null;
}

function same(a: JsonValue, b: JsonValue): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

const compiled = new Map<string, RE2JS | null>();

/** Patterns come from the repository: RE2 runs them in linear time. One that RE2 cannot read is not held against a value. */
function matches(pattern: string, value: string): boolean {
  if (pattern.length > MAX_PATTERN) return true;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    if (compiled.size > 2_000) compiled.clear();
    try {
      expression = RE2JS.compile(pattern);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      expression = null;
    }
    compiled.set(pattern, expression);
  }
  return expression === null || expression.matcher(value).find();
}
