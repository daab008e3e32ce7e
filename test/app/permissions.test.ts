import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROUTES } from '../github/routes.js';
import { mergeGroupEvent } from '../github/webhooks.js';
import { approveFinding, engineOf } from './fake-engine.js';
import { Scene } from './scene.js';

/** app.yml asks for what the App uses, and docs/permissions.md says so. */

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const manifest = parse(read('app.yml')) as {
  default_permissions: Record<string, string>;
  default_events: string[];
};
const scene = new Scene();
const used = new Set<string>();

beforeAll(async () => {
  const approvers = ['acme/security'];
  await scene.open(engineOf(() => [approveFinding('apps/pvc.yaml')], { approvers }));
  scene.github.state.teams.push({ org: 'acme', slug: 'security', members: new Map([['hubot', 'active']]) });
  scene.branch('change', { 'apps/a.yaml': 'a: 2\n' });
  const pull = scene.pull('change');
  scene.github.state.review(pull, 'hubot', 'APPROVED');
  await scene.opened(pull);
  const head = scene.branch('gh-readonly-queue/main/pr-1-aaaa', { 'apps/a.yaml': 'a: 2\n' });
  const before = scene.repository.checkRuns.length;
  const group = {
    headSha: head,
    headRef: 'refs/heads/gh-readonly-queue/main/pr-1-aaaa',
    baseSha: scene.git('rev-parse', 'main'),
    baseRef: 'refs/heads/main',
  };
  await scene.send('merge_group', mergeGroupEvent(scene.at(), 'checks_requested', group));
  // GitHub sends this event only to an App that may read merge queues.
  if (scene.repository.checkRuns.length > before) used.add('merge_queues: read');
  for (const { operation } of scene.github.requests) {
    if (operation === 'git') used.add('contents: read');
    const need = operation === null ? undefined : ROUTES[operation]?.need;
    if (typeof need === 'object') used.add(`${need.permission}: ${need.access}`);
  }
  if (used.has('checks: write')) used.delete('checks: read');
});

afterAll(async () => {
  await scene.close();
});

const wanted = Object.entries(manifest.default_permissions).map(([name, access]) => `${name}: ${access}`);

describe('app.yml', () => {
  it('asks for every permission that is used, and for none that is not', () => {
    expect([...used].sort()).toEqual([...wanted].sort());
    expect(scene.github.violations).toEqual([]);
  });

  it('asks for the events that are listened to, and for no others', () => {
    const heard = [...read('src/app/events.ts').matchAll(/'([a-z_]+)(?:\.[a-z_]+)?'/g)]
      .map(([, name]) => name ?? '')
      .filter((name) =>
        /^(check_run|check_suite|merge_group|pull_request|pull_request_review|push)$/.test(name),
      );
    expect([...new Set(heard)].sort()).toEqual([...manifest.default_events].sort());
  });
});

describe('docs/permissions.md', () => {
  it('names each with its access', () => {
    const rows = [...read('docs/permissions.md').matchAll(/^\| (\w+) \| (read|write)/gm)];
    expect(rows.map(([, name, access]) => `${name}: ${access}`).sort()).toEqual([...wanted].sort());
  });
});
