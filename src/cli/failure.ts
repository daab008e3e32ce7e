import { randomBytes } from 'node:crypto';
import { exitCodeOf, GateError } from '../contract/index.js';
import { visible } from '../report/index.js';
import { kindOfError, logFailure, traceOf } from './failure-log.js';
import { type Terminal, write } from './terminal.js';

/**
 * Tells of an error and gives the exit code: what the user can mend in plain words, everything else as an internal
 * error with an id under which the log has where it happened.
 */
export async function reportFailure(error: unknown, terminal: Terminal, debug: boolean): Promise<number> {
  if (error instanceof GateError && error.code !== 'internal') {
    await write(terminal.stderr, `gitops-gate: ${messageOf(error).split('\n').map(visible).join('\n')}\n`);
    return exitCodeOf(error);
  }
  const id = randomBytes(6).toString('hex');
  const where = await logFailure(id, traceOf(error), terminal, debug);
  const name = error instanceof Error ? kindOfError(error.name) : typeof error;
  await write(terminal.stderr, `gitops-gate: internal error ${id} (${visible(name)})${where}\n`);
  return 3;
}

/** The message with its place before it, where it does not name its place itself (a configuration's problems do). */
export function messageOf(error: GateError): string {
  const { place, message } = error;
  if (place === null || message.includes(place.path)) return message;
  const { path, line, column } = place;
  return `${[path, line, column].filter((part) => part !== null).join(':')}: ${message}`;
}
