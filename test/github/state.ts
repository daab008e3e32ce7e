import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/** What the GitHub of the tests holds. Everything is plain data, so that a test sets it up and reads it directly. */

export type Access = 'none' | 'read' | 'write';
export type Permissions = Record<string, 'read' | 'write' | 'admin'>;

export interface User {
  id: number;
  login: string;
  type: 'User' | 'Organization' | 'Bot';
  /** E-mails by which commits are this user's. */
  emails: string[];
  gpgKeys: { public_key: string; emails: string[] }[];
  sshSigningKeys: { key: string; title: string }[];
}

export interface AppRecord {
  id: number;
  slug: string;
  name: string;
  owner: User;
  permissions: Permissions;
  events: string[];
  publicKey: KeyObject;
  privateKey: string;
  webhookSecret: string;
}

export interface Installation {
  id: number;
  account: User;
  /** Full names; null for all repositories of the account. */
  repositories: string[] | null;
  permissions: Permissions;
}

export interface Review {
  id: number;
  user: User | null;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  commit_id: string;
  submitted_at: string;
  body: string;
}

export interface Pull {
  id: number;
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  draft: boolean;
  user: User;
  base: { ref: string };
  /** Null repository: the fork was deleted. */
  head: { ref: string; sha: string; repository: Repository | null };
  merged: boolean;
  reviews: Review[];
}

export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: 'notice' | 'warning' | 'failure';
  message: string;
  title?: string;
  raw_details?: string;
}

export interface CheckRun {
  id: number;
  app: AppRecord;
  name: string;
  head_sha: string;
  status: string;
  conclusion: string | null;
  started_at: string | null;
  completed_at: string | null;
  external_id: string | null;
  details_url: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Annotation[];
  actions: { label: string; description: string; identifier: string }[];
  /** Every status that the run went through, in order. */
  history: string[];
}

export interface RequiredCheck {
  context: string;
  /** null or -1: any app. */
  app_id: number | null;
}

export interface BranchProtection {
  checks: RequiredCheck[];
  strict: boolean;
  enforceAdmins: boolean;
  requiredReviews: number;
}

export interface Ruleset {
  id: number;
  name: string;
  branches: string[];
  checks: { context: string; integration_id?: number }[];
  strict: boolean;
  mergeQueue: boolean;
  bypassActors: { actor_id: number; actor_type: string; bypass_mode: string }[];
}

export interface Repository {
  id: number;
  owner: User;
  name: string;
  private: boolean;
  archived: boolean;
  defaultBranch: string;
  /** The bare git directory that is served. */
  gitDir: string;
  collaborators: Map<string, 'admin' | 'maintain' | 'write' | 'triage' | 'read'>;
  pulls: Pull[];
  checkRuns: CheckRun[];
  protection: Map<string, BranchProtection>;
  rulesets: Ruleset[];
}

export interface Team {
  org: string;
  slug: string;
  members: Map<string, 'active' | 'pending'>;
}

let lastId = 1000;
/** Ids are unique over all kinds, as they nearly are on GitHub. */
export function nextId(): number {
  lastId += 1;
  return lastId;
}

/** All that the server answers from. */
export class GitHubState {
  readonly users = new Map<string, User>();
  readonly repositories: Repository[] = [];
  readonly apps: AppRecord[] = [];
  readonly installations: Installation[] = [];
  readonly teams: Team[] = [];
  /** Installation tokens handed out, with what they entitle to. */
  readonly tokens = new Map<
    string,
    { installation: Installation; permissions: Permissions; expires: number }
  >();
  /** Tokens as an Action's GITHUB_TOKEN: bound to one repository. */
  readonly actionTokens = new Map<string, { repository: Repository; permissions: Permissions }>();

  /** Manifests that a user confirmed, by the code that GitHub sends back. */
  readonly manifests = new Map<
    string,
    { name: string; default_permissions: Permissions; default_events: string[] }
  >();

  user(login: string, type: User['type'] = 'User'): User {
    const known = this.users.get(login.toLowerCase());
    if (known) return known;
    const made: User = {
      id: nextId(),
      login,
      type,
      emails: [`${login}@users.noreply.example.com`],
      gpgKeys: [],
      sshSigningKeys: [],
    };
    this.users.set(login.toLowerCase(), made);
    return made;
  }

