import type { PlantedPage } from '../second/planted.js';
import { plant } from '../second/planted.js';
import { file, harmless, type Part } from './marks.js';

/** Files of environment variables. */
export const dotenv: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('dotenv', path, text));
  add(
    '.env',
    `
NODE_ENV=production §F
APP_KEY=base64:${plant(m.base64(32))}
DB_CONNECTION=mysql
DB_USERNAME=shop §?
DB_PASSWORD=${plant(m.alnum(18))}
MAIL_PASSWORD="${plant(m.password())}"
AWS_ACCESS_KEY_ID=${m.awsId()} §?
AWS_SECRET_ACCESS_KEY=${plant(m.awsSecret())}
PUSHER_APP_SECRET=${plant(m.hex(20))}
STRIPE_KEY=pk_live_51${m.alnum(97)} §F
STRIPE_SECRET=${plant(m.stripe())}
SESSION_LIFETIME=120 §F
PASSWORD_RESET_URL=https://shop.example.com/reset?token= §F`,
  );
  add(
    'services/api/.env.production',
    `
export SECRET_KEY='${plant(m.alnum(50))}'
export DATABASE_URL=postgres://api:${plant(m.plainPassword())}@db.internal:5432/api
export REDIS_URL=redis://redis:6379/0 §F
export GITHUB_CLIENT_ID=Iv1.${m.hex(16)} §F
export GITHUB_CLIENT_SECRET=${plant(m.hex(40))}
export JWT_PRIVATE_KEY_PATH=/run/secrets/jwt.pem §F
export OPENAI_API_KEY=${plant(m.openai())}
# TWILIO_AUTH_TOKEN=${plant(m.hex(32))}`,
  );
  add(
    'services/bot/.env.local',
    `
TELEGRAM_BOT_TOKEN=${plant(m.telegram())}
DISCORD_WEBHOOK=${plant(m.discordHook())}
HF_TOKEN=${plant(m.huggingface())}
ANTHROPIC_API_KEY=${plant(m.anthropic())}
NEXT_PUBLIC_SITE_ID=${m.uuid()} §F
ADMIN_TOKEN_ENABLED=false §F
DATABASE_PASSWORD=\${DB_PASSWORD} §F`,
  );
  add(
    'docker/prod.env',
    `
POSTGRES_USER=app §?
POSTGRES_PASSWORD=${plant(m.password())}
POSTGRES_PASSWORD_FILE= §F
KEYCLOAK_ADMIN_PASSWORD=${plant(m.alnum(20))}
MINIO_ROOT_PASSWORD=${plant(m.alnum(32))}
VAULT_ADDR=https://vault.internal:8200 §F
VAULT_TOKEN=${plant(m.vault())}
TOKEN_ISSUER=id.example.com §F`,
  );
  pages.push(
    harmless(
      'dotenv',
      '.env.example',
      `
SECRET_KEY=
DB_PASSWORD=<your-password>
STRIPE_SECRET=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx
AWS_SECRET_ACCESS_KEY=your-secret-access-key-here
GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
API_TOKEN=\${API_TOKEN:?is not set}
SLACK_BOT_TOKEN=xoxb-...
SENDGRID_API_KEY=********
DATABASE_URL=postgres://user:<password>@localhost:5432/db
JWT_SECRET=# openssl rand -hex 32
OTP_KEY=op://prod/otp/key
MAIL_PASSWORD=null
AUTH_TOKEN_TTL=3600`,
    ),
    harmless(
      'dotenv',
      'compose/.env',
      `
COMPOSE_PROJECT_NAME=shop
IMAGE_DIGEST=sha256:${m.hex(64)}
GIT_SHA=${m.hex(40)}
SECRET_PROVIDER=aws-secrets-manager
PASSWORD_HASH_ALGORITHM=argon2id
KEY_ALIAS=alias/prod-signing-key
AUTH0_DOMAIN=acme.eu.auth0.com
AUTH0_CLIENT_ID=${m.alnum(32)}
TENANT_ID=${m.uuid()}
TOKEN_URL=https://acme.eu.auth0.com/oauth/token
VAPID_PUBLIC_KEY=B${m.url64(86)}`,
    ),
  );
  return pages;
};

/** Strings that carry a password in an address. */
export const connections: Part = (m) => {
  const p = (): string => plant(m.plainPassword());
  return [
    file(
      'connection-string',
      'config/urls.conf',
      `
primary = postgresql://svc_orders:${p()}@pg-1.internal:5432/orders
replica = postgresql://pg-2.internal:5432/orders §F
mongo = mongodb://root:${p()}@mongo-0:27017,mongo-1:27017/admin?replicaSet=rs0
cache = rediss://default:${p()}@cache.example.com:6380
queue = amqp://worker:${p()}@mq:5672/%2f
ftp = ftp://upload:${p()}@ftp.partner.example.com/in
proxy = http://proxyuser:${p()}@proxy.internal:3128
mail = smtps://robot%40example.com:${p()}@smtp.example.com:465
template = postgresql://$USER:$PASSWORD@pg:5432/orders §F
curly = mysql://{user}:{password}@{host}/{db} §F
masked = mysql://root:****@mysql:3306/app §F
userless = redis://redis:6379 §F
git = ssh://git@github.com:22/acme/app.git §F
port = http://user@host:8080/path §F`,
    ),
    file(
      'connection-string',
      'scripts/clone.txt',
      `
git clone https://oauth2:${plant(m.gitlab())}@gitlab.internal/acme/app.git
git clone https://x-access-token:${plant(m.github('ghs'))}@github.com/acme/app.git
git clone https://\${GH_USER}:\${GH_TOKEN}@github.com/acme/app.git §F
pip install --index-url https://build:${p()}@pypi.internal/simple app
curl -u admin:${p()} https://nexus.internal/service/rest/v1/status
curl -u "$USER:$PASS" https://nexus.internal/service/rest/v1/status §F
Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${plant(m.base64(32))}
https://acme.blob.core.windows.net/c?sv=2024-11-04&se=2031-01-01&sr=c&sp=rl&sig=${plant(encodeURIComponent(m.base64(32)))}
git@github.com:acme/app.git §F
https://cdn.example.com/app.js?v=${m.hex(32)} §F`,
    ),
  ];
};
