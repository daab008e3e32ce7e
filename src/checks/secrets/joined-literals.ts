import type { Encoded } from './decode.js';

/** Two literals that code puts together: `'AB' + 'CD'`, `"AB" . "CD"`, Python's `"AB"` and `"CD"` on two lines. */
const SEAM =
  /(["'])(?:[ \t]{0,20}[+.&][ \t]{0,20}(?:\r?\n[ \t]{0,60})?|[ \t]{0,20}\\?\r?\n[ \t]{0,60}(?:[+.&][ \t]{0,4})?)\1/g;
const MOST_SEAMS = 2_000;
const REACH = 200;

/** Stretches of code around string literals that are put together, as one literal each. */
export function joinedLiterals(text: string): Encoded[] {
  const found: Encoded[] = [];
  let count = 0;
  for (const match of text.matchAll(SEAM)) {
    if (++count > MOST_SEAMS) break;
    const last = found.at(-1);
    const end = match.index + match[0].length;
    if (last !== undefined && match.index < last.end) {
      last.end = Math.min(text.length, end + REACH);
      continue;
    }
    found.push({
      start: Math.max(0, match.index - REACH),
      end: Math.min(text.length, end + REACH),
      text: '',
      encoding: 'joined',
    });
  }
  for (const part of found) part.text = text.slice(part.start, part.end).replace(SEAM, '');
  return found;
}
