import type { PlantedPage } from '../second/planted.js';
import { plant } from '../second/planted.js';
import { file, harmless, type Part } from './marks.js';

/** Files of CI and of images. */
export const pipelines: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('ci', path, text));
  add(
    '.github/workflows/deploy.yml',
    `
on: push
permissions: {contents: read, id-token: write} §F
env:
  AWS_ROLE: arn:aws:iam::${m.digits(12)}:role/ci §F
  SONAR_TOKEN: ${plant(`sqp_${m.hex(40)}`)}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@${m.hex(40)} §F
        with: {token: "\${{ secrets.GITHUB_TOKEN }}", persist-credentials: false} §F
      - uses: docker/login-action@v3
        with:
          username: acme
          password: ${plant(m.dockerhub())}
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }} §F
      - run: curl -X POST -d '{"text":"done"}' ${plant(m.slackHook())}`,
  );
  add(
    '.gitlab-ci.yml',
    `
variables:
  DOCKER_AUTH_CONFIG: $CI_DOCKER_AUTH §F
  SECRET_DETECTION_EXCLUDED_PATHS: tests/ §F
  DEPLOY_TOKEN: ${plant(`gldt-${m.url64(20)}`)}
  DB_PASSWORD: "${plant(m.alnum(18))}"
build:
  image: docker@sha256:${m.hex(64)} §F
  script:
    - docker login -u "$CI_REGISTRY_USER" -p "$CI_REGISTRY_PASSWORD" $CI_REGISTRY §F
    - export TF_TOKEN_app_terraform_io=${plant(m.terraformCloud())}
  id_tokens: {VAULT_ID_TOKEN: {aud: https://vault.internal}} §F`,
  );
  add(
    '.circleci/config.yml',
    `
version: 2.1
jobs:
  test:
    docker:
      - image: cimg/node:24.0
        auth: {username: $DOCKER_USER, password: $DOCKER_PASSWORD} §F
    environment:
      DATABRICKS_TOKEN: ${plant(m.databricks())}
      HEROKU_API_KEY: ${plant(m.uuid())}
    steps:
      - save_cache: {key: 'deps-{{ checksum "package-lock.json" }}', paths: [node_modules]} §F
      - add_ssh_keys: {fingerprints: ["SHA256:${m.base64(32).slice(0, 43)}"]} §F`,
  );
  add(
    'Jenkinsfile',
    `
pipeline {
  environment {
    NEXUS = credentials('nexus-deployer') §F
    PULUMI_ACCESS_TOKEN = '${plant(m.pulumi())}'
  }
  stages { stage('deploy') { steps {
    withCredentials([string(credentialsId: 'api-token', variable: 'TOKEN')]) { sh 'deploy --token $TOKEN' } §F
    sh "curl -u deployer:${plant(m.alnum(16))} -T app.jar https://nexus.internal/repository/releases/"
  } } }
}`,
  );
  add(
    'azure-pipelines.yml',
    `
variables:
  - group: prod-secrets §F
  - name: armClientSecret
    value: ${plant(m.azureClient())}
steps:
  - task: AzureCLI@2
    inputs: {azureSubscription: acme-prod, addSpnToEnvironment: true} §F
    env:
      SYSTEM_ACCESSTOKEN: $(System.AccessToken) §F
      PASSWORD: $(dbPassword) §F`,
  );
  add(
    'Dockerfile',
    `
FROM node:24@sha256:${m.hex(64)} AS build §F
ARG NPM_TOKEN §F
ENV DATADOG_API_KEY=${plant(m.hex(32))}
RUN echo "//registry.example.com/:_authToken=\${NPM_TOKEN}" > .npmrc §F
RUN --mount=type=secret,id=npm,target=/root/.npmrc npm ci §F
ENV ADMIN_PASSWORD="${plant(m.password())}" PASSWORD_FILE=/run/secrets/admin
RUN echo "${m.hex(64)}  tool.tar.gz" | sha256sum -c §F
ENV GPG_KEY=${m.hex(40).toUpperCase()} §F`,
  );
  pages.push(
    harmless(
      'ci',
      '.github/workflows/release.yml',
      `
env:
  TOKEN: \${{ secrets.RELEASE_TOKEN }}
  PASSWORD: \${{ vars.PASSWORD_NAME }}
jobs:
  release:
    uses: acme/workflows/.github/workflows/release.yml@${m.hex(40)}
    secrets: inherit
  sign:
    steps:
      - uses: actions/create-github-app-token@${m.hex(40)}
        with: {app-id: 123456, private-key: "\${{ secrets.APP_KEY }}"}
      - run: echo "::add-mask::$TOKEN"
      - run: cosign sign --key env://COSIGN_PRIVATE_KEY image@sha256:${m.hex(64)}`,
    ),
  );
  return pages;
};

