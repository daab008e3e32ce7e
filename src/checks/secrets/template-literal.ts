import type { Assignment } from './assignment.js';

/** What a template writes is read up to this many characters. */
const LONGEST = 2048;

/** A value that a template's expression comes to without any value of the outside; null where it needs one. */
type Known = string | readonly string[] | null;

interface Token {
  kind: 'text' | 'word' | 'open' | 'close' | 'pipe';
  value: string;
}

const TOKEN = /\s+|"((?:[^"\\\n]|\\.){0,1000})"|`([^`]{0,1000})`|(\()|(\))|(\|)|([^\s"`()|]{1,200})/y;

/** The tokens of an expression (text/template/parse), or null where it is none of those this reader knows. */
function tokens(source: string): Token[] | null {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const match = TOKEN.exec(source);
    if (match === null || found.length > 200) return null;
    if (match[1] !== undefined) found.push({ kind: 'text', value: unescaped(match[1]) });
    else if (match[2] !== undefined) found.push({ kind: 'text', value: match[2] });
    else if (match[3] !== undefined) found.push({ kind: 'open', value: '(' });
    else if (match[4] !== undefined) found.push({ kind: 'close', value: ')' });
    else if (match[5] !== undefined) found.push({ kind: 'pipe', value: '|' });
    else if (match[6] !== undefined) found.push({ kind: 'word', value: match[6] });
  }
  return found;
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/g, (_, hex, wide, char: string) => {
    const code: unknown = hex ?? wide;
    if (typeof code === 'string') return String.fromCharCode(Number.parseInt(code, 16));
    return char === 'n' ? '\n' : char === 't' ? '\t' : char;
  });
}

/**
 * What a Go template's action (without its braces) writes, where that is text of the template itself: literals and what
 * sprig's string functions make of them (`printf`, `cat`, `join`, `b64dec`, `default`, ...). Null where it is not.
 */
export function literalOfAction(action: string): string | null {
  const inner = action.replace(/^-?\s*|\s*-?$/g, '');
  if (!/["`]/.test(inner) || inner.length > LONGEST) return null;
  const list = tokens(inner.replace(/^\$\w{1,60}\s*:?=\s*/, ''));
  if (list === null) return null;
  const reader = new ActionReader(list);
  const value = reader.pipeline();
  return reader.atEnd && typeof value === 'string' ? value : null;
}

class ActionReader {
  #at = 0;
  readonly #tokens: readonly Token[];

  constructor(list: readonly Token[]) {
    this.#tokens = list;
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  pipeline(): Known {
    let value = this.#command(undefined);
    while (this.#tokens[this.#at]?.kind === 'pipe') {
      this.#at++;
      value = this.#command(value);
    }
    return value;
  }

  #command(piped: Known | undefined): Known {
    const first = this.#tokens[this.#at];
    if (first === undefined) return null;
    if (first.kind !== 'word' || /^[.$\d-]/.test(first.value)) {
      const value = this.#operand();
      // What follows an operand makes it a method's call, which nobody here knows.
      return this.#arguments().length > 0 ? null : value;
    }
    this.#at++;
    const given = this.#arguments();
    return call(first.value, piped === undefined ? given : [...given, piped]);
  }

  #arguments(): Known[] {
    const found: Known[] = [];
    for (;;) {
      const next = this.#tokens[this.#at];
      if (next === undefined || next.kind === 'pipe' || next.kind === 'close') return found;
      found.push(this.#operand());
    }
  }

  #operand(): Known {
    const token = this.#tokens[this.#at++];
    if (token?.kind === 'text') return token.value;
    if (token?.kind === 'open') {
      const value = this.pipeline();
      if (this.#tokens[this.#at]?.kind === 'close') this.#at++;
      return value;
    }
    return token?.kind === 'word' && /^\d+$/.test(token.value) ? token.value : null;
  }
}

