/** Values as machines and people make them; put together here, so that no file holds them as they are used. */
const random = ['kQ7vX2mNp9', 'RtL4wZ8bYc3H'].join('');
const long = `${random}${['eJ5sD1gUa6F', 'qK0oWi'].join('')}`;
const hex = ['9f3a7c51e08b', '46d2a1f7c3e5', '90b8d64a'].join('');
const human = ['Harbour', '_Maple_', '1987'].join('');
const lower = ['copper', '4711', '!'].join('');
const phrase = ['walnut', 'harbour', 'copper', 'lantern'].join('-');
const sshKey = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.from(hex),
]).toString('base64')}`;
const sshSecret = (value: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  password: ${value}\n`;
const issued = ['gl', `pat-${random.slice(0, 20)}`].join('');

const octal = (text: string): string =>
  [...text].map((char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`).join('');

type Writing = readonly [path: string, content: string];

/** Each of these must close. */
export const CLOSING: Readonly<Record<string, Writing>> = {
  'a kubeconfig for work on the code': [
    'hack/kubeconfig.yaml',
    `users:\n- name: a\n  user:\n    password: ${human}\n`,
  ],
  "a token in its provider's form in a test": ['test/api.test.ts', `const t = login('${issued}');\n`],
  'a password of a place that runs, in a test': ['test/conftest.py', `E2E_STAGING_PASSWORD = "${human}"\n`],
  'recorded traffic': ['test/cassettes/a.yaml', `body: '{"refresh_token": "${long}"}'\n`],
  'a password by words and a year, in code': ['src/db.go', `const adminPassword = "${human}"\n`],
  'a password by a word, a number and a symbol, in code': ['src/db.ts', `const o = { pass: '${lower}' };\n`],
  'words in a row': ['values.yaml', `replicationPassword: '${phrase}'\n`],
  'words in a row, in code': ['src/c.ts', `const c = { cookiePassword: "${phrase}" };\n`],
  'all of the keyboard': [
    'wp-config.php',
    `define('NONCE_SALT', '${random}(@<<5f2b@c]&j)k*&6l.q[8c+A1^3f_);[&?&k&2');\n`,
  ],
  'the word in another language': ['values.yaml', `kennwort: ${human}\nmot_de_passe: x\n`],
  'a short name for a password': ['values.yaml', `ldap:\n  bind_pw: ${human}\n`],
  'a PIN that opens something': ['home.yaml', 'alarm:\n  disarm_pin: "407193"\n'],
  'the key of something': ['src/a.yaml', `relay_key: ${long}\n`],
  "a name that is only a service's": ['config/a.yaml', `integrations:\n  mapbox: ${long}\n`],
  'a service and what it is for': ['a.properties', `integration.klaviyo.private.app=${long}\n`],
  'key in a section of secrets': ['esphome.yaml', `api:\n  encryption:\n    key: "${long}="\n`],
  'key in an object of a service': ['a.json', `{ "stripe": { "live": "${long}" } }\n`],
  'key in a section of TOML': ['a.toml', `[jwt]\nkey = "${long}"\n`],
  'words in a row as the key of a section': [
    'a.json',
    `{ "Jwt": { "Key": "${phrase.replaceAll('-', ' ')}" } }\n`,
  ],
  'a constant of C': ['src/wifi.h', `#ifndef W\n#define WIFI_PASSWORD "${human}"\n#endif\n`],
  'a label and its value in a runbook': ['runbook.md', `- **Password**: ${random.slice(0, 12)}\n`],
  'a password with dots': ['agent.conf', `auth_password = "${['fiAvL.GAMQ', '.N.1Xx'].join('')}"\n`],
  'octal escapes of a shell': ['run.sh', `DB_PASSWORD="$(printf '%b' '${octal(human)}')"\n`],
  'octal escapes in quotes of bash': ['run.sh', `export DB_PASSWORD=$'${octal(human)}'\n`],
  'a setter': ['src/A.java', `client.setToken("${long}");\n`],
  'two arguments, a name and a value': ['src/a.go', `c.Use("mapbox-secret", "${long}")\n`],
  "a header of somebody's own": ['envoy.yaml', `header:\n  x-partner-key: ${hex}\n`],
  'a password in a Secret under any name': [
    's.yaml',
    `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  primary: &pw "${human}"\n`,
  ],
  'a name beside a value, in HCL': [
    'main.tf',
    `resource "aws_ssm_parameter" "a" {\n  name  = "/shop/api/token"\n  type  = "SecureString"\n  value = "${long}"\n}\n`,
  ],
  'a name beside a value, in JSON': [
    'a.json',
    `{ "item": [ { "key": "password", "value": "${lower}" } ] }\n`,
  ],
  'a name after its value': ['a.json', `{ "list": [ { "value": "${long}", "name": "api_token" } ] }\n`],
  'the value of an output of Terraform': [
    'out.json',
    `{ "admin_token": { "value": "${long}", "sensitive": true } }\n`,
  ],
  'a secret that is called an id': ['a.yaml', 'vault:\n  secretId: 6f0c9c1e-4f0b-4d8a-9a51-7be0d1c2a3f4\n'],
  'three quotes': ['a.ini', `[smtp]\npassword = """${random}"""\n`],
  'a key in a query': ['run.sh', `curl "https://api.corp.net/hook?key=${long}&event=x"\n`],
  'a token in a query, in code': [
    'a.ts',
    `const u = 'https://api.corp.net/feed?format=json&access_token=${hex}';\n`,
  ],
  'a short token under a short name': ['d.yaml', `env:\n  - {name: RCON, value: "${random.slice(0, 18)}"}\n`],
  'a sentence with a password': [
    'docs/handover.md',
    `The NAS is at https://nas.corp.net, user ops, password: ${lower}\n`,
  ],
  'a login in a code span': ['docs/onboarding.md', `Database login is \`erp / ${lower}\`\n`],
  'a password in brackets': [
    'ops/runbook.md',
    `The root password of the switch (pw: ${human}) is on the rack.\n`,
  ],
  'a password behind its user': [
    'incidents/a.md',
    `4. Grafana (https://grafana.corp.net): admin / ${human}\n`,
  ],
  'a password before the word for it': [
    'break-glass.md',
    `Log in as \`root\` with \`${human}\` (password).\n`,
  ],
  'words in a row in a sentence': ['notes.md', `Wi-Fi password for guests: ${phrase}\n`],
  'a key with a number': ['notes.rst', `Unseal key 1: ${long}\n`],
  'a key by its service in a list': ['runbook.md', '- snyk token: `6f0c9c1e-4f0b-4d8a-9a51-7be0d1c2a3f4`\n'],
  'a column of a table': ['import/users.csv', `login,full name,password\nops,Operator One,${lower}\n`],
  'a quoted column under semicolons': ['users.csv', `"Login";"API Token"\n"ops";"${long}"\n`],
  'a column of a table in Markdown': [
    'hosts.md',
    `| host | user | password |\n|---|---|---|\n| db1 | root | ${human} |\n`,
  ],
  'a row that SQL inserts': [
    'seed.sql',
    `INSERT INTO users (login, password, mail) VALUES\n  ('a', NULL, 'x'),\n  ('ops', '${human}', 'o@corp.net');\n`,
  ],
  'a row that a dump copies': [
    'dump.sql',
    `COPY public.users (id, password) FROM stdin;\n1\t${human}\n\\.\n`,
  ],
  'the second argument of a call': ['main.go', `req.SetBasicAuth("svc", "${human}")\n`],
  'a router': ['router.cfg', `snmp-server community ${lower} RO\n`],
  'a wallet': [
    'wallet.txt',
    'mnemonic=fennel clover anchor juniper saffron quartz meadow maple ember walnut orchid coral\n',
  ],
  'a mapping of passwords': ['values.yaml', `passwords:\n  ops: ${human}\n`],
  'a mapping of secrets in HCL': ['main.tf', `locals {\n  secrets = {\n    payments = "${human}"\n  }\n}\n`],
  'a user and a password in one': ['values.yaml', `basicAuth: ops:${lower}\n`],
  'a list of keys in Python': ['app.py', `API_KEYS = ["first-key-name", "${long}"]\n`],
  'the second of a list of tokens': ['a.yaml', `tokens: ["none", "${hex}"]\n`],
  'a list of keys in Go': ['app.go', `var apiKeys = []string{\n\t"${long}",\n}\n`],
  'a mapping of tokens in Go': ['app.go', `var tokens = map[string]string{"ops": "${random}"}\n`],
  'a password before a public key of SSH': ['a.yaml', sshSecret(`${random} ${sshKey}`)],
  'a password behind a public key of SSH': ['a.yaml', sshSecret(`${sshKey} ${random}`)],
  'a password dressed as a public key of SSH': [
    'a.yaml',
    sshSecret(`${sshKey.slice(0, 36)}${random}${random}`),
  ],
  'a mapping of passwords on one line': ['a.json', `{"passwords":{"ops":"${human}"}}\n`],
  'a flow mapping of passwords, plain': ['a.yaml', `passwords: {ops: ${random}, dev: ${lower}}\n`],
  'a key of HMAC in Go': ['main.go', `\thmacKey           = "${long}"\n`],
  'a password that begins with a sign': [
    'prometheus.yml',
    `basic_auth:\n  username: scraper\n  password: +${random}/w=\n`,
  ],
  'a password in a URL of a mail server': [
    'config/urls.conf',
    `mail = smtps://robot%40example.com:${random}@smtp.example.com:465\n`,
  ],
  'a userlist of PgBouncer': ['pgbouncer/userlist.txt', `"app" "${random}"\n"auth" ""\n`],
  'a userlist of PgBouncer in a ConfigMap': [
    'a.yaml',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  userlist.txt: |\n    "admin" "md5${hex}"\n    "app" "${random}"\n`,
  ],
  'a password that looks like a path': [
    'a.yaml',
    `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  ADMIN_PASSWORD: /ejujm53/${random}\n`,
  ],
  'a key of letters in both cases': ['values.yaml', `secretKey: ${['qMgjFVXe', 'mkqHtRLd'].join('')}\n`],
  'the arguments of a client of Twilio': [
    'client.rb',
    `Twilio::REST::Client.new('AC${[...hex].reverse().join('')}', '${hex}')\n`,
  ],
  'a commented line among public keys of SSH': [
    'a.yaml',
    `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  authorized_keys: |\n    # ${long}\n    ${sshKey} ci\n`,
  ],
  'a variable that is set unless it is': ['a.ts', `const s = process.env.JWT_SECRET || '${long}';\n`],
};

/** None of these may close. */
export const BESIDE: Readonly<Record<string, Writing>> = {
  'a comment of a shell that defines': ['run.sh', `# define DB_PASSWORD "${random.slice(0, 9)}"\n`],
  'colours of a terminal': ['run.sh', 'printf \'\\033[1;31m%s\\033[0m\' "$DB_PASSWORD"\n'],
  'what a runbook says of a password': [
    'runbook.md',
    'Password: ExampleUser2024\nPassword: see the vault\nPassword policy: Min12Chars\n',
  ],
  'a name in capitals, and a place in a store': [
    'a.yaml',
    'secretKey: DATABASE_PASSWORD_V2\nstorageKey: backups/2026/11\npassword: awssecrets:/prod/db?region=eu-west-1\n',
  ],
  'a token of a public key': ['App.config', '<publicKeyToken>b77a5c561934e089</publicKeyToken>\n'],
  'a command in a code span': ['a.md', 'Run `docker login -u USERNAME -p PASSWORD` first.\n'],
  "a dependency's default on one's own machine": [
    'a.env',
    'URL=postgres://postgres:postgres@localhost:5432/app\n',
  ],
  'a list of names': [
    'app.py',
    'API_KEYS = ["primary", "secondary"]\nTOKENS = ["Sha256WithRSA", "AES128-GCM"]\n',
  ],
  'digests in a list': ['a.json', `{"secrets":["${hex}${hex}","sha256:${hex}${hex}"]}\n`],
  'public keys of SSH in a Secret': [
    'a.yaml',
    `apiVersion: v1\nkind: Secret\nmetadata: {name: x}\ndata:\n  authorized_keys: ${Buffer.from(`${sshKey} ci@ci\n${sshKey}\n`).toString('base64')}\n`,
  ],
  'the fingerprint of a key that signs': [
    'a.toml',
    `signing_key = "${`${hex}${hex}`.slice(0, 40).toUpperCase()}"\n`,
  ],
  'a password that Maven has encrypted': [
    'settings.xml',
    `<server><password>{${Buffer.from(hex).toString('base64')}}</password></server>\n`,
  ],
  'a userlist of hashes': [
    'userlist.txt',
    `"app" "md5${hex}"\n"x" "SCRAM-SHA-256$4096:${random}==$${random}=:${random}="\n`,
  ],
  'the file of a key on a command line': [
    'a.sh',
    'openssl req -new -newkey rsa:4096 -nodes -keyout server.key -out server.csr\n',
  ],
  'the public key of a service': ['a.yaml', `stripe: pk_live_${long}\n`],
  'a digest under the name of a service': ['a.yaml', `grafana: ${hex}${hex}\n`],
  'what finds data': ['a.yaml', `partition_key: ${long}\nsort_key: ${long}\n`],
  'key in a section of something else': ['a.yaml', `- matchExpressions:\n    key: ${long}\n`],
  'a number under a PIN of a chip': ['a.yaml', 'led:\n  pin: "407193"\n'],
  'names of software': ['src/a.go', 'const passwordScheme = "x"\nvar password = "Pbkdf2_Sha256_Salted"\n'],
  'a sentence': ['src/a.ts', "const password = 'must have-twelve of-the letters';\n"],
  'names in a row': ['values.yaml', 'password: prometheus-operator-admin-credentials\n'],
  'a salt beside its hash': ['a.yaml', `salt: ${random}\n`],
  'a name beside a value of something else': [
    'main.tf',
    `resource "x" "a" {\n  name  = "/shop/api/region"\n  value = "${long}"\n}\n`,
  ],
  'a name in another object': ['a.json', `[ { "name": "token" }, { "value": "${long}" } ]\n`],
  'a mapping of names of secrets': [
    'values.yaml',
    'secrets:\n  db: app-database\n  secretName: Harbour_Maple_1987\n',
  ],
  'a hash behind its user': [
    'values.yaml',
    'credentials:\n  htpasswd: ops:$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234\n',
  ],
  'names in a sentence': [
    'README.md',
    'The password is read by `validationErrors`, login is `newUserPassword123`, token: VersionTLS12.\n',
  ],
  'identifiers in a sentence': [
    'README.md',
    `The token id is \`6f0c9c1e-4f0b-4d8a-9a51-7be0d1c2a3f4\`, release ${hex}${hex.slice(0, 8)}.\n`,
  ],
  'a table of settings': [
    'README.md',
    '| Name | Password |\n|---|---|\n| `auth.password` | "changeme" |\n| `auth.secret` | `existingSecretPasswordKey` |\n',
  ],
  'a column of hashes': [
    'users.csv',
    `login,password\nops,${hex}\nadm,$2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234\n`,
  ],
  'a row that inserts something else': [
    'seed.sql',
    `INSERT INTO users (login, mail) VALUES ('ops', '${human}');\n`,
  ],
  'documentation of a token': [
    'README.md',
    'Set `token: my-own-token` in the file, with a password like `Passw0rd!`.\n',
  ],
};
