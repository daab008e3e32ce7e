import { afterEach, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../src/app/judge.js';
import { finding } from '../../src/contract/index.js';
import { mergeGroupEvent, pullRequestEvent, pushEvent, reviewEvent } from '../github/webhooks.js';
import { approveFinding, engineOf, fixFinding } from './fake-engine.js';
import { Scene } from './scene.js';

/** How somebody would try to get a green required run, and what comes of it. */

let scene: Scene;

async function stage(engine: Engine): Promise<void> {
  scene = await new Scene().open(engine);
}

afterEach(async () => {
  await scene.close();
});

const required = (sha: string) => scene.run('gitops-gate', sha);
const asks = { approvers: ['hubot'] };

describe('approvals', () => {
  it('do not count while a commit may be anybody’s, and the summary says whose', async () => {
    await stage(engineOf(() => [approveFinding('apps/pvc.yaml')], asks));
    scene.git('checkout', '-q', '-B', 'change', 'main');
    scene.git('-c', 'user.email=nobody@nowhere.example.com', 'commit', '-q', '--allow-empty', '-m', 'x');
    scene.push('change');
    const sha = scene.git('rev-parse', 'HEAD');
    const pull = scene.pull('change');
    scene.github.state.review(pull, 'hubot', 'APPROVED');
    await scene.opened(pull);
    expect(required(sha)?.conclusion).toBe('failure');
    expect(required(sha)?.output.summary).toContain('e-mail address of no GitHub account');
  });

  it('given to content that no report shows hold for that content alone', async () => {
    const unseen = { ...approveFinding('apps/app.yaml'), object: null, ruleId: 'diff/not-rendered' };
    await stage(engineOf(() => [finding(unseen)], asks));
    const first = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.github.state.review(pull, 'hubot', 'APPROVED');
    await scene.opened(pull);
    expect(required(first)?.conclusion).toBe('success');
    const second = scene.branch('change', { 'apps/a.yaml': 'a: evil\n' });
    scene.github.state.syncPull(scene.repository, pull);
    await scene.send('pull_request', pullRequestEvent(scene.at(), 'synchronize', pull));
    expect(required(second)?.conclusion).toBe('failure');
  });

  it('are not counted when the authors listed are those of another head than the one judged', async () => {
    await stage(engineOf(() => [approveFinding('apps/pvc.yaml')], asks));
    scene.github.state.user('hubot').emails.push('hubot@example.com');
    scene.git('checkout', '-q', '-B', 'change', 'main');
    scene.git('-c', 'user.email=hubot@example.com', 'commit', '-q', '--allow-empty', '-m', 'own');
    scene.push('change');
    const own = scene.git('rev-parse', 'HEAD');
    const pull = scene.pull('change');
    scene.github.state.review(pull, 'hubot', 'APPROVED');
    const opening = scene.opened(pull);
    // While it is judged the branch is pushed over with somebody else's commit.
    scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    scene.github.state.syncPull(scene.repository, pull);
    await opening;
    expect(required(own)?.conclusion).not.toBe('success');
  });

  it('of a reviewer whom GitHub does not know any more do not count', async () => {
    await stage(engineOf(() => [approveFinding('apps/pvc.yaml')]));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.github.state.review(pull, 'gone', 'APPROVED');
    scene.github.state.users.delete('gone');
    scene.github.state.review(pull, 'ghost', 'APPROVED').user = null;
    await scene.opened(pull);
    expect(required(sha)?.conclusion).toBe('failure');
    expect(required(sha)?.output.title).toMatch(/^Refused/);
  });
});

describe('the same commit elsewhere', () => {
  it('in a merge queue of a branch that is not governed gets no run', async () => {
    await stage(engineOf(() => []));
    scene.git('branch', 'lax', 'main');
    scene.git('checkout', '-q', 'lax');
    scene.push('lax');
    const head = scene.branch('gh-readonly-queue/lax/pr-1-aaaa', { 'apps/a.yaml': 'a: 2\n' });
    const group = {
      headSha: head,
      headRef: 'refs/heads/gh-readonly-queue/lax/pr-1-aaaa',
      baseSha: scene.git('rev-parse', 'lax'),
      baseRef: 'refs/heads/lax',
    };
    await scene.send('merge_group', mergeGroupEvent(scene.at(), 'checks_requested', group));
    expect(scene.repository.checkRuns).toEqual([]);
  });

  it('loses an older green run as soon as it is proposed again', async () => {
    const wait: { release?: () => void; hold?: boolean } = {};
    await stage(
      engineOf(
        async ({ baseName }) => {
          if (wait.hold) await new Promise<void>((resolve) => (wait.release = resolve));
          return baseName === 'release' ? [fixFinding('apps/a.yaml')] : [];
        },
        { governed: ['main', 'release'] },
      ),
    );
    scene.git('branch', 'release', 'main');
    scene.git('checkout', '-q', 'release');
    scene.push('release');
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    await scene.opened(scene.pull('change'));
    expect(required(sha)?.conclusion).toBe('success');
    wait.hold = true;
    const strict = scene.pull('change', { base: 'release' });
    const sent = scene.opened(strict);
    while (!wait.release) await new Promise((resolve) => setImmediate(resolve));
    expect(required(sha)?.status).toBe('in_progress');
    wait.hold = false;
    wait.release();
    await sent;
    expect(required(sha)?.conclusion).toBe('failure');
  });

  it('proposed more often than anybody does in earnest stays closed', async () => {
    await stage(engineOf(() => []));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pulls = Array.from({ length: 23 }, () => scene.pull('change'));
    await scene.opened(pulls[0] ?? scene.pull('change'));
    expect(required(sha)?.conclusion).toBe('failure');
    expect(required(sha)?.output.title).toContain('more than 20 open pull requests');
  });
});

describe('what GitHub did not tell of', () => {
  it('a lost retarget is found at the next look', async () => {
    await stage(
      engineOf(({ baseName }) => (baseName === 'release' ? [fixFinding('apps/a.yaml')] : []), {
        governed: ['main', 'release'],
      }),
    );
    scene.git('branch', 'release', 'main');
    scene.git('checkout', '-q', 'release');
    scene.push('release');
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    await scene.opened(pull);
    expect(await scene.gate.reconcile()).toBe(0);
    pull.base.ref = 'release';
    expect(await scene.gate.reconcile()).toBe(1);
    await scene.gate.idle();
    expect(required(sha)?.conclusion).toBe('failure');
  });

  it('a lost dismissal and a base that moved are found too', async () => {
    await stage(engineOf(() => [approveFinding('apps/pvc.yaml')], asks));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    const review = scene.github.state.review(pull, 'hubot', 'APPROVED');
    await scene.opened(pull);
    expect(required(sha)?.conclusion).toBe('success');
    review.state = 'DISMISSED';
    expect(await scene.gate.reconcile()).toBe(1);
    await scene.gate.idle();
    expect(required(sha)?.conclusion).toBe('failure');
    scene.git('checkout', '-q', 'main');
    scene.commit({ 'apps/b.yaml': 'b: 1\n' }, 'moves');
    scene.push('main');
    expect(await scene.gate.reconcile()).toBe(1);
    await scene.gate.idle();
    expect(scene.github.violations).toEqual([]);
  });

  it('a push to the base judges again, and writes only what changed', async () => {
    let strict = false;
    await stage(engineOf(() => (strict ? [fixFinding('apps/a.yaml')] : [])));
    const before = scene.git('rev-parse', 'main');
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    await scene.opened(scene.pull('change'));
    scene.git('checkout', '-q', 'main');
    const moved = scene.commit({ 'apps/b.yaml': 'b: 1\n' }, 'moves');
    scene.push('main');
    await scene.send('push', pushEvent(scene.at(), 'refs/heads/main', before, moved));
    expect(scene.repository.checkRuns.filter((run) => run.name === 'gitops-gate')).toHaveLength(1);
    strict = true;
    await scene.send('push', pushEvent(scene.at(), 'refs/heads/main', before, moved));
    expect(required(sha)?.conclusion).toBe('failure');
  });

  it('a comment is no reason to judge', async () => {
    await stage(engineOf(() => []));
    scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    const review = scene.github.state.review(pull, 'hubot', 'COMMENTED');
    await scene.send('pull_request_review', reviewEvent(scene.at(), 'submitted', pull, review));
    expect(scene.repository.checkRuns).toEqual([]);
  });

  it('another app’s run of the same name is none of ours', async () => {
    await stage(engineOf(() => [fixFinding('apps/a.yaml')]));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    await scene.opened(scene.pull('change'));
    const own = required(sha);
    if (!own) throw new Error('no run');
    const other = scene.github.state.app('other', { checks: 'write' }, []);
    scene.repository.checkRuns.length = 0;
    scene.repository.checkRuns.push({ ...own, id: own.id + 1000, app: other, conclusion: 'success' });
    await scene.gate.stop();
    await scene.restart();
    expect(await scene.gate.reconcile()).toBe(1);
    await scene.gate.idle();
    expect(required(sha)).toMatchObject({ app: { slug: 'gitops-gate' }, conclusion: 'failure' });
  });
});

describe('a server that stops', () => {
  it('says so on the runs, and judges them again when it starts', async () => {
    const started: { done?: () => void } = {};
    const begun = new Promise<void>((resolve) => (started.done = resolve));
    let calls = 0;
    await stage(
      engineOf(async ({ signal }) => {
        calls += 1;
        if (calls > 1) return [];
        started.done?.();
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        return [];
      }),
    );
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    const pull = scene.pull('change');
    scene.gate.hear({
      kind: 'pull',
      installation: scene.installation.id,
      repository: { owner: 'acme', repo: 'config' },
      number: pull.number,
    });
    await begun;
    await scene.gate.stop();
    expect(required(sha)).toMatchObject({ conclusion: 'cancelled', output: { title: 'Interrupted' } });
    await scene.restart();
    expect(await scene.gate.reconcile()).toBe(1);
    await scene.gate.idle();
    expect(required(sha)?.conclusion).toBe('success');
  });
});

describe('an annotation that GitHub refuses', () => {
  it('does not hide the verdict', async () => {
    // No line of a file has the number 0: GitHub answers 422.
    await stage(engineOf(() => [{ ...fixFinding('apps/a.yaml'), line: 0 }]));
    const sha = scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
    await scene.opened(scene.pull('change'));
    expect(required(sha)?.output.title).toMatch(/^Refused: 1 to fix/);
  });
});
