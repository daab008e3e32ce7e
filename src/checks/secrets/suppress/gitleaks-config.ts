import { parse, TomlError } from 'smol-toml';
import { type CustomRule, customRule } from '../custom-rule.js';
import { goRegex } from '../sops/selector.js';

/** What `.gitleaks.toml` says that this gate obeys: its own rules, and what to let pass (gitleaks config/config.go). */
export interface GitleaksConfig {
  rules: CustomRule[];
  /** True for a finding that one of the global allow-lists lets pass. */
  allows(item: AllowedItem): boolean;
  /** What could not be obeyed. */
  problems: string[];
}

/** What an allow-list looks at. */
export interface AllowedItem {
  path: string;
  value: string;
  match: string;
  line: string;
  /** The rule's id, for allow-lists with targetRules. */
  rule: string;
}

type Table = { [key: string]: unknown };

function isTable(value: unknown): value is Table {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function tables(value: unknown): Table[] {
  return (Array.isArray(value) ? value : [value]).filter(isTable);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Reads a `.gitleaks.toml`. `[extend]` is not followed: the gate's own rules stand for gitleaks' defaults. */
export function readGitleaksConfig(content: string): GitleaksConfig {
  let root: Table;
  try {
    root = parse(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { rules: [], allows: () => false, problems: [`.gitleaks.toml line ${error.line} is not TOML`] };
  }
  const problems: string[] = [];
  const lists = [...tables(root.allowlist), ...tables(root.allowlists)].map((list) =>
    allowList(list, problems),
  );
  const rules: CustomRule[] = [];
  for (const rule of tables(root.rules)) {
    if (text(rule.regex) === '') continue;
    const own = [...tables(rule.allowlist), ...tables(rule.allowlists)].map((list) =>
      allowList(list, problems),
    );
    const path = text(rule.path) === '' ? null : goRegex(text(rule.path));
    const made = customRule({
      id: text(rule.id) || 'gitleaks-rule',
      description: text(rule.description),
      regex: text(rule.regex),
      secretGroup: typeof rule.secretGroup === 'number' ? rule.secretGroup : 0,
      keywords: strings(rule.keywords),
      entropy: typeof rule.entropy === 'number' ? rule.entropy : 0,
      path,
      allowed: (match) => own.some((list) => list({ ...match, rule: text(rule.id) })),
    });
    if (typeof made === 'string') problems.push(made);
    else rules.push(made);
  }
  return { rules, allows: (item) => lists.some((list) => list(item)), problems };
}

/** One allow-list: any of its criteria, or all of them with `condition = "AND"`. */
function allowList(list: Table, problems: string[]): (item: AllowedItem) => boolean {
  const compiled = (sources: readonly string[]): ((text: string) => boolean)[] =>
    sources.flatMap((source) => {
      const regex = goRegex(source);
      if (regex === null)
        problems.push('an allow-list of .gitleaks.toml has an expression that RE2 does not take');
      return regex === null ? [] : [regex];
    });
  const paths = compiled(strings(list.paths));
  const regexes = compiled(strings(list.regexes));
  const stopwords = strings(list.stopwords).map((word) => word.toLowerCase());
  const target = text(list.regexTarget);
  const rules = strings(list.targetRules);
  const checks: ((item: AllowedItem) => boolean)[] = [];
  if (paths.length > 0) checks.push((item) => paths.some((test) => test(item.path)));
  if (regexes.length > 0) {
    checks.push((item) => {
      const subject = target === 'line' ? item.line : target === 'match' ? item.match : item.value;
      return regexes.some((test) => test(subject));
    });
  }
  if (stopwords.length > 0) {
    checks.push((item) => stopwords.some((word) => item.value.toLowerCase().includes(word)));
  }
  const every = /^(?:and|&&)$/i.test(text(list.condition));
  return (item) => {
    if (checks.length === 0 || (rules.length > 0 && !rules.includes(item.rule))) return false;
    return every ? checks.every((check) => check(item)) : checks.some((check) => check(item));
  };
}
