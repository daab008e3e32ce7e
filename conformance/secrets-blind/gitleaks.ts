import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Told } from './score.js';

interface Row {
  File: string;
  StartLine: number;
  EndLine: number;
}

/** What gitleaks on PATH tells of a folder, with its own rules and a decode depth of 3; null where it is not installed. */
export function gitleaks(folder: string): Told[] | null {
  const out = mkdtempSync(join(tmpdir(), 'gitleaks-'));
  const report = join(out, 'report.json');
  try {
    const args = [
      'dir',
      folder,
      '--no-banner',
      '--redact',
      '--exit-code=0',
      '--max-decode-depth=3',
      '-f=json',
      `-r=${report}`,
    ];
    const { error, status } = spawnSync('gitleaks', args, { encoding: 'utf8' });
    if (error !== undefined) return null;
    if (status !== 0) throw new Error(`gitleaks ended with ${status}`);
    const rows: Row[] = JSON.parse(readFileSync(report, 'utf8'));
    return rows.map((row) => ({ path: relative(folder, row.File), from: row.StartLine, to: row.EndLine }));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
