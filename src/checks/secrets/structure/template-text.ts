import { literalOfAction } from '../template-literal.js';

/** What stands for an action in a line: the judges know it as a reference. */
const ACTION = '__TEMPLATE__';

/**
 * A template's text once for each way through it that matters: whole (of a key that stands there twice the last one
 * counts), with what stands before every `else`, and with what stands behind it. Lines stay where they are.
 */
export function waysThrough(text: string): string[] {
  if (!/\{\{-?\s*else\b/.test(text)) return [text];
  return [text, oneWay(text, true), oneWay(text, false)];
}

/** Conditions within one another beyond which a template is taken as it is. */
const DEEPEST = 64;

function oneWay(text: string, first: boolean): string {
  /** Whether what is around each open action is kept. */
  const open: boolean[] = [];
  let keep = true;
  let from = 0;
  let out = '';
  const copy = (to: number): void => {
    const part = text.slice(from, to);
    out += keep ? part : breaks(part);
    from = to;
  };
  for (const match of text.matchAll(/\{\{-?\s*(if|with|range|define|block|else|end)\b[^{}]{0,2000}\}\}/g)) {
    if (open.length > DEEPEST) return text;
    copy(match.index);
    from = match.index + match[0].length;
    out += breaks(match[0]);
    const word = match[1] as string;
    const top = open.at(-1);
    if (word === 'end') {
      open.pop();
      keep = top ?? true;
    } else if (word === 'else') {
      // Of a chain of `else if` the last one is the way behind it.
      if (top !== undefined) keep = top && !first;
    } else {
      open.push(keep);
      if (!first && /^(?:if|with|range)$/.test(word) && hasElse(text, from)) keep = false;
    }
  }
  copy(text.length);
  return out;
}

/** Whether the condition that opens before an offset has an `else` of its own. */
function hasElse(text: string, from: number): boolean {
  let depth = 0;
  const action = /\{\{-?\s*(if|with|range|define|block|else|end)\b[^{}]{0,2000}\}\}/g;
  action.lastIndex = from;
  for (let count = 0; count < 1_000; count++) {
    const word = action.exec(text)?.[1];
    if (word === undefined || (word === 'end' && depth === 0)) return false;
    if (word === 'else' && depth === 0) return true;
    if (word === 'end') depth--;
    else if (word !== 'else') depth++;
  }
  return false;
}

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
