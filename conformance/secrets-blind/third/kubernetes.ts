import { b64 } from '../random.js';
import type { PlantedPage } from '../second/planted.js';
import { noneAtAll, plant } from '../second/planted.js';
import { APPS, file, harmless, type Part } from './marks.js';

/** ConfigMaps: settings, and what should not be among them. */
export const configMaps: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('k8s-configmap', path, text));
  const wrong = [
    (app: string) =>
      `SPRING_DATASOURCE_PASSWORD: ${plant(m.password())}\n  SPRING_DATASOURCE_USERNAME: ${app} §?`,
    (app: string) =>
      `MONGODB_URI: mongodb+srv://${app}:${plant(m.plainPassword())}@cluster0.mongodb.net/${app}`,
    () => `SLACK_WEBHOOK_URL: ${plant(m.slackHook())}\n  SLACK_CHANNEL_TOKEN_NAME: deploys §F`,
    () => `OPENAI_API_KEY: "${plant(m.openai())}"\n  OPENAI_MODEL: gpt-4o-mini §F`,
    () => `AWS_SECRET_ACCESS_KEY: ${plant(m.awsSecret())}\n  AWS_REGION: eu-west-1 §F`,
    (app: string) =>
      `AMQP_URL: amqps://${app}:${plant(m.plainPassword())}@mq.internal:5671/prod\n  AMQP_VHOST: prod §F`,
  ];
  for (const [i, app] of APPS.slice(0, 6).entries()) {
    add(
      `apps/${app}/base/configmap.yaml`,
      `
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${app}-config
data:
  PASSWORD_MIN_LENGTH: "12" §F
  TOKEN_TTL: 3600s §F
  JWT_ISSUER: https://id.example.com/realms/${app} §F
  SECRET_NAME: ${app}-db §F
  ${wrong[i]?.(app) ?? ''}
  OAUTH_CLIENT_ID: ${m.digits(12)}-${m.alnum(16).toLowerCase()}.apps.googleusercontent.com §F
  BUILD_SHA: ${m.hex(40)} §F`,
    );
  }
  add(
    'apps/legacy/configmap.yaml',
    `
apiVersion: v1
kind: ConfigMap
metadata:
  name: legacy
data:
  application.properties: |
    server.port=8080
    spring.datasource.url=jdbc:postgresql://pg.internal:5432/legacy §F
    spring.datasource.username=legacy §?
    spring.datasource.password=${plant(m.alnum(18))}
    spring.mail.password=\${MAIL_PASSWORD} §F
    security.jwt.token-prefix=Bearer §F
  config.json: |
    {
      "clientId": "${m.uuid()}", §F
      "clientSecret": "${plant(m.azureClient())}",
      "tokenUrl": "https://login.microsoftonline.com/${m.uuid()}/oauth2/v2.0/token" §F
    }
  redis.conf: |
    protected-mode yes
    requirepass ${plant(m.alnum(32))}
    # masterauth <password> §F`,
  );
  add(
    'apps/prometheus/scrape.yaml',
    `
apiVersion: v1
kind: ConfigMap
metadata:
  name: prometheus
data:
  prometheus.yml: |
    scrape_configs:
      - job_name: edge
        bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token §F
        static_configs:
          - targets: ['edge:9100']
      - job_name: saas
        authorization:
          credentials: ${plant(m.grafana())}
      - job_name: legacy
        basic_auth:
          username: scraper §?
          password: ${plant(m.password())}
        tls_config:
          key_file: /etc/tls/tls.key §F`,
  );
  pages.push(
    harmless(
      'k8s-configmap',
      'apps/identity/clients-config.yaml',
      `
apiVersion: v1
kind: ConfigMap
metadata:
  name: identity-clients
data:
  password.policy: "length(12) and digits(1) and notUsername"
  token_endpoint_auth_method: client_secret_basic
  passwordPlaceholder: Enter your password
  forgotPasswordUrl: https://id.example.com/forgot-password?token=
  jwks_uri: https://id.example.com/.well-known/jwks.json
  secretKeyFile: /run/secrets/session_key
  auth: "true"
  access-token-lifetime: 15m
  id: ${m.uuid()}
  image: registry.example.com/id@sha256:${m.hex(64)}
  recaptcha_site_key: 6L${m.url64(38)}
  dbUrl: postgres://\${DB_USER}:\${DB_PASSWORD}@pg:5432/identity
  brokers: b-1.kafka.internal:9092,b-2.kafka.internal:9092`,
    ),
    harmless(
      'k8s-configmap',
      'apps/edge/ca-bundle.yaml',
      `
apiVersion: v1
kind: ConfigMap
metadata:
  name: ca-bundle
data:
  ca.pem: |
${noneAtAll(m.certificate(), '    ')}
  issuer.pub: |
${noneAtAll(m.publicKey(), '    ')}`,
    ),
    harmless(
      'k8s-configmap',
      'apps/edge/dashboards.yaml',
      `
apiVersion: v1
kind: ConfigMap
metadata:
  name: dashboards
binaryData:
  logo.png: ${b64(`\u0089PNG\r\n${m.alnum(200)}`)}
data:
  api.json: |
    {"uid": "${m.alnum(12)}", "expr": "sum(rate(auth_token_refresh_total[5m])) by (secret_name)", "hash": "${m.hex(32)}"}`,
    ),
  );
  return pages;
};

