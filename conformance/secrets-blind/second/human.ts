import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { ecKey } from './pem.js';
import { type PlantedPage, plant, planted, under, wrapped } from './planted.js';

/** Passwords people made up, random keys under names that say little, and secrets behind an encoding or a line break. */
export function hidden(m: Mint): PlantedPage[] {
  const human = (path: string, text: string) => planted('passwords', path, text);
  const odd = (path: string, text: string) => planted('odd', path, text);
  const coded = (path: string, text: string) => planted('encoded', path, text);
  const hex = (text: string) => Buffer.from(text).toString('hex');
  return [
    human(
      'docs/handover.md',
      `# Handover

The NAS is at https://nas.acme.example, user ops, password: ${plant(m.human())}
The old admin password was rotated; ask for the new one. §F
Wi-Fi password for guests: ${plant(m.passphrase())}
Database login is \`erp / ${plant(m.human())}\`
Password manager: https://vault.acme.example §F
Passwords are at least 14 characters long. §F
The root password of the switch (pw: ${plant(m.human())}) is printed on the rack.
`,
    ),
    human(
      'ansible/inventory/hosts.ini',
      `[web]
web1 ansible_host=10.0.0.5 ansible_user=root ansible_ssh_pass=${plant(m.human())}
web2 ansible_host=10.0.0.6 ansible_ssh_private_key_file=~/.ssh/web §F
[web:vars]
ansible_become_pass=${plant(m.human())}
vault_password_file=.vault_pass §F
[win]
win1 ansible_password="${plant(m.human())}" ansible_connection=winrm
`,
    ),
    human(
      'import/users.csv',
      `login,full name,password
ops1,Operator One,${plant(m.human())}
ops2,Operator Two,${plant(m.human())}
`,
    ),
    human(
      'import/seed.sql',
      `CREATE USER reporting WITH PASSWORD '${plant(m.human())}';
ALTER USER app IDENTIFIED BY '${plant(m.made(16))}';
CREATE ROLE viewer NOLOGIN; §F
GRANT ALL ON shop.* TO 'shop'@'%' IDENTIFIED BY '${plant(m.human())}';
ALTER TABLE users ADD COLUMN password_hash text NOT NULL; §F
CREATE INDEX idx_password_resets_token ON password_resets (token); §F
SELECT set_config('app.token', current_setting('app.session'), true); §F
UPDATE settings SET value = 'enabled' WHERE name = 'password_login'; §F
CREATE SUBSCRIPTION s CONNECTION 'host=pg user=rep password=${plant(m.made(18))}' PUBLICATION p;
`,
    ),
    human(
      'tools/settings.json',
      `{
  "sftp": { "host": "sftp.acme.example", "pwd": "${plant(m.human())}" },
  "proxy": { "passphrase": "${plant(m.passphrase(' '))}" },
  "keystore": { "storepass": "${plant(m.word() + m.digits(4))}", "alias": "prod" },
  "alarm": { "disarm_pin": "${plant(m.digits(6))}" },
  "passwordStrength": { "min": 3 }, §F
  "promptForPassword": true, §F
  "rememberPassword": "never" §F
}
`,
    ),
    human(
      'tools/unattend.xml',
      `<unattend>
  <AutoLogon>
    <Password><Value>${plant(m.human())}</Value><PlainText>true</PlainText></Password>
    <Username>Administrator</Username> §F
  </AutoLogon>
  <UserAccounts>
    <AdministratorPassword>
      <Value>${plant(m.made(16))}</Value>
    </AdministratorPassword>
  </UserAccounts>
</unattend>
`,
    ),
    human(
      'clusters/prod/legacy/values.yaml',
      `ldap:
  bind_dn: cn=svc,dc=acme §F
  bind_pw: ${plant(m.human())}
samba:
  - user: scan §?
    pass: ${plant(m.human())}
vpn:
  preshared: ${plant(m.made(24))}
kennwort: ${plant(m.human())}
mot_de_passe: ${plant(m.human())}
contrasena: ${plant(m.human())}
camera:
  rtsp: rtsp://viewer:${plant(m.word() + m.digits(3))}@10.0.0.20/stream
`,
    ),
    odd(
      'services/relay/config.yaml',
      `relay:
  upstream: https://relay.acme.example §F
  ident: relay-7 §F
  credential: ${plant(m.url64(40))}
  shared: ${plant(m.base64(32))}
hmac: ${plant(m.hex(64))}
pepper: ${plant(m.hex(32))}
seed_phrase: ${plant(Array.from({ length: 12 }, () => m.word()).join(' '))}
license_key: ${plant(`${m.upper(5)}-${m.upper(5)}-${m.upper(5)}-${m.upper(5)}-${m.upper(5)}`)}
revision: ${m.hex(40)} §F
build_id: ${m.uuid()} §F
etag: ${m.hex(32)} §F
fingerprint: ${m.hex(64)} §F
`,
    ),
    odd(
      'services/relay/relay.py',
      `AUTHORIZATION = "${plant(m.alnum(48))}"
BEARER = "${plant(m.url64(43))}"
SIGNING = b"${plant(m.hex(64))}"
FERNET = Fernet(b"${plant(`${m.url64(43)}=`)}")
ACCESS = {"id": "relay", "key": "${plant(m.alnum(40))}"}
REVISION = "${m.hex(40)}" §F
CACHE_KEY = "relay:v2:sessions" §F
PARTITION_KEY = "customer_id" §F
PRIMARY_KEY = "order_uuid" §F
SORT_KEY = "created_at#order" §F
TRANSLATION_KEY = "orders.confirmation.title" §F
KEYBOARD_KEY = "ArrowDown" §F
MONKEY = "banana-tree-42" §F
`,
    ),
    odd(
      'clusters/prod/relay/deployment-env.yaml',
      `apiVersion: apps/v1
kind: Deployment
metadata:
  name: relay
spec:
  selector: {matchLabels: {app: relay}}
  template:
    metadata: {labels: {app: relay}}
    spec:
      containers:
        - name: relay
          image: ghcr.io/acme/relay:1.0.0
          env:
            - name: UNSEAL
              value: ${plant(m.base64(33))}
            - name: RCON
              value: ${plant(m.made(20))}
            - name: TURN_STATIC_AUTH
              value: ${plant(m.hex(64))}
            - name: NEXTAUTH_SALTY
              value: plain-text §F
            - name: OTEL_EXPORTER_OTLP_HEADERS
              value: authorization=Bearer ${plant(m.alnum(40))}
            - name: BUILD_SHA
              value: ${m.hex(40)} §F
            - name: DEPLOYMENT_UID
              value: ${m.uuid()} §F
            - name: KEY_PREFIX
              value: relay-sessions §F
`,
    ),
    coded(
      'services/codec/encoded.yaml',
      `db:
  # base64, see the wiki
  password: ${plant(b64(m.human()))}
  url: ${plant(encodeURIComponent(`postgres://app:${m.plainPassword()}@pg/app`))}
  blob: ${plant(b64(`DB_PASSWORD=${m.human()}\nDB_USER=app\n`))}
  twice: ${plant(b64(b64(`aws_secret_access_key = ${m.base64(30)}`)))}
  token_hex: ${plant(hex(m.github()))}
  escaped: "${plant([...`glpat-${m.url64(20)}`].map((char) => `\\x${char.charCodeAt(0).toString(16)}`).join(''))}"
  unicode_password: "${plant([...m.human()].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''))}"
  hello: ${b64('Hello, this is the greeting of the day')} §F
  icon: data:image/svg+xml;base64,${b64('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0h24v24H0z"/></svg>')} §F
  query: ${encodeURIComponent('filter=status eq "open"&sort=created desc')} §F
`,
    ),
    coded(
      'services/codec/userdata.yaml',
      `apiVersion: bootstrap.cluster.x-k8s.io/v1beta1
kind: KubeadmConfig
spec:
  files:
    - path: /etc/kubernetes/azure.json
      encoding: base64
      content: ${plant(b64(JSON.stringify({ cloud: 'AzurePublicCloud', aadClientId: m.uuid(), aadClientSecret: `${m.alnum(3)}8Q~${m.alnum(34)}` })))}
    - path: /etc/motd
      encoding: base64
      content: ${b64('Welcome to this machine. Use the jump host, please.\n')} §F
    - path: /etc/kubernetes/key.pem
      content: |
        ${under(plant(ecKey(m)), '        ')}
`,
    ),
    coded(
      'services/codec/split.py',
      `TOKEN = (
    "${plant(m.github().replace(/^.{22}/, '$&"\n    "'))}"
)
PASSWORD = "${plant(`${m.alnum(12)}" \\\n    "${m.alnum(12)}`)}"
MESSAGE = (
    "A password needs twelve characters, " §F
    "of which one is a digit." §F
)
`,
    ),
    coded(
      'services/codec/split.yaml',
      `apiVersion: v1
kind: Secret
metadata:
  name: split
stringData:
  folded-token: >-
    ${under(plant(wrapped(m.alnum(96), 48)), '    ')}
  "quoted-token": "${plant(`${m.alnum(24)}\\\n    ${m.alnum(24)}`)}"
data:
  bundle: |
    ${under(plant(wrapped(b64(`password=${m.human()}\ntoken=${m.alnum(40)}\n`), 40)), '    ')}
`,
    ),
    coded(
      'services/codec/embedded.json',
      `{
  "rendered": "apiVersion: v1\\nkind: Secret\\nstringData:\\n  password: ${plant(m.human())}\\n",
  "inner": "{\\"clientSecret\\":\\"${plant(m.alnum(40))}\\"}",
  "env": "USER=app PASSWORD=\${PASSWORD}", §F
  "checksum": "${m.base64(32)}", §F
  "spki": "${m.base64(91)}" §F
}
`,
    ),
    coded(
      'services/codec/run.sh',
      `echo ${plant(b64(`machine git.acme.example login ci password ${m.alnum(24)}`))} | base64 -d > ~/.netrc
echo ${b64('nothing to see here, only words')} | base64 -d §F
printf '%b' '${plant([...`SG.${m.url64(22)}.${m.url64(43)}`].map((char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`).join(''))}' > key
curl "https://api.acme.example/hook?key=${plant(m.alnum(32))}&event=deploy"
curl "https://api.acme.example/hook?key=$KEY&event=deploy" §F
`,
    ),
  ];
}
