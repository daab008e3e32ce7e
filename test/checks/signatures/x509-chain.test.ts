import { constants, createHash, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { payload, problemsOf, toldOf } from './support/smime.js';
import {
  attribute,
  type CertificateParts,
  contentType,
  der,
  extension,
  int,
  issue,
  type MadeCertificate,
  makeCertificate,
  makeCms,
  messageDigest,
  name,
  octets,
  oid,
  pemOf,
  RSA_SHA256,
  SHA256,
  seq,
} from './support/x509.js';

const mail = (text: string) => der(0x81, Buffer.from(text));
const directory = (bytes: Buffer) => der(0xa4, bytes);
const tree = (base: Buffer) => seq(base);
const constraints = (permitted: Buffer[], excluded: Buffer[] = []) =>
  extension(
    '2.5.29.30',
    seq(
      ...(permitted.length === 0 ? [] : [der(0xa0, ...permitted.map(tree))]),
      ...(excluded.length === 0 ? [] : [der(0xa1, ...excluded.map(tree))]),
    ),
    true,
  );

/** The verdict over a signature by the last of a chain, whose first is in the keyring. */
function toldBy(root: MadeCertificate, ...chain: MadeCertificate[]) {
  const leaf = chain.at(-1) ?? root;
  return toldOf(makeCms(leaf, payload, { certificates: chain }), { 'ca.pem': root.pem });
}
const authority = (issuer: MadeCertificate, text: string, parts: CertificateParts = {}) =>
  issue(issuer, { name: text, ca: true, email: null, serial: 3, ...parts });

describe('the authorities of a chain', () => {
  it('have no more below them than they may', async () => {
    const root = makeCertificate({ pathLength: 1 });
    const first = authority(root, 'First', { pathLength: 0 });
    const second = authority(first, 'Second');
    expect(await toldBy(root, issue(root))).toBe('valid: good');
    expect(await toldBy(root, first, issue(first))).toBe('valid: good');
    expect(await toldBy(root, first, second, issue(second))).toBe(
      'not_signing_key: the authority CN=First may have at most 0 authorities below it',
    );
    const open = authority(root, 'Open');
    const third = authority(open, 'Third');
    expect(await toldBy(root, open, third, issue(third))).toBe(
      'not_signing_key: the authority CN=Test CA may have at most 1 authorities below it',
    );
    // One that changes its key, and certifies itself for it, is no further one.
    const rolled = authority(first, 'First');
    expect(await toldBy(root, first, rolled, issue(rolled))).toBe('valid: good');
  });

  it('certify the names alone that they may give', async () => {
    const told = async (email: string, permitted: Buffer[], excluded: Buffer[] = []) => {
      const root = makeCertificate({ extra: [constraints(permitted, excluded)] });
      return toldBy(root, issue(root, { email }));
    };
    const host = [mail('example.com')];
    const no = (email: string) => `not_signing_key: the authority CN=Test CA may not certify <${email}>`;
    expect(await told('alice@example.com', host)).toBe('valid: good');
    expect(await told('alice@EXAMPLE.com', host)).toBe('valid: good');
    expect(await told('alice@sub.example.com', host)).toBe(no('alice@sub.example.com'));
    expect(await told('alice@example.com.evil.org', host)).toBe(no('alice@example.com.evil.org'));
    expect(await told('alice@sub.example.com', [mail('.example.com')])).toBe('valid: good');
    expect(await told('alice@example.com', [mail('.example.com')])).toBe(no('alice@example.com'));
    expect(await told('alice@example.com', [mail('x.org'), mail('example.com')])).toBe('valid: good');
    expect(await told('alice@example.com', [mail('alice@Example.com')])).toBe('valid: good');
    expect(await told('Alice@example.com', [mail('alice@example.com')])).toBe(no('Alice@example.com'));
    expect(await told('bob@example.com', [mail('alice@example.com')])).toBe(no('bob@example.com'));
    expect(await told('alice@other.org', [mail('alice@example.com')])).toBe(no('alice@other.org'));
    expect(await told('bob@example.com', [], [mail('alice@example.com')])).toBe('valid: good');
    expect(await told('alice@example.com', host, [mail('alice@example.com')])).toBe(no('alice@example.com'));
    expect(await told('alice@example.com', [], host)).toBe(no('alice@example.com'));
    expect(await told('alice@example.com', [directory(name('Bob'))])).toBe(
      'not_signing_key: the authority CN=Test CA may not certify CN=Alice',
    );
  });

  it('are held by those above them, and hold the names of authorities too', async () => {
    const relative = (...texts: string[]) =>
      seq(...texts.map((text) => der(0x31, seq(oid('2.5.4.10'), der(0x0c, Buffer.from(text))))));
    const root = makeCertificate({ extra: [constraints([directory(relative('Corp'))])] });
    const told = (subject: Buffer) => {
      const middle = authority(root, 'Middle', { subject });
      // A certificate without a name of its own states only its alternative names.
      const leaf = issue({ ...middle }, { subject: seq() });
      return { middle, leaf };
    };
    const good = told(name('Middle'));
    expect(await toldBy(root, good.middle, good.leaf)).toBe(
      'not_signing_key: the authority CN=Test CA may not certify CN=Middle',
    );
    const within = issue(root, { subject: relative('Corp', 'Unit') });
    expect(await toldBy(root, within)).toBe('valid: good');
    expect(await toldBy(root, issue(root, { subject: relative('Corporation') }))).toBe(
      'not_signing_key: the authority CN=Test CA may not certify O=Corporation',
    );
    expect(await toldBy(root, issue(root, { subject: seq() }))).toBe('valid: good');
    const mails = makeCertificate({ extra: [constraints([mail('example.com')])] });
    expect(await toldBy(mails, issue(mails, { subject: seq(), email: 'a@evil.org' }))).toContain(
      '<a@evil.org>',
    );
    const deep = makeCertificate({ extra: [constraints([directory(relative('Corp', 'Unit'))])] });
    expect(await toldBy(deep, issue(deep, { subject: relative('Corp') }))).toContain(
      'may not certify O=Corp',
    );
    expect(await toldBy(deep, issue(deep, { subject: relative('Corp', 'Other') }))).toContain(
      'may not certify O=Corp, O=Other',
    );
    const stranger = issue(makeCertificate(), { subject: relative('Corp', 'Unit') });
    expect(await toldOf(makeCms(stranger, payload), { 'ca.pem': root.pem })).toBe(
      'unknown_key: no authority of the keyring issued the certificate of O=Corp, O=Unit',
    );
    const barred = makeCertificate({ extra: [constraints([], [directory(relative('Corp'))])] });
    expect(await toldBy(barred, issue(barred, { subject: relative('Corp', 'Unit') }))).toBe(
      'not_signing_key: the authority CN=Test CA may not certify O=Corp, O=Unit',
    );
    expect(await toldBy(barred, issue(barred, { subject: relative('Other') }))).toBe('valid: good');
  });

  it('give no name of a kind that is constrained and not understood', async () => {
    const uri = der(0x86, Buffer.from('example.com'));
    for (const parts of [constraints([uri]), constraints([], [uri])]) {
      const root = makeCertificate({ extra: [parts] });
      expect(await toldBy(root, issue(root, { uri: 'https://example.com/a' }))).toBe(
        'not_signing_key: the authority CN=Test CA may not certify CN=Alice',
      );
      expect(await toldBy(root, issue(root))).toBe('valid: good');
    }
    const { constraintRefusal } = await import('../../../src/checks/signatures/x509-constraints.js');
    const { readCertificate } = await import('../../../src/checks/signatures/x509-certificate.js');
    const plain = readCertificate(makeCertificate().der);
    const empty = new Map([['2.5.29.30', { critical: true, value: seq(der(0xa0, seq())) }]]);
    expect(() => constraintRefusal({ ...plain, extensions: empty }, [plain])).toThrow('without a base');
  });

  it('are for mail, where they say what they are for, and of keys that cannot be forged', async () => {
    const servers = makeCertificate({ purposes: ['1.3.6.1.5.5.7.3.1'] });
    expect(await toldBy(servers, issue(servers))).toBe(
      'not_signing_key: the authority CN=Test CA may not certify for mail',
    );
    const mails = makeCertificate({ purposes: ['1.3.6.1.5.5.7.3.4'] });
    expect(await toldBy(mails, issue(mails))).toBe('valid: good');
    const short = makeCertificate({ kind: 'rsa1024' });
    expect(await toldBy(short, issue(short))).toBe(
      'weak_algorithm: the authority CN=Test CA: RSA keys of 1024 bits are too weak',
    );
    const modern = makeCertificate({ kind: 'ed25519' });
    expect(await toldBy(modern, issue(modern))).toBe('valid: good');
  });

  it('sign certificates in a way that cannot be forged, but for a root itself', async () => {
    const root = makeCertificate();
    const claim = issue(root, { claims: '1.2.840.10045.4.1' });
    // Nobody finds out whether such a signature holds; the verdict is by what the certificate claims.
    expect(await toldBy(root, claim)).toMatch(/^(?:weak_algorithm|unknown_key)/);
    const { judgeSmime } = await import('../../../src/checks/signatures/smime.js');
    const { readCms } = await import('../../../src/checks/signatures/cms.js');
    const { X509Trust } = await import('../../../src/checks/signatures/x509-trust.js');
    const { Revocations } = await import('../../../src/checks/signatures/ssh-revocation.js');
    const read = readCms(makeCms(issue(root), payload));
    if ('verdict' in read) throw new Error('unreachable');
    const refused = { oid: '1.2.840.113549.1.1.5', key: null, digest: null, salt: null };
    const trust = new X509Trust();
    trust.addFile('ca.pem', Buffer.from(root.pem), 'certificate');
    const judge = (cms: typeof read) => judgeSmime(cms, trust, new Revocations(), new Date('2026-11-22'));
    expect(judge(read).verdict).toBe('valid');
    expect(judge({ ...read, signer: { ...read.signer, signatureAlgorithm: refused } })).toMatchObject({
      verdict: 'weak_algorithm',
      reason: 'the certificate is signed in a way that can be forged or is not known',
    });
    // One that names itself as its issuer is a root only where the keyring says so.
    const rolled = issue(root, { name: root.name, ca: true, email: null, serial: 4 });
    const leaf = issue(rolled);
    const between = readCms(makeCms(leaf, payload, { certificates: [leaf, rolled] }));
    if ('verdict' in between) throw new Error('unreachable');
    expect(judge(between).verdict).toBe('valid');
    const certificates = between.certificates.map((one) =>
      one.x509.ca ? { ...one, signatureAlgorithm: refused } : one,
    );
    expect(judge({ ...between, certificates })).toMatchObject({
      verdict: 'weak_algorithm',
      reason: 'the authority CN=Test CA is signed in a way that can be forged or is not known',
    });
    const [own] = trust.authorities;
    if (own !== undefined) own.signatureAlgorithm = refused;
    expect(judge(read).verdict).toBe('valid');
  });
});

describe('signature algorithms of a CMS', () => {
  const root = makeCertificate();
  const hash = der(0xa0, seq(oid(SHA256)));
  const mask = der(0xa1, seq(oid('1.2.840.113549.1.1.8'), seq(oid(SHA256))));
  const salt = der(0xa2, int(32));
  const pss = (key: KeyObject, data: Buffer) =>
    sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  const told = (signer: MadeCertificate, parts: Parameters<typeof makeCms>[2]) =>
    toldOf(makeCms(signer, payload, parts), { 'ca.pem': root.pem });
  const rsa = issue(root, { kind: 'rsa' });
  const PSS = '1.2.840.113549.1.1.10';

  it('are RSASSA-PSS, by keys of either kind', async () => {
    const parameters = [seq(hash, mask, salt)];
    expect(await told(rsa, { algorithm: PSS, parameters, signBy: pss })).toBe('valid: good');
    const own = issue(root, { kind: 'pss' });
    expect(await told(own, { algorithm: PSS, parameters, signBy: pss })).toBe('valid: good');
    expect(await told(own, { algorithm: RSA_SHA256, signBy: pss })).toBe(
      'bad_signature: the signature does not hold',
    );
    expect(await told(rsa, { algorithm: PSS, parameters })).toBe(
      'bad_signature: the signature does not hold',
    );
    expect(await told(issue(root), { algorithm: PSS, parameters })).toBe(
      'bad_signature: the signature does not hold',
    );
  });

  it.each([
    ['no parameters', []],
    ['no digest, which is SHA-1', [seq(mask, salt)]],
    ['no mask', [seq(hash, salt)]],
    ['no salt', [seq(hash, mask)]],
    ['a trailer', [seq(hash, mask, salt, der(0xa3, int(1)))]],
    ['a weak digest', [seq(der(0xa0, seq(oid('1.3.14.3.2.26'))), mask, salt)]],
    [
      'a weak digest throughout',
      [
        seq(
          der(0xa0, seq(oid('1.3.14.3.2.26'))),
          der(0xa1, seq(oid('1.2.840.113549.1.1.8'), seq(oid('1.3.14.3.2.26')))),
          salt,
        ),
      ],
    ],
    ['a mask of another kind', [seq(hash, der(0xa1, seq(oid('1.2.3'), seq(oid(SHA256)))), salt)]],
    [
      'a mask over another digest',
      [seq(hash, der(0xa1, seq(oid('1.2.840.113549.1.1.8'), seq(oid('1.2.3')))), salt)],
    ],
  ])('are no RSASSA-PSS with %s', async (_, parameters) => {
    expect(await told(rsa, { algorithm: PSS, parameters, signBy: pss })).toBe(
      `unsupported_type: the signature algorithm ${PSS} is not accepted`,
    );
  });

  it('are Ed25519 over SHA-512', async () => {
    const key = issue(root, { kind: 'ed25519' });
    const digest = attribute('1.2.840.113549.1.9.4', octets(createHash('sha512').update(payload).digest()));
    const sha512 = '2.16.840.1.101.3.4.2.3';
    const parts = { algorithm: '1.3.101.112', digest: sha512, attributes: [contentType, digest] };
    expect(await told(key, parts)).toBe('valid: good');
    expect(await told(rsa, parts)).toBe('bad_signature: the signature does not hold');
    expect(
      await told(key, { algorithm: '1.3.101.112', attributes: [contentType, messageDigest(payload)] }),
    ).toBe('unsupported_type: Ed25519 does not go with sha256');
  });
});

describe('files of authorities', () => {
  const { pem, der: bytes } = makeCertificate();
  it.each([
    ['text around blocks', `hello\n${pem}\nworld\n`, []],
    ['other line ends', pem.replaceAll('\n', '\r\n'), []],
    ['the older label', pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE'), []],
    ['DER', bytes, []],
    [
      'a private key',
      pem + pemOf('EC PRIVATE KEY', bytes),
      ['holds a private key: take it out, and replace the key'],
    ],
    [
      'another kind',
      pem + pemOf('TRUSTED CERTIFICATE', bytes),
      ['the block that ends in line 12 is of another kind: TRUSTED CERTIFICATE'],
    ],
    [
      'a block in a block',
      pem.replace('-----END', '-----BEGIN CERTIFICATE-----\n-----END'),
      ['the block before line 3 has no end'],
    ],
    [
      'an end of another',
      pem.replace('END CERTIFICATE', 'END X509 CRL'),
      ['line 3 ends another block than there is'],
    ],
    ['no beginning', `-----END CERTIFICATE-----\n${pem}`, ['line 1 ends another block than there is']],
    ['no end', `${pem}-----BEGIN CERTIFICATE-----\n`, ['its last block, CERTIFICATE, has no end']],
    [
      'text before a label',
      pem.replace('-----BEGIN', 'x-----BEGIN'),
      ['line 1 begins no block that can be read'],
    ],
    [
      'text behind a label',
      pem.replace('BEGIN CERTIFICATE-----', 'BEGIN CERTIFICATE-----x'),
      ['line 1 begins no block that can be read'],
    ],
    [
      'a label in lower case',
      pem.replace('BEGIN CERTIFICATE', 'BEGIN certificate'),
      ['line 1 begins no block that can be read'],
    ],
    [
      'base64 with holes',
      pem.replace('MII', 'M!I'),
      ['the block that ends in line 3 holds no proper base64'],
    ],
    [
      'an empty block',
      pemOf('CERTIFICATE', Buffer.alloc(0)),
      ['the block that ends in line 3 holds no proper base64'],
    ],
  ])('with %s', async (_, content, expected) => {
    expect(await problemsOf({ 'ca.pem': content })).toEqual(
      expected.map((reason) => `closes: k/ca.pem: cannot be read: ${reason}`),
    );
  });
});
