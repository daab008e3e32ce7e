import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { GateError } from '../contract/index.js';
import { printable } from './memory-tree.js';

/** A git command that has not ended after this many milliseconds is killed. */
const DEADLINE_MS = 120_000;
const MAX_OUTPUT = 256 * 1024 * 1024;
const MAX_ERROR = 64 * 1024;
/** `merge-tree --write-tree` came with this version. */
const OLDEST: readonly [number, number] = [2, 38];

export interface GitResult {
  status: number;
  stdout: Buffer;
  stderr: string;
}

/**
 * The whole environment of every git process: nothing of the user's, the system's or the repository's configuration,
 * attributes, hooks, credentials, replacement refs or transports takes part (git(1), "Environment Variables").
 */
export function gitEnvironment(gitDir: string): NodeJS.ProcessEnv {
  const passed: NodeJS.ProcessEnv = {};
  // What the executable itself needs to be found and started, on Linux, macOS and Windows.
  for (const name of ['PATH', 'TMPDIR', 'DEVELOPER_DIR', 'SystemRoot', 'LD_LIBRARY_PATH']) {
    if (process.env[name] !== undefined) passed[name] = process.env[name];
  }
  return {
    ...passed,
    HOME: gitDir,
    XDG_CONFIG_HOME: gitDir,
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: devNull,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    // An empty list: should an older git try to fetch a missing object all the same, no transport is allowed.
    GIT_ALLOW_PROTOCOL: '',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
    TZ: 'UTC',
  };
}

/** Starts git with its streams as pipes; the caller handles its end. */
export function spawnGit(
  gitDir: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  return spawn('git', args, {
    cwd: gitDir,
    env: { ...gitEnvironment(gitDir), ...environment },
    windowsHide: true,
  });
}

/**
 * Runs one git command to its end.
 * @param gitDir absolute; also the working directory
 * @returns status, all of standard output, and standard error cut to 64 KiB
 * @throws GateError `tool-missing` without git, `timeout` after two minutes, `limit` for more output than 256 MiB
 */
export function runGit(
  gitDir: string,
  args: readonly string[],
  options: { environment?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawnGit(gitDir, args, options.environment);
    const output: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let failure: GateError | null = null;
    const stop = (error: GateError): void => {
      failure ??= error;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(
      () => stop(new GateError('timeout', `git ${args[0]} took longer than ${DEADLINE_MS / 1000} s`)),
      DEADLINE_MS,
    );
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT)
        stop(new GateError('limit', `git ${args[0]} printed more than ${MAX_OUTPUT} bytes`));
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < MAX_ERROR) stderr += chunk.toString('utf8');
    });
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(failure ?? cannotStart(cause));
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      if (failure !== null) reject(failure);
      else resolve({ status: status ?? 128, stdout: Buffer.concat(output), stderr });
    });
    // git may end without reading its input; the exit status tells what happened.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(options.input ?? '');
  });
}

/** The error for a command that failed, with git's own words made safe to print. */
export function gitFailed(what: string, stderr: string): GateError {
  const words = stderr
    .split('\n')
    .map((line) => printable(line.trim()))
    .filter((line) => line !== '')
    .join('; ')
    .slice(0, 500);
  return new GateError('git-failed', words === '' ? what : `${what}: ${words}`);
}

/** The error for a git that cannot be started. */
export function cannotStart(cause: unknown): GateError {
  return new GateError('tool-missing', 'git cannot be started: install it (apt-get install git)', { cause });
}

let version: Promise<string> | null = null;

/**
 * The version of git, once a process.
 * @throws GateError `tool-missing` when there is none, or one older than 2.38
 */
export function gitVersion(gitDir: string): Promise<string> {
  version ??= runGit(gitDir, ['version']).then(({ stdout }) => {
    const text = stdout.toString('utf8').trim();
    const found = /(\d{1,6})\.(\d{1,6})[^ ]*/.exec(text);
    if (found === null)
      throw new GateError('tool-missing', `cannot tell git's version from "${printable(text)}"`);
    requireVersion(found[0], Number(found[1]), Number(found[2]));
    return found[0];
  });
  version.catch(() => {
    // A git installed meanwhile is found by the next call; this one's caller has the error.
    version = null;
  });
  return version;
}

/** @throws GateError `tool-missing` for a git without `merge-tree --write-tree` */
export function requireVersion(text: string, major: number, minor: number): void {
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new GateError(
    'tool-missing',
    `git ${text} is too old: the gate needs git ${OLDEST.join('.')} or later (merge-tree --write-tree); upgrade git`,
  );
}
