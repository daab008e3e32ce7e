import type { PlantedPage } from '../second/planted.js';
import { harmless, type Part } from './marks.js';

/** Files without secrets that look as if they were full of them. */
export const lookalikes: Part = (m) => {
  const none = (path: string, text: string): PlantedPage => harmless('lookalike', path, text);
  const packages = ['left-pad', 'jsonwebtoken', 'bcrypt', 'csrf-tokens', 'generate-password', 'keytar'];
  return [
    none(
      'package-lock.json',
      `
{
  "lockfileVersion": 3,
  "packages": {
${packages
  .map(
    (name) =>
      `    "node_modules/${name}": {\n      "version": "1.2.3",\n      "resolved": "https://registry.example.com/${name}/-/${name}-1.2.3.tgz",\n      "integrity": "sha512-${m.base64(64)}"\n    }`,
  )
  .join(',\n')}
  }
}`,
    ),
    none(
      'yarn.lock',
      packages
        .map(
          (name) =>
            `${name}@^1.0.0:\n  version "1.2.3"\n  resolved "https://registry.yarnpkg.com/${name}/-/${name}-1.2.3.tgz#${m.hex(40)}"\n  integrity sha512-${m.base64(64)}\n`,
        )
        .join('\n'),
    ),
    none(
      'go.sum',
      [
        'golang.org/x/oauth2 v0.30.0',
        'github.com/golang-jwt/jwt/v5 v5.2.2',
        'github.com/hashicorp/vault/api v1.16.0',
      ]
        .map((name) => `${name} h1:${m.base64(32)}\n${name}/go.mod h1:${m.base64(32)}`)
        .join('\n'),
    ),
    none(
      'Cargo.lock',
      ['secrecy', 'token-source', 'password-hash']
        .map(
          (name) =>
            `[[package]]\nname = "${name}"\nversion = "0.8.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${m.hex(64)}"\n`,
        )
        .join('\n'),
    ),
    none(
      'poetry.lock',
      ['keyring', 'pyjwt', 'passlib']
        .map(
          (name) =>
            `[[package]]\nname = "${name}"\nversion = "2.0.0"\nfiles = [\n    {file = "${name}-2.0.0.tar.gz", hash = "sha256:${m.hex(64)}"},\n    {file = "${name}-2.0.0-py3-none-any.whl", hash = "sha256:${m.hex(64)}"},\n]\n`,
        )
        .join('\n'),
    ),
    none(
      'requirements.txt',
      `cryptography==45.0.0 \\\n    --hash=sha256:${m.hex(64)} \\\n    --hash=sha256:${m.hex(64)}\npython-keycloak==5.0.0 --hash=sha256:${m.hex(64)}`,
    ),
    none(
      'Chart.lock',
      `dependencies:\n- name: postgresql\n  repository: oci://registry-1.docker.io/bitnamicharts\n  version: 16.0.0\ndigest: sha256:${m.hex(64)}\ngenerated: "2026-03-01T10:00:00Z"`,
    ),
    none(
      'flake.lock',
      `{"nodes": {"nixpkgs": {"locked": {"lastModified": 1760000000, "narHash": "sha256-${m.base64(32)}", "owner": "NixOS", "rev": "${m.hex(40)}"}}}}`,
    ),
    none(
      'SHA256SUMS',
      ['linux-amd64', 'linux-arm64', 'darwin-arm64', 'windows-amd64']
        .map((name) => `${m.hex(64)}  gitops-${name}.tar.gz`)
        .join('\n'),
    ),
    none(
      'public/app.min.js',
      `!function(e,t){"use strict";var n=e.token||t.password,r="data:image/png;base64,${m.base64(180)}";function o(e){return e.password=i(e.secret),e.apiKey}var i=function(e){return btoa(e)};e.auth={token:n,key:"${m.alnum(8)}"}}(window,{});\n//# sourceMappingURL=app.min.js.map`,
    ),
    none(
      'public/index.html',
      `<script src="https://cdn.example.com/a.js" integrity="sha384-${m.base64(48)}" crossorigin="anonymous"></script>\n<link rel="stylesheet" href="/assets/app.${m.hex(20)}.css">\n<meta name="google-site-verification" content="${m.url64(43)}">\n<input type="hidden" name="csrf_token" value="{{ csrf_token }}">\n<script nonce="{{ nonce }}">window.token = null;</script>`,
    ),
    none(
      'public/icon.svg',
      `<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/png;base64,iVBORw0KGgo${m.base64(240)}"/></svg>`,
    ),
    none(
      'docs/authentication.md',
      `
# Authentication

Set \`password\` to the password of the database, and \`token\` to your token.

| Value | Meaning | Default |
| --- | --- | --- |
| \`auth.password\` | Password of the user; random when empty | \`""\` |
| \`auth.existingSecret\` | Name of a Secret with the key \`password\` | \`""\` |
| \`apiKey\` | Key of the API, see the console | \`nil\` |

    export API_TOKEN=<your token>
    curl -H "Authorization: Bearer $API_TOKEN" https://api.example.com/
    curl -u user:**** https://api.example.com/
    kubectl create secret generic app --from-literal=password="$(openssl rand -hex 16)"`,
    ),
    none(
      'CHANGELOG.md',
      `
- **auth:** rotate the signing key every day ([${m.hex(7)}](https://github.com/acme/app/commit/${m.hex(40)}))
- **token:** tokens end after 24h
- bump \`jsonwebtoken\` from 9.0.1 to 9.0.2
- password: hide the value in logs
- secret names may hold dots`,
    ),
    none(
      'test/vectors.json',
      `
[
  {"algorithm": "SHA-256", "message": "abc", "digest": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
  {"algorithm": "SHA-1", "message": "", "digest": "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
  {"algorithm": "MD5", "message": "", "digest": "d41d8cd98f00b204e9800998ecf8427e"},
  {"algorithm": "SHA-256", "message": "${m.hex(16)}", "digest": "${m.hex(64)}"}
]`,
    ),
    none(
      'ids/resources.yaml',
      `
subscriptionId: ${m.uuid()}
userPoolId: eu-west-1_${m.alnum(9)}
userPoolClientId: ${m.of('abcdefghijklmnopqrstuvwxyz0123456789', 26)}
distributionId: E${m.upper(13)}
accountId: "${m.digits(12)}"
instanceId: i-${m.hex(17)}
keyArn: arn:aws:kms:eu-west-1:${m.digits(12)}:key/${m.uuid()}
secretArn: arn:aws:secretsmanager:eu-west-1:${m.digits(12)}:secret:prod/api-token-${m.alnum(6)}
secretVersion: projects/acme/secrets/db-password/versions/3
keyVaultSecretUri: https://acme.vault.azure.net/secrets/db-password/${m.hex(32)}
traceparent: 00-${m.hex(32)}-${m.hex(16)}-01
objectId: ${m.hex(24)}
ulid: 01J${m.of('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)}
etag: '"${m.hex(32)}"'`,
    ),
    none(
      'openapi.yaml',
      `
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer, bearerFormat: JWT}
    apiKey: {type: apiKey, in: header, name: X-API-Key}
    oauth: {type: oauth2, flows: {password: {tokenUrl: /oauth/token, scopes: {}}}}
  schemas:
    Login:
      required: [username, password]
      properties:
        password: {type: string, format: password, minLength: 12, writeOnly: true}
        token: {type: string, nullable: true}
        clientSecret: {$ref: '#/components/schemas/Secret'}`,
    ),
    none(
      'proto/auth.proto',
      `message LoginRequest { string username = 1; string password = 2; }\nmessage Token { string access_token = 1; string refresh_token = 2; int64 expires_in = 3; }\nrpc CreateApiKey(CreateApiKeyRequest) returns (ApiKey);`,
    ),
    none(
      'etc/shadowless.conf',
      `auth_basic_user_file /etc/nginx/.htpasswd;\nssl_certificate_key /etc/tls/tls.key;\nproxy_set_header Authorization $http_authorization;\nproxy_set_header X-Api-Key $http_x_api_key;\nssl_password_file /etc/keys/fifo;\nsecure_link_md5 "$secure_link_expires$uri $secret";`,
    ),
    none(
      'lang/de.properties',
      `login.password=Passwort\nlogin.passwordForgotten=Passwort vergessen?\ntoken.expired=Das Token ist abgelaufen\nsecret.description=Ein Geheimnis besteht aus mindestens zwölf Zeichen\napi.key.label=API-Schlüssel\npassword.placeholder=Bitte eingeben`,
    ),
    none(
      'python/test_auth.py',
      `def test_password_is_required(client):\n    assert client.post("/login", json={"password": ""}).status_code == 400\n    assert "token" not in client.get("/me").json()\n    password = fake.password(length=20)\n    token = secrets.token_urlsafe(32)\n    monkeypatch.setenv("API_TOKEN", token)`,
    ),
    none(
      'make/Makefile',
      `TOKEN ?= $(shell vault kv get -field=token secret/ci)\nPASSWORD := $(DB_PASSWORD)\nKEY_FILE = certs/tls.key\nCHECKSUM = ${m.hex(64)}\nsecret: ; kubectl create secret generic app --from-env-file=.env --dry-run=client -o yaml | kubeseal`,
    ),
    none(
      '.secrets.baseline',
      `
{
  "version": "1.5.0",
  "plugins_used": [{"name": "Base64HighEntropyString", "limit": 4.5}, {"name": "KeywordDetector", "keyword_exclude": ""}],
  "results": {
    "config/app.yml": [
      {"type": "Secret Keyword", "filename": "config/app.yml", "hashed_secret": "${m.hex(40)}", "is_verified": false, "line_number": 12},
      {"type": "Base64 High Entropy String", "filename": "config/app.yml", "hashed_secret": "${m.hex(40)}", "is_verified": false, "line_number": 30}
    ]
  }
}`,
    ),
    none(
      'docs/notebook.ipynb',
      `{"cells": [{"cell_type": "code", "id": "${m.hex(8)}", "source": ["token = getpass('Token: ')\\n", "client = Client(token=token)"], "outputs": [{"data": {"image/png": "iVBORw0KGgo${m.base64(150)}"}}]}]}`,
    ),
  ];
};
