import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileGlobs, literalPrefix, matchesGlob } from '../../src/config/glob.js';

/** Plain backtracking over a pattern without braces: slow and obviously right, for the properties below. */
function slowMatch(pattern: string, path: string, at = 0): boolean {
  if (pattern === '') return at === path.length;
  const rest = path.slice(at);
  if (pattern.startsWith('**/')) {
    const starts = at === 0 || path[at - 1] === '/';
    if (starts && slowMatch(pattern.slice(3), path, at)) return true;
    for (let end = 0; end < rest.length; end += 1) {
      if (rest[end] === '/' && slowMatch(pattern.slice(3), path, at + end + 1)) return true;
    }
    return false;
  }
  if (pattern.startsWith('**')) {
    for (let end = 0; end <= rest.length; end += 1) {
      if (slowMatch(pattern.slice(2), path, at + end)) return true;
    }
    return false;
  }
  if (pattern.startsWith('*')) {
    for (let end = 0; end <= rest.length; end += 1) {
      if (slowMatch(pattern.slice(1), path, at + end)) return true;
      if (rest[end] === '/') return false;
    }
    return false;
  }
  if (rest === '') return false;
  const matches = pattern.startsWith('?') ? rest[0] !== '/' : rest[0] === pattern[0];
  return matches && slowMatch(pattern.slice(1), path, at + 1);
}

