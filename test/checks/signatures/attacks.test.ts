import { sign as signData } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createMessage, enums, generateKey, type PrivateKey, type PublicKey, sign } from 'openpgp';
import { judgeTag, loadKeyring, signaturesCheck } from '../../../src/checks/signatures/index.js';
import { configSchema } from '../../../src/config/index.js';
import { MemoryTree, objectId } from '../../../src/git/index.js';
import { FakeChange } from './support/change.js';
import { contextOf, NOW } from './support/context.js';
import { commitOf, payloadOf, withHeader } from './support/objects.js';
import { headerLength, withoutSubpacket } from './support/openpgp.js';
import { armored, sshKey, sshSig } from './support/ssh.js';

const alice = sshKey();
const mallory = sshKey();
const signers = [
  { name: 'alice', emails: ['alice@example.com'], keys: [alice.fingerprint] },
  { name: 'mallory', emails: ['mallory@example.com'], keys: [mallory.fingerprint] },
];

/** What the check says of one raw commit. */
async function judge(raw: Buffer, settings: object = { signers }, keys: Record<string, string> = {}) {
  const change = new FakeChange();
  change.add(commitOf(raw));
  const { signatures = [], findings, notVerified } = await signaturesCheck(contextOf(change, settings, keys));
  return { verdict: signatures[0]?.verdict, signer: signatures[0]?.signer, findings, notVerified };
}
const verdictOf = async (raw: Buffer, settings?: object) => (await judge(raw, settings)).verdict;

const byMallory = (payload: Buffer) => withHeader(payload, 'gpgsig', mallory.sign(payload));
const insert = (payload: Buffer, before: string, line: string) =>
  Buffer.from(payload.toString('latin1').replace(before, `${line}\n${before}`), 'latin1');

describe('headers', () => {
  const own = payloadOf({ committer: 'mallory@example.com' });
  const replaced = (from: string | RegExp, to: string) =>
    Buffer.from(own.toString('latin1').replace(from, to), 'latin1');

  it('as git writes them are taken', async () => {
    expect(await judge(byMallory(own))).toMatchObject({ verdict: 'valid', signer: 'mallory' });
    const nameless = replaced(/committer C /, 'committer ');
    expect(await verdictOf(byMallory(nameless))).toBe('valid');
  });

  it.each([
    ['a second committer', insert(own, '\na change', 'committer Alice <alice@example.com> 1 +0000')],
    ['a second tree', insert(own, '\na change', `tree ${'a'.repeat(40)}`)],
    ['a second author', insert(own, '\na change', 'author Alice <alice@example.com> 1 +0000')],
    ['two addresses in one line', replaced('C <mallory', 'C <alice@example.com> <mallory')],
    ['an address behind another', replaced(/(committer .*@example.com>)/, '$1 <alice@example.com>')],
    ['a NUL in the name', replaced('committer C', 'committer Alice <alice@example.com> 1 +0000\0')],
    ['a NUL in another header', insert(own, '\na change', 'note \0x')],
    ['no time', replaced(/(committer .*>).*/, '$1')],
    ['something behind the time', replaced(/(committer .*)/, '$1 x')],
    ['a header that git strips', insert(own, '\na change', 'gpgsig2 x')],
    ['a signature header without a value', insert(own, '\na change', 'gpgsig')],
    ['a signature header with a tab', insert(own, '\na change', 'gpgsig\tx')],
  ])('with %s are malformed, whoever signed them', async (_, payload) => {
    expect(await verdictOf(byMallory(payload))).toBe('malformed');
  });

  it('folded: a signature in the continuation of another header, or in the message, is none', async () => {
    const armor = mallory.sign(own);
    const folded = withHeader(own, 'note', `x\ngpgsig ${armor}`);
    expect(await verdictOf(folded)).toBe('unsigned');
    const inMessage = Buffer.concat([own, Buffer.from(`gpgsig ${armor}`)]);
    expect(await verdictOf(inMessage)).toBe('unsigned');
    // A header that is folded away from its own name is one with the line above it.
    const tree = payloadOf({ committer: 'mallory@example.com', extra: ['note a'] });
    const shifted = Buffer.from(
      byMallory(tree).toString('latin1').replace('\ngpgsig', '\n gpgsig'),
      'latin1',
    );
    expect(await verdictOf(shifted)).toBe('unsigned');
  });

  it('of a signature twice, or of both formats, count once', async () => {
    const once = byMallory(own);
    expect(await verdictOf(withHeader(once, 'gpgsig', mallory.sign(own)))).toBe('multiple_signatures');
    expect(await verdictOf(withHeader(own, 'gpgsig-sha256', mallory.sign(own)))).toBe('unsigned');
    expect(await verdictOf(withHeader(once, 'gpgsig-sha256', 'anything'))).toBe('valid');
  });

  it('altered after signing break the signature', async () => {
    for (const [from, to] of [
      ['a change', 'A change'],
      ['+0000\ngpgsig', '+0001\ngpgsig'],
      ['committer C ', 'committer  C '],
      [/tree ./, 'tree 5'],
    ] as const) {
      const altered = Buffer.from(byMallory(own).toString('latin1').replace(from, to), 'latin1');
      expect([String(from), await verdictOf(altered)]).toEqual([String(from), 'bad_signature']);
    }
    const encoded = withHeader(byMallory(own), 'encoding', 'utf-7');
    expect(await verdictOf(encoded)).toBe('bad_signature');
  });
});

