import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { evaluatePolicy, requestFor } from '../../src/checks/policies/index.js';
import type { JsonValue } from '../../src/contract/index.js';
import { loadManifests, validateObject } from '../../src/kubernetes/index.js';
import { manifests } from './manifests.js';

type Json = { [key: string]: JsonValue };

const [count = '5000', kyverno = 'kyverno', kubeconform = 'kubeconform', schemas = ''] =
  process.argv.slice(2);
const objects = manifests(Number(count));
const policyText = readFileSync('rules/policies/baseline.yaml', 'utf8');
const policies = parseAllDocuments(policyText).map(
  (document) => document.toJS({ maxAliasCount: 1000 }) as Json,
);
const rules = policies.reduce((sum, policy) => sum + ((policy.spec as Json).rules as JsonValue[]).length, 0);
const folder = mkdtempSync(join(tmpdir(), 'bench-policies-'));
const file = join(folder, 'all.yaml');
writeFileSync(file, objects.map((object) => stringify(object)).join('---\n'));

/** Milliseconds of wall time. */
function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Wall time of a peer, or null where it is not installed or fails to run. */
function peer(command: string, args: readonly string[]): number | null {
  if (spawnSync(command, ['version'], { stdio: 'ignore' }).error !== undefined) {
    process.stdout.write(`${command} is not installed: no ratio\n`);
    return null;
  }
  const start = performance.now();
  const run = spawnSync(command, [...args], { stdio: 'ignore', timeout: 120_000 });
  return run.error === undefined ? performance.now() - start : null;
}

const now = new Date('2026-06-01T00:00:00Z');
let failures = 0;
const read = timed(() => void loadManifests(readFileSync(file), 'all.yaml'));
const judge = timed(() => {
  for (const object of objects) {
    const request = requestFor(object);
    for (const policy of policies) {
      failures += evaluatePolicy(policy, request, { now }).filter(({ status }) => status === 'fail').length;
    }
  }
});
let problems = 0;
const schema = timed(() => {
  for (const object of objects) problems += validateObject(object, { kubernetesVersion: '1.36' }).length;
});
const perSecond = (ms: number): number => Math.round((objects.length * rules * 1000) / ms);
process.stdout.write(
  `${objects.length} manifests, ${rules} rules, ${failures} failures, ${problems} schema problems\n`,
);
process.stdout.write(
  `gate: read ${read.toFixed(0)} ms, policies ${judge.toFixed(0)} ms (${perSecond(judge)} resources x rules/s), schemas ${schema.toFixed(0)} ms\n`,
);
const cli = peer(kyverno, ['apply', 'rules/policies/baseline.yaml', '--resource', file]);
if (cli !== null) {
  process.stdout.write(
    `kyverno apply: ${cli.toFixed(0)} ms (${perSecond(cli)} resources x rules/s, its own reading included)\n`,
  );
  process.stdout.write(`ratio, reading included: ${(cli / (read + judge)).toFixed(1)} times\n`);
}
// kubeconform fetches its schemas: without a folder of them it would wait for a network
const conform =
  schemas === '' ? null : peer(kubeconform, ['-strict', '-schema-location', schemas, '-n', '1', file]);
if (conform !== null) {
  process.stdout.write(
    `kubeconform -n 1: ${conform.toFixed(0)} ms; gate with reading: ${(read + schema).toFixed(0)} ms; ratio ${(conform / (read + schema)).toFixed(1)} times\n`,
  );
}
rmSync(folder, { recursive: true });