/** Terraform and its kin. */
export const terraform: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('terraform', path, text));
  add(
    'terraform/main.tf',
    `
provider "aws" {
  region     = "eu-west-1"
  access_key = "${m.awsId()}" §?
  secret_key = "${plant(m.awsSecret())}"
}

provider "cloudflare" {
  api_token = "${plant(m.url64(40))}"
}

provider "digitalocean" {
  token = var.do_token §F
}

resource "aws_db_instance" "main" {
  username = "root" §?
  password = "${plant(m.alnum(20))}"
  kms_key_id = "arn:aws:kms:eu-west-1:${m.digits(12)}:key/${m.uuid()}" §F
}

resource "aws_db_instance" "replica" {
  password = random_password.db.result §F
  manage_master_user_password = true §F
}

data "aws_secretsmanager_secret_version" "db" { §F
  secret_id = "prod/db/password" §F
}

resource "kubernetes_secret" "app" {
  data = {
    token    = "${plant(m.github())}"
    password = data.vault_generic_secret.app.data["password"] §F
  }
}`,
  );
  add(
    'terraform/prod.tfvars',
    `
db_password       = "${plant(m.password())}"
do_token          = "${plant(m.digitalocean())}"
datadog_api_key   = "${plant(m.hex(32))}"
secret_name       = "prod/db" §F
ami               = "ami-${m.hex(17)}" §F
kms_key_alias     = "alias/prod" §F
token_ttl_seconds = 3600 §F`,
  );
  add(
    'terraform/variables.tf',
    `
variable "db_password" {
  description = "Password of the database" §F
  type        = string
  sensitive   = true
}
variable "grafana_token" {
  default = "${plant(m.grafana())}"
}
variable "secret_path" {
  default = "secret/data/prod" §F
}
output "db_password" {
  value     = aws_db_instance.main.password §F
  sensitive = true
}`,
  );
  add(
    'terraform/terraform.tfstate',
    `
{
  "version": 4,
  "serial": 12,
  "lineage": "${m.uuid()}", §F
  "resources": [
    {
      "type": "random_password",
      "instances": [{ "attributes": { "length": 24,
        "bcrypt_hash": "$2a$10$${m.alnum(53)}", §?
        "result": "${plant(m.alnum(24))}"
      } }]
    },
    {
      "type": "aws_db_instance",
      "instances": [{ "attributes": {
        "arn": "arn:aws:rds:eu-west-1:${m.digits(12)}:db:main", §F
        "password": "${plant(m.alnum(22))}",
        "resource_id": "db-${m.upper(26)}" §F
      } }]
    }
  ]
}`,
  );
  add(
    'pulumi/Pulumi.prod.yaml',
    `
encryptionsalt: v1:${m.base64(8)}:v1:${m.base64(12)}:${m.base64(32)} §F
config:
  aws:region: eu-west-1
  app:dbPassword:
    secure: AAABA${m.base64(40)} §F
  app:apiToken: ${plant(m.linear())}`,
  );
  add(
    'cloudformation/stack.yaml',
    `
Parameters:
  DbPassword: {Type: String, NoEcho: true} §F
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUsername: root §?
      MasterUserPassword: ${plant(m.alnum(20))}
      KmsKeyId: alias/aws/rds §F
  Replica:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUserPassword: '{{resolve:secretsmanager:prod/db:SecretString:password}}' §F`,
  );
  pages.push(
    harmless(
      'terraform',
      'terraform/.terraform.lock.hcl',
      `
provider "registry.terraform.io/hashicorp/aws" {
  version     = "6.2.0"
  constraints = "~> 6.0"
  hashes = [
    "h1:${m.base64(32)}",
    "h1:${m.base64(32)}",
    "zh:${m.hex(64)}",
    "zh:${m.hex(64)}",
    "zh:${m.hex(64)}",
  ]
}`,
    ),
  );
  return pages;
};
