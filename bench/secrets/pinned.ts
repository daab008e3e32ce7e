import { spawnSync } from 'node:child_process';

const PIN = spawnSync('taskset', ['-V']).status === 0 ? ['taskset', '-c', '0'] : [];

export interface Pinned {
  /** CPU seconds of user and system, its children included. */
  seconds: number;
  stdout: string;
}

/** Runs a command on one core (where there is taskset); null when it cannot be run or fails. */
export function runPinned(command: readonly string[]): Pinned | null {
  const script = 'TIMEFORMAT="%U %S"; time "$@"';
  const run = spawnSync('bash', ['-c', script, 'bench', ...PIN, ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, GOMAXPROCS: '1' },
  });
  const times = /([\d.]+) ([\d.]+)\s*$/.exec(run.stderr.trim());
  return run.status !== 0 || times === null
    ? null
    : { seconds: Number(times[1]) + Number(times[2]), stdout: run.stdout };
}
