import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCorpus, writeCorpus } from '../../conformance/secrets/corpus.js';
import type { Peer } from './peers.js';
import { runPinned } from './pinned.js';

const SOURCES = join(import.meta.dirname, '../../scripts/typescript-sources.mjs');
const SCANNER = join(import.meta.dirname, 'scan-folder.ts');
/** What the engine and the whole scan should reach: MB/s, and as a multiple of gitleaks. */
const GOAL = { engine: 20, structure: 12, gitleaks: 10 };

/**
 * CPU seconds and MB/s of the engine, of the whole scan and of the peers on the same folder, each a process on one
 * core, one after the other. Ours is the time of the scan alone: the benchmark compiles its sources as it starts. The
 * ratios are of the first scan of a process, warming up included.
 */
export function benchSpeed(given: string | null, peers: readonly Peer[]): void {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'gitops-gate-bench-'));
  if (given === null) writeCorpus(folder, makeCorpus('bench', 200));
  try {
    let megabytes = 0;
    const ours = new Map<string, number>();
    for (const mode of ['engine', 'structure'] as const) {
      const run = runPinned([process.execPath, '--no-warnings', '--import', SOURCES, SCANNER, mode, folder]);
      if (run === null) throw new Error(`the ${mode} run failed`);
      const told = JSON.parse(run.stdout) as {
        bytes: number;
        findings: number;
        scanSeconds: number;
        warmSeconds: number;
      };
      megabytes = told.bytes / 1e6;
      const speed = megabytes / told.scanSeconds;
      ours.set(mode, speed);
      console.log(
        `${mode.padEnd(10)} ${speed.toFixed(1)} MB/s, a second time in the process ${(megabytes / told.warmSeconds).toFixed(1)} (goal ${GOAL[mode]}; ${megabytes.toFixed(1)} MB, ${told.findings} findings)`,
      );
    }
    for (const peer of peers) {
      const run = peer.missing === null ? peer.run(folder) : null;
      if (run === null) {
        console.log(`${peer.name.padEnd(10)} not measured: ${peer.missing ?? 'it failed on this folder'}`);
        continue;
      }
      const speed = megabytes / run.seconds;
      const ratios = [...ours].map(([mode, own]) => `${mode} ${(own / speed).toFixed(1)} x`).join(', ');
      const goal = peer.name === 'gitleaks' ? ` (goal ${GOAL.gitleaks} x)` : '';
      console.log(`${peer.name.padEnd(10)} ${speed.toFixed(1)} MB/s; ours: ${ratios}${goal}`);
    }
  } finally {
    if (given === null) rmSync(folder, { recursive: true, force: true });
  }
}
