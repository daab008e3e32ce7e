import { b64, b64url, bech32, crcHex, crcTail, type Random } from './random.js';

/** A token of a provider: its name, the key it is stored under, and how one is made. */
export interface Provider {
  name: string;
  key: string;
  make: (r: Random) => string;
}

/** `a`, `b` joined: a prefix is never written whole beside a body in these sources. */
function j(...parts: string[]): string {
  return parts.join('');
}

function checked(prefix: string, r: Random): string {
  const body = r.alnum(30);
  return prefix + body + crcTail(body);
}

/** A signed token with a real header and payload and a random signature. */
export function jwt(
  r: Random,
  claims: Record<string, unknown> = { sub: r.digits(10), iat: 1716239022 },
): string {
  return [
    b64url(JSON.stringify({ alg: 'HS256', typ: 'JWT' })),
    b64url(JSON.stringify(claims)),
    b64url(r.bytes(32)),
  ].join('.');
}

/** Real shapes of forty and more providers' tokens. */
export const PROVIDERS: readonly Provider[] = [
  {
    name: 'aws-secret',
    key: 'AWS_SECRET_ACCESS_KEY',
    make: (r) => r.of('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 40),
  },
  { name: 'aws-id', key: 'AWS_ACCESS_KEY_ID', make: (r) => j('AK', 'IA', r.upper(16)) },
  { name: 'github-classic', key: 'GITHUB_TOKEN', make: (r) => checked(j('gh', 'p_'), r) },
  { name: 'github-oauth', key: 'GH_OAUTH', make: (r) => checked(j('gh', 'o_'), r) },
  { name: 'github-fine', key: 'GH_PAT', make: (r) => j('github', '_pat_', r.alnum(22), '_', r.alnum(59)) },
  { name: 'gitlab', key: 'GITLAB_TOKEN', make: (r) => j('gl', 'pat-', r.url64(20)) },
  {
    name: 'slack-bot',
    key: 'SLACK_BOT_TOKEN',
    make: (r) => j('xo', 'xb-', r.digits(12), '-', r.digits(13), '-', r.alnum(24)),
  },
  {
    name: 'slack-hook',
    key: 'SLACK_WEBHOOK_URL',
    make: (r) => j('https://hooks.sl', 'ack.com/services/T', r.upper(8), '/B', r.upper(10), '/', r.alnum(24)),
  },
  { name: 'stripe', key: 'STRIPE_SECRET_KEY', make: (r) => j('sk', '_live_', r.alnum(24)) },
  { name: 'twilio', key: 'TWILIO_AUTH_TOKEN', make: (r) => r.hex(32) },
  { name: 'sendgrid', key: 'SENDGRID_API_KEY', make: (r) => j('S', 'G.', r.url64(22), '.', r.url64(43)) },
  { name: 'mailgun', key: 'MAILGUN_API_KEY', make: (r) => j('ke', 'y-', r.hex(32)) },
  { name: 'npm', key: 'NPM_TOKEN', make: (r) => checked(j('np', 'm_'), r) },
  { name: 'pypi', key: 'PYPI_TOKEN', make: (r) => j('py', 'pi-', 'AgEIcHlwaS5vcmc', r.url64(150)) },
  { name: 'rubygems', key: 'GEM_HOST_API_KEY', make: (r) => j('ruby', 'gems_', r.hex(48)) },
  { name: 'docker-hub', key: 'DOCKERHUB_TOKEN', make: (r) => j('dckr', '_pat_', r.url64(27)) },
  { name: 'digitalocean', key: 'DO_TOKEN', make: (r) => j('do', 'p_v1_', r.hex(64)) },
  { name: 'google-api', key: 'GOOGLE_MAPS_KEY', make: (r) => j('AI', 'za', 'Sy', r.url64(33)) },
  { name: 'google-oauth', key: 'GOOGLE_CLIENT_SECRET', make: (r) => j('GOC', 'SPX-', r.url64(28)) },
  {
    name: 'azure-storage',
    key: 'AZURE_STORAGE_CONNECTION_STRING',
    make: (r) =>
      `DefaultEndpointsProtocol=https;AccountName=prodstore;AccountKey=${r.base64(64)};EndpointSuffix=core.windows.net`,
  },
  {
    name: 'azure-client',
    key: 'AZURE_CLIENT_SECRET',
    make: (r) =>
      j(
        r.alnum(3),
        '8Q~',
        r.of('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_~.', 33),
        r.alnum(1),
      ),
  },
  { name: 'datadog', key: 'DD_API_KEY', make: (r) => r.hex(32) },
  {
    name: 'new-relic',
    key: 'NEW_RELIC_USER_KEY',
    make: (r) => j('NR', 'AK-', r.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 27)),
  },
  {
    name: 'grafana',
    key: 'GRAFANA_SA_TOKEN',
    make: (r) => {
      const s = j('gl', 'sa_', r.alnum(32));
      return `${s}_${crcHex(s)}`;
    },
  },
  { name: 'vault', key: 'VAULT_TOKEN', make: (r) => j('hv', 's.', r.url64(92)) },
  { name: 'terraform-cloud', key: 'TFE_TOKEN', make: (r) => j(r.alnum(14), '.atlas', 'v1.', r.alnum(67)) },
  {
    name: 'openai',
    key: 'OPENAI_API_KEY',
    make: (r) => j('sk', '-proj-', r.url64(74), 'T3Blbk', 'FJ', r.url64(74)),
  },
  { name: 'anthropic', key: 'ANTHROPIC_API_KEY', make: (r) => j('sk', '-ant-', 'api03-', r.url64(93), 'AA') },
  {
    name: 'huggingface',
    key: 'HF_TOKEN',
    make: (r) => j('h', 'f_', r.of('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 34)),
  },
  { name: 'groq', key: 'GROQ_API_KEY', make: (r) => j('gs', 'k_', r.alnum(52)) },
  { name: 'replicate', key: 'REPLICATE_API_TOKEN', make: (r) => j('r', '8_', r.alnum(37)) },
  { name: 'shopify', key: 'SHOPIFY_TOKEN', make: (r) => j('shp', 'at_', r.hex(32)) },
  {
    name: 'discord',
    key: 'DISCORD_BOT_TOKEN',
    make: (r) => j(b64url(r.digits(18)), '.G', r.alnum(5), '.', r.url64(38)),
  },
  { name: 'telegram', key: 'TELEGRAM_BOT_TOKEN', make: (r) => j('6', r.digits(9), ':', 'AA', r.url64(33)) },
  { name: 'linear', key: 'LINEAR_API_KEY', make: (r) => j('lin', '_api_', r.alnum(40)) },
  { name: 'notion', key: 'NOTION_TOKEN', make: (r) => j('nt', 'n_', r.digits(11), r.alnum(35)) },
  {
    name: 'atlassian',
    key: 'JIRA_API_TOKEN',
    make: (r) => j('ATA', 'TT3', 'xFfGF0', r.url64(178), '=', r.hex(8).toUpperCase()),
  },
  { name: 'databricks', key: 'DATABRICKS_TOKEN', make: (r) => j('da', 'pi', r.hex(32)) },
  { name: 'doppler', key: 'DOPPLER_TOKEN', make: (r) => j('dp', '.pt.', r.alnum(43)) },
  { name: 'postman', key: 'POSTMAN_API_KEY', make: (r) => j('PM', 'AK-', r.hex(24), '-', r.hex(34)) },
  { name: 'planetscale', key: 'PLANETSCALE_TOKEN', make: (r) => j('pscale', '_tkn_', r.url64(43)) },
  { name: 'pulumi', key: 'PULUMI_ACCESS_TOKEN', make: (r) => j('pu', 'l-', r.hex(40)) },
  {
    name: 'sentry',
    key: 'SENTRY_AUTH_TOKEN',
    make: (r) =>
      j(
        'snt',
        'rys_',
        b64(
          `{"iat":1716239022.1,"url":"https://sentry.io","region_url":"https://us.sentry.io","org":"acme"}`,
        ).replace(/=+$/, ''),
        '_',
        r.of('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 43),
      ),
  },
  { name: 'cloudflare', key: 'CLOUDFLARE_API_TOKEN', make: (r) => r.url64(40) },
  { name: 'age', key: 'SOPS_AGE_KEY', make: (r) => bech32('age-secret-key-', r.bytes(32)).toUpperCase() },
  {
    name: 'tailscale',
    key: 'TS_AUTHKEY',
    make: (r) => j('ts', 'key-auth-k', r.alnum(11), 'CNTRL-', r.alnum(32)),
  },
  { name: 'dynatrace', key: 'DT_API_TOKEN', make: (r) => j('dt0', 'c01.', r.upper(24), '.', r.upper(64)) },
  { name: 'artifactory', key: 'ARTIFACTORY_API_KEY', make: (r) => j('AK', 'Cp', r.alnum(69)) },
  { name: 'sonar', key: 'SONAR_TOKEN', make: (r) => j('sq', 'p_', r.hex(40)) },
  { name: 'figma', key: 'FIGMA_TOKEN', make: (r) => j('fi', 'gd_', r.url64(40)) },
  { name: 'circleci', key: 'CIRCLECI_TOKEN', make: (r) => j('CCI', 'PAT_', r.alnum(22), '_', r.hex(40)) },
  { name: 'supabase', key: 'SUPABASE_ACCESS_TOKEN', make: (r) => j('sb', 'p_', r.hex(40)) },
  { name: 'airtable', key: 'AIRTABLE_PAT', make: (r) => j('pat', r.alnum(14), '.', r.hex(64)) },
  { name: 'netlify', key: 'NETLIFY_AUTH_TOKEN', make: (r) => j('nf', 'p_', r.alnum(36)) },
  { name: 'jwt', key: 'SERVICE_JWT', make: (r) => jwt(r) },
  { name: 'okta', key: 'OKTA_API_TOKEN', make: (r) => j('00', r.url64(40)) },
];
