import { describe, expect, it } from '@jest/globals';
import { evaluateCel } from '../../../src/checks/policies/cel/program.js';
import { CelError, type CelValue, Optional } from '../../../src/checks/policies/cel/values.js';
import { Budget } from '../../../src/checks/policies/values/budget.js';

function evaluated(source: string): CelValue | undefined {
  const context = { budget: new Budget(), now: new Date(0) };
  const { value } = evaluateCel(source, { bindings: new Map(), context, origins: new WeakMap() });
  return value instanceof Optional ? value.value : value;
}

// the examples of cel-go's ext/regex.go
describe("cel-go's regular expressions", () => {
  it.each([
    ["regex.replace('hello world hello', 'hello', 'hi')", 'hi world hi'],
    ["regex.replace('banana', 'a', 'x', 0)", 'banana'],
    ["regex.replace('banana', 'a', 'x', 1)", 'bxnana'],
    ["regex.replace('banana', 'a', 'x', 2)", 'bxnxna'],
    ["regex.replace('banana', 'a', 'x', -12)", 'bxnxnx'],
    ["regex.replace('foo bar', '(fo)o (ba)r', r'\\2 \\1')", 'ba fo'],
    ["regex.extract('hello world', 'hello(.*)')", ' world'],
    ["regex.extract('item-A, item-B', 'item-(\\\\w+)')", 'A'],
    ["regex.extract('HELLO', 'hello')", undefined],
    ["regex.extractAll('id:123, id:456', 'id:\\\\d+')", ['id:123', 'id:456']],
    ["regex.extractAll('id:123', 'assa')", []],
  ])('%s', (source, expected) => {
    expect(evaluated(source)).toEqual(expected);
  });

  it.each([
    "regex.replace('test', '(.)', r'\\2')",
    "regex.replace('foo bar', '(', 'a')",
    "regex.replace('id=123', 'id', r'\\s')",
    "regex.extract('a@b', '(.*)@([^.]*)')",
    "regex.extractAll('a@b', '(.*)@([^.]*)')",
  ])('%s is an error', (source) => {
    expect(() => evaluated(source)).toThrow(CelError);
  });
});
