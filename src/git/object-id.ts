import { createHash } from 'node:crypto';

/** The hash a repository names its objects by. */
export type ObjectFormat = 'sha1' | 'sha256';
export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

/** Hex digits in an id of each format. */
export const ID_LENGTH: Readonly<Record<ObjectFormat, number>> = { sha1: 40, sha256: 64 };

/** The id that git gives an object: the hash of `<type> <size>\0` and its bytes (git's gitformat-loose / hash-object). */
export function objectId(format: ObjectFormat, type: ObjectType, bytes: Uint8Array): string {
  return createHash(format).update(`${type} ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

/** True for a full object id of either format: lower-case hex of the right length. */
export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** True for the id of nothing: all zeros. */
export function isNullId(oid: string): boolean {
  return /^0+$/.test(oid);
}
