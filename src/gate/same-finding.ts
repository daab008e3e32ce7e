import type { Finding, Report } from '../contract/index.js';

/**
 * Whether an approval given on one commit still means what it meant: the finding, but for its place in the file, and
 * everything the change does to the object it speaks of are equal. A fingerprint alone would not do: it survives a
 * second push that makes the approved thing worse.
 */
export function subjectOf(report: Report, finding: Finding): string {
  const {
    line: _line,
    endLine: _endLine,
    column: _column,
    commit: _commit,
    approvedBy: _approvedBy,
    ...said
  } = finding;
  const object = finding.object;
  const changes =
    object === null
      ? []
      : report.diff.targets.flatMap((target) =>
          target.changes
            .filter(
              (change) =>
                change.object.kind === object.kind &&
                change.object.namespace === object.namespace &&
                change.object.name === object.name,
            )
            .map((change) => ({ target: target.name, ...change })),
        );
  return JSON.stringify([said, changes]);
}

/**
 * The approvals that open findings of `now`: given on this very commit, or on an earlier one that showed the same.
 * @param earlier reports of other commits that were approved, by commit
 * @returns fingerprint to login
 */
export function openedBy(
  now: Report,
  approvals: readonly { login: string; commit: string }[],
  earlier: ReadonlyMap<string, Report>,
): Map<string, string> {
  const opened = new Map<string, string>();
  const asked = now.checks
    .flatMap((check) => check.findings)
    .filter((finding) => finding.action === 'approve');
  for (const { login, commit } of approvals) {
    const report = commit === now.head ? now : earlier.get(commit);
    if (!report) continue;
    const shown = new Map(
      report.checks
        .flatMap((check) => check.findings)
        .map((finding) => [finding.fingerprint, subjectOf(report, finding)]),
    );
    for (const finding of asked) {
      if (opened.has(finding.fingerprint)) continue;
      if (shown.get(finding.fingerprint) === subjectOf(now, finding)) opened.set(finding.fingerprint, login);
    }
  }
  return opened;
}
