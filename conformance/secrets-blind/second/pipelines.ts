import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { opensshKey } from './pem.js';
import { none, type PlantedPage, plant, planted } from './planted.js';

/** Pipelines. */
export function pipelines(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('ci', path, text);
  return [
    at(
      '.github/workflows/release.yml',
      `name: release
on:
  push:
    tags: ['v*']
permissions:
  id-token: write §F
  contents: read
env:
  REGISTRY_PASSWORD: \${{ secrets.REGISTRY_PASSWORD }} §F
  COSIGN_PASSWORD: "" §F
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@${m.hex(40)} # v4.2.2 §F
        with:
          token: \${{ github.token }} §F
          persist-credentials: false §F
      - uses: docker/login-action@${m.hex(40)} §F
        with:
          registry: ghcr.io
          username: \${{ github.actor }}
          password: \${{ secrets.GITHUB_TOKEN }} §F
      - uses: docker/login-action@${m.hex(40)} §F
        with:
          registry: registry.acme.example
          username: ci §?
          password: ${plant(m.human())}
      - run: echo "//registry.example.com/:_authToken=\${NPM_TOKEN}" > .npmrc §F
      - run: curl -sf -X POST -H "PRIVATE-TOKEN: glpat-${plant(m.url64(20))}" https://gitlab.acme.example/api/v4/projects/7/trigger
      - run: curl -sf -H "Authorization: Bearer \${{ steps.login.outputs.token }}" https://api.acme.example/deploy §F
      - uses: codecov/codecov-action@${m.hex(40)} §F
        with:
          token: ${plant(m.uuid())}
`,
    ),
    at(
      '.gitlab-ci.yml',
      `variables:
  DOCKER_TLS_CERTDIR: /certs §F
  GIT_STRATEGY: clone
  SONAR_TOKEN: $SONAR_TOKEN §F
  DEPLOY_PASSWORD: "${plant(m.human())}"
  VAULT_AUTH_ROLE: ci §F
  SECRET_DETECTION_ENABLED: "true" §F
build:
  image: docker:27
  id_tokens:
    VAULT_ID_TOKEN: §F
      aud: https://vault.acme.example §F
  secrets:
    DATABASE_PASSWORD: §F
      vault: production/db/password@ops §F
      token: $VAULT_ID_TOKEN §F
  script:
    - docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY §F
    - docker login -u deploy -p '${plant(m.made(20))}' registry.acme.example
    - curl -u "$NEXUS_USER:$NEXUS_PASS" -T app.jar https://nexus.acme.example/ §F
    - sshpass -p "${plant(m.human())}" scp app.jar deploy@10.1.1.7:/srv
    - helm registry login ghcr.io --username ci --password-stdin < token §F
`,
    ),
    at(
      'Jenkinsfile',
      `pipeline {
  agent any
  environment {
    NEXUS = credentials('nexus-deployer') §F
    SONAR_AUTH_TOKEN = credentials('sonar-token') §F
    ARTIFACTORY_PASSWORD = '${plant(m.human())}'
  }
  stages {
    stage('deploy') {
      steps {
        withCredentials([string(credentialsId: 'slack-token', variable: 'SLACK_TOKEN')]) { §F
          sh 'curl -H "Authorization: Bearer $SLACK_TOKEN" https://slack.com/api/chat.postMessage' §F
        }
        sh "mvn deploy -Dusername=ci -Dpassword=${plant(m.made(16))}"
        sh 'git push https://ci-bot:${plant(m.hex(40))}@git.acme.example/shop/app.git HEAD:main'
      }
    }
  }
}
`,
    ),
    at(
      'azure-pipelines.yml',
      `variables:
  - group: shop-secrets §F
  - name: sqlAdminPassword
    value: ${plant(m.human())}
  - name: keyVaultSecretName
    value: shop-sql-admin §F
steps:
  - task: AzureCLI@2
    inputs:
      azureSubscription: acme-prod §F
      inlineScript: az login --service-principal -u ${m.uuid()} -p '${plant(`${m.alnum(3)}8Q~${m.alnum(34)}`)}' --tenant ${m.uuid()}
  - script: az keyvault secret show --name shop-sql --vault-name acme-kv --query value -o tsv §F
  - script: npm publish
    env:
      NPM_TOKEN: $(NpmToken) §F
      SYSTEM_ACCESSTOKEN: $(System.AccessToken) §F
`,
    ),
    at(
      '.circleci/config.yml',
      `version: 2.1
jobs:
  build:
    docker:
      - image: registry.acme.example/ci:2026.1
        auth:
          username: robot §?
          password: $REGISTRY_PASSWORD §F
      - image: postgres:16
        environment:
          POSTGRES_HOST_AUTH_METHOD: trust §F
    steps:
      - add_ssh_keys:
          fingerprints:
            - "SHA256:${m.base64(32).replace('=', '')}" §F
            - "${(m.hex(32).match(/../g) ?? []).join(':')}" §F
      - restore_cache:
          key: deps-{{ checksum "package-lock.json" }} §F
      - run: 'echo "machine git.acme.example login ci password ${plant(m.alnum(24))}" > ~/.netrc'
workflows:
  main:
    jobs:
      - build:
          context: deploy-secrets §F
`,
    ),
    at(
      '.travis.yml',
      none(`env:
  global:
    - secure: "${m.base64(512)}"
deploy:
  provider: npm
  api_key:
    secure: ${m.base64(512)}
  api_token: $NPM_TOKEN`),
    ),
    at(
      'tekton/trigger.yaml',
      none(`apiVersion: triggers.tekton.dev/v1beta1
kind: EventListener
metadata:
  name: github
spec:
  triggers:
    - interceptors:
        - ref:
            name: github
          params:
            - name: secretRef
              value:
                secretName: github-webhook-secret
                secretKey: secretToken
      bindings:
        - name: git-token-path
          value: $(body.head_commit.id)`),
    ),
    at(
      '.drone.yml',
      none(`kind: secret
name: docker_password
get:
  path: secret/data/docker
  name: password
---
kind: pipeline
name: default
steps:
  - name: publish
    image: plugins/docker
    settings:
      username: acmeci
      password:
        from_secret: docker_password
---
kind: signature
hmac: ${m.hex(64)}`),
    ),
  ];
}

