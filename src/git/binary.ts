/** How far git looks (xdiff-interface.c, FIRST_FEW_BYTES). */
const FIRST_BYTES = 8000;

/** Git's own test for content that is not text: a NUL among the first 8,000 bytes. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, FIRST_BYTES).includes(0);
}
