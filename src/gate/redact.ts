import type {
  CheckReport,
  Excerpt,
  Finding,
  JsonValue,
  Redactor,
  Suggestion,
  TargetChange,
  Verdict,
} from '../contract/index.js';

/**
 * The gate's only exit: takes every secret that was seen in the run out of all free text. Keys of the report, rule
 * ids, fingerprints, commit ids and the words of its vocabulary stay as they are; names (paths, objects, targets) lose
 * only values that can be nothing but a token, for a password such as `postgres` is also an honest name.
 */
export function redactVerdict(verdict: Verdict, redactor: Redactor): Verdict {
  if (redactor.empty) return verdict;
  const { report } = verdict;
  return {
    ...verdict,
    report: {
      ...report,
      checks: report.checks.map((check) => redactCheck(check, redactor)),
      diff: { targets: report.diff.targets.map((target) => redactTarget(target, redactor)) },
    },
    excerpts: new Map(
      [...verdict.excerpts].map(([id, { line, text }]): [string, Excerpt] => [
        id,
        { line, text: redactor.redact(text) },
      ]),
    ),
  };
}

function redactCheck(check: CheckReport, redactor: Redactor): CheckReport {
  return {
    ...check,
    summary: redactor.redact(check.summary),
    findings: check.findings.map((finding) => redactFinding(finding, redactor)),
    notVerified: check.notVerified.map(({ what, reason, closes }) => ({
      what: redactor.redact(what),
      reason: redactor.redact(reason),
      closes,
    })),
  };
}

function redactFinding(finding: Finding, redactor: Redactor): Finding {
  const name = (text: string) => redactor.redactName(text);
  return {
    ...finding,
    message: redactor.redact(finding.message),
    help: redactor.redact(finding.help),
    path: finding.path === null ? null : name(finding.path),
    object:
      finding.object === null
        ? null
        : { ...finding.object, namespace: name(finding.object.namespace), name: name(finding.object.name) },
    targets: finding.targets.map(name),
    suppressed:
      finding.suppressed === null
        ? null
        : { ...finding.suppressed, reason: redactor.redact(finding.suppressed.reason) },
    // a line that had to be masked is no line to put into a file
    suggestion: masks(finding.suggestion, redactor) ? null : finding.suggestion,
  };
}

function masks(suggestion: Suggestion | null, redactor: Redactor): boolean {
  if (suggestion === null) return false;
  const { path, removed, added } = suggestion;
  return (
    redactor.redactName(path) !== path ||
    [...removed, ...added].some((line) => redactor.redact(line) !== line)
  );
}

function redactTarget(target: TargetChange, redactor: Redactor): TargetChange {
  return {
    ...target,
    name: redactor.redactName(target.name),
    changes: target.changes.map((change) => ({
      ...change,
      object: {
        ...change.object,
        namespace: redactor.redactName(change.object.namespace),
        name: redactor.redactName(change.object.name),
      },
      source:
        change.source === null ? null : { ...change.source, path: redactor.redactName(change.source.path) },
      fields: change.fields.map(({ path, from, to }) => ({
        path: redactor.redact(path),
        from: redactor.redactDeep<JsonValue>(from),
        to: redactor.redactDeep<JsonValue>(to),
      })),
    })),
  };
}
