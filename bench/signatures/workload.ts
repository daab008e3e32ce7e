import { createHash, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { createMessage, generateKey, type PrivateKey, sign } from 'openpgp';
import { EMPTY_TREE, payloadOf, withHeader } from '../../test/checks/signatures/support/objects.js';
import { armored, sshKey } from '../../test/checks/signatures/support/ssh.js';

/** A way of signing, with the key as the gate's keyring and git's programs read it. */
export interface Signer {
  name: string;
  openpgp: string | null;
  ssh: string | null;
  sign(payload: Buffer): Promise<string>;
}

/** One signer of each kind that people use: OpenPGP with three algorithms, and SSH. */
export async function makeSigners(): Promise<Signer[]> {
  const key = sshKey();
  return [
    await openpgpSigner('ed25519', { type: 'ecc', curve: 'ed25519Legacy' }),
    await openpgpSigner('RSA-4096', { type: 'rsa', rsaBits: 4096 }),
    await openpgpSigner('P-256', { type: 'ecc', curve: 'nistP256' }),
    { name: 'SSH ed25519', openpgp: null, ssh: key.line, sign: async (payload) => key.sign(payload) },
  ];
}

async function openpgpSigner(name: string, options: object): Promise<Signer> {
  const date = new Date(Date.now() - 86_400_000);
  const userIDs = [{ name, email: 'alice@example.com' }];
  const made = await generateKey({ ...options, userIDs, date, subkeys: [], format: 'object' });
  const privateKey = made.privateKey as PrivateKey;
  return {
    name,
    openpgp: made.publicKey.armor(),
    ssh: null,
    async sign(payload) {
      const message = await createMessage({ binary: payload });
      return String(await sign({ message, signingKeys: privateKey, detached: true }));
    },
  };
}

/** A line of history: a root that nobody signed, then commits signed by each signer in turn. */
export async function makeHistory(
  signers: readonly Signer[],
  count: number,
): Promise<{ oid: string; raw: Buffer }[]> {
  const time = Math.floor(Date.now() / 1000);
  const root = payloadOf({ tree: EMPTY_TREE, time, message: 'root\n' });
  const history = [{ oid: commitId(root), raw: root }];
  for (let index = 0; index < count; index += 1) {
    const parents = history.slice(-1).map(({ oid }) => oid);
    const payload = payloadOf({ parents, time, message: `commit ${index}\n` });
    const signer = signers[index % signers.length] as Signer;
    const raw = withHeader(payload, 'gpgsig', await signer.sign(payload));
    history.push({ oid: commitId(raw), raw });
  }
  return history;
}

function commitId(raw: Buffer): string {
  return createHash('sha1').update(`commit ${raw.length}\0`).update(raw).digest('hex');
}

/** Armored keys of one ring, each made anew. */
export async function makeRing(count: number): Promise<string> {
  const keys: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const userIDs = [{ name: `key ${index}`, email: `key-${index}@example.com` }];
    const { publicKey } = await generateKey({ type: 'ecc', curve: 'ed25519Legacy', userIDs });
    keys.push(publicKey);
  }
  return keys.join('\n');
}

/** Commits whose signatures are made to cost: armor of 10 MB, 500,000 header lines, 1,000 packets, and a KB of each. */
export function hostileCommits(): { name: string; raw: Buffer }[] {
  const packet = Buffer.concat([Buffer.of(0xc2, 60), Buffer.alloc(60, 4)]);
  const { privateKey } = generateKeyPairSync('ed25519');
  const noise = Buffer.concat(
    Array.from({ length: 200 }, (_, at) => signBytes(null, Buffer.of(at), privateKey)),
  );
  const armor = (body: string, headers = '') =>
    `-----BEGIN PGP SIGNATURE-----\n${headers}\n${body}\n-----END PGP SIGNATURE-----\n`;
  const lines = (base64: string) => base64.replace(/.{64}/g, '$&\n');
  const many = Buffer.concat(Array.from({ length: 1_000 }, () => packet)).toString('base64');
  return [
    { name: 'armor of 10 MB', raw: withHeader(payloadOf(), 'gpgsig', armor(lines('A'.repeat(10_000_000)))) },
    {
      name: '500,000 header lines in the armor',
      raw: withHeader(payloadOf(), 'gpgsig', armor('AAAA', 'Comment: x\n'.repeat(500_000))),
    },
    {
      name: '500,000 header lines in the commit',
      raw: payloadOf({ extra: Array.from({ length: 500_000 }, () => 'x y') }),
    },
    {
      name: '1,000 signature headers',
      raw: Array.from({ length: 1_000 }).reduce<Buffer>(
        (raw) => withHeader(raw, 'gpgsig', armor('AAAA')),
        payloadOf(),
      ),
    },
    { name: '1,000 packets', raw: withHeader(payloadOf(), 'gpgsig', armor(lines(many))) },
    {
      name: '1,000 packets within the limit',
      raw: withHeader(payloadOf(), 'gpgsig', armor(lines(shortPackets()))),
    },
    {
      name: 'an SSH signature of noise',
      raw: withHeader(payloadOf(), 'gpgsig', armored('SSH SIGNATURE', noise)),
    },
  ];
}

function shortPackets(): string {
  return Buffer.concat(Array.from({ length: 1_000 }, () => Buffer.of(0xc2, 2, 4, 0))).toString('base64');
}
