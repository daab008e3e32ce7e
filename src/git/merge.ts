import { GateError } from '../contract/index.js';
import { gitFailed, runGit } from './git-process.js';
import { printable } from './memory-tree.js';
import { isObjectId } from './object-id.js';
import type { ExplainMissing } from './object-store.js';
import { pathFromBytes } from './path-bytes.js';

/** What merging gives: a tree, or the reason why it gives none. */
export type MergeOutcome = { tree: string } | { tree: null; reason: string };

/** Conflicting files named in a reason. */
const NAMED = 10;

/**
 * Merges two commits without a work tree (`git merge-tree --write-tree`, merge-ort with its defaults); the new trees
 * and blobs go into the gate's own object store.
 * @throws GateError `missing-objects`, `git-failed`
 */
export async function mergeCommits(
  gitDir: string,
  ours: string,
  theirs: string,
  missing: ExplainMissing,
): Promise<MergeOutcome> {
  if (!isObjectId(ours) || !isObjectId(theirs))
    throw new GateError('internal', 'commits are merged by id only');
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs];
  const { status, stdout, stderr } = await runGit(gitDir, args);
  const [tree = '', ...names] = splitNul(stdout).map(pathFromBytes);
  if (status === 0 && isObjectId(tree)) return { tree };
  if (status === 1 && isObjectId(tree)) {
    const files = [...new Set(names.filter((name) => name !== ''))];
    const shown = files.slice(0, NAMED).map(printable).join(', ');
    const more = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
    return { tree: null, reason: `conflict in ${shown === '' ? 'the trees' : shown}${more}` };
  }
  if (/refusing to merge unrelated histories/.test(stderr)) {
    return { tree: null, reason: 'unrelated histories: the two have no commit in common' };
  }
  if (isAboutMissing(stderr)) throw missing('what the merge needs');
  throw gitFailed('git merge-tree failed', stderr);
}

/**
 * The merge bases of two commits, best first as git orders them; empty for unrelated histories.
 * @throws GateError `missing-objects` when history is cut off before it can tell
 */
export async function mergeBases(
  gitDir: string,
  first: string,
  second: string,
  missing: ExplainMissing,
): Promise<string[]> {
  const { status, stdout, stderr } = await runGit(gitDir, ['merge-base', '--all', first, second]);
  // With a parent missing git says so and then "none" (status 1): not to be taken for unrelated histories.
  if (isAboutMissing(stderr)) throw missing('history');
  if (status !== 0 && status !== 1) throw gitFailed('git merge-base failed', stderr);
  return linesOfIds(stdout);
}

/**
 * Commits reachable from `head` and not from `base`, oldest first, parents before children.
 * @param limit more commits than this are an error
 * @throws GateError `limit`, `missing-objects`
 */
export async function commitsBetween(
  gitDir: string,
  base: string,
  head: string,
  limit: number,
  missing: ExplainMissing,
): Promise<string[]> {
  const args = ['rev-list', '--topo-order', '--reverse', `--max-count=${limit + 1}`, head, `^${base}`];
  const { status, stdout, stderr } = await runGit(gitDir, args);
  if (status !== 0)
    throw isAboutMissing(stderr) ? missing('history') : gitFailed('git rev-list failed', stderr);
  const ids = linesOfIds(stdout);
  if (ids.length > limit) {
    throw new GateError(
      'limit',
      `the change has more than ${limit} commits; split it, or merge its parts one by one`,
    );
  }
  return ids;
}

/** Whether git's words are about an object that is not there. */
export function isAboutMissing(stderr: string): boolean {
  return /could not read|unable to read|missing (?:blob|tree|commit|object)|failed to traverse|bad object|not a valid object|could not parse|unable to find|failed to read|unable to parse|promisor/i.test(
    stderr,
  );
}

function splitNul(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) parts.push(bytes.subarray(start));
  return parts;
}

/** Ids, one a line, of a command's output. */
export function linesOfIds(stdout: Buffer): string[] {
  return stdout
    .toString('latin1')
    .split('\n')
    .filter((line) => isObjectId(line));
}
