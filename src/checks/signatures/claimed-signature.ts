import { SignaturePacket } from 'openpgp';
import type { SignatureType } from '../../contract/index.js';
import type { Commit } from '../../git/index.js';
import { readArmor } from './armor.js';
import { readCms } from './cms.js';
import { packetsOf } from './openpgp-packets.js';
import { formatOf, splitCommit } from './signed-object.js';
import { isSshCertificate, readSshCertificate } from './ssh-certificate.js';
import { sshFingerprint } from './ssh-key.js';
import { readSshSig } from './sshsig.js';
import { type Certificate, fulcioIssuer } from './x509-certificate.js';

/** What a commit's signature says of itself, unverified: of use for proposals to people, never for a verdict. */
export interface ClaimedSignature {
  type: SignatureType;
  /** As a signer's `keys` would list it, or null where the signature does not say. */
  key: string | null;
}

/** The claim of a commit's signature; null when it has none that can be read. */
export function claimedSignature(commit: Commit): ClaimedSignature | null {
  const [signature] = splitCommit(commit.raw, formatOf(commit.sha)).signatures;
  if (signature === undefined) return null;
  const armor = readArmor(signature);
  if ('verdict' in armor) return null;
  try {
    if (armor.label === 'PGP SIGNATURE') return { type: 'openpgp', key: openpgpIssuer(armor.body) };
    if (armor.label === 'SSH SIGNATURE')
      return { type: 'ssh', key: sshKeyOf(readSshSig(armor.body).publicKey) };
    const cms = readCms(armor.body);
    return { type: 'x509', key: 'verdict' in cms ? null : x509Name(cms.signer) };
  } catch {
    // What cannot be read claims nothing; a verdict over it is the check's to give.
    return null;
  }
}

function openpgpIssuer(body: Buffer): string | null {
  const signature = new SignaturePacket();
  for (const packet of packetsOf(body)) signature.read(packet.body);
  const { issuerFingerprint } = signature;
  if (issuerFingerprint === null) return null;
  return `openpgp:${Buffer.from(issuerFingerprint).toString('hex').toUpperCase()}`;
}

function sshKeyOf(blob: Buffer): string {
  return `ssh:${isSshCertificate(blob) ? readSshCertificate(blob).subject.fingerprint : sshFingerprint(blob)}`;
}

function x509Name(certificate: Certificate): string {
  const issuer = fulcioIssuer(certificate);
  const [identity] = [...certificate.emails, ...certificate.uris];
  return issuer === null || identity === undefined
    ? `x509:${certificate.fingerprint}`
    : `x509:${issuer}#${identity}`;
}
