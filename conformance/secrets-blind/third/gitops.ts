import { b64 } from '../random.js';
import type { PlantedPage } from '../second/planted.js';
import { noneAtAll, plant } from '../second/planted.js';
import { APPS, file, harmless, type Part } from './marks.js';

/** Values of Helm charts. */
export const helmValues: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('helm-values', path, text));
  const chart = [
    () => `postgresql:
  auth:
    username: app §?
    password: ${plant(m.password())}
    postgresPassword: "${plant(m.alnum(20))}"
    existingSecret: "" §F
    secretKeys: {userPasswordKey: password} §F`,
    () => `redis:
  auth:
    enabled: true §F
    password: ${plant(m.alnum(24))}
  master: {persistence: {size: 8Gi}}
  existingSecretPasswordKey: redis-password §F`,
    () => `grafana:
  adminUser: admin §?
  adminPassword: ${plant(m.password())}
  grafana.ini:
    auth.google:
      client_id: ${m.digits(12)}-${m.alnum(20)}.apps.googleusercontent.com §F
      client_secret: ${plant(m.googleClient())}
    security: {disable_gravatar: true} §F`,
    () => `env:
  - name: SENTRY_AUTH_TOKEN
    value: sntrys_${plant(m.alnum(60))}
  - name: AUTH_URL
    value: https://id.example.com/oauth2/auth §F
secretEnv:
  NPM_TOKEN: ${plant(m.npm())}`,
    () => `rabbitmq:
  auth:
    password: '${plant(m.alnum(16))}'
    erlangCookie: ${plant(m.upper(32))}
    existingPasswordSecret: rabbit-creds §F`,
    () => `config:
  smtp:
    host: smtp.sendgrid.net §F
    user: apikey §?
    pass: ${plant(m.sendgrid())}
  s3: {accessKeyFrom: iam-role, bucketKey: uploads/} §F`,
    () => `minio:
  rootUser: root-${m.alnum(4)} §?
  rootPassword: ${plant(m.alnum(32))}
  existingSecret: §F`,
    () => `ingest:
  datasource:
    url: jdbc:sqlserver://sql.internal:1433;databaseName=ingest;user=svc;password=${plant(m.plainPassword())};encrypt=true
  telemetry: {tokenSecretRef: {name: otel, key: token}} §F`,
  ];
  for (const [i, app] of APPS.entries()) {
    add(
      `charts/${app}/values-prod.yaml`,
      `
# -- Values of production
replicaCount: 3
image:
  repository: registry.example.com/${app}
  tag: v1.${i}.0@sha256:${m.hex(64)} §F
imagePullSecrets: [{name: regcred}] §F
serviceAccount:
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::${m.digits(12)}:role/${app}-secrets §F
auth:
  tokenExpiry: 24h §F
  # password: set by the external secret §F
  passwordSecretName: ${app}-db §F
${chart[i]?.() ?? ''}`,
    );
  }
  pages.push(
    harmless(
      'helm-values',
      'charts/common/values.yaml',
      `
auth:
  # -- Password of the admin. Generated at random when it is not set.
  adminPassword: ""
  existingSecret: ""
  existingSecretKey: admin-password
  generatePassword: true
  passwordKey: password
global:
  imagePullSecrets: []
  secretStore: {name: vault, kind: ClusterSecretStore}
oauth2:
  clientSecret: null
  clientSecretKey: client-secret
  tokenEndpoint: https://id.example.com/oauth2/token
externalDatabase:
  password: ~
  existingSecretPasswordKey: db-password
tls:
  secretName: wildcard-tls
  privateKey: {algorithm: ECDSA, size: 256, rotationPolicy: Always}
apiKeySecretRef: {name: dns, key: api-key}
podAnnotations: {checksum/secrets: ${m.hex(64)}}`,
    ),
    harmless(
      'helm-values',
      'charts/common/templates/secret.yaml',
      `
{{- if not .Values.auth.existingSecret }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ include "common.fullname" . }}
  annotations:
    checksum/config: {{ include (print $.Template.BasePath "/configmap.yaml") . | sha256sum }}
type: Opaque
data:
  admin-password: {{ .Values.auth.adminPassword | default (randAlphaNum 32) | b64enc | quote }}
  token: {{ required "A token is needed" .Values.auth.token | b64enc }}
  url: {{ printf "postgres://%s:%s@%s/app" .Values.db.user .Values.db.password .Values.db.host | b64enc }}
{{- end }}`,
    ),
    harmless(
      'helm-values',
      'charts/common/templates/deployment.yaml',
      `
{{- $secretName := include "common.secretName" . }}
env:
  - name: ADMIN_PASSWORD
    valueFrom: {secretKeyRef: {name: {{ $secretName }}, key: {{ .Values.auth.passwordKey }}}}
  - name: API_TOKEN
    value: {{ .Values.apiToken | quote }}
  - name: DB_PASSWORD
    value: {{ tpl .Values.db.password $ }}`,
    ),
    file(
      'helm-values',
      'charts/common/templates/fixed-secret.yaml',
      `
{{- if .Values.enabled }}
apiVersion: v1
kind: Secret
metadata:
  name: {{ .Release.Name }}-fixed
stringData:
  username: {{ .Values.user }} §F
  password: ${plant(m.alnum(22))}
  apiKey: {{ "${plant(m.alnum(40))}" | quote }}
  empty: {{ .Values.empty | default "" | quote }} §F
{{- end }}`,
    ),
  );
  return pages;
};