/** Docker, compose and shell. */
export function containers(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('docker', path, text);
  const shell = (path: string, text: string) => planted('shell', path, text);
  return [
    at(
      'docker-compose.yml',
      `services:
  db:
    image: postgres:16@sha256:${m.hex(64)} §F
    environment:
      POSTGRES_USER: app §?
      POSTGRES_PASSWORD: ${plant(m.human())}
      POSTGRES_PASSWORD_FILE: /run/secrets/pg §F
      PGDATA: /var/lib/postgresql/data
  admin:
    image: dpage/pgadmin4
    environment:
      - PGADMIN_DEFAULT_EMAIL=ops@acme.example §?
      - PGADMIN_DEFAULT_PASSWORD=${plant(m.human())}
      - PGADMIN_CONFIG_ENHANCED_COOKIE_PROTECTION=True §F
  app:
    environment:
      DATABASE_URL: postgres://app:\${POSTGRES_PASSWORD}@db/app §F
      SECRET_KEY_BASE: ${plant(m.hex(128))}
      API_TOKEN: \${API_TOKEN:?set it} §F
      AUTH_PROVIDER: keycloak §F
    secrets:
      - pg_password §F
    labels:
      traefik.http.middlewares.auth.basicauth.usersfile: /users §F
  mongo:
    command: mongod --auth --keyFile /etc/mongo/keyfile §F
    healthcheck:
      test: mongosh -u root -p ${plant(m.made(18))} --eval 'db.runCommand("ping")'
secrets:
  pg_password:
    file: ./secrets/pg_password.txt §F
  external_token:
    external: true §F
`,
    ),
    at(
      'Dockerfile',
      `FROM node:24-alpine@sha256:${m.hex(64)} AS build §F
ARG NPM_TOKEN §F
ARG GITHUB_TOKEN="" §F
ENV NODE_ENV=production
ENV APP_SECRET=${plant(m.hex(48))}
ENV SSL_CERT_FILE=/etc/ssl/certs/ca.pem §F
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci §F
RUN git clone https://oauth2:glpat-${plant(m.url64(20))}@gitlab.acme.example/libs/core.git
RUN echo "app:${plant(m.human())}" | chpasswd
RUN curl -fsSL https://get.acme.example/tool -o tool && echo "${m.hex(64)}  tool" | sha256sum -c - §F
RUN gpg --recv-keys ${m.hex(40).toUpperCase()} §F
LABEL org.opencontainers.image.revision=${m.hex(40)} §F
`,
    ),
    at(
      'docker/config.json',
      `{
  "auths": {
    "registry.acme.example": { "auth": "${plant(b64(`ci:${m.made(24)}`))}" },
    "ghcr.io": {} §F
  },
  "credHelpers": { "gcr.io": "gcloud" }, §F
  "credsStore": "osxkeychain" §F
}
`,
    ),
    at('docker/mongo/keyfile', `${plant(m.base64(567))}\n`),
    shell(
      'scripts/deploy.sh',
      `#!/usr/bin/env bash
set -euo pipefail
TOKEN=$(vault kv get -field=token secret/deploy) §F
PASSWORD="\${1:?password}" §F
read -rsp 'Password: ' PASSWORD §F
DB_PASS='${plant(m.human())}'
: "\${API_KEY:=}" §F
API_SECRET="\${API_SECRET:-${plant(m.alnum(32))}}"
export SSHPASS=${plant(m.made(16))}
export VAULT_ADDR=https://vault.acme.example §F
kubectl create secret generic shop --from-literal=password="$PASSWORD" §F
kubectl create secret generic crm --from-literal=password='${plant(m.human())}'
kubectl create secret docker-registry pull --docker-username=ci --docker-password=${plant(m.alnum(28))}
kubectl get secret shop -o jsonpath='{.data.password}' | base64 -d §F
curl -H "X-Api-Key: $API_KEY" https://api.acme.example/v1 §F
curl -H 'X-Api-Key: ${plant(m.hex(40))}' https://api.acme.example/v1/orders
curl -u "admin:${plant(m.human())}" http://grafana.acme.example/api/admin/stats
openssl enc -aes-256-cbc -pbkdf2 -pass env:PASSPHRASE -in a -out b §F
openssl enc -d -aes-256-cbc -pass pass:${plant(m.passphrase('_'))} -in b -out a
openssl req -new -newkey rsa:4096 -nodes -keyout server.key -out server.csr §F
mysql -u root --password="\${MYSQL_PWD}" < schema.sql §F
mysql -u root --password=${plant(m.made(14))} < schema.sql
htpasswd -bc users.htpasswd ops '${plant(m.human())}'
az storage blob upload --account-key "$ACCOUNT_KEY" -f a §F
gh auth login --with-token < token.txt §F
echo "\${COSIGN_PRIVATE_KEY}" > cosign.key §F
secret_name="shop-$(date +%s)" §F
token_file=/var/run/secrets/token §F
if [[ -z "\${PASSWORD}" ]]; then echo "PASSWORD must be set"; exit 1; fi §F
`,
    ),
    shell(
      'scripts/windows/deploy.ps1',
      `$ErrorActionPreference = "Stop"
$cred = Get-Credential §F
$securePassword = ConvertTo-SecureString "${plant(m.human())}" -AsPlainText -Force
$token = $env:API_TOKEN §F
$headers = @{ Authorization = "Bearer $token" } §F
net use Z: \\\\filer\\build /user:acme\\build ${plant(m.made(14))}
$secret = (Get-AzKeyVaultSecret -VaultName acme -Name sql).SecretValue §F
`,
    ),
    shell('home/.netrc', `machine git.acme.example\n  login ops §?\n  password ${plant(m.human())}\n`),
    shell(
      'home/.pgpass',
      `db1.acme.example:5432:shop:shop:${plant(m.human())}
`,
    ),
    shell(
      'home/.npmrc',
      `registry=https://npm.acme.example/ §F
//npm.acme.example/:_authToken=${plant(m.uuid())}
//npm.pkg.github.com/:_authToken=\${GITHUB_TOKEN} §F
//old.acme.example/:_password=${plant(b64(m.human()))}
always-auth=true §F
`,
    ),
    shell('home/.git-credentials', `https://ops:${plant(m.alnum(32))}@git.acme.example\n`),
    shell('home/.ssh/id_ed25519', `${plant(opensshKey(m))}\n`),
    shell(
      'home/.aws/credentials',
      `[default]
aws_access_key_id = AKIA${m.upper(16)} §?
aws_secret_access_key = ${plant(m.base64(30))}
[sso]
credential_process = /usr/local/bin/aws-vault export --format=json §F
sso_account_id = ${m.digits(12)} §F
`,
    ),
    shell(
      'home/.my.cnf',
      `[client]
user = backup §?
password = "${plant(m.human())}"
ssl-ca = /etc/ssl/ca.pem §F
default-auth = caching_sha2_password §F
`,
    ),
  ];
}
