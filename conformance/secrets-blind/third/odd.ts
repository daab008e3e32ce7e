import { b64 } from '../random.js';
import { plant, under, wrapped } from '../second/planted.js';
import { file, type Part } from './marks.js';

/** Secrets in places and writings that are rarer, but are met. */
export const odd: Part = (m) => [
  file(
    'k8s-secret',
    'odd/folded.yaml',
    `
apiVersion: v1
data:
  credentials: >-
    ${plant(under(wrapped(b64(`[default]\naws_secret_access_key=${m.awsSecret()}\nregion=eu-west-1\n`), 48), '    '))}
  region: ${b64('eu-west-1')} §F
kind: Secret
metadata: {name: folded}`,
  ),
  file(
    'k8s-secret',
    'odd/env-file.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: env-file
stringData:
  .env: |
    APP_ENV=production §F
    DB_PASSWORD=${plant(m.alnum(18))}
    QUEUE_URL=amqp://app:${plant(m.plainPassword())}@mq:5672/
    TOKEN_PATH=/run/secrets/token §F
immutable: true`,
  ),
  file(
    'k8s-secret',
    'odd/crlf.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: windows
data:
  password: ${plant(b64(m.password()))}
type: Opaque`.replaceAll('\n', '\r\n'),
  ),
  file(
    'k8s-secret',
    'odd/bootstrap-token.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: bootstrap-token-abc123
  namespace: kube-system
type: bootstrap.kubernetes.io/token
stringData:
  token-id: abc123 §?
  token-secret: ${plant(m.of('abcdefghijklmnopqrstuvwxyz0123456789', 16))}
  usage-bootstrap-authentication: "true" §F
  auth-extra-groups: system:bootstrappers:kubeadm:default-node-token §F`,
  ),
  file(
    'helm-values',
    'odd/extra-objects.yaml',
    `
extraObjects:
  - apiVersion: v1
    kind: Secret
    metadata: {name: extra-token} §F
    stringData:
      token: ${plant(m.gitlab())}
extraEnv: |
  - name: CLIENT_SECRET
    value: ${plant(m.url64(40))}
  - name: OTHER_SECRET
    valueFrom: {secretKeyRef: {name: other, key: secret}} §F`,
  ),
  file(
    'k8s-other',
    'odd/workflow.yaml',
    `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  generateName: import-
spec:
  arguments:
    parameters:
      - name: db-password
        value: ${plant(m.password())}
      - {name: token-secret-name, value: import-token} §F
      - name: revision
        value: ${m.hex(40)} §F`,
  ),
  file(
    'k8s-other',
    'odd/ingress.yaml',
    `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: old
  annotations:
    nginx.ingress.kubernetes.io/auth-secret: old-basic-auth §F
    nginx.ingress.kubernetes.io/auth-realm: Authentication required §F
    nginx.ingress.kubernetes.io/configuration-snippet: |
      proxy_set_header Authorization "Basic ${plant(b64(`svc:${m.alnum(18)}`))}";
      proxy_set_header X-Auth-User $remote_user; §F
spec:
  tls: [{hosts: [old.example.com], secretName: old-tls}] §F`,
  ),
  file(
    'source',
    'odd/apply.sh',
    `
kubectl apply -f - <<EOF
apiVersion: v1
kind: Secret
metadata:
  name: from-shell
stringData:
  password: ${plant(m.alnum(20))}
  token: \${TOKEN} §F
EOF
echo '${plant(b64(`{"token":"${m.github()}"}`))}' | base64 -d > creds.json
kubectl create token builder --duration=1h §F`,
  ),
  file(
    'config-file',
    'odd/users.xml',
    `
<clickhouse>
  <users>
    <default>
      <password>${plant(m.alnum(20))}</password>
      <access_management>1</access_management>
    </default>
    <reader>
      <password from_env="READER_PASSWORD"/> §F
      <quota>default</quota>
    </reader>
  </users>
</clickhouse>`,
  ),
  file('config-file', 'odd/pgbouncer/userlist.txt', `"app" "${plant(m.alnum(20))}"\n"auth_query_user" "" §F`),
];
