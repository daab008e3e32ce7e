import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, nearest } from '../../src/config/nearest.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['mode', 'mode', 0],
    ['mdoe', 'mode', 1],
    ['mod', 'mode', 1],
    ['modes', 'mode', 1],
    ['node', 'mode', 1],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['ca', 'abc', 3],
  ])('%s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is a distance: zero for equals alone, the same both ways, never more than the longer name', () => {
    const name = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});

describe('nearest', () => {
  it('finds the candidate that was meant, whatever its case', () => {
    expect(nearest('Sginers', ['scopes', 'signers', 'keys'])).toBe('signers');
    expect(nearest('kubernetes-version', ['kubernetesVersion', 'packs'])).toBe('kubernetesVersion');
  });

  it('takes the first of those equally near, and the nearer of two', () => {
    expect(nearest('bat', ['cat', 'hat'])).toBe('cat');
    expect(nearest('bats', ['cat', 'bat'])).toBe('bat');
  });

  it('finds none where nothing is near, or the name is no slip of the keyboard', () => {
    expect(nearest('secrets', ['policies', 'diff'])).toBeNull();
    expect(nearest('ab', ['xy'])).toBeNull();
    expect(nearest('x'.repeat(65), ['x'.repeat(64)])).toBeNull();
    expect(nearest('x'.repeat(64), ['x'.repeat(65)])).toBeNull();
    expect(nearest('x', [])).toBeNull();
  });
});
