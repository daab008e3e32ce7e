import { describe, expect, it } from '@jest/globals';
import { formatTests, runKyvernoTest, type TestFiles } from '../../../src/checks/policies/index.js';
import { NOW } from './support/fakes.js';

function memory(files: Readonly<Record<string, string>>): TestFiles {
  return {
    read: async (path) => (files[path] === undefined ? null : Buffer.from(files[path])),
    list: async (path) => Object.keys(files).filter((name) => name.startsWith(`${path}/`)),
  };
}

const policy = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: team}
spec:
  rules:
    - name: label
      match: {any: [{resources: {kinds: [Pod]}}]}
      context:
        - name: teams
          configMap: {name: teams, namespace: default}
      validate:
        message: "{{ request.object.metadata.name }} needs a team of {{ teams.data.all }}"
        pattern: {metadata: {labels: {team: "{{ teams.data.all }}"}}}
`;
const resources = `apiVersion: v1
kind: Pod
metadata: {name: good, labels: {team: a}}
---
apiVersion: v1
kind: Pod
metadata: {name: bad}
`;
const values = `apiVersion: cli.kyverno.io/v1alpha1
kind: Values
policies:
  - name: team
    rules: [{name: label, values: {teams.data.all: a}}]
`;

function test(goodResult: string): string {
  return `apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: teams}
policies: [../policy.yaml]
resources: [pods.yaml]
variables: values.yaml
results:
  - {policy: team, rule: label, kind: Pod, resources: [good], result: ${goodResult}}
  - {policy: team, rule: label, kind: Pod, resources: [bad], result: fail}
`;
}

describe('kyverno-test.yaml', () => {
  const files = { 'a/policy.yaml': policy, 'a/t/pods.yaml': resources, 'a/t/values.yaml': values };

  it('runs as Kyverno runs it', async () => {
    const report = await runKyvernoTest(
      'a/t/kyverno-test.yaml',
      memory({ ...files, 'a/t/kyverno-test.yaml': test('pass') }),
      NOW,
    );
    expect(report.rows).toMatchObject([
      { resource: 'v1/Pod/default/good', actual: 'pass', ok: true },
      {
        resource: 'v1/Pod/default/bad',
        actual: 'fail',
        ok: true,
        message: expect.stringContaining('bad needs a team of a'),
      },
    ]);
    const output = formatTests([report]);
    expect(output).toMatchObject({ exitCode: 0, passed: 2, failed: 0 });
    expect(output.text).toContain('Test Summary: 2 tests passed and 0 tests failed');
  });

  it('says what was wanted and got', async () => {
    const report = await runKyvernoTest(
      'a/t/kyverno-test.yaml',
      memory({ ...files, 'a/t/kyverno-test.yaml': test('fail') }),
      NOW,
    );
    expect(formatTests([report], { failOnly: true })).toMatchObject({ exitCode: 1, failed: 1 });
    expect(report.rows[0]?.reason).toBe('Want fail, got pass');
    expect(formatTests([report], { failOnly: true, detailed: true }).text).toMatch(
      /^Test Summary: 1 out of 2 tests failed\n\nAggregated Failed Test Cases : \n.*\n│ ID │ .* MESSAGE +│\n.*\n│ 1 {2}│ .*passed/m,
    );
  });

  it('compares a patched resource without what is empty, as the command line does', async () => {
    const mutation = (patch: string): string => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: change}
spec:
  rules:
    - name: it
      match: {any: [{resources: {kinds: [Pod]}}]}
      mutate: ${patch}
`;
    const rowsOf = async (patch: string, patched: string): Promise<unknown> => {
      const report = await runKyvernoTest(
        'kyverno-test.yaml',
        memory({
          'policy.yaml': mutation(patch),
          'pod.yaml':
            'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {volumes: [{name: v, hostPath: {path: /v}}]}\n',
          'patched.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: ${patched}\n`,
          'kyverno-test.yaml': `apiVersion: cli.kyverno.io/v1alpha1
kind: Test
metadata: {name: t}
policies: [policy.yaml]
resources: [pod.yaml]
results:
  - {policy: change, rule: it, kind: Pod, resources: [a], patchedResources: patched.yaml, result: pass}
`,
        }),
        NOW,
      );
      return report.rows.map(({ ok }) => ok);
    };
    const removal =
      '{patchesJson6902: "[{op: remove, path: /spec/volumes/0}, {op: add, path: /spec/a, value: 1}]"}';
    expect(await rowsOf(removal, '{a: 1}')).toEqual([true]);
    expect(await rowsOf(removal, '{a: 2}')).toEqual([false]);
    const deep = '{patchStrategicMerge: {spec: {a: 1, volumes: [{hostPath: {"<(path)": "/v*"}}]}}}';
    expect(await rowsOf(deep, '{a: 1, volumes: [{name: v, hostPath: {path: /v}}]}')).toEqual([true]);
    const deletion = '{patchStrategicMerge: {spec: {a: 1, volumes: [{(name): v, $patch: delete}]}}}';
    expect(await rowsOf(deletion, '{a: 1}')).toEqual([true]);
  });

  it('names a file that is missing', async () => {
    await expect(runKyvernoTest('x.yaml', memory({}), NOW)).rejects.toThrow('x.yaml: no such file');
  });
});
