import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { signaturesCheck } from '../../../src/checks/signatures/index.js';
import { FakeChange } from './support/change.js';
import { contextOf } from './support/context.js';
import { makeCommit } from './support/objects.js';
import { judgeCms, payload, problemsOf, toldOf } from './support/smime.js';
import { armored } from './support/ssh.js';
import {
  der,
  extension,
  int,
  issue,
  makeCertificate,
  makeCms,
  makeList,
  name,
  octets,
  oid,
  pemOf,
  seq,
} from './support/x509.js';

const ca = makeCertificate({ usage: 0x06 });
const alice = issue(ca, { serial: 7 });
const bob = issue(ca, { serial: 8, name: 'Bob', email: 'bob@example.com' });
const cms = makeCms(alice, payload);
const LISTS = { lists: 'lists' };
const uri = (text: string) => der(0x86, Buffer.from(text));
/** The extension of a certificate that says where its list is. */
const listAt = (url: string) => extension('2.5.29.31', seq(seq(der(0xa0, der(0xa0, uri(url))))));
const partOf = (...fields: Buffer[]) => extension('2.5.29.28', seq(...fields), true);
const fullName = (url: string) => der(0xa0, der(0xa0, uri(url)));
const reason = (code: number) => extension('2.5.29.21', der(0x0a, Buffer.of(code)));

