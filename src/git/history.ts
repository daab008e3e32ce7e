import { gitFailed, runGit } from './git-process.js';
import { linesOfIds } from './merge.js';
import { isObjectId } from './object-id.js';
import type { ExplainMissing } from './object-store.js';

/** A merge that a branch has had: `head` was merged into `base` and gave `merge`. All are commit ids. */
export interface PastMerge {
  base: string;
  head: string;
  merge: string;
}

/** So many commits are looked at for the merges of a branch that is merged into. */
const RECENT = 100;

/**
 * The last merges along the first parents of a commit, newest first. A branch of whose last hundred commits fewer than
 * a tenth are merges is one of squash merges or rebases: then each first-parent commit is taken as a merge of itself.
 * The head of a merge with more than two parents is the merge itself, which holds all that came in.
 * @throws GateError `missing-objects` when history is cut off before anything was found
 */
export async function lastMerges(
  gitDir: string,
  tip: string,
  count: number,
  shallowFile: string | null,
  missing: ExplainMissing,
): Promise<PastMerge[]> {
  const recent = await firstParents(gitDir, tip, Math.max(count, RECENT), [], shallowFile);
  const merges = recent.filter((row) => row.length > 2).length;
  const rows =
    merges > 0 && merges * 10 >= recent.length
      ? await firstParents(gitDir, tip, count, ['--merges'], shallowFile)
      : recent.slice(0, count);
  const past = rows.flatMap(([merge, base, ...others]) => {
    const [head] = others;
    if (merge === undefined || base === undefined) return []; // a root commit was merged into nothing
    return [{ base, head: others.length === 1 && head !== undefined ? head : merge, merge }];
  });
  if (past.length === 0 && shallowFile !== null) throw missing('history');
  return past;
}

/**
 * Ids of commits, newest first, as far as history is there.
 * @param shallowFile where a shallow clone lists the commits at which it is cut off, or null
 */
export async function log(
  gitDir: string,
  tip: string,
  count: number,
  shallowFile: string | null,
): Promise<string[]> {
  const { stdout } = await runGit(gitDir, ['rev-list', `--max-count=${count}`, tip], {
    environment: endsAt(shallowFile),
  });
  return linesOfIds(stdout);
}

/**
 * Lets git take a shallow clone's last commits for roots. For listings alone: a change is worked out without, so that
 * a parent that is not there is an error and not taken for the beginning of history.
 */
function endsAt(shallowFile: string | null): NodeJS.ProcessEnv {
  return shallowFile === null ? {} : { GIT_SHALLOW_FILE: shallowFile };
}

async function firstParents(
  gitDir: string,
  tip: string,
  count: number,
  filter: readonly string[],
  shallowFile: string | null,
): Promise<string[][]> {
  const args = ['rev-list', '--first-parent', '--parents', ...filter, `--max-count=${count}`, tip];
  const { status, stdout, stderr } = await runGit(gitDir, args, { environment: endsAt(shallowFile) });
  if (status !== 0) throw gitFailed('git rev-list failed', stderr);
  return stdout
    .toString('latin1')
    .split('\n')
    .map((line) => line.split(' ').filter(isObjectId))
    .filter((row) => row.length > 0);
}
