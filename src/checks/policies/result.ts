import type { FieldPath, KubernetesObject } from '../../kubernetes/index.js';

export type RuleStatus = 'pass' | 'fail' | 'warn' | 'skip' | 'error';
export type RuleType = 'validate' | 'mutate' | 'generate' | 'verifyImages';

/** What one rule says of one object. A rule that does not mean the object says nothing. */
export interface RuleResult {
  policy: string;
  /** Name of the rule as written, without the prefix of derived rules; '' for policies without named rules. */
  rule: string;
  /** Name of the rule that ran: `autogen-...` for derived ones. */
  ran: string;
  type: RuleType;
  status: RuleStatus;
  message: string;
  /** The field that decided, from the object's root; null where none can be named. */
  path: FieldPath | null;
  /** For `error`: data that was asked for and is not known offline, or null for another reason. */
  missing: string | null;
  /** True where what binds the policy tells of it and refuses nothing. */
  audited?: true;
  /** For mutate rules: the object after the rule. */
  patched: KubernetesObject | null;
  /** For generate rules that were run: the objects that they make. */
  generated?: readonly KubernetesObject[];
}
