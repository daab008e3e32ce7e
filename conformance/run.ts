import { runKyvernoSuite } from './kyverno/suite.js';
import { runPodSecuritySuite } from './pod-security/suite.js';
import { runSecretsSuite } from './secrets/suite.js';
import { runSecondBlindSecretsSuite } from './secrets-blind/second/suite.js';
import { runBlindSecretsSuite } from './secrets-blind/suite.js';
import { runThirdBlindSecretsSuite } from './secrets-blind/third/suite.js';
import type { Suite } from './suite.js';

/** Suites by name; adding one is adding a folder and a line here. */
const SUITES: ReadonlyMap<string, Suite> = new Map([
  ['kyverno', runKyvernoSuite],
  ['pod-security', runPodSecuritySuite],
  ['secrets', runSecretsSuite],
  ['secrets-blind', runBlindSecretsSuite],
  ['secrets-blind-second', runSecondBlindSecretsSuite],
  ['secrets-blind-third', runThirdBlindSecretsSuite],
]);

const [name = '', folder = ''] = process.argv.slice(2);
const suite = SUITES.get(name);
if (suite === undefined || folder === '') {
  process.stderr.write(`usage: npm run conformance -- ${[...SUITES.keys()].join('|')} DIR\n`);
  process.exit(2);
}
const report = await suite(folder);
for (const miss of report.misses) process.stdout.write(`${miss}\n`);
for (const group of [...report.groups].sort((a, b) => b.all - a.all)) {
  process.stdout.write(
    `${group.name}: ${group.right} of ${group.all}${group.note === '' ? '' : ` (${group.note})`}\n`,
  );
}
process.stdout.write(`${report.right} of ${report.all} right\n`);
process.exitCode = report.right === report.all ? 0 : 1;
