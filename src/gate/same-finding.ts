import type { Finding, Report, Verdict } from '../contract/index.js';

/** An approving review that counts. */
export interface GivenApproval {
  login: string;
  /** The commit that was reviewed. */
  commit: string;
}

/** Where a door gets approvals, and earlier verdicts, from; asked only when something waits for an approval. */
export interface ReviewSource {
  reviews: () => Promise<readonly GivenApproval[]>;
  /** The report of another commit against the same base; null when it cannot be had. */
  judgeAt: (commit: string) => Promise<Report | null>;
}

/** Reviews of at most so many earlier commits are looked into, the latest first. */
const EARLIER_COMMITS = 3;

/** Rules whose fingerprint names the very content that was looked at. */
const BOUND_BY_CONTENT = new Set(['gate/protected-file']);
/** Rules that accept unseen what no report can show. */
const UNSEEN = new Set(['diff/not-rendered']);

/** The findings of a verdict that reviews open: fingerprint to login. */
export async function openByReviews(verdict: Verdict, source: ReviewSource): Promise<Map<string, string>> {
  const { report } = verdict;
  const asks = report.checks.some((check) => check.findings.some((one) => one.action === 'approve'));
  if (!asks) return new Map();
  const approvals = await source.reviews();
  const commits = [...new Set(approvals.map((one) => one.commit))].filter((sha) => sha !== report.head);
  const earlier = new Map<string, Report>();
  for (const commit of commits.toReversed().slice(0, EARLIER_COMMITS)) {
    const then = await source.judgeAt(commit);
    if (then !== null) earlier.set(commit, then);
  }
  return openedBy(report, approvals, earlier);
}

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
    suggestion: _suggestion,
    ...said
  } = finding;
  return JSON.stringify([said, changesOf(report, finding)]);
}

function changesOf(report: Report, { object }: Finding): unknown[] {
  if (object === null) return [];
  return report.diff.targets.flatMap((target) =>
    target.changes
      .filter(
        (change) =>
          change.object.kind === object.kind &&
          change.object.namespace === object.namespace &&
          change.object.name === object.name,
      )
      .map(({ source: _source, ...change }) => ({ target: target.name, ...change })),
  );
}

/**
 * Whether everything that was approved is in the report, so that two reports which say the same mean the same. What a
 * report does not show (values of Secrets, what was not rendered, findings about no object) is approved for the very
 * content that was reviewed.
 */
function isShownWhole(report: Report, finding: Finding): boolean {
  if (BOUND_BY_CONTENT.has(finding.ruleId)) return true;
  if (UNSEEN.has(finding.ruleId) || finding.object === null || finding.object.kind === 'Secret') return false;
  return changesOf(report, finding).length > 0;
}

/**
 * The approvals that open findings of `now`: given on this very commit, or on an earlier one that showed the same.
 * @param earlier reports of other commits that were approved, by commit
 * @returns fingerprint to login
 */
export function openedBy(
  now: Report,
  approvals: readonly GivenApproval[],
  earlier: ReadonlyMap<string, Report>,
): Map<string, string> {
  const opened = new Map<string, string>();
  const asked = now.checks
    .flatMap((check) => check.findings)
    .filter((finding) => finding.action === 'approve');
  for (const { login, commit } of approvals) {
    const report = commit === now.head ? now : earlier.get(commit);
    if (!report) continue;
    const sameContent = report === now || (now.result !== null && report.result === now.result);
    const shown = new Map(
      report.checks
        .flatMap((check) => check.findings)
        .map((finding) => [finding.fingerprint, subjectOf(report, finding)]),
    );
    for (const finding of asked) {
      if (opened.has(finding.fingerprint)) continue;
      if (!sameContent && !isShownWhole(now, finding)) continue;
      if (shown.get(finding.fingerprint) === subjectOf(now, finding)) opened.set(finding.fingerprint, login);
    }
  }
  return opened;
}
