import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How long all expressions of a test file may take together, in milliseconds. */
export const EXAMINING_MS = 600_000;

const PROGRAM = fileURLToPath(new URL('./ask-recheck.mjs', import.meta.url));

/**
 * recheck's status of each regular expression, by `source/flags`: 'safe', 'vulnerable' or 'unknown'.
 *
 * @throws when recheck cannot be run, or does not end in time
 */
export function examinedRegexes(
  expressions: readonly { source: string; flags: string }[],
): ReadonlyMap<string, string> {
  const printed = execFileSync(process.execPath, [PROGRAM], {
    input: JSON.stringify(expressions.map(({ source, flags }) => ({ source, flags }))),
    encoding: 'utf8',
    maxBuffer: 1 << 24,
    timeout: EXAMINING_MS,
  });
  const statuses: string[] = JSON.parse(printed);
  return new Map(
    expressions.map(({ source, flags }, at) => [`${source}/${flags}`, statuses[at] ?? 'missing']),
  );
}
