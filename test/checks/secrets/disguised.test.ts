import { describe, expect, it } from '@jest/globals';
import { fill, Seeded } from '../../../conformance/secrets/fill.js';
import { scanTree } from '../../../src/checks/secrets/index.js';
import { Redactor } from '../../../src/contract/index.js';
import { MemoryTree } from '../../../src/git/index.js';

const random = new Seeded('disguised');
const password = fill('{{password}}', 'disguised');
/** A password that only its place tells from a word. */
const WORD = 'basketriver';
const CHOSEN = 'MarblePepper3501!';
const AGE = 'age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq';

const b64 = (size: number): string => random.bytes(size).toString('base64');
const encode = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const enc = (data = b64(12)): string => `ENC[AES256_GCM,data:${data},iv:${b64(32)},tag:${b64(16)},type:str]`;
const secret = (body: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: pay}\n${body}`;

function sops(selector: string, options: { recipient?: string; more?: string } = {}): string {
  const { recipient = 'enc: "-----BEGIN AGE ENCRYPTED FILE-----"', more = '' } = options;
  return `sops:\n  age:\n    - recipient: ${AGE}\n      ${recipient}\n${more}  lastmodified: "2026-01-02T03:04:05Z"\n  mac: ${enc(b64(128))}\n  ${selector}\n  version: 3.10.2\n`;
}

const sealed = (rsa = random.bytes(512)): string =>
  encode(Buffer.concat([Buffer.from([2, 0]), rsa, random.bytes(40)]));
const sealedSecret = (spec: string): string =>
  `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: e, namespace: n}\nspec:\n${spec}`;

async function scan(files: Record<string, string | Buffer>): Promise<string[]> {
  const tree = new MemoryTree(
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])),
  );
  const { findings, notVerified } = await scanTree(tree, { redactor: new Redactor() });
  return [
    ...findings.map((item) => `${item.action} ${item.ruleId.slice(8)} ${item.path}:${item.line}`),
    ...notVerified.map((item) => `not verified: ${item.reason}`),
  ];
}

const SELECT = 'encrypted_regex: ^(data|stringData)$';
const jks = (tag: number): Buffer =>
  Buffer.concat([
    Buffer.from([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, tag, 0, 4]),
    random.bytes(300),
  ]);
const pfx = Buffer.concat([Buffer.from([0x30, 0x82, 4, 0, 2, 1, 3, 0x30, 0x82]), random.bytes(1020)]);

/** What each file is told of: [name, files, what closes]. */
const CLOSES: readonly (readonly [string, Record<string, string | Buffer>, string[]])[] = [
  [
    'a Secret under metadata of SOPS that is none',
    { 'a.yaml': secret(`data: {password: ${encode(WORD)}}\nsops: {}\n`) },
    ['fix kubernetes-secret a.yaml:4'],
  ],
  [
    'a Secret under a selector of comments',
    { 'a.yaml': secret(`stringData:\n  password: ${WORD}\n${sops('encrypted_comment_regex: sops')}`) },
    ['fix kubernetes-secret a.yaml:5'],
  ],
  [
    'a Secret under a selector that takes nothing',
    { 'a.yaml': secret(`stringData:\n  password: ${WORD}\n${sops('encrypted_regex: ^zzz$')}`) },
    ['fix kubernetes-secret a.yaml:5'],
  ],
  [
    'a Secret under a selector that is no expression',
    { 'a.yaml': secret(`stringData:\n  password: ${WORD}\n${sops("encrypted_regex: '('")}`) },
    ['fix kubernetes-secret a.yaml:5'],
  ],
  [
    'all of it on one line',
    {
      '.sops.yaml': `creation_rules:\n  - path_regex: \\.json$\n    age: ${AGE},age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj\n    encrypted_comment_regex: sops\n`,
      'a.json': JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'db' },
        stringData: { password: WORD },
        sops: {
          age: [{ recipient: AGE, enc: 'x' }],
          lastmodified: '2026-01-02T03:04:05Z',
          mac: enc(b64(128)),
          encrypted_comment_regex: 'sops',
          version: '3.10.2',
        },
      }),
    },
    ['fix kubernetes-secret a.json:1'],
  ],
  [
    'two selectors, of which sops takes one',
    {
      'a.yaml': secret(
        `stringData:\n  password: ${enc()}\n${sops(SELECT, { more: '  unencrypted_suffix: _x\n' })}`,
      ),
    },
    ['fix sops-malformed a.yaml:13'],
  ],
  [
    'a recipient without a data key',
    { 'a.yaml': secret(`stringData:\n  password: ${enc()}\n${sops(SELECT, { recipient: 'enc: ""' })}`) },
    ['fix sops-malformed a.yaml:7'],
  ],
  [
    'text where ciphertext should be',
    {
      'a.yaml': secret(`stringData:\n  password: ${enc(encode('correct-horse-battery'))}\n${sops(SELECT)}`),
    },
    ['fix sops-plaintext a.yaml:5'],
  ],
  [
    'text as ciphertext in a file that SOPS never saw',
    { 'a.yaml': secret(`stringData:\n  password: ${enc(encode('correct-horse-battery'))}\n`) },
    ['fix kubernetes-secret a.yaml:5'],
  ],
  [
    'a password that the file leaves in clear and its creation rule does not',
    {
      '.sops.yaml': `creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    age: ${AGE}\n`,
      'v.enc.yaml': `db:\n  password: ${WORD}\n  other: ${enc()}\n${sops('encrypted_regex: ^other$')}`,
    },
    ['fix sops-plaintext v.enc.yaml:2'],
  ],
  [
    'settings that the file leaves in clear and its creation rule does not',
    {
      '.sops.yaml': `creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    age: ${AGE}\n`,
      'v.enc.yaml': `db:\n  host: db.corp.net\n  other: ${enc()}\n${sops('encrypted_regex: ^other$')}`,
    },
    ['approve sops-selector v.enc.yaml:4'],
  ],
  [
    'a recipient of a kind that the rule does not name',
    {
      '.sops.yaml': `creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    age: ${AGE}\n`,
      'v.enc.yaml': `db: ${enc()}\n${sops('unencrypted_suffix: _u', { more: '  pgp:\n    - fp: 85D77543B3D624B63CEA9E6DBC17301B491B3F21\n      enc: x\n' })}`,
    },
    ['approve sops-recipients v.enc.yaml:2'],
  ],
  [
    'a dotenv file that a creation rule covers',
    {
      '.sops.yaml': `creation_rules:\n  - path_regex: \\.enc\\.env$\n    age: ${AGE}\n`,
      'a.enc.env': 'MOTD=hello\n',
    },
    ['fix sops-unencrypted a.enc.env:1'],
  ],
  [
    'a file for SopsSecretGenerator that is no manifest',
    {
      'k/kustomization.yaml': 'generators: [plugin.yaml]\n',
      'k/plugin.yaml':
        'apiVersion: goabout.com/v1beta1\nkind: SopsSecretGenerator\nmetadata: {name: g}\nfiles: [key=b.txt]\n',
      'k/b.txt': 'hello\n',
    },
    ['fix sops-unencrypted k/b.txt:1'],
  ],
  [
    'a KSOPS generator inside the kustomization',
    {
      'kustomization.yaml':
        'generators:\n  - |-\n    apiVersion: viaduct.ai/v1\n    kind: ksops\n    metadata: {name: g}\n    secretFrom: [{envs: [a.env]}]\n',
      'a.env': 'MOTD=hello\n',
    },
    ['fix sops-unencrypted a.env:1'],
  ],
  [
    'a generator whose file only mentions sops',
    {
      'kustomization.yaml': 'secretGenerator:\n  - name: s\n    files: [password=s.txt]\n',
      's.txt': `sops:${WORD}\n`,
    },
    ['fix kubernetes-secret s.txt:1'],
  ],
  [
    'a word under the name of a password in a file that becomes a Secret',
    {
      'kustomization.yaml': 'secretGenerator:\n  - name: s\n    files: [config.ini=s.txt]\n',
      's.txt': `[db]\nuser=x\npassword=${WORD}\n`,
    },
    ['fix kubernetes-secret s.txt:1'],
  ],
  [
    'the same in a Secret',
    { 'a.yaml': secret(`stringData:\n  config.ini: |\n    [db]\n    password=${WORD}\n`) },
    ['fix kubernetes-secret a.yaml:5'],
  ],
  [
    'a SealedSecret with text behind its length',
    {
      'a.yaml': sealedSecret(
        `  encryptedData:\n    p: ${sealed(Buffer.concat([random.bytes(400), Buffer.alloc(112, 'the password is plain to see. ')]))}\n`,
      ),
    },
    ['fix sealed-secret-malformed a.yaml:6'],
  ],
  [
    'a SealedSecret with an expression beside plaintext',
    { 'a.yaml': sealedSecret(`  encryptedData:\n    password: "${CHOSEN} {{ x }}"\n`) },
    ['fix sealed-secret-plaintext a.yaml:6'],
  ],
  [
    'a SealedSecret of the first version',
    { 'a.yaml': sealedSecret(`  data: ${encode(WORD)}\n`) },
    ['fix sealed-secret-plaintext a.yaml:5'],
  ],
  [
    "stringData in a SealedSecret's template",
    {
      'a.yaml': sealedSecret(
        `  encryptedData: {p: ${sealed()}}\n  template:\n    stringData: {password: ${WORD}}\n`,
      ),
    },
    ['fix kubernetes-secret a.yaml:7'],
  ],
  [
    'a keystore in a ConfigMap, in a tagged scalar, in a file of any name',
    {
      'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\nbinaryData:\n  k: ${encode(jks(1))}\n`,
      'b.yaml': `tls:\n  store: !!binary |\n    ${encode(pfx)}\n`,
      'c.dat': jks(1),
      'd.dat': pfx,
    },
    [
      'fix java-keystore a.yaml:5',
      'fix pkcs12-keystore b.yaml:3',
      'fix secret-file c.dat:1',
      'fix secret-file d.dat:1',
    ],
  ],
  [
    'a keystore under a key of a Secret that says nothing',
    { 'a.yaml': secret(`data:\n  blob: ${encode(jks(1))}\n`) },
    ['fix kubernetes-secret a.yaml:5'],
  ],
  [
    "Terraform's state under another name",
    {
      'state.json':
        '{"version": 4, "terraform_version": "1.9.0", "serial": 3, "lineage": "x", "resources": [], "outputs": {}}\n',
    },
    ['fix secret-file state.json:1'],
  ],
  [
    "a cluster's key file, and a login on two lines",
    { 'mongo/keyfile': `${b64(48)}\n${b64(48)}\n`, 'vpn/auth.txt': `vpnuser\n${CHOSEN}\n` },
    ['fix secret-file mongo/keyfile:1', 'fix secret-file vpn/auth.txt:1'],
  ],
  [
    'a password beside a reference, or in its brackets',
    {
      'a.yaml': secret(
        `stringData:\n  a.password: <path:x#y>${CHOSEN}\n  b.password: <${CHOSEN}>\n  c.password: \${x}${CHOSEN}\n`,
      ),
    },
    ['fix kubernetes-secret a.yaml:5', 'fix kubernetes-secret a.yaml:6', 'fix kubernetes-secret a.yaml:7'],
  ],
  [
    'either way through a template',
    {
      'templates/a.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  {{- if .Values.a }}\n  password: {{ .Values.q }}\n  {{- else if .Values.b }}\n  password: {{ .Values.p }}\n  {{- else }}\n  password: ${WORD}\n  {{- end }}\n`,
      'templates/c.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: y}\nstringData:\n  {{- if .Values.a }}\n  password: ${WORD}\n  {{- else }}\n  password: {{ .Values.q }}\n  {{- end }}\n`,
      'templates/b.yaml': `apiVersion: v1\n{{- if .Values.s }}\nkind: Secret\n{{- else }}\nkind: ConfigMap\n{{- end }}\nmetadata: {name: x}\nstringData:\n  password: ${WORD}\n`,
    },
    [
      'fix kubernetes-secret templates/a.yaml:10',
      'fix kubernetes-secret templates/b.yaml:9',
      'fix kubernetes-secret templates/c.yaml:6',
    ],
  ],
  [
    'a manifest under the name of a lock file',
    { 'clusters/prod/pnpm-lock.yaml': secret(`stringData:\n  password: ${WORD}\n`) },
    ['fix kubernetes-secret clusters/prod/pnpm-lock.yaml:5'],
  ],
  [
    'a template that others include, a Kustomization without an ending, a patch on one line',
    {
      'templates/_s.tpl': `{{- define "x.secret" -}}\n${secret(`stringData:\n  password: ${WORD}\n`)}{{- end }}\n`,
      'k/Kustomization': `secretGenerator:\n- name: x\n  literals:\n  - password=${WORD}\n`,
      'k/patch.yaml': `patchesJson6902:\n- target: {version: v1, kind: Secret, name: x}\n  patch: '[{"op":"add","path":"/data/password","value":"${encode(WORD)}"}]'\n`,
    },
    [
      'fix kubernetes-secret k/Kustomization:4',
      'fix kubernetes-secret k/patch.yaml:3',
      'fix kubernetes-secret templates/_s.tpl:6',
    ],
  ],
  [
    'a manifest under the name of a text',
    { 'secret.yaml.txt': `# by hand\n---\n${secret(`stringData:\n  password: ${WORD}\n`)}` },
    ['fix kubernetes-secret secret.yaml.txt:7'],
  ],
];

