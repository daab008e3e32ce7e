import type { CheckReport, NotVerified, Verdict } from '../contract/index.js';
import { headline } from './headline.js';
import { type Issue, issuesByStanding } from './issue.js';
import { type MergingRow, mergingRows, type SameChange, sameChanges } from './merging.js';

/** Things that a check could not judge, for one and the same reason. */
export interface Unverified extends NotVerified {
  check: string;
  /** The others, beside `what`. */
  others: string[];
}

/** A verdict in the order in which people read it; every format for people is written from this. */
export interface Outline {
  /** One line that says it all. */
  headline: string;
  verdict: Verdict;
  fix: Issue[];
  approve: Issue[];
  /** What closes the gate because it could not be verified. */
  unverified: Unverified[];
  /** What reporting checks would refuse if they enforced. */
  wouldRefuse: Issue[];
  approved: Issue[];
  told: Issue[];
  suppressed: Issue[];
  /** What could not be verified before and is untouched. */
  unverifiedBefore: Unverified[];
  rows: MergingRow[];
  changes: SameChange[];
  /** Who can give the approvals. */
  approvers: string;
  /** The command that shows everything, or null where there is no change to name (`secrets`, `lint`). */
  showAll: string | null;
}

/** Orders a verdict for people. */
export function outlineOf(verdict: Verdict): Outline {
  const { report } = verdict;
  const issues = issuesByStanding(verdict);
  const unverified = report.checks.flatMap(unverifiedOf);
  return {
    headline: headline(verdict),
    verdict,
    fix: issues.fix,
    approve: issues.approve,
    unverified: unverified.filter((item) => item.closes),
    wouldRefuse: [...issues['would-fix'], ...issues['would-approve']],
    approved: issues.approved,
    told: issues.told,
    suppressed: issues.suppressed,
    unverifiedBefore: unverified.filter((item) => !item.closes),
    rows: mergingRows(report.diff.targets, waitingTargets(report)),
    changes: sameChanges(report.diff.targets),
    approvers:
      verdict.approvers.length === 0 ? "the repository's administrators" : verdict.approvers.join(', '),
    showAll:
      report.base === null || report.head === null
        ? null
        : `gitops-gate check --base ${report.base.slice(0, 12)} --head ${report.head.slice(0, 12)}`,
  };
}

/** Targets that the diff says nobody applies yet: suspended, or not synchronised by themselves. */
export function waitingTargets({ checks }: Verdict['report']): ReadonlySet<string> {
  return new Set(
    checks.flatMap(({ findings }) =>
      findings.flatMap(({ ruleId, targets }) => (ruleId === 'diff/not-applied' ? targets : [])),
    ),
  );
}

function unverifiedOf(check: CheckReport): Unverified[] {
  const groups = new Map<string, Unverified>();
  for (const item of check.notVerified) {
    const key = JSON.stringify([item.closes, item.reason]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { check: check.name, ...item, others: [] });
    else group.others.push(item.what);
  }
  return [...groups.values()];
}

/** How many things a list of groups tells of. */
export function thingsOf(groups: readonly Unverified[]): number {
  return groups.reduce((sum, group) => sum + 1 + group.others.length, 0);
}
