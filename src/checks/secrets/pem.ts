/** Longest private key block that is read, armor included. */
const LONGEST = 32 * 1024;

/**
 * The private key block whose BEGIN line starts at `start`, up to and with its END line. Without an END line the
 * block ends where its body does; the verifier then says whether that is a key. Null when a second BEGIN follows at
 * once or nothing follows at all.
 */
export function readPem(text: string, start: number): { end: number } | null {
  const body = text.indexOf('-----', start + 11);
  if (body === -1) return null;
  const from = body + 5;
  const close = text.indexOf('-----', from);
  if (close === -1 || close - start > LONGEST) {
    const cut = text.slice(from, from + LONGEST);
    const stop = cut.search(/[^A-Za-z0-9+/=\s\\"',]/);
    const end = from + (stop === -1 ? cut.length : stop);
    return end - from < 48 ? null : { end };
  }
  if (!text.startsWith('-----END', close)) return null;
  const tail = text.indexOf('-----', close + 5);
  const lineEnd = text.indexOf('\n', close);
  const end = tail !== -1 && tail - close < 60 ? tail + 5 : lineEnd === -1 ? text.length : lineEnd;
  return { end };
}
