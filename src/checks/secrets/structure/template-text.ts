/** What stands for an action in a line: the judges know it as a reference. */
const ACTION = '__TEMPLATE__';

/** A Go template without its actions: lines of nothing else are blank, others have a word for each. Lines stay. */
export function withoutActions(text: string): string {
  const marked = text.replace(/\{\{[^{}]{0,2000}\}\}/g, (action) => `\u0001${action.replace(/[^\n]+/g, '')}`);
  return marked
    .split('\n')
    .map((line) => (line.replaceAll('\u0001', '').trim() === '' ? '' : line.replaceAll('\u0001', ACTION)))
    .join('\n');
}