describe('matchesGlob', () => {
  const cases: [pattern: string, matches: string[], others: string[]][] = [
    ['a/b.yaml', ['a/b.yaml'], ['a/b.yam', 'a/b.yaml/c', 'x/a/b.yaml', 'A/b.yaml', '']],
    ['*', ['a', '.hidden', ''], ['a/b']],
    ['*.yaml', ['a.yaml', '.yaml'], ['a/b.yaml', 'a.yml']],
    ['clusters/prod/**', ['clusters/prod/a', 'clusters/prod/a/.b/c'], ['clusters/prod', 'clusters/prod2/a']],
    ['**', ['', 'a', 'a/b/.c'], []],
    [
      '**/kustomization.yaml',
      ['kustomization.yaml', 'a/kustomization.yaml', 'a/b/kustomization.yaml'],
      ['a/xkustomization.yaml'],
    ],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb', 'b']],
    ['a**b', ['ab', 'a/b', 'a/x/yb'], ['a/bc']],
    ['a**/b', ['a/b', 'ax/y/b'], ['ab', 'b']],
    ['a?c', ['abc', 'a.c', 'a💥c'], ['a/c', 'ac', 'abbc']],
    ['[a-c]x', ['ax', 'bx', 'cx'], ['dx', '-x', 'x']],
    ['[!a-c]x', ['dx'], ['ax', '/x', 'x']],
    ['[^a]', ['b'], ['a', '/']],
    ['[]]', [']'], ['[']],
    ['[!]]', ['a'], [']']],
    ['[a-]', ['a', '-'], ['b']],
    ['[z-a]', [], ['z', 'a', 'm', '-']],
    ['[+--]', ['+', ',', '-'], ['/', '*']],
    ['[.-0]', ['.', '0'], ['/']],
    ['[a', ['[a'], ['a']],
    ['[a/b]', ['[a/b]'], ['a']],
    ['[/]', ['[/]'], ['/']],
    ['[]', ['[]'], []],
    ['[', ['['], []],
    ['{a,b}/c', ['a/c', 'b/c'], ['c', 'a,b/c']],
    ['x{,y}', ['x', 'xy'], ['y']],
    ['{a,{b,c}d}e', ['ae', 'bde', 'cde'], ['be', 'abde']],
    ['{*.yaml,*.{yml,json},**/x}', ['a.yaml', 'a.yml', 'a.json', 'a/b/x', 'x'], ['a/b.yaml']],
    ['a/{**/,}b', ['a/b', 'a/x/b'], ['ab']],
    ['{a}', ['{a}'], ['a']],
    ['{a,b', ['{a,b'], ['a', 'b']],
    ['{a,{b,c}', ['{a,b', '{a,c'], ['a', 'b']],
    ['a,b}', ['a,b}'], ['a']],
    ['}', ['}'], []],
    ['{[,],x}', [',', 'x'], ['[']],
    ['\\*\\{a,b\\}', ['*{a,b}'], ['xa', '*a']],
    ['a\\', ['a\\'], ['a']],
    ['a.b', ['a.b'], ['axb']],
    ['$(x)|^+', ['$(x)|^+'], []],
    ['***/a', ['a', 'x/y/a'], ['xa']],
    ['é', ['é'], ['e\u0301']],
    ['caf\udcc3*', ['caf\udcc3\udca9'], ['caf\udcc4']],
    ['', [''], ['a']],
  ];
  it.each(cases)('%s', (pattern, matches, others) => {
    expect(matches.filter((path) => !matchesGlob(pattern, path))).toEqual([]);
    expect(others.filter((path) => matchesGlob(pattern, path))).toEqual([]);
  });

  const piece = fc.constantFrom('a', 'b', '/', '*', '**', '**/', '?', '.');
  const pathText = fc
    .array(fc.constantFrom('a', 'b', 'a/', '.', '/b'), { maxLength: 8 })
    .map((parts) => parts.join(''));

  it('agrees with a backtracking matcher', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), pathText, (pieces, path) => {
        const pattern = pieces.join('').replace(/\*{3,}/g, '**');
        expect(matchesGlob(pattern, path)).toBe(slowMatch(pattern, path));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes braces for each of their alternatives', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join('').replace(/\*{3,}/g, '**')),
          {
            minLength: 2,
            maxLength: 4,
          },
        ),
        pathText,
        (alternatives, path) => {
          const pattern = `a/{${alternatives.join(',')}}/b`;
          const expected = alternatives.some((alternative) => {
            // Stars at the seam would run together with nothing here: the seams are slashes.
            return matchesGlob(`a/${alternative}\\/b`, path);
          });
          expect(matchesGlob(pattern, path)).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('takes any text for itself once it is escaped, and never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.string({ unit: 'binary', maxLength: 40 }),
        (a, b) => {
          const escaped = [...a].map((character) => `\\${character}`).join('');
          expect(matchesGlob(escaped, a)).toBe(true);
          expect(matchesGlob(escaped, b)).toBe(a === b);
          matchesGlob(a, b);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('takes hostile patterns and paths in its stride', () => {
    const long = 'a'.repeat(5_000);
    expect(matchesGlob(`${'*a'.repeat(200)}*b`, long)).toBe(false);
    expect(matchesGlob(`${'**/'.repeat(200)}b`, 'a/'.repeat(2_000))).toBe(false);
    expect(matchesGlob(`${'{a,aa}'.repeat(200)}b`, long)).toBe(false);
    expect(matchesGlob('{'.repeat(20_000) + ','.repeat(20_000), long)).toBe(false);
    expect(matchesGlob('['.repeat(100_000), long)).toBe(false);
    expect(matchesGlob(`${'{a,'.repeat(20_000)}b${'}'.repeat(20_000)}`, 'b')).toBe(true);
  });
});

describe('compileGlobs', () => {
  it('matches what any pattern matches, and nothing without patterns', () => {
    const matches = compileGlobs(['a.yaml', 'b/**', 'c.yaml']);
    expect(['a.yaml', 'b/x', 'c.yaml', 'd', 'b'].map(matches)).toEqual([true, true, true, false, false]);
    expect(compileGlobs([])('')).toBe(false);
  });

  it('keeps no state between paths', () => {
    const matches = compileGlobs(['**/*.yaml']);
    expect([matches('a/b.yaml'), matches('a/b.txt'), matches('a/b.yaml')]).toEqual([true, false, true]);
  });
});

describe('literalPrefix', () => {
  it.each([
    ['clusters/prod/**', 'clusters/prod/'],
    ['a\\*b/*.yaml', 'a*b/'],
    ['plain', 'plain'],
    ['{a}b{c,d}', '{a}b'],
    ['**', ''],
  ])('%s', (pattern, prefix) => {
    expect(literalPrefix(pattern)).toBe(prefix);
  });
});
