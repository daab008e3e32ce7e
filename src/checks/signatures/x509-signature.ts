import { constants, type KeyObject, verify } from 'node:crypto';
import { childrenOf, type DerElement, numberOf, oidOf } from './der.js';
import type { Refusal } from './verification.js';

/** How a certificate, a CMS or a list of revoked certificates is signed. */
export interface SignatureAlgorithm {
  oid: string;
  /** Null for an algorithm that is weak or not known: nothing holds by it. */
  key: 'rsa' | 'ec' | 'ed25519' | null;
  /** The digest that it is bound to; null where another field names it, and for Ed25519, which has its own. */
  digest: string | null;
  /** Bytes of salt, for RSASSA-PSS. */
  salt: number | null;
}

/** Digests by OID. */
export const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

const ED25519 = '1.3.101.112';
const RSASSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';
const ALGORITHMS: ReadonlyMap<string, Omit<SignatureAlgorithm, 'oid'>> = new Map([
  ['1.2.840.113549.1.1.1', { key: 'rsa', digest: null, salt: null }],
  ['1.2.840.113549.1.1.11', { key: 'rsa', digest: 'sha256', salt: null }],
  ['1.2.840.113549.1.1.12', { key: 'rsa', digest: 'sha384', salt: null }],
  ['1.2.840.113549.1.1.13', { key: 'rsa', digest: 'sha512', salt: null }],
  ['1.2.840.10045.4.3.2', { key: 'ec', digest: 'sha256', salt: null }],
  ['1.2.840.10045.4.3.3', { key: 'ec', digest: 'sha384', salt: null }],
  ['1.2.840.10045.4.3.4', { key: 'ec', digest: 'sha512', salt: null }],
  [ED25519, { key: 'ed25519', digest: null, salt: null }],
]);

const REFUSED = { key: null, digest: null, salt: null };

/** The algorithm that an AlgorithmIdentifier names. */
export function readAlgorithm(identifier: DerElement | undefined): SignatureAlgorithm {
  const [id, parameters] = childrenOf(identifier);
  const oid = oidOf(id);
  const known = oid === RSASSA_PSS ? readPss(parameters) : ALGORITHMS.get(oid);
  return { oid, ...(known ?? REFUSED) };
}

/** RFC 4055 section 3.1. What is left out stands for SHA-1, and is not taken. */
function readPss(parameters: DerElement | undefined): Omit<SignatureAlgorithm, 'oid'> | null {
  if (parameters === undefined) return null;
  const fields = new Map(childrenOf(parameters).map((field) => [field.tag, field]));
  const [hash, mask, salt] = [0xa0, 0xa1, 0xa2].map((tag) => fields.get(tag));
  if (hash === undefined || mask === undefined || salt === undefined || fields.has(0xa3)) return null;
  const digest = DIGESTS.get(oidOf(childrenOf(childrenOf(hash, 0xa0)[0])[0]));
  const [generator, inner] = childrenOf(childrenOf(mask, 0xa1)[0]);
  const same = oidOf(generator) === MGF1 && DIGESTS.get(oidOf(childrenOf(inner)[0])) === digest;
  if (digest === undefined || !same) return null;
  return { key: 'rsa', digest, salt: numberOf(childrenOf(salt, 0xa2)[0]) };
}

/** True when the signature is one by this algorithm and key over the data; `digest` where the algorithm names none. */
export function holdsX509(
  { key, digest, salt }: SignatureAlgorithm,
  publicKey: KeyObject,
  data: Buffer,
  signature: Buffer,
  otherwise: string | null = null,
): boolean {
  const type = publicKey.asymmetricKeyType;
  if (key === null || (type !== key && !(type === 'rsa-pss' && salt !== null))) return false;
  if (key === 'ed25519') return verify(null, data, publicKey, signature);
  const hash = digest ?? otherwise;
  if (hash === null) return false;
  if (key === 'ec') return verify(hash, data, publicKey, signature);
  const padding =
    salt === null
      ? { key: publicKey, padding: constants.RSA_PKCS1_PADDING }
      : { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt };
  return verify(hash, data, padding, signature);
}

const MIN_RSA_BITS = 2048;
/** NIST's and brainpool's curves of 256 bits and more, as node:crypto names them. */
const CURVES: ReadonlySet<string> = new Set([
  'prime256v1',
  'secp384r1',
  'secp521r1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
]);

/** Why what such a key signs proves nothing, or null. */
export function weakKey(publicKey: KeyObject): { verdict: Refusal['verdict']; reason: string } | null {
  const type = String(publicKey.asymmetricKeyType);
  const { modulusLength = 0, namedCurve = '' } = { ...publicKey.asymmetricKeyDetails };
  if (type === 'rsa' || type === 'rsa-pss') {
    return modulusLength < MIN_RSA_BITS
      ? { verdict: 'weak_algorithm', reason: `RSA keys of ${modulusLength} bits are too weak` }
      : null;
  }
  if (type === 'ec') {
    return CURVES.has(namedCurve)
      ? null
      : { verdict: 'weak_algorithm', reason: `the curve ${namedCurve} is not accepted for signatures` };
  }
  if (type === 'dsa') return { verdict: 'weak_algorithm', reason: 'DSA keys are too weak' };
  return type === 'ed25519'
    ? null
    : { verdict: 'unsupported_type', reason: `keys of type ${type} are not accepted` };
}
