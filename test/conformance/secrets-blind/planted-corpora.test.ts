import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import * as second from '../../../conformance/secrets-blind/second/generate.js';
import * as third from '../../../conformance/secrets-blind/third/generate.js';

const SEEDS = [20261122, 7];
/** The corpora with what they hold at least: files, secrets, look-alikes. */
const CORPORA = [
  { name: 'second', corpus: second, least: [300, 450, 1200] },
  { name: 'third', corpus: third, least: [140, 220, 600] },
];
const SEEDED = CORPORA.flatMap((item) => SEEDS.map((seed) => ({ ...item, seed })));
const bare = (text: string): string => text.replace(/\s+/g, '');

describe.each(SEEDED)('the $name blind corpus of seed $seed', ({ corpus, least, seed }) => {
  const { KUBERNETES, pages } = corpus;
  const all = pages(seed);
  const lines = (path: string, from: number, to: number): string =>
    (all.find((page) => page.path === path)?.text ?? '')
      .split('\n')
      .slice(from - 1, to)
      .join('\n');

  it('gives the same bytes for the same seed', () => {
    expect(pages(seed)).toEqual(all);
  });

  it('gives each path once and leaves no mark in a text', () => {
    expect(new Set(all.map(({ path }) => path)).size).toBe(all.length);
    expect(all.filter(({ text }) => /[§⟦⟧]/.test(text))).toEqual([]);
  });

  it('has its truth inside of its files, no line in two cases', () => {
    for (const { text, cases, unjudged } of all) {
      const judged = cases.flatMap(({ from, to }) =>
        Array.from({ length: to - from + 1 }, (_, i) => from + i),
      );
      expect(new Set([...judged, ...unjudged]).size).toBe(judged.length + unjudged.length);
      expect(Math.min(1, ...judged)).toBeGreaterThanOrEqual(1);
      expect(Math.max(1, ...judged)).toBeLessThanOrEqual(text.split('\n').length);
    }
  });

  it('has the secret where the truth says, and each secret once', () => {
    const seen = new Set<string>();
    for (const { planted } of all) {
      for (const { at, values } of planted) {
        const here = bare(lines(at.path, at.from, at.to));
        expect(values.length).toBeGreaterThan(0);
        for (const value of values) {
          expect(here).toContain(bare(value));
          expect(seen.has(value)).toBe(false);
          seen.add(value);
        }
      }
    }
  });

  it('knows the values of every true case and of no other', () => {
    const told = all.flatMap(({ planted }) => planted.map(({ at }) => at));
    expect(told).toEqual(all.flatMap(({ cases }) => cases.filter(({ secret }) => secret)));
  });

  it('is as large as it says', () => {
    const cases = all.flatMap((page) => page.cases);
    const secrets = cases.filter(({ secret }) => secret).length;
    const sizes = [all.length, secrets, cases.length - secrets];
    expect(sizes.filter((size, index) => size <= (least[index] ?? 0))).toEqual([]);
  });

  it('has Kubernetes files that YAML reads', () => {
    const unread = all
      .filter(({ path, cases }) => KUBERNETES.has(cases[0]?.family ?? '') && /\.(ya?ml|json)$/.test(path))
      .filter(({ text }) => !text.includes('{{-') && !/: \{\{/.test(text))
      .filter(({ text }) => {
        const documents = [...parseAllDocuments(text)];
        return documents.length === 0 || documents.some(({ errors }) => errors.length > 0);
      });
    expect(unread.map(({ path }) => path)).toEqual([]);
  });
});

describe.each(CORPORA)('the values of the $name blind corpus', ({ corpus: { pages } }) => {
  it('come from the seed, not from its source', () => {
    const [one = [], other = []] = SEEDS.map((seed) => pages(seed).flatMap(({ planted }) => planted));
    expect(one.map(({ at }) => at)).toEqual(other.map(({ at }) => at));
    const values = new Set(one.flatMap((item) => item.values));
    expect(other.flatMap((item) => item.values).filter((value) => values.has(value))).toEqual([]);
  });
});
