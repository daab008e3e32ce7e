/**
 * `npm run bench:render`: a made repository of 640 overlays and 60 charts, rendered by the gate and by the plain tools
 * with as many workers, in one run. Prints each figure with its bound; exit code 1 when one is missed.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { configSchema } from '../../src/config/index.js';
import { MemoryTree } from '../../src/git/index.js';
import { openRenderedChange, openToolbox } from '../../src/render/index.js';
import { type Files, makeRepository } from './repository.js';

const WORKERS = 2;
/** `-- 64` for a tenth of it. */
const OVERLAYS = Number(process.argv[2] ?? 640);
const base = makeRepository(OVERLAYS);
const folder = await mkdtemp(join(tmpdir(), 'bench-render-'));
let missed = 0;

try {
  const overlay = change({
    'apps/app3/overlays/env1/settings.properties': 'environment=env1\nlevel=debug\n',
  });
  await timeGate(base, overlay, join(folder, 'warm'));
  const one = await timeGate(base, overlay, join(folder, 'one'));
  report('one overlay', one.ms / 1000, 's', 1);

  const account = base['base/common/account.yaml'] ?? '';
  const shared = change({ 'base/common/account.yaml': `${account}automountServiceAccountToken: false\n` });
  const plain = await timePlain(shared);
  console.log(
    `plain tools over ${plain.targets} kustomizations, ${WORKERS} workers: ${(plain.ms / 1000).toFixed(1)} s`,
  );
  const cold = await timeGate(base, shared, join(folder, 'shared'));
  if (cold.targets !== plain.targets)
    throw new Error(`${cold.targets} targets reached, not ${plain.targets}`);
  report(`a base of all ${OVERLAYS} overlays, both sides`, cold.ms / plain.ms, 'x plain', 2.3);
  const again = change({ 'base/common/account.yaml': `${account}automountServiceAccountToken: true\n` });
  const half = await timeGate(base, again, join(folder, 'shared'));
  report('the same with the base in the cache', half.ms / plain.ms, 'x plain', 1.2);
  const second = await timeGate(base, shared, join(folder, 'shared'));
  report('a second run on the same content, rendering alone', second.renderMs / 1000, 's', 0.3);
  report('memory of the gate', process.resourceUsage().maxRSS / 1024, 'MiB', 700);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = missed === 0 ? 0 : 1;

function change(files: Files): Files {
  return { ...base, ...files };
}

function report(what: string, value: number, unit: string, bound: number): void {
  if (value > bound) missed += 1;
  console.log(`${what}: ${value.toFixed(2)} ${unit} (at most ${bound})${value > bound ? ' MISSED' : ''}`);
}

/** Planning and rendering of a change, from nothing but the two trees and what the cache folder holds. */
async function timeGate(
  before: Files,
  after: Files,
  cache: string,
): Promise<{ ms: number; renderMs: number; targets: number }> {
  const [baseTree, resultTree] = [new MemoryTree(before), new MemoryTree(after)];
  const start = performance.now();
  const rendered = await openRenderedChange({
    change: {
      base: { commit: 'base', tree: baseTree },
      head: { commit: 'head', tree: resultTree },
      result: resultTree,
    },
    config: configSchema.parse({ version: 1 }),
    workers: WORKERS,
    cache: { folder: cache, repository: 'bench' },
  });
  try {
    await rendered.targets();
    const planned = performance.now();
    const reached = await rendered.reached();
    const failed = reached.find((target) => target.result.status !== 'rendered');
    if (failed !== undefined) throw new Error(`${failed.target.name}: ${JSON.stringify(failed.result)}`);
    const end = performance.now();
    return { ms: end - start, renderMs: end - planned, targets: reached.length };
  } finally {
    await rendered.close();
  }
}

/** The tools run once over every kustomization of one side, as a script would. */
async function timePlain(files: Files): Promise<{ ms: number; targets: number }> {
  const checkout = join(folder, 'checkout');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await writeFile(join(checkout, path), content);
  }
  const { kustomize } = await openToolbox();
  if (!('tool' in kustomize)) throw new Error(kustomize.missing);
  const program = await kustomize.tool.program();
  const { prefix } = kustomize.tool;
  const folders = Object.keys(files)
    .filter((path) => path.endsWith('/kustomization.yaml'))
    .map((path) => dirname(path));
  const pending = [...folders];
  const start = performance.now();
  const worker = async (): Promise<void> => {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      await run(program, [...prefix, next], checkout);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return { ms: performance.now() - start, targets: folders.length };
}

function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.resume();
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.join(' ')} ended with ${code}`));
    });
  });
}
