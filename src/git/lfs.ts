/** Pointers are at most this long (git-lfs, docs/spec.md). */
const MOST_BYTES = 1024;

/**
 * True for a Git LFS pointer: the content itself is elsewhere, and nobody who reads git has seen it.
 * Source of the format: git-lfs docs/spec.md; the older names of version 1 are in lfs/pointer.go.
 */
export function isLfsPointer(bytes: Uint8Array): boolean {
  if (bytes.byteLength > MOST_BYTES) return false;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return (
    /^version https?:\/\/(?:git-lfs\.github\.com\/spec\/v1|hawser\.github\.com\/spec\/v1|git-media\.io\/v\/2)\r?\n/.test(
      text,
    ) && /\noid sha256:[0-9a-f]{64}\r?(?:\n|$)/.test(text)
  );
}
