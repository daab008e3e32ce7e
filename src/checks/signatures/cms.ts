import { createHash } from 'node:crypto';
import { definite } from './ber.js';
import {
  childrenOf,
  DER_INTEGER,
  DER_OCTET_STRING,
  DER_SET,
  type DerElement,
  DerError,
  expect,
  oidOf,
  readDer,
} from './der.js';
import { type Refusal, refuse } from './verification.js';
import { type Certificate, readCertificate } from './x509-certificate.js';
import { DIGESTS, holdsX509, readAlgorithm, type SignatureAlgorithm, weakKey } from './x509-signature.js';

/** A detached CMS signature (RFC 5652) taken apart. */
export interface Cms {
  /** Certificate of whoever signed. */
  signer: Certificate;
  /** All certificates that it brings along. */
  certificates: readonly Certificate[];
  /** The attributes that are signed, in the encoding that the signature is over. */
  signedAttributes: Buffer;
  signature: Buffer;
  digest: string;
  /** Attributes that are not signed: values by OID. */
  unsigned: ReadonlyMap<string, DerElement>;
  algorithm: SignatureAlgorithm;
  messageDigest: Buffer;
}

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const DATA = '1.2.840.113549.1.7.1';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const MAX_CERTIFICATES = 16;

const WEAK_DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'SHA-1'],
  ['1.2.840.113549.2.5', 'MD5'],
]);
/**
 * Reads the CMS of a `SIGNED MESSAGE` armor: one signer, detached content, signed attributes that name the content's
 * type and digest.
 * @throws DerError or node:crypto's errors for what is none
 */
export function readCms(bytes: Buffer): Cms | Refusal {
  const [type, wrapped] = childrenOf(readDer(definite(bytes)));
  if (oidOf(type) !== SIGNED_DATA) throw new DerError('not signed data');
  const [, , content, ...rest] = childrenOf(readDer(expect(wrapped, 0xa0).content));
  const [contentType, ...embedded] = childrenOf(content);
  if (oidOf(contentType) !== DATA || embedded.length > 0) throw new DerError('not a detached signature');
  const set = rest.find((element) => element.tag === 0xa0);
  const encoded = set === undefined ? [] : childrenOf(set, 0xa0);
  if (encoded.length > MAX_CERTIFICATES) throw new DerError('too many certificates');
  const certificates = encoded.map((element) => readCertificate(element.bytes));
  const [info, ...others] = childrenOf(rest.at(-1), DER_SET);
  if (others.length > 0) return refuse('multiple_signatures', 'it carries more than one signature', 'x509');
  return readSigner(info, certificates);
}

function readSigner(info: DerElement | undefined, certificates: readonly Certificate[]): Cms | Refusal {
  const [version, id, digestAlgorithm, attributes, algorithm, signature, unsigned] = childrenOf(info);
  expect(version, DER_INTEGER);
  const signer = certificates.find((certificate) => isNamedBy(certificate, id));
  if (signer === undefined) {
    return refuse('unknown_key', 'the signature does not bring the certificate of its signer', 'x509');
  }
  const claimed = `x509:${signer.fingerprint}`;
  const digestOid = oidOf(childrenOf(digestAlgorithm)[0]);
  const weak = WEAK_DIGESTS.get(digestOid);
  if (weak !== undefined) {
    return refuse('weak_algorithm', `its digest is ${weak}, which can be forged`, 'x509', claimed);
  }
  const digest = DIGESTS.get(digestOid);
  if (digest === undefined)
    return refuse('unsupported_type', `the digest ${digestOid} is not known`, 'x509', claimed);
  const signed = attributesOf(expect(attributes, 0xa0));
  if (oidOf(signed.get(CONTENT_TYPE)) !== DATA) throw new DerError('of another content type');
  const messageDigest = expect(signed.get(MESSAGE_DIGEST), DER_OCTET_STRING).content;
  // The signature is over the attributes as a SET OF, not under the tag that they have here (RFC 5652 section 5.4).
  const signedAttributes = Buffer.from(expect(attributes, 0xa0).bytes);
  signedAttributes[0] = DER_SET;
  return {
    signer,
    certificates,
    signedAttributes,
    signature: expect(signature, DER_OCTET_STRING).content,
    digest,
    unsigned: unsigned === undefined ? new Map() : attributesOf(expect(unsigned, 0xa1)),
    algorithm: readAlgorithm(algorithm),
    messageDigest,
  };
}

function isNamedBy(certificate: Certificate, id: DerElement | undefined): boolean {
  if (id?.tag === 0x80) return certificate.subjectKeyId?.equals(id.content) === true;
  return certificate.issuerAndSerial.equals(expect(id, 0x30).content);
}

/** Attributes by OID; each may stand once, with one value. */
function attributesOf(set: DerElement): Map<string, DerElement> {
  const attributes = new Map<string, DerElement>();
  for (const attribute of childrenOf(set, set.tag)) {
    const [type, values] = childrenOf(attribute);
    const [value, ...others] = childrenOf(values, DER_SET);
    const oid = oidOf(type);
    if (value === undefined || others.length > 0 || attributes.has(oid)) {
      throw new DerError('an attribute without one value');
    }
    attributes.set(oid, value);
  }
  return attributes;
}

/** Why the signature does not hold over the payload, or null when it does. */
export function cmsRefusal(cms: Cms, payload: Buffer): Refusal | null {
  const claimed = `x509:${cms.signer.fingerprint}`;
  const no = (verdict: Refusal['verdict'], reason: string) => refuse(verdict, reason, 'x509', claimed);
  const { publicKey } = cms.signer.x509;
  const weak = weakKey(publicKey);
  if (weak !== null) return no(weak.verdict, weak.reason);
  const { algorithm, digest } = cms;
  if (algorithm.key === null || (algorithm.digest ?? digest) !== digest) {
    return no('unsupported_type', `the signature algorithm ${algorithm.oid} is not accepted`);
  }
  // RFC 8419: Ed25519 goes with SHA-512, and no other digest.
  if (algorithm.key === 'ed25519' && digest !== 'sha512') {
    return no('unsupported_type', `Ed25519 does not go with ${digest}`);
  }
  if (!createHash(digest).update(payload).digest().equals(cms.messageDigest)) {
    return no('bad_signature', 'the signature is over something else');
  }
  return holdsX509(algorithm, publicKey, cms.signedAttributes, cms.signature, digest)
    ? null
    : no('bad_signature', 'the signature does not hold');
}
