/**
 * Rules of gitleaks' default configuration by their ids, and the rules here that find the same where the id is another:
 * what a `.gitleaks.toml` says of the one holds for the other.
 */
const SAME: Readonly<Record<string, readonly string[]>> = {
  'generic-api-key': ['generic-secret', 'kubernetes-field', 'literal-for-reference'],
  'kubernetes-secret-yaml': ['kubernetes-secret'],
  'pkcs12-file': ['secret-file', 'pkcs12-keystore'],
  'private-key': ['private-key', 'pgp-private-key', 'putty-private-key', 'cosign-private-key'],
  'aws-access-token': ['aws-access-key-id'],
  'curl-auth-header': ['authorization-basic', 'authorization-bearer'],
  'curl-auth-user': ['curl-user'],
  'slack-webhook-url': ['slack-webhook'],
  'hashicorp-tf-password': ['generic-secret'],
  'microsoft-teams-webhook': ['teams-webhook'],
  'telegram-bot-api-token': ['telegram-bot-token'],
  'stripe-access-token': ['stripe-secret-key'],
  'npm-access-token': ['npm-token'],
  'pypi-upload-token': ['pypi-token'],
  'sendgrid-api-token': ['sendgrid-api-key'],
};

/** True where an id of gitleaks names a rule of this project: by the same id, by the table, by the provider's prefix. */
export function namesRule(gitleaksId: string, rule: string): boolean {
  if (gitleaksId === rule || SAME[gitleaksId]?.includes(rule) === true) return true;
  // `github-pat`, `github-oauth`, `gitlab-ptt`: one rule here knows all tokens of a provider.
  const provider = /^(github|gitlab|slack|shopify|square|twitter|dropbox|facebook|grafana|discord)-/.exec(
    gitleaksId,
  );
  return provider?.[1] !== undefined && rule.startsWith(`${provider[1]}-`) && /-token$/.test(rule);
}
