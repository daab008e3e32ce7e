import { type CheckName, type CheckResult, emptyResult, fingerprint } from '../contract/index.js';

/** A result per thing scanned, as one result of the check. */
export function mergedResults(name: CheckName, results: readonly CheckResult[]): CheckResult {
  const [first, ...others] = results;
  if (first !== undefined && others.length === 0) return first;
  const merged = emptyResult(name);
  const places = new Map<string, string | null>();
  for (const one of results) {
    const result = withOwnFingerprints(one, places);
    merged.findings.push(...result.findings);
    merged.notVerified.push(...result.notVerified);
    merged.debt.count += result.debt.count;
    merged.debt.delta += result.debt.delta;
    for (const [fingerprint, excerpt] of result.excerpts) merged.excerpts.set(fingerprint, excerpt);
  }
  merged.summary = [...new Set(results.map(({ summary }) => summary))].join('; ');
  return merged;
}

/**
 * The result with fingerprints that no finding of an earlier result has at another place: files of one name in two folders
 * are alike within their own trees.
 * @param places fingerprints that are taken, and where; those of the result are added
 */
function withOwnFingerprints(result: CheckResult, places: Map<string, string | null>): CheckResult {
  const excerpts = new Map(result.excerpts);
  const findings = result.findings.map((finding) => {
    const known = places.get(finding.fingerprint);
    if (known === undefined || known === finding.path) {
      places.set(finding.fingerprint, finding.path);
      return finding;
    }
    const own = fingerprint(finding.fingerprint, finding.path);
    const excerpt = excerpts.get(finding.fingerprint);
    if (excerpt !== undefined) excerpts.set(own, excerpt);
    excerpts.delete(finding.fingerprint);
    places.set(own, finding.path);
    return { ...finding, fingerprint: own };
  });
  return { ...result, findings, excerpts };
}

/** The result with another path in each finding: as the user named the place, not as the scanned tree does. */
export function withPaths(result: CheckResult, rename: (path: string) => string): CheckResult {
  return {
    ...result,
    findings: result.findings.map((finding) =>
      finding.path === null
        ? finding
        : {
            ...finding,
            path: rename(finding.path),
            suggestion: finding.suggestion && {
              ...finding.suggestion,
              path: rename(finding.suggestion.path),
            },
          },
    ),
    notVerified: result.notVerified.map((item) => ({ ...item, what: renamedPlace(item.what, rename) })),
  };
}

/** A path, alone or with a line, under its other name. */
function renamedPlace(what: string, rename: (path: string) => string): string {
  const [, path = what, line = ''] = /^(.*?)(:\d+)?$/s.exec(what) ?? [];
  return `${rename(path)}${line}`;
}
