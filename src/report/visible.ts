/**
 * Characters that do something else than show a glyph: controls, format characters (bidirectional controls, zero
 * widths, tags), line and paragraph separators, lone surrogates and everything ignorable. Shown as `\u{...}`, so that
 * neither a terminal nor a reader is deceived (CVE-2021-42574 and kin). U+FE0F, which turns a sign into its emoji, may
 * stay.
 */
const UNSEEN = /(?!\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Bytes of a path that are not UTF-8 stand as U+DC80..U+DCFF (src/git/tree.ts); they are shown as `\xNN`. */
function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u{${code.toString(16)}}`;
}

/** One line of text in which everything that could not be seen, or would move the cursor, is written out. */
export function visible(text: string): string {
  return text.replace(UNSEEN, escapeOf);
}

/** The text cut to at most `max` characters (UTF-16 units), never inside a surrogate pair, with a mark of the cut. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.codePointAt(max - 2);
  const cut = end !== undefined && end > 0xffff ? max - 2 : max - 1;
  return `${text.slice(0, cut)}…`;
}
