/**
 * Path globs of the configuration. A pattern is compiled to a small automaton that is run over the path once, all
 * states at a time: the cost is at most (length of the path) x (length of the pattern), whatever either holds.
 *
 * | pattern   | matches |
 * |-----------|---------|
 * | `*`       | any characters of one segment, none included; a leading dot is nothing special |
 * | `**`      | any characters, `/` included; `**` with a `/` behind it also matches no folder at all (`a/**` + `/b` matches `a/b`) |
 * | `?`       | one character of a segment |
 * | `[a-z]`   | one character of the set, `[!a-z]` or `[^a-z]` one outside of it, never `/`; `]` first is itself |
 * | `{a,b}`   | either; may be nested and hold the others; without a comma the braces are themselves |
 * | `\*`      | the character behind the backslash |
 *
 * Everything else is itself: case, accents and Unicode forms count, and the whole path must match (`a` does not
 * match `a/b`, and `a/**` matches what lies in `a`, not a file `a`). What is not closed (`[a`, `{a,`) is itself too.
 */

type CharacterClass = { negated: boolean; ranges: readonly (readonly [number, number])[] };

type Token =
  | { kind: 'character'; code: number }
  | { kind: 'class'; set: CharacterClass }
  | { kind: 'any' | 'star' | 'globstar' | 'globstarSlash' | 'open' | 'comma' | 'close' };

/** One step of the automaton; `to` are the states reached without reading anything. */
type Step =
  | { op: 'character'; code: number }
  | { op: 'class'; set: CharacterClass }
  | { op: 'segmentCharacter' }
  | { op: 'anything' }
  | { op: 'fork'; to: number[] }
  /** Goes on only at the start of a segment. */
  | { op: 'segmentStart'; to: number }
  | { op: 'match' };

const SLASH = 0x2f;
const DASH = 0x2d;
const SPECIAL: ReadonlyMap<string, 'any' | 'open' | 'comma' | 'close'> = new Map([
  ['?', 'any'],
  ['{', 'open'],
  [',', 'comma'],
  ['}', 'close'],
]);
const BRACES: ReadonlyMap<string, string> = new Map([
  ['open', '{'],
  ['comma', ','],
  ['close', '}'],
]);

/** True when the whole path matches the pattern. For more than one path compile once with `compileGlobs`. */
export function matchesGlob(pattern: string, path: string): boolean {
  return compileGlobs([pattern])(path);
}

/** A predicate that is true for a path which any of the patterns matches; no pattern matches nothing. */
export function compileGlobs(patterns: readonly string[]): (path: string) => boolean {
  const exact = new Set<string>();
  const automata: ((path: string) => boolean)[] = [];
  for (const pattern of new Set(patterns)) {
    const tokens = tokenize(pattern);
    const literal = literalOf(tokens);
    if (literal === null) automata.push(automatonOf(tokens));
    else exact.add(literal);
  }
  return (path) => exact.has(path) || automata.some((matches) => matches(path));
}

/** The characters in front of the pattern's first wildcard: every path that it matches starts with them. */
export function literalPrefix(pattern: string): string {
  return prefixOf(tokenize(pattern));
}

/** The pattern that matches just this path. */
export function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{},]/g, '\\$&');
}

function prefixOf(tokens: readonly Token[]): string {
  let prefix = '';
  for (const token of tokens) {
    if (token.kind !== 'character') break;
    prefix += String.fromCodePoint(token.code);
  }
  return prefix;
}

function literalOf(tokens: readonly Token[]): string | null {
  return tokens.every((token) => token.kind === 'character') ? prefixOf(tokens) : null;
}

/** Splits a pattern; braces that are not closed or have no comma, and commas outside of braces, become characters. */
function tokenize(pattern: string): Token[] {
  const characters = [...pattern];
  const tokens: Token[] = [];
  const classes = classEnds(characters);
  let at = 0;
  while (at < characters.length) {
    const character = characters[at] as string;
    if (character === '\\' && at + 1 < characters.length) {
      tokens.push(characterToken(characters[at + 1] as string));
      at += 2;
    } else if (character === '*') {
      let end = at;
      while (characters[end] === '*') end += 1;
      if (end - at === 1) {
        tokens.push({ kind: 'star' });
      } else if (characters[end] === '/') {
        end += 1;
        tokens.push({ kind: 'globstarSlash' });
      } else {
        tokens.push({ kind: 'globstar' });
      }
      at = end;
    } else if (character === '[' && classes[at] !== undefined) {
      const end = classes[at] as number;
      tokens.push({ kind: 'class', set: classOf(characters.slice(at + 1, end)) });
      at = end + 1;
    } else {
      const kind = SPECIAL.get(character);
      tokens.push(kind === undefined ? characterToken(character) : { kind });
      at += 1;
    }
  }
  return settleBraces(tokens);
}

function characterToken(character: string): Token {
  return { kind: 'character', code: character.codePointAt(0) as number };
}

