import { LIMITS } from './limits.js';
import * as shapes from './shapes.js';
import type { AppRecord, CheckRun, GitHubState, Installation, Permissions, Repository } from './state.js';
import { commitsOf, nextId, revParse } from './state.js';

/** Who calls: the App by its JWT, an installation or an Action by token, or nobody. */
export type Caller =
  | { kind: 'app'; app: AppRecord }
  | { kind: 'installation'; app: AppRecord; installation: Installation; permissions: Permissions }
  | { kind: 'action'; app: AppRecord; repository: Repository; permissions: Permissions }
  | { kind: 'anonymous' };

export interface Call {
  api: string;
  state: GitHubState;
  caller: Caller;
  params: ReadonlyMap<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** What a route asks of the caller: the App itself, or a permission of the token. */
export type Need = 'app' | 'none' | { permission: string; access: 'read' | 'write' };

export interface Route {
  need: Need;
  answer(call: Call): Answer;
}

const notFound: Answer = {
  status: 404,
  body: { message: 'Not Found', documentation_url: '', status: '404' },
};
const invalid = (message: string): Answer => ({ status: 422, body: { message, errors: [{ message }] } });
const ok = (body: unknown): Answer => ({ status: 200, body });

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The repository of a call, when it is there and the caller's token reaches it. */
export function reachable(call: Call): Repository | null {
  const repository = call.state.find(call.params.get('owner') ?? '', call.params.get('repo') ?? '');
  if (!repository) return null;
  if (call.caller.kind === 'installation') {
    const { account, repositories } = call.caller.installation;
    if (account !== repository.owner) return null;
    if (repositories !== null && !repositories.includes(`${repository.owner.login}/${repository.name}`))
      return null;
  }
  if (call.caller.kind === 'action' && call.caller.repository !== repository && repository.private)
    return null;
  return repository;
}

function inRepository(answer: (call: Call, repository: Repository) => Answer): (call: Call) => Answer {
  return (call) => {
    const repository = reachable(call);
    return repository ? answer(call, repository) : notFound;
  };
}

/** A page of a list with GitHub's Link header. */
function page(call: Call, items: unknown[], wrap: (items: unknown[]) => unknown = (list) => list): Answer {
  const size = Math.min(Number(call.query.get('per_page') ?? 30), 100);
  const at = Number(call.query.get('page') ?? 1);
  const slice = items.slice((at - 1) * size, at * size);
  const headers: Record<string, string> = {};
  if (at * size < items.length) {
    const next = new URLSearchParams(call.query);
    next.set('page', String(at + 1));
    headers.link = `<${call.api}/next?${next}>; rel="next"`;
  }
  return { status: 200, body: wrap(slice), headers };
}

function commitExists(repository: Repository, sha: string): boolean {
  try {
    return revParse(repository, `${sha}^{commit}`) === sha;
  } catch {
    // git's own word that there is no such commit
    return false;
  }
}

function applyCheckRun(run: CheckRun, body: Record<string, unknown>): Answer | null {
  const output = body.output as Record<string, unknown> | undefined;
  if (output) {
    const annotations = (output.annotations as CheckRun['annotations'] | undefined) ?? [];
    const wrong = annotations.find(
      (one) =>
        Buffer.byteLength(one.message) > LIMITS.annotationBytes ||
        Buffer.byteLength(one.raw_details ?? '') > LIMITS.annotationBytes ||
        (one.title ?? '').length > LIMITS.annotationTitle ||
        one.start_line < 1 ||
        one.end_line < one.start_line ||
        (one.start_column !== undefined && one.start_line !== one.end_line),
    );
    if (wrong) return invalid('Invalid annotation');
    run.annotations.push(...annotations);
    if (typeof output.title === 'string') run.output.title = output.title;
    run.output.summary = text(output.summary);
    if (typeof output.text === 'string') run.output.text = output.text;
  }
  // GitHub: a conclusion completes the run; `completed` without one is refused.
  if (body.status === 'completed' && body.conclusion === undefined) return invalid('conclusion is required');
  const status = body.conclusion === undefined ? text(body.status) || run.status : 'completed';
  if (body.conclusion !== undefined) run.conclusion = text(body.conclusion);
  if (status !== 'completed') run.conclusion = null;
  if (status !== run.status || run.history.length === 0) run.history.push(status);
  run.status = status;
  if (typeof body.name === 'string') run.name = body.name;
  if (typeof body.started_at === 'string') run.started_at = body.started_at;
  if (typeof body.completed_at === 'string') run.completed_at = body.completed_at;
  else if (status === 'completed') run.completed_at ??= new Date().toISOString();
  if (typeof body.external_id === 'string') run.external_id = body.external_id;
  if (typeof body.details_url === 'string') run.details_url = body.details_url;
  if (Array.isArray(body.actions)) run.actions = body.actions as CheckRun['actions'];
  return null;
}

const createCheckRun = inRepository((call, repository) => {
  if (repository.archived)
    return { status: 403, body: { message: 'Repository was archived so is read-only.' } };
  if (call.caller.kind !== 'installation' && call.caller.kind !== 'action') {
    return { status: 403, body: { message: 'You must authenticate via a GitHub App.' } };
  }
  const sha = text(call.body.head_sha);
  if (!commitExists(repository, sha)) return invalid(`No commit found for SHA: ${sha}`);
  const name = text(call.body.name);
  const same = repository.checkRuns.filter((run) => run.head_sha === sha && run.name === name);
  if (same.length >= LIMITS.checkRunsOfAName) return invalid('too many check runs of this name');
  const run: CheckRun = {
    id: nextId(),
    app: call.caller.app,
    name,
    head_sha: sha,
    status: 'queued',
    conclusion: null,
    started_at: null,
    completed_at: null,
    external_id: null,
    details_url: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
    history: [],
  };
  const refused = applyCheckRun(run, call.body);
  if (refused) return refused;
  repository.checkRuns.push(run);
  return { status: 201, body: shapes.checkRunShape(call.api, repository, run) };
});

const updateCheckRun = inRepository((call, repository) => {
  const run = repository.checkRuns.find((one) => String(one.id) === call.params.get('check_run_id'));
  if (!run) return notFound;
  if (repository.archived)
    return { status: 403, body: { message: 'Repository was archived so is read-only.' } };
  if (!('app' in call.caller) || call.caller.app !== run.app) {
    return {
      status: 403,
      body: {
        message: 'Invalid app_id `0` - check run can only be modified by the GitHub App that created it.',
      },
    };
  }
  return applyCheckRun(run, call.body) ?? ok(shapes.checkRunShape(call.api, repository, run));
});

const listCheckRuns = inRepository((call, repository) => {
  const ref = call.params.get('ref') ?? '';
  const sha = commitExists(repository, ref) ? ref : undefined;
  if (sha === undefined) return invalid(`No commit found for SHA: ${ref}`);
  const name = call.query.get('check_name');
  const app = call.query.get('app_id');
  let runs = repository.checkRuns.filter(
    (run) =>
      run.head_sha === sha &&
      (name === null || run.name === name) &&
      (app === null || String(run.app.id) === app),
  );
  if ((call.query.get('filter') ?? 'latest') === 'latest') {
    runs = runs.filter(
      (run) => !runs.some((other) => other.id > run.id && other.name === run.name && other.app === run.app),
    );
  }
  runs = runs.toReversed();
  return page(
    call,
    runs.map((run) => shapes.checkRunShape(call.api, repository, run)),
    (check_runs) => ({
      total_count: runs.length,
      check_runs,
    }),
  );
});

function pullOf(call: Call, repository: Repository) {
  return repository.pulls.find((pull) => String(pull.number) === call.params.get('pull_number'));
}

const contents: Need = { permission: 'contents', access: 'read' };
const metadata: Need = { permission: 'metadata', access: 'read' };
const pulls: Need = { permission: 'pull_requests', access: 'read' };
const checksRead: Need = { permission: 'checks', access: 'read' };
const checksWrite: Need = { permission: 'checks', access: 'write' };
const members: Need = { permission: 'members', access: 'read' };
const administration: Need = { permission: 'administration', access: 'read' };

/** By operation id of GitHub's description. */
export const ROUTES: Record<string, Route> = {
  'apps/get-authenticated': {
    need: 'app',
    answer: (call) =>
      call.caller.kind === 'app' ? ok(shapes.appShape(call.api, call.caller.app)) : notFound,
  },
  'apps/create-from-manifest': {
    need: 'none',
    answer: (call) => {
      const manifest = call.state.manifests.get(call.params.get('code') ?? '');
      if (!manifest) return notFound;
      // A code is good for one conversion.
      call.state.manifests.delete(call.params.get('code') ?? '');
      const app = call.state.app(manifest.name, manifest.default_permissions, manifest.default_events);
      return {
        status: 201,
        body: {
          ...(shapes.appShape(call.api, app) as Record<string, unknown>),
          client_secret: 'x',
          webhook_secret: app.webhookSecret,
          pem: app.privateKey,
        },
      };
    },
  },
  'apps/list-installations': {
    need: 'app',
    answer: (call) => {
      const { caller } = call;
      if (caller.kind !== 'app') return notFound;
      return page(
        call,
        call.state.installations.map((one) => shapes.installationShape(call.api, caller.app, one)),
      );
    },
  },
  'apps/get-installation': {
    need: 'app',
    answer: (call) => {
      const { caller } = call;
      const found = call.state.installations.find(
        (one) => String(one.id) === call.params.get('installation_id'),
      );
      return found && caller.kind === 'app'
        ? ok(shapes.installationShape(call.api, caller.app, found))
        : notFound;
    },
  },
  'apps/get-repo-installation': {
    need: 'app',
    answer: inRepository((call, repository) => {
      const { caller } = call;
      const found = call.state.installations.find((one) => one.account === repository.owner);
      return found && caller.kind === 'app'
        ? ok(shapes.installationShape(call.api, caller.app, found))
        : notFound;
    }),
  },
  'apps/create-installation-access-token': {
    need: 'app',
    answer: (call) => {
      const found = call.state.installations.find(
        (one) => String(one.id) === call.params.get('installation_id'),
      );
      if (!found || call.caller.kind !== 'app') return notFound;
      const wanted = (call.body.permissions as Permissions | undefined) ?? found.permissions;
      const excess = Object.keys(wanted).find((name) => !Object.hasOwn(found.permissions, name));
      if (excess) return invalid(`The permissions requested are not granted to this installation: ${excess}`);
      const token = `ghs_test${nextId()}${'x'.repeat(28)}`;
      const expires = Date.now() + 3_600_000;
      call.state.tokens.set(token, {
        installation: found,
        permissions: { metadata: 'read', ...wanted },
        expires,
      });
      return {
        status: 201,
        body: {
          token,
          expires_at: new Date(expires).toISOString(),
          permissions: wanted,
          repository_selection: found.repositories === null ? 'all' : 'selected',
        },
      };
    },
  },
  'apps/list-repos-accessible-to-installation': {
    need: metadata,
    answer: (call) => {
      const { caller } = call;
      if (caller.kind !== 'installation') return notFound;
      const { account, repositories } = caller.installation;
      const found = call.state.repositories.filter(
        (one) =>
          one.owner === account &&
          (repositories === null || repositories.includes(`${one.owner.login}/${one.name}`)),
      );
      return page(
        call,
        found.map((one) => shapes.repositoryShape(call.api, one)),
        (list) => ({
          total_count: found.length,
          repositories: list,
        }),
      );
    },
  },
  'repos/get': {
    need: metadata,
    answer: inRepository((call, repository) => ok(shapes.repositoryShape(call.api, repository))),
  },
  'repos/get-branch': {
    need: contents,
    answer: inRepository((call, repository) => {
      const branch = call.params.get('branch') ?? '';
      if (!commitExists(repository, tip(repository, branch))) return notFound;
      return ok(branchShape(call.api, repository, branch));
    }),
  },
  'repos/get-branch-protection': {
    need: administration,
    answer: inRepository((call, repository) => {
      const protection = repository.protection.get(call.params.get('branch') ?? '');
      if (!protection) return { status: 404, body: { message: 'Branch not protected' } };
      return ok({
        url: `${call.api}/protection`,
        required_status_checks: {
          url: `${call.api}/protection/required_status_checks`,
          strict: protection.strict,
          contexts: protection.checks.map((check) => check.context),
          contexts_url: `${call.api}/protection/required_status_checks/contexts`,
          checks: protection.checks,
        },
        enforce_admins: { url: `${call.api}/protection/enforce_admins`, enabled: protection.enforceAdmins },
        allow_force_pushes: { enabled: false },
        allow_deletions: { enabled: false },
      });
    }),
  },
  'repos/get-branch-rules': {
    need: metadata,
    answer: inRepository((call, repository) => {
      const branch = call.params.get('branch') ?? '';
      const rules = repository.rulesets
        .filter((ruleset) => ruleset.branches.includes(branch))
        .flatMap((ruleset) => {
          const of = {
            ruleset_source_type: 'Repository',
            ruleset_source: `${repository.owner.login}/${repository.name}`,
            ruleset_id: ruleset.id,
          };
          const rules: unknown[] = [];
          if (ruleset.checks.length > 0) {
            rules.push({
              type: 'required_status_checks',
              parameters: {
                required_status_checks: ruleset.checks,
                strict_required_status_checks_policy: ruleset.strict,
              },
              ...of,
            });
          }
          return rules;
        });
      return page(call, rules);
    }),
  },
  'repos/get-repo-ruleset': {
    need: metadata,
    answer: inRepository((call, repository) => {
      const found = repository.rulesets.find((one) => String(one.id) === call.params.get('ruleset_id'));
      if (!found) return notFound;
      const mayWrite =
        (call.caller.kind === 'installation' || call.caller.kind === 'action') &&
        call.caller.permissions.administration === 'write';
      return ok({
        id: found.id,
        name: found.name,
        source_type: 'Repository',
        source: `${repository.owner.login}/${repository.name}`,
        enforcement: 'active',
        target: 'branch',
        // GitHub shows who may bypass only to who could change it.
        ...(mayWrite ? { bypass_actors: found.bypassActors } : {}),
        rules: [],
      });
    }),
  },
  'repos/get-collaborator-permission-level': {
    need: metadata,
    answer: inRepository((call, repository) => {
      const login = call.params.get('username') ?? '';
      const user = call.state.users.get(login.toLowerCase());
      if (!user) return notFound;
      const role = repository.collaborators.get(user.login) ?? 'none';
      const permission = role === 'maintain' ? 'write' : role === 'triage' ? 'read' : role;
      return ok({
        permission,
        role_name: role,
        user: { ...shapes.userShape(call.api, user), role_name: role },
      });
    }),
  },
  'pulls/list': {
    need: pulls,
    answer: inRepository((call, repository) => {
      const state = call.query.get('state') ?? 'open';
      const base = call.query.get('base');
      const found = repository.pulls
        .filter(
          (pull) => (state === 'all' || pull.state === state) && (base === null || pull.base.ref === base),
        )
        .toReversed();
      return page(
        call,
        found.map((pull) => shapes.pullShape(call.api, repository, pull, false)),
      );
    }),
  },
  'pulls/get': {
    need: pulls,
    answer: inRepository((call, repository) => {
      const pull = pullOf(call, repository);
      return pull ? ok(shapes.pullShape(call.api, repository, pull)) : notFound;
    }),
  },
  'pulls/list-reviews': {
    need: pulls,
    answer: inRepository((call, repository) => {
      const pull = pullOf(call, repository);
      if (!pull) return notFound;
      return page(
        call,
        pull.reviews.map((review) => shapes.reviewShape(call.api, repository, pull, review)),
      );
    }),
  },
  'pulls/list-commits': {
    need: pulls,
    answer: inRepository((call, repository) => {
      const pull = pullOf(call, repository);
      if (!pull) return notFound;
      const commits = commitsOf(repository, pull.base.ref, pull.head.sha).slice(0, LIMITS.commitsListed);
      return page(
        call,
        commits.map((commit) => shapes.commitShape(call.api, call.state, commit)),
      );
    }),
  },
  'repos/list-pull-requests-associated-with-commit': {
    need: pulls,
    answer: inRepository((call, repository) => {
      const sha = call.params.get('commit_sha') ?? '';
      const found = repository.pulls.filter((pull) => pull.state === 'open' && pull.head.sha === sha);
      return page(
        call,
        found.map((pull) => shapes.pullShape(call.api, repository, pull, false)),
      );
    }),
  },
  'checks/create': { need: checksWrite, answer: createCheckRun },
  'checks/update': { need: checksWrite, answer: updateCheckRun },
  'checks/get': {
    need: checksRead,
    answer: inRepository((call, repository) => {
      const run = repository.checkRuns.find((one) => String(one.id) === call.params.get('check_run_id'));
      return run ? ok(shapes.checkRunShape(call.api, repository, run)) : notFound;
    }),
  },
  'checks/list-for-ref': { need: checksRead, answer: listCheckRuns },
  'teams/get-membership-for-user-in-org': {
    need: members,
    answer: (call) => {
      const team = call.state.teams.find(
        (one) => one.org === call.params.get('org') && one.slug === call.params.get('team_slug'),
      );
      const login = call.params.get('username') ?? '';
      const state = team?.members.get(login);
      return state ? ok({ url: `${call.api}/teams/${login}`, role: 'member', state }) : notFound;
    },
  },
  'users/list-gpg-keys-for-user': {
    need: 'none',
    answer: (call) => {
      const user = call.state.users.get((call.params.get('username') ?? '').toLowerCase());
      if (!user) return notFound;
      return page(
        call,
        user.gpgKeys.map((key, index) => ({
          id: index + 1,
          primary_key_id: null,
          key_id: 'ABCDEF0123456789',
          public_key: key.public_key,
          raw_key: key.public_key,
          emails: key.emails.map((email) => ({ email, verified: true })),
          subkeys: [],
          can_sign: true,
          can_encrypt_comms: false,
          can_encrypt_storage: false,
          can_certify: true,
          created_at: '2026-01-01T00:00:00Z',
          expires_at: null,
          revoked: false,
        })),
      );
    },
  },
  'users/list-ssh-signing-keys-for-user': {
    need: 'none',
    answer: (call) => {
      const user = call.state.users.get((call.params.get('username') ?? '').toLowerCase());
      if (!user) return notFound;
      return page(
        call,
        user.sshSigningKeys.map((key, index) => ({
          ...key,
          id: index + 1,
          created_at: '2026-01-01T00:00:00Z',
        })),
      );
    },
  },
};

function tip(repository: Repository, branch: string): string {
  try {
    return revParse(repository, `refs/heads/${branch}`);
  } catch {
    // git's own word that there is no such branch
    return '';
  }
}

function branchShape(api: string, repository: Repository, branch: string): unknown {
  const protection = repository.protection.get(branch);
  const url = `${api}/repos/${repository.owner.login}/${repository.name}/branches/${branch}`;
  const sha = tip(repository, branch);
  const person = { name: 'alice', email: 'alice@example.com', date: '2026-01-01T00:00:00Z' };
  return {
    name: branch,
    commit: {
      url: `${api}/commits/${sha}`,
      sha,
      node_id: 'C',
      html_url: `${api}/commit/${sha}`,
      comments_url: `${api}/commits/${sha}/comments`,
      commit: {
        url: `${api}/git/commits/${sha}`,
        author: person,
        committer: person,
        message: 'change',
        comment_count: 0,
        tree: { sha, url: `${api}/git/trees/${sha}` },
      },
      author: null,
      committer: null,
      parents: [],
    },
    _links: { html: `${api}/tree/${branch}`, self: url },
    protected: protection !== undefined || repository.rulesets.some((one) => one.branches.includes(branch)),
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level: protection?.enforceAdmins ? 'everyone' : 'non_admins',
        contexts: protection?.checks.map((check) => check.context) ?? [],
        checks: protection?.checks ?? [],
      },
    },
    protection_url: `${url}/protection`,
  };
}
