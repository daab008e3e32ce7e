import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { certificate, ecKey, opensshKey, pkcs8Key, rsaKey, sshPublicKey } from './pem.js';
import { none, type PlantedPage, plant, planted, under } from './planted.js';

const head = (name: string, type = 'Opaque', namespace = 'shop'): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ntype: ${type}`;

/** Secrets of the API's types, in data and stringData, alone, in lists and in JSON. */
export function kubernetesSecrets(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('k8s-secret', path, text);
  const docker = () => m.dockerConfig('ghcr.io', 'acme-puller', m.github());
  return [
    at(
      'clusters/prod/shop/db-secret.yaml',
      `${head('shop-db')}
data:
  host: ${b64('db.shop.svc')} §?
  username: ${b64('shop')} §?
  password: ${plant(b64(m.human()))}
  replication-password: ${plant(b64(m.made()))}
`,
    ),
    at(
      'clusters/prod/shop/session-secret.yaml',
      `${head('shop-session')}
immutable: true
stringData:
  SESSION_SECRET: ${plant(m.hex(64))}
  COOKIE_SIGNING: ${plant(m.base64(32))}
  CSRF_SALT: ${plant(m.alnum(24))}
  SESSION_TTL: "3600" §F
  COOKIE_DOMAIN: .shop.example.com §F
  COOKIE_SECURE: "true" §F
`,
    ),
    at(
      'clusters/prod/shop/basic-auth.yaml',
      `${head('shop-metrics-auth', 'kubernetes.io/basic-auth')}
stringData:
  username: prometheus §?
  password: '${plant(m.passphrase())}'
`,
    ),
    at(
      'clusters/prod/shop/basic-auth-data.yaml',
      `${head('shop-admin-auth', 'kubernetes.io/basic-auth')}
data:
  username: ${b64('admin')} §?
  password: ${plant(b64(m.human()))}
`,
    ),
    at(
      'clusters/prod/flux-system/git-ssh.yaml',
      `${head('git-ssh', 'kubernetes.io/ssh-auth', 'flux-system')}
stringData:
  ssh-privatekey: |
    ${under(plant(opensshKey(m)), '    ')}
  known_hosts: github.com ${sshPublicKey(m)} §F
`,
    ),
    at(
      'clusters/prod/flux-system/git-ssh-data.yaml',
      `${head('git-deploy', 'Opaque', 'flux-system')}
data:
  identity: ${plant(b64(opensshKey(m)))}
  identity.pub: ${b64(sshPublicKey(m))} §F
  known_hosts: ${b64(`gitlab.com ${sshPublicKey(m)}`)} §F
`,
    ),
    at(
      'clusters/prod/ingress/tls.yaml',
      `${head('wildcard-tls', 'kubernetes.io/tls', 'ingress')}
data:
  tls.crt: ${b64(certificate(m))} §F
  tls.key: ${plant(b64(pkcs8Key(m)))}
  ca.crt: ${b64(certificate(m))} §F
`,
    ),
    at(
      'clusters/prod/ingress/tls-string.yaml',
      `${head('edge-tls', 'kubernetes.io/tls', 'ingress')}
stringData:
  tls.key: |-
    ${under(plant(ecKey(m)), '    ')}
`,
    ),
    at(
      'clusters/prod/ingress/tls-folded.yaml',
      `${head('mesh-tls', 'kubernetes.io/tls', 'ingress')}
data:
  tls.key: >-
    ${under(plant(b64(rsaKey(m)).replace(/(.{100})/g, '$1\n')), '    ')}
`,
    ),
    at(
      'clusters/prod/shop/pull.yaml',
      `${head('ghcr', 'kubernetes.io/dockerconfigjson')}
data:
  .dockerconfigjson: ${plant(b64(docker()))}
`,
    ),
    at(
      'clusters/prod/shop/pull-string.yaml',
      `${head('quay', 'kubernetes.io/dockerconfigjson')}
stringData:
  .dockerconfigjson: '${plant(m.dockerConfig('quay.io', 'acme+robot', m.upper(64)))}'
`,
    ),
    at(
      'clusters/prod/shop/pull-auth-only.yaml',
      `${head('harbor', 'kubernetes.io/dockerconfigjson')}
stringData:
  .dockerconfigjson: |
    {
      "auths": {
        "harbor.acme.internal": {
          "auth": "${plant(b64(`robot$ci:${m.alnum(32)}`))}",
          "email": "ci@acme.example" §F
        }
      }
    }
`,
    ),
    at(
      'clusters/prod/shop/pull-old.yaml',
      `${head('old-registry', 'kubernetes.io/dockercfg')}
data:
  .dockercfg: ${plant(b64(JSON.stringify({ 'https://index.docker.io/v1/': { username: 'acmeci', password: m.made(), email: 'ci@acme.example' } })))}
`,
    ),
    at(
      'clusters/prod/kube-system/sa-token.yaml',
      `apiVersion: v1
kind: Secret
metadata:
  name: ci-deployer-token
  namespace: kube-system
  annotations:
    kubernetes.io/service-account.name: ci-deployer §F
    kubernetes.io/service-account.uid: ${m.uuid()} §F
