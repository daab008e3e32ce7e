import { describe, expect, it } from '@jest/globals';
import { type NamedChange, namedChange, nothingToMerge } from '../../src/cli/named-change.js';
import { sampleVerdict } from '../report/sample-verdict.js';

const named = (words: string[], options: NamedChange = {}, single: 'base' | null = 'base') =>
  namedChange('diff', words, options, single);

describe('a change by words', () => {
  it.each<[string[], string | undefined, string | undefined]>([
    [[], undefined, undefined],
    [['HEAD~1'], 'HEAD~1', undefined],
    [['main', 'feature/x'], 'main', 'feature/x'],
    [['main..feature'], 'main', 'feature'],
    [['main...feature'], 'main', 'feature'],
    [['v1.2..v1.3'], 'v1.2', 'v1.3'],
    [['main..'], 'main', 'HEAD'],
    [['...feature'], 'HEAD', 'feature'],
  ])('%j', (words, base, head) => {
    const change = named(words);
    expect([change.base, change.head]).toEqual([base, head]);
  });

  it('by options is as it was', () => {
    expect(named([], { base: 'main', head: 'x' })).toEqual({ base: 'main', head: 'x' });
  });

  it.each<[string[], NamedChange, string]>([
    [
      ['a', 'b', 'apps/'],
      {},
      'a change has two revisions, not 3: gitops-gate diff BASE HEAD (or BASE..HEAD), without paths',
    ],
    [['a..b..c'], {}, 'a..b..c is no range of two revisions'],
    [['a....b'], {}, 'a....b is no range of two revisions'],
    [['a..b', 'c'], {}, 'a..b names both revisions already: gitops-gate diff a..b'],
    [['a', 'b...c'], {}, 'b...c names both revisions already'],
    [['^main', 'x'], {}, '"^main" names no revision'],
    [[''], {}, '"" names no revision'],
    [['x'], { base: 'main' }, 'name the change once: by --base and --head, or as gitops-gate diff main x'],
    [['main'], { head: 'x' }, 'or as gitops-gate diff main x'],
    [[], { base: 'a..b' }, '--base names one revision; a range stands alone: gitops-gate diff a..b'],
    [[], { head: 'a...b' }, '--head names one revision'],
  ])('%j %j is refused with the way out', (words, options, message) => {
    expect(() => named(words, options)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });

  it('needs both sides where one revision could be either', () => {
    expect(() => namedChange('check', ['x'], {}, null)).toThrow(
      'name both sides, first what would be merged into: gitops-gate check main x, or gitops-gate check x HEAD',
    );
    expect(namedChange('check', ['main', 'x'], {}, null)).toEqual({ base: 'main', head: 'x' });
  });

  it('that goes backwards is told', () => {
    const [base, head] = ['a', 'b'].map((letter) => letter.repeat(40));
    const verdict = (mergeBase: string | undefined) =>
      sampleVerdict([], { report: { base, head, mergeBase } as never });
    expect(nothingToMerge(verdict(head))).toBe(
      'bbbbbbbbbbbb is a part of aaaaaaaaaaaa already: merging it changes nothing (the base goes first)',
    );
    expect(nothingToMerge(verdict(base))).toBeNull();
    expect(
      nothingToMerge(sampleVerdict([], { report: { base: null, head: null, mergeBase: null } })),
    ).toBeNull();
  });
});
