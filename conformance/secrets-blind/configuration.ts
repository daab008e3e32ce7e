import { certificate } from './keys.js';
import { type Page, page } from './page.js';
import { b64, type Random } from './random.js';
import { jwt, PROVIDERS } from './tokens.js';

function token(r: Random): string {
  return r.pick(PROVIDERS.filter((p) => !p.name.startsWith('azure-storage'))).make(r);
}

/** Helm values: what charts ask for, set and unset. */
export function helmPages(r: Random): Page[] {
  const pages: Page[] = [];
  for (let i = 0; i < 5; i++) {
    pages.push(
      page(
        'helm-values',
        `helm/app-${i}/values.yaml`,
        `image:
  repository: ghcr.io/example/app
  tag: "1.${i}.0"
  digest: sha256:${r.hex(64)} §F
auth:
  existingSecret: app-credentials-production §F
  existingSecretPasswordKey: postgresql-password §F
  password: "" §F
  secretKeys:
    adminPasswordKey: admin-password §F
    userPasswordKey: user-password §F
postgresql:
  auth:
    postgresPassword: ${r.password().replace(/^[!@%*]/, 'x')} §T
    replicationPassword: "${r.plainPassword()}" §T
    database: app
grafana:
  adminUser: admin
  adminPassword: ${r.plainPassword()} §T
  admin:
    passwordKey: admin-password §F
smtp:
  passwordFromSecret: smtp-password-secret §F
redis:
  password: # set with --set redis.password §F
serviceAccount:
  automountServiceAccountToken: true §F
  tokenExpirationSeconds: 3600 §F
ingress:
  tls:
    - secretName: wildcard-example-com-tls §F
extraEnv:
  - name: SENTRY_DSN
    value: https://${r.hex(32)}@o${r.digits(6)}.ingest.sentry.io/${r.digits(7)} §?
  - name: LICENSE_KEY
    valueFrom: {secretKeyRef: {name: license-production, key: license}} §F
oauth:
  clientId: ${r.uuid()} §F
  clientSecret: ${r.alnum(36)} §T
`,
      ),
      page(
        'helm-values',
        `helm/hr-${i}/helmrelease.yaml`,
        `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: app
  namespace: prod
spec:
  chart:
    spec: {chart: app, version: 4.5.${i}, sourceRef: {kind: HelmRepository, name: charts}}
  valuesFrom:
    - kind: Secret
      name: app-values-credentials §F
  values:
    admin:
      password: ${r.plainPassword()} §T
    config:
      secretRef: app-runtime-secret §F
      token: \${APP_TOKEN} §F
      apiKey: ${r.alnum(32)} §T
`,
      ),
    );
  }
  return pages;
}

