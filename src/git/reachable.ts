import { GateError } from '../contract/index.js';
import { commitsBetween } from './merge.js';
import { isObjectId } from './object-id.js';
import type { ExplainMissing } from './object-store.js';

/**
 * True when a commit is one of the tips or an ancestor of one; false when it is of none; null where this clone cannot
 * say: the commit is not in it, is no commit, or history is cut off before it can tell (`git rev-list TIP..COMMIT` is
 * empty just for what is reachable).
 * @throws GateError `internal` for anything but full object ids
 */
export async function isReachable(
  gitDir: string,
  tips: readonly string[],
  commit: string,
  missing: ExplainMissing,
): Promise<boolean | null> {
  if (![commit, ...tips].every(isObjectId))
    throw new GateError('internal', 'commits are looked for by id only');
  let answer: boolean | null = false;
  for (const tip of tips) {
    try {
      if ((await commitsBetween(gitDir, tip, commit, 1, missing)).length === 0) return true;
    } catch (error) {
      if (!(error instanceof GateError)) throw error;
      // More commits than one that the tip does not have: it is not reachable.
      if (error.code === 'limit') continue;
      if (error.code !== 'missing-objects' && error.code !== 'git-failed') throw error;
      answer = null;
    }
  }
  return answer;
}
