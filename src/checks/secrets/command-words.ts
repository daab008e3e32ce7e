import type { Effort } from './assignment.js';

/** One argument of a command line, with its place in the text. */
export interface Word {
  text: string;
  start: number;
  end: number;
}

/** Characters and arguments of a command line that are read. */
const REACH = 4096;
const MOST_WORDS = 80;
/** Reach once the commands of a text have cost more than its length accounts for. */
const SHORT_REACH = 160;
/** What a command costs beside its characters, and what a character costs, in steps of the effort. */
const LEAST_STEPS = 64;
const STEPS_EACH = 8;

/**
 * The arguments behind a tool's name, in whatever notation the command line is: a line of a shell (continued lines and
 * folded YAML scalars included), an exec form (`["mysql", "-px"]`), items of a YAML list, or a `command` with `args`.
 * @param from first character behind the tool's name
 * @param effort what may still be read at length in this text; what was read is taken off
 * @param start first character of the tool's name, its folder left out
 */
export function wordsAfter(text: string, start: number, from: number, effort: Effort): Word[] {
  const limit = Math.min(text.length, from + (effort.steps > 0 ? REACH : SHORT_REACH));
  const words = wordsWithin(text, start, from, limit);
  effort.steps -= ((words.at(-1)?.end ?? from) - from + LEAST_STEPS) * STEPS_EACH;
  return words;
}

