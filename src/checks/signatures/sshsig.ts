import { createHash } from 'node:crypto';
import { SshError } from './ssh-key.js';
import { WireReader, wireString } from './ssh-wire.js';

/** A parsed SSHSIG (OpenSSH's PROTOCOL.sshsig, version 1). */
export interface SshSig {
  /** The public key or certificate that the signature brings along, in wire form. */
  publicKey: Buffer;
  namespace: string;
  hash: 'sha256' | 'sha512';
  reserved: Buffer;
  signature: Buffer;
}

const MAGIC = 'SSHSIG';
const VERSION = 1;

/** @throws SshError `malformed` for anything but one whole SSHSIG of version 1 with a known hash. */
export function readSshSig(bytes: Buffer): SshSig {
  try {
    const wire = new WireReader(bytes);
    if (wire.bytes(MAGIC.length).toString('latin1') !== MAGIC) throw new RangeError('no SSHSIG');
    if (wire.uint32() !== VERSION)
      throw new SshError('malformed', 'the SSH signature is of an unknown version');
    const publicKey = wire.string();
    const namespace = wire.text();
    const reserved = wire.string();
    const hash = wire.text();
    const signature = wire.string();
    wire.finish();
    if (hash !== 'sha256' && hash !== 'sha512') {
      throw new SshError('malformed', `the hash ${JSON.stringify(hash)} is not one of SSH signatures`);
    }
    return { publicKey, namespace, hash, reserved, signature };
  } catch (error) {
    if (error instanceof SshError) throw error;
    throw new SshError('malformed', 'the SSH signature cannot be read');
  }
}

/** The bytes that the signature is over. */
export function signedBySshSig(sig: SshSig, payload: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(MAGIC, 'latin1'),
    wireString(sig.namespace),
    wireString(sig.reserved),
    wireString(sig.hash),
    wireString(createHash(sig.hash).update(payload).digest()),
  ]);
}
