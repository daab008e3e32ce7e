/** One place of the corpus that is, or is not, a secret in clear. */
export interface Case {
  path: string;
  /** First line, counted from 1. */
  from: number;
  to: number;
  family: string;
  secret: boolean;
}

/** A file of the corpus, its cases, and lines on which nobody is judged (a user name in a Secret). */
export interface Page {
  path: string;
  text: string;
  cases: Case[];
  unjudged: number[];
}

/**
 * Reads the marks at the ends of lines: `§T` a secret, `§F` none, `§?` not judged; `§T+` and `§F+` belong to the case
 * begun above.
 */
export function page(family: string, path: string, marked: string): Page {
  const cases: Case[] = [];
  const unjudged: number[] = [];
  const lines = marked.split('\n').map((line, i) => {
    const mark = /^(.*?) ?§([TF?])(\+?)$/s.exec(line);
    if (mark === null) return line;
    const last = cases.at(-1);
    if (mark[2] === '?') unjudged.push(i + 1);
    else if (mark[3] === '+' && last !== undefined) last.to = i + 1;
    else cases.push({ path, from: i + 1, to: i + 1, family, secret: mark[2] === 'T' });
    return mark[1] ?? '';
  });
  return { path, text: lines.join('\n'), cases, unjudged };
}

/** Marks a text of several lines as one case. */
export function marked(text: string, mark: 'T' | 'F', indent = ''): string {
  return text
    .split('\n')
    .map((line, i) => `${indent}${line} §${mark}${i === 0 ? '' : '+'}`)
    .join('\n');
}
