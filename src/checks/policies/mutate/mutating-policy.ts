import type { JsonValue } from '../../../contract/index.js';
import { constraintsMatch } from '../admission/constraints.js';
import { fromVerdict, resultsOf } from '../admission/policy-result.js';
import { celScope } from '../admission/scope.js';
import { conditionsHold, errorVerdict } from '../admission/validations.js';
import { evaluateCel } from '../cel/program.js';
import { fromCel } from '../cel/values.js';
import { excepted } from '../kyverno/cel-exceptions.js';
import type { PolicyEnvironment } from '../kyverno/environment.js';
import { resultsOfSpecs } from '../kyverno/validating-policy.js';
import type { RuleResult } from '../result.js';
import {
  emptyObject,
  isObject,
  type JsonObject,
  list,
  member,
  memberAt,
  setMember,
  text,
} from '../values/json.js';
import { applyJsonPatch, PatchError } from './json-patch.js';
import { strategicMerge } from './strategic-merge.js';

/** Evaluates a MutatingPolicy of policies.kyverno.io. Semantics: pkg/cel/policies/mpol. */
export function evaluateMutatingPolicy(policy: JsonObject, environment: PolicyEnvironment): RuleResult[] {
  if (environment.request.object === null) return [];
  return resultsOfSpecs(policy, environment, (spec) => mutate(policy, spec, environment));
}

/**
 * Evaluates a MutatingAdmissionPolicy: Kubernetes' own, without derived rules and exceptions. One with parameters is an error, for
 * its bindings decide on them. Semantics: the API server's admission/plugin/policy/mutating.
 */
export function evaluateMutatingAdmissionPolicy(
  policy: JsonObject,
  environment: PolicyEnvironment,
): RuleResult[] {
  const spec = member(policy, 'spec');
  const { request } = environment;
  if (request.object === null || !isObject(spec)) return [];
  if (constraintsMatch(member(spec, 'matchConstraints'), request) !== true) return [];
  if (member(spec, 'paramKind') !== undefined) {
    const missing = 'the parameters of the policy';
    return [resultsOf(policy, 'mutate')('error', `${missing} are not looked for`, { missing })];
  }
  const result = mutate(policy, spec, { ...environment, exceptions: [] });
  return result === null ? [] : [result];
}

function mutate(policy: JsonObject, spec: JsonObject, environment: PolicyEnvironment): RuleResult | null {
  const result = resultsOf(policy, 'mutate');
  if (member(spec, 'targetMatchConstraints') !== undefined) {
    return result('skip', 'what is changed in other objects is not made offline');
  }
  let current = environment;
  try {
    const first = celScope(environment, { variables: member(spec, 'variables'), kyverno: true });
    const exceptions = excepted(policy, first, environment);
    if (exceptions.kind === 'skipped') return result('skip', exceptions.message);
    if (exceptions.kind === 'failed') return fromVerdict(exceptions.verdict, result);
    const held = conditionsHold(member(spec, 'matchConditions'), first);
    if (held === false) return null;
    if (held !== true) return fromVerdict(held, result);
    for (const mutation of list(member(spec, 'mutations'))) {
      const { object } = current.request;
      if (object === null) return null;
      const scope = celScope(current, { variables: member(spec, 'variables'), kyverno: true });
      scope.bindings.set('exceptions', exceptions.allowed);
      const patched = apply(mutation, object, scope, current);
      if (patched === null) continue;
      current = { ...current, request: { ...current.request, resource: patched, object: patched } };
    }
  } catch (error) {
    if (error instanceof PatchError) return result('error', error.message);
    return fromVerdict(errorVerdict(error), result);
  }
  return result('pass', 'success', { patched: current.request.object });
}

function apply(
  mutation: JsonValue,
  object: JsonObject,
  scope: ReturnType<typeof celScope>,
  environment: PolicyEnvironment,
): JsonObject | null {
  const jsonPatch = text(memberAt(mutation, 'jsonPatch', 'expression'));
  if (jsonPatch !== '') return applyJsonPatch(object, list(fromCel(evaluateCel(jsonPatch, scope).value)));
  const expression = text(memberAt(mutation, 'applyConfiguration', 'expression'));
  const patch = withoutMarks(fromCel(evaluateCel(expression, scope).value));
  return strategicMerge(object, patch, environment.budget, 'last');
}

/** Optional entries are marked in their keys (see message-literals); absent ones are gone already. */
function withoutMarks(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (!isObject(value)) return value;
  const result = emptyObject();
  for (const [key, item] of Object.entries(value))
    setMember(result, key.replace(/^\?/, ''), withoutMarks(item));
  return result;
}
