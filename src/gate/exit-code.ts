import type { Report } from '../contract/index.js';
import { closes } from './settle.js';

/** What makes `check` exit with 1: only what must be fixed, also what must be approved, or any finding at all. */
export type FailOn = 'fix' | 'approve' | 'any';

export const FAIL_ON: readonly FailOn[] = ['fix', 'approve', 'any'];

/**
 * The exit code of a report: 0 open, 1 closed by findings, 2 the base's configuration is broken and the change does
 * not mend it, 3 closed only because something could not be verified.
 */
export function exitCode(report: Report, failOn: FailOn = 'approve'): 0 | 1 | 2 | 3 {
  const findings = report.checks.flatMap((check) => check.findings);
  if (findings.some((finding) => finding.ruleId === 'gate/config-broken' && finding.action === 'fix'))
    return 2;
  const counted = findings.filter((finding) => {
    if (failOn === 'any') return finding.suppressed === null && finding.approvedBy === null;
    return closes(finding) && (failOn === 'approve' || finding.action === 'fix');
  });
  if (counted.length > 0) return 1;
  const unverified = report.checks.some(
    (check) => check.mode === 'enforce' && check.notVerified.some((item) => item.closes),
  );
  return unverified ? 3 : 0;
}
