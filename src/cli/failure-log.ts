import { appendFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { visible } from '../report/index.js';
import { errorCode } from './error-code.js';
import { type Terminal, write } from './terminal.js';

const LONGEST_WORD = 32;

/** Errors of the engine about the gate's own code; what they say is not quoted from what was being read. */
const ABOUT_CODE = new Set(['TypeError', 'RangeError', 'ReferenceError']);

/** The name of an error where it is one that classes have: any other may have come from what was being read. */
export function kindOfError(name: string): string {
  return /^(?:[A-Z][A-Za-z]{0,40})?(?:Error|Exception)$/.test(name) ? name : 'Error';
}

/**
 * Where an error happened. A message is kept only where it is about code, and without what it quotes: others may
 * repeat what was being read, and a log must not hold a secret.
 */
export function traceOf(error: unknown): string {
  const { name, message, stack, cause } = error as Partial<Error>;
  if (typeof message !== 'string') return typeof error;
  const own = traceOfStack(typeof stack === 'string' ? stack : `${name}: ${message}`);
  return cause === undefined ? own : `${own}\ncaused by ${traceOf(cause)}`;
}

/** The same for a stack alone. */
export function traceOfStack(stack: string): string {
  const [first = '', ...others] = stack.split('\n');
  return [shortened(first), ...others.filter((line) => /^\s+at /.test(line))].join('\n');
}

function shortened(line: string): string {
  const [, name = 'Error', message = ''] = /^([\w.]{1,60}): (.*)$/.exec(line) ?? [];
  if (!ABOUT_CODE.has(name)) return `${kindOfError(name)}: <${message.length} characters>`;
  const unquoted = message
    .slice(0, 400)
    .replace(/"[^"]*"?|'[^']*'?|`[^`]*`?/g, (text) => `<${text.length} characters>`);
  const words = unquoted
    .split(' ')
    .map((word) => (word.length > LONGEST_WORD ? `<${word.length} characters>` : word));
  return `${name}: ${visible(words.join(' '))}`;
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
    const code = errorCode(cause) ?? 'it failed';
    if (code === 'EEXIST') return `; see ${path.join(tmpdir(), `gitops-gate-${id}.log`)}`;
    return `; the log could not be written (${code}), --debug shows where it happened`;
  }
}
