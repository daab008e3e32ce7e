import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { scanTree } from '../../../src/checks/secrets/index.js';
import { Redactor } from '../../../src/contract/index.js';
import { MemoryTree } from '../../../src/git/index.js';

const pw = 'kQ7vX2mNp9RtL4wZ8bYc';
const aws = ['AK', 'IA', 'Q3EGWZ5TNLKP7VXR'].join('');
const b = (s: string | Buffer): string => Buffer.from(s).toString('base64');
const S = (body: string): string => `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\n${body}`;
const utf16 = (s: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(s, 'utf16le')]);

/** Ways to write a secret so that a reader of lines does not see it: each one must close. */
const cases: Readonly<Record<string, readonly [string, string | Buffer]>> = {
  'block scalar': ['a.yaml', S(`stringData:\n  password: |\n    ${pw}\n`)],
  folded: ['a.yaml', S(`stringData:\n  password: >-\n    ${pw.slice(0, 10)}\n    ${pw.slice(10)}\n`)],
  'dq continuation': ['a.yaml', S(`stringData:\n  password: "${pw.slice(0, 10)}\\\n    ${pw.slice(10)}"\n`)],
  anchor: ['a.yaml', `x: &p ${pw}\n---\n${S(`stringData:\n  password: &q ${pw}\n`)}`],
  alias: [
    'a.yaml',
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\n  annotations:\n    note: &p ${pw}\nstringData:\n  password: *p\n`,
  ],
  'merge key': [
    'a.yaml',
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nx-base: &b\n  zz: ${pw}\nstringData:\n  <<: *b\n`,
  ],
  'configmap binaryData': [
    'a.yaml',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nbinaryData:\n  password: ${b(pw)}\n`,
  ],
  'b64 of b64': ['a.yaml', S(`data:\n  thing: ${b(b(pw))}\n`)],
  'b64 of b64 aws cm': [
    'a.yaml',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  thing: ${b(b(b(aws)))}\n`,
  ],
  'gzip b64': [
    'a.yaml',
    S(`data:\n  release: ${b(b(gzipSync(`{"config":{"password":"${pw}"},"k":"${aws}"}`)))}\n`),
  ],
  'gzip b64 cm': [
    'a.yaml',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\nbinaryData:\n  blob: ${b(gzipSync(`aws_access_key_id=${aws}\npassword=${pw}\n`))}\n`,
  ],
  comment: ['a.yaml', `a: 1\n# password: ${pw}\n`],
  'trailing comment': ['a.yaml', `a: 1 # old token ghx password=${pw}\n`],
  'long line': ['a.json', `{"a":"${'x '.repeat(2_000_00)}","password":"${pw}"}`],
  CRLF: ['a.yaml', S(`stringData:\n  password: ${pw}\n`).replace(/\n/g, '\r\n')],
  'CR only': ['a.yaml', S(`stringData:\n  password: ${pw}\n`).replace(/\n/g, '\r')],
  BOM: ['a.yaml', `\ufeff${S(`stringData:\n  password: ${pw}\n`)}`],
  UTF16: ['a.yaml', utf16(S(`stringData:\n  zz: ${pw}\n`))],
  'UTF16 noBOM': ['a.yaml', utf16(S(`stringData:\n  password: ${pw}\n`)).subarray(2)],
  UTF32: [
    'a.yaml',
    Buffer.concat([
      Buffer.from([0xff, 0xfe, 0, 0]),
      ...[...S(`stringData:\n  password: ${pw}\n`)].map((c) => Buffer.from([c.charCodeAt(0), 0, 0, 0])),
    ]),
  ],
  'indent 1': [
    'a.yaml',
    `kind:   Secret\napiVersion:   v1\nmetadata:\n name: x\nstringData:\n         zz:     ${pw}\n`,
  ],
  flow: ['a.yaml', `{apiVersion: v1, kind: Secret, metadata: {name: x}, stringData: {zz: ${pw}}}\n`],
  'json in yaml string': [
    'a.yaml',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  c.json: '{"db":{"password":"${pw}"}}'\n`,
  ],
  'json in json escaped': [
    'a.json',
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x' },
      data: { c: JSON.stringify({ db: { password: pw } }) },
    }),
  ],
  'secret in yaml string of configmap': [
    'a.yaml',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  m.yaml: |\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: y}\n    data:\n      zz: ${b(pw)}\n`,
  ],
  'helm b64enc': ['templates/a.yaml', S(`data:\n  zz: {{ "${pw}" | b64enc }}\n`)],
  'helm default': [
    'templates/a.yaml',
    S(`data:\n  password: {{ .Values.password | default "${pw}" | b64enc }}\n`),
  ],
  'helm default2': [
    'templates/a.yaml',
    S(`stringData:\n  password: {{ default "${pw}" .Values.password }}\n`),
  ],
  'helm default quote': [
    'templates/a.yaml',
    S(`stringData:\n  password: {{ .Values.password | default "${pw}" | quote }}\n`),
  ],
  'helm mixed unparsable data': [
    'templates/a.yaml',
    `{{- if .Values.x }}\n${S(`data:\n  zz: ${b(pw)}\n`)}{{- end }}\n`,
  ],
  'kustomize literals': [
    'kustomization.yaml',
    `secretGenerator:\n- name: x\n  literals:\n  - zz=${pw}\n  - "password=${pw}1"\n`,
  ],
  'kustomize literals cm': [
    'kustomization.yaml',
    `configMapGenerator:\n- name: x\n  literals: [password=${pw}]\n`,
  ],
  'kustomize patch': [
    'kustomization.yaml',
    `patches:\n- target: {kind: Secret, name: x}\n  patch: |\n    - op: add\n      path: /stringData/password\n      value: ${pw}\n`,
  ],
  'kustomize patch2': [
    'kustomization.yaml',
    `patches:\n- target: {kind: Secret, name: x}\n  patch: |\n    - op: add\n      path: /data/zz\n      value: ${b(pw)}\n`,
  ],
  'kustomize json6902': ['p.yaml', `- op: replace\n  path: /data/password\n  value: ${b(pw)}\n`],
  'env in args': [
    'a.yaml',
    `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: x\n    command: ["sh","-c","DB_PASSWORD=${pw} exec app"]\n`,
  ],
  'args split': [
    'a.yaml',
    `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: x\n    args:\n    - --password\n    - ${pw}\n`,
  ],
  'args env export': [
    'a.yaml',
    `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: x\n    args: ["-c", "export TOKEN=${pw}; run"]\n`,
  ],
  'httpHeaders probe': [
    'a.yaml',
    `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: x\n    livenessProbe:\n      httpGet:\n        httpHeaders:\n        - name: Authorization\n          value: Bearer ${pw}${pw}\n`,
  ],
  'broken doc': ['a.yaml', `a: [\n---\n${S(`data:\n  zz: ${b(pw)}\n`)}`],
  'no ext': ['manifest', S(`data:\n  zz: ${b(pw)}\n`)],
  'txt ext': ['notes.txt', S(`data:\n  zz: ${b(pw)}\n`)],
  'kind far down, no ext': ['manifest', '# c\n'.repeat(3000) + S(`data:\n  zz: ${b(pw)}\n`)],
  'secret data before kind': [
    'a.yaml',
    `data:\n  zz: ${b(pw)}\nmetadata: {name: x}\nkind: Secret\napiVersion: v1\n`,
  ],
  'kind quoted key': [
    'a.yaml',
    `"apiVersion": "v1"\n"kind": "Secret"\nmetadata: {name: x}\n"data":\n  "zz": "${b(pw)}"\n`,
  ],
  'kind escape': [
    'a.yaml',
    `apiVersion: v1\nkind: "\\x53ecret"\nmetadata: {name: x}\ndata:\n  zz: ${b(pw)}\n`,
  ],
  'kind folded': [
    'a.yaml',
    `apiVersion: v1\nkind: >-\n  Secret\nmetadata: {name: x}\ndata:\n  zz: ${b(pw)}\n`,
  ],
  'kind tag': ['a.yaml', `apiVersion: v1\nkind: !!str Secret\nmetadata: {name: x}\ndata:\n  zz: ${b(pw)}\n`],
  'binary tag': ['a.yaml', S(`stringData:\n  zz: !!binary ${b(pw)}\n`)],
  'kind next line': [
    'a.yaml',
    `apiVersion: v1\nkind:\n  Secret\nmetadata: {name: x}\ndata:\n  zz: ${b(pw)}\n`,
  ],
  'kind next line list': [
    'a.yaml',
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind:\n    Secret\n  metadata: {name: x}\n  data:\n    zz: ${b(pw)}\n`,
  ],
  'json spaces': [
    'a.json',
    `{"apiVersion":"v1","kind"\n:\n"Secret","metadata":{"name":"x"},"data":{"zz":"${b(pw)}"}}`,
  ],
  SecretList: [
    'a.yaml',
    `apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: x}\n  data:\n    zz: ${b(pw)}\n`,
  ],
  'nested list': [
    'a.yaml',
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: x}\n    data:\n      zz: ${b(pw)}\n`,
  ],
  'secret in extraObjects': [
    'values.yaml',
    `extraDeploy:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: x}\n  data:\n    zz: ${b(pw)}\n`,
  ],
  'crossplane wrapped': [
    'a.yaml',
    `apiVersion: kubernetes.crossplane.io/v1alpha1\nkind: Object\nmetadata: {name: o}\nspec:\n  forProvider:\n    manifest:\n      apiVersion: v1\n      kind: Secret\n      metadata: {name: x}\n      data:\n        zz: ${b(pw)}\n`,
  ],
  'argo helm parameters': [
    'a.yaml',
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source:\n    helm:\n      parameters:\n      - name: auth.password\n        value: ${pw}\n`,
  ],
  'argo helm values string': [
    'a.yaml',
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source:\n    helm:\n      values: |\n        auth:\n          password: ${pw}\n`,
  ],
  'split concat js': ['a.js', `const password = '${pw.slice(0, 10)}' + '${pw.slice(10)}';\n`],
  'split aws js': ['a.js', `const k = '${aws.slice(0, 4)}' + '${aws.slice(4)}';\n`],
  hex: ['a.yaml', `x: ${Buffer.from(`${aws} password=${pw}`).toString('hex')}\n`],
  'sops one clear': [
    's.enc.yaml',
    S(
      `stringData:\n    a: ENC[AES256_GCM,data:${b(pw)},iv:${b(Buffer.alloc(32, 7))},tag:${b(Buffer.alloc(16, 9))},type:str]\n    zz: ${pw}\nsops:\n    mac: ENC[AES256_GCM,data:${b(Buffer.alloc(128, 3))},iv:${b(Buffer.alloc(32, 7))},tag:${b(Buffer.alloc(16, 9))},type:str]\n    lastmodified: "2026-01-01T00:00:00Z"\n    version: 3.10.2\n`,
    ),
  ],
  'sops regex trick': [
    's.enc.yaml',
    S(
      `stringData:\n    password: ${pw}\nsops:\n    mac: ENC[AES256_GCM,data:${b(Buffer.alloc(128, 3))},iv:${b(Buffer.alloc(32, 7))},tag:${b(Buffer.alloc(16, 9))},type:str]\n    lastmodified: "2026-01-01T00:00:00Z"\n    encrypted_regex: ^nothing$\n    version: 3.10.2\n`,
    ),
  ],
  'sops suffix trick': [
    's.enc.yaml',
    S(
      `stringData:\n    password_unencrypted: ${pw}\nsops:\n    mac: ENC[AES256_GCM,data:${b(Buffer.alloc(128, 3))},iv:${b(Buffer.alloc(32, 7))},tag:${b(Buffer.alloc(16, 9))},type:str]\n    lastmodified: "2026-01-01T00:00:00Z"\n    unencrypted_suffix: _unencrypted\n    version: 3.10.2\n`,
    ),
  ],
  'sops fake head': ['s.yaml', S(`stringData:\n    password: ${pw}\nsops: {}\n`)],
  'sops fake enc plaintext': ['s.yaml', S(`stringData:\n    password: ENC[${pw}]\n`)],
  'sops fake enc 2': [
    's.yaml',
    S(`stringData:\n    password: "ENC[AES256_GCM,data:${b(pw)},iv:x,tag:x,type:str]"\n`),
  ],
  'sealed plaintext': [
    'ss.yaml',
    `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: x, namespace: y}\nspec:\n  encryptedData:\n    zz: ${b(pw)}\n`,
  ],
  'sealed padded': [
    'ss.yaml',
    `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: x, namespace: y}\nspec:\n  encryptedData:\n    zz: ${b(Buffer.concat([Buffer.from([2, 0]), Buffer.from(`${pw} `.repeat(60))]))}\n`,
  ],
  'sealed prefix in Secret': [
    's.yaml',
    S(
      `stringData:\n  password: ${b(Buffer.concat([Buffer.from([2, 0]), Buffer.from(`the password is ${pw} `.repeat(20))]))}\n`,
    ),
  ],
  'vault prefix': ['s.yaml', S(`stringData:\n  password: vault:v1:${pw}\n`)],
  'md5 prefix': ['s.env', `PASSWORD=md5${pw}\n`],
  'bcrypt-like': ['s.env', `PASSWORD=$2b$${pw}\n`],
  'template inside': ['s.yaml', S(`stringData:\n  password: ${pw}\${X}\n`)],
  'ref+ prefix': ['s.yaml', S(`stringData:\n  password: ref+${pw}\n`)],
  'env: prefix': ['s.yaml', S(`stringData:\n  password: env:${pw}\n`)],
  'path-like': ['s.yaml', S(`stringData:\n  password: /${pw}\n`)],
  'test env dir': ['clusters/test/s.yaml', S(`data:\n  zz: ${b(pw)}\n`)],
  'test env dir2': ['apps/pay/overlays/test/s.yaml', S(`data:\n  zz: ${b(pw)}\n`)],
  'helm test values': ['environments/test/values.yaml', `db:\n  password: ${pw}\n`],
  jsonnet: [
    'a.jsonnet',
    `{ apiVersion: 'v1', kind: 'Secret', metadata: {name: 'x'}, stringData: { password: '${pw}' } }\n`,
  ],
  'hcl heredoc': ['a.tf', `variable "x" { default = <<EOF\npassword=${pw}\nEOF\n}\n`],
  'yaml octal key': ['a.yaml', S(`stringData:\n  ? password\n  : ${pw}\n`)],
  'dup kind': [
    'a.yaml',
    `kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\nkind: Secret\ndata:\n  zz: ${b(pw)}\n`,
  ],
  'symbols password': ['a.yaml', S(`stringData:\n  password: "$\{pw"\n`)],
  'literal dollar': ['a.yaml', S(`stringData:\n  password: "Ab$\{9}xKq!77z"\n`)],
  TOML: ['a.toml', `[db]\npassword = "${pw}"\n`],
  XML: ['a.xml', `<config><password>${pw}</password></config>\n`],
  'XML attr': ['a.xml', `<add key="Password" value="${pw}"/>\n`],
  'properties in secret block': ['a.yaml', S(`stringData:\n  app.properties: |\n    a=b\n    zz=${pw}\n`)],
  percent: [
    'a.yaml',
    `x: ${[...`password=${pw}`].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')}\n`,
  ],
  'unicode esc': [
    'a.json',
    `{"password":"${[...pw].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('')}"}`,
  ],
  reversed: ['a.yaml', S(`stringData:\n  zz: ${[...pw].reverse().join('')}\n`)],
};