/** For each `[` that opens a set: where its `]` is. One pass from the right, so that many open brackets stay cheap. */
function classEnds(characters: readonly string[]): (number | undefined)[] {
  const next: (number | undefined)[] = new Array(characters.length + 3);
  for (let at = characters.length - 1; at >= 0; at -= 1) {
    next[at] = characters[at] === ']' ? at : characters[at] === '/' ? undefined : next[at + 1];
  }
  return characters.map((character, at) => {
    if (character !== '[') return undefined;
    const negated = characters[at + 1] === '!' || characters[at + 1] === '^';
    // The first character of a set is always a member, `]` too.
    const first = at + (negated ? 2 : 1);
    return characters[first] === '/' ? undefined : next[first + 1];
  });
}

function classOf(inner: readonly string[]): CharacterClass {
  const negated = inner[0] === '!' || inner[0] === '^';
  const codes = inner.slice(negated ? 1 : 0).map((character) => character.codePointAt(0) as number);
  const ranges: [number, number][] = [];
  for (let at = 0; at < codes.length; at += 1) {
    const from = codes[at] as number;
    const to = codes[at + 2];
    if (codes[at + 1] === DASH && to !== undefined) {
      ranges.push([from, to]);
      at += 2;
    } else {
      ranges.push([from, from]);
    }
  }
  return { negated, ranges };
}

function settleBraces(tokens: readonly Token[]): Token[] {
  const live = new Set<number>();
  const open: { at: number; commas: number[] }[] = [];
  tokens.forEach((token, at) => {
    if (token.kind === 'open') open.push({ at, commas: [] });
    else if (token.kind === 'comma') open.at(-1)?.commas.push(at);
    else if (token.kind === 'close') {
      const group = open.pop();
      if (group !== undefined && group.commas.length > 0) {
        for (const part of [group.at, ...group.commas, at]) live.add(part);
      }
    }
  });
  return tokens.map((token, at) => {
    const brace = BRACES.get(token.kind);
    return brace === undefined || live.has(at) ? token : characterToken(brace);
  });
}

function automatonOf(tokens: readonly Token[]): (path: string) => boolean {
  const steps = stepsOf(tokens);
  const prefix = prefixOf(tokens);
  return (path) => path.startsWith(prefix) && run(steps, path);
}

/** Braces that are open: the fork in front of the alternative at hand, and the forks behind those before it. */
interface Group {
  fork: number[];
  ends: number[][];
}

function stepsOf(tokens: readonly Token[]): readonly Step[] {
  const steps: Step[] = [];
  const groups: Group[] = [];
  const emit = (step: Step) => steps.push(step);
  /** A fork whose ways are filled in as they become known. */
  const fork = (...to: number[]): number[] => {
    emit({ op: 'fork', to });
    return to;
  };
  const loop = (op: 'segmentCharacter' | 'anything') => {
    const start = steps.length;
    fork(start + 1, start + 3);
    emit({ op });
    fork(start);
  };
  for (const token of tokens) {
    // Only braces that are closed are tokens of their own: a comma and an end have their group.
    const group = groups.at(-1) as Group;
    if (token.kind === 'character') emit({ op: 'character', code: token.code });
    else if (token.kind === 'class') emit({ op: 'class', set: token.set });
    else if (token.kind === 'any') emit({ op: 'segmentCharacter' });
    else if (token.kind === 'star') loop('segmentCharacter');
    else if (token.kind === 'globstar') loop('anything');
    else if (token.kind === 'globstarSlash') {
      const start = steps.length;
      fork(start + 1, start + 2);
      emit({ op: 'segmentStart', to: start + 6 });
      loop('anything');
      emit({ op: 'character', code: SLASH });
    } else if (token.kind === 'open') {
      groups.push({ fork: fork(steps.length + 1), ends: [] });
    } else if (token.kind === 'comma') {
      group.ends.push(fork());
      group.fork.push(steps.length);
      group.fork = fork(steps.length + 1);
    } else {
      for (const end of group.ends) end.push(steps.length);
      groups.pop();
    }
  }
  emit({ op: 'match' });
  return steps;
}

/** Runs the automaton: `current` holds each state at most once, so that no input makes it slow. */
function run(steps: readonly Step[], path: string): boolean {
  const marks = new Int32Array(steps.length).fill(-1);
  let current: number[] = [];
  let position = 0;
  let atSegmentStart = true;

  const enter = (states: number[], first: number) => {
    const pending = [first];
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      if (marks[state] === position) continue;
      marks[state] = position;
      const step = steps[state] as Step;
      if (step.op === 'fork') pending.push(...step.to);
      else if (step.op !== 'segmentStart') states.push(state);
      else if (atSegmentStart) pending.push(step.to);
    }
  };

  enter(current, 0);
  for (const character of path) {
    if (current.length === 0) return false;
    const code = character.codePointAt(0) as number;
    const next: number[] = [];
    position += 1;
    atSegmentStart = code === SLASH;
    for (const state of current) {
      if (reads(steps[state] as Step, code)) enter(next, state + 1);
    }
    current = next;
  }
  return current.some((state) => (steps[state] as Step).op === 'match');
}

function reads(step: Step, code: number): boolean {
  if (step.op === 'character') return step.code === code;
  if (step.op === 'segmentCharacter') return code !== SLASH;
  if (step.op === 'anything') return true;
  if (step.op === 'class') {
    const inside = step.set.ranges.some(([from, to]) => from <= code && code <= to);
    return code !== SLASH && inside !== step.set.negated;
  }
  return false;
}
