import { constraintsMatch } from '../admission/constraints.js';
import { celScope } from '../admission/scope.js';
import { conditionsHold, errorVerdict, type Verdict, validate } from '../admission/validations.js';
import { evaluateCel } from '../cel/program.js';
import { toCel } from '../cel/values.js';
import type { RuleResult } from '../result.js';
import { isObject, type JsonObject, list, member, memberAt, text, texts } from '../values/json.js';
import type { PolicyEnvironment } from './environment.js';
import { controllerSpec } from './policy-autogen.js';

/** The specs of a policy that mean a request: its own, or the one derived for the kind of controller. */
export function specsFor(policy: JsonObject, environment: PolicyEnvironment): JsonObject[] {
  const spec = member(policy, 'spec');
  if (!isObject(spec)) return [];
  const { request } = environment;
  const namespace = text(memberAt(policy, 'metadata', 'namespace'));
  if (text(member(policy, 'kind')).startsWith('Namespaced') && namespace !== request.namespace) return [];
  const derived = controllerSpec(spec, text(member(request.resource, 'apiVersion')), request.kind.kind);
  return [spec, derived]
    .filter((item) => item !== null)
    .filter((item) => constraintsMatch(member(item, 'matchConstraints'), request));
}

/** PolicyExceptions of policies.kyverno.io that name a policy. */
function exceptionsFor(policy: JsonObject, environment: PolicyEnvironment): JsonObject[] {
  const name = text(memberAt(policy, 'metadata', 'name'));
  const kind = text(member(policy, 'kind'));
  return environment.exceptions.filter((exception) =>
    list(memberAt(exception, 'spec', 'policyRefs')).some(
      (reference) => text(member(reference, 'name')) === name && text(member(reference, 'kind')) === kind,
    ),
  );
}

/**
 * Evaluates a ValidatingPolicy of policies.kyverno.io (and its namespaced kind). Semantics: pkg/cel/policies/vpol.
 */
export function evaluateValidatingPolicy(policy: JsonObject, environment: PolicyEnvironment): RuleResult[] {
  return specsFor(policy, environment).flatMap((spec) => {
    const result = evaluateSpec(policy, spec, environment);
    return result === null ? [] : [result];
  });
}

function evaluateSpec(
  policy: JsonObject,
  spec: JsonObject,
  environment: PolicyEnvironment,
): RuleResult | null {
  const result = (
    status: RuleResult['status'],
    message: string,
    rest: Partial<RuleResult> = {},
  ): RuleResult => ({
    policy: text(memberAt(policy, 'metadata', 'name')),
    rule: '',
    ran: '',
    type: 'validate',
    status,
    message,
    path: null,
    missing: null,
    patched: null,
    ...rest,
  });
  const scope = celScope(environment, { variables: member(spec, 'variables'), kyverno: true });
  const images: string[] = [];
  const values: string[] = [];
  for (const exception of exceptionsFor(policy, environment)) {
    const held = conditionsHold(memberAt(exception, 'spec', 'matchConditions'), scope);
    if (held === false) continue;
    if (held !== true) return fromVerdict(held, result);
    const some = [
      texts(memberAt(exception, 'spec', 'images')),
      texts(memberAt(exception, 'spec', 'allowedValues')),
    ];
    if (some.every((items) => items.length === 0)) {
      return result(
        'skip',
        `rule is skipped due to policy exception ${text(memberAt(exception, 'metadata', 'name'))}`,
      );
    }
    images.push(...(some[0] ?? []));
    values.push(...(some[1] ?? []));
  }
  const bindings = new Map([
    ...scope.bindings,
    ['exceptions', { value: toCel({ allowedImages: images, allowedValues: values }) }] as const,
  ]);
  const full = { ...scope, bindings };
  const held = conditionsHold(member(spec, 'matchConditions'), full);
  if (held === false) return null;
  if (held !== true) {
    if (text(member(spec, 'failurePolicy')) === 'Ignore' && held.status === 'error' && held.missing === null)
      return null;
    return fromVerdict(held, result);
  }
  const verdict = validate(list(member(spec, 'validations')), full, '');
  if (verdict.status !== 'pass') return fromVerdict(verdict, result);
  try {
    for (const annotation of list(member(spec, 'auditAnnotations'))) {
      evaluateCel(text(member(annotation, 'valueExpression')), full);
    }
  } catch (error) {
    return fromVerdict(errorVerdict(error), result);
  }
  return result('pass', 'success');
}

function fromVerdict(
  verdict: Verdict,
  result: (status: RuleResult['status'], message: string, rest?: Partial<RuleResult>) => RuleResult,
): RuleResult {
  if (verdict.status === 'pass') return result('pass', 'success');
  if (verdict.status === 'fail') return result('fail', verdict.message, { path: verdict.path });
  return result('error', verdict.message, { missing: verdict.missing });
}
