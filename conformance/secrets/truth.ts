import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** By path: the family, and the 1-based lines on which a secret begins (none for a clean file). */
export type Truth = Map<string, { family: string; lines: number[] }>;

const table = z.record(
  z.string(),
  z.object({ family: z.string().default('all'), lines: z.array(z.int().min(1)) }),
);

/**
 * Reads the truth table of a folder: `truth.json` (`{"path": {"family": "...", "lines": [9]}}`) or `truth.csv`
 * (`path,line,family`, one secret a row, the line empty for a clean file).
 */
export function readTruth(folder: string): Truth {
  try {
    return new Map(Object.entries(table.parse(JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const truth: Truth = new Map();
  for (const row of readFileSync(join(folder, 'truth.csv'), 'utf8').split(/\r?\n/)) {
    const [path = '', line = '', family = 'all'] = row.split(',').map((cell) => cell.trim());
    if (path === '' || path === 'path') continue;
    const entry = truth.get(path) ?? { family, lines: [] };
    if (/^\d+$/.test(line)) entry.lines.push(Number(line));
    truth.set(path, entry);
  }
  return truth;
}

/** Where a tool found something. */
export interface Found {
  path: string;
  line: number;
  endLine: number;
}

export interface Score {
  family: string;
  hit: number;
  missed: number;
  wrong: number;
  /** Clean files with nothing found, of all clean files. */
  clean: number;
  cleanFiles: number;
}

/** Precision, recall and their harmonic mean; 1 where there is nothing to divide. */
export function rates(score: Score): { precision: number; recall: number; f1: number } {
  const precision = score.hit + score.wrong === 0 ? 1 : score.hit / (score.hit + score.wrong);
  const recall = score.hit + score.missed === 0 ? 1 : score.hit / (score.hit + score.missed);
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}

/** Compares findings with a truth table, family by family; a finding is right when a secret begins in its extent. */
export function score(truth: Truth, found: readonly Found[]): { scores: Score[]; misses: string[] } {
  const byPath = new Map<string, Found[]>();
  for (const item of found) {
    const list = byPath.get(item.path);
    if (list === undefined) byPath.set(item.path, [item]);
    else list.push(item);
  }
  const scores = new Map<string, Score>();
  const misses: string[] = [];
  for (const [path, { family, lines }] of truth) {
    const entry = scores.get(family) ?? { family, hit: 0, missed: 0, wrong: 0, clean: 0, cleanFiles: 0 };
    scores.set(family, entry);
    const here = byPath.get(path) ?? [];
    for (const line of lines) {
      if (here.some((item) => line >= item.line && line <= item.endLine)) entry.hit++;
      else {
        entry.missed++;
        misses.push(`missed ${path}:${line} (${family})`);
      }
    }
    for (const item of here) {
      if (lines.some((line) => line >= item.line && line <= item.endLine)) continue;
      entry.wrong++;
      misses.push(`wrong ${path}:${item.line} (${family})`);
    }
    if (lines.length === 0) {
      entry.cleanFiles++;
      if (here.length === 0) entry.clean++;
    }
  }
  return { scores: [...scores.values()].sort((a, b) => (a.family < b.family ? -1 : 1)), misses };
}
