import type { JsonValue } from '../../contract/index.js';
import { memberAt, text } from './values/json.js';

/** The annotation with which a policy offers its one safe remedy, as JSON. */
const ANNOTATION = 'gitops-gate/fix';

/** What is done to the field that broke the rule: taken away, set, or given another name. */
export type Remedy =
  | { op: 'remove' }
  | { op: 'set'; field: readonly string[]; value: JsonValue }
  | { op: 'rename'; to: string };

/** The remedy that a policy offers, or null. */
export function remedyOf(policy: JsonValue): Remedy | null {
  const source = memberAt(policy, 'metadata', 'annotations', ANNOTATION);
  if (typeof source !== 'string' || source.length > 10_000) return null;
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(source) as JsonValue;
  } catch {
    // an offer that does not parse is none
    return null;
  }
  const op = text(memberAt(parsed, 'op'));
  if (op === 'remove') return { op };
  const to = text(memberAt(parsed, 'to'));
  if (op === 'rename' && to !== '') return { op, to };
  const value = memberAt(parsed, 'value');
  const field = text(memberAt(parsed, 'field'));
  return op === 'set' && value !== undefined && field !== '' ? { op, field: field.split('.'), value } : null;
}
