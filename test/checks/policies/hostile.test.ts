import { describe, expect, it } from '@jest/globals';
import { evaluatePolicy, lintTree, policiesCheck, requestFor } from '../../../src/checks/policies/index.js';
import type { JsonValue } from '../../../src/contract/index.js';
import { configOf, contextOf, NOW, treeOf } from './support/fakes.js';

type Json = { [key: string]: JsonValue };

function clusterPolicy(validate: Json, rest: Json = {}): Json {
  const match = { any: [{ resources: { kinds: ['ConfigMap'] } }] };
  return {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'hostile' },
    spec: { rules: [{ name: 'rule', match, validate, ...rest }] },
  };
}

function configMap(data: Json = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' }, data };
}

function run(policy: Json, object: Json): { status: string; message: string }[] {
  return evaluatePolicy(policy, requestFor(object), { now: NOW, steps: 200_000 });
}

const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, 'v'])) as Json;

describe('hostile policies end in an error, never in a pass', () => {
  it.each<[string, Json]>([
    [
      'nested foreach',
      {
        foreach: [
          {
            list: 'values(request.object.data)',
            foreach: [
              {
                list: 'values(request.object.data)',
                foreach: [
                  {
                    list: 'values(request.object.data)',
                    deny: { conditions: { all: [{ key: 'a', operator: 'Equals', value: 'b' }] } },
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
    [
      'a regular expression that backtracks elsewhere',
      {
        deny: {
          conditions: {
            all: [
              {
                key: `{{ regex_match('(${'a?'.repeat(900)})*b', '${'a'.repeat(5000)}') }}`,
                operator: 'Equals',
                value: true,
              },
            ],
          },
        },
      },
    ],
    [
      'an expression that does not parse',
      { deny: { conditions: { all: [{ key: '{{ a[ }}', operator: 'Equals', value: 'b' }] } } },
    ],
    ['a variable that is not there', { pattern: { data: { a: '{{ nothing }}' } } }],
    ['a rule of no kind', { message: 'x' }],
    [
      'an operator that does not exist',
      { deny: { conditions: { all: [{ key: 'a', operator: 'Like', value: 'b' }] } } },
    ],
    [
      'CEL comprehensions in each other',
      {
        cel: {
          expressions: [
            {
              expression:
                'object.data.all(a, object.data.all(b, object.data.all(c, object.data.all(d, true))))',
            },
          ],
        },
      },
    ],
    [
      'a CEL list that doubles',
      {
        cel: {
          variables: [],
          expressions: [
            {
              expression: `cel.bind(a, [1,2,3,4,5,6,7,8], ${'cel.bind(a, a + a, '.repeat(24)}size(a.map(x, x)) > 0${')'.repeat(24)})`,
            },
          ],
        },
      },
    ],
  ])('%s', (_name, validate) => {
    const results = run(clusterPolicy(validate), configMap(many));
    expect(results).toHaveLength(1);
    expect(results[0]?.status).toMatch(/^(error|fail)$/);
  });

  it('asks for data that nobody declared', () => {
    const context = [{ name: 'answer', apiCall: { urlPath: '/api/v1/namespaces' } }];
    const validate = {
      deny: { conditions: { all: [{ key: '{{ answer }}', operator: 'Equals', value: 'x' }] } },
    };
    const results = evaluatePolicy(clusterPolicy(validate, { context }), requestFor(configMap()), {
      now: NOW,
    });
    expect(results).toMatchObject([
      { status: 'error', missing: expect.stringContaining('/api/v1/namespaces') },
    ]);
  });

  it('does not take __proto__ for anything but a key', () => {
    const object = JSON.parse(
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"__proto__":{"polluted":"yes"},"constructor":"x"}}',
    ) as Json;
    const results = run(clusterPolicy({ pattern: { data: { '=(toString)': 'never' } } }), object);
    expect(results).toMatchObject([{ status: 'pass' }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('hostile manifests', () => {
  it('survives a hundred levels', async () => {
    const deep = `${'{"a":'.repeat(90)}1${'}'.repeat(90)}`;
    const files = { 'deep.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: ${deep}\n` };
    const result = await lintTree(treeOf(files), { config: configOf(), now: NOW });
    expect(result.findings.length + result.notVerified.length).toBeGreaterThan(0);
  });

  it('does not expand alias bombs', async () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 10; level += 1) {
      const above = String.fromCharCode(96 + level);
      const name = String.fromCharCode(97 + level);
      lines.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${above}`).join(',')}]`);
    }
    const files = {
      'bomb.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${lines.join('\n')}\n`,
    };
    const result = await lintTree(treeOf(files), { config: configOf(), now: NOW });
    expect(result.notVerified).toMatchObject([{ closes: true }]);
  });
});

describe('numbers of many digits', () => {
  it('are none where a letter follows, in linear time', async () => {
    const digits = `${'1'.repeat(300_000)}x`;
    const policy = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: a}
spec:
  validationFailureAction: Enforce
  rules:
    - name: a
      match: {any: [{resources: {kinds: [ConfigMap]}}]}
      validate:
        deny: {conditions: {any: [{key: "{{ request.object.data.a }}", operator: GreaterThan, value: 1.5}]}}
`;
    const object = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: a}\ndata: {a: "${digits}"}\n`;
    const config = configOf({ packs: [], paths: ['p'] }, { 'p/a.yaml': policy });
    const result = await policiesCheck(contextOf({ base: {}, result: { 'a.yaml': object }, config }));
    expect(result.findings).toEqual([]);
  });
});
