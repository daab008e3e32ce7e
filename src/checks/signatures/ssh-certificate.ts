import {
  checkSshSignature,
  readKeyFields,
  readSshPublicKey,
  SshError,
  type SshPublicKey,
  sshFingerprint,
} from './ssh-key.js';
import { WireReader, wireString } from './ssh-wire.js';

/** An OpenSSH user certificate (PROTOCOL.certkeys) whose authority's signature holds. */
export interface SshCertificate {
  /** The key that is certified. */
  subject: SshPublicKey;
  authority: SshPublicKey;
  serial: bigint;
  keyId: string;
  principals: readonly string[];
  validAfter: Date;
  /** Null for one that never ends. */
  validBefore: Date | null;
  criticalOptions: ReadonlyMap<string, Buffer>;
  extensions: ReadonlySet<string>;
}

const SUFFIX = '-cert-v01@openssh.com';
const USER_CERTIFICATE = 1;
const FOREVER = 0xffffffffffffffffn;
/** The last second that a Date can hold. */
const LAST_SECOND = 8_640_000_000_000n;

/** True when a key's wire form is a certificate. */
export function isSshCertificate(blob: Buffer): boolean {
  return (
    blob.length > 4 && blob.toString('latin1', 4, 4 + Math.min(blob.readUInt32BE(0), 80)).endsWith(SUFFIX)
  );
}

/** @throws SshError for a certificate that is broken, not a user's, or not signed by the authority it names. */
export function readSshCertificate(blob: Buffer): SshCertificate {
  try {
    const wire = new WireReader(blob);
    const name = wire.text();
    const type = plainType(name.slice(0, -SUFFIX.length));
    wire.string(); // nonce
    const fieldsStart = wire.offset;
    const fields = readKeyFields(type, wire);
    const plain = Buffer.concat([wireString(type), blob.subarray(fieldsStart, wire.offset)]);
    const serial = wire.uint64();
    if (wire.uint32() !== USER_CERTIFICATE)
      throw new SshError('malformed', "the certificate is not a user's");
    const keyId = wire.text();
    const principals = stringsOf(wire.string());
    // All ones, the end that never comes, is the beginning of a certificate that is never valid.
    const validAfter = dateOf(wire.uint64());
    const validBefore = endOf(wire.uint64());
    const criticalOptions = optionsOf(wire.string());
    const extensions = new Set(optionsOf(wire.string()).keys());
    wire.string(); // reserved
    const authority = readSshPublicKey(wire.string());
    const signed = blob.subarray(0, wire.offset);
    checkSshSignature(authority, wire.string(), signed);
    wire.finish();
    const subject = { type, blob: plain, fingerprint: sshFingerprint(plain), ...fields };
    return {
      subject,
      authority,
      serial,
      keyId,
      principals,
      validAfter,
      validBefore,
      criticalOptions,
      extensions,
    };
  } catch (error) {
    if (error instanceof SshError) throw error;
    throw new SshError('malformed', 'the SSH certificate cannot be read');
  }
}

/** `sk-ssh-ed25519` is written without its domain in the names of certificates. */
function plainType(name: string): string {
  return name.startsWith('sk-') ? `${name}@openssh.com` : name;
}

function stringsOf(bytes: Buffer): string[] {
  const wire = new WireReader(bytes);
  const strings: string[] = [];
  while (!wire.done) strings.push(wire.text());
  return strings;
}

function optionsOf(bytes: Buffer): Map<string, Buffer> {
  const wire = new WireReader(bytes);
  const options = new Map<string, Buffer>();
  while (!wire.done) options.set(wire.text(), wire.string());
  return options;
}

/** All ones stand for no end; zero does not: such a certificate ended in 1970 (OpenSSH's sshkey_cert_check_authority). */
function endOf(seconds: bigint): Date | null {
  return seconds === FOREVER ? null : dateOf(seconds);
}

function dateOf(seconds: bigint): Date {
  return new Date(Number(seconds > LAST_SECOND ? LAST_SECOND : seconds) * 1000);
}