function wordsWithin(text: string, start: number, from: number, limit: number): Word[] {
  let left = start;
  while (left > 0 && start - left < 80 && /[\w./-]/.test(text[left - 1] as string)) left--;
  // Not looked for further back than it matters: all of a file may be one line.
  const before = text.slice(Math.max(0, left - 401), left);
  const lineStart = left - before.length + before.lastIndexOf('\n') + 1;
  const prefix = left - lineStart > 400 ? '' : text.slice(lineStart, left);
  const open = text[left - 1] ?? '';
  const quoted = (open === '"' || open === "'") && text[from] === open;
  const behind = quoted ? from + 1 : from;
  if (/^[ \t]*-[ \t]+["']?$/.test(prefix) && /^[ \t]*(?:#[^\n]*)?\r?$/.test(line(text, behind)))
    return [...blockItems(text, behind, limit), ...argsBefore(text, left)];
  if (/^\s{0,200}[,\]]/.test(text.slice(behind, behind + 210)) && (quoted || /[[,]\s{0,40}$/.test(prefix)))
    return [...flowItems(text, behind, limit), ...argsBefore(text, left)];
  return shellWords(text, from, limit, enclosing(text, lineStart, left));
}

/** Arguments of one line of a shell script that stands alone. */
export function lineWords(text: string): Word[] {
  return shellWords(text, 0, Math.min(text.length, REACH), '');
}

function line(text: string, from: number): string {
  const end = text.indexOf('\n', from);
  return text.slice(from, end === -1 || end - from > 400 ? from + 400 : end);
}

/** The quote that a command line stands in, `''` for none: the one that is opened and not closed before it. */
function enclosing(text: string, lineStart: number, left: number): string {
  let open = '';
  for (let at = Math.max(lineStart, left - 400); at < left; at++) {
    const char = text[at] as string;
    if (char === '\\') at++;
    else if (open === '' && (char === '"' || char === "'" || char === '`')) open = char;
    else if (char === open) open = '';
  }
  return open;
}

/** Items of a YAML block list, one a line, and those of the `args` that follow it. */
function blockItems(text: string, from: number, limit: number): Word[] {
  const words: Word[] = [];
  let at = text.indexOf('\n', from) + 1;
  while (at > 0 && at < limit && words.length < MOST_WORDS) {
    const end = text.indexOf('\n', at);
    const row = text.slice(at, end === -1 ? text.length : end);
    const item = /^([ \t]*-[ \t]+)(\S.*)$/.exec(row.trimEnd());
    if (item !== null) {
      const [, lead = '', raw = ''] = item;
      words.push(bare(raw, at + lead.length));
    } else if (row.trim() !== '' && !/^\s*#/.test(row)) {
      return [...words, ...argsBehind(text, at, limit)];
    }
    at = end === -1 ? 0 : end + 1;
  }
  return words;
}

/** Items of a flow list (YAML, JSON, a Dockerfile's exec form) up to its end, and those of the `args` that follow. */
function flowItems(text: string, from: number, limit: number): Word[] {
  const words: Word[] = [];
  let at = from;
  while (at < limit && words.length < MOST_WORDS) {
    const char = text[at] as string;
    if (char === ']') return [...words, ...argsBehind(text, at + 1, limit)];
    if (/[\s,]/.test(char)) at++;
    else if (char === '"' || char === "'") {
      const end = closing(text, at, limit);
      if (end === -1) return words;
      words.push({ text: text.slice(at + 1, end), start: at + 1, end });
      at = end + 1;
    } else {
      const start = at;
      while (at < limit && !/[,\]\n]/.test(text[at] as string)) at++;
      words.push(bare(text.slice(start, at).trimEnd(), start));
    }
  }
  return words;
}

/** A `command` that is followed by `args`: one command line. */
function argsBehind(text: string, from: number, limit: number): Word[] {
  const match = /^[\s,]{0,80}["']?args["']?[ \t]{0,8}:[ \t]{0,8}/.exec(
    text.slice(from, Math.min(limit, from + 120)),
  );
  if (match === null) return [];
  const at = from + match[0].length;
  return text[at] === '[' ? flowItems(text, at + 1, limit) : blockItems(text, at, limit);
}

/** `args` that stand before their `command`, as in manifests with sorted keys. */
function argsBefore(text: string, left: number): Word[] {
  const from = Math.max(0, left - 1000);
  const head = text.slice(from, left);
  const last = head.lastIndexOf('args');
  const match = /^args["']?[ \t]{0,8}:[ \t]{0,8}(?=\[|\r?\n)/.exec(last === -1 ? '' : head.slice(last));
  if (match === null || !/[\s{,"'-]/.test(head[last - 1] ?? ' ')) return [];
  const rest = head.slice(last + match[0].length);
  // Between them nothing but the list and the key of the command.
  const key = Math.max(rest.lastIndexOf('command'), rest.lastIndexOf('entrypoint'));
  if (key === -1 || !/^\w+["']?[ \t]{0,8}:[\s["'-]{0,80}$/.test(rest.slice(key))) return [];
  if (/\n[ \t]{0,80}(?:name|image):/.test(rest)) return [];
  const at = from + last + match[0].length;
  return text[at] === '[' ? flowItems(text, at + 1, left) : blockItems(text, at, left);
}

function closing(text: string, at: number, limit: number): number {
  for (let end = at + 1; end < limit; end++) {
    if (text[end] === '\\' && text[at] === '"') end++;
    else if (text[end] === text[at]) return end;
  }
  return -1;
}

/** An item without the quotes around it. */
function bare(raw: string, start: number): Word {
  const quote = raw[0];
  if ((quote === '"' || quote === "'") && raw.length > 1 && raw.endsWith(quote))
    return { text: raw.slice(1, -1), start: start + 1, end: start + raw.length - 1 };
  return { text: raw, start, end: start + raw.length };
}

/** Words of a shell's command up to its end: a line's end, `;`, `|`, `&`, or the quote that it stands in. */
function shellWords(text: string, from: number, limit: number, quote: string): Word[] {
  const words: Word[] = [];
  let folded: boolean | null = null;
  let at = from;
  while (at < limit && words.length < MOST_WORDS) {
    const gap = /^(?:[ \t]|\\\r?\n|\\\\n)+/.exec(text.slice(at, at + 200));
    if (gap !== null) at += gap[0].length;
    const char = text[at];
    if (char === undefined || at >= limit) break;
    if (char === '\n' || char === '\r') {
      folded ??= isFolded(text, at);
      if (!folded || /^\r?\n[ \t]*(?:\r?\n|-[ \t]|[\w.-]+:(?:\s|$))/.test(text.slice(at, at + 200))) break;
      at++;
      continue;
    }
    if (char === quote || /[;|&<>)#]/.test(char) || (quote === '"' && char === '\\' && text[at + 1] === 'n'))
      break;
    const word = shellWord(text, at, limit, quote);
    if (word.end === at) break;
    words.push(word);
    at = word.end;
  }
  return words;
}

function shellWord(text: string, from: number, limit: number, quote: string): Word {
  let value = '';
  let open = '';
  let at = from;
  while (at < limit) {
    const char = text[at] as string;
    const expression = text.startsWith('$(', at) ? ')' : text.startsWith('{{', at) ? '}}' : '';
    if (expression !== '') {
      const inside = text.slice(at, limit).indexOf(expression);
      if (inside === -1) break;
      const end = at + inside;
      value += text.slice(at, end + expression.length);
      at = end + expression.length;
      continue;
    }
    const escaped = char === '\\' && quote === '"' && text[at + 1] === '"' ? '\\"' : '';
    const mark = escaped === '' ? char : escaped;
    if (open !== '') {
      if (mark === open) open = '';
      else if (char === '\n') break;
      else value += char;
    } else if (char === quote || /[\s;|&<>)]/.test(char)) break;
    else if (escaped !== '' || char === '"' || char === "'") open = mark;
    else if (char === '\\' && /[\r\n]/.test(text[at + 1] ?? '\n')) break;
    else if (char === '\\' && quote === '"' && text[at + 1] === 'n') break;
    else value += char;
    at += mark.length;
  }
  return { text: value, start: from, end: at };
}

/** True for a line that ends in the head of a folded scalar: `key: !!str &anchor >-`. */
function opensFolded(row: string): boolean {
  const words = row.trimEnd().split(/[ \t]+/);
  if (!/^>[-+0-9]{0,2}$/.test(words.pop() ?? '')) return false;
  for (let word = words.pop(); word !== undefined; word = words.pop()) {
    if (/[:-]$/.test(word)) return true;
    if (!/^[!&]./.test(word)) return false;
  }
  return false;
}

/** True inside a folded scalar of YAML (`>-`), where the lines are one. */
function isFolded(text: string, at: number): boolean {
  const head = text.slice(Math.max(0, at - 2000), at).split('\n');
  const indent = (row: string): number => row.search(/\S/);
  let own = indent(head.pop() ?? '');
  for (let count = 0; count < 30; count++) {
    const row = head.pop();
    if (row === undefined || own <= 0) return false;
    const width = indent(row);
    if (width === -1 || width > own) continue;
    if (opensFolded(row)) return true;
    if (width < own) {
      if (/[:-][ \t]+\|[-+0-9]{0,2}[ \t\r]*$/.test(row)) return false;
      own = width;
    }
  }
  return false;
}
