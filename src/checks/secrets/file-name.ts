import { isSamplePath, isTestPath } from './file-kind.js';
import { kindOfName } from './key-name.js';
import { isKeyStore } from './key-store.js';
import { helpFor, type SecretFinding } from './secret-finding.js';
import { strengthOf } from './strength.js';

/** Files that are secrets by what they are, whatever is in them. */
const KINDS: readonly {
  name: RegExp;
  /** Says the same of a file of any name by its content. */
  content?: (bytes: Buffer) => boolean;
  what: string;
  revoke: string;
  least: number;
  not?: RegExp;
}[] = [
  {
    name: /(?:^|\/)(?:[^/]+\.)?tfstate(?:\.backup)?$/,
    content: (bytes) =>
      /^\s*\{\s*"version":\s*\d+,\s*"terraform_version":\s*"[^"]*",\s*"serial":/.test(
        bytes.subarray(0, 256).toString('latin1'),
      ),
    what: 'Terraform state, which holds every secret of its resources in clear',
    revoke: 'rotate what it holds and move the state to a remote backend',
    least: 40,
    not: /^\s*\{\s*"version":\s*\d+,\s*"serial":\s*\d+,\s*"lineage":\s*"[^"]*",\s*"remote"/,
  },
  {
    name: /(?:^|\/)(?:[^/]+\.)?(?:jks|keystore|p12|pfx|kdbx|keytab)$/,
    content: isKeyStore,
    what: 'a store of keys or passwords',
    revoke: 'replace the keys in it',
    least: 32,
  },
  {
    name: /(?:^|\/)[^/]+\.ya?ml\.dec$|(?:^|\/)[^/]+\.dec\.ya?ml$|(?:^|\/)secrets[^/]*\.dec$/,
    what: 'the decrypted twin of an encrypted file (helm-secrets), never meant for git',
    revoke: 'rotate what it holds and ignore *.dec in .gitignore',
    least: 8,
  },
];

/** A finding for a file that is a secret as a whole, or null. `bytes` keep empty and stub files out. */
export function namedFinding(path: string, bytes: Buffer): SecretFinding | null {
  const kind = KINDS.find((item) => item.name.test(path) || item.content?.(bytes) === true);
  if (kind === undefined) return passwordFile(path, bytes);
  if (bytes.length < kind.least) return null;
  const head = bytes.subarray(0, 2048).toString('latin1');
  if (kind.not?.test(head) === true) return null;
  return {
    rule: 'secret-file',
    action: 'fix',
    confidence: 'likely',
    message: `${kind.what}`,
    help: helpFor(kind.revoke, path),
    line: 1,
    endLine: 1,
    column: null,
    value: null,
    token: false,
    object: null,
    place: ['file'],
  };
}

/** `.vault_pass`, `secrets/db_password.txt`: a file that is named like a secret and holds one value. */
function passwordFile(path: string, bytes: Buffer): SecretFinding | null {
  const name = /(?:^|\/)\.?([\w-]{1,60})(?:\.(?:txt|key|secret|pass|conf|cfg|auth))?$/.exec(path)?.[1];
  if (name === undefined || bytes.length < 6 || bytes.length > 1100 || isTestPath(path) || isSamplePath(path))
    return null;
  const text = bytes.toString('utf8').trim();
  const held = keyFile(name, text) ?? secondLine(name, text);
  const value = held ?? text;
  const named = held !== null || kindOfName(name) !== null;
  if (!named || !/^[\x21-\x7e]{6,256}$/.test(value.slice(0, 256)) || (held === null && text.length > 256))
    return null;
  const strength = strengthOf(value);
  if (strength !== 'random' && strength !== 'password') return null;
  return {
    rule: 'secret-file',
    action: 'fix',
    confidence: 'likely',
    message: 'a file whose name says that it holds a secret, and a value that is one',
    help: helpFor('change it where it is used', path),
    line: 1,
    endLine: text.split('\n').length,
    column: 1,
    value,
    token: false,
    object: null,
    place: ['file'],
  };
}

/** The key that members of a MongoDB cluster share: 6 to 1024 characters of base64 on any number of lines. */
function keyFile(name: string, text: string): string | null {
  if (!/key-?_?file$/i.test(name) || !/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) return null;
  return text.replace(/\s+/g, '');
}

/** `auth-user-pass` of OpenVPN and the like: a name on the first line, its password on the second. */
function secondLine(name: string, text: string): string | null {
  if (!/^(?:.{1,40}[-_])?(?:auth|login|userpass|user-pass|credentials?|creds?)(?:[-_].{1,40})?$/i.test(name))
    return null;
  const [user = '', password = '', ...more] = text.split(/\r?\n/).map((line) => line.trim());
  return more.length === 0 && /^[\w.@+-]{2,64}$/.test(user) && password !== '' ? password : null;
}
