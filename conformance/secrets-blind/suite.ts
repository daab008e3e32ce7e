import { scanTree } from '../../src/checks/secrets/index.js';
import { Redactor } from '../../src/contract/index.js';
import { MemoryTree } from '../../src/git/index.js';
import type { Suite, SuiteReport } from '../suite.js';
import { pages, writePages } from './generate.js';
import { gitleaks } from './gitleaks.js';
import type { Page } from './page.js';
import { rates, type Score, score, type Told, total } from './score.js';

const SEED = 20261122;
const KUBERNETES = new Set([
  'k8s-secret',
  'k8s-configmap',
  'k8s-env',
  'k8s-other',
  'external',
  'sealed',
  'sops',
  'helm-values',
  'kubeconfig',
]);

function shown(item: Score): string {
  const { precision, recall, f1 } = rates(item);
  return `P ${precision.toFixed(3)} R ${recall.toFixed(3)} F1 ${f1.toFixed(3)}`;
}

/**
 * A blind corpus as a suite. `seed:NUMBER` (`seed:` for the usual one) scans it in memory; a folder is written with it
 * first and scanned by gitleaks as well, where that is installed. Closing findings count; in brackets everything that
 * is told. The families of Kubernetes get a row of their own.
 */
export function blindSuite(
  corpus: (seed: number) => readonly Page[],
  kubernetes: ReadonlySet<string>,
): Suite {
  return (folder) => run(folder, corpus, kubernetes);
}

/** The first blind corpus. */
export const runBlindSecretsSuite = blindSuite(pages, KUBERNETES);

async function run(
  folder: string,
  corpus: (seed: number) => readonly Page[],
  kubernetes: ReadonlySet<string>,
): Promise<SuiteReport> {
  const seed = folder.startsWith('seed:') ? Number(folder.slice('seed:'.length) || SEED) : SEED;
  const all = corpus(seed);
  const tree = new MemoryTree(new Map(all.map(({ path, text }) => [path, text])));
  const { findings } = await scanTree(tree, { redactor: new Redactor(), trust: null });
  const place = (item: (typeof findings)[number]): Told => ({
    path: item.path ?? '',
    from: item.line ?? 1,
    to: item.endLine ?? item.line ?? 1,
  });
  const closing = score(all, findings.filter((item) => item.action !== 'inform').map(place));
  const told = score(all, findings.map(place));
  let other: Score[] | null = null;
  if (!folder.startsWith('seed:')) {
    await writePages(folder, all);
    const found = gitleaks(folder);
    other = found === null ? null : score(all, found).scores;
  }
  const sums = (scores: readonly Score[]): Score[] => [
    ...scores,
    total(
      scores.filter(({ family }) => kubernetes.has(family)),
      'all Kubernetes',
    ),
    total(scores, 'all'),
  ];
  const beside = (scores: readonly Score[] | null, family: string): string => {
    const item = scores === null ? undefined : sums(scores).find((one) => one.family === family);
    return item === undefined ? 'not run' : shown(item);
  };
  const groups = sums(closing.scores).map((item) => ({
    name: item.family,
    right: item.hit + item.clean,
    all: item.hit + item.missed + item.clean + item.wrong,
    note: `${shown(item)} [told: ${beside(told.scores, item.family)}]${other === null ? '' : `; gitleaks ${beside(other, item.family)}`}`,
  }));
  const everything = groups.find(({ name }) => name === 'all');
  return { misses: closing.misses, groups, right: everything?.right ?? 0, all: everything?.all ?? 0 };
}
