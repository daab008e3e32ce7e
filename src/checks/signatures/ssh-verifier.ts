import { type AllowedSigner, matchesPatternList } from './allowed-signers.js';
import { isSshCertificate, readSshCertificate, type SshCertificate } from './ssh-certificate.js';
import {
  checkSshSignature,
  readSshPublicKey,
  SshError,
  type SshPublicKey,
  type SshSignatureFacts,
} from './ssh-key.js';
import type { Revocations } from './ssh-revocation.js';
import { readSshSig, signedBySshSig } from './sshsig.js';
import { CLOCK_SKEW_MS, dayOf, type Refusal, refuse, type Verification } from './verification.js';

/** The namespace that git signs for (gpg-interface.c); a signature of a file or an e-mail is none of a commit. */
const NAMESPACE = 'git';
/** Critical options of a certificate that say how a key may log in; they have no meaning for a commit. */
const VERIFY_REQUIRED = 'verify-required';
const NO_TOUCH = 'no-touch-required';

/** What SSH signatures are judged against. */
export interface SshTrust {
  allowed: readonly AllowedSigner[];
  revocations: Revocations;
  /** `ssh:SHA256:...` that signers of the configuration list, whether or not allowed_signers has them. */
  listed: ReadonlySet<string>;
  now: Date;
}

/**
 * Verifies an SSHSIG over raw bytes as `ssh-keygen -Y verify -n git` does, but at `now` (git passes the committer's
 * date, which the committer chooses) and with the device's touch kept for the signers to ask for.
 */
export function verifySshSignature(payload: Buffer, armor: Buffer, trust: SshTrust): Verification {
  try {
    return judge(payload, armor, trust);
  } catch (error) {
    if (error instanceof SshError) return refuse(error.code, error.message, 'ssh');
    throw error;
  }
}

/** @throws SshError for what is broken, too weak, unknown or does not hold */
function judge(payload: Buffer, armor: Buffer, trust: SshTrust): Verification {
  const sig = readSshSig(armor);
  const certificate = isSshCertificate(sig.publicKey) ? readSshCertificate(sig.publicKey) : null;
  const key = certificate?.subject ?? knownKey(sig.publicKey, trust);
  const facts = checkSshSignature(key, sig.signature, signedBySshSig(sig, payload));
  const no = (verdict: Refusal['verdict'], reason: string) =>
    refuse(verdict, reason, 'ssh', `ssh:${key.fingerprint}`);
  if (sig.namespace !== NAMESPACE) {
    return no('bad_signature', `the signature is for ${JSON.stringify(sig.namespace)}, not for git`);
  }
  if (
    certificate === null ? trust.revocations.hasKey(key.blob) : trust.revocations.hasCertificate(certificate)
  ) {
    return no('revoked_key', 'the key is in the list of revoked keys');
  }
  return certificate === null ? byKey(key, facts, trust) : byCertificate(certificate, facts, trust);
}

/** The key of the signature; one of allowed_signers has been read already, which is most of the work. */
function knownKey(blob: Buffer, { allowed }: SshTrust): SshPublicKey {
  return allowed.find((line) => line.key.blob.equals(blob))?.key ?? readSshPublicKey(blob);
}

function byKey(key: SshPublicKey, facts: SshSignatureFacts, trust: SshTrust): Verification {
  const fingerprint = `ssh:${key.fingerprint}`;
  const lines = trust.allowed.filter((line) => !line.certAuthority && line.key.blob.equals(key.blob));
  if (lines.length === 0 && !trust.listed.has(fingerprint)) {
    return refuse('unknown_key', `the key ${key.fingerprint} is not in the keyring`, 'ssh', fingerprint);
  }
  const usable = usableLines(lines, trust.now);
  if (!Array.isArray(usable)) return refuse(usable.verdict, usable.reason, 'ssh', fingerprint);
  return good(fingerprint, usable, endOf(usable), facts, (email) =>
    usable.some((line) => matchesPatternList(line.principals, email)),
  );
}

