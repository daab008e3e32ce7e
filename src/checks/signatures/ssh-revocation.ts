import { createHash } from 'node:crypto';
import { isKeyType, readKeyText, takeWord } from './allowed-signers.js';
import type { SshCertificate } from './ssh-certificate.js';
import { checkSshSignature, readSshPublicKey } from './ssh-key.js';
import { WireReader } from './ssh-wire.js';

/** Revoked certificates of one authority; `authority` null stands for any. */
interface RevokedCertificates {
  authority: Buffer | null;
  serials: readonly { first: bigint; last: bigint }[];
  keyIds: ReadonlySet<string>;
}

/** What the `revoked` files of a keyring say: key lists and KRLs together. */
export class Revocations {
  /** `openpgp:<HEX>`, `ssh:SHA256:...` or `x509:<hex>`. */
  readonly #fingerprints = new Set<string>();
  readonly #sha1 = new Set<string>();
  readonly #certificates: RevokedCertificates[] = [];

  /**
   * Reads a file: a KRL as `ssh-keygen -k` writes it, or text with one public key or fingerprint a line.
   * @throws Error naming what cannot be read; nothing of a broken file may be left out in silence.
   */
  add(bytes: Buffer): void {
    if (bytes.toString('latin1', 0, KRL_MAGIC.length) === KRL_MAGIC) this.#addKrl(bytes);
    else this.#addList(bytes.toString('utf8'));
  }

  /** True when this fingerprint (with its `openpgp:`, `ssh:` or `x509:`) is listed. */
  hasFingerprint(fingerprint: string): boolean {
    return this.#fingerprints.has(fingerprint);
  }

  /** True when the plain key is revoked: itself or by a hash of it. */
  hasKey(blob: Buffer): boolean {
    return (
      this.#fingerprints.has(`ssh:${hashOf('sha256', blob)}`) || this.#sha1.has(hashOf('sha1', blob).slice(5))
    );
  }

  /** True when a certificate is revoked: its key, its authority, its serial number or its key id. */
  hasCertificate(certificate: SshCertificate): boolean {
    if (this.hasKey(certificate.subject.blob) || this.hasKey(certificate.authority.blob)) return true;
    return this.#certificates.some(
      ({ authority, serials, keyIds }) =>
        (authority === null || authority.equals(certificate.authority.blob)) &&
        (keyIds.has(certificate.keyId) ||
          serials.some(({ first, last }) => first <= certificate.serial && certificate.serial <= last)),
    );
  }

  #addList(text: string): void {
    for (const [index, raw] of text.split('\n').entries()) {
      const line = raw.trim();
      if (line === '' || line.startsWith('#')) continue;
      const openpgp = /^openpgp:(?:0x)?([0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/.exec(line)?.[1];
      const ssh = /^(?:ssh:)?(SHA256:[A-Za-z0-9+/]{43})$/.exec(line)?.[1];
      const x509 = /^x509:([0-9A-Fa-f]{64})$/.exec(line)?.[1];
      const [type, rest] = takeWord(line);
      const [base64] = takeWord(rest);
      if (openpgp !== undefined) this.#fingerprints.add(`openpgp:${openpgp.toUpperCase()}`);
      else if (ssh !== undefined) this.#fingerprints.add(`ssh:${ssh}`);
      else if (x509 !== undefined) this.#fingerprints.add(`x509:${x509.toLowerCase()}`);
      else if (isKeyType(type)) this.#fingerprints.add(`ssh:${readKeyText(type, base64).fingerprint}`);
      else throw new Error(`line ${index + 1} is neither a public key nor a fingerprint`);
    }
  }

  /** OpenSSH's PROTOCOL.krl, format 1. */
  #addKrl(bytes: Buffer): void {
    const wire = new WireReader(bytes);
    wire.bytes(KRL_MAGIC.length);
    const format = wire.uint32();
    if (format !== 1) throw new Error(`a KRL of format ${format} is not known`);
    wire.bytes(24); // KRL version, date, flags
    wire.string(); // reserved
    wire.string(); // comment
    let signed = false;
    while (!wire.done) {
      const start = wire.offset;
      const section = wire.byte();
      if (section === KRL_SIGNATURE) {
        const signer = readSshPublicKey(wire.string());
        checkSshSignature(signer, wire.string(), bytes.subarray(0, start));
        signed = true;
      } else if (signed) {
        throw new Error('a KRL with a section behind its signature');
      } else {
        this.#addSection(section, new WireReader(wire.string()));
      }
    }
  }

  #addSection(section: number, body: WireReader): void {
    if (section === KRL_CERTIFICATES) {
      this.#certificates.push(readCertificates(body));
    } else if (section === KRL_KEYS) {
      while (!body.done) this.#fingerprints.add(`ssh:${hashOf('sha256', body.string())}`);
    } else if (section === KRL_SHA1) {
      while (!body.done) this.#sha1.add(hashIn(body, 20));
    } else if (section === KRL_SHA256) {
      while (!body.done) this.#fingerprints.add(`ssh:SHA256:${hashIn(body, 32)}`);
    } else if (section === KRL_EXTENSION) {
      const name = body.text();
      if (body.byte() !== 0) throw new Error(`a KRL with the critical extension ${JSON.stringify(name)}`);
    } else {
      throw new Error(`a KRL section of type ${section} is not known`);
    }
  }
}

