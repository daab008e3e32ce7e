import { certificate, ecKey, ed25519Key, pgpKey, publicKey, rsaKey, sshKey, sshPublic } from './keys.js';
import { marked, type Page, page } from './page.js';
import { b64, type Random } from './random.js';
import { jwt, PROVIDERS } from './tokens.js';

/** Each provider's token once, in a place where it is found in the wild. */
export function providerPages(r: Random): Page[] {
  return PROVIDERS.map((provider, i) => {
    const value = provider.make(r);
    const camel = provider.key.toLowerCase().replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());
    const places: (() => [string, string])[] = [
      () => ['config/prod.env', `# settings\nAPP=1\n${provider.key}=${value} §T\n`],
      () => ['deploy/values.yaml', `app:\n  replicas: 2\n  ${camel}: "${value}" §T\n`],
      () => [
        'src/settings.py',
        `import os\n\n${provider.key} = '${value}' §T\nDEBUG = os.environ.get("DEBUG", "0")\n`,
      ],
      () => [
        'src/client.ts',
        `import { Client } from './lib';\n\nconst ${camel} = '${value}'; §T\nexport const client = new Client(${camel});\n`,
      ],
      () => ['infra/main.tf', `locals {\n  ${provider.key.toLowerCase()} = "${value}" §T\n}\n`],
      () => ['scripts/run.sh', `#!/bin/sh\nset -eu\nexport ${provider.key}="${value}" §T\nexec app\n`],
      () => [
        'k8s/deploy.yaml',
        `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: x\n    image: x\n    env:\n    - name: ${provider.key}\n      value: ${JSON.stringify(value)} §T\n`,
      ],
      () => [
        'k8s/secret.yaml',
        `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata:\n  ${provider.key}: ${b64(value)} §T\n`,
      ],
    ];
    const [path, text] = (places[i % places.length] ?? (() => ['x', '']))();
    return page('provider', `provider/${provider.name}/${path}`, text);
  });
}

/** Source code of several languages. */
export function codePages(r: Random): Page[] {
  const pages: Page[] = [];
  for (let i = 0; i < 4; i++) {
    pages.push(
      page(
        'source',
        `src/app-${i}/settings.py`,
        `import os
from django.conf import settings

SECRET_KEY = "${r.of('abcdefghijklmnopqrstuvwxyz0123456789!@#%^&*(-_=+)', 50)}" §T
DATABASES = {
    "default": {
        "USER": "app",
        "PASSWORD": "${r.plainPassword()}", §T
        "TEST_PASSWORD": os.environ["TEST_PASSWORD"], §F
    }
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"] §F
token = request.headers.get("X-Auth-Token") §F
password = getpass.getpass("Password: ") §F
AUTH_PASSWORD_VALIDATORS = "django.contrib.auth.password_validation.MinimumLengthValidator" §F
`,
      ),
      page(
        'source',
        `src/app-${i}/client.ts`,
        `import { createHash } from 'node:crypto';
const password = process.env.DB_PASSWORD ?? ''; §F
const apiKey = '${r.alnum(32)}'; §T
const PASSWORD_PATTERN = /^(?=.*[a-z])(?=.*\\d).{8,}$/; §F
export const TOKEN_STORAGE_KEY = 'app.auth.token.v2'; §F
const passwordLabel = 'Enter your new password'; §F
const secret = await secretsClient.getSecretValue({ SecretId: 'prod/db' }); §F
const db = new Client({ user: 'app', password: '${r.plainPassword()}' }); §T
const integrity = 'sha512-${r.base64(64)}'; §F
fetch(url, { headers: { Authorization: 'Basic ${b64(`admin:${r.plainPassword()}`)}' } }); §T
const namespaceForTheAuthenticationTokenProvider = 'authenticationTokenProviderNamespace'; §F
`,
      ),
      page(
        'source',
        `src/app-${i}/main.go`,
        `package main

import "os"

const dsn = "user:${r.plainPassword()}@tcp(db.internal:3306)/app" §T
var apiToken = os.Getenv("API_TOKEN") §F
const tokenHeader = "X-Registry-Auth-Token" §F
const commit = "${r.hex(40)}" §F
const clientSecret = "${r.alnum(40)}" §T
const ErrPasswordRequired = "password is required for this operation" §F
`,
      ),
      page(
        'source',
        `src/app-${i}/Config.java`,
        `package com.example;
public class Config {
  private static final String DB_PASSWORD = "${r.plainPassword()}"; §T
  @Value("\${app.jwt.secret}") private String jwtSecret; §F
  private static final long serialVersionUID = ${r.digits(18)}L; §F
  static final String PASSWORD_PROPERTY = "spring.datasource.password"; §F
  String conn = "jdbc:mysql://db:3306/app?user=root&password=${r.plainPassword()}"; §T
  String token = tokenService.createAccessTokenForUser(user); §F
}
`,
      ),
      page(
        'source',
        `src/app-${i}/deploy.sh`,
        `#!/usr/bin/env bash
set -euo pipefail
export PGPASSWORD=${r.plainPassword()} §T
PASSWORD="$(vault kv get -field=password secret/app)" §F
curl -u "admin:${r.plainPassword()}" https://jenkins.example.com/job §T
curl -u "$USER:$PASSWORD" https://jenkins.example.com/job §F
mysql -uroot -p"$MYSQL_ROOT_PASSWORD" app < dump.sql §F
openssl rand -base64 32 > secret.key §F
`,
      ),
      page(
        'source',
        `src/app-${i}/Startup.cs`,
        `namespace App {
  class Startup {
    const string Conn = "Server=db;Database=app;User Id=sa;Password=${r.plainPassword()};TrustServerCertificate=true"; §T
    string secret = Configuration["Auth:ClientSecret"]; §F
    Guid Id = new Guid("${r.uuid()}"); §F
  }
}
`,
      ),
      page(
        'source',
        `src/app-${i}/database.rb`,
        `production:
  adapter: postgresql
  password: <%= ENV['DATABASE_PASSWORD'] %> §F
staging:
  password: ${r.plainPassword()} §T
`,
      ),
      page(
        'source',
        `src/app-${i}/index.php`,
        `<?php
define('DB_PASSWORD', '${r.plainPassword()}'); §T
define('AUTH_KEY', '${r.of('abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789!@#%^&*()-_[]{}<>~+=,.;:/?|', 64)}'); §T
define('DB_CHARSET', 'utf8mb4'); §F
$password = $_POST['password']; §F
`,
      ),
    );
  }
  return pages;
}

