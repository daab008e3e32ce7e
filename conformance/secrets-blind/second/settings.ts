import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { none, type PlantedPage, plant, planted } from './planted.js';

/** Properties, ini, toml and .env files. */
export function settings(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('config', path, text);
  return [
    at(
      'erp/src/main/resources/application-prod.properties',
      `spring.datasource.url=jdbc:mysql://db:3306/erp?useSSL=true §F
spring.datasource.password=${plant(m.human())}
spring.mail.password=\${MAIL_PASSWORD} §F
server.ssl.key-store-password=${plant(m.word() + m.digits(4))}
server.ssl.key-store=classpath:keystore.p12 §F
app.jwt.secret=${plant(m.base64(64))}
app.jwt.expiration-ms=86400000 §F
app.password.encoder=bcrypt §F
app.token.header=X-Auth-Token §F
app.vault.token=@vault.token@ §F
app.crypt.key=ENC(${m.base64(40)}) §F
`,
    ),
    at(
      'agent/config.toml',
      `[registry]
token = "${plant(m.alnum(32))}"
token_file = "/etc/agent/token" §F

[[runners]]
  url = "https://gitlab.acme.example" §F
  token = "glrt-${plant(m.url64(20))}"
  token_obtained_at = 2026-01-10T10:00:00Z §F
  [runners.cache.s3]
    AuthenticationType = "access-key" §F
    SecretKey = "${plant(m.base64(30))}"

[database]
dsn = "clickhouse://reader:${plant(m.plainPassword())}@ch:9000/events"
password_env = "CH_PASSWORD" §F
`,
    ),
    at(
      'agent/telegraf.conf',
      `[[outputs.influxdb_v2]]
  urls = ["http://influx:8086"]
  token = "${plant(`${m.url64(86)}==`)}"
  organization = "acme" §F
[[inputs.vsphere]]
  username = "telegraf@vsphere.local" §?
  password = "${plant(m.human())}"
[[inputs.snmp]]
  auth_protocol = "SHA" §F
  auth_password = "${plant(m.made(16))}"
  priv_password = "${plant(m.made(16))}"
[[inputs.http]]
  bearer_token = "/run/secrets/token" §F
`,
    ),
    at(
      'web/.env',
      `APP_KEY=base64:${plant(m.base64(32))}
APP_DEBUG=false §F
DB_PASSWORD=${plant(m.human())}
REDIS_PASSWORD=null §F
MAIL_PASSWORD= §F
MAIL_ENCRYPTION=tls §F
PUSHER_APP_SECRET=${plant(m.hex(20))}
PUSHER_APP_KEY=\${PUSHER_PUBLIC_KEY} §F
JWT_TTL=60 §F
NEXT_PUBLIC_POSTHOG_KEY=phc_${m.alnum(43)} §F
VITE_RECAPTCHA_SITE_KEY=6L${m.url64(38)} §F
`,
    ),
    at(
      'web/.env.example',
      none(`APP_KEY=
DB_PASSWORD=your-password-here
STRIPE_SECRET=sk_test_xxxxxxxxxxxxxxxxxxxxxxxx
GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
AWS_SECRET_ACCESS_KEY=<aws-secret-access-key>
JWT_SECRET=change-me-to-a-long-random-string
SESSION_SECRET=\${openssl rand -hex 32}
SLACK_WEBHOOK=https://hooks.slack.com/services/XXXX/XXXX/XXXX
OPENAI_API_KEY=sk-...
MAIL_PASSWORD=********`),
    ),
    at(
      'legacy/php.ini',
      `[mail]
smtp_pass = "${plant(m.human())}"
[Session]
session.name = PHPSESSID §F
session.sid_length = 48 §F
[opcache]
opcache.lockfile_path = /tmp §F
`,
    ),
    at(
      'legacy/wp-config.php',
      `<?php
define( 'DB_PASSWORD', '${plant(m.human())}' );
define( 'AUTH_KEY', '${plant(m.of('abcdefghijklmnopqrstuvwxyzABCDEF0123456789!@#%^&*()-_=+[]{}|;:,.<>?/~', 64))}' );
define( 'NONCE_SALT', '${plant(m.of('abcdefghijklmnopqrstuvwxyzABCDEF0123456789!@#%^&*()-_=+[]{}|;:,.<>?/~', 64))}' );
define( 'FORCE_SSL_ADMIN', true ); §F
define( 'WP_REDIS_PASSWORD', getenv('WP_REDIS_PASSWORD') ); §F
`,
    ),
    at(
      'legacy/database.yml',
      `production:
  adapter: mysql2
  username: rails §?
  password: ${plant(m.human())}
staging:
  password: <%= ENV['DATABASE_PASSWORD'] %> §F
development:
  password: §F
`,
    ),
    at(
      'network/router.cfg',
      `hostname edge-1
enable secret 9 $9$${m.alnum(14)}$${m.alnum(43)} §?
snmp-server community ${plant(m.made(14))} RO
tacacs-server key ${plant(m.made(18))}
wpa-psk ascii 0 ${plant(m.human())}
ip ssh pubkey-chain §F
crypto isakmp key ${plant(m.made(20))} address 203.0.113.9
service password-encryption §F
aaa authentication login default group tacacs+ local §F
`,
    ),
    at(
      'iot/esphome.yaml',
      `api:
  encryption:
    key: "${plant(m.base64(32))}"
ota:
  password: "${plant(m.hex(32))}"
wifi:
  ssid: !secret wifi_ssid §F
  password: !secret wifi_password §F
  ap:
    password: "${plant(m.human())}"
sensor:
  - platform: template
    id: token_counter §F
`,
    ),
    at(
      'iot/zigbee2mqtt.yaml',
      `mqtt:
  server: mqtt://mosquitto:1883 §F
  user: z2m §?
  password: ${plant(m.word() + m.digits(4))}
advanced:
  network_key: [${plant(Array.from({ length: 16 }, () => String(m.below(256))).join(', '))}]
  pan_id: GENERATE §F
`,
    ),
  ];
}

