import type { Command } from 'commander';
import type { Progress } from './progress.js';
import type { Terminal } from './terminal.js';

/** What a command gets besides its own options. */
export interface Invocation {
  terminal: Terminal;
  progress: Progress;
  /** Aborted when the user interrupts. */
  signal: AbortSignal;
  /** Show where internal errors happened. */
  debug: boolean;
}

/** Carries a command out and gives its exit code. */
export type Run = (invocation: Invocation) => Promise<number>;

/** A command's file exports this: it declares arguments, options and help, and hands what was asked for to `start`. */
export type Declare = (command: Command, start: (run: Run) => void) => void;

/** A command as the overview lists it; its file is loaded when it is called. */
export interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<Declare>;
}
