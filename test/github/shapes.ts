import { createHash } from 'node:crypto';
import type {
  AppRecord,
  CheckRun,
  CommitRecord,
  GitHubState,
  Installation,
  Pull,
  Repository,
  Review,
  User,
} from './state.js';
import { revParse } from './state.js';

/** GitHub's answers, in full shape, from the state. `api` is the server's own address. */

type Json = Record<string, unknown>;

function nodeId(kind: string, id: number): string {
  return Buffer.from(`${kind}${id}`).toString('base64url');
}

export function userShape(api: string, user: User): Json {
  const url = `${api}/users/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: `${api}/avatars/${user.id}`,
    gravatar_id: '',
    url,
    html_url: `${api}/${user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    site_admin: false,
  };
}

const REPOSITORY_LINKS = [
  'archive',
  'assignees',
  'blobs',
  'branches',
  'collaborators',
  'comments',
  'commits',
  'compare',
  'contents',
  'contributors',
  'deployments',
  'downloads',
  'events',
  'forks',
  'git_commits',
  'git_refs',
  'git_tags',
  'hooks',
  'issue_comment',
  'issue_events',
  'issues',
  'keys',
  'labels',
  'languages',
  'merges',
  'milestones',
  'notifications',
  'pulls',
  'releases',
  'stargazers',
  'statuses',
  'subscribers',
  'subscription',
  'tags',
  'teams',
  'trees',
];

export function repositoryShape(api: string, repository: Repository): Json {
  const fullName = `${repository.owner.login}/${repository.name}`;
  const url = `${api}/repos/${fullName}`;
  const time = '2026-01-01T00:00:00Z';
  return {
    ...Object.fromEntries(
      REPOSITORY_LINKS.map((name) => [`${name}_url`, `${url}/${name.replace('_', '/')}`]),
    ),
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName,
    owner: userShape(api, repository.owner),
    private: repository.private,
    html_url: `${api}/${fullName}`,
    description: null,
    fork: false,
    url,
    clone_url: `${api}/${fullName}.git`,
    git_url: `${api}/${fullName}.git`,
    ssh_url: `git@localhost:${fullName}.git`,
    svn_url: `${api}/${fullName}`,
    mirror_url: null,
    homepage: null,
    language: null,
    default_branch: repository.defaultBranch,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    network_count: 0,
    subscribers_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    size: 1,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: repository.archived,
    disabled: false,
    license: null,
    visibility: repository.private ? 'private' : 'public',
    pushed_at: time,
    created_at: time,
    updated_at: time,
    topics: [],
    is_template: false,
    allow_forking: true,
    web_commit_signoff_required: false,
  };
}

function pullSide(api: string, label: string, ref: string, sha: string, repository: Repository | null): Json {
  return {
    label,
    ref,
    sha,
    user: repository ? userShape(api, repository.owner) : null,
    repo: repository ? repositoryShape(api, repository) : null,
  };
}

