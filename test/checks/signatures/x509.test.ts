import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bitsOf, childrenOf, numberOf, oidOf, readDer, timeOf } from '../../../src/checks/signatures/der.js';
import { loadKeyring } from '../../../src/checks/signatures/keyring.js';
import { bytesField, numberField, readMessage } from '../../../src/checks/signatures/protobuf.js';
import { SignatureVerifier } from '../../../src/checks/signatures/signature-verifier.js';
import { type MemoryFile, MemoryTree, objectId } from '../../../src/git/index.js';
import { NOW } from './support/context.js';
import { payloadOf, withHeader } from './support/objects.js';
import { armored } from './support/ssh.js';
import { wellFormed } from './support/verdicts.js';
import {
  attribute,
  type CmsParts,
  contentType,
  der,
  extension,
  int,
  issue,
  type MadeCertificate,
  makeCertificate,
  makeCms,
  messageDigest,
  octets,
  oid,
  seq,
  set,
} from './support/x509.js';

const payload = payloadOf();
const EMAIL = '1.3.6.1.5.5.7.3.4';
const ca = makeCertificate();
const alice = issue(ca, { purposes: [EMAIL] });

async function judge(
  armor: Buffer,
  files: Record<string, MemoryFile> = { 'ca.pem': ca.pem },
  listed: string[] = [],
  now = NOW,
) {
  const tree = new MemoryTree(
    Object.entries(files).map(([file, content]) => [`k/${file}`, content] as const),
  );
  const keyring = await loadKeyring(tree, 'k');
  const raw = withHeader(payload, 'gpgsig', armored('SIGNED MESSAGE', armor));
  const verifier = new SignatureVerifier(keyring, new Set(listed), now);
  return wellFormed(await verifier.verify('commit', objectId('sha1', 'commit', raw), raw), 'x509');
}
const cms = (signer: MadeCertificate, parts: CmsParts = {}) => makeCms(signer, payload, parts);
const told = async (...args: Parameters<typeof judge>) => {
  const { verdict, reason } = await judge(...args);
  return `${verdict}: ${reason}`;
};

