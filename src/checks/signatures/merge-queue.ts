import type { Change, Commit } from '../../git/index.js';

/**
 * The commits that a merge queue made out of verified heads: for each head in the queue's order the run of commits,
 * along first parents from the base, whose last one has exactly the tree that merging the head into what came before
 * gives. So a squash and a rebase by GitHub, which lose the author's signature, count for what they bring.
 * @param heads heads of the group's pull requests, in queue order; each must have been judged and found open
 */
export async function queuedCommits(change: Change, heads: readonly string[]): Promise<ReadonlySet<string>> {
  const queued = new Set<string>();
  const chain = firstParents(change);
  let tip = change.base.commit;
  let at = 0;
  for (const head of heads) {
    const tree = await change.mergeOf(tip, head);
    const last = chain.find((commit, index) => index >= at && commit.tree === tree);
    if (last === undefined) break;
    const end = chain.indexOf(last) + 1;
    for (const commit of chain.slice(at, end)) queued.add(commit.sha);
    tip = last.sha;
    at = end;
  }
  return queued;
}

/** The commits from the base to the head along first parents, oldest first; none when they do not begin at the base. */
function firstParents(change: Change): readonly Commit[] {
  const bySha = new Map(change.commits.map((commit) => [commit.sha, commit]));
  const chain: Commit[] = [];
  let commit = bySha.get(change.head.commit);
  while (commit !== undefined) {
    chain.push(commit);
    const parent: string | undefined = commit.parents[0];
    if (parent === change.base.commit) return chain.reverse();
    commit = bySha.get(String(parent));
  }
  return [];
}
