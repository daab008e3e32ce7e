import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCorpus, writeCorpus } from '../../conformance/secrets/corpus.js';
import { defaultEngine } from '../../src/checks/secrets/check.js';
import { scanFile } from '../../src/checks/secrets/scan-file.js';
import { hostileTexts } from './hostile.js';

/**
 * `npm run bench:secrets -- [DIR]`: CPU seconds and MB/s of the engine, of the whole scan and of the peers that are installed, on the
 * same folder (a corpus made from a seed without DIR), each a process pinned to one core; then hostile texts.
 */
const given = process.argv[2];
const folder = given ?? mkdtempSync(join(tmpdir(), 'gitops-gate-bench-'));
if (given === undefined) writeCorpus(folder, makeCorpus('bench', 200));
const pin = spawnSync('taskset', ['-V']).status === 0 ? ['taskset', '-c', '0'] : [];

/** CPU seconds of a command (user and system, its children included), or null when it cannot be run. */
function cpuSeconds(command: readonly string[]): { seconds: number; stdout: string } | null {
  const script = 'TIMEFORMAT="%U %S"; time "$@"';
  const run = spawnSync('bash', ['-c', script, 'bench', ...pin, ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, GOMAXPROCS: '1' },
  });
  const times = /([\d.]+) ([\d.]+)\s*$/.exec(run.stderr.trim());
  return times === null ? null : { seconds: Number(times[1]) + Number(times[2]), stdout: run.stdout };
}

const scanner = join(import.meta.dirname, 'scan-folder.ts');
const sources = join(import.meta.dirname, '../../scripts/typescript-sources.mjs');
let megabytes = 0;
const ours = new Map<string, number>();
for (const mode of ['engine', 'structure']) {
  const run = cpuSeconds([process.execPath, '--no-warnings', '--import', sources, scanner, mode, folder]);
  if (run === null) throw new Error(`the ${mode} run failed`);
  const told = JSON.parse(run.stdout) as { bytes: number; findings: number; scanSeconds: number };
  megabytes = told.bytes / 1e6;
  ours.set(mode, megabytes / told.scanSeconds);
  process.stdout.write(
    `${mode.padEnd(10)} ${(megabytes / told.scanSeconds).toFixed(1)} MB/s scanning, ${(megabytes / run.seconds).toFixed(1)} MB/s as a process (${told.findings} findings, ${megabytes.toFixed(1)} MB)\n`,
  );
}
const peers: readonly { name: string; found: boolean; command: readonly string[] }[] = [
  {
    name: 'gitleaks',
    found: spawnSync('gitleaks', ['version']).status === 0,
    command: [
      'gitleaks',
      'dir',
      folder,
      '--no-banner',
      '--redact',
      '--exit-code',
      '0',
      '--log-level',
      'error',
    ],
  },
  {
    name: 'secretlint',
    found: existsSync('node_modules/.bin/secretlint') || spawnSync('secretlint', ['--version']).status === 0,
    command: ['secretlint', `${folder}/**/*`],
  },
];
for (const { name, found, command } of peers) {
  const run = found ? cpuSeconds(command) : null;
  if (run === null) {
    process.stdout.write(`${name.padEnd(10)} is not on PATH: not measured\n`);
    continue;
  }
  const speed = megabytes / run.seconds;
  const ratios = [...ours].map(([mode, own]) => `${mode} ${(own / speed).toFixed(1)} x`).join(', ');
  process.stdout.write(`${name.padEnd(10)} ${speed.toFixed(1)} MB/s as a process; ours: ${ratios}\n`);
}

const engine = defaultEngine();
const keywords = [...new Set(engine.rules.flatMap((rule) => rule.spec.keywords))];
const slowest: { name: string; ms: number; size: number }[] = [];
for (const [name, text] of hostileTexts(keywords)) {
  const bytes = Buffer.from(text);
  const before = process.cpuUsage();
  scanFile('hostile.yaml', bytes, engine);
  const used = process.cpuUsage(before);
  slowest.push({ name, ms: (used.user + used.system) / 1e3, size: bytes.length });
}
slowest.sort((a, b) => b.ms - a.ms);
process.stdout.write(`hostile texts: ${slowest.length}, the slowest:\n`);
for (const { name, ms, size } of slowest.slice(0, 8)) {
  process.stdout.write(`  ${ms.toFixed(0).padStart(6)} ms  ${name} (${(size / 1024).toFixed(0)} KiB)\n`);
}
if (given === undefined) rmSync(folder, { recursive: true, force: true });
