import { isChosenPassword } from './chosen.js';
import { isRandom } from './randomness.js';

/** What looks like a secret beside the name of one, and is public by its form. */

const ALGORITHM = /^(?:sk-)?(?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp\d{3})(?:@openssh\.com)?$/;

/**
 * True for one or more public keys of OpenSSH, as `authorized_keys` and `known_hosts` have them (sshd(8)): the blob
 * is made of fields with their lengths, the name of its own algorithm first (RFC 4253, 6.6). Lines of another kind, and
 * options or a remark that could be a secret, make it something else.
 */
export function isSshPublicKeys(text: string): boolean {
  if (text.length > 65_536) return false;
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  // A comment could say anything: what is wholly keys has none but at its lines' ends.
  return (
    keys.length > 0 && keys.length === lines.filter((line) => line !== '').length && keys.every(isPublicKey)
  );
}

function isPublicKey(line: string): boolean {
  const words = line.length > 6_000 ? [] : line.split(/\s+/);
  const at = words.findIndex((word) => ALGORITHM.test(word));
  if (at === -1 || !isBlobOf(words[at] as string, words[at + 1] ?? '')) return false;
  return ![...words.slice(0, at), ...words.slice(at + 2)].some(
    (word) => isRandom(word) || isChosenPassword(word),
  );
}

function isBlobOf(algorithm: string, blob: string): boolean {
  if (!/^AAAA[A-Za-z0-9+/]{40,4000}={0,2}$/.test(blob)) return false;
  const bytes = Buffer.from(blob, 'base64');
  let at = 0;
  for (let field = 0; at + 4 <= bytes.length; field++) {
    const size = bytes.readUInt32BE(at);
    if (field === 0 && bytes.toString('latin1', 4, 4 + size) !== algorithm) return false;
    at += 4 + size;
  }
  return at === bytes.length;
}

/**
 * True for an OpenPGP fingerprint as gpg and git's `user.signingKey` write it: forty hexadecimal digits in capitals
 * under a name for the key that signs. A signature's key in small letters may be one of HMAC.
 */
export function isKeyFingerprint(name: string, value: string): boolean {
  return /^[0-9A-F]{40}$/.test(value) && /sign|gpg|pgp/i.test(name);
}

/**
 * True for a password as `mvn --encrypt-password` writes it into settings.xml: in braces, base64 of a salt and AES
 * blocks, padded to sixteen bytes (plexus-cipher, PBECipher). Its key is in settings-security.xml of each user.
 */
export function isMavenCiphertext(value: string): boolean {
  const body = /^\{([A-Za-z0-9+/]{43,1000}={0,2})\}$/.exec(value.trim())?.[1];
  if (body === undefined || body.length % 4 !== 0) return false;
  const size = Buffer.from(body, 'base64').length;
  return size >= 32 && size % 16 === 0;
}
