import type { ChangeAction, Verdict } from '../contract/index.js';
import { type Issue, issuesByStanding, type Standing } from './issue.js';
import { changedClusters, withoutFolders } from './merging.js';
import { visible } from './visible.js';
import { count, duration, listed, unseenWords } from './words.js';

/**
 * The verdict in one line, e.g. `Refused: 2 to fix, 1 to approve (39 clusters, 2.8 s)` or
 * `Open: 4 changes on 2 clusters, signed by alice (1.2 s)`.
 */
export function headline(verdict: Verdict): string {
  const { report } = verdict;
  const issues = issuesByStanding(verdict);
  const closing = report.checks.flatMap((check) => check.notVerified).filter((item) => item.closes).length;
  const asks = [
    ...(issues.fix.length > 0 ? [`${issues.fix.length} to fix`] : []),
    ...(issues.approve.length > 0 ? [`${issues.approve.length} to approve`] : []),
    ...(report.conclusion !== 'success' && closing > 0 ? [`${closing} not verified`] : []),
  ];
  if (report.conclusion !== 'success') {
    const word = report.conclusion === 'failure' ? 'Refused' : 'Closed';
    return `${word}: ${asks.join(', ') || 'not verified'} (${reach(verdict)})`;
  }
  const would = [
    ...(issues['would-fix'].length > 0 ? [`${issues['would-fix'].length} to fix`] : []),
    ...(issues['would-approve'].length > 0 ? [`${issues['would-approve'].length} to approve`] : []),
  ];
  if (would.length > 0) return `Open, but would refuse: ${would.join(', ')} (${reach(verdict)})`;
  return `${openWords(verdict, issues)} (${duration(verdict.elapsedMs)})`;
}

function reach(verdict: Verdict): string {
  const clusters = new Set(
    verdict.report.diff.targets.flatMap((target) =>
      target.cluster !== null && target.status !== 'unchanged' ? [target.cluster] : [],
    ),
  );
  const time = duration(verdict.elapsedMs);
  return clusters.size === 0 ? time : `${count(clusters.size, 'cluster')}, ${time}`;
}

function openWords(verdict: Verdict, issues: Record<Standing, Issue[]>): string {
  const { report } = verdict;
  if (report.head === null)
    return issues.told.length === 0
      ? 'Clean: nothing found'
      : `Clean: ${count(issues.told.length, 'notice')}`;
  const parts: string[] = [];
  if (report.checks.some((check) => check.name === 'diff')) parts.push(changeWords(verdict));
  const signers = new Set(report.signatures.commits.flatMap((commit) => commit.signer ?? []));
  const allSigned = report.signatures.commits.every((commit) => commit.verdict === 'valid');
  if (signers.size > 0 && allSigned) parts.push(`signed by ${visible(listed([...signers], 3))}`);
  if (issues.approved.length > 0) parts.push(`${issues.approved.length} approved`);
  if (parts.length === 0) parts.push(report.checks.map((check) => check.name).join(', '));
  return `Open: ${parts.join(', ')}`;
}

function changeWords(verdict: Verdict): string {
  const targets = withoutFolders(verdict.report.diff.targets);
  const byAction = new Map<ChangeAction, number>();
  for (const target of targets) {
    for (const change of target.changes) byAction.set(change.action, (byAction.get(change.action) ?? 0) + 1);
  }
  const total = [...byAction.values()].reduce((sum, n) => sum + n, 0);
  const unseen = unseenWords(targets);
  if (total === 0) return `no change to any cluster${unseen}`;
  const clusters = targets.filter((target) => target.status === 'changed' && target.cluster !== null);
  const named = new Set(clusters.map((target) => target.cluster)).size;
  const where = named > 0 ? count(named, 'cluster') : count(changedClusters(targets).length, 'target');
  return `${count(total, 'change')} on ${where}${unseen}`;
}