describe('S/MIME', () => {
  it('is good by a certificate that an authority of the keyring issued', async () => {
    const verification = await judge(cms(alice));
    expect(verification).toMatchObject({
      verdict: 'valid',
      type: 'x509',
      fingerprint: `x509:${alice.fingerprint}`,
    });
    if (verification.verdict !== 'valid') throw new Error('unreachable');
    const { by } = verification;
    expect(by.names).toEqual([`x509:${alice.fingerprint}`, 'x509:CN=Test CA#alice@example.com']);
    expect([by.admits('alice@example.com'), by.admits('bob@example.com'), by.vouched]).toEqual([
      true,
      false,
      true,
    ]);
    expect(by.expires).toEqual(new Date('2040-01-01'));
  });

  it.each([
    ['an RSA key', issue(ca, { kind: 'rsa' }), {}],
    [
      'an RSA key whose digest is named beside it',
      issue(ca, { kind: 'rsa' }),
      { algorithm: '1.2.840.113549.1.1.1' },
    ],
    ['the signer named by its key id', issue(ca), { byKeyId: true }],
    ['no purposes or usages', issue(ca, { usage: null }), {}],
    ['a certificate of version 1', issue(ca, { v1: true }), {}],
    ['any purpose', issue(ca, { purposes: ['2.5.29.37.0'] }), {}],
    ['unsigned attributes', issue(ca), { unsigned: [attribute('1.2.3.4', int(1))] }],
  ])('is good with %s', async (_, signer, parts: CmsParts) => {
    expect(await told(cms(signer, parts))).toBe('valid: good');
  });

  it('is good through an authority between, which the signature brings along', async () => {
    const middle = issue(ca, { name: 'Middle', ca: true, serial: 9, email: null });
    const leaf = issue(middle, { purposes: [EMAIL] });
    expect(await told(cms(leaf, { certificates: [leaf, middle] }))).toBe('valid: good');
    expect(await told(cms(leaf))).toContain('unknown_key: no authority of the keyring issued');
    expect(await told(cms(leaf, { certificates: [leaf, middle] }), { 'middle.crt': middle.der })).toBe(
      'valid: good',
    );
  });

  it('is of nobody where no authority issued it, or one that may not', async () => {
    expect(await told(cms(alice), {})).toContain('unknown_key');
    const other = makeCertificate();
    expect(await told(cms(issue(other)))).toContain('unknown_key');
    const mute = makeCertificate({ usage: 0x80 });
    expect(await told(cms(issue(mute)), { 'ca.pem': mute.pem })).toContain('unknown_key');
    const loop = makeCertificate({ name: 'Loop' });
    expect(await told(cms(loop), {})).toContain('unknown_key');
    let issuer = makeCertificate({ name: '0' });
    const chain = [issuer];
    for (let depth = 1; depth < 12; depth += 1) {
      issuer = issue(issuer, { name: String(depth), ca: true, email: null, serial: depth });
      chain.push(issuer);
    }
    const leaf = issue(issuer);
    const root = chain[0] ?? issuer;
    expect(
      await told(cms(leaf, { certificates: [leaf, ...chain.slice(1)] }), { 'ca.pem': root.pem }),
    ).toContain('unknown_key');
  });

  it('is of nobody where a certificate that is no authority issued it, though its key may', async () => {
    // Whoever has any certificate of the authority could otherwise issue one in another's name.
    const mallory = issue(ca, { name: 'Mallory', email: 'mallory@example.com', usage: 0x84 });
    const forged = issue(mallory);
    expect(await told(cms(forged, { certificates: [forged, mallory] }))).toContain('unknown_key');
  });

  it('ends when any certificate of its chain does, at that very second', async () => {
    const short = makeCertificate({ to: '2027-01-01' });
    const leaf = issue(short, { purposes: [EMAIL] });
    const files = { 'ca.pem': short.pem };
    const verification = await judge(cms(leaf), files);
    expect(verification.verdict === 'valid' && verification.by.expires).toEqual(new Date('2027-01-01'));
    expect(await told(cms(leaf), files, [], new Date('2026-12-31T23:59:59Z'))).toBe('valid: good');
    expect(await told(cms(leaf), files, [], new Date('2027-01-01'))).toBe(
      'expired_key: the authority CN=Test CA expired on 2027-01-01',
    );
    expect(await told(cms(alice), { 'ca.pem': ca.pem }, [], new Date('2020-01-01'))).toBe('valid: good');
    expect(await told(cms(alice), { 'ca.pem': ca.pem }, [], new Date('2019-12-31T23:59:59Z'))).toBe(
      'not_signing_key: the certificate is not valid before 2020-01-01',
    );
  });

  it('is of an authority at most eight certificates above it', async () => {
    const chainOf = (between: number) => {
      const root = makeCertificate({ name: 'Root' });
      const chain: MadeCertificate[] = [];
      let issuer = root;
      for (let depth = 0; depth < between; depth += 1) {
        issuer = issue(issuer, { name: `CA ${depth}`, ca: true, email: null, serial: 20 + depth });
        chain.push(issuer);
      }
      const leaf = issue(issuer);
      return told(cms(leaf, { certificates: [leaf, ...chain] }), { 'ca.pem': root.pem });
    };
    expect(await chainOf(7)).toBe('valid: good');
    expect(await chainOf(8)).toContain('unknown_key: no authority of the keyring issued the certificate of');
  });

  it('is told by the key id of its signer, whichever certificate stands first', async () => {
    const other = issue(ca, { name: 'Bob', serial: 8, email: 'bob@example.com' });
    const verification = await judge(cms(alice, { certificates: [other, alice], byKeyId: true }));
    expect(verification).toMatchObject({ verdict: 'valid', fingerprint: `x509:${alice.fingerprint}` });
  });

  it.each([
    ['expired', issue(ca, { to: '2024-01-01' }), 'expired_key: the certificate expired on 2024-01-01'],
    [
      'of the future',
      issue(ca, { from: '2030-01-01' }),
      'not_signing_key: the certificate is not valid before 2030-01-01',
    ],
    [
      'for servers',
      issue(ca, { purposes: ['1.3.6.1.5.5.7.3.1'] }),
      'not_signing_key: the certificate is not one for signing mail',
    ],
    [
      'for encryption',
      issue(ca, { usage: 0x20 }),
      'not_signing_key: the certificate is not one for signing mail',
    ],
    [
      'of an authority',
      issue(ca, { ca: true, usage: null }),
      'not_signing_key: the certificate is not one for signing mail',
    ],
    [
      'with an unknown condition',
      issue(ca, { extra: [extension('1.2.3', int(1), true)] }),
      'not_signing_key: the certificate has a condition that is not known (1.2.3)',
    ],
    [
      'with a short key',
      issue(ca, { kind: 'rsa1024' }),
      'weak_algorithm: RSA keys of 1024 bits are too weak',
    ],
    [
      'with a key of a kind that is not accepted',
      issue(ca, { kind: 'ed448' }),
      'unsupported_type: keys of type ed448',
    ],
    ['with a DSA key', issue(ca, { kind: 'dsa' }), 'weak_algorithm: DSA keys are too weak'],
    ['with secp256k1', issue(ca, { kind: 'k1' }), 'weak_algorithm: the curve secp256k1 is not accepted'],
    [
      'with Ed25519 over another digest',
      issue(ca, { kind: 'ed25519' }),
      'unsupported_type: Ed25519 does not go with sha256',
    ],
  ])('is refused by a certificate that is %s', async (_, signer, expected) => {
    expect(await told(cms(signer))).toContain(expected);
  });

  it('is refused by an authority that has expired, and by a list of revoked certificates', async () => {
    const old = makeCertificate({ to: '2024-01-01' });
    expect(await told(cms(issue(old)), { 'ca.pem': old.pem })).toBe(
      'expired_key: the authority CN=Test CA expired on 2024-01-01',
    );
    const revoked = { 'ca.pem': ca.pem, revoked: `# gone\nx509:${alice.fingerprint.toUpperCase()}\n` };
    expect(await told(cms(alice), revoked)).toBe(
      'revoked_key: the certificate is in the list of revoked keys',
    );
    const authority = { 'ca.pem': ca.pem, revoked: `x509:${ca.fingerprint}\n` };
    expect(await told(cms(alice), authority)).toBe('revoked_key: CN=Test CA is in the list of revoked keys');
  });

  it.each([
    [
      'another payload',
      { attributes: [contentType, messageDigest(Buffer.from('x'))] },
      'bad_signature: the signature is over something else',
    ],
    ['two signers', { signers: 2 }, 'multiple_signatures'],
    ['no signer', { signers: 0 }, 'malformed'],
    ['SHA-1', { digest: '1.3.14.3.2.26' }, 'weak_algorithm: its digest is SHA-1'],
    ['an unknown digest', { digest: '1.2.3' }, 'unsupported_type: the digest 1.2.3 is not known'],
    ['an unknown algorithm', { algorithm: '1.2.3' }, 'unsupported_type: the signature algorithm 1.2.3'],
    ['an algorithm of another digest', { algorithm: '1.2.840.10045.4.3.3' }, 'unsupported_type'],
    ['no certificate', { certificates: [] }, 'unknown_key: the signature does not bring the certificate'],
    ['too many certificates', { certificates: Array<MadeCertificate>(17).fill(alice) }, 'malformed'],
    ['no digest', { attributes: [contentType] }, 'malformed'],
    [
      'a digest twice',
      { attributes: [contentType, messageDigest(payload), messageDigest(payload)] },
      'malformed',
    ],
    [
      'two values of an attribute',
      { attributes: [attribute('1.2.840.113549.1.9.3', oid('1.2.840.113549.1.7.1'), oid('1.2.3'))] },
      'malformed',
    ],
    [
      'another content type within',
      { attributes: [attribute('1.2.840.113549.1.9.3', oid('1.2.3')), messageDigest(payload)] },
      'malformed',
    ],
    ['content of its own', { content: [der(0xa0, octets(payload))] }, 'malformed'],
    ['another content type', { contentType: '1.2.3' }, 'malformed'],
    [
      'an attribute without a value',
      { attributes: [contentType, messageDigest(payload), attribute('1.2.3')] },
      'malformed: the X.509 signature cannot be read: an attribute without one value',
    ],
    [
      'an attribute with two',
      { attributes: [contentType, messageDigest(payload), attribute('1.2.3', int(1), int(2))] },
      'malformed: the X.509 signature cannot be read: an attribute without one value',
    ],
    [
      'an attribute twice',
      {
        attributes: [
          contentType,
          messageDigest(payload),
          attribute('1.2.3', int(1)),
          attribute('1.2.3', int(1)),
        ],
      },
      'malformed: the X.509 signature cannot be read: an attribute without one value',
    ],
  ])('is refused with %s', async (_, parts: CmsParts, expected) => {
    expect(await told(cms(alice, parts))).toContain(expected);
  });

  it('is refused when it is altered, and when it is no CMS', async () => {
    const good = cms(alice);
    const altered = Buffer.from(good);
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    expect(await told(altered)).toContain('bad_signature');
    expect(await told(seq(oid('1.2.3')))).toContain('malformed');
    // Enveloped data is no signed data, though all within it were the same.
    const enveloped = Buffer.from(good);
    enveloped[enveloped.indexOf(Buffer.from('2a864886f70d010702', 'hex')) + 8] = 3;
    expect(await told(enveloped)).toBe('malformed: the X.509 signature cannot be read: not signed data');
    const version = Buffer.from(good);
    version[version.indexOf(Buffer.from('020101', 'hex'), 200)] = 4;
    expect(await told(version)).toMatch(/^(?:malformed|unknown_key)/);
    expect(await told(Buffer.from('hello'))).toContain('malformed');
    const bare = seq(
      oid('1.2.840.113549.1.7.2'),
      der(0xa0, seq(int(1), set(), seq(oid('1.2.840.113549.1.7.1')), set(seq(int(1))))),
    );
    expect(await told(bare)).toContain('unknown_key');
    const strange = seq(
      oid('1.2.840.113549.1.7.2'),
      der(0xa0, seq(int(1), set(), seq(oid('1.2.840.113549.1.7.1')), der(0xa0, seq(int(1))), set())),
    );
    expect(await told(strange)).toContain('malformed');
  });

  it('never throws for altered bytes', async () => {
    const good = cms(alice);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Buffer.from(good);
        bytes[at] = value;
        const { verdict } = await judge(bytes);
        if (bytes.equals(good)) expect(verdict).toBe('valid');
      }),
      { numRuns: 300 },
    );
  });
});

