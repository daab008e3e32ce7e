import { describe, expect, it } from '@jest/globals';
import { evaluatePolicy, lintTree, requestFor } from '../../../src/checks/policies/index.js';
import type { JsonValue } from '../../../src/contract/index.js';
import { configOf, NOW, treeOf } from './support/fakes.js';

type Json = { [key: string]: JsonValue };
type Answer = NonNullable<Parameters<typeof evaluatePolicy>[2]['authorizer']>[number];

function policy(expression: string): Json {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'asks' },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] },
        ],
      },
      validations: [{ expression }],
    },
  };
}

const object: Json = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
};
const ask = (expression: string, authorizer: readonly Answer[]) =>
  evaluatePolicy(policy(expression), requestFor(object), { now: NOW, authorizer }).map(
    ({ status }) => status,
  );

const pods = "authorizer.group('').resource('pods')";

describe('the authorizer answers as declared', () => {
  it.each<[string, Answer[], string]>([
    [`${pods}.check('get').allowed()`, [{ verb: 'get', group: '', resource: 'pods', allowed: true }], 'pass'],
    [
      `${pods}.check('get').allowed()`,
      [{ verb: 'get', group: '', resource: 'pods', allowed: false }],
      'fail',
    ],
    [
      `${pods}.namespace('a').name('b').check('get').allowed()`,
      [{ verb: '*', resource: 'pods', allowed: true }],
      'pass',
    ],
    [
      `${pods}.namespace('a').check('get').allowed()`,
      [{ verb: 'get', namespace: 'b', allowed: true }],
      'error',
    ],
    [`${pods}.check('get').allowed()`, [], 'error'],
    [`${pods}.check('get').allowed()`, [{ verb: 'list', resource: 'pods', allowed: true }], 'error'],
    [`${pods}.check('get').allowed()`, [{ verb: 'get', group: 'apps', allowed: true }], 'error'],
    // A part of a resource is another question.
    [
      `${pods}.subresource('exec').check('create').allowed()`,
      [{ verb: '*', resource: 'pods', allowed: true }],
      'error',
    ],
    [
      `${pods}.subresource('exec').check('create').allowed()`,
      [{ verb: '*', resource: 'pods', subresource: '*', allowed: true }],
      'pass',
    ],
    // A service account is somebody else than who applies the manifests.
    [
      `authorizer.serviceAccount('a', 'b').group('').resource('pods').check('get').allowed()`,
      [{ verb: '*', allowed: true }],
      'error',
    ],
    [
      `authorizer.serviceAccount('a', 'b').group('').resource('pods').check('get').allowed()`,
      [{ verb: '*', serviceAccount: 'a:b', allowed: true }],
      'pass',
    ],
    [`${pods}.check('get').allowed()`, [{ verb: '*', serviceAccount: 'a:b', allowed: true }], 'error'],
    [
      "authorizer.path('/healthz').check('get').allowed()",
      [{ verb: 'get', path: '/healthz', allowed: true }],
      'pass',
    ],
    ["authorizer.path('/healthz').check('get').allowed()", [{ verb: '*', allowed: true }], 'error'],
    [`${pods}.check('get').allowed()`, [{ verb: 'get', path: '/healthz', allowed: true }], 'error'],
    // The first answer that speaks of a question decides.
    [
      `${pods}.namespace('a').check('get').allowed()`,
      [
        { verb: 'get', namespace: 'a', allowed: false },
        { verb: 'get', allowed: true },
      ],
      'fail',
    ],
    // A refusal of the whole says nothing of a part.
    [`${pods}.labelSelector('a=b').check('list').allowed()`, [{ verb: 'list', allowed: false }], 'error'],
    [`${pods}.labelSelector('a=b').check('list').allowed()`, [{ verb: 'list', allowed: true }], 'pass'],
    [
      "authorizer.requestResource.check('custom').allowed()",
      [
        {
          verb: 'custom',
          group: 'apps',
          resource: 'deployments',
          namespace: 'shop',
          name: 'web',
          allowed: true,
        },
      ],
      'pass',
    ],
    [
      "authorizer.requestResource.check('custom').allowed()",
      [{ verb: 'custom', name: 'other', allowed: true }],
      'error',
    ],
    [`!${pods}.check('get').errored() && ${pods}.check('get').reason() == ''`, [], 'pass'],
    [`${pods}.invented('a').check('get').allowed()`, [{ verb: '*', allowed: true }], 'fail'],
    ["authorizer.serviceAccount('a').check('get').allowed()", [{ verb: '*', allowed: true }], 'fail'],
  ])('%s with %j: %s', (expression, answers, expected) => {
    expect(ask(expression, answers)).toEqual([expected]);
  });

  it('answers from policies.data', async () => {
    const tree = treeOf({ 'a.yaml': JSON.stringify({ ...object, spec: {} }) });
    const files = {
      'policies/asks.yaml': JSON.stringify(policy("authorizer.requestResource.check('deploy').allowed()")),
    };
    const results = async (data: Json) => {
      const config = configOf({ packs: [], paths: ['policies/'], data }, files);
      const { findings, notVerified } = await lintTree(tree, { config, now: NOW });
      return [
        ...findings.map(({ ruleId }) => ruleId).filter((ruleId) => ruleId.includes('asks')),
        ...notVerified.map(({ reason }) => reason),
      ];
    };
    expect(await results({})).toEqual([expect.stringContaining("the authorizer's answer to verb deploy")]);
    expect(await results({ authorizer: [{ verb: 'deploy', allowed: true }] })).toEqual([]);
    expect(await results({ authorizer: [{ verb: 'deploy', allowed: false }] })).toEqual(['policies/asks']);
  });
});
