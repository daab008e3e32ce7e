import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** Values as a machine and as a person make them; put together here, so that no file holds them as they are used. */
const pw = ['kQ7vX2mNp9', 'RtL4wZ8bYc'].join('');
const human = ['Kessel', '-Dampf', '2031', '!x'].join('');
const b = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const letters = (text: string): string =>
  [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const manifest = (apiVersion: string, kind: string, body: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\n  namespace: app\n${body}`;
const pod = (body: string): string =>
  manifest(
    'v1',
    'Pod',
    `spec:\n  containers:\n    - name: x\n      image: registry.example.com/x:1\n${body}`,
  );
const container = (body: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - ${body}`;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const rsaPublic = createPublicKey(rsa).export({ format: 'jwk' });
const der = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'der' }).toString('base64');
const secret = (body: string): string => manifest('v1', 'Secret', body);

type Sight = readonly [path: string, content: string | Buffer];

/** A tool's password in a shell script, in a list of arguments, in an exec form and as items of a YAML list. */
function commandLine(name: string, words: readonly string[]): [string, Sight][] {
  const line = words.join(' ');
  const json = JSON.stringify(words);
  const quoted = line.replaceAll('"', '\\"');
  return [
    [`${name}, shell`, ['run.sh', `#!/bin/sh\nset -e\n${line}\n`]],
    [`${name}, exec form`, ['Dockerfile', `FROM debian\nCMD ${json}\n`]],
    [`${name}, flow list`, ['a.yaml', pod(`      command: ${json}\n`)]],
    [
      `${name}, block list`,
      ['b.yaml', pod(`      command:\n${words.map((word) => `        - ${word}\n`).join('')}`)],
    ],
    [
      `${name}, command and args`,
      [
        'c.yaml',
        pod(`      command: [${JSON.stringify(words[0])}]\n      args: ${JSON.stringify(words.slice(1))}\n`),
      ],
    ],
    [`${name}, sh -c`, ['d.yaml', pod(`      command: ["sh", "-c", "${quoted}"]\n`)]],
    [`${name}, unit`, ['x.service', `[Service]\nExecStart=/usr/bin/${line}\n`]],
  ];
}

