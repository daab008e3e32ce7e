// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux's own syntax
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SubstitutionError, substitute } from '../../../src/render/gitops/flux-substitute.js';

const VALUES = new Map([
  ['a', 'apple'],
  ['path', 'one/two/three'],
  ['UP', 'ABC'],
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
    ['${unset-d}', 'd'],
    ['${unset:-d}', 'd'],
    ['${unset=d}', 'd'],
    ['${unset:=d}', 'd'],
    ['${a:-d}', 'apple'],
    ['${unset:-${a}}', 'apple'],
    ['${a/p/P}', 'aPple'],
    ['${a//p/P}', 'aPPle'],
    ['${a/#a/A}', 'Apple'],
    ['${a/%e/E}', 'applE'],
    ['x ${a} y ${UP} z', 'x apple y ABC z'],
  ])('%s gives %s', (written, expected) => {
    expect(substitute(written, value)).toBe(expected);
  });

  it.each(['${a:+d}', '${a+d}', '${a:?d}', '${', '${}', '${a', '${a:x}', '${a!}'])(
    'refuses %s',
    (written) => {
      expect(() => substitute(written, value)).toThrow(SubstitutionError);
    },
  );

  it('leaves text without ${ as it is, and ends for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (!text.includes('${')) expect(substitute(text, value)).toBe(text);
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