describe('authorities in the keyring', () => {
  const problems = async (files: Record<string, MemoryFile>) => {
    const tree = new MemoryTree(
      Object.entries(files).map(([file, content]) => [`k/${file}`, content] as const),
    );
    return (await loadKeyring(tree, 'k')).problems.map(({ reason }) => reason);
  };

  it('may be several in a file; what is none is named', async () => {
    expect(await problems({ 'all.pem': ca.pem + makeCertificate({ name: 'Other' }).pem })).toEqual([]);
    expect(await problems({ 'leaf.pem': alice.pem })).toEqual([
      expect.stringContaining('is not an authority'),
    ]);
    expect(await problems({ 'x.crt': 'hello' })).toEqual([expect.stringContaining('cannot be read')]);
    const twice = makeCertificate({ extra: [extension('1.2.3', int(1)), extension('1.2.3', int(1))] });
    expect(await problems({ 'x.pem': twice.pem })).toHaveLength(1);
  });

  it("names what is not sigstore's root, and a second root", async () => {
    expect(await problems({ 'trusted_root.json': '[]' })).toEqual([
      expect.stringContaining("not sigstore's trusted_root.json"),
    ]);
    expect(await problems({ 'trusted_root.json': 'null' })).toEqual([
      expect.stringContaining("not sigstore's trusted_root.json"),
    ]);
    expect(await problems({ 'trusted_root.json': '{' })).toHaveLength(1);
    const root = JSON.stringify(gitsign.trustedRoot);
    expect(await problems({ 'a/trusted_root.json': root, 'b/trusted_root.json': root })).toEqual([
      expect.stringContaining('has a trusted_root.json already'),
    ]);
  });
});

