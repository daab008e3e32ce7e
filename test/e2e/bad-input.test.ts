import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Report } from '../../src/contract/index.js';
import { type TestRepository, Workshop } from '../git/real-repository.js';
import { type Answered, gate } from './run-gate.js';
import { branch, DEPLOYMENT, shop } from './shop.js';

const workshop = new Workshop();
let repository: TestRepository;

beforeAll(() => {
  repository = shop(workshop);
});
afterAll(() => workshop.remove());

function check(head: string, ...more: string[]): Promise<Answered> {
  return gate(['check', '--repo', repository.dir, '--base', 'main', '--head', head, ...more]);
}

async function report(head: string): Promise<{ code: number; report: Report }> {
  const { code, stdout } = await check(head, '--format', 'json');
  return { code, report: JSON.parse(stdout) };
}

/** One line for the user, no stack. */
function expectOneLine({ stderr, stdout }: Answered): void {
  expect(stderr).toMatch(/^gitops-gate: [^\n]+\n$/);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|internal error/);
  expect(stdout).toBe('');
}

describe('a call that is wrong ends with 2 and one line', () => {
  it('no repository', async () => {
    const dir = workshop.path();
    mkdirSync(dir);
    const answered = await gate(['check', '--repo', dir]);
    expectOneLine(answered);
    expect(answered.code).toBe(2);
    expect(answered.stderr).toMatch(/repository/);
  });

  it('a folder that is not there', async () => {
    const answered = await gate(['check', '--repo', workshop.path()]);
    expectOneLine(answered);
    expect(answered.code).toBe(2);
  });

  it('an unknown revision', async () => {
    const answered = await check('no-such-branch');
    expectOneLine(answered);
    expect(answered.code).toBe(2);
    expect(answered.stderr).toContain('no-such-branch');
  });

  it('a revision that looks like an option', async () => {
    const answered = await gate([
      'check',
      '--repo',
      repository.dir,
      '--base=--upload-pack=touch /tmp/x',
      '--head',
      'main',
    ]);
    expectOneLine(answered);
    expect(answered.code).toBe(2);
  });

  it.each([
    ['an unknown command', ['chekc']],
    ['an unknown option', ['check', '--fromat', 'json']],
    ['an unknown format', ['check', '--format', 'pdf']],
    ['an unknown check', ['check', '--only', 'secrets,luck']],
    ['an unknown fail-on', ['check', '--fail-on', 'never']],
    ['a moment that is none', ['check', '--now', 'tomorrow']],
    ['nothing to scan', ['secrets']],
    ['a path that is not there', ['secrets', 'no/such/path']],
    ['tests of a remote repository', ['test', 'https://example.com/policies']],
    ['tests of a branch', ['test', 'src/report', '--git-branch', 'main']],
    ['a selector of tests that is none', ['test', 'src/report', '-t', 'kind=Pod']],
    ['an unknown rule', ['explain', 'signatures/unsigend']],
  ])('%s', async (_, argv) => {
    const { code, stderr } = await gate(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^gitops-gate: /);
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+|internal error/);
  });
});

