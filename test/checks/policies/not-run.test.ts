import { describe, expect, it } from '@jest/globals';
import { lintTree, policiesCheck } from '../../../src/checks/policies/index.js';
import { configOf, contextOf, NOW, treeOf } from './support/fakes.js';

const policy = (apiVersion: string, kind: string, spec = '{}'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: own}\nspec: ${spec}\n`;

describe('policies that the cluster runs and this check does not', () => {
  it.each([
    ['policies.kyverno.io/v1', 'GeneratingPolicy', '{}', 'what it generates is not made here'],
    [
      'policies.kyverno.io/v1',
      'NamespacedDeletingPolicy',
      '{}',
      'what it deletes on its schedule is not looked for',
    ],
    ['kyverno.io/v2', 'ClusterCleanupPolicy', '{}', 'what it deletes on its schedule is not looked for'],
    ['policies.kyverno.io/v1', 'MutatingPolicy', '{}', 'what it changes on admission is not changed here'],
    [
      'admissionregistration.k8s.io/v1',
      'MutatingAdmissionPolicy',
      '{}',
      'what it changes on admission is not changed here',
    ],
    ['templates.gatekeeper.sh/v1', 'ConstraintTemplate', '{}', "Gatekeeper's policies are not evaluated"],
    [
      'constraints.gatekeeper.sh/v1beta1',
      'K8sRequiredLabels',
      '{}',
      "Gatekeeper's policies are not evaluated",
    ],
    [
      'kyverno.io/v1',
      'ClusterPolicy',
      '{rules: [{name: a, generate: {}}]}',
      'what its rules generate is not made here',
    ],
    [
      'kyverno.io/v1',
      'Policy',
      '{rules: [{name: a, mutate: {}}]}',
      'what its rules change is seen by its own rules alone',
    ],
  ])('%s %s is told', async (apiVersion, kind, spec, reason) => {
    const config = configOf({ packs: [], paths: ['p'] }, { 'p/policy.yaml': policy(apiVersion, kind, spec) });
    const expected = { what: `${kind} own`, reason, closes: false };
    const checked = await policiesCheck(contextOf({ base: {}, result: {}, config }));
    expect(checked.notVerified).toEqual([expected]);
    const linted = await lintTree(treeOf({}), { config, now: NOW });
    expect(linted.notVerified).toEqual([expected]);
  });

  it('one that only refuses is not', async () => {
    const own = policy('kyverno.io/v1', 'ClusterPolicy', '{rules: [{name: a, validate: {pattern: {}}}]}');
    const config = configOf({ packs: [], paths: ['p'] }, { 'p/policy.yaml': own });
    expect((await policiesCheck(contextOf({ base: {}, result: {}, config }))).notVerified).toEqual([]);
  });
});

describe('what is meant as an object and is none', () => {
  const files = { 'a.yaml': 'apiVersion: 5\nkind: Pod\nmetadata: {name: a}\n' };
  const reason =
    'apiVersion must be a text that is not empty: this is no Kubernetes object, and nothing in it is judged';
  it('is told by lint and closes the gate', async () => {
    const linted = await lintTree(treeOf(files), { config: configOf({}), now: NOW });
    expect(linted.notVerified).toEqual([{ what: 'a.yaml:1', reason, closes: true }]);
    const checked = await policiesCheck(contextOf({ base: {}, result: files }));
    expect(checked.notVerified).toEqual([{ what: 'a.yaml:1', reason, closes: true }]);
  });
});
