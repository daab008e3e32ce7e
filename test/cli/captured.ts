import { Writable } from 'node:stream';
import type { Terminal } from '../../src/cli/terminal.js';

/** A terminal whose streams are kept as text. */
export function captured(env: NodeJS.ProcessEnv = {}, tty = false) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          texts[name] += String(chunk);
          done();
        },
      }),
      { isTTY: tty, columns: 100 },
    );
  const terminal: Terminal = { stdout: stream('stdout'), stderr: stream('stderr'), env };
  return { terminal, stdout: () => texts.stdout, stderr: () => texts.stderr };
}
