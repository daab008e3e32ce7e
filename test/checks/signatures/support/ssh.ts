import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A string of RFC 4251; written here again, so that what the tests sign is not made by what they judge. */
export function wireString(value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A made Ed25519 SSH key. */
export interface SshKey {
  /** `ssh-ed25519 AAAA...` */
  line: string;
  /** `ssh:SHA256:...` */
  fingerprint: string;
  blob: Buffer;
  privateKey: KeyObject;
  /** An armored SSHSIG over a payload. */
  sign: (payload: Buffer) => string;
}

export function sshKey(): SshKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const blob = Buffer.concat([wireString('ssh-ed25519'), wireString(point)]);
  const hash = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  return {
    line: `ssh-ed25519 ${blob.toString('base64')}`,
    fingerprint: `ssh:SHA256:${hash}`,
    blob,
    privateKey,
    sign: (payload) =>
      armored(
        'SSH SIGNATURE',
        sshSig(blob, payload, (data) => plain(privateKey, data)),
      ),
  };
}

function plain(key: KeyObject, data: Buffer): Buffer {
  return Buffer.concat([wireString('ssh-ed25519'), wireString(sign(null, data, key))]);
}

/** The binary SSHSIG that brings `publicKey` along; `make` signs the bytes that it is over. */
export function sshSig(
  publicKey: Buffer,
  payload: Buffer,
  make: (data: Buffer) => Buffer,
  { namespace = 'git', hash = 'sha512', version = 1 } = {},
): Buffer {
  const digest = createHash(hash === 'sha256' ? 'sha256' : 'sha512')
    .update(payload)
    .digest();
  const parts = [wireString(namespace), wireString(''), wireString(hash)];
  const signature = make(Buffer.concat([Buffer.from('SSHSIG'), ...parts, wireString(digest)]));
  const number = Buffer.from([0, 0, 0, version]);
  return Buffer.concat([
    Buffer.from('SSHSIG'),
    number,
    wireString(publicKey),
    ...parts,
    wireString(signature),
  ]);
}

/** PEM around bytes. */
export function armored(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** A key as a security key holds it (OpenSSH's PROTOCOL.u2f), without the device. */
export function securityKey(): { fingerprint: string; sign: (payload: Buffer, flags: number) => string } {
  const type = 'sk-ssh-ed25519@openssh.com';
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const blob = Buffer.concat([wireString(type), wireString(point), wireString('ssh:')]);
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
  return {
    fingerprint: `ssh:SHA256:${sha256(blob).toString('base64').replace(/=+$/, '')}`,
    sign: (payload, flags) => {
      const tail = Buffer.from([flags, 0, 0, 0, 1]);
      const make = (data: Buffer) => {
        const message = Buffer.concat([sha256(Buffer.from('ssh:')), tail, sha256(data)]);
        return Buffer.concat([wireString(type), wireString(sign(null, message, privateKey)), tail]);
      };
      return armored('SSH SIGNATURE', sshSig(blob, payload, make));
    },
  };
}
