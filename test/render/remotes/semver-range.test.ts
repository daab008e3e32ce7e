import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  chooseVersion,
  compareVersions,
  parseConstraint,
  parseVersion,
} from '../../../src/render/remotes/semver-range.js';

/** [constraint, version, whether it satisfies it]: Masterminds/semver v3 constraints_test.go TestConstraintsCheck. */
const ROWS: readonly (readonly [string, string, boolean])[] = [
  ['*', '1.2.3', true],
  ['*', '1.2.3-rc.1', false],
  ['>0', '0.0.1', false],
  ['>0', '1.0.0', true],
  ['=2.0', '1.2.3', false],
  ['=2.0', '2.0.0', true],
  ['4.1', '4.1.0', true],
  ['4.1', '4.1.9', true],
  ['!=4.1.0', '4.1.0', false],
  ['!=4.1.0', '4.1.1', true],
  ['!=4.x', '5.1.0', true],
  ['!=4.x', '4.1.0', false],
  ['<11', '11.1.0', false],
  ['<11', '0.1.0', true],
  ['<1.1', '0.1.0', true],
  ['<1.1', '1.1.0', false],
  ['<=11', '1.1.0', true],
  ['<=11', '12.1.0', false],
  ['<=11', '11.1.0', true],
  ['>=11.1.3', '11.1.2', false],
  ['>=1.1', '1.1.0', true],
  ['>1.1', '1.1.1', false],
  ['>1.1', '1.2.0', true],
  ['>1.1, <2', '1.5.0', true],
  ['>1.1, <2', '2.5.0', false],
  ['>=1.1, <2, !=1.2.3', '1.2.3', false],
  ['>=1.1 <2', '1.5.0', true],
  ['>=1.1, <2, !=1.2.3 || > 3', '4.1.2', true],
  ['>=1.1, <2, !=1.2.3 || >= 3', '3.0.0', true],
  ['1.1 - 2', '1.1.1', true],
  ['1.1 - 3', '4.3.2', false],
  ['1.2.3 - 1.4.0', '1.4.0', true],
  ['^1.1', '1.1.1', true],
  ['^1.1.2', '1.1.1', false],
  ['^1.1', '2.0.0', false],
  ['^0.2.3', '0.2.9', true],
  ['^0.2.3', '0.3.0', false],
  ['^0.0.3', '0.0.4', false],
  ['^0.0', '0.0.9', true],
  ['^0', '0.9.0', true],
  ['^1.x', '1.1.1', true],
  ['^x', '2.1.1', true],
  ['~1.2.3', '1.2.9', true],
  ['~1.2.3', '1.3.0', false],
  ['~1', '1.9.0', true],
  ['~1', '2.1.2', false],
  ['~1.x', '1.9.0', true],
  ['~*', '2.1.1', true],
  ['1.x', '1.9.9', true],
  ['1.2.x', '1.3.0', false],
  ['>=1.0.0-0', '1.0.0-rc.1', true],
  ['^1.2.0-0', '1.3.0-rc.1', true],
  ['>=1.0.0', '1.1.0-rc.1', false],
  ['~1.2.3-beta.2', '1.2.4-beta.2', true],
  ['1.2.3', 'v1.2.3', true],
  ['v1.2.3', '1.2.3+build', true],
];

describe('ranges of versions, as Masterminds/semver reads them', () => {
  it.each(ROWS)('%s and %s: %p', (constraint, version, satisfied) => {
    const parsed = parseVersion(version);
    if (parsed === null) throw new Error('no version');
    expect(parseConstraint(constraint)?.(parsed)).toBe(satisfied);
  });

  it.each(['', 'latest', '>=', '1.2.3.4', '1.2.3 foo', '||', '^', '=>x.y', 'a || 1'])(
    '%p is none',
    (written) => {
      expect(parseConstraint(written)).toBeNull();
    },
  );

  it('are chosen from as Helm does: the same text first, then the highest', () => {
    const versions = ['1.0.0', '1.10.0', '1.9.0', '2.0.0-rc.1', 'nonsense', 'latest'];
    const chosen = (wish: string) => chooseVersion(wish, versions, (version) => version);
    expect(['', '*', '^1', '~1.9', 'latest', '>=2.0.0-0', '3', 'bad wish'].map(chosen)).toEqual([
      '1.10.0',
      '1.10.0',
      '1.10.0',
      '1.9.0',
      'latest',
      '2.0.0-rc.1',
      null,
      null,
    ]);
  });

  it('are ordered by semver 2.0.0, 11', () => {
    const order = [
      '1.0.0-alpha',
      '1.0.0-alpha.1',
      '1.0.0-alpha.beta',
      '1.0.0-beta',
      '1.0.0-beta.2',
      '1.0.0-beta.11',
      '1.0.0-rc.1',
      '1.0.0',
    ];
    const parsed = order.flatMap((written) => parseVersion(written) ?? []);
    for (const [index, version] of parsed.entries()) {
      for (const [other, against] of parsed.entries()) {
        expect(Math.sign(compareVersions(version, against))).toBe(Math.sign(index - other));
      }
    }
  });

  it('never fail on any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (constraint, version) => {
        const parsed = parseVersion(version);
        const test = parseConstraint(constraint);
        if (parsed !== null && test !== null) expect(typeof test(parsed)).toBe('boolean');
      }),
    );
  });
});
