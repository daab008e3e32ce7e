import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { fill } from '../../../conformance/secrets/fill.js';
import { Workshop } from '../../git/real-repository.js';
import { judge, renderedFake, told } from './judged.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

const password = fill('{{password}}', 'check/password');
const github = fill('ghp_{{checksum62}}', 'check/github');
const aws = fill('AKIA{{upper:16}}', 'check/aws');

function secret(value: string, key = 'password'): string {
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: pay\ntype: Opaque\nstringData:\n  username: app\n  ${key}: ${value}\n`;
}

describe('the secrets check', () => {
  it('names the plaintext value of a Secret with its line, its commit and the command that mends it', async () => {
    const repository = workshop.repository();
    repository.commit('base', { 'README.md': 'x\n' });
    repository.git('checkout', '-q', '-b', 'feature');
    const sha = repository.commit('add', { 'apps/pay/secret.yaml': secret(password) });
    const { result, redactor } = await judge(repository);
    expect(told(result)).toEqual(['fix kubernetes-secret apps/pay/secret.yaml:9']);
    const [found] = result.findings;
    expect(found).toMatchObject({
      message: 'plaintext `password` in Secret pay/db',
      commit: sha,
      object: { apiVersion: 'v1', kind: 'Secret', namespace: 'pay', name: 'db' },
    });
    expect(found?.help).toContain('`sops -e -i apps/pay/secret.yaml`');
    expect(found?.help).toContain(sha.slice(0, 7));
    expect(redactor.redact(`x ${password} y`)).toBe('x [redacted] y');
    expect(result.excerpts.get(found?.fingerprint ?? '')?.text).toBe('  password: [redacted]');
    expect(JSON.stringify(result.findings)).not.toContain(password);
  });

  it('sees a cloud key in base64 data, as the provider it belongs to', async () => {
    const repository = workshop.repository();
    repository.commit('base');
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('add', {
      's.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  key: ${Buffer.from(aws).toString('base64')}\n`,
    });
    const { result } = await judge(repository);
    expect(told(result)).toEqual(['fix aws-access-key-id s.yaml:5']);
    expect(result.findings[0]?.message).toBe('AWS access key in `key` in Secret s');
  });

  it('tells of a secret that was added and removed again, and says rotate', async () => {
    const repository = workshop.repository();
    repository.commit('base');
    repository.git('checkout', '-q', '-b', 'feature');
    const sha = repository.commit('oops', { 'deploy.sh': `export T=${github}\n` });
    repository.commit('hide', { 'deploy.sh': 'export T=$TOKEN\n' });
    const { result } = await judge(repository);
    expect(told(result)).toEqual(['fix github-token deploy.sh:1']);
    expect(result.findings[0]).toMatchObject({ commit: sha });
    expect(result.findings[0]?.message).toContain('removed again');
    expect(result.findings[0]?.help).toContain('rotate it');
  });

  it('counts what was there before as debt, however its surroundings change', async () => {
    const repository = workshop.repository();
    repository.commit('base', { 's.yaml': secret(password) });
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('comment', { 's.yaml': `# a comment\n${secret(password)}` });
    const { result } = await judge(repository);
    expect(told(result)).toEqual([]);
    expect(result.debt).toEqual({ count: 1, delta: 0 });
    repository.commit('mend', { 's.yaml': secret('<path:secret/data/db#password>') });
    expect((await judge(repository)).result.debt).toEqual({ count: 0, delta: -1 });
  });

  it('finds by structure what becomes secret by one changed line', async () => {
    const repository = workshop.repository();
    const map = 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: c}\ndata:\n  motd: "s3cr3t-Pa55"\n';
    repository.commit('base', { 'c.yaml': map });
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('kind', {
      'c.yaml': map
        .replace('ConfigMap', 'Secret')
        .replace('data:', 'stringData:')
        .replace('motd', 'password'),
    });
    const { result } = await judge(repository);
    expect(told(result)).toEqual(['fix kubernetes-secret c.yaml:5']);
  });

  it('finds what a merge commit adds that no parent has', async () => {
    const repository = workshop.repository();
    repository.commit('base', { 'a.txt': 'a\n' });
    repository.git('checkout', '-q', '-b', 'side');
    repository.commit('side', { 'b.txt': 'b\n' });
    repository.git('checkout', '-q', '-b', 'feature', 'main');
    repository.commit('mine', { 'c.txt': 'c\n' });
    repository.git('merge', '-q', '--no-ff', '--no-commit', 'side');
    const sha = repository.commit('merge', { 'a.txt': `a\ntoken=${github}\n` });
    const { result } = await judge(repository);
    expect(told(result)).toEqual(['fix github-token a.txt:2']);
    expect(result.findings[0]?.commit).toBe(sha);
  });

  it('tells of a moved secret only where it is now, and of one secret once', async () => {
    const repository = workshop.repository();
    repository.commit('base');
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('add', { 'one.env': `TOKEN=${github}\nAGAIN=${github}\n` });
    repository.git('mv', 'one.env', 'two.env');
    repository.commit('move');
    const { result } = await judge(repository);
    expect(told(result)).toEqual(['fix github-token two.env:1']);
  });

  it('closes for what it could not scan, and is quiet for clean changes', async () => {
    const repository = workshop.repository();
    repository.commit('base');
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('lfs', {
      'big.bin':
        'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
      'ok.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n',
    });
    const told = { what: 'big.bin', reason: expect.stringContaining('Git LFS'), closes: false };
    const { result } = await judge(repository);
    expect(result.findings).toEqual([]);
    expect(result.notVerified).toEqual([told]);
    const target = { name: 'directory/.', kind: 'directory' as const, path: '.', cluster: null };
    const rendered = renderedFake(
      [{ target, base: { status: 'absent' }, result: { status: 'rendered', manifests: [] }, touched: true }],
      true,
    );
    expect((await judge(repository, { rendered })).result.notVerified).toEqual([{ ...told, closes: true }]);
  });

  it('looks into file names, people, messages and archives', async () => {
    const repository = workshop.repository();
    repository.commit('base');
    repository.git('checkout', '-q', '-b', 'feature');
    const sha = repository.commit(`use ${github} for now`, {
      [`keys/${aws}.txt`]: 'x\n',
      'chart.gz': gzipSync(`token: ${fill('glpat-{{base62:20}}', 'archive')}\n`),
    });
    const { result } = await judge(repository);
    const seen = result.findings.map((item) => `${item.ruleId} ${item.message}`).sort();
    expect(seen).toEqual([
      'secrets/aws-access-key-id AWS access key in the file name',
      'secrets/github-token GitHub token in the message of commit '.concat(sha.slice(0, 7)),
      expect.stringContaining('secrets/gitlab-token GitLab token'),
    ]);
  });

  it('keeps the fingerprint when lines move and when the value changes', async () => {
    const repository = workshop.repository();
    repository.commit('base');
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit('one', { 's.yaml': secret(password) });
    const first = (await judge(repository)).result.findings[0]?.fingerprint;
    repository.git('checkout', '-q', '-b', 'other', 'main');
    repository.commit('two', { 's.yaml': `# moved\n\n${secret(fill('{{password}}', 'another'))}` });
    const second = (await judge(repository, { head: 'other' })).result.findings[0]?.fingerprint;
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).toBe(first);
  });
});
