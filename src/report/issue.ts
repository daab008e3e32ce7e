import {
  type CheckName,
  type Excerpt,
  type Finding,
  type Mode,
  type ObjectRef,
  rootCauseOf,
  type Suppression,
  type Verdict,
} from '../contract/index.js';

/** Where an issue stands. */
export interface Place {
  path: string | null;
  line: number | null;
  commit: string | null;
}

/**
 * One root cause as people read it: findings of one rule that say the same and are mended the same way, with every
 * place where it shows.
 */
export interface Issue {
  check: CheckName;
  ruleId: string;
  message: string;
  help: string;
  places: Place[];
  objects: ObjectRef[];
  clusters: string[];
  targets: string[];
  excerpt: Excerpt | null;
  fingerprints: string[];
  approvedBy: string | null;
  suppressed: Suppression | null;
}

/**
 * What a finding means for the merge. `would-fix` and `would-approve`: of a check that only reports, but would close
 * the gate if it enforced.
 */
export type Standing = 'fix' | 'approve' | 'would-fix' | 'would-approve' | 'approved' | 'suppressed' | 'told';

/** The standing of a finding in a check of the given mode (DESIGN: in `report` mode every finding informs). */
export function standing(finding: Finding, mode: Mode): Standing {
  if (finding.suppressed !== null) return 'suppressed';
  if (finding.action === 'fix') return 'fix';
  if (finding.action === 'approve') return finding.approvedBy === null ? 'approve' : 'approved';
  const closes = mode === 'report' && finding.new && finding.confidence !== 'guess';
  if (closes && finding.severity === 'error') return 'would-fix';
  if (closes && finding.severity === 'warning') return 'would-approve';
  return 'told';
}

/** Every finding of the verdict, grouped by root cause within its standing; groups keep the findings' order. */
export function issuesByStanding(verdict: Verdict): Record<Standing, Issue[]> {
  const groups: Record<Standing, Map<string, Issue>> = {
    fix: new Map(),
    approve: new Map(),
    'would-fix': new Map(),
    'would-approve': new Map(),
    approved: new Map(),
    suppressed: new Map(),
    told: new Map(),
  };
  for (const check of verdict.report.checks) {
    for (const finding of check.findings) {
      const group = groups[standing(finding, check.mode)];
      const key = rootCauseOf(finding);
      const issue = group.get(key);
      if (issue === undefined) group.set(key, issueOf(finding, verdict));
      else addTo(issue, finding, verdict);
    }
  }
  return {
    fix: [...groups.fix.values()],
    approve: [...groups.approve.values()],
    'would-fix': [...groups['would-fix'].values()],
    'would-approve': [...groups['would-approve'].values()],
    approved: [...groups.approved.values()],
    suppressed: [...groups.suppressed.values()],
    told: [...groups.told.values()],
  };
}

function issueOf(finding: Finding, verdict: Verdict): Issue {
  return {
    check: finding.check,
    ruleId: finding.ruleId,
    message: finding.message,
    help: finding.help,
    places: placesOf(finding),
    objects: finding.object === null ? [] : [finding.object],
    clusters: [...finding.clusters],
    targets: [...finding.targets],
    excerpt: verdict.excerpts.get(finding.fingerprint) ?? null,
    fingerprints: [finding.fingerprint],
    approvedBy: finding.approvedBy,
    suppressed: finding.suppressed,
  };
}

function addTo(issue: Issue, finding: Finding, verdict: Verdict): void {
  issue.places.push(...placesOf(finding));
  if (finding.object !== null) issue.objects.push(finding.object);
  issue.clusters = [...new Set([...issue.clusters, ...finding.clusters])];
  issue.targets = [...new Set([...issue.targets, ...finding.targets])];
  issue.excerpt ??= verdict.excerpts.get(finding.fingerprint) ?? null;
  issue.fingerprints.push(finding.fingerprint);
}

function placesOf(finding: Finding): Place[] {
  if (finding.path === null && finding.commit === null) return [];
  return [{ path: finding.path, line: finding.line, commit: finding.commit }];
}
