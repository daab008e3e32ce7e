import { createHash, X509Certificate } from 'node:crypto';
import {
  childrenOf,
  DER_BIT_STRING,
  DER_INTEGER,
  DER_OCTET_STRING,
  DER_SEQUENCE,
  type DerElement,
  DerError,
  expect,
  numberOf,
  oidOf,
  readDer,
} from './der.js';
import { readAlgorithm, type SignatureAlgorithm } from './x509-signature.js';

/** A certificate with what the gate asks of it that node:crypto does not tell. */
export interface Certificate {
  x509: X509Certificate;
  der: Buffer;
  /** SHA-256 over the encoding, lower-case hex. */
  fingerprint: string;
  /** The names of its issuer and of itself, encoded; empty ones are a SEQUENCE of nothing. */
  issuer: Buffer;
  subject: Buffer;
  /** The serial number as it is encoded, which is how lists of revoked certificates name it. */
  serial: Buffer;
  /** The issuer's name and the serial number, encoded, as a CMS names a certificate. */
  issuerAndSerial: Buffer;
  subjectKeyId: Buffer | null;
  emails: readonly string[];
  uris: readonly string[];
  /** All alternative names, as they are encoded (GeneralName). */
  names: readonly DerElement[];
  /** How many authorities may stand between this one and the certificates that people have; null for any number. */
  pathLength: number | null;
  /** Extensions by OID, with their values. */
  extensions: ReadonlyMap<string, { critical: boolean; value: Buffer }>;
  signatureAlgorithm: SignatureAlgorithm;
  notBefore: Date;
  notAfter: Date;
}

export const BASIC_CONSTRAINTS = '2.5.29.19';
const SUBJECT_KEY_ID = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
/** Fulcio's issuer: as raw text (deprecated) and as a UTF8String (fulcio's docs/oid-info.md). */
const FULCIO_ISSUER_RAW = '1.3.6.1.4.1.57264.1.1';
const FULCIO_ISSUER = '1.3.6.1.4.1.57264.1.8';
/** Bits of KeyUsage (RFC 5280 section 4.2.1.3). */
export const USAGE_DIGITAL_SIGNATURE = 0;
export const USAGE_NON_REPUDIATION = 1;
export const USAGE_CERT_SIGN = 5;
export const USAGE_CRL_SIGN = 6;

/** @throws Error for what is no certificate */
export function readCertificate(der: Buffer): Certificate {
  const x509 = new X509Certificate(der);
  const [body, algorithm] = childrenOf(readDer(der));
  const fields = childrenOf(body);
  // A certificate of version 1 has no version field in front.
  const [serial, , issuer, , subject] = fields.filter((field) => field.tag !== 0xa0);
  const extensions = extensionsOf(fields.find((field) => field.tag === 0xa3));
  const names = extensions.get(SUBJECT_ALT_NAME);
  const general = names === undefined ? [] : childrenOf(readDer(names.value));
  const texts = (tag: number) =>
    general.filter((name) => name.tag === tag).map((name) => name.content.toString('utf8'));
  const keyId = extensions.get(SUBJECT_KEY_ID);
  return {
    x509,
    der,
    fingerprint: createHash('sha256').update(der).digest('hex'),
    issuer: expect(issuer, DER_SEQUENCE).bytes,
    subject: expect(subject, DER_SEQUENCE).bytes,
    serial: expect(serial, DER_INTEGER).content,
    issuerAndSerial: Buffer.concat([expect(issuer, DER_SEQUENCE).bytes, expect(serial, DER_INTEGER).bytes]),
    subjectKeyId: keyId === undefined ? null : expect(readDer(keyId.value), DER_OCTET_STRING).content,
    emails: texts(0x81),
    uris: texts(0x86),
    names: general,
    pathLength: pathLengthOf(extensions.get(BASIC_CONSTRAINTS)?.value),
    extensions,
    signatureAlgorithm: readAlgorithm(algorithm),
    notBefore: x509.validFromDate,
    notAfter: x509.validToDate,
  };
}

/** The OIDC issuer that Fulcio put in, or null for a certificate of another authority. */
export function fulcioIssuer({ extensions }: Certificate): string | null {
  const issuer = extensions.get(FULCIO_ISSUER);
  if (issuer !== undefined) return readDer(issuer.value).content.toString('utf8');
  return extensions.get(FULCIO_ISSUER_RAW)?.value.toString('utf8') ?? null;
}

/** Whether the key may be used so; a certificate that does not say may be used for anything. */
export function mayBeUsedFor({ extensions }: Certificate, ...bits: readonly number[]): boolean {
  const usage = extensions.get(KEY_USAGE);
  if (usage === undefined) return true;
  const flags = expect(readDer(usage.value), DER_BIT_STRING).content.subarray(1);
  return bits.some((bit) => (Number(flags[bit >> 3]) & (0x80 >> (bit & 7))) !== 0);
}

function pathLengthOf(constraints: Buffer | undefined): number | null {
  if (constraints === undefined) return null;
  const length = childrenOf(readDer(constraints)).find(({ tag }) => tag === DER_INTEGER);
  return length === undefined ? null : numberOf(length);
}

/** The extensions under the tag that a certificate, or a list of revoked ones, has them; each may stand once. */
export function extensionsOf(holder: DerElement | undefined): Certificate['extensions'] {
  const extensions = new Map<string, { critical: boolean; value: Buffer }>();
  if (holder === undefined) return extensions;
  for (const extension of childrenOf(readDer(holder.content))) {
    const [id, ...rest] = childrenOf(extension);
    const oid = oidOf(id);
    if (extensions.has(oid)) throw new DerError('an extension stands twice');
    // The flag is written only where it is true (DER leaves defaults out).
    const critical = rest.length > 1;
    extensions.set(oid, { critical, value: expect(rest.at(-1), DER_OCTET_STRING).content });
  }
  return extensions;
}
