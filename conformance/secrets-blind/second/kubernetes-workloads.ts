import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { none, type PlantedPage, plant, planted } from './planted.js';

const deployment = (name: string, container: string): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${name}
spec:
  replicas: 2
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: ${name}
${container
  .replace(/^\n/, '')
  .split('\n')
  .map((line) => `          ${line}`)
  .join('\n')}`;

/** Literals in env, args, probes and annotations of workloads, among references of every sort. */
export function workloads(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('k8s-workload', path, text);
  return [
    at(
      'apps/ledger/deployment.yaml',
      deployment(
        'ledger',
        `
image: ghcr.io/acme/ledger@sha256:${m.hex(64)} §F
env:
  - name: DB_PASSWORD
    value: ${plant(m.human())}
  - {name: REDIS_AUTH, value: "${plant(m.made(24))}"}
  - value: ${plant(m.alnum(32))}
    name: JWT_SIGNING_KEY
  - name: DB_HOST
    value: pg.ledger.svc §F
  - name: PASSWORD_FILE
    value: /run/secrets/db §F
  - name: API_TOKEN
    valueFrom:
      secretKeyRef: §F
        name: ledger-token §F
        key: api-token §F
  - name: DSN
    value: postgres://ledger:$(DB_PASSWORD)@pg.ledger.svc/ledger §F
  - name: TOKEN_CACHE_SIZE
    value: "10000" §F
  - name: AUTH_ENABLED
    value: "true" §F`,
      ),
    ),
    at(
      'apps/proxy/deployment.yaml',
      deployment(
        'oauth2-proxy',
        `