export function pullShape(api: string, repository: Repository, pull: Pull, full = true): Json {
  const url = `${api}/repos/${repository.owner.login}/${repository.name}/pulls/${pull.number}`;
  const html = `${api}/${repository.owner.login}/${repository.name}/pull/${pull.number}`;
  const time = '2026-01-02T00:00:00Z';
  const link = (name: string) => ({ href: name === '' ? url : `${url}/${name}` });
  const simple = {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: url.replace('/pulls/', '/issues/'),
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${url}/comments{/number}`,
    comments_url: `${url}/comments`,
    statuses_url: `${url}/statuses`,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userShape(api, pull.user),
    body: pull.body,
    labels: [],
    milestone: null,
    created_at: time,
    updated_at: time,
    closed_at: null,
    merged_at: null,
    merge_commit_sha: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: pullSide(
      api,
      `${pull.head.repository?.owner.login ?? 'unknown'}:${pull.head.ref}`,
      pull.head.ref,
      pull.head.sha,
      pull.head.repository,
    ),
    base: pullSide(
      api,
      `${repository.owner.login}:${pull.base.ref}`,
      pull.base.ref,
      revParse(repository, `refs/heads/${pull.base.ref}`),
      repository,
    ),
    _links: {
      self: link(''),
      html: { href: html },
      issue: link('issue'),
      comments: link('comments'),
      review_comments: link('comments'),
      review_comment: link('comments'),
      commits: link('commits'),
      statuses: link('statuses'),
    },
    author_association: 'CONTRIBUTOR',
    auto_merge: null,
    draft: pull.draft,
  };
  if (!full) return simple;
  return {
    ...simple,
    merged: pull.merged,
    mergeable: true,
    rebaseable: true,
    mergeable_state: 'blocked',
    merged_by: null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 0,
    changed_files: 1,
  };
}

export function appShape(api: string, app: AppRecord): Json {
  const time = '2026-01-01T00:00:00Z';
  return {
    id: app.id,
    slug: app.slug,
    client_id: `Iv1.${app.id}`,
    node_id: nodeId('A', app.id),
    owner: userShape(api, app.owner),
    name: app.name,
    description: null,
    external_url: `${api}/apps/${app.slug}`,
    html_url: `${api}/apps/${app.slug}`,
    created_at: time,
    updated_at: time,
    permissions: app.permissions,
    events: app.events,
    installations_count: 1,
  };
}

export function installationShape(api: string, app: AppRecord, installation: Installation): Json {
  const time = '2026-01-01T00:00:00Z';
  return {
    id: installation.id,
    // The description of the list asks for a user and an enterprise in one; the single answer for either.
    account: {
      ...userShape(api, installation.account),
      name: installation.account.login,
      slug: installation.account.login,
      created_at: time,
      updated_at: time,
    },
    repository_selection: installation.repositories === null ? 'all' : 'selected',
    access_tokens_url: `${api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `${api}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: installation.account.id,
    target_type: installation.account.type,
    permissions: installation.permissions,
    events: app.events,
    created_at: time,
    updated_at: time,
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  };
}

export function checkRunShape(api: string, repository: Repository, run: CheckRun): Json {
  const url = `${api}/repos/${repository.owner.login}/${repository.name}/check-runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('CR', run.id),
    head_sha: run.head_sha,
    external_id: run.external_id,
    url,
    html_url: url,
    details_url: run.details_url,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.started_at,
    completed_at: run.completed_at,
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: { id: suiteId(run) },
    app: appShape(api, run.app),
    pull_requests: [],
  };
}

/** One suite for an app and a commit, as on GitHub. */
export function suiteId(run: CheckRun): number {
  return createHash('sha256').update(`${run.app.id}:${run.head_sha}`).digest().readUInt32BE(0);
}

export function reviewShape(api: string, repository: Repository, pull: Pull, review: Review): Json {
  const url = `${api}/repos/${repository.owner.login}/${repository.name}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: review.user === null ? null : userShape(api, review.user),
    body: review.body,
    state: review.state,
    html_url: `${url}#review-${review.id}`,
    pull_request_url: url,
    author_association: 'MEMBER',
    _links: { html: { href: `${url}#review-${review.id}` }, pull_request: { href: url } },
    submitted_at: review.submitted_at,
    commit_id: review.commit_id,
  };
}

/** A commit; its people are users where an e-mail is known, else null, as on GitHub. */
export function commitShape(api: string, state: GitHubState, commit: CommitRecord): Json {
  const url = `${api}/commits/${commit.sha}`;
  const userOf = (email: string) => {
    const found = [...state.users.values()].find((user) => user.emails.includes(email));
    return found ? userShape(api, found) : null;
  };
  return {
    url,
    sha: commit.sha,
    node_id: 'C',
    html_url: url,
    comments_url: `${url}/comments`,
    commit: {
      url,
      author: { ...commit.author, date: '2026-01-01T00:00:00Z' },
      committer: { ...commit.committer, date: '2026-01-01T00:00:00Z' },
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.sha, url },
    },
    author: userOf(commit.author.email),
    committer: userOf(commit.committer.email),
    parents: [],
  };
}
