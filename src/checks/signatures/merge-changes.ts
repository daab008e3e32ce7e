import { LIMITS } from '../../contract/index.js';
import { type Change, type Commit, changesBetween, parseCommit, type Tree } from '../../git/index.js';

/** Commits walked to find where two lines of history meet; with more, a conflicted merge answers for all it differs in. */
const MAX_WALK = 20_000;

/**
 * The paths that a commit itself changes. For a merge these are the paths that differ from what git would have
 * merged: a merge that only brings the base into a branch changes nothing of its own, and one that drops or adds
 * something ("evil merge") answers for it, even where the outcome equals one of its parents.
 *
 * - two parents that merge cleanly: whatever differs from the automatic merge;
 * - a conflict: every path whose outcome the three-way rule does not explain (one side unchanged, the other taken);
 * - three parents and more: every path that differs from any parent.
 */
export async function ownPaths(change: Change, commit: Commit): Promise<string[]> {
  const [first, second, ...others] = commit.parents;
  if (first === undefined || second === undefined) {
    const files = await change.filesOfCommit(commit);
    return unique(files.flatMap(({ path, oldPath }) => (oldPath === null ? [path] : [oldPath, path])));
  }
  const tree = await change.treeOf(commit.sha);
  if (others.length > 0) {
    const differing: string[] = [];
    for (const parent of commit.parents) differing.push(...(await differingPaths(change, parent, tree)));
    return unique(differing);
  }
  const automatic = await change.mergeOf(first, second);
  if (automatic === commit.tree) return [];
  if (automatic !== null) return unique(await differingPaths(change, automatic, tree));
  return unexplained(change, tree, first, second);
}

async function differingPaths(change: Change, other: string, tree: Tree): Promise<string[]> {
  return (await changesBetween(await change.treeOf(other), tree)).map(({ path }) => path);
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)].sort();
}

type Listing = ReadonlyMap<string, string>;

/** Paths of a conflicted merge that neither side's unchanged content explains. */
async function unexplained(change: Change, tree: Tree, first: string, second: string): Promise<string[]> {
  const outcome = await listingOf(tree);
  const ours = await listingOf(await change.treeOf(first));
  const theirs = await listingOf(await change.treeOf(second));
  const bases = await mergeBases(change, first, second);
  const common: Listing[] = [];
  for (const base of bases ?? []) common.push(await listingOf(await change.treeOf(base)));
  // Unrelated histories have nothing in common: all that either side holds is its change.
  if (common.length === 0) common.push(new Map());
  const paths = unique([...outcome.keys(), ...ours.keys(), ...theirs.keys()]);
  return paths.filter((path) => {
    const [now, mine, other] = [outcome.get(path), ours.get(path), theirs.get(path)];
    if (now === mine && now === other) return false;
    const unchanged = (side: string | undefined) =>
      bases !== null && common.every((base) => base.get(path) === side);
    return !((now === mine && unchanged(other)) || (now === other && unchanged(mine)));
  });
}

async function listingOf(tree: Tree): Promise<Listing> {
  const files = await tree.files();
  return new Map([...files].map(([path, { mode, oid }]) => [path, `${mode} ${oid}`]));
}

/** The best common ancestors of two commits, as `git merge-base --all` gives them; null beyond the walk's limit. */
async function mergeBases(change: Change, first: string, second: string): Promise<string[] | null> {
  const parents = new Map<string, readonly string[]>();
  const parentsOf = async (sha: string): Promise<readonly string[]> => {
    const known = parents.get(sha);
    if (known !== undefined) return known;
    const raw = await change.readBlob(sha, { maxBytes: LIMITS.commitBytes });
    const read = parseCommit(raw, sha).parents;
    parents.set(sha, read);
    return read;
  };
  const ancestors = async (start: string, stop: (sha: string) => boolean): Promise<Set<string>> => {
    const seen = new Set([start]);
    const pending = [start];
    for (let sha = pending.pop(); sha !== undefined; sha = pending.pop()) {
      if (parents.size > MAX_WALK) break;
      if (stop(sha)) continue;
      for (const parent of await parentsOf(sha)) {
        if (seen.has(parent)) continue;
        seen.add(parent);
        pending.push(parent);
      }
    }
    return seen;
  };
  const ofFirst = await ancestors(first, () => false);
  const ofSecond = await ancestors(second, (sha) => ofFirst.has(sha));
  const candidates = [...ofSecond].filter((sha) => ofFirst.has(sha));
  const inferior = new Set<string>();
  for (const candidate of candidates) {
    const older = await ancestors(candidate, (sha) => inferior.has(sha));
    for (const other of candidates) if (other !== candidate && older.has(other)) inferior.add(other);
  }
  return parents.size > MAX_WALK ? null : candidates.filter((sha) => !inferior.has(sha));
}