/** Argo CD, Flux, kustomize, cert-manager and other resources of their own. */
export const others: Part = (m) => {
  const pages: PlantedPage[] = [];
  const add = (path: string, text: string): void => void pages.push(file('k8s-other', path, text));
  const argo = (kind: string): string => `apiVersion: v1
kind: Secret
metadata:
  name: ${kind}
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: ${kind} §F
stringData:`;
  add(
    'argocd/repository.yaml',
    `
${argo('repository')}
  url: https://github.com/acme/deploy.git §F
  username: acme-bot §?
  password: ${plant(m.github())}`,
  );
  add(
    'argocd/cluster.yaml',
    `
${argo('cluster')}
  server: https://10.2.0.1:6443 §F
  config: |
    {
      "bearerToken": "${plant(m.serviceAccount('kube-system', 'argocd-manager'))}",
      "tlsClientConfig": {"insecure": false, "caData": "${b64(m.certificate())}"} §F
    }`,
  );
  for (const app of APPS.slice(0, 3)) {
    add(
      `argocd/applications/${app}.yaml`,
      `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${app}
spec:
  source:
    repoURL: https://github.com/acme/deploy.git §F
    targetRevision: ${m.hex(40)} §F
    helm:
      parameters:
        - name: auth.existingSecret
          value: ${app}-auth §F
        - name: postgresql.auth.password
          value: ${plant(m.password())}
        - {name: auth.enabled, value: "true"} §F
      values: |
        redis:
          password: ${plant(m.alnum(20))}
        tokenSecretName: ${app}-token §F`,
    );
  }
  add(
    'flux/helmrelease.yaml',
    `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: harbor
spec:
  chart: {spec: {chart: harbor, version: 1.14.0}}
  valuesFrom:
    - {kind: Secret, name: harbor-values, valuesKey: password} §F
  values:
    harborAdminPassword: ${plant(m.password())}
    secretKey: ${plant(m.alnum(16))}
    existingSecretAdminPassword: harbor-admin §F
    core: {secretName: harbor-core-tls, tokenKey: tls.key} §F
    externalURL: https://harbor.example.com §F`,
  );
  add(
    'flux/substitutions.yaml',
    `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
spec:
  decryption: {provider: sops, secretRef: {name: sops-age}} §F
  postBuild:
    substitute:
      cluster_name: prod-eu-1 §F
      cloudflare_api_token: ${plant(m.url64(40))}
      db_password: \${db_password} §F
    substituteFrom:
      - {kind: Secret, name: cluster-secrets} §F`,
  );
  add(
    'apps/kustomize/kustomization.yaml',
    `
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../base, externalsecret.yaml] §F
secretGenerator:
  - name: app
    literals:
      - username=app §?
      - password=${plant(m.alnum(20))}
      - api-key=${plant(m.alnum(32))}
      - token-file= §F
  - name: from-files
    files: [tls.key=certs/tls.key, password.txt] §F
    envs: [.env.secret] §F
configMapGenerator:
  - name: cfg
    literals:
      - AUTH_MODE=oidc §F
      - SMTP_PASSWORD=${plant(m.password())}
images:
  - {name: app, newName: registry.example.com/app, digest: "sha256:${m.hex(64)}"} §F`,
  );
  add(
    'apps/kustomize/patch.yaml',
    `
- op: add
  path: /spec/template/spec/containers/0/env/-
  value:
    name: PAYMENT_API_SECRET
    value: ${plant(m.stripe('rk_live'))}
- op: replace
  path: /spec/template/spec/imagePullSecrets/0/name §F
  value: regcred-prod §F`,
  );
  add(
    'apps/grafana/datasource.yaml',
    `
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDatasource
metadata:
  name: prod
spec:
  datasource:
    type: postgres
    uid: P${m.hex(16).toUpperCase()} §F
    secureJsonData:
      password: ${plant(m.password())}
      token: \${GRAFANA_TOKEN} §F
    jsonData: {tlsAuth: false, authType: credentials, sslmode: require} §F`,
  );
  pages.push(
    harmless(
      'k8s-other',
      'infra/cert-manager/issuer.yaml',
      `
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata:
  name: letsencrypt
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    privateKeySecretRef: {name: letsencrypt-account-key}
    solvers:
      - dns01:
          cloudflare: {apiTokenSecretRef: {name: cloudflare, key: api-token}}
      - dns01:
          route53: {region: eu-west-1, hostedZoneID: Z${m.upper(13)}, role: "arn:aws:iam::${m.digits(12)}:role/dns"}`,
    ),
    harmless(
      'k8s-other',
      'infra/rbac/roles.yaml',
      `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: secret-reader
rules:
  - apiGroups: [""]
    resources: [secrets, serviceaccounts/token]
    resourceNames: [db-password, api-token]
    verbs: [get]
  - apiGroups: [authentication.k8s.io]
    resources: [tokenreviews]
    verbs: [create]`,
    ),
    harmless(
      'k8s-other',
      'infra/crds/database.yaml',
      `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: databases.acme.example.com
spec:
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          properties:
            password: {type: string, description: Password of the owner; at least 16 characters}
            tokenSecretRef: {type: object, required: [name, key]}
            apiKey: {type: string, pattern: "^[A-Za-z0-9]{32}$", minLength: 32}
            secretKey: {type: string, default: "", format: byte}`,
    ),
    harmless(
      'k8s-other',
      'infra/webhooks/validating.yaml',
      `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: policy
webhooks:
  - name: policy.acme.example.com
    clientConfig:
      caBundle: ${b64(m.certificate())}
      service: {name: webhook-token-check, namespace: infra, path: /validate-secrets}`,
    ),
    harmless(
      'k8s-other',
      'infra/policies/images.yaml',
      `
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: check-images
spec:
  rules:
    - name: signed
      verifyImages:
        - imageReferences: ["registry.example.com/*"]
          attestors:
            - entries:
                - keys:
                    publicKeys: |-
${noneAtAll(m.publicKey(), '                      ')}
    - name: no-env-secrets
      validate:
        message: "Use secretKeyRef, never a password: in env"
        pattern: {spec: {containers: [{=(env): [{X(valueFrom): {X(secretKeyRef): "null"}}]}]}}`,
    ),
  );
  return pages;
};
