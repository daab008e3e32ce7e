import { isSamplePath, isTestPath } from './file-kind.js';
import { kindOfName } from './key-name.js';
import { helpFor, type SecretFinding } from './secret-finding.js';
import { strengthOf } from './strength.js';

/** Files that are secrets by what they are, whatever is in them. */
const KINDS: readonly { name: RegExp; what: string; revoke: string; least: number; not?: RegExp }[] = [
  {
    name: /(?:^|\/)(?:[^/]+\.)?tfstate(?:\.backup)?$/,
    what: 'Terraform state, which holds every secret of its resources in clear',
    revoke: 'rotate what it holds and move the state to a remote backend',
    least: 40,
    not: /^\s*\{\s*"version":\s*\d+,\s*"serial":\s*\d+,\s*"lineage":\s*"[^"]*",\s*"remote"/,
  },
  {
    name: /(?:^|\/)(?:[^/]+\.)?(?:jks|keystore|p12|pfx|kdbx|keytab)$/,
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
  const kind = KINDS.find((item) => item.name.test(path));
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
  const name = /(?:^|\/)\.?([\w-]{1,60})(?:\.(?:txt|key|secret|pass))?$/.exec(path)?.[1];
  if (name === undefined || bytes.length < 6 || bytes.length > 260 || isTestPath(path) || isSamplePath(path))
    return null;
  const value = bytes.toString('utf8').trim();
  if (kindOfName(name) === null || !/^[\x21-\x7e]{6,256}$/.test(value)) return null;
  const strength = strengthOf(value);
  if (strength !== 'random' && strength !== 'password') return null;
  return {
    rule: 'secret-file',
    action: 'fix',
    confidence: 'likely',
    message: 'a file whose name says that it holds a secret, and a value that is one',
    help: helpFor('change it where it is used', path),
    line: 1,
    endLine: 1,
    column: 1,
    value,
    token: false,
    object: null,
    place: ['file'],
  };
}
