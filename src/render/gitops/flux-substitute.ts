import { asBytes, asText, matchBytes } from './go-path-match.js';

/** A substitution that Flux would refuse; the message names the form and no value. */
export class SubstitutionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SubstitutionError';
  }
}

const NAME = /[\p{L}\p{Nd}_]+/uy;
const DEEPEST = 20;
const LONGEST = 16 * 1024 * 1024;
/** Comparisons that a trim may cost: lengths of the value, squared, and of the pattern, multiplied. */
const MOST_TRIMMING = 50_000_000;

/**
 * Bash-like substitution as Flux does it after a build (fluxcd/pkg/envsubst parse/parse.go and funcs.go, a fork of
 * drone/envsubst), with what it has of its own: `$$` is a dollar wherever it stands, `$v` without braces is left alone,
 * `:+` and `:?` give the default like `:-`, lengths and positions count bytes, `${v-d}` is an error, and a pattern of
 * `/` runs to the next slash, over closing braces. A variable that is not set is the empty string.
 *
 * @throws SubstitutionError for a form that Flux refuses
 */
export function substitute(input: string, value: (name: string) => string | undefined): string {
  if (!input.includes('$')) return input;
  return new Substitution(input, value).all();
}

class Substitution {
  readonly #input: string;
  readonly #value: (name: string) => string | undefined;
  #at = 0;

  constructor(input: string, value: (name: string) => string | undefined) {
    this.#input = input;
    this.#value = value;
  }