/** The same notations around what is no secret: none may close. */
const HARMLESS: Readonly<Record<string, readonly [string, string]>> = {
  'template action in a Secret': [
    'templates/a.yaml',
    S('data:\n  password: {{ .Values.password | b64enc | quote }}\n'),
  ],
  'template with conditions': [
    'templates/b.yaml',
    `{{- if .Values.x }}\n${S('data:\n  password: {{ include "x.password" . | b64enc }}\n')}{{- end }}\n`,
  ],
  'default of a template that is no value': [
    'templates/c.yaml',
    S('stringData:\n  password: {{ .Values.password | default "changeme" }}\n'),
  ],
  'patch of a ConfigMap': ['p.yaml', '- op: replace\n  path: /data/LOG_LEVEL\n  value: debug\n'],
  'patch of a reference': ['p.yaml', '- op: add\n  path: /stringData/password\n  value: $(DB_PASSWORD)\n'],
  'joined words': ['a.js', "const passwordHint = 'enter your ' + 'password here';\n"],
  'environment reference': ['s.yaml', S('stringData:\n  password: env:DB_PASSWORD_PRODUCTION\n')],
  'vault reference': ['s.yaml', S('stringData:\n  password: vault:secret/data/app#password\n')],
  'bcrypt hash': [
    'u.yaml',
    `password_hash: $2b$12$${'abcdefghijklmnopqrstuv'}${'ABCDEFGHIJKLMNOPQRSTUVWXYZ01234'}\n`,
  ],
  'nested Secret of references': [
    'values.yaml',
    'extraDeploy:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: x}\n  stringData:\n    password: <path:kv/data/app#password>\n',
  ],
  'checksum annotation': [
    'a.yaml',
    `metadata:\n  annotations:\n    checksum/secret: ${'3f04c72a8590429486'.repeat(3)}0123456789\n`,
  ],
};

async function closing(path: string, body: string | Buffer): Promise<string[]> {
  const files = new Map([[path, Buffer.from(body)]]);
  const { findings, notVerified } = await scanTree(new MemoryTree(files), {
    redactor: new Redactor(),
    trust: null,
  });
  return [
    ...findings.filter((item) => item.action !== 'inform').map((item) => item.ruleId),
    ...notVerified.filter((item) => item.closes).map((item) => item.reason),
  ];
}

describe('a secret does not get past', () => {
  for (const [name, [path, body]] of Object.entries(cases)) {
    it(`as: ${name}`, async () => {
      expect(await closing(path, body)).not.toEqual([]);
    });
  }
});

describe('no secret is seen in', () => {
  for (const [name, [path, body]] of Object.entries(HARMLESS)) {
    it(name, async () => {
      expect(await closing(path, body)).toEqual([]);
    });
  }
});
