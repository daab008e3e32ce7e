/** Values as machines and people make them; put together here, so that no file holds them as they are used. */
const random = ['kQ7vX2mNp9', 'RtL4wZ8bYc3H'].join('');
const long = `${random}${['eJ5sD1gUa6F', 'qK0oWi'].join('')}`;
const hex = ['9f3a7c51e08b', '46d2a1f7c3e5', '90b8d64a'].join('');
const human = ['Harbour', '_Maple_', '1987'].join('');
const lower = ['copper', '4711', '!'].join('');
const phrase = ['walnut', 'harbour', 'copper', 'lantern'].join('-');
const issued = ['gl', `pat-${random.slice(0, 20)}`].join('');

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
  'a variable that is set unless it is': ['a.ts', `const s = process.env.JWT_SECRET || '${long}';\n`],
};

/** None of these may close. */
export const BESIDE: Readonly<Record<string, Writing>> = {
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
