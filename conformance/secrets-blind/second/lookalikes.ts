import type { Mint } from './mint.js';
import { none, type PlantedPage, planted } from './planted.js';

type Value = (m: Mint) => string;

/** Names as people give them to identifiers, digests and settings, with values that look random. */
const RANDOM: readonly (readonly [name: string, value: Value])[] = [
  ['commitSha', (m) => m.hex(40)],
  ['targetRevision', (m) => m.hex(40)],
  ['shortRevision', (m) => m.hex(8)],
  ['imageDigest', (m) => `sha256:${m.hex(64)}`],
  ['configChecksum', (m) => m.hex(64)],
  ['md5', (m) => m.hex(32)],
  ['sha1sum', (m) => m.hex(40)],
  ['contentHash', (m) => m.base64(32)],
  ['etag', (m) => `W/${m.hex(32)}`],
  ['requestId', (m) => m.uuid()],
  ['correlationId', (m) => m.uuid()],
  ['traceId', (m) => m.hex(32)],
  ['spanId', (m) => m.hex(16)],
  ['tenantId', (m) => m.uuid()],
  ['subscriptionId', (m) => m.uuid()],
  ['clientId', (m) => m.uuid()],
  ['applicationId', (m) => m.uuid()],
  ['objectId', (m) => m.uuid()],
  ['roleArn', (m) => `arn:aws:iam::${m.digits(12)}:role/deployer`],
  ['kmsKeyArn', (m) => `arn:aws:kms:eu-central-1:${m.digits(12)}:key/${m.uuid()}`],
  ['secretArn', (m) => `arn:aws:secretsmanager:eu-central-1:${m.digits(12)}:secret:shop-${m.alnum(6)}`],
  ['certificateArn', (m) => `arn:aws:acm:eu-central-1:${m.digits(12)}:certificate/${m.uuid()}`],
  ['accountId', (m) => m.digits(12)],
  ['projectNumber', (m) => m.digits(12)],
  ['vpcId', (m) => `vpc-0${m.hex(16)}`],
  ['subnetId', (m) => `subnet-0${m.hex(16)}`],
  ['securityGroupId', (m) => `sg-0${m.hex(16)}`],
  ['instanceId', (m) => `i-0${m.hex(16)}`],
  ['hostedZoneId', (m) => `Z${m.upper(20)}`],
  ['distributionId', (m) => `E${m.upper(13)}`],
  ['slackChannel', (m) => `C0${m.upper(9)}`],
  ['slackUser', (m) => `U0${m.upper(9)}`],
  ['gaMeasurementId', (m) => `G-${m.upper(10)}`],
  ['gtmContainer', (m) => `GTM-${m.upper(7)}`],
  ['stripeCustomer', (m) => `cus_${m.alnum(14)}`],
  ['stripePrice', (m) => `price_1${m.alnum(23)}`],
  ['stripeAccount', (m) => `acct_1${m.alnum(15)}`],
  ['publishableKey', (m) => `pk_live_51${m.alnum(97)}`],
  ['posthogProject', (m) => `phc_${m.alnum(43)}`],
  ['recaptchaSiteKey', (m) => `6L${m.url64(38)}`],
  ['turnstileSiteKey', (m) => `0x4AAAAAAA${m.url64(14)}`],
  ['vapidPublicKey', (m) => `B${m.url64(86)}`],
  ['sshFingerprint', (m) => `SHA256:${m.alnum(43)}`],
  ['gpgFingerprint', (m) => m.hex(40).toUpperCase()],
  ['keyFingerprint', (m) => m.hex(64)],
  ['ageRecipient', (m) => `age1${m.of('qpzry9x8gf2tvdw0s3jn54khce6mua7l', 58)}`],
  ['wgPublicKey', (m) => m.base64(32)],
  ['minisignPubkey', (m) => `RW${m.base64(40)}`],
  ['ed25519PublicKey', (m) => m.hex(64)],
  ['contractAddress', (m) => `0x${m.hex(40)}`],
  ['transactionHash', (m) => `0x${m.hex(64)}`],
  ['ipfsCid', (m) => `bafybei${m.of('abcdefghijklmnopqrstuvwxyz234567', 52)}`],
  ['torrentInfohash', (m) => m.hex(40)],
  ['ulid', (m) => `01J${m.of('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)}`],
  ['nanoId', (m) => m.url64(21)],
  ['ksuid', (m) => `2${m.alnum(26)}`],
  ['mongoObjectId', (m) => m.hex(24)],
  ['snowflakeId', (m) => m.digits(18)],
  ['macAddress', (m) => (m.hex(12).match(/../g) ?? []).join(':')],
  ['ipv6', (m) => `fd00:${m.hex(4)}:${m.hex(4)}::${m.hex(4)}`],
  ['color', (m) => `#${m.hex(6)}`],
  ['phone', (m) => `+49 30 ${m.digits(7)}`],
  ['version', (m) => `1.${m.digits(2)}.0-${m.hex(12)}`],
  ['pseudoVersion', (m) => `v0.0.0-20260101000000-${m.hex(12)}`],
  ['buildNumber', (m) => m.digits(10)],
  ['timestamp', (m) => `17${m.digits(11)}`],
  ['modelName', (m) => `gpt-4o-2024-08-06-${m.hex(4)}`],
  ['cacheBuster', (m) => m.hex(16)],
  ['bundle', (m) => `/assets/index-${m.url64(8)}.js`],
  ['helmChartDigest', (m) => `sha256:${m.hex(64)}`],
  ['auth0Domain', (m) => `dev-${m.alnum(16).toLowerCase()}.eu.auth0.com`],
  ['cognitoClient', (m) => m.of('abcdefghijklmnopqrstuvwxyz0123456789', 26)],
  [
    'googleClientId',
    (m) => `${m.digits(12)}-${m.of('abcdefghijklmnopqrstuvwxyz0123456789', 32)}.apps.googleusercontent.com`,
  ],
  ['firebaseAppId', (m) => `1:${m.digits(12)}:web:${m.hex(22)}`],
  ['sentryDsn', (m) => `https://${m.hex(32)}@o${m.digits(6)}.ingest.de.sentry.io/${m.digits(16)}`],
];

