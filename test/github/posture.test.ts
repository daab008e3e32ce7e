import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, posture } from '../../src/github/index.js';
import { GitHubServer } from './server.js';
import type { Permissions, Repository, Ruleset } from './state.js';

let github: GitHubServer;
let repository: Repository;

beforeEach(async () => {
  github = await new GitHubServer().start();
  repository = github.state.repository('acme/config', '/nonexistent');
});

afterEach(() => github.stop());

const ruleset = (more: Partial<Ruleset> = {}): Ruleset => ({
  id: 7,
  name: 'gate',
  branches: ['main'],
  checks: [{ context: 'gitops-gate', integration_id: 99 }],
  strict: true,
  mergeQueue: false,
  bypassActors: [],
  ...more,
});

async function look(permissions: Permissions = { administration: 'write', metadata: 'read' }) {
  github.state.actionTokens.set('ghs_x', { repository, permissions });
  const octokit = connect({ token: 'ghs_x' }, { baseUrl: github.url });
  const lines = await posture(octokit, { owner: 'acme', repo: 'config' }, ['main']);
  return lines.map(({ state, what }) => `${state}: ${what}`);
}

describe('posture', () => {
  it('is good with a ruleset that requires the check, pins it, and lets nobody round it', async () => {
    repository.rulesets.push(ruleset());
    expect(await look()).toEqual([
      'good: main: the check gitops-gate is required (ruleset 7)',
      'good: main: only the app 99 can answer it',
      'good: main: a branch must be up to date before it is merged',
      'good: main: nobody can bypass ruleset 7',
    ]);
  });

  it.each([
    ['not pinned', { checks: [{ context: 'gitops-gate' }] }, /^bad: .*not pinned to the App/],
    ['pinned to no app', { checks: [{ context: 'gitops-gate', integration_id: -1 }] }, /^bad: .*not pinned/],
    [
      'pinned to Actions',
      { checks: [{ context: 'gitops-gate', integration_id: 15_368 }] },
      /^bad: .*pinned to GitHub Actions/,
    ],
    ['not strict', { strict: false }, /^bad: .*older base may be merged/],
    ['for another branch', { branches: ['release'] }, /^bad: .*is not required/],
    ['for another check', { checks: [{ context: 'gitops-gate / secrets' }] }, /^bad: .*is not required/],
    [
      'with a way round',
      { bypassActors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }] },
      /^bad: .*can be bypassed by RepositoryRole 5 \(always\)/,
    ],
  ])('names a ruleset %s', async (_name, more, line) => {
    repository.rulesets.push(ruleset(more));
    expect(await look()).toEqual(expect.arrayContaining([expect.stringMatching(line)]));
  });

  it('reads classic branch protection, and names administrators who are exempt', async () => {
    const checks = [{ context: 'gitops-gate', app_id: 99 }];
    repository.protection.set('main', { checks, strict: true, enforceAdmins: false, requiredReviews: 0 });
    expect(await look()).toEqual([
      'good: main: the check gitops-gate is required (branch protection)',
      'good: main: only the app 99 can answer it',
      'good: main: a branch must be up to date before it is merged',
      'bad: main: branch protection does not hold administrators',
    ]);
  });

  it('says what the token may not see, and guesses nothing', async () => {
    expect(await look({ metadata: 'read' })).toEqual([expect.stringMatching(/^unknown: .*may not see/)]);
    repository.rulesets.push(ruleset());
    expect(await look({ metadata: 'read' })).toContain(
      'unknown: main: who may bypass ruleset 7, this token may not see',
    );
  });
});
