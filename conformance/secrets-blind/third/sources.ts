import type { PlantedPage } from '../second/planted.js';
import { plant, under } from '../second/planted.js';
import { file, harmless, type Part } from './marks.js';

/** Assignments in source code. */
export const sources: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('source', path, text));
  add(
    'src/python/settings.py',
    `
import os

DEBUG = False
SECRET_KEY = '${plant(m.of('abcdefghijklmnopqrstuvwxyz0123456789(-_=+)@^&*', 50))}'
DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.postgresql',
        'USER': 'shop', §?
        'PASSWORD': '${plant(m.alnum(18))}',
        'HOST': os.environ.get('DB_HOST', 'localhost'), §F
    },
    'replica': {'PASSWORD': os.environ['REPLICA_PASSWORD']}, §F
}
AUTH_PASSWORD_VALIDATORS = [ §F
    {'NAME': 'django.contrib.auth.password_validation.MinimumLengthValidator'}, §F
]
PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher'] §F
EMAIL_HOST_PASSWORD = os.getenv("EMAIL_HOST_PASSWORD") §F
AWS_SECRET_ACCESS_KEY = "${plant(m.awsSecret())}"`,
  );
  add(
    'src/python/client.py',
    `
import requests

API_KEY: str = "${plant(m.google())}"
TOKEN_URL = "https://id.example.com/oauth/token" §F


def fetch(password=None, token: str | None = None): §F
    headers = {"Authorization": f"Bearer {token}"} §F
    fallback = {"Authorization": "Bearer ${plant(m.jwt({ sub: 'svc', role: 'service_role' }))}"}
    secret = get_secret("prod/app/token") §F
    return requests.get("https://api.example.com", auth=("svc", "${plant(m.alnum(20))}"), headers=headers)


def check(user, password): §F
    password_field = "password" §F
    if token == "invalid": §F
        raise ValueError("bad password")`,
  );
  add(
    'src/python/bot.py',
    `
import openai
import boto3

openai.api_key = "${plant(m.openai())}"
bot = Bot(token='${plant(m.telegram())}')
s3 = boto3.client("s3", aws_access_key_id="${m.awsId()}", §?
                  aws_secret_access_key="${plant(m.awsSecret())}")
conn = psycopg2.connect(host="db", user="bot", password="${plant(m.alnum(16))}", dbname="bot")
conn = psycopg2.connect(host="db", user="bot", password=settings.PASSWORD) §F
token = request.headers["X-Api-Token"] §F
key = hashlib.sha256(password.encode()).hexdigest() §F`,
  );
  add(
    'src/go/config.go',
    `
package config

import "os"

const (
	apiKey        = "${plant(m.alnum(40))}"
	tokenHeader   = "X-Auth-Token" §F
	secretName    = "app-credentials" §F
	passwordField = "user.password" §F
)

var dsn = "app:${plant(m.plainPassword())}@tcp(mysql.internal:3306)/app?parseTime=true"

type Config struct {
	Password string \`json:"password" env:"DB_PASSWORD,required"\` §F
	Token    string \`yaml:"token"\` §F
}

func Load() *Config {
	return &Config{
		Password: os.Getenv("DB_PASSWORD"), §F
		Token:    "${plant(m.github())}",
	}
}`,
  );
  add(
    'src/go/auth.go',
    `
package auth

var signingKey = []byte("${plant(m.alnum(44))}")

var ErrTokenExpired = errors.New("token expired") §F

func Sign(claims jwt.Claims, privateKey *rsa.PrivateKey) (string, error) { §F
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims) §F
	client := stripe.NewClient("${plant(m.stripe())}", nil)
	req.SetBasicAuth("svc", "${plant(m.alnum(18))}")
	req.Header.Set("Authorization", "Bearer "+token) §F
	req.Header.Set("X-Vault-Token", "${plant(m.vault())}")
	return token.SignedString(signingKey) §F
}`,
  );
  add(
    'src/web/config.ts',
    `
export const config = {
  apiBase: 'https://api.example.com', §F
  authTokenStorageKey: 'acme.auth.token', §F
  sendgridApiKey: '${plant(m.sendgrid())}',
  jwtSecret: process.env.JWT_SECRET ?? '${plant(m.alnum(36))}',
  refreshToken: process.env.REFRESH_TOKEN, §F
  db: { user: 'web', password: '${plant(m.alnum(18))}' },
  passwordRules: /^(?=.*[A-Z])(?=.*[0-9]).{12,}$/, §F
};

export interface Credentials {
  password: string; §F
  token?: string; §F
}`,
  );
  add(
    'src/web/slack.ts',
    `
import { WebClient } from '@slack/web-api'; §F

const client = new WebClient('${plant(m.slackBot())}');
const hook = \`${plant(m.slackHook())}\`;
const octokit = new Octokit({ auth: "${plant(m.githubFine())}" });
const other = new Octokit({ auth: process.env.GITHUB_TOKEN }); §F
headers.set('authorization', \`Bearer \${session.accessToken}\`); §F
const secret = await vault.read('secret/data/web'); §F
const csrfToken = document.querySelector('meta[name=csrf-token]')?.content; §F
export const SECRET_HEADER = 'x-webhook-secret'; §F`,
  );
  add(
    'src/java/Config.java',
    `
package com.example.app;

public final class Config {
    private static final String DB_PASSWORD = "${plant(m.alnum(18))}";
    private static final String PASSWORD_KEY = "db.password"; §F
    public static final String TOKEN_PREFIX = "Bearer "; §F
    @Value("\${app.secret}") §F
    private String secret; §F

    DataSource source() {
        ds.setPassword("${plant(m.alnum(20))}");
        ds.setPassword(System.getenv("DB_PASSWORD")); §F
        BasicAWSCredentials keys = new BasicAWSCredentials("${m.awsId()}", "${plant(m.awsSecret())}");
        String token = jwtProvider.createToken(user.getName(), user.getRoles()); §F
        return DriverManager.getConnection("jdbc:mysql://mysql/app", "app", "${plant(m.alnum(16))}");
    }
}`,
  );
  add(
    'src/php/wp-config.php',
    `
<?php
define('DB_NAME', 'wordpress');
define('DB_PASSWORD', '${plant(m.alnum(18))}');
define('AUTH_KEY',         '${plant(m.url64(64))}');
define('SECURE_AUTH_SALT', '${plant(m.url64(64))}');
define('NONCE_KEY',        getenv('NONCE_KEY')); §F
$table_prefix = 'wp_';
$token = $_POST['token']; §F
$password = password_hash($_POST['password'], PASSWORD_BCRYPT); §F`,
  );
  add(
    'src/csharp/Startup.cs',
    `
var client = new SecretClient(new Uri("https://acme.vault.azure.net/"), new DefaultAzureCredential()); §F
var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes("${plant(m.alnum(48))}"));
var password = configuration["Db:Password"]; §F
options.ClientSecret = "${plant(m.azureClient())}";
options.TokenValidationParameters = new() { ValidateIssuerSigningKey = true }; §F`,
  );
  add(
    'src/ruby/client.rb',
    `
Stripe.api_key = '${plant(m.stripe('rk_live'))}'
client = Twilio::REST::Client.new('AC${m.hex(32)}', '${plant(m.hex(32))}')
password = ENV.fetch('DB_PASSWORD') §F
config.secret_key = Rails.application.credentials.devise_secret_key §F
has_secure_password §F`,
  );
  add(
    'scripts/deploy.sh',
    `
#!/usr/bin/env bash
set -euo pipefail
export AWS_ACCESS_KEY_ID=${m.awsId()} §?
export AWS_SECRET_ACCESS_KEY=${plant(m.awsSecret())}
TOKEN=$(vault kv get -field=token secret/deploy) §F
PASSWORD="\${PASSWORD:?set the password}" §F
read -r -s -p "Password: " password §F
echo "\${DOCKER_PASSWORD}" | docker login -u ci --password-stdin §F
docker login registry.example.com -u ci -p ${plant(m.alnum(20))}
kubectl create secret generic db --from-literal=password=${plant(m.alnum(18))}
kubectl create secret generic tls --from-file=tls.key §F
kubectl get secret db -o jsonpath='{.data.password}' | base64 -d §F
mysql -h db -u root -p${plant(m.alnum(14))} app < dump.sql
PGPASSWORD=${plant(m.alnum(16))} psql -h db -U app app
sshpass -p '${plant(m.alnum(14))}' ssh deploy@10.0.0.4 uptime
curl -H 'PRIVATE-TOKEN: ${plant(m.gitlab())}' https://gitlab.internal/api/v4/projects
curl -H "Authorization: token $GITHUB_TOKEN" https://api.github.com/user §F
helm upgrade app ./chart --set auth.password=${plant(m.alnum(20))} --set image.tag=v1
helm upgrade app ./chart --set auth.existingSecret=app-auth --set auth.password="$PASSWORD" §F
openssl rand -base64 32 > token.txt §F`,
  );
  add(
    'scripts/deploy.ps1',
    `
$password = ConvertTo-SecureString "${plant(m.alnum(18))}" -AsPlainText -Force
$secure = Read-Host -AsSecureString "Password" §F
$env:ARM_CLIENT_SECRET = "${plant(m.azureClient())}"
$token = $env:SYSTEM_ACCESSTOKEN §F
Connect-AzAccount -Credential $credential -Tenant ${m.uuid()} §F`,
  );
  add(
    'src/python/sign.py',
    `
PRIVATE_KEY = """${plant(under(m.rsaKey(), ''))}"""
PUBLIC_KEY_URL = "https://id.example.com/keys/signing.pub" §F
key = load_pem_private_key(open("/run/secrets/key.pem", "rb").read(), password=None) §F`,
  );
  add(
    'db/migrations/003_users.sql',
    `
CREATE USER reporting WITH PASSWORD '${plant(m.alnum(18))}';
ALTER ROLE app PASSWORD '${plant(m.alnum(20))}';
CREATE TABLE tokens (id uuid PRIMARY KEY, token_hash text NOT NULL, secret bytea); §F
CREATE USER 'backup'@'%' IDENTIFIED BY '${plant(m.alnum(16))}';
UPDATE users SET password = NULL WHERE password_expired; §F
GRANT SELECT ON secrets TO reporting; §F
INSERT INTO flags (name, value) VALUES ('password_login', 'true'); §F`,
  );
  pages.push(
    harmless(
      'source',
      'src/web/login.tsx',
      `
const [password, setPassword] = useState('');
const { token, refreshToken } = useAuth();
const passwordInput = useRef<HTMLInputElement>(null);
<input type="password" name="password" placeholder="Password" autoComplete="current-password" />
<Trans id="login.forgotPassword">Forgot password?</Trans>
const isTokenValid = (token: string): boolean => token.length > 0;
const apiKey = import.meta.env.VITE_API_KEY;
const secretKey = crypto.randomBytes(32).toString('hex');
const tokenType = 'Bearer';
const authHeader = 'Basic ' + btoa(user + ':' + password);`,
    ),
    harmless(
      'source',
      'src/rust/lib.rs',
      `
let token = std::env::var("API_TOKEN")?;
pub struct Secret { pub password: String, api_key: Option<String> }
const TOKEN_FILE: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";
let key = SigningKey::from_bytes(&secret_bytes);
const CHECKSUM: &str = "${m.hex(64)}";
const NAMESPACE_ID: Uuid = uuid!("${m.uuid()}");`,
    ),
    harmless(
      'source',
      'src/c/sha256.c',
      `
static const uint32_t K[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
  0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01 };
static const char *empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
#define PASSWORD_MAX 128
static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";`,
    ),
  );
  return pages;
};