interface Gitsign {
  offline: string;
  offlineWithPromise: string;
  online: string;
  tag: string;
  trustedRoot: { tlogs: object[]; ctlogs: object[]; certificateAuthorities: object[] };
}
const gitsign: Gitsign = JSON.parse(
  readFileSync(new URL('../../fixtures/signatures/gitsign.json', import.meta.url), 'utf8'),
);

describe('gitsign', () => {
  const identity = 'x509:https://accounts.google.com#billy@chainguard.dev';
  const verify = async (
    text: string,
    options: { root?: object | null; listed?: string[]; now?: Date; type?: 'commit' | 'tag' } = {},
  ) => {
    const { root = gitsign.trustedRoot, listed = [identity], now = NOW, type = 'commit' } = options;
    const files = root === null ? [] : [['k/trusted_root.json', JSON.stringify(root)] as const];
    const keyring = await loadKeyring(new MemoryTree(files), 'k');
    const raw = Buffer.from(text, 'latin1');
    return new SignatureVerifier(keyring, new Set(listed), now).verify(
      type,
      objectId('sha1', type, raw),
      raw,
    );
  };

  it('verifies real commits of the public instance without the network', async () => {
    for (const commit of [gitsign.offline, gitsign.offlineWithPromise]) {
      const verification = await verify(commit);
      expect(verification).toMatchObject({
        verdict: 'valid',
        type: 'x509',
        fingerprint: expect.stringMatching(/^x509:[0-9a-f]{64}$/),
      });
      if (verification.verdict !== 'valid') throw new Error('unreachable');
      expect(verification.by).toMatchObject({
        names: [identity],
        identities: ['billy@chainguard.dev'],
        vouched: true,
      });
      expect(verification.by.admits('billy@chainguard.dev')).toBe(true);
    }
  });

  it('says of a commit made in the online mode that it can only be verified online', async () => {
    expect(await verify(gitsign.online)).toMatchObject({
      verdict: 'not_verifiable_offline',
      reason: expect.stringContaining('rekorMode'),
    });
    expect(await verify(gitsign.tag, { type: 'tag' })).toMatchObject({ verdict: 'not_verifiable_offline' });
  });

  it('takes no identity that no signer lists: Fulcio certifies anybody', async () => {
    expect(await verify(gitsign.offline, { listed: [] })).toMatchObject({
      verdict: 'unknown_key',
      reason: `${identity} is no signer's`,
    });
    const elsewhere = ['x509:https://github.com/login/oauth#billy@chainguard.dev'];
    expect(await verify(gitsign.offline, { listed: elsewhere })).toMatchObject({ verdict: 'unknown_key' });
  });

  it('needs the root, and each part of it', async () => {
    expect(await verify(gitsign.offline, { root: null })).toMatchObject({
      verdict: 'unknown_key',
      reason: expect.stringContaining('trusted_root.json'),
    });
    for (const part of ['tlogs', 'ctlogs', 'certificateAuthorities']) {
      const root = { ...gitsign.trustedRoot, [part]: [] };
      expect(await verify(gitsign.offline, { root })).toMatchObject({ verdict: 'bad_signature' });
    }
  });

  it('takes an entry of the log up to five minutes ahead, no more', async () => {
    const seen = 1_685_981_497_000;
    const at = (minutes: number) => verify(gitsign.offline, { now: new Date(seen + minutes * 60_000) });
    expect([(await at(1)).verdict, (await at(0)).verdict, (await at(-4)).verdict]).toEqual(
      Array(3).fill('valid'),
    );
    expect(await at(-6)).toMatchObject({
      verdict: 'future_dated',
      reason: 'the transparency log saw it in the future',
      type: 'x509',
    });
  });

  it('refuses what is altered, and a log entry of the future', async () => {
    expect(await verify(gitsign.offline.replace(/\n\n[\s\S]*$/, '\n\nanother message\n'))).toMatchObject({
      verdict: 'bad_signature',
    });
    expect(await verify(gitsign.offline, { now: new Date('2023-01-01') })).toMatchObject({
      verdict: 'future_dated',
    });
  });

  it('refuses proofs that do not hold', async () => {
    const entry = (value: Buffer) => ({ unsigned: [attribute('1.3.6.1.4.1.57264.3.1', octets(value))] });
    const fulcio = (extra: Buffer[]) => issue(ca, { extra, uri: 'https://example.com/workflow' });
    const issuer = extension('1.3.6.1.4.1.57264.1.8', der(0x0c, Buffer.from('https://issuer.example.com')));
    const raw = extension('1.3.6.1.4.1.57264.1.1', Buffer.from('https://issuer.example.com'));
    const root = { 'trusted_root.json': JSON.stringify(gitsign.trustedRoot) };
    for (const value of ['', '0801', '32020801', '2a021200', 'ff', '0d00000000', '1206']) {
      expect(await told(cms(fulcio([issuer]), entry(Buffer.from(value, 'hex'))), root)).toContain(
        "bad_signature: gitsign's proof does not hold",
      );
    }
    expect(await told(cms(fulcio([raw])), root)).toContain('not_verifiable_offline');
  });
});

