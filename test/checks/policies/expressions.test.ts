import { describe, expect, it } from '@jest/globals';
import { evaluateCel } from '../../../src/checks/policies/cel/program.js';
import { CelError, fromCel, toCel } from '../../../src/checks/policies/cel/values.js';
import { JsonContext } from '../../../src/checks/policies/kyverno/json-context.js';
import { operators } from '../../../src/checks/policies/kyverno/operators.js';
import { substitute } from '../../../src/checks/policies/kyverno/variables.js';
import { Budget, PolicyLimitError } from '../../../src/checks/policies/values/budget.js';
import type { JsonValue } from '../../../src/contract/index.js';
import { NOW } from './support/fakes.js';

function jmes(expression: string, data: JsonValue = {}): JsonValue {
  const context = new JsonContext({ now: NOW, budget: new Budget() });
  context.set('request', { operation: 'CREATE', object: data });
  context.set('d', data);
  return context.query(expression);
}

function cel(expression: string, object: JsonValue = {}, steps = 100_000): JsonValue {
  const bindings = new Map([['object', { value: toCel(object) }]]);
  const context = { budget: new Budget(steps), now: NOW };
  return fromCel(evaluateCel(expression, { bindings, context, origins: new WeakMap() }).value);
}

describe("Kyverno's JMESPath", () => {
  it.each<[string, JsonValue]>([
    ["split('a,b', ',')", ['a', 'b']],
    ["to_upper('a')", 'A'],
    ["regex_match('^a+$', 'aaa')", true],
    ["regex_replace_all('([0-9])', 'a1', 'x$1')", 'ax1'],
    ["divide('10', '4')", 2.5],
    ["add('1Gi', '1Gi')", '2Gi'],
    ["subtract('1h', '30m0s')", '30m0s'],
    ["multiply('500m', `3`)", '1500m'],
    ['modulo(`7`, `3`)', 1],
    ['round(`2.345`, `2`)', 2.35],
    ["base64_decode('YQ==')", 'a'],
    ["label_match({a: 'b'}, {a: 'b', c: 'd'})", true],
    ["parse_yaml('a: 1')", { a: 1 }],
    ["items({a: `1`}, 'key', 'value')", [{ key: 'a', value: 1 }]],
    ["time_diff('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z')", '24h0m0s'],
    ["time_add('2026-01-01T00:00:00Z', '1h')", '2026-01-01T01:00:00Z'],
    ["time_to_cron('2026-01-01T10:30:00Z')", '30 10 1 1 4'],
    ["semver_compare('1.5.0', '>=1.0.0 <2.0.0')", true],
    ["image_normalize('nginx')", 'docker.io/nginx:latest'],
    ["path_canonicalize('/a/../b//c')", '/b/c'],
    ["truncate('abcdef', `3`)", 'abc'],
  ])('%s', (expression, expected) => {
    expect(jmes(expression)).toEqual(expected);
  });

  it('tells a missing key from null', () => {
    expect(() => jmes('d.a', {})).toThrow('Unknown key');
    expect(jmes("d.a || 'x'", {})).toBe('x');
    expect(jmes('d.a.b', { a: null })).toBeNull();
  });

  it('substitutes the innermost first', () => {
    const context = new JsonContext({ now: NOW, budget: new Budget() });
    context.set('request', { operation: 'CREATE' });
    context.set('map', { key: 'found' });
    context.set('name', 'key');
    expect(substitute('a {{ map.{{ name }} }} b', context)).toBe('a found b');
    expect(substitute({ '{{ name }}': '{{ map }}' }, context)).toEqual({ key: { key: 'found' } });
    expect(substitute('\\{{ name }}', context)).toBe('{{ name }}');
  });
});

