import type { CheckReport, Finding, Report, Verdict } from '../contract/index.js';

/**
 * The JSON report, schemaVersion 1 (schema/report.schema.json): the same input gives the same bytes, apart from
 * `durationMs`. Keys stand in the schema's order whatever order they were made in.
 */
export function writeJson(verdict: Verdict): string {
  return `${JSON.stringify(reportJson(verdict.report), null, 2)}\n`;
}

function reportJson(report: Report): Report {
  const tools = Object.entries(report.inputs.tools).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    schemaVersion: report.schemaVersion,
    tool: { name: report.tool.name, version: report.tool.version },
    base: report.base,
    mergeBase: report.mergeBase,
    head: report.head,
    result: report.result,
    conclusion: report.conclusion,
    inputs: {
      config: report.inputs.config,
      keys: report.inputs.keys,
      rules: report.inputs.rules,
      tools: Object.fromEntries(tools),
      now: report.inputs.now,
      sandbox: report.inputs.sandbox,
    },
    checks: report.checks.map(checkJson),
    signatures: {
      commits: report.signatures.commits.map(({ sha, verdict, type, signer, fingerprint }) => ({
        sha,
        verdict,
        type,
        signer,
        fingerprint,
      })),
    },
    diff: {
      targets: report.diff.targets.map(({ name, kind, cluster, status, changes }) => ({
        name,
        kind,
        cluster,
        status,
        changes: changes.map((change) => ({
          action: change.action,
          object: objectJson(change.object),
          fields: change.fields.map(({ path, from, to }) => ({ path, from, to })),
          impacts: change.impacts,
          source: change.source === null ? null : { path: change.source.path, line: change.source.line },
        })),
      })),
    },
  };
}

function checkJson(check: CheckReport): CheckReport {
  return {
    name: check.name,
    mode: check.mode,
    conclusion: check.conclusion,
    summary: check.summary,
    durationMs: Math.round(check.durationMs),
    findings: check.findings.map(findingJson),
    notVerified: check.notVerified.map(({ what, reason, closes }) => ({ what, reason, closes })),
    debt: { count: check.debt.count, delta: check.debt.delta },
  };
}

function findingJson(finding: Finding): Finding {
  return {
    check: finding.check,
    ruleId: finding.ruleId,
    action: finding.action,
    severity: finding.severity,
    confidence: finding.confidence,
    message: finding.message,
    help: finding.help,
    path: finding.path,
    line: finding.line,
    endLine: finding.endLine,
    column: finding.column,
    commit: finding.commit,
    object: finding.object === null ? null : objectJson(finding.object),
    targets: finding.targets,
    clusters: finding.clusters,
    fingerprint: finding.fingerprint,
    new: finding.new,
    approvedBy: finding.approvedBy,
    suppressed:
      finding.suppressed === null
        ? null
        : { by: finding.suppressed.by, reason: finding.suppressed.reason, until: finding.suppressed.until },
    suggestion:
      finding.suggestion === null
        ? null
        : {
            path: finding.suggestion.path,
            line: finding.suggestion.line,
            removed: finding.suggestion.removed,
            added: finding.suggestion.added,
          },
  };
}

function objectJson({ apiVersion, kind, namespace, name }: NonNullable<Finding['object']>) {
  return { apiVersion, kind, namespace, name };
}
