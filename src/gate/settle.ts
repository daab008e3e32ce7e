import { type Exception, exceptionsFor, oneLine } from '../config/index.js';
import {
  type Action,
  type CheckReport,
  type CheckResult,
  type Conclusion,
  compareFindings,
  type Excerpt,
  type Finding,
  type Mode,
  rootCauseOf,
} from '../contract/index.js';

/** What turns a check's own findings into those of the verdict. */
export interface SettleOptions {
  mode: Mode;
  /** True when the mode is a default of an unconfigured repository. */
  unconfigured: boolean;
  /** Exceptions of the base, with their lines where they are known. */
  exceptions: readonly (Exception & { line?: number })[];
  exceptionsPath: string;
  /** By fingerprint: who approved. */
  approvals: ReadonlyMap<string, string>;
  now: Date;
  /**
   * True when what an exception hides is what was there when it was accepted. A secret, image or command that is new
   * is not hidden: the exception then only allows that it be approved.
   */
  isBound: (finding: Finding, excerpt: Excerpt | undefined) => Promise<boolean>;
}

/** True for a finding that closes an enforcing check. */
export function closes(finding: Finding): boolean {
  if (finding.suppressed !== null) return false;
  return finding.action === 'fix' || (finding.action === 'approve' && finding.approvedBy === null);
}

/** The report of one check: one finding a fingerprint, exceptions, approvals and mode applied, sorted, concluded. */
export async function settle(
  result: CheckResult,
  durationMs: number,
  options: SettleOptions,
): Promise<CheckReport> {
  const reopened = result.reopened ?? new Set();
  // What only reports closes nothing, and there is nothing to approve.
  const reporting = options.mode === 'report';
  const settled: Finding[] = [];
  for (const original of mergedByFingerprint(result.findings)) {
    const finding = withoutGuess(original);
    const excepted = await withException(
      finding,
      result.excerpts.get(finding.fingerprint),
      reopened,
      options,
    );
    settled.push(reporting ? excepted : withApproval(excepted, options.approvals));
  }
  settled.sort(compareFindings);
  const asks = asksOf(settled, result.notVerified);
  return {
    name: result.name,
    mode: options.mode,
    conclusion: reporting ? 'success' : concluded(settled, result.notVerified),
    summary: reporting
      ? reportingSummary(asks, result, settled, options)
      : summaryOf(asks, asksForApproval(settled) ? '' : ownWords(result), settled),
    durationMs,
    findings: reporting ? settled.map((finding) => ({ ...finding, action: 'inform' })) : settled,
    notVerified: result.notVerified.map((item) => ({ ...item, closes: item.closes && !reporting })),
    debt: result.debt,
  };
}

/** Approvals given after the verdict: the check's report with them applied. */
export function settleApprovals(report: CheckReport, approvals: ReadonlyMap<string, string>): CheckReport {
  const findings = report.findings.map((finding) =>
    withApproval({ ...finding, approvedBy: null }, approvals),
  );
  if (report.mode === 'report') return report;
  const asks = asksOf(findings, report.notVerified);
  return {
    ...report,
    conclusion: concluded(findings, report.notVerified),
    summary: asksForApproval(findings) ? summaryOf(asks, '', findings) : report.summary,
    findings,
  };
}

function concluded(findings: readonly Finding[], notVerified: CheckResult['notVerified']): Conclusion {
  if (findings.some(closes)) return 'failure';
  return notVerified.some((item) => item.closes) ? 'error' : 'success';
}

const STRICTER: Record<Action, number> = { fix: 0, approve: 1, inform: 2 };

/** Findings of one fingerprint are one: the strictest stands, with what all of them reach. */
function mergedByFingerprint(findings: readonly Finding[]): Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of [...findings].sort(compareFindings)) {
    const other = merged.get(finding.fingerprint);
    if (other === undefined) {
      merged.set(finding.fingerprint, { ...finding, approvedBy: null });
      continue;
    }
    const strict = STRICTER[finding.action] < STRICTER[other.action] ? finding : other;
    merged.set(finding.fingerprint, {
      ...strict,
      approvedBy: null,
      targets: sortedUnion(other.targets, finding.targets),
      clusters: sortedUnion(other.clusters, finding.clusters),
      new: other.new || finding.new,
      suppressed: other.suppressed === null || finding.suppressed === null ? null : strict.suppressed,
    });
  }
  return [...merged.values()];
}

