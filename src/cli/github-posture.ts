import { GateError } from '../contract/index.js';
import { connect, defaultBranchOf, GitHubError, posture } from '../github/index.js';
import type { Symptom } from './inspection.js';

/**
 * Whether GitHub makes the gate binding for a repository, as symptoms. Reads GITHUB_TOKEN or GH_TOKEN, and
 * GITHUB_API_URL for a server of one's own.
 * @throws GateError `usage` for a name that is none or without a token, `tool-failed` when GitHub cannot be asked
 */
export async function githubSymptoms(named: string, env: NodeJS.ProcessEnv): Promise<Symptom[]> {
  const [, owner, repo] = /^([\w.-]{1,100})\/([\w.-]{1,100})$/.exec(named) ?? [];
  if (owner === undefined || repo === undefined) {
    throw new GateError('usage', `--github takes OWNER/REPO, not ${named}`);
  }
  const token = env.GITHUB_TOKEN || env.GH_TOKEN;
  if (!token) {
    throw new GateError(
      'usage',
      '--github needs GITHUB_TOKEN: GITHUB_TOKEN=$(gh auth token) gitops-gate doctor --github ...',
    );
  }
  const octokit = connect({ token }, { baseUrl: env.GITHUB_API_URL || 'https://api.github.com' });
  const repository = { owner, repo };
  try {
    const branch = await defaultBranchOf(octokit, repository);
    const lines = await posture(octokit, repository, [branch]);
    const states = { good: 'good', bad: 'missing', unknown: 'note' } as const;
    return lines.map(({ state, what, mend }) => ({
      what: 'GitHub',
      state: states[state],
      detail: what,
      mend,
    }));
  } catch (cause) {
    if (!(cause instanceof GitHubError)) throw cause;
    throw new GateError('tool-failed', `GitHub cannot tell of ${named}: ${cause.message}`, { cause });
  }
}
