import { structuredPatch } from 'diff';

/** A run of lines that differ. `line` is 1-based in the text after (before, where lines are only removed). */
export interface TextHunk {
  line: number;
  removed: string[];
  added: string[];
}

/** Longer texts are compared as a whole: the cost of a line diff grows with lines times differences. */
const LONGEST = 100_000;
const MOST_EDITS = 500;

/** True for texts that people read by lines. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n');
}

/** The runs of lines in which two texts differ, or null where they are too long or too different to say. */
export function textHunks(before: string, after: string): TextHunk[] | null {
  if (before.length > LONGEST || after.length > LONGEST) return null;
  const patch = structuredPatch('', '', before, after, '', '', { context: 0, maxEditLength: MOST_EDITS });
  if (patch === undefined) return null;
  return patch.hunks.map((hunk) => {
    const lines = hunk.lines.filter((line) => !line.startsWith('\\'));
    const removed = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
    const added = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
    return { line: added.length > 0 ? hunk.newStart : hunk.oldStart, removed, added };
  });
}
