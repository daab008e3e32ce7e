import { type Excerpt, type Finding, LIMITS } from '../contract/index.js';
import type { Change } from '../git/index.js';

/**
 * Whether what an exception hides was there when it was accepted. For a secret that means its line stands in the
 * base's file already: an exception names a rule and a place, and must not let the next secret through there.
 * For other checks the check itself says what it found anew (`CheckResult.reopened`).
 */
export function boundTo(
  change: Change,
): (finding: Finding, excerpt: Excerpt | undefined) => Promise<boolean> {
  return async (finding, excerpt) => {
    if (finding.check !== 'secrets' || !finding.new) return true;
    if (finding.path === null || excerpt === undefined) return false;
    const { tree } = change.base;
    const file = (await tree.files()).get(finding.path);
    if (file === undefined || file.mode === 'submodule') return false;
    if ((await tree.size(finding.path)) > LIMITS.blobBytes) return false;
    const wanted = excerpt.text.trim();
    const text = (await tree.read(finding.path)).toString('utf8');
    return wanted !== '' && text.split('\n').some((line) => line.trim() === wanted);
  };
}
