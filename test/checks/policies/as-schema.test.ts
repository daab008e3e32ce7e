import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type EvaluationOptions,
  evaluatePolicy,
  lintTree,
  requestFor,
} from '../../../src/checks/policies/index.js';
import { isAsSchema, packPolicies } from '../../../src/checks/policies/packs.js';
import { type KubernetesObject, validateObject } from '../../../src/kubernetes/index.js';
import { configOf, NOW, treeOf } from './support/fakes.js';

const rulesOf = async (manifest: KubernetesObject): Promise<string[]> => {
  const config = configOf({ packs: ['best-practices'] });
  const linted = await lintTree(treeOf({ 'a.yaml': JSON.stringify(manifest) }), { config, now: NOW });
  return linted.findings.map(({ ruleId }) => ruleId).filter((rule) => /schema|valid-|job-restart/.test(rule));
};

const service = (port: unknown): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', labels: { a: 'b' } },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: port as number }] },
});
const job = (label: string, restartPolicy: string, port: number, name: string): KubernetesObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'web', namespace: 'shop', labels: { a: label } },
  spec: {
    template: {
      metadata: { labels: { a: label } },
      spec: {
        restartPolicy,
        containers: [{ name: 'a', image: 'a:1', ports: [{ containerPort: port, name }] }],
      },
    },
  },
});

describe('rules that the schema has told already', () => {
  it('are one finding with it', async () => {
    expect(await rulesOf(service(70_000))).toEqual(['policies/schema']);
    expect(await rulesOf(service(80))).toEqual([]);
    expect(await rulesOf(job('b c', 'Never', 80, 'http'))).toEqual(['policies/schema', 'policies/schema']);
    expect(await rulesOf(job('b', 'Always', 80, 'http'))).toEqual(['policies/schema']);
    expect(await rulesOf(job('b', 'Never', 80, 'HTTP'))).toEqual(['policies/schema']);
  });

  it('are told beside it of what something still fills in, of which the schema says nothing', async () => {
    const labelled = job(['$', '{LABEL} b'].join(''), 'Never', 70_000, 'http');
    expect(await rulesOf(labelled)).toContain('policies/valid-label-values/label-values');
  });

  it('are told of the Pods of custom kinds, whose schema does not say it', async () => {
    const rollout: KubernetesObject = {
      apiVersion: 'example.com/v1',
      kind: 'Rollout',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        template: { spec: { containers: [{ name: 'a', image: 'a:1', ports: [{ containerPort: 70_000 }] }] } },
      },
    };
    expect(await rulesOf(rollout)).toEqual(['policies/valid-ports/container-port']);
  });

  it('refuse nothing in a built-in kind that its schema takes', () => {
    const options: EvaluationOptions = { now: NOW };
    const text = fc.oneof(
      fc.constantFrom('', 'a', 'http', 'HTTP', 'a--b', '-a', 'a_b', 'x'.repeat(64)),
      fc.string().filter((value) => !value.includes('${')),
    );
    const port = fc.oneof(fc.integer({ min: -1, max: 70_000 }), fc.constantFrom(0, 1, 65_535, 65_536));
    const restart = fc.constantFrom('Always', 'Never', 'OnFailure', 'always');
    const policies = packPolicies(['best-practices']).filter(isAsSchema);
    expect(policies).toHaveLength(3);
    const objects = fc.oneof(
      fc
        .tuple(text, restart, port, text)
        .map(([label, policy, number, name]) => job(label, policy, number, name)),
      fc.oneof(port, text).map(service),
    );
    fc.assert(
      fc.property(objects, (object) => {
        const refused = policies.some(({ policy }) =>
          evaluatePolicy(policy, requestFor(object), options).some(({ status }) => status === 'fail'),
        );
        const problems = validateObject(object, { kubernetesVersion: '1.36' });
        expect(refused && problems.length === 0).toBe(false);
      }),
      { numRuns: 400 },
    );
  });
});
