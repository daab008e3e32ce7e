import { type Assignment, readAssignment } from './assignment.js';
import type { CustomRule } from './custom-rule.js';
import { decodeWord, type Encoded, encodedStretches } from './decode.js';
import { fileKind, isSamplePath, isTestPath } from './file-kind.js';
import type { FileRule } from './file-rule.js';
import { judgeAssignment } from './generic.js';
import { GENERIC_WORDS } from './generic-names.js';
import type { Hit } from './hit.js';
import { joinedLiterals } from './joined-literals.js';
import { kindOfName } from './key-name.js';
import { KeywordFinder } from './keywords.js';
import { inComment, matchAssignment, matchToken } from './matching.js';
import { nameBesideValue, sectionOf } from './name-context.js';
import { toldInProse } from './prose.js';
import { compileRule, type Rule, type RuleSpec } from './rule.js';
import { toldInLists } from './secret-list.js';
import { toldInMaps } from './secret-map.js';
import { milder, settle } from './settle.js';
import { toldInTables } from './tables.js';
import { narrowed } from './template-literal.js';

export interface ScanOptions {
  /** Path of the file: rules may ask for it, and tests and examples are judged more mildly. */
  path: string;
  /** Layers of encoding that are taken off; 3 unless said. */
  depth?: number;
  /** Leave out what only a name and the look of its value speak for (binary files). */
  providersOnly?: boolean;
}

export interface ScanResult {
  hits: Hit[];
  /** Why a part was not looked at, or null. */
  incomplete: string | null;
}

/** Keywords that start no rule but call for decoding. */
const ESCAPES = ['\\u00', '\\u{', '\\x', '\\1', '&#', '%2', '%3', '%4', '%5', '%6', '%7'];
const NAMES_SECRET =
  /passw|passphrase|pwd|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key/i;

/** Decoded text that one file may give rise to, in characters beside its own length. */
const DECODE_ALLOWANCE = 8 * 1024 * 1024;
/** Escaped words of one text that are decoded, beside one in 64 characters. */
const MOST_WORDS = 10_000;
/** Matches of one text beyond which no more are told apart. */
const MOST_HITS = 5_000;

/**
 * The scanner: one pass finds keywords, each keyword calls its rules at that place alone. All work is linear in the
 * text: rules match bounded stretches, decoding is capped, nothing depends on a clock.
 */
export class Engine {
  readonly rules: readonly Rule[];
  readonly #finder: KeywordFinder;
  /** Rules of each keyword; null stands for the generic rule or an escape (see #kinds). */
  readonly #byKeyword: readonly (readonly Rule[])[];
  /** Whether one of a keyword's rules is for assignments. */
  readonly #assigns: readonly boolean[];
  readonly #genericFrom: number;
  readonly #escapesFrom: number;
  readonly #generic: RuleSpec | null;

  readonly #custom: readonly CustomRule[];

  /**
   * @param custom rules of the user, which run on RE2 over the whole text
   * @param fileRules rules of the user that a file breaks by its path; they are kept here for whoever has the file
   */
  constructor(
    specs: readonly RuleSpec[],
    custom: readonly CustomRule[] = [],
    readonly fileRules: readonly FileRule[] = [],
  ) {
    this.#custom = custom;
    this.rules = specs.filter((spec) => spec.id !== 'generic-secret').map(compileRule);
    this.#generic = specs.find((spec) => spec.id === 'generic-secret') ?? null;
    const lists = new Map<string, Rule[]>();
    for (const rule of this.rules) {
      for (const keyword of rule.spec.keywords) {
        const list = lists.get(keyword);
        if (list === undefined) lists.set(keyword, [rule]);
        else list.push(rule);
      }
    }
    const keywords = [...lists.keys()];
    this.#byKeyword = [...lists.values()];
    this.#assigns = this.#byKeyword.map((rules) => rules.some(({ spec }) => spec.matcher === 'assignment'));
    this.#genericFrom = keywords.length;
    this.#escapesFrom = keywords.length + GENERIC_WORDS.length;
    this.#finder = new KeywordFinder([...keywords, ...GENERIC_WORDS.map(({ word }) => word), ...ESCAPES]);
  }

  /** Finds the secrets of one text, one hit a secret, sorted by place. */
  scan(text: string, options: ScanOptions): ScanResult {
    const budget = { left: text.length * 3 + DECODE_ALLOWANCE, spent: false, skipped: false };
    const hits = this.#scan(text, options, options.depth ?? 3, budget);
    const test = isTestPath(options.path);
    const settled = settle(hits).map((hit) => (test ? milder(hit) : hit));
    const incomplete = budget.skipped
      ? 'it is too large for the rules of the configuration'
      : budget.spent
        ? 'it has more nested encodings than are decoded'
        : hits.length >= MOST_HITS
          ? `it has more than ${MOST_HITS} matches`
          : null;
    return { hits: settled, incomplete };
  }

