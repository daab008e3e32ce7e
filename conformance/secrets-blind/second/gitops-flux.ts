import { b64 } from '../random.js';
import type { Mint } from './mint.js';
import { certificate, ecKey, sshPublicKey } from './pem.js';
import { none, type PlantedPage, plant, planted } from './planted.js';

/** Flux: substitution, HelmReleases, sources, receivers; and kubeconfig files. */
export function flux(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('flux', path, text);
  const config = (path: string, text: string) => planted('kubeconfig', path, text);
  return [
    at(
      'clusters/home/apps.yaml',
      `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
spec:
  path: ./apps
  decryption:
    provider: sops §F
    secretRef: §F
      name: sops-age §F
  postBuild:
    substitute:
      CLUSTER_DOMAIN: home.example §F
      SECRET_DOMAIN: home.example §F
      NAS_PASSWORD: ${plant(m.human())}
      PLEX_CLAIM: claim-${plant(m.alnum(20))}
      API_SECRET_NAME: api-secret §F
      TUNNEL_TOKEN: ${plant(b64(JSON.stringify({ a: m.hex(32), t: m.uuid(), s: m.base64(32) })))}
    substituteFrom:
      - kind: Secret §F
        name: cluster-secrets §F
`,
    ),
    at(
      'clusters/home/plex/helmrelease.yaml',
      `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: media
spec:
  chart:
    spec:
      chart: app-template
      version: 3.5.1
      sourceRef:
        kind: HelmRepository
        name: bjw-s
  values:
    controllers:
      main:
        containers:
          main:
            image:
              repository: ghcr.io/home-operations/radarr
              tag: 5.14.0@sha256:${m.hex(64)} §F
            env:
              TZ: Europe/Berlin
              RADARR__AUTH__METHOD: External §F
              RADARR__AUTH__APIKEY: ${plant(m.hex(32))}
              TRANSMISSION_RPC_PASSWORD: ${plant(m.human())}
              SECRET_DOMAIN: \${SECRET_DOMAIN} §F
              SONARR_API_KEY: \${SONARR_API_KEY} §F
              OPENVPN_AUTH: "{{ .Values.vpn }}" §F
              TOKEN_FROM:
                valueFrom:
                  secretKeyRef: §F
                    name: media-secret §F
                    key: token §F
            envFrom:
              - secretRef: §F
                  name: media-secrets §F
    persistence:
      vpn:
        type: secret §F
        name: vpn-secret §F
  valuesFrom:
    - kind: Secret
      name: media-values §F
      valuesKey: adminPassword §F
      targetPath: auth.password §F
`,
    ),
    at(
      'clusters/home/sources.yaml',
      `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: infra
spec:
  url: ssh://git@github.com/acme/infra §F
  secretRef: §F
    name: infra-deploy-key §F
  verify:
    mode: HEAD
    secretRef: §F
      name: pgp-public-keys §F
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: Bucket
metadata:
  name: artifacts
spec:
  endpoint: minio.minio.svc:9000 §F
  secretRef: §F
    name: minio-bucket §F
---
apiVersion: v1
kind: Secret
metadata:
  name: infra-deploy-key
stringData:
  username: git §?
  password: github_pat_11${plant(`${m.upper(20)}_${m.alnum(59)}`)}
  known_hosts: github.com ${sshPublicKey(m)} §F
---
apiVersion: v1
kind: Secret
metadata:
  name: minio-bucket
stringData:
  accesskey: flux §?
  secretkey: ${plant(m.alnum(40))}
---
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata:
  name: github
spec:
  type: github §F
  secretRef: §F
    name: webhook-token §F
---
apiVersion: v1
kind: Secret
metadata:
  name: webhook-token
stringData:
  token: ${plant(m.hex(40))}
---
apiVersion: v1
kind: Secret
metadata:
  name: discord
stringData:
  address: https://discord.com/api/webhooks/${plant(`${m.digits(19)}/${m.url64(68)}`)}
`,
    ),
    at(
      'clusters/home/settings.yaml',
      `apiVersion: v1
kind: ConfigMap
metadata:
  name: cluster-settings
data:
${none(`  CLUSTER_NAME: home
  METALLB_RANGE: 10.0.0.20-10.0.0.40
  OIDC_CLIENT_ID: ${m.alnum(40)}
  AGE_RECIPIENT: age1${m.of('qpzry9x8gf2tvdw0s3jn54khce6mua7l', 58)}
  COSIGN_IDENTITY: https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/v*
  SECRETS_BACKEND: 1password
  ONEPASSWORD_VAULT_ID: ${m.of('abcdefghijklmnopqrstuvwxyz234567', 26)}`)}
  ROUTER_SSH_PASS: ${plant(m.human())}
`,
    ),
    config(
      'hack/kubeconfig.yaml',
      `apiVersion: v1
kind: Config
current-context: prod
clusters:
  - name: prod
    cluster:
      server: https://10.0.0.1:6443
      certificate-authority-data: ${b64(certificate(m))} §F
contexts:
  - name: prod
    context: {cluster: prod, user: admin}
users:
  - name: admin
    user:
      client-certificate-data: ${b64(certificate(m))} §F
      client-key-data: ${plant(b64(ecKey(m)))}
  - name: robot
    user:
      token: ${plant(m.serviceAccountToken('ci', 'robot'))}
  - name: old
    user:
      username: admin §?
      password: ${plant(m.human())}
  - name: rancher
    user:
      token: kubeconfig-user-${plant(`${m.of('bcdfghjklmnpqrstvwxz2456789', 5)}:${m.of('bcdfghjklmnpqrstvwxz2456789', 54)}`)}
  - name: eks
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1beta1
        command: aws
        args: [eks, get-token, --cluster-name, prod] §F
        env:
          - name: AWS_PROFILE
            value: prod §F
          - name: AWS_SECRET_ACCESS_KEY
            value: ${plant(m.base64(30))}
  - name: files
    user:
      client-key: /home/ops/.minikube/client.key §F
      tokenFile: /var/run/secrets/token §F
  - name: oidc
    user:
      auth-provider:
        name: oidc
        config:
          client-id: kubernetes §F
          client-secret: ${plant(m.uuid())}
          id-token: ${plant(m.jwt({ iss: 'https://sso.acme.example', sub: m.uuid(), exp: 1_900_000_000 }, { alg: 'RS256', kid: m.url64(20) }))}
          refresh-token: ${plant(m.url64(60))}
`,
    ),
    config(
      'ci/k3s.json',
      `{"apiVersion":"v1","kind":"Config","clusters":[{"name":"k3s","cluster":{"server":"https://k3s:6443"}}],"users":[{"name":"default","user":{"client-key-data":"${plant(b64(ecKey(m)))}"}}]}
`,
    ),
    config(
      'ci/kubeconfig-template.yaml',
      none(`apiVersion: v1
kind: Config
clusters:
  - name: prod
    cluster:
      certificate-authority-data: \${CA_DATA}
      server: https://\${API_SERVER}:6443
users:
  - name: ci
    user:
      token: \${SERVICE_ACCOUNT_TOKEN}
  - name: human
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        command: kubelogin
        args: [get-token, --server-id, ${m.uuid()}, --client-id, ${m.uuid()}, --tenant-id, ${m.uuid()}]
        provideClusterInfo: true`),
    ),
  ];
}
