import type { Verdict } from '../contract/index.js';

/** What a door knows of the place where a report is read. */
export interface ReportOptions {
  /** ANSI colours; only on a terminal, and never with NO_COLOR. */
  colour?: boolean;
  /** Columns to wrap prose at; absent: lines are left whole (files, pipes). */
  width?: number;
}

/** A format: from a verdict to the whole text of the report, final newline included. */
export type ReportWriter = (verdict: Verdict, options: ReportOptions) => string;
