import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createMessage, generateKey, sign } from 'openpgp';
import { readArmor } from '../../../src/checks/signatures/armor.js';
import { claimedSignature } from '../../../src/checks/signatures/claimed-signature.js';
import {
  describeRules,
  judgeTag,
  loadKeyring,
  loginOf,
  proposeSigners,
  readPublishedKeys,
  signaturesCheck,
} from '../../../src/checks/signatures/index.js';
import { canonicalKey, Principals } from '../../../src/checks/signatures/principals.js';
import { remedyFor } from '../../../src/checks/signatures/remedies.js';
import { shown, subjectOf } from '../../../src/checks/signatures/shown.js';
import { SignatureVerifier } from '../../../src/checks/signatures/signature-verifier.js';
import { splitCommit } from '../../../src/checks/signatures/signed-object.js';
import { WEB_FLOW_KEYS } from '../../../src/checks/signatures/web-flow.js';
import { configSchema } from '../../../src/config/index.js';
import { type MemoryFile, MemoryTree, objectId } from '../../../src/git/index.js';
import { FakeChange } from './support/change.js';
import { contextOf, NOW } from './support/context.js';
import { commitOf, EMPTY_TREE, makeCommit, payloadOf, withHeader } from './support/objects.js';
import { withoutSubpacket } from './support/openpgp.js';
import { armored, securityKey, sshKey } from './support/ssh.js';
import { issue, makeCertificate, makeCms } from './support/x509.js';

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/signatures/${name}.json`, import.meta.url), 'utf8'));
const oracle: { cases: { name: string; raw: string }[] } = fixture('oracle');
const gitsign: { offline: string } = fixture('gitsign');
const alice = sshKey();
const load = (files: Record<string, MemoryFile>, folder = 'keys') =>
  loadKeyring(new MemoryTree(files), folder);

describe('loadKeyring', () => {
  it('reads a folder by the names of its files, at any depth', async () => {
    const { empty, allowed, problems } = await load({
      'keys/allowed_signers': `alice ${alice.line}\n`,
      'keys/team/allowed_signers.prod': `bob ${alice.line}\n`,
      'keys/revoked.txt': '# none\n',
      'keys/README.md': 'x',
      'keys/.gitkeep': '',
      'keysmith/allowed_signers': `eve ${alice.line}\n`,
      'keys/notes.txt': 'x',
    });
    expect(empty).toBe(false);
    expect(allowed.map(({ principals }) => principals)).toEqual(['alice', 'bob']);
    expect(problems).toEqual([
      { what: 'keys/notes.txt', reason: 'the keyring reads no file of this name', closes: false },
    ]);
  });

  it('takes no file for another of a longer name', async () => {
    const { allowed, problems, openpgp } = await load({
      'keys/old_allowed_signers': `eve ${alice.line}\n`,
      'keys/allowed_signers2': `eve ${alice.line}\n`,
      'keys/not-revoked': `${alice.line}\n`,
      'keys/revoked2': `${alice.line}\n`,
      'keys/x.asc.bak': 'x',
      'keys/x.pem.bak': 'x',
      'keys/my.README': 'x',
      'keys/trusted_root.json.bak': '{}',
    });
    expect([allowed, openpgp.keys()]).toEqual([[], []]);
    expect(problems.map(({ what, reason, closes }) => [what, reason, closes])).toEqual(
      [
        'allowed_signers2',
        'my.README',
        'not-revoked',
        'old_allowed_signers',
        'revoked2',
        'trusted_root.json.bak',
        'x.asc.bak',
        'x.pem.bak',
      ].map((name) => {
        const reason = 'the keyring reads no file of this name';
        return name.includes('revo')
          ? [`keys/${name}`, `${reason}; what is revoked stands in revoked, *.crl or *.rev`, true]
          : [`keys/${name}`, reason, false];
      }),
    );
    // What may have been meant to revoke a key closes, whatever it is called; the folder's name does not count.
    for (const [name, closes] of [
      ['keys.krl', true],
      ['Revocations', true],
      ['crl.der', true],
      ['revoked-people/note', false],
    ] as const) {
      const [problem] = (await load({ [`keys/${name}`]: 'x' })).problems;
      expect([name, problem?.closes]).toEqual([name, closes]);
    }
  });

  it('reads its files in the order of their names, wherever they come from', async () => {
    const { allowed } = await load({
      'keys/b/allowed_signers': `bob ${alice.line}\n`,
      'keys/a/allowed_signers': `alice ${alice.line}\n`,
    });
    expect(allowed.map(({ principals }) => principals)).toEqual(['alice', 'bob']);
  });

  it('is not empty with OpenPGP keys, authorities or a root alone', async () => {
    const { publicKey } = await generateKey({ userIDs: [{ name: 'A' }], format: 'object' });
    const root = JSON.stringify(fixture('gitsign').trustedRoot);
    expect((await load({ 'keys/a.asc': publicKey.armor() })).empty).toBe(false);
    expect((await load({ 'keys/ca.pem': makeCertificate().pem })).empty).toBe(false);
    expect((await load({ 'keys/trusted_root.json': root })).empty).toBe(false);
    expect((await load({ 'keys/revoked': '' })).empty).toBe(true);
  });

  it('says of links and submodules that they are not followed', async () => {
    const { problems } = await load({
      'keys/allowed_signers': { content: '../allowed', mode: 'symlink' },
      'keys/b.asc': { content: 'x', mode: 'submodule' },
    });
    expect(problems).toEqual([
      { what: 'keys/allowed_signers', reason: 'is a symlink, which is not followed', closes: true },
      { what: 'keys/b.asc', reason: 'is a submodule, which is not followed', closes: true },
    ]);
  });

  it('may be one file, however its path is written', async () => {
    expect(
      (await load({ 'a/allowed_signers': `alice ${alice.line}\n` }, './a/allowed_signers')).allowed,
    ).toHaveLength(1);
    expect((await load({ 'a/allowed_signers': `alice ${alice.line}\n` }, './a/')).allowed).toHaveLength(1);
    expect((await load({ 'a/allowed_signers': `alice ${alice.line}\n` }, '././a//')).allowed).toHaveLength(1);
    expect((await load({ 'a./b/allowed_signers': `alice ${alice.line}\n` }, 'a./b')).allowed).toHaveLength(1);
    expect((await load({})).empty).toBe(true);
  });

  it('closes on links, submodules, broken lines and files that cannot be read', async () => {
    const { problems } = await load({
      'keys/a.asc': { content: '../../etc/passwd', mode: 'symlink' },
      'keys/allowed_signers': 'alice\n',
      'keys/revoked': 'hello\n',
      'keys/z.gpg': Buffer.alloc(16 * 1024 * 1024 + 1),
    });
    expect(problems.map(({ what, closes }) => [what, closes])).toEqual([
      ['keys/a.asc', true],
      ['keys/allowed_signers, line 1', true],
      ['keys/revoked', true],
      ['keys/z.gpg', true],
    ]);
  });
});

describe('SignatureVerifier', () => {
  it('refuses bytes that are not those of the id', async () => {
    const verifier = new SignatureVerifier(await load({}), new Set(), NOW);
    const raw = payloadOf();
    expect(await verifier.verify('commit', 'a'.repeat(40), raw)).toMatchObject({ verdict: 'malformed' });
  });

  it('refuses a kind of armor that nobody knows', async () => {
    const verifier = new SignatureVerifier(await load({}), new Set(), NOW);
    const raw = withHeader(payloadOf(), 'gpgsig', armored('OTHER THING', Buffer.of(1)));
    expect(await verifier.verify('commit', objectId('sha1', 'commit', raw), raw)).toMatchObject({
      verdict: 'unsupported_type',
      type: null,
    });
  });

  it('refuses an OpenPGP key that the list of revoked keys names', async () => {
    const { privateKey, publicKey } = await generateKey({
      userIDs: [{ email: 'alice@example.com' }],
      format: 'object',
      date: new Date('2025-01-01'),
    });
    const payload = payloadOf();
    const message = await createMessage({ binary: payload });
    const signature = await sign({
      message,
      signingKeys: privateKey,
      detached: true,
      date: new Date('2025-02-01'),
    });
    const raw = withHeader(payload, 'gpgsig', signature);
    const sha = objectId('sha1', 'commit', raw);
    const verify = async (revoked: string) => {
      const keyring = await load({ 'keys/a.asc': publicKey.armor(), 'keys/revoked': revoked });
      return (await new SignatureVerifier(keyring, new Set(), NOW).verify('commit', sha, raw)).verdict;
    };
    expect(await verify('')).toBe('valid');
    expect(await verify(`openpgp:${publicKey.getFingerprint()}\n`)).toBe('revoked_key');
    const change = new FakeChange();
    change.add(commitOf(raw));
    const ending = await generateKey({
      userIDs: [{ email: 'alice@example.com' }],
      format: 'object',
      date: new Date('2026-11-01'),
      keyExpirationTime: 30 * 86_400,
    });
    const ended = await sign({
      message,
      signingKeys: ending.privateKey,
      detached: true,
      date: new Date('2026-11-02'),
    });
    const soon = new FakeChange();
    soon.add(commitOf(withHeader(payload, 'gpgsig', ended)));
    const [expiring] = (await signaturesCheck(contextOf(soon, {}, { 'a.asc': ending.publicKey.armor() })))
      .findings;
    expect(expiring?.help).toMatch(/^gpg --quick-set-expire [0-9A-F]{40} 1y/);
    const keys = { 'a.asc': publicKey.armor() };
    const judge = async (signers: object[]) =>
      (await signaturesCheck(contextOf(change, { signers }, keys))).signatures?.[0];
    const fingerprint = `openpgp:${publicKey
      .getFingerprint()
      .toUpperCase()
      .replace(/(....)/g, '$1 ')
      .trim()}`;
    expect(await judge([{ name: 'a', emails: ['alice@example.com'], keys: [fingerprint] }])).toMatchObject({
      verdict: 'valid',
      signer: 'a',
    });
    // A user id is the key's own word: it makes a signer only of one who lists no keys.
    expect(await judge([{ name: 'a', emails: ['alice@example.com'] }])).toMatchObject({
      verdict: 'valid',
      signer: 'a',
    });
    expect(await judge([{ name: 'a', emails: ['alice@example.com'], keys: ['ssh:SHA256:x'] }])).toMatchObject(
      { verdict: 'unknown_key', signer: null },
    );
  });
});

describe('canonicalKey', () => {
  it('is upper-case hex of OpenPGP keys, and all else as it stands', () => {
    expect(canonicalKey('openpgp:0xab cd\t12')).toBe('openpgp:ABCD12');
    for (const key of ['xopenpgp:ab', 'openpgp:abx', 'openpgp:', 'ssh:SHA256:ab', 'x509:ab']) {
      expect(canonicalKey(key)).toBe(key);
    }
  });
});

describe('Principals', () => {
  const by = (parts: object) => ({
    type: 'openpgp' as const,
    fingerprint: 'openpgp:AA',
    names: ['openpgp:AA'],
    identities: ['A <a@example.com>', 'B <b@example.com>'],
    admits: (email: string) => email === 'a@example.com',
    vouched: false,
    touched: null,
    expires: null,
    ...parts,
  });
  const signers = [{ name: 'c', emails: ['c@example.com'], keys: [] }];
  const unknown = {
    verdict: 'unknown_key',
    signer: null,
    reason: "the key openpgp:AA is in the keyring, but is no signer's",
  };

  it("tell a key that is of somebody else from one that is nobody's", () => {
    const principals = new Principals(signers);
    expect(principals.ownerOf(by({}), 'c@example.com')).toEqual(unknown);
    expect(principals.ownerOf(by({ vouched: true, identities: [] }), 'c@example.com')).toEqual(unknown);
    expect(principals.ownerOf(by({ vouched: true }), 'a@example.com')).toEqual(unknown);
    expect(principals.ownerOf(by({ vouched: true }), 'c@example.com')).toEqual({
      verdict: 'identity_mismatch',
      signer: null,
      reason: 'the key is of A <a@example.com>, B <b@example.com>, the committer is <c@example.com>',
    });
  });

  it('says so where the keyring names nobody', () => {
    const by = {
      type: 'x509' as const,
      fingerprint: 'x509:0',
      names: [],
      identities: [],
      admits: () => false,
      vouched: true,
      touched: null,
      expires: null,
    };
    expect(new Principals([]).ownerOf(by, 'a@example.com')).toMatchObject({
      verdict: 'identity_mismatch',
      reason: 'the key is of nobody, the committer is <a@example.com>',
    });
  });
});

describe('judgeTag', () => {
  const tag = (tagger: string | null = 'alice@example.com') =>
    Buffer.from(
      `object ${EMPTY_TREE}\ntype commit\ntag v1\n${tagger === null ? '' : `tagger T <${tagger}> 1 +0000\n`}\nv1\n`,
    );
  const judge = async (
    payload: Buffer,
    signatures: object = {},
    files: Record<string, MemoryFile> = {},
    options = {},
  ) => {
    const raw = Buffer.concat([payload, Buffer.from(alice.sign(payload))]);
    const settings = configSchema.parse({ version: 1, signatures }).signatures;
    return judgeTag(raw, objectId('sha1', 'tag', raw), settings, await load(files), NOW, options);
  };
  const signers = [{ name: 'alice', emails: ['alice@example.com'], keys: [alice.fingerprint] }];

  it('binds the tagger to the signer', async () => {
    expect(await judge(tag(), { signers })).toMatchObject({
      verdict: 'valid',
      signer: 'alice',
      name: 'v1',
      object: EMPTY_TREE,
      type: 'ssh',
    });
    expect(await judge(tag('bob@example.com'), { signers })).toMatchObject({
      verdict: 'identity_mismatch',
      signer: 'alice',
    });
    expect(await judge(tag(null), { signers })).toMatchObject({ verdict: 'identity_mismatch' });
    expect(await judge(tag(), {})).toMatchObject({ verdict: 'unknown_key', signer: null });
  });

  it('asks for the touch of a security key', async () => {
    const device = securityKey();
    const payload = tag();
    const settings = (requireTouch?: boolean) =>
      configSchema.parse({
        version: 1,
        signatures: {
          signers: [
            { name: 'alice', emails: ['alice@example.com'], keys: [device.fingerprint], requireTouch },
          ],
        },
      }).signatures;
    const verdict = async (flags: number, requireTouch?: boolean) =>
      (await judged(flags, requireTouch)).verdict;
    const judged = async (flags: number, requireTouch?: boolean) => {
      const raw = Buffer.concat([payload, Buffer.from(device.sign(payload, flags))]);
      return judgeTag(raw, objectId('sha1', 'tag', raw), settings(requireTouch), await load({}), NOW);
    };
    expect((await judged(0)).reason).toBe('the security key was not touched when it signed');
    expect([await verdict(1), await verdict(0), await verdict(0, true), await verdict(0, false)]).toEqual([
      'valid',
      'not_entitled',
      'not_entitled',
      'valid',
    ]);
  });

  it("lets GitHub's own key sign a tag only where edits are let in", async () => {
    const web = [{ name: 'web-flow', emails: ['noreply@github.com'], keys: [alice.fingerprint] }];
    const github = tag('noreply@github.com');
    const options = { webFlowKeys: [alice.fingerprint] };
    expect(await judge(github, { signers: web, webFlow: 'merges' }, {}, options)).toMatchObject({
      verdict: 'not_entitled',
      signer: 'web-flow',
    });
    expect(await judge(github, { signers: web, webFlow: 'edits' }, {}, options)).toMatchObject({
      verdict: 'valid',
      signer: 'web-flow',
    });
  });
});

describe('proposeSigners', () => {
  const commit = (parts: Parameters<typeof makeCommit>[0], key: typeof alice | null) =>
    makeCommit(parts, key?.sign ?? null);

  it('proposes who signed with what, those with most commits first', async () => {
    const bob = sshKey();
    const proposals = proposeSigners([
      await commit({ committer: '123+octo-cat@users.noreply.github.com' }, bob),
      await commit({ committer: 'alice@example.com' }, alice),
      await commit({ committer: 'alice@home.example.com' }, alice),
      await commit({ committer: 'alice@home.example.com' }, null),
      await commit({ committer: 'noreply@github.com' }, alice),
      await commit({ committer: '' }, alice),
    ]);
    expect(proposals).toEqual([
      {
        name: 'c',
        emails: ['alice@example.com', 'alice@home.example.com'],
        keys: [{ key: alice.fingerprint, type: 'ssh', commits: 2, published: false }],
        commits: 3,
        signed: 2,
        github: null,
        commands: [],
      },
      {
        name: 'c-2',
        emails: ['123+octo-cat@users.noreply.github.com'],
        keys: [{ key: bob.fingerprint, type: 'ssh', commits: 1, published: false }],
        commits: 1,
        signed: 1,
        github: 'octo-cat',
        commands: ['curl -fsSL https://github.com/octo-cat.keys | ssh-keygen -lf -'],
      },
    ]);
  });

  it('gives both commands where nothing was signed, and names people by what there is', async () => {
    const named = (name: string, email: string) =>
      commitOf(
        Buffer.from(
          payloadOf({ committer: email })
            .toString()
            .replaceAll(/(author|committer) [AC] /g, `$1 ${name} `),
        ),
      );
    const [first] = proposeSigners([named('Zoë O’Neil', 'octocat@users.noreply.github.com')]);
    expect(first?.name).toBe('zoe-o-neil');
    expect(first?.commands).toHaveLength(2);
    expect(proposeSigners([named('李', 'li.na@example.com')])[0]?.name).toBe('li-na');
    expect(proposeSigners([named('李', '李@example.com')])[0]?.name).toBe('signer');
    const tied = proposeSigners([named('b', 'b@example.com'), named('a', 'a@example.com')]);
    expect(tied.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(
      proposeSigners([named('a', 'a@example.com'), named('b', 'b@example.com')]).map(({ name }) => name),
    ).toEqual(['a', 'b']);
  });
});

describe('keys that GitHub publishes', () => {
  const made = () => generateKey({ userIDs: [{ name: 'Octo' }], format: 'object' });

  it('are read from armored blocks and lines; what is none, weak or broken is left out', async () => {
    const key = await made();
    const openpgp = `openpgp:${key.publicKey.getFingerprint().toUpperCase()}`;
    const ssh = [alice.line, 'ssh-dss AAAA', 'nonsense', '', '"open', `${alice.line} again`].join('\n');
    const read = (pgp: string, lines: string) =>
      readPublishedKeys({ openpgp: Buffer.from(pgp), ssh: Buffer.from(lines) });
    expect(await read(key.publicKey.armor(), ssh)).toEqual([
      { key: openpgp, type: 'openpgp' },
      { key: alice.fingerprint, type: 'ssh' },
    ]);
    const none =
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\nNote: no keys\n\n\n=twTO\n-----END PGP PUBLIC KEY BLOCK-----\n';
    expect(await read(none, '')).toEqual([]);
  });

  it('confirm the keys of the history, and add to them', async () => {
    const email = '1+Octo-Cat@users.noreply.github.com';
    expect([email, 'octocat@example.com'].map(loginOf)).toEqual(['Octo-Cat', null]);
    const other = { key: `openpgp:${'A'.repeat(40)}`, type: 'openpgp' as const };
    const history = [await makeCommit({ committer: email }, alice.sign)];
    const [proposal] = proposeSigners(
      history,
      new Map([['octo-cat', [other, { key: alice.fingerprint, type: 'ssh' as const }]]]),
    );
    expect(proposal?.keys).toEqual([
      { key: alice.fingerprint, type: 'ssh', commits: 1, published: true },
      { ...other, commits: 0, published: true },
    ]);
    expect(proposal?.commands).toHaveLength(2);
  });

  it('of somebody whose login is not known are exported by hand', async () => {
    const { privateKey, publicKey } = await made();
    const payload = payloadOf();
    const message = await createMessage({ binary: payload });
    const signature = await sign({ message, signingKeys: privateKey, detached: true });
    const [proposal] = proposeSigners([commitOf(withHeader(payload, 'gpgsig', signature))]);
    const id = publicKey.getFingerprint().toUpperCase();
    expect(proposal?.commands).toEqual([`gpg --armor --export ${id} > .gitops-gate/keys/${id}.asc`]);
  });
});

describe('claimedSignature', () => {
  const claim = (value: string) => claimedSignature(commitOf(withHeader(payloadOf(), 'gpgsig', value)));

  it('is the full fingerprint that an OpenPGP signature names', () => {
    const claims = oracle.cases
      .filter((one) => one.name.startsWith('openpgp ed25519') || one.name === 'ssh certificate')
      .map((one) => claimedSignature(commitOf(Buffer.from(one.raw, 'latin1'))));
    expect(claims).toEqual([
      { type: 'openpgp', key: expect.stringMatching(/^openpgp:[0-9A-F]{40}$/) },
      { type: 'ssh', key: expect.stringMatching(/^ssh:SHA256:/) },
    ]);
    const [bytes] = oracle.cases
      .filter((one) => one.name === 'openpgp ed25519')
      .map((one) =>
        readArmor(splitCommit(Buffer.from(one.raw, 'latin1'), 'sha1').signatures[0] ?? Buffer.alloc(0)),
      );
    if (bytes === undefined || 'verdict' in bytes) throw new Error('unreachable');
    const idOnly = withoutSubpacket(bytes.body, 33).toString('base64');
    expect(claim(`-----BEGIN PGP SIGNATURE-----\n\n${idOnly}\n-----END PGP SIGNATURE-----`)).toEqual({
      type: 'openpgp',
      key: null,
    });
    const nameless = commitOf(
      withHeader(
        payloadOf(),
        'gpgsig',
        `-----BEGIN PGP SIGNATURE-----\n\n${idOnly}\n-----END PGP SIGNATURE-----`,
      ),
    );
    expect(proposeSigners([nameless])[0]).toMatchObject({ signed: 1, keys: [] });
    const [real] = proposeSigners([commitOf(Buffer.from(gitsign.offline, 'latin1'))]);
    expect(real?.keys).toEqual([
      {
        key: 'x509:https://accounts.google.com#billy@chainguard.dev',
        type: 'x509',
        commits: 1,
        published: false,
      },
    ]);
    const openpgp = proposeSigners(
      oracle.cases
        .filter((one) => one.name.startsWith('openpgp ed25519'))
        .map((one) =>
          commitOf(
            Buffer.from(
              one.raw.replaceAll('alice@example.com', 'octocat@users.noreply.github.com'),
              'latin1',
            ),
          ),
        ),
    );
    expect(openpgp[0]?.commands).toEqual([
      'curl -fsSLo .gitops-gate/keys/octocat.asc https://github.com/octocat.gpg',
    ]);
  });

  it('is what the signature says of its key, or nothing', async () => {
    expect(claimedSignature(commitOf(payloadOf()))).toBeNull();
    expect(claim('hello')).toBeNull();
    expect(claim(armored('SSH SIGNATURE', Buffer.from('x')))).toBeNull();
    expect(
      claim(
        `-----BEGIN PGP SIGNATURE-----\n\n${Buffer.from([0xc2, 1, 9]).toString('base64')}\n-----END PGP SIGNATURE-----`,
      ),
    ).toBeNull();
    const ca = makeCertificate();
    const leaf = issue(ca);
    const cms = (of = leaf, parts = {}) => claim(armored('SIGNED MESSAGE', makeCms(of, payloadOf(), parts)));
    expect(cms()).toEqual({ type: 'x509', key: `x509:${leaf.fingerprint}` });
    expect(cms(leaf, { signers: 2 })).toEqual({ type: 'x509', key: null });
  });
});

describe('words', () => {
  it('show what cannot be seen, and keep subjects short', () => {
    expect(shown('a\u0000b\u200b\ud800')).toBe('a\\u{0}b\\u{200b}\ufffd');
    expect(subjectOf(Buffer.from('\n\n subject \nbody'))).toBe('subject');
    expect(subjectOf(Buffer.alloc(0))).toBe('');
    expect(subjectOf(Buffer.alloc(10_000_000, 'x'))).toHaveLength(72);
  });

  it('give a way out of every verdict', () => {
    const facts = { mergeBase: 'abc', hasMerges: false, keys: 'keys', lists: 'keys' };
    const help = (verdict: Parameters<typeof remedyFor>[0]['verdict'], fingerprint: string | null = null) =>
      remedyFor({ verdict, fingerprint, entitled: [] }, facts);
    expect(help('unknown_key')).toContain("add the key to keys and to a signer's keys");
    expect(help('unknown_key', `openpgp:${'A'.repeat(40)}`)).toContain(
      `gpg --armor --export ${'A'.repeat(40)} > keys/${'A'.repeat(40)}.asc`,
    );
    expect(help('unknown_key', WEB_FLOW_KEYS[0] ?? '')).toContain('https://github.com/web-flow.gpg');
    expect(help('unknown_key', 'ssh:SHA256:x')).toContain('add "ssh:SHA256:x"');
    expect(help('future_dated')).toContain('set the clock');
    expect(help('not_verifiable_offline')).toContain('gitsign.rekorMode offline');
    expect(help('expired_key')).toContain('gpg --quick-set-expire');
    expect(help('valid')).toContain('git rebase');
    expect(describeRules().some(({ ruleId }) => ruleId === 'signatures/valid')).toBe(false);
  });
});
