import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadKeyring } from '../../../src/checks/signatures/keyring.js';
import { SignatureVerifier } from '../../../src/checks/signatures/signature-verifier.js';
import { MemoryTree, objectId } from '../../../src/git/index.js';
import { payloadOf, withHeader } from './support/objects.js';
import { armored } from './support/ssh.js';

const there = spawnSync('openssl', ['version']).error === undefined;
if (!there) console.info('skipped: openssl not found, S/MIME signatures by it are not compared');
const dir = mkdtempSync(path.join(tmpdir(), 'smime-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const file = (name: string) => path.join(dir, name);
function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: dir });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

(there ? describe : describe.skip)('S/MIME signatures that openssl makes', () => {
  it.each([
    ['an RSA key', ['rsa:2048'], 'valid'],
    ['a P-256 key', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'valid'],
    ['a P-384 key', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], 'valid'],
    ['SHA-1', ['rsa:2048', 'sha1'], 'weak_algorithm'],
  ])('with %s', async (_, kind, expected) => {
    const digest = kind.includes('sha1') ? 'sha1' : 'sha256';
    const key = kind.filter((word) => word !== 'sha1');
    const config =
      '[v3]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\nsubjectAltName=email:alice@example.com\n';
    writeFileSync(file('v3.cnf'), config);
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=CA',
      '-days',
      '30',
    );
    openssl('req', '-newkey', ...key, '-nodes', '-keyout', 'a.key', '-out', 'a.csr', '-subj', '/CN=Alice');
    openssl(
      'x509',
      '-req',
      '-in',
      'a.csr',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-extfile',
      'v3.cnf',
      '-extensions',
      'v3',
      '-out',
      'a.pem',
      '-days',
      '30',
    );
    const payload = payloadOf();
    writeFileSync(file('payload'), payload);
    openssl(
      'cms',
      '-sign',
      '-binary',
      '-md',
      digest,
      '-signer',
      'a.pem',
      '-inkey',
      'a.key',
      '-in',
      'payload',
      '-outform',
      'DER',
      '-out',
      'cms',
    );
    const now = new Date(Date.now() + 1000);
    const keyring = await loadKeyring(new MemoryTree({ 'k/ca.pem': readFileSync(file('ca.pem')) }), 'k');
    const raw = withHeader(payload, 'gpgsig', armored('SIGNED MESSAGE', readFileSync(file('cms'))));
    const verification = await new SignatureVerifier(keyring, new Set(), now).verify(
      'commit',
      objectId('sha1', 'commit', raw),
      raw,
    );
    expect([verification.verdict, verification.reason]).toEqual([expected, expect.any(String)]);
    if (verification.verdict === 'valid') expect(verification.by.admits('alice@example.com')).toBe(true);
  });
});
