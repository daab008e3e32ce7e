import { certificate, ecKey, ed25519Key, rsaKey, sshKey } from './keys.js';
import { marked, type Page, page } from './page.js';
import { b64, type Random } from './random.js';
import { jwt, PROVIDERS } from './tokens.js';

const NAMES = ['billing', 'orders', 'ledger', 'search', 'mailer', 'gateway'] as const;

/** Secrets of every type, in YAML, JSON, Lists and Helm templates. */
export function secretPages(r: Random): Page[] {
  const pages: Page[] = [];
  const add = (name: string, text: string): void => {
    pages.push(page('k8s-secret', `k8s/secret/${name}`, text));
  };
  for (let i = 0; i < 5; i++) {
    const name = r.pick(NAMES);
    add(
      `opaque-data-${i}.yaml`,
      `apiVersion: v1
kind: Secret
metadata:
  name: ${name}-db
  namespace: ${name}
  labels:
    app.kubernetes.io/name: ${name}
type: Opaque
data:
  username: ${b64(name)} §?
  password: ${b64(r.password())} §T
  ${r.pick(['DATABASE_URL', 'dsn'])}: ${b64(`postgres://${name}:${r.plainPassword()}@db.${name}.svc:5432/app`)} §T
`,
    );
    add(
      `opaque-stringdata-${i}.yml`,
      `---
apiVersion: v1
stringData:
  ${r.pick(['password', 'admin-password', 'POSTGRES_PASSWORD', 'redis-password'])}: ${JSON.stringify(r.password())} §T
  api-token: ${r.alnum(40)} §T
  config.yaml: |
    server:
      port: 8080
    auth:
      clientId: ${name}
      clientSecret: ${r.alnum(32)} §T
kind: Secret
metadata:
  name: ${name}-app
`,
    );
    add(
      `placeholder-${i}.yaml`,
      `apiVersion: v1
kind: Secret
metadata:
  name: ${name}-template
type: Opaque
stringData:
  password: "${r.pick(['<path:secret/data/app#password>', '<your-password>', 'REPLACE_ME', `\${DB_PASSWORD}`, '$(DB_PASSWORD)'])}" §F
  token: ${r.pick(['"{{ .Values.token }}"', '""', '"<token>"', `"\${TOKEN}"`, 'ref+vault://secret/app#/token'])} §F
data:
  key: ${r.pick(['""', b64('<path:kv/data/app#key>'), b64('REPLACE_ME'), b64(`\${API_KEY}`)])} §F
`,
    );
    add(
      `helm-template-${i}.yaml`,
      `apiVersion: v1
kind: Secret
metadata:
  name: {{ include "${name}.fullname" . }}
  labels: {{- include "${name}.labels" . | nindent 4 }}
type: Opaque
data:
  password: {{ .Values.auth.password | b64enc | quote }} §F
  token: {{ randAlphaNum 32 | b64enc | quote }} §F
  {{- if .Values.smtp.enabled }}
  smtp-password: {{ required "smtp password" .Values.smtp.password | b64enc }} §F
  {{- end }}
  fallback: {{ "${r.alnum(24)}" | b64enc }} §T
stringData:
  session-secret: ${r.alnum(32)} §T
`,
    );
    add(
      `list-${i}.json`,
      JSON.stringify(
        {
          apiVersion: 'v1',
          kind: 'List',
          items: [
            {
              apiVersion: 'v1',
              kind: 'Secret',
              metadata: { name },
              type: 'Opaque',
              data: { password: `${b64(r.password())}§T` },
            },
            {
              apiVersion: 'v1',
              kind: 'Secret',
              metadata: { name: `${name}-2` },
              stringData: { token: `${r.alnum(36)}§T`, empty: '§F' },
            },
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { name },
              data: { secretName: `${name}-credentials-v2§F`, checksum: `${r.hex(64)}§F` },
            },
          ],
        },
        null,
        2,
      ).replace(/^(.*)§([TF])(.*)$/gm, '$1$3 §$2'),
    );
  }
  for (let i = 0; i < 2; i++) {
    const user = r.pick(NAMES);
    const pw = r.plainPassword();
    const auth = b64(`${user}:${pw}`);
    const docker = JSON.stringify({ auths: { 'ghcr.io': { username: user, password: pw, auth } } });
    const head = (type: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: typed-${i}\ntype: ${type}\n`;
    add(
      `dockerconfigjson-${i}.yaml`,
      `${head('kubernetes.io/dockerconfigjson')}data:\n  .dockerconfigjson: ${b64(docker)} §T\n`,
    );
    add(
      `dockerconfigjson-plain-${i}.yaml`,
      `${head('kubernetes.io/dockerconfigjson')}stringData:\n  .dockerconfigjson: '${docker}' §T\n`,
    );
    add(
      `dockercfg-${i}.yaml`,
      `${head('kubernetes.io/dockercfg')}data:\n  .dockercfg: ${b64(JSON.stringify({ 'https://index.docker.io/v1/': { auth, email: 'a@example.com' } }))} §T\n`,
    );
    add(
      `basic-auth-${i}.yaml`,
      `${head('kubernetes.io/basic-auth')}stringData:\n  username: ${user} §?\n  password: ${r.password()} §T\n`,
    );
    add(
      `ssh-auth-${i}.yaml`,
      `${head('kubernetes.io/ssh-auth')}data:\n  ssh-privatekey: ${b64(sshKey(r))} §T\n  known_hosts: ${b64(`github.com ssh-ed25519 ${r.base64(51)}`)} §F\n`,
    );
    add(
      `tls-${i}.yaml`,
      `${head('kubernetes.io/tls')}data:\n  ca.crt: ${b64(certificate(r))} §F\n  tls.crt: ${b64(certificate(r))} §F\n  tls.key: ${b64(r.pick([rsaKey, ecKey])(r))} §T\n`,
    );
    add(
      `tls-block-${i}.yaml`,
      `${head('kubernetes.io/tls')}stringData:\n  tls.crt: |\n${marked(certificate(r), 'F', '    ')}\n  tls.key: |\n${marked(rsaKey(r), 'T', '    ')}\n`,
    );
    add(
      `sa-token-${i}.yaml`,
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: robot-token\n  annotations:\n    kubernetes.io/service-account.name: robot\ntype: kubernetes.io/service-account-token\ndata:\n  namespace: ${b64('default')} §F\n  ca.crt: ${b64(certificate(r))} §F\n  token: ${b64(jwt(r, { iss: 'kubernetes/serviceaccount', 'kubernetes.io/serviceaccount/namespace': 'default', sub: 'system:serviceaccount:default:robot' }))} §T\n`,
    );
    const id = r.of('abcdefghijklmnopqrstuvwxyz0123456789', 6);
    add(
      `bootstrap-${i}.yaml`,
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: bootstrap-token-${id}\n  namespace: kube-system\ntype: bootstrap.kubernetes.io/token\nstringData:\n  token-id: ${id} §?\n  token-secret: ${r.of('abcdefghijklmnopqrstuvwxyz0123456789', 16)} §T\n  usage-bootstrap-authentication: "true" §F\n  expiration: "2027-03-10T03:22:11Z" §F\n`,
    );
    add(
      `argocd-repo-${i}.yaml`,
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: repo-${i}\n  namespace: argocd\n  labels:\n    argocd.argoproj.io/secret-type: ${r.pick(['repository', 'repo-creds'])}\nstringData:\n  type: git §F\n  url: https://github.com/example/config §F\n  username: git §?\n  password: ${r.password()} §T\n`,
    );
    add(
      `argocd-cluster-${i}.yaml`,
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: prod-cluster\n  labels:\n    argocd.argoproj.io/secret-type: cluster\ntype: Opaque\nstringData:\n  name: prod §F\n  server: https://10.0.0.1:6443 §F\n  config: | §?\n    {\n      "bearerToken": "${r.alnum(44)}", §T\n      "tlsClientConfig": { "insecure": false, "caData": "${b64(certificate(r))}" } §F\n    }\n`,
    );
    add(
      `argocd-repo-ssh-${i}.yaml`,
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: repo-ssh-${i}\n  labels:\n    argocd.argoproj.io/secret-type: repository\nstringData:\n  url: git@github.com:example/config.git §F\n  sshPrivateKey: |\n${marked(sshKey(r), 'T', '    ')}\n`,
    );
    add(
      `flux-webhook-${i}.yaml`,
      `apiVersion: v1\nkind: Secret\nmetadata: {name: receiver-token, namespace: flux-system}\nstringData: {token: ${r.hex(40)}} §T\n`,
    );
    add(
      `age-keys-${i}.yaml`,
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: sops-age\n  namespace: flux-system\ndata:\n  age.agekey: ${b64(`# created: 2026-01-02T03:04:05Z\n# public key: age1xyz\n${PROVIDERS.find((p) => p.name === 'age')?.make(r) ?? ''}\n`)} §T\n`,
    );
    add(
      `json-${i}.json`,
      `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"one-line"},"stringData":{"password":"${r.plainPassword()}"}} §T\n`,
    );
    add(
      `ed25519-${i}.yaml`,
      `${head('Opaque')}data:\n  signing.key: ${b64(ed25519Key(r))} §T\n  signing.pub: ${b64('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI release@example.com')} §F\n`,
    );
  }
  return pages;
}

/** ConfigMaps, env, args, annotations, kustomizations: values beside references. */
export function workloadPages(r: Random): Page[] {
  const pages: Page[] = [];
  for (let i = 0; i < 6; i++) {
    const name = r.pick(NAMES);
    const provider = r.pick(PROVIDERS);
    pages.push(
      page(
        'k8s-configmap',
        `k8s/configmap/cm-${i}.yaml`,
        `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-config
data:
  LOG_LEVEL: debug §F
  DB_HOST: postgres.${name}.svc.cluster.local §F
  DB_PASSWORD: ${r.password()} §T
  CACHE_URL: redis://:${r.plainPassword()}@redis:6379/0 §T
  PUBLIC_URL: https://${name}.example.com/callback?state=abc §F
  DB_PASSWORD_FILE: /run/secrets/db-password §F
  TOKEN_TTL_SECONDS: "86400" §F
  OAUTH_TOKEN_URL: https://login.example.com/oauth2/token §F
  SECRET_NAME: ${name}-credentials §F
  BUILD_SHA: ${r.hex(40)} §F
  ${provider.key}: ${JSON.stringify(provider.make(r))} §T
  application.properties: |
    spring.datasource.url=jdbc:postgresql://db:5432/app §F
    spring.datasource.username=app §F
    spring.datasource.password=${r.plainPassword()} §T
    management.endpoint.health.show-details=when-authorized §F
    server.ssl.key-store-password=\${KEYSTORE_PASSWORD} §F
`,
      ),
      page(
        'k8s-env',
        `k8s/env/deployment-${i}.yaml`,
        `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  annotations:
    checksum/config: ${r.hex(64)} §F
    checksum/secret: ${r.hex(64)} §F
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      imagePullSecrets:
        - name: registry-credentials-production §F
      containers:
        - name: app
          image: ghcr.io/example/${name}:1.2.3@sha256:${r.hex(64)} §F
          args:
            - --listen=:8080
            - --db-password=${r.plainPassword()} §T
            - --token-file=/var/run/secrets/token §F
            - --secret-name=${name}-tls-certificate §F
          env:
            - name: DB_PASSWORD
              value: ${JSON.stringify(r.password())} §T
            - name: API_TOKEN
              valueFrom:
                secretKeyRef:
                  name: ${name}-api-token-credentials §F
                  key: api-token §F
            - name: ${r.pick(['STRIPE_KEY', 'SESSION_SECRET', 'JWT_SECRET', 'ENCRYPTION_KEY'])}
              value: ${r.alnum(32)} §T
            - name: AUTH_SECRET_NAME
              value: ${name}-auth-secret §F
            - name: PASSWORD_FILE
              value: /etc/${name}/password §F
            - name: DATABASE_URL
              value: postgresql://${name}:${r.plainPassword()}@db:5432/${name}?sslmode=require §T
            - name: REPLICA_URL
              value: postgresql://${name}:$(DB_PASSWORD)@db:5432/${name} §F
            - name: KEY_ID
              value: ${r.uuid()} §F
            - name: SMTP_PASSWORD
              value: $(SMTP_PASS) §F
          volumeMounts:
            - name: kube-api-access-${r.of('bcdfghjklmnpqrstvwxz2456789', 5)}
              mountPath: /var/run/secrets/kubernetes.io/serviceaccount §F
`,
      ),
      page(
        'k8s-other',
        `k8s/kustomize/${i}/kustomization.yaml`,
        `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - https://github.com/example/base?ref=${r.hex(40)} §F
secretGenerator:
  - name: ${name}-credentials
    literals:
      - username=${name} §?
      - password=${r.plainPassword()} §T
      - api-key=${r.alnum(32)} §T
configMapGenerator:
  - name: ${name}
    literals:
      - LOG_LEVEL=info §F
      - ADMIN_PASSWORD=${r.plainPassword()} §T
      - SECRET_REF=${name}-credentials §F
images:
  - name: app
    digest: sha256:${r.hex(64)} §F
`,
      ),
      page(
        'k8s-other',
        `k8s/annotation/leftover-${i}.yaml`,
        `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: | §?
      {"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"stringData":{"password":"${r.plainPassword()}"}} §T
    vault.hashicorp.com/role: ${name} §F
    vault.hashicorp.com/agent-inject-secret-db: database/creds/${name} §F
    reloader.stakater.com/last-reloaded-from: '{"hash":"${r.hex(40)}"}' §F
spec:
  serviceName: ${name}
`,
      ),
      page(
        'external',
        `k8s/external/es-${i}.yaml`,
        `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: ${name}
spec:
  refreshInterval: 1h
  secretStoreRef:
    name: vault-backend-production §F
    kind: ClusterSecretStore
  target:
    name: ${name}-credentials §F
    template:
      data:
        dsn: "postgres://{{ .user }}:{{ .password }}@db:5432/app" §F
        fallback-password: ${JSON.stringify(r.password())} §T
  data:
    - secretKey: password §F
      remoteRef:
        key: production/${name}/database-credentials §F
        property: password §F
---
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: ${name}-csi
spec:
  provider: azure
  parameters:
    keyvaultName: ${name}-kv §F
    tenantId: ${r.uuid()} §F
    clientID: ${r.uuid()} §F
    objects: |
      array:
        - |
          objectName: database-password §F
          objectType: secret §F
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: fake
spec:
  provider:
    fake:
      data:
        - key: /app/password §?
          value: ${r.alnum(20)} §T
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: ${name}
spec:
  secretName: ${name}-tls §F
  privateKey: §F
    algorithm: ECDSA §F
  issuerRef: {name: letsencrypt-production, kind: ClusterIssuer} §F
`,
      ),
    );
  }
  return pages;
}

/** SealedSecrets and SOPS files of true structure: ciphertext is none; a leaf in clear is one. */
export function sealedPages(r: Random): Page[] {
  const enc = (plain: number): string =>
    `ENC[AES256_GCM,data:${r.base64(plain)},iv:${r.base64(32)},tag:${r.base64(16)},type:str]`;
  const sealed = (plain: number): string =>
    Buffer.concat([Buffer.from([2, 0]), r.bytes(512 + plain + 16)]).toString('base64');
  const age = (): string => `age1${r.of('qpzry9x8gf2tvdw0s3jn54khce6mua7l', 58)}`;
  const foot = (extra: string): string => `sops:
    age:
        - recipient: ${age()} §F
          enc: |
            -----BEGIN AGE ENCRYPTED FILE----- §F
            ${r.base64(48)} §F+
            ${r.base64(48)} §F+
            ${r.base64(20)} §F+
            -----END AGE ENCRYPTED FILE----- §F+
    lastmodified: "2026-05-04T03:02:01Z" §F
    mac: ${enc(128)} §F
${extra}    version: 3.10.2
`;
  const pages: Page[] = [];
  for (let i = 0; i < 5; i++) {
    const name = r.pick(NAMES);
    pages.push(
      page(
        'sealed',
        `k8s/sealed/sealed-${i}.yaml`,
        `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: ${name}
  namespace: prod
spec:
  encryptedData:
    password: ${sealed(20)} §F
    api-token: ${sealed(40)} §F
  template:
    metadata:
      name: ${name}
      namespace: prod
    type: Opaque
    data:
      host: db.prod.svc §?
${i % 2 === 0 ? `      password-fallback: ${r.password().replace(/^[!@%*]/, 'x')} §T\n` : '      url: postgres://{{ index . "user" }}:{{ index . "password" }}@db/app §F\n'}`,
      ),
      page(
        'sops',
        `k8s/sops/secret-${i}.enc.yaml`,
        `apiVersion: v1
kind: Secret
metadata:
    name: ${name}
stringData:
    password: ${enc(18)} §F
    token: ${enc(40)} §F
${i % 2 === 0 ? `    forgotten-password: ${r.alnum(22)} §T\n` : ''}${foot('    encrypted_regex: ^(data|stringData)$\n')}`,
      ),
      page(
        'sops',
        `k8s/sops/values-${i}.json`,
        JSON.stringify(
          {
            database: { password: `${enc(16)}§F`, host: `${enc(12)}§F` },
            sops: {
              age: [{ recipient: age(), enc: 'x' }],
              lastmodified: '2026-05-04T03:02:01Z',
              mac: enc(128),
              unencrypted_suffix: '_unencrypted',
              version: '3.10.2',
            },
          },
          null,
          2,
        ).replace(/^(.*)§([TF])(.*)$/gm, '$1$3 §$2'),
      ),
    );
  }
  return pages;
}
