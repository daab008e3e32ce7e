import type { Confidence } from '../../contract/index.js';
import type { Assignment } from './assignment.js';
import type { FileKind } from './file-kind.js';
import { kindOfName } from './key-name.js';
import { isPlaceholder, literalOfScheme } from './placeholder.js';
import { wordiness } from './randomness.js';
import { type Strength, strengthOf } from './strength.js';

/**
 * Judges `name = value` without knowing a provider, as a reviewer would: by the name, by what the value looks like
 * and by where it stands. `likely` closes, so it takes a value that cannot well be anything else; null is no secret.
 */
export function judgeAssignment(
  found: Assignment,
  kind: FileKind,
  sample: boolean,
  comment: boolean,
): Confidence | null {
  if (found.operator === 'compare') return null;
  const name = kindOfName(found.name);
  if (name === null) return null;
  // In code and prose only a literal in quotes is a value; the rest are expressions and sentences.
  if (!found.quoted && (kind === 'code' || (kind === 'prose' && found.operator !== 'equals'))) return null;
  // A call, a subscript or a shell expansion is no literal.
  if (!found.quoted && /^[A-Za-z_][\w.]*[([]|^[+-]\w|^\.\w/.test(found.value)) return null;
  const value = stripScheme(found.value);
  const strength = found.quoted && isKeyboardNoise(value) ? 'random' : strengthOfMaybeEncoded(value);
  if (strength === 'none' || value.length > 512) return null;
  if (repeatsName(found.name, value)) return null;
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
    if (kind === 'code' && found.operator === 'arg') return 'guess';
    if (kind === 'code' && value.length < 20 && name !== 'password') return 'guess';
    // Machine-made but short or all hex: ids, digests and commits look the same.
    const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
    return name === 'password' || value.length >= 20 || mixed ? 'likely' : 'guess';
  }
  if (name !== 'password') return 'guess';
  if (kind === 'code') return isChosenPassword(value) ? 'likely' : 'guess';
  return found.operator === 'arg' && !found.name.includes('pass') ? 'guess' : 'likely';
}

/** What generators of keys make of all the keyboard (Django's SECRET_KEY, WordPress' salts): no expression looks so. */
function isKeyboardNoise(value: string): boolean {
  if (value.length < 32 || value.length > 128 || !/^[\x21-\x7e]+$/.test(value)) return false;
  const symbols = value.replace(/[A-Za-z0-9._/:-]/g, '').length;
  if (symbols < 5 || new Set(value).size < 20 || !/[0-9]/.test(value)) return false;
  return (
    wordiness(value) < 0.85 &&
    !/[A-Za-z]{7}|\$\{|\{\{|\\[wdsb]|\[[a-z]-[a-z]|\(\?/i.test(value) &&
    !isPlaceholder(value)
  );
}

/** In code, where names and messages look like passwords: only what mixes cases with digits and is not made of words. */
function isChosenPassword(value: string): boolean {
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
  // Chance makes short noise look like words; a digit between letters does not stand in words.
  const wordy = /[A-Za-z][0-9]+[A-Za-z]/.test(value) ? 0.7 : 0.5;
  // Symbols that stand in no name: with digits and both cases somebody chose it to pass a rule for passwords.
  const ruled = /[!@#^&*+=?~]/.test(value) && value.length <= 64 && !/[()[\]|:;,"']/.test(value);
  return value.length >= 8 && mixed && (ruled || wordiness(value) < wordy) && !/[\s/\\%{}<>]/.test(value);
}

/** Base64 of a placeholder is a placeholder; of anything else it is as strong as it looks. */
function strengthOfMaybeEncoded(value: string): Strength {
  if (value.length >= 8 && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)) {
    const plain = Buffer.from(value, 'base64').toString('latin1');
    if (/^[\x20-\x7e]+\n?$/.test(plain) && strengthOf(plain) === 'none') return 'none';
  }
  return strengthOf(value);
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
