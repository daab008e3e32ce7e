import { type AlgorithmInfo, type Key, type SignaturePacket, Subkey } from 'openpgp';
import { OPENPGP_CONFIG } from './openpgp-config.js';
import { isUserRevoked, revocationOfKey, revocationOfSubkey } from './openpgp-revocation.js';
import type { Candidate } from './openpgp-ring.js';
import { ambiguity, deniesSigning, endOfStatements, statementsOf } from './openpgp-self-signatures.js';
import { CLOCK_SKEW_MS, dayOf, messageOf, type Refusal } from './verification.js';

/** What a key is worth at a given time: a verdict against it, or none, and when it ends. */
export interface KeyState {
  refusal: { verdict: Refusal['verdict']; reason: string } | null;
  expires: Date | null;
  /** E-mails (lower case) of the user ids that the key certifies and has not revoked. */
  emails: ReadonlySet<string>;
}

/** RSA keys below this are weak (NIST SP 800-131A). */
const MIN_RSA_BITS = 2048;

/** Why signatures of such a key prove nothing, or null. */
export function weakness(algorithm: AlgorithmInfo): string | null {
  const name = algorithm.algorithm;
  if (name === 'dsa' || name === 'elgamal') return `${name.toUpperCase()} keys are too weak`;
  if (name.startsWith('rsa') && (algorithm.bits ?? 0) < MIN_RSA_BITS) {
    return `RSA keys of ${algorithm.bits} bits are too weak`;
  }
  if (algorithm.curve === 'secp256k1') return 'the curve secp256k1 is not accepted for signatures';
  return null;
}

/**
 * The state of a key at `now`, never at the signature's own time, which whoever signs can choose: openpgp.js takes a
 * back-dated signature of an expired or retired key for good.
 */
export async function keyStateAt(candidate: Candidate, now: Date): Promise<KeyState> {
  const { key, part } = candidate;
  const statements = await statementsOf(key, now);
  const expires = await expiryOf(candidate, statements, now);
  const emails = await emailsOf(key, now);
  const state = (verdict: Refusal['verdict'], reason: string): KeyState => ({
    refusal: { verdict, reason },
    expires,
    emails,
  });
  const weak = weakness(key.getAlgorithmInfo()) ?? weakness(part.getAlgorithmInfo());
  if (weak !== null) return state('weak_algorithm', weak);
  const revoked = await revocationOf(candidate);
  if (revoked !== null) return state('revoked_key', revoked);
  if (part.getCreationTime().getTime() > now.getTime() + CLOCK_SKEW_MS) {
    return state('future_dated', `the key was made in the future (${dayOf(part.getCreationTime())})`);
  }
  if (expires !== null && expires.getTime() <= now.getTime()) {
    return state('expired_key', `the key expired on ${dayOf(expires)}`);
  }
  const reason = ambiguity(key, part) ?? (await cannotSign(candidate, statements, now));
  return reason === null ? { refusal: null, expires, emails } : state('not_signing_key', reason);
}

/**
 * The earliest of the ends of the primary key and of the part that signs; null when none has one. openpgp.js asks the
 * primary user id alone; gpg counts an end that any user id names.
 */
async function expiryOf(
  { key, part }: Candidate,
  statements: readonly SignaturePacket[],
  now: Date,
): Promise<Date | null> {
  const ends = [
    await key.getExpirationTime(undefined, OPENPGP_CONFIG),
    part instanceof Subkey ? await part.getExpirationTime(now, OPENPGP_CONFIG) : null,
  ].filter((end) => end instanceof Date);
  const end = Math.min(endOfStatements(key, statements), ...ends.map((one) => one.getTime()));
  return end === Number.POSITIVE_INFINITY ? null : new Date(end);
}

async function revocationOf({ key, part }: Candidate): Promise<string | null> {
  const ofKey = await revocationOfKey(key);
  if (ofKey !== null) return `the key is revoked${ofKey}`;
  const ofPart = part instanceof Subkey ? await revocationOfSubkey(part, key) : null;
  return ofPart === null ? null : `the subkey is revoked${ofPart}`;
}

/**
 * Why this part may not sign at `now`: no valid self-signature, no signing flag, a subkey that did not itself sign
 * its binding (anybody could have adopted it). Null when it may.
 */
async function cannotSign(
  { key, part, fingerprint }: Candidate,
  statements: readonly SignaturePacket[],
  now: Date,
): Promise<string | null> {
  if (!(part instanceof Subkey) && deniesSigning(statements)) {
    return 'the key is not one that signs: it says so itself, for one of its user ids or for all';
  }
  const later = new Date(Math.max(now.getTime(), part.getCreationTime().getTime()));
  try {
    const signing: Key | Subkey = await key.getSigningKey(part.getKeyID(), later, undefined, OPENPGP_CONFIG);
    if (signing.getFingerprint().toUpperCase() === fingerprint) return null;
    return 'another key of the same key id is the one that signs';
  } catch (error) {
    return `the key is not one that signs: ${messageOf(error)}`;
  }
}

async function emailsOf(key: Key, now: Date): Promise<ReadonlySet<string>> {
  const emails = new Set<string>();
  for (const user of key.users) {
    const email = user.userID?.email;
    const certified = await user.verify(now, OPENPGP_CONFIG).then(
      () => true,
      // Revoked, expired or not certified by the key itself: the key then says nothing of this user id.
      () => false,
    );
    if (email && certified && !(await isUserRevoked(user))) emails.add(email.toLowerCase());
  }
  return emails;
}
