import { beforeAll, describe, expect, it } from '@jest/globals';
import { createMessage, generateKey, type PrivateKey, type PublicKey, sign } from 'openpgp';
import { judgeTag, loadKeyring } from '../../../src/checks/signatures/index.js';
import { SignatureVerifier } from '../../../src/checks/signatures/signature-verifier.js';
import { configSchema } from '../../../src/config/index.js';
import { type MemoryFile, MemoryTree, objectId } from '../../../src/git/index.js';
import { NOW } from './support/context.js';
import { EMPTY_TREE, payloadOf, withHeader } from './support/objects.js';
import { armored, sshKey } from './support/ssh.js';
import { issue, makeCertificate, makeCms } from './support/x509.js';

const payload = payloadOf();
const load = (files: Record<string, MemoryFile>) => loadKeyring(new MemoryTree(files), 'k');
const problems = async (file: string, content: string | Buffer) =>
  (await load({ [file]: content })).problems.map(({ what, reason }) => `${what}: ${reason}`);
const keysIn = async (content: string | Buffer) => (await load({ 'k/a.asc': content })).openpgp.keys().length;

async function verify(armor: string, files: Record<string, MemoryFile>) {
  const raw = withHeader(payload, 'gpgsig', armor);
  const verifier = new SignatureVerifier(await load(files), new Set(), NOW);
  const { verdict, reason } = await verifier.verify('commit', objectId('sha1', 'commit', raw), raw);
  return `${verdict}: ${reason}`;
}

let made: { privateKey: PrivateKey; publicKey: PublicKey };
beforeAll(async () => {
  made = (await generateKey({
    type: 'ecc',
    curve: 'nistP256',
    userIDs: [{ email: 'alice@example.com' }],
    date: new Date('2025-01-01'),
    format: 'object',
    subkeys: [{ sign: true }],
  })) as typeof made;
});

describe('a file of OpenPGP keys', () => {
  const block = () => made.publicKey.armor().replaceAll('\r', '');

  it('may have other line ends, blanks behind lines, text around and blank lines within', async () => {
    expect(await keysIn(block())).toBe(1);
    expect(await keysIn(block().replaceAll('\n', '\r\n'))).toBe(1);
    expect(await keysIn(block().replaceAll('\n', ' \t\n'))).toBe(1);
    expect(await keysIn(`Alice's key:\n-----END PGP PUBLIC KEY BLOCK-----\n${block()}and no more\n`)).toBe(1);
    expect(await keysIn(block().replace(/\n=/, '\n\n='))).toBe(1);
  });

  it.each([
    ['an end of another kind', (text: string) => text.replace('END PGP PUBLIC', 'END PGP PRIVATE')],
    ['no line between headers and key', (text: string) => text.replace(/\n\n/, '\n')],
    [
      'base64 that is read in two ways',
      (text: string) => text.replace(/\n=[^\n]+/, '').replace(/([^\n])\n-----END/, '$1!\n-----END'),
    ],
    ['no end', (text: string) => text.replace(/-----END.*/s, '')],
    ['another block inside', (text: string) => text.replace(/\n\n/, '\n\n-----BEGIN PGP MESSAGE-----\n')],
  ])('with %s closes, and says at which line', async (_, change) => {
    const [problem] = await problems('k/a.asc', change(block()));
    expect(problem).toMatch(/^k\/a\.asc, line \d: an armored block that cannot be read$/);
  });

  it('with nothing in it, something else or a part of a key closes', async () => {
    expect(await problems('k/a.asc', '')).toEqual([
      'k/a.asc: holds no OpenPGP key (take the colon off that gpg puts in front of a revocation)',
    ]);
    const [last] = await problems(
      'k/a.gpg',
      Buffer.concat([Buffer.from(made.publicKey.write()), Buffer.of(0x99)]),
    );
    expect(last).toBe('k/a.gpg: cannot be read: a packet is cut short');
    const broken = Buffer.from(made.publicKey.write());
    const second = Buffer.concat([broken, Buffer.of(0xc6, 2, 9, 9)]);
    expect(await problems('k/a.gpg', second)).toEqual([
      expect.stringMatching(/^k\/a\.gpg, key 2: cannot be read: /),
    ]);
    const lines = second.toString('base64').replace(/.{1,64}/g, '$&\n');
    const armor = `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${lines}-----END PGP PUBLIC KEY BLOCK-----\n`;
    expect(await problems('k/a.asc', armor)).toEqual([
      expect.stringMatching(/^k\/a\.asc, line 1, key 2: cannot be read: /),
    ]);
  });
});

