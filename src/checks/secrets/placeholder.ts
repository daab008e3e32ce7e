/**
 * Tells what a value is before anybody asks whether it is a secret: a reference to a place where the secret is kept,
 * a stand-in that documentation uses, or ciphertext of a tool that is made for committing.
 */

import { createHash } from 'node:crypto';
import { hasPolicyForm } from './policy-form.js';
import { isRandom, wordiness } from './randomness.js';

/** Starts of values that name a secret kept elsewhere. */
const REFERENCE_STARTS = [
  'awssecrets:',
  'awsssm:',
  'gcpsecrets:',
  'azurekeyvault:',
  '$',
  '{{',
  '<',
  '%(',
  '#{',
  '[[',
  '((',
  '@{',
  '!',
  '&',
  'ref+',
  'secretref+',
  'secret://',
  'secrets://',
  'secrets+',
  'vault://',
  'op://',
  'sm://',
  'ssm:',
  'asm:',
  'awssm:',
  'env:',
  'env.',
  'file:',
  'file://',
  'keyring:',
  'arn:',
  'projects/',
  'secretsmanager',
  'kms:',
  'enc[',
  'process.env',
  'os.environ',
  'os.getenv',
  'system.getenv',
  'getenv',
  'var.',
  'local.',
  'data.',
  'module.',
  'secrets.',
  'context.',
  'env[',
  'random_password',
  '/run/secrets/',
  '/etc/',
  '/var/',
  '/mnt/',
  '/vault/',
  '/opt/',
  '~/',
  './',
  '../',
  '@microsoft.keyvault',
  'keyvault:',
  'azkv://',
  'gcpsm://',
  'doppler://',
  'k8s:',
  'kubernetes://',
  'vault:',
  'base64:{{',
];

/** The same by their first character, in the same order. */
const STARTS_BY_CHARACTER: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  REFERENCE_STARTS,
  (start) => start[0] as string,
);