describe('a change that cannot be judged closes the gate, says why, and the other checks still report', () => {
  function expectOthers({ checks }: Report): void {
    expect(checks.map(({ name }) => name)).toEqual(['gate', 'secrets', 'policies', 'diff']);
  }

  it('a conflict', async () => {
    branch(repository, 'left', { 'app/deployment.yaml': DEPLOYMENT.replace('replicas: 2', 'replicas: 3') });
    branch(repository, 'right', { 'app/deployment.yaml': DEPLOYMENT.replace('replicas: 2', 'replicas: 4') });
    const { stdout, code } = await gate([
      'check',
      '--repo',
      repository.dir,
      '--base',
      'left',
      '--head',
      'right',
      '--format',
      'json',
    ]);
    const judged: Report = JSON.parse(stdout);
    expect(code).toBe(3);
    expectOthers(judged);
    expect(judged.result).toBeNull();
    expect(JSON.stringify(judged.checks)).toMatch(/conflict/);
  });

  it('unrelated histories', async () => {
    repository.git('checkout', '-q', '--orphan', 'orphan');
    repository.commit('orphan', { 'other.yaml': 'a: 1\n' });
    repository.git('checkout', '-q', 'main');
    const { code, report: judged } = await report('orphan');
    expect(code).not.toBe(0);
    expectOthers(judged);
    expect(JSON.stringify(judged.checks)).toMatch(/unrelated/);
  });

  it('a broken YAML file that a target reads', async () => {
    branch(repository, 'broken', { 'app/deployment.yaml': `${DEPLOYMENT}  bad: [unclosed\n` });
    const { code, report: judged } = await report('broken');
    expect([1, 3]).toContain(code);
    expectOthers(judged);
    expect(JSON.stringify(judged.checks)).toContain('deployment.yaml');
  });

  it('a file of 50 MB', async () => {
    branch(repository, 'large', { 'app/large.yaml': Buffer.alloc(50 * 1024 * 1024, 'a: b\n') });
    const { code, report: judged } = await report('large');
    expect([1, 3]).toContain(code);
    expectOthers(judged);
    const told = judged.checks.flatMap((one) => one.notVerified.filter(({ closes }) => closes));
    expect(told.map(({ what }) => what)).toContain('app/large.yaml');
  });

  it('a manifest that is not UTF-8', async () => {
    branch(repository, 'latin', {
      'app/deployment.yaml': Buffer.concat([Buffer.from(DEPLOYMENT), Buffer.from([0x23, 0xe9, 0xff, 0x0a])]),
    });
    const { code, report: judged } = await report('latin');
    expect([1, 3]).toContain(code);
    expectOthers(judged);
  });

  it('a broken configuration in the base: 2, with its place', async () => {
    const other = shop(workshop);
    other.commit('break it', { '.gitops-gate/config.yaml': 'version: 1\nsecretz: {}\n' });
    branch(other, 'feature', { 'a.txt': 'a\n' });
    const { code, stdout } = await gate([
      'check',
      '--repo',
      other.dir,
      '--base',
      'main',
      '--head',
      'feature',
    ]);
    expect(code).toBe(2);
    expect(stdout).toContain('.gitops-gate/config.yaml:2');
    expect(stdout).toMatch(/Refused/);
  });

  it('a missing tool', async () => {
    const other = shop(workshop);
    other.commit('a tool of our own', {
      '.gitops-gate/config.yaml':
        'version: 1\nsignatures: {mode: off}\ndiff: {kustomize: /no/such/kustomize}\n',
    });
    branch(other, 'image', { 'app/deployment.yaml': DEPLOYMENT.replace('1.0.0', '1.0.1') });
    const { code, stdout } = await gate([
      'check',
      '--repo',
      other.dir,
      '--base',
      'main',
      '--head',
      'image',
      '--format',
      'json',
    ]);
    expect(code).not.toBe(0);
    expectOthers(JSON.parse(stdout));
    expect(stdout).toContain('/no/such/kustomize');
  });

  it('no sandbox, where the configuration does without: judged all the same, and the report says so', async () => {
    const other = shop(workshop);
    other.commit('trusting', {
      '.gitops-gate/config.yaml': 'version: 1\nsignatures: {mode: off}\ndiff: {sandbox: "off"}\n',
    });
    branch(other, 'image', { 'app/deployment.yaml': DEPLOYMENT.replace('1.0.0', '1.0.1') });
    const { stdout } = await gate([
      'check',
      '--repo',
      other.dir,
      '--base',
      'main',
      '--head',
      'image',
      '--format',
      'json',
    ]);
    const judged: Report = JSON.parse(stdout);
    expect(judged.inputs.sandbox).toBe('none');
    expect(judged.diff.targets).toContainEqual(
      expect.objectContaining({ name: 'kustomize/app', status: 'changed' }),
    );
  });

  it('a shallow clone says how to get the rest', async () => {
    const clone = workshop.path('shallow');
    branch(repository, 'deep', { 'b.txt': 'b\n' });
    repository.git('checkout', '-q', 'deep');
    repository.commit('deeper', { 'c.txt': 'c\n' });
    repository.git('checkout', '-q', 'main');
    repository.git('clone', '-q', '--depth=1', '--no-single-branch', `file://${repository.dir}`, clone);
    const answered = await gate(['check', '--repo', clone, '--base', 'origin/main', '--head', 'origin/deep']);
    expect(answered.code).not.toBe(0);
    expect(`${answered.stdout}${answered.stderr}`).toMatch(/unshallow|deepen|fetch/);
  });
});
