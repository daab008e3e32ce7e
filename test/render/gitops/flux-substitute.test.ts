// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux's own syntax
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SubstitutionError, substitute } from '../../../src/render/gitops/flux-substitute.js';

const VALUES = new Map([
  ['a', 'apple'],
  ['path', 'one/two/three'],
  ['UP', 'ABC'],
  ['umlaut', 'äöü'],
]);
const value = (name: string): string | undefined => VALUES.get(name);

describe('substitution as Flux does it', () => {
  // fluxcd/pkg/envsubst/funcs.go and eval_test.go; Flux's docs "Post build variable substitution".
  it.each([
    ['${a}', 'apple'],
    ['${unset}', ''],
    ['$a', '$a'],
    ['$${a}', '${a}'],
    ['${#a}', '5'],
    ['${a^}', 'Apple'],
    ['${a^^}', 'APPLE'],
    ['${UP,}', 'aBC'],
    ['${UP,,}', 'abc'],
    ['${a:1}', 'pple'],
    ['${a:1:2}', 'pp'],
    ['${path#*/}', 'two/three'],
    ['${path##*/}', 'three'],
    ['${path%/*}', 'one/two'],
    ['${path%%/*}', 'one'],
    ['${unset:-d}', 'd'],
    ['${unset=d}', 'd'],
    ['${unset:=d}', 'd'],
    ['${a:-d}', 'apple'],
    ['${unset:-${a}}', 'apple'],
    ['${a/p/P}', 'aPple'],
    ['${a//p/P}', 'aPPle'],
    ['${a/#a/A}', 'Apple'],
    ['${a/%e/E}', 'applE'],
    // fluxcd/pkg/envsubst funcs.go lookupFunc: toDefault whatever the operator.
    ['${unset:+d}', 'd'],
    ['${a:?d}', 'apple'],
    ['${unset:-a${a}b${UP}}', 'aapplebABC'],
    // parse.go parseAny, scan.go scanEscaped: two dollars are one, wherever they stand.
    ['a$$b', 'a$b'],
    ['$$${a}', '$apple'],
    ['$$$${a}', '$${a}'],
    // funcs.go toLen, toSubstr: bytes; what is no number changes nothing.
    ['${#umlaut}', '6'],
    ['${umlaut:2}', 'öü'],
    ['${a:1:-1}', 'ppl'],
    ['${a: -2}', 'apple'],
    ['${a:x}', 'apple'],
    ['${a:9}', ''],
    // funcs.go trimShortest over path/match.go: one byte at least, `*` over slashes, classes.
    ['${a#*}', 'pple'],
    ['${a##[a-p]*}', ''],
    ['${a##[a-p]}', 'pple'],
    ['${path##*/}', 'three'],
    ['${a%[^a-p]}', 'apple'],
    // funcs.go replacePrefix: without a replacement nothing; parse.go: a pattern runs to the next slash.
    ['${a/#a/}', 'apple'],
    ['${a//p/}', 'ale'],
    ['${path/\\//-}', 'one-two/three'],
    ['${a/} b/x}', 'apple'],
    ['x ${a} y ${UP} z', 'x apple y ABC z'],
  ])('%s gives %s', (written, expected) => {
    expect(substitute(written, value)).toBe(expected);
  });

  // parse.go: ErrMissingClosingBrace, ErrParseVariableName, ErrParseFuncSubstitution, ErrBadSubstitution.
  it.each([
    '${a+d}',
    '${a-d}',
    '${a-b}',
    '${',
    '${}',
    '${a',
    '${a!}',
    '${a#}',
    '${a/p}',
    '${a:}',
    '${a:ä}',
    '${umlaut:1}',
    '${ a}',
  ])('refuses %s', (written) => {
    expect(() => substitute(written, value)).toThrow(SubstitutionError);
  });

  it('refuses to trim what would take too long', () => {
    const long = 'a'.repeat(20_000);
    expect(() => substitute('${x##*b}', () => long)).toThrow(/too long/);
  });

  it('leaves text without a dollar as it is, and ends for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (!text.includes('$')) expect(substitute(text, value)).toBe(text);
        else {
          try {
            substitute(text, value);
          } catch (error) {
            expect(error).toBeInstanceOf(SubstitutionError);
          }
        }
      }),
    );
    expect(() => substitute('${a:-'.repeat(5000), value)).toThrow(SubstitutionError);
  });
});