/** An expression of a template or shell anywhere inside a value. */
const EXPRESSION =
  /\$\{[A-Za-z_!#.:{*@?-][^}]{0,200}\}|\$\([^)]{1,200}\)|\{\{[^}]{0,400}\}\}|<path:[^>]{1,300}>|<%[^%]{0,200}%>|%[A-Z][A-Z0-9_]{2,60}%|#\{[^}]{1,200}\}|\$[A-Z_][A-Z0-9_]{2,60}\b|\(\([a-z0-9_./-]{1,80}\)\)|__[A-Z][A-Z0-9_]{1,60}__|@@[A-Z][A-Z0-9_]{1,60}@@|\$__[a-z]+\{/;

const EVERY_EXPRESSION = new RegExp(EXPRESSION, 'g');
/** Starts that a random value may follow only by being the secret itself: what they refer to has a name. */
const BARE_STARTS = new Set([
  '$',
  '!',
  '&',
  'ref+',
  'secretref+',
  'env:',
  'env.',
  'ssm:',
  'asm:',
  'awssm:',
  'file:',
  'keyring:',
  'vault:',
  'k8s:',
  'var.',
  'local.',
  'data.',
  'module.',
  'secrets.',
  'context.',
]);

const STAND_IN =
  /example|sample|placehold|change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this|with|by)|insert[-_ ]|your[-_ ]?|my[-_]?(?:super[-_]?)?(?:secret|password|token|api[-_]?key|key\b)|dummy|\bfake|redact|not[-_ ]?(?:a[-_ ]?)?(?:real|set|used|secret)|todo|fixme|\bxxx|x{4,}|\*\*\*|\.\.\.|…|foobar|lorem|sanitized|censored|masked|encrypted[-_]|to[-_]?be[-_]?|some[-_]?(?:secret|password|token|key|value|random)|(?:secret|password|token|key)[-_]?(?:here|value|goes)|enter[-_ ]|specify|generate[-_ ]|override[-_ ]|(?:^|[-_ ])(?:none|null|undefined|nil|tbd|n\/a)(?:$|[-_ ])|1234567|abcdefg|a1b2c3d4|0123456|deadbeef|^x+$|-goes-here|secret-?name|insecure/i;

/** Of these, what shows a form rather than says a word: chance puts none of it into a random value. */
const SHOWN_FORM =
  /xxx|\*\*\*|\.\.\.|…|1234567|abcdefg|a1b2c3d4|0123456|deadbeef|K7MDENG.?bPxRfiCY|django-insecure|\s/i;
const EVERY_STAND_IN = new RegExp(STAND_IN, 'gi');

/** A word of documentation beside what a machine made excuses nothing: `example` may be put into any key. */
function hidesRandom(text: string): boolean {
  if (text.length < 20 || SHOWN_FORM.test(text)) return false;
  const rest = text.replace(EVERY_STAND_IN, '');
  return isRandom(rest) && !isMonotonous(rest) && wordiness(rest) < 0.4;
}

/**
 * Credentials that vendors publish for everybody to try their product with, by SHA-256: MinIO's playground, the storage
 * and database emulators of Azure. Nothing is behind them that anybody could lose.
 */
const PUBLISHED = new Set([
  'df452eef23e8cf2c74af54c0c7419c05a5ec70ef4d5c2eb04082b02af8c55598',
  '0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059',
  'aa6547439583c3a275d4542a0df6c1ad6a863971be9f2a2220f027cc02aef615',
]);

function isPublished(text: string): boolean {
  if (text.length !== 40 && text.length !== 88) return false;
  return PUBLISHED.has(createHash('sha256').update(text).digest('hex'));
}

/** Words that are what they say: a value of these alone is a default or a name, not something to rotate. */
const PLAIN_WORDS = new Set(
  'true false yes no on off null none nil undefined string str text bytes secret password passwd pass token key user username admin root guest test testing default demo local optional required auto enabled disabled always never any all basic bearer oauth oauth2 jwt oidc ldap saml internal external opaque unknown empty invalid hidden private public plain changed value values credentials anonymous'.split(
    ' ',
  ),
);

/** Schemes of vals and helm-secrets that hold the value itself: `ref+echo://VALUE`, `secrets+literal://VALUE`. */
const LITERAL_SCHEME =
  /^(?:(?:secret)?ref\+(?:echo|textual|literal)|secrets?\+literal|literal|plain|echo):\/\/([^#?\s]{1,4096})/i;

/** What a reference that refers to nothing but its own text holds; null for any other. */
export function literalOfScheme(value: string): string | null {
  const text = LITERAL_SCHEME.exec(value.trim())?.[1];
  if (text === undefined) return null;
  return text.replace(/\/$/, '').replace(/^[\w.-]{1,60}=(?=.)/, '');
}

/** True for text that points at a secret instead of holding it: template expressions, `ref+...`, `<path:...>`, paths. */
export function isReference(value: string): boolean {
  const text = value.trim();
  if (text.length === 0) return true;
  const literal = literalOfScheme(text);
  if (literal !== null) return isReference(literal);
  const lower = text.slice(0, 40).toLowerCase();
  for (const start of STARTS_BY_CHARACTER.get(lower[0] as string) ?? []) {
    if (lower.startsWith(start) && !isOpenSymbol(start, text)) {
      if (BRACKETS.has(text[0] as string) && isBesideBracket(text)) return false;
      return !(BARE_STARTS.has(start) && isRandom(text.slice(start.length).replace(/^[:/]+/, '')));
    }
  }
  if (/^\{[A-Z_a-z][\w.]*\}$|^\.[A-Z][\w]*\./.test(text)) return true;
  // Base64 may begin and go on like a path: no file is called by noise.
  if (/^\/(?:[a-z][a-z0-9_.-]*\/)+[\w.-]*$/.test(text)) {
    const last = text.slice(text.lastIndexOf('/') + 1);
    return !(last.length >= 20 && /[A-Z]/.test(last) && isRandom(last));
  }
  const head = text.length > 4096 ? text.slice(0, 4096) : text;
  // An expression beside a value that a machine made hides nothing of it.
  if (!EXPRESSION.test(head)) return false;
  const rest = head.slice(0, 512).replace(EVERY_EXPRESSION, '');
  return !isRandom(rest) && !hasPolicyForm(rest);
}

const BRACKETS = new Set(['$', '<', '{', '#', '@']);

/** `<path:x#y>Maple1987!`, `${X}Maple1987!`, `<Maple1987!>`: a password beside an expression, or in place of a name. */
function isBesideBracket(text: string): boolean {
  if (text.length > 256) return false;
  const named = /^<([^<>:#/\s]{8,64})>$/.exec(text)?.[1];
  if (named !== undefined) return hasPolicyForm(named) && /[!@#$%^&*+=?~]/.test(named);
  const rest = text.replace(EVERY_EXPRESSION, '').replace(/\$\{[^{}]{0,200}\}|<[^<>]{0,200}>/g, '');
  return rest !== text && hasPolicyForm(rest);
}

/** `$tr0ng!` and `!x9` begin with a symbol and are passwords all the same: such starts need their bracket or name. */
function isOpenSymbol(start: string, text: string): boolean {
  if (start === 'enc[') return !isEncryptedOrHashed(text);
  if (start === '$' && text.startsWith('${')) return !text.includes('}');
  if (start === '$') return !/^\$(?:[A-Za-z_][A-Za-z0-9_.:-]*$|[({[$])/.test(text);
  if (start === '!') return !/^![A-Za-z]+(?:\s|$)/.test(text);
  if (start === '&') return !/^&[A-Za-z]+(?:\s|$)/.test(text);
  if (start === '<') return !/>/.test(text);
  return false;
}

/** True for what documentation writes where a secret goes. */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text.length === 0) return true;
  if (PLAIN_WORDS.has(text.toLowerCase())) return true;
  const head = text.length > 512 ? text.slice(0, 512) : text;
  return (STAND_IN.test(head) && !hidesRandom(head)) || isMonotonous(head) || isPublished(text);
}

/** True for a value that says of itself that the true one goes there; a weak password is none. */
export function isStandIn(value: string): boolean {
  const text = value.trim();
  const head = text.length > 512 ? text.slice(0, 512) : text;
  return (STAND_IN.test(head) && !hidesRandom(head)) || /^(.)\1*$/s.test(text);
}

/**
 * True for the body of a provider's token that only shows its form: words of documentation, one character over and
 * over, or a run of the alphabet. Narrower than isPlaceholder, because random text holds short words by chance.
 */
export function isSampleToken(value: string): boolean {
  return (SAMPLE_TOKEN.test(value) && !hidesRandom(value)) || isMonotonous(value) || isPublished(value);
}

const SAMPLE_TOKEN =
  /example|sample|placeholder|changeme|replace_?me|your[-_]?|dummy|redacted|x{6}|\*{3}|\.{3}|1234567|abcdefg|0{8}|deadbeef|foobar|a1b2c3d4/i;

/** Few different characters for its length, or a run up or down the alphabet that makes up most of it. */
function isMonotonous(text: string): boolean {
  if (text.length < 4) return false;
  if (hasFewer(text, text.length >= 16 ? 5 : 3)) return true;
  let steps = 0;
  for (let i = 1; i < text.length; i++) {
    const step = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (step === 1 || step === -1 || step === 0) steps++;
  }
  return steps >= (text.length - 1) * 0.7;
}

/** Whether a text has fewer different characters than that; most have more within the first few. */
function hasFewer(text: string, than: number): boolean {
  let seen = '';
  for (const char of text) {
    if (!seen.includes(char)) seen += char;
    if (seen.length >= than) return false;
  }
  return true;
}

/** What chance does not make of as many bytes: text where ciphertext should be (one in ten million). */
const READABLE_WHOLE = 16;
const READABLE_RUN = 28;

/** True for bytes that are text from end to end, so that they are no ciphertext. Of a few bytes nobody can say. */
export function isReadable(bytes: Uint8Array): boolean {
  return bytes.length >= READABLE_WHOLE && bytes.every(isPrintable);
}

function isPrintable(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 10;
}

function hasReadableRun(bytes: Uint8Array): boolean {
  let run = 0;
  for (const byte of bytes) {
    run = isPrintable(byte) ? run + 1 : 0;
    if (run >= READABLE_RUN) return true;
  }
  return false;
}

const SOPS_DATA = /^ENC\[AES256_GCM,data:([A-Za-z0-9+/=]{24,4000})/;

const SEALED_LENGTHS = new Set([0x0100, 0x0180, 0x0200, 0x0400]);

/**
 * True for the shape of SealedSecret ciphertext: base64 of a 16-bit length of the RSA part, that part, and AES-GCM
 * (bitnami-labs/sealed-secrets pkg/crypto/crypto.go). Its decoded bytes say nothing without the cluster's key.
 */
export function isSealedCiphertext(value: string): boolean {
  const text = value.trim();
  if (text.length < 364 || !/^[A-Za-z0-9+/]{8}/.test(text)) return false;
  const head = Buffer.from(text.slice(0, 8), 'base64');
  const rsa = head.readUInt16BE(0);
  if (!SEALED_LENGTHS.has(rsa) || Math.floor((text.length * 3) / 4) < rsa + 18) return false;
  // Ciphertext is uniform: text behind a forged length is not.
  const body = Buffer.from(text.slice(8), 'base64');
  const start = body.subarray(0, 384);
  return start.filter(isPrintable).length < start.length * 0.6 && !hasReadableRun(body);
}

/** Each with as much of its shape as tells it from a plain value behind its prefix. */
const ENCRYPTED = [
  /^ENC\[AES256_GCM,data:[A-Za-z0-9+/=]*(?:,iv:[A-Za-z0-9+/]{43}=,tag:[A-Za-z0-9+/]{22}==,type:(?:str|int|float|bytes|bool|time|comment)\]|$)/,
  /^(?:ENC\[PKCS7,[A-Za-z0-9+/\s]{100}|\$ANSIBLE_VAULT;\d|age-encryption\.org\/|-----BEGIN (?:AGE ENCRYPTED|PGP MESSAGE))/,
  /^vault:v\d+:[A-Za-z0-9+/]{38,}={0,2}\s*$|^AQICAH[A-Za-z0-9+/]{60}/,
  /^\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|^\$(?:1|apr1)\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|^\$(?:5|6)\$[^\s]{0,40}\$[./A-Za-z0-9]{43}|^\$y\$[./A-Za-z0-9]+\$[./A-Za-z0-9]+\$/,
  /^\$(?:argon2(?:id?|d)|scrypt|pbkdf2[a-z0-9-]*)\$[^\s$]+\$/i,
  /^\{(?:SSHA|SHA|bcrypt|CRYPT|PBKDF2|cipher)[0-9A-Z-]*\}|^(?:pbkdf2[:_]sha|SCRAM-SHA-|sha(?:256|512)[:$])|^md5[a-f0-9]{32}$/i,
] as const;

/** True for ciphertext made for committing, and for salted password hashes: not plaintext. */
export function isEncryptedOrHashed(value: string): boolean {
  const head = value.trimStart().slice(0, 4096);
  const data = SOPS_DATA.exec(head)?.[1];
  if (data !== undefined && isReadable(Buffer.from(data, 'base64'))) return false;
  return ENCRYPTED.some((shape) => shape.test(head)) || isSealedCiphertext(value);
}
