import { readSpread, underName } from './spread-value.js';

/** A name with the value that a text gives it, in whatever notation: YAML, JSON, INI, shell, XML, code, a flag, a query. */
export interface Assignment {
  name: string;
  nameStart: number;
  value: string;
  /** Offsets of the value, without its quotes. */
  start: number;
  end: number;
  quoted: boolean;
  /** The name is a literal as well: the first of two arguments, `set("api-key", "...")`. */
  named: boolean;
  /** `arg`: call argument or flag; `compare`: `==`; `directive`: a name and a value alone on a line. */
  operator: 'colon' | 'equals' | 'compare' | 'arg' | 'tag' | 'query' | 'pair' | 'directive';
}

const SETTING_CALL =
  /(?:\bdefine|env|environ\.get|getOrDefault|getProperty|setdefault|config\.get)\(\s?["']$/i;
const NAME_REACH = 80;
const VALUE_REACH = 4096;
/** Reach once a text has cost more than its length accounts for: long values side by side are no settings. */
const SHORT_REACH = 160;

/** Characters that may still be read for values of a text before the reach is cut. */
export interface Effort {
  steps: number;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 45 ||
    code === 46
  );
}

function skipBlanks(text: string, from: number, most = 40): number {
  let at = from;
  while (at < text.length && at - from < most && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

/**
 * Reads the assignment whose name holds the keyword at `at` (of `length` characters), or null where the text gives
 * it no literal value. Looks at most a few thousand characters ahead, so the cost is bounded whatever the text is.
 */
export function readAssignment(
  text: string,
  at: number,
  length: number,
  effort: Effort = { steps: VALUE_REACH },
): Assignment | null {
  let left = at;
  while (left > 0 && at - left < NAME_REACH && isNameCode(text.charCodeAt(left - 1))) left--;
  let right = at + length;
  while (right < text.length && right - at < NAME_REACH && isNameCode(text.charCodeAt(right))) right++;
  const before = text[left - 1] ?? '';
  let next = right;
  const quote = text[next];
  const quotedName =
    (quote === '"' || quote === "'" || quote === '`') && (before === quote || before === '\\');
  if (quotedName) next++;
  else if (quote === '\\' && (text[next + 1] === '"' || text[next + 1] === "'")) next += 2;
  if (text[next] === ']') next++;
  let mark = skipBlanks(text, next);
  let symbol = text[mark];
  if (!mayHaveValue(text, left, next, mark, quotedName)) return null;
  const raw = text.slice(left, right);
  const name = withoutEdges(raw);
  const flag =
    raw.startsWith('-') && /^--?[A-Za-z]/.test(raw) && (before === '' || /[\s"'`[,=]/.test(before));
  const prefix = before === '/' ? namePrefix(text, left) : '';
  const done = (value: Value | null, operator: Assignment['operator']): Assignment | null =>
    value === null
      ? null
      : { name: prefix + name, nameStart: left - prefix.length, operator, named: quotedName, ...value };

  if (before === '<' && text[next] === '>') {
    const data = /^>\s{0,40}(?:<!\[CDATA\[)?\s{0,40}([^\s<>\]]{1,500})\s{0,40}(?:\]\]>)?\s{0,40}<\//.exec(
      text.slice(next, next + 800),
    );
    if (data?.[1] !== undefined) {
      const start = next + data[0].indexOf(data[1], 1);
      return done({ value: data[1], start, end: start + data[1].length, quoted: true }, 'tag');
    }
    const close = text.indexOf('<', next);
    if (close === -1 || close - next > VALUE_REACH) return null;
    const value = text.slice(next + 1, close);
    return value.includes('\n') ? null : done({ value, start: next + 1, end: close, quoted: true }, 'tag');
  }
  // YAML's explicit form: `? password` with `: ...` on the next line.
  const explicit =
    (symbol === '\n' || symbol === '\r') &&
    /\?[ \t]{1,8}["']?$/.test(text.slice(Math.max(0, left - 12), left))
      ? /^[ \t]{0,8}\r?\n[ \t]{0,80}(?=:[ \t])/.exec(text.slice(next, next + 100))
      : null;
  if (explicit !== null) {
    mark = skipBlanks(text, next + explicit[0].length);
    symbol = text[mark];
  }
  if (symbol === ':' || symbol === '=') {
    if (text.startsWith('==', mark))
      return done(readValue(text, mark + (text[mark + 2] === '=' ? 3 : 2), effort), 'compare');
    let from = mark + 1;
    if (text[from] === '=' || text[from] === '>') from++;
    else if (
      symbol === ':' &&
      /[A-Za-z/]/.test(text[from] ?? '') &&
      !quotedName &&
      !/[\n {[,]/.test(before || '\n')
    ) {
      return null;
    }
    const query = symbol === '=' && (before === '?' || before === '&');
    // A type between name and value: `password: str = "..."`.
    const typed =
      symbol === ':'
        ? /^\s{0,4}[&*]?(?:'static )?[A-Za-z][\w.<>[\]| ]{0,30}\s=\s{0,4}(?=["'`])/.exec(
            text.slice(from, from + 48),
          )
        : null;
    if (typed !== null) from += typed[0].length;
    const shell = symbol === '=' && mark === next && !/[ \t]/.test(text[from] ?? '');
    const spread = readSpread(text, skipBlanks(text, from));
    if (spread !== null) return done(spread, symbol === ':' ? 'colon' : 'equals');
    if (symbol === ':') from = underName(text, from) ?? from;
    return done(
      readValue(text, from, effort, query, shell),
      query ? 'query' : symbol === ':' ? 'colon' : 'equals',
    );
  }
  // What stands in for a variable of the environment that is not set: `process.env.X || "..."`, `ENV["X"] ?? "..."`.
  const standIn = /^[ \t)]{0,4}(?:\|\|=?|\?\?=?|\?:|or\b)[ \t]{0,4}(?=["'`])/.exec(
    text.slice(next, next + 16),
  );
  if (standIn !== null) return done(readValue(text, next + standIn[0].length, effort), 'equals');
  if (symbol === '(' || symbol === ',') {
    const from = skipBlanks(text, mark + 1);
    // PHP's way to set a constant: `define('DB_PASSWORD', '...')`.
    // What a program takes where the environment says nothing: `getenv("DB_PASSWORD", "...")`.
    const defined =
      symbol === ',' && quotedName && SETTING_CALL.test(text.slice(Math.max(0, left - 24), left));
    if (!/["'`]/.test(text[from] ?? '')) return null;
    const value = readValue(text, from, effort);
    // In `"a":"token","password":"x"` the comma ends a value, and what follows is the next name.
    if (value !== null && /^["'`]\s{0,8}:/.test(text.slice(value.end, value.end + 12)))
      return quotedName ? readPair(text, left, next, effort, done) : null;
    return done(value, defined ? 'equals' : 'arg');
  }
  // Dockerfile's older form: `ENV NAME value`.
  if (mark > next && !quotedName && /(?:^|\n)ENV $/.test(text.slice(Math.max(0, left - 5), left))) {
    return done(readValue(text, mark, effort), 'equals');
  }
  // C's constants: `#define WIFI_PASSWORD "value"`.
  if (
    mark > next &&
    text[mark] === '"' &&
    /#[ \t]{0,4}define[ \t]{1,8}$/.test(text.slice(Math.max(0, left - 24), left))
  )
    return done(readValue(text, mark, effort), 'equals');
  if (flag && (mark > next || quotedName)) return done(readValue(text, mark, effort), 'arg');
  const directive = quotedName ? null : readDirective(text, left, next, mark);
  if (directive !== null) return done(directive, 'directive');
  return readPair(text, left, next, effort, done);
}

/** A name without the dashes and dots around it. */
function withoutEdges(raw: string): string {
  const edge = (char: string | undefined): boolean => char === '-' || char === '.';
  if (!edge(raw[0]) && !edge(raw[raw.length - 1])) return raw;
  return raw.replace(/^[-.]+/, '').replace(/(?<![-.])[-.]+$/, '');
}

/**
 * The cheap question before anything is read: whether what stands around a name can give it a value at all. May say yes
 * too often. `next` is behind the name and its quote, `mark` behind the blanks that follow.
 */
function mayHaveValue(text: string, left: number, next: number, mark: number, quotedName: boolean): boolean {
  const symbol = text[mark];
  if (symbol === ':' || symbol === '=' || symbol === '(' || symbol === ',') return true;
  // Elements of XML, flags, `ENV NAME value` and other directives, what stands in for a variable.
  const before = text[left - 1];
  if (before === '<' || text[left] === '-' || (mark > next && !quotedName)) return true;
  if (symbol === '|' || symbol === '?' || symbol === 'o' || symbol === ')') return true;
  // The value of a `name:` or `key=` before it, or an explicit key of YAML.
  if (before === '"' || before === "'" || before === '>') return true;
  let lead = left - 1;
  while (left - lead <= 9 && /\s/.test(text[lead] ?? '')) lead--;
  return text[lead] === ':' || text[lead] === '=' || text[lead] === '?';
}

/** `checksum/` of `checksum/secret`: prefixes of labels and annotations belong to the name, those of paths do not. */
function namePrefix(text: string, left: number): string {
  return /(?:^|[\s"'{,])([\w.-]{1,60}\/)$/.exec(text.slice(Math.max(0, left - 62), left))?.[1] ?? '';
}

/** `requirepass ...` of a server's configuration, `setenv NAME ...` of a shell: name and value alone on a line. */
function readDirective(text: string, left: number, next: number, mark: number): Value | null {
  if (mark === next) return null;
  const lead = text.slice(Math.max(0, left - 60), left);
  if (!/(?:^|\n)[ \t]{0,40}(?:setenv |set(?: -\w{1,3})* )?$/.test(lead)) return null;
  const match = /^(["']?)([^\s"'#]{6,200})\1[ \t]{0,8}(?:\r?\n|$)/.exec(text.slice(mark, mark + 220));
  const [, quote = '', value = ''] = match ?? [];
  if (match === null) return null;
  const start = mark + quote.length;
  return { value, start, end: start + value.length, quoted: quote !== '' };
}

/** `name: DB_PASSWORD` with `value: ...` on the next line, or `key="DB_PASSWORD" value="..."`. */
function readPair(
  text: string,
  left: number,
  next: number,
  effort: Effort,
  done: (value: Value | null, operator: Assignment['operator']) => Assignment | null,
): Assignment | null {
  const lead = text.slice(Math.max(0, left - 24), left);
  // Terraform: `variable "db_password" { default = "..." }`.
  const variable = lead.endsWith('variable "')
    ? /^"[ \t]{0,8}\{[^{}]{0,400}?\bdefault[ \t]{0,20}=[ \t]{0,8}(?=")/.exec(text.slice(next - 1, next + 460))
    : null;
  if (variable !== null) return done(readValue(text, next - 1 + variable[0].length, effort), 'equals');
  // Property lists, and the properties of Java's XML: the value is the next element's text.
  const element = /<key>$|[nN]ame=["']$/.test(lead)
    ? (/^["']?\s{0,4}(?:<\/key>|>)\s{0,80}<(?:string|value)>([^<\n]{1,500})</.exec(
        text.slice(next - 1, next + 640),
      ) ?? /^(?:<\/key>|["']?>)\s{0,80}<(?:string|value)>([^<\n]{1,500})</.exec(text.slice(next, next + 640)))
    : null;
  if (element?.[1] !== undefined) {
    const start = text.indexOf(element[1], next);
    return done({ value: element[1], start, end: start + element[1].length, quoted: true }, 'tag');
  }
  if (!/(?:name|key|Name|Key)["']?\s?[:=]\s{0,8}["']?$/.test(lead)) return null;
  const follow = /^[ \t]{0,8},?[ \t]{0,8}(?:\r?\n[ \t]{0,40})?["']?[vV]alue["']?[ \t]{0,4}[:=]/.exec(
    text.slice(next, next + 100),
  );
  return follow === null ? null : done(readValue(text, next + follow[0].length, effort), 'pair');
}

type Value = Pick<Assignment, 'value' | 'start' | 'end' | 'quoted'>;

/**
 * What code writes before a literal without changing what it is: a parenthesis or a new line, a conversion, the decoding
 * of what is decoded anyway, a variable of the environment that it stands in for.
 */
const WRAPPED =
  /^(?:(?:\r?\n)[ \t]{0,80}|\([ \t]{0,8}(?:\r?\n[ \t]{0,80})?|[\w.[\]()"'? -]{1,80}?(?:\|\||\?\?|\bor)[ \t]{1,8}|(?:new )?(?:\[\]byte|bytes|string|String|str|atob|Buffer\.from|SecretStr|SecretString|SecureString|GuardedString|pulumi\.secret|sensitive|(?:base64\.)?(?:\w{1,20}\.)?(?:b64decode|b64dec|DecodeString|decodeString))\()(?=["'`])/;

function readValue(text: string, from: number, effort: Effort, query = false, shell = false): Value | null {
  let at = skipBlanks(text, from);
  const wrap = WRAPPED.exec(text.slice(at, at + 120));
  if (wrap !== null) at += wrap[0].length;
  const prefix = /^(?:[bruf@$]{1,2}|\\)(?=["'])/i.exec(text.slice(at, at + 3));
  if (prefix !== null) at += prefix[0].length;
  const quote = text[at];
  // Three quotes open a string of Python, TOML and Grafana's ini.
  if ((quote === '"' || quote === "'") && text[at + 1] === quote && text[at + 2] === quote) at += 2;
  if (quote === '"' || quote === "'" || quote === '`') return readQuoted(text, at, quote, effort);
  let end = at;
  const limit = Math.min(text.length, at + reachOf(effort));
  while (end < limit) {
    const char = text[end] as string;
    if (
      char === '\n' ||
      char === '\r' ||
      char === ' ' ||
      char === '\t' ||
      char === '"' ||
      char === "'" ||
      char === '`'
    )
      break;
    if (query && (char === '&' || char === '#' || char === '>' || char === ')' || char === '<')) break;
    if (char === '\\' && (text[end + 1] === 'n' || text[end + 1] === '"')) break;
    end++;
  }
  effort.steps -= end - at;
  // Template expressions have blanks in them: they belong to the value, which is then no literal.
  const value = text.slice(at, end);
  if (/^[|>][-+0-9]{0,2}$/.test(value)) return null;
  const rest = restOfLine(text, end);
  if (/\{\{|<</.test(value)) return { value: value + rest, start: at, end: end + rest.length, quoted: false };
  const trimmed = withoutClosing(value);
  if (trimmed.length === 0) return null;
  // More words after it: prose, not a value.
  if (!query && !shell && /^[ \t]+[^#\s/&|;\\})\]-]/.test(rest) && !/^[ \t]+\w+=/.test(rest)) return null;
  return { value: trimmed, start: at, end: at + trimmed.length, quoted: false };
}

/** Without the commas that end it and, where it opens no bracket, the brackets that close around it. */
function withoutClosing(value: string): string {
  let end = value.length;
  while (end > 0 && (value[end - 1] === ',' || value[end - 1] === ';')) end--;
  if (/[([{]/.test(value.slice(0, end))) return value.slice(0, end);
  let inner = end;
  while (inner > 0 && /[)\]}]/.test(value[inner - 1] as string)) inner--;
  return value.slice(0, inner);
}

function restOfLine(text: string, from: number): string {
  const head = text.slice(from, from + 200);
  const stop = head.search(/[\r\n]/);
  return stop === -1 ? head : head.slice(0, stop);
}

function reachOf(effort: Effort): number {
  return effort.steps > 0 ? VALUE_REACH : SHORT_REACH;
}

function readQuoted(text: string, at: number, quote: string, effort: Effort): Value | null {
  const escaped = text[at - 1] === '\\';
  const limit = Math.min(text.length, at + reachOf(effort));
  // Charged for what is read if nothing closes it; a closing quote gives the rest back.
  effort.steps -= limit - at;
  for (let end = at + 1; end < limit; end++) {
    const char = text[end];
    if (char === '\n') {
      effort.steps += limit - end;
      return null;
    }
    if (char === '\\') {
      if (escaped && text[end + 1] === quote) return value(end);
      end++;
    } else if (char === quote) {
      return value(end);
    }
  }
  return null;

  function value(end: number): Value {
    effort.steps += limit - end;
    return { value: text.slice(at + 1, end), start: at + 1, end, quoted: true };
  }
}
