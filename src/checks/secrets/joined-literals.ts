import type { Encoded } from './decode.js';

/** Two literals that code puts together: `'AB' + 'CD'`, `"AB" . "CD"`, Python's `"AB"` and `"CD"` on two lines. */
const SEAM =
  /(["'])(?:[ \t]{0,20}[+.&][ \t]{0,20}(?:\r?\n[ \t]{0,60})?|[ \t]{0,20}\\?\r?\n[ \t]{0,60}(?:[+.&][ \t]{0,4})?)\1/g;
const MOST_SEAMS = 2_000;
const REACH = 200;

const LIST = `((["'])[^"'\\n]{1,100}\\2(?:\\s{0,40},\\s{0,40}\\2[^"'\\n]{1,100}\\2){1,20})\\s{0,40},?\\s{0,40}`;
/** Lists of literals that are joined by nothing: JavaScript's and Ruby's, Python's, Go's. */
const JOINED_LISTS = [
  new RegExp(`\\[\\s{0,40}${LIST}\\]\\s{0,4}\\.join\\(\\s{0,4}(?:""|'')?\\s{0,4}\\)`, 'g'),
  new RegExp(`(?:""|'')\\.join\\(\\s{0,4}[[(]\\s{0,40}${LIST}[\\])]`, 'g'),
  new RegExp(`strings\\.Join\\(\\[\\]string\\{\\s{0,40}${LIST}\\},\\s{0,4}""\\)`, 'g'),
];

function joinedLists(text: string): Encoded[] {
  if (!/join\(/i.test(text)) return [];
  const found: Encoded[] = [];
  for (const shape of JOINED_LISTS) {
    for (const match of text.matchAll(shape)) {
      if (found.length > MOST_SEAMS) return found;
      const quote = match[2] ?? '"';
      const value = (match[1] ?? '')
        .split(/["']\s{0,40},\s{0,40}["']/)
        .join('')
        .slice(1, -1);
      const start = Math.max(0, match.index - REACH);
      const end = match.index + match[0].length;
      found.push({
        start,
        end,
        text: `${text.slice(start, match.index)}${quote}${value}${quote}`,
        encoding: 'joined',
      });
    }
  }
  return found;
}

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
  return [...found, ...joinedLists(text)];
}
