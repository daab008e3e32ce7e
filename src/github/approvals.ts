import type { Octokit } from '@octokit/rest';
import type { RepositoryName } from './check-runs.js';
import { GitHubError } from './errors.js';

/** An approving review that counts: by somebody entitled, on a commit, not taken back. */
export interface Approval {
  login: string;
  /** The commit that was reviewed. */
  commit: string;
}

export interface ApprovalQuestion {
  pull: number;
  /** Login of who opened the pull request. */
  author: string;
  /** Logins and `org/team`s of the base's configuration; none: the repository's administrators. */
  approvers: readonly string[];
}

/** Approvals, and what could not be seen and therefore does not count. */
export interface Approvals {
  approvals: Approval[];
  unseen: string[];
}

/** GitHub lists at most so many commits of a pull request; who has one beyond them cannot be told. */
const COMMITS_LISTED = 250;

/**
 * The approving reviews of a pull request that open `approve` findings: each reviewer's latest word, by an approver
 * who neither opened the pull request nor authored or committed any commit of it. What GitHub does not show this
 * token is told in `unseen` and never counts as an approval.
 */
export async function approvalsOf(
  octokit: Octokit,
  repository: RepositoryName,
  question: ApprovalQuestion,
): Promise<Approvals> {
  const at = { ...repository, pull_number: question.pull };
  const reviews = await octokit.paginate(octokit.rest.pulls.listReviews, { ...at, per_page: 100 });
  const latest = new Map<string, { state: string; commit: string; login: string }>();
  for (const review of reviews) {
    const login = review.user?.login;
    // A comment or a draft of a review takes nothing back.
    if (!login || review.state === 'COMMENTED' || review.state === 'PENDING') continue;
    latest.set(login.toLowerCase(), { state: review.state, commit: review.commit_id ?? '', login });
  }
  const approving = [...latest.values()].filter((one) => one.state === 'APPROVED' && one.commit !== '');
  if (approving.length === 0) return { approvals: [], unseen: [] };

  const involved = await contributors(octokit, at);
  if (involved === null) {
    return {
      approvals: [],
      unseen: [`who wrote the commits: there are more than GitHub lists (${COMMITS_LISTED})`],
    };
  }
  involved.add(question.author.toLowerCase());
  const unseen: string[] = [];
  const approvals: Approval[] = [];
  for (const { login, commit } of approving) {
    if (involved.has(login.toLowerCase())) continue;
    if (await entitled(octokit, repository, question.approvers, login, unseen))
      approvals.push({ login, commit });
  }
  return { approvals, unseen };
}

async function contributors(
  octokit: Octokit,
  at: RepositoryName & { pull_number: number },
): Promise<Set<string> | null> {
  const commits = await octokit.paginate(octokit.rest.pulls.listCommits, { ...at, per_page: 100 });
  if (commits.length >= COMMITS_LISTED) return null;
  const logins = new Set<string>();
  for (const commit of commits) {
    for (const person of [commit.author, commit.committer]) {
      if (person && 'login' in person && typeof person.login === 'string')
        logins.add(person.login.toLowerCase());
    }
  }
  return logins;
}

async function entitled(
  octokit: Octokit,
  repository: RepositoryName,
  approvers: readonly string[],
  login: string,
  unseen: string[],
): Promise<boolean> {
  if (approvers.length === 0) {
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({
      ...repository,
      username: login,
    });
    return data.permission === 'admin';
  }
  for (const approver of approvers) {
    const slash = approver.indexOf('/');
    if (slash < 0) {
      if (approver.toLowerCase() === login.toLowerCase()) return true;
      continue;
    }
    const org = approver.slice(0, slash);
    const team = approver.slice(slash + 1);
    try {
      const { data } = await octokit.rest.teams.getMembershipForUserInOrg({
        org,
        team_slug: team,
        username: login,
      });
      if (data.state === 'active') return true;
    } catch (error) {
      if (!(error instanceof GitHubError) || (error.code !== 'gone' && error.code !== 'forbidden'))
        throw error;
      // 404 is GitHub's answer for "not a member", and for a team the token may not see.
      if (error.code === 'forbidden') unseen.push(`the members of ${approver}`);
    }
  }
  return false;
}
