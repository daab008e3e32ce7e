import { type CheckName, GateError } from '../contract/index.js';
import type { ErrorRecord } from '../gate/index.js';
import type { PastMerge, Repository } from '../git/index.js';
import { headline, type Issue, issuesByStanding } from '../report/index.js';
import { judgeChange } from './judge-change.js';
import type { KeptRenders } from './kept-renders.js';
import type { Replayed } from './replay-table.js';

interface ReplaySettings {
  baseName: string;
  config?: string;
  only?: readonly CheckName[];
  kept?: KeptRenders | undefined;
  fetch?: boolean;
  signal: AbortSignal;
  say: (text: string) => void;
}

/** Judges one past merge as if it were a pull request now; a merge that cannot be judged is a row that says so. */
export async function replayMerge(
  repository: Repository,
  merge: PastMerge,
  settings: ReplaySettings,
): Promise<{ row: Replayed; errors: readonly ErrorRecord[] }> {
  const commit = await repository.readCommit(merge.merge);
  const [subject = ''] = commit.message.toString('utf8').trim().split('\n', 1);
  const known = { merge: merge.merge, base: merge.base, head: merge.head, subject };
  const started = performance.now();
  try {
    // keys and exceptions are judged as of the merge, not as of today
    const now = Number.isFinite(commit.committer.time) ? new Date(commit.committer.time * 1000) : new Date();
    const { verdict, errors } = await judgeChange(repository, {
      base: merge.base,
      head: merge.head,
      now,
      ...settings,
    });
    const elapsedMs = Math.round(performance.now() - started);
    const issues = issuesByStanding(verdict);
    const notVerified = verdict.report.checks.flatMap((check) =>
      check.notVerified.filter((item) => item.closes),
    );
    return {
      row: {
        ...known,
        conclusion: verdict.report.conclusion,
        headline: headline({ ...verdict, elapsedMs }),
        rules: countRules([...issues.fix, ...issues.approve]),
        wouldRefuse: countRules([...issues['would-fix'], ...issues['would-approve']]),
        notVerified: notVerified.map(({ what, reason }) => `${what}: ${reason}`),
        elapsedMs,
      },
      errors,
    };
  } catch (error) {
    if (!(error instanceof GateError) || error.code === 'internal') throw error;
    const elapsedMs = Math.round(performance.now() - started);
    return {
      row: {
        ...known,
        conclusion: 'error',
        headline: `Closed: ${error.message}`,
        rules: {},
        wouldRefuse: {},
        notVerified: [error.message],
        elapsedMs,
      },
      errors: [],
    };
  }
}

function countRules(issues: readonly Issue[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { ruleId } of issues) counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
