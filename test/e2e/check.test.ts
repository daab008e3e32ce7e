import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Report } from '../../src/contract/index.js';
import { FORMAT_NAMES } from '../../src/report/index.js';
import { type TestRepository, Workshop } from '../git/real-repository.js';
import { gate } from './run-gate.js';
import { branch, DEPLOYMENT, PASSWORD, SECRET, shop } from './shop.js';

const NOW = ['--now', '2026-01-31T12:00:00Z'];
const validate = new Ajv2020().compile(JSON.parse(readFileSync('schema/report.schema.json', 'utf8')));

const workshop = new Workshop();
let repository: TestRepository;

beforeAll(() => {
  repository = shop(workshop);
  branch(repository, 'leak', {
    'app/kustomization.yaml': 'resources: [deployment.yaml, claim.yaml, secret.yaml]\nnamespace: shop\n',
    'app/secret.yaml': SECRET,
  });
  branch(repository, 'image', { 'app/deployment.yaml': DEPLOYMENT.replace('1.0.0', '1.0.1') });
  branch(repository, 'loss', { 'app/kustomization.yaml': 'resources: [deployment.yaml]\nnamespace: shop\n' });
});
afterAll(() => workshop.remove());

function check(head: string, ...more: string[]) {
  return gate(['check', '--repo', repository.dir, '--base', 'main', '--head', head, ...NOW, ...more]);
}

async function report(head: string, ...more: string[]): Promise<Report> {
  const { stdout } = await check(head, '--format', 'json', ...more);
  return JSON.parse(stdout);
}

describe('check', () => {
  it('refuses a leaked password, names its place, and never shows it', async () => {
    const { code, stdout, stderr } = await check('leak');
    expect(code).toBe(1);
    expect(stderr).toBe('');
    expect(stdout).toContain('app/secret.yaml:6');
    expect(stdout).toMatch(/Refused: \d+ to fix.*\n$/);
  });

  it.each(FORMAT_NAMES)('shows no secret in %s', async (format) => {
    const { code, stdout } = await check('leak', '--format', format);
    expect(code).toBe(1);
    expect(stdout).toContain('secret.yaml');
    for (const form of [PASSWORD, Buffer.from(PASSWORD).toString('base64'), encodeURIComponent(PASSWORD)]) {
      expect(stdout).not.toContain(form);
    }
  });

  it('opens for a new image and says what it changes', async () => {
    const { code, stdout } = await check('image');
    expect(stdout).toContain('Merging will');
    expect(stdout).toMatch(/shop:1\.0\.0 → .*shop:1\.0\.1/);
    expect(code).toBe(0);
  });

  it('asks for an approval of lost data, which --fail-on fix lets pass', async () => {
    const found = (await report('loss')).checks.flatMap((one) => one.findings);
    expect(found).toContainEqual(expect.objectContaining({ action: 'approve', ruleId: 'diff/data-loss' }));
    expect(found.filter(({ action }) => action === 'fix')).toEqual([]);
    expect((await check('loss')).code).toBe(1);
    expect((await check('loss', '--fail-on', 'fix')).code).toBe(0);
    expect((await check('loss', '--fail-on', 'any')).code).toBe(1);
  });

  it('gives the same JSON for the same input, but for the time it took', async () => {
    const untimed = (one: Report) => ({
      ...one,
      checks: one.checks.map((item) => ({ ...item, durationMs: 0 })),
    });
    const first = await report('leak');
    expect(untimed(await report('leak'))).toEqual(untimed(first));
    expect(first.inputs.now).toBe('2026-01-31T12:00:00.000Z');
    validate(first);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('runs only what it is asked for, and the gate’s own check', async () => {
    const { checks } = await report('leak', '--only', 'secrets');
    expect(checks.map(({ name }) => name)).toEqual(['gate', 'secrets']);
  });

  it('judges an empty change', async () => {
    const { code, stdout } = await check('main');
    expect(stdout).toContain('Open: no change to any cluster');
    expect(code).toBe(0);
  });

  it('writes the report to a file and the headline to the terminal', async () => {
    const file = join(workshop.root, 'gate.sarif');
    const { code, stdout } = await check('leak', '--format', 'sarif', '--output', file);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Refused: .*; the report is in .*gate\.sarif\n$/);
    expect(JSON.parse(readFileSync(file, 'utf8')).version).toBe('2.1.0');
  });

  it('colours for a terminal, and not with NO_COLOR', async () => {
    const argv = [
      'check',
      '--repo',
      repository.dir,
      '--base',
      'main',
      '--head',
      'image',
      '--only',
      'secrets',
    ];
    expect((await gate(argv, { tty: true })).stdout).toContain('\u001b[');
    expect((await gate(argv, { tty: true, env: { NO_COLOR: '1' } })).stdout).not.toContain('\u001b[');
    expect((await gate(argv)).stdout).not.toContain('\u001b[');
  });
});

describe('the configuration', () => {
  it('of the base counts, not that of the head, and its change asks for an approval', async () => {
    branch(repository, 'lax', {
      '.gitops-gate/config.yaml': 'version: 1\nsignatures: {mode: off}\nsecrets: {mode: off}\n',
      'app/secret.yaml': SECRET,
    });
    const findings = (await report('lax')).checks.flatMap((one) => one.findings);
    expect(findings.map(({ ruleId }) => ruleId)).toContain('gate/protected-file');
    expect(findings.some(({ check: name, action }) => name === 'secrets' && action === 'fix')).toBe(true);
  });

  it('given by --config replaces that of the base', async () => {
    const file = join(workshop.root, 'lax.yaml');
    repository.write({ '../lax.yaml': 'version: 1\nsignatures: {mode: off}\nsecrets: {mode: off}\n' });
    const { checks } = await report('leak', '--config', file);
    expect(checks.map(({ name }) => name)).not.toContain('secrets');
  });

  it('that is broken is told with its place, and exit code 2', async () => {
    repository.write({ '../broken.yaml': 'version: 1\nsecretz: {}\n' });
    const { code, stderr } = await check('leak', '--config', join(workshop.root, 'broken.yaml'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^gitops-gate: .*broken\.yaml:2:1: .*secretz.*secrets/);
    expect(stderr).not.toContain('    at ');
  });

  it('is named as missing, with the way to one, where there is none', async () => {
    const bare = workshop.repository();
    bare.commit('one', { 'a.yaml': 'a: 1\n' });
    const { code, stdout } = await gate(['check', '--repo', bare.dir]);
    expect(stdout).toContain('gitops-gate init');
    expect(code).toBe(0);
  });
});
