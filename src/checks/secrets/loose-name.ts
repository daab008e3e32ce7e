import type { Confidence } from '../../contract/index.js';
import { isPassphrase } from './chosen.js';
import { SERVICES } from './generic-names.js';
import { kindOfName, wordsOf } from './key-name.js';
import { isPlaceholder, isReference } from './placeholder.js';
import { isRandom } from './randomness.js';

/** What comes before `key` where it is no secret: how data is found, what is public, what opens a door in a program. */
const OTHER_KEYS = new Set(
  (
    'public pub publishable pubkey site partition sort primary foreign cache row index object lookup group map translation ' +
    'i18n message label annotation config settings data field json yaml selector topology taint toleration feature flag ' +
    'host known authorized idempotency dedup dedupe deduplication correlation context metric tag attribute header ' +
    'property param parameter query search sorting order item entity resource unique composite natural surrogate range ' +
    'hash shard bucket s3 storage arrow enter escape tab shift ctrl alt meta shortcut hot keyboard last first next previous ' +
    'current end start min max env variable section category locale lang language color theme style icon ssh gpg pgp ' +
    'fingerprint recipient age kms cmk managed id name type alias ref path file'
  ).split(' '),
);
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Sections whose `key` is one that opens something. */
const SECTIONS = new Set(
  'api access auth encryption jwt jws jwe hmac signing security secret secrets token tokens credentials license session sessions cookie cookies crypto noise app apikey integration integrations webhook webhooks'.split(
    ' ',
  ),
);
/** Last words of names that say what else than the key of a service it is. */
const DESCRIBES =
  /^(?:id|ids|name|url|uri|host|domain|region|user|username|email|org|organization|team|project|site|channel|bucket|version|tag|digest|hash|sha|sha1|sha256|md5|checksum|commit|revision|ref|image|customer|price|product|account|publishable|public|client|measurement|container|dsn|path|file|endpoint|environment|env|namespace|fingerprint|recipient|repository|repo|chart|branch|integrity|etag|trace|request|session|stack|workspace|index|cluster|instance|zone|database|link|verification|issuer|audience|scope|scopes|callback|redirect|kid|thumbprint|cert|certificate|ca|signature)$/;

/**
 * Judges a value under a name that does not say that it is one of a secret, but may be: the key of something, a name
 * that is only a service's, `key` in a section that tells more. Only what nothing but a machine makes closes.
 * @param section the name of the section around it, asked for only where the name alone says too little
 */
export function judgeLooseName(
  name: string,
  value: string,
  section: () => string,
): Extract<Confidence, 'likely' | 'guess'> | null {
  const words = wordsOf(name).filter((word) => !/^\d+$/.test(word));
  const last = words.at(-1);
  if (last === undefined || name.length > 100) return null;
  // Vault's AppRole and its kin: the id of a secret is the secret.
  if (/(?:^|[-_.]|[a-z])secret[-_]?id$/i.test(name) && UUID.test(value)) return 'likely';
  const header = /^x[-_][\w-]{1,60}key$/i.test(name);
  if (!isLoose(words, last, value, section, header)) return null;
  if (isReference(value) || isPlaceholder(value)) return null;
  if (
    /^(?:pk|pk_(?:live|test))[._]|^(?:phc_|6L[a-z0-9A-Z]|0x4A|age1|ssh-|sha\d|h1:|AAAA|arn:|MII|G-|GTM-|UA-)/.test(
      value,
    )
  )
    return null;
  if (header && /^[0-9a-f-]{32,64}$/i.test(value) && isRandom(value)) return 'likely';
  if (value.length < 20 || value.length > 200 || !/^[A-Za-z0-9+/=_.~-]+$/.test(value) || !isRandom(value))
    return null;
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/].filter((one) => one.test(value)).length;
  return classes === 3 ? 'likely' : classes === 2 && /^[0-9a-f]{32,64}$/i.test(value) ? 'guess' : null;
}

function isLoose(
  words: readonly string[],
  last: string,
  value: string,
  section: () => string,
  header: boolean,
): boolean {
  const before = words.at(-2) ?? '';
  if (last === 'key' || last === 'keys' || header) {
    if (before !== '') return !words.some((word) => OTHER_KEYS.has(word));
    return value.length >= 20 && tells(section());
  }
  if (words.length === 1 && /^(?:live|prod|production|main|value|data)$/.test(last))
    return value.length >= 20 && tells(section());
  if (DESCRIBES.test(last)) return false;
  return words.some((word) => SERVICES.has(word)) || (words.length === 2 && SERVICES.has(words.join('')));
}

/** A section of secrets, or of a service. */
function tells(section: string): boolean {
  const words = wordsOf(section);
  return (
    words.length <= 4 &&
    (words.some((word) => SECTIONS.has(word) || SERVICES.has(word)) || kindOfName(section) !== null)
  );
}

/** True for `key` of a section that signs, with several words as its value: `jwt: { key: "walnut harbour ..." }`. */
export function isPhraseOfSection(name: string, value: string, section: () => string): boolean {
  return /^key$/i.test(name) && isPassphrase(value) && tells(section());
}