/** A hash in the form of fingerprints; one that was cut short would match nothing, and revoke nothing. */
function hashIn(body: WireReader, bytes: number): string {
  const hash = body.string();
  if (hash.length !== bytes) throw new Error(`a KRL with a hash of ${hash.length} bytes`);
  return hash.toString('base64').replace(/=+$/, '');
}

const KRL_MAGIC = 'SSHKRL\n\0';
const KRL_CERTIFICATES = 1;
const KRL_KEYS = 2;
const KRL_SHA1 = 3;
const KRL_SIGNATURE = 4;
const KRL_SHA256 = 5;
const KRL_EXTENSION = 255;
const CERT_SERIAL_LIST = 0x20;
const CERT_SERIAL_RANGE = 0x21;
const CERT_SERIAL_BITMAP = 0x22;
const CERT_KEY_ID = 0x23;
const CERT_EXTENSION = 0x39;

function readCertificates(body: WireReader): RevokedCertificates {
  const ca = body.string();
  body.string(); // reserved
  const serials: { first: bigint; last: bigint }[] = [];
  const keyIds = new Set<string>();
  while (!body.done) {
    const type = body.byte();
    const data = new WireReader(body.string());
    if (type === CERT_SERIAL_LIST) {
      while (!data.done) {
        const serial = data.uint64();
        serials.push({ first: serial, last: serial });
      }
    } else if (type === CERT_SERIAL_RANGE) {
      const range = { first: data.uint64(), last: data.uint64() };
      if (range.first > range.last) throw new Error('a KRL with a range that ends before it begins');
      serials.push(range);
    } else if (type === CERT_SERIAL_BITMAP) {
      serials.push(...bitmapSerials(data.uint64(), data.mpint()));
    } else if (type === CERT_KEY_ID) {
      while (!data.done) keyIds.add(data.text());
    } else if (type === CERT_EXTENSION) {
      const name = data.text();
      if (data.byte() !== 0) throw new Error(`a KRL with the critical extension ${JSON.stringify(name)}`);
      continue;
    } else {
      throw new Error(`a KRL certificate section of type ${type} is not known`);
    }
    data.finish();
  }
  return { authority: ca.length === 0 ? null : ca, serials, keyIds };
}

/** The serials whose bit is set: bit 0 is the last bit of the number and stands for `offset`. */
function bitmapSerials(offset: bigint, bitmap: Buffer): { first: bigint; last: bigint }[] {
  const serials: { first: bigint; last: bigint }[] = [];
  for (const [index, byte] of [...bitmap].reverse().entries()) {
    for (let bit = 0; bit < 8; bit += 1) {
      if ((byte & (1 << bit)) === 0) continue;
      const serial = offset + BigInt(index * 8 + bit);
      const before = serials.at(-1);
      // Runs of bits are one range each: a bitmap may be megabytes of them.
      if (before !== undefined && before.last === serial - 1n) before.last = serial;
      else serials.push({ first: serial, last: serial });
    }
  }
  return serials;
}

function hashOf(algorithm: 'sha1' | 'sha256', blob: Buffer): string {
  const digest = createHash(algorithm).update(blob).digest('base64').replace(/=+$/, '');
  return `${algorithm.toUpperCase()}:${digest}`;
}
