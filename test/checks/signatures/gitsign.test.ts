import { describe, expect, it } from '@jest/globals';
import { loadKeyring } from '../../../src/checks/signatures/keyring.js';
import { SignatureVerifier } from '../../../src/checks/signatures/signature-verifier.js';
import { MemoryTree, objectId } from '../../../src/git/index.js';
import { NOW } from './support/context.js';
import { payloadOf, withHeader } from './support/objects.js';
import { PrivateSigstore } from './support/sigstore.js';
import { wellFormed } from './support/verdicts.js';
import { der, oid } from './support/x509.js';

const sigstore = new PrivateSigstore();
const ISSUER = 'https://accounts.example.com';
const ALICE = `x509:${ISSUER}#alice@example.com`;
const payload = payloadOf();

async function judge(
  listed: readonly string[],
  options: {
    time?: Date;
    email?: string | null;
    uri?: string;
    names?: readonly Buffer[];
    promised?: boolean;
    now?: Date;
    revoked?: string;
    armor?: string;
  } = {},
) {
  const {
    time = new Date('2026-01-01'),
    email = 'alice@example.com',
    uri,
    names,
    promised,
    now = NOW,
    revoked = '',
  } = options;
  const files = { 'k/trusted_root.json': sigstore.trustedRoot(), 'k/revoked': revoked };
  const keyring = await loadKeyring(new MemoryTree(files), 'k');
  expect(keyring.problems).toEqual([]);
  const armor =
    options.armor ?? sigstore.sign(payload, { email, issuer: ISSUER, time, uri, names, promised });
  const raw = withHeader(payload, 'gpgsig', armor);
  const verifier = new SignatureVerifier(keyring, new Set(listed), now);
  return wellFormed(await verifier.verify('commit', objectId('sha1', 'commit', raw), raw), 'x509');
}

describe("gitsign by a sigstore of one's own", () => {
  it('is good for an identity that a signer lists, and ends never: the log says when it was made', async () => {
    const verification = await judge([ALICE]);
    expect(verification).toMatchObject({ verdict: 'valid', reason: 'good' });
    if (verification.verdict !== 'valid') throw new Error('unreachable');
    const { by } = verification;
    expect([by.names, by.identities, by.vouched, by.expires, by.touched]).toEqual([
      [ALICE],
      ['alice@example.com'],
      true,
      null,
      null,
    ]);
    expect(['alice@example.com', 'bob@example.com'].map(by.admits)).toEqual([true, false]);
  });

  it("is good when a signer lists any of the identities, of which e-mails alone are a committer's", async () => {
    const uri = 'https://github.com/acme/config/.github/workflows/bump.yaml@refs/heads/main';
    for (const listed of [[ALICE], [`x509:${ISSUER}#${uri}`]]) {
      const verification = await judge(listed, { uri });
      expect(verification.verdict === 'valid' && verification.by.names).toEqual([
        ALICE,
        `x509:${ISSUER}#${uri}`,
      ]);
      expect(verification.verdict === 'valid' && verification.by.admits(uri)).toBe(false);
    }
    expect(await judge([], { uri })).toMatchObject({
      verdict: 'unknown_key',
      reason: `${ALICE}, x509:${ISSUER}#${uri} is no signer's`,
    });
  });

  it('is of a user without an e-mail by the name that Fulcio gives, and by no other name of its kind', async () => {
    const other = (id: string, text: Buffer) => der(0xa0, oid(id), der(0xa0, text));
    const utf8 = (text: string) => der(0x0c, Buffer.from(text));
    const USERNAME = '1.3.6.1.4.1.57264.1.7';
    const listed = [`x509:${ISSUER}#alice!example.com`];
    const names = [other(USERNAME, utf8('alice!example.com'))];
    const verification = await judge(listed, { email: null, names });
    expect(verification.verdict === 'valid' && verification.by.names).toEqual(listed);
    expect(verification.verdict === 'valid' && verification.by.admits('alice!example.com')).toBe(false);
    const strange = [other('1.3.6.1.4.1.311.20.2.3', utf8('alice!example.com'))];
    expect((await judge(listed, { names: strange })).verdict).toBe('unknown_key');
    const odd = [other(USERNAME, der(0x16, Buffer.from('alice!example.com')))];
    expect((await judge(listed, { names: odd })).verdict).toBe('malformed');
  });

  it("is not without the log's promise: the time that an entry names is anybody's word", async () => {
    expect(await judge([ALICE], { promised: false })).toMatchObject({
      verdict: 'bad_signature',
      reason: expect.stringContaining("gitsign's proof does not hold"),
    });
  });

  it('is of the future when the log saw it more than five minutes ahead', async () => {
    const at = (seconds: number) => ({ time: new Date(NOW.getTime() + seconds * 1000) });
    expect((await judge([ALICE], at(300))).verdict).toBe('valid');
    expect(await judge([ALICE], at(301))).toMatchObject({
      verdict: 'future_dated',
      reason: 'the transparency log saw it in the future',
    });
  });

  it('is revoked by its certificate, whoever is listed', async () => {
    const armor = sigstore.sign(payload, { email: 'alice@example.com', issuer: ISSUER, time: NOW });
    const good = await judge([ALICE], { armor });
    expect(await judge([ALICE], { armor, revoked: `${good.fingerprint}\n` })).toMatchObject({
      verdict: 'revoked_key',
      reason: 'the certificate is in the list of revoked keys',
    });
  });

  it('does not hold when the log saw it at a time when its certificate was none', async () => {
    expect(await judge([ALICE], { time: new Date('2019-06-01') })).toMatchObject({
      verdict: 'bad_signature',
    });
  });
});
