import type { Page } from './page.js';

/** A place that a tool told. */
export interface Told {
  path: string;
  from: number;
  to: number;
}

/** What a tool did with one family. */
export interface Score {
  family: string;
  hit: number;
  missed: number;
  /** Places without a secret that were told. */
  wrong: number;
  clean: number;
}

/** Precision, recall and F1; 1 where there is nothing to get wrong. */
export function rates({ hit, missed, wrong }: Score): { precision: number; recall: number; f1: number } {
  const precision = hit + wrong === 0 ? 1 : hit / (hit + wrong);
  const recall = hit + missed === 0 ? 1 : hit / (hit + missed);
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}

/**
 * Each planted place is hit or missed, each harmless place told or clean; what is told beside all cases counts as wrong
 * in the family of its file, unless its lines are not judged.
 */
export function score(pages: readonly Page[], told: readonly Told[]): { scores: Score[]; misses: string[] } {
  const byFamily = new Map<string, Score>();
  const misses: string[] = [];
  for (const page of pages) {
    const here = told.filter((item) => item.path === page.path);
    const used = new Set<Told>();
    for (const { family, from, to, secret } of page.cases) {
      const sum = byFamily.get(family) ?? { family, hit: 0, missed: 0, wrong: 0, clean: 0 };
      byFamily.set(family, sum);
      const over = here.filter((item) => item.from <= to && item.to >= from);
      if (secret) {
        for (const item of over) used.add(item);
        if (over.length > 0) sum.hit += 1;
        else {
          sum.missed += 1;
          misses.push(`missed ${page.path}:${from} ${line(page, from)}`);
        }
      }
    }
    for (const { family, from, to, secret } of page.cases) {
      const sum = byFamily.get(family);
      if (secret || sum === undefined) continue;
      const over = here.filter((item) => item.from <= to && item.to >= from && !used.has(item));
      for (const item of over) used.add(item);
      if (over.length === 0) sum.clean += 1;
      else {
        sum.wrong += 1;
        misses.push(`wrong ${page.path}:${from} ${line(page, from)}`);
      }
    }
    const family = page.cases[0]?.family ?? '';
    for (const item of here) {
      if (used.has(item) || page.unjudged.some((n) => n >= item.from && n <= item.to)) continue;
      const sum = byFamily.get(family);
      if (sum !== undefined) sum.wrong += 1;
      misses.push(`beside ${page.path}:${item.from} ${line(page, item.from)}`);
    }
  }
  return { scores: [...byFamily.values()], misses };
}

function line(page: Page, n: number): string {
  return (page.text.split('\n')[n - 1] ?? '').trim().slice(0, 110);
}

/** One row of everything. */
export function total(scores: readonly Score[], family: string): Score {
  const sum: Score = { family, hit: 0, missed: 0, wrong: 0, clean: 0 };
  for (const item of scores) {
    sum.hit += item.hit;
    sum.missed += item.missed;
    sum.wrong += item.wrong;
    sum.clean += item.clean;
  }
  return sum;
}
