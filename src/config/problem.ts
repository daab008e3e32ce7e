import { GateError } from '../contract/index.js';
import { comparePaths } from '../git/index.js';

/** One thing that is wrong with a configuration file; line and column are 1-based, null where only the file is known. */
export interface ConfigProblem {
  path: string;
  line: number | null;
  column: number | null;
  /** What is wrong and, where it can be told, what was meant; one line. */
  message: string;
}

/** A configuration that cannot be obeyed. One problem is its message and place, several are listed in the message. */
export class ConfigError extends GateError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly [ConfigProblem, ...ConfigProblem[]]) {
    const [first, ...others] = problems;
    const { path, line, column } = first;
    if (others.length === 0) super('config', first.message, { place: { path, line, column } });
    else super('config', `${problems.length} problems:\n  ${problems.map(problemLine).join('\n  ')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** `path:line:column: message`, as compilers write it. */
export function problemLine(problem: ConfigProblem): string {
  const place = [problem.path, problem.line, problem.column].filter((part) => part !== null).join(':');
  return `${place}: ${problem.message}`;
}

/** Throws all problems as one error, in the order of their places; does nothing when there are none. */
export function refuse(problems: readonly ConfigProblem[]): void {
  const [first, ...others] = sortProblems(problems);
  if (first !== undefined) throw new ConfigError([first, ...others]);
}

/** Problems by file, line and column. */
export function sortProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...problems].sort(
    (a, b) =>
      comparePaths(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

/** A name out of a file that may be anybody's, for a message: quoted, one line, nothing invisible, at most 60 characters. */
export function quoted(text: string): string {
  return `\`${oneLine(text, 60).replaceAll('`', "'")}\``;
}

/** Text that may hold anything, fit for a message: one line, nothing invisible or well hidden in it, of bounded length. */
export function oneLine(text: string, longest = 300): string {
  const visible = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  const characters = [...visible];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : visible;
}