/** Functions of text/template and sprig that make text of text; for any other, and for unknown arguments, null. */
function call(name: string, given: readonly Known[]): Known {
  const texts = given.filter((value) => typeof value === 'string');
  const last = given.at(-1) ?? null;
  if (name === 'default' || name === 'coalesce' || name === 'ternary' || name === 'or')
    return texts.find((text) => text !== '') ?? null;
  if (name === 'list' || name === 'tuple') return texts.length === given.length ? texts : null;
  if (name === 'join') {
    const separator = given[0];
    return Array.isArray(last) && typeof separator === 'string' ? last.join(separator) : null;
  }
  if (texts.length !== given.length || typeof last !== 'string') return null;
  switch (name) {
    case 'print':
    case 'println':
    case 'toString':
    case 'quote':
    case 'squote':
    case 'trim':
    case 'tpl':
    case 'html':
    case 'urlquery':
    case 'nospace':
      return name === 'nospace' ? last.replace(/\s/g, '') : texts.join('');
    case 'cat':
      return texts.join(' ');
    case 'printf':
      return printed(texts);
    case 'b64dec':
      return Buffer.from(last, 'base64').toString('utf8');
    case 'b64enc':
      return Buffer.from(last, 'utf8').toString('base64');
    case 'indent':
    case 'nindent':
    case 'trimSuffix':
    case 'trimPrefix':
    case 'trimAll':
    case 'trunc':
      // No layout changes what it is.
      return last;
    case 'upper':
      return last.toUpperCase();
    case 'lower':
      return last.toLowerCase();
    case 'replace':
      return texts.length === 3 ? last.replaceAll(texts[0] as string, texts[1] as string) : null;
    default:
      return null;
  }
}

function printed([format = '', ...values]: readonly string[]): string {
  let index = 0;
  return format.replace(/%[svqd%]/g, (verb) => (verb === '%%' ? '%' : (values[index++] ?? '')));
}

/** A default that a shell, Compose or Spring writes into the place of a variable: `${NAME:-literal}`. */
const SHELL_DEFAULT = /^\$\{[\w.]{1,80}(?::?[-=]|:)([^-?+${}][^${}]{2,200})\}$/;

/** The literal that a template expression writes into its place, with its offset; null for none. */
export function templateLiteral(value: string): { text: string; at: number } | null {
  const fallback = SHELL_DEFAULT.exec(value.trim());
  if (fallback?.[1] !== undefined) return { text: fallback[1], at: value.indexOf(fallback[1]) };
  if (!value.includes('{{')) return null;
  const head = value.length > LONGEST ? value.slice(0, LONGEST) : value;
  // Jinja: `{{ vault_password | default('...') }}`.
  const jinja = /\|\s{0,4}(?:default|d)\(\s{0,4}["']([^"'\n{}]{4,200})["']/.exec(head);
  if (jinja?.[1] !== undefined) return { text: jinja[1], at: head.indexOf(jinja[1], jinja.index) };
  let text = '';
  let at = -1;
  let plain = '';
  for (const match of head.matchAll(/\{\{([^{}]{0,1000})\}\}/g)) {
    // The plain value tells more than its encoding.
    const literal = literalOfAction((match[1] ?? '').replace(/\|\s{0,4}b64enc\b/g, ''));
    if (literal === null) continue;
    if (at === -1) at = match.index;
    text += literal;
    plain = head.slice(match.index + 2).match(/"([^"\n]*)"/)?.[1] ?? plain;
  }
  if (at === -1 || text.length < 4) return null;
  // Where the literal stands as it is, its place is told; where it is put together, that of the action.
  return { text, at: plain === text ? head.indexOf(`"${text}"`, at) + 1 : at };
}

/** The assignment of the literal that a template expression carries; any other as it is. */
export function narrowed(found: Assignment): Assignment {
  const literal = templateLiteral(found.value);
  if (literal === null) return found;
  const start = found.start + literal.at;
  return { ...found, value: literal.text, start, end: start + literal.text.length, quoted: true };
}
