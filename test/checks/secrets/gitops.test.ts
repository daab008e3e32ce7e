import { afterAll, describe, expect, it } from '@jest/globals';
import { fill, Seeded } from '../../../conformance/secrets/fill.js';
import { Workshop } from '../../git/real-repository.js';
import { judge, told } from './judged.js';

const workshop = new Workshop();
afterAll(() => workshop.remove());

const random = new Seeded('gitops');
const password = fill('{{password}}', 'gitops');

/** A value as SOPS writes it. */
function enc(length: number, type = 'str'): string {
  const b64 = (size: number): string => random.bytes(size).toString('base64');
  return `ENC[AES256_GCM,data:${b64(length)},iv:${b64(32)},tag:${b64(16)},type:${type}]`;
}

const ALICE = 'age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq';
const BOB = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';

interface Sops {
  password?: string;
  user?: string;
  mac?: string;
  recipients?: string[];
  extra?: string;
}

const MAC = enc(128);

function sops({
  password: value = enc(12),
  user = enc(4),
  mac = MAC,
  recipients = [ALICE],
  extra = '',
}: Sops): string {
  const age = recipients
    .map(
      (id) =>
        `    - recipient: ${id}\n      enc: |\n        -----BEGIN AGE ENCRYPTED FILE-----\n        YWdl\n        -----END AGE ENCRYPTED FILE-----\n`,
    )
    .join('');
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: pay\nstringData:\n  password: ${value}\n  user: ${user}\n${extra}sops:\n  age:\n${age}  lastmodified: "2026-01-02T03:04:05Z"\n  mac: ${mac}\n  encrypted_regex: ^(data|stringData)$\n  version: 3.13.2\n`;
}

/** A SealedSecret's ciphertext for a 4096-bit key. */
function sealed(length = 20): string {
  return Buffer.concat([Buffer.from([2, 0]), random.bytes(512 + length + 16)]).toString('base64');
}

function sealedSecret(
  value: string,
  options: { name?: string; annotations?: string; template?: string } = {},
): string {
  const { name = 'db', annotations = '', template = '' } = options;
  return `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: ${name}, namespace: pay}\nspec:\n  encryptedData:\n    password: ${value}\n  template:\n    metadata: {name: ${name}, namespace: pay${annotations}}\n${template}`;
}

async function change(
  before: Record<string, string>,
  after: Record<string, string>,
  secrets = {},
): Promise<string[]> {
  const repository = workshop.repository();
  repository.commit('base', { 'README.md': 'x\n', ...before });
  repository.git('checkout', '-q', '-b', 'feature');
  repository.commit('change', after);
  return told((await judge(repository, { secrets })).result);
}

describe('SOPS files', () => {
  it('are quiet when they are encrypted as their selector says', async () => {
    expect(await change({}, { 's.yaml': sops({}) })).toEqual([]);
    const rules = `creation_rules:\n  - path_regex: s\\.yaml$\n    age: ${ALICE}\n    encrypted_regex: ^(data|stringData)$\n`;
    expect(await change({ '.sops.yaml': rules }, { 's.yaml': sops({}) })).toEqual([]);
  });

  it('close for a leaf in clear, a bad MAC and a bad value', async () => {
    expect(await change({}, { 's.yaml': sops({ password }) })).toEqual(['fix sops-plaintext s.yaml:7']);
    expect(await change({}, { 's.yaml': sops({ mac: enc(64) }) })).toEqual(['fix sops-malformed s.yaml:17']);
    expect(await change({}, { 's.yaml': sops({ user: 'ENC[AES256_GCM,data:x]' }) })).toEqual([
      'fix sops-malformed s.yaml:8',
    ]);
  });

  it('close when a value changes and the MAC does not, or a ciphertext moves to another key', async () => {
    const [one, two] = [enc(12), enc(12)];
    const before = { 's.yaml': sops({ password: one }) };
    const user = /user: (\S+)/.exec(before['s.yaml'])?.[1] ?? '';
    expect(await change(before, { 's.yaml': sops({ password: two, user }) })).toEqual([
      'fix sops-mac s.yaml:7',
    ]);
    expect(await change(before, { 's.yaml': sops({ password: user, user: one, mac: enc(128) }) })).toEqual([
      'fix sops-moved s.yaml:7',
      'fix sops-moved s.yaml:8',
    ]);
  });

  it('close for a value saved in clear, with or without the metadata', async () => {
    const before = { 's.yaml': sops({}) };
    expect(await change(before, { 's.yaml': sops({ password, mac: enc(128) }) })).toEqual([
      'fix sops-plaintext s.yaml:7',
    ]);
    const bare = `apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: pay}\nstringData:\n  password: ${password}\n`;
    expect(await change(before, { 's.yaml': bare })).toContain('fix kubernetes-secret s.yaml:5');
  });

  it('close when a recipient goes and the data key stays, ask when the rule is weakened', async () => {
    const [value, user] = [enc(12), enc(4)];
    const before = { 's.yaml': sops({ password: value, user, recipients: [ALICE, BOB] }) };
    expect(await change(before, { 's.yaml': sops({ password: value, user }) })).toEqual([
      'fix sops-data-key s.yaml:9',
    ]);
    const rule = (id: string): string => `creation_rules:\n  - path_regex: secrets/\n    age: ${id}\n`;
    expect(await change({ '.sops.yaml': rule(ALICE) }, { '.sops.yaml': rule(`${ALICE},${BOB}`) })).toEqual([
      'approve sops-config-weakened .sops.yaml:1',
    ]);
  });

  it('ask when a file comes under a weaker rule though its own stands: one before it, a folder between, a rename', async () => {
    const rule = (regex: string, id = ALICE): string => `  - path_regex: ${regex}\n    age: ${id}\n`;
    const rules = `creation_rules:\n${rule('apps/.*\\.enc\\.yaml$')}`;
    const asked = (path: string): string[] => [`approve sops-config-weakened ${path}:1`];
    const shadowed = `creation_rules:\n${rule('.*', BOB)}${rule('apps/.*\\.enc\\.yaml$')}`;
    expect(await change({ '.sops.yaml': rules }, { '.sops.yaml': shadowed })).toEqual(asked('.sops.yaml'));
    const between = { 'apps/pay/.sops.yaml': `creation_rules:\n${rule('.*', BOB)}` };
    expect(await change({ '.sops.yaml': rules }, between)).toEqual(asked('apps/pay/.sops.yaml'));
    const none = { 'apps/pay/.sops.yaml': `creation_rules:\n${rule('^never$')}` };
    const file = { '.sops.yaml': rules, 'apps/pay/a.enc.yaml': sops({}) };
    expect(await change(file, none)).toEqual(asked('apps/pay/.sops.yaml'));
    // Another cluster's rule takes no file of this one.
    const more = `creation_rules:\n${rule('clusters/new/.*', BOB)}${rule('apps/.*\\.enc\\.yaml$')}`;
    expect(await change({ '.sops.yaml': rules }, { '.sops.yaml': more })).toEqual([]);
    const repository = workshop.repository();
    repository.commit('base', { '.sops.yaml': rules });
    repository.git('checkout', '-q', '-b', 'feature');
    repository.git('mv', '.sops.yaml', 'sops.yaml');
    repository.commit('renamed');
    expect(told((await judge(repository)).result)).toEqual(asked('sops.yaml'));
  });

  it('ask for a recipient that comes without any rule that says who may read', async () => {
    const after = { 's.yaml': sops({ recipients: [ALICE, BOB], mac: enc(128) }) };
    expect(await change({ 's.yaml': sops({}) }, after)).toEqual(['approve sops-recipients s.yaml:9']);
  });

  it('are compared under any name', async () => {
    const value = enc(12);
    const binary = (data: string): string =>
      JSON.stringify({
        data,
        sops: {
          age: [{ recipient: ALICE, enc: 'x' }],
          lastmodified: '2026-01-02T03:04:05Z',
          mac: MAC,
          version: '3.10.2',
        },
      });
    expect(await change({ 'tls.bin': binary(value) }, { 'tls.bin': binary(enc(12)) })).toEqual([
      'fix sops-mac tls.bin:1',
    ]);
  });

  it('compare the recipients with the creation rule, and want covered files encrypted', async () => {
    const rules = `creation_rules:\n  - path_regex: .*\\.sops\\.yaml$\n    age: ${ALICE}\n`;
    expect(
      await change({ '.sops.yaml': rules }, { 'a.sops.yaml': sops({ recipients: [ALICE, BOB] }) }),
    ).toEqual(['approve sops-recipients a.sops.yaml:9']);
    // Test data is encrypted for whomever a test likes.
    expect(
      await change(
        { '.sops.yaml': rules },
        { 'pkg/testdata/a.sops.yaml': sops({ recipients: [ALICE, BOB] }) },
      ),
    ).toEqual(['inform sops-recipients pkg/testdata/a.sops.yaml:9']);
    expect(await change({ '.sops.yaml': rules }, { 'a.sops.yaml': 'motd: hello\n' })).toEqual([
      'fix sops-unencrypted a.sops.yaml:1',
    ]);
  });

  it('are read as dotenv and ini too', async () => {
    const env = (value: string): string =>
      `PASSWORD=${value}\nsops_age__list_0__map_recipient=${ALICE}\nsops_lastmodified=2026-01-02T03:04:05Z\nsops_mac=${enc(128)}\nsops_version=3.13.2\n`;
    expect(await change({}, { 'a.env': env(enc(10)) })).toEqual([]);
    expect(await change({}, { 'a.env': env('plain-Text-99') })).toEqual(['fix sops-plaintext a.env:1']);
    const ini = (value: string): string =>
      `[db]\npassword = ${value}\n[sops]\nage__list_0__map_recipient = ${ALICE}\nlastmodified = 2026-01-02T03:04:05Z\nmac = ${enc(128)}\n`;
    expect(await change({}, { 'a.ini': ini(enc(10)) })).toEqual([]);
    expect(await change({}, { 'a.ini': ini('plain-Text-99') })).toEqual(['fix sops-plaintext a.ini:2']);
  });
});

describe('SealedSecrets', () => {
  it('are quiet, ciphertext and all', async () => {
    expect(await change({}, { 's.yaml': sealedSecret(sealed()) })).toEqual([]);
  });

  it('close for plaintext in encryptedData or in the template', async () => {
    const plain = Buffer.from(password).toString('base64');
    expect(await change({}, { 's.yaml': sealedSecret(plain) })).toEqual([
      'fix sealed-secret-plaintext s.yaml:6',
    ]);
    expect(
      await change(
        {},
        { 's.yaml': sealedSecret(sealed(), { template: `    data:\n      token: ${password}\n` }) },
      ),
    ).toEqual(['fix kubernetes-secret s.yaml:10']);
  });

  it('close when a strict one is renamed with its ciphertext, ask when the scope widens', async () => {
    const value = sealed();
    expect(
      await change({ 's.yaml': sealedSecret(value) }, { 's.yaml': sealedSecret(value, { name: 'other' }) }),
    ).toEqual(['fix sealed-secret-moved s.yaml:3']);
    const wide = ', annotations: {sealedsecrets.bitnami.com/cluster-wide: "true"}';
    expect(
      await change(
        { 's.yaml': sealedSecret(value) },
        { 's.yaml': sealedSecret(value, { annotations: wide }) },
      ),
    ).toEqual(['approve sealed-secret-scope s.yaml:3']);
  });
});

describe('SealedSecrets that are copied', () => {
  it('close under another name, and are told as shared under the same', async () => {
    const value = sealed();
    const before = { 'prod/db.yaml': sealedSecret(value) };
    expect(await change(before, { 'prod/copy.yaml': sealedSecret(value, { name: 'copy' }) })).toEqual([
      'fix sealed-secret-moved prod/copy.yaml:3',
    ]);
    expect(await change(before, { 'dev/db.yaml': sealedSecret(value) })).toEqual([
      'inform sealed-secret-shared dev/db.yaml:6',
    ]);
  });
});

describe('references and literals', () => {
  it('are told apart in External Secrets, Argo CD Vault Plugin, CSI and generators', async () => {
    const es = `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e, namespace: pay}\nspec:\n  secretStoreRef: {name: vault, kind: ClusterSecretStore}\n  target:\n    name: db\n    template:\n      data:\n        url: "postgres://app:{{ .password }}@db/app"\n  data:\n    - secretKey: password\n      remoteRef: {key: pay/db, property: password}\n`;
    expect(await change({}, { 'e.yaml': es })).toEqual([]);
    expect(
      await change(
        {},
        {
          'e.yaml': es
            .replace('"postgres://app:{{ .password }}@db/app"', password)
            .replace('url:', 'password:'),
        },
      ),
    ).toEqual(['fix kubernetes-secret e.yaml:10']);
    const avp =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: a, annotations: {avp.kubernetes.io/path: secret/data/x}}\nstringData:\n  password: <path:secret/data/db#password>\n  token: <token>\n';
    expect(await change({}, { 'a.yaml': avp })).toEqual([]);
    const ksops = 'apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata: {name: g}\nfiles: [./db.yaml]\n';
    expect(await change({}, { 'g/secret-generator.yaml': ksops, 'g/db.yaml': 'motd: hi\n' })).toEqual([
      'fix sops-unencrypted g/db.yaml:1',
    ]);
  });

  it('are found in kustomize generators and the files they read', async () => {
    const kustomization = `secretGenerator:\n  - name: db\n    literals:\n      - password=${password}\n      - username=app\n    envs: [db.env]\n`;
    expect(
      await change(
        {},
        { 'k/kustomization.yaml': kustomization, 'k/db.env': 'ROOT_PASSWORD=toor\nHOST=db\n' },
      ),
    ).toEqual(['fix kubernetes-secret k/db.env:1', 'fix kubernetes-secret k/kustomization.yaml:4']);
  });

  it('are found in env, args, last-applied annotations, registries and Argo CD clusters', async () => {
    const pod = `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: pay}\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          env:\n            - name: DB_PASSWORD\n              value: ${password}\n            - name: API_TOKEN\n              valueFrom: {secretKeyRef: {name: db, key: token}}\n          args: ["--db-password", "${password}x", "--token-file=/run/t"]\n`;
    expect(await change({}, { 'd.yaml': pod })).toEqual([
      'fix kubernetes-field d.yaml:11',
      'fix kubernetes-field d.yaml:14',
    ]);
    const applied = JSON.stringify({ kind: 'Secret', apiVersion: 'v1', stringData: { password } });
    const sec = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '${applied}'\n`;
    expect(await change({}, { 'c.yaml': sec })).toEqual(['fix kubernetes-secret c.yaml:6']);
    const docker = Buffer.from(
      JSON.stringify({
        auths: { 'r.corp.net': { auth: Buffer.from(`bot:${password}`).toString('base64') } },
      }),
    ).toString('base64');
    const reg = `apiVersion: v1\nkind: Secret\nmetadata: {name: r}\ntype: kubernetes.io/dockerconfigjson\ndata:\n  .dockerconfigjson: ${docker}\n`;
    expect(await change({}, { 'r.yaml': reg })).toEqual(['fix kubernetes-secret r.yaml:6']);
    const cluster = `apiVersion: v1\nkind: Secret\nmetadata: {name: c, labels: {argocd.argoproj.io/secret-type: cluster}}\nstringData:\n  name: prod\n  server: https://1.2.3.4\n  config: |\n    {"bearerToken": "${password}", "tlsClientConfig": {"insecure": false}}\n`;
    expect(await change({}, { 'x.yaml': cluster })).toEqual(['fix kubernetes-secret x.yaml:7']);
  });
});
