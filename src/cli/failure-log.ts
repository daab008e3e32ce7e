import { appendFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { visible } from '../report/index.js';
import { type Terminal, write } from './terminal.js';

const LONGEST_WORD = 32;

/**
 * Where an error happened. Its message is not the gate's own wording and may quote what was being read, so quoted
 * parts and long words are left out: a log must not hold a secret.
 */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const cause = error.cause === undefined ? [] : [`caused by ${traceOf(error.cause)}`];
  return [traceOfStack(error.stack ?? `${error.name}: ${error.message}`), ...cause].join('\n');
}

/** The same for a stack alone: the first line without what it quotes, and the frames. */
export function traceOfStack(stack: string): string {
  const [first = '', ...others] = stack.split('\n');
  return [unquoted(first), ...others.filter((line) => /^\s+at /.test(line))].join('\n');
}

function unquoted(line: string): string {
  return visible(line.slice(0, 400))
    .replace(/"[^"]*"?|'[^']*'?|`[^`]*`?/g, (quoted) => `<${quoted.length} characters>`)
    .split(' ')
    .map((word) => (word.length > LONGEST_WORD ? `<${word.length} characters>` : word))
    .join(' ');
}

/**
 * Puts a trace where it can be found by its id: on the terminal with `--debug`, else in the file that GITOPS_GATE_LOG
 * names, else in a new file of its own.
 * @returns words for the end of a sentence that say where it is
 */
export async function logFailure(
  id: string,
  trace: string,
  terminal: Terminal,
  debug: boolean,
): Promise<string> {
  if (debug) {
    await write(terminal.stderr, `${id}\n${trace}\n`);
    return '';
  }
  try {
    const named = terminal.env.GITOPS_GATE_LOG;
    if (named !== undefined && named !== '') {
      appendFileSync(named, `${id}\n${trace}\n`, { mode: 0o600 });
      return `; see ${visible(named)}`;
    }
    // a new file of its own: nothing that somebody put there before is followed or overwritten
    const file = path.join(tmpdir(), `gitops-gate-${id}.log`);
    writeFileSync(file, `${id}\n${trace}\n`, { flag: 'wx', mode: 0o600 });
    return `; see ${visible(file)}`;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'it failed';
    if (code === 'EEXIST') return `; see ${path.join(tmpdir(), `gitops-gate-${id}.log`)}`;
    return `; the log could not be written (${code}), --debug shows where it happened`;
  }
}