  app(slug: string, permissions: Permissions, events: string[]): AppRecord {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const made: AppRecord = {
      id: nextId(),
      slug,
      name: slug,
      owner: this.user('acme', 'Organization'),
      permissions,
      events,
      publicKey,
      privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      webhookSecret: `hook-${nextId()}-0123456789abcdef`,
    };
    this.apps.push(made);
    return made;
  }

  install(app: AppRecord, account: User, repositories: string[] | null = null): Installation {
    const made = { id: nextId(), account, repositories, permissions: { ...app.permissions } };
    this.installations.push(made);
    return made;
  }

  repository(fullName: string, gitDir: string, options: Partial<Repository> = {}): Repository {
    const [owner = '', name = ''] = fullName.split('/');
    const made: Repository = {
      id: nextId(),
      owner: this.user(owner, 'Organization'),
      name,
      private: true,
      archived: false,
      defaultBranch: 'main',
      gitDir,
      collaborators: new Map(),
      pulls: [],
      checkRuns: [],
      protection: new Map(),
      rulesets: [],
      ...options,
    };
    this.repositories.push(made);
    return made;
  }

  /** Opens a pull request and sets its refs in the base repository, as GitHub does (`refs/pull/N/head`). */
  openPull(
    repository: Repository,
    pull: {
      head: string;
      base?: string;
      user: User;
      from?: Repository;
      title?: string;
      body?: string;
      draft?: boolean;
    },
  ): Pull {
    const from = pull.from ?? repository;
    const sha = revParse(from, `refs/heads/${pull.head}`);
    const number = repository.pulls.length + 1;
    const made: Pull = {
      id: nextId(),
      number,
      title: pull.title ?? `Change ${number}`,
      body: pull.body ?? '',
      state: 'open',
      draft: pull.draft ?? false,
      user: pull.user,
      base: { ref: pull.base ?? repository.defaultBranch },
      head: { ref: pull.head, sha, repository: from },
      merged: false,
      reviews: [],
    };
    repository.pulls.push(made);
    this.syncPull(repository, made);
    return made;
  }

  /** Moves a pull request's head to where its branch is now, and its ref with it. */
  syncPull(repository: Repository, pull: Pull): void {
    if (pull.head.repository === null) return;
    pull.head.sha = revParse(pull.head.repository, `refs/heads/${pull.head.ref}`);
    if (pull.head.repository !== repository) {
      execFileSync('git', [
        '--git-dir',
        repository.gitDir,
        'fetch',
        '-q',
        pull.head.repository.gitDir,
        pull.head.sha,
      ]);
    }
    execFileSync('git', [
      '--git-dir',
      repository.gitDir,
      'update-ref',
      `refs/pull/${pull.number}/head`,
      pull.head.sha,
    ]);
  }

  review(pull: Pull, login: string, state: Review['state'], commit: string = pull.head.sha): Review {
    const made: Review = {
      id: nextId(),
      user: this.user(login),
      state,
      commit_id: commit,
      submitted_at: new Date().toISOString(),
      body: '',
    };
    pull.reviews.push(made);
    return made;
  }

  find(owner: string, name: string): Repository | undefined {
    const wanted = `${owner}/${name}`.toLowerCase();
    return this.repositories.find((one) => `${one.owner.login}/${one.name}`.toLowerCase() === wanted);
  }
}

/** The commit that a ref of a repository names. */
export function revParse(repository: Repository, ref: string): string {
  return execFileSync('git', ['--git-dir', repository.gitDir, 'rev-parse', '--verify', ref], {
    encoding: 'utf8',
  }).trim();
}

/** A commit as the REST interface tells of it. */
export interface CommitRecord {
  sha: string;
  author: { name: string; email: string };
  committer: { name: string; email: string };
  message: string;
}

/** Commits of a head that a branch has not, oldest first. */
export function commitsOf(repository: Repository, branch: string, head: string): CommitRecord[] {
  const format = ['%H', '%an', '%ae', '%cn', '%ce', '%s'].join('%x00');
  const out = execFileSync(
    'git',
    [
      '--git-dir',
      repository.gitDir,
      'log',
      '--reverse',
      `--format=${format}`,
      `refs/heads/${branch}..${head}`,
    ],
    { encoding: 'utf8' },
  );
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [sha = '', name = '', email = '', committerName = '', committerEmail = '', message = ''] =
        line.split('\0');
      return {
        sha,
        author: { name, email },
        committer: { name: committerName, email: committerEmail },
        message,
      };
    });
}
