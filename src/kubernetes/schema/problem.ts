import type { FieldPath } from '../manifest.js';

/**
 * - `unknown-field`, `wrong-type`, `required`, `enum`, `invalid-value`: the API server refuses or drops it;
 * - `unknown-kind`: Kubernetes (or the definition at hand) has no such kind in that version;
 * - `removed-api`, `deprecated-api`: in the cluster's release;
 * - `no-schema`: a custom kind whose definition is not at hand: nothing was checked;
 * - `limit`: the schema was too costly to follow to its end.
 */
export type SchemaProblemCode =
  | 'unknown-field'
  | 'wrong-type'
  | 'required'
  | 'enum'
  | 'invalid-value'
  | 'unknown-kind'
  | 'deprecated-api'
  | 'removed-api'
  | 'no-schema'
  | 'limit';

/** One way in which an object does not fit its kind. The message holds names and types, never a value. */
export interface SchemaProblem {
  /** Of the field itself; for `required`, of the field that is missing. */
  path: FieldPath;
  code: SchemaProblemCode;
  message: string;
  /**
   * `guess` where the cluster's definition may say otherwise than the shipped one that was asked; `certain` where
   * there is no doubt.
   */
  confidence: 'certain' | 'likely' | 'guess';
  /** The family and version of the shipped definition, or null where Kubernetes or the repository says it. */
  family: string | null;
}

/** Hears of problems as a schema is walked. A message that takes work to make is made only for who wants it. */
export type Report = (path: FieldPath, code: SchemaProblemCode, message: string | (() => string)) => void;

/** What a value is, in the words of schemas. */
export function kindOfValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a string';
    case 'boolean':
      return 'a boolean';
    case 'number':
      return Number.isInteger(value) ? 'an integer' : 'a number';
    default:
      return 'a map';
  }
}

/** `spec.containers[0].image`: a path as people write it. */
export function formatPath(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z0-9_-]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `["${step}"]`;
  }
  return text;
}
