import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { gateEngine } from '../../src/app/engine.js';
import type { Engine } from '../../src/app/judge.js';
import { pullRequestEvent } from '../github/webhooks.js';
import { approveFinding, engineOf } from './fake-engine.js';
import { Scene } from './scene.js';

/** Whatever GitHub or the repository does, the required run ends in a right verdict or a clear failure. */

let scene: Scene;

async function stage(engine: Engine, files?: Record<string, string>): Promise<void> {
  scene = await new Scene().open(engine, files);
}

afterEach(async () => {
  await scene.close();
});

const required = (sha: string) => scene.run('gitops-gate', sha);
const real = (): Engine => gateEngine({ version: '0.0.0', data: join(scene.folder, 'data'), log: scene.log });

/** The real engine on files of one's own. */
async function stageReal(files: Record<string, string>): Promise<void> {
  scene = new Scene();
  await scene.open(real(), files);
}

describe('GitHub answers the question for a pull request', () => {
  it.each([
    ['404', { status: 404 }],
    ['403', { status: 403 }],
    ['422', { status: 422 }],
    ['429 and a wait of an hour', { status: 429, headers: { 'retry-after': '3600' } }],
    ['503 for ever', { status: 503 }],
    ['nothing, for ever', 'hang' as const],
  ])('with %s: nothing turns green, and the log knows', async (_name, answer) => {
    await stage(engineOf(() => []));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.github.fail((method, path) => method === 'GET' && path.endsWith('/pulls/1'), answer, 100);
    await scene.opened(pull);
    expect(required(sha)?.conclusion ?? null).toBeNull();
    expect(scene.logged.some(({ level }) => level === 'error')).toBe(true);
  });
});

describe('GitHub answers the question for reviews', () => {
  it.each([
    ['404', { status: 404 }],
    ['403', { status: 403 }],
    ['503 for ever', { status: 503 }],
    ['cut off for ever', 'cut' as const],
  ])('with %s: the run fails with an id', async (_name, answer) => {
    await stage(engineOf(() => [approveFinding('apps/pvc.yaml')], { approvers: ['hubot'] }));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.github.state.review(pull, 'hubot', 'APPROVED');
    scene.github.fail((_method, path) => path.endsWith('/reviews'), answer, 100);
    await scene.opened(pull);
    expect(required(sha)).toMatchObject({
      conclusion: 'failure',
      output: { title: 'Not verified: GitHub did not answer' },
    });
    const id = scene.logged.find(({ about }) => about.id !== undefined)?.about.id;
    expect(required(sha)?.output.summary).toContain(String(id));
  });
});

describe('a head', () => {
  it('that disappears before it is fetched ends in a failed run', async () => {
    await stage(engineOf(() => []));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    const bare = join(scene.folder, 'config.git');
    pull.head.sha = 'f'.repeat(40);
    await scene.opened(pull);
    expect(required(sha)).toBeUndefined();
    // GitHub has no run for a commit that it does not have; the one that is there is judged when it comes back.
    execFileSync('git', ['--git-dir', bare, 'update-ref', 'refs/pull/1/head', sha]);
    pull.head.sha = sha;
    await scene.opened(pull);
    expect(required(sha)?.conclusion).toBe('success');
  });

  it('that is pushed over while it is judged: each commit has its own verdict', async () => {
    let old = '';
    let fresh = '';
    const first = { done: false };
    await stage(
      engineOf(async ({ head }) => {
        if (head === old && !first.done) {
          first.done = true;
          fresh = scene.branch('change', { 'apps/a.yaml': 'a: 3\n' });
          const pull = scene.repository.pulls[0];
          if (pull) scene.github.state.syncPull(scene.repository, pull);
        }
        return [];
      }),
    );
    old = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    await scene.opened(pull);
    await scene.send('pull_request', pullRequestEvent(scene.at(), 'synchronize', pull));
    expect(required(old)?.status).toBe('completed');
    expect(required(fresh)?.conclusion).toBe('success');
  });
});