describe('lists of revoked certificates', () => {
  it('leave who is not on them, and revoke who is, with the day and the reason', async () => {
    const told = (list: Buffer | string) => toldOf(cms, { 'ca.pem': ca.pem, 'ca.crl': list });
    expect(await told(makeList(ca, { revoked: [8] }))).toBe('valid: good');
    expect(await told(makeList(ca))).toBe('valid: good');
    expect(await told(makeList(ca, { revoked: [8, 7] }))).toBe(
      'revoked_key: the certificate was revoked by its authority on 2026-11-01',
    );
    expect(await told(pemOf('X509 CRL', makeList(ca, { revoked: [[7, reason(1)]] })))).toBe(
      'revoked_key: the certificate was revoked by its authority on 2026-11-01 (its key was compromised)',
    );
    expect(await told(makeList(ca, { revoked: [[7, reason(7)]] }))).toBe(
      'revoked_key: the certificate was revoked by its authority on 2026-11-01',
    );
    // The number of another authority's certificate is another certificate.
    const other = makeCertificate({ name: 'Other' });
    const files = { 'ca.pem': ca.pem + other.pem, 'other.crl': makeList(other, { revoked: [7] }) };
    expect(await toldOf(cms, files)).toBe('valid: good');
  });

  it('may stand in the file of their authority, in any order, or in a folder of their own', async () => {
    const list = pemOf('X509 CRL', makeList(ca, { revoked: [7] }));
    const places: Record<string, string>[] = [
      { 'ca.pem': ca.pem + list },
      { 'ca.crt': list + ca.pem },
      { 'a.crl': list, 'z.pem': ca.pem },
    ];
    for (const files of places) {
      expect(await toldOf(cms, files)).toContain('revoked_key');
    }
    for (const file of ['/lists/ca', '/lists/deep/ca.der', '/lists']) {
      const files = { 'ca.pem': ca.pem, [file]: makeList(ca, { revoked: [7] }) };
      expect(await toldOf(cms, files, LISTS)).toContain('revoked_key');
      expect(await problemsOf(files, 'lists')).toEqual([]);
    }
    const readme = { 'ca.pem': ca.pem, '/lists/README.md': 'hello', '/lists/ca.crl': makeList(ca) };
    expect(await problemsOf(readme, './lists/')).toEqual([]);
    expect(await toldOf(cms, readme, { lists: './lists/' })).toBe('valid: good');
    // A folder of lists may lie in that of the keys.
    const within = { 'ca.pem': ca.pem, 'lists/ca': makeList(ca, { revoked: [7] }) };
    expect(await toldOf(cms, within, { lists: 'k/lists' })).toContain('revoked_key');
  });

  it('that have ended, or not begun, leave nobody in, and say where the next one is', async () => {
    const placed = issue(ca, { serial: 7, extra: [listAt('http://pki.example.com/ca.crl')] });
    const judge = (parts: object, signer = placed, now?: Date) =>
      judgeCms(
        makeCms(signer, payload),
        { 'ca.pem': ca.pem, 'ca.crl': makeList(ca, parts) },
        now === undefined ? {} : { now },
      );
    const end = { to: '2026-11-22' };
    expect(await judge(end)).toMatchObject({
      verdict: 'not_verifiable_offline',
      reason: 'whether the certificate is revoked cannot be told: the list of CN=Test CA ended on 2026-11-22',
      list: 'http://pki.example.com/ca.crl',
    });
    expect(await judge(end, alice)).toMatchObject({ verdict: 'not_verifiable_offline', list: '' });
    const strange = issue(ca, { serial: 7, extra: [listAt('http://pki.example.com/$(x) y')] });
    expect(await judge(end, strange)).toMatchObject({ list: '' });
    const other = issue(ca, { serial: 7, extra: [listAt('xhttp://pki.example.com/')] });
    expect(await judge(end, other)).toMatchObject({ list: '' });
    expect((await judge(end, alice, new Date('2026-11-21T23:59:59Z'))).verdict).toBe('valid');
    expect((await judge(end, alice, new Date('2026-11-22T00:00:00Z'))).verdict).toBe(
      'not_verifiable_offline',
    );
    const begin = { from: '2026-11-25' };
    expect((await judge(begin, alice, new Date('2026-11-24T23:55:00Z'))).verdict).toBe('valid');
    expect((await judge(begin, alice, new Date('2026-11-24T23:54:59Z'))).verdict).toBe(
      'not_verifiable_offline',
    );
    // Who is on such a list is revoked all the same.
    expect((await judge({ ...end, revoked: [7] })).verdict).toBe('revoked_key');
    expect((await judge({ ...begin, revoked: [7] })).verdict).toBe('revoked_key');
  });

  it('are replaced by newer ones: who is let go from hold is good again', async () => {
    const held = makeList(ca, { from: '2026-11-01', to: '2026-12-01', revoked: [[7, reason(6)]] });
    const free = makeList(ca, { from: '2026-11-10', to: '2026-12-10' });
    expect(await toldOf(cms, { 'ca.pem': ca.pem, 'a.crl': held })).toContain('(on hold)');
    for (const files of [
      { 'a.crl': held, 'b.crl': free },
      { 'a.crl': free, 'b.crl': held },
    ]) {
      expect(await toldOf(cms, { 'ca.pem': ca.pem, ...files })).toBe('valid: good');
    }
  });

  it('are needed of every authority of a chain where their folder is configured', async () => {
    const root = makeCertificate({ name: 'Root', usage: 0x06 });
    const middle = issue(root, { name: 'Middle', ca: true, usage: 0x06, serial: 3, email: null });
    const leaf = issue(middle, { serial: 9 });
    const signed = makeCms(leaf, payload, { certificates: [leaf, middle] });
    const files = { 'root.pem': root.pem, '/lists/root.crl': makeList(root) };
    const missing =
      'not_verifiable_offline: whether the certificate is revoked cannot be told: CN=Middle has no list about it in the keyring';
    expect(await toldOf(signed, { 'root.pem': root.pem }, LISTS)).toBe(missing);
    expect(await toldOf(signed, { 'root.pem': root.pem })).toBe('valid: good');
    expect(await toldOf(signed, files, LISTS)).toBe(missing);
    // An authority in between whose list is there must be there too.
    expect(await problemsOf({ ...files, '/lists/middle.crl': makeList(middle) }, 'lists')).toEqual([
      'closes: lists/middle.crl: no authority of the keyring made this list: put its certificate beside it',
    ]);
    const both = { ...files, 'middle.pem': middle.pem, '/lists/middle.crl': makeList(middle) };
    expect(await toldOf(signed, both, LISTS)).toBe('valid: good');
    expect(
      await toldOf(signed, { ...both, '/lists/root.crl': makeList(root, { revoked: [3] }) }, LISTS),
    ).toBe('revoked_key: the authority CN=Middle was revoked by its authority on 2026-11-01');
    // An authority whose own issuer the keyring does not have is trusted as it is.
    const alone = { 'middle.pem': middle.pem, '/lists/middle.crl': makeList(middle) };
    expect(await toldOf(signed, alone, LISTS)).toBe('valid: good');
  });

  it('may be parts of one: for people or authorities, or of one place', async () => {
    const url = 'http://pki.example.com/1.crl';
    const placed = issue(ca, { serial: 7, extra: [listAt('http://pki.example.com/0.crl')] });
    const here = issue(ca, { serial: 7, extra: [listAt(url)] });
    const told = (signer: typeof alice, ...lists: Buffer[]) =>
      toldOf(makeCms(signer, payload), {
        'ca.pem': ca.pem,
        ...Object.fromEntries(lists.map((list, index) => [`${index}.crl`, list])),
      });
    const people = partOf(der(0x81, Buffer.of(0xff)));
    const authorities = partOf(der(0x82, Buffer.of(0xff)));
    const place = partOf(fullName(url));
    const list = (...extensions: Buffer[]) => makeList(ca, { revoked: [7], extensions });
    expect(await told(alice, list(people))).toContain('revoked_key');
    expect(await told(alice, list(authorities))).toBe('valid: good');
    expect(await told(here, list(place))).toContain('revoked_key');
    expect(await told(placed, list(place))).toBe('valid: good');
    expect(await told(alice, list(place))).toBe('valid: good');
    // Another part replaces none, be it newer.
    const newer = (...extensions: Buffer[]) => makeList(ca, { from: '2026-11-21', extensions });
    expect(await told(here, list(place), newer(people))).toContain('revoked_key');
    expect(await told(here, list(people), newer(place))).toContain('revoked_key');
    expect(await told(here, list(people), newer(people))).toBe('valid: good');
    // A list for authorities revokes one, and no person of that number.
    const middle = issue(ca, { name: 'Middle', ca: true, serial: 7, email: null });
    const leaf = issue(middle, { serial: 9 });
    const signed = makeCms(leaf, payload, { certificates: [leaf, middle] });
    const judge = (file: Buffer) => toldOf(signed, { 'ca.pem': ca.pem, 'a.crl': file });
    expect(await judge(list(authorities))).toContain('revoked_key: the authority CN=Middle');
    expect(await judge(list(people))).toBe('valid: good');
    // A place that is relative to the authority is no place of a certificate.
    const relative = extension(
      '2.5.29.31',
      seq(
        seq(der(0xa0, der(0xa1, seq(oid('2.5.4.3'), der(0x0c, Buffer.from('x')))))),
        seq(der(0xa2, der(0xa4, name('X')))),
      ),
    );
    expect(await told(issue(ca, { serial: 7, extra: [relative] }), list(place))).toBe('valid: good');
  });

  const cannot = (what: string) => [`closes: k/a.crl: cannot be read: ${what}`];
  it.each<[string, Buffer | string, string[]]>([
    ['none', 'hello', cannot('cut short')],
    ['a certificate', ca.der, cannot('an element is missing or of another type')],
    ['cut short', makeList(ca).subarray(0, 100), cannot('cut short')],
    ['empty', seq(seq(), seq(), der(0x03, Buffer.of(0))), cannot('an element is missing or of another type')],
    [
      'without an end',
      makeList(ca, { to: null }),
      cannot('a list that does not say when the next one comes'),
    ],
    [
      'of two algorithms',
      makeList(ca, { inner: '1.2.840.10045.4.3.3' }),
      cannot('a list that names two algorithms'),
    ],
    [
      'with an unknown condition',
      makeList(ca, { extensions: [extension('2.5.29.27', int(1), true)] }),
      cannot('a list with a condition that is not known (2.5.29.27)'),
    ],
    [
      'with an entry of an unknown condition',
      makeList(ca, { revoked: [[7, extension('2.5.29.29', seq(), true)]] }),
      cannot('an entry with a condition that is not known (2.5.29.29)'),
    ],
    [
      'for several authorities',
      makeList(ca, { extensions: [partOf(der(0x84, Buffer.of(0xff)))] }),
      cannot('a list that is a part of one in a way that is not known'),
    ],
    [
      'of what may be true',
      makeList(ca, { extensions: [partOf(der(0x81, Buffer.of(0)))] }),
      cannot('a list that is a part of one in a way that is not known'),
    ],
    [
      'of an odd truth',
      makeList(ca, { extensions: [partOf(der(0x82, Buffer.of(0xff, 0xff)))] }),
      cannot('a list that is a part of one in a way that is not known'),
    ],
    [
      'of a place without a full name',
      makeList(ca, { extensions: [partOf(der(0xa0, der(0xa1, seq())))] }),
      cannot('a list of a place without a full name'),
    ],
    [
      'PEM without an end',
      pemOf('X509 CRL', makeList(ca)).replace(/-----END.*/s, ''),
      cannot('its last block, X509 CRL, has no end'),
    ],
  ])('close when they are %s', async (_, list, expected) => {
    expect(await problemsOf({ 'ca.pem': ca.pem, 'a.crl': list })).toEqual(expected);
  });

  it('take a condition that need not be known, and times in either form', async () => {
    const list = makeList(ca, {
      extensions: [extension('2.5.29.20', int(9))],
      revoked: [[8, extension('2.5.29.24', octets(Buffer.alloc(1))), reason(1)]],
    });
    const files = { 'ca.pem': ca.pem, '/lists/a': list };
    expect([await problemsOf(files, 'lists'), await toldOf(cms, files, LISTS)]).toEqual([[], 'valid: good']);
    const short = (date: string) => der(0x17, Buffer.from(`${date}000000Z`));
    const utc = makeList(ca, { times: [short('261120'), short('261130')] });
    expect(await toldOf(cms, { 'ca.pem': ca.pem, '/lists/a': utc }, LISTS)).toBe('valid: good');
    const endless = makeList(ca, { to: null, revoked: [8] });
    expect(await problemsOf({ 'ca.pem': ca.pem, 'a.crl': endless })).toEqual(
      cannot('a list that does not say when the next one comes'),
    );
  });

  it('are of the authority whose key made them, whatever others are called', async () => {
    const twin = makeCertificate({ usage: 0x06 });
    const files = { 'ca.pem': ca.pem + twin.pem, 'twin.crl': makeList(twin, { revoked: [7] }) };
    expect(await toldOf(cms, files)).toBe('valid: good');
    const both = { ...files, 'ca.crl': makeList(ca, { revoked: [7], from: '2026-11-01' }) };
    expect(await toldOf(cms, both)).toContain('revoked_key');
  });

  it('of several places count for a certificate of any of them, and replace none of another', async () => {
    const [one, two] = ['http://a.example.com/1', 'http://a.example.com/2'];
    const points = (...urls: string[]) => partOf(der(0xa0, der(0xa0, ...urls.map(uri))));
    const at = (...urls: string[]) =>
      extension('2.5.29.31', seq(...urls.map((url) => seq(der(0xa0, der(0xa0, uri(url)))))));
    const told = (signer: typeof alice, ...lists: Buffer[]) =>
      toldOf(makeCms(signer, payload), {
        'ca.pem': ca.pem,
        ...Object.fromEntries(lists.map((list, index) => [`${index}.crl`, list])),
      });
    const first = issue(ca, { serial: 7, extra: [at(one)] });
    const list = (from: string, revoked: number[], ...urls: string[]) =>
      makeList(ca, { from, revoked, extensions: [points(...urls)] });
    expect(await told(first, list('2026-11-20', [7], one, two))).toContain('revoked_key');
    const either = issue(ca, { serial: 7, extra: [at(one, two)] });
    expect(await told(either, list('2026-11-20', [7], one), list('2026-11-21', [], two))).toContain(
      'revoked_key',
    );
  });

  const mute = makeCertificate({ name: 'Mute', usage: 0x04 });
  const rsa = makeCertificate({ name: 'RSA', kind: 'rsa', usage: 0x06 });
  const short = makeCertificate({ name: 'Short', kind: 'rsa1024', usage: 0x06 });
  it.each([
    ['another key', makeList(makeCertificate({ usage: 0x06 }))],
    ['another name', makeList(ca, { issuer: 'Other' })],
    ['a certificate of the authority', makeList({ ...bob, name: ca.name })],
    ['an authority that may sign none', makeList(mute)],
    ['an algorithm of another key', makeList(ca, { algorithm: rsa.algorithm })],
    ['an algorithm that is weak or not known', makeList(ca, { algorithm: '1.2.840.10045.4.1' })],
    ['an algorithm that names no digest', makeList(rsa, { algorithm: '1.2.840.113549.1.1.1' })],
    ['a short key', makeList(short)],
  ])('close when they are by %s', async (_, list) => {
    const authorities = [ca, mute, rsa, short].map(({ pem }) => pem).join('');
    expect(await problemsOf({ 'ca.pem': authorities, 'rsa.crl': makeList(rsa), 'a.crl': list })).toEqual([
      'closes: k/a.crl: no authority of the keyring made this list: put its certificate beside it',
    ]);
  });

  it('are read or refused, whatever byte is altered', async () => {
    const good = makeList(ca, { revoked: [8, [9, reason(1)]], extensions: [partOf(fullName('http://a'))] });
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Buffer.from(good);
        bytes[at] = value;
        const problems = await problemsOf({ 'ca.pem': ca.pem, 'a.crl': bytes });
        expect(problems).toHaveLength(bytes.equals(good) ? 0 : 1);
      }),
      { numRuns: 300 },
    );
  });

  it('are asked for by the check, with the command that brings them', async () => {
    const placed = issue(ca, { serial: 7, extra: [listAt('http://pki.example.com/ca.crl')] });
    const change = new FakeChange();
    change.add(
      await makeCommit({ parents: ['b'.repeat(40)] }, (bytes) =>
        armored('SIGNED MESSAGE', makeCms(placed, bytes)),
      ),
    );
    const told = async (settings: object, keys: object) => {
      const { findings } = await signaturesCheck(contextOf(change, settings, { 'ca.pem': ca.pem, ...keys }));
      return findings.map(({ ruleId, help }) => `${ruleId}: ${help}`);
    };
    const old = { 'ca.crl': makeList(ca, { to: '2026-11-21' }) };
    expect(await told({}, {})).toEqual([]);
    expect(await told({}, old)).toEqual([
      "signatures/not-verifiable-offline: curl -fsSLo '.gitops-gate/keys/ca.crl' 'http://pki.example.com/ca.crl', in a change of its own",
    ]);
    expect(await told({ crls: 'lists' }, old)).toEqual([
      "signatures/not-verifiable-offline: curl -fsSLo 'lists/ca.crl' 'http://pki.example.com/ca.crl', in a change of its own",
    ]);
  });
});
