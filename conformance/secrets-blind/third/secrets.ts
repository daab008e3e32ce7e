import { b64 } from '../random.js';
import type { PlantedPage } from '../second/planted.js';
import { noneAtAll, plant, under } from '../second/planted.js';
import { APPS, file, harmless, type Part } from './marks.js';

/** Secrets of Kubernetes as people commit them: `data`, `stringData`, and the typed ones. */
export const secrets: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('k8s-secret', path, text));
  const encoded = (value: string): string => plant(b64(value));
  for (const app of APPS) {
    add(
      `apps/${app}/base/secret.yaml`,
      `
apiVersion: v1
kind: Secret
metadata:
  name: ${app}-db
  namespace: ${app} §F
  labels:
    app.kubernetes.io/part-of: ${app}
  annotations:
    checksum/config: ${m.hex(64)} §F
type: Opaque
data:
  DB_HOST: ${b64(`${app}-pg.internal.svc`)} §?
  DB_USER: ${b64(app)} §?
  DB_PASSWORD: ${encoded(m.password())}`,
    );
  }
  for (const [i, app] of APPS.slice(0, 5).entries()) {
    const second = [
      `STRIPE_SECRET_KEY: ${plant(m.stripe())}`,
      `JWT_SECRET: ${plant(m.alnum(48))}`,
      `SENDGRID_API_KEY: ${plant(m.sendgrid())}`,
      `redis-password: "${plant(m.alnum(24))}"`,
      `DATABASE_URL: postgresql://${app}:${plant(m.plainPassword())}@${app}-pg:5432/${app}?sslmode=require`,
    ][i];
    add(
      `clusters/prod/${app}/secrets.yml`,
      `
kind: Secret
apiVersion: v1
metadata:
  name: ${app}-env
stringData:
  LOG_LEVEL: info §F
  PUBLIC_URL: https://${app}.example.com/ §F
  ADMIN_PASSWORD: ${plant(m.password())}
  ${second}
  FEATURE_TOKENS: "true" §F`,
    );
  }
  const docker = (user: string, secret: string): string =>
    b64(
      JSON.stringify({
        auths: {
          'registry.example.com': { username: user, password: secret, auth: b64(`${user}:${secret}`) },
        },
      }),
    );
  const pull = m.alnum(24);
  add(
    'infra/registry/pull-secret.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: regcred
  namespace: default
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: ${plant(docker('puller', pull))}`,
  );
  const robot = m.dockerhub();
  add(
    'infra/registry/hub.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: hub
type: kubernetes.io/dockerconfigjson
stringData:
  .dockerconfigjson: |
    {
      "auths": {
        "https://index.docker.io/v1/": {
          "username": "acme-robot",
          "password": "${plant(robot)}",
          "auth": "${plant(b64(`acme-robot:${robot}`))}"
        }
      }
    }`,
  );
  add(
    'infra/tls/wildcard.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: wildcard-tls
type: kubernetes.io/tls
data:
  tls.crt: ${b64(`${m.certificate()}\n`)} §F
  tls.key: ${encoded(`${m.pkcs8Key()}\n`)}
  ca.crt: ${b64(`${m.certificate()}\n`)} §F`,
  );
  add(
    'infra/tls/internal.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: internal-tls
type: kubernetes.io/tls
stringData:
  tls.crt: |
${noneAtAll(m.certificate(), '    ')}
  tls.key: |
    ${plant(under(m.ecKey(), '    '))}`,
  );
  add(
    'clusters/prod/flux-system/deploy-key.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: flux-system
  namespace: flux-system
data:
  identity: ${encoded(`${m.opensshKey()}\n`)}
  identity.pub: ${b64(m.sshPublic())} §F
  known_hosts: ${b64(`github.com ${m.sshPublic()}`)} §F`,
  );
  add(
    'clusters/prod/rbac/ci-token.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: ci-deployer-token
  annotations:
    kubernetes.io/service-account.name: ci-deployer §F
    kubernetes.io/service-account.uid: ${m.uuid()} §F
type: kubernetes.io/service-account-token
data:
  ca.crt: ${b64(m.certificate())} §F
  namespace: ${b64('kube-system')} §F
  token: ${encoded(m.serviceAccount('kube-system', 'ci-deployer'))}`,
  );
  const both = m.alnum(20);
  add(
    'apps/grafana/admin.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: grafana-admin
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: |
      {"apiVersion":"v1","kind":"Secret","metadata":{"name":"grafana-admin"},"stringData":{"admin-password":"${plant(both)}"}}
data:
  admin-user: ${b64('admin')} §?
  admin-password: ${encoded(`${both}\n`)}`,
  );
  add(
    'apps/all/secrets-list.json',
    `
{
  "apiVersion": "v1",
  "kind": "List",
  "items": [
    {
      "apiVersion": "v1",
      "kind": "Secret",
      "metadata": { "name": "s3", "resourceVersion": "${m.digits(9)}" }, §F
      "data": {
        "AWS_ACCESS_KEY_ID": "${b64(m.awsId())}", §?
        "AWS_SECRET_ACCESS_KEY": "${encoded(m.awsSecret())}"
      },
      "type": "Opaque"
    },
    {
      "apiVersion": "v1",
      "kind": "Secret",
      "metadata": { "name": "gh", "uid": "${m.uuid()}" }, §F
      "data": { "token": "${encoded(m.github())}" }
    }
  ]
}`,
  );
  add(
    'apps/thanos/objstore.yaml',
    `
apiVersion: v1
kind: Secret
metadata:
  name: thanos-objstore
stringData:
  objstore.yml: |
    type: S3
    config:
      bucket: acme-metrics §F
      endpoint: s3.eu-west-1.amazonaws.com §F
      access_key: ${m.awsId()} §?
      secret_key: ${plant(m.awsSecret())}
      signature_version2: false §F
---
apiVersion: v1
kind: Secret
metadata:
  name: alertmanager-main
stringData:
  alertmanager.yaml: |
    global:
      smtp_auth_username: alerts@example.com §?
      smtp_auth_password: '${plant(m.password())}'
      slack_api_url: ${plant(m.slackHook())}
    receivers:
      - name: pager
        pagerduty_configs:
          - routing_key: ${plant(m.hex(32))}
            url: https://events.pagerduty.com/v2/enqueue §F`,
  );
  add(
    'apps/auth/basic.yaml',
    `
apiVersion: v1
kind: Secret
type: kubernetes.io/basic-auth
metadata: {name: git-basic}
stringData: {username: git, password: "${plant(m.githubFine())}"}
---
apiVersion: v1
kind: Secret
type: kubernetes.io/ssh-auth
metadata:
  name: git-ssh
stringData:
  ssh-privatekey: |
    ${plant(under(m.rsaKey(), '    '))}`,
  );
  pages.push(
    harmless(
      'k8s-secret',
      'apps/templates/secret-placeholders.yaml',
      `
apiVersion: v1
kind: Secret
metadata:
  name: filled-later
  annotations:
    avp.kubernetes.io/path: kv/data/payments/prod
stringData:
  password: <path:kv/data/payments/prod#password>
  api-token: \${API_TOKEN}
  empty-secret: ""
  null-secret: null
  user-pass: "<password>"
  vault: vault:secret/data/payments#api_key
  ref: ref+awsssm://prod/payments/token
  onepassword: op://prod/payments/credential
  enabled-auth: "false"
data:
  cert.pem: ""
  padding: ""`,
    ),
    harmless(
      'k8s-secret',
      'apps/templates/keys-public.yaml',
      `
apiVersion: v1
kind: Secret
metadata:
  name: trust-roots
  uid: ${m.uuid()}
  resourceVersion: "${m.digits(10)}"
data:
  ca.crt: ${b64(m.certificate())}
  jwt-public.pem: ${b64(m.publicKey())}
  authorized_keys: ${b64(m.sshPublic())}
  cosign.pub: ${b64(m.publicKey())}`,
    ),
    harmless(
      'k8s-secret',
      'apps/templates/token-request.yaml',
      `
apiVersion: v1
kind: Secret
metadata:
  name: build-robot-token
  annotations:
    kubernetes.io/service-account.name: build-robot
type: kubernetes.io/service-account-token`,
    ),
  );
  return pages;
};
