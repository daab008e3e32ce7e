import type { Excerpt } from '../../contract/index.js';
import type { Lines } from './lines.js';
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
  }
  const plain = text.trimEnd();
  return { line: finding.line, text: plain.length > WIDTH ? `${plain.slice(0, WIDTH)}...` : plain };
}

/** Without the value in sight: all after the key, or the long words of the line. */
function maskValue(text: string, finding: SecretFinding): string {
  if (finding.column !== null && finding.column > 1) return `${text.slice(0, finding.column - 1)}${MASK}`;
  const key = /^\s*(?:- )?["']?[\w./-]+["']?\s*[:=]/.exec(text)?.[0];
  if (key !== undefined && key.length < text.length)
    return `${key}${/^\s*/.exec(text.slice(key.length, -1))?.[0] ?? ''}${MASK}`;
  return text.replace(/\S{8,}/g, MASK);
}
