import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Options } from './options.js';
import { runPinned } from './pinned.js';

/** A place that a tool told, with 1-based lines. */
export interface Told {
  path: string;
  from: number;
  to: number;
}

/** What a tool did with a folder. */
export interface PeerRun {
  /** CPU seconds of its process. */
  seconds: number;
  told: Told[];
}

/** A tool to compare with. */
export interface Peer {
  name: string;
  /** Why it cannot be run, with what would mend that, or null. */
  missing: string | null;
  run(folder: string): PeerRun | null;
}

/** The tools that this benchmark knows, installed or not. */
export function peersOf(options: Options): Peer[] {
  return [gitleaks(options.gitleaks), secretlint(options.secretlint)];
}

/** gitleaks with its own rules; decodes as deep as we do. */
function gitleaks(command: string): Peer {
  const found = spawnSync(command, ['version']).status === 0;
  return {
    name: 'gitleaks',
    missing: found ? null : `${command} does not run: go install github.com/zricethezav/gitleaks/v8@latest`,
    run: (folder) => {
      const out = mkdtempSync(join(tmpdir(), 'gitleaks-'));
      const report = join(out, 'report.json');
      try {
        const quiet = ['--no-banner', '--redact', '--exit-code=0', '--log-level=error'];
        const run = runPinned([
          ...[command, 'dir', folder, ...quiet],
          ...['--max-decode-depth=3', '-f=json', `-r=${report}`],
        ]);
        if (run === null) return null;
        const rows = JSON.parse(readFileSync(report, 'utf8')) as {
          File: string;
          StartLine: number;
          EndLine: number;
        }[];
        const told = rows.map((row) => ({
          path: relative(folder, row.File),
          from: row.StartLine,
          to: row.EndLine,
        }));
        return { seconds: run.seconds, told };
      } finally {
        rmSync(out, { recursive: true, force: true });
      }
    },
  };
}

/** secretlint's core with the recommended preset, in one process: its command line starts no faster. */
function secretlint(installed: string | null): Peer {
  const folder = resolve(installed ?? '.');
  const require = createRequire(join(folder, 'package.json'));
  let missing: string | null = null;
  try {
    for (const name of ['core', 'secretlint-rule-preset-recommend']) require.resolve(`@secretlint/${name}`);
  } catch {
    // Resolving is the question itself: what is not there is said.
    missing = `it is not installed in ${folder}: npm install @secretlint/core @secretlint/secretlint-rule-preset-recommend in a folder, and --secretlint FOLDER`;
  }
  return {
    name: 'secretlint',
    missing,
    run: (scanned) => {
      const script = join(import.meta.dirname, 'secretlint-folder.mjs');
      const run = runPinned([process.execPath, script, folder, scanned]);
      return run === null
        ? null
        : { seconds: run.seconds, told: (JSON.parse(run.stdout) as { told: Told[] }).told };
    },
  };
}
