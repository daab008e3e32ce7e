import { PACK_NAMES, packPolicies, textOfPolicy } from './packs.js';
import { list, member, memberAt, text } from './values/json.js';

/** A rule as `gitops-gate explain` shows it. */
export interface RuleDescription {
  ruleId: string;
  pack: string;
  title: string;
  severity: string;
  reason: string;
  remedy: string;
  /** Controls that the rule serves, as the policy lists them. */
  controls: string;
}

/** ruleId of a policy's rule; policies whose results have no rule names have their own name alone. */
export function ruleIdOf(policy: string, rule: string): string {
  return rule === '' ? `policies/${policy}` : `policies/${policy}/${rule}`;
}

/** Rules that are no policy's: the schemas and what keeps the check honest. */
const OWN: readonly RuleDescription[] = [
  [
    'schema',
    'The object fits its kind',
    'error',
    'The API server refuses, or silently drops, fields that its kind does not have.',
    'Correct the field; `kubectl explain KIND` lists those that exist.',
  ],
  [
    'removed-api',
    'The API exists in the cluster',
    'error',
    'An apiVersion that the cluster no longer serves cannot be applied.',
    'Use the apiVersion that replaces it; `kubectl convert` rewrites the file.',
  ],
  [
    'deprecated-api',
    'The API has a future',
    'notice',
    'A deprecated apiVersion stops working with a later Kubernetes.',
    'Move to its replacement before the upgrade.',
  ],
  [
    'policy-changed',
    'A policy changes',
    'notice',
    'Who merges a change of a policy should know whom it hits.',
    'Look at the objects named; they are judged by the new policy once it is merged.',
  ],
  [
    'exception-unused',
    'Exceptions are used',
    'notice',
    'An exception that hides nothing, or has expired, only widens what the next mistake may do.',
    'Remove it where it is written: the exceptions file, the annotation, the PolicyException.',
  ],
  [
    'namespace-label',
    'A namespace changes a label that policies choose by',
    'warning',
    'By the labels of its namespace a workload comes under a policy, or out of it; whoever sets them chooses.',
    'Leave the label as it is, or have an approving review accept it.',
  ],
  [
    'ignore-annotation',
    'An object asks not to be held to a rule',
    'warning',
    'An annotation that accepts a rule hides what the next change does to the object.',
    'Mend what breaks the rule, or have an approving review accept the annotation.',
  ],
].map(([rule = '', title = '', severity = '', reason = '', remedy = '']) => ({
  ruleId: `policies/${rule}`,
  pack: '',
  title,
  severity,
  reason,
  remedy,
  controls: '',
}));

/** Every rule that the gate brings, in the order of the packs. */
export function describeRules(): RuleDescription[] {
  const fromPacks = packPolicies(PACK_NAMES).flatMap(({ policy, pack }) => {
    const name = text(memberAt(policy, 'metadata', 'name'));
    const about = textOfPolicy(policy);
    const rules = list(memberAt(policy, 'spec', 'rules')).map((rule) => text(member(rule, 'name')));
    return (rules.length === 0 ? [''] : rules).map((rule) => ({
      ruleId: ruleIdOf(name, rule),
      pack: pack ?? '',
      ...about,
    }));
  });
  return [...fromPacks, ...OWN];
}
