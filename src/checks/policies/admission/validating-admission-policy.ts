import type { PolicyEnvironment } from '../kyverno/environment.js';
import { ofUnknownNamespace } from '../kyverno/namespace-selector.js';
import { denied } from '../kyverno/validate-cel.js';
import type { RuleResult } from '../result.js';
import { isObject, type JsonObject, list, member, memberAt, text, texts } from '../values/json.js';
import { constraintsMatch } from './constraints.js';
import { paramsFor } from './params.js';
import { resultsOf } from './policy-result.js';
import { celScope } from './scope.js';
import { conditionsHold, type Verdict, validate } from './validations.js';

const BINDING = 'ValidatingAdmissionPolicyBinding';

/** Bindings of a policy among the objects at hand, in whichever version they are written. */
function bindingsOf(name: string, environment: PolicyEnvironment): JsonObject[] {
  return ['v1', 'v1beta1', 'v1alpha1']
    .flatMap((version) => environment.objects.list(`admissionregistration.k8s.io/${version}`, BINDING, ''))
    .filter((binding) => text(memberAt(binding, 'spec', 'policyName')) === name);
}

/**
 * Evaluates a ValidatingAdmissionPolicy on one request: once for each binding that means it (once, unbound, where the
 * repository has no binding: what a policy says is shown before it is bound). Semantics: the API server's
 * admission/plugin/policy/validating.
 */
export function evaluateAdmissionPolicy(policy: JsonObject, environment: PolicyEnvironment): RuleResult[] {
  const spec = member(policy, 'spec');
  if (!isObject(spec)) return [];
  const { request } = environment;
  const means = constraintsMatch(member(spec, 'matchConstraints'), request);
  if (means === false) return [];
  const name = text(memberAt(policy, 'metadata', 'name'));
  const bindings = bindingsOf(name, environment);
  const runs: (JsonObject | null)[] = bindings.length === 0 ? [null] : bindings;
  return runs.flatMap((binding) => {
    const binds = binding === null || constraintsMatch(memberAt(binding, 'spec', 'matchResources'), request);
    const found = binds === false ? null : run(policy, spec, binding, environment);
    if (found === null) return [];
    const result = means === 'unknown' || binds === 'unknown' ? ofUnknownNamespace(found, request) : found;
    return isOnlyTold(binding) ? [{ ...result, audited: true }] : [result];
  });
}

/** True for a binding whose actions warn or audit and refuse nothing. */
function isOnlyTold(binding: JsonObject | null): boolean {
  const actions = texts(memberAt(binding ?? {}, 'spec', 'validationActions'));
  return actions.length > 0 && !actions.includes('Deny');
}

function run(
  policy: JsonObject,
  spec: JsonObject,
  binding: JsonObject | null,
  environment: PolicyEnvironment,
): RuleResult | null {
  const kind = member(spec, 'paramKind');
  const ignore = text(member(spec, 'failurePolicy')) === 'Ignore';
  const params = isObject(kind)
    ? paramsFor(kind, memberAt(binding, 'spec', 'paramRef'), environment, binding !== null)
    : [undefined];
  const result = resultsOf(policy, 'validate');
  if ('missing' in params) return result('error', params.missing, { missing: params.missing });
  let evaluated = false;
  for (const param of params) {
    const scope = celScope(environment, {
      variables: member(spec, 'variables'),
      params: param,
      kyverno: false,
    });
    const held = conditionsHold(member(spec, 'matchConditions'), scope);
    if (held === false) continue;
    evaluated = true;
    const verdict = held === true ? validate(list(member(spec, 'validations')), scope, '') : held;
    if (ignore && isForgiven(verdict)) continue;
    const outcome = denied(verdict);
    if (outcome !== null) return result(outcome.status, outcome.message, outcome);
  }
  return evaluated ? result('pass', 'the policy admits it') : null;
}

/** failurePolicy Ignore lets an expression's own error pass, not what the gate could not know. */
function isForgiven(verdict: Verdict): boolean {
  return verdict.status === 'error' && verdict.missing === null && !verdict.limit;
}
