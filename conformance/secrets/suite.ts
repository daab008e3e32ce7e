import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { scanTree } from '../../src/checks/secrets/index.js';
import { Redactor } from '../../src/contract/index.js';
import { DiskTree, MemoryTree, type Tree } from '../../src/git/index.js';
import type { SuiteReport } from '../suite.js';
import { makeCorpus } from './corpus.js';
import { type Found, rates, readTruth, score, type Truth } from './truth.js';

/** Closing findings of a tree, as the truth table is compared with them. */
export async function findIn(tree: Tree): Promise<Found[]> {
  const result = await scanTree(tree, { redactor: new Redactor(), trust: null });
  return result.findings
    .filter((item) => item.action !== 'inform' && item.path !== null)
    .map((item) => ({
      path: item.path ?? '',
      line: item.line ?? 1,
      endLine: item.endLine ?? item.line ?? 1,
    }));
}

/** A corpus with its truth: of a folder, or made from a seed for `seed:NAME`. */
export function corpusOf(folder: string): { tree: Promise<Tree>; truth: Truth } {
  if (folder.startsWith('seed:')) {
    const { files, truth } = makeCorpus(folder.slice('seed:'.length), 25);
    return { tree: Promise.resolve(new MemoryTree(files)), truth };
  }
  if (!existsSync(join(folder, 'truth.json')) && !existsSync(join(folder, 'truth.csv'))) {
    throw new Error(`${folder} has no truth.json or truth.csv`);
  }
  return { tree: DiskTree.open(folder), truth: readTruth(folder) };
}

/** The secrets suite: right are secrets that are told and clean files in which nothing is; wrong findings are misses. */
export async function runSecretsSuite(folder: string): Promise<SuiteReport> {
  const corpus = corpusOf(folder);
  const { scores, misses } = score(corpus.truth, await findIn(await corpus.tree));
  const groups = scores.map((item) => {
    const { precision, recall, f1 } = rates(item);
    return {
      name: item.family,
      right: item.hit + item.clean,
      all: item.hit + item.missed + item.cleanFiles + (item.cleanFiles === 0 ? item.wrong : 0),
      note: `precision ${precision.toFixed(2)}, recall ${recall.toFixed(2)}, F1 ${f1.toFixed(2)}`,
    };
  });
  const sum = (pick: (group: (typeof groups)[number]) => number): number =>
    groups.reduce((total, group) => total + pick(group), 0);
  return { misses, groups, right: sum((group) => group.right), all: sum((group) => group.all) };
}
