import type { Suggestion } from './suggestion.js';

/** The check that made a finding. `gate` holds changes to the gate's own protected files. */
export type CheckName = 'gate' | 'signatures' | 'secrets' | 'policies' | 'diff';

/** The order in which checks are listed everywhere. */
export const CHECK_NAMES: readonly CheckName[] = ['gate', 'signatures', 'secrets', 'policies', 'diff'];

/** `fix` closes the gate until mended; `approve` until somebody entitled approves; `inform` never closes. */
export type Action = 'fix' | 'approve' | 'inform';
export type Severity = 'error' | 'warning' | 'notice';
/** A `guess` never closes the gate. */
export type Confidence = 'certain' | 'likely' | 'guess';

/** A Kubernetes object by identity. `namespace` is '' for cluster-scoped objects or where none is stated. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
}

/** What hid a finding, always read from the base: an inline comment, an exception, a baseline, an annotation. */
export interface Suppression {
  by: string;
  reason: string;
  /** Day on which it stops counting (YYYY-MM-DD), or null where the mechanism has no end date. */
  until: string | null;
}

/**
 * One root cause that a check found, however many objects, targets or clusters it reaches.
 * The shape is that of schemaVersion 1 of the JSON report: what does not apply is null or empty.
 */
export interface Finding {
  check: CheckName;
  /** `<check>/<rule>`; for policies `policies/<policy>/<rule>`. */
  ruleId: string;
  action: Action;
  severity: Severity;
  confidence: Confidence;
  /** What is wrong, in one line, naming the thing; never a secret's value. */
  message: string;
  /** How to mend it, as an exact command where there is one. */
  help: string;
  /** Repository path with forward slashes, or null where no file is the place. */
  path: string | null;
  /** 1-based. */
  line: number | null;
  endLine: number | null;
  /** 1-based, in characters. */
  column: number | null;
  commit: string | null;
  object: ObjectRef | null;
  targets: string[];
  clusters: string[];
  /** Built by `fingerprint()` from rule, path and structure; survives line moves; never from a secret's value. */
  fingerprint: string;
  /** False for what was there before the change (debt that is shown, not counted only). */
  new: boolean;
  approvedBy: string | null;
  suppressed: Suppression | null;
  /** A change of a file that was proved to mend it, or null. */
  suggestion: Suggestion | null;
}

/** What a check must say of a finding; the rest has defaults that `finding()` fills in. */
export type FindingInput = Pick<Finding, 'check' | 'ruleId' | 'action' | 'message' | 'help' | 'fingerprint'> &
  Partial<Finding>;

/** Completes a finding: severity follows the action unless said, everything else that is absent is null or empty. */
export function finding(input: FindingInput): Finding {
  const severity: Severity =
    input.severity ?? (input.action === 'fix' ? 'error' : input.action === 'approve' ? 'warning' : 'notice');
  return {
    check: input.check,
    ruleId: input.ruleId,
    action: input.action,
    severity,
    confidence: input.confidence ?? 'certain',
    message: input.message,
    help: input.help,
    path: input.path ?? null,
    line: input.line ?? null,
    endLine: input.endLine ?? input.line ?? null,
    column: input.column ?? null,
    commit: input.commit ?? null,
    object: input.object ?? null,
    targets: input.targets ?? [],
    clusters: input.clusters ?? [],
    fingerprint: input.fingerprint,
    new: input.new ?? true,
    approvedBy: input.approvedBy ?? null,
    suppressed: input.suppressed ?? null,
    suggestion: input.suggestion ?? null,
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * What findings have in common that one mend, or one approval, answers: the same rule saying the same with the same
 * way out, however many places. Reports show them as one, and every count of what is asked for counts them once.
 */
export function rootCauseOf({ ruleId, message, help, approvedBy }: Finding): string {
  return JSON.stringify([ruleId, message, help, approvedBy]);
}

/** The order of findings in every report: path (none last), line, ruleId, then fingerprint so that it is total. */
export function compareFindings(a: Finding, b: Finding): number {
  if (a.path !== b.path) {
    if (a.path === null) return 1;
    if (b.path === null) return -1;
    return compareText(a.path, b.path);
  }
  return (
    (a.line ?? 0) - (b.line ?? 0) ||
    compareText(a.ruleId, b.ruleId) ||
    compareText(a.fingerprint, b.fingerprint) ||
    compareText(a.message, b.message)
  );
}
