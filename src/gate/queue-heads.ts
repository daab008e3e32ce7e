import type { Verdict } from '../contract/index.js';

/** Heads of a merge queue's pull requests: those that count, and for people why others do not. */
export interface QueueHeads {
  queue: readonly string[];
  refused: readonly { what: string; reason: string }[];
}

/**
 * Of the heads that a merge queue's group is said to be made of, those whose own commits are all validly signed by the
 * base's rules: GitHub's squashes and rebases of them, which carry no signature of their authors, may count for them.
 * @param heads revisions, in the queue's order
 * @param judge the signatures of what is reachable from a revision and not from the base
 */
export async function judgeQueueHeads(
  heads: readonly string[],
  judge: (head: string) => Promise<Pick<Verdict, 'report'>>,
): Promise<QueueHeads> {
  const queue: string[] = [];
  const refused: { what: string; reason: string }[] = [];
  for (const head of heads) {
    const { report } = await judge(head);
    const reason = whyNot(report);
    const sha = String(report.head);
    if (reason === null) queue.push(sha);
    else refused.push({ what: `what the merge queue made of ${sha.slice(0, 10)}`, reason });
  }
  return { queue, refused };
}

function whyNot(report: Verdict['report']): string | null {
  const commits = report.signatures?.commits ?? [];
  const check = report.checks.find(({ name }) => name === 'signatures');
  const open = check?.notVerified.find(({ closes }) => closes);
  if (open !== undefined) return `${open.what}: ${open.reason}`;
  // A head that brings nothing would let empty commits of anybody in.
  if (commits.length === 0) return 'it has no commit that the base has not';
  const bad = commits.filter(({ verdict }) => verdict !== 'valid').length;
  return bad === 0 ? null : `${bad} of its ${commits.length} commits are not validly signed`;
}