describe('armor', () => {
  const own = payloadOf({ committer: 'mallory@example.com' });
  const good = mallory.sign(own);
  it.each([
    ['text behind it', `${good}x\n`, 'malformed'],
    ['text before it', `x\n${good}`, 'malformed'],
    ['a second one', `${good}${good}`, 'multiple_signatures'],
    ['another kind behind it', `${good}-----BEGIN PGP SIGNATURE-----\n`, 'multiple_signatures'],
    ['one inside', good.replace('\n', `\n${good}`), 'multiple_signatures'],
    ['a wrong end', good.replace('END SSH', 'END PGP'), 'malformed'],
    ['a header of PEM', good.replace('\n', '\nProc-Type: 4\n\n'), 'malformed'],
    ['base64 with holes', good.replace(/^U/m, 'U='), 'malformed'],
    ['another label', good.replaceAll('SSH SIGNATURE', 'SSH2 SIGNATURE'), 'unsupported_type'],
    ['a label in lower case', good.replaceAll('SSH', 'ssh'), 'malformed'],
    [
      'the label of OpenPGP',
      good.replaceAll('SSH SIGNATURE', 'PGP SIGNATURE').replace('\n', '\n\n'),
      'malformed',
    ],
    ['the label of X.509', good.replaceAll('SSH SIGNATURE', 'SIGNED MESSAGE'), 'malformed'],
  ])('with %s is %#', async (_, armor, verdict) => {
    expect(await verdictOf(withHeader(own, 'gpgsig', armor))).toBe(verdict);
  });
});

describe('SSH signatures', () => {
  const own = payloadOf({ committer: 'mallory@example.com' });
  const make = (change: (bytes: Buffer) => Buffer, options: object = {}) => {
    const armor = sshSig(mallory.blob, own, (data) => rawSign(data), options);
    return withHeader(own, 'gpgsig', armored('SSH SIGNATURE', change(armor)));
  };
  const rawSign = (data: Buffer) => {
    const value = signData(null, data, mallory.privateKey);
    const word = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
    return Buffer.concat([word(Buffer.from('ssh-ed25519')), word(value)]);
  };
  it.each([
    ['another namespace', (bytes: Buffer) => bytes, { namespace: 'file' }, 'bad_signature'],
    ['a namespace with a NUL', (bytes: Buffer) => bytes, { namespace: 'git\0' }, 'bad_signature'],
    ['a namespace in another case', (bytes: Buffer) => bytes, { namespace: 'Git' }, 'bad_signature'],
    ['no namespace', (bytes: Buffer) => bytes, { namespace: '' }, 'bad_signature'],
    ['a hash that is none', (bytes: Buffer) => bytes, { hash: 'md5' }, 'malformed'],
    ['another version', (bytes: Buffer) => bytes, { version: 2 }, 'malformed'],
    ['bytes behind it', (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)]), {}, 'malformed'],
    ['nothing else', (bytes: Buffer) => bytes, {}, 'valid'],
  ])('with %s are judged', async (_, change, options, verdict) => {
    expect(await verdictOf(make(change, options))).toBe(verdict);
  });

  it('of something else, or by another key than they name, do not hold', async () => {
    const other = payloadOf({ committer: 'mallory@example.com', message: 'harmless\n' });
    expect(await verdictOf(withHeader(own, 'gpgsig', mallory.sign(other)))).toBe('bad_signature');
    const spoofed = sshSig(alice.blob, own, rawSign);
    expect(await verdictOf(withHeader(own, 'gpgsig', armored('SSH SIGNATURE', spoofed)))).toBe(
      'bad_signature',
    );
  });
});