/** Names that sound like secrets, with values that are settings, references or words. */
const WORDY: readonly (readonly [name: string, value: Value])[] = [
  ['passwordSecret', (m) => `${m.word()}-credentials`],
  ['existingSecret', (m) => `${m.word()}-auth`],
  ['secretName', (m) => `${m.word()}-${m.word()}-tls`],
  ['secretRef', (m) => `${m.word()}/db-password`],
  ['passwordKey', (m) => `${m.word()}-password`],
  ['tokenPath', (m) => `/var/run/secrets/${m.word()}/token`],
  ['tokenFile', (m) => `/etc/${m.word()}/bootstrap-token`],
  ['passwordFile', (m) => `./secrets/${m.word()}.txt`],
  ['privateKeyPath', (m) => `/etc/ssl/private/${m.word()}.key`],
  ['credentialsFile', (m) => `~/.config/${m.word()}/credentials.json`],
  ['tokenUrl', (m) => `https://sso.acme.example/${m.word()}/oauth2/token`],
  ['passwordResetUrl', (m) => `https://${m.word()}.acme.example/reset-password`],
  ['apiKeyHeader', (m) => `X-${m.word()}-Api-Key`],
  ['authHeaderName', (m) => `x-${m.word()}-token`],
  ['tokenIssuer', (m) => `https://${m.word()}.acme.example/`],
  ['tokenAudience', (m) => `api://${m.word()}-backend`],
  ['secretBackend', (m) => `vault-${m.word()}`],
  ['keyAlias', (m) => `alias/${m.word()}-signing`],
  ['passwordPolicy', (m) => `minimum-${10 + m.below(10)}-characters-${m.word()}`],
  ['passwordLabel', (m) => `Password of the ${m.word()} account`],
  ['tokenType', (m) => `${m.word()}-bearer`],
  ['secretEngine', (m) => `kv-v2/${m.word()}`],
  ['vaultRole', (m) => `${m.word()}-reader`],
  ['vaultPath', (m) => `secret/data/${m.word()}/token`],
  ['credentialsId', (m) => `jenkins-${m.word()}-deploy-key`],
  ['sshKeyName', (m) => `${m.word()}-2026-laptop`],
  ['keyVaultUrl', (m) => `https://${m.word()}-kv.vault.azure.net/`],
  ['secretVersion', (m) => `projects/acme/secrets/${m.word()}/versions/${1 + m.below(40)}`],
  ['onePassword', (m) => `op://prod/${m.word()}/password`],
  ['ssmPath', (m) => `ssm:///prod/${m.word()}/db_password`],
  ['envName', (m) => `${m.word().toUpperCase()}_API_TOKEN`],
  ['cookieName', (m) => `__Host-${m.word()}-session-token`],
  ['csrfField', (m) => `_${m.word()}_csrf_token`],
  ['partitionKey', (m) => `${m.word()}#created_at`],
  ['routingKey', (m) => `orders.${m.word()}.created`],
  ['translationKey', (m) => `${m.word()}.password.hint`],
  ['cacheKey', (m) => `${m.word()}:{id}:v3`],
  ['sortKey', (m) => `${m.word()}_updated_at`],
  ['publicKeyUrl', (m) => `https://keys.acme.example/${m.word()}.pub`],
];

