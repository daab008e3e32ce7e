/** The form of a password that a policy for passwords asks for, as far as it shows without knowing what it is for. */

/** Names of algorithms, encodings and versions: mixed case with digits, and no password. */
const SOFTWARE =
  /(?:^|[^a-z])(?:sha|aes|md|rsa|utf|iso|base|oauth|http|ipv|win|pbkdf|hmac|ed|ecdsa|es|hs|rs|ps|tls|x|v|s|k|p|h|i18n|k8s|ec|s3|ec2|log4j)[-_]?\d/i;
/** Words that say what a value is for: names are put together of them, passwords seldom. */
export const DESCRIBING =
  /(?:^|[^a-z])(?:pass(?:word|wd|phrase)?|pwd|secrets?|tokens?|keys?|creds?|credentials?|users?|admin|root|login|auth|name|id|ref|config|default|example|sample|test(?:ing)?|dummy|fake|mock|demo|invalid|wrong|new|old|value|string|label|field|input|file|path|url|type|error|missing|required|change|enter|your|the|is|are|of|and|or|for|not|must|be|please|with|from|prod|production|staging|dev|service|server|client|cluster|operator|controller|manager|system|kube|helm|chart|app|api|db|database|postgres(?:ql)?|mysql|redis|mongo(?:db)?|account|node|host|managed|external|internal|public|private|backup|monitoring|policy|policies|role|roles|binding|access|session|cookie|reset|hash|data|store|vault|cert|tls|ssl|ssh|sync|web|http|https|image|container|volume|network|job|worker|queue|plugin|module|provider|generator|random|length|strength|email|phone|code|version|release|build|level|errors?|errors|passwords|form|button|text|message|title|header|footer|link|page)(?:$|[^a-z])/i;

/** `newUserPassword1` as `new-User-Password1`, so that its words are seen. */
function apart(value: string): string {
  return value.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replaceAll('_', '-');
}

/** Words with a run of digits and a symbol that stands in no name, or with both cases: the form policies ask for. */
export function hasPolicyForm(value: string): boolean {
  if (value.length < 8 || value.length > 40 || !/^[A-Za-z0-9!@#$%^&*?+=~._-]+$/.test(value)) return false;
  if (!/[A-Za-z]{3}/.test(value) || !/[0-9]{2}/.test(value) || SOFTWARE.test(value)) return false;
  if (DESCRIBING.test(apart(value)) || /^[$%@#&!.-]|\.[a-z]{2,5}$/.test(value)) return false;
  const symbol = /[!@#$%^&*?+=~]/.test(value);
  const cased = /[a-z]/.test(value) && /[A-Z]/.test(value);
  // Dates and versions in names stand behind a dash or dot: `Release-2024.10`, `2024-Q1`.
  if (/[0-9][._-][0-9]|^[0-9]/.test(value)) return symbol && cased;
  // Without a symbol: words and a number under separators, or one word and a year. Names of types have more capitals.
  return symbol || (cased && /[_.][0-9]{2,4}$|^[A-Z][a-z]{3,}[0-9]{4}$/.test(value));
}
