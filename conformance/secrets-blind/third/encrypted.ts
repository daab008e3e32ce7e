import { b64 } from '../random.js';
import { plant } from '../second/planted.js';
import { APPS, file, harmless, type Part } from './marks.js';

/** ExternalSecrets, their stores, and the providers of the CSI driver. */
export const externals: Part = (m) => {
  const pages = APPS.slice(0, 5).map((app) =>
    harmless(
      'external',
      `apps/${app}/base/externalsecret.yaml`,
      `
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: ${app}-db
spec:
  refreshInterval: 1h
  secretStoreRef: {name: vault-backend, kind: ClusterSecretStore}
  target:
    name: ${app}-db
    template:
      data:
        url: "postgres://{{ .user }}:{{ .password }}@pg:5432/${app}"
  data:
    - secretKey: password
      remoteRef: {key: prod/${app}/db, property: password}
    - secretKey: API_TOKEN
      remoteRef: {key: ${m.uuid()}}`,
    ),
  );
  pages.push(
    file(
      'external',
      'apps/mixed/externalsecret.yaml',
      `
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata:
  name: mixed
spec:
  secretStoreRef: {name: aws, kind: SecretStore} §F
  target:
    name: mixed
    template:
      type: Opaque
      data:
        config.yaml: |
          user: "{{ .user }}" §F
          password: "{{ .password }}" §F
        signing-key: ${plant(m.alnum(44))}
        webhook: ${plant(m.slackHook())}
  dataFrom:
    - extract: {key: prod/mixed} §F`,
    ),
    file(
      'external',
      'infra/stores/scaleway.yaml',
      `
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: scaleway
spec:
  provider:
    scaleway:
      region: fr-par §F
      projectId: ${m.uuid()} §F
      accessKey:
        value: SCW${m.upper(17)} §?
      secretKey:
        value: ${plant(m.uuid())}`,
    ),
    file(
      'external',
      'infra/stores/fake.yaml',
      `
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: bootstrap
spec:
  provider:
    fake:
      data:
        - key: /prod/db-password §F
          value: ${plant(m.password())}`,
    ),
    harmless(
      'external',
      'infra/stores/vault.yaml',
      `
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: vault-backend
spec:
  provider:
    vault:
      server: https://vault.internal:8200
      path: secret
      caBundle: ${b64(m.certificate())}
      auth:
        kubernetes: {mountPath: kubernetes, role: eso, secretRef: {name: vault-token, key: token}}`,
    ),
    harmless(
      'external',
      'infra/stores/csi.yaml',
      `
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: keyvault
spec:
  provider: azure
  secretObjects:
    - secretName: app-secrets
      type: Opaque
      data: [{objectName: db-password, key: password}]
  parameters:
    keyvaultName: acme-prod-kv
    clientID: ${m.uuid()}
    tenantId: ${m.uuid()}
    objects: |
      array:
        - |
          objectName: db-password
          objectType: secret
          objectVersion: ${m.hex(32)}`,
    ),
  );
  return pages;
};

/** SealedSecrets: whole, and with a clear part left in. */
export const sealed: Part = (m) => {
  const pages = APPS.slice(0, 4).map((app) =>
    harmless(
      'sealed',
      `apps/${app}/base/sealedsecret.yaml`,
      `
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: ${app}-db
  namespace: ${app}
spec:
  encryptedData:
    DB_PASSWORD: ${m.sealed(20)}
    API_TOKEN: ${m.sealed(40)}
  template:
    metadata: {name: ${app}-db, namespace: ${app}}
    type: Opaque`,
    ),
  );
  const kept = m.alnum(22);
  pages.push(
    file(
      'sealed',
      'apps/legacy/sealedsecret.yaml',
      `
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: legacy
spec:
  encryptedData:
    password: ${m.sealed(16)} §F
  template:
    metadata:
      annotations:
        kubectl.kubernetes.io/last-applied-configuration: |
          {"apiVersion":"v1","data":{"password":"${plant(b64(kept))}"},"kind":"Secret","metadata":{"name":"legacy"}}
    data:
      config.ini: |
        [smtp]
        host = mail.internal §F
        password = ${plant(m.password())}
        relay_password = {{ index . "password" }} §F`,
    ),
    file(
      'sealed',
      'apps/legacy/not-sealed.yaml',
      `
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: hurried
spec:
  encryptedData:
    db-password: ${plant(b64(m.password()))}
    token: ${m.sealed(32)} §F`,
    ),
  );
  return pages;
};

/** Files of SOPS: encrypted, and in part forgotten. */
export const sops: Part = (m) => {
  // the recipient of the creation rule, for which every file is sealed
  const owner = m.ageRecipient();
  const tail = (only = 'encrypted_regex: ^(data|stringData)$ §F'): string => `sops:
    age:
        - recipient: ${owner} §F
          enc: |
            -----BEGIN AGE ENCRYPTED FILE----- §F
            ${m.base64(48)} §F+
            ${m.base64(48)} §F+
            -----END AGE ENCRYPTED FILE----- §F+
    lastmodified: "2026-03-01T10:00:00Z"
    mac: ${m.sops(128)} §F
    ${only}
    version: 3.9.4`;
  const pages = APPS.slice(0, 4).map((app) =>
    file(
      'sops',
      `clusters/prod/${app}/secret.enc.yaml`,
      `
apiVersion: v1
kind: Secret
metadata:
    name: ${app}
stringData:
    DB_PASSWORD: ${m.sops(20)} §F
    API_TOKEN: ${m.sops(40)} §F
    ENABLED: ${m.sops(4, 'bool')} §F
${tail()}`,
    ),
  );
  pages.push(
    file(
      'sops',
      'clusters/prod/forgotten/secret.enc.yaml',
      `
apiVersion: v1
kind: Secret
metadata:
    name: forgotten
stringData:
    DB_PASSWORD: ${m.sops(20)} §F
    NEW_TOKEN: ${plant(m.gitlab())}
    SMTP_PASSWORD: ${plant(m.password())}
${tail()}`,
    ),
    file(
      'sops',
      'clusters/prod/forgotten/values.enc.yaml',
      `
db:
    password: ${m.sops(18)} §F
    replica_password: ${plant(m.alnum(20))}
    port: ${m.sops(4, 'int')} §F
${tail('unencrypted_suffix: _unencrypted')}`,
    ),
    file(
      'sops',
      'clusters/prod/env/app.enc.env',
      `
DB_PASSWORD=${m.sops(20)} §F
API_TOKEN=${m.sops(40)} §F
sops_age__list_0__map_recipient=${owner} §F
sops_lastmodified=2026-03-01T10:00:00Z
sops_mac=${m.sops(128)} §F
sops_version=3.9.4`,
    ),
    harmless(
      'sops',
      'clusters/prod/creds.enc.json',
      `
{
	"password": "${m.sops(16)}",
	"private_key": "${m.sops(1700)}",
	"sops": {
		"kms": [{"arn": "arn:aws:kms:eu-west-1:${m.digits(12)}:key/${m.uuid()}", "enc": "${m.base64(180)}"}],
		"lastmodified": "2026-03-01T10:00:00Z",
		"mac": "${m.sops(128)}",
		"version": "3.9.4"
	}
}`,
    ),
    harmless(
      'sops',
      '.sops.yaml',
      `
creation_rules:
  - path_regex: secret\\.enc\\.ya?ml$
    encrypted_regex: ^(data|stringData)$
    age: ${owner}`,
    ),
  );
  return pages;
};
