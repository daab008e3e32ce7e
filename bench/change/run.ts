/**
 * `npm run bench:change`: the whole gate, as its command line runs it, over a change of one overlay in a repository of
 * 500 Kustomize overlays and 5,000 files; and what of it reading git takes.
 *
 *   --runs N   times each is run after one to warm up (5)
 *   --seed N   of the repository that is made (1)
 *   --keep     leave the repository, and say where it is
 *   --check    exit with 1 when a target is missed: 3 s of wall time and 400 MB for the gate, 300 ms for git
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openRepository } from '../../src/git/index.js';
import { type Made, makeRepository } from './overlays.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TARGET = { gateMs: 3_000, gateMB: 400, gitMs: 300 };
/** Milliseconds between two looks at the memory of the gate and the tools it runs. */
const LOOK_MS = 20;

interface Run {
  ms: number;
  /** Of the gate's process and its children together; null where /proc does not tell. */
  peakMB: number | null;
  exit: number | null;
}

const USAGE = 'usage: npm run bench:change -- [--runs N] [--seed N] [--keep] [--check]';
const OPTIONS = {
  runs: { type: 'string', default: '5' },
  seed: { type: 'string', default: '1' },
  keep: { type: 'boolean', default: false },
  check: { type: 'boolean', default: false },
} as const;

/** Reads the command line; what is wrong with it is said in a line, and ends with 2. */
function options(): { runs: number; seed: number; keep: boolean; check: boolean } {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    const [times, seed] = [values.runs, values.seed].map(Number);
    if (!Number.isSafeInteger(times) || !Number.isSafeInteger(seed) || Number(times) < 1)
      throw new TypeError('--runs and --seed take whole numbers');
    return { runs: Number(times), seed: Number(seed), keep: values.keep, check: values.check };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

const { runs, ...values } = options();
const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-bench-'));
try {
  const made = makeRepository(join(folder, 'config.git'), values.seed);
  console.log(
    `${made.files} files, 500 overlays, one changed; ${availableParallelism()} cores, node ${process.version}`,
  );
  const missed = [...(await benchGit(made)), ...(await benchGate(made))];
  for (const target of missed) console.log(`missed: ${target}`);
  if (values.check && missed.length > 0) process.exitCode = 1;
} finally {
  if (values.keep) console.log(`kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}

async function benchGit(made: Made): Promise<string[]> {
  const times: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const start = performance.now();
    const repository = await openRepository(made.dir);
    const change = await repository.openChange({ base: made.base, head: made.head });
    await change.files();
    for (const commit of change.commits) await change.addedLines(commit);
    await change.base.tree.files();
    await change.result?.files();
    const elapsed = performance.now() - start;
    await repository.close();
    if (run > 0) times.push(elapsed);
  }
  console.log(`git    ${spread(times, 'ms')} (open, change, both listings, added lines)`);
  return median(times) > TARGET.gitMs ? [`git ${TARGET.gitMs} ms`] : [];
}

async function benchGate(made: Made): Promise<string[]> {
  if (!existsSync(join(ROOT, 'dist/cli/main.js'))) {
    console.log('gate   not built: npm run build');
    return ['gate: not built'];
  }
  const found: Run[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const result = await runGate(made);
    if (run > 0) found.push(result);
  }
  const times = found.map(({ ms }) => ms);
  const peaks = found.flatMap(({ peakMB }) => (peakMB === null ? [] : [peakMB]));
  const exits = [...new Set(found.map(({ exit }) => String(exit)))].join(', ');
  console.log(`gate   ${spread(times, 'ms')} wall, exit code ${exits}`);
  console.log(
    `memory ${peaks.length === 0 ? 'unknown: no /proc here' : `${spread(peaks, 'MB')} at the peak, its tools included`}`,
  );
  return [
    ...(median(times) > TARGET.gateMs ? [`gate ${TARGET.gateMs} ms`] : []),
    ...(peaks.length > 0 && median(peaks) > TARGET.gateMB ? [`memory ${TARGET.gateMB} MB`] : []),
    ...(exits === '0' || exits === '1' ? [] : [`gate: it could not judge (exit code ${exits})`]),
  ];
}

function runGate(made: Made): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(
      process.execPath,
      [
        join(ROOT, 'bin/gitops-gate.mjs'),
        'check',
        '--repo',
        made.dir,
        '--base',
        made.base,
        '--head',
        made.head,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, child.pid === undefined ? 0 : residentKB(child.pid));
    }, LOOK_MS);
    child.on('error', reject);
    child.on('exit', (exit) => {
      clearInterval(timer);
      resolve({ ms: performance.now() - start, peakMB: peak === 0 ? null : peak / 1024, exit });
    });
  });
}

/** Resident memory of a process and all below it; 0 for one that is gone. */
function residentKB(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    const own = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    return children.reduce((sum, child) => sum + residentKB(Number(child)), own);
  } catch {
    return 0; // it ended between two looks, or this is no Linux
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function spread(values: readonly number[], unit: string): string {
  const round = (value: number): string => value.toFixed(0);
  return `${round(median(values))} ${unit} (${round(Math.min(...values))} to ${round(Math.max(...values))}, ${values.length} runs)`;
}