type: kubernetes.io/service-account-token
data:
  ca.crt: ${b64(certificate(m))} §F
  namespace: ${b64('kube-system')} §F
  token: ${plant(b64(m.serviceAccountToken('kube-system', 'ci-deployer')))}
`,
    ),
    at(
      'clusters/prod/kube-system/sa-token-empty.yaml',
      none(`apiVersion: v1
kind: Secret
metadata:
  name: prometheus-token
  annotations:
    kubernetes.io/service-account.name: prometheus
type: kubernetes.io/service-account-token`),
    ),
    at(
      'clusters/prod/kube-system/bootstrap.yaml',
      `${head(`bootstrap-token-${'k7'}x2p1`, 'bootstrap.kubernetes.io/token', 'kube-system')}
stringData:
  description: joins the edge nodes §F
  token-id: k7x2p1 §?
  token-secret: ${plant(m.of('abcdefghijklmnopqrstuvwxyz0123456789', 16))}
  expiration: "2031-03-10T03:22:11Z" §F
  usage-bootstrap-authentication: "true" §F
  usage-bootstrap-signing: "true" §F
  auth-extra-groups: system:bootstrappers:edge §F
`,
    ),
    at(
      'clusters/prod/mail/list.yaml',
      `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Secret
    metadata:
      name: smtp
    stringData:
      SMTP_PASS: ${plant(m.human())}
      SMTP_HOST: smtp.acme.example §F
      SMTP_PORT: "587" §F
  - apiVersion: v1
    kind: ConfigMap
    metadata:
      name: mail
    data:
      MAIL_FROM: noreply@acme.example §F
      MAIL_AUTH_METHOD: PLAIN §F
  - apiVersion: v1
    data:
      dkim.key: ${plant(b64(rsaKey(m, 1024)))}
    kind: Secret
    metadata:
      name: dkim
`,
    ),
    at(
      'clusters/prod/mail/secretlist.yaml',
      `apiVersion: v1
kind: SecretList
items:
  - metadata: {name: imap}
    data:
      password: ${plant(b64(m.passphrase(' ')))}
  - metadata: {name: sieve}
    stringData: {"sieve-password": "${plant(m.made(18))}"}
`,
    ),
    at(
      'clusters/prod/crm/all-in-one.yaml',
      `# everything for the CRM in one file
apiVersion: v1
kind: Namespace
metadata:
  name: crm
---
apiVersion: v1
kind: Service
metadata:
  name: crm
  namespace: crm
spec:
  selector:
    app: crm
  ports:
    - port: 80
---
${head('crm', 'Opaque', 'crm')}
stringData:
  config.yaml: |
    database:
      host: pg-crm.crm.svc
      user: crm §?
      password: ${plant(m.human())}
    smtp:
      password_file: /run/secrets/smtp §F
      tls: true
    jwt:
      signing_key: ${plant(m.base64(48))}
      issuer: https://crm.acme.example §F
---
apiVersion: v1
data:
  license.txt: ${plant(b64(`ACME-CRM\nSeats: 250\nLicense-Key: ${m.upper(5)}-${m.upper(5)}-${m.upper(5)}-${m.upper(5)}\n`))}
kind: Secret
metadata:
  name: crm-license
  namespace: crm
type: Opaque
`,
    ),
    at(
      'clusters/prod/crm/secret.json',
      `{
  "apiVersion": "v1",
  "kind": "Secret",
  "metadata": { "name": "crm-api", "namespace": "crm" },
  "type": "Opaque",
  "data": {
    "api-key": "${plant(b64(m.alnum(40)))}",
    "webhook-hmac": "${plant(b64(m.hex(40)))}",
    "log-level": "${b64('info')}" §?
  }
}
`,
    ),
    at(
      'clusters/prod/crm/secret-min.json',
      `{"kind":"Secret","apiVersion":"v1","metadata":{"name":"ldap"},"stringData":{"bindpw":"${plant(m.human())}"}}\n`,
    ),
    at(
      'clusters/edge/wifi/secret.yaml',
      `${head('wifi', 'Opaque', 'edge')}
stringData:
  ssid: acme-floor-2 §?
  psk: "${plant(`${m.word()} ${m.word()} ${m.digits(4)}`)}"
  wpa_supplicant.conf: |
    network={
      ssid="acme-iot" §?
      psk="${plant(m.human())}"
      key_mgmt=WPA-PSK §F
    }
`,
    ),
    at(
      'clusters/edge/backup/restic.yaml',
      `${head('restic', 'Opaque', 'backup')}
stringData:
  RESTIC_REPOSITORY: s3:https://s3.eu-central-1.amazonaws.com/acme-backup §F
  RESTIC_PASSWORD: ${plant(m.passphrase())}
  AWS_ACCESS_KEY_ID: AKIA${m.upper(16)} §?
  AWS_SECRET_ACCESS_KEY: ${plant(m.base64(30))}
`,
    ),
    at(
      'clusters/edge/backup/rclone.yaml',
      `${head('rclone', 'Opaque', 'backup')}
