/**
 * Reads names of keys, variables, fields and flags: does a name say that its value is a secret, and of which kind?
 */

/** `password` values are chosen by people, `key` values (keys, tokens) by machines. */
export type NameKind = 'password' | 'key';

const PASSWORDS = new Set([
  'password',
  'passwd',
  'passwords',
  'pwd',
  'passphrase',
  'passcode',
  'pass',
  'pw',
  'psk',
  'requirepass',
  'masterauth',
  'userpassword',
  'rootpassword',
  'adminpassword',
  'dbpassword',
  'mysqlpassword',
  'postgrespassword',
  'redispassword',
  'bindpassword',
  'keystorepassword',
  'smtppassword',
  'pgpassword',
  'bindpw',
  'rootpw',
  'authtok',
  'dbpass',
  'dbpasswd',
  'smtppass',
  'rootpass',
  'adminpass',
  'userpass',
  'pswd',
  'sshpass',
  'storepass',
  'keypass',
  'preshared',
  'presharedkey',
  // The word in other languages.
  'passwort',
  'kennwort',
  'wachtwoord',
  'passe',
  'motdepasse',
  'contrasena',
  'senha',
  'heslo',
  'parola',
  'haslo',
  'salasana',
  'losenord',
  'lozinka',
]);
const SECRETS = new Set([
  'secret',
  'token',
  'tokens',
  'apikey',
  'apikeys',
  'apisecret',
  'apitoken',
  'accesskey',
  'secretkey',
  'privatekey',
  'credential',
  'credentials',
  'authtoken',
  'accesstoken',
  'refreshtoken',
  'bearertoken',
  'clientsecret',
  'signingkey',
  'encryptionkey',
  'appsecret',
  'sharedsecret',
  'masterkey',
  'licensekey',
  'secretaccesskey',
  'connectionstring',
  'webhooksecret',
  'sessionsecret',
  'jwtsecret',
  'cookiesecret',
  'authkey',
  'bearer',
  'authorization',
  'auth',
  'pat',
  'creds',
  'pepper',
  'unseal',
  'rcon',
  'fernet',
  'signing',
  'erlangcookie',
  'mnemonic',
  'seed',
  'seedphrase',
  'passkey',
  'securitykey',
  'validationkey',
  'decryptionkey',
  'presharedsecret',
]);
/** Words that make a following `key` a secret one. */
const KEY_MAKERS = new Set(
  'api access secret private encryption encrypt signing sign master account shared storage license licence auth admin service app application webhook session deploy hmac jwt aes cookie encoding crypto rsa ssl fernet cipher decrypt decryption root rpc seal unseal sse subscription client integration ingest write hmac validation network machine noise wpa ipsec routing join enrollment unlock recovery bot personal'.split(
    ' ',
  ),
);
/** Words that make a following `salt` one that must stay secret: it signs cookies and nonces. Others are public. */
const SALT_MAKERS = new Set('nonce auth in cookie session jwt app application encryption signing'.split(' '));
/** Words that make a following `pin` one that opens something. */
const PIN_MAKERS = new Set(
  'unlock disarm arm alarm door gate lock access admin security user card sim token hsm parental keypad garage entry'.split(
    ' ',
  ),
);
/** Words that may follow the telling one without changing what it is. */
const TAIL = new Set(
  'value val plain plaintext unencrypted decrypted cleartext clear text raw base64 b64 encoded prod production dev development staging stage test qa uat live default old new current previous primary secondary main db database user admin root string data decoded literal'.split(
    ' ',
  ),
);
/** Words before it that make the name a reference or a setting. */
const REFERRING = new Set(
  'existing pull image images public no without forgot reset change invalid missing wrong show hide has is require requires use enable disable validate verify generate create rotate max min length count num number total input output context cancellation csrf xsrf next page continuation pagination eos bos pad sep unk mask stop special tokenizer lexer parser syntax design idempotency partition sort primary foreign row cache hot registration ssh authorized known host lock'.split(
    ' ',
  ),
);

/** `dbPassword`, `DB_PASSWORD`, `db-password` and `dbpassword1` as lower-case words. */
export function wordsOf(name: string): readonly string[] {
  const known = seen.get(name);
  if (known !== undefined) return known;
  const words = splitName(name);
  if (seen.size >= MOST_SEEN) seen.clear();
  if (name.length <= LONGEST_SEEN) seen.set(name, words);
  return words;
}

/** Names recur in a repository, and each is asked for several times: what was split is kept, within bounds. */
const seen = new Map<string, readonly string[]>();
const MOST_SEEN = 4_096;
const LONGEST_SEEN = 128;

