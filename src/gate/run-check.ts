import { oneLine } from '../config/index.js';
import { type CheckName, type CheckResult, emptyResult, fingerprint, GateError } from '../contract/index.js';

/** What the log gets of an error that a check did not expect. */
export interface ErrorRecord {
  /** Shown in the report too; the same error has the same id. */
  id: string;
  check: CheckName;
  stack: string;
}

/** Where records of unexpected errors go; it must not throw. */
export type ErrorLog = (record: ErrorRecord) => void;

export interface TimedResult {
  result: CheckResult;
  durationMs: number;
}

export interface RunOptions {
  signal: AbortSignal;
  /** Milliseconds after which the check is given up. */
  deadlineMs: number;
  /** Milliseconds that a check has, once ended, to report what it could not verify. */
  graceMs: number;
  log: ErrorLog;
  /** Milliseconds from any fixed point. */
  clock: () => number;
}

/**
 * Runs one check apart from the others. However it fails (an error, a result that is none, no answer in time), the
 * outcome is a result that closes and says why, and the other checks go on.
 */
export async function runCheck(
  name: CheckName,
  check: (signal: AbortSignal) => Promise<CheckResult>,
  options: RunOptions,
): Promise<TimedResult> {
  const started = options.clock();
  const timed = (result: CheckResult): TimedResult => ({
    result,
    durationMs: Math.max(0, Math.round(options.clock() - started)),
  });
  const deadline = new AbortController();
  const signal = AbortSignal.any([options.signal, deadline.signal]);
  let stop: () => void = () => undefined;
  const givenUp = new Promise<CheckResult>((resolve) => {
    stop = onceEnded(signal, options.graceMs, () => resolve(notVerified(name, endReason(options))));
  });
  const timer = setTimeout(() => deadline.abort(), options.deadlineMs);
  try {
    const result = await Promise.race([Promise.resolve().then(() => check(signal)), givenUp]);
    if (!Array.isArray((result as Partial<CheckResult> | undefined)?.findings)) {
      throw new TypeError(`the ${name} check gave no result`);
    }
    return timed({ ...result, name });
  } catch (error) {
    if (signal.aborted && !(error instanceof GateError)) return timed(notVerified(name, endReason(options)));
    return timed(failed(name, error, options.log));
  } finally {
    clearTimeout(timer);
    stop();
  }
}

/** The result of a check that met an error. */
export function failed(name: CheckName, error: unknown, log: ErrorLog): CheckResult {
  // A GateError is written for people; anything else is looked up in the log.
  if (error instanceof GateError && error.code !== 'internal') return notVerified(name, error.message);
  const stack = stackOf(error);
  // Where it happened makes the id, not the message: that may quote what was being read.
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const id = fingerprint('internal-error', name, ...frames).slice(0, 12);
  log({ id, check: name, stack });
  return notVerified(name, `internal error ${id}; the log has where it happened`);
}

function endReason(options: RunOptions): string {
  if (options.signal.aborted) return 'the run was interrupted';
  return `no answer within ${Math.round(options.deadlineMs / 1000)} s`;
}

/** A result that says that a check could not be carried out, and closes. */
export function notVerified(name: CheckName, reason: string): CheckResult {
  const result = emptyResult(name);
  result.notVerified.push({ what: `the ${name} check`, reason: oneLine(reason, 1_000), closes: true });
  return result;
}

/** Calls back some time after the signal ended, for a check that does not heed it; gives what undoes the wait. */
function onceEnded(signal: AbortSignal, graceMs: number, then: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    timer = setTimeout(then, graceMs);
  };
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', wait);
  };
}

function stackOf(error: unknown): string {
  const stack = (error as Partial<Error> | null | undefined)?.stack;
  return typeof stack === 'string' ? stack : String(error);
}
