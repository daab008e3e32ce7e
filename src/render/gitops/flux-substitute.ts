/** A substitution that Flux would refuse; the message names the form and no value. */
export class SubstitutionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SubstitutionError';
  }
}

const DEEPEST = 20;
const LONGEST = 16 * 1024 * 1024;

/**
 * Bash-like substitution as Flux does it after a build (fluxcd/pkg/envsubst, a fork of drone/envsubst; the forms are
 * those of Flux's "Post build variable substitution"). `$v` without braces is left alone, `$${v}` gives `${v}`, and a
 * variable that is not set gives the empty string.
 *
 * @throws SubstitutionError for a form that Flux refuses
 */
export function substitute(input: string, value: (name: string) => string | undefined): string {
  if (!input.includes('${')) return input;
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
    return this.#text('', 0);
  }

  /** Text up to one of the stop characters (left unread) or the end, with what it holds substituted. */
  #text(stops: string, depth: number): string {
    let output = '';
    while (this.#at < this.#input.length) {
      const char = this.#input[this.#at] ?? '';
      if (stops.includes(char)) break;
      if (char === '$' && this.#input.startsWith('$${', this.#at)) {
        output += '${';
        this.#at += 3;
      } else if (char === '$' && this.#input[this.#at + 1] === '{') {
        this.#at += 2;
        output += this.#expression(depth + 1);
      } else {
        output += char;
        this.#at += 1;
      }
      if (output.length > LONGEST) throw new SubstitutionError('what it gives is too large');
    }
    return output;
  }

  /** What stands between `${` and `}`. */
  #expression(depth: number): string {
    if (depth > DEEPEST) throw new SubstitutionError('substitutions are nested too deep');
    if (this.#take('#')) {
      const value = this.#lookUp(this.#name());
      this.#close();
      return String([...value].length);
    }
    const name = this.#name();
    const value = this.#lookUp(name);
    if (this.#take('}')) return value;
    const result = this.#operation(name, value, depth);
    this.#close();
    return result;
  }

  #operation(name: string, value: string, depth: number): string {
    const argument = (stops = '}'): string => this.#text(stops, depth);
    if (this.#take('^^')) return value.toUpperCase();
    if (this.#take('^')) return value.slice(0, 1).toUpperCase() + value.slice(1);
    if (this.#take(',,')) return value.toLowerCase();
    if (this.#take(',')) return value.slice(0, 1).toLowerCase() + value.slice(1);
    for (const operator of [':-', ':=', '-', '=']) {
      if (this.#take(operator)) {
        const fallback = argument();
        return value === '' ? fallback : value;
      }
    }
    for (const operator of [':+', ':?', '+', '?']) {
      if (this.#take(operator)) throw new SubstitutionError(`\${${name}${operator}…} is not supported`);
    }
    if (this.#take(':')) return this.#slice(name, value, argument);
    if (this.#take('##')) return trimStart(value, argument(), true);
    if (this.#take('#')) return trimStart(value, argument(), false);
    if (this.#take('%%')) return trimEnd(value, argument(), true);
    if (this.#take('%')) return trimEnd(value, argument(), false);
    if (this.#take('/')) return this.#replace(value, argument);
    throw new SubstitutionError(`\${${name}…} is not a substitution`);
  }

  #slice(name: string, value: string, argument: (stops?: string) => string): string {
    const number = (written: string): number => {
      const trimmed = written.trim();
      if (!/^-?\d{1,9}$/.test(trimmed)) throw new SubstitutionError(`\${${name}:…} needs numbers`);
      return Number(trimmed);
    };
    const start = number(argument(':}'));
    const length = this.#take(':') ? number(argument()) : null;
    if (start < 0 || start > value.length) return '';
    return length === null ? value.slice(start) : value.slice(start, start + Math.max(0, length));
  }

  #replace(value: string, argument: (stops?: string) => string): string {
    const mode = this.#take('/') ? 'all' : this.#take('#') ? 'start' : this.#take('%') ? 'end' : 'first';
    const pattern = argument('/}');
    const replacement = this.#take('/') ? argument() : '';
    if (pattern === '') return value;
    switch (mode) {
      case 'all':
        return value.split(pattern).join(replacement);
      case 'start':
        return value.startsWith(pattern) ? replacement + value.slice(pattern.length) : value;
      case 'end':
        return value.endsWith(pattern) ? value.slice(0, -pattern.length) + replacement : value;
      case 'first': {
        const at = value.indexOf(pattern);
        return at < 0 ? value : value.slice(0, at) + replacement + value.slice(at + pattern.length);
      }
    }
  }

  #lookUp(name: string): string {
    return this.#value(name) ?? '';
  }

  #name(): string {
    const start = this.#at;
    while (this.#at < this.#input.length && /[A-Za-z0-9_]/.test(this.#input[this.#at] ?? '')) this.#at += 1;
    if (this.#at === start) throw new SubstitutionError('a substitution names no variable');
    return this.#input.slice(start, this.#at);
  }

  #take(token: string): boolean {
    if (!this.#input.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #close(): void {
    if (!this.#take('}')) throw new SubstitutionError('a substitution is not closed');
  }
}

function trimStart(value: string, pattern: string, longest: boolean): string {
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  if (longest) lengths.reverse();
  const found = lengths.find((length) => matchesWildcard(pattern, value.slice(0, length)));
  return found === undefined ? value : value.slice(found);
}

function trimEnd(value: string, pattern: string, longest: boolean): string {
  const starts = Array.from({ length: value.length + 1 }, (_, start) => start);
  if (!longest) starts.reverse();
  const found = starts.find((start) => matchesWildcard(pattern, value.slice(start)));
  return found === undefined ? value : value.slice(0, found);
}

/** `*` any text, `?` one character; in time proportional to both lengths. */
function matchesWildcard(pattern: string, value: string): boolean {
  let [p, v, star, mark] = [0, 0, -1, 0];
  while (v < value.length) {
    if (p < pattern.length && (pattern[p] === '?' || pattern[p] === value[v]) && pattern[p] !== '*') {
      p += 1;
      v += 1;
    } else if (pattern[p] === '*') {
      star = p;
      mark = v;
      p += 1;
    } else if (star >= 0) {
      p = star + 1;
      mark += 1;
      v = mark;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}