/** Connection strings, HTTP requests and tokens inside of other text. */
export function strings(m: Mint): PlantedPage[] {
  const connections: string[] = [];
  const user = () => m.pick(['app', 'svc', 'etl', 'reader']);
  for (const [scheme, host] of [
    ['postgresql', 'pg.acme.internal:5432/app?sslmode=require'],
    ['mysql', 'mysql.acme.internal/app'],
    ['mongodb+srv', 'cluster0.ab1cd.mongodb.net/app?retryWrites=true'],
    ['redis', 'cache.acme.internal:6379/2'],
    ['rediss', 'cache.acme.internal:6380'],
    ['amqps', 'rabbit.acme.internal/vhost'],
    ['ftp', 'ftp.acme.example/in'],
    ['smtp', 'mail.acme.example:587'],
    ['ldap', 'ldap.acme.internal:389/dc=acme'],
    ['nats', 'nats.acme.internal:4222'],
    ['sqlserver', 'mssql.acme.internal?database=app'],
    ['https', 'git.acme.example/team/repo.git'],
  ] as const) {
    connections.push(`- ${scheme}://${user()}:${plant(m.plainPassword())}@${host}`);
  }
  return [
    planted(
      'connection',
      'inventory/endpoints.yaml',
      `endpoints:
${connections.join('\n')}
- redis://:${plant(m.made(24))}@cache-2.acme.internal:6379
- postgres://app:${plant(encodeURIComponent(`${m.word()}/${m.digits(3)}@${m.word()}!`))}@pg-2.acme.internal/app
- "Server=sql;Database=erp;Uid=erp;Pwd=${plant(m.human())};"
- "host=pg-3 user=app password='${plant(m.human())}' dbname=app"
- "http://sync.acme.example/?user=ops&passwd=${plant(m.made(12))}"
- "SharedAccessSignature sr=hub&sig=${plant(encodeURIComponent(m.base64(32)))}&se=1900000000&skn=device"
- "https://acme.blob.core.windows.net/in?sv=2023-11-03&ss=b&srt=sco&sp=rwdlac&se=2031-01-01T00:00:00Z&sig=${plant(encodeURIComponent(m.base64(32)))}"
- "https://acme.webhook.office.com/webhookb2/${plant(`${m.uuid()}@${m.uuid()}/IncomingWebhook/${m.hex(32)}/${m.uuid()}`)}"
- "https://discord.com/api/webhooks/${plant(`${m.digits(18)}/${m.url64(68)}`)}"
- "https://api.telegram.org/bot${plant(`7${m.digits(9)}:AA${m.url64(33)}`)}/sendMessage"
${none(`- postgres://localhost:5432/app
- postgres://app@pg.acme.internal/app
- postgres://\${PGUSER}:\${PGPASSWORD}@pg/app
- postgres://user:password@localhost:5432/db?placeholder=docs
- postgresql://{{ user }}:{{ password }}@{{ host }}/app
- mysql://<user>:<password>@<host>/<db>
- mongodb://$USER:$PASS@mongo/app
- redis://:%s@cache:6379
- https://git@github.com/acme/repo.git
- ssh://git@git.acme.example:2222/acme/repo.git
- amqp://rabbit.acme.internal:5672
- "jdbc:postgresql://pg:5432/app?user=app"
- "Server=sql;Database=erp;Trusted_Connection=True;"
- https://acme.blob.core.windows.net/public/logo.png
- https://acme-bucket.s3.amazonaws.com/a.zip?versionId=${m.alnum(32)}
- https://example.com/login?next=/account/password`)}
`,
    ),
    planted(
      'http',
      'api/requests.http',
      `POST https://api.acme.example/v1/login
Content-Type: application/json

{"username": "svc-report", "password": "${plant(m.human())}"}

###
GET https://api.acme.example/v1/orders
Authorization: Bearer ${plant(m.url64(64))}
X-Request-Id: ${m.uuid()} §F
If-None-Match: "${m.hex(40)}" §F

###
GET https://api.acme.example/v1/me
Authorization: Basic ${plant(b64(`report:${m.human()}`))}
Cookie: session=${plant(m.jwt({ sid: m.uuid(), uid: 42, exp: 1_900_000_000 }))}

###
GET https://api.acme.example/v1/users
Authorization: Bearer {{token}} §F
X-Api-Key: {{$dotenv API_KEY}} §F
traceparent: 00-${m.hex(32)}-${m.hex(16)}-01 §F

###
POST https://api.acme.example/oauth/token
Content-Type: application/x-www-form-urlencoded

grant_type=client_credentials&client_id=report&client_secret=${plant(m.alnum(40))}

###
GET https://gitlab.acme.example/api/v4/projects
PRIVATE-TOKEN: ${plant(`glpat-${m.url64(20)}`)}
`,
    ),
    planted(
      'http',
      'api/acme.postman_collection.json',
      `{
  "info": { "_postman_id": "${m.uuid()}", "name": "acme" }, §F
  "auth": { "type": "apikey", "apikey": [
    { "key": "value", "value": "${plant(m.alnum(40))}", "type": "string" },
    { "key": "key", "value": "X-Api-Key", "type": "string" } §F
  ] },
  "item": [
    { "request": { "header": [ { "key": "Authorization", "value": "Bearer {{accessToken}}" } ] } }, §F
    { "request": { "auth": { "type": "basic", "basic": [ { "key": "password", "value": "${plant(m.human())}" } ] } } }
  ],
  "variable": [
    { "key": "accessToken", "value": "" }, §F
    { "key": "refreshToken", "value": "${plant(m.url64(72))}" }
  ]
}
`,
    ),
    planted(
      'jwt',
      'support/tickets/4711.md',
      `The customer sends this and gets a 403:

    curl https://api.acme.example/v1/me -H 'Authorization: Bearer ${plant(m.jwt({ sub: m.uuid(), scope: 'admin', exp: 1_950_000_000 }, { alg: 'RS256', kid: m.url64(12) }))}'

Trace id ${m.hex(32)}, release ${m.hex(40)}. §F
The header decodes to {"alg":"RS256"}; the token id is ${m.uuid()}. §F
`,
    ),
    planted(
      'jwt',
      'support/supabase.env',
      `SUPABASE_SERVICE_ROLE_KEY=${plant(m.jwt({ iss: 'supabase', ref: m.of('abcdefghijklmnopqrstuvwxyz', 20), role: 'service_role', iat: 1_700_000_000, exp: 2_015_000_000 }))}
SUPABASE_URL=https://${m.of('abcdefghijklmnopqrstuvwxyz', 20)}.supabase.co §F
TURSO_AUTH_TOKEN=${plant(m.jwt({ a: 'rw', iat: 1_720_000_000, id: m.uuid() }, { alg: 'EdDSA', typ: 'JWT' }))}
`,
    ),
  ];
}