const QUIET: readonly (readonly [string, Record<string, string | Buffer>])[] = [
  ['a file as SOPS writes it', { 'a.yaml': secret(`stringData:\n  password: ${enc()}\n${sops(SELECT)}`) }],
  [
    'settings of a Secret that its selector leaves out',
    {
      'a.yaml': secret(
        `stringData:\n  password: ${enc()}\n  host: db.pay.svc\n${sops('encrypted_regex: ^password$')}`,
      ),
    },
  ],
  [
    'an object under a rule without a selector: its kind and name were never meant',
    {
      '.sops.yaml': `creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    age: ${AGE}\n`,
      'a.enc.yaml': secret(`stringData:\n  password: ${enc()}\n${sops(SELECT)}`),
    },
  ],
  [
    'recipients of every kind as their rule writes them',
    {
      '.sops.yaml': `creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    key_groups:\n      - age: [${AGE}]\n        merge:\n          - azure_keyvault: [{vaultUrl: "https://v.vault.azure.net", key: k, version: ""}]\n            hc_vault: ["https://vault.corp.net:8200/v1/sops/keys/first"]\n            pgp: ["85D7 7543 B3D6 24B6 3CEA  9E6D BC17 301B 491B 3F21"]\n            kms: [{arn: "arn:aws:kms:us-east-1:111122223333:key/x", role: "arn:aws:iam::111122223333:role/y"}]\n`,
      'a.enc.yaml': `db: ${enc()}\n${sops('unencrypted_suffix: _unencrypted', {
        more: '  azure_kv:\n    - {vault_url: "https://v.vault.azure.net", name: k, version: abc, enc: x}\n  hc_vault:\n    - {vault_address: "https://vault.corp.net:8200", engine_path: sops, key_name: first, enc: x}\n  pgp:\n    - {fp: 85D77543B3D624B63CEA9E6DBC17301B491B3F21, enc: x}\n  kms:\n    - {arn: "arn:aws:kms:us-east-1:111122223333:key/x", enc: x}\n',
      })}`,
    },
  ],
  [
    'the same as texts with commas',
    {
      '.sops.yaml':
        'creation_rules:\n  - path_regex: \\.enc\\.yaml$\n    azure_keyvault: https://v.vault.azure.net/keys/k/abc\n    hc_vault_transit_uri: https://vault.corp.net:8200/v1/sops/keys/first\n    kms: "arn:aws:kms:us-east-1:111122223333:key/x+arn:aws:iam::111122223333:role/y,arn:aws:kms:us-east-1:111122223333:key/z"\n',
      'a.enc.yaml': `db: ${enc()}\nsops:\n  azure_kv:\n    - {vault_url: "https://v.vault.azure.net", name: k, version: abc, enc: x}\n  hc_vault:\n    - {vault_address: "https://vault.corp.net:8200", engine_path: sops, key_name: first, enc: x}\n  kms:\n    - {arn: "arn:aws:kms:us-east-1:111122223333:key/x", enc: x}\n    - {arn: "arn:aws:kms:us-east-1:111122223333:key/z", enc: x}\n  lastmodified: "2026-01-02T03:04:05Z"\n  mac: ${enc(b64(128))}\n  version: 3.10.2\n`,
    },
  ],
  [
    'encrypted files of generators',
    {
      'kustomization.yaml': 'generators: [g.yaml]\nsecretGenerator:\n  - {name: s, envs: [a.env]}\n',
      'g.yaml': 'apiVersion: viaduct.ai/v1\nkind: ksops\nmetadata: {name: g}\nfiles: [b.yaml]\n',
      'a.env': `PASSWORD=${enc()}\nsops_age__list_0__map_recipient=${AGE}\nsops_lastmodified=2026-01-02T03:04:05Z\nsops_mac=${enc(b64(128))}\nsops_version=3.10.2\n`,
      'b.yaml': secret(`stringData:\n  password: ${enc()}\n${sops(SELECT)}`),
    },
  ],
  [
    'sealed values that a chart puts in',
    { 'templates/a.yaml': sealedSecret('  encryptedData:\n    password: {{ .Values.sealed | quote }}\n') },
  ],
  [
    'a trust store',
    {
      'a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\nbinaryData:\n  t: ${encode(jks(2))}\n`,
      'b.dat': jks(2),
    },
  ],
  [
    "Argo CD's own hash and its date",
    {
      'a.yaml': secret(
        `stringData:\n  admin.password: $2a$10$${random.text('base62', 53)}\n  admin.passwordMtime: "2026-01-01T00:00:00Z"\n`,
      ),
    },
  ],
  [
    'a file of settings in a Secret',
    {
      'a.yaml': secret(
        'stringData:\n  config.ini: |\n    password_file=/run/pw\n    password=$(DB_PASSWORD)\n    auth=password\n    password=changeme-please\n',
      ),
    },
  ],
  ['two words on two lines', { 'x/auth.txt': 'authentication\nauthorization\n' }],
];

describe('a secret under what looks like protection', () => {
  it.each(CLOSES)('closes: %s', async (_, files, expected) => {
    expect((await scan(files)).filter((line) => !line.startsWith('inform'))).toEqual(expected);
  });
});

describe('protection that is one', () => {
  it.each(QUIET)('is quiet: %s', async (_, files) => {
    expect(await scan(files)).toEqual([]);
  });
});

it('names no value', async () => {
  const tree = new MemoryTree({ 'a.yaml': secret(`stringData:\n  password: ${password}\nsops: {}\n`) });
  const { findings } = await scanTree(tree, { redactor: new Redactor() });
  expect(findings).toHaveLength(1);
  expect(JSON.stringify(findings)).not.toContain(password);
});
