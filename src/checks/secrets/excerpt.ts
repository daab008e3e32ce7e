import type { Excerpt } from '../../contract/index.js';
import type { Lines } from './lines.js';
import { isRandom } from './randomness.js';
import type { SecretFinding } from './secret-finding.js';

const WIDTH = 160;
const MASK = '[redacted]';
/** Tokens shorter than this are masked whole: their first characters would say too much. */
const LONG_TOKEN = 20;

/**
 * The line of a finding with its value masked: of a provider's long token the first four characters stay, of
 * anything else none. Masked here already, because a line that is cut could no longer be recognised by the redactor.
 */
export function excerptOf(finding: SecretFinding, lines: Lines): Excerpt {
  let text = lines.textOf(finding.line).slice(0, 20_000);
  if (finding.value !== null) {
    const kept = finding.token && finding.value.length >= LONG_TOKEN ? finding.value.slice(0, 4) : '';
    for (const piece of new Set([finding.value, ...finding.value.split('\n')])) {
      const plain = piece.trim();
      // A line may show it twice: encoded as the value, and in clear in a comment.
      const encoded = Buffer.from(piece)
        .toString('base64')
        .replace(/={1,2}$/, '');
      if (encoded.length >= 4) text = text.replaceAll(encoded, MASK);
      if (plain.length >= 3)
        text = text.replaceAll(plain, () => `${plain === finding.value ? kept : ''}${MASK}`);
    }
    // Encoded, escaped or folded: whatever stands where the value stands is taken out by shape.
    if (!text.includes(MASK)) text = maskValue(text, finding);
    text = maskParts(text);
  }
  const plain = text.trimEnd();
  return { line: finding.line, text: plain.length > WIDTH ? `${plain.slice(0, WIDTH)}...` : plain };
}

/** A literal that code joins to one that is masked, on either side. */
const JOINED_AFTER = /(\[redacted\]["'`][ \t]{0,8}[+.&,]?[ \t]{0,8}["'`])[^"'`]{1,400}(?=["'`])/g;
const JOINED_BEFORE = /(["'`])[^"'`]{1,400}(["'`][ \t]{0,8}[+.&][ \t]{0,8}["'`]\[redacted\])/g;

/** Without what else of the line is a part of the secret, or another one: joined literals, and whatever a machine made. */
function maskParts(text: string): string {
  let masked = text;
  // Each pass masks one more literal of a chain.
  for (let pass = 0; pass < 8; pass++) {
    const next = masked.replace(JOINED_AFTER, `$1${MASK}`).replace(JOINED_BEFORE, `$1${MASK}$2`);
    if (next === masked) break;
    masked = next;
  }
  return masked.replace(/[A-Za-z0-9+/=_.~-]{16,2000}/g, (word) => (isRandom(word) ? MASK : word));
}

/** Without the value in sight: all after the key, or the long words of the line. */
function maskValue(text: string, finding: SecretFinding): string {
  if (finding.column !== null && finding.column > 1) return `${text.slice(0, finding.column - 1)}${MASK}`;
  const key = /^\s*(?:- )?["']?[\w./-]+["']?\s*[:=]/.exec(text)?.[0];
  if (key !== undefined && key.length < text.length)
    return `${key}${/^\s*/.exec(text.slice(key.length, -1))?.[0] ?? ''}${MASK}`;
  return text.replace(/\S{8,}/g, MASK);
}
