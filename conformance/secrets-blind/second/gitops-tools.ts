import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { certificate, ecKey, opensshKey, rsaKey } from './pem.js';
import { none, noneAtAll, type PlantedPage, plant, planted, under } from './planted.js';

/** Kustomize generators and the files they read. */
export function kustomize(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('kustomize', path, text);
  return [
    at(
      'overlays/prod/kustomization.yaml',
      `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../base
secretGenerator:
  - name: db-credentials
    literals:
      - username=app §?
      - password=${plant(m.human())}
      - SENTRY_ENVIRONMENT=prod §F
  - name: oauth
    envs:
      - oauth.secret.env §F
  - name: tls
    type: kubernetes.io/tls
    files:
      - tls.key=certs/server.key §F
      - tls.crt=certs/server.crt §F
configMapGenerator:
  - name: settings
    literals:
      - FEATURE_TOKENS=on §F
      - PASSWORD_POLICY=strict §F
      - LEGACY_API_KEY=${plant(m.alnum(32))}
      - AUTH_MODE=jwt §F
generatorOptions:
  disableNameSuffixHash: true §F
images:
  - name: app
    digest: sha256:${m.hex(64)} §F
patches:
  - patch: |-
      - op: replace
        path: /spec/template/spec/containers/0/env/0/value
        value: ${plant(`https://ci:${m.alnum(22)}@hooks.acme.example/deploy`)}
    target:
      kind: Deployment
`,
    ),
    at(
      'overlays/prod/oauth.secret.env',
      `client-id=shop-web §F
client-secret=${plant(m.url64(40))}
cookie-secret=${plant(m.base64(32))}
redirect-url=https://shop.acme.example/oauth2/callback §F
`,
    ),
    at('overlays/prod/certs/server.key', `${plant(rsaKey(m))}\n`),
    at('overlays/prod/certs/server.crt', `${noneAtAll(certificate(m))}\n`),
    at(
      'overlays/prod/admin-password.txt',
      `${plant(m.human())}
`,
    ),
    at(
      'overlays/staging/ksops.yaml',
      none(`apiVersion: viaduct.ai/v1
kind: ksops
metadata:
  name: secret-generator
  annotations:
    config.kubernetes.io/function: |
      exec:
        path: ksops
secretFrom:
  - metadata:
      name: db-password
    envs:
      - db.enc.env
    files:
      - tls.key=tls.enc.key`),
    ),
    at(
      'overlays/staging/replacements.yaml',
      none(`replacements:
  - source:
      kind: Secret
      name: db-credentials
      fieldPath: metadata.name
    targets:
      - select:
          kind: Deployment
        fieldPaths:
          - spec.template.spec.containers.[name=app].env.[name=DB_PASSWORD].valueFrom.secretKeyRef.name`),
    ),
  ];
}

/** Argo CD's repositories and clusters, and Applications with parameters. */
export function argocd(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('argocd', path, text);
  const secret = (name: string, kind: string) =>
    `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: ${kind} §F
stringData:`;
  return [
    at(
      'argocd/repos/https.yaml',
      `${secret('repo-shop', 'repository')}
  type: git §F
  url: https://gitlab.acme.example/shop/deploy.git §F
  username: argocd §?
  password: glpat-${plant(m.url64(20))}
`,
    ),
    at(
      'argocd/repos/ssh.yaml',
      `${secret('repo-infra', 'repo-creds')}
  url: git@gitlab.acme.example:infra §F
  sshPrivateKey: |
    ${under(plant(opensshKey(m)), '    ')}
`,
    ),
    at(
      'argocd/repos/app.yaml',
      `${secret('repo-app', 'repo-creds')}
  url: https://github.com/acme §F
  githubAppID: "${m.digits(6)}" §F
  githubAppInstallationID: "${m.digits(8)}" §F
  githubAppPrivateKey: |
    ${under(plant(rsaKey(m)), '    ')}
`,
    ),
    at(
      'argocd/repos/helm-tls.yaml',
      `${secret('repo-helm', 'repository')}
  type: helm §F
  url: https://charts.acme.example §F
  password: "${plant(m.human())}"
  tlsClientCertData: |
    ${under(noneAtAll(certificate(m)), '    ')}
  tlsClientCertKey: |
    ${under(plant(ecKey(m)), '    ')}
`,
    ),
    at(
      'argocd/clusters/edge.yaml',
      `${secret('cluster-edge', 'cluster')}
  name: edge
  server: https://10.20.0.1:6443 §F
  config: |
    {
      "bearerToken": "${plant(m.serviceAccountToken('kube-system', 'argocd-manager'))}",
      "tlsClientConfig": {
        "insecure": false, §F
        "caData": "${b64(certificate(m))}" §F
      }
    }
`,
    ),
    at(
      'argocd/clusters/factory.yaml',
      `${secret('cluster-factory', 'cluster')}
  name: factory
  server: https://10.30.0.1:6443 §F
  config: '{"username":"admin","password":"${plant(m.human())}","tlsClientConfig":{"insecure":true}}'
`,
    ),
    at(
      'argocd/clusters/lab.yaml',
      `apiVersion: v1
kind: Secret
metadata:
  name: cluster-lab
  labels:
    argocd.argoproj.io/secret-type: cluster §F
data:
  name: ${b64('lab')} §?
  server: ${b64('https://10.40.0.1:6443')} §F
  config: ${plant(b64(JSON.stringify({ tlsClientConfig: { certData: b64(certificate(m)), keyData: b64(ecKey(m)) } })))}
`,
    ),
    at(
      'argocd/clusters/eks.yaml',
      `${secret('cluster-eks', 'cluster')}
  config: | §F
    {"awsAuthConfig":{"clusterName":"prod","roleARN":"arn:aws:iam::${m.digits(12)}:role/argocd"},"tlsClientConfig":{"caData":"${b64(certificate(m))}"}} §F
`,
    ),
    at(
      'argocd/apps/shop.yaml',
      `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
spec:
  source:
    repoURL: https://deploy:${plant(m.alnum(26))}@git.acme.example/shop/deploy.git
    targetRevision: ${m.hex(40)} §F
    helm:
      parameters:
        - name: db.password
          value: ${plant(m.human())}
        - name: db.existingSecret
          value: shop-db §F
        - name: image.digest
          value: sha256:${m.hex(64)} §F
      values: |
        redis:
          password: ${plant(m.made(22))}
          existingSecretPasswordKey: password §F
      valuesObject:
        mail:
          smtpPassword: ${plant(m.human())}
          passwordSecretRef: §F
            name: mail §F
    plugin:
      env:
        - name: AVP_SECRET
          value: argocd:vault-configuration §F
        - name: AVP_SECRET_ID
          value: ${plant(m.uuid())}
  destination:
    server: https://kubernetes.default.svc §F
`,
    ),
    at(
      'argocd/apps/set.yaml',
      none(`apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: prs
spec:
  generators:
    - pullRequest:
        github:
          owner: acme
          repo: shop
          tokenRef:
            secretName: github-token
            key: token
          appSecretName: github-app
    - plugin:
        configMapRef:
          name: plugin
        input:
          parameters:
            tokenVar: $plugin:token
  template:
    spec:
      source:
        helm:
          parameters:
            - name: db.password
              value: '{{ .dbPassword }}'
            - name: apiKey
              value: '{{index .metadata.annotations "acme.example/api-key"}}'`),
    ),
    at(
      'argocd/notifications/secret.yaml',
      `apiVersion: v1
kind: Secret
metadata:
  name: argocd-notifications-secret
stringData:
  slack-token: xoxb-${plant(`${m.digits(12)}-${m.digits(13)}-${m.alnum(24)}`)}
  email-password: ${plant(m.human())}
  webhook.github.secret: ${plant(m.hex(40))}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-notifications-cm
data:
  service.slack: |
    token: $slack-token §F
  service.webhook.teams: |
    headers:
      - name: Authorization
        value: Bearer $teams-token §F
`,
    ),
  ];
}