  /**
   * Whether a rule for assignments finds anything in a line as it is written: of what a scan finds, the cheap part. Such a
   * finding may still give way to another there.
   */
  assignsIn(line: string, path: string): boolean {
    let found = false;
    this.#finder.scan(line, (keyword, start) => {
      if (found || this.#assigns[keyword] !== true) return;
      const assignment = readAssignment(line, start, 1);
      found = (this.#byKeyword[keyword] ?? []).some(
        (rule) =>
          rule.spec.matcher === 'assignment' &&
          rule.path?.test(path) !== false &&
          matchAssignment(rule, assignment, line) !== null,
      );
    });
    return found;
  }

  /** Whether a text has a word that names secrets at all: the cheap question before a file is parsed. */
  namesSecret(text: string): boolean {
    return NAMES_SECRET.test(text);
  }

  /** Adds the matches of the user's rules; false when the text is too large for one of them. */
  #runCustom(text: string, path: string, hits: Hit[]): boolean {
    let lower: string | null = null;
    const lowered = (): string => {
      lower ??= text.toLowerCase();
      return lower;
    };
    let complete = true;
    for (const rule of this.#custom) {
      const { matches, incomplete } = rule.find(text, lowered, path);
      if (incomplete) complete = false;
      for (const match of matches) {
        hits.push({ rule: rule.spec, ...match, confidence: rule.spec.confidence, name: null, encodings: [] });
      }
    }
    return complete;
  }

  #scan(text: string, options: ScanOptions, depth: number, budget: Budget): Hit[] {
    const hits: Hit[] = [];
    const kind = fileKind(options.path);
    const encoded: Encoded[] = [];
    const effort = { steps: text.length * 8 + 1_000_000 };
    const commands = { ...effort };
    let readAt = -1;
    let read: Assignment | null = null;
    let decodedTo = -1;
    const assignmentAt = (start: number, length: number): Assignment | null => {
      // Keywords of one name lie side by side: the assignment is read once for all of them.
      if (read !== null && start >= read.nameStart && start < read.nameStart + read.name.length) return read;
      if (readAt === start) return null;
      readAt = start;
      read = readAssignment(text, start, length, effort);
      return read;
    };
    const generic = options.providersOnly === true || kind === 'lock' ? null : this.#generic;
    const sample = isSamplePath(options.path);
    let genericDone = -1;
    const plurals: number[] = [];
    let insideTo = -1;
    this.#finder.scan(text, (keyword, start) => {
      const word = keyword >= this.#genericFrom ? GENERIC_WORDS[keyword - this.#genericFrom] : undefined;
      if (generic !== null && word !== undefined) {
        // The plural's last letter, in either case: of a keyword in the singular, or of one that has it.
        const end = start + word.length;
        if ((text.charCodeAt(end) | 0x20) === 0x73) plurals.push(end + 1);
        if ((text.charCodeAt(end - 1) | 0x20) === 0x73) plurals.push(end);
      }
      if (hits.length >= MOST_HITS) return;
      if (keyword >= this.#escapesFrom) {
        if (encoded.length >= MOST_WORDS + text.length / 64) budget.spent = true;
        else if (depth > 0 && start >= decodedTo) {
          const stretch = decodeWord(text, start);
          if (stretch !== null) {
            decodedTo = stretch.end;
            encoded.push(stretch);
          }
        }
        return;
      }
      if (keyword >= this.#genericFrom) {
        if (generic === null || word === undefined || start < insideTo) return;
        const found = assignmentAt(start, word.length);
        if (found === null || found.start === genericDone) return;
        genericDone = found.start;
        // A keyword inside one plain value is part of that value, which is judged as a whole.
        if (!/[\s&;?,]/.test(found.value) && kindOfName(found.name) !== null) insideTo = found.end;
        const given = narrowed(found);
        const confidence = judgeAssignment(given, kind, sample, inComment(text, found.nameStart), {
          section: () => sectionOf(text, found.nameStart),
          beside: () => nameBesideValue(text, found.nameStart, found.end),
        });
        if (confidence !== null) {
          const { value, start: from, end, name } = given;
          hits.push({ rule: generic, value, start: from, end, confidence, name, encodings: [] });
        }
        return;
      }
      for (const rule of this.#byKeyword[keyword] as readonly Rule[]) {
        if (rule.path?.test(options.path) === false) continue;
        const hit =
          rule.spec.matcher === 'token'
            ? matchToken(rule, text, start, sample || kind === 'prose', commands)
            : matchAssignment(rule, assignmentAt(start, 1), text);
        if (hit !== null) hits.push(hit);
      }
    });
    if (generic !== null) {
      const names = inOrder(plurals);
      const told = [
        ...(kind === 'prose' ? toldInProse(text) : []),
        ...toldInTables(text, options.path),
        ...(kind === 'config' ? toldInMaps(text, names) : []),
        ...toldInLists(text, kind, names),
      ];
      for (const { confidence, ...place } of told.slice(0, MOST_HITS)) {
        hits.push({
          rule: generic,
          ...place,
          confidence: sample ? 'guess' : confidence,
          name: null,
          encodings: [],
        });
      }
    }
    if (this.#custom.length > 0 && !this.#runCustom(text, options.path, hits)) budget.skipped = true;
    if (depth > 0) {
      const joined = kind === 'code' ? joinedLiterals(text) : [];
      for (const part of [...encodedStretches(text), ...encoded, ...joined]) {
        if (budget.left < part.text.length) {
          budget.spent = true;
          break;
        }
        budget.left -= part.text.length;
        if (hits.length >= MOST_HITS) break;
        for (const inner of this.#scan(
          part.text,
          { ...options, path: part.encoding === 'joined' ? options.path : decodedPath(options.path) },
          depth - 1,
          budget,
        )) {
          const { start, end, encoding } = part;
          hits.push({ ...inner, start, end, encodings: [encoding, ...inner.encodings] });
        }
      }
    }
    return hits;
  }
}

/** Each number once, ascending: keywords that end at one place are told in any order. */
function inOrder(numbers: number[]): number[] {
  return numbers.sort((a, b) => a - b).filter((number, i) => number !== numbers[i - 1]);
}

/** What one scan may still decode, and what it left out. */
interface Budget {
  left: number;
  spent: boolean;
  skipped: boolean;
}

/** What is decoded out of code is data: its assignments are read as configuration's. */
function decodedPath(path: string): string {
  const kind = fileKind(path);
  return kind === 'code' || kind === 'prose' ? `${path}.decoded` : path;
}