/** Workloads: `env`, `args` and `command`. */
export const workloads: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('k8s-env', path, text));
  for (const [i, app] of APPS.entries()) {
    const own = [
      `- name: DB_PASSWORD\n              value: ${plant(m.password())}`,
      `- name: API_KEY\n              value: "${plant(m.alnum(40))}"`,
      `- name: DATABASE_URL\n              value: mysql://${app}:${plant(m.plainPassword())}@mysql:3306/${app}`,
      `- name: GITHUB_TOKEN\n              value: ${plant(m.github())}`,
      `- {name: SESSION_SECRET, value: "${plant(m.hex(64))}"}`,
      `- name: REDIS_URL\n              value: redis://:${plant(m.plainPassword())}@redis-master:6379/0`,
      `- name: DD_API_KEY\n              value: ${plant(m.hex(32))}`,
      `- value: ${plant(m.stripeHook())}\n              name: STRIPE_WEBHOOK_SECRET`,
    ][i];
    add(
      `apps/${app}/base/deployment.yaml`,
      `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${app}
spec:
  selector:
    matchLabels: {app: ${app}}
  template:
    metadata:
      annotations:
        checksum/secret: ${m.hex(64)} §F
    spec:
      serviceAccountName: ${app}-token-reader §F
      imagePullSecrets:
        - name: regcred §F
      containers:
        - name: ${app}
          image: registry.example.com/${app}@sha256:${m.hex(64)} §F
          env:
            - name: DB_USER_PASSWORD
              valueFrom:
                secretKeyRef: {name: ${app}-db, key: DB_PASSWORD} §F
            - name: TOKEN_PATH
              value: /var/run/secrets/tokens/${app} §F
            ${own ?? ''}
          envFrom:
            - secretRef: {name: ${app}-env} §F`,
    );
  }
  add(
    'apps/backup/cronjob.yaml',
    `
apiVersion: batch/v1
kind: CronJob
metadata:
  name: pg-backup
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: dump
              image: postgres:16
              command:
                - sh
                - -c
                - |
                  export PGPASSWORD='${plant(m.alnum(20))}'
                  pg_dump -h pg -U backup app | gzip > /out/app.gz
                  curl -fsS -H "Authorization: Bearer ${plant(m.jwt({ sub: 'backup', iat: 1700000000 }))}" https://status.example.com/ping
                  curl -H "Authorization: Bearer $TOKEN" https://status.example.com/done §F
                  mysql -u root -p"$MYSQL_ROOT_PASSWORD" -e 'select 1' §F
            - name: upload
              image: rclone/rclone
              args:
                - --s3-access-key-id=${m.awsId()} §?
                - --s3-secret-access-key=${plant(m.awsSecret())}
                - --password-command=/bin/get-password §F
                - --token-file=/secrets/token §F`,
  );
  add(
    'apps/proxy/statefulset.yaml',
    `
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: oauth2-proxy
spec:
  serviceName: proxy
  template:
    spec:
      containers:
        - name: proxy
          args:
            - --client-id=${m.digits(12)}.apps.googleusercontent.com §F
            - --client-secret=${plant(m.googleClient())}
            - --cookie-secret=${plant(m.base64(32))}
            - --cookie-name=_oauth2_proxy §F
            - --pass-access-token=true §F
            - --redis-password
            - ${plant(m.password())}
            - --skip-auth-regex=^/healthz §F
          env:
            - {name: OAUTH2_PROXY_COOKIE_SECRET, valueFrom: {secretKeyRef: {name: p, key: cookie}}} §F
            - name: PASSWORD_FROM
              value: $(DB_USER_PASSWORD) §F
            - name: GENERATED_PASSWORD_LENGTH
              value: "32" §F`,
  );
  pages.push(
    harmless(
      'k8s-env',
      'apps/vault/agent.yaml',
      `
apiVersion: v1
kind: Pod
metadata:
  name: injected
  annotations:
    vault.hashicorp.com/agent-inject: "true"
    vault.hashicorp.com/agent-inject-secret-db: database/creds/app
    vault.hashicorp.com/agent-inject-template-db: '{{ with secret "database/creds/app" }}{{ .Data.password }}{{ end }}'
    vault.hashicorp.com/auth-path: auth/kubernetes-prod
spec:
  automountServiceAccountToken: false
  containers:
    - name: app
      image: app:1
      env:
        - name: PASSWORD_FILE
          value: /vault/secrets/db
        - name: API_TOKEN_HEADER
          value: X-Api-Token
        - name: TENANT_ID
          value: ${m.uuid()}
        - name: ROLE_ARN
          value: arn:aws:iam::${m.digits(12)}:role/app-secrets-reader
        - name: KMS_KEY_ID
          value: arn:aws:kms:eu-west-1:${m.digits(12)}:key/${m.uuid()}
        - name: SECRET_ARN
          value: arn:aws:secretsmanager:eu-west-1:${m.digits(12)}:secret:prod/db-${m.alnum(6)}
        - name: EMPTY_PASSWORD
          value: ""
        - name: REQUIRE_AUTH_TOKEN
          value: "true"
        - name: PUBLIC_KEY
          value: ${m.sshPublic()}
  volumes:
    - name: creds
      secret: {secretName: app-credentials, defaultMode: 0400}
    - name: token
      projected: {sources: [{serviceAccountToken: {path: token, audience: vault}}]}`,
    ),
  );
  return pages;
};

