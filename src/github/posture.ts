import type { Octokit } from '@octokit/rest';
import { REQUIRED_CHECK, type RepositoryName } from './check-runs.js';
import { GitHubError } from './errors.js';

/** One thing that `doctor --github` looked at. `unknown`: the token may not see it; it is said, not guessed. */
export interface PostureLine {
  state: 'good' | 'bad' | 'unknown';
  what: string;
  /** The exact command that mends it, or that looks where the token could not. */
  mend: string | null;
}

interface RequiredStatusChecks {
  type: string;
  ruleset_id?: number;
  parameters?: {
    required_status_checks?: { context: string; integration_id?: number | null }[];
    strict_required_status_checks_policy?: boolean;
  };
}

interface Requirement {
  from: string;
  app: number | null;
  strict: boolean;
  /** Classic branch protection that administrators are exempt from. */
  adminsExempt: boolean;
}

/** GitHub Actions, on github.com: each job of each workflow is this app. */
const ACTIONS_APP = 15_368;

/**
 * Whether branch protection makes the gate binding: is its check required on each branch, pinned to one app, up to
 * date with the base, and who can walk round it (docs.github.com, "About rulesets", "About protected branches").
 */
export async function posture(
  octokit: Octokit,
  repository: RepositoryName,
  branches: readonly string[],
): Promise<PostureLine[]> {
  const lines: PostureLine[] = [];
  for (const branch of branches) lines.push(...(await branchPosture(octokit, repository, branch)));
  return lines;
}

/** Name of the branch that a repository is cloned at. */
export async function defaultBranchOf(octokit: Octokit, repository: RepositoryName): Promise<string> {
  const { data } = await octokit.rest.repos.get({ ...repository });
  return data.default_branch;
}

async function branchPosture(
  octokit: Octokit,
  repository: RepositoryName,
  branch: string,
): Promise<PostureLine[]> {
  const at = `${repository.owner}/${repository.repo}`;
  const rules = (await octokit.paginate('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
    ...repository,
    branch,
    per_page: 100,
  })) as RequiredStatusChecks[];
  const found = [...requirementsOf(rules), ...(await protectionOf(octokit, repository, branch))];
  const lines: PostureLine[] = [];
  const required = found.filter((one): one is Requirement => one !== 'unseen');
  if (required.length === 0) {
    lines.push(
      found.includes('unseen')
        ? {
            state: 'unknown',
            what: `${branch}: no ruleset requires the check ${REQUIRED_CHECK}; whether classic branch protection does, this token may not see`,
            mend: `gh api repos/${at}/branches/${encodeURIComponent(branch)}/protection/required_status_checks`,
          }
        : {
            state: 'bad',
            what: `${branch}: the check ${REQUIRED_CHECK} is not required, so nobody has to heed it`,
            mend: rulesetCommand(at, branch),
          },
    );
    return lines;
  }
  lines.push({
    state: 'good',
    what: `${branch}: the check ${REQUIRED_CHECK} is required (${required.map((one) => one.from).join(', ')})`,
    mend: null,
  });
  const pinned = required.find((one) => one.app !== null && one.app !== ACTIONS_APP)?.app;
  if (pinned !== undefined) {
    lines.push({ state: 'good', what: `${branch}: only the app ${pinned} can answer it`, mend: null });
  } else if (required.some((one) => one.app === ACTIONS_APP)) {
    lines.push({
      state: 'bad',
      what: `${branch}: it is pinned to GitHub Actions, as which every workflow of the repository posts; pin it to the App`,
      mend: rulesetCommand(at, branch),
    });
  } else {
    lines.push({
      state: 'bad',
      what: `${branch}: any app or workflow with checks: write can post a check named ${REQUIRED_CHECK}; it is not pinned to the App`,
      mend: rulesetCommand(at, branch),
    });
  }
  lines.push(
    required.some((one) => one.strict)
      ? { state: 'good', what: `${branch}: a branch must be up to date before it is merged`, mend: null }
      : {
          state: 'bad',
          what: `${branch}: a verdict on an older base may be merged; require up-to-date branches or use a merge queue`,
          mend: rulesetCommand(at, branch),
        },
  );
  if (required.some((one) => one.adminsExempt)) {
    lines.push({
      state: 'bad',
      what: `${branch}: branch protection does not hold administrators`,
      mend: `gh api -X POST repos/${at}/branches/${encodeURIComponent(branch)}/protection/enforce_admins`,
    });
  }
  lines.push(...(await bypasses(octokit, repository, branch, rules)));
  return lines;
}

