import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { runKyvernoSuite } from '../../../conformance/kyverno/suite.js';

const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-suite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** A folder with a policy, two Pods and what is expected of them. */
function suite(name: string, rule: string, expected: { good: string; bad: string }, more = ''): string {
  file(
    `${name}/policy.yaml`,
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: team}\nspec: {rules: [{name: label, match: {any: [{resources: {kinds: [Pod]}}]}, ${rule}}]}\n`,
  );
  file(
    `${name}/pods.yaml`,
    'apiVersion: v1\nkind: Pod\nmetadata: {name: good, labels: {team: a}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: bad}\n',
  );
  file(
    `${name}/kyverno-test.yaml`,
    `apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: ${name}}
policies: [policy.yaml]
resources: [pods.yaml]
results:
  - {policy: team, rule: label, kind: Pod, resources: [good], result: ${expected.good}}
  - {policy: team, rule: label, kind: Pod, resources: [bad], result: ${expected.bad}}
${more}`,
  );
  return join(folder, name);
}

const PATTERN = 'validate: {message: m, pattern: {metadata: {labels: {team: "?*"}}}}';

describe('the conformance runner', () => {
  it('counts what is right by kind of rule', async () => {
    const report = await runKyvernoSuite(suite('right', PATTERN, { good: 'pass', bad: 'fail' }));
    expect(report).toMatchObject({ right: 2, all: 2, misses: [] });
    expect(report.groups).toMatchObject([{ right: 2, all: 2 }]);
  });

  it('prints each miss, and a wrong pass as such', async () => {
    const lenient = 'validate: {message: m, pattern: {metadata: {name: "?*"}}}';
    const report = await runKyvernoSuite(suite('wrong', lenient, { good: 'pass', bad: 'fail' }));
    expect(report).toMatchObject({ right: 1, all: 2 });
    expect(report.misses.join('\n')).toMatch(/bad: want fail, got pass/);
    expect(report.groups[0]?.note).toBe('1 wrong passes');
  });

  it('does not take a rule that says nothing for one that fails', async () => {
    const silent = `exclude: {any: [{resources: {names: [bad]}}]}, ${PATTERN}`;
    const report = await runKyvernoSuite(suite('silent', silent, { good: 'pass', bad: 'fail' }));
    expect(report).toMatchObject({ right: 1, all: 2 });
  });

  it('tells a test that cannot be run', async () => {
    file('broken/kyverno-test.yaml', 'kind: [\n');
    const report = await runKyvernoSuite(join(folder, 'broken'));
    expect(report.misses.length + report.groups.length).toBeGreaterThan(0);
  });
});
