import { oneLine } from './problem.js';

/**
 * What is wrong with a regular expression of the configuration, or null. JavaScript's syntax is taken, and RE2's
 * (as in gitleaks' rules) where JavaScript has none for it.
 * @param group the capture group that the rule reads
 */
export async function regexProblem(
  source: string,
  group: number,
): Promise<{ about: 'regex' | 'group'; message: string } | null> {
  let groups: number;
  try {
    new RegExp(source);
    // An empty alternative makes the expression match, and the match tells the number of groups.
    groups = (new RegExp(`${source}|`).exec('') as RegExpExecArray).length - 1;
  } catch (error) {
    const { RE2JS } = await import('re2js');
    try {
      groups = RE2JS.compile(source).groupCount();
    } catch {
      // Neither reads it: JavaScript's complaint is the one that people can look up.
      const reason = oneLine(String((error as Error).message)).replace(/^Invalid regular expression: /, '');
      return { about: 'regex', message: `is not a regular expression: ${reason}` };
    }
  }
  if (group <= groups) return null;
  return { about: 'group', message: `is ${group}, but the regex has ${groups} capture groups` };
}
