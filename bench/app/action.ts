// `npm run bench:action`: the Action's start on fresh folders, tools included: its steps as the runner carries them out
// (after setup-node), from the built bundle, with npm bringing the renderers, on the demo's clean branch.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAction } from '../../test/action/runner.js';
import { tellStory } from '../../test/app/story.js';
import { GitHubServer } from '../../test/github/server.js';
import { pullRequestEvent } from '../../test/github/webhooks.js';

const RUNS = 5;
const root = fileURLToPath(new URL('../..', import.meta.url));
const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
/** Where this machine's npm has its settings: the Node that the steps run on may look elsewhere. */
function npmSettings(): Record<string, string> {
  const globalconfig = execFileSync('npm', ['config', 'get', 'globalconfig'], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  return {
    npm_config_userconfig: join(homedir(), '.npmrc'),
    npm_config_globalconfig: globalconfig.trim(),
    ...(process.env.NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS } : {}),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'gate-bench-action-'));
const github = await new GitHubServer().start();
try {
  const dist = join(folder, 'dist');
  execFileSync(process.execPath, [join(root, 'scripts/bundle.mjs'), '--out', dist]);
  const work = join(folder, 'work');
  await tellStory(work);
  execFileSync('git', ['clone', '-q', '--bare', work, join(folder, 'config.git')]);
  const app = github.state.app('github-actions', {}, []);
  const repository = github.state.repository('acme/config', join(folder, 'config.git'));
  const installation = github.state.install(app, repository.owner);
  const sender = github.state.user('octocat');
  const pull = github.state.openPull(repository, { head: 'clean', user: sender });
  const permissions = { contents: 'read', pull_requests: 'read' } as const;
  github.state.actionTokens.set('ghs_action', { repository, permissions });
  const at = { api: github.url, installation, repository, sender };
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const own = join(folder, String(run));
    mkdirSync(own);
    const done = await runAction({
      folder: own,
      dist,
      event: 'pull_request_target',
      payload: pullRequestEvent(at, 'opened', pull),
      server: github.url,
      repository: 'acme/config',
      token: 'ghs_action',
      npm,
      // A runner's own settings of npm, such as a company's mirror, are its user's.
      env: npmSettings(),
    });
    if (done.code !== 0 || !done.summary.includes('1 change'))
      throw new Error(`exit code ${done.code}: ${done.log}`);
    times.push(done.ms);
  }
  times.sort((a, b) => a - b);
  const second = (ms: number | undefined) => `${((ms ?? 0) / 1000).toFixed(2)} s`;
  console.log(`the Action on a fresh folder, tools included (aim: under 10 s), ${RUNS} runs`);
  console.log(`  median ${second(times[Math.floor(RUNS / 2)])}  slowest ${second(times.at(-1))}`);
} finally {
  await github.stop();
  rmSync(folder, { recursive: true, force: true });
}
