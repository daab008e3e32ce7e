import { gitFailed, runGit } from './git-process.js';
import { isAboutMissing, linesOfIds } from './merge.js';
import { isObjectId } from './object-id.js';
import type { ExplainMissing } from './object-store.js';

/** A merge that a branch has had: `head` was merged into `base` and gave `merge`. All are commit ids. */
export interface PastMerge {
  base: string;
  head: string;
  merge: string;
}

/**
 * The last merges along the first parents of a commit, newest first. A branch that has none is one of squash merges
 * or rebases: then each first-parent commit is taken as a merge of itself. The head of a merge with more than two
 * parents is the merge itself, which holds all that came in.
 * @throws GateError `missing-objects` when history is cut off before anything was found
 */
export async function lastMerges(
  gitDir: string,
  tip: string,
  count: number,
  missing: ExplainMissing,
): Promise<PastMerge[]> {
  const merges = await firstParents(gitDir, tip, count, ['--merges'], missing);
  const found = merges.length > 0 ? merges : await firstParents(gitDir, tip, count, [], missing);
  return found.flatMap(([merge, base, ...others]) => {
    const [head] = others;
    if (merge === undefined || base === undefined) return []; // a root commit was merged into nothing
    return [{ base, head: others.length === 1 && head !== undefined ? head : merge, merge }];
  });
}

/** Ids of commits, newest first, as far as history is there. */
export async function log(gitDir: string, tip: string, count: number): Promise<string[]> {
  const { stdout } = await runGit(gitDir, ['rev-list', `--max-count=${count}`, tip]);
  return linesOfIds(stdout);
}

async function firstParents(
  gitDir: string,
  tip: string,
  count: number,
  filter: readonly string[],
  missing: ExplainMissing,
): Promise<string[][]> {
  const args = ['rev-list', '--first-parent', '--parents', ...filter, `--max-count=${count}`, tip];
  const { status, stdout, stderr } = await runGit(gitDir, args);
  const rows = stdout
    .toString('latin1')
    .split('\n')
    .map((line) => line.split(' ').filter(isObjectId))
    .filter((row) => row.length > 0);
  if (status !== 0 && rows.length === 0) {
    throw isAboutMissing(stderr) ? missing('history') : gitFailed('git rev-list failed', stderr);
  }
  return rows;
}
