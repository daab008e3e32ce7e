import type { PlantedPage } from '../second/planted.js';
import { noneAtAll, plant } from '../second/planted.js';
import { file, harmless, type Part } from './marks.js';

/** Files of keys, private and public. */
export const keys: Part = (m) => {
  const key = (path: string, text: string): PlantedPage => file('keys', path, text);
  return [
    key('keys/id_ed25519', `${plant(m.opensshKey())}\n`),
    key('keys/deploy_rsa', `${plant(m.rsaKey())}\n`),
    key('certs/site.key', `${plant(m.pkcs8Key())}\n`),
    key('certs/ec.pem', `${noneAtAll(m.certificate())}\n${plant(m.ecKey())}\n`),
    key(
      'keys/age.txt',
      `# created: 2026-02-01T10:00:00Z\n# public key: ${m.ageRecipient()} §F\n${plant(m.age())}\n`,
    ),
    key(
      'keys/encryption-config.yaml',
      `
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets] §F
    providers:
      - aescbc:
          keys:
            - name: key1
              secret: ${plant(m.base64(32))}
      - identity: {}`,
    ),
    key(
      'keys/jwk.json',
      `
{
  "kty": "EC",
  "crv": "P-256",
  "kid": "${m.url64(43)}", §F
  "x": "${m.url64(43)}", §F
  "y": "${m.url64(43)}", §F
  "d": "${plant(m.url64(43))}"
}`,
    ),
    key('certs/site.crt', `${noneAtAll(m.certificate())}\n${noneAtAll(m.certificate())}\n`),
    key('certs/site.pub.pem', `${noneAtAll(m.publicKey())}\n`),
    key(
      'keys/wrapped.pem',
      `${noneAtAll(`-----BEGIN AGE ENCRYPTED FILE-----\n${m.base64(48)}\n${m.base64(48)}\n-----END AGE ENCRYPTED FILE-----`)}\n`,
    ),
    key(
      'keys/message.asc',
      `${noneAtAll(`-----BEGIN PGP MESSAGE-----\n\n${m.base64(48)}\n${m.base64(48)}\n=${m.alnum(4)}\n-----END PGP MESSAGE-----`)}\n`,
    ),
    key(
      'keys/release.asc',
      `${noneAtAll(`-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF${m.alnum(58)}\n${m.base64(48)}\n=${m.alnum(4)}\n-----END PGP PUBLIC KEY BLOCK-----`)}\n`,
    ),
    harmless(
      'keys',
      'keys/authorized_keys',
      `${m.sshPublic()} deploy@build\n${m.sshPublic()} root@bastion\nssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ${m.base64(255)} ops@bastion`,
    ),
    harmless(
      'keys',
      'keys/known_hosts',
      `|1|${m.base64(20)}|${m.base64(20)} ${m.sshPublic()}\ngithub.com ${m.sshPublic()}\n[git.internal]:2222 ${m.sshPublic()}`,
    ),
    harmless(
      'keys',
      'keys/jwks.json',
      `
{
  "keys": [
    {"kty": "RSA", "use": "sig", "kid": "${m.url64(43)}", "e": "AQAB", "n": "${m.url64(342)}"},
    {"kty": "OKP", "crv": "Ed25519", "kid": "${m.uuid()}", "x": "${m.url64(43)}"}
  ]
}`,
    ),
    harmless(
      'keys',
      '.ansible/vault.yml',
      `$ANSIBLE_VAULT;1.2;AES256;prod\n${m.hex(80)}\n${m.hex(80)}\n${m.hex(80)}\n${m.hex(44)}`,
    ),
  ];
};

/** Tokens of providers wherever people drop them. */
export const tokens: Part = (m) => {
  const drop = (path: string, text: string): PlantedPage => file('provider-token', path, text);
  return [
    drop(
      'docs/runbook.md',
      `
# Rotating the deploy token

1. Log in with \`vault login ${plant(m.vault())}\`.
2. Then \`export GITHUB_TOKEN=${plant(m.github())}\`
3. The password lies in 1Password, item "deploy". §F
4. Never paste a token (\`ghp_...\`) here. §F
5. Bot: \`${plant(m.slackBot())}\`
6. Read the token from \`$VAULT_TOKEN\` §F`,
    ),
    drop(
      'notes/todo.txt',
      `
ask ops about the new key ${plant(m.stripe('rk_live'))} for billing
grafana: ${plant(m.grafana())}
ticket OPS-1442, commit ${m.hex(40)} §F
trace id ${m.hex(32)} §F
run ${m.uuid()} failed §F`,
    ),
    drop(
      'scripts/env.fish',
      `
set -x NEW_RELIC_API_KEY ${plant(m.newrelic())}
set -x DOPPLER_TOKEN ${plant(m.doppler())}
set -x POSTMAN_API_KEY ${plant(m.postman())}
set -x DIGITALOCEAN_ACCESS_TOKEN ${plant(m.digitalocean())}
set -x EDITOR_TOKEN_FILE ~/.config/token §F`,
    ),
    drop(
      'k6/load.js',
      `
import http from 'k6/http';
const params = { headers: { 'X-Shopify-Access-Token': '${plant(m.shopify())}' } };
const url = 'https://shop.example.com/api/v1/items?api_key=${plant(m.hex(40))}';
http.get('https://shop.example.com', params);
const digest = '${m.hex(64)}'; §F`,
    ),
    drop(
      'postman/collection.json',
      `
{
  "info": { "_postman_id": "${m.uuid()}", "name": "shop" }, §F
  "auth": { "type": "bearer", "bearer": [{ "key": "token", "value": "{{api_token}}", "type": "string" }] }, §F
  "item": [{
    "name": "login",
    "request": {
      "header": [{ "key": "Authorization", "value": "Bearer ${plant(m.jwt({ sub: '42', aud: 'shop' }))}" }],
      "url": "https://shop.example.com/api/token?grant_type=password" §F
    }
  }]
}`,
    ),
    drop(
      'logs/debug.log',
      `
2026-03-01T10:00:00Z INFO login user=42 password=[REDACTED] §F
2026-03-01T10:00:01Z DEBUG GET /v1/items Authorization: Bearer ${plant(m.openai())}
2026-03-01T10:00:02Z INFO request_id=${m.uuid()} token_type=bearer §F
2026-03-01T10:00:03Z WARN token expired for session ${m.uuid()} §F
2026-03-01T10:00:04Z DEBUG hook ${plant(m.discordHook())}`,
    ),
  ];
};
