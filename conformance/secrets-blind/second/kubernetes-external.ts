import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { none, type PlantedPage, plant, planted } from './planted.js';

/** Operators that fetch secrets: nearly all of it references, with the few fields where a literal can stand. */
export function externals(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('k8s-external', path, text);
  return [
    at(
      'apps/shop/externalsecret.yaml',
      none(`apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: shop-db
spec:
  refreshInterval: 1h
  secretStoreRef:
    name: vault-backend
    kind: ClusterSecretStore
  target:
    name: shop-db
    creationPolicy: Owner
    template:
      engineVersion: v2
      data:
        password: "{{ .password }}"
        url: "postgres://shop:{{ .password }}@pg:5432/shop"
        tls.key: '{{ .bundle | pkcs12key }}'
        .dockerconfigjson: '{"auths":{"ghcr.io":{"auth":"{{ printf "%s:%s" .user .token | b64enc }}"}}}'
  data:
    - secretKey: password
      remoteRef:
        key: secret/data/shop/db
        property: password
        version: "7"
    - secretKey: bundle
      remoteRef:
        key: ${m.uuid()}
        decodingStrategy: Base64
    - secretKey: token
      remoteRef:
        key: arn:aws:secretsmanager:eu-west-1:${m.digits(12)}:secret:shop/token-${m.alnum(6)}
  dataFrom:
    - extract:
        key: shop-credentials
    - find:
        name:
          regexp: ^shop-.*-password$`),
    ),
    at(
      'apps/shop/externalsecret-literal.yaml',
      `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: shop-smtp
spec:
  secretStoreRef:
    name: vault-backend §F
  target:
    template:
      data:
        SMTP_USER: shop@acme.example §?
        SMTP_PASSWORD: ${plant(m.human())}
        SMTP_TLS: "{{ .tls }}" §F
        API_TOKEN: "{{ .token }}" §F
        pepper: ${plant(m.hex(48))}
      templateFrom:
        - literal: |
            webhook = {{ .webhook }} §F
            relay_password = ${plant(m.made(18))}
  data:
    - secretKey: token
      remoteRef:
        key: shop-smtp-token §F
`,
    ),
    at(
      'apps/stores/vault.yaml',
      none(`apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: vault-backend
spec:
  provider:
    vault:
      server: https://vault.acme.example:8200
      path: secret
      version: v2
      caBundle: ${m.base64(900)}
      auth:
        appRole:
          path: approle
          roleId: ${m.uuid()}
          secretRef:
            name: vault-approle
            key: secret-id
        tokenSecretRef:
          name: vault-token
          key: token
        kubernetes:
          mountPath: kubernetes
          role: eso
          serviceAccountRef:
            name: eso-token-reader`),
    ),
    at(
      'apps/stores/aws.yaml',
      none(`apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: aws
spec:
  provider:
    aws:
      service: SecretsManager
      region: eu-west-1
      role: arn:aws:iam::${m.digits(12)}:role/eso
      auth:
        secretRef:
          accessKeyIDSecretRef:
            name: awssm-secret
            key: access-key
          secretAccessKeySecretRef:
            name: awssm-secret
            key: secret-access-key`),
    ),
    at(
      'apps/stores/azure.yaml',
      none(`apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: azure
spec:
  provider:
    azurekv:
      tenantId: ${m.uuid()}
      vaultUrl: https://acme-kv.vault.azure.net
      authSecretRef:
        clientId:
          name: azure-sp
          key: ClientID
        clientSecret:
          name: azure-sp
          key: ClientSecret`),
    ),
    at(
      'apps/stores/scaleway.yaml',
      `apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: scaleway
spec:
  provider:
    scaleway:
      region: fr-par
      projectId: ${m.uuid()} §F
      accessKey:
        value: SCW${m.upper(17)} §?
      secretKey:
        value: ${plant(m.uuid())}
`,
    ),
    at(
      'apps/stores/delinea.yaml',
      `apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: delinea
spec:
  provider:
    delinea:
      tenant: acme
      clientId:
        value: ${m.uuid()} §?
      clientSecret:
        value: ${plant(m.url64(44))}
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: secretserver
spec:
  provider:
    secretserver:
      username:
        value: svc-eso §?
      password:
        value: ${plant(m.human())}
      serverURL: https://acme.secretservercloud.com §F
`,
    ),
    at(
      'apps/stores/webhook.yaml',
      `apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: bitwarden-fields
spec:
  provider:
    webhook:
      url: http://bitwarden-cli:8087/object/item/{{ .remoteRef.key }} §F
      headers:
        Content-Type: application/json §F
        Authorization: Basic ${plant(b64(`eso:${m.made(20)}`))}
        X-Vault-Token: "{{ .auth.token }}" §F
      result:
        jsonPath: $.data.fields[?@.name=="{{ .remoteRef.property }}"].value §F
      secrets:
        - name: auth §F
          secretRef: §F
            name: bw-auth §F
`,
    ),
    at(
      'apps/stores/fake.yaml',
      `apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: static
spec:
  provider:
    fake:
      data:
        - key: /shop/license
          value: ${plant(m.alnum(36))}
          version: v1 §F
        - key: /shop/smtp-password
          value: ${plant(m.human())}
`,
    ),
    at(
      'apps/stores/pushsecret.yaml',
      none(`apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata:
  name: push-tls
spec:
  deletionPolicy: Delete
  selector:
    secret:
      name: wildcard-tls
  data:
    - match:
        secretKey: tls.key
        remoteRef:
          remoteKey: wildcard-tls-key
          property: privateKey
---
apiVersion: generators.external-secrets.io/v1alpha1
kind: Password
metadata:
  name: pw
spec:
  length: 42
  digits: 5
  symbols: 5
  symbolCharacters: "-_$@"
  noUpper: false
  allowRepeat: true
---
apiVersion: generators.external-secrets.io/v1alpha1
kind: ECRAuthorizationToken
metadata:
  name: ecr
spec:
  region: eu-west-1
  auth:
    jwt:
      serviceAccountRef:
        name: ecr-token`),
    ),
    at(
      'apps/csi/azure.yaml',
      none(`apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: shop-kv
spec:
  provider: azure
  parameters:
    usePodIdentity: "false"
    useVMManagedIdentity: "true"
    userAssignedIdentityID: ${m.uuid()}
    keyvaultName: acme-kv
    tenantId: ${m.uuid()}
    objects: |
      array:
        - |
          objectName: shop-db-password
          objectType: secret
          objectVersion: ${m.hex(32)}
        - |
          objectName: shop-signing-key
          objectType: key
  secretObjects:
    - secretName: shop-db
      type: Opaque
      data:
        - objectName: shop-db-password
          key: password`),
    ),
    at(
      'apps/csi/vault.yaml',
      `apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata:
  name: shop-vault
spec:
  provider: vault
  parameters:
    roleName: shop §F
    vaultAddress: https://vault.acme.example §F
    vaultCACertPath: /vault/tls/ca.crt §F
    objects: |
      - objectName: db-password §F
        secretPath: secret/data/shop §F
        secretKey: password §F
      - objectName: transit §F
        secretPath: transit/decrypt/shop §F
        method: PUT §F
        secretArgs:
          token: hvs.${plant(m.url64(92))}
`,
    ),
    at(
      'apps/vso/vaultauth.yaml',
      none(`apiVersion: secrets.hashicorp.com/v1beta1
kind: VaultAuth
metadata:
  name: shop
spec:
  method: appRole
  mount: approle
  appRole:
    roleId: ${m.uuid()}
    secretRef: shop-approle
---
apiVersion: secrets.hashicorp.com/v1beta1
kind: VaultStaticSecret
metadata:
  name: shop
spec:
  type: kv-v2
  mount: secret
  path: shop/token
  hmacSecretData: true
  destination:
    name: shop-token
    create: true
---
apiVersion: secrets.infisical.com/v1alpha1
kind: InfisicalSecret
metadata:
  name: shop
spec:
  hostAPI: https://infisical.acme.example/api
  authentication:
    universalAuth:
      credentialsRef:
        secretName: universal-auth-credentials
        secretNamespace: infisical
      secretsScope:
        projectSlug: shop-${m.alnum(4).toLowerCase()}
        envSlug: prod
        secretsPath: /
  managedSecretReference:
    secretName: shop-managed
---
apiVersion: onepassword.com/v1
kind: OnePasswordItem
metadata:
  name: shop-db-password
spec:
  itemPath: vaults/prod/items/shop-db-password`),
    ),
    at(
      'apps/vault-agent/deployment-annotations.yaml',
      `apiVersion: v1
kind: Pod
metadata:
  name: app
  annotations:
    vault.hashicorp.com/agent-inject-template-db: | §F
      {{- with secret "database/creds/app" -}} §F
      postgres://{{ .Data.username }}:{{ .Data.password }}@pg:5432/app §F
      {{- end }}
    vault.hashicorp.com/agent-inject-template-legacy: |
      legacy.password=${plant(m.human())}
    vault.hashicorp.com/auth-config-secret-id: ${plant(m.uuid())}
    vault.hashicorp.com/auth-config-role-id: ${m.uuid()} §?
    vault.hashicorp.com/tls-secret: vault-tls §F
`,
    ),
    at(
      'apps/avp/secret.yaml',
      `apiVersion: v1
kind: Secret
metadata:
  name: avp
  annotations:
    avp.kubernetes.io/path: kv/data/shop §F
    avp.kubernetes.io/secret-version: "4" §F
type: Opaque
stringData:
  DB_PASSWORD: <db-password> §F
  API_TOKEN: <path:kv/data/shop#api-token#4> §F
  SMTP: <smtp | base64encode> §F
  LEGACY: ${plant(m.human())}
data:
  SIGNING_KEY: ${b64('<signing-key>')} §F
`,
    ),
    at(
      'apps/generators/fake.yaml',
      `apiVersion: generators.external-secrets.io/v1alpha1
kind: Fake
metadata:
  name: fixed
spec:
  data:
    admin-password: ${plant(m.human())}
---
apiVersion: generators.external-secrets.io/v1alpha1
kind: VaultDynamicSecret
metadata:
  name: pki
spec:
  path: /pki/issue/example §F
  method: POST §F
  parameters:
    common_name: shop.svc §F
  provider:
    server: https://vault.acme.example §F
    auth:
      tokenSecretRef:
        name: vault-token-generators §F
`,
    ),
  ];
}