/** Ways to put a secret in plain sight of everybody who can read the repository: each one must close. */
export const PLAIN_SIGHT: Readonly<Record<string, Sight>> = Object.fromEntries<Sight>([
  ...commandLine('mysql -p', ['mysql', '-uroot', `-p${pw}`, 'app']),
  ...commandLine('mysqldump -p', ['mysqldump', '-h', 'db', '-u', 'root', `-p${pw}`]),
  ...commandLine('mysqladmin', ['mysqladmin', '-uroot', `-p${human}`, 'ping']),
  ...commandLine('sshpass -p', ['sshpass', '-p', pw, 'ssh', 'root@host']),
  ...commandLine('sshpass -pX', ['sshpass', `-p${pw}`, 'scp', 'a', 'host:b']),
  ...commandLine('redis-cli -a', ['redis-cli', '-h', 'redis', '-a', pw, 'PING']),
  ...commandLine('curl -u', ['curl', '-s', '-u', `admin:${pw}`, 'https://api.corp.net/x']),
  ...commandLine('curl --user', ['curl', '--user', `admin:${human}`, 'https://api.corp.net/x']),
  ...commandLine('wget', ['wget', '--http-user=ci', `--http-password=${pw}`, 'https://corp.net/x']),
  ...commandLine('mongo -p', ['mongosh', '-u', 'root', '-p', pw, '--authenticationDatabase', 'admin']),
  ...commandLine('mongodump', ['mongodump', '--username', 'root', '--password', pw]),
  ...commandLine('docker login', ['docker', 'login', '-u', 'ci', '-p', pw, 'registry.corp.net']),
  ...commandLine('htpasswd', ['htpasswd', '-bc', '/etc/htpasswd', 'admin', pw]),
  ...commandLine('openssl', ['openssl', 'rsa', '-in', 'k.pem', '-passin', `pass:${pw}`]),
  ...commandLine('openssl enc', ['openssl', 'enc', '-aes-256-cbc', '-k', pw]),
  ...commandLine('ldapsearch', ['ldapsearch', '-x', '-D', 'cn=admin,dc=corp', '-w', pw]),
  ...commandLine('vault login', ['vault', 'login', '-method=userpass', 'username=ci', `password=${pw}`]),
  ...commandLine('argocd login', [
    'argocd',
    'login',
    'argocd.corp.net',
    '--username',
    'admin',
    '--password',
    pw,
  ]),
  ...commandLine('keytool', ['keytool', '-importkeystore', '-deststorepass', pw]),
  ...commandLine('smbclient', ['smbclient', '//host/share', '-U', `svc%${pw}`]),
  ...commandLine('sqlcmd', ['sqlcmd', '-S', 'db', '-U', 'sa', '-P', pw]),
  ...commandLine('rabbitmqctl', ['rabbitmqctl', 'add_user', 'svc', pw]),
  ...commandLine('mc alias', ['mc', 'alias', 'set', 'minio', 'http://minio:9000', 'svc', pw]),
  ...commandLine('zip', ['zip', '-P', pw, 'a.zip', 'a']),
  ...commandLine('ansible', ['ansible-playbook', 'site.yml', '-e', `ansible_password=${pw}`]),
  ...commandLine('kubectl literal', [
    'kubectl',
    'create',
    'secret',
    'generic',
    'x',
    `--from-literal=thing=${pw}`,
  ]),
  ...commandLine('az login', ['az', 'login', '--service-principal', '-u', 'app', '-p', pw, '--tenant', 't']),
  ...commandLine('cqlsh', ['cqlsh', '-u', 'cassandra', '-p', pw, 'db']),
  ...commandLine('snmpwalk', ['snmpwalk', '-v3', '-A', pw, '-u', 'ops', 'host']),
  ...commandLine('mosquitto_pub', ['mosquitto_pub', '-h', 'mq', '-u', 'svc', '-P', pw, '-t', 'a']),
  ...commandLine('psql URL', ['psql', `postgres://app:${pw}@db/app`]),
  ['PGPASSWORD before psql', ['run.sh', `PGPASSWORD=${pw} psql -h db -U app\n`]],
  ['PGPASSWORD in quotes', ['run.sh', `PGPASSWORD="${human}" psql -h db -U app\n`]],
  ['MYSQL_PWD', ['run.sh', `export MYSQL_PWD=${pw}\n`]],
  ['continued line', ['run.sh', `mysql \\\n  -u root \\\n  -p${pw} \\\n  app\n`]],
  [
    'folded command',
    [
      'a.yaml',
      pod(
        `      command:\n        - sh\n        - -c\n        - >-\n          mysql -u root\n          -p${pw}\n          app\n`,
      ),
    ],
  ],
  [
    'script in a ConfigMap',
    [
      'a.yaml',
      manifest('v1', 'ConfigMap', `data:\n  run.sh: |\n    #!/bin/sh\n    redis-cli -a ${pw} ping\n`),
    ],
  ],
  [
    'CI step',
    [
      '.github/workflows/x.yml',
      `jobs:\n  a:\n    steps:\n      - run: docker login -u ci -p ${pw} registry.corp.net\n`,
    ],
  ],
  ['echo into a login', ['run.sh', `echo ${pw} | docker login -u ci --password-stdin registry.corp.net\n`]],
  ['chpasswd', ['run.sh', `echo "root:${pw}" | chpasswd\n`]],

  [
    'README fence',
    ['README.md', `# Install\n\nApply this:\n\n\`\`\`yaml\n${secret(`stringData:\n  zz: ${pw}\n`)}\`\`\`\n`],
  ],
  ['README fence, data', ['README.md', `# Install\n\n~~~yml\n${secret(`data:\n  zz: ${b(pw)}\n`)}~~~\n`]],
  [
    'README fence in a list',
    [
      'README.md',
      `1. Apply\n\n   \`\`\`yaml\n${secret(`data:\n  zz: ${b(pw)}\n`).replace(/^/gm, '   ')}\n   \`\`\`\n`,
    ],
  ],
  [
    'README fence of a shell',
    ['README.md', `\`\`\`console\n$ kubectl create secret generic x --from-literal=zz=${pw}\n\`\`\`\n`],
  ],

  ['Python in parentheses', ['a.py', `PASSWORD = (\n    "${pw.slice(0, 10)}"\n    "${pw.slice(10)}"\n)\n`]],
  [
    'Python in three',
    ['a.py', `PASSWORD = (\n    "${pw.slice(0, 7)}"\n    "${pw.slice(7, 14)}"\n    "${pw.slice(14)}"\n)\n`],
  ],
  ['Go joined', ['a.go', `const password = "${pw.slice(0, 10)}" +\n\t"${pw.slice(10)}"\n`]],
  ['Java joined', ['A.java', `String password = "${pw.slice(0, 10)}"\n    + "${pw.slice(10)}";\n`]],
  ['JS joined over lines', ['a.js', `const password =\n  '${pw.slice(0, 10)}' +\n  '${pw.slice(10)}';\n`]],
  ['shell continued value', ['a.sh', `PASSWORD=${pw.slice(0, 10)}\\\n${pw.slice(10)}\n`]],
  ['Python backslash', ['a.py', `PASSWORD = "${pw.slice(0, 10)}" \\\n    "${pw.slice(10)}"\n`]],
  ['JS array join', ['a.js', `const password = ['${pw.slice(0, 10)}', '${pw.slice(10)}'].join('');\n`]],
  ['Python join', ['a.py', `password = "".join(["${pw.slice(0, 10)}", "${pw.slice(10)}"])\n`]],
  ['value on the next line', ['a.js', `const password =\n  '${pw}';\n`]],
  ['ternary', ['a.js', `const password = process.env.PASSWORD || '${pw}';\n`]],
  ['Python default', ['a.py', `password = os.environ.get("PASSWORD", "${pw}")\n`]],
  ['Go default', ['a.go', `password := getEnv("DB_PASSWORD", "${pw}")\n`]],
  ['shell default', ['a.sh', `PASSWORD=\${PASSWORD:-${pw}}\n`]],
  [
    'compose default',
    ['docker-compose.yml', `services:\n  a:\n    environment:\n      DB_PASSWORD: \${DB_PASSWORD:-${pw}}\n`],
  ],
  [
    'hex escapes in code',
    ['a.py', `password = "${[...pw].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('')}"\n`],
  ],
  ['base64 decoded in code', ['a.py', `password = base64.b64decode("${b(pw)}").decode()\n`]],
  ['reversed by nobody: atob', ['a.js', `const password = atob('${b(pw)}');\n`]],
  ['bytes', ['a.go', `var password = []byte("${pw}")\n`]],

  ['example inside', ['a.env', `DB_PASSWORD=${pw.slice(0, 9)}example${pw.slice(9)}\n`]],
  ['todo inside', ['a.env', `DB_PASSWORD=${pw}todo${pw.slice(3, 9)}\n`]],
  ['test at the end', ['a.env', `DB_PASSWORD=${pw}test\n`]],
  ['example in a Secret', ['a.yaml', secret(`stringData:\n  password: ${pw}-example\n`)]],
  ['your in a token', ['a.env', `API_TOKEN=${pw}your${pw.slice(2)}\n`]],
  ['example in base64 data', ['a.yaml', secret(`data:\n  zz: ${b(`example${pw}`)}\n`)]],

  ['secrets+literal', ['values.yaml', `db:\n  password: secrets+literal://${pw}\n`]],
  ['ref+echo', ['values.yaml', `db:\n  password: ref+echo://${pw}\n`]],
  ['ref+echo with a fragment', ['values.yaml', `db:\n  password: ref+echo://password=${pw}#/password\n`]],
  ['secretref+echo', ['values.yaml', `db:\n  password: secretref+echo://${human}\n`]],
  ['ref+echo in a Secret', ['a.yaml', secret(`stringData:\n  zz: ref+echo://${pw}\n`)]],

  ['JSON name in escapes', ['a.json', `{"${letters('password')}": "${pw}"}\n`]],
  ['JSON name with one escape', ['a.json', `{"\\u0070assword": "${human}"}\n`]],
  ['YAML name in escapes', ['a.yaml', `db:\n  "\\x70assword": ${pw}\n`]],
  ['JS name in escapes', ['a.js', `const c = {"\\x70assword": "${pw}"};\n`]],
  [
    'stringData in escapes',
    [
      'a.json',
      `{"apiVersion":"v1","kind":"\\u0053ecret","metadata":{"name":"x"},"string\\u0044ata":{"zz":"${pw}"}}\n`,
    ],
  ],

  [
    'helm printf',
    [
      'templates/a.yaml',
      secret(`stringData:\n  zz: {{ printf "%s%s" "${pw.slice(0, 10)}" "${pw.slice(10)}" }}\n`),
    ],
  ],
  [
    'helm printf quoted',
    [
      'templates/a.yaml',
      secret(`stringData:\n  zz: {{ printf "%s%s" "${pw.slice(0, 10)}" "${pw.slice(10)}" | quote }}\n`),
    ],
  ],
  [
    'helm cat',
    [
      'templates/a.yaml',
      secret(`data:\n  zz: {{ cat "${pw.slice(0, 10)}" "${pw.slice(10)}" | nospace | b64enc }}\n`),
    ],
  ],
  ['helm b64dec', ['templates/a.yaml', secret(`stringData:\n  zz: {{ "${b(pw)}" | b64dec }}\n`)]],
  [
    'helm join',
    [
      'templates/a.yaml',
      secret(`stringData:\n  zz: {{ join "" (list "${pw.slice(0, 10)}" "${pw.slice(10)}") }}\n`),
    ],
  ],
  [
    'helm print',
    ['templates/a.yaml', secret(`stringData:\n  zz: {{ print "${pw.slice(0, 10)}" "${pw.slice(10)}" }}\n`)],
  ],
  ['helm variable', ['templates/a.yaml', `{{- $p := "${pw}" }}\n${secret(`stringData:\n  zz: {{ $p }}\n`)}`]],
  ['helm raw string', ['templates/a.yaml', secret(`stringData:\n  zz: {{ \`${pw}\` }}\n`)]],
  [
    'helm two actions',
    ['templates/a.yaml', secret(`stringData:\n  zz: {{ "${pw.slice(0, 10)}" }}{{ "${pw.slice(10)}" }}\n`)],
  ],
  ['helm ternary', ['templates/a.yaml', secret(`stringData:\n  zz: {{ ternary "${pw}" "" .Values.x }}\n`)]],
  [
    'helm define',
    ['templates/_helpers.tpl', `{{- define "x.password" -}}\n{{- printf "%s" "${pw}" -}}\n{{- end -}}\n`],
  ],
  [
    'helm in a ConfigMap',
    [
      'templates/a.yaml',
      manifest(
        'v1',
        'ConfigMap',
        `data:\n  password: {{ printf "%s%s" "${pw.slice(0, 10)}" "${pw.slice(10)}" | quote }}\n`,
      ),
    ],
  ],
  [
    'ExternalSecret template literal',
    [
      'a.yaml',
      manifest(
        'external-secrets.io/v1',
        'ExternalSecret',
        `spec:\n  target:\n    template:\n      data:\n        zz: '{{ printf "%s%s" "${pw.slice(0, 10)}" "${pw.slice(10)}" }}'\n`,
      ),
    ],
  ],
  [
    'ExternalSecret literal beside an action',
    [
      'a.yaml',
      manifest(
        'external-secrets.io/v1',
        'ExternalSecret',
        `spec:\n  target:\n    template:\n      data:\n        config.yaml: |\n          user: {{ .user }}\n          password: ${pw}\n`,
      ),
    ],
  ],

  [
    'kustomize merge',
    [
      'kustomization.yaml',
      `secretGenerator:\n  - name: x\n    behavior: merge\n    literals:\n      - zz=${pw}\n`,
    ],
  ],
  [
    'kustomize component',
    [
      'components/x/kustomization.yaml',
      `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nsecretGenerator:\n  - name: x\n    literals: [zz=${pw}]\n`,
    ],
  ],
  [
    'SecretGenerator kind',
    [
      'generator.yaml',
      `apiVersion: builtin\nkind: SecretGenerator\nmetadata: {name: x}\nliterals:\n  - zz=${pw}\n`,
    ],
  ],
  [
    'kustomize replacement source',
    [
      'kustomization.yaml',
      `patches:\n  - target: {kind: Secret}\n    patch: |-\n      apiVersion: v1\n      kind: Secret\n      metadata: {name: x}\n      stringData:\n        zz: ${pw}\n`,
    ],
  ],
  [
    'kustomize patchesStrategicMerge',
    [
      'kustomization.yaml',
      `patchesStrategicMerge:\n  - |-\n    kind: Secret\n    apiVersion: v1\n    metadata: {name: x}\n    stringData: {zz: ${pw}}\n`,
    ],
  ],
  [
    'kustomize secretGenerator in flux',
    [
      'a.yaml',
      manifest(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        `spec:\n  patches:\n    - target: {kind: Secret}\n      patch: |\n        - op: add\n          path: /stringData/zz\n          value: ${pw}\n`,
      ),
    ],
  ],
  [
    'flux substitute',
    [
      'a.yaml',
      manifest(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        `spec:\n  postBuild:\n    substitute:\n      DB_PASSWORD: ${pw}\n`,
      ),
    ],
  ],

  [
    'kyverno generate',
    [
      'a.yaml',
      manifest(
        'kyverno.io/v1',
        'ClusterPolicy',
        `spec:\n  rules:\n    - name: r\n      generate:\n        apiVersion: v1\n        kind: Secret\n        name: x\n        namespace: y\n        data:\n          stringData:\n            zz: ${pw}\n`,
      ),
    ],
  ],
  [
    'kyverno mutate',
    [
      'a.yaml',
      manifest(
        'kyverno.io/v1',
        'ClusterPolicy',
        `spec:\n  rules:\n    - name: r\n      match: {any: [{resources: {kinds: [Secret]}}]}\n      mutate:\n        patchStrategicMerge:\n          stringData:\n            zz: ${pw}\n`,
      ),
    ],
  ],
  [
    'crossplane string data',
    [
      'a.yaml',
      manifest(
        'kubernetes.crossplane.io/v1alpha2',
        'Object',
        `spec:\n  forProvider:\n    manifest:\n      apiVersion: v1\n      kind: Secret\n      metadata: {name: x}\n      stringData:\n        zz: ${pw}\n`,
      ),
    ],
  ],
  [
    'Argo CD plugin env',
    [
      'a.yaml',
      manifest(
        'argoproj.io/v1alpha1',
        'Application',
        `spec:\n  source:\n    plugin:\n      env:\n        - name: DB_PASSWORD\n          value: ${pw}\n`,
      ),
    ],
  ],
  [
    'Argo CD plugin parameters',
    [
      'a.yaml',
      manifest(
        'argoproj.io/v1alpha1',
        'Application',
        `spec:\n  source:\n    plugin:\n      parameters:\n        - name: db-password\n          string: ${pw}\n`,
      ),
    ],
  ],
  [
    'Argo CD plugin map',
    [
      'a.yaml',
      manifest(
        'argoproj.io/v1alpha1',
        'Application',
        `spec:\n  source:\n    plugin:\n      parameters:\n        - name: values\n          map: {db-password: ${pw}}\n`,
      ),
    ],
  ],
  [
    'Argo CD plugin array',
    [
      'a.yaml',
      manifest(
        'argoproj.io/v1alpha1',
        'Application',
        `spec:\n  source:\n    plugin:\n      parameters:\n        - name: args\n          array: ["--set=db.password=${pw}"]\n`,
      ),
    ],
  ],
  [
    'Argo CD valuesObject',
    [
      'a.yaml',
      manifest(
        'argoproj.io/v1alpha1',
        'Application',
        `spec:\n  source:\n    helm:\n      valuesObject:\n        auth:\n          password: ${pw}\n`,
      ),
    ],
  ],
  [
    'Argo CD list generator',
    [
      'a.yaml',
      manifest(
        'argoproj.io/v1alpha1',
        'ApplicationSet',
        `spec:\n  generators:\n    - list:\n        elements:\n          - cluster: a\n            adminPassword: ${pw}\n`,
      ),
    ],
  ],
  [
    'Argo CD jsonnet vars',
    [
      'a.yaml',
      manifest(
        'argoproj.io/v1alpha1',
        'Application',
        `spec:\n  source:\n    directory:\n      jsonnet:\n        extVars:\n          - name: dbPassword\n            value: ${pw}\n`,
      ),
    ],
  ],
  [
    'Argo CD kustomize patches',
    [
      'a.yaml',
      manifest(
        'argoproj.io/v1alpha1',
        'Application',
        `spec:\n  source:\n    kustomize:\n      patches:\n        - target: {kind: Secret}\n          patch: |\n            - op: add\n              path: /data/zz\n              value: ${b(pw)}\n`,
      ),
    ],
  ],
  [
    'HelmRelease values',
    [
      'a.yaml',
      manifest(
        'helm.toolkit.fluxcd.io/v2',
        'HelmRelease',
        `spec:\n  values:\n    auth:\n      password: ${human}\n`,
      ),
    ],
  ],
  [
    'HelmRelease extraDeploy',
    [
      'a.yaml',
      manifest(
        'helm.toolkit.fluxcd.io/v2',
        'HelmRelease',
        `spec:\n  values:\n    extraDeploy:\n      - |\n        apiVersion: v1\n        kind: Secret\n        metadata: {name: x}\n        stringData:\n          zz: ${pw}\n`,
      ),
    ],
  ],
  [
    'HelmRelease postRenderers',
    [
      'a.yaml',
      manifest(
        'helm.toolkit.fluxcd.io/v2',
        'HelmRelease',
        `spec:\n  postRenderers:\n    - kustomize:\n        patches:\n          - target: {kind: Secret}\n            patch: |\n              - op: replace\n                path: /data/zz\n                value: ${b(pw)}\n`,
      ),
    ],
  ],
  ['values secretEnv map', ['values.yaml', `secrets:\n  stringData:\n    zz: ${pw}\n`]],

  ['cloud-init', ['user-data.yaml', `#cloud-config\nchpasswd:\n  list: |\n    root:${pw}\n`]],
  [
    'cloud-init plain',
    ['user-data', `#cloud-config\nusers:\n  - name: ops\n    plain_text_passwd: ${human}\n`],
  ],
  ['cloud-init gzip', ['a.tf', `user_data = "${b(gzipSync(`#cloud-config\npassword: ${pw}\n`))}"\n`]],
  [
    'cloud-init base64',
    [
      'machine.yaml',
      `spec:\n  userData: ${b(`#cloud-config\npassword: ${human}\nchpasswd: { expire: False }\n`)}\n`,
    ],
  ],
  [
    'cloud-init write_files',
    [
      'user-data.yaml',
      `#cloud-config\nwrite_files:\n  - path: /etc/app.env\n    encoding: gz+b64\n    content: ${b(gzipSync(`DB_PASSWORD=${pw}\n`))}\n`,
    ],
  ],
  ['ansible vars', ['group_vars/all.yml', `db_password: ${human}\n`]],
  ['ansible inventory', ['inventory.ini', `[all]\nhost1 ansible_host=10.0.0.1 ansible_ssh_pass=${human}\n`]],
  ['ansible become', ['hosts', `host1 ansible_become_password=${pw}\n`]],
  ['tfvars', ['prod.tfvars', `db_password = "${human}"\n`]],
  ['tfvars map', ['prod.auto.tfvars', `secrets = {\n  db = "${pw}"\n}\n`]],
  [
    'tf variable default',
    ['v.tf', `variable "db_password" {\n  type    = string\n  default = "${human}"\n}\n`],
  ],
  ['tf random override', ['v.tf', `resource "x" "y" {\n  master_password = "${human}"\n}\n`]],
  [
    'compose env list',
    ['docker-compose.yml', `services:\n  a:\n    environment:\n      - POSTGRES_PASSWORD=${human}\n`],
  ],
  ['npmrc', ['.npmrc', `//registry.corp.net/:_authToken=${pw}${pw}\n`]],
  ['npmrc password', ['.npmrc', `//registry.corp.net/:_password=${b(pw)}\n`]],
  ['pypirc', ['.pypirc', `[pypi]\nusername = ci\npassword = ${human}\n`]],
  ['netrc', ['.netrc', `machine git.corp.net\n  login ci\n  password ${human}\n`]],
  ['pgpass', ['.pgpass', `db.corp.net:6432:app:app:${human}\n`]],
  [
    'pgpass in a ConfigMap',
    ['a.yaml', manifest('v1', 'ConfigMap', `data:\n  .pgpass: |\n    db:5432:app:app:${pw}\n`)],
  ],
  ['my.cnf', ['my.cnf', `[client]\nuser=root\npassword=${human}\n`]],
  ['odbc', ['odbc.ini', `[app]\nServer=db\nUID=sa\nPWD=${human}\n`]],
  ['properties', ['app.properties', `spring.datasource.password=${human}\n`]],
  ['properties with blanks', ['app.properties', `spring.datasource.password ${human}\n`]],
  ['spring yml', ['application.yml', `spring:\n  datasource:\n    password: ${human}\n`]],
  ['workflow env', ['.github/workflows/x.yml', `env:\n  DB_PASSWORD: ${human}\n`]],
  ['Basic header', ['notes.conf', `proxy_set_header Authorization "Basic ${b(`svc:${pw}`)}";\n`]],
  ['Bearer header', ['a.http', `GET https://api.corp.net\nAuthorization: Bearer ${pw}${pw}\n`]],
  ['Basic in curl', ['a.sh', `curl -H "Authorization: Basic ${b(`svc:${human}`)}" https://x\n`]],
  ['Private-Token header', ['a.sh', `curl -H "PRIVATE-TOKEN: ${pw}" https://git.corp.net\n`]],
  ['X-Api-Key header', ['a.sh', `curl -H 'X-Api-Key: ${pw}${pw}' https://corp.net\n`]],
  ['X-Vault-Token header', ['a.sh', `curl -H "X-Vault-Token: ${pw}" https://vault\n`]],
  [
    'http headers in a probe',
    [
      'a.yaml',
      pod(
        `      readinessProbe:\n        httpGet:\n          httpHeaders:\n            - name: X-Auth-Token\n              value: ${pw}\n`,
      ),
    ],
  ],

  // Forty further ways.
  ['redis.conf', ['redis.conf', `bind 0.0.0.0\nrequirepass ${pw}\n`]],
  ['redis.conf masterauth', ['redis.conf', `masterauth ${human}\n`]],
  ['redis args', ['a.yaml', pod(`      args: ["redis-server", "--requirepass", "${pw}"]\n`)]],
  ['redis acl', ['users.acl', `user svc on >${pw} ~* +@all\n`]],
  ['ldap.conf', ['ldap.conf', `binddn cn=admin\nbindpw ${pw}\n`]],
  ['postfix', ['sasl_passwd', `[smtp.corp.net]:587 svc@corp.net:${human}\n`]],
  ['haproxy', ['haproxy.cfg', `  stats auth admin:${pw}\n`]],
  ['msmtprc', ['.msmtprc', `account x\nuser svc\npassword ${human}\n`]],
  ['wpa_supplicant', ['wpa_supplicant.conf', `network={\n  ssid="corp"\n  psk="${human}"\n}\n`]],
  ['ipsec.secrets', ['ipsec.secrets', `10.0.0.1 : PSK "${pw}"\n`]],
  ['chap-secrets', ['chap-secrets', `svc * "${pw}" *\n`]],
  ['rabbitmq.conf', ['rabbitmq.conf', `default_user = svc\ndefault_pass = ${human}\n`]],
  ['rclone.conf', ['rclone.conf', `[s3]\ntype = s3\nsecret_access_key = ${pw}${pw}\n`]],
  ['git-credentials', ['.git-credentials', `https://ci:${pw}@git.corp.net\n`]],
  [
    'gitconfig url',
    ['.gitconfig', `[url "https://ci:${pw}@git.corp.net/"]\n  insteadOf = https://git.corp.net/\n`],
  ],
  [
    'maven settings',
    [
      'settings.xml',
      `<settings><servers><server><id>x</id><password>${human}</password></server></servers></settings>\n`,
    ],
  ],
  ['nuget', ['NuGet.Config', `<add key="ClearTextPassword" value="${human}" />\n`]],
  ['gradle', ['gradle.properties', `nexusPassword=${human}\n`]],
  ['docker config', ['config.json', `{"auths":{"registry.corp.net":{"auth":"${b(`ci:${pw}`)}"}}}\n`]],
  [
    'kaniko dockerconfig in a ConfigMap',
    [
      'a.yaml',
      manifest(
        'v1',
        'ConfigMap',
        `data:\n  config.json: '{"auths":{"registry.corp.net":{"auth":"${b(`ci:${human}`)}"}}}'\n`,
      ),
    ],
  ],
  [
    'kubeconfig token',
    ['kubeconfig', `apiVersion: v1\nkind: Config\nusers:\n  - name: a\n    user:\n      token: ${pw}${pw}\n`],
  ],
  [
    'kubeconfig basic',
    [
      'kubeconfig',
      `apiVersion: v1\nkind: Config\nusers:\n  - name: a\n    user:\n      username: admin\n      password: ${human}\n`,
    ],
  ],
  [
    'ingress basic-auth annotation',
    [
      'a.yaml',
      manifest(
        'networking.k8s.io/v1',
        'Ingress',
        `  annotations:\n    nginx.ingress.kubernetes.io/configuration-snippet: |\n      proxy_set_header Authorization "Basic ${b(`svc:${human}`)}";\n`,
      ).replace('  namespace: app\n', ''),
    ],
  ],
  [
    'annotation password',
    [
      'a.yaml',
      manifest('v1', 'Service', '').replace(
        'namespace: app',
        `annotations:\n    corp.net/db-password: ${pw}`,
      ),
    ],
  ],
  [
    'label token',
    ['a.yaml', manifest('v1', 'Service', '').replace('namespace: app', `labels:\n    join-token: ${pw}`)],
  ],
  [
    'CronJob env',
    [
      'a.yaml',
      manifest(
        'batch/v1',
        'CronJob',
        `spec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n            - name: x\n              env:\n                - name: RESTIC_PASSWORD\n                  value: ${human}\n`,
      ),
    ],
  ],
  [
    'env value first',
    ['a.yaml', pod(`      env:\n        - value: ${human}\n          name: DB_PASSWORD\n`)],
  ],
  [
    'env value over lines',
    ['a.yaml', pod(`      env:\n        - name: DB_PASSWORD\n          value: >-\n            ${pw}\n`)],
  ],
  ['env key and value fields', ['values.yaml', `env:\n  - key: DB_PASSWORD\n    value: ${human}\n`]],
  [
    'lifecycle hook',
    [
      'a.yaml',
      pod(
        `      lifecycle:\n        postStart:\n          exec:\n            command: ["redis-cli", "-a", "${pw}", "ping"]\n`,
      ),
    ],
  ],
  ['init SQL', ['init.sql', `CREATE USER app WITH PASSWORD '${human}';\n`]],
  ['SQL identified', ['init.sql', `CREATE USER 'app'@'%' IDENTIFIED BY '${human}';\n`]],
  ['SQL set password', ['init.sql', `SET PASSWORD FOR 'app'@'%' = PASSWORD('${human}');\n`]],
  ['mongo createUser', ['init.js', `db.createUser({user: 'app', pwd: '${human}', roles: []});\n`]],
  [
    'Grafana datasource',
    [
      'ds.yaml',
      `datasources:\n  - name: x\n    basicAuthPassword: ${human}\n    secureJsonData:\n      zz: ${pw}\n`,
    ],
  ],
  [
    'prometheus basic_auth',
    ['prometheus.yml', `scrape_configs:\n  - basic_auth:\n      username: a\n      password: ${human}\n`],
  ],
  [
    'alertmanager webhook',
    [
      'alertmanager.yml',
      `receivers:\n  - webhook_configs:\n      - url: https://hooks.corp.net/x?token=${pw}\n`,
    ],
  ],
  ['URL query token', ['a.yaml', `url: https://corp.net/api?access_token=${pw}\n`]],
  ['connection string', ['a.yaml', `conn: "Server=db;Database=app;User Id=sa;Password=${human};"\n`]],
  ['libpq string', ['a.yaml', `dsn: "host=db user=app password=${human} dbname=app"\n`]],
  ['Go DSN', ['a.yaml', `dsn: "app:${human}@tcp(db:3306)/app"\n`]],
  ['JDBC', ['a.yaml', `url: jdbc:postgresql://db/app?user=app&password=${human}\n`]],
  ['env in Dockerfile', ['Dockerfile', `FROM x\nENV DB_PASSWORD ${human}\n`]],
  ['ARG in Dockerfile', ['Dockerfile', `FROM x\nARG DB_PASSWORD=${human}\n`]],
  ['Vagrant', ['Vagrantfile', `config.ssh.password = "${human}"\n`]],
  ['Jenkinsfile', ['Jenkinsfile', `environment {\n  DB_PASSWORD = '${human}'\n}\n`]],
  ['GitLab CI variables', ['.gitlab-ci.yml', `variables:\n  DB_PASSWORD: "${human}"\n`]],
  [
    'Tekton param',
    [
      'a.yaml',
      manifest(
        'tekton.dev/v1',
        'PipelineRun',
        `spec:\n  params:\n    - name: db-password\n      value: ${human}\n`,
      ),
    ],
  ],
  [
    'Argo Workflows parameter',
    [
      'a.yaml',
      manifest(
        'argoproj.io/v1alpha1',
        'Workflow',
        `spec:\n  arguments:\n    parameters:\n      - {name: token, value: ${pw}}\n`,
      ),
    ],
  ],
  ['systemd Environment', ['x.service', `[Service]\nEnvironment="DB_PASSWORD=${human}"\n`]],
  ['crontab', ['crontab', `0 3 * * * root mysqldump -uroot -p${human} app > /b\n`]],
  ['expect', ['x.exp', `expect "Password:"\nsend "${pw}\\r"\n`]],
  ['PowerShell', ['a.ps1', `$p = ConvertTo-SecureString "${human}" -AsPlainText -Force\n`]],
  ['PowerShell assignment', ['a.ps1', `$Password = "${human}"\n`]],
  ['batch', ['a.bat', `set DB_PASSWORD=${human}\n`]],
  ['fish', ['a.fish', `set -x DB_PASSWORD ${human}\n`]],
  ['csh', ['a.csh', `setenv DB_PASSWORD ${human}\n`]],
  ['Lua', ['a.lua', `local password = "${pw}"\n`]],
  ['Nix', ['a.nix', `{ services.x.password = "${human}"; }\n`]],
  ['CUE', ['a.cue', `password: "${pw}"\n`]],
  ['KCL', ['a.k', `password = "${human}"\n`]],
  ['Starlark', ['BUILD.bazel', `password = "${pw}"\n`]],
  ['plist', ['a.plist', `<dict><key>password</key>\n<string>${human}</string></dict>\n`]],
  ['XML property', ['a.xml', `<property name="password" value="${human}"/>\n`]],
  [
    'XML property body',
    ['a.xml', `<property name="javax.jdo.option.ConnectionPassword"><value>${human}</value></property>\n`],
  ],
  ['notebook', ['a.ipynb', JSON.stringify({ cells: [{ source: [`password = "${pw}"\n`] }] })]],
  ['INI with colon', ['a.ini', `[db]\npassword: ${human}\n`]],
  ['Vault policy seed', ['a.sh', `vault kv put secret/app zz=${pw} db_password=${human}\n`]],
  ['vault write', ['a.sh', `vault write auth/userpass/users/ci password=${human}\n`]],
  [
    'kubeseal input',
    [
      'a.sh',
      `echo -n ${pw} | kubectl create secret generic x --dry-run=client --from-file=zz=/dev/stdin -o yaml | kubeseal\n`,
    ],
  ],
  ['helm --set', ['a.sh', `helm install x y --set auth.password=${human}\n`]],
  ['helm --set-string', ['a.sh', `helm upgrade x y --set-string "db.password=${pw},a=b"\n`]],
  ['kubectl set env', ['a.sh', `kubectl set env deploy/x DB_PASSWORD=${human}\n`]],
  ['kubectl patch', ['a.sh', `kubectl patch secret x -p '{"stringData":{"zz":"${pw}"}}'\n`]],
  ['heredoc', ['a.sh', `kubectl apply -f - <<EOF\n${secret(`stringData:\n  zz: ${pw}\n`)}EOF\n`]],
  ['heredoc data', ['a.sh', `cat <<EOF | kubectl apply -f -\n${secret(`data:\n  zz: ${b(pw)}\n`)}EOF\n`]],
  [
    'manifest in a workflow',
    [
      '.github/workflows/x.yml',
      `jobs:\n  a:\n    steps:\n      - run: |\n          kubectl apply -f - <<EOF\n${secret(`data:\n  zz: ${b(pw)}\n`).replace(/^/gm, '          ')}\n          EOF\n`,
    ],
  ],
  [
    'terraform kubernetes_secret',
    ['a.tf', `resource "kubernetes_secret" "x" {\n  data = {\n    zz = "${pw}"\n  }\n}\n`],
  ],
  ['pulumi', ['Pulumi.prod.yaml', `config:\n  app:dbPassword: ${human}\n`]],
  ['jsonnet join', ['a.jsonnet', `{ password: '${pw.slice(0, 10)}' + '${pw.slice(10)}' }\n`]],
  ['emoji before', ['a.yaml', `# 🔐🔐\ndb:\n  password: ${human}\n`]],
  ['zero width in the value', ['a.yaml', `db:\n  password: ${pw.slice(0, 10)}\u200b${pw.slice(10)}\n`]],
  ['no-break space', ['a.yaml', `db:\n  password:\u00a0${pw}\n`]],
  [
    'Secret with managed fields',
    [
      'a.yaml',
      secret(`  managedFields: []\ndata:\n  zz: ${b(pw)}\ntype: Opaque\n`).replace(
        'namespace: app\n',
        'namespace: app\n',
      ),
    ],
  ],
  [
    'Secret in a list of a values file',
    [
      'values.yaml',
      `extraObjects:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: x}\n    stringData:\n      zz: ${pw}\n`,
    ],
  ],
  [
    'Secret of a Template',
    [
      'a.yaml',
      manifest(
        'template.openshift.io/v1',
        'Template',
        `objects:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: x}\n    stringData: {zz: ${pw}}\nparameters:\n  - name: DB_PASSWORD\n    value: ${human}\n`,
      ),
    ],
  ],
  [
    'ResourceSet',
    [
      'a.yaml',
      manifest('fluxcd.controlplane.io/v1', 'ResourceSet', `spec:\n  inputs:\n    - password: ${human}\n`),
    ],
  ],
  [
    'Sveltos',
    [
      'a.yaml',
      manifest(
        'v1',
        'ConfigMap',
        `data:\n  r.yaml: |\n    apiVersion: v1\n    kind: Secret\n    metadata: {name: x}\n    stringData: {zz: ${pw}}\n`,
      ),
    ],
  ],
  [
    'clusterresourceset',
    [
      'a.yaml',
      manifest('v1', 'ConfigMap', `binaryData:\n  r.yaml: ${b(secret(`stringData:\n  zz: ${pw}\n`))}\n`),
    ],
  ],

  // And further ones, found by looking for what a reader of lines does not follow.
  ['args first, further', ['a.yaml', container(`args: ["-uroot", "-p${pw}"]\n      command: ["mysql"]\n`)]],
  [
    'args first block, further',
    [
      'a.yaml',
      container(
        `args:\n        - -a\n        - ${pw}\n        - ping\n      command:\n        - redis-cli\n`,
      ),
    ],
  ],
  ['cmd string, further', ['a.yaml', `command: /bin/sh -c "redis-cli -a ${pw}"\n`]],
  [
    'b 64script, further',
    [
      'a.yaml',
      container(
        `command: ["sh","-c","echo ${b(`#!/bin/sh\nmysql -uroot -p${pw} app\n`)} | base64 -d | sh"]\n`,
      ),
    ],
  ],
  [
    'schema default pretty, further',
    [
      'values.schema.json',
      JSON.stringify({ properties: { password: { type: 'string', default: pw } } }, null, 2),
    ],
  ],
  ['crd default, further', ['crd.yaml', `properties:\n  password:\n    type: string\n    default: ${pw}\n`]],
  ['cred pair, further', ['values.yaml', `credentials: admin:${pw}\n`]],
  ['basic auth, further', ['values.yaml', `basicAuth: "admin:${pw}"\n`]],
  ['parent value, further', ['values.yaml', `auth:\n  password:\n    value: ${pw}\n`]],
  ['parent list, further', ['values.yaml', `apiKeys:\n  - ${pw}${pw}\n`]],
  ['flow list, further', ['values.yaml', `tokens: ["${pw}${pw}"]\n`]],
  ['der rsa, further', ['a.yaml', `x: ${der(rsa)}\n`]],
  ['der ec, further', ['a.yaml', `x: ${der(ec)}\n`]],
  ['der ed, further', ['a.yaml', `x: ${der(ed)}\n`]],
  ['pkcs 1, further', ['a.yaml', `x: ${rsa.export({ type: 'pkcs1', format: 'der' }).toString('base64')}\n`]],
  ['jwk, further', ['a.json', JSON.stringify(rsa.export({ format: 'jwk' }))]],
  ['jwk ec, further', ['a.json', JSON.stringify(ec.export({ format: 'jwk' }), null, 1)]],
  ['jwk oct, further', ['a.json', `{"kty":"oct","k":"${pw}${pw}"}`]],
  [
    'encryption config, further',
    [
      'a.yaml',
      `kind: EncryptionConfiguration\nresources:\n- providers:\n  - aescbc:\n      keys:\n      - name: key1\n        secret: ${b(Buffer.from(`${pw}${human}`).subarray(0, 32))}\n`,
    ],
  ],
  ['file vault pass, further', ['.vault_pass', `${pw}\n`]],
  ['file pw, further', ['secrets/db_password.txt', `${human}\n`]],
  ['file token, further', ['.vault-token', `hvs${pw}\n`]],
  ['file key, further', ['config/secrets/api_key', `${pw}${pw}`]],
  ['anchor, further', ['values.yaml', `x: &p ${pw}\ndb:\n  password: *p\n`]],
  ['block val, further', ['values.yaml', `db:\n  password: |-\n    ${pw}\n`]],
  ['fold val, further', ['values.yaml', `db:\n  password: >-\n    ${pw}\n`]],
  ['plain next, further', ['values.yaml', `db:\n  password:\n    ${pw}\n`]],
  ['complex key, further', ['values.yaml', `db:\n  ? password\n  : ${pw}\n`]],
  ['toml 3, further', ['a.toml', `password = """${pw}"""\n`]],
  ['toml 3s, further', ['a.toml', `password = '''\n${pw}'''\n`]],
  ['py 3, further', ['a.py', `PASSWORD = """${pw}"""\n`]],
  ['heredoc hcl, further', ['a.tf', `password = <<EOF\n${pw}\nEOF\n`]],
  ['cdata, further', ['a.xml', `<password><![CDATA[${pw}]]></password>\n`]],
  ['xml next, further', ['a.xml', `<password>\n  ${pw}\n</password>\n`]],
  ['urlenc, further', ['a.yaml', `url: https://ci:${encodeURIComponent(human)}@git.corp.net/x\n`]],
  ['cfg js, further', ['config.js', `module.exports = { db: { password: '${human}' } };\n`]],
  [
    'argocdcm, further',
    [
      'a.yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\ndata:\n  repositories: |\n    - url: https://x\n      password: ${human}\n`,
    ],
  ],
  [
    'dex, further',
    [
      'a.yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\ndata:\n  dex.config: |\n    connectors:\n    - config:\n        clientSecret: ${pw}\n`,
    ],
  ],
  ['ann json, further', ['a.yaml', `metadata:\n  annotations:\n    cfg: '{"password":"${human}"}'\n`]],
  ['k 3s tls, further', ['a.yaml', `token: ${pw}\n`]],
  ['sops dec, further', ['secrets.dec.yaml', `db:\n  password: ${human}\n`]],
  [
    'envsubst, further',
    [
      'a.yaml',
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cluster-settings}\ndata:\n  SECRET_DOMAIN_TOKEN: ${pw}\n`,
    ],
  ],
  ['jinja, further', ['a.yaml.j2', `password: {{ vault_pw | default('${human}') }}\n`]],
  ['groovy, further', ['Jenkinsfile', `sh "docker login -u ci -p ${pw} registry"\n`]],
  ['make, further', ['Makefile', `deploy:\n\tmysql -uroot -p${pw} app\n`]],
  ['ps, further', ['a.yaml', `script:\n  - mysql --user=root --password=${human} app\n`]],
  ['ssm, further', ['a.sh', `aws ssm put-parameter --name /x --type SecureString --value ${pw}\n`]],
  ['awssm, further', ['a.sh', `aws secretsmanager create-secret --name x --secret-string ${pw}\n`]],
  ['ghsecret, further', ['a.sh', `gh secret set X --body ${pw}\n`]],
  ['azkv, further', ['a.sh', `az keyvault secret set --vault-name v --name n --value ${pw}\n`]],
  ['gcsm, further', ['a.sh', `echo -n "${pw}" | gcloud secrets create x --data-file=-\n`]],
  ['npmset, further', ['a.sh', `npm config set //registry.corp.net/:_authToken ${pw}${pw}\n`]],
  ['gitclone, further', ['a.sh', `git clone https://ci:${pw}@git.corp.net/x.git\n`]],
  [
    'githeader, further',
    ['a.sh', `git -c http.extraHeader="Authorization: Basic ${b(`ci:${pw}`)}" clone x\n`],
  ],
  ['helmrepo, further', ['a.sh', `helm repo add x https://x --username ci --password ${human}\n`]],
  ['flux, further', ['a.sh', `flux create secret git x --username=ci --password=${human}\n`]],
  ['argocdrepo, further', ['a.sh', `argocd repo add https://x --username ci --password ${human}\n`]],
  ['fluxoci, further', ['a.sh', `flux create secret oci x --url=r --username=ci --password=${pw}\n`]],
  ['psqlc, further', ['a.sh', `psql -c "ALTER USER app WITH PASSWORD '${human}'"\n`]],
  ['mysql e, further', ['a.sh', `mysql -e "CREATE USER 'a'@'%' IDENTIFIED BY '${human}'"\n`]],
  ['useradd, further', ['a.sh', `net user admin ${human} /add\n`]],
  ['cryptsetup, further', ['a.sh', `echo -n "${human}" | cryptsetup luksOpen /dev/sda x -\n`]],
  ['sudo s, further', ['a.sh', `echo '${human}' | sudo -S ls\n`]],
]);

/** What looks like it and is none: nothing of it may close. */
export const NO_SECRET: Readonly<Record<string, Sight>> = Object.fromEntries<Sight>([
  ['mysql -p asks', ['a.sh', 'mysql -u root -p app\n']],
  ['mysql -P port', ['a.sh', 'mysql -u root -P 3306 -p"$MYSQL_ROOT_PASSWORD" app\n']],
  [
    'mysql variable',
    ['a.yaml', pod('      command: ["sh", "-c", "mysqladmin ping -uroot -p$MYSQL_ROOT_PASSWORD"]\n')],
  ],
  ['mysql braces', ['a.sh', 'mysql -p$' + '{PASS} app\n']],
  ['mkdir -p', ['a.sh', 'mkdir -p/var/lib/mysql/files2024\n']],
  ['curl without password', ['a.sh', 'curl -u admin https://x.corp.net\ncurl -u "$USER:$PASS" https://x\n']],
  ['curl output', ['a.sh', 'curl -u "$USER:$PASS" -o /tmp/archive-2024.tgz https://x.corp.net:8443/y\n']],
  ['psql port', ['a.sh', 'psql -h db -p 5432 -U app -w\n']],
  ['docker run port', ['a.sh', 'docker run -p 8080:80 -u 1000:1000 nginx\n']],
  ['ldapsearch file', ['a.sh', 'ldapsearch -x -y /etc/ldap.secret -b dc=corp\n']],
  ['sshpass environment', ['a.sh', 'sshpass -e ssh root@host\nsshpass -f /run/secrets/p ssh host\n']],
  ['openssl file', ['a.sh', 'openssl rsa -passin file:/run/secrets/p -passout env:PASS\n']],
  [
    'redis-cli variable',
    ['a.yaml', pod('      command: ["sh", "-c", "redis-cli -a $REDIS_PASSWORD ping"]\n')],
  ],
  ['docker login stdin', ['a.sh', 'echo "$PASSWORD" | docker login -u ci --password-stdin\n']],
  [
    'from-literal reference',
    ['a.sh', 'kubectl create secret generic x --from-literal=password="$PASSWORD" --from-file=zz=./zz\n'],
  ],
  [
    'docs changeme',
    [
      'README.md',
      '```yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  password: changeme\n```\n',
    ],
  ],
  [
    'docs placeholders',
    [
      'README.md',
      '```yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  password: <base64 of the password>\n```\n',
    ],
  ],
  [
    'docs base64 of words',
    [
      'README.md',
      `\`\`\`yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: x\ndata:\n  username: ${b('admin')}\n  password: ${b('mypassword')}\n\`\`\`\n`,
    ],
  ],
  [
    'docs fence of a reference',
    [
      'README.md',
      '```yaml\nenv:\n  - name: DB_PASSWORD\n    valueFrom:\n      secretKeyRef: {name: db, key: password}\n```\n',
    ],
  ],
  ['AWS documentation', ['a.env', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n']],
  [
    'a playground that is for everybody',
    ['a.go', `secretAccessKey := "${['zuf+tfteSlswRu7BJ86wek', 'itnifILbZam1KYY3TG'].join('')}"\n`],
  ],
  [
    'base64 of a placeholder as an argument',
    ['a.yaml', pod(`      args: ["-cookie-secret=${b('example-cookie-secretzzz')}"]\n`)],
  ],
  ['form of a key in documentation', ['docs/x.md', `- ClientSecret: \`${pw}${pw}${pw}\`\n`]],
  ['default of a server in a comment', ['a.conf', '# user worker +@list ~jobs:* on >ffa9203c493aa99\n']],
  ['no password at all', ['ks.cfg', 'rootpw --lock\n']],
  [
    'schema of a password',
    [
      'values.schema.json',
      '{"properties":{"password":{"type":"string","default":""},"token":{"type":"string","description":"the token"}}}\n',
    ],
  ],
  [
    'a list of names under secrets',
    ['values.yaml', 'secrets:\n  - db-credentials\n  - tls-main\ntokens:\n  - name: ci\n'],
  ],
  ['an alias of a reference', ['values.yaml', 'x: &p $' + '{DB_PASSWORD}\ndb:\n  password: *p\n']],
  ['a file of a reference', ['secrets/db_password.txt', '$' + '{DB_PASSWORD}\n']],
  ['a public JSON Web Key', ['jwks.json', JSON.stringify({ keys: [{ ...rsaPublic }] })]],
  [
    'a public key without its armor',
    ['a.yaml', `x: ${createPublicKey(rsa).export({ type: 'spki', format: 'der' }).toString('base64')}\n`],
  ],
  [
    'notes of a chart',
    [
      'templates/NOTES.txt',
      '{{- include "common.errors.upgrade.passwords.empty" (dict "validationErrors" $passwordValidationErrors "context" $) -}}\n',
    ],
  ],
  [
    'table of a chart',
    [
      'README.md',
      '| `common.errors.upgrade.passwords.empty` | It will ensure required passwords are given. If `validationErrors` is not empty it will throw an error |\n',
    ],
  ],
  [
    'example in a README',
    [
      'README.md',
      'Users are added so:\n\n```yaml\nauth:\n  username: "newUser"\n  password: "newUserPassword123"\n```\n',
    ],
  ],
  [
    'sentence of a README',
    [
      'README.md',
      'The above command enables authentication with `my-user` as user and `T0pS3cr3t` as password credentials.\n',
    ],
  ],
  [
    'profiles in a README',
    [
      'README.md',
      'The credentials for `mysql` are in `application-mysql.properties`, those of `postgres` in `application-postgres.properties`.\n',
    ],
  ],
  [
    'table of issues',
    [
      'README.md',
      '| Name | Issue |\n|------|-------|\n| Spring JDBC: simplify usage of NamedParameterJdbcTemplate | [SPR-10256](https://github.com/x/y/issues/14889) |\n| Hibernate: backward compatibility | [HV-790](https://x.atlassian.net/browse/HV-790) |\n',
    ],
  ],
  [
    'table of people',
    [
      'team.md',
      '| Team | Login |\n|---|---|\n| Alice Example (GitHub: [@alice042](https://github.com/alice042) / Slack: `@alice042`) | Bob (GitHub: [@bob087](https://github.com/bob087)) |\n',
    ],
  ],
  [
    'table of algorithms',
    ['README.md', '| ECDH-ES + AES key wrap | ECDH-ES+A128KW, ECDH-ES+A192KW, ECDH-ES+A256KW |\n'],
  ],
  ['placeholder long', ['a.env', 'API_TOKEN=your-api-token-goes-here-please-1234\n']],
  ['placeholder of a template', ['values.yaml', 'password: "REPLACE_ME_WITH_A_REAL_PASSWORD_2024"\n']],
  [
    'vals references',
    [
      'values.yaml',
      'a:\n  password: ref+vault://secret/db#password\n  token: ref+awssecrets://prod/app#token\n  key: secrets+age-import:///keys/k.txt?values.yaml\n',
    ],
  ],
  ['ref+echo of a word', ['values.yaml', 'password: ref+echo://changeme\n']],
  [
    'helm include',
    ['templates/a.yaml', secret('data:\n  password: {{ include "x.password" . | b64enc | quote }}\n')],
  ],
  [
    'helm printf of values',
    [
      'templates/a.yaml',
      secret(
        'stringData:\n  url: {{ printf "postgres://%s:%s@%s" .Values.user .Values.password .Values.host | quote }}\n',
      ),
    ],
  ],
  ['helm lookup', ['templates/a.yaml', secret('data:\n  password: {{ randAlphaNum 24 | b64enc }}\n')]],
  [
    'helm required',
    [
      'templates/a.yaml',
      secret(
        'stringData:\n  password: {{ required "set auth.password in your values" .Values.auth.password }}\n',
      ),
    ],
  ],
  [
    'helm tpl name',
    [
      'templates/a.yaml',
      manifest('v1', 'ConfigMap', 'data:\n  secretName: {{ printf "%s-%s" .Release.Name "credentials" }}\n'),
    ],
  ],
  ['Go message', ['a.go', 'return fmt.Errorf("password " +\n\t"must not be empty")\n']],
  [
    'Python message',
    ['a.py', 'PASSWORD_HELP = (\n    "Your password must contain "\n    "at least 8 characters."\n)\n'],
  ],
  [
    'translation',
    [
      'locales/de.json',
      '{"password": "Passwort eingeben", "passwordRepeat": "Passwort wiederholen!", "token": "Zugriffsschlüssel"}\n',
    ],
  ],
  ['translation short', ['i18n/fr.yaml', 'password: "Mot-de-passe"\nnew_password: "Nouveau mot de passe"\n']],
  ['CSS bundle', ['app.css', '.password-input{background:#a1b2c3;content:"\\f023"}.token{color:#d4e5f6}\n']],
  ['minified', ['static/app.min.js', `var a={password:"${pw.slice(0, 4)}",token:function(e){return e}}\n`]],
  ['digest', ['a.yaml', `image: registry.corp.net/x@sha256:${'3f04c72a8590429486'.repeat(3)}0123456789\n`]],
  [
    'integrity',
    [
      'a.html',
      '<script src="x.js" integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"></script>\n',
    ],
  ],
  [
    'public key',
    [
      'a.yaml',
      'publicKey: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m2Yk0Zb3GZJ3vX4nq1o3m7YhJZl1rY0m3s5c1a9Ab\n',
    ],
  ],
  [
    'password policy',
    ['a.yaml', 'passwordPolicy:\n  minLength: 12\n  passwordHistory: 24\npasswordExpiry: 90d\n'],
  ],
  ['csv of headers', ['a.csv', 'name,password_changed_at\nsvc,2024-01-02T03:04:05Z\n']],
  ['requirepass reference', ['redis.conf', 'requirepass $' + '{REDIS_PASSWORD}\nmasterauth %PASSWORD%\n']],
  [
    'configuration of a name',
    ['a.conf', 'password file /etc/x\npassword required pam_unix.so\nauth required pam_env.so\n'],
  ],
  ['pam', ['common-password', 'password\t[success=1 default=ignore]\tpam_unix.so obscure yescrypt\n']],
  [
    'prose',
    ['README.md', 'The password is stored in Vault. Use the token from the UI, then run `mysql -p`.\n'],
  ],
  ['man page', ['x.1', '.It Fl p Ar password\nmysql -pPASSWORD\n']],
  [
    'kyverno generate clone',
    [
      'a.yaml',
      manifest(
        'kyverno.io/v1',
        'ClusterPolicy',
        'spec:\n  rules:\n    - name: r\n      generate:\n        apiVersion: v1\n        kind: Secret\n        name: regcred\n        namespace: "{{request.object.metadata.name}}"\n        clone:\n          namespace: default\n          name: regcred\n',
      ),
    ],
  ],
  [
    'header of a variable',
    ['a.sh', 'curl -H "PRIVATE-TOKEN: $' + '{TOKEN}" -H "Authorization: Bearer $(cat token)" https://x\n'],
  ],
  [
    'workflow expression',
    ['.github/workflows/x.yml', 'env:\n  DB_PASSWORD: $' + '{{ secrets.DB_PASSWORD }}\n'],
  ],
  ['htpasswd generate', ['a.sh', 'htpasswd -nb admin "$PASSWORD"\nhtpasswd -c /etc/htpasswd admin\n']],
  ['vault path', ['a.sh', 'vault kv get -field=password secret/app\nvault login -method=oidc role=ops\n']],
  [
    'helm set reference',
    ['a.sh', 'helm install x y --set auth.existingSecret=db-credentials --set password=$PASS\n'],
  ],
  ['SQL parameter', ['a.sql', "ALTER USER app WITH PASSWORD :'password';\n"]],
  [
    'Java resource bundle',
    [
      'messages.properties',
      'login.password=Password\nreset.password=Reset your password\nerror.token.invalid=Token is invalid\n',
    ],
  ],
]);
