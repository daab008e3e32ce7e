import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import type { Terminal } from '../../src/cli/terminal.js';

/** What a call of the command line gave. */
export interface Answered {
  code: number;
  stdout: string;
  stderr: string;
}

class Captured extends Writable {
  readonly isTTY: boolean;
  readonly columns = 100;
  text = '';

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

/** What these tests render is kept for them alone: never out of, or in, the user's cache. */
const CACHE = mkdtempSync(join(tmpdir(), 'gitops-gate-e2e-cache-'));
afterAll(() => rmSync(CACHE, { recursive: true, force: true }));

/** Runs the command line in this process, with streams that are no terminal unless asked. */
export async function gate(
  argv: readonly string[],
  options: { tty?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<Answered> {
  const stdout = new Captured(options.tty === true);
  const stderr = new Captured(options.tty === true);
  const terminal: Terminal = { stdout, stderr, env: { GITOPS_GATE_CACHE: CACHE, ...options.env } };
  const code = await run(argv, terminal);
  return { code, stdout: stdout.text, stderr: stderr.text };
}
