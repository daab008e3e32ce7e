import { type Config, compileGlobs, matchesText } from '../../../config/index.js';
import { GateError, LIMITS, type Suppression } from '../../../contract/index.js';
import { MemoryTree, type Tree } from '../../../git/index.js';
import { type CustomRule, customRule, globPath } from '../custom-rule.js';
import type { FileRule } from '../file-rule.js';
import type { Lines } from '../lines.js';
import { goRegex } from '../sops/selector.js';
import { type Baseline, readBaseline } from './baseline.js';
import { suppressingComment } from './comments.js';
import { type GitleaksConfig, readGitleaksConfig } from './gitleaks-config.js';

/** A finding as suppressions see it. */
export interface Suppressible {
  /** `secrets/<rule>`. */
  ruleId: string;
  fingerprint: string;
  path: string;
  value: string | null;
  line: number;
  endLine: number;
  commit: string | null;
  /** True where the list and the file are of one tree: then a line number says enough. */
  sameTree: boolean;
  lines: Lines;
}

const BASELINE = '.secrets.baseline';

type Allow = Config['secrets']['allow'][number];

/**
 * All that lets findings pass, read from files that are trusted: the base's, or those of the folder that is scanned.
 * Everything is bound to the value it hides, or to an expression that somebody wrote for it.
 */
export class Suppressions {
  readonly rules: CustomRule[] = [];
  readonly fileRules: FileRule[] = [];
  /** What could not be obeyed, for people. */
  readonly problems: string[] = [];
  readonly #baselines: Baseline[] = [];
  readonly #ignored = new Map<string, string>();
  readonly #allow: {
    entry: Allow;
    path: ((path: string) => boolean) | null;
    value: ((text: string) => boolean) | null;
  }[] = [];
  #gitleaks: GitleaksConfig | null = null;

  /** Reads `.secrets.baseline` (or the configured one), `.gitleaksignore`, `.gitleaks.toml` and the configuration. */
  static async read(files: Tree, config: Config['secrets']): Promise<Suppressions> {
    const made = new Suppressions();
    const names = new Set([config.baseline ?? BASELINE, BASELINE]);
    for (const name of names) {
      const content = await readText(files, name);
      if (content === null) continue;
      const baseline = readBaseline(content, name);
      if (baseline === null) made.problems.push(`${name} is no baseline of gitops-gate or detect-secrets`);
      else {
        made.#baselines.push(baseline);
        made.problems.push(...baseline.problems);
      }
    }
    for (const line of (await readText(files, '.gitleaksignore'))?.split(/\r?\n/) ?? []) {
      const entry = line.trim();
      if (entry !== '' && !entry.startsWith('#')) made.#ignored.set(entry, entry);
    }
    const toml = await readText(files, '.gitleaks.toml');
    if (toml !== null) {
      made.#gitleaks = await readGitleaksConfig(toml, (path) => readText(files, path));
      made.rules.push(...made.#gitleaks.rules);
      made.fileRules.push(...made.#gitleaks.fileRules);
      made.problems.push(...made.#gitleaks.problems);
    }
    made.#configure(config);
    return made;
  }

  #configure(config: Config['secrets']): void {
    for (const rule of config.rules) {
      const { id, description, regex, secretGroup, keywords, entropy = 0 } = rule;
      const path = globPath(rule.path);
      const compiled = customRule({
        id,
        description,
        regex,
        secretGroup,
        keywords,
        entropy,
        path,
        allowed: () => false,
      });
      if (typeof compiled === 'string') this.problems.push(compiled);
      else this.rules.push(compiled);
    }
    for (const entry of config.allow) {
      const value = entry.regex === undefined ? null : goRegex(entry.regex);
      if (entry.regex !== undefined && value === null) {
        this.problems.push('an entry of secrets.allow is not obeyed: RE2 does not take its expression');
        continue;
      }
      this.#allow.push({ entry, path: entry.path === undefined ? null : compileGlobs([entry.path]), value });
    }
  }

  /** What hides a finding, or null. Expired entries hide nothing from their day on. */
  find(item: Suppressible, now: Date): Suppression | null {
    const today = now.toISOString().slice(0, 10);
    const current = (until: string | null | undefined): boolean => until == null || until > today;
    for (const { entry, path, value } of this.#allow) {
      if (!current(entry.until)) continue;
      if (entry.rule !== undefined && !matchesText(entry.rule, item.ruleId)) continue;
      if (path !== null && !path(item.path)) continue;
      if (value !== null && (item.value === null || !value(item.value))) continue;
      return { by: 'secrets.allow', reason: entry.reason, until: entry.until ?? null };
    }
    for (const baseline of this.#baselines) {
      const rule = item.ruleId.slice('secrets/'.length);
      const line = item.lines.textOf(item.line);
      const { fingerprint, path, value } = item;
      const hit = baseline.hides({ fingerprint, rule, path, value, line });
      if (hit !== null && current(hit.until)) return hit;
    }
    if (this.#gitleaks !== null && item.value !== null) {
      const line = item.lines.textOf(item.line);
      const rule = item.ruleId.slice('secrets/'.length);
      if (this.#gitleaks.allows({ path: item.path, value: item.value, match: line.trim(), line, rule })) {
        return { by: '.gitleaks.toml', reason: 'an allow-list lets it pass', until: null };
      }
    }
    return this.#ignoredBy(item);
  }

  /**
   * `[commit:]file:rule:line`; rules' ids differ between tools, so that file and line decide. Against a change only
   * entries with the commit count: a line number alone would hide whatever is written there next.
   */
  #ignoredBy(item: Suppressible): Suppression | null {
    for (const entry of this.#ignored.values()) {
      const match = /^(?:([0-9a-f]{7,64}):)?(.+):[^:]+:(\d+)$/.exec(entry);
      if (match === null || match[2] !== item.path || Number(match[3]) !== item.line) continue;
      if (match[1] === undefined ? !item.sameTree : item.commit?.startsWith(match[1]) !== true) continue;
      return { by: '.gitleaksignore', reason: 'listed there', until: null };
    }
    return null;
  }
}

/**
 * The files that `Suppressions.read` asks a tree for, and no others: for a folder that need not be walked for them.
 * @param read text of a file of that folder, null where there is none
 */
export async function allowListsOf(
  read: (path: string) => Promise<string | null>,
  config: Config['secrets'] | null,
): Promise<Tree> {
  const found = new Map<string, Buffer>();
  const take = async (path: string): Promise<string | null> => {
    const content = await read(path);
    if (content !== null) found.set(path, Buffer.from(content, 'utf8'));
    return content;
  };
  for (const name of [config?.baseline ?? BASELINE, BASELINE, '.gitleaksignore']) await take(name);
  const toml = await take('.gitleaks.toml');
  if (toml !== null) await readGitleaksConfig(toml, take);
  return new MemoryTree(found);
}

/** The comment that covers a finding, as text, or null. */
export function commentOn(item: Suppressible): string | null {
  return suppressingComment(item.lines, item.line, item.endLine);
}

async function readText(files: Tree, path: string): Promise<string | null> {
  const file = (await files.files()).get(path);
  if (file === undefined || file.mode === 'symlink' || file.mode === 'submodule') return null;
  try {
    return (await files.read(path, { maxBytes: LIMITS.blobBytes })).toString('utf8');
  } catch (error) {
    // Too large to be obeyed: then it hides nothing, which is the safe side.
    if (error instanceof GateError) return null;
    throw error;
  }
}
