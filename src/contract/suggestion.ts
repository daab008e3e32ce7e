/**
 * A change of one file that mends a finding. It is offered only where it was tried: the finding is gone, nothing else has
 * changed, in the file and in everything that is rendered from it.
 */
export interface Suggestion {
  /** Repository path of the file. */
  path: string;
  /** Where the change begins, 1-based: the first line that goes, or the line before which new ones come. */
  line: number;
  /** The lines that go, without their ends; none where lines are only added. */
  removed: string[];
  /** The lines that come in their place; none where lines only go. */
  added: string[];
}

/** The suggestion that makes one text of another: what lies between their equal beginning and their equal end. */
export function suggestionOf(path: string, before: string, after: string): Suggestion {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const shorter = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < shorter && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  return {
    path,
    line: start + 1,
    removed: old.slice(start, old.length - end),
    added: fresh.slice(start, fresh.length - end),
  };
}

/** What stands behind the last line's end is no line. */
function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** The suggestion as a unified diff without context. */
export function suggestionDiff({ path, line, removed, added }: Suggestion): string {
  // a range of no lines names the line before it (POSIX diff -u)
  const range = (lines: readonly string[]): string =>
    `${lines.length === 0 ? line - 1 : line},${lines.length}`;
  return [
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -${range(removed)} +${range(added)} @@`,
    ...removed.map((text) => `-${text}`),
    ...added.map((text) => `+${text}`),
  ].join('\n');
}