/** Connection URLs and private keys on their own. */
export function urlAndKeyPages(r: Random): Page[] {
  const pages: Page[] = [];
  const schemes = [
    'postgres',
    'mysql',
    'mongodb+srv',
    'amqp',
    'redis',
    'https',
    'ftp',
    'smtp',
    'ldap',
    'mariadb',
    'clickhouse',
    'nats',
  ];
  schemes.forEach((scheme, i) => {
    pages.push(
      page(
        'url',
        `urls/${scheme.replace('+', '-')}.yaml`,
        `connection: ${scheme}://svc_${i}:${r.plainPassword()}@${scheme.split('+')[0]}.prod.internal/app §T
template: ${scheme}://\${USER}:\${PASSWORD}@host/app §F
sample: ${scheme}://user:password@localhost/app §F
plain: ${scheme}://host.prod.internal/app?pool=10 §F
user: ${scheme}://svc_${i}@host.prod.internal/app §F
`,
      ),
    );
  });
  const keys = [rsaKey, ecKey, ed25519Key, sshKey, pgpKey];
  keys.forEach((make, i) => {
    pages.push(
      page('key', `keys/key-${i}.pem`, `${marked(make(r), 'T')}\n`),
      page('key', `keys/inline-${i}.py`, `KEY = """${marked(make(r), 'T')}\n"""\n`),
      page(
        'key',
        `keys/escaped-${i}.json`,
        `{\n  "type": "service_account",\n  "project_id": "acme-prod", §F\n  "private_key_id": "${r.hex(40)}", §?\n  "private_key": ${JSON.stringify(`${make(r)}\n`)}, §T\n  "client_email": "robot@acme-prod.iam.gserviceaccount.com" §F\n}\n`,
      ),
      page('key', `keys/cert-${i}.crt`, `${marked(certificate(r), 'F')}\n`),
      page('key', `keys/pub-${i}.pub`, `${i % 2 === 0 ? `${sshPublic(r)} §F` : marked(publicKey(r), 'F')}\n`),
      page(
        'key',
        `keys/readme-${i}.md`,
        `Paste the key between -----BEGIN ${'PRIVATE'} KEY----- and -----END ${'PRIVATE'} KEY-----. §F\n`,
      ),
    );
  });
  return pages;
}

