import type { CommitSignature, Finding, Report } from '../contract/index.js';

/** A commit with what was found wrong with its signature, where anything was. */
export interface CommitRow extends CommitSignature {
  refusal: Finding | null;
}

/**
 * The commits of a change for a table of who signed what: those that are refused first, otherwise in their order.
 * None where nobody signs yet: one line of coverage says that.
 */
export function commitRows({ checks, signatures: { commits } }: Report): CommitRow[] {
  const refusals = new Map<string, Finding>();
  for (const { findings } of checks.filter(({ name }) => name === 'signatures')) {
    for (const finding of findings) {
      if (finding.commit !== null && !refusals.has(finding.commit)) refusals.set(finding.commit, finding);
    }
  }
  if (refusals.size === 0 && commits.every(({ signer }) => signer === null)) return [];
  const rows = commits.map((commit) => ({
    ...commit,
    refusal: commit.verdict === 'valid' ? null : (refusals.get(commit.sha) ?? null),
  }));
  return [
    ...rows.filter(({ verdict }) => verdict !== 'valid'),
    ...rows.filter(({ verdict }) => verdict === 'valid'),
  ];
}