function sortedUnion(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort();
}

function withoutGuess(finding: Finding): Finding {
  if (finding.confidence !== 'guess' || finding.action === 'inform') return finding;
  return {
    ...finding,
    action: 'inform',
    severity: finding.severity === 'error' ? 'warning' : finding.severity,
  };
}

/**
 * Exceptions of the configuration are applied here alone, with their last day, clusters and what they are bound to: a
 * check's own opinion of them (`by: exceptions`) is looked at again.
 */
function isByExceptions({ suppressed }: Finding, { exceptions }: SettleOptions): boolean {
  return suppressed?.by === 'exceptions' && exceptions.length > 0;
}

async function withException(
  original: Finding,
  excerpt: Excerpt | undefined,
  reopened: ReadonlySet<string>,
  options: SettleOptions,
): Promise<Finding> {
  if (original.suppressed !== null && !isByExceptions(original, options)) return original;
  const finding = { ...original, suppressed: null };
  const [exception, ...others] = exceptionsFor(options.exceptions, finding, options.now);
  if (exception === undefined) return finding;
  const by = `${options.exceptionsPath}${exception.line === undefined ? '' : `:${exception.line}`}`;
  if (!reopened.has(finding.fingerprint) && (await options.isBound(finding, excerpt))) {
    const until = others.reduce((first, one) => (one.until < first ? one.until : first), exception.until);
    return { ...finding, suppressed: { by, reason: exception.reason, until } };
  }
  if (finding.action !== 'fix') return finding;
  return {
    ...finding,
    action: 'approve',
    severity: 'warning',
    help: `${finding.help}; the exception at ${by} covers this rule here, but not this new value: an approving review accepts it`,
  };
}

function withApproval(finding: Finding, approvals: ReadonlyMap<string, string>): Finding {
  const approver = approvals.get(finding.fingerprint);
  if (approver === undefined || finding.action !== 'approve' || finding.suppressed !== null) return finding;
  return { ...finding, approvedBy: approver };
}

/**
 * Where approvals are asked for, the counts say it all and the check's own words are left out: so the summary can be
 * made again from the report when approvals come.
 */
function asksForApproval(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.action === 'approve' && finding.suppressed === null);
}

interface Asks {
  fix: number;
  approve: number;
  notVerified: number;
}

function asksOf(findings: readonly Finding[], notVerified: CheckResult['notVerified']): Asks {
  const open = findings.filter(closes);
  return {
    fix: rootCauses(open, 'fix'),
    approve: rootCauses(open, 'approve'),
    notVerified: notVerified.filter((item) => item.closes).length,
  };
}

/** What a check asks for is counted as reports show it: findings with one way out are one. */
function rootCauses(findings: readonly Finding[], action: Action): number {
  return new Set(findings.filter((finding) => finding.action === action).map(rootCauseOf)).size;
}

function askWords({ fix, approve, notVerified }: Asks): string {
  return [
    ...(fix > 0 ? [`${fix} to fix`] : []),
    ...(approve > 0 ? [`${approve} to approve`] : []),
    ...(notVerified > 0 ? [`${notVerified} not verified`] : []),
  ].join(', ');
}

function ownWords(result: CheckResult): string {
  return oneLine(result.summary) || 'nothing found';
}

function summaryOf(asks: Asks, words: string, findings: readonly Finding[]): string {
  const approved = findings.filter((finding) => finding.approvedBy !== null).length;
  const suppressed = findings.filter((finding) => finding.suppressed !== null).length;
  return [
    askWords(asks) || words,
    ...(approved > 0 ? [`${approved} approved`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function reportingSummary(
  asks: Asks,
  result: CheckResult,
  findings: readonly Finding[],
  options: SettleOptions,
): string {
  const asked = askWords(asks);
  if (asked === '') return summaryOf(asks, ownWords(result), findings);
  const how = options.unconfigured
    ? ` (to enforce it: ${result.name}.mode: enforce in .gitops-gate/config.yaml)`
    : '';
  return `would refuse: ${asked}${how}`;
}