/** What looks random and is none: lock files, hashes, identifiers, documentation. */
export function harmlessPages(r: Random): Page[] {
  const pages: Page[] = [];
  for (let i = 0; i < 3; i++) {
    pages.push(
      page(
        'lock',
        `lock/${i}/package-lock.json`,
        `{\n  "packages": {\n    "node_modules/a": {\n      "version": "1.0.0",\n      "resolved": "https://npm.example.com/a/-/a-1.0.0.tgz", §F\n      "integrity": "sha512-${r.base64(64)}" §F\n    }\n  }\n}\n`,
      ),
      page(
        'lock',
        `lock/${i}/go.sum`,
        `github.com/example/secret v1.2.3 h1:${r.base64(32)} §F\ngithub.com/example/token v0.1.0/go.mod h1:${r.base64(32)} §F\n`,
      ),
      page(
        'lock',
        `lock/${i}/poetry.lock`,
        `[[package]]\nname = "password-strength"\nfiles = [\n    {file = "password_strength-0.0.3.tar.gz", hash = "sha256:${r.hex(64)}"}, §F\n]\n\n[metadata]\ncontent-hash = "${r.hex(64)}" §F\n`,
      ),
      page(
        'lock',
        `lock/${i}/yarn.lock`,
        `token-types@^4.0.0:\n  resolved "https://registry.yarnpkg.com/token-types/-/token-types-4.2.1.tgz#${r.hex(40)}" §F\n  integrity sha512-${r.base64(64)} §F\n`,
      ),
      page('lock', `lock/${i}/Cargo.lock`, `[[package]]\nname = "secrecy"\nchecksum = "${r.hex(64)}" §F\n`),
      page(
        'lock',
        `lock/${i}/Chart.lock`,
        `dependencies:\n- name: postgresql\n  repository: oci://registry-1.docker.io/bitnamicharts\n  version: 12.1.9\ndigest: sha256:${r.hex(64)} §F\ngenerated: "2026-05-01T10:00:00.000000000Z" §F\n`,
      ),
      page(
        'hash',
        `hash/${i}/SHA256SUMS`,
        `${r.hex(64)}  token-cli_linux_amd64.tar.gz §F\n${r.hex(64)}  secret-tool.zip §F\n`,
      ),
      page(
        'hash',
        `hash/${i}/users.yaml`,
        `users:\n  - name: alice\n    password_hash: ${'$2'}b$12$${r.of('./ABCDEFGHabcdefgh0123456789', 53)} §F\n  - name: bob\n    passwordHash: ${'$argon2'}id$v=19$m=65536,t=3,p=4$${r.base64(16).replace(/=/g, '')}$${r.base64(32).replace(/=/g, '')} §F\n`,
      ),
      page(
        'id',
        `id/${i}/ids.yaml`,
        `tenantId: ${r.uuid()} §F\nclient_id: ${r.uuid()} §F\nkeyId: ${r.uuid()} §F\nsubscription: ${r.uuid()} §F\ntraceId: ${r.hex(32)} §F\nvpcId: vpc-${r.hex(17)} §F\naccount: "${r.digits(12)}" §F\narn: arn:aws:secretsmanager:eu-west-1:${r.digits(12)}:secret:prod/app-${r.alnum(6)} §F\nimage: quay.io/example/token-service@sha256:${r.hex(64)} §F\nage: age1${r.of('qpzry9x8gf2tvdw0s3jn54khce6mua7l', 58)} §F\n`,
      ),
      page(
        'docs',
        `docs/guide-${i}.md`,
        `# Using the API

Set \`API_KEY\` to your key, for example \`API_KEY=your-api-key-here\`. §F
\`\`\`sh
export AWS_ACCESS_KEY_ID=${['AK', 'IAIOSFODNN7', 'EXAMPLE'].join('')} §F
export AWS_SECRET_ACCESS_KEY=${['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCY', 'EXAMPLEKEY'].join('')} §F
curl -H "Authorization: Bearer <token>" https://api.example.com §F
curl -H "Authorization: Bearer $TOKEN" https://api.example.com §F
kubectl create secret generic db --from-literal=password='<password>' §F
psql postgres://username:password@hostname:5432/dbname §F
GITHUB_TOKEN=${['gh', 'p_'].join('')}${'x'.repeat(36)} §F
\`\`\`
See https://jwt.io, token \`${jwt(r).slice(0, 20)}...\`. §F
The password must have at least twelve characters. §F
`,
      ),
      page(
        'id',
        `id/${i}/schema.json`,
        `{\n  "$id": "https://example.com/schemas/authentication-token.schema.json", §F\n  "properties": {\n    "password": { "type": "string", "minLength": 12, "description": "The password of the administrator" }, §F\n    "accessToken": { "type": "string", "format": "password" }, §F\n    "secretName": { "type": "string", "default": "application-credentials" } §F\n  }\n}\n`,
      ),
      page(
        'id',
        `id/${i}/dashboard.json`,
        `{\n  "uid": "${r.alnum(14)}", §F\n  "expr": "sum(rate(apiserver_authentication_token_requests_total[5m])) by (secret_name)", §F\n  "svg": "data:image/svg+xml;base64,${r.base64(300)}" §F\n}\n`,
      ),
    );
  }
  return pages;
}
