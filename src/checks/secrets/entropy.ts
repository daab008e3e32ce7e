const counts = new Uint32Array(256);

/** Shannon entropy in bits a character (0 for an empty string). Characters past U+00FF count by their low byte. */
export function shannonEntropy(text: string): number {
  if (text.length === 0) return 0;
  counts.fill(0);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) & 0xff;
    counts[code] = (counts[code] as number) + 1;
  }
  let bits = 0;
  for (let i = 0; i < 256; i++) {
    const count = counts[i] as number;
    if (count > 0) {
      const share = count / text.length;
      bits -= share * Math.log2(share);
    }
  }
  return bits;
}
