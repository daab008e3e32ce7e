import type { Confidence } from '../../contract/index.js';
import { isChosenPassword, isPassphrase, isPolicyForm } from './chosen.js';
import { isEncryptedOrHashed, isPlaceholder, isReference } from './placeholder.js';
import { isRandom } from './randomness.js';

/** A value that a sentence gives away. Offsets are into the text. */
export interface Told {
  start: number;
  end: number;
  value: string;
  confidence: Extract<Confidence, 'likely' | 'guess'>;
}

/** What a sentence calls a secret. */
const CUE =
  /\b(?:pass(?:words?|wd|phrase|code)?|pwd?|pw|psk|pre-?shared|shared key|secret|token|credentials?|creds|login|log in|logon|sign in|api[- ]?key|access[- ]?key|(?:un)?seal key|recovery key|licen[cs]e key|root key|key \d{1,2}|kennwort|passwort|pin)\b/i;
/** What stands between the word and its value, on either side of it. */
const LONGEST_LINE = 1_000;
const CODE_SPAN = /`([^`\n]{1,200})`/g;
const QUOTED = /"([^"\n]{1,120})"|'([^'\n]{1,120})'/g;
/** After a colon, an equals sign or `is`, up to a blank; a closing bracket or a full stop is the sentence's. */
const AFTER = /(?::|=|->|=>|→|\bis)[ \t]{1,4}([^\s`"'<>,;]{6,200})/g;
const LOGIN = /[\w@.][ \t]?[/:|][ \t]{0,2}([^\s`"'<>|,;/]{8,64})/g;
/** What says that the value is another thing than the secret. */
const OTHERWISE =
  /\b(?:id|hash|digest|sha\d*|checksum|fingerprint|commit|revision|public|example|e\.g|trace|ticket|version|uuid of)\b[\s:=]*(?:is[ \t])?[`"']?$/i;

/**
 * Secrets in sentences, as people write them for each other: `password: ...`, `admin / ...`, the key in a code span
 * beside the word that names it. Only what nothing but a machine makes, or a person as a password, counts.
 * @param text of a file of prose; lines beyond 1,000 characters are left out
 */
export function toldInProse(text: string): Told[] {
  const found: Told[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    if (line.length <= LONGEST_LINE && line.length > 8) {
      const cue = CUE.test(line);
      for (const { index, value } of candidates(line, cue)) {
        const start = at + index;
        if (found.some((other) => start < other.end && start + value.length > other.start)) continue;
        if (OTHERWISE.test(line.slice(Math.max(0, index - 60), index))) continue;
        found.push({ start, end: start + value.length, value, confidence: 'likely' });
      }
    }
    at += line.length + 1;
  }
  return found;
}

function candidates(line: string, cue: boolean): { index: number; value: string }[] {
  const found: { index: number; value: string }[] = [];
  const put = (index: number, value: string): void => {
    if (isSecretOfProse(value)) found.push({ index, value });
  };
  if (cue) {
    for (const match of line.matchAll(CODE_SPAN)) put(match.index + 1, match[1] ?? '');
    for (const match of line.matchAll(QUOTED)) put(match.index + 1, match[1] ?? match[2] ?? '');
    for (const match of line.matchAll(AFTER)) {
      const value = trimmed(match[1] ?? '');
      const index = match.index + match[0].length - (match[1] ?? '').length;
      put(index, value);
      // Right behind the word itself, letters of both cases with digits are one as well.
      if (isMixedPassword(value) && LABEL.test(line.slice(Math.max(0, index - 24), index)))
        found.push({ index, value });
      // Words in a row are names as well: only right behind the word for a password.
      const named = /pass(?:word|phrase|code)|psk|wi-?fi|kennwort|passwort/i;
      if (
        value.includes('-') &&
        isPassphrase(value) &&
        named.test(line.slice(Math.max(0, index - 40), index))
      )
        found.push({ index, value });
    }
  }
  for (const match of line.matchAll(LOGIN)) {
    const value = trimmed(match[1] ?? '');
    // `admin / ...` without any word for it: only what was chosen as a password.
    if (/[ \t][/|]|[/:|][ \t]/.test(match[0]) && isPolicyForm(value) && isSecretOfProse(value))
      found.push({ index: match.index + match[0].length - (match[1] ?? '').length, value });
  }
  return found;
}

/** Without the brackets and full stop of the sentence around it. */
function trimmed(value: string): string {
  const open = value.includes('(');
  let end = value.length;
  while (end > 0 && (/[.:]/.test(value[end - 1] as string) || (!open && value[end - 1] === ')'))) end--;
  return value.slice(0, end);
}

const LABEL =
  /(?:pass(?:word|phrase|code)|passwd|kennwort|passwort)[^\w\s]{0,4}\s{0,4}[:=][^\w\s]{0,4}\s{0,4}$/i;

function isMixedPassword(value: string): boolean {
  return /^[A-Za-z0-9]{10,32}$/.test(value) && isChosenPassword(value) && !SPOKEN_OF.test(value);
}

const SPOKEN_OF = /passw|secret|s3cr|example|test|user|admin|default|version|your|my[-_]/i;

/** In a sentence, where names of things stand beside each other: what is made by a machine, or to a policy's taste. */
export function isSecretOfProse(value: string): boolean {
  if (value.length < 6 || /[\s()[\]{}<>|\\]/.test(value)) return false;
  if (isReference(value) || isPlaceholder(value) || isEncryptedOrHashed(value)) return false;
  // Base64 of a word shows how a Secret is written; it is as good as the word.
  const encoded = value.length % 4 === 0 && /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value);
  const plain = encoded ? Buffer.from(value, 'base64').toString('latin1') : '';
  if (/^[\x20-\x7e]{4,}\n?$/.test(plain)) return isSecretOfProse(plain.trim());
  if (
    /:\/\/|^[./~-]|\$(?:2[aby]|1|5|6|apr1)\$|\.(?:com|org|io|net|dev|md|ya?ml|json|go|ts|py|sh|html?)\b/.test(
      value,
    )
  )
    return false;
  if (isRandom(value)) {
    if (/^[0-9a-f-]+$/i.test(value)) return value.length === 32 || value.length === 36 || value.length >= 48;
    return /[0-9].*[0-9]/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value);
  }
  // A dot is one of the symbols of a password, and tells the parts of a token apart.
  const joined = value.replaceAll('.', '');
  if (value.length - joined.length <= 2 && joined.length >= 20 && isRandom(joined))
    return /[0-9].*[0-9]/.test(joined) && /[a-z]/.test(joined) && /[A-Z]/.test(joined);
  if (SPOKEN_OF.test(value)) return false;
  // In capitals it is a name: `ECDH-ES+A128KW`.
  if (isPolicyForm(value)) return /[a-z]/.test(value) && /[!@#$%^&*?+=~]|_/.test(value);
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[!#$%^&*?+~]/].filter((one) => one.test(value)).length;
  return classes === 4 && value.length >= 8 && !/[=/:;,]/.test(value);
}
