/** Longer rules, deeper ones and those of more alternatives are taken as they are written. */
const LONGEST = 4_096;
const DEEPEST = 50;
const MOST_ALTERNATIVES = 64;

/** One way in which a rule is met: its hosts apart from what else it asks for, in one order. */
export interface RuleAlternative {
  host: string;
  path: string;
  /** The other matchers, and the path, sorted. */
  terms: string[];
}

/** A matcher with one value, or anything that is denied. */
type Conjunct = readonly string[][];

/**
 * The alternatives of a router's rule, ``Host(`a.example.com`) && PathPrefix(`/x`)``, whatever the order of its terms.
 * Source of the syntax: Traefik docs/content/reference/routing-configuration/http/routing/rules-and-priority.md; the
 * lists of values in one matcher are those of version 2.
 */
export function ruleAlternatives(rule: string): RuleAlternative[] {
  const whole = [{ host: '', path: '', terms: [rule.replace(/\s/g, '')] }];
  if (rule.length > LONGEST) return whole;
  const parsed = new RuleParser(rule).parse();
  return parsed === null ? whole : parsed.map(alternative);
}

const HOSTS = new Set(['host', 'hostheader', 'hostsni']);
const PATHS = new Set(['path', 'pathprefix']);

function alternative(conjunct: Conjunct): RuleAlternative {
  let host = '';
  let path = '';
  const terms = new Set<string>();
  for (const [name = '', ...values] of conjunct) {
    const [value = ''] = values;
    if (HOSTS.has(name) && host === '') {
      host = value.toLowerCase();
      continue;
    }
    // Every path begins with a slash.
    if (name === 'pathprefix' && value === '/') continue;
    if (PATHS.has(name)) path = value;
    terms.add(JSON.stringify([name, ...values]));
  }
  return { host, path, terms: [...terms].sort() };
}

/** Reads a rule to its disjunctive normal form; null where it is none, or too large. */
class RuleParser {
  readonly #tokens: string[];
  #at = 0;

  constructor(rule: string) {
    this.#tokens = rule.match(/`[^`]*`|"(?:[^"\\]|\\.)*"|&&|\|\||[!(),]|\w+|\S/g) ?? [];
  }

  parse(): Conjunct[] | null {
    const found = this.#or(0);
    return this.#at === this.#tokens.length ? found : null;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #or(depth: number): Conjunct[] | null {
    let all = this.#and(depth);
    while (all !== null && this.#take('||')) {
      const other = this.#and(depth);
      all = other === null || all.length + other.length > MOST_ALTERNATIVES ? null : [...all, ...other];
    }
    return all;
  }

  #and(depth: number): Conjunct[] | null {
    let all = this.#unary(depth);
    while (all !== null && this.#take('&&')) {
      const other = this.#unary(depth);
      if (other === null || all.length * other.length > MOST_ALTERNATIVES) return null;
      all = all.flatMap((one) => other.map((two) => [...one, ...two]));
    }
    return all;
  }

  #unary(depth: number): Conjunct[] | null {
    if (depth > DEEPEST) return null;
    const start = this.#at;
    if (this.#take('!')) {
      const denied = this.#unary(depth + 1);
      return denied === null ? null : [[['!', this.#tokens.slice(start, this.#at).join('')]]];
    }
    if (this.#take('(')) {
      const inner = this.#or(depth + 1);
      return inner !== null && this.#take(')') ? inner : null;
    }
    return this.#matcher();
  }

  #matcher(): Conjunct[] | null {
    const name = this.#tokens[this.#at] ?? '';
    if (!/^\w+$/.test(name)) return null;
    this.#at += 1;
    if (!this.#take('(')) return null;
    const values: string[] = [];
    while (!this.#take(')')) {
      const value = this.#tokens[this.#at] ?? '';
      if (!/^["`]/.test(value)) return null;
      values.push(value.slice(1, -1));
      this.#at += 1;
      this.#take(',');
    }
    const matcher = name.toLowerCase();
    // Version 2 takes several hosts or paths in one matcher; of others (a header's name and value) all belong together.
    if (!HOSTS.has(matcher) && !PATHS.has(matcher)) return [[[matcher, ...values]]];
    return values.length > MOST_ALTERNATIVES ? null : values.map((value) => [[matcher, value]]);
  }
}