describe('identity', () => {
  it.each([
    ['another', 'alice@example.com'],
    ['look-alikes', 'm\u0430llory@example.com'],
    ['full-width letters', '\uff4dallory@example.com'],
    ['the Kelvin sign for a letter', 'mallory@example.com'.replace('m', '\u212a')],
    ['a suffix', 'mallory@example.com.evil.org'],
    ['white space', ' mallory@example.com'],
    ['nothing', ''],
  ])('is not the committer with %s', async (_, committer) => {
    expect(await verdictOf(byMallory(payloadOf({ committer })))).toBe('identity_mismatch');
  });

  it('takes ASCII letters in any case, and no folding beyond them', async () => {
    expect(await verdictOf(byMallory(payloadOf({ committer: 'Mallory@EXAMPLE.com' })))).toBe('valid');
    const kelvin = [{ name: 'k', emails: ['k@example.com'], keys: [mallory.fingerprint] }];
    const raw = byMallory(payloadOf({ committer: '\u212a@example.com' }));
    expect(await verdictOf(raw, { signers: kelvin })).toBe('identity_mismatch');
  });

  it('is not asked of a mailmap in the change', async () => {
    const change = new FakeChange();
    const tree = new MemoryTree({ '.mailmap': 'M <mallory@example.com> <alice@example.com>\n' });
    change.add(commitOf(byMallory(payloadOf({ committer: 'alice@example.com', tree: tree.oid }))), tree);
    const { signatures } = await signaturesCheck(contextOf(change, { signers }));
    expect(signatures?.[0]?.verdict).toBe('identity_mismatch');
  });

  it('by a glob binds the whole address, not a part of it', async () => {
    const wide = [{ name: 'm', emails: ['*@corp.example.com'], keys: [mallory.fingerprint] }];
    const of = (committer: string) => verdictOf(byMallory(payloadOf({ committer })), { signers: wide });
    expect(await of('a@corp.example.com')).toBe('valid');
    expect(await of('a@corp.example.com.evil.org')).toBe('identity_mismatch');
    expect(await of('a@evilcorp.example.com')).toBe('identity_mismatch');
    expect(await of('a@corp-example.com')).toBe('identity_mismatch');
  });
});

describe('allowed_signers', () => {
  const raw = byMallory(payloadOf({ committer: 'mallory@example.com' }));
  const by = async (allowed_signers: string) => {
    const { verdict, notVerified } = await judge(raw, {}, { allowed_signers });
    return [verdict, notVerified.length];
  };
  it.each([
    ['a plain line', `mallory@example.com ${mallory.line}\n`, 'valid', 0],
    ['CRLF', `mallory@example.com ${mallory.line}\r\n`, 'valid', 0],
    ['a comment', `#mallory@example.com ${mallory.line}\n`, 'unknown_key', 0],
    ['a comment behind blanks', `  # mallory@example.com ${mallory.line}\n`, 'unknown_key', 0],
    ['quotes', `"mallory@example.com,x" ${mallory.line}\n`, 'valid', 0],
    ['an open quote', `"mallory@example.com ${mallory.line}\n`, 'unknown_key', 1],
    [
      'a quote that ends early',
      `"alice@example.com",mallory@example.com ${mallory.line}\n`,
      'unknown_key',
      1,
    ],
    ['a quote in the middle', `mallory"@example.com" ${mallory.line}\n`, 'unknown_key', 1],
    ['options behind a comma', `*,valid-before="20200101" ${mallory.line}\n`, 'unknown_key', 1],
    ['nothing between quote and key', `"mallory@example.com"${mallory.line}\n`, 'unknown_key', 1],
    ['a carriage return in front', `\rmallory@example.com ${mallory.line}\n`, 'unknown_key', 1],
    ['a vertical tab for a blank', `"mallory@example.com"\u000b${mallory.line}\n`, 'unknown_key', 1],
    ['a no-break space in front', `\u00a0mallory@example.com ${mallory.line}\n`, 'identity_mismatch', 0],
    ['a no-break space for a blank', `mallory@example.com \u00a0${mallory.line}\n`, 'unknown_key', 1],
    ['only a quoted word', '"mallory@example.com"\n', 'unknown_key', 1],
    ['a NUL behind the principal', `mallory@example.com\0 ${mallory.line}\n`, 'unknown_key', 1],
    ['a carriage return inside', `mallory@example.com\r${mallory.line}\n`, 'unknown_key', 1],
    ['a byte order mark', `\ufeffmallory@example.com ${mallory.line}\n`, 'unknown_key', 1],
    ['a negation first', `!mallory@example.com,* ${mallory.line}\n`, 'identity_mismatch', 0],
    ['a negation last', `*,!mallory@example.com ${mallory.line}\n`, 'identity_mismatch', 0],
    ['another namespace', `* namespaces="file" ${mallory.line}\n`, 'not_signing_key', 0],
    ['a namespace negated', `* namespaces="*,!git" ${mallory.line}\n`, 'not_signing_key', 0],
    ['no namespace', `* namespaces="" ${mallory.line}\n`, 'not_signing_key', 0],
    ['an option twice', `* namespaces="x",namespaces="git" ${mallory.line}\n`, 'unknown_key', 1],
    ['an option nobody knows', `* allow-all ${mallory.line}\n`, 'unknown_key', 1],
    ['an authority', `* cert-authority ${mallory.line}\n`, 'unknown_key', 0],
    ['an end now', `* valid-before="20261122120000Z" ${mallory.line}\n`, 'expired_key', 0],
    ['an end in a second', `* valid-before="20261122120001Z" ${mallory.line}\n`, 'valid', 0],
    ['a beginning now', `* valid-after="20261122120000Z" ${mallory.line}\n`, 'valid', 0],
    ['a beginning in a second', `* valid-after="20261122120001Z" ${mallory.line}\n`, 'not_signing_key', 0],
    ['the key of another type', `* ${mallory.line.replace('ssh-ed25519', 'ssh-rsa')}\n`, 'unknown_key', 1],
    ['an empty key', '* ssh-ed25519\n', 'unknown_key', 1],
  ])('with %s', async (_, text, verdict, problems) => {
    expect(await by(text)).toEqual([verdict, problems]);
  });

  it('revoke by any file of that name, whoever lists the key', async () => {
    for (const revoked of [`${mallory.line}\n`, `${mallory.fingerprint}\n`, mallory.fingerprint.slice(4)]) {
      const judged = await judge(raw, { signers }, { revoked });
      expect(judged.verdict).toBe('revoked_key');
    }
    const broken = await judge(raw, { signers }, { revoked: 'nonsense\n' });
    expect(broken.notVerified).toMatchObject([{ closes: true }]);
  });
});

