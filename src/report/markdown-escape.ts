import { clip, visible } from './visible.js';

/** Breaks what GitHub would act on in plain text: mentions, references, autolinks. Zero width, so it reads the same. */
const BREAK = '&ZeroWidthSpace;';

/** Repository text in one line, without HTML, and without what GitHub acts on even in plain words. */
function inertText(text: string, max: number): string {
  return clip(visible(text), max)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@/g, `@${BREAK}`)
    .replace(/#(?=\d)/g, `#${BREAK}`)
    .replace(/\bGH-(?=\d)/gi, (start) => `${start}${BREAK}`)
    .replace(/:\/\//g, `:${BREAK}//`)
    .replace(/\bwww\./gi, (start) => `${start.slice(0, 3)}${BREAK}.`);
}

/**
 * Repository text as plain words in GitHub's Markdown, in one line, safe in a table cell: no markup, HTML, mention,
 * issue reference, autolink or invisible character comes of it.
 */
export function markdownText(text: string, max = 500): string {
  return inertText(text, max)
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replace(/^([-+=#]|\d+[.)])/, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`);
}

/** Repository text within an HTML element of Markdown, where no Markdown is read. */
export function markdownHtml(text: string, max = 300): string {
  return inertText(text, max);
}

/**
 * Repository text as a code span: its fence is longer than any run of backticks in it, pipes are escaped for table
 * cells, nothing in it is markup or a mention.
 */
export function markdownCode(text: string, max = 300): string {
  const content = clip(visible(text), max);
  if (content.trim() === '') return '` `';
  const longest = Math.max(0, ...(content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = content.startsWith('`') || content.endsWith('`') || longest > 0 ? ' ' : '';
  // a pipe ends a table's cell even within code, unless it is escaped; a backslash before it would undo that
  const cell = content.replace(/\\*\|/g, (run) => `${run.slice(0, -1).replace(/\\/g, '＼')}\\|`);
  return `${fence}${pad}${cell}${pad}${fence}`;
}

/** Prose of a check, in which commands stand between backticks: those become code spans, all else plain words. */
export function markdownProse(text: string, max = 700): string {
  const parts = clip(text, max).split('`');
  // an odd backtick out is text like any other
  const last = parts.length % 2 === 0 ? parts.pop() : undefined;
  if (last !== undefined) parts[parts.length - 1] = `${parts.at(-1) ?? ''}'${last}`;
  return parts
    .map((part, index) => {
      if (index % 2 === 0)
        return part
          .split('\n')
          .map((line) => markdownText(line, max))
          .join('<br>');
      return markdownCode(part, max);
    })
    .join('');
}

/** Text for a fenced block: lines kept, the fence longer than any run of backticks. */
export function markdownBlock(lines: readonly string[], language: string): string {
  const content = lines.map((line) => clip(visible(line), 400));
  const longest = Math.max(
    2,
    ...content.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${content.join('\n')}\n${fence}`;
}
