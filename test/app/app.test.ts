import { afterEach, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../src/app/judge.js';
import type { Finding } from '../../src/contract/index.js';
import {
  checkRunEvent,
  checkSuiteEvent,
  delivery,
  mergeGroupEvent,
  pullRequestEvent,
  reviewEvent,
} from '../github/webhooks.js';
import { approveFinding, engineOf, fixFinding } from './fake-engine.js';
import { Scene } from './scene.js';

let scene: Scene;

async function stage(engine: Engine, files?: Record<string, string>): Promise<Scene> {
  scene = await new Scene().open(engine, files);
  return scene;
}

afterEach(async () => {
  await scene.close();
});

const CHECKS = [
  'gitops-gate',
  'gitops-gate / diff',
  'gitops-gate / policies',
  'gitops-gate / secrets',
  'gitops-gate / signatures',
];

describe('a pull request', () => {
  it('gets five completed check runs, green for a clean change, in at most twelve requests', async () => {
    await stage(engineOf(() => []));
    const sha = scene.branch('clean', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('clean');
    await scene.opened(pull);
    const runs = scene.repository.checkRuns.filter((run) => run.head_sha === sha);
    expect(runs.map((run) => run.name).sort()).toEqual(CHECKS);
    expect(runs.every((run) => run.status === 'completed' && run.conclusion === 'success')).toBe(true);
    expect(scene.run('gitops-gate', sha)?.history).toEqual(['in_progress', 'completed']);
    expect(scene.run('gitops-gate / diff', sha)?.history).toEqual(['queued', 'completed']);
    const api = scene.github.requests.filter(
      (one) => one.operation !== 'git' && one.operation !== 'apps/create-installation-access-token',
    );
    expect(api.length).toBeLessThanOrEqual(12);
    expect(scene.github.violations).toEqual([]);
  });

  it('is refused with the findings on their lines, the worst first, in batches of fifty', async () => {
    const findings: Finding[] = [approveFinding('apps/z.yaml')];
    for (let line = 1; line <= 120; line += 1) findings.push(fixFinding('apps/a.yaml', line));
    await stage(engineOf(() => findings));
    const sha = scene.branch('bad', { 'apps/a.yaml': 'a: 2\n' });
    await scene.opened(scene.pull('bad'));
    const required = scene.run('gitops-gate', sha);
    expect(required?.conclusion).toBe('failure');
    expect(required?.output.title).toMatch(/^Refused: \d+ to fix, 1 to approve/);
    const secrets = scene.run('gitops-gate / secrets', sha);
    expect(secrets?.annotations).toHaveLength(120);
    expect(secrets?.annotations[0]).toMatchObject({
      path: 'apps/a.yaml',
      start_line: 1,
      annotation_level: 'failure',
    });
    expect(scene.run('gitops-gate / signatures', sha)?.conclusion).toBe('success');
    expect(scene.github.violations).toEqual([]);
  });

  it('into a branch that is not governed gets no check run at all', async () => {
    await stage(engineOf(() => []));
    scene.git('branch', 'lax', 'main');
    scene.git('checkout', '-q', 'lax');
    scene.push('lax');
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change', { base: 'lax' });
    await scene.opened(pull);
    expect(scene.repository.checkRuns).toEqual([]);
    // Retargeted to the governed branch it is judged there.
    pull.base.ref = 'main';
    await scene.send(
      'pull_request',
      pullRequestEvent(scene.at(), 'edited', pull, {
        changes: { base: { ref: { from: 'lax' }, sha: { from: sha } } },
      }),
    );
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('success');
  });

  it('shares its verdict with every other open pull request of the same commit', async () => {
    await stage(
      engineOf(({ baseName }) => (baseName === 'release' ? [fixFinding('apps/a.yaml')] : []), {
        governed: ['main', 'release'],
      }),
    );
    scene.git('branch', 'release', 'main');
    scene.git('checkout', '-q', 'release');
    scene.push('release');
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const strict = scene.pull('change', { base: 'release' });
    const lax = scene.pull('change', { base: 'main' });
    await scene.opened(strict);
    await scene.opened(lax);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('failure');
    strict.state = 'closed';
    await scene.opened(lax);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('success');
  });

  it('is judged again when a run, or all of them, is asked for again, and once more for the same delivery', async () => {
    await stage(engineOf(() => []));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    const payload = pullRequestEvent(scene.at(), 'opened', pull);
    await scene.send('pull_request', payload, 'one-delivery');
    await scene.send('pull_request', payload, 'one-delivery');
    const run = scene.run('gitops-gate / secrets', sha);
    if (!run) throw new Error('no run');
    await scene.send('check_run', checkRunEvent(scene.at(), 'rerequested', run));
    await scene.send('check_suite', checkSuiteEvent(scene.at(), 'rerequested', sha, scene.app));
    const required = scene.repository.checkRuns.filter((one) => one.name === 'gitops-gate');
    expect(required).toHaveLength(4);
    expect(required.every((one) => one.conclusion === 'success')).toBe(true);
  });

  it('superseded by a newer push leaves nothing green on the old commit', async () => {
    const first: { release?: () => void } = {};
    let judgements = 0;
    await stage(
      engineOf(async ({ signal }) => {
        judgements += 1;
        if (judgements > 1) return [];
        await new Promise<void>((resolve) => {
          first.release = resolve;
          signal.addEventListener('abort', () => resolve());
        });
        return [];
      }),
    );
    const old = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    const { body, headers } = delivery(
      scene.app,
      'pull_request',
      pullRequestEvent(scene.at(), 'opened', pull),
    );
    await fetch(scene.receiver, { method: 'POST', headers, body });
    while (!first.release) await new Promise((resolve) => setImmediate(resolve));
    const fresh = scene.branch('change', { 'apps/a.yaml': 'a: 3\n' });
    scene.github.state.syncPull(scene.repository, pull);
    await scene.send('pull_request', pullRequestEvent(scene.at(), 'synchronize', pull));
    expect(scene.run('gitops-gate', old)?.conclusion).toBe('cancelled');
    expect(scene.run('gitops-gate', fresh)?.conclusion).toBe('success');
  });
});

describe('approvals', () => {
  it('open what asks for one: by an approver, on the commit that shows it, until dismissed', async () => {
    await stage(engineOf(() => [approveFinding('apps/pvc.yaml')], { approvers: ['acme/security'] }));
    scene.github.state.teams.push({ org: 'acme', slug: 'security', members: new Map([['hubot', 'active']]) });
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('failure');
    scene.github.state.review(pull, 'monalisa', 'APPROVED');
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('failure');
    const review = scene.github.state.review(pull, 'hubot', 'APPROVED');
    await scene.send('pull_request_review', reviewEvent(scene.at(), 'submitted', pull, review));
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('success');
    review.state = 'DISMISSED';
    await scene.send('pull_request_review', reviewEvent(scene.at(), 'dismissed', pull, review));
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('failure');
    expect(scene.github.violations).toEqual([]);
  });

  it('do not count from the author, nor from who has a commit in the change', async () => {
    await stage(engineOf(() => [approveFinding('apps/pvc.yaml')], { approvers: ['octocat', 'hubot'] }));
    const author = scene.github.state.user('monalisa');
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change', { user: author });
    scene.github.state.review(pull, 'octocat', 'APPROVED');
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('failure');
    scene.github.state.review(pull, 'hubot', 'APPROVED');
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('success');
  });

  it('without approvers come from the administrators', async () => {
    await stage(engineOf(() => [approveFinding('apps/pvc.yaml')]));
    scene.repository.collaborators.set('hubot', 'admin').set('monalisa', 'write');
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.github.state.review(pull, 'monalisa', 'APPROVED');
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('failure');
    scene.github.state.review(pull, 'hubot', 'APPROVED');
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('success');
  });

  it('outlive a push that leaves the finding as it was, and not one that makes it worse', async () => {
    const messages = new Map<string, string>();
    await stage(
      engineOf(({ head }) => [approveFinding('apps/pvc.yaml', messages.get(head) ?? 'deletes one')], {
        approvers: ['hubot'],
      }),
    );
    scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.github.state.review(pull, 'hubot', 'APPROVED');
    const second = scene.branch('change', { 'apps/a.yaml': 'a: 3\n' });
    scene.github.state.syncPull(scene.repository, pull);
    await scene.opened(pull);
    expect(scene.run('gitops-gate', second)?.conclusion).toBe('success');
    const third = scene.branch('change', { 'apps/a.yaml': 'a: 4\n' });
    messages.set(third, 'deletes two');
    scene.github.state.syncPull(scene.repository, pull);
    await scene.opened(pull);
    expect(scene.run('gitops-gate', third)?.conclusion).toBe('failure');
  });

  it('are taken back by the same reviewer asking for changes later, not by a comment', async () => {
    await stage(engineOf(() => [approveFinding('apps/pvc.yaml')], { approvers: ['hubot'] }));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.github.state.review(pull, 'hubot', 'APPROVED');
    scene.github.state.review(pull, 'hubot', 'COMMENTED');
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('success');
    scene.github.state.review(pull, 'hubot', 'CHANGES_REQUESTED');
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('failure');
  });
});

describe('a merge queue', () => {
  it('is answered on the head of its group', async () => {
    let bad = '';
    await stage(engineOf(({ head }) => (head === bad ? [fixFinding('apps/a.yaml')] : [])));
    const good = scene.branch('gh-readonly-queue/main/pr-1-aaaa', { 'apps/a.yaml': 'a: 2\n' });
    const base = scene.git('rev-parse', 'main');
    const group = (headSha: string) => ({
      headSha,
      headRef: 'refs/heads/gh-readonly-queue/main/x',
      baseSha: base,
      baseRef: 'refs/heads/main',
    });
    await scene.send('merge_group', mergeGroupEvent(scene.at(), 'checks_requested', group(good)));
    expect(scene.run('gitops-gate', good)?.conclusion).toBe('success');
    bad = scene.branch('gh-readonly-queue/main/pr-2-bbbb', { 'apps/a.yaml': 'a: 3\n' });
    await scene.send('merge_group', mergeGroupEvent(scene.at(), 'checks_requested', group(bad)));
    expect(scene.run('gitops-gate', bad)?.conclusion).toBe('failure');
    await scene.send('merge_group', mergeGroupEvent(scene.at(), 'destroyed', group(bad)));
    expect(scene.github.violations).toEqual([]);
  });
});

describe('when things go wrong', () => {
  const isCheckWrite = (method: string, path: string) => method !== 'GET' && path.includes('/check-runs');

  it.each([
    ['a 502', { status: 502 }],
    ['a 429 with a pause', { status: 429, headers: { 'retry-after': '2' } }],
    ['a secondary limit', { status: 403, headers: { 'retry-after': '1' } }],
    ['a hanging call', 'hang' as const],
    ['a cut connection', 'cut' as const],
  ])('%s is tried again', async (_name, answer) => {
    await stage(engineOf(() => []));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.github.fail(isCheckWrite, answer);
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('success');
    expect(scene.waits.length).toBeGreaterThan(0);
  });

  it('an engine that throws closes every run with an id that the log has', async () => {
    await stage(
      engineOf(() => {
        throw new Error('a defect with a ghs_token in it');
      }),
    );
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    await scene.opened(scene.pull('change'));
    for (const name of CHECKS) expect(scene.run(name, sha)?.conclusion).toBe('failure');
    const summary = scene.run('gitops-gate', sha)?.output.summary ?? '';
    const id = String(scene.logged.find((line) => line.level === 'error')?.about.id);
    expect(summary).toContain(id);
    expect(summary).not.toContain('defect');
  });

  it('a head that git cannot fetch ends in a failed run', async () => {
    await stage(engineOf(() => []));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.github.fail(
      (_method, path) => path.endsWith('/git-upload-pack') || path.endsWith('/info/refs'),
      { status: 404 },
      10,
    );
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('failure');
  });

  it('a fork that was deleted, a closed pull request and a number that is gone are no defects', async () => {
    await stage(engineOf(() => []));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    pull.head.repository = null;
    await scene.opened(pull);
    expect(scene.run('gitops-gate', sha)?.conclusion).toBe('success');
    pull.state = 'closed';
    scene.repository.checkRuns.length = 0;
    await scene.opened(pull);
    expect(scene.repository.checkRuns).toEqual([]);
  });

  it('an archived repository cannot be answered, and turns nothing green', async () => {
    await stage(engineOf(() => []));
    scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.repository.archived = true;
    await scene.opened(pull);
    expect(scene.repository.checkRuns).toEqual([]);
    expect(scene.logged.some((line) => line.level === 'error')).toBe(true);
  });

  it('names and messages with markup, mentions and control characters stay text', async () => {
    const hostile = fixFinding('apps/<img src=x>@acme/\u202Ea.yaml');
    await stage(engineOf(() => [{ ...hostile, message: 'x `` @octocat <script>\u0007\u202E' }]));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    await scene.opened(scene.pull('change'));
    const summary = scene.run('gitops-gate', sha)?.output.summary ?? '';
    expect(summary).not.toMatch(/<script>|\u202E/);
    expect(scene.run('gitops-gate / secrets', sha)?.annotations[0]?.message).not.toMatch(/\u202E/);
  });
});

describe('the door', () => {
  it('refuses a bad signature, no signature, a foreign secret and a body over 25 MB', async () => {
    await stage(engineOf(() => []));
    scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    const good = delivery(scene.app, 'pull_request', pullRequestEvent(scene.at(), 'opened', pull));
    const post = async (headers: Record<string, string>, body: string) =>
      (await fetch(scene.receiver, { method: 'POST', headers, body })).status;
    expect(
      await post({ ...good.headers, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, good.body),
    ).toBe(400);
    const { 'x-hub-signature-256': _signature, ...unsigned } = good.headers;
    expect(await post(unsigned, good.body)).toBe(400);
    const foreign = delivery({ ...scene.app, webhookSecret: 'development' }, 'pull_request', {
      action: 'opened',
    });
    expect(await post(foreign.headers, foreign.body)).toBe(400);
    expect(await post(good.headers, `${good.body} `)).toBe(400);
    const large = 'x'.repeat(26 * 1024 * 1024);
    const status = await post(good.headers, large).catch(() => 413);
    expect(status).toBe(413);
    await scene.gate.idle();
    expect(scene.repository.checkRuns).toEqual([]);
    expect((await fetch(scene.receiver.replace('/api/github/webhooks', '/healthz'))).status).toBe(200);
    expect((await fetch(scene.receiver.replace('/api/github/webhooks', '/elsewhere'))).status).toBe(404);
  });

  it('judges at start what has no finished verdict', async () => {
    await stage(engineOf(() => []));
    const lost = scene.branch('lost', { 'apps/a.yaml': 'a: 2\n' });
    scene.pull('lost');
    const done = scene.branch('done', { 'apps/a.yaml': 'a: 3\n' });
    await scene.opened(scene.pull('done'));
    const before = scene.repository.checkRuns.filter((run) => run.head_sha === done).length;
    expect(await scene.gate.reconcile()).toBe(1);
    await scene.gate.idle();
    expect(scene.run('gitops-gate', lost)?.conclusion).toBe('success');
    expect(scene.repository.checkRuns.filter((run) => run.head_sha === done)).toHaveLength(before);
    expect(scene.github.violations).toEqual([]);
  });
});
