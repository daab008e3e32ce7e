/** Characters that could hide or reorder text: controls, bidi marks and overrides, zero-width and other format ones. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;
const SUBJECT_LENGTH = 72;

/** Text of a commit for people: what cannot be seen or would move other text is written out as `\u{..}`. */
export function shown(text: string): string {
  return text
    .toWellFormed()
    .replace(HIDDEN, (character) => `\\u{${Number(character.codePointAt(0)).toString(16)}}`);
}

/** The first line of a message, cut to what a subject should be. */
export function subjectOf(message: Buffer): string {
  // No more than can be shown is decoded: a message may be megabytes in one line.
  const head = message.subarray(0, SUBJECT_LENGTH * 8).toString('utf8');
  const [line] = head.trimStart().split('\n', 1);
  const characters = [...shown(String(line).trimEnd())];
  return characters.length > SUBJECT_LENGTH
    ? `${characters.slice(0, SUBJECT_LENGTH - 1).join('')}…`
    : characters.join('');
}

/** The short name of a commit. */
export function shortId(sha: string): string {
  return sha.slice(0, 10);
}
