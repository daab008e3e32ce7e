import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Report } from '../../src/contract/index.js';
import { payloadOf, withHeader } from '../checks/signatures/support/objects.js';
import { PrivateSigstore } from '../checks/signatures/support/sigstore.js';
import { armored } from '../checks/signatures/support/ssh.js';
import { issue, makeCertificate, makeCms } from '../checks/signatures/support/x509.js';
import { type TestRepository, Workshop } from '../git/real-repository.js';
import { gate } from './run-gate.js';

const OAUTH = 'https://accounts.example.com';
const NOW = '2026-11-22T12:00:00Z';

const workshop = new Workshop();
afterAll(() => workshop.remove());

/** A repository whose main has this configuration and keyring. */
function governed(signatures: string, keys: Readonly<Record<string, string>>): TestRepository {
  const repository = workshop.repository();
  repository.commit('the gate', {
    '.gitops-gate/config.yaml': `version: 1\nsignatures: ${signatures}\n`,
    ...Object.fromEntries(Object.entries(keys).map(([name, text]) => [`.gitops-gate/keys/${name}`, text])),
  });
  return repository;
}

/** A commit on main that adds a file, signed by whatever makes a signature of its payload. */
function signed(
  repository: TestRepository,
  sign: (payload: Buffer) => string,
  options: { committer?: string; file?: string } = {},
): string {
  const { committer = 'alice@example.com', file = 'app/config.yaml' } = options;
  repository.git('checkout', '-q', '--detach', 'main');
  repository.write({ [file]: 'a: 1\n' });
  repository.git('add', '-A');
  const tree = repository.git('write-tree');
  const payload = payloadOf({ tree, parents: [repository.git('rev-parse', 'main')], committer });
  return repository.object('commit', withHeader(payload, 'gpgsig', sign(payload)));
}

async function check(repository: TestRepository, head: string, now = NOW, ...more: string[]) {
  const args = ['check', '--repo', repository.dir, '--base', 'main', '--head', head, '--now', now];
  const { code, stdout, stderr } = await gate([...args, '--only', 'signatures', '--format', 'json', ...more]);
  expect(stderr).toBe('');
  const report: Report = JSON.parse(stdout);
  const findings = report.checks.flatMap((one) => one.findings);
  return {
    code,
    row: report.signatures?.commits[0],
    rules: findings.map(({ ruleId }) => ruleId),
    messages: findings.map(({ message }) => message).join('\n'),
  };
}

describe('check of a commit signed by S/MIME', () => {
  const ca = makeCertificate();
  const alice = issue(ca, { to: '2030-01-01', purposes: ['1.3.6.1.5.5.7.3.4'] });
  const smime =
    (signer = alice) =>
    (payload: Buffer) =>
      armored('SIGNED MESSAGE', makeCms(signer, payload));
  let repository: TestRepository;
  beforeAll(() => {
    repository = governed('{signers: [{name: alice, emails: [alice@example.com]}]}', { 'ca.pem': ca.pem });
  });

  it('opens for a certificate of an authority in the keyring', async () => {
    const head = signed(repository, smime());
    expect(await check(repository, head)).toEqual({
      code: 0,
      row: {
        sha: head,
        verdict: 'valid',
        type: 'x509',
        signer: 'alice',
        fingerprint: `x509:${alice.fingerprint}`,
      },
      rules: [],
      messages: '',
    });
  });

  it('closes for another authority, another committer, and from the day on which the certificate ends', async () => {
    const eve = issue(makeCertificate(), { name: 'Alice' });
    expect(await check(repository, signed(repository, smime(eve)))).toMatchObject({
      code: 1,
      rules: ['signatures/unknown-key'],
    });
    const bob = signed(repository, smime(), { committer: 'bob@example.com' });
    expect(await check(repository, bob)).toMatchObject({ code: 1, rules: ['signatures/identity-mismatch'] });
    expect(await check(repository, signed(repository, smime()), '2030-01-01T00:00:00Z')).toMatchObject({
      code: 1,
      rules: ['signatures/expired-key'],
    });
  });
});

describe('check of a commit signed by gitsign', () => {
  const sigstore = new PrivateSigstore();
  const by =
    (email = 'alice@example.com', issuer = OAUTH, from = sigstore) =>
    (payload: Buffer) =>
      from.sign(payload, { email, issuer, time: new Date('2026-11-22T10:00:00Z') });
  let repository: TestRepository;
  beforeAll(() => {
    repository = governed(
      `{signers: [{name: alice, emails: [alice@example.com], keys: ["x509:${OAUTH}#alice@example.com"]}]}`,
      { 'trusted_root.json': sigstore.trustedRoot() },
    );
  });

  it('opens for an identity that a signer lists, by the proofs that the signature carries', async () => {
    const head = signed(repository, by());
    const { code, row, messages } = await check(repository, head);
    expect({ code, row, messages }).toMatchObject({
      code: 0,
      row: { sha: head, verdict: 'valid', type: 'x509', signer: 'alice' },
      messages: '',
    });
  });

  it('closes for anybody else whom the same authority certifies, and for another sigstore', async () => {
    const mallory = signed(repository, by('mallory@example.com'), { committer: 'mallory@example.com' });
    expect(await check(repository, mallory)).toMatchObject({ code: 1, rules: ['signatures/unknown-key'] });
    const elsewhere = signed(repository, by('alice@example.com', 'https://evil.example.com'));
    expect(await check(repository, elsewhere)).toMatchObject({ code: 1, rules: ['signatures/unknown-key'] });
    const own = signed(repository, by('alice@example.com', OAUTH, new PrivateSigstore()));
    expect(await check(repository, own)).toMatchObject({ code: 1, rules: ['signatures/bad-signature'] });
  });

  it('closes for a signature that was moved to another commit', async () => {
    const armor = by()(payloadOf({ message: 'harmless\n' }));
    expect(
      await check(
        repository,
        signed(repository, () => armor),
      ),
    ).toMatchObject({
      code: 1,
      rules: ['signatures/bad-signature'],
    });
  });
});