describe('the list of revoked keys', () => {
  it('revokes by a subkey alone, and by a certificate between', async () => {
    const message = await createMessage({ binary: payload });
    const date = new Date('2025-06-01');
    const armor = String(await sign({ message, signingKeys: made.privateKey, detached: true, date }));
    const ring = { 'k/a.asc': made.publicKey.armor() };
    const [sub] = made.publicKey.getSubkeys();
    expect(await verify(armor, ring)).toBe('valid: good');
    for (const part of [made.publicKey, sub]) {
      expect(await verify(armor, { ...ring, 'k/revoked': `openpgp:${part?.getFingerprint()}\n` })).toBe(
        'revoked_key: the key is in the list of revoked keys',
      );
    }
    const ca = makeCertificate();
    const middle = issue(ca, { name: 'Middle', ca: true, serial: 9, email: null });
    const leaf = issue(middle);
    const mail = armored('SIGNED MESSAGE', makeCms(leaf, payload, { certificates: [leaf, middle] }));
    expect(await verify(mail, { 'k/ca.pem': ca.pem })).toBe('valid: good');
    expect(await verify(mail, { 'k/ca.pem': ca.pem, 'k/revoked': `x509:${middle.fingerprint}\n` })).toBe(
      'revoked_key: the certificate is in the list of revoked keys',
    );
  });
});

describe('what cannot be judged', () => {
  it('is told in words', async () => {
    const raw = payloadOf();
    const verifier = new SignatureVerifier(await load({}), new Set(), NOW);
    const told = async (oid: string, bytes: Buffer) => (await verifier.verify('commit', oid, bytes)).reason;
    expect(await told('a'.repeat(40), raw)).toBe(`its bytes are not those of ${'a'.repeat(40)}`);
    expect(await told(objectId('sha1', 'commit', raw), raw)).toBe('it carries no signature');
    expect(await verify(armored('OTHER THING', Buffer.of(1)), {})).toBe(
      'unsupported_type: signatures of type "OTHER THING" cannot be judged',
    );
    const message = '-----BEGIN PGP MESSAGE-----\n\nAAAA\n-----END PGP MESSAGE-----\n';
    expect(await verify(message, {})).toBe('malformed: it carries a message, not a detached signature');
  });

  it('of sigstore is what is no root', async () => {
    for (const text of ['"mediaType"', '1', 'null', '{}']) {
      expect(await problems('k/trusted_root.json', text)).toEqual([
        "k/trusted_root.json: cannot be read: it is not sigstore's trusted_root.json",
      ]);
    }
  });
});

describe('judgeTag', () => {
  const alice = sshKey();
  const tag = (tagger: string) => Buffer.from(`object ${EMPTY_TREE}\ntype commit\ntag v1\n${tagger}\nv1\n`);
  const settings = configSchema.parse({
    version: 1,
    signatures: { signers: [{ name: 'alice', emails: ['alice@example.com'], keys: [alice.fingerprint] }] },
  }).signatures;
  const judge = async (bytes: Buffer, key: typeof alice | null, github: string[] = []) => {
    const raw = key === null ? bytes : Buffer.concat([bytes, Buffer.from(key.sign(bytes))]);
    const options = { webFlowKeys: github };
    return judgeTag(raw, objectId('sha1', 'tag', raw), settings, await load({}), NOW, options);
  };
  const byAlice = tag('tagger A <alice@example.com> 1 +0000\n');

  it('asks for nothing of a good tag, and says how to sign any other', async () => {
    expect(await judge(byAlice, alice)).toMatchObject({
      verdict: 'valid',
      signer: 'alice',
      name: 'v1',
      help: '',
    });
    expect(await judge(byAlice, null)).toMatchObject({
      verdict: 'unsigned',
      signer: null,
      help: "git tag --sign --force 'v1' 'v1^{}' && git push --force origin 'refs/tags/v1'",
    });
    const stranger = sshKey();
    expect((await judge(byAlice, stranger)).help).toBe(
      `if you trust it: add "${stranger.fingerprint}" to a signer's keys, in a change of its own`,
    );
  });

  it('is of nobody without a tagger, and of nobody when GitHub signed it', async () => {
    expect(await judge(tag(''), alice)).toMatchObject({
      verdict: 'identity_mismatch',
      reason: "the key is alice's, but the tagger is <>, which is no e-mail of alice",
    });
    expect(await judge(byAlice, alice, [alice.fingerprint])).toMatchObject({
      verdict: 'not_entitled',
      signer: 'web-flow',
      reason: 'GitHub signed it for somebody, and webFlow does not let edits in',
    });
  });
});
