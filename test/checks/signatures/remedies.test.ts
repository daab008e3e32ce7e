import { describe, expect, it } from '@jest/globals';
import { signTagAgain } from '../../../src/checks/signatures/index.js';
import { remedyFor as remedyOf, signAgain } from '../../../src/checks/signatures/remedies.js';

const facts = { mergeBase: 'abc', hasMerges: false, keys: 'keys', lists: 'lists' };
type Refused = Parameters<typeof remedyOf>[0];
const remedyFor = (
  verdict: Refused['verdict'],
  fingerprint: string | null,
  entitled: string[],
  about: Parameters<typeof remedyOf>[1],
) => remedyOf({ verdict, fingerprint, entitled }, about);
const AGAIN = "git rebase --exec 'git commit --amend --no-edit -S' abc && git push --force-with-lease";

describe('the way out', () => {
  it('is a command that signs the commits again, with their merges or from the root', () => {
    expect(signAgain(facts)).toBe(AGAIN);
    expect(signAgain({ ...facts, mergeBase: null, hasMerges: true })).toBe(
      "git rebase --rebase-merges --exec 'git commit --amend --no-edit -S' --root && git push --force-with-lease",
    );
  });

  it('of a tag is a command that no name of a tag can break out of', () => {
    expect(signTagAgain("v1'; rm -rf ~ #")).toBe(
      "git tag --sign --force 'v1'\\''; rm -rf ~ #' 'v1'\\''; rm -rf ~ #^{}' && git push --force origin 'refs/tags/v1'\\''; rm -rf ~ #'",
    );
    expect(remedyFor('unsigned', null, [], { ...facts, tag: 'v1' })).toBe(signTagAgain('v1'));
  });

  it.each(['unsigned', 'bad_signature', 'malformed', 'multiple_signatures', 'expired_signature'] as const)(
    'of %s is to sign again',
    (verdict) => {
      expect(remedyFor(verdict, null, [], facts)).toBe(AGAIN);
    },
  );

  it('of who is not entitled names who is; of all else says what to do first', () => {
    expect(remedyFor('not_entitled', null, ['alice', 'bob'], facts)).toBe(
      `have one of alice, bob sign it: git fetch, then ${AGAIN}`,
    );
    expect(remedyFor('not_entitled', null, [], facts)).toBe('have somebody entitled sign the commit');
    expect(remedyFor('revoked_key', null, ['alice'], facts)).toBe(
      'sign again with a key that is not revoked',
    );
    expect(remedyFor('future_dated', null, [], facts)).toBe(
      `set the clock of the machine that signs, then ${AGAIN}`,
    );
    expect(remedyFor('not_verifiable_offline', null, [], facts)).toBe(
      `git config gitsign.rekorMode offline, then ${AGAIN}`,
    );
  });

  it('of an unknown key is to add it, in a change of its own', () => {
    const add = (key: string | null) => remedyFor('unknown_key', key, [], facts);
    expect(add(null)).toBe("add the key to keys and to a signer's keys, in a change of its own");
    expect(add('ssh:SHA256:x')).toBe(
      'if you trust it: add "ssh:SHA256:x" to a signer\'s keys, in a change of its own',
    );
    // A certificate's own fingerprint makes nobody trusted, and gitsign's is another for each commit.
    expect(add('x509:ab')).toBe(
      'if you trust whoever certified it: put the authority\'s certificate (*.pem; for gitsign trusted_root.json) into keys, and add "x509:<issuer>#<identity>" to a signer\'s keys, in a change of its own',
    );
    expect(add('openpgp:AB')).toBe(
      'if you trust it: gpg --armor --export AB > keys/AB.asc, and add "openpgp:AB" to a signer\'s keys, in a change of its own',
    );
  });

  it('of a missing list is to bring it, by a command that no address can break out of', () => {
    const bring = (list: string) =>
      remedyOf({ verdict: 'not_verifiable_offline', fingerprint: null, entitled: [], list }, facts);
    expect(bring('')).toBe(
      "put the authority's current list (PEM or DER, *.crl) into lists, in a change of its own",
    );
    expect(bring('http://pki.example.com/ca-1.crl')).toBe(
      "curl -fsSLo 'lists/ca-1.crl' 'http://pki.example.com/ca-1.crl', in a change of its own",
    );
    expect(bring("http://pki.example.com/?a=';rm")).toBe(
      "curl -fsSLo 'lists/authority.crl' 'http://pki.example.com/?a='\\'';rm', in a change of its own",
    );
  });
});