/** Values that say that something else stands there in the end. */
const PLACEHOLDERS: readonly (readonly [name: string, value: Value])[] = [
  ['password', (m) => `\${${m.word().toUpperCase()}_PASSWORD}`],
  ['token', (m) => `$(${m.word()}-token)`],
  ['apiKey', (m) => `{{ .Values.${m.word()}.apiKey }}`],
  ['secret', (m) => `<${m.word()}-secret>`],
  ['clientSecret', (m) => `\${env:${m.word().toUpperCase()}_CLIENT_SECRET}`],
  ['accessToken', (m) => `%{${m.word()}_token}`],
  ['authToken', (m) => `@@${m.word().toUpperCase()}_TOKEN@@`],
  ['dbPassword', (m) => `__${m.word().toUpperCase()}_DB_PASSWORD__`],
  ['smtpPassword', (m) => `\${{ secrets.${m.word().toUpperCase()}_SMTP }}`],
  ['ldapPassword', (m) => `<path:kv/data/${m.word()}#ldap>`],
  ['rootPassword', (m) => `ref+vault://kv/${m.word()}#root`],
  ['adminPassword', (m) => `vault:secret/data/${m.word()}#admin`],
  ['jwtSecret', (m) => `arn:aws:ssm:eu-west-1:${m.digits(12)}:parameter/${m.word()}/jwt`],
  ['webhookSecret', (m) => `sm://acme/${m.word()}-webhook`],
  ['redisPassword', (m) => `!Ref ${m.word()}RedisPassword`],
  ['masterPassword', (m) => `{{resolve:secretsmanager:${m.word()}:SecretString:password}}`],
  ['sessionSecret', (m) => `#{${m.word()}.session.secret}#`],
  ['signingKey', (m) => `[[ .${m.word()}.signing ]]`],
  ['encryptionKey', (m) => `file:///run/secrets/${m.word()}`],
  ['sshPassword', (m) => `lookup('env', '${m.word().toUpperCase()}_SSH')`],
  ['registryPassword', (m) => `$${m.word().toUpperCase()}_REGISTRY_PASSWORD`],
  ['bindPassword', (m) => `your-${m.word()}-password-here`],
  ['privateKey', (m) => `REPLACE_WITH_${m.word().toUpperCase()}_KEY`],
  ['apiSecret', (m) => `gcp-secret://projects/acme/secrets/${m.word()}`],
];

type Writing = readonly [path: (n: number) => string, write: (name: string, value: string) => string];

const snake = (name: string): string => name.replace(/([A-Z])/g, (char) => `_${char.toLowerCase()}`);
const shout = (name: string): string => snake(name).toUpperCase();

const WRITINGS: readonly Writing[] = [
  [(n) => `config/${n}/settings.yaml`, (name, value) => `${name}: "${value}"`],
  [(n) => `config/${n}/.env.shared`, (name, value) => `${shout(name)}=${value}`],
  [(n) => `web/src/${n}/constants.ts`, (name, value) => `export const ${name} = ${JSON.stringify(value)};`],
  [(n) => `etl/conf_${n}.py`, (name, value) => `${shout(name)} = ${JSON.stringify(value)}`],
  [(n) => `config/${n}/app.properties`, (name, value) => `acme.${snake(name).replaceAll('_', '.')}=${value}`],
  [(n) => `infra/${n}/locals.auto.tfvars`, (name, value) => `${snake(name)} = ${JSON.stringify(value)}`],
];

/** Names and values that look like secrets and are none, in six ways of writing them down. */
export function lookalikes(m: Mint): PlantedPage[] {
  const pages: PlantedPage[] = [];
  const write = (family: string, rows: readonly (readonly [string, Value])[], turns: number): void => {
    for (let turn = 0; turn < turns; turn += 1) {
      const writing = WRITINGS[(turn * 5 + rows.length) % WRITINGS.length];
      if (writing === undefined) continue;
      for (let i = 0; i < rows.length; i += 15) {
        const n = pages.length;
        const lines = rows.slice(i, i + 15).map(([name, value]) => writing[1](name, value(m)));
        pages.push(planted(family, writing[0](n), `${none(lines.join('\n'))}\n`));
      }
    }
  };
  write('ids-and-digests', RANDOM, 2);
  write('names-and-words', WORDY, 3);
  write('placeholders', PLACEHOLDERS, 3);
  return pages;
}