describe('a repository', () => {
  it('that was renamed is judged under its new name', async () => {
    await stage(engineOf(() => []));
    scene.repository.name = 'configuration';
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    await scene.opened(scene.pull('change'));
    expect(required(sha)?.conclusion).toBe('success');
  });

  it('whose installation is gone turns nothing green', async () => {
    await stage(engineOf(() => []));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    const payload = pullRequestEvent(scene.at(), 'opened', pull);
    scene.github.state.installations.length = 0;
    await scene.send('pull_request', payload);
    expect(required(sha)).toBeUndefined();
    expect(scene.logged.some(({ level }) => level === 'error')).toBe(true);
  });
});

describe('the real engine behind the App', () => {
  const SECRET =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: kV7-quiet-Lantern-42x}\n';

  it('does not obey a configuration in the head that opens the gate', async () => {
    await stageReal({
      '.gitops-gate/config.yaml': 'version: 1\nsignatures: {mode: off}\n',
      'a.yaml': 'a: 1\n',
    });
    const sha = scene.branch('change', {
      '.gitops-gate/config.yaml':
        'version: 1\nsignatures: {mode: off}\nsecrets: {mode: off}\ndiff: {mode: off}\npolicies: {mode: off}\napprovers: [octocat]\nbranches: [nothing]\n',
      'db.yaml': SECRET,
    });
    const pull = scene.pull('change');
    scene.github.state.review(pull, 'octocat', 'APPROVED');
    await scene.opened(pull);
    expect(required(sha)?.conclusion).toBe('failure');
    expect(required(sha)?.output.title).toMatch(/1 to fix, 1 to approve/);
    expect(required(sha)?.output.summary).not.toContain('Lantern');
    expect(scene.run('gitops-gate / secrets', sha)?.conclusion).toBe('failure');
  }, 60_000);

  it('stays closed on a base whose configuration is broken', async () => {
    await stageReal({ '.gitops-gate/config.yaml': 'version: 7\nnonsense: [\n', 'a.yaml': 'a: 1\n' });
    const sha = scene.branch('change', { 'b.yaml': 'b: 1\n' });
    await scene.opened(scene.pull('change'));
    expect(required(sha)?.conclusion).toBe('failure');
  }, 60_000);

  it('finds a secret in the name of the branch', async () => {
    await stageReal({ 'a.yaml': 'a: 1\n' });
    // Made up here, so that no file looks like a live credential.
    const token = ['glpat', 'Zx9kQw3rTy7uLp2mNb5v'].join('-');
    const branch = `fix/${token}`;
    const sha = scene.branch(branch, { 'a.yaml': 'a: 2\n' });
    await scene.opened(scene.pull(branch));
    expect(required(sha)?.output.title).toMatch(/^Refused/);
    expect(required(sha)?.output.summary).toContain('the name of the branch of pull request');
    expect(JSON.stringify([scene.repository.checkRuns, scene.logged])).not.toContain(token);
  }, 60_000);

  it('finds a secret in the text of the pull request, and shows it to nobody', async () => {
    await stageReal({ 'a.yaml': 'a: 1\n' });
    const sha = scene.branch('change', { 'a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    const token = 'kV7quietLantern42x';
    pull.body = `for testing use postgres://shop:${token}@db.shop.internal:5432/shop`;
    await scene.opened(pull);
    expect(required(sha)?.output.title).toMatch(/^Refused: 1 to fix/);
    expect(required(sha)?.output.summary).toContain('the text of pull request');
    const everything = JSON.stringify([scene.repository.checkRuns, scene.logged]);
    expect(everything).not.toContain(token);
    pull.body = 'for testing use nothing';
    await scene.send('pull_request', pullRequestEvent(scene.at(), 'edited', pull));
    expect(required(sha)?.conclusion).toBe('success');
  }, 60_000);
});
