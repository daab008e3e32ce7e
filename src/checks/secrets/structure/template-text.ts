import { literalOfAction } from '../template-literal.js';

/** What stands for an action in a line: the judges know it as a reference. */
const ACTION = '__TEMPLATE__';

/**
 * A Go template without its actions: lines of nothing else are blank, others have a word for each, or the text that the
 * action writes whatever the values are (a literal, also one that it puts together or keeps in a variable). Lines stay.
 */
export function withoutActions(text: string): string {
  const variables = new Map<string, string>();
  const marked = text.replace(/\{\{([^{}]{0,2000})\}\}/g, (action, inner: string) => {
    const name = /^-?\s*(\$\w{1,60})\s*(:?=)?/.exec(inner);
    const literal = literalOfAction(inner);
    if (name?.[2] !== undefined) {
      if (literal !== null) variables.set(name[1] as string, literal);
      return `\ue001${breaks(action)}`;
    }
    const known = literal ?? (name === null ? undefined : variables.get(name[1] as string));
    return known === undefined || known === null || !/^[\x20-\x7e]*$/.test(known)
      ? `\ue001${breaks(action)}`
      : `\ue002${known}\ue003${breaks(action)}`;
  });
  return marked
    .split('\n')
    .map((line) =>
      line.replaceAll('\ue001', '').trim() === '' ? '' : written(line.replaceAll('\ue001', ACTION)),
    )
    .join('\n');
}

function breaks(action: string): string {
  return action.replace(/[^\n]+/g, '');
}

/** A value of literals becomes one plain scalar, whatever characters are in it. */
function written(line: string): string {
  if (!line.includes('\ue002')) return line;
  const whole = /^(\s*(?:-\s+)?(?:[\w."'/-]+:\s*)?)["']?((?:\ue002[^\ue002\ue003]*\ue003)+)["']?\s*$/.exec(
    line,
  );
  if (whole === null) return line.replace(/[\ue002\ue003]/g, '');
  const [, lead = '', value = ''] = whole;
  return `${lead}${JSON.stringify(value.replace(/[\ue002\ue003]/g, ''))}`;
}