function requirementsOf(rules: readonly RequiredStatusChecks[]): Requirement[] {
  return rules
    .filter((rule) => rule.type === 'required_status_checks')
    .flatMap((rule) =>
      (rule.parameters?.required_status_checks ?? [])
        .filter((check) => check.context === REQUIRED_CHECK)
        .map((check) => ({
          from: `ruleset ${rule.ruleset_id}`,
          app:
            typeof check.integration_id === 'number' && check.integration_id > 0
              ? check.integration_id
              : null,
          strict: rule.parameters?.strict_required_status_checks_policy === true,
          adminsExempt: false,
        })),
    );
}

async function protectionOf(
  octokit: Octokit,
  repository: RepositoryName,
  branch: string,
): Promise<(Requirement | 'unseen')[]> {
  try {
    const { data } = await octokit.rest.repos.getBranchProtection({ ...repository, branch });
    const checks = data.required_status_checks;
    return (checks?.checks ?? [])
      .filter((check) => check.context === REQUIRED_CHECK)
      .map((check) => ({
        from: 'branch protection',
        app: typeof check.app_id === 'number' && check.app_id > 0 ? check.app_id : null,
        strict: checks?.strict === true,
        adminsExempt: data.enforce_admins?.enabled === false,
      }));
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    // 404 is the answer for a branch without protection; 403 for a token that may not look.
    if (error.code === 'gone') return [];
    if (error.code === 'forbidden') return ['unseen'];
    throw error;
  }
}

async function bypasses(
  octokit: Octokit,
  repository: RepositoryName,
  branch: string,
  rules: readonly RequiredStatusChecks[],
): Promise<PostureLine[]> {
  const lines: PostureLine[] = [];
  const ids = new Set(
    rules.filter((rule) => rule.type === 'required_status_checks').map((rule) => rule.ruleset_id),
  );
  for (const id of ids) {
    if (id === undefined) continue;
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/rulesets/{ruleset_id}', {
      ...repository,
      ruleset_id: id,
    });
    const command = `gh api repos/${repository.owner}/${repository.repo}/rulesets/${id} --jq .bypass_actors`;
    if (data.bypass_actors === undefined) {
      lines.push({
        state: 'unknown',
        what: `${branch}: who may bypass ruleset ${id}, this token may not see`,
        mend: command,
      });
    } else if (data.bypass_actors.length > 0) {
      const who = data.bypass_actors.map((actor) =>
        `${actor.actor_type} ${actor.actor_id ?? ''} (${actor.bypass_mode})`.replace('  ', ' '),
      );
      lines.push({
        state: 'bad',
        what: `${branch}: ruleset ${id} can be bypassed by ${who.join(', ')}`,
        mend: command,
      });
    } else {
      lines.push({ state: 'good', what: `${branch}: nobody can bypass ruleset ${id}`, mend: null });
    }
  }
  return lines;
}

/** A ruleset that requires the check of the App, whose id `gh api app` shows. */
function rulesetCommand(at: string, branch: string): string {
  const rule = {
    name: 'gitops-gate',
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules: [
      { type: 'pull_request', parameters: PULL_REQUEST_RULE },
      {
        type: 'required_status_checks',
        parameters: {
          strict_required_status_checks_policy: true,
          required_status_checks: [{ context: REQUIRED_CHECK, integration_id: 'APP_ID' }],
        },
      },
      { type: 'non_fast_forward' },
    ],
  };
  const json = JSON.stringify(rule).replace('"APP_ID"', "'$APP_ID'");
  return `APP_ID=<the App's id>; printf '%s' '${json}' | gh api -X POST repos/${at}/rulesets --input -`;
}

const PULL_REQUEST_RULE = {
  required_approving_review_count: 1,
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: true,
  required_review_thread_resolution: false,
};
