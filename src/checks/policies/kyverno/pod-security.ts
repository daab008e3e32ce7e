import { KNOWN_RELEASES, validateObject } from '../../../kubernetes/index.js';
import { exclude, fieldName, minorOfStandard, podOf, pssViolations } from '../pss/evaluate.js';
import { type JsonObject, list, member, memberAt, text } from '../values/json.js';
import type { PolicyEnvironment } from './environment.js';
import type { Outcome } from './validate-rule.js';

/**
 * A `validate.podSecurity` rule. `exempted` are the exclusions of a matching PolicyException. A Pod whose fields are of
 * wrong types is an error, as where it is read into Kubernetes' own type.
 * Semantics: pkg/engine/handlers/validation/validate_pss.go.
 */
export function validatePodSecurity(
  rule: JsonObject,
  environment: PolicyEnvironment,
  exempted: readonly JsonObject[],
): Outcome | null {
  const { object } = environment.request;
  if (object === null) return null;
  const name = text(member(rule, 'name'));
  const settings = memberAt(rule, 'validate', 'podSecurity');
  const level = text(member(settings, 'level'));
  const version = text(member(settings, 'version'));
  const minor = minorOfStandard(version);
  const error = (message: string): Outcome => ({ status: 'error', message, path: null, missing: null });
  if (minor === null) return error(`${version} is no version of the Pod Security Standards`);
  if (level !== 'baseline' && level !== 'restricted') {
    if (level !== 'privileged') return error(`${level} is no level of the Pod Security Standards`);
    return { status: 'pass', message: `Validation rule '${name}' passed.`, path: null, missing: null };
  }
  const pod = podOf(object);
  if (pod === null) return error('the object has no Pod template');
  environment.budget.spend(500);
  const mistyped = typeProblem(pod);
  if (mistyped !== null) return error(`the Pod cannot be read: ${mistyped}`);
  const found = exclude(pssViolations(pod, level, minor), list(member(settings, 'exclude')));
  const passed: Outcome = {
    status: 'pass',
    message: `Validation rule '${name}' passed.`,
    path: null,
    missing: null,
  };
  if (found.length === 0) return passed;
  const left = exclude(found, exempted);
  const [first] = left;
  if (first === undefined)
    return { ...passed, status: 'skip', message: 'rule is skipped due to policy exceptions' };
  const controls = [...new Set(left.map(({ control }) => control))].join(', ');
  const fields = [...new Set(left.map(fieldName))].join(', ');
  const message = text(memberAt(rule, 'validate', 'message'));
  return {
    status: 'fail',
    message: `${message === '' ? `Pod Security Standards ${level}` : message}: ${controls} (${fields})`,
    path: [...pod.prefix, ...first.field],
    missing: null,
  };
}

/** The first field of a type that Kubernetes' own Pod does not have there: nobody can say what it would mean. */
function typeProblem(pod: { metadata: JsonObject; spec: JsonObject }): string | null {
  const { metadata, spec } = pod;
  const problems = validateObject(
    { apiVersion: 'v1', kind: 'Pod', metadata, spec },
    { kubernetesVersion: `1.${KNOWN_RELEASES.newest}` },
  );
  return problems.find(({ code }) => code === 'wrong-type')?.message ?? null;
}