describe('OpenPGP signatures', () => {
  type Made = { privateKey: PrivateKey; publicKey: PublicKey };
  const make = (options: object = {}): Promise<Made> =>
    generateKey({
      type: 'ecc',
      curve: 'ed25519Legacy',
      userIDs: [{ email: 'mallory@example.com' }],
      date: new Date('2024-01-01'),
      format: 'object',
      subkeys: [],
      ...options,
    }) as Promise<Made>;
  const own = payloadOf({ committer: 'mallory@example.com' });
  const binary = async (key: PrivateKey, options: object = {}) => {
    const message = await createMessage({ binary: own });
    const settings = {
      message,
      signingKeys: key,
      detached: true,
      format: 'binary',
      date: new Date('2025-01-01'),
    };
    return Buffer.from((await sign({ ...settings, ...options } as never)) as unknown as Uint8Array);
  };
  const armoredPgp = (bytes: Buffer) => armored('PGP SIGNATURE', bytes).replace('-----\n', '-----\n\n');
  const judged = async (bytes: Buffer, ring: string) =>
    judge(withHeader(own, 'gpgsig', armoredPgp(bytes)), {}, { 'm.asc': ring });

  it('are refused whatever is done to their packet', async () => {
    const key = await make();
    const bytes = await binary(key.privateKey);
    const ring = key.publicKey.armor();
    expect((await judged(bytes, ring)).verdict).toBe('valid');
    const at = headerLength(bytes);
    const set = (offset: number, value: number) => {
      const changed = Buffer.from(bytes);
      changed[at + offset] = value;
      return changed;
    };
    const verdict = async (changed: Buffer) => (await judged(changed, ring)).verdict;
    expect(await verdict(set(0, 3))).toBe('unsupported_type');
    expect(await verdict(set(0, 5))).toBe('unsupported_type');
    expect(await verdict(set(0, 6))).not.toBe('valid');
    expect(await verdict(set(0, 9))).toBe('malformed');
    expect(await verdict(set(1, enums.signature.text))).toBe('unsupported_type');
    expect(await verdict(set(1, enums.signature.standalone))).toBe('unsupported_type');
    expect(await verdict(set(3, enums.hash.sha1))).toBe('weak_algorithm');
    expect(await verdict(withoutSubpacket(bytes, 2))).toBe('malformed');
    expect(await verdict(Buffer.concat([bytes, bytes]))).toBe('multiple_signatures');
    expect(await verdict(Buffer.concat([bytes, Buffer.of(0)]))).toBe('malformed');
    expect(await verdict(Buffer.concat([Buffer.of(0xca, 3, 0x50, 0x47, 0x50), bytes]))).toBe('malformed');
  });

  it('hold by the key that made them, whatever their unhashed part says', async () => {
    const [victim, thief] = [await make({ userIDs: [{ email: 'alice@example.com' }] }), await make()];
    const bytes = await binary(thief.privateKey);
    const at = headerLength(bytes);
    const hashed = bytes.readUInt16BE(at + 4);
    const before = bytes.subarray(at, at + 6 + hashed);
    const after = bytes.subarray(at + 6 + hashed + 2 + bytes.readUInt16BE(at + 6 + hashed));
    const fingerprint = Buffer.from(victim.publicKey.getFingerprint(), 'hex');
    const spoof = Buffer.concat([Buffer.of(22, 33, 4), fingerprint]);
    const body = Buffer.concat([before, Buffer.of(0, spoof.length), spoof, after]);
    const packet = Buffer.concat([Buffer.of(0xc2, 0xff, 0, 0, body.length >> 8, body.length & 255), body]);
    const both = `${victim.publicKey.armor()}\n${thief.publicKey.armor()}`;
    const { verdict, signer } = await judged(packet, both);
    expect([verdict, signer]).toEqual(['bad_signature', null]);
  });

  it('with a critical notation are refused, with another are not', async () => {
    const key = await make();
    const notation = (critical: boolean) => ({
      signatureNotations: [
        { name: 'x@example.com', value: new Uint8Array([1]), humanReadable: false, critical },
      ],
    });
    const ring = key.publicKey.armor();
    expect((await judged(await binary(key.privateKey, notation(true)), ring)).verdict).toBe('bad_signature');
    expect((await judged(await binary(key.privateKey, notation(false)), ring)).verdict).toBe('valid');
  });
});

