import type { Mint } from './mint.js';
import { certificate } from './pem.js';
import { none, noneAtAll, type PlantedPage, plant, planted, under } from './planted.js';

/** What is near a Secret and is none: ConfigMaps, and ConfigMaps that hold one all the same. */
export function configMaps(m: Mint): PlantedPage[] {
  const at = (path: string, text: string) => planted('k8s-configmap', path, text);
  const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:`;
  return [
    at(
      'apps/base/orders/configmap.yaml',
      `${map('orders')}
  DATABASE_URL: postgres://orders:${plant(m.plainPassword())}@pg-orders:5432/orders
  REDIS_URL: redis://redis-orders:6379/0 §F
  AMQP_URL: amqp://orders:${plant(m.word() + m.digits(4))}@rabbit.mq.svc:5672/orders
  KEYCLOAK_CLIENT_SECRET: ${plant(m.alnum(32))}
  KEYCLOAK_CLIENT_ID: orders-backend §F
  KEYCLOAK_REALM_PUBLIC_KEY: ${m.base64(294)} §F
  TOKEN_ENDPOINT: https://sso.acme.example/realms/acme/protocol/openid-connect/token §F
  TOKEN_EXPIRY_SECONDS: "900" §F
  PASSWORD_MIN_LENGTH: "14" §F
  PASSWORD_RESET_URL: https://shop.acme.example/reset-password §F
  SECRET_MANAGER: aws §F
  API_KEY_HEADER: X-Api-Key §F
`,
    ),
    at(
      'apps/base/orders/configmap-file.yaml',
      `${map('orders-files')}
  application.yml: |
    spring:
      datasource:
        url: jdbc:postgresql://pg-orders:5432/orders §F
        username: orders §?
        password: ${plant(m.human())}
      security:
        oauth2:
          client:
            registration:
              sso:
                client-id: orders-web §F
                client-secret: \${SSO_CLIENT_SECRET} §F
                authorization-grant-type: authorization_code §F
      mail:
        password: \${MAIL_PASSWORD:} §F
    jasypt:
      encryptor:
        password: ${plant(m.passphrase())}
        algorithm: PBEWITHHMACSHA512ANDAES_256 §F
  logback.xml: |
    <configuration>
      <property name="MASK" value="password|token|secret"/> §F
    </configuration>
`,
    ),
    at(
      'apps/base/home/configmap-ha.yaml',
      `${map('home-assistant')}
  secrets.yaml: |
    mqtt_password: ${plant(m.word() + m.digits(3))}
    latitude: "52.${m.digits(4)}" §F
    router_password: ${plant(m.human())}
    unlock_pin: "${plant(m.digits(6))}"
  configuration.yaml: |
    mqtt:
      broker: mosquitto.home.svc
      password: !secret mqtt_password §F
    device_tracker:
      - platform: unifi
        password: !secret router_password §F
    lock:
      code: !secret unlock_pin §F
    http:
      server_port: 8123
`,
    ),
    at(
      'apps/base/monitoring/alertmanager.yaml',
      `${map('alertmanager')}
  alertmanager.yml: |
    global:
      smtp_auth_username: alerts §?
      smtp_auth_password: '${plant(m.human())}'
      slack_api_url: https://hooks.slack.com/services/T0${m.upper(9)}/B0${plant(m.upper(9))}/${m.alnum(24)}
      smtp_require_tls: true §F
    receivers:
      - name: pager
        pagerduty_configs:
          - routing_key: ${plant(m.hex(32))}
            severity: critical §F
      - name: ops
        webhook_configs:
          - url: http://karma.monitoring.svc/hook §F
            http_config:
              authorization:
                credentials_file: /etc/alertmanager/token §F
      - name: phone
        pushover_configs:
          - user_key_file: /etc/alertmanager/pushover §F
            token: ${plant(m.of('abcdefghijklmnopqrstuvwxyz0123456789', 30))}
`,
    ),
    at(
      'apps/base/monitoring/grafana-ini.yaml',
      `${map('grafana-ini')}
  grafana.ini: |
    [security]
    admin_user = admin §?
    admin_password = ${plant(m.human())}
    secret_key = ${plant(m.alnum(20))}
    disable_gravatar = true §F
    cookie_secure = true §F
    [auth.generic_oauth]
    client_id = grafana §F
    client_secret = $__file{/etc/secrets/oauth/client_secret} §F
    token_url = https://sso.acme.example/token §F
    allow_sign_up = true §F
    [smtp]
    password = """${plant(m.made(18))}"""
`,
    ),
    at(
      'apps/base/monitoring/prometheus.yaml',
      `${map('prometheus')}
  prometheus.yml: |
    scrape_configs:
      - job_name: kubelet
        bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token §F
        tls_config:
          ca_file: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt §F
      - job_name: router
        basic_auth:
          username: prom §?
          password: ${plant(m.made(16))}
      - job_name: cloud
        authorization:
          type: Bearer §F
          credentials: ${plant(m.jwt({ sub: 'prometheus', aud: 'cloud', iat: 1_700_000_000 + m.below(1_000_000) }))}
      - job_name: vault
        authorization:
          credentials_file: /etc/prometheus/vault-token §F
    remote_write:
      - url: https://metrics.acme.example/api/v1/push §F
        basic_auth:
          password_file: /etc/prometheus/password §F
`,
    ),
    at(
      'apps/base/proxy/nginx.yaml',
      `${map('nginx')}
  htpasswd: |
    ops:$apr1$${m.alnum(8)}$${m.alnum(22)} §?
  default.conf: |
    server {
      listen 443 ssl;
      ssl_certificate_key /etc/tls/tls.key; §F
      ssl_password_file /etc/tls/pass; §F
      location /api {
        proxy_set_header Authorization "Bearer ${plant(m.alnum(40))}";
        proxy_set_header X-Api-Key $http_x_api_key; §F
        proxy_set_header X-CSRF-Token $http_x_csrf_token; §F
        proxy_pass_header Authorization; §F
        auth_basic "restricted"; §F
        auth_basic_user_file /etc/nginx/htpasswd; §F
      }
    }
`,
    ),
    at(
      'apps/base/proxy/haproxy.yaml',
      `${map('haproxy')}
  haproxy.cfg: |
    userlist ops
      user dash insecure-password ${plant(m.human())}
    frontend fe
      http-request set-header X-Forwarded-Proto https §F
      acl has_token req.hdr(Authorization) -m found §F
    backend be
      option httpchk GET /health §F
`,
    ),
    at(
      'apps/base/orders/ca-bundle.yaml',
      `${map('ca-bundle')}
  ca.crt: |
    ${under(noneAtAll(certificate(m)), '    ')}
  jwks.json: |
    {"keys":[{"kty":"RSA","kid":"${m.url64(20)}","use":"sig","n":"${m.url64(342)}","e":"AQAB"}]} §F
  cosign.pub: |
    ${under(noneAtAll(`-----BEGIN PUBLIC KEY-----\n${m.base64(91)}\n-----END PUBLIC KEY-----`), '    ')}
`,
    ),
    at(
      'apps/base/argocd/argocd-cm.yaml',
      `${map('argocd-cm')}
  url: https://argocd.acme.example §F
  users.anonymous.enabled: "false" §F
  oidc.config: |
    name: SSO
    issuer: https://sso.acme.example/realms/acme §F
    clientID: argocd §F
    clientSecret: $oidc.sso.clientSecret §F
    requestedScopes: ["openid", "profile"] §F
  dex.config: |
    connectors:
      - type: github
        config:
          clientID: Iv1.${m.hex(16)} §F
          clientSecret: ${plant(m.hex(40))}
      - type: ldap
        config:
          bindDN: cn=dex,dc=acme §F
          bindPW: $dex-ldap:bindPW §F
`,
    ),
    at(
      'apps/base/flags/configmap.yaml',
      `${map('feature-flags')}
${none(`  FEATURE_PASSWORDLESS_LOGIN: "true"
  FEATURE_TOKEN_REFRESH: "false"
  REQUIRE_PASSWORD_CHANGE: "90d"
  PASSWORD_POLICY: length(12) and specialChars(1) and notUsername
  SECRET_ROTATION_DAYS: "30"
  TOKEN_AUDIENCE: api://orders
  TOKEN_ISSUER: https://sso.acme.example
  SECRET_PROVIDER: vault
  VAULT_ROLE: orders
  VAULT_SECRET_PATH: secret/data/orders
  AUTH_TOKEN_TYPE: Bearer
  API_KEY_NAME: x-acme-key
  SSH_KEY_PATH: /etc/ssh/id_ed25519
  CREDENTIALS_FILE: /var/secrets/gcp.json
  GOOGLE_APPLICATION_CREDENTIALS: /var/run/gcp/credentials.json
  AWS_ROLE_ARN: arn:aws:iam::${m.digits(12)}:role/orders
  AWS_WEB_IDENTITY_TOKEN_FILE: /var/run/secrets/eks.amazonaws.com/serviceaccount/token
  AZURE_TENANT_ID: ${m.uuid()}
  AZURE_CLIENT_ID: ${m.uuid()}
  COGNITO_USER_POOL_ID: eu-west-1_${m.alnum(9)}
  KMS_KEY_ID: ${m.uuid()}
  KMS_KEY_ARN: arn:aws:kms:eu-west-1:${m.digits(12)}:key/${m.uuid()}
  STRIPE_PUBLISHABLE_KEY: pk_live_51${m.alnum(97)}
  SENTRY_DSN: https://${m.hex(32)}@o${m.digits(6)}.ingest.sentry.io/${m.digits(7)}
  POSTHOG_KEY: phc_${m.alnum(43)}
  RECAPTCHA_SITE_KEY: 6L${m.url64(38)}
  MAPBOX_PUBLIC_TOKEN: pk.eyJ1Ijoi${m.url64(60)}.${m.url64(22)}
  GIT_COMMIT: ${m.hex(40)}
  CONFIG_CHECKSUM: ${m.hex(64)}`)}
`,
    ),
  ];
}
