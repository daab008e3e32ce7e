import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { ecKey, pkcs8Key } from './pem.js';
import { none, type PlantedPage, plant, planted } from './planted.js';

/** Programs: literals among names, types, templates and look-ups. */
export function sources(m: Mint): PlantedPage[] {
  const python = (path: string, text: string) => planted('python', path, text);
  const go = (path: string, text: string) => planted('go', path, text);
  const typescript = (path: string, text: string) => planted('typescript', path, text);
  const java = (path: string, text: string) => planted('java', path, text);
  return [
    python(
      'services/api/settings.py',
      `import os

SECRET_KEY = "${plant(m.of('abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)', 50))}"
DEBUG = False
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "USER": "api", §?
        "PASSWORD": "${plant(m.human())}",
        "HOST": "pg",
    },
    "replica": {
        "PASSWORD": os.environ["REPLICA_PASSWORD"], §F
    },
}
EMAIL_HOST_PASSWORD = os.getenv("EMAIL_HOST_PASSWORD", "") §F
CELERY_BROKER_URL = "amqp://api:${plant(m.plainPassword())}@rabbit:5672//"
AUTH_PASSWORD_VALIDATORS = [ §F
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}, §F
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"] §F
PASSWORD_RESET_TIMEOUT = 3600 §F
CSRF_COOKIE_SECURE = True §F
SOCIAL_AUTH_GITHUB_SECRET = "${plant(m.hex(40))}"
SOCIAL_AUTH_GITHUB_KEY = "Iv1.${m.hex(16)}" §F
SIMPLE_JWT = {"SIGNING_KEY": "${plant(m.base64(48))}", "ALGORITHM": "HS512"}
REST_AUTH_TOKEN_MODEL = "rest_framework.authtoken.models.Token" §F
`,
    ),
    python(
      'services/api/client.py',
      `import base64
import requests
from requests.auth import HTTPBasicAuth


class Client:
    def __init__(self, token: str, password: str | None = None) -> None: §F
        self.token = token §F
        self._password = password or self.prompt_password() §F
        self.session_token = None §F

    def login(self) -> None:
        requests.get(URL, auth=HTTPBasicAuth("svc", "${plant(m.human())}"))
        requests.get(URL, auth=("reporter", "${plant(m.made(16))}"))
        requests.get(URL, headers={"Authorization": f"Bearer {self.token}"}) §F
        requests.get(URL, headers={"Authorization": "Token ${plant(m.hex(40))}"})
        requests.post(URL, data={"grant_type": "password", "password": self._password}) §F
        requests.post(URL, json={"apikey": "${plant(m.alnum(32))}", "limit": 10})

    def token_for(self, user: str) -> str:
        return jwt.encode({"sub": user}, "${plant(m.passphrase())}", algorithm="HS256")

    def decode(self, token: str) -> dict:
        return jwt.decode(token, key=self.public_key, algorithms=["RS256"]) §F


_K = base64.b64decode("${plant(b64(m.human()))}").decode()  # db password
engine = create_engine("mysql+pymysql://root:${plant(m.plainPassword())}@10.0.0.4/erp")
engine2 = create_engine(f"mysql+pymysql://{user}:{password}@{host}/erp") §F
parser.add_argument("--password", help="password of the service account") §F
parser.add_argument("--token", default=None, required=False) §F
password = getpass.getpass("Password: ") §F
secret = hashlib.sha256(payload).hexdigest() §F
token = secrets.token_urlsafe(32) §F
password_pattern = re.compile(r"^(?=.*[A-Z])(?=.*\\d)[A-Za-z\\d@$!%*?&]{12,}$") §F
API_KEY_RE = r"(?i)api[_-]?key['\\"]?\\s*[:=]\\s*['\\"]([a-z0-9]{32})" §F
`,
    ),
    python(
      'notebooks/churn.ipynb',
      `{
 "cells": [
  {
   "cell_type": "code",
   "id": "${m.hex(8)}",
   "outputs": [
    {"data": {"image/png": "iVBORw0KGgoAAAANSUhEUgAAA${m.base64(900)}"}, "output_type": "display_data"} §F
   ],
   "source": [
    "import snowflake.connector\\n",
    "conn = snowflake.connector.connect(\\n",
    "    user='ANALYTICS',\\n", §?
    "    password='${plant(m.human())}',\\n",
    "    account='ab12345.eu-west-1',\\n", §F
    "    authenticator='snowflake'\\n", §F
    ")\\n",
    "os.environ['OPENAI_API_KEY'] = 'sk-proj-${plant(`${m.url64(74)}T3BlbkFJ${m.url64(74)}`)}'\\n",
    "token = dbutils.secrets.get(scope='prod', key='token')\\n", §F
    "spark.conf.set('fs.azure.account.key.acme.dfs.core.windows.net', '${plant(m.base64(64))}')"
   ]
  },
  {"cell_type": "code", "outputs": [{"name": "stdout", "text": ["logged in with token ${plant(m.jwt({ sub: 'analytics', exp: 1_900_000_000 }))}\\n"]}]}
 ]
}
`,
    ),
    go(
      'cmd/server/config.go',
      `package main

import "os"

const (
	defaultSecretName = "server-credentials" §F
	tokenHeader       = "X-Auth-Token" §F
	passwordFile      = "/etc/server/password" §F
	secretsDir        = "/var/run/secrets" §F
	hmacKey           = "${plant(m.alnum(48))}"
	adminPassword     = "${plant(m.human())}"
)

type Config struct {
	Password string \`json:"password" env:"DB_PASSWORD,required"\` §F
	Token    string \`yaml:"token,omitempty"\` §F
	APIKey   *corev1.SecretKeySelector \`json:"apiKeySecretRef"\` §F
}

var signingKey = []byte("${plant(m.url64(43))}")
var empty = Config{Password: "", Token: ""} §F

func load() Config {
	return Config{
		Password: os.Getenv("DB_PASSWORD"), §F
		Token:    mustRead(passwordFile), §F
	}
}

func dial() {
	smtp.PlainAuth("", "mailer@acme.example", "${plant(m.human())}", "smtp.acme.example")
	db, _ := sql.Open("postgres", "host=pg user=app password=${plant(m.made(16))} sslmode=disable")
	dsn := fmt.Sprintf("host=%s user=%s password=%s", h, u, p) §F
	req.SetBasicAuth("svc", "${plant(m.human())}")
	req.SetBasicAuth(cfg.User, cfg.Password) §F
	req.Header.Set("X-Api-Key", "${plant(m.hex(32))}")
	req.Header.Set("Authorization", "Bearer "+token) §F
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379", Password: "${plant(m.alnum(20))}"})
	log.Printf("secret %q not found in namespace %q", secretName, ns) §F
	return errors.New("password must contain at least 12 characters") §F
	if token == "" || strings.HasPrefix(token, "ghp_") { §F
	tok, err := jwt.Parse(raw, func(t *jwt.Token) (any, error) { return pub, nil }) §F
	passwordHash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost) §F
}
`,
    ),
    go(
      'internal/pki/embedded.go',
      `package pki

// Key of the device gateway.
var key = \`${plant(ecKey(m))}\`

const begin = "-----BEGIN RSA PRIVATE KEY-----" §F
const isPEM = strings.HasPrefix(s, "-----BEGIN PRIVATE KEY-----") §F
`,
    ),
    go(
      'go.sum',
      none(`github.com/golang-jwt/jwt/v5 v5.2.1 h1:${m.base64(32)}
github.com/golang-jwt/jwt/v5 v5.2.1/go.mod h1:${m.base64(32)}
github.com/hashicorp/vault/api v1.15.0 h1:${m.base64(32)}
github.com/hashicorp/vault/api v1.15.0/go.mod h1:${m.base64(32)}
github.com/zalando/go-keyring v0.2.5 h1:${m.base64(32)}
golang.org/x/oauth2 v0.23.0/go.mod h1:${m.base64(32)}`),
    ),
    typescript(
      'web/src/config.ts',
      `export const config = {
  apiKey: process.env.API_KEY ?? '', §F
  clientId: '${m.digits(12)}-${m.of('abcdefghijklmnopqrstuvwxyz0123456789', 32)}.apps.googleusercontent.com', §F
  stripe: 'pk_live_51${m.alnum(97)}', §F
  sentryDsn: 'https://${m.hex(32)}@o${m.digits(6)}.ingest.sentry.io/${m.digits(7)}', §F
  sessionSecret: '${plant(m.alnum(40))}',
  cookiePassword: "${plant(m.passphrase())}",
  passwordField: 'password', §F
  tokenKey: 'auth.token', §F
  csrfTokenName: 'XSRF-TOKEN', §F
  secretQuestion: 'What was the name of your first pet?', §F
  algolia: { appId: '${m.upper(10)}' }, §F
  db: { host: 'pg', user: 'app', password: '${plant(m.human())}' },
  encryptionKey: Buffer.from('${plant(m.hex(64))}', 'hex'),
  iv: randomBytes(16), §F
};
`,
    ),
    typescript(
      'web/src/auth.ts',
      `import jwt from 'jsonwebtoken';

export interface Credentials {
  password: string; §F
  token?: string | null; §F
  secretKey: Uint8Array; §F
}
export const sign = (id: string) => jwt.sign({ id }, '${plant(m.made(32))}', { expiresIn: '1h' });
export const verify = (token: string) => jwt.verify(token, publicKey); §F
const transport = createTransport({ host: 'smtp', auth: { user: 'web', pass: '${plant(m.human())}' } });
const passwordSchema = z.string().min(12).max(128).regex(/[A-Z]/); §F
const headers = { Authorization: \`Bearer \${token}\` }; §F
const basic = { Authorization: 'Basic ${plant(b64(`partner:${m.human()}`))}' };
const url = \`https://api.acme.example/v1?token=\${encodeURIComponent(token)}\`; §F
const legacyUrl = 'https://api.acme.example/v1/feed?format=json&access_token=${plant(m.hex(48))}';
const resetPasswordPath = '/account/reset-password/:token'; §F
if (password !== passwordConfirmation) throw new Error('Passwords differ'); §F
const { password, ...rest } = body; §F
const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']); §F
localStorage.setItem('access_token', response.accessToken); §F
export const PASSWORD_INPUT = '[data-testid="password-input"]'; §F
const apiKey = '${plant(m.url64(20))}' + '${plant(m.url64(20))}';
socket.emit('auth', { apiToken: import.meta.env.VITE_TOKEN }); §F
`,
    ),
    typescript(
      'web/src/i18n/en.json',
      none(`{
  "login.password": "Password",
  "login.password.placeholder": "Enter your password",
  "login.forgot_password": "Forgot your password?",
  "settings.apiKey": "API key",
  "settings.token.help": "Tokens are shown once; copy yours now",
  "settings.secret": "Shared secret",
  "errors.invalidPassword": "PasswordMustContainUppercase",
  "errors.token_expired": "Your session has expired"
}`),
    ),
    typescript(
      'web/src/i18n/de.json',
      none(`{
  "login.password": "Passwort",
  "login.password.placeholder": "Passwort123 ist kein gutes Passwort",
  "login.passwordConfirm": "Passwort wiederholen",
  "settings.apiKey": "API-Schlüssel",
  "settings.secret": "Gemeinsames Geheimnis",
  "errors.invalidToken": "Ungültiges Zugangstoken"
}`),
    ),
    typescript(
      'web/public/app.min.js',
      none(
        `!function(e,t){var n={passwordField:"input[type=password]",tokenName:"csrf-token",hash:"${m.hex(20)}"};e.exports={a:n,key:t.keyCode,secret:void 0,pwd:null}}(this,window);\n//# sourceMappingURL=data:application/json;base64,${m.base64(240)}`,
      ),
    ),
    typescript(
      'web/public/index.html',
      none(`<script src="/app.${m.hex(8)}.js" integrity="sha384-${m.base64(48)}" crossorigin="anonymous"></script>
<link rel="stylesheet" href="/app.css" integrity="sha512-${m.base64(64)}">
<meta name="google-site-verification" content="${m.url64(43)}">
<meta name="csrf-token" content="{{ csrf_token }}">
<input type="password" name="password" autocomplete="new-password" placeholder="Password" required>
<img src="data:image/png;base64,iVBORw0KGgo${m.base64(300)}">
<script nonce="{{ nonce }}">gtag('config', 'G-${m.upper(10)}');</script>
<a href="https://www.youtube.com/watch?v=${m.url64(11)}">How to choose a password</a>`),
    ),
    typescript(
      'web/public/theme.css',
      none(`@font-face { src: url(data:font/woff2;base64,d09GMgABAAAAA${m.base64(300)}); }
.password-strength--weak { color: #${m.hex(6)}; }
.token { background: #${m.hex(8)}; }
input[type="password"]::-ms-reveal { display: none; }`),
    ),
    java(
      'billing/src/main/java/io/acme/Billing.java',
      `package io.acme;

public final class Billing {
  private static final String PASSWORD_PROPERTY = "billing.db.password"; §F
  private static final String API_TOKEN = "${plant(m.alnum(36))}";
  private static final String TOKEN_ENDPOINT = "/oauth2/token"; §F
  @Value("\${billing.secret}") private String secret; §F
  @Value("\${billing.key:${plant(m.hex(32))}}") private String key;
  private char[] password; §F
  private static final long serialVersionUID = -${m.digits(18)}L; §F

  Connection open() throws SQLException {
    return DriverManager.getConnection("jdbc:oracle:thin:@db:1521/ERP", "erp", "${plant(m.human())}");
  }

  void store(KeyStore store) throws Exception {
    store.load(in, "${plant(m.human())}".toCharArray());
    store.load(in, password); §F
    mac.init(new SecretKeySpec("${plant(m.made(32))}".getBytes(UTF_8), "HmacSHA256"));
    mac.init(new SecretKeySpec(keyBytes, "HmacSHA256")); §F
    SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512"); §F
    credentials.setPassword(System.getenv("BILLING_PASSWORD")); §F
    http.setHeader("X-Auth-Token", "${plant(m.uuid())}");
    throw new BadCredentialsException("Password does not match stored value"); §F
  }
}
`,
    ),
    java(
      'billing/pom-settings.xml',
      `<settings>
  <servers>
    <server>
      <id>nexus</id>
      <username>deploy</username> §?
      <password>${plant(m.human())}</password>
    </server>
    <server>
      <id>central</id>
      <password>\${env.CENTRAL_PASSWORD}</password> §F
    </server>
    <server>
      <id>encrypted</id>
      <password>{${m.base64(48)}}</password> §?
    </server>
  </servers>
</settings>
`,
    ),
    java(
      'erp/Web.config',
      `<configuration>
  <connectionStrings>
    <add name="Erp" connectionString="Server=tcp:erp.database.windows.net;Database=erp;User ID=erp;Password=${plant(m.human())};Encrypt=True" />
    <add name="Reporting" connectionString="Server=rep;Database=rep;Integrated Security=SSPI" /> §F
  </connectionStrings>
  <appSettings>
    <add key="ServiceBus" value="Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${plant(m.base64(32))}" />
    <add key="PasswordExpirationDays" value="90" /> §F
    <add key="PublicKeyToken" value="b77a5c561934e089" /> §F
    <add key="KeyVaultSecretName" value="erp-db-password" /> §F
  </appSettings>
  <machineKey validationKey="${plant(m.hex(128).toUpperCase())}" validation="SHA1" />
</configuration>
`,
    ),
    java(
      'erp/appsettings.Production.json',
      `{
  "ConnectionStrings": {
    "Default": "Host=pg;Username=erp;Password=${plant(m.made(20))};Database=erp",
    "Blob": "DefaultEndpointsProtocol=https;AccountName=acmeerp;AccountKey=${plant(m.base64(64))};EndpointSuffix=core.windows.net"
  },
  "Jwt": { "Key": "${plant(m.passphrase(' '))}", "Issuer": "https://sso.acme.example" },
  "AzureAd": { "ClientId": "${m.uuid()}", "TenantId": "${m.uuid()}" }, §F
  "PasswordPolicy": { "RequiredLength": 14 } §F
}
`,
    ),
    java(
      'mobile/android/gradle.properties',
      `RELEASE_STORE_FILE=release.keystore §F
RELEASE_KEY_ALIAS=release §F
RELEASE_STORE_PASSWORD=${plant(m.human())}
RELEASE_KEY_PASSWORD=${plant(m.word() + m.digits(4))}
android.useAndroidX=true §F
`,
    ),
    java(
      'tools/service-account.json',
      `{
  "type": "service_account", §F
  "project_id": "acme-prod",
  "private_key_id": "${m.hex(40)}", §?
  "private_key": "${plant(pkcs8Key(m).replaceAll('\n', '\\n'))}\\n",
  "client_email": "ci@acme-prod.iam.gserviceaccount.com", §F
  "client_id": "${m.digits(21)}", §F
  "token_uri": "https://oauth2.googleapis.com/token" §F
}
`,
    ),
  ];
}