describe('tags', () => {
  const settings = configSchema.parse({ version: 1, signatures: { signers } }).signatures;
  const body = (parts: { name?: string; email?: string; extra?: string } = {}) =>
    Buffer.from(
      `object ${'a'.repeat(40)}\ntype commit\ntag ${parts.name ?? 'v1'}\ntagger M <${parts.email ?? 'mallory@example.com'}> 1 +0000\n${parts.extra ?? ''}\nrelease\n`,
    );
  const judged = async (raw: Buffer) => {
    const keyring = await loadKeyring(new MemoryTree(), 'keys');
    return judgeTag(raw, objectId('sha1', 'tag', raw), settings, keyring, NOW);
  };
  const signed = (payload: Buffer) => Buffer.concat([payload, Buffer.from(mallory.sign(payload))]);

  it('state their own name, whose signature cannot be moved to another', async () => {
    expect(await judged(signed(body()))).toMatchObject({ verdict: 'valid', name: 'v1', signer: 'mallory' });
    const renamed = Buffer.from(signed(body()).toString('latin1').replace('tag v1', 'tag v2'), 'latin1');
    expect((await judged(renamed)).verdict).toBe('bad_signature');
    const other = signed(body({ email: 'alice@example.com' }));
    const refused = await judged(other);
    expect([refused.verdict, refused.reason]).toEqual([
      'identity_mismatch',
      expect.stringContaining('the tagger is'),
    ]);
    expect(refused.help).toContain('user.email');
  });

  it('take no signature of a commit, and commits none of a tag', async () => {
    const commit = payloadOf({ committer: 'mallory@example.com' });
    const tag = Buffer.concat([body(), Buffer.from(mallory.sign(commit))]);
    expect((await judged(tag)).verdict).toBe('bad_signature');
    expect(await verdictOf(withHeader(commit, 'gpgsig', mallory.sign(body())))).toBe('bad_signature');
  });

  it('with headers twice, text behind the armor or two armors are refused', async () => {
    expect((await judged(signed(body({ extra: 'tag v9\n' })))).verdict).toBe('malformed');
    expect((await judged(signed(body({ extra: `object ${'b'.repeat(40)}\n` })))).verdict).toBe('malformed');
    expect((await judged(Buffer.concat([signed(body()), Buffer.from('more\n')]))).verdict).toBe('malformed');
    expect((await judged(signed(signed(body())))).verdict).toBe('multiple_signatures');
  });
});
