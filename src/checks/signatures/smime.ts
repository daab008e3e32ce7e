import type { Cms } from './cms.js';
import type { Revocations } from './ssh-revocation.js';
import { dayOf, type Refusal, refuse, type Verification } from './verification.js';
import {
  type Certificate,
  mayBeUsedFor,
  USAGE_CERT_SIGN,
  USAGE_DIGITAL_SIGNATURE,
  USAGE_NON_REPUDIATION,
} from './x509-certificate.js';

const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
const ANY_PURPOSE = '2.5.29.37.0';
const BASIC_CONSTRAINTS = '2.5.29.19';
/** Critical extensions that are understood here; a certificate with another is refused, as RFC 5280 asks. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  BASIC_CONSTRAINTS,
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.32',
  '2.5.29.37',
]);
/** Signatures of certificates over MD5 and SHA-1, and by DSA. */
const WEAK_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10045.4.1',
  '1.2.840.10040.4.3',
]);
const MAX_DEPTH = 8;

/**
 * Judges an S/MIME signature that holds: its certificate must chain to an authority of the keyring, be valid at
 * `now` with all between, and be one for signing mail. Authorities' own revocation lists are not asked for; the
 * keyring's `revoked` names certificates as `x509:<sha256>`.
 */
export function judgeSmime(
  cms: Cms,
  authorities: readonly Certificate[],
  revocations: Revocations,
  now: Date,
): Verification {
  const fingerprint = `x509:${cms.signer.fingerprint}`;
  const no = (verdict: Refusal['verdict'], reason: string) => refuse(verdict, reason, 'x509', fingerprint);
  const chain = chainOf(cms, authorities);
  if (chain === null) {
    return no(
      'unknown_key',
      `no authority of the keyring issued the certificate of ${cms.signer.x509.subject}`,
    );
  }
  const revoked = chain.find((certificate) => revocations.hasFingerprint(`x509:${certificate.fingerprint}`));
  if (revoked !== undefined) {
    return no('revoked_key', `${revoked.x509.subject} is in the list of revoked keys`);
  }
  for (const certificate of chain) {
    const refusal = refusalOf(certificate, certificate === cms.signer, now);
    if (refusal !== null) return no(refusal.verdict, refusal.reason);
  }
  const { signer } = cms;
  const expires = new Date(Math.min(...chain.map((certificate) => certificate.notAfter.getTime())));
  return {
    verdict: 'valid',
    type: 'x509',
    fingerprint,
    reason: 'good',
    by: {
      type: 'x509',
      fingerprint,
      names: [
        fingerprint,
        ...signer.emails.map((email) => `x509:${signer.x509.issuer.replaceAll('\n', ', ')}#${email}`),
      ],
      identities: signer.emails,
      admits: (email) => signer.emails.includes(email),
      vouched: true,
      touched: null,
      expires,
    },
  };
}

/** The signer's certificate and those above it, the authority last; null when none of the keyring is reached. */
function chainOf(cms: Cms, authorities: readonly Certificate[]): Certificate[] | null {
  const chain = [cms.signer];
  for (let current = cms.signer; chain.length <= MAX_DEPTH; ) {
    const authority = authorities.find((candidate) => issued(candidate, current));
    if (authority !== undefined) return [...chain, authority];
    const next = cms.certificates.find(
      (candidate) => !chain.includes(candidate) && issued(candidate, current),
    );
    if (next === undefined) return null;
    chain.push(next);
    current = next;
  }
  return null;
}

function issued(issuer: Certificate, subject: Certificate): boolean {
  return (
    issuer.x509.ca &&
    subject.x509.checkIssued(issuer.x509) &&
    mayBeUsedFor(issuer, USAGE_CERT_SIGN) &&
    subject.x509.verify(issuer.x509.publicKey)
  );
}

function refusalOf(
  certificate: Certificate,
  isSigner: boolean,
  now: Date,
): { verdict: Refusal['verdict']; reason: string } | null {
  const name = isSigner ? 'the certificate' : `the authority ${certificate.x509.subject}`;
  if (certificate.notAfter <= now) {
    return { verdict: 'expired_key', reason: `${name} expired on ${dayOf(certificate.notAfter)}` };
  }
  if (certificate.notBefore > now) {
    return {
      verdict: 'not_signing_key',
      reason: `${name} is not valid before ${dayOf(certificate.notBefore)}`,
    };
  }
  if (WEAK_SIGNATURES.has(certificate.signatureAlgorithm) && !isSelfIssued(certificate)) {
    return { verdict: 'weak_algorithm', reason: `${name} is signed in a way that can be forged` };
  }
  for (const [oid, { critical }] of certificate.extensions) {
    if (critical && !UNDERSTOOD.has(oid)) {
      return { verdict: 'not_signing_key', reason: `${name} has a condition that is not known (${oid})` };
    }
  }
  return isSigner && !signsMail(certificate)
    ? { verdict: 'not_signing_key', reason: 'the certificate is not one for signing mail' }
    : null;
}

/** A root's signature over itself proves nothing and is not relied on. */
function isSelfIssued({ x509 }: Certificate): boolean {
  return x509.subject === x509.issuer;
}

function signsMail(certificate: Certificate): boolean {
  const purposes = certificate.x509.keyUsage;
  const forMail =
    purposes === undefined || purposes.includes(EMAIL_PROTECTION) || purposes.includes(ANY_PURPOSE);
  return (
    forMail &&
    !certificate.x509.ca &&
    mayBeUsedFor(certificate, USAGE_DIGITAL_SIGNATURE, USAGE_NON_REPUDIATION)
  );
}
