import { b64, bech32 } from '../random.js';
import type { Mint } from './mint.js';
import { none, type PlantedPage, plant, planted } from './planted.js';

const yamlTail = (m: Mint, regex = '^(data|stringData)$'): string =>
  none(`sops:
  kms:
    - arn: arn:aws:kms:eu-west-1:${m.digits(12)}:key/${m.uuid()}
      created_at: "2026-02-11T09:14:52Z"
      enc: ${m.base64(180)}
      aws_profile: ""
  age:
    - recipient: ${bech32('age', m.bytes(32))}
      enc: |
        -----BEGIN AGE ENCRYPTED FILE-----
        ${m.base64(48)}
        ${m.base64(48)}
        -----END AGE ENCRYPTED FILE-----
  lastmodified: "2026-02-11T09:14:52Z"
  mac: ${m.sops(128)}
  encrypted_regex: ${regex}
  version: 3.9.4`);

const sealed = (name: string): string =>
  `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:`;

/** SealedSecrets and SOPS files: right, and partly in clear. */
export function encrypted(m: Mint): PlantedPage[] {
  const seals = (path: string, text: string) => planted('sealed', path, text);
  const sops = (path: string, text: string) => planted('sops', path, text);
  return [
    seals(
      'clusters/prod/sealed/db.yaml',
      `${sealed('db')}
  encryptedData:
${none(`    DB_PASSWORD: ${m.sealed()}
    DB_ROOT_PASSWORD: ${m.sealed(32)}
    JWT_SECRET: ${m.sealed(64)}
    license-key: ${m.sealed(48)}
  template:
    metadata:
      annotations:
        sealedsecrets.bitnami.com/managed: "true"
    type: Opaque`)}
`,
    ),
    seals(
      'clusters/prod/sealed/registry.json',
      `{
  "kind": "SealedSecret",
  "apiVersion": "bitnami.com/v1alpha1",
  "metadata": { "name": "registry", "annotations": { "sealedsecrets.bitnami.com/cluster-wide": "true" } },
  "spec": {
    "encryptedData": { ".dockerconfigjson": "${m.sealed(220)}" }, §F
    "template": { "type": "kubernetes.io/dockerconfigjson", "data": null } §F
  }
}
`,
    ),
    seals(
      'clusters/prod/sealed/old-blob.yaml',
      `${sealed('old')}
  data: ${m.sealed(300)} §F
`,
    ),
    seals(
      'clusters/prod/sealed/multi.yaml',
      `${sealed('tls')}
  encryptedData:
    tls.crt: ${m.sealed(1200)} §F
    tls.key: ${m.sealed(1700)} §F
---
${sealed('folded')}
  encryptedData:
    token: >- §F
      ${m.sealed().slice(0, 380)} §F+
      ${m.sealed().slice(380)} §F+
`,
    ),
    seals(
      'clusters/prod/sealed/template-clear.yaml',
      `${sealed('mixed')}
  encryptedData:
    token: ${m.sealed()} §F
  template:
    data:
      config.json: | §F
        {"token": "{{ index . \\"token\\" }}"} §F
      smtp-password: ${plant(m.human())}
      db.url: mysql://app:${plant(m.plainPassword())}@mysql:3306/app
`,
    ),
    seals(
      'clusters/prod/sealed/not-sealed.yaml',
      `${sealed('broken')}
  encryptedData:
    password: ${plant(b64(m.human()))}
    api-key: ${plant(b64(m.alnum(40)))}
    ok: ${m.sealed()} §F
`,
    ),
    seals(
      'clusters/prod/sealed/last-applied.yaml',
      `${sealed('leaky')}
  encryptedData:
    password: ${m.sealed()} §F
  template:
    metadata:
      annotations:
        kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"leaky"},"data":{"password":"${plant(b64(m.made()))}"}}'
`,
    ),
    sops(
      'clusters/prod/sops/secret.enc.yaml',
      `apiVersion: v1
kind: Secret
metadata:
  name: shop
stringData:
${none(`  DB_PASSWORD: ${m.sops(20)}
  API_TOKEN: ${m.sops(40)}
  PORT: ${m.sops(4, 'int')}
  ENABLED: ${m.sops(4, 'bool')}
  EMPTY: ""`)}
${yamlTail(m)}
`,
    ),
    sops(
      'clusters/prod/sops/partly.yaml',
      `apiVersion: v1
kind: Secret
metadata:
  name: partly
stringData:
  DB_PASSWORD: ${m.sops(20)} §F
  NEW_API_TOKEN: ${plant(m.alnum(40))}
  smtp_password: ${plant(m.human())}
data:
  late: ${plant(b64(m.made(24)))}
${yamlTail(m)}
`,
    ),
    sops(
      'clusters/prod/sops/values.sops.yaml',
      `${none(`db:
  host: ${m.sops(12)}
  password: ${m.sops(22)}
  port: ${m.sops(4, 'int')}
users:
  - name: ${m.sops(6)}
    token: ${m.sops(32)}
#${m.sops(30, 'comment')}`)}
adminPassword_unencrypted: ${plant(m.human())}
region_unencrypted: eu-west-1 §F
${none(`sops:
  age:
    - recipient: ${bech32('age', m.bytes(32))}
      enc: |
        -----BEGIN AGE ENCRYPTED FILE-----
        ${m.base64(48)}
        -----END AGE ENCRYPTED FILE-----
  lastmodified: "2026-05-01T08:00:00Z"
  mac: ${m.sops(128)}
  unencrypted_suffix: _unencrypted
  version: 3.9.4`)}
`,
    ),
    sops(
      'clusters/prod/sops/tokens.enc.json',
      `{
	"slack": "${m.sops(57)}", §F
	"github": { "token": "${m.sops(40)}" }, §F
	"late": { "webhook_secret": "${plant(m.hex(40))}" },
	"sops": {
		"age": [{ "recipient": "${bech32('age', m.bytes(32))}", "enc": "-----BEGIN AGE ENCRYPTED FILE-----\\n${m.base64(48)}\\n-----END AGE ENCRYPTED FILE-----\\n" }], §F
		"lastmodified": "2026-03-03T10:00:00Z",
		"mac": "${m.sops(128)}", §F
		"version": "3.9.4"
	}
}
`,
    ),
    sops(
      'clusters/prod/sops/app.enc.env',
      `${none(`DB_PASSWORD=${m.sops(18)}
STRIPE_KEY=${m.sops(107)}`)}
SMTP_PASSWORD=${plant(m.human())}
${none(`sops_age__list_0__map_recipient=${bech32('age', m.bytes(32))}
sops_age__list_0__map_enc=-----BEGIN AGE ENCRYPTED FILE-----\\n${m.base64(48)}\\n-----END AGE ENCRYPTED FILE-----\\n
sops_lastmodified=2026-03-03T10:00:00Z
sops_mac=${m.sops(128)}
sops_unencrypted_suffix=_unencrypted
sops_version=3.9.4`)}
`,
    ),
    sops(
      'clusters/prod/sops/legacy.enc.ini',
      `[database]
${none(`password=${m.sops(18)}
user=${m.sops(4)}`)}
[mail]
password=${plant(m.human())}
[sops]
${none(`age__list_0__map_recipient=${bech32('age', m.bytes(32))}
lastmodified=2026-03-03T10:00:00Z
mac=${m.sops(128)}
version=3.9.4`)}
`,
    ),
    sops(
      'clusters/prod/sops/binary.enc',
      `{
	"data": "${m.sops(800)}", §F
	"sops": {
		"age": [{ "recipient": "${bech32('age', m.bytes(32))}", "enc": "-----BEGIN AGE ENCRYPTED FILE-----\\n${m.base64(48)}\\n-----END AGE ENCRYPTED FILE-----\\n" }], §F
		"lastmodified": "2026-03-03T10:00:00Z",
		"mac": "${m.sops(128)}", §F
		"version": "3.9.4"
	}
}
`,
    ),
    sops(
      'clusters/lab/.sops.yaml',
      none(`creation_rules:
  - path_regex: .*/prod/.*\\.enc\\.yaml$
    encrypted_regex: ^(data|stringData|password|token)$
    age: ${bech32('age', m.bytes(32))}
    pgp: ${m.hex(40).toUpperCase()}
  - kms: arn:aws:kms:eu-west-1:${m.digits(12)}:alias/sops
    azure_keyvault: https://acme-kv.vault.azure.net/keys/sops/${m.hex(32)}
    gcp_kms: projects/acme/locations/global/keyRings/sops/cryptoKeys/sops-key
    hc_vault_transit_uri: https://vault.acme.example:8200/v1/sops/keys/main`),
    ),
    sops(
      'secrets/age/key.txt',
      `# created: 2026-01-14T11:20:03+01:00 §F
# public key: ${bech32('age', m.bytes(32))} §F
${plant(bech32('age-secret-key-', m.bytes(32)).toUpperCase())}
`,
    ),
    sops(
      'secrets/age/notes.age',
      none(`-----BEGIN AGE ENCRYPTED FILE-----
${m.base64(48)}
${m.base64(48)}
${m.base64(30)}
-----END AGE ENCRYPTED FILE-----`),
    ),
    sops(
      'ansible/group_vars/all/vault.yml',
      none(`$ANSIBLE_VAULT;1.1;AES256
${m.hex(80)}
${m.hex(80)}
${m.hex(80)}
${m.hex(42)}`),
    ),
    sops(
      'ansible/group_vars/all/main.yml',
      `db_user: app §?
db_password: !vault | §F
  $ANSIBLE_VAULT;1.2;AES256;prod §F+
  ${m.hex(80)} §F+
  ${m.hex(80)} §F+
ansible_become_password: ${plant(m.human())}
api_token: "{{ vault_api_token }}" §F
ldap_bind_pw: "{{ lookup('env', 'LDAP_PW') }}" §F
ssh_password_authentication: false §F
ansible_ssh_private_key_file: ~/.ssh/deploy §F
grafana_admin_password: "{{ lookup('community.hashi_vault.hashi_vault', 'secret=secret/data/grafana:password') }}" §F
snmp_community: ${plant(m.made(15))}
`,
    ),
  ];
}
