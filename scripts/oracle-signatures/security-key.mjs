// Signatures as a FIDO security key makes them (OpenSSH's PROTOCOL.u2f), with a key that is none: no device is needed.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { armor } from './tools.mjs';

const string = (value) => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const mpint = (bytes) => {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const value = bytes.subarray(start);
  return string(value[0] & 0x80 ? Buffer.concat([Buffer.of(0), value]) : value);
};

/** A made security key: `line` for allowed_signers and `sign(payload, flags)`, an armored SSHSIG. */
export function securityKey(kind) {
  const ec = kind === 'ecdsa';
  const type = ec ? 'sk-ecdsa-sha2-nistp256@openssh.com' : 'sk-ssh-ed25519@openssh.com';
  const pair = ec ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  const jwk = pair.publicKey.export({ format: 'jwk' });
  const [x, y] = [Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y ?? '', 'base64url')];
  const point = ec ? [string('nistp256'), string(Buffer.concat([Buffer.of(4), x, y]))] : [string(x)];
  const blob = Buffer.concat([string(type), ...point, string('ssh:')]);
  return {
    line: `${type} ${blob.toString('base64')}`,
    sign(payload, flags) {
      const hash = createHash('sha512').update(payload).digest();
      const signed = Buffer.concat([
        Buffer.from('SSHSIG'),
        string('git'),
        string(''),
        string('sha512'),
        string(hash),
      ]);
      const tail = Buffer.from([flags, 0, 0, 0, 7]);
      const message = Buffer.concat([sha256(Buffer.from('ssh:')), tail, sha256(signed)]);
      const raw = ec
        ? sign('sha256', message, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })
        : sign(null, message, pair.privateKey);
      const value = ec ? Buffer.concat([mpint(raw.subarray(0, 32)), mpint(raw.subarray(32))]) : raw;
      const version = Buffer.from([0, 0, 0, 1]);
      const signature = Buffer.concat([string(type), string(value), tail]);
      return armor(
        'SSH SIGNATURE',
        Buffer.concat([
          Buffer.from('SSHSIG'),
          version,
          string(blob),
          string('git'),
          string(''),
          string('sha512'),
          string(signature),
        ]),
      );
    },
  };
}
