import type { Config } from '../../config/index.js';
import type { Change, Commit } from '../../git/index.js';

/**
 * Keys with which GitHub signs what is done in the browser or through its API, for anybody: whoever holds one is
 * GitHub, not the person. https://github.com/web-flow.gpg; the first is the one in use, the second has expired.
 */
export const WEB_FLOW_KEYS: readonly string[] = [
  'openpgp:968479A1AFF927E37D1A566BB5690EEEBB952194',
  'openpgp:5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23',
];
/** The name under which scopes may let GitHub itself sign. */
export const WEB_FLOW = 'web-flow';
const WEB_FLOW_EMAIL = 'noreply@github.com';

export type WebFlowMode = Config['signatures']['webFlow'];

/** What a commit of GitHub's own is: nothing but a merge of what is verified, an edit that may be made, or refused. */
export type WebFlowVerdict = { as: 'merge' | 'edit' } | { as: 'refused'; reason: string };

/**
 * Judges a commit signed by GitHub. `merges`: accepted only when it is a merge whose parents are verified (or in the
 * base) and whose tree is exactly what merging them gives (the conflict editor can sign anything), or the squash or
 * rebase of a verified head in a merge queue, known by its tree. `edits`: browser edits, suggestions and commits
 * through the API are accepted too, as the principal `web-flow`.
 * @param verified the commits of the change that were found valid so far, parents first
 * @param queued whether the commit only brings a verified head of the merge queue, by its tree
 */
export async function judgeWebFlow(
  change: Change,
  commit: Commit,
  mode: WebFlowMode,
  verified: (sha: string) => boolean,
  queued: boolean,
): Promise<WebFlowVerdict> {
  if (commit.committer.email !== WEB_FLOW_EMAIL) {
    return { as: 'refused', reason: `GitHub signed it for the committer <${commit.committer.email}>` };
  }
  if (mode === 'never')
    return { as: 'refused', reason: 'GitHub signed it for somebody, and webFlow is never' };
  if (queued) return { as: 'merge' };
  const [first, second, ...others] = commit.parents;
  if (first === undefined || second === undefined || others.length > 0) {
    return mode === 'edits'
      ? { as: 'edit' }
      : {
          as: 'refused',
          reason: 'it was made in the browser or through the API, and webFlow lets only merges in',
        };
  }
  const unverified = [first, second].find((parent) => !verified(parent));
  if (unverified !== undefined) {
    return { as: 'refused', reason: `GitHub merged ${unverified.slice(0, 10)}, which is not verified` };
  }
  const tree = await change.mergeOf(first, second);
  if (tree === commit.tree) return { as: 'merge' };
  if (mode === 'edits') return { as: 'edit' };
  return {
    as: 'refused',
    reason:
      tree === null
        ? 'its conflicts were resolved in the browser, where anything can be put in'
        : 'its tree is not what merging its parents gives',
  };
}
