import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  argoRevision,
  fluxRevision,
  type GitRevision,
  gitRevision,
  meantRef,
  prefixesOf,
} from '../../../src/render/remotes/git-revision.js';

const oid = (digit: string): string => digit.repeat(40);
const refs = [
  { name: 'HEAD', oid: oid('1'), peeled: null },
  { name: 'refs/heads/main', oid: oid('1'), peeled: null },
  { name: 'refs/heads/v1.0.0', oid: oid('2'), peeled: null },
  { name: 'refs/tags/v1.0.0', oid: oid('3'), peeled: oid('4') },
  { name: 'refs/tags/v1.2.0', oid: oid('5'), peeled: null },
  { name: 'refs/tags/v2.0.0-rc.1', oid: oid('6'), peeled: null },
  { name: 'refs/tags/stable', oid: oid('7'), peeled: null },
];

function commit(revision: GitRevision): string | null {
  if (revision.kind === 'commit') return revision.commit;
  return meantRef(revision, refs)?.commit ?? null;
}

describe('a revision means', () => {
  it.each<readonly [string, GitRevision, string | null, boolean]>([
    ['to git a tag before a branch', gitRevision('v1.0.0'), oid('4'), false],
    ['to git HEAD, where none is named', gitRevision(null), oid('1'), true],
    ['to Argo CD a branch before a tag (lsRemote)', argoRevision('v1.0.0'), oid('2'), true],
    ['to Argo CD HEAD, where it is empty', argoRevision(''), oid('1'), true],
    ['to Argo CD a tag in full', argoRevision('refs/tags/v1.0.0'), oid('4'), false],
    ['to Argo CD the highest tag of a range (MaxVersion)', argoRevision('1.*'), oid('5'), true],
    ['to Argo CD the highest of all, but pre-releases', argoRevision('*'), oid('5'), true],
    ['to Argo CD a tag that is no version', argoRevision('stable'), oid('7'), true],
    ['to Flux the branch that is said', fluxRevision({ branch: 'v1.0.0' }), oid('2'), true],
    ['to Flux the tag that is said', fluxRevision({ tag: 'v1.0.0', branch: 'main' }), oid('4'), false],
    ['to Flux a range before a tag', fluxRevision({ semver: '>=1.1', tag: 'v1.0.0' }), oid('5'), true],
    [
      'to Flux a name before a range',
      fluxRevision({ name: 'refs/tags/v1.0.0^{}', semver: '*' }),
      oid('4'),
      false,
    ],
    ['to Flux nothing, where there is no master', fluxRevision(undefined), null, true],
  ])('%s', (_, revision, wanted, moves) => {
    expect(commit(revision)).toBe(wanted);
    if (wanted !== null && revision.kind !== 'commit') expect(meantRef(revision, refs)?.moves).toBe(moves);
  });

  it('a commit by forty digits, in any letters', () => {
    for (const read of [gitRevision, argoRevision, (name: string) => fluxRevision({ commit: name })]) {
      expect(commit(read('ABCDEF0123'.repeat(4)))).toBe('abcdef0123'.repeat(4));
    }
    expect(() => fluxRevision({ commit: 'abc' })).toThrow(/is none/);
  });

  it('nothing that would be read otherwise by a server', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        for (const read of [gitRevision, argoRevision, (tag: string) => fluxRevision({ tag })]) {
          let revision: GitRevision;
          try {
            revision = read(name);
          } catch {
            // Refused, which is what it is for.
            continue;
          }
          if (revision.kind === 'commit') continue;
          for (const prefix of prefixesOf(revision)) expect(prefix).toMatch(/^[^\s\p{Cc}]+$/u);
        }
      }),
    );
  });
});
