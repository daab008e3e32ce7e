import type { AdmissionRequest, UserInfo } from '../kyverno/request.js';
import type { RuleResult } from '../result.js';
import { type JsonObject, list, member, memberAt, text } from '../values/json.js';

/**
 * What Kyverno makes of refusals on an update: a rule that is enforced and that the old object broke too, as it was when it was made,
 * is skipped (`allowExistingViolations`, true where it is not said). It is for tests, which go by Kyverno's answers; the gate's own
 * ratchet decides by what has changed. Semantics: validate_resource.go and validate_pss.go in Kyverno's pkg/engine/handlers.
 * @param evaluate gives the results of the policy on a request
 */
export function withExistingViolations(
  policy: JsonObject,
  request: AdmissionRequest,
  evaluate: (request: AdmissionRequest) => RuleResult[],
): RuleResult[] {
  const results = evaluate(request);
  const { oldObject } = request;
  const kind = text(member(policy, 'kind'));
  if (request.operation !== 'UPDATE' || oldObject === null || (kind !== 'ClusterPolicy' && kind !== 'Policy'))
    return results;
  const spared = results.filter((result) => result.status === 'fail' && sparesExisting(policy, result));
  if (spared.length === 0) return results;
  const before = evaluate({
    ...request,
    resource: oldObject,
    object: oldObject,
    oldObject: null,
    operation: 'CREATE',
    user: NOBODY,
  });
  const message = 'skipping the rule evaluation as pre-existing violations are allowed';
  return results.map((result) =>
    spared.includes(result) && before.some(({ ran, status }) => ran === result.ran && status === 'fail')
      ? { ...result, status: 'skip', message }
      : result,
  );
}

/** Whoever made the old object may have been somebody else: a rule that means some users did not mean it. */
const NOBODY: UserInfo = {
  username: 'kyverno:kyverno-invalid-controller',
  groups: ['kyverno:invalidgroup'],
  roles: ['kyverno:invalidrole'],
  clusterRoles: ['kyverno:invalidrole'],
};

/** True for rules of a validate block that Kyverno enforces, in CEL aside, which lets existing violations be. */
function sparesExisting(policy: JsonObject, { rule: name, type }: RuleResult): boolean {
  const spec = member(policy, 'spec');
  const rule = list(member(spec, 'rules')).find((item) => text(member(item, 'name')) === name);
  const block = member(rule, 'validate');
  if (type !== 'validate' || member(block, 'cel') !== undefined) return false;
  // Kyverno asks a rule's preconditions of the old object in a form that never holds
  if (member(rule, 'preconditions') !== undefined) return false;
  const action = text(member(block, 'failureAction')) || text(member(spec, 'validationFailureAction'));
  return action.toLowerCase() === 'enforce' && memberAt(block, 'allowExistingViolations') !== false;
}
