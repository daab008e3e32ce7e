import { describe, expect, it } from '@jest/globals';
import { evaluatePolicy, requestFor } from '../../../src/checks/policies/index.js';
import type { JsonValue } from '../../../src/contract/index.js';
import { NOW } from './support/fakes.js';

type Json = { [key: string]: JsonValue };

function policy(expression: string, rest: Json = {}, validation: Json = {}): Json {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'hostile' },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
        ],
      },
      ...rest,
      validations: [{ expression, ...validation }],
    },
  };
}

const entries = Array.from({ length: 400 }, (_, index): [string, string] => [`key${index}`, 'v'.repeat(50)]);
const object: Json = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'shop' },
  data: { ...Object.fromEntries(entries), long: 'a'.repeat(20_000) },
};
const run = (given: Json) =>
  evaluatePolicy(given, requestFor(object), { now: NOW, steps: 200_000 }).map(({ status, message }) => ({
    status,
    message,
  }));

/** Text that doubles itself n times. */
const doubled = (times: number, inner: string): string =>
  `${"cel.bind(s, 'ab', ".concat('cel.bind(s, s + s, '.repeat(times))}${inner}${')'.repeat(times + 1)}`;

/** A limit is an error; what the expression itself cannot do is refused, as failurePolicy Fail has it. */
describe('hostile CEL ends within its budget, and never in a pass', () => {
  it.each<[string, string]>([
    ['a comprehension in each other', 'object.data.all(a, object.data.all(b, object.data.all(c, true)))'],
    ['maps of maps', 'object.data.map(a, object.data.map(b, object.data.map(c, c))).size() > 0'],
    [
      'comprehensions of two variables',
      'object.data.all(k, v, object.data.all(l, w, object.data.all(m, x, m != k + l + v + w)))',
    ],
    ['text that doubles', doubled(60, 'size(s) > 0')],
    ['text that doubles and is searched', doubled(24, "s.matches('(a?b?)*c')")],
    ['text that doubles and is formatted', doubled(60, "size('%s%s'.format([s, s])) > 0")],
    ['text that doubles and is replaced', doubled(22, "size(s.replace('a', s)) > 0")],
    ['text that doubles and is joined', doubled(22, 'size([s, s, s, s].join(s)) > 0')],
    ['text that doubles and is split', doubled(24, "size(s.split('')) > 0")],
    ['text that doubles and is quoted', doubled(40, 'size(strings.quote(s)) > 0')],
    ['a list of a thousand million', 'size(lists.range(1000000000)) > 0'],
    [
      'lists that double',
      `cel.bind(l, [1, 2], ${'cel.bind(l, l + l, '.repeat(50)}size(l) > 0${')'.repeat(51)}`,
    ],
    [
      'a list that is made distinct',
      'object.data.map(a, a).map(x, object.data.map(a, a).distinct()).size() > 0',
    ],
    ['decimals without end', "'%.2000000000f'.format([1.5]) == ''"],
    ['a quantity without end', "quantity('1e2000000000').isGreaterThan(quantity('1'))"],
    ['a repetition of repetitions', "object.data.long.matches('((a{1,1000}){1,1000}){1,1000}b')"],
    ['parentheses', `${'('.repeat(20_000)}true${')'.repeat(20_000)}`],
    ['nots', `${'!'.repeat(20_001)}true`],
    ['a long chain', `true${' && true'.repeat(60_000)}`],
    ['an integer too large', '9223372036854775807 + 1 > 0'],
    ['a division by nothing', '1 / (size(object.data) - size(object.data)) == 0'],
    ['a duration without end', "duration('999999999999999999h') > duration('1s')"],
    ['a key that is no field', 'object.constructor.prototype == null'],
  ])('%s', (_name, expression) => {
    const results = run(policy(expression));
    expect(results).toEqual([
      { status: expect.stringMatching(/^(error|fail)$/), message: expect.any(String) },
    ]);
    expect((results[0]?.message ?? '').length).toBeLessThan(30_000);
  });

  it('is linear in a text that would take another engine years', () => {
    expect(run(policy("object.data.long.matches('(a+)+$')"))).toMatchObject([{ status: 'pass' }]);
    expect(run(policy("!object.data.long.matches('(a|a)*b')"))).toMatchObject([{ status: 'pass' }]);
    expect(run(policy("object.data.long.find('(a*)*c') == ''"))).toMatchObject([{ status: 'pass' }]);
  });

  it('spends one budget on all that a policy evaluates', () => {
    const half = 'lists.range(20).all(x, object.data.all(a, size(a) > 0))';
    expect(run(policy(half))).toMatchObject([{ status: 'pass' }]);
    const variables = Array.from({ length: 30 }, (_, index) => ({ name: `v${index}`, expression: half }));
    const all = variables.map(({ name }) => `variables.${name}`).join(' && ');
    expect(run(policy(all, { variables }))).toMatchObject([{ status: 'error' }]);
    const conditions = variables.map(({ name, expression }) => ({ name, expression }));
    expect(run(policy('true', { matchConditions: conditions }))).toMatchObject([{ status: 'error' }]);
  });

  it('ends variables that lead to themselves', () => {
    const variables = [
      { name: 'a', expression: 'variables.b' },
      { name: 'b', expression: 'variables.a' },
    ];
    expect(run(policy('variables.a', { variables }))).toMatchObject([
      { status: expect.stringMatching(/^(error|fail)$/) },
    ]);
  });

  it('refuses with its plain message where the message itself cannot be made', () => {
    const results = run(
      policy('false', {}, { message: 'refused', messageExpression: doubled(60, "'%s'.format([s])") }),
    );
    expect(results).toMatchObject([{ status: 'fail', message: expect.stringContaining('refused') }]);
    expect((results[0]?.message ?? '').length).toBeLessThan(10_000);
  });

  it('does not forgive a limit for failurePolicy Ignore', () => {
    const given = policy('object.data.all(a, object.data.all(b, object.data.all(c, true)))', {
      failurePolicy: 'Ignore',
    });
    expect(run(given)).toMatchObject([{ status: 'error' }]);
    const endless = 'object.data.all(a, object.data.all(b, object.data.all(c, true)))';
    const conditions = { failurePolicy: 'Ignore', matchConditions: [{ name: 'c', expression: endless }] };
    for (const [kind, apiVersion] of [
      ['ValidatingAdmissionPolicy', 'admissionregistration.k8s.io/v1'],
      ['ValidatingPolicy', 'policies.kyverno.io/v1'],
    ])
      expect(run({ ...policy('false', conditions), kind, apiVersion } as Json)).toMatchObject([
        { status: 'error' },
      ]);
  });
});
