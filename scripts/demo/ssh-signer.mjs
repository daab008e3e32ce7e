// A throw-away SSH key that signs commits as `git commit -S` with gpg.format=ssh does, made and used by node:crypto
// alone, so that the demo needs neither ssh-keygen nor gpg. Format: PROTOCOL.sshsig of OpenSSH.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** An SSH string: its length in four bytes, then its bytes. */
function string(value) {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A new ed25519 key: its public half as SSH writes it, its fingerprint, and a signer of commits. */
export function makeSigner() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url');
  const blob = Buffer.concat([string('ssh-ed25519'), string(raw)]);
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return {
    publicKey: `ssh-ed25519 ${blob.toString('base64')}`,
    fingerprint: `ssh:SHA256:${digest}`,
    /** The armored signature of a commit's bytes, in the namespace that git uses. */
    sign(payload) {
      const hashed = createHash('sha512').update(payload).digest();
      const head = [string('git'), string(''), string('sha512')];
      const signed = Buffer.concat([Buffer.from('SSHSIG'), ...head, string(hashed)]);
      const signature = Buffer.concat([string('ssh-ed25519'), string(sign(null, signed, privateKey))]);
      const version = Buffer.from([0, 0, 0, 1]);
      const whole = Buffer.concat([Buffer.from('SSHSIG'), version, string(blob), ...head, string(signature)]);
      const lines = whole.toString('base64').match(/.{1,70}/g);
      return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----'].join('\n');
    },
  };
}
