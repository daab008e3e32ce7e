/**
 * `npm run oracle:gitops -- --tools DIR`: compares what the gate renders with what Flux's and Argo CD's own packages
 * make of the same: a table of cases, random ones, and whole repositories. Exit code 1 when something differs without a
 * reason, 2 where the programs are not there.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openToolbox } from '../../src/render/index.ts';
import { setDifference } from './application-set.ts';
import { SET_CASES } from './application-set-cases.ts';
import { argoDifference } from './argocd.ts';
import { ARGO_CASES } from './argocd-cases.ts';
import { fluxDifference } from './flux.ts';
import { FLUX_CASES } from './flux-cases.ts';
import { releaseDifference } from './helm-release.ts';
import { RELEASE_CASES, randomReleaseCase } from './helm-release-cases.ts';
import { valuesDifference } from './helm-values.ts';
import { VALUES_CASES } from './helm-values-cases.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { OracleProcess } from './oracle-process.ts';
import { randomArgoCase, randomFluxCase, randomSetCase } from './random-cases.ts';
import { RandomSource } from './random-source.ts';
import { differentSubstitutions } from './random-substitutions.ts';
import { compareRepository } from './repository.ts';
import { Workplace } from './workplace.ts';

const { values } = parseArgs({
  options: {
    tools: { type: 'string' },
    only: { type: 'string', default: '' },
    random: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    repository: { type: 'string', multiple: true, default: [] },
    own: { type: 'string', multiple: true, default: [] },
  },
});
const tools = values.tools ?? '';
const missing = ['flux', 'flux-oracle', 'helm-oracle', 'argocd-oracle', 'kustomize'].filter(
  (name) => !existsSync(join(tools, name)),
);
if (values.tools === undefined || missing.length > 0) {
  console.error(
    `${missing.join(', ')} not found: \`node scripts/oracle-gitops/install.mjs DIR\` builds them with Go, then give --tools DIR`,
  );
  process.exit(2);
}

const toolbox = await openToolbox();
const helm = 'tool' in toolbox.helm ? dirname(await toolbox.helm.tool.program()) : '';
const workplace = new Workplace();
const flux = new OracleProcess(join(tools, 'flux-oracle'));
const releases = new OracleProcess(join(tools, 'helm-oracle'));
const argocd = new OracleProcess(join(tools, 'argocd-oracle'), [tools, helm]);
let unexplained = 0;
try {
  if (values.repository.length === 0) await cases();
  for (const folder of values.repository) {
    const tally = await compareRepository(
      { flux, argocd, cli: join(tools, 'flux') },
      workplace,
      folder,
      values.own,
    );
    for (const difference of tally.differences) console.log(difference.slice(0, 500));
    console.log(`${folder}: ${[...tally.counts].map(([word, count]) => `${count} ${word}`).join(', ')}`);
    unexplained += tally.differences.length;
  }
} finally {
  flux.close();
  releases.close();
  argocd.close();
  workplace.close();
}
process.exitCode = unexplained === 0 ? 0 : 1;

async function cases(): Promise<void> {
  const random = new RandomSource(Number(values.seed));
  const count = Number(values.random);
  const made = <Case>(one: (random: RandomSource) => Case): Case[] =>
    Array.from({ length: count }, () => one(random));
  await compare('Kustomizations', FLUX_CASES, (one) => fluxDifference(flux, workplace, one));
  await compare('random Kustomizations', made(randomFluxCase), (one) => fluxDifference(flux, workplace, one));
  await compare('values of HelmReleases', VALUES_CASES, (one) => valuesDifference(flux, one));
  await compare('HelmReleases', RELEASE_CASES, (one) => releaseDifference(releases, workplace, one));
  await compare('random HelmReleases', made(randomReleaseCase), (one) =>
    releaseDifference(releases, workplace, one),
  );
  await compare('Applications', ARGO_CASES, (one) => argoDifference(argocd, workplace, one));
  await compare('random Applications', made(randomArgoCase), (one) => argoDifference(argocd, workplace, one));
  await compare('ApplicationSets', SET_CASES, (one) => setDifference(argocd, workplace, one));
  await compare('random ApplicationSets', made(randomSetCase), (one) =>
    setDifference(argocd, workplace, one),
  );
  if (values.only !== '') return;
  const texts = count * 500;
  const different = await differentSubstitutions(flux, random, texts);
  for (const one of different) console.log(`substitution ${JSON.stringify(one)}`);
  console.log(`random substitutions: ${texts - different.length} of ${texts} equal`);
  unexplained += different.length;
}

/** Asks for each case, and holds the differences against those that are known with their reason. */
async function compare<Case extends { name: string }>(
  what: string,
  all: readonly Case[],
  difference: (one: Case) => Promise<string | null>,
): Promise<void> {
  const wanted = all.filter(({ name }) => name.includes(values.only));
  let [equal, known] = [0, 0];
  for (const one of wanted) {
    const found = await difference(one);
    const reason = KNOWN_DIFFERENCES.get(one.name);
    if (found === null && reason === undefined) equal += 1;
    else if (found !== null && reason !== undefined) known += 1;
    else {
      unexplained += 1;
      console.log(
        found === null ? `${one.name}: is listed as a difference and is none` : `${one.name}: ${found}`,
      );
      if (found !== null && one.name.startsWith('random')) console.log(`    ${JSON.stringify(one)}`);
    }
  }
  if (wanted.length === 0) return;
  console.log(`${what}: ${equal} of ${wanted.length} equal, ${known} known differences`);
}