  all(): string {
    let output = '';
    while (this.#at < this.#input.length) {
      if (this.#take('${')) output += this.#expression(1);
      else if (this.#take('$$')) output += '$';
      else {
        const next = this.#input.indexOf('$', this.#at + 1);
        const end = next < 0 ? this.#input.length : next;
        output += this.#input.slice(this.#at, end);
        this.#at = end;
      }
      if (output.length > LONGEST) throw new SubstitutionError('what it gives is too large');
    }
    return output;
  }

  /** What stands between `${` and `}` (parseFunc). */
  #expression(depth: number): string {
    if (depth > DEEPEST) throw new SubstitutionError('substitutions are nested too deep');
    if (this.#take('#')) {
      const value = this.#lookUp(this.#name());
      this.#close();
      return String(asBytes(value).length);
    }
    const name = this.#name();
    const value = this.#lookUp(name);
    switch (this.#peek()) {
      case ':':
        return '=-?+'.includes(this.#input[this.#at + 1] || ' ')
          ? this.#default(value, 2, depth)
          : this.#slice(value, depth);
      case '=':
        return this.#default(value, 1, depth);
      case ',':
      case '^':
        return this.#casing(value);
      case '/':
        return this.#replace(value, depth);
      case '#':
      case '%':
        return this.#trim(value, depth);
      default:
        this.#close();
        return value;
    }
  }

  #default(value: string, operator: number, depth: number): string {
    this.#at += operator;
    let fallback = '';
    while (this.#peek() !== '}') fallback += this.#argument('}', depth);
    this.#close();
    return value === '' ? fallback : value;
  }

  #casing(value: string): string {
    let operator = '';
    while (operator.length < 2 && (this.#peek() === ',' || this.#peek() === '^')) {
      operator += this.#input[this.#at];
      this.#at += 1;
    }
    this.#close();
    const [first = ''] = value;
    switch (operator) {
      case '^':
        return upper(first) + value.slice(first.length);
      case ',':
        return lower(first) + value.slice(first.length);
      case '^^':
        return Array.from(value, upper).join('');
      case ',,':
        return Array.from(value, lower).join('');
      default:
        return value;
    }
  }

  #slice(value: string, depth: number): string {
    this.#at += 1;
    // The parser steps back by the width of this character and so finds no colon.
    if (this.#peek() > '\x7f') throw new SubstitutionError('a substring starts with no number');
    const from = this.#argument(':}', depth);
    const limited = this.#take(':');
    // More colons are taken with the delimiter.
    while (this.#take(':'));
    const count = limited ? this.#argument('}', depth) : null;
    this.#close();
    return sliced(value, from, count);
  }

  #replace(value: string, depth: number): string {
    this.#at += 1;
    const mode = ['/', '#', '%'].find((char) => this.#take(char)) ?? '';
    const pattern = this.#argument('/', depth, true);
    if (!this.#take('/')) throw new SubstitutionError('a replacement has no second slash');
    // More slashes are taken with the delimiter.
    while (this.#take('/'));
    const replacement = this.#peek() === '}' ? null : this.#argument('}', depth, true);
    this.#close();
    switch (mode) {
      case '/':
        return everyReplaced(value, pattern, replacement ?? '');
      case '#':
        return replacement !== null && value.startsWith(pattern)
          ? replacement + value.slice(pattern.length)
          : value;
      case '%':
        return replacement !== null && value.endsWith(pattern)
          ? value.slice(0, value.length - pattern.length) + replacement
          : value;
      default: {
        const at = value.indexOf(pattern);
        return at < 0 ? value : value.slice(0, at) + (replacement ?? '') + value.slice(at + pattern.length);
      }
    }
  }

  #trim(value: string, depth: number): string {
    const char = this.#input[this.#at] ?? '';
    this.#at += 1;
    const longest = this.#take(char);
    const pattern = this.#argument('}', depth);
    this.#close();
    if (value.length ** 2 * Math.max(1, pattern.length) > MOST_TRIMMING) {
      throw new SubstitutionError('a value or pattern is too long to be trimmed');
    }
    if (char === '#') return trimmed(value, pattern, longest);
    return reversed(trimmed(reversed(value), reversed(pattern), longest));
  }

  /**
   * One parameter of a function: a substitution of its own, or text up to a stop character or the next substitution
   * (parseParam). It is never empty.
   */
  #argument(stops: string, depth: number, escapes = false): string {
    if (this.#take('${')) return this.#expression(depth + 1);
    let text = '';
    while (this.#at < this.#input.length && !this.#input.startsWith('${', this.#at)) {
      const escaped = escapes && ['$$', '\\/', '\\\\'].some((pair) => this.#input.startsWith(pair, this.#at));
      if (escaped) this.#at += 1;
      else if (stops.includes(this.#input[this.#at] ?? '')) break;
      text += this.#input[this.#at];
      this.#at += 1;
    }
    if (text === '') throw new SubstitutionError('a substitution lacks a parameter');
    return text;
  }

  #lookUp(name: string): string {
    return this.#value(name) ?? '';
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const name = NAME.exec(this.#input)?.[0];
    if (name === undefined) throw new SubstitutionError('a substitution names no variable');
    this.#at += name.length;
    return name;
  }

  #peek(): string {
    return this.#input[this.#at] ?? '';
  }

  #take(token: string): boolean {
    if (!this.#input.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #close(): void {
    if (!this.#take('}'))
      throw new SubstitutionError('a substitution is not closed, or of a form that Flux refuses');
  }
}

/** `${v:from:count}` over bytes; what is no number changes nothing (toSubstr). */
function sliced(value: string, from: string, count: string | null): string {
  const bytes = asBytes(value);
  const [start, length] = [integer(from), count === null ? null : integer(count)];
  if (start === undefined || length === undefined) return value;
  const first = start < 0 ? Math.max(0, bytes.length + start) : start;
  const end = length === null ? bytes.length : length < 0 ? bytes.length + length : first + length;
  return textOf(end < first ? '' : bytes.slice(first, end));
}

function integer(written: string): number | undefined {
  return /^[+-]?\d{1,15}$/.test(written) ? Number(written) : undefined;
}

/** Go's strings.Replace: an empty pattern is found before every character and at the end. */
function everyReplaced(value: string, pattern: string, replacement: string): string {
  const parts = pattern === '' ? ['', ...value, ''] : value.split(pattern);
  const length = value.length + parts.length * replacement.length;
  if (length > LONGEST) throw new SubstitutionError('what it gives is too large');
  return parts.join(replacement);
}

/** The value without the shortest or longest prefix, of one byte at least, that matches (trimShortest, trimLongest). */
function trimmed(value: string, pattern: string, longest: boolean): string {
  const [bytes, glob] = [asBytes(value), asBytes(pattern)];
  let found = '';
  for (let length = bytes.length; length > 0; length -= 1) {
    const matches = matchBytes(glob, bytes.slice(0, length), true);
    if (matches === null) return value;
    if (!matches) continue;
    found = bytes.slice(0, length);
    if (longest) break;
  }
  return textOf(bytes.slice(found.length));
}

function textOf(bytes: string): string {
  const text = asText(bytes);
  if (text === null) throw new SubstitutionError('a character is cut in two');
  return text;
}

function reversed(value: string): string {
  return [...value].reverse().join('');
}

/** Letters whose other case is more than one character stay as they are, as in Go. */
function upper(char: string): string {
  const changed = char.toUpperCase();
  return [...changed].length === 1 ? changed : char;
}

function lower(char: string): string {
  const changed = char.toLowerCase();
  return [...changed].length === 1 ? changed : char;
}
