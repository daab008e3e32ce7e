import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchPattern } from '../../../src/checks/policies/kyverno/pattern.js';
import { scalarMatches } from '../../../src/checks/policies/kyverno/scalar-pattern.js';
import { Budget } from '../../../src/checks/policies/values/budget.js';
import { wildcardMatch } from '../../../src/checks/policies/values/wildcard.js';
import type { JsonValue } from '../../../src/contract/index.js';

function match(resource: JsonValue, pattern: JsonValue): string {
  return matchPattern(resource, pattern, new Budget()).status;
}

describe('leaves', () => {
  it.each<[JsonValue, JsonValue, boolean]>([
    ['nginx', '?*', true],
    ['', '?*', false],
    ['nginx:latest', '!*:latest', false],
    ['a', 'a | b', true],
    ['c', 'a | b', false],
    [5, '>=1 & <10', true],
    [10, '>=1 & <10', false],
    [5, '1-10', true],
    [11, '1-10', false],
    [11, '1!-10', true],
    ['512Mi', '<=1Gi', true],
    ['2Gi', '<=1Gi', false],
    ['90s', '<2m', true],
    [false, 'false', true],
    [null, null, true],
    [0, null, true],
    ['x', null, false],
    ['80', 80, true],
    [null, '0', true],
    [2.25, '2.25E+00', true],
    [0.5, '*E-01', true],
  ])('%j against %j is %s', (value, pattern, expected) => {
    expect(scalarMatches(value, pattern)).toBe(expected);
  });
});

describe('globs in keys of labels and annotations', () => {
  const labels = (key: string, value: JsonValue): JsonValue => ({ metadata: { labels: { [key]: value } } });

  it('demand a text, as the API server does', () => {
    expect(match(labels('team/a', 'x'), labels('team/*', '?*'))).toBe('pass');
    expect(match(labels('team/a', true), labels('team/*', '?*'))).toBe('fail');
    expect(match(labels('team/0', 1), labels('team/*', '?*'))).toBe('fail');
  });

  it('forbid the key whatever its value is', () => {
    expect(match(labels('team/a', 'x'), labels('X(team/*)', '*'))).toBe('fail');
    expect(match(labels('team/a', 1), labels('X(team/*)', '*'))).toBe('fail');
    expect(match(labels('other', 'x'), labels('X(team/*)', '*'))).toBe('pass');
  });
});

describe('anchors', () => {
  it('condition: skips what it does not mean', () => {
    const pattern = { '(kind)': 'a', spec: 'good' };
    expect(match({ kind: 'a', spec: 'good' }, pattern)).toBe('pass');
    expect(match({ kind: 'a', spec: 'bad' }, pattern)).toBe('fail');
    expect(match({ kind: 'b', spec: 'bad' }, pattern)).toBe('skip');
  });

  it('condition in a list: judges the items that it means', () => {
    const pattern = { items: [{ '(name)': 'a*', value: 1 }] };
    expect(
      match(
        {
          items: [
            { name: 'a1', value: 1 },
            { name: 'b', value: 2 },
          ],
        },
        pattern,
      ),
    ).toBe('pass');
    expect(
      match(
        {
          items: [
            { name: 'a1', value: 2 },
            { name: 'b', value: 1 },
          ],
        },
        pattern,
      ),
    ).toBe('fail');
    expect(match({ items: [{ name: 'b', value: 2 }] }, pattern)).toBe('skip');
  });

  it('equality: only where it is there', () => {
    expect(match({}, { '=(a)': 1 })).toBe('pass');
    expect(match({ a: 2 }, { '=(a)': 1 })).toBe('fail');
  });

  it('negation: must not be there', () => {
    expect(match({}, { 'X(a)': 'null' })).toBe('pass');
    expect(match({ a: null }, { 'X(a)': 'null' })).toBe('fail');
  });

  it('existence: at least one', () => {
    expect(match({ list: [{ a: 1 }, { a: 2 }] }, { '^(list)': [{ a: 2 }] })).toBe('pass');
    expect(match({ list: [{ a: 1 }] }, { '^(list)': [{ a: 2 }] })).toBe('fail');
  });

  it('global: the whole is skipped', () => {
    expect(match({ a: 1, b: 2 }, { '<(a)': 2, b: 1 })).toBe('skip');
  });

  it('names the field that decided', () => {
    const outcome = matchPattern(
      { spec: { containers: [{ image: 'a' }, { image: 'b' }] } },
      { spec: { containers: [{ image: 'a' }] } },
      new Budget(),
    );
    expect(outcome).toMatchObject({ status: 'fail', path: ['spec', 'containers', 1, 'image'] });
  });
});

describe('globs', () => {
  it('agree with the regular expression they stand for', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const words = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(letters, words, (pattern, value) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
        expect(wildcardMatch(pattern, value)).toBe(expression.test(value));
      }),
    );
  });

  it('an object always matches itself as a pattern of leaves', () => {
    const leaf = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.boolean(), fc.constantFrom('x', 'y1', 'z-2'));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), leaf), (object) => {
        expect(match(object, object)).toBe('pass');
      }),
    );
  });
});