/** Kubeconfigs. */
export const kubeconfigs: Part = (m) => {
  const user = [
    (): string =>
      `client-certificate-data: ${b64(m.certificate())} §F\n      client-key-data: ${plant(b64(m.rsaKey()))}`,
    (): string => `token: ${plant(m.serviceAccount('default', 'admin'))}`,
    (): string => `username: admin §?\n      password: ${plant(m.password())}`,
    (): string =>
      'exec: {apiVersion: client.authentication.k8s.io/v1, command: aws, args: [eks, get-token, --cluster-name, prod]} §F',
    (): string => 'tokenFile: /var/run/secrets/token §F\n      client-key: /home/dev/.minikube/client.key §F',
  ];
  return user.map((make, i) =>
    file(
      'kubeconfig',
      ['kubeconfig.yaml', 'ops/admin.kubeconfig', '.kube/config', 'ops/eks.yaml', 'dev/minikube.yaml'][i] ??
        '',
      `
apiVersion: v1
kind: Config
current-context: prod
clusters:
  - name: prod
    cluster:
      server: https://${m.hex(32).toUpperCase()}.gr7.eu-west-1.eks.amazonaws.com §F
      certificate-authority-data: ${b64(m.certificate())} §F
contexts:
  - name: prod
    context: {cluster: prod, user: admin}
users:
  - name: admin
    user:
      ${make()}`,
    ),
  );
};