function byCertificate(certificate: SshCertificate, facts: SshSignatureFacts, trust: SshTrust): Verification {
  const fingerprint = `ssh:${certificate.subject.fingerprint}`;
  const no = (verdict: Refusal['verdict'], reason: string) => refuse(verdict, reason, 'ssh', fingerprint);
  const lines = trust.allowed.filter(
    (line) => line.certAuthority && line.key.blob.equals(certificate.authority.blob),
  );
  if (lines.length === 0) {
    return no('unknown_key', `the authority ${certificate.authority.fingerprint} is not in the keyring`);
  }
  const usable = usableLines(lines, trust.now);
  if (!Array.isArray(usable)) return no(usable.verdict, usable.reason);
  const { validAfter, validBefore } = certificate;
  if (validAfter.getTime() > trust.now.getTime() + CLOCK_SKEW_MS) {
    return no('future_dated', `the certificate is not valid before ${dayOf(validAfter)}`);
  }
  if (validBefore !== null && validBefore.getTime() <= trust.now.getTime()) {
    return no('expired_key', `the certificate expired on ${dayOf(validBefore)}`);
  }
  for (const option of certificate.criticalOptions.keys()) {
    if (option === VERIFY_REQUIRED && facts.device?.verified === true) continue;
    return no('not_signing_key', `the certificate's option ${JSON.stringify(option)} is not met by a commit`);
  }
  const device =
    facts.device !== null && certificate.extensions.has(NO_TOUCH)
      ? { ...facts.device, touched: true }
      : facts.device;
  const ends = [endOf(usable), validBefore].filter((date) => date !== null);
  const expires = ends.length === 0 ? null : new Date(Math.min(...ends.map((date) => date.getTime())));
  return good(fingerprint, usable, expires, { device }, (email) => {
    // An authority vouches only for whom the certificate names; a certificate without principals names nobody.
    return (
      certificate.principals.includes(email) &&
      usable.some((line) => matchesPatternList(line.principals, email))
    );
  });
}

/** The lines that hold for git at `now`; why none does otherwise. A key in no line (listed by a signer) has none. */
function usableLines(
  lines: readonly AllowedSigner[],
  now: Date,
): AllowedSigner[] | { verdict: Refusal['verdict']; reason: string } {
  let why: { verdict: Refusal['verdict']; reason: string } | null = null;
  const usable: AllowedSigner[] = [];
  for (const line of lines) {
    const refusal = lineRefusal(line, now);
    if (refusal === null) usable.push(line);
    else why ??= refusal;
  }
  return usable.length === 0 && why !== null ? why : usable;
}

function lineRefusal(line: AllowedSigner, now: Date): { verdict: Refusal['verdict']; reason: string } | null {
  const place = `line ${line.line} of allowed_signers`;
  if (line.namespaces !== null && !matchesPatternList(line.namespaces, NAMESPACE)) {
    return { verdict: 'not_signing_key', reason: `${place} does not let the key sign for git` };
  }
  if (line.validAfter !== null && line.validAfter > now) {
    return { verdict: 'not_signing_key', reason: `${place} is not valid before ${dayOf(line.validAfter)}` };
  }
  if (line.validBefore !== null && line.validBefore <= now) {
    return { verdict: 'expired_key', reason: `${place} ended on ${dayOf(line.validBefore)}` };
  }
  return null;
}

/** A key is valid as long as any of its lines; null when one of them has no end. */
function endOf(lines: readonly AllowedSigner[]): Date | null {
  const dates = lines.map((line) => line.validBefore).filter((date) => date !== null);
  if (dates.length < lines.length || dates.length === 0) return null;
  return new Date(Math.max(...dates.map((date) => date.getTime())));
}

function good(
  fingerprint: string,
  lines: readonly AllowedSigner[],
  expires: Date | null,
  facts: SshSignatureFacts,
  admits: (email: string) => boolean,
): Verification {
  return {
    verdict: 'valid',
    type: 'ssh',
    fingerprint,
    reason: 'good',
    by: {
      type: 'ssh',
      fingerprint,
      names: [fingerprint],
      identities: lines.map((line) => line.principals),
      admits,
      vouched: true,
      touched: facts.device?.touched ?? null,
      expires,
    },
  };
}
