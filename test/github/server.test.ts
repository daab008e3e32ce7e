import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import { GitHubServer } from './server.js';
import type { AppRecord, Installation, Pull, Repository } from './state.js';
import { checkRunEvent, delivery, mergeGroupEvent, pullRequestEvent, reviewEvent } from './webhooks.js';

const PERMISSIONS = {
  checks: 'write',
  contents: 'read',
  pull_requests: 'read',
  members: 'read',
  metadata: 'read',
} as const;

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

describe('the GitHub of the tests', () => {
  const github = new GitHubServer();
  const folder = mkdtempSync(join(tmpdir(), 'github-'));
  let app: AppRecord;
  let installation: Installation;
  let repository: Repository;
  let pull: Pull;
  let octokit: Octokit;

  function git(...args: string[]): string {
    return execFileSync(
      'git',
      ['-C', join(folder, 'work'), '-c', 'user.name=alice', '-c', 'user.email=alice@example.com', ...args],
      {
        encoding: 'utf8',
      },
    ).trim();
  }

  beforeAll(async () => {
    await github.start();
    execFileSync('git', ['init', '-q', '-b', 'main', join(folder, 'work')]);
    writeFileSync(join(folder, 'work', 'a.yaml'), 'a: 1\n');
    git('add', '.');
    git('commit', '-qm', 'first');
    git('checkout', '-qb', 'change');
    writeFileSync(join(folder, 'work', 'a.yaml'), 'a: 2\n');
    git('commit', '-qam', 'second');
    execFileSync('git', ['clone', '-q', '--bare', join(folder, 'work'), join(folder, 'config.git')]);
    app = github.state.app('gitops-gate', { ...PERMISSIONS }, ['pull_request']);
    repository = github.state.repository('acme/config', join(folder, 'config.git'));
    installation = github.state.install(app, repository.owner);
    pull = github.state.openPull(repository, { head: 'change', user: github.state.user('octocat') });
    octokit = new Octokit({
      baseUrl: github.url,
      log: QUIET,
      authStrategy: createAppAuth,
      auth: { appId: app.id, privateKey: app.privateKey, installationId: installation.id },
    });
  });

  afterAll(async () => {
    await github.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers in the shape of the official description', async () => {
    const at = { owner: 'acme', repo: 'config' };
    await octokit.rest.apps.getAuthenticated();
    await octokit.rest.repos.get(at);
    await octokit.rest.repos.getBranch({ ...at, branch: 'main' });
    await octokit.rest.pulls.list({ ...at, state: 'open' });
    await octokit.rest.pulls.get({ ...at, pull_number: pull.number });
    github.state.review(pull, 'octocat', 'APPROVED');
    await octokit.rest.pulls.listReviews({ ...at, pull_number: pull.number });
    github.state.teams.push({ org: 'acme', slug: 'security', members: new Map([['octocat', 'active']]) });
    await octokit.rest.teams.getMembershipForUserInOrg({
      org: 'acme',
      team_slug: 'security',
      username: 'octocat',
    });
    await octokit.rest.repos.getCollaboratorPermissionLevel({ ...at, username: 'octocat' });
    await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation);
    const made = await octokit.rest.checks.create({ ...at, name: 'gitops-gate', head_sha: pull.head.sha });
    await octokit.rest.checks.update({
      ...at,
      check_run_id: made.data.id,
      status: 'completed',
      conclusion: 'success',
    });
    const listed = await octokit.rest.checks.listForRef({ ...at, ref: pull.head.sha });
    expect(listed.data.check_runs[0]?.conclusion).toBe('success');
    repository.rulesets.push({
      id: 7,
      name: 'main',
      branches: ['main'],
      checks: [{ context: 'gitops-gate', integration_id: app.id }],
      strict: true,
      mergeQueue: false,
      bypassActors: [],
    });
    const rules = await octokit.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
      ...at,
      branch: 'main',
    });
    expect(rules.data).toHaveLength(1);
    await octokit.request('GET /repos/{owner}/{repo}/rulesets/{ruleset_id}', { ...at, ruleset_id: 7 });
    expect(github.violations).toEqual([]);
  });

  it('refuses what the real one refuses or would ignore in silence', async () => {
    const at = { owner: 'acme', repo: 'config' };
    const annotation = {
      path: 'a.yaml',
      start_line: 1,
      end_line: 1,
      annotation_level: 'notice' as const,
      message: 'm',
    };
    const refused = (body: Record<string, unknown>) =>
      octokit.request('POST /repos/{owner}/{repo}/check-runs', {
        ...at,
        name: 'x',
        head_sha: pull.head.sha,
        ...body,
      });
    await expect(
      refused({ output: { title: 't', summary: 's', annotations: Array(51).fill(annotation) } }),
    ).rejects.toMatchObject({ status: 422 });
    await expect(refused({ output: { title: 't', summary: 's'.repeat(65_536) } })).rejects.toMatchObject({
      status: 422,
    });
    await expect(refused({ status: 'completed' })).rejects.toMatchObject({ status: 422 });
    await expect(refused({ titel: 'misspelt' })).rejects.toMatchObject({ status: 422 });
    await expect(refused({ head_sha: '0'.repeat(40) })).rejects.toMatchObject({ status: 422 });
    await expect(octokit.rest.repos.getBranchProtection({ ...at, branch: 'main' })).rejects.toMatchObject({
      status: 403,
    });
    const stranger = new Octokit({ baseUrl: github.url, auth: 'ghs_unknown', log: QUIET });
    await expect(stranger.rest.repos.get(at)).rejects.toMatchObject({ status: 401 });
    expect(github.violations.some((one) => one.includes('titel'))).toBe(true);
    github.violations.length = 0;
  });

  it('serves git to whom the token entitles, pull request refs included', async () => {
    const auth = (await octokit.auth({ type: 'installation' })) as { token: string };
    const header = `http.extraHeader=Authorization: Basic ${Buffer.from(`x-access-token:${auth.token}`).toString('base64')}`;
    const url = `${github.url}/acme/config.git`;
    // The server answers in this process, so git must not block it.
    const { promisify } = await import('node:util');
    const { execFile } = await import('node:child_process');
    const run = promisify(execFile);
    const env = { ...process.env, GIT_TERMINAL_PROMPT: '0' };
    const listed = await run('git', ['-c', header, 'ls-remote', url], { env });
    expect(listed.stdout).toContain(`${pull.head.sha}\trefs/pull/1/head`);
    await expect(run('git', ['ls-remote', url], { env })).rejects.toThrow();
    await expect(
      run('git', ['-c', 'http.extraHeader=Authorization: Basic eDp5', 'ls-remote', url], { env }),
    ).rejects.toThrow();
  });

  it('plays failures', async () => {
    github.fail((method, path) => method === 'GET' && path === '/repos/acme/config', { status: 502 });
    const at = { owner: 'acme', repo: 'config' };
    await expect(octokit.rest.repos.get({ ...at, request: { retries: 0 } })).rejects.toMatchObject({
      status: 502,
    });
    await expect(octokit.rest.repos.get(at)).resolves.toBeDefined();
  });

  it('makes deliveries in the shape of real ones', () => {
    const at = { api: github.url, installation, repository, sender: pull.user };
    const review = github.state.review(pull, 'octocat', 'APPROVED');
    const run = repository.checkRuns[0];
    if (!run) throw new Error('no check run');
    for (const [event, payload] of [
      ['pull_request', pullRequestEvent(at, 'synchronize', pull)],
      ['pull_request_review', reviewEvent(at, 'submitted', pull, review)],
      ['check_run', checkRunEvent(at, 'rerequested', run)],
      [
        'merge_group',
        mergeGroupEvent(at, 'checks_requested', {
          headSha: pull.head.sha,
          headRef: 'refs/heads/q',
          baseSha: pull.head.sha,
          baseRef: 'refs/heads/main',
        }),
      ],
    ] as const) {
      const { headers, body } = delivery(app, event, payload);
      expect(headers['x-hub-signature-256']).toMatch(/^sha256=[0-9a-f]{64}$/);
      expect(JSON.parse(body)).toMatchObject({
        repository: { full_name: 'acme/config' },
        installation: { id: installation.id },
      });
    }
  });
});
