import { pathToBytes } from './path-bytes.js';

/** A pattern of .gitattributes, ready to match paths relative to the file's folder. */
export type PathPattern = (path: string) => boolean;

type Token =
  | { kind: 'text'; text: string }
  | { kind: 'any' }
  | { kind: 'star' }
  | { kind: 'set'; set: CharacterSet };

interface CharacterSet {
  negated: boolean;
  ranges: readonly (readonly [string, string])[];
}

/** Classes of POSIX inside brackets, for ASCII as git has them (wildmatch.c). */
const CLASSES = new Map<string, string>([
  ['alpha', 'azAZ'],
  ['digit', '09'],
  ['alnum', 'azAZ09'],
  ['upper', 'AZ'],
  ['lower', 'az'],
  ['space', '  \t\r'],
  ['blank', '  \t\t'],
  ['punct', '!/:@[`{~'],
  ['xdigit', '09afAF'],
  ['cntrl', '\0\x1f\x7f\x7f'],
  ['print', ' ~'],
  ['graph', '!~'],
]);

/**
 * Compiles a pattern as gitattributes(5) reads it: without a slash it matches the last component at any depth, with
 * one it is anchored; `*` and `?` stop at slashes, `**` spans folders, brackets hold sets. Returns null for patterns
 * that git ignores there (negated, or with a trailing slash, which names folders only). Matching takes at most the
 * product of both lengths.
 */
export function pathPattern(text: string): PathPattern | null {
  const pattern = bytesOf(text);
  if (pattern === '' || pattern.startsWith('!') || pattern.endsWith('/')) return null;
  if (!pattern.includes('/')) {
    const tokens = tokensOf(pattern);
    return (path) => matches(tokens, bytesOf(path.slice(path.lastIndexOf('/') + 1)));
  }
  const anchored = pattern.startsWith('/') ? pattern.slice(1) : pattern;
  // Git compares what comes before the first special character by itself and only then looks for `**`, so that
  // `a**/b` is `a` and then `**/b` (dir.c, match_pathname).
  const literal = /^[^*?[\\]*/.exec(anchored)?.[0] ?? '';
  if (literal === anchored) return (path) => bytesOf(path) === literal;
  const parts = anchored.slice(literal.length).split('/');
  const compiled = parts.map((part) => (/^\*{2,}$/.test(part) ? '**' : tokensOf(part)));
  return (path) => {
    const bytes = bytesOf(path);
    return bytes.startsWith(literal) && matchesParts(compiled, bytes.slice(literal.length).split('/'));
  };
}

/** Git matches bytes: a `?` or a set takes one byte of several that make up a character. One code unit a byte. */
function bytesOf(path: string): string {
  return pathToBytes(path).toString('latin1');
}

function matchesParts(pattern: readonly (readonly Token[] | '**')[], names: readonly string[]): boolean {
  // reach[i]: the pattern's parts so far match the first i names.
  let reach = names.map(() => false);
  reach.unshift(true);
  for (const [index, part] of pattern.entries()) {
    const next = reach.map(() => false);
    if (part === '**') {
      const last = index === pattern.length - 1;
      let open = false;
      for (let i = 0; i < reach.length; i += 1) {
        // A trailing ** matches what is inside a folder, not the folder itself.
        if (open || (reach[i] === true && !last)) next[i] = true;
        if (reach[i] === true) open = true;
      }
    } else {
      for (let i = 1; i < reach.length; i += 1) {
        next[i] = reach[i - 1] === true && matches(part, names[i - 1] ?? '');
      }
    }
    reach = next;
  }
  return reach.at(-1) === true;
}

/** One component; on a mismatch only the last star is tried further, which is enough. */
function matches(tokens: readonly Token[], text: string): boolean {
  const characters = text;
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < characters.length) {
    const current = tokens[token];
    if (current?.kind === 'star') {
      star = token;
      starAt = at;
      token += 1;
    } else if (current !== undefined && takes(current, characters[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      starAt += 1;
      at = starAt;
    } else {
      return false;
    }
  }
  while (tokens[token]?.kind === 'star') token += 1;
  return token === tokens.length;
}

function takes(token: Token, character: string): boolean {
  switch (token.kind) {
    case 'text':
      return token.text === character;
    case 'set':
      return (
        token.set.ranges.some(([low, high]) => low <= character && character <= high) !== token.set.negated
      );
    case 'any':
      return true;
    case 'star':
      return false;
  }
}

function tokensOf(pattern: string): Token[] {
  const characters = pattern;
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    if (character === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (character === '?') {
      tokens.push({ kind: 'any' });
    } else if (character === '\\' && at + 1 < characters.length) {
      at += 1;
      tokens.push({ kind: 'text', text: characters[at] ?? '' });
    } else if (character === '[') {
      const found = setAt(characters, at);
      // A bracket that is never closed matches nothing at all.
      if (found === null) return [{ kind: 'set', set: { negated: false, ranges: [] } }];
      tokens.push({ kind: 'set', set: found.set });
      at = found.end;
    } else {
      tokens.push({ kind: 'text', text: character });
    }
  }
  return tokens;
}

function setAt(characters: string, start: number): { set: CharacterSet; end: number } | null {
  let at = start + 1;
  const negated = characters[at] === '!' || characters[at] === '^';
  if (negated) at += 1;
  const ranges: (readonly [string, string])[] = [];
  for (let first = true; at < characters.length; first = false) {
    let low = characters[at] ?? '';
    if (low === ']' && !first) return { set: { negated, ranges }, end: at };
    if (low === '[' && characters[at + 1] === ':') {
      const end = characters.indexOf(']', at + 2);
      const name = end < 0 ? '' : characters.slice(at + 2, end - 1);
      const bounds = end > 0 && characters[end - 1] === ':' ? CLASSES.get(name) : undefined;
      if (bounds === undefined) return null;
      for (let i = 0; i < bounds.length; i += 2) ranges.push([bounds[i] ?? '', bounds[i + 1] ?? '']);
      at = end + 1;
      continue;
    }
    if (low === '\\') {
      at += 1;
      low = characters[at] ?? '';
    }
    at += 1;
    if (characters[at] === '-' && characters[at + 1] !== ']' && at + 1 < characters.length) {
      at += 1;
      if (characters[at] === '\\') at += 1;
      ranges.push([low, characters[at] ?? '']);
      at += 1;
    } else {
      ranges.push([low, low]);
    }
  }
  return null;
}
