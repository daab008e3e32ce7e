import { b64 } from '../random.js';
import type { PlantedPage } from '../second/planted.js';
import { plant } from '../second/planted.js';
import { file, harmless, type Part } from './marks.js';

/** Settings of programs: properties, INI, TOML, XML, JSON, and files of their own. */
export const configFiles: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('config-file', path, text));
  add(
    'src/main/resources/application.yml',
    `
spring:
  datasource:
    url: jdbc:postgresql://pg:5432/orders §F
    username: orders §?
    password: ${plant(m.password())}
  rabbitmq:
    password: \${RABBIT_PASSWORD:} §F
  security:
    oauth2:
      client:
        registration:
          okta:
            client-id: 0oa${m.alnum(17)} §F
            client-secret: ${plant(m.url64(40))}
            authorization-grant-type: authorization_code §F
jwt:
  secret: ${plant(m.base64(48))}
  token-validity-in-seconds: 86400 §F`,
  );
  add(
    'src/main/resources/application-prod.properties',
    `
server.ssl.key-store=classpath:keystore.p12 §F
server.ssl.key-store-password=${plant(m.alnum(14))}
server.ssl.key-alias=orders §F
spring.datasource.password = ${plant(m.password())}
spring.redis.password=@redis.password@ §F
spring.mail.password=ENC(${m.base64(24)}) §F
management.endpoints.web.exposure.include=health,info`,
  );
  add(
    'appsettings.Production.json',
    `
{
  "ConnectionStrings": {
    "Main": "Server=tcp:acme.database.windows.net,1433;Database=shop;User ID=shop;Password=${plant(m.plainPassword())};Encrypt=True;",
    "Cache": "redis.internal:6380,ssl=True,abortConnect=False" §F
  },
  "AzureAd": {
    "TenantId": "${m.uuid()}", §F
    "ClientId": "${m.uuid()}", §F
    "ClientSecret": "${plant(m.azureClient())}"
  },
  "Jwt": { "Issuer": "https://id.example.com", "PublicKeyToken": "${m.hex(16)}" }, §F
  "Storage": "DefaultEndpointsProtocol=https;AccountName=acmeprod;AccountKey=${plant(m.azureStorage())};EndpointSuffix=core.windows.net"
}`,
  );
  add(
    'config/database.yml',
    `
default: &default
  adapter: postgresql
  pool: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>
production:
  <<: *default
  username: rails §?
  password: ${plant(m.alnum(20))}
staging:
  <<: *default
  password: <%= ENV["DATABASE_PASSWORD"] %> §F`,
  );
  add(
    'config/secrets.yml',
    `
staging:
  secret_key_base: ${plant(m.hex(128))}
production:
  secret_key_base: <%= ENV["SECRET_KEY_BASE"] %> §F`,
  );
  add(
    'etc/app.ini',
    `
[database]
HOST = 127.0.0.1:3306
USER = gitea §?
PASSWD = \`${plant(m.alnum(18))}\`
[security]
INTERNAL_TOKEN = ${plant(m.jwt({ nbf: 1_700_000_000 }))}
PASSWORD_HASH_ALGO = pbkdf2 §F
MIN_PASSWORD_LENGTH = 8 §F
[oauth2]
JWT_SECRET = ${plant(m.url64(43))}
JWT_SIGNING_ALGORITHM = RS256 §F`,
  );
  add(
    '.npmrc',
    `
registry=https://registry.example.com/ §F
@acme:registry=https://npm.pkg.github.com §F
//registry.example.com/:_authToken=${plant(m.npm())}
//npm.pkg.github.com/:_authToken=\${GITHUB_TOKEN} §F
always-auth=true §F`,
  );
  add(
    '.pypirc',
    `
[distutils]
index-servers = pypi internal §F
[pypi]
username = __token__ §F
password = ${plant(m.pypi())}
[internal]
repository: https://pypi.internal/simple §F
username: build §?
password: ${plant(m.alnum(16))}`,
  );
  add(
    'maven/settings.xml',
    `
<settings>
  <servers>
    <server>
      <id>nexus</id> §F
      <username>deployer</username> §?
      <password>${plant(m.alnum(18))}</password>
    </server>
    <server>
      <id>releases</id> §F
      <password>\${env.NEXUS_PASSWORD}</password> §F
      <privateKey>\${user.home}/.ssh/id_rsa</privateKey> §F
    </server>
    <server>
      <id>sealed</id>
      <password>{${m.base64(32)}}</password> §F
    </server>
  </servers>
</settings>`,
  );
  add(
    '.netrc',
    `machine git.internal\n  login build §?\n  password ${plant(m.gitlab())}\nmachine docs.internal §F`,
  );
  add(
    '.pgpass',
    `#hostname:port:database:username:password §F\ndb.internal:5432:app:app:${plant(m.alnum(20))}`,
  );
  add(
    '.aws/credentials',
    `
[default]
aws_access_key_id = ${m.awsId()} §?
aws_secret_access_key = ${plant(m.awsSecret())}
region = eu-west-1
[prod]
role_arn = arn:aws:iam::${m.digits(12)}:role/deploy §F
source_profile = default §F
credential_process = /usr/bin/get-credentials --profile prod §F`,
  );
  add(
    '.docker/config.json',
    `
{
  "auths": {
    "registry.example.com": { "auth": "${plant(b64(`ci:${m.alnum(20)}`))}" },
    "ghcr.io": {} §F
  },
  "credsStore": "desktop", §F
  "credHelpers": { "gcr.io": "gcloud" } §F
}`,
  );
  add(
    'gcp/service-account.json',
    `
{
  "type": "service_account", §F
  "project_id": "acme-prod",
  "private_key_id": "${m.hex(40)}", §?
  "private_key": "${plant(`${m.pkcs8Key()}\n`.replaceAll('\n', '\\n'))}",
  "client_email": "deploy@acme-prod.iam.gserviceaccount.com", §F
  "client_id": "${m.digits(21)}", §F
  "auth_uri": "https://accounts.google.com/o/oauth2/auth", §F
  "token_uri": "https://oauth2.googleapis.com/token" §F
}`,
  );
  add(
    'wg/wg0.conf',
    `
[Interface]
Address = 10.9.0.1/24
PrivateKey = ${plant(m.base64(32))}
[Peer]
PublicKey = ${m.base64(32)} §F
PresharedKey = ${plant(m.base64(32))}
AllowedIPs = 10.9.0.2/32`,
  );
  add(
    'config/telegraf.toml',
    `
[[outputs.influxdb_v2]]
  urls = ["https://influx.internal:8086"] §F
  token = "${plant(`${m.url64(86)}==`)}"
  organization = "acme"
[[outputs.datadog]]
  apikey = "${plant(m.hex(32))}"
[agent]
  hostname = "" §F
[[inputs.http]]
  bearer_token = "/etc/telegraf/token" §F
  password = "$HTTP_PASSWORD" §F`,
  );
  add(
    'compose/docker-compose.yml',
    `
services:
  db:
    image: mysql:8.4@sha256:${m.hex(64)} §F
    environment:
      MYSQL_ROOT_PASSWORD: ${plant(m.password())}
      MYSQL_PASSWORD_FILE: /run/secrets/db §F
      MYSQL_ALLOW_EMPTY_PASSWORD: "no" §F
    healthcheck:
      test: ["CMD", "mysqladmin", "ping", "-p\${MYSQL_ROOT_PASSWORD}"] §F
  web:
    environment:
      - SECRET_KEY=${plant(m.alnum(40))}
      - API_TOKEN=\${API_TOKEN} §F
      - SENTRY_AUTH_TOKEN §F
    secrets: [db, tls_key] §F
secrets:
  db: {file: ./db_password.txt} §F
  tls_key: {external: true} §F`,
  );
  pages.push(
    harmless(
      'config-file',
      'config/settings.toml',
      `
[auth]
password_policy = "strong"
token_type = "bearer"
secret_backend = "vault"
secret_path = "secret/data/app"
key_file = "/etc/tls/key.pem"
require_password = true
max_token_age = 86400
[features]
passwordless = false
[pgp]
signing_key = "${m.hex(40).toUpperCase()}"`,
    ),
    harmless(
      'config-file',
      'i18n/en.json',
      `
{
  "password": "Password",
  "newPassword": "New password",
  "passwordConfirmation": "Repeat the password",
  "token_expired": "Your token has expired, sign in again",
  "secret.help": "Never share your secret with anybody",
  "apiKey.copy": "Copy the API key now: it is shown once"
}`,
    ),
    harmless(
      'config-file',
      'ansible/group_vars/prod/main.yml',
      `
db_password: "{{ vault_db_password }}"
api_token: "{{ lookup('community.hashi_vault.hashi_vault', 'secret/api:token') }}"
become_password: !vault |
  $ANSIBLE_VAULT;1.1;AES256
  ${m.hex(80)}
  ${m.hex(80)}
  ${m.hex(62)}
ssl_key_path: /etc/ssl/private/site.key
password_hash: "{{ plain | password_hash('sha512') }}"`,
    ),
  );
  return pages;
};
