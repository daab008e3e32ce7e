import { GateError, LIMITS } from '../contract/index.js';
import { pathFromBytes } from './path-bytes.js';
import type { Tree, TreeFile } from './tree.js';
import { type PathPattern, pathPattern } from './wildmatch.js';

/** Git ignores longer lines (attr.c, ATTR_MAX_LINE_LENGTH). */
const MOST_LINE = 2048;
const FILE = '.gitattributes';

/** Attributes by which what a checkout has differs from the blob. The gate applies none of them; it says so. */
export interface PathAttributes {
  /** Name of a filter driver (`lfs`, `git-crypt`): the content is made on checkout. */
  filter: string | null;
  /** The blob is UTF-8 and the file in another encoding. */
  workingTreeEncoding: string | null;
  /** Left out of archives, which is what some tools deploy from. */
  exportIgnore: boolean;
  /** `$Format:...$` is replaced in archives. */
  exportSubst: boolean;
  /** `$Id$` is replaced on checkout. */
  ident: boolean;
}

/** What the .gitattributes files of a tree say. */
export interface Attributes {
  /** Of one path of the tree, whether or not it is there. */
  of(path: string): PathAttributes;
  /** .gitattributes files that the gate did not read (too large); what they say is unknown. */
  readonly unread: readonly string[];
  /** False when no path can have any of these attributes: `of` need not be asked. */
  readonly any: boolean;
}

type State = string | boolean | null;
type Assignment = readonly [string, State];
type Macros = ReadonlyMap<string, readonly Assignment[]>;

interface Rule {
  folder: string;
  matches: PathPattern;
  states: readonly Assignment[];
}

/**
 * Reads every .gitattributes of a tree with the rules of gitattributes(5): deeper files over higher ones, later lines
 * over earlier ones, macros from the root's file alone, symlinked files not at all. Outside the tree nothing is read
 * (info/attributes, the user's own).
 * @throws GateError `missing-objects`
 */
export async function attributesOf(tree: Tree): Promise<Attributes> {
  const files = [...(await tree.files()).values()].filter(isAttributesFile);
  const unread: string[] = [];
  const macros = new Map<string, readonly Assignment[]>();
  const levels: Rule[][] = [];
  // The map is in path order, so the root's file comes before those of folders only by its depth.
  files.sort((a, b) => depthOf(a.path) - depthOf(b.path));
  for (const file of files) {
    const text = await readText(tree, file.path);
    if (text === null) unread.push(file.path);
    else levels.push(rulesOf(text, file.path.slice(0, -FILE.length), macros));
  }
  const rules = levels.flat();
  return {
    unread,
    any: rules.length > 0 || unread.length > 0,
    of: (path) => {
      const states = statesOfPath(path, rules, macros);
      return {
        filter: textOf(states.get('filter')),
        workingTreeEncoding: textOf(states.get('working-tree-encoding')),
        exportIgnore: isSet(states.get('export-ignore')),
        exportSubst: isSet(states.get('export-subst')),
        ident: isSet(states.get('ident')),
      };
    },
  };
}

/**
 * From the last rule to the first, as git does it (attr.c, fill): what is said of an attribute first counts, and a
 * macro stands for its attributes only where the macro itself was still unsaid.
 */
function statesOfPath(path: string, rules: readonly Rule[], macros: Macros): ReadonlyMap<string, State> {
  const states = new Map<string, State>();
  const fill = (assignments: readonly Assignment[]): void => {
    for (const [name, state] of assignments.toReversed()) {
      if (states.has(name)) continue;
      states.set(name, state);
      if (state === true) fill(macros.get(name) ?? []);
    }
  };
  for (const rule of rules.toReversed()) {
    if (path.startsWith(rule.folder) && rule.matches(path.slice(rule.folder.length))) fill(rule.states);
  }
  return states;
}

function isAttributesFile(file: TreeFile): boolean {
  const isNamed = file.path === FILE || file.path.endsWith(`/${FILE}`);
  return isNamed && (file.mode === 'file' || file.mode === 'executable');
}

function depthOf(path: string): number {
  return path.split('/').length;
}

async function readText(tree: Tree, path: string): Promise<string | null> {
  try {
    return pathFromBytes(await tree.read(path, { maxBytes: LIMITS.configBytes }));
  } catch (error) {
    if (error instanceof GateError && error.code === 'limit') return null;
    throw error;
  }
}

function rulesOf(text: string, folder: string, macros: Map<string, readonly Assignment[]>): Rule[] {
  const rules: Rule[] = [];
  for (const raw of text.replace(/^\ufeff/, '').split('\n')) {
    const line = raw.replace(/^[ \t\r]+/, '');
    if (line === '' || line.startsWith('#') || Buffer.byteLength(raw) > MOST_LINE) continue;
    const { pattern, rest } = splitPattern(line);
    const isMacro = pattern.startsWith('[attr]');
    const states = rest.split(/[ \t\r]+/).flatMap((word) => (word === '' ? [] : [assignmentOf(word)]));
    if (isMacro) {
      if (folder === '') macros.set(pattern.slice('[attr]'.length), states);
      continue;
    }
    const matches = pathPattern(pattern);
    if (matches !== null && states.length > 0) rules.push({ folder, matches, states });
  }
  return rules;
}

/** The first word of a line; one that starts with a quote is unquoted as in C. */
function splitPattern(line: string): { pattern: string; rest: string } {
  const quoted = /^"((?:[^"\\]|\\.)*)"(.*)$/s.exec(line);
  if (quoted?.[1] !== undefined) return { pattern: unquoted(quoted[1]), rest: quoted[2] ?? '' };
  const end = line.search(/[ \t\r]/);
  return end < 0 ? { pattern: line, rest: '' } : { pattern: line.slice(0, end), rest: line.slice(end) };
}

function unquoted(text: string): string {
  const named = new Map([
    ['a', '\x07'],
    ['b', '\b'],
    ['f', '\f'],
    ['n', '\n'],
    ['r', '\r'],
    ['t', '\t'],
    ['v', '\v'],
  ]);
  const bytes: Buffer[] = [];
  for (const part of text.matchAll(/\\([0-3][0-7]{2})|\\(.)|[^\\]+/gs)) {
    if (part[1] !== undefined) bytes.push(Buffer.of(Number.parseInt(part[1], 8)));
    else bytes.push(Buffer.from(part[2] === undefined ? part[0] : (named.get(part[2]) ?? part[2])));
  }
  return pathFromBytes(Buffer.concat(bytes));
}

/** `name`, `-name`, `!name` or `name=value`. */
function assignmentOf(word: string): Assignment {
  if (word.startsWith('-')) return [word.slice(1), false];
  if (word.startsWith('!')) return [word.slice(1), null];
  const equals = word.indexOf('=');
  return equals < 0 ? [word, true] : [word.slice(0, equals), word.slice(equals + 1)];
}

function textOf(state: State | undefined): string | null {
  return typeof state === 'string' && state !== '' ? state : null;
}

function isSet(state: State | undefined): boolean {
  return state === true || typeof state === 'string';
}
