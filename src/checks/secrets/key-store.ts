/**
 * Files that hold private keys or passwords in a container of their own, told by their first bytes. A Java keystore of
 * certificates alone (a trust store) is none: the tag of its first entry says so.
 */
export function isKeyStore(bytes: Uint8Array): boolean {
  if (bytes.length < 32) return false;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, 32);
  const magic = head.readUInt32BE(0);
  // JKS and JCEKS: magic, version, number of entries, tag of the first (1 private key, 2 certificate, 3 secret key).
  if (magic === 0xfeedfeed || magic === 0xcececece)
    return head.readUInt32BE(4) <= 2 && [1, 3].includes(head.readUInt32BE(12));
  // KeePass 2 (and 1) databases; Kerberos keytabs (version 5.2, then the size of an entry).
  if (magic === 0x03d9a29a) return true;
  if (head.readUInt16BE(0) === 0x0502) return head.readInt32BE(2) > 8 && head.readInt32BE(2) < 4096;
  return isPfx(head);
}

/** PKCS #12 (RFC 7292): a sequence of version 3 and another sequence, in DER or with lengths left open. */
function isPfx(head: Buffer): boolean {
  if (head[0] !== 0x30) return false;
  const length = head[1] as number;
  const at = length === 0x80 ? 2 : length > 0x80 && length <= 0x84 ? 2 + (length & 0x7f) : -1;
  return at !== -1 && head.subarray(at, at + 4).equals(Buffer.from([0x02, 0x01, 0x03, 0x30]));
}
