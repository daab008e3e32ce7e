import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { judgeCms, payload } from './support/smime.js';

const there = spawnSync('openssl', ['version']).error === undefined;
if (!there) console.info('skipped: openssl not found, its lists of revoked certificates are not read');
const dir = mkdtempSync(path.join(tmpdir(), 'lists-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

(there ? describe : describe.skip)('lists that openssl makes', () => {
  const file = (name: string) => path.join(dir, name);
  const openssl = (...args: string[]) => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: dir });
    if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
  };

  it.each([
    ['P-256', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
    ['RSA', ['rsa:2048']],
    ['Ed25519', ['ed25519']],
  ])('with %s are those of its own verifier', async (_, kind) => {
    const settings = [
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nnew_certs_dir=.\nserial=serial\ncrlnumber=crlnumber',
      'default_days=30\ndefault_crl_days=7\ndefault_md=sha256\npolicy=p\nx509_extensions=v3\ncrl_extensions=crl',
      '[p]\ncommonName=supplied\n[v3]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature',
      'extendedKeyUsage=emailProtection\nsubjectAltName=email:alice@example.com\ncrlDistributionPoints=URI:http://pki.example.com/ca.crl',
      '[crl]\nauthorityKeyIdentifier=keyid\nissuingDistributionPoint=critical,@idp\n[idp]\nfullname=URI:http://pki.example.com/ca.crl\nonlyuser=TRUE\n',
    ].join('\n');
    for (const [name, content] of [
      ['ca.cnf', settings],
      ['index.txt', ''],
      ['serial', '1000\n'],
      ['crlnumber', '01\n'],
    ] as const) {
      writeFileSync(file(name), content);
    }
    const req = ['req', '-newkey', ...kind, '-nodes'];
    openssl(...req, '-x509', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=CA', '-days', '30');
    openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'a.key',
      '-out',
      'a.csr',
      '-subj',
      '/CN=Alice',
    );
    const as = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-batch', '-notext'];
    openssl('ca', ...as, '-in', 'a.csr', '-out', 'a.pem');
    writeFileSync(file('payload'), payload);
    openssl(
      'cms',
      '-sign',
      '-binary',
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
    openssl('ca', ...as, '-gencrl', '-out', 'good.crl');
    openssl('ca', ...as, '-revoke', 'a.pem', '-crl_reason', 'keyCompromise');
    openssl('ca', ...as, '-gencrl', '-out', 'bad.pem');
    openssl('crl', '-in', 'bad.pem', '-outform', 'DER', '-out', 'bad.crl');
    const verify = (list: string) => {
      const args = ['verify', '-crl_check', '-extended_crl', '-CAfile', 'ca.pem', '-CRLfile', list, 'a.pem'];
      return spawnSync('openssl', args, { cwd: dir }).status === 0 ? 'valid' : 'revoked_key';
    };
    const now = new Date(Date.now() + 1000);
    const judge = async (list: string, at = now) => {
      const files = { 'ca.pem': readFileSync(file('ca.pem')), 'a.crl': readFileSync(file(list)) };
      return (await judgeCms(readFileSync(file('cms')), files, { now: at })).verdict;
    };
    for (const list of ['good.crl', 'bad.pem'])
      expect([list, await judge(list)]).toEqual([list, verify(list)]);
    expect([await judge('good.crl'), await judge('bad.crl')]).toEqual(['valid', 'revoked_key']);
    expect(await judge('good.crl', new Date(now.getTime() + 8 * 86_400_000))).toBe('not_verifiable_offline');
  });
});
