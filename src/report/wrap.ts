/** A word, or words with a span of backticks that must stay together. */
const PIECE = /(?:`[^`]*`|[^ `]|`)+/g;

/**
 * Breaks one line of prose at spaces so that no line is longer than `width` where that can be had. Neither words nor
 * what stands between backticks are cut: a command must stay copyable.
 */
export function wrap(text: string, width: number | undefined): string[] {
  if (width === undefined || text.length <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(PIECE) ?? []) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** Pads to a number of columns. */
export function column(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  return side === 'left' ? text.padEnd(width) : text.padStart(width);
}
