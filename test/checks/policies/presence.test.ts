import { describe, expect, it } from '@jest/globals';
import { evaluateCel } from '../../../src/checks/policies/cel/program.js';
import { CelError, toCel } from '../../../src/checks/policies/cel/values.js';
import { Budget } from '../../../src/checks/policies/values/budget.js';

const object = toCel({ a: null, b: 'text', c: { d: 1 }, e: [1], f: 5 });
const evaluated = (source: string): unknown =>
  evaluateCel(source, {
    bindings: new Map([
      ['object', { value: object }],
      ['nothing', { value: null }],
    ]),
    context: { budget: new Budget(), now: new Date(0) },
    origins: new WeakMap(),
  }).value;

// answers of cel-go 0.29 with untyped objects, as Kubernetes configures it
describe('presence of fields', () => {
  it.each([
    ['has(nothing.spec)', false],
    ['has(object.a.x)', false],
    ['has(object.b.x)', false],
    ['has(object.f.x)', false],
    ['has(object.c.x)', false],
    ['has(object.c.d)', true],
    ['nothing.?spec.hasValue()', false],
    ['object.b.?x.orValue(7) == 7', true],
    ['object.c.?d.orValue(7) == 1', true],
    ['object[?"f"].?x.hasValue()', false],
  ])('%s', (source, expected) => {
    expect(evaluated(source)).toBe(expected);
  });

  it.each(['has(object.x.y)', 'has(nothing.spec.x)', 'object.b.x', 'nothing.spec'])(
    '%s is an error',
    (source) => {
      expect(() => evaluated(source)).toThrow(CelError);
    },
  );
});
