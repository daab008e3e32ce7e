import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** Bounds of one process: milliseconds of wall time and bytes of standard output. */
export interface ProcessBounds {
  timeoutMs: number;
  maxOutputBytes: number;
  signal?: AbortSignal;
}

/** How a process ended. `stderr` holds its first 64 KiB. */
export interface ProcessResult {
  end: 'exited' | 'killed' | 'timeout' | 'too-much-output' | 'aborted' | 'not-started';
  code: number | null;
  stdout: Buffer;
  stderr: string;
}

const STDERR_BYTES = 64 * 1024;

/**
 * Runs one program to its end with nothing of this process's environment, closed standard input, and all of its
 * process group killed when a bound is met. It never throws: how it ended is in the result.
 */
export function runBounded(
  command: readonly string[],
  options: ProcessBounds & { cwd?: string; env?: Readonly<Record<string, string>> },
): Promise<ProcessResult> {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    if (program === undefined || options.signal?.aborted === true) {
      resolve({ end: 'aborted', code: null, stdout: Buffer.alloc(0), stderr: '' });
      return;
    }
    const child = started(program, args, options);
    if (child === null) {
      resolve({ end: 'not-started', code: null, stdout: Buffer.alloc(0), stderr: '' });
      return;
    }
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let outputBytes = 0;
    let errorBytes = 0;
    let end: ProcessResult['end'] = 'exited';
    const kill = (reason: ProcessResult['end']): void => {
      if (end === 'exited') end = reason;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // The group is gone already: it ended by itself between the bound and the signal.
      }
    };
    const timer = setTimeout(() => kill('timeout'), options.timeoutMs);
    const abort = (): void => kill('aborted');
    options.signal?.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (outputBytes > options.maxOutputBytes) kill('too-much-output');
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errorBytes < STDERR_BYTES) errors.push(chunk.subarray(0, STDERR_BYTES - errorBytes));
      errorBytes += chunk.length;
    });
    const finish = (code: number | null, started: boolean): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', abort);
      if (!started) end = 'not-started';
      else if (end === 'exited' && code === null) end = 'killed';
      resolve({
        end,
        code,
        stdout: Buffer.concat(output),
        stderr: Buffer.concat(errors).toString('utf8'),
      });
    };
    child.on('error', () => finish(null, false));
    child.on('close', (code) => finish(code, true));
  });
}

/** The program at work, or null where its arguments or environment are none: too long for the system, or with a NUL. */
function started(
  program: string,
  args: readonly string[],
  { cwd, env }: { cwd?: string; env?: Readonly<Record<string, string>> },
): ChildProcessByStdio<null, Readable, Readable> | null {
  try {
    return spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
    if (code === 'E2BIG' || code === 'ERR_INVALID_ARG_VALUE') return null;
    throw error;
  }
}
