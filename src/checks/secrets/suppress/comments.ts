import type { Lines } from '../lines.js';

/** Comments that tell a scanner to let a line pass: detect-secrets', gitleaks', secretlint's and our own. */
const SAME_LINE =
  /pragma:\s?(?:allowlist|whitelist)\s+secret|gitleaks:allow|secretlint-disable-line|gitops-gate:allow\b|trufflehog:ignore|nosemgrep: ?[\w.-]*secret|ggignore/i;
const NEXT_LINE =
  /pragma:\s?(?:allowlist|whitelist)\s+nextline\s+secret|secretlint-disable-next-line|gitops-gate:allow-next\b/i;

/** The comment that covers a line (1-based), as it is written, or null. */
export function suppressingComment(lines: Lines, line: number, endLine: number): string | null {
  for (let at = line; at <= Math.min(endLine, line + 200); at++) {
    const here = SAME_LINE.exec(lines.textOf(at));
    if (here !== null && !NEXT_LINE.test(lines.textOf(at))) return here[0];
  }
  if (line > 1) return NEXT_LINE.exec(lines.textOf(line - 1))?.[0] ?? null;
  return null;
}
