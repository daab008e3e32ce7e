import { RE2JS } from 're2js';
import { compileGlobs } from '../../config/index.js';
import { shannonEntropy } from './entropy.js';
import type { RuleSpec } from './rule.js';

/** A rule of the user: of the configuration, or of `.gitleaks.toml`. */
export interface CustomRuleSource {
  id: string;
  description: string;
  /** RE2 syntax, as gitleaks' own. Runs on RE2, so that no expression can take long. */
  regex: string;
  secretGroup: number;
  keywords: readonly string[];
  entropy: number;
  /** Says whether a path is one of the rule's. */
  path: ((path: string) => boolean) | null;
  /** Values and lines that are no secrets. */
  allowed: (match: { value: string; match: string; line: string; path: string }) => boolean;
}

/** A match of a custom rule: offsets of the secret in the text. */
export interface CustomMatch {
  value: string;
  start: number;
  end: number;
}

/** Text beyond which a custom rule is not run: RE2 in JavaScript reads about a megabyte a second. */
const LONGEST = 4 * 1024 * 1024;
const MOST_MATCHES = 1_000;

/** A custom rule ready to run; see `customRule`. */
export class CustomRule {
  readonly spec: RuleSpec;
  readonly #source: CustomRuleSource;
  readonly #regex: RE2JS;

  constructor(source: CustomRuleSource, regex: RE2JS) {
    this.#source = source;
    this.#regex = regex;
    this.spec = {
      id: source.id,
      provider: 'this repository',
      description: source.description === '' ? `match of the rule ${source.id}` : source.description,
      matcher: 'token',
      keywords: source.keywords,
      regex: source.regex,
      flags: '',
      secretGroup: source.secretGroup,
      entropy: source.entropy,
      allow: [],
      path: null,
      lead: null,
      requires: null,
      verify: null,
      command: [],
      confidence: 'likely',
      yields: false,
      revoke: 'revoke it where it was issued',
    };
  }

  /** Every match in a text; `text` is compared with the keywords in lower case. */
  find(text: string, lower: () => string, path: string): { matches: CustomMatch[]; incomplete: boolean } {
    const { keywords, path: onlyFor, secretGroup, entropy, allowed } = this.#source;
    if (onlyFor !== null && !onlyFor(path)) return { matches: [], incomplete: false };
    if (keywords.length > 0 && !keywords.some((word) => lower().includes(word.toLowerCase()))) {
      return { matches: [], incomplete: false };
    }
    if (text.length > LONGEST) return { matches: [], incomplete: true };
    const matches: CustomMatch[] = [];
    const matcher = this.#regex.matcher(text);
    while (matches.length < MOST_MATCHES && matcher.find()) {
      const group = this.#group(matcher, secretGroup);
      const value = matcher.group(group);
      if (value === null || value === '' || (entropy > 0 && shannonEntropy(value) < entropy)) continue;
      const start = matcher.start(group);
      const line = text.slice(
        text.lastIndexOf('\n', start - 1) + 1,
        text.indexOf('\n', start) + 1 || undefined,
      );
      const whole = matcher.group(0) ?? value;
      if (!allowed({ value, match: whole, line, path }))
        matches.push({ value, start, end: start + value.length });
    }
    return { matches, incomplete: false };
  }

  /** gitleaks takes the first group that matched where the rule names none (config.go, secretGroup 0). */
  #group(matcher: ReturnType<RE2JS['matcher']>, wanted: number): number {
    if (wanted > 0) return wanted;
    for (let group = 1; group <= matcher.groupCount(); group++) {
      const text = matcher.group(group);
      if (text !== null && text !== '') return group;
    }
    return 0;
  }
}

/** Compiles a rule, or says why it is refused. */
export function customRule(source: CustomRuleSource): CustomRule | string {
  try {
    const regex = RE2JS.compile(source.regex);
    if (source.secretGroup > regex.groupCount())
      return `the rule ${source.id} has no group ${source.secretGroup}`;
    return new CustomRule(source, regex);
  } catch {
    // RE2 has no back references and no look-around, which is what keeps it linear.
    return `the rule ${source.id} is refused: RE2 does not take its regular expression, and others can be made slow`;
  }
}

/** A path rule of the configuration, which is a glob. */
export function globPath(glob: string | undefined): ((path: string) => boolean) | null {
  return glob === undefined ? null : compileGlobs([glob]);
}
