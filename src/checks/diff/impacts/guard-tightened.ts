import type { JsonValue, ObjectRef } from '../../../contract/index.js';
import { type FieldDifference, formatChangePath, namesOf } from '../semantic/path.js';
import { kindKey } from '../world.js';

/** A field whose values stand in an order, the weakest first; what is absent or unknown is none of them. */
interface Scale {
  kind: RegExp;
  field: RegExp;
  values: readonly string[];
}

const SCALES: readonly Scale[] = [
  {
    kind: /^(?:policies\.)?kyverno\.io\//,
    field: /(?:^|\.)(?:validationFailureAction|failureAction)$/,
    values: ['audit', 'enforce'],
  },
  {
    kind: /^(?:admissionregistration\.k8s\.io|(?:policies\.)?kyverno\.io)\//,
    field: /(?:^|\.)failurePolicy$/,
    values: ['ignore', 'fail'],
  },
  {
    kind: /^constraints\.gatekeeper\.sh\//,
    field: /^spec\.enforcementAction$/,
    values: ['dryrun', 'warn', 'deny'],
  },
  {
    kind: /^security\.istio\.io\/PeerAuthentication$/,
    field: /^spec\.mtls\.mode$/,
    values: ['DISABLE', 'PERMISSIVE', 'STRICT'].map((one) => one.toLowerCase()),
  },
];

/**
 * True for a change of a guard that can only make it stricter: a step up of what it does about a violation or a failure
 * of its own. Whatever is not surely so is not.
 */
export function tightens(ref: ObjectRef, { path, from, to }: FieldDifference): boolean {
  const kind = kindKey(ref.apiVersion, ref.kind);
  const field = namesOf(path).join('.');
  const isStep = SCALES.some(({ kind: kinds, field: fields, values }) => {
    if (!kinds.test(kind) || !fields.test(field)) return false;
    const before = placeOf(from, values);
    return before >= 0 && placeOf(to, values) > before;
  });
  return isStep || (kind === 'networking.k8s.io/NetworkPolicy' && takesPeers(path, from, to));
}

function placeOf(value: JsonValue | undefined, values: readonly string[]): number {
  return typeof value === 'string' ? values.indexOf(value.toLowerCase()) : -1;
}

/**
 * One peer or port less of a rule that has others left (an empty list would let all in): they stand at an index of
 * their own, while a list that empties is told as a whole.
 */
function takesPeers(
  path: FieldDifference['path'],
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): boolean {
  return (
    from !== undefined &&
    to === undefined &&
    /^spec\.(?:ingress|egress)\[\d+\](?:\.(?:from|to|ports)\[\d+\])?$/.test(formatChangePath(path))
  );
}
