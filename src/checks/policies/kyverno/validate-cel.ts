import { paramsFor } from '../admission/params.js';
import { celScope } from '../admission/scope.js';
import { conditionsHold, type Verdict, validate } from '../admission/validations.js';
import { isObject, type JsonObject, list, member, memberAt, text } from '../values/json.js';
import type { PolicyEnvironment } from './environment.js';
import type { Outcome } from './validate-rule.js';

/**
 * A `validate.cel` rule. An expression that fails to evaluate denies, as in the cluster, unless it failed for want of data
 * or for its cost. Semantics: pkg/engine/handlers/validation/validate_cel.go.
 */
export function validateCel(rule: JsonObject, environment: PolicyEnvironment): Outcome | null {
  const cel = memberAt(rule, 'validate', 'cel');
  const name = text(member(rule, 'name'));
  const fallback = text(memberAt(rule, 'validate', 'message'));
  const kind = member(cel, 'paramKind');
  const params = isObject(kind) ? paramsFor(kind, member(cel, 'paramRef'), environment) : [undefined];
  if ('missing' in params) {
    return {
      status: 'error',
      message: `error in parameterized resource: ${params.missing}`,
      path: null,
      missing: params.missing,
    };
  }
  let skipped = false;
  for (const param of params) {
    const scope = celScope(environment, {
      variables: member(cel, 'variables'),
      params: param,
      kyverno: false,
    });
    const held = conditionsHold(member(rule, 'celPreconditions'), scope);
    if (held === false) {
      skipped = true;
      continue;
    }
    const verdict = held === true ? validate(list(member(cel, 'expressions')), scope, fallback) : held;
    const outcome = denied(verdict);
    if (outcome !== null) return outcome;
  }
  if (skipped) return { status: 'skip', message: 'cel preconditions not met', path: null, missing: null };
  return { status: 'pass', message: `Validation rule '${name}' passed.`, path: null, missing: null };
}

/** The outcome of a verdict under failurePolicy Fail; null for one that passes. */
export function denied(verdict: Verdict): Outcome | null {
  if (verdict.status === 'pass') return null;
  if (verdict.status === 'fail') return { ...verdict, missing: null };
  const unknown = verdict.missing !== null || verdict.limit;
  return {
    status: unknown ? 'error' : 'fail',
    message: verdict.message,
    path: null,
    missing: verdict.missing,
  };
}
