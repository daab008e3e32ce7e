import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readArmor } from '../../../src/checks/signatures/armor.js';
import { judgeCms, payload } from './support/smime.js';

const there = ['openssl', 'gpgsm', 'gpgconf'].every(
  (tool) => spawnSync(tool, ['--version']).error === undefined,
);
if (!there) console.info('skipped: gpgsm or openssl not found, S/MIME signatures by gpgsm are not judged');
// The agent's socket must have a short path.
const dir = mkdtempSync(path.join(tmpdir(), 'gsm-'));
const home = path.join(dir, 'home');
afterAll(() => {
  if (there) spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
  rmSync(dir, { recursive: true, force: true });
});

function run(tool: string, args: readonly string[], input = ''): Buffer {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: dir, input });
  if (status !== 0) throw new Error(`${tool} ${args[0]}: ${stderr}`);
  return stdout;
}

(there ? describe : describe.skip)('S/MIME signatures that gpgsm makes', () => {
  it('are good, in the encoding that it writes', async () => {
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(path.join(home, 'gpg-agent.conf'), 'allow-loopback-pinentry\n');
    writeFileSync(
      path.join(dir, 'v3.cnf'),
      'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=emailProtection\nsubjectAltName=email:alice@example.com\n',
    );
    const key = ['req', '-newkey', 'rsa:2048', '-nodes'];
    run('openssl', [
      ...key,
      '-x509',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=CA',
      '-days',
      '30',
    ]);
    run('openssl', [...key, '-keyout', 'a.key', '-out', 'a.csr', '-subj', '/CN=Alice']);
    const issue = ['x509', '-req', '-in', 'a.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'];
    run('openssl', [...issue, '-extfile', 'v3.cnf', '-out', 'a.pem', '-days', '30']);
    const bag = [
      'pkcs12',
      '-export',
      '-in',
      'a.pem',
      '-inkey',
      'a.key',
      '-certfile',
      'ca.pem',
      '-out',
      'a.p12',
    ];
    const older = ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];
    run('openssl', [...bag, ...older, '-passout', 'pass:x']);
    const gpgsm = ['--homedir', home, '--batch', '--pinentry-mode', 'loopback', '--passphrase-fd', '0'];
    run('gpgsm', [...gpgsm, '--import', 'a.p12'], 'x');
    const print = run('openssl', ['x509', '-in', 'ca.pem', '-noout', '-fingerprint', '-sha1']).toString();
    writeFileSync(path.join(home, 'trustlist.txt'), `${print.split('=')[1]?.trim()} S relax\n`);
    spawnSync('gpgconf', ['--homedir', home, '--reload', 'gpg-agent']);
    writeFileSync(path.join(dir, 'payload'), payload);
    const sign = ['--disable-crl-checks', '--disable-dirmngr', '-u', 'alice@example.com', '-bsa', 'payload'];
    const armor = readArmor(run('gpgsm', [...gpgsm, ...sign], 'x'));
    if ('verdict' in armor) throw new Error(armor.reason);
    expect([armor.label, armor.body[1]]).toEqual(['SIGNED MESSAGE', 0x80]);
    const files = { 'ca.pem': readFileSync(path.join(dir, 'ca.pem')) };
    const verification = await judgeCms(armor.body, files, { now: new Date(Date.now() + 1000) });
    expect([verification.verdict, verification.reason]).toEqual(['valid', 'good']);
  }, 60_000);
});
