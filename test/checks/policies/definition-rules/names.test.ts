import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseFieldPath } from '../../../../src/checks/policies/definition-rules/field-path.js';
import {
  escapedName,
  unescapedName,
} from '../../../../src/checks/policies/definition-rules/property-name.js';

describe('names of properties in expressions', () => {
  it.each([
    ['namespace', '__namespace__'],
    ['in', '__in__'],
    ['a.b', 'a__dot__b'],
    ['a-b/c', 'a__dash__b__slash__c'],
    ['a__b', 'a__underscores__b'],
    ['plain_name', 'plain_name'],
    ['0a', null],
    ['a b', null],
    ['a$', null],
    ['', null],
  ])('%s', (name, escaped) => {
    expect(escapedName(name)).toBe(escaped);
    if (escaped !== null) expect(unescapedName(escaped)).toBe(name);
  });

  it('are read back, whatever they are', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_.\-/]{1,12}$/), (name) => {
        const escaped = escapedName(name);
        expect(escaped === null ? name : unescapedName(escaped)).toBe(name);
      }),
    );
  });
});

describe('fieldPath', () => {
  it.each([
    ['.spec.replicas', ['spec', 'replicas']],
    [".labels['a.b']", ['labels', 'a.b']],
    [".labels['a\\'b']", ['labels', "a'b"]],
    ["['x']", ['x']],
    ['spec', []],
    ['.spec[0]', []],
    ['.spec.', []],
    [`.${'a'.repeat(2_000)}`, []],
    ['', []],
  ])('%s', (source, path) => {
    expect(parseFieldPath(source)).toEqual(path);
  });
});
