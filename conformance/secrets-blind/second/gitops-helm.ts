import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { pkcs8Key } from './pem.js';
import { none, type PlantedPage, plant, planted } from './planted.js';

/** Helm: values with and without secrets, templates, and Chart files. */
export function helm(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('helm', path, text);
  return [
    at(
      'charts/postgres/values-live.yaml',
      `auth:
  enablePostgresUser: true §F
  postgresPassword: ${plant(m.human())}
  username: app §?
  password: "${plant(m.made(20))}"
  replicationPassword: '${plant(m.passphrase())}'
  existingSecret: "" §F
  secretKeys:
    adminPasswordKey: postgres-password §F
    userPasswordKey: password §F
    replicationPasswordKey: replication-password §F
  usePasswordFiles: true §F
tls:
  enabled: true
  certificatesSecret: pg-tls §F
  certKeyFilename: tls.key §F
primary:
  extraEnvVars:
    - name: POSTGRES_INITDB_ARGS
      value: --auth-host=scram-sha-256 §F
    - name: EXPORTER_PASS
      value: ${plant(m.human())}
metrics:
  customQueries: {}
`,
    ),
    at(
      'charts/umbrella/values.yaml',
      none(`global:
  imagePullSecrets: []
  postgresql:
    auth:
      existingSecret: umbrella-pg
      password: ""
redis:
  auth:
    enabled: true
    password: ""
    existingSecretPasswordKey: redis-password
    usePasswordFileFromSecret: false
keycloak:
  auth:
    adminUser: admin
    adminPassword:
    passwordSecretKey: admin-password
    managementPassword: null
  proxyHeaders: xforwarded
  tls:
    keystorePassword: ""
    truststorePassword: ""
    passwordsSecret: keycloak-passwords
grafana:
  adminPassword: ""
  admin:
    existingSecret: grafana-admin
    passwordKey: admin-password
serviceAccount:
  create: true
  automountServiceAccountToken: false
  tokenPath: /var/run/secrets/tokens
secretAnnotations: {}
credentialsSecretName: umbrella-credentials
apiKeySecretRef:
  name: umbrella-api
  key: apiKey
sessionTokenTTL: 15m
tokenRotation: weekly
passwordless: true
podAnnotations:
  checksum/secrets: ${m.hex(64)}
image:
  digest: sha256:${m.hex(64)}
  pullSecrets:
    - name: ghcr-pull`),
    ),
    at(
      'charts/umbrella/values-eu.yaml',
      `rabbitmq:
  auth:
    username: shop §?
    password: ${plant(m.human())}
    erlangCookie: ${plant(m.alnum(32))}
    tls:
      enabled: false
minio:
  rootUser: root §?
  rootPassword: ${plant(m.made(16))}
  users:
    - accessKey: loki §?
      secretKey: ${plant(m.alnum(28))}
      policy: readwrite §F
    - accessKey: tempo §?
      existingSecret: tempo-minio §F
      existingSecretKey: secretKey §F
grafana:
  adminPassword: ${plant(m.human())}
  grafana.ini:
    auth.gitlab:
      client_id: ${m.hex(64)} §F
      client_secret: ${plant(m.hex(64))}
    smtp:
      password: $__env{SMTP_PASSWORD} §F
  envFromSecret: grafana-env §F
loki:
  storage:
    s3:
      s3: s3://loki:${plant(m.alnum(24))}@minio.minio.svc:9000/loki
      secretAccessKey: \${S3_SECRET} §F
argocd:
  configs:
    secret:
      argocdServerAdminPassword: $2a$10$${m.alnum(53)} §?
      githubSecret: ${plant(m.hex(32))}
      extra:
        oidc.sso.clientSecret: ${plant(m.alnum(32))}
`,
    ),
    at(
      'charts/umbrella/templates/secret.yaml',
      none(`{{- if not .Values.auth.existingSecret }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "umbrella.fullname" . }}-auth
type: Opaque
data:
  password: {{ .Values.auth.password | default (randAlphaNum 24) | b64enc | quote }}
  postgres-password: {{ include "common.secrets.passwords.manage" (dict "secret" .Release.Name "key" "postgres-password") }}
  token: {{ required "auth.token is required" .Values.auth.token | b64enc }}
  api-key: {{ (lookup "v1" "Secret" .Release.Namespace "umbrella").data.apiKey | default (randBytes 32) }}
  {{- range $key, $value := .Values.secrets }}
  {{ $key }}: {{ $value | b64enc | quote }}
  {{- end }}
{{- end }}`),
    ),
    at(
      'charts/umbrella/templates/deployment.yaml',
      `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "umbrella.fullname" . }}
spec:
  template:
    metadata:
      annotations:
        checksum/secret: {{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }} §F
    spec:
      containers:
        - name: app
          env:
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef: §F
                  name: {{ .Values.auth.existingSecret | default (printf "%s-auth" .Release.Name) }} §F
                  key: {{ .Values.auth.secretKeys.userPasswordKey }} §F
            - name: LICENCE
              value: {{ .Values.licence | quote }} §F
            - name: INTERNAL_TOKEN
              value: "${plant(m.alnum(44))}"
            - name: TELEMETRY_TOKEN
              value: {{ default "${plant(m.hex(40))}" .Values.telemetry.token }}
`,
    ),
    at(
      'charts/umbrella/templates/_helpers.tpl',
      none(`{{- define "umbrella.databasePassword" -}}
{{- printf "postgres://%s:%s@%s/%s" .Values.db.user .Values.db.password .Values.db.host .Values.db.name -}}
{{- end -}}
{{- define "umbrella.secretName" -}}
{{- if .Values.existingSecret -}}{{ .Values.existingSecret }}{{- else -}}{{ include "umbrella.fullname" . }}-secret{{- end -}}
{{- end -}}
{{- define "umbrella.imagePullSecret" -}}
{{- printf "{\\"auths\\":{\\"%s\\":{\\"auth\\":\\"%s\\"}}}" .registry (printf "%s:%s" .username .password | b64enc) | b64enc }}
{{- end -}}`),
    ),
    at(
      'charts/umbrella/templates/NOTES.txt',
      none(`To get the admin password run:
  export PASSWORD=$(kubectl get secret -n {{ .Release.Namespace }} {{ include "umbrella.fullname" . }} -o jsonpath="{.data.admin-password}" | base64 -d)
  psql postgres://app:$PASSWORD@127.0.0.1:5432/app
The default user is admin; change the password after the first login.`),
    ),
    at(
      'charts/umbrella/Chart.lock',
      none(`dependencies:
  - name: postgresql
    repository: oci://registry-1.docker.io/bitnamicharts
    version: 16.2.1
digest: sha256:${m.hex(64)}
generated: "2026-04-01T12:33:10.123456+02:00"`),
    ),
    at(
      'charts/umbrella/values.schema.json',
      none(`{
  "properties": {
    "adminPassword": { "type": "string", "minLength": 12, "description": "Password of the administrator" },
    "existingSecret": { "type": ["string", "null"], "default": "" },
    "apiToken": { "type": "string", "pattern": "^[A-Za-z0-9_-]{40}$" },
    "secretKey": { "$ref": "#/definitions/secretKeySelector" }
  }
}`),
    ),
    at(
      'helmfile/helmfile.yaml',
      `releases:
  - name: shop
    chart: acme/shop
    secrets:
      - secrets/shop.enc.yaml §F
    values:
      - db:
          password: ref+vault://secret/shop#/password §F
      - redis:
          password: {{ requiredEnv "REDIS_PASSWORD" }} §F
      - mail:
          password: ${plant(m.human())}
    set:
      - name: webhook.secret
        value: ${plant(m.hex(32))}
      - name: webhook.secretName
        value: shop-webhook §F
repositories:
  - name: acme
    url: https://charts.acme.example
    username: ci §?
    password: {{ env "CHARTS_PASSWORD" }} §F
  - name: partner
    url: https://reader:${plant(m.alnum(20))}@charts.partner.example/stable
`,
    ),
    at(
      'charts/shop/secrets.yaml.dec',
      `stripe: §?
  signingSecret: whsec_${plant(m.alnum(32))}
ftp:
  pass: ${plant(m.human())}
license: ${plant(`${m.upper(6)}-${m.upper(6)}-${m.upper(6)}-${m.upper(6)}`)}
oauth:
  clientID: shop-web §F
  clientSecret: ${plant(m.uuid())}
`,
    ),
    at(
      'charts/longhorn/values.yaml',
      none(`defaultSettings:
  backupTargetCredentialSecret: longhorn-backup
  v2DataEngine: false
privateRegistry:
  registryUser: null
  registryPasswd: null
  registrySecret: ~
  createSecret: false
csi:
  nodeDriverRegistrar: {}
persistence:
  encryption:
    secretName: longhorn-crypto
    passphraseKey: CRYPTO_KEY_VALUE
    keyCipher: aes-xts-plain64
    keySize: "256"
    pbkdf: argon2i`),
    ),
    at(
      'charts/vendor/values-b64.yaml',
      `secrets:
  dbPasswordB64: ${plant(b64(m.human()))}
  tlsKeyB64: ${plant(b64(pkcs8Key(m)))}
  iconB64: iVBORw0KGgoAAAANSUhEUgAAA${m.base64(300)} §F
  caBundleB64: ${b64(`-----BEGIN CERTIFICATE-----\n${m.base64(500)}\n-----END CERTIFICATE-----\n`)} §F
`,
    ),
  ];
}
