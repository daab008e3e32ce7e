import type { Check } from '../checks/index.js';
import type { CheckName, RuleDescription } from '../contract/index.js';

/** A check of the registry: loaded when it is run, so that a command loads what it uses. */
export interface RegisteredCheck {
  name: Exclude<CheckName, 'gate'>;
  /** True when it judges the result of the merge, and so has nothing to judge where there is none. */
  needsResult: boolean;
  load: () => Promise<Check>;
  /** The rules of the check, for `explain`. */
  rules: () => Promise<readonly RuleDescription[]>;
}

/** Every check, in the order of reports. A new check is an entry here and a section of the configuration. */
export const CHECKS: readonly RegisteredCheck[] = [
  {
    name: 'signatures',
    needsResult: false,
    load: async () => (await import('../checks/signatures/index.js')).signaturesCheck,
    rules: async () =>
      (await import('../checks/signatures/index.js')).describeRules().map(({ ruleId, title, why, fix }) => ({
        id: ruleId,
        title,
        why,
        help: fix,
        action: 'fix',
        severity: 'error',
      })),
  },
  {
    name: 'secrets',
    needsResult: false,
    load: async () => (await import('../checks/secrets/index.js')).secretsCheck,
    rules: async () =>
      (await import('../checks/secrets/index.js'))
        .describeRules()
        .map(({ ruleId, description, help, confidence }) => ({
          id: ruleId,
          title: description,
          why: 'Who can read the repository, its history or any clone of it can use what it holds.',
          help,
          action: confidence === 'guess' ? 'inform' : 'fix',
          severity: confidence === 'guess' ? 'notice' : 'error',
        })),
  },
  {
    name: 'policies',
    needsResult: true,
    load: async () => (await import('../checks/policies/index.js')).policiesCheck,
    rules: async () =>
      (await import('../checks/policies/index.js'))
        .describeRules()
        .map(({ ruleId, title, severity, reason, remedy }) => ({
          id: ruleId,
          title,
          why: reason,
          help: remedy,
          action: severity === 'notice' ? 'inform' : 'fix',
          severity: severity === 'notice' ? 'notice' : 'error',
        })),
  },
  {
    name: 'diff',
    needsResult: true,
    load: async () => (await import('../checks/diff/index.js')).diffCheck,
    rules: async () => (await import('../checks/diff/index.js')).describeRules(),
  },
];

/** Names of the policy packs that this version carries, for judging `policies.packs` of a configuration. */
export async function policyPacks(): Promise<readonly string[]> {
  return (await import('../checks/policies/index.js')).PACK_NAMES;
}
