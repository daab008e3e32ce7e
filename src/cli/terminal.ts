import { errorCode } from './error-code.js';

/** The two streams of a command: the answer on one, everything said beside it on the other. */
export interface Terminal {
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean };
  env: NodeJS.ProcessEnv;
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
};

/** Whether the answer may be coloured: only on a terminal, and not where NO_COLOR (no-color.org) is set. */
export function mayColour({ stdout, env }: Terminal): boolean {
  return stdout.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** Columns to wrap prose at, or undefined where the answer goes to a file or a pipe. */
export function columns({ stdout }: Terminal): number | undefined {
  return stdout.isTTY === true ? Math.min(stdout.columns ?? 80, 120) : undefined;
}

/** Writes all of it, or rejects; a reader that has gone away (EPIPE) is no error. */
export async function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === undefined || error === null || isClosedPipe(error)) resolve();
      else reject(error);
    });
  });
}

/** True for the error of writing to a reader that has gone away, as `| head` does. */
export function isClosedPipe(error: unknown): boolean {
  return errorCode(error) === 'EPIPE';
}
