import type { Confidence } from '../../contract/index.js';
import type { Assignment } from './assignment.js';
import { isChosenPassword, isKeyboardNoise, isPolicyForm } from './chosen.js';
import type { FileKind } from './file-kind.js';
import { kindOfName } from './key-name.js';
import { isPhraseOfSection, judgeLooseName } from './loose-name.js';
import { literalOfScheme } from './placeholder.js';
import { isKeyFingerprint, isMavenCiphertext } from './public-value.js';
import { isRandom } from './randomness.js';
import { strengthOfMaybeEncoded } from './strength.js';

/** What stands around a setting, looked for only where its own name says too little. */
export interface Around {
  /** Name of the section that it is in. */
  section: () => string;
  /** Name that stands beside a `value`. */
  beside: () => string;
}

const NOWHERE: Around = { section: () => '', beside: () => '' };

/**
 * Judges `name = value` without knowing a provider, as a reviewer would: by the name, by what the value looks like
 * and by where it stands. `likely` closes, so it takes a value that cannot well be anything else; null is no secret.
 */
export function judgeAssignment(
  found: Assignment,
  kind: FileKind,
  sample: boolean,
  comment: boolean,
  around: Around = NOWHERE,
): Confidence | null {
  if (found.operator === 'compare') return null;
  const name = kindOfName(found.name);
  if (name === null) return judgeLoose(found, kind, sample, comment, around);
  // In code and prose only a literal in quotes is a value; the rest are expressions and sentences.
  const literal = found.quoted || found.operator === 'query';
  if (!literal && (kind === 'code' || (kind === 'prose' && found.operator !== 'equals'))) return null;
  // A call, a subscript or a shell expansion is no literal.
  if (!found.quoted && /^[A-Za-z_][\w.]*[([]|^\.\w/.test(found.value)) return null;
  // Base64 may begin with a sign; a sum or a flag does not look like it.
  if (!found.quoted && /^[+-]\w/.test(found.value) && !isRandom(found.value)) return null;
  // Told all the same: any base64 could be put into braces.
  if (found.operator === 'tag' && isMavenCiphertext(found.value)) return 'guess';
  const value = loginOf(found, stripScheme(found.value));
  const strength = found.quoted && isKeyboardNoise(value) ? 'random' : strengthOfMaybeEncoded(value);
  if (strength === 'none' || value.length > 512) return null;
  // Digits are all that a PIN is made of.
  if (name === 'password' && /pin$/i.test(found.name) && /^[0-9]{4,12}$/.test(value))
    return sample || comment || kind !== 'config' ? 'guess' : 'likely';
  if (repeatsName(found.name, value)) return null;
  if (isKeyFingerprint(found.name, value)) return 'guess';
  if (strength === 'weak')
    return name === 'password' && kind === 'config' && found.operator !== 'arg' ? 'guess' : null;
  const live =
    comment && name === 'password' && kind === 'config' && strength === 'random' && isChosenPassword(value);
  if (found.operator === 'directive') {
    // Two words on a line: settings of a server where the second cannot well be a word.
    if (kind !== 'config' || name !== 'password' || comment) return null;
    const chosen = /[0-9]/.test(value) && /[a-z]/i.test(value) && /[^\w./:-]/.test(value);
    return strength === 'random' || chosen || isChosenPassword(value) ? (sample ? 'guess' : 'likely') : null;
  }
  if (sample || (comment && !live) || kind === 'prose') return 'guess';
  if (strength === 'random') {
    if (kind === 'code' && found.operator === 'arg' && !isSetter(found)) return 'guess';
    // Machine-made but short or all hex: ids, digests and commits look the same.
    const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && (/[0-9]/.test(value) || isRandom(value));
    if (kind === 'code' && value.length < 20 && name !== 'password' && !mixed) return 'guess';
    return name === 'password' || value.length >= 20 || mixed ? 'likely' : 'guess';
  }
  if (name !== 'password') {
    const chosen =
      kind === 'config' ? isChosenPassword(value) : found.operator !== 'arg' && isPolicyForm(value);
    return chosen ? 'likely' : 'guess';
  }
  if (kind === 'code') return isChosenPassword(value) ? 'likely' : 'guess';
  return found.operator === 'arg' && !/pass|pwd|secret/i.test(found.name) ? 'guess' : 'likely';
}

/** Under a name that need not be one of a secret (loose-name.ts). */
function judgeLoose(
  found: Assignment,
  kind: FileKind,
  sample: boolean,
  comment: boolean,
  around: Around,
): Confidence | null {
  if (found.operator === 'directive') return null;
  const query = found.operator === 'query';
  if (!found.quoted && !query && kind !== 'config') return null;
  if (kind === 'code' && found.operator === 'arg' && !found.named) return null;
  const value = stripScheme(found.value);
  if (/^value$/i.test(found.name)) {
    if (!isRandom(value) && !isChosenPassword(value)) return null;
    const name = around.beside();
    return kindOfName(name) === null
      ? null
      : judgeAssignment({ ...found, name, operator: 'pair' }, kind, sample, comment);
  }
  // What a URL calls `key` is one of an interface.
  const section = query ? () => 'api' : around.section;
  const confidence = isPhraseOfSection(found.name, value, section)
    ? 'likely'
    : judgeLooseName(found.name, value, section);
  return confidence !== null && (sample || comment || kind === 'prose') ? 'guess' : confidence;
}

/** Of `auth: user:password` the password. */
function loginOf(found: Assignment, value: string): string {
  if (!/(?:auth|login|credentials?|creds?)$/i.test(found.name)) return value;
  const password = /^[\w.@-]{1,40}:([^:/\s]{6,80})$/.exec(value)?.[1];
  return password !== undefined && isChosenPassword(password) ? password : value;
}

/** `.password("...")`, `setToken("...")`, `f("api-key", "...")`: what a call gives the thing that its name says. */
function isSetter(found: Assignment): boolean {
  return (
    found.named ||
    /(?:^|\.)(?:(?:set|with)_?[A-Za-z]{3,40}|password|passwd|secret|token|api_?key)$/i.test(found.name)
  );
}

/** `Bearer abc...` and `Basic abc...` carry the secret after the scheme. */
function stripScheme(value: string): string {
  return literalOfScheme(value) ?? value.replace(/^(?:Bearer|Basic|token|Token|ApiKey)\s+/, '');
}

/** `dbPassword: db-password` names the secret's key, not its value. */
function repeatsName(name: string, value: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, '');
  const a = plain(name);
  const b = plain(value);
  return b.length > 0 && !/[0-9]/.test(value) && (a.includes(b) || (b.includes(a) && a.length >= 6));
}
