import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { none, noneAtAll, type PlantedPage, plant, planted, under } from './planted.js';

/** Documentation and tests: mostly examples, sometimes the real thing. */
export function writings(m: Mint): PlantedPage[] {
  const docs = (path: string, text: string) => planted('docs', path, text);
  const tests = (path: string, text: string) => planted('tests', path, text);
  return [
    docs(
      'docs/install.md',
      none(`# Install
Create an account and set a password of at least 14 characters.
export GITHUB_TOKEN=<your-token>
export AWS_ACCESS_KEY_ID=AKIA${'IOSFODNN7EXAMPLE'}
export AWS_SECRET_ACCESS_KEY=${'wJalrXUtnFEMI/K7MDENG'}/bPxRfiCYEXAMPLEKEY
helm install shop acme/shop --set auth.password=YOUR_PASSWORD
kubectl create secret generic db --from-literal=password=<password>
curl -H "Authorization: Bearer $TOKEN" https://api.acme.example
curl -u user:password https://example.com/
psql postgresql://user:password@localhost/mydb
docker login -u USERNAME -p PASSWORD registry.example.com
The token begins with \`ghp_\` and has 40 characters.
Set \`STRIPE_KEY\` to \`sk_live_...\`.
OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
SLACK_TOKEN=xoxb-your-token-here
password: "********"
secret: [redacted]
token = "..."
-----BEGIN PRIVATE KEY-----
(your key here)
-----END PRIVATE KEY-----
The private key file starts with -----BEGIN OPENSSH PRIVATE KEY-----.`),
    ),
    docs(
      'docs/secrets-management.md',
      none(`Secrets are sealed with kubeseal; see password-rotation.md.
vault kv put secret/shop password=@password.txt
kubeseal --cert pub.pem < secret.yaml > sealed.yaml
sops --encrypt --age $(cat recipients.txt) secret.yaml
age-keygen -o key.txt && chmod 600 key.txt
passwordSecretRef:
  name: shop
  key: password
Argo CD prints the initial password: argocd admin initial-password -n argocd
The secretKeyRef points at the key db-password.
Use op://vault/item/field or ref+awssecrets://name/key references.
Token lifetime: 3600 seconds; refresh token: 30 days.
API keys are stored as SHA-256, for example ${m.hex(64)}.
The commit ${m.hex(40)} removed the password field.
Passwords like "correct horse" are explained in xkcd 936.`),
    ),
    docs(
      'docs/adr/0007-jwt.md',
      none(`# Tokens
A JWT has three parts: header.payload.signature.
Example: ${'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9'}.${'eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ'}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c
The header is ${b64('{"alg":"RS256","typ":"JWT"}')}.
Keys rotate every 90 days; the key id is ${m.uuid()}.`),
    ),
    docs(
      'docs/incidents/2026-02-break-glass.md',
      `# Break glass

1. Log in to the console as \`root\` with \`${plant(m.human())}\` (password).
2. Unseal key 1: ${plant(m.base64(33))}
3. Root token: hvs.${plant(m.url64(24))}
4. Grafana (https://grafana.acme.example): admin / ${plant(m.human())}
5. Then revoke: \`vault token revoke -self\` §F
6. Ticket number ${m.digits(8)}, commit ${m.hex(40)} §F
`,
    ),
    docs(
      'docs/onboarding.rst',
      `Onboarding
==========

VPN preshared key: ${plant(m.made(24))}

.. code-block:: bash

   export ARTIFACTORY_TOKEN=cmVmdGtuOj${plant(m.alnum(54))}
   export ARTIFACTORY_URL=https://artifactory.acme.example §F
   export PIP_INDEX_URL=https://pip:${plant(m.alnum(30))}@pypi.acme.example/simple
   export VAULT_TOKEN=$(vault login -token-only) §F
`,
    ),
    docs(
      'CHANGELOG.md',
      none(
        Array.from(
          { length: 14 },
          (_, i) =>
            `- ${m.pick(['Fix password prompt', 'Rotate signing key', 'Drop token cache', 'Rename secretName', 'Bump go-jwt'])} ${i} ([${m.hex(7)}](https://github.com/acme/shop/commit/${m.hex(40)}))`,
        ).join('\n'),
      ),
    ),
    tests(
      'test/auth.test.ts',
      `${none(`const token = 'not-a-real-token';
const password = 'password';
expect(mask('secret-value')).toBe('************');
await login({ username: 'user', password: 'wrong password' });
await expect(login('user', '')).rejects.toThrow('password is required');
const secret = 'a'.repeat(32);
const apiKey = '00000000-0000-0000-0000-000000000000';
const key = '0123456789abcdef0123456789abcdef';
const hash = '5f4dcc3b5aa765d61d8327deb882cf99';
const empty = 'd41d8cd98f00b204e9800998ecf8427e';
const sha = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const jwt = 'header.payload.signature';
const fake = { password: 'test', token: 'test-token', secret: 'dummy' };
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const github = 'ghp_000000000000000000000000000000000000';
const stripe = 'sk_test_placeholder';
const digest = '${m.hex(64)}';
const requestId = '${m.uuid()}';`)}
const live = connect({ account: 'acme', personalToken: '${plant(m.github())}' });
const webhook = 'https://hooks.slack.com/services/T0${plant(`${m.upper(9)}/B0${m.upper(9)}/${m.alnum(24)}`)}';
`,
    ),
    tests(
      'test/vectors_test.go',
      none(`var vectors = []struct{ key, plain, out string }{
	{"000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "69c4e0d86a7b0430d8cdb78070b4c55a"},
	{"2b7e151628aed2a6abf7158809cf4f3c", "6bc1bee22e409f96e93d7e117393172a", "3ad77bb40d7a3660a89ecaf32466ef97"},
	{"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
	{"4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
}
const wantToken = "token-for-user-1"
const wantPassword = "hunter-of-the-test"
t.Setenv("API_TOKEN", "test-token")
os.Setenv("PASSWORD", "")
assert.Equal(t, "<redacted>", cfg.Password.String())
golden := "testdata/secret.golden.yaml"`),
    ),
    tests(
      'test/conftest.py',
      `${none(`@pytest.fixture
def password() -> str:
    return Faker().password()
def test_password_too_short():
    assert not validate_password("short")
TOKEN = secrets.token_hex(16)
API_KEY = "test-api-key"
monkeypatch.setenv("SECRET_KEY", "testing-only")
DATABASE_URL = "postgres://postgres:postgres@localhost:5432/test"`)}
E2E_STAGING_PASSWORD = "${plant(m.human())}"
PAGERDUTY_E2E = "u+${plant(m.url64(18))}"
`,
    ),
    tests(
      'test/cassettes/orders.yaml',
      `interactions:
  - request:
      uri: https://api.acme.example/orders
      headers:
        Authorization:
          - Bearer ${plant(m.jwt({ sub: m.uuid(), scope: 'orders', exp: 1_950_000_000 }))}
        User-Agent:
          - acme-client/1.2 §F
        X-Amzn-Trace-Id:
          - Root=1-${m.hex(8)}-${m.hex(24)} §F
    response:
      headers:
        ETag:
          - '"${m.hex(32)}"' §F
        X-Request-Id:
          - ${m.uuid()} §F
        Set-Cookie:
          - csrftoken=; Max-Age=0; Path=/ §F
        Strict-Transport-Security:
          - max-age=31536000 §F
`,
    ),
    tests(
      'openapi/api.yaml',
      none(`components:
  securitySchemes:
    bearerAuth:
      type: http
      scheme: bearer
      bearerFormat: JWT
    apiKey:
      type: apiKey
      in: header
      name: X-Api-Key
    oauth:
      type: oauth2
      flows:
        password:
          tokenUrl: https://sso.acme.example/oauth2/token
          scopes: {}
  schemas:
    Login:
      required: [username, password]
      properties:
        password: {type: string, format: password, minLength: 14}
        token: {type: string, nullable: true}
        secret: {type: string, writeOnly: true}
        apiKey: {type: string, description: Shown once}`),
    ),
    tests(
      'proto/auth.proto',
      none(`message LoginRequest {
  string username = 1;
  string password = 2;
  string client_secret = 3 [(sensitive) = true];
  bytes private_key = 4;
  optional string otp_token = 5;
}`),
    ),
    tests(
      'src/styles/tokens.json',
      none(`{
  "token.color.primary": { "value": "#${m.hex(6)}" },
  "token.spacing.large": { "value": "24px" },
  "token.font.family": { "value": "Inter, sans-serif" },
  "token.shadow": { "value": "0 1px 2px rgba(0,0,0,.1)" }
}`),
    ),
    tests(
      'ml/tokenizer.json',
      none(`{
  "bos_token": "<|begin_of_text|>",
  "eos_token": "<|end_of_text|>",
  "pad_token": "[PAD]",
  "unk_token": "<unk>",
  "mask_token": "[MASK]",
  "added_tokens": [{ "id": 128000, "content": "<|reserved_special_token_0|>" }],
  "max_tokens": 4096,
  "token_type_ids": [0, 0, 1, 1]
}`),
    ),
    tests(
      'web/assets/logo.ts',
      `${none(`export const logo = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUg${m.base64(400)}';
export const icon = 'data:image/gif;base64,R0lGODlhAQABAIAAA${m.base64(30)}';
export const font = "data:application/font-woff2;base64,d09GMg${m.base64(300)}";
export const wasm = 'AGFzbQEAAAA${m.base64(300)}';
export const path = 'M12.5${m.digits(3)} 4.${m.digits(4)}c-1.${m.digits(3)} 0-2.${m.digits(3)}.5-3.${m.digits(3)} 1.${m.digits(3)}z';`)}
${noneAtAll(`export const brotli = \`\n${under(m.base64(60), '')}\n\`;`)}
`,
    ),
  ];
}
