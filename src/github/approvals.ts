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
  /** The head that is judged: whose commits these are is told only of the head that GitHub has now. */
  head: string;
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

  const found = await contributors(octokit, at, question.head);
  if ('unseen' in found) return { approvals: [], unseen: [found.unseen] };
  const involved = found.logins.add(question.author.toLowerCase());
  const unseen: string[] = [];
  const approvals: Approval[] = [];
  for (const { login, commit } of approving) {
    if (involved.has(login.toLowerCase())) continue;
    if (await entitled(octokit, repository, question.approvers, login, unseen))
      approvals.push({ login, commit });
  }
  return { approvals, unseen };
}

/**
 * Logins of everybody with a commit in the pull request. A commit whose e-mail belongs to no account may be anybody's,
 * an approver's too: then nobody can be told apart from its author.
 */
async function contributors(
  octokit: Octokit,
  at: RepositoryName & { pull_number: number },
  head: string,
): Promise<{ logins: Set<string> } | { unseen: string }> {
  const commits = await octokit.paginate(octokit.rest.pulls.listCommits, { ...at, per_page: 100 });
  if (commits.length >= COMMITS_LISTED)
    return { unseen: `there are more commits than the ${COMMITS_LISTED} whose authors GitHub lists` };
  if (commits.at(-1)?.sha !== head) return { unseen: 'the pull request has moved on to another commit' };
  const logins = new Set<string>();
  for (const commit of commits) {
    for (const [role, person] of Object.entries({ author: commit.author, committer: commit.committer })) {
      if (!person || !('login' in person) || typeof person.login !== 'string') {
        return {
          unseen: `the ${role} of commit ${commit.sha.slice(0, 12)} has an e-mail address of no GitHub account, so it may be the approver's own; add the address to the account, or commit with one that GitHub knows`,
        };
      }
      logins.add(person.login.toLowerCase());
    }
  }
  return { logins };
}

async function entitled(
  octokit: Octokit,
  repository: RepositoryName,
  approvers: readonly string[],
  login: string,
  unseen: string[],
): Promise<boolean> {
  if (approvers.length === 0) {
    try {
      const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({
        ...repository,
        username: login,
      });
      return data.permission === 'admin';
    } catch (error) {
      if (!(error instanceof GitHubError) || (error.code !== 'gone' && error.code !== 'forbidden'))
        throw error;
      if (error.code === 'forbidden')
        unseen.push(`this token may not see whether ${login} is an administrator`);
      return false;
    }
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
      if (error.code === 'forbidden') unseen.push(`this token may not see the members of ${approver}`);
    }
  }
  return false;
}
