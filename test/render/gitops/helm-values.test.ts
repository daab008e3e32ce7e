import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AssignmentError, assign, plainMap, sharedMap } from '../../../src/render/gitops/helm-strvals.js';
import { ReleaseValues } from '../../../src/render/gitops/helm-values.js';
import type { JsonMap } from '../../../src/render/inputs/json-shape.js';

function assigned(written: string, values: JsonMap = {}, typed = true): JsonMap {
  const shared = sharedMap(values);
  assign(written, shared, typed);
  return plainMap(shared);
}

describe('assignments as helm reads them (helm pkg/strvals ParseInto)', () => {
  it.each([
    ['a=1', { a: 1 }],
    ['a=TRUE,b=null,c=', { a: true, b: null, c: '' }],
    ['a=007,b=1.5,c=-3,d=99999999999999999999', { a: '007', b: '1.5', c: -3, d: '99999999999999999999' }],
    ['a.b.c=x', { a: { b: { c: 'x' } } }],
    ['a\\.b=x\\,y', { 'a.b': 'x,y' }],
    ['a={x,1,true}', { a: ['x', 1, true] }],
    ['a={}', { a: [''] }],
    ['a[1].b=x', { a: [null, { b: 'x' }] }],
    ['a[0][1]=x', { a: [[null, 'x']] }],
    ['a={x},b=y', { a: ['x'], b: 'y' }],
    ['__proto__.a=x', JSON.parse('{"__proto__": {"a": "x"}}') as JsonMap],
  ])('%s', (written, expected) => {
    expect(assigned(written)).toEqual(expected);
  });

  it.each([
    'a',
    'a,b=1',
    'a={x',
    'a[x]=1',
    'a[-1]=1',
    'a[99999]=1',
    'a[0]x=1',
    'a.=',
    `${'a.'.repeat(40)}a=1`,
  ])('refuses %s', (written) => {
    expect(() => assigned(written)).toThrow(AssignmentError);
  });

  it('refuses a key of what is no mapping and an index of what is no list', () => {
    expect(() => assigned('a.b=1', { a: 'x' })).toThrow(AssignmentError);
    expect(() => assigned('a[0]=1', { a: 'x' })).toThrow(AssignmentError);
  });

  it('ends for any text', () => {
    fc.assert(
      fc.property(fc.string(), (written) => {
        try {
          assigned(written);
        } catch (error) {
          expect(error).toBeInstanceOf(AssignmentError);
        }
      }),
    );
  });
});

describe('values of a HelmRelease (fluxcd/pkg/chartutil ChartValuesFromReferences)', () => {
  const inline = { own: 'inline', deep: { own: 'inline' } };
  const after = (change: (values: ReleaseValues) => void): JsonMap => {
    const values = new ReleaseValues(inline);
    change(values);
    return values.whole();
  };

  it.each([
    [
      'inline values over references',
      (v: ReleaseValues) => v.merge({ own: 'from', deep: { more: 1 } }),
      { own: 'inline', deep: { own: 'inline', more: 1 } },
    ],
    ['inline values over a target of one key', (v: ReleaseValues) => v.assign('own', 'target'), inline],
    [
      'a target below a mapping over inline values',
      (v: ReleaseValues) => v.assign('deep.own', 'target'),
      { own: 'inline', deep: { own: 'target' } },
    ],
    [
      'of two targets below a mapping the first',
      (v: ReleaseValues) => {
        v.assign('deep.own', '1');
        v.assign('deep.own', '2');
      },
      { own: 'inline', deep: { own: 1 } },
    ],
    ['quoted text as text', (v: ReleaseValues) => v.assign('new', '"5"'), { ...inline, new: '5' }],
    [
      'a value with commas as several',
      (v: ReleaseValues) => v.assign('new', 'a,other=b'),
      { ...inline, new: 'a', other: 'b' },
    ],
    [
      'a literal value as it stands',
      (v: ReleaseValues) => v.assignText('new', 'a,b={c}[0]\\x'),
      { ...inline, new: 'a,b={c}[0]\\x' },
    ],
  ])('%s', (_, change, expected) => {
    expect(after(change)).toEqual(expected);
  });
});
