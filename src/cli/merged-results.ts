import { type CheckName, type CheckResult, emptyResult } from '../contract/index.js';

/** A result per thing scanned, as one result of the check. */
export function mergedResults(name: CheckName, results: readonly CheckResult[]): CheckResult {
  const [first, ...others] = results;
  if (first !== undefined && others.length === 0) return first;
  const merged = emptyResult(name);
  for (const result of results) {
    merged.findings.push(...result.findings);
    merged.notVerified.push(...result.notVerified);
    merged.debt.count += result.debt.count;
    merged.debt.delta += result.debt.delta;
    for (const [fingerprint, excerpt] of result.excerpts) merged.excerpts.set(fingerprint, excerpt);
  }
  merged.summary = [...new Set(results.map(({ summary }) => summary))].join('; ');
  return merged;
}

/** The result with another path in each finding: as the user named the place, not as the scanned tree does. */
export function withPaths(result: CheckResult, rename: (path: string) => string): CheckResult {
  return {
    ...result,
    findings: result.findings.map((finding) =>
      finding.path === null ? finding : { ...finding, path: rename(finding.path) },
    ),
    notVerified: result.notVerified.map((item) => ({ ...item, what: rename(item.what) })),
  };
}
