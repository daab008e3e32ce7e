import { constants, createHash, verify } from 'node:crypto';
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
  algorithm: string;
  messageDigest: Buffer;
}

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const DATA = '1.2.840.113549.1.7.1';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const MAX_CERTIFICATES = 16;
const MIN_RSA_BITS = 2048;

const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);
const WEAK_DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'SHA-1'],
  ['1.2.840.113549.2.5', 'MD5'],
]);
/** Signature algorithms with the digest they are bound to; null where the digest is named beside them. */
const ALGORITHMS: ReadonlyMap<string, { key: string; digest: string | null }> = new Map([
  ['1.2.840.113549.1.1.1', { key: 'rsa', digest: null }],
  ['1.2.840.113549.1.1.11', { key: 'rsa', digest: 'sha256' }],
  ['1.2.840.113549.1.1.12', { key: 'rsa', digest: 'sha384' }],
  ['1.2.840.113549.1.1.13', { key: 'rsa', digest: 'sha512' }],
  ['1.2.840.10045.4.3.2', { key: 'ec', digest: 'sha256' }],
  ['1.2.840.10045.4.3.3', { key: 'ec', digest: 'sha384' }],
  ['1.2.840.10045.4.3.4', { key: 'ec', digest: 'sha512' }],
]);

/**
 * Reads the CMS of a `SIGNED MESSAGE` armor: one signer, detached content, signed attributes that name the content's
 * type and digest.
 * @throws DerError or node:crypto's errors for what is none
 */
export function readCms(bytes: Buffer): Cms | Refusal {
  const [type, wrapped] = childrenOf(readDer(bytes));
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
    algorithm: oidOf(childrenOf(algorithm)[0]),
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
  const type = publicKey.asymmetricKeyType;
  const { modulusLength = 0 } = { ...publicKey.asymmetricKeyDetails };
  if (type === 'rsa' && modulusLength < MIN_RSA_BITS) {
    return no('weak_algorithm', `RSA keys of ${modulusLength} bits are too weak`);
  }
  const algorithm = ALGORITHMS.get(cms.algorithm);
  if (algorithm === undefined || algorithm.key !== type || (algorithm.digest ?? cms.digest) !== cms.digest) {
    return no('unsupported_type', `the signature algorithm ${cms.algorithm} is not accepted`);
  }
  if (!createHash(cms.digest).update(payload).digest().equals(cms.messageDigest)) {
    return no('bad_signature', 'the signature is over something else');
  }
  const padding = { key: publicKey, padding: constants.RSA_PKCS1_PADDING };
  const good = verify(cms.digest, cms.signedAttributes, type === 'rsa' ? padding : publicKey, cms.signature);
  return good ? null : no('bad_signature', 'the signature does not hold');
}
