import { describe, expect, it } from '@jest/globals';
import { applyJsonPatch, PatchError } from '../../../src/checks/policies/mutate/json-patch.js';
import type { JsonValue } from '../../../src/contract/index.js';

/** The object with one value added, as plain JSON. */
function added(object: { [key: string]: JsonValue }, path: string, value: JsonValue): unknown {
  return JSON.parse(JSON.stringify(applyJsonPatch(object, [{ op: 'add', path, value }])));
}

describe('what is missing on the way to what is added', () => {
  it.each<[string, { [key: string]: JsonValue }, unknown]>([
    ['/tolerations/-', {}, { tolerations: [1] }],
    ['/tolerations/0', {}, { tolerations: [1] }],
    ['/a/b/c', {}, { a: { b: { c: 1 } } }],
    ['/terms/-1/matches/-1', {}, { terms: [{ matches: [1] }] }],
    ['/list/-', { list: [2] }, { list: [2, 1] }],
    ['/list/-1', { list: [2] }, { list: [2, 1] }],
    ['/list/-2', { list: [2] }, { list: [1, 2] }],
    ['/list/-1/env/-', { list: [{ a: 2 }] }, { list: [{ a: 2, env: [1] }] }],
    ['/__proto__/a', {}, JSON.parse('{"__proto__":{"a":1}}')],
  ])('is made for %s', (path, object, expected) => {
    expect(added(object, path, 1)).toEqual(expected);
  });

  it.each(['/list/3', '/list/-5', '/text/a'])('is not made for %s', (path) => {
    expect(() => added({ text: 'a' }, path, 1)).toThrow(PatchError);
  });
});
