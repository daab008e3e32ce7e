import { type Cms, cmsRefusal, readCms } from './cms.js';
import { judgeGitsign } from './gitsign.js';
import { judgeSmime } from './smime.js';
import type { Revocations } from './ssh-revocation.js';
import { messageOf, type Refusal, refuse, type Verification } from './verification.js';
import { fulcioIssuer } from './x509-certificate.js';
import type { X509Trust } from './x509-trust.js';

/** What X.509 signatures are judged against; `listed` are the keys that signers of the configuration list. */
export interface X509Facts {
  trust: X509Trust;
  revocations: Revocations;
  listed: ReadonlySet<string>;
  now: Date;
}

/** Verifies the CMS of a `SIGNED MESSAGE` armor over raw bytes: gitsign's, or S/MIME as gpgsm and smimesign make it. */
export function verifyX509(payload: Buffer, armor: Buffer, facts: X509Facts): Verification {
  try {
    return judge(payload, readCms(armor), facts);
  } catch (error) {
    // DerError, or node:crypto's about keys and certificates: whatever it is, the signature is not verified.
    return refuse('malformed', `the X.509 signature cannot be read: ${messageOf(error)}`, 'x509');
  }
}

function judge(payload: Buffer, cms: Cms | Refusal, facts: X509Facts): Verification {
  if ('verdict' in cms) return cms;
  const refusal = cmsRefusal(cms, payload);
  if (refusal !== null) return refusal;
  const fingerprint = `x509:${cms.signer.fingerprint}`;
  const revoked = cms.certificates.some((one) => facts.revocations.hasFingerprint(`x509:${one.fingerprint}`));
  if (revoked)
    return refuse('revoked_key', 'the certificate is in the list of revoked keys', 'x509', fingerprint);
  const issuer = fulcioIssuer(cms.signer);
  return issuer === null
    ? judgeSmime(cms, facts.trust, facts.revocations, facts.now)
    : judgeGitsign(cms, issuer, facts.trust.sigstore, facts.listed, facts.now);
}