data:
  rclone.conf: ${plant(b64(`[b2]\ntype = b2\naccount = 004${m.hex(22)}\nkey = K004${m.alnum(27)}\nhard_delete = true\n`))}
`,
    ),
    at(
      'clusters/edge/backup/velero.yaml',
      `${head('cloud-credentials', 'Opaque', 'velero')}
stringData:
  cloud: |
    [default]
    aws_access_key_id = AKIA${m.upper(16)} §?
    aws_secret_access_key = ${plant(m.base64(30))}
    region = eu-west-1 §F
`,
    ),
    at(
      'clusters/edge/vpn/wireguard.yaml',
      `${head('wireguard', 'Opaque', 'vpn')}
stringData:
  wg0.conf: |
    [Interface]
    Address = 10.13.13.2/32
    PrivateKey = ${plant(m.base64(32))}
    DNS = 10.13.13.1

    [Peer]
    PublicKey = ${m.base64(32)} §F
    PresharedKey = ${plant(m.base64(32))}
    AllowedIPs = 0.0.0.0/0 §F
    Endpoint = vpn.acme.example:51820 §F
`,
    ),
    at(
      'clusters/edge/gitea/app-ini.yaml',
      `${head('gitea-ini', 'Opaque', 'gitea')}
stringData:
  app.ini: |
    [database]
    DB_TYPE = postgres §F
    PASSWD = ${plant(m.made(16))}
    [security]
    INSTALL_LOCK = true §F
    SECRET_KEY = ${plant(m.alnum(64))}
    INTERNAL_TOKEN = ${plant(m.jwt({ nbf: 1_690_000_000 + m.below(9_000_000) }))}
    PASSWORD_HASH_ALGO = pbkdf2 §F
    MIN_PASSWORD_LENGTH = 12 §F
`,
    ),
    at(
      'clusters/edge/minio/env.yaml',
      `${head('minio-env', 'Opaque', 'minio')}
stringData:
  config.env: |-
    export MINIO_ROOT_USER="root" §?
    export MINIO_ROOT_PASSWORD="${plant(m.human())}"
    export MINIO_BROWSER="on" §F
    export MINIO_PROMETHEUS_AUTH_TYPE="public" §F
`,
    ),
    at(
      'clusters/edge/argo/workflow-s3.yaml',
      `kind: Secret
apiVersion: v1
metadata: {name: artifacts, namespace: argo}
data: {accesskey: ${b64('argo-artifacts')}, secretkey: ${plant(b64(m.alnum(40)))}}
`,
    ),
    at(
      'clusters/edge/annotated/last-applied.yaml',
      `apiVersion: v1
kind: Secret
metadata:
  name: poller
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"v1","kind":"Secret","metadata":{"name":"poller"},"stringData":{"community":"${plant(m.made(14))}"}}
    reloader.stakater.com/match: "true" §F
    checksum/config: ${m.hex(64)} §F
`,
    ),
    at(
      'clusters/edge/odd/anchors.yaml',
      `${head('anchored', 'Opaque', 'edge')}
stringData:
  primary: &pw "${plant(m.human())}"
  secondary: *pw §?
  "DB_\\u0050ASSWORD": "${plant(m.made(16))}"
`,
    ),
    at(
      'clusters/edge/odd/binary-tag.yaml',
      `${head('tagged', 'Opaque', 'edge')}
data:
  keystore.p12: !!binary ${plant(Buffer.concat([Buffer.from('308205f6020103308205ef', 'hex'), m.bytes(1519)]).toString('base64'))}
  keystore.pass: ${plant(b64(m.word() + m.digits(5)))}
`,
    ),
    at(
      'clusters/staging/placeholders.yaml',
      `${head('placeholders', 'Opaque', 'staging')}
stringData:
${none(`  a-password: \${DB_PASSWORD}
  b-password: <path:kv/data/shop#db-password>
  c-password: "{{ .Values.db.password }}"
  d-password: ""
  e-password: null
  f-password: ~
  g-password: "<REPLACE_ME>"
  h-password: ref+vault://kv/shop#/password
  i-password: ENC[AES256_GCM,data:${m.base64(12)},iv:${m.base64(32)},tag:${m.base64(16)},type:str]
  j-token: $(API_TOKEN)
  k-token: __API_TOKEN__
  l-token: op://prod/shop/token
  m-token: "%%API_TOKEN%%"
  n-token: <API_TOKEN>
  o-token: vault:secret/data/shop#token
  p-token: ref+awssecrets://shop/api-token?region=eu-west-1
  q-token: '{{ "{{ .token }}" }}'
  r-token: \${file:/run/secrets/token}
  s-token: <kv/shop | token>`)}
`,
    ),
    at(
      'clusters/staging/empty-data.yaml',
      `${head('filled-by-operator', 'Opaque', 'staging')}
data:
${none(`  tls.crt: ""
  password: ""
  ca-bundle.crt: ${b64(certificate(m))}
  public.pem: ${b64(sshPublicKey(m))}
  api-token: ${b64(`<path:kv/data/ci#token>`)}
  db-password: ${b64(`\${DB_PASSWORD}`)}`)}
`,
    ),
  ];
}
