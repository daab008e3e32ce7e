import { parse, TomlError } from 'smol-toml';
import { printable } from '../../../git/index.js';
import { type CustomRule, customRule } from '../custom-rule.js';
import type { FileRule } from '../file-rule.js';
import { goRegex } from '../sops/selector.js';
import { namesRule } from './gitleaks-names.js';

/** What `.gitleaks.toml` says that this gate obeys: its own rules, and what to let pass (gitleaks config/config.go). */
export interface GitleaksConfig {
  rules: CustomRule[];
  /** Its rules with a path and no expression. */
  fileRules: FileRule[];
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

/** How many files `[extend] path` leads through at most (gitleaks config/config.go, maxExtendDepth). */
const MOST_EXTENDS = 2;

/** A configuration before its rules are compiled: what `extend` merges. */
interface Raw {
  rules: Map<string, Table>;
  lists: Table[];
  disabled: Set<string>;
}

/**
 * Reads a `.gitleaks.toml` as gitleaks does: `[extend] path` names another one, whose rules it adds to and overrides
 * and whose allow-lists count beside its own; `disabledRules` leaves rules of what is extended out. The gate's own rules
 * stand for gitleaks' defaults (`useDefault`), whether they are asked for or not.
 * @param open text of another file of the same tree; null where there is none. Without it `path` cannot be followed
 */
export async function readGitleaksConfig(
  content: string,
  open: (path: string) => Promise<string | null> = async () => null,
): Promise<GitleaksConfig> {
  const problems: string[] = [];
  const raw = await readRaw(content, '.gitleaks.toml', open, problems, 0);
  const lists = raw.lists.map((list) => allowList(list, problems));
  const rules: CustomRule[] = [];
  const fileRules: FileRule[] = [];
  for (const [id, rule] of raw.rules) {
    const own = [...tables(rule.allowlist), ...tables(rule.allowlists)].map((list) =>
      allowList(list, problems),
    );
    if (text(rule.regex) === '' && text(rule.path) !== '') {
      const path = goRegex(text(rule.path));
      if (path === null) {
        problems.push(`the rule ${id} of .gitleaks.toml has a path that RE2 does not take`);
        continue;
      }
      // Of allow-lists only paths speak of a file without a match.
      const allowed = [...tables(rule.allowlist), ...tables(rule.allowlists), ...raw.lists]
        .filter((list) => targets(list, id))
        .flatMap((list) => strings(list.paths).flatMap((source) => goRegex(source) ?? []));
      fileRules.push({
        id,
        description: text(rule.description),
        keywords: strings(rule.keywords),
        path: (name) => path(name) && !allowed.some((test) => test(name)),
      });
      continue;
    }
    if (text(rule.regex) === '') {
      // A rule of gitleaks' defaults that gets allow-lists: they hold for the rule that stands for it.
      lists.push(
        ...own.map((list) => (item: AllowedItem) => namesRule(id, item.rule) && list({ ...item, rule: id })),
      );
      continue;
    }
    const path = text(rule.path) === '' ? null : goRegex(text(rule.path));
    if (text(rule.path) !== '' && path === null)
      problems.push(`the rule ${id} of .gitleaks.toml has a path that RE2 does not take`);
    const made = customRule({
      id,
      description: text(rule.description),
      regex: text(rule.regex),
      secretGroup: typeof rule.secretGroup === 'number' ? rule.secretGroup : 0,
      keywords: strings(rule.keywords),
      entropy: typeof rule.entropy === 'number' ? rule.entropy : 0,
      path,
      allowed: (match) => own.some((list) => list({ ...match, rule: id })),
    });
    if (typeof made === 'string') problems.push(made);
    else rules.push(made);
  }
  const disabled = [...raw.disabled];
  return {
    rules,
    fileRules,
    allows: (item) => disabled.some((id) => namesRule(id, item.rule)) || lists.some((list) => list(item)),
    problems,
  };
}

async function readRaw(
  content: string,
  name: string,
  open: (path: string) => Promise<string | null>,
  problems: string[],
  depth: number,
): Promise<Raw> {
  const raw: Raw = { rules: new Map(), lists: [], disabled: new Set() };
  let root: Table;
  try {
    root = parse(content);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    problems.push(`${name} line ${error.line} is not TOML`);
    return raw;
  }
  for (const rule of tables(root.rules))
    raw.rules.set(text(rule.id) || `gitleaks-rule-${raw.rules.size}`, rule);
  raw.lists.push(...tables(root.allowlist), ...tables(root.allowlists));
  const extend = tables(root.extend)[0] ?? {};
  for (const id of strings(extend.disabledRules)) raw.disabled.add(id);
  const path = normalised(text(extend.path));
  // gitleaks takes the defaults where both are asked for, and follows no file beyond its depth.
  if (path === '' || extend.useDefault === true || depth >= MOST_EXTENDS) return raw;
  const next = await open(path);
  if (next === null) {
    problems.push(`${name} extends ${printable(path)}, which is no file of the base`);
    return raw;
  }
  const base = await readRaw(next, printable(path), open, problems, depth + 1);
  for (const [id, rule] of base.rules) {
    if (raw.disabled.has(id)) continue;
    const over = raw.rules.get(id);
    raw.rules.set(id, over === undefined ? rule : overridden(rule, over));
  }
  raw.lists.push(...base.lists);
  for (const id of base.disabled) raw.disabled.add(id);
  return raw;
}

/** Fields of the file that extends win; keywords and allow-lists add up. */
function overridden(base: Table, over: Table): Table {
  const both = (name: string): unknown[] => [...tables(base[name]), ...tables(over[name])];
  return {
    ...base,
    ...over,
    keywords: [...strings(base.keywords), ...strings(over.keywords)],
    allowlist: both('allowlist'),
    allowlists: both('allowlists'),
  };
}

function normalised(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
}

/** Whether a list holds for a rule without a match: for all of them or for it, and by its paths alone. */
function targets(list: Table, id: string): boolean {
  const rules = strings(list.targetRules);
  const every = /^(?:and|&&)$/i.test(text(list.condition));
  return (rules.length === 0 || rules.includes(id)) && !(every && hasContent(list));
}

function hasContent(list: Table): boolean {
  return strings(list.regexes).length > 0 || strings(list.stopwords).length > 0;
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
    if (checks.length === 0) return false;
    if (rules.length > 0 && !rules.some((id) => namesRule(id, item.rule))) return false;
    return every ? checks.every((check) => check(item)) : checks.some((check) => check(item));
  };
}