describe('readDer', () => {
  it.each([
    ['', 'not one element'],
    ['3000 3000', 'not one element'],
    ['30', 'no element'],
    ['1f00', 'no element'],
    ['3080', 'a length cannot be read'],
    ['3085 0000000000', 'a length cannot be read'],
    ['3082 01', 'a length cannot be read'],
    ['3081 01 00', 'a length is not DER'],
    ['3082 0080', 'a length is not DER'],
    ['3002 00', 'cut short'],
  ])('refuses %s', (hex, reason) => {
    expect(() => readDer(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toThrow(reason);
  });

  it('reads identifiers, and no more children than any signature has', () => {
    for (const text of ['1.2.840.113549.1.7.2', '2.5.4.3', '0.9.2342', '1.3.6.1.4.1.57264.3.1']) {
      expect(oidOf(readDer(oid(text)))).toBe(text);
    }
    expect(oidOf(readDer(Buffer.from('0603883703', 'hex')))).toBe('2.999.3');
    expect(() => oidOf(undefined)).toThrow('missing');
    expect(() => childrenOf(readDer(seq(Buffer.alloc(2 * 1_001, Buffer.of(5, 0)))))).toThrow('too many');
  });
});

describe('values in DER', () => {
  const element = (tag: number, text: string | Buffer) => readDer(der(tag, Buffer.from(text)));
  it('are times in UTC with seconds', () => {
    expect(timeOf(element(0x17, '490102030405Z'))).toEqual(new Date('2049-01-02T03:04:05Z'));
    expect(timeOf(element(0x17, '500102030405Z'))).toEqual(new Date('1950-01-02T03:04:05Z'));
    expect(timeOf(element(0x18, '20500102030405Z'))).toEqual(new Date('2050-01-02T03:04:05Z'));
    for (const [tag, text] of [
      [0x17, '20500102030405Z'],
      [0x18, '490102030405Z'],
      [0x18, '20500102030405'],
      [0x18, '20501302030405Z'],
      [0x18, '20500102030405+0100'],
      [0x17, '4901020304Z'],
      [0x0c, '20500102030405Z'],
    ] as const) {
      expect(() => timeOf(element(tag, text))).toThrow('a time cannot be read');
    }
    expect(() => timeOf(undefined)).toThrow('a time cannot be read');
  });

  it('are numbers that are not negative, and strings of whole bytes', () => {
    expect([
      numberOf(element(2, Buffer.of(0))),
      numberOf(element(2, Buffer.from('7fffffffffff', 'hex'))),
    ]).toEqual([0, 0x7fffffffffff]);
    for (const bytes of ['', '80', '01000000000000'])
      expect(() => numberOf(element(2, Buffer.from(bytes, 'hex')))).toThrow('a number is out of range');
    expect(bitsOf(element(3, Buffer.of(0, 5)))).toEqual(Buffer.of(5));
    for (const bytes of ['', '0105']) {
      expect(() => bitsOf(element(3, Buffer.from(bytes, 'hex')))).toThrow('bits that are no bytes');
    }
  });
});

describe('readMessage', () => {
  it('reads numbers and bytes, the last of several', () => {
    const message = readMessage(Buffer.from('08960108071202616208ffffffffffffffffff01', 'hex'));
    expect(numberField(message, 1)).toBe('-1');
    expect(bytesField(message, 2).toString()).toBe('ab');
    expect([numberField(message, 2), bytesField(message, 1).length, numberField(message, 9)]).toEqual([
      '0',
      0,
      '0',
    ]);
  });

  it.each([
    ['0d00', 'another kind'],
    ['08', 'cut short'],
    ['1205', 'cut short'],
    ['08ffffffffffffffffffff01', 'without an end'],
    ['0801'.repeat(1_002), 'too many fields'],
  ])('refuses %s', (hex, reason) => {
    expect(() => readMessage(Buffer.from(hex, 'hex'))).toThrow(reason);
  });
});
