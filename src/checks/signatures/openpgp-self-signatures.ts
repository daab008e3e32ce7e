import { type enums, type Key, type SignaturePacket, Subkey, type User } from 'openpgp';
import { OPENPGP_CONFIG } from './openpgp-config.js';
import { isUserRevoked } from './openpgp-revocation.js';
import { saidTwice, subpacketsOf } from './openpgp-subpackets.js';
import { messageOf } from './verification.js';

/** Flag of a key that may sign data (RFC 9580 section 5.2.3.29). */
const MAY_SIGN = 2;

/** All that a key says of itself at a time: the newest self-signature that holds of each user id, and over the key. */
export async function statementsOf(key: Key, now: Date): Promise<SignaturePacket[]> {
  const statements: (SignaturePacket | null)[] = [
    await newest(directSignatures(key), key, { key: key.keyPacket }, now),
  ];
  for (const user of key.users) {
    if (await isUserRevoked(user)) continue;
    const named = user.userID === null ? { userAttribute: user.userAttribute } : { userID: user.userID };
    statements.push(await newest(user.selfCertifications, key, { ...named, key: key.keyPacket }, now));
  }
  return statements.filter((statement) => statement !== null);
}

/** The earliest end of a key that any of its statements names; infinite where none does. */
export function endOfStatements(key: Key, statements: readonly SignaturePacket[]): number {
  const ends = statements.flatMap(({ keyExpirationTime, keyNeverExpires }) =>
    keyExpirationTime === null || keyNeverExpires === true
      ? []
      : [key.getCreationTime().getTime() + keyExpirationTime * 1000],
  );
  return Math.min(Number.POSITIVE_INFINITY, ...ends);
}

/** True when any statement of a key says what it is for, and signing is not among it. */
export function deniesSigning(statements: readonly SignaturePacket[]): boolean {
  return statements.some(({ keyFlags }) => keyFlags !== null && (Number(keyFlags[0]) & MAY_SIGN) === 0);
}

/** Why the self-signatures of a key, and of a part of it, can be read in two ways; null when they cannot. */
export function ambiguity(key: Key, part: Key | Subkey): string | null {
  const signatures = [
    ...directSignatures(key),
    ...key.users.flatMap((user: User) => user.selfCertifications),
    ...(part instanceof Subkey ? part.bindingSignatures : []),
  ];
  for (const { signatureData } of signatures) {
    const twice = readTwice(Buffer.from(signatureData as Uint8Array));
    if (twice !== null) return `a signature of the key over itself can be read in two ways: ${twice}`;
  }
  return null;
}

function readTwice(signed: Buffer): string | null {
  try {
    return saidTwice(subpacketsOf(signed));
  } catch (error) {
    return messageOf(error);
  }
}

function directSignatures(key: Key): readonly SignaturePacket[] {
  return (key as unknown as { directSignatures: SignaturePacket[] }).directSignatures;
}

async function newest(
  signatures: readonly SignaturePacket[],
  key: Key,
  data: object,
  now: Date,
): Promise<SignaturePacket | null> {
  for (const signature of [...signatures].sort((a, b) => Number(b.created) - Number(a.created))) {
    const type = Number(signature.signatureType) as enums.signature;
    const holds = await signature.verify(key.keyPacket, type, data, now, false, OPENPGP_CONFIG).then(
      () => true,
      // Of the future, over, or not the key's own: it says nothing, and an older one may count.
      () => false,
    );
    if (holds) return signature;
  }
  return null;
}
