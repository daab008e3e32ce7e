import type { RuleResult, RuleType } from '../result.js';
import { type JsonObject, memberAt, text } from '../values/json.js';
import type { Verdict } from './validations.js';

/** Makes the result of a policy whose results have no rule names. */
export type ResultOf = (
  status: RuleResult['status'],
  message: string,
  rest?: Partial<RuleResult>,
) => RuleResult;

/** What makes the results of one CEL policy. */
export function resultsOf(policy: JsonObject, type: RuleType): ResultOf {
  return (status, message, rest = {}) => ({
    policy: text(memberAt(policy, 'metadata', 'name')),
    rule: '',
    ran: '',
    type,
    status,
    message,
    path: null,
    missing: null,
    patched: null,
    ...rest,
  });
}

/** A verdict on validations or conditions as the policy's result. */
export function fromVerdict(verdict: Verdict, result: ResultOf): RuleResult {
  if (verdict.status === 'pass') return result('pass', 'success');
  if (verdict.status === 'fail') return result('fail', verdict.message, { path: verdict.path });
  return result('error', verdict.message, { missing: verdict.missing });
}