function splitName(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) =>
      /^[a-z]+\d{1,2}$/.test(word) && word !== 'base64' && word !== 'b64'
        ? word.replace(/\d{1,2}$/, '')
        : word,
    )
    .filter((word) => word.length > 0);
}

/** What a name says of its value, or null when it names no secret (`passwordFile`, `secretName`, `public_key`). */
export function kindOfName(name: string): NameKind | null {
  if (name.length > 120) return null;
  const words = wordsOf(name);
  for (let i = words.length - 1; i >= 0; i--) {
    const word = words[i] as string;
    const before = words[i - 1] ?? '';
    const kind = kindOfWord(word, before, words.length);
    if (kind !== null) {
      if (REFERRING.has(before) && kind === 'key') return null;
      // .NET's `publicKeyToken` is eight bytes of a hash of the public key.
      if (word === 'token' && before === 'key' && words[i - 2] === 'public') return null;
      if (
        /^(?:hashed|hash|checksum|encrypted|sealed|sha\d*|bcrypt|crypt|digest|public|masked|redacted)$/.test(
          before,
        )
      )
        return null;
      if ((before === 'existing' || before === 'forgot' || before === 'reset' || before === 'no') && i > 0)
        return null;
      return kind;
    }
    if (!TAIL.has(word) && !/^\d{1,4}$/.test(word)) return null;
  }
  return null;
}

function kindOfWord(word: string, before: string, count: number): NameKind | null {
  if (PASSWORDS.has(word)) return (word === 'pass' || word === 'pw') && count > 3 ? null : 'password';
  if (SECRETS.has(word)) return 'key';
  if ((word === 'key' || word === 'keys') && KEY_MAKERS.has(before)) return 'key';
  if (word === 'string' && before === 'connection') return 'key';
  if (word === 'cookie' && before === 'erlang') return 'key';
  if (word === 'phrase' && /^(?:seed|recovery|mnemonic|secret)$/.test(before)) return 'key';
  if (word === 'shared' && before === 'pre') return 'password';
  if (word === 'community') return /^(?:snmp|ro|rw|read|write)$/.test(before) ? 'password' : 'key';
  if (word === 'salt' && SALT_MAKERS.has(before)) return 'key';
  if (word === 'pin' && PIN_MAKERS.has(before)) return 'password';
  if (word.length > 8 && /(?:password|passwd)$/.test(word)) return 'password';
  if (word.length > 7 && /(?:secret|apikey|authtoken|accesstoken|secretkey|accesskey|privatekey)$/.test(word))
    return 'key';
  return null;
}

const MENTIONS = new Set([
  ...PASSWORDS,
  ...SECRETS,
  'key',
  'keys',
  'pat',
  'auth',
  'login',
  'cred',
  'creds',
  'hapikey',
  'psk',
  'unseal',
  'credential',
]);
/** Last words of names that describe a secret or its surroundings instead of being one. */
const DESCRIBES = new Set(
  'id name names file path url uri host hostname endpoint server ref reference hash sha sha1 sha256 digest checksum version image tag type kind region bucket namespace user username email domain port algorithm issuer audience scope scopes ttl expiry expires header prefix suffix label annotation secretname length size count enabled method mode provider realm team org project site zone env template format alias arn fingerprint thumbprint pub public groups group roles role mtime timestamp'.split(
    ' ',
  ),
);

/** True when a name has a word for a secret and does not end in one that describes it: enough beside a provider. */
export function mentionsSecret(name: string): boolean {
  const words = wordsOf(name);
  const last = words[words.length - 1];
  if (last === undefined || DESCRIBES.has(last) || words.includes('public') || words.includes('existing'))
    return false;
  return words.some((word) => MENTIONS.has(word) || /(?:token|secret|password|passwd|key)$/.test(word));
}

/** Keys of Secrets that are public or no secret by themselves. */
const HARMLESS =
  /(?:^|[-_.])(?:user(?:name)?|login|email|host(?:name)?|port|server|url|uri|endpoint|address|name|project|type|region|bucket|database|db(?:name)?|namespace|id|issuer|audience|domain|realm|scopes?|ca|enabled?|insecure|config|mode|version|expiration|description|usage-[\w-]+|auth-extra-groups)$|Mtime$|\.(?:crt|pem\.pub|pub|cer|ca)$|^ca\.|^tls\.crt$|^ca$|cert(?:ificate)?(?:Data)?$|known_?hosts|Id$|ID$/i;

/** True for a key of a Secret that is public or no secret by itself: a user name, a host, a certificate. */
export function isHarmlessKey(name: string): boolean {
  // No key of a Secret is longer.
  return name.length <= 253 && HARMLESS.test(name);
}
