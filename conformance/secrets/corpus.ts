import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fill, Seeded } from './fill.js';
import type { Truth } from './truth.js';

/** One file of the corpus; `secrets` are the 1-based lines on which a reviewer would want a secret told. */
interface Sample {
  path: string;
  family: string;
  text: string;
  secrets: number[];
}

/** Text made line by line, with the lines of its secrets. */
class Writer {
  readonly lines: string[] = [];
  readonly secrets: number[] = [];

  add(...lines: string[]): this {
    for (const line of lines) this.lines.push(...line.split('\n'));
    return this;
  }

  /** A line that holds a secret (for a block: the line on which it begins). */
  secret(line: string): this {
    this.secrets.push(this.lines.length + 1);
    return this.add(line);
  }

  sample(path: string, family: string): Sample {
    return { path, family, text: `${this.lines.join('\n')}\n`, secrets: this.secrets };
  }
}

const APPS = ['pay', 'shop', 'search', 'mail', 'auth', 'ledger', 'media', 'billing'];
const PASSWORD_KEYS = [
  'password',
  'DB_PASSWORD',
  'adminPassword',
  'redis-password',
  'PGPASSWORD',
  'mysql-root-password',
];
const TOKENS = [
  'ghp_{{checksum62}}',
  'glpat-{{base62:20}}',
  'AKIA{{upper:16}}',
  'xoxb-{{digits:12}}-{{digits:12}}-{{base62:24}}',
  'sk_live_{{base62:48}}',
  'npm_{{checksum62}}',
  'SG.{{b64url:22}}.{{b64url:43}}',
  'dop_v1_{{hex:64}}',
  'hvs.{{b64url:90}}',
  'AIza{{b64url:35}}',
  'sk-ant-api03-{{b64url:93}}AA',
  'hf_{{base62:34}}',
];
const REFERENCES = [
  '<path:secret/data/pay#password>',
  'ref+vault://secret/pay#password',
  `\${DB_PASSWORD}`,
  '{{ .Values.db.password }}',
  '$(DB_PASSWORD)',
  'changeme',
  'REPLACE_ME',
  '<your-password>',
  '""',
];

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function head(kind: string, random: Seeded, apiVersion = 'v1'): string {
  const app = random.pick(APPS);
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${app}-${random.text('lower', 4)}\n  namespace: ${app}`;
}

type Maker = (random: Seeded, make: (text: string) => string) => Writer;

/** Families with their makers and the path that a file of the family has. */
const FAMILIES: readonly { family: string; path: string; make: Maker }[] = [
  {
    family: 'kubernetes/stringData',
    path: 'apps/N/secret.yaml',
    make: (random, make) =>
      new Writer()
        .add(head('Secret', random), 'type: Opaque', 'stringData:', '  username: app', '  host: db.internal')
        .secret(`  ${random.pick(PASSWORD_KEYS)}: ${make('{{password}}')}`)
        .secret(`  api-token: "${make(random.pick(TOKENS))}"`),
  },
  {
    family: 'kubernetes/data',
    path: 'apps/N/data.yaml',
    make: (random, make) =>
      new Writer()
        .add(
          head('Secret', random),
          'data:',
          `  username: ${base64('app-user')}`,
          `  ca.crt: ${base64('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----')}`,
        )
        .secret(`  ${random.pick(PASSWORD_KEYS)}: ${base64(make('{{password}}'))}`)
        .secret(`  token: ${base64(make(random.pick(TOKENS)))}`),
  },
  {
    family: 'kubernetes/dockerconfigjson',
    path: 'apps/N/registry.yaml',
    make: (random, make) =>
      new Writer()
        .add(head('Secret', random), 'type: kubernetes.io/dockerconfigjson', 'data:')
        .secret(
          `  .dockerconfigjson: ${base64(JSON.stringify({ auths: { 'ghcr.io': { auth: base64(`bot:${make('{{password}}')}`) } } }))}`,
        ),
  },
  {
    family: 'kubernetes/tls',
    path: 'apps/N/tls.yaml',
    make: (random, make) =>
      new Writer()
        .add(
          head('Secret', random),
          'type: kubernetes.io/tls',
          'data:',
          `  tls.crt: ${base64(make('-----BEGIN CERTIFICATE-----\n{{b64block:600}}\n-----END CERTIFICATE-----'))}`,
        )
        .secret(`  tls.key: ${base64(make('{{pem}}'))}`),
  },
  {
    family: 'kubernetes/env',
    path: 'apps/N/deployment.yaml',
    make: (random, make) =>
      new Writer()
        .add(
          head('Deployment', random, 'apps/v1'),
          'spec:',
          '  template:',
          '    spec:',
          '      containers:',
          '        - name: app',
          `          image: ghcr.io/acme/app@sha256:${make('{{hex:64}}')}`,
          '          env:',
          '            - name: LOG_LEVEL',
          '              value: info',
          '            - name: DB_PASSWORD',
        )
        .secret(`              value: ${make('{{password}}')}`)
        .add(
          '            - name: API_TOKEN',
          '              valueFrom:',
          '                secretKeyRef: {name: app, key: token}',
          '          args:',
          '            - --token-file=/run/token',
        )
        .secret(`            - --admin-password=${make('{{password}}')}`),
  },
  {
    family: 'kubernetes/configmap',
    path: 'apps/N/config.yaml',
    make: (random, make) =>
      new Writer()
        .add(
          head('ConfigMap', random),
          'data:',
          '  LOG_LEVEL: debug',
          '  passwordPolicy: strict',
          '  application.properties: |',
          '    spring.datasource.username=app',
        )
        .secret(`    spring.datasource.password=${make('{{password}}')}`)
        .secret(`  DATABASE_URL: postgres://app:${make('{{base62:20}}')}@db.internal:5432/app`),
  },
  {
    family: 'kubernetes/argocd',
    path: 'argocd/N/repo.yaml',
    make: (random, make) =>
      new Writer()
        .add(
          head('Secret', random),
          '  labels:',
          '    argocd.argoproj.io/secret-type: repository',
          'stringData:',
          '  type: git',
          '  url: https://github.com/acme/config',
          '  username: git',
        )
        .secret(`  password: ${make('ghp_{{checksum62}}')}`),
  },
  {
    family: 'kubernetes/generator',
    path: 'kustomize/N/kustomization.yaml',
    make: (random, make) =>
      new Writer()
        .add(
          'apiVersion: kustomize.config.k8s.io/v1beta1',
          'kind: Kustomization',
          'secretGenerator:',
          `  - name: ${random.pick(APPS)}`,
          '    literals:',
          '      - username=app',
        )
        .secret(`      - password=${make('{{password}}')}`),
  },
  {
    family: 'kubernetes/references',
    path: 'clean/N/references.yaml',
    make: (random) =>
      new Writer().add(
        head('Secret', random),
        'stringData:',
        `  password: "${random.pick(REFERENCES).replaceAll('"', '')}"`,
        `  token: ${random.pick(['<token>', '"{{ .token }}"', `\${TOKEN}`])}`,
        '  existingSecret: db-credentials',
      ),
  },
  {
    family: 'kubernetes/external-secret',
    path: 'clean/N/external.yaml',
    make: (random) =>
      new Writer().add(
        head('ExternalSecret', random, 'external-secrets.io/v1'),
        'spec:',
        '  secretStoreRef: {name: vault, kind: ClusterSecretStore}',
        '  target: {name: db}',
        '  data:',
        '    - secretKey: db-password',
        '      remoteRef: {key: pay/db, property: password}',
      ),
  },
  {
    family: 'kubernetes/sealed-secret',
    path: 'clean/N/sealed.yaml',
    make: (random) =>
      new Writer().add(
        head('SealedSecret', random, 'bitnami.com/v1alpha1'),
        'spec:',
        '  encryptedData:',
        ...['password', 'token', 'api_key'].map(
          (key) =>
            `    ${key}: ${Buffer.concat([Buffer.from([2, 0]), random.bytes(560)]).toString('base64')}`,
        ),
      ),
  },
  {
    family: 'kubernetes/sops',
    path: 'clean/N/secret.sops.yaml',
    make: (random) => {
      const enc = (size: number): string =>
        `ENC[AES256_GCM,data:${random.bytes(size).toString('base64')},iv:${random.bytes(32).toString('base64')},tag:${random.bytes(16).toString('base64')},type:str]`;
      return new Writer().add(
        head('Secret', random),
        'stringData:',
        `  password: ${enc(14)}`,
        `  token: ${enc(40)}`,
        'sops:',
        '  age:',
        '    - recipient: age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq',
        '      enc: |',
        '        -----BEGIN AGE ENCRYPTED FILE-----',
        `        ${random.bytes(48).toString('base64')}`,
        '        -----END AGE ENCRYPTED FILE-----',
        '  lastmodified: "2026-01-02T03:04:05Z"',
        `  mac: ${enc(128)}`,
        '  encrypted_regex: ^(data|stringData)$',
        '  version: 3.13.2',
      );
    },
  },
  {
    family: 'helm/values',
    path: 'charts/N/values-prod.yaml',
    make: (random, make) =>
      new Writer()
        .add(
          'image:',
          '  repository: ghcr.io/acme/app',
          `  digest: sha256:${make('{{hex:64}}')}`,
          'postgresql:',
          '  auth:',
          '    existingSecret: db',
          '    secretKeys: {adminPasswordKey: password}',
          '    username: app',
        )
        .secret(`    password: "${make('{{password}}')}"`)
        .add('grafana:', `  # adminPassword: ${random.pick(['changeme', 'admin'])}`)
        .secret(`  adminPassword: ${make('{{base62:24}}')}`),
  },
  {
    family: 'settings/dotenv',
    path: 'services/N/.env',
    make: (random, make) =>
      new Writer()
        .add('NODE_ENV=production', 'PASSWORD_FILE=/run/secrets/db', `TRACE_ID=${make('{{uuid}}')}`)
        .secret(`DB_PASSWORD=${make('{{password}}')}`)
        .secret(
          `${random.pick(['API_TOKEN', 'SERVICE_KEY', 'PROVIDER_TOKEN'])}=${make(random.pick(TOKENS))}`,
        ),
  },
  {
    family: 'settings/terraform',
    path: 'infra/N/prod.tfvars',
    make: (_random, make) =>
      new Writer()
        .add('region = "eu-central-1"', 'db_password_length = 32')
        .secret(`db_password = "${make('{{password}}')}"`)
        .secret(`access_key = "AKIA${make('{{upper:16}}')}"`)
        .secret(`aws_secret_access_key = "${make('{{b64:40}}')}"`),
  },
  {
    family: 'code/tokens',
    path: 'src/N/client.py',
    make: (random, make) =>
      new Writer()
        .add(
          'import os',
          'password = os.environ["DB_PASSWORD"]',
          'token = get_token(user)',
          `SHA = "${make('{{hex:40}}')}"`,
        )
        .secret(`TOKEN = "${make(random.pick(TOKENS))}"`),
  },
  {
    family: 'code/keys',
    path: 'src/N/deploy.sh',
    make: (_random, make) =>
      new Writer()
        .add('#!/bin/sh', 'set -eu', 'cat > key <<EOT')
        .secret(make('{{pem}}'))
        .add('EOT')
        .secret(`curl -u deploy:${make('{{password}}')} https://api.internal/x`)
        .secret(`export T=${make('{{jwt}}')}`),
  },
  {
    family: 'clean/lock',
    path: 'clean/N/package-lock.json',
    make: (random, make) =>
      new Writer().add(
        '{',
        '  "packages": {',
        ...Array.from(
          { length: 20 },
          () =>
            `    "node_modules/${random.text('lower', 6)}": {"integrity": "sha512-${make('{{b64:86}}')}${random.number(10)}=="},`,
        ),
        '    "x": {}',
        '  }',
        '}',
      ),
  },
  {
    family: 'clean/certificates',
    path: 'clean/N/ca.pem',
    make: (_random, make) =>
      new Writer().add(
        make('-----BEGIN CERTIFICATE-----\n{{b64block:800}}\n-----END CERTIFICATE-----'),
        make('-----BEGIN PUBLIC KEY-----\n{{b64block:200}}\n-----END PUBLIC KEY-----'),
      ),
  },
  {
    family: 'clean/digests',
    path: 'clean/N/kustomization.yaml',
    make: (random, make) =>
      new Writer().add(
        'images:',
        ...Array.from(
          { length: 8 },
          () => `  - name: ghcr.io/acme/${random.pick(APPS)}\n    digest: sha256:${make('{{hex:64}}')}`,
        ),
        `commit: ${make('{{hex:40}}')}`,
        `uid: ${make('{{uuid}}')}`,
      ),
  },
  {
    family: 'clean/code',
    path: 'clean/N/main.go',
    make: (random, make) =>
      new Writer().add(
        'package main',
        'const passwordKey = "password"',
        'var tokenURL = "https://auth.internal/oauth/token"',
        'func secretName(s string) string { return s + "-credentials" }',
        `// checksum ${make('{{hex:64}}')}`,
        `var password = flag.String("password", "", "the ${random.pick(APPS)} password")`,
      ),
  },
  {
    family: 'clean/docs',
    path: 'clean/N/README.md',
    make: () =>
      new Writer().add(
        '# Use',
        'Set `DB_PASSWORD=<your password>` and `GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`.',
        'curl -H "Authorization: Bearer $TOKEN" https://api.internal',
        'password: changeme',
        'postgres://user:password@localhost:5432/db',
      ),
  },
];

/** The families of the corpus. */
export const FAMILY_NAMES: readonly string[] = FAMILIES.map((item) => item.family);

/** Makes the corpus: `each` files a family, the same for the same seed on every machine. */
export function makeCorpus(seed: string, each: number): { files: Map<string, string>; truth: Truth } {
  const files = new Map<string, string>();
  const truth: Truth = new Map();
  for (const { family, path, make } of FAMILIES) {
    for (let i = 0; i < each; i++) {
      const random = new Seeded(`${seed}/${family}/${i}`);
      let part = 0;
      const writer = make(random, (text) => fill(text, `${seed}/${family}/${i}/${part++}`));
      const sample = writer.sample(path.replace('N', `${family.replace('/', '-')}-${i}`), family);
      files.set(sample.path, sample.text);
      truth.set(sample.path, { family, lines: sample.secrets });
    }
  }
  return { files, truth };
}

/** Writes a corpus and its truth table into a folder. */
export function writeCorpus(folder: string, corpus: ReturnType<typeof makeCorpus>): void {
  for (const [path, text] of corpus.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(join(folder, 'truth.json'), `${JSON.stringify(Object.fromEntries(corpus.truth), null, 1)}\n`);
}