describe('operators', () => {
  it.each<[string, JsonValue, JsonValue, boolean]>([
    ['Equals', '1Gi', '1024Mi', true],
    ['Equals', 'abc', 'a*', true],
    ['NotEquals', 'abc', 'a*', false],
    ['AnyIn', ['a', 'b'], ['b', 'c'], true],
    ['AllIn', ['a', 'b'], ['a', 'b', 'c'], true],
    ['AnyNotIn', ['a', 'z'], ['a', 'b'], true],
    ['AllNotIn', ['x', 'y'], ['a'], true],
    ['AnyIn', 5, '1-10', true],
    ['AnyIn', 'a', '["a", "b"]', true],
    ['GreaterThan', '2h', '90m', true],
    ['LessThan', '1.2.3', '1.10.0', true],
    ['GreaterThanOrEquals', 5, '5', true],
    ['DurationLessThan', '10s', 20, true],
    ['Equals', null, null, false],
  ])('%s %j %j is %s', (name, key, value, expected) => {
    expect(operators.get(name.toLowerCase())?.(key, value)).toBe(expected);
  });
});

describe('CEL', () => {
  it.each<[string, JsonValue]>([
    ["'abc'.matches('^a.c$')", true],
    ["'a,b'.split(',')", ['a', 'b']],
    ["'%s is %d'.format(['a', 1])", 'a is 1'],
    ["quantity('1Gi').isGreaterThan(quantity('1000Mi'))", true],
    ["quantity('50k').add(20).compareTo(quantity('50020'))", 0],
    ["ip('192.168.0.1').family()", 4],
    ["cidr('192.168.0.0/24').containsIP('192.168.0.77')", true],
    ["cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", true],
    ["string(ip('2001:db8:0:0:0:0:0:1'))", '2001:db8::1'],
    ["ip('::1').isLoopback()", true],
    ["url('https://example.com:8080/a?b=c').getHost()", 'example.com:8080'],
    ["url('https://example.com/a?b=c').getQuery()['b']", ['c']],
    ["semver('1.2.3').isLessThan(semver('1.10.0'))", true],
    ["semver('v1.2', true).major()", 1],
    ['sets.contains([1, 2], [1])', true],
    ['[3, 1, 2].isSorted()', false],
    ['[1, 2, 3].sum()', 6],
    ['{"a": 1}.transformMap(k, v, v + 1)', { a: 2 }],
    ['[1, 2].transformList(i, v, i + v)', [1, 3]],
    ['[1, 2].all(i, v, i < v)', true],
    ['object.?a.orValue(1)', 1],
    ['object.?a.?b.hasValue()', false],
    ['optional.of(1).optMap(x, x + 1).value()', 2],
    ['has(object.a) || true', true],
    ['object.missing == 1 || true', true],
    ['1 == 1.0', true],
    ["duration('90m') > duration('1h')", true],
    ["timestamp('2026-01-01T00:00:00Z').getFullYear()", 2026],
    ["format.dns1123Label().validate('Bad').hasValue()", true],
    ['cel.bind(x, 2, x * x)', 4],
    ["'héllo'.size()", 5],
    ['math.greatest([1, 5, 3])', 5],
    ["b'abc'.size()", 3],
    ['type(1) == int', true],
    ['"a".find("[a-z]")', 'a'],
  ])('%s', (expression, expected) => {
    expect(cel(expression)).toEqual(expected);
  });

  it.each(['1 + "a"', 'object.nothing', '[1][5]', '9223372036854775807 + 1', '1 / 0', 'nothing', "int('x')"])(
    '%s is an error',
    (expression) => {
      expect(() => cel(expression)).toThrow(CelError);
    },
  );

  it('counts whole numbers of JSON as ints', () => {
    expect(cel('object.replicas + 1', { replicas: 2 })).toBe(3);
    expect(cel('object.share * 2.0', { share: 0.5 })).toBe(1);
  });

  it('matches in linear time and within its budget', () => {
    expect(cel(`'${'a'.repeat(28)}'.matches('^(a+)+$')`)).toBe(true);
    expect(() =>
      cel(
        'object.all(a, object.all(b, object.all(c, true)))',
        Array.from({ length: 100 }, () => 1),
      ),
    ).toThrow(PolicyLimitError);
  });
});