/** Terraform, .env, kubeconfig, CI, and the odd formats of ordinary servers. */
export function toolPages(r: Random): Page[] {
  const pages: Page[] = [];
  for (let i = 0; i < 5; i++) {
    pages.push(
      page(
        'terraform',
        `terraform/main-${i}.tf`,
        `terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}
provider "aws" {
  region     = "eu-west-1"
  access_key = "${['AK', 'IA'].join('')}${r.upper(16)}" §T
  secret_key = "${r.of('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 40)}" §T
}
variable "db_password" {
  type      = string §F
  sensitive = true §F
}
resource "aws_db_instance" "main" {
  identifier        = "main"
  username          = "app"
  password          = "${r.plainPassword()}" §T
  kms_key_id        = "arn:aws:kms:eu-west-1:${r.digits(12)}:key/${r.uuid()}" §F
  snapshot_password = var.db_password §F
}
resource "random_password" "p" {
  length = 24 §F
}
data "aws_secretsmanager_secret_version" "db" {
  secret_id = "production/database/credentials" §F
}
resource "kubernetes_secret" "x" {
  data = {
    token    = data.aws_secretsmanager_secret_version.db.secret_string §F
    password = random_password.p.result §F
    api_key  = "${r.alnum(32)}" §T
  }
}
`,
      ),
      page(
        'terraform',
        `terraform/prod-${i}.tfvars`,
        `region = "eu-west-1" §F\ndb_password = "${r.plainPassword()}" §T\nami_id = "ami-${r.hex(17)}" §F\nssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06" §F\n`,
      ),
      page(
        'lock',
        `terraform/${i}/.terraform.lock.hcl`,
        `provider "registry.terraform.io/hashicorp/aws" {\n  version     = "5.31.0"\n  constraints = "~> 5.0"\n  hashes = [\n    "h1:${r.base64(32)}", §F\n    "zh:${r.hex(64)}", §F\n  ]\n}\n`,
      ),
      page(
        'dotenv',
        `apps/svc-${i}/.env`,
        `# production
NODE_ENV=production §F
PORT=8080 §F
DB_PASSWORD=${r.password()} §T
export JWT_SECRET='${r.alnum(48)}' §T
REDIS_URL=redis://default:${r.plainPassword()}@cache.internal:6379 §T
${r.pick(PROVIDERS).key}=${token(r)} §T
NEXT_PUBLIC_APP_ID=${r.uuid()} §F
SESSION_COOKIE_NAME=__Host-session §F
AWS_REGION=eu-central-1 §F
SECRET_KEY_BASE_FILE=/run/secrets/key-base §F
GIT_COMMIT=${r.hex(40)} §F
`,
      ),
      page(
        'dotenv',
        `apps/svc-${i}/.env.example`,
        `DB_PASSWORD=changeme §F
JWT_SECRET=your-secret-here §F
API_KEY=xxxxxxxxxxxxxxxxxxxxxxxx §F
STRIPE_SECRET_KEY=${['sk', '_test_'].join('')}... §F
GITHUB_TOKEN=<your github token> §F
DATABASE_URL=postgres://user:password@localhost:5432/db §F
AWS_ACCESS_KEY_ID=${['AK', 'IAIOSFODNN7', 'EXAMPLE'].join('')} §F
AWS_SECRET_ACCESS_KEY=${['wJalrXUtnFEMI/K7MDENG', '/bPxRfiCY', 'EXAMPLEKEY'].join('')} §F
`,
      ),
      page(
        'kubeconfig',
        `clusters/${i}/kubeconfig`,
        `apiVersion: v1
kind: Config
clusters:
- name: prod
  cluster:
    server: https://10.1.2.3:6443 §F
    certificate-authority-data: ${b64(certificate(r))} §F
contexts:
- context: {cluster: prod, user: admin}
  name: prod
current-context: prod
users:
- name: admin
  user:
    client-certificate-data: ${b64(certificate(r))} §F
    client-key-data: ${b64(`-----BEGIN RSA ${'PRIVATE'} KEY-----\n${r.base64(600)}\n-----END RSA ${'PRIVATE'} KEY-----\n`)} §T
- name: robot
  user:
    token: ${r.pick([jwt(r), r.alnum(40)])} §T
- name: exec
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws §F
      args: [eks, get-token, --cluster-name, production-cluster-eu] §F
`,
      ),
      page(
        'ci',
        `.github/workflows/deploy-${i}.yml`,
        `name: deploy
on: push
permissions:
  id-token: write §F
jobs:
  deploy:
    runs-on: ubuntu-latest
    env:
      NPM_TOKEN: \${{ secrets.NPM_TOKEN }} §F
      SONAR_TOKEN: ${['sq', 'p_'].join('')}${r.hex(40)} §T
    steps:
      - uses: actions/checkout@${r.hex(40)} # v4 §F
      - uses: actions/cache@v4
        with:
          key: \${{ runner.os }}-\${{ hashFiles('**/package-lock.json') }} §F
      - run: docker login -u robot -p ${r.plainPassword()} registry.example.com §T
      - run: curl -H "Authorization: Bearer ${r.alnum(40)}" https://api.example.com/deploy §T
      - run: echo "\${{ secrets.GITHUB_TOKEN }}" | docker login ghcr.io -u x --password-stdin §F
      - run: helm upgrade app ./chart --set auth.password=${r.plainPassword()} §T
      - run: helm upgrade app ./chart --set auth.password=$APP_PASSWORD §F
`,
      ),
      page(
        'ci',
        `ci/${i}/.gitlab-ci.yml`,
        `variables:
  DOCKER_TLS_CERTDIR: /certs §F
  DEPLOY_PASSWORD: ${JSON.stringify(r.plainPassword())} §T
  SECRET_DETECTION_DISABLED: "true" §F
  REGISTRY_TOKEN: $CI_JOB_TOKEN §F
deploy:
  image: alpine@sha256:${r.hex(64)} §F
  script:
    - curl --header "PRIVATE-TOKEN: ${['gl', 'pat-'].join('')}${r.url64(20)}" https://gitlab.com/api/v4/projects §T
    - curl --header "JOB-TOKEN: $CI_JOB_TOKEN" https://gitlab.com/api/v4/projects §F
    - git clone https://oauth2:${r.alnum(24)}@git.example.com/x/y.git §T
`,
      ),
      page(
        'server-files',
        `etc/${i}/.npmrc`,
        `registry=https://npm.example.com/ §F\n//npm.example.com/:_authToken=${r.uuid()} §T\n//npm.example.com/:_authToken=\${NPM_TOKEN} §F\n`,
      ),
      page(
        'server-files',
        `etc/${i}/app.ini`,
        `[database]\nHOST = db:3306 §F\nPASSWD = ${r.plainPassword()} §T\n[security]\nSECRET_KEY = ${r.alnum(64)} §T\nINSTALL_LOCK = true §F\nPASSWORD_HASH_ALGO = pbkdf2 §F\nMIN_PASSWORD_LENGTH = 12 §F\n`,
      ),
      page(
        'server-files',
        `etc/${i}/wg0.conf`,
        `[Interface]\nAddress = 10.0.0.1/24 §F\nPrivateKey = ${r.base64(32)} §T\n[Peer]\nPublicKey = ${r.base64(32)} §F\nAllowedIPs = 10.0.0.2/32 §F\n`,
      ),
      page(
        'server-files',
        `etc/${i}/config.json`,
        `{\n  "auths": {\n    "registry.example.com": {\n      "auth": "${b64(`robot:${r.plainPassword()}`)}" §T\n    }\n  },\n  "credsStore": "desktop" §F\n}\n`,
      ),
    );
  }
  return pages;
}