image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0
args:
  - --client-id=acme-proxy §F
  - --client-secret=${plant(m.url64(36))}
  - --cookie-secret=${plant(m.base64(32))}
  - --cookie-secure=true §F
  - --cookie-refresh=1h §F
  - --pass-access-token=true §F
  - --set-authorization-header=true §F
  - --skip-jwt-bearer-tokens=true §F
  - --authenticated-emails-file=/etc/emails §F
  - --oidc-issuer-url=https://sso.acme.example/realms/acme §F`,
      ),
    ),
    at(
      'apps/sql/job.yaml',
      `apiVersion: batch/v1
kind: CronJob
metadata:
  name: sql-dump
spec:
  schedule: "0 2 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: dump
              image: mysql:8.4
              command:
                - sh
                - -c
                - |
                  mysqldump -h db -u root -p${plant(m.human())} shop > /backup/shop.sql
                  mysqldump -h db -u root -p"$MYSQL_ROOT_PASSWORD" crm > /backup/crm.sql §F
                  PGPASSWORD='${plant(m.made(16))}' pg_dump -h pg -U app app > /backup/app.sql
                  PGPASSWORD="$(cat /run/secrets/pg)" pg_dump -h pg app2 > /backup/app2.sql §F
                  redis-cli -h cache -a ${plant(m.alnum(24))} --rdb /backup/cache.rdb
                  mongodump --uri "mongodb://dump:${plant(m.plainPassword())}@mongo-0.mongo:27017/app?authSource=admin"
                  curl -sf -u "backup:${plant(m.word() + m.digits(4))}" -T /backup/app.sql https://dav.acme.example/
                  curl -sf -H "Authorization: Bearer $TOKEN" https://hc.acme.example/ping §F
`,
    ),
    at(
      'apps/cache/statefulset.yaml',
      `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: cache
spec:
  serviceName: cache
  selector:
    matchLabels: {app: cache}
  template:
    metadata:
      labels: {app: cache}
      annotations:
        checksum/secret: ${m.hex(64)} §F
        vault.hashicorp.com/agent-inject: "true" §F
        vault.hashicorp.com/agent-inject-secret-db: secret/data/cache/db §F
        vault.hashicorp.com/agent-inject-token: "true" §F
        vault.hashicorp.com/role: cache §F
    spec:
      imagePullSecrets:
        - name: ghcr-pull-secret §F
      containers:
        - name: cache
          image: redis:7.4
          command: ["redis-server", "--requirepass", "${plant(m.human())}", "--masterauth", "${plant(m.alnum(20))}"]
          livenessProbe:
            httpGet:
              path: /health
              port: 8080
              httpHeaders:
                - name: Authorization
                  value: Basic ${plant(b64(`probe:${m.made(14)}`))}
                - name: X-Request-Source
                  value: kubelet-liveness-probe §F
          volumeMounts:
            - name: token
              mountPath: /var/run/secrets/tokens §F
      volumes:
        - name: token
          projected:
            sources:
              - serviceAccountToken: §F
                  path: vault-token §F
                  expirationSeconds: 7200 §F
                  audience: vault §F
        - name: tls
          secret:
            secretName: cache-tls-secret §F
            optional: false §F
`,
    ),
    at(
      'apps/runner/pod.json',
      `{
  "apiVersion": "v1",
  "kind": "Pod",
  "metadata": { "name": "runner" },
  "spec": {
    "automountServiceAccountToken": false, §F
    "containers": [
      {
        "name": "runner",
        "image": "gitlab/gitlab-runner:v17.4.0",
        "env": [
          { "name": "CI_SERVER_TOKEN", "value": "glrt-${plant(m.url64(20))}" },
          { "name": "RUNNER_TOKEN_FILE", "value": "/etc/runner/token" }, §F
          { "name": "CACHE_S3_SECRET_KEY", "value": "${plant(m.base64(30))}" },
          { "name": "CACHE_S3_AUTHENTICATION_TYPE", "value": "access-key" } §F
        ]
      }
    ]
  }
}
`,
    ),
    at(
      'apps/keda/scaledobject.yaml',
      `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: worker
spec:
  scaleTargetRef:
    name: worker
  triggers:
    - type: rabbitmq
      metadata:
        host: amqp://scaler:${plant(m.plainPassword())}@rabbit.mq.svc:5672/vhost
        queueName: work §F
      authenticationRef: §F
        name: keda-rabbit-secret §F
    - type: redis
      metadata:
        address: cache:6379
        passwordFromEnv: REDIS_PASSWORD §F
`,
    ),
    at(
      'apps/patches/env-patch.yaml',
      `- op: add
  path: /spec/template/spec/containers/0/env/-
  value:
    name: LDAP_BIND_PASSWORD
    value: ${plant(m.human())}
- op: replace
  path: /spec/template/spec/containers/0/env/3/valueFrom/secretKeyRef/name §F
  value: ldap-credentials §F
`,
    ),
    at(
      'apps/kafka/user.yaml',
      `apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaUser
metadata:
  name: orders
spec:
  authentication:
    type: scram-sha-512 §F
    password:
      valueFrom:
        secretKeyRef: §F
          name: orders-kafka §F
          key: password §F
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaConnector
metadata:
  name: jdbc-sink
spec:
  class: io.confluent.connect.jdbc.JdbcSinkConnector
  config:
    connection.user: sink §?
    connection.password: ${plant(m.human())}
    ssl.truststore.location: /etc/kafka/truststore.jks §F
    sasl.jaas.config: org.apache.kafka.common.security.scram.ScramLoginModule required username="sink" password="${plant(m.made(18))}";
    basic.auth.credentials.source: USER_INFO §F
    schema.registry.basic.auth.user.info: \${file:/opt/kafka/credentials.properties:registry} §F
`,
    ),
    at(
      'apps/mesh/envoyfilter.yaml',
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: upstream-auth
spec:
  configPatches:
    - applyTo: HTTP_ROUTE
      patch:
        operation: MERGE
        value:
          request_headers_to_add:
            - header:
                key: x-partner-key
                value: ${plant(m.uuid())}
            - header:
                key: x-request-id
                value: "%REQ(X-REQUEST-ID)%" §F
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata:
  name: jwt
spec:
  jwtRules:
    - issuer: https://sso.acme.example §F
      jwksUri: https://sso.acme.example/keys §F
      forwardOriginalToken: true §F
      fromHeaders:
        - name: x-access-token §F
`,
    ),
    at(
      'apps/certs/issuer.yaml',
      none(`apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata:
  name: letsencrypt
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    privateKeySecretRef:
      name: letsencrypt-account-key
    externalAccountBinding:
      keyID: kid-${m.digits(4)}
      keySecretRef:
        name: eab-secret
        key: hmac
    solvers:
      - dns01:
          cloudflare:
            apiTokenSecretRef:
              name: cloudflare-api-token
              key: api-token
      - dns01:
          route53:
            accessKeyIDSecretRef:
              name: route53-credentials
              key: access-key-id
            secretAccessKeySecretRef:
              name: route53-credentials
              key: secret-access-key`),
    ),
    at(
      'apps/certs/webhook.yaml',
      none(`apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: policy
webhooks:
  - name: policy.acme.example
    clientConfig:
      caBundle: ${b64(`-----BEGIN CERTIFICATE-----\n${m.base64(600)}\n-----END CERTIFICATE-----\n`)}
      service:
        name: policy
        namespace: policy
        path: /validate-secret-tokens`),
    ),
    at(
      'apps/db/cnpg.yaml',
      none(`apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata:
  name: pg-main
spec:
  enableSuperuserAccess: false
  superuserSecret:
    name: pg-main-superuser
  bootstrap:
    initdb:
      database: app
      owner: app
      secret:
        name: pg-main-app
  backup:
    barmanObjectStore:
      destinationPath: s3://acme-pg-main/
      s3Credentials:
        accessKeyId:
          name: pg-backup-s3
          key: ACCESS_KEY_ID
        secretAccessKey:
          name: pg-backup-s3
          key: ACCESS_SECRET_KEY
  managed:
    roles:
      - name: reporting
        passwordSecret:
          name: pg-reporting-password
        validUntil: "2031-01-01T00:00:00Z"
  postgresql:
    parameters:
      password_encryption: scram-sha-256
      ssl_passphrase_command_supports_reload: "off"
      max_prepared_transactions: "100"`),
    ),
    at(
      'apps/rbac/role.yaml',
      none(`apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: secret-token-password-reader
rules:
  - apiGroups: [""]
    resources: ["secrets", "serviceaccounts/token"]
    verbs: ["get", "list"]
  - apiGroups: ["authentication.k8s.io"]
    resources: ["tokenreviews"]
    verbs: ["create"]
  - nonResourceURLs: ["/api/v1/auth/password/reset"]
    verbs: ["post"]
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: deployer
  uid: ${m.uuid()}
automountServiceAccountToken: true
secrets:
  - name: deployer-token-${m.of('bcdfghjklmnpqrstvwxz2456789', 5)}
imagePullSecrets:
  - name: registry-credentials`),
    ),
    at(
      'apps/crds/crd.yaml',
      none(`apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: users.db.acme.example
spec:
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          properties:
            password:
              description: Password of the user; give either this or passwordSecretRef.
              type: string
              minLength: 12
              format: password
            apiKey:
              type: string
              pattern: ^[A-Za-z0-9]{32}$
            token:
              default: ""
              nullable: true
            tokenTTL:
              default: 15m0s
            secretKey:
              description: The key within the Secret, for example AWS_SECRET_ACCESS_KEY
            privateKey:
              description: 'PEM, beginning with -----BEGIN PRIVATE KEY-----'
            passphraseFrom:
              enum: [secret, vault, prompt]`),
    ),
  ];
}
