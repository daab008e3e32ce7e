import { describe, expect, it } from '@jest/globals';
import { loadYaml } from '../../src/kubernetes/index.js';

const TEXT = `# first
kind: A
metadata: &m
  name:   x
list:
- a
- {b: c}
again: *m
---
- "two"
`;

describe('what a caller of the loader does without or needs more of', () => {
  it.each([
    ['YAML', TEXT],
    ['JSON', '{"kind": "A", "list": ["a", {"b": "c"}]}\n'],
  ])('a kept tree gives the same places: %s', (_, text) => {
    const [usual, kept] = [{}, { keepTree: true }].map((options) => loadYaml(Buffer.from(text), '', options));
    expect(kept?.documents.map(({ value }) => value)).toEqual(usual?.documents.map(({ value }) => value));
    for (const path of [
      [],
      ['kind'],
      ['metadata', 'name'],
      ['list', 1, 'b'],
      ['again', 'name'],
      [0],
      ['none'],
    ]) {
      const places = [usual, kept].map((loaded) =>
        loaded?.documents.map((item) => [item.locate(path), item.locateValue(path), item.has(path)]),
      );
      expect(places[1]).toEqual(places[0]);
    }
  });

  it('without a comparison, what only another reader reads differently is not told; what cannot be read is', () => {
    const problems = (text: string, compare: boolean): string[] =>
      loadYaml(Buffer.from(text), '', { compare }).problems.map(({ code }) => code);
    for (const text of ['\nb"\ra', '\ra\n  *x}]', '\n\ufeffb \t#[']) {
      expect(problems(text, true)).toEqual(['ambiguous']);
      expect(problems(text, false)).toEqual([]);
    }
    expect(problems('a: [\n', false)).toEqual(problems('a: [\n', true));
    expect(problems('a: 1\na: 2\n', false)).toEqual(['duplicate-key']);
  });
});
