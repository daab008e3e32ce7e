import type { Action, CheckName, Finding, Severity } from './finding.js';
import type { CommitSignature, Debt, Excerpt, NotVerified, TargetChange } from './verdict.js';

/** What one check hands to the gate. Findings keep the action the rule asks for; the gate applies mode and approvals. */
export interface CheckResult {
  name: CheckName;
  findings: Finding[];
  notVerified: NotVerified[];
  debt: Debt;
  /** One line of the check's own words when nothing is to fix or approve, e.g. `3 commits, all signed by alice`. */
  summary: string;
  /** Raw lines by fingerprint; the gate redacts them before anybody sees them. */
  excerpts: Map<string, Excerpt>;
  signatures?: CommitSignature[];
  targets?: TargetChange[];
  /**
   * Fingerprints of findings that were there before with another value, image or command. An exception for the old
   * state does not hide them: they ask for an approval instead.
   */
  reopened?: ReadonlySet<string>;
}

/** A rule as `explain RULE` and the documentation tell it. A check's index exports `describeRules(): RuleDescription[]`. */
export interface RuleDescription {
  /** ruleId of its findings; for families of rules a pattern with `*`, such as `policies/<policy>/*`. */
  id: string;
  title: string;
  /** What goes wrong when it is ignored. */
  why: string;
  /** How to mend it. */
  help: string;
  action: Action;
  severity: Severity;
}

/** An empty result, to be filled. */
export function emptyResult(name: CheckName): CheckResult {
  return {
    name,
    findings: [],
    notVerified: [],
    debt: { count: 0, delta: 0 },
    summary: '',
    excerpts: new Map(),
  };
}
