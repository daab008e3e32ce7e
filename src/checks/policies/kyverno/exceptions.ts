import { isObject, type JsonObject, list, member, memberAt, text, texts } from '../values/json.js';
import { wildcardMatch } from '../values/wildcard.js';
import { evaluateConditions } from './conditions.js';
import type { PolicyEnvironment } from './environment.js';
import type { JsonContext } from './json-context.js';
import { ruleSurelyMeans } from './match.js';

/** A PolicyException that lets an object pass a rule. */
export interface MatchedException {
  /** `namespace/name`. */
  name: string;
  /** Controls of a podSecurity rule that it excepts; none: it excepts the rule. */
  podSecurity: readonly JsonObject[];
}

/**
 * The first PolicyException (kyverno.io) that names the rule and matches the request, its conditions holding.
 * Expired ones are left out by who makes the environment. @throws what its conditions throw
 */
export function matchingException(
  policy: JsonObject,
  ran: string,
  context: JsonContext,
  environment: PolicyEnvironment,
): MatchedException | null {
  const policyName = text(memberAt(policy, 'metadata', 'name'));
  const namespace = text(memberAt(policy, 'metadata', 'namespace'));
  const names = new Set([policyName, namespace === '' ? policyName : `${namespace}/${policyName}`]);
  for (const exception of environment.exceptions) {
    const spec = member(exception, 'spec');
    const named = list(member(spec, 'exceptions')).some(
      (item) =>
        names.has(text(member(item, 'policyName'))) &&
        texts(member(item, 'ruleNames')).some((pattern) => wildcardMatch(pattern, ran)),
    );
    if (!named || !isObject(spec) || !ruleSurelyMeans(spec, environment.request)) continue;
    if (!evaluateConditions(member(spec, 'conditions'), context).holds) continue;
    return {
      name: [
        text(memberAt(exception, 'metadata', 'namespace')),
        text(memberAt(exception, 'metadata', 'name')),
      ]
        .filter((part) => part !== '')
        .join('/'),
      podSecurity: list(member(spec, 'podSecurity')).filter(isObject),
    };
  }
  return null;
}
