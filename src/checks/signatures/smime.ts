import type { Cms } from './cms.js';
import { readDer } from './der.js';
import type { Revocations } from './ssh-revocation.js';
import { dayOf, type Refusal, refuse, type Verification } from './verification.js';
import {
  BASIC_CONSTRAINTS,
  type Certificate,
  mayBeUsedFor,
  USAGE_CERT_SIGN,
  USAGE_DIGITAL_SIGNATURE,
  USAGE_NON_REPUDIATION,
} from './x509-certificate.js';
import { constraintRefusal, NAME_CONSTRAINTS } from './x509-constraints.js';
import { distributionPoints } from './x509-list.js';
import { weakKey } from './x509-signature.js';
import type { X509Trust } from './x509-trust.js';

const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
const ANY_PURPOSE = '2.5.29.37.0';
/** Critical extensions that are understood here; a certificate with another is refused, as RFC 5280 asks. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  BASIC_CONSTRAINTS,
  NAME_CONSTRAINTS,
  '2.5.29.15',
  '2.5.29.17',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.37',
]);
const MAX_DEPTH = 8;

type Reason = { verdict: Refusal['verdict']; reason: string; list?: string };

/**
 * Judges an S/MIME signature that holds: its certificate must chain to an authority of the keyring, be valid at
 * `now` with all between, be one for signing mail, and not be revoked: by the keyring's `revoked` (`x509:<sha256>`)
 * or by an authority's list. OCSP is online, which the gate is not.
 */
export function judgeSmime(cms: Cms, trust: X509Trust, revocations: Revocations, now: Date): Verification {
  const fingerprint = `x509:${cms.signer.fingerprint}`;
  const no = (verdict: Refusal['verdict'], reason: string) => refuse(verdict, reason, 'x509', fingerprint);
  const chain = chainOf(cms, trust.authorities);
  if (chain === null) {
    return no(
      'unknown_key',
      `no authority of the keyring issued the certificate of ${subjectOf(cms.signer)}`,
    );
  }
  const revoked = chain.find((certificate) => revocations.hasFingerprint(`x509:${certificate.fingerprint}`));
  if (revoked !== undefined) {
    return no('revoked_key', `${subjectOf(revoked)} is in the list of revoked keys`);
  }
  for (const [index, certificate] of chain.entries()) {
    const refusal =
      refusalOf(certificate, chain.slice(0, index), index === chain.length - 1, now) ??
      listRefusal(certificate, chain[index + 1] ?? issuerOf(certificate, trust.authorities), trust, now);
    if (refusal !== null) return { ...no(refusal.verdict, refusal.reason), ...refusal };
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

/** Who of the keyring issued an authority of it; null for a root. */
function issuerOf(authority: Certificate, authorities: readonly Certificate[]): Certificate | null {
  if (isSelfIssued(authority)) return null;
  return authorities.find((candidate) => issued(candidate, authority)) ?? null;
}

/**
 * @param below the certificates below it in the chain, that of the signer first; none for that of the signer
 * @param isLast true for the authority of the keyring: nobody's signature over it is relied on
 */
function refusalOf(
  certificate: Certificate,
  below: readonly Certificate[],
  isLast: boolean,
  now: Date,
): Reason | null {
  const name = nameOf(certificate, below.length === 0);
  if (certificate.notAfter <= now) {
    return { verdict: 'expired_key', reason: `${name} expired on ${dayOf(certificate.notAfter)}` };
  }
  if (certificate.notBefore > now) {
    return {
      verdict: 'not_signing_key',
      reason: `${name} is not valid before ${dayOf(certificate.notBefore)}`,
    };
  }
  const weak = weakKey(certificate.x509.publicKey);
  if (weak !== null) return { verdict: weak.verdict, reason: `${name}: ${weak.reason}` };
  if (certificate.signatureAlgorithm.key === null && !isLast) {
    return {
      verdict: 'weak_algorithm',
      reason: `${name} is signed in a way that can be forged or is not known`,
    };
  }
  for (const [oid, { critical }] of certificate.extensions) {
    if (critical && !UNDERSTOOD.has(oid)) {
      return { verdict: 'not_signing_key', reason: `${name} has a condition that is not known (${oid})` };
    }
  }
  if (below.length === 0) {
    return signsMail(certificate)
      ? null
      : { verdict: 'not_signing_key', reason: 'the certificate is not one for signing mail' };
  }
  if (!isForMail(certificate)) {
    return { verdict: 'not_signing_key', reason: `${name} may not certify for mail` };
  }
  const constraint = constraintRefusal(certificate, below);
  return constraint === null ? null : { verdict: 'not_signing_key', reason: `${name} ${constraint}` };
}

/** What the lists of its issuer say of a certificate. */
function listRefusal(
  certificate: Certificate,
  issuer: Certificate | null,
  trust: X509Trust,
  now: Date,
): Reason | null {
  if (issuer === null) return null;
  const standing = trust.standingOf(certificate, issuer, now);
  const name = nameOf(certificate, !certificate.x509.ca);
  if (standing.is === 'revoked') {
    const { since, why } = standing.revoked;
    return {
      verdict: 'revoked_key',
      reason: `${name} was revoked by its authority on ${dayOf(since)}${why}`,
    };
  }
  if (standing.is === 'good' || (standing.newest === null && !trust.listsNeeded)) return null;
  const state =
    standing.newest === null ? 'has no list about it in the keyring' : `ended on ${dayOf(standing.newest)}`;
  const whose = standing.newest === null ? subjectOf(issuer) : `the list of ${subjectOf(issuer)}`;
  return {
    verdict: 'not_verifiable_offline',
    reason: `whether ${name} is revoked cannot be told: ${whose} ${state}`,
    list: listUrl(certificate),
  };
}

/** Where a certificate says that the list about it is to be had, by plain HTTP(S); '' where it does not. */
function listUrl(certificate: Certificate): string {
  const urls = distributionPoints(certificate).map((name) => readDer(name).content.toString('latin1'));
  return urls.find((url) => /^https?:\/\/[\w.~:/?#@!$&'()*+,;=%-]{1,500}$/.test(url)) ?? '';
}

function nameOf(certificate: Certificate, isSigner: boolean): string {
  return isSigner ? 'the certificate' : `the authority ${subjectOf(certificate)}`;
}

function subjectOf({ x509 }: Certificate): string {
  return x509.subject.replaceAll('\n', ', ');
}

function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return issuer.equals(subject);
}

function isForMail({ x509: { keyUsage: purposes } }: Certificate): boolean {
  return purposes === undefined || purposes.includes(EMAIL_PROTECTION) || purposes.includes(ANY_PURPOSE);
}

function signsMail(certificate: Certificate): boolean {
  return (
    isForMail(certificate) &&
    !certificate.x509.ca &&
    mayBeUsedFor(certificate, USAGE_DIGITAL_SIGNATURE, USAGE_NON_REPUDIATION)
  );
}
