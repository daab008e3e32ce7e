import { constraintsMatch } from '../admission/constraints.js';
import { fromVerdict, resultsOf } from '../admission/policy-result.js';
import { celScope } from '../admission/scope.js';
import { conditionsHold, errorVerdict, validate } from '../admission/validations.js';
import { evaluateCel } from '../cel/program.js';
import type { RuleResult } from '../result.js';
import { isObject, type JsonObject, list, member, memberAt, text } from '../values/json.js';
import { excepted } from './cel-exceptions.js';
import type { PolicyEnvironment } from './environment.js';
import { ofUnknownNamespace } from './namespace-selector.js';
import { controllerSpec } from './policy-autogen.js';
import type { AdmissionRequest } from './request.js';

/** True unless the policy is of a namespaced kind and the request of another namespace. */
export function isInPolicyNamespace(policy: JsonObject, request: AdmissionRequest): boolean {
  const namespace = text(memberAt(policy, 'metadata', 'namespace'));
  return !text(member(policy, 'kind')).startsWith('Namespaced') || namespace === request.namespace;
}

/**
 * What the specs of a policy say that mean a request: its own, or the one derived for the kind of controller.
 * @param evaluate null: nothing
 */
export function resultsOfSpecs(
  policy: JsonObject,
  environment: PolicyEnvironment,
  evaluate: (spec: JsonObject) => RuleResult | null,
): RuleResult[] {
  const spec = member(policy, 'spec');
  if (!isObject(spec)) return [];
  const { request } = environment;
  if (!isInPolicyNamespace(policy, request)) return [];
  const derived = controllerSpec(spec, text(member(request.resource, 'apiVersion')), request.kind.kind);
  return [spec, derived].flatMap((item) => {
    const means = item !== null && constraintsMatch(member(item, 'matchConstraints'), request);
    const result = item === null || means === false ? null : evaluate(item);
    if (result === null) return [];
    return [means === 'unknown' ? ofUnknownNamespace(result, request) : result];
  });
}

/**
 * Evaluates a ValidatingPolicy of policies.kyverno.io (and its namespaced kind). Semantics: pkg/cel/policies/vpol.
 */
export function evaluateValidatingPolicy(policy: JsonObject, environment: PolicyEnvironment): RuleResult[] {
  return resultsOfSpecs(policy, environment, (spec) => evaluateSpec(policy, spec, environment));
}

function evaluateSpec(
  policy: JsonObject,
  spec: JsonObject,
  environment: PolicyEnvironment,
): RuleResult | null {
  const result = resultsOf(policy, 'validate');
  const scope = celScope(environment, { variables: member(spec, 'variables'), kyverno: true });
  const exceptions = excepted(policy, scope, environment);
  if (exceptions.kind === 'skipped') return result('skip', exceptions.message);
  if (exceptions.kind === 'failed') return fromVerdict(exceptions.verdict, result);
  const held = conditionsHold(member(spec, 'matchConditions'), scope);
  if (held === false) return null;
  if (held !== true) {
    if (
      text(member(spec, 'failurePolicy')) === 'Ignore' &&
      held.status === 'error' &&
      held.missing === null &&
      !held.limit
    )
      return null;
    return fromVerdict(held, result);
  }
  const verdict = validate(list(member(spec, 'validations')), scope, '');
  if (verdict.status !== 'pass') return fromVerdict(verdict, result);
  try {
    for (const annotation of list(member(spec, 'auditAnnotations'))) {
      evaluateCel(text(member(annotation, 'valueExpression')), scope);
    }
  } catch (error) {
    return fromVerdict(errorVerdict(error), result);
  }
  return result('pass', 'success');
}
