import { isPlaceholder } from './placeholder.js';
import { wordiness } from './randomness.js';

/**
 * What people make up when a program asks them for a password: words with a number and a symbol that some policy wants
 * (`Harbour_Maple_1987`, `copper4711!`), or several words in a row. Software's own names are not written so.
 */

/** Names of algorithms, encodings and versions: mixed case with digits, and no password. */
const SOFTWARE =
  /(?:^|[^a-z])(?:sha|aes|md|rsa|utf|iso|base|oauth|http|ipv|win|pbkdf|hmac|ed|ecdsa|es|hs|rs|ps|tls|x|v|s|k|p|h|i18n|k8s|ec|s3|ec2|log4j)[-_]?\d/i;
/** Words that say what a value is for: names are put together of them, passwords seldom. */
const DESCRIBING =
  /(?:^|[^a-z])(?:pass(?:word|wd|phrase)?|pwd|secrets?|tokens?|keys?|creds?|credentials?|users?|admin|root|login|auth|name|id|ref|config|default|example|sample|test(?:ing)?|dummy|fake|mock|demo|invalid|wrong|new|old|value|string|label|field|input|file|path|url|type|error|missing|required|change|enter|your|the|is|are|of|and|or|for|not|must|be|please|with|from|prod|production|staging|dev|service|server|client|cluster|operator|controller|manager|system|kube|helm|chart|app|api|db|database|postgres(?:ql)?|mysql|redis|mongo(?:db)?|account|node|host|managed|external|internal|public|private|backup|monitoring|policy|policies|role|roles|binding|access|session|cookie|reset|hash|data|store|vault|cert|tls|ssl|ssh|sync|web|http|https|image|container|volume|network|job|worker|queue|plugin|module|provider|generator|random|length|strength|email|phone|code|version|release|build|level|errors?|errors|passwords|form|button|text|message|title|header|footer|link|page)(?:$|[^a-z])/i;

/** `newUserPassword1` as `new-User-Password1`, so that its words are seen. */
function apart(value: string): string {
  return value.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replaceAll('_', '-');
}

/** Words with a run of digits and a symbol that stands in no name, or with both cases: the form policies ask for. */
export function isPolicyForm(value: string): boolean {
  if (value.length < 8 || value.length > 40 || !/^[A-Za-z0-9!@#$%^&*?+=~._-]+$/.test(value)) return false;
  if (!/[A-Za-z]{3}/.test(value) || !/[0-9]{2}/.test(value) || SOFTWARE.test(value)) return false;
  if (DESCRIBING.test(apart(value)) || isPlaceholder(value) || /^[$%@#&!.-]|\.[a-z]{2,5}$/.test(value))
    return false;
  const symbol = /[!@#$%^&*?+=~]/.test(value);
  const cased = /[a-z]/.test(value) && /[A-Z]/.test(value);
  // Dates and versions in names stand behind a dash or dot: `Release-2024.10`, `2024-Q1`.
  if (/[0-9][._-][0-9]|^[0-9]/.test(value)) return symbol && cased;
  // Without a symbol: words and a number under separators, or one word and a year. Names of types have more capitals.
  return symbol || (cased && /[_.][0-9]{2,4}$|^[A-Z][a-z]{3,}[0-9]{4}$/.test(value));
}

/** Four words or more that describe nothing: `walnut-harbour-copper-lantern`. With blanks they are no sentence. */
export function isPassphrase(value: string): boolean {
  if (value.length < 20 || value.length > 160) return false;
  const separator = /[-_ ]/.exec(value)?.[0];
  if (separator === undefined) return false;
  const words = value.split(separator);
  return (
    words.length >= 4 &&
    words.length <= 24 &&
    words.every((word) => /^[A-Za-z][a-z]{2,9}$/.test(word)) &&
    !DESCRIBING.test(value.replaceAll('_', '-'))
  );
}

/** What generators of keys make of all the keyboard (Django's SECRET_KEY, WordPress' salts): no expression looks so. */
export function isKeyboardNoise(value: string): boolean {
  if (value.length < 32 || value.length > 128 || !/^[\x21-\x7e]+$/.test(value)) return false;
  const symbols = value.replace(/[A-Za-z0-9._/:-]/g, '').length;
  if (symbols < 5 || new Set(value).size < 20 || !/[0-9]/.test(value)) return false;
  // Among this many symbols no expression of a language is left: what looks like one is chance.
  const plain = symbols >= 12 || !/\$\{|\{\{|\\[wdsb]|\[[a-z]-[a-z]|\(\?/i.test(value);
  const words = value.match(/[A-Za-z]{7,}/g) ?? [];
  return (
    wordiness(value) < 0.85 && !words.some((word) => wordiness(word) > 0.5) && plain && !isPlaceholder(value)
  );
}

/** In code, where names and messages look like passwords: only what no name, message or expression looks like. */
export function isChosenPassword(value: string): boolean {
  if (isPolicyForm(value) || isPassphrase(value)) return true;
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
  // Chance makes short noise look like words; a digit between letters does not stand in words.
  const wordy = /[A-Za-z][0-9]+[A-Za-z]/.test(value) ? 0.7 : 0.5;
  // Symbols that stand in no name: with digits and both cases somebody chose it to pass a rule for passwords.
  const ruled = /[!@#^&*+=?~]/.test(value) && value.length <= 64 && !/[()[\]|:;,"']/.test(value);
  return value.length >= 8 && mixed && (ruled || wordiness(value) < wordy) && !/[\s/\\%{}<>]/.test(value);
}
