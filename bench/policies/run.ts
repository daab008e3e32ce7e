/**
 * Policies and schemas over the same manifests, beside the kyverno command line and kubeconform:
 *
 *   npm run bench:policies -- [COUNT] [KYVERNO] [KUBECONFORM] [SCHEMAS]
 *
 * SCHEMAS is the folder that bench/policies/json-schemas.mjs makes; without it kubeconform would fetch its schemas.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { parseAllDocuments, stringify } from 'yaml';
import { evaluatePolicy, requestFor } from '../../src/checks/policies/index.js';
import type { JsonValue } from '../../src/contract/index.js';
import { loadManifests } from '../../src/kubernetes/index.js';
import { manifests } from './manifests.js';

type Json = { [key: string]: JsonValue };

const given = process.argv.slice(2);
const [count = '5000', kyverno = 'kyverno', kubeconform = 'kubeconform', schemas = ''] = given;
if (given.length > 4 || given.some((word) => word.startsWith('-')) || !/^[1-9]\d{0,5}$/.test(count)) {
  process.stderr.write(
    'usage: npm run bench:policies -- [COUNT] [KYVERNO] [KUBECONFORM] [SCHEMAS]\n' +
      '  COUNT        manifests to make, 1 to 999999 (5000)\n' +
      '  KYVERNO      the kyverno command line (kyverno)\n' +
      '  KUBECONFORM  kubeconform (kubeconform)\n' +
      '  SCHEMAS      its schemas: node bench/policies/json-schemas.mjs SWAGGER SCHEMAS\n',
  );
  process.exit(2);
}
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const objects = manifests(Number(count));
const folder = mkdtempSync(join(tmpdir(), 'bench-policies-'));
const file = join(folder, 'all.yaml');
writeFileSync(file, objects.map((object) => stringify(object)).join('---\n'));

/** Milliseconds of wall time. */
function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function isInstalled(command: string, argument: string): boolean {
  if (spawnSync(command, [argument], { stdio: 'ignore' }).error === undefined) return true;
  say(`${command} is not installed: no ratio`);
  return false;
}

function benchPolicies(): void {
  const policies = parseAllDocuments(readFileSync('rules/policies/baseline.yaml', 'utf8')).map(
    (document) => document.toJS({ maxAliasCount: 1000 }) as Json,
  );
  const rules = policies.reduce(
    (sum, policy) => sum + ((policy.spec as Json).rules as JsonValue[]).length,
    0,
  );
  const perSecond = (ms: number): number => Math.round((objects.length * rules * 1000) / ms);
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
  say(`policies: ${objects.length} manifests, ${rules} rules, ${failures} failures`);
  say(
    `  gate: read ${read.toFixed(0)} ms, policies ${judge.toFixed(0)} ms (${perSecond(judge)} resources x rules/s)`,
  );
  if (!isInstalled(kyverno, 'version')) return;
  const cli = timed(
    () =>
      void spawnSync(kyverno, ['apply', 'rules/policies/baseline.yaml', '--resource', file], {
        stdio: 'ignore',
        timeout: 300_000,
      }),
  );
  say(
    `  kyverno apply: ${cli.toFixed(0)} ms (${perSecond(cli)} resources x rules/s, its own reading included)`,
  );
  say(`  ratio, reading included: ${(cli / (read + judge)).toFixed(1)} times`);
}

/** Seconds of a process kept to one core: on the clock, and of the processor. */
interface Taken {
  wall: number;
  cpu: number;
}

/** The median of five runs by the processor's time, which other work on the machine changes least. */
function onOneCore(command: readonly string[]): Taken {
  const runs = Array.from({ length: 5 }, () => {
    const run = spawnSync(
      'bash',
      ['-c', 'TIMEFORMAT="%R %U %S"; time taskset -c 0 "$@" >/dev/null', 'bash', ...command],
      {
        encoding: 'utf8',
        env: { ...process.env, GOMAXPROCS: '1' },
      },
    );
    const [wall = 0, user = 0, system = 0] = (run.stderr.trim().split('\n').at(-1) ?? '')
      .split(' ')
      .map(Number);
    return { wall, cpu: user + system };
  }).sort((a, b) => a.cpu - b.cpu);
  return runs[2] ?? { wall: Number.NaN, cpu: Number.NaN };
}

async function benchSchemas(): Promise<void> {
  if (schemas === '') return say('schemas: no folder of schemas for kubeconform: no ratio');
  if (!isInstalled(kubeconform, '-v') || !isInstalled('taskset', '-V')) return;
  const program = join(folder, 'validate.mjs');
  await build({
    entryPoints: ['bench/policies/validate.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'warning',
  });
  const one = join(folder, 'one.yaml');
  writeFileSync(one, stringify(objects[0]));
  const location = join(schemas, '{{.ResourceKind}}{{.KindSuffix}}.json');
  const theirs = [kubeconform, '-strict', '-n', '1', '-summary', '-schema-location', location];
  const check = spawnSync(theirs[0] ?? '', [...theirs.slice(1), file], { encoding: 'utf8' });
  const ours = spawnSync(process.execPath, [program, file], { encoding: 'utf8' });
  say(`schemas: ${objects.length} manifests, one core, process start included`);
  say(`  gate says ${ours.stdout.trim()}`);
  say(`  kubeconform says ${check.stdout.trim()}`);
  const measured = [
    ['gate', onOneCore([process.execPath, program, file]), onOneCore([process.execPath, program, one])],
    ['kubeconform -strict -n 1', onOneCore([...theirs, file]), onOneCore([...theirs, one])],
  ] as const;
  for (const [name, all, start] of measured) {
    say(
      `  ${name}: ${all.wall.toFixed(2)} s, ${all.cpu.toFixed(2)} s of the processor; a single manifest ${start.cpu.toFixed(2)} s`,
    );
  }
  const [[, gate, gateStart], [, peer, peerStart]] = measured;
  say(`  ratio, processor's time: ${(peer.cpu / gate.cpu).toFixed(2)} times kubeconform's pace`);
  say(
    `  ratio, without start (less a single manifest): ${((peer.cpu - peerStart.cpu) / (gate.cpu - gateStart.cpu)).toFixed(2)} times`,
  );
}

try {
  await benchSchemas();
  benchPolicies();
} finally {
  rmSync(folder, { recursive: true });
}
