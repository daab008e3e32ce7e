import type { JsonValue } from '../../../contract/index.js';
import type { RuleStatus } from '../result.js';
import { isObject, type JsonObject, list, member, textMap } from '../values/json.js';
import { MissingDataError } from './errors.js';
import type { AdmissionRequest } from './request.js';
import { selectorMatches } from './selector.js';

/** The label that the API server gives every namespace. */
const NAME = 'kubernetes.io/metadata.name';

/**
 * What a selector says of the request's namespace. Of one that is not known it is `unknown`, unless its name alone decides.
 */
export function namespaceFits(selector: JsonValue, request: AdmissionRequest): boolean | 'unknown' {
  const { namespaceLabels } = request;
  if (namespaceLabels !== null) return selectorMatches(selector, namespaceLabels);
  const labels = textMap(member(selector, 'matchLabels'));
  const named = [...labels].filter(([key]) => key === NAME);
  const expressions = list(member(selector, 'matchExpressions'));
  const ofName = expressions.filter((expression) => member(expression, 'key') === NAME);
  const known: JsonObject = { matchLabels: Object.fromEntries(named), matchExpressions: ofName };
  if (!selectorMatches(known, unlabelled(request))) return false;
  return named.length === labels.size && ofName.length === expressions.length ? true : 'unknown';
}

/** The labels of a namespace that nobody has labelled. */
export function unlabelled({ namespace }: AdmissionRequest): ReadonlyMap<string, string> {
  return new Map([[NAME, namespace]]);
}

/**
 * What a rule says that means an object if its namespace has labels which nobody knows: to refuse is not verified, to pass is to
 * pass either way.
 */
export function ofUnknownNamespace<T extends { status: RuleStatus; message: string; missing: string | null }>(
  outcome: T,
  request: AdmissionRequest,
): T {
  if (outcome.status === 'pass' || outcome.status === 'skip') return outcome;
  const { message, what } = unknownNamespace(request);
  return { ...outcome, status: 'error', message, missing: what };
}

/** True for an empty selector, which chooses every namespace. */
export function choosesAll(selector: JsonValue | undefined): boolean {
  return !isObject(selector) || Object.keys(selector).length === 0;
}

/** What is to be said where a namespace's labels decide and nobody knows them. */
export function unknownNamespace({ namespace }: AdmissionRequest): MissingDataError {
  return new MissingDataError(
    namespace === '' ? 'the namespace of the object' : `namespace ${namespace} (what labels it has)`,
  );
}
