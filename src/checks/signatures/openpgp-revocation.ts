import { config as defaults, enums, type Key, type SignaturePacket, type Subkey, type User } from 'openpgp';

/**
 * Revocations count over any digest: whoever withdraws a key is believed sooner than whoever uses it. openpgp.js by
 * itself takes those over MD5 and RIPEMD-160, which old keys have, for none, and says nothing.
 */
const ANY_DIGEST = { ...defaults, rejectHashAlgorithms: new Set<enums.hash>() };
/** And from whenever they are dated: gpg asks for no date either. openpgp.js waits for the day of a soft one. */
const ANY_TIME = null as unknown as Date;
/** openpgp.js can be asked for the revocation of one self-signature; this asks for any. */
const ANY_SIGNATURE = null as unknown as SignaturePacket;

/** Why a key is revoked, as ` (compromised)` or '' where no reason is given; null when it is not. */
export async function revocationOfKey(key: Key): Promise<string | null> {
  if (await key.isRevoked(ANY_SIGNATURE, undefined, ANY_TIME, ANY_DIGEST)) {
    return reasonOf(key.revocationSignatures);
  }
  // openpgp.js cannot check a revocation by a designated revoker; the keyring is the base's own, so its word counts.
  return key.revocationSignatures.some((signature) => isForeign(signature, key))
    ? ' by a designated revoker'
    : null;
}

/** Why a subkey of a key is revoked, as `revocationOfKey` says it. */
export async function revocationOfSubkey(subkey: Subkey, key: Key): Promise<string | null> {
  const revoked = await subkey.isRevoked(ANY_SIGNATURE, key.keyPacket, ANY_TIME, ANY_DIGEST);
  return revoked ? reasonOf(subkey.revocationSignatures) : null;
}

/** True when the key has withdrawn a user id. */
export function isUserRevoked(user: User): Promise<boolean> {
  return user.isRevoked(ANY_SIGNATURE, undefined, ANY_TIME, ANY_DIGEST);
}

/** Gives a revocation to the key that it names; false when it is not one by that key, and the key stays as it was. */
export async function revokeKeyBy(key: Key, signature: SignaturePacket): Promise<boolean> {
  const others = key.revocationSignatures;
  key.revocationSignatures = [signature];
  const holds = await key.isRevoked(ANY_SIGNATURE, undefined, ANY_TIME, ANY_DIGEST);
  key.revocationSignatures = holds ? [...others, signature] : others;
  return holds;
}

/** One key of two copies of it, with the revocations of both: openpgp.js keeps those alone that it can verify. */
export async function mergeKeys(known: Key, key: Key): Promise<Key> {
  const both = await known.update(key, ANY_TIME, ANY_DIGEST);
  both.revocationSignatures.push(
    ...key.revocationSignatures.filter((signature) => isForeign(signature, key)),
  );
  return both;
}

function isForeign(signature: SignaturePacket, key: Key): boolean {
  return !signature.issuerKeyID.equals(key.getKeyID());
}

const REASONS: ReadonlyMap<number, string> = new Map([
  [enums.reasonForRevocation.keySuperseded, 'superseded by another'],
  [enums.reasonForRevocation.keyCompromised, 'compromised'],
  [enums.reasonForRevocation.keyRetired, 'no longer used'],
]);

/** The reason that the newest revocation gives, as ` (compromised)`. */
function reasonOf(revocations: readonly SignaturePacket[]): string {
  const reasons = [...revocations]
    .sort((a, b) => Number(a.created) - Number(b.created))
    .map((revocation) => REASONS.get(Number(revocation.reasonForRevocationFlag)));
  const newest = reasons.at(-1);
  return newest === undefined ? '' : ` (${newest})`;
}
