import type { Terminal } from './terminal.js';

const CLEAR_LINE = '\r\u001b[2K';

/** One line on stderr that says what is being done; nothing where stderr is no terminal. */
export interface Progress {
  say(text: string): void;
  /** Takes the line away before an answer is written. */
  done(): void;
}

/** A progress line for this terminal. */
export function progressOn({ stderr, env }: Terminal): Progress {
  if (stderr.isTTY !== true || env.TERM === 'dumb') return { say() {}, done() {} };
  let shown = false;
  return {
    say(text) {
      shown = true;
      stderr.write(`${CLEAR_LINE}${text} …`);
    },
    done() {
      if (shown) stderr.write(CLEAR_LINE);
      shown = false;
    },
  };
}
