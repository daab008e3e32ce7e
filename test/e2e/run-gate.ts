import { Writable } from 'node:stream';
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

/** Runs the command line in this process, with streams that are no terminal unless asked. */
export async function gate(
  argv: readonly string[],
  options: { tty?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<Answered> {
  const stdout = new Captured(options.tty === true);
  const stderr = new Captured(options.tty === true);
  const terminal: Terminal = { stdout, stderr, env: options.env ?? {} };
  const code = await run(argv, terminal);
  return { code, stdout: stdout.text, stderr: stderr.text };
}
