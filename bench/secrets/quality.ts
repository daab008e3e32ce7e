import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findIn } from '../../conformance/secrets/suite.js';
import { rates, readTruth, score, type Truth } from '../../conformance/secrets/truth.js';
import { pages } from '../../conformance/secrets-blind/generate.js';
import {
  rates as ratesOfPages,
  score as scoreOfPages,
  total,
} from '../../conformance/secrets-blind/score.js';
import { DiskTree } from '../../src/git/index.js';
import type { Peer, Told } from './peers.js';

const SEED = 20261122;

interface Rates {
  precision: number;
  recall: number;
  f1: number;
}

/**
 * Precision, recall and F1 of ours (closing findings) and of the peers: on the blind corpus, and on the given folder
 * where it has a truth table.
 */
export async function benchQuality(given: string | null, peers: readonly Peer[]): Promise<void> {
  const all = pages(SEED);
  const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-blind-'));
  try {
    for (const { path, text } of all) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    console.log('quality on the blind corpus:');
    await beside(folder, peers, (told) => ratesOfPages(total(scoreOfPages(all, told).scores, 'all')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (given === null || !['truth.json', 'truth.csv'].some((name) => existsSync(join(given, name)))) return;
  const truth = readTruth(given);
  console.log(`quality by the truth table of ${given}:`);
  await beside(given, peers, (told) => ratesByTruth(truth, told));
}

function ratesByTruth(truth: Truth, told: readonly Told[]): Rates {
  const found = told.map(({ path, from, to }) => ({ path, line: from, endLine: to }));
  const sum = { family: 'all', hit: 0, missed: 0, wrong: 0, clean: 0, cleanFiles: 0 };
  for (const item of score(truth, found).scores) {
    sum.hit += item.hit;
    sum.missed += item.missed;
    sum.wrong += item.wrong;
  }
  return rates(sum);
}

async function beside(
  folder: string,
  peers: readonly Peer[],
  judge: (told: readonly Told[]) => Rates,
): Promise<void> {
  const own = await findIn(await DiskTree.open(folder));
  show('gitops-gate', judge(own.map(({ path, line, endLine }) => ({ path, from: line, to: endLine }))));
  for (const peer of peers) {
    const run = peer.missing === null ? peer.run(folder) : null;
    if (run === null) console.log(`  ${peer.name.padEnd(11)} not measured: ${peer.missing ?? 'it failed'}`);
    else show(peer.name, judge(run.told));
  }
}

function show(name: string, { precision, recall, f1 }: Rates): void {
  console.log(
    `  ${name.padEnd(11)} precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, F1 ${f1.toFixed(3)}`,
  );
}
