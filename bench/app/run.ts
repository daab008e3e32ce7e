// `npm run bench:app`: from webhook to five completed check runs over HTTP, for 50 pull requests one after another and
// 50 at once, against the GitHub of the tests, with the real engine. Everything runs in this process.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gateEngine } from '../../src/app/engine.js';
import { GateApp } from '../../src/app/server.js';
import { GitHubServer } from '../../test/github/server.js';
import type { Pull } from '../../test/github/state.js';
import { deliver, pullRequestEvent } from '../../test/github/webhooks.js';

const PULLS = 50;
const OVERLAYS = 50;
const manifest = createRequire(import.meta.url)('../../package.json') as { version: string };
const permissions = {
  checks: 'write',
  contents: 'read',
  members: 'read',
  metadata: 'read',
  pull_requests: 'read',
} as const;

const folder = mkdtempSync(join(tmpdir(), 'gate-bench-app-'));
const work = join(folder, 'work');
const github = await new GitHubServer().start();

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=octocat', '-c', 'user.email=octocat@users.noreply.example.com'];
  return execFileSync('git', ['-C', work, ...identity, ...args], { encoding: 'utf8' }).trim();
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), text);
}

/** One base and 50 overlays; each pull request changes the image of one. */
function makeRepository(): void {
  execFileSync('git', ['init', '-q', '-b', 'main', work]);
  write('.gitops-gate/config.yaml', 'version: 1\nsignatures: {mode: report}\n');
  write('base/kustomization.yaml', 'resources: [deployment.yaml]\n');
  write(
    'base/deployment.yaml',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  selector: {matchLabels: {app: shop}}\n  template:\n    metadata: {labels: {app: shop}}\n    spec:\n      containers:\n        - {name: shop, image: "registry.example.com/shop:1.0.0"}\n',
  );
  for (let at = 0; at < OVERLAYS; at += 1) write(`overlays/${at}/kustomization.yaml`, overlay(at, '1.0.0'));
  git('add', '.');
  git('commit', '-qm', 'first');
  for (let at = 0; at < 2 * PULLS; at += 1) {
    git('checkout', '-q', '-b', `change-${at}`, 'main');
    write(`overlays/${at % OVERLAYS}/kustomization.yaml`, overlay(at % OVERLAYS, `1.1.${at}`));
    git('commit', '-qam', `image ${at}`);
  }
  execFileSync('git', ['clone', '-q', '--bare', work, join(folder, 'config.git')]);
}

function overlay(at: number, tag: string): string {
  return `namespace: shop-${at}\nresources: [../../base]\nimages:\n  - {name: registry.example.com/shop, newTag: "${tag}"}\n`;
}

function percentile(times: readonly number[], share: number): string {
  const sorted = [...times].sort((a, b) => a - b);
  return `${((sorted[Math.ceil(share * sorted.length) - 1] ?? 0) / 1000).toFixed(2)} s`;
}

makeRepository();
const record = github.state.app('gitops-gate', permissions, []);
const repository = github.state.repository('acme/config', join(folder, 'config.git'));
const installation = github.state.install(record, repository.owner);
const sender = github.state.user('octocat');
const data = join(folder, 'data');
const log = (level: string, message: string, about: Record<string, unknown>) => {
  if (level === 'error') console.error(message, about);
};
const app = new GateApp({
  settings: {
    appId: record.id,
    privateKey: record.privateKey,
    webhookSecret: record.webhookSecret,
    webUrl: github.url,
    apiUrl: github.url,
    port: 0,
    host: '127.0.0.1',
    webhookPath: '/api/github/webhooks',
    data,
    organisation: null,
  },
  engine: gateEngine({ version: manifest.version, data, log }),
  log,
});
const receiver = `http://127.0.0.1:${await app.start()}/api/github/webhooks`;
const at = { api: github.url, installation, repository, sender };
const open = (index: number): Pull =>
  github.state.openPull(repository, { head: `change-${index}`, user: sender });
const announce = (pull: Pull) =>
  deliver(receiver, record, 'pull_request', pullRequestEvent(at, 'opened', pull));
const finished = (pull: Pull) => {
  const runs = repository.checkRuns.filter((run) => run.head_sha === pull.head.sha);
  return runs.length === 5 && runs.every((run) => run.status === 'completed');
};
const rest = () =>
  github.requests.filter((one) => one.operation !== 'git' && !one.operation?.startsWith('apps/')).length;

try {
  const times: number[] = [];
  const answered: number[] = [];
  const requests: number[] = [];
  for (let index = 0; index < PULLS; index += 1) {
    const pull = open(index);
    const before = rest();
    const started = performance.now();
    await announce(pull);
    answered.push(performance.now() - started);
    await app.idle();
    if (!finished(pull)) throw new Error(`#${pull.number} has no verdict`);
    times.push(performance.now() - started);
    requests.push(rest() - before);
  }
  console.log(`one after another (${PULLS} pull requests, 50 overlays, one of them changed)`);
  console.log(
    `  webhook answered        p50 ${percentile(answered, 0.5)}  p95 ${percentile(answered, 0.95)}`,
  );
  console.log(`  five completed runs     p50 ${percentile(times, 0.5)}  p95 ${percentile(times, 0.95)}`);
  console.log(`  REST requests a verdict ${Math.min(...requests)} to ${Math.max(...requests)}`);
  const pulls = Array.from({ length: PULLS }, (_, index) => open(PULLS + index));
  const started = performance.now();
  const done = new Map<Pull, number>();
  const watch = setInterval(() => {
    for (const pull of pulls)
      if (!done.has(pull) && finished(pull)) done.set(pull, performance.now() - started);
  }, 10);
  await Promise.all(pulls.map(announce));
  await app.idle();
  clearInterval(watch);
  for (const pull of pulls) if (!done.has(pull)) done.set(pull, performance.now() - started);
  const all = [...done.values()];
  console.log(`all at once (${PULLS} pull requests, two judged at a time)`);
  console.log(`  five completed runs     p50 ${percentile(all, 0.5)}  p95 ${percentile(all, 0.95)}`);
  const histories = repository.checkRuns.map((run) => `${run.name}: ${run.history.join(' > ')}`);
  console.log(`statuses: ${[...new Set(histories)].sort().join('; ')}`);
  console.log(
    `memory: ${Math.round(process.memoryUsage.rss() / 1e6)} MB; violations of GitHub's description: ${github.violations.length}`,
  );
  if (github.violations.length > 0) process.exitCode = 1;
} finally {
  await app.stop();
  await github.stop();
  rmSync(folder, { recursive: true, force: true });
}
