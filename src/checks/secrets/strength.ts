import { isPassphrase } from './chosen.js';
import { isEncryptedOrHashed, isPlaceholder, isReference, literalOfScheme } from './placeholder.js';
import { isRandom, wordiness } from './randomness.js';

/**
 * What a value assigned to a secret's name is.
 * `none`: reference, placeholder, ciphertext, hash. `weak`: a word or default that only its place makes a secret.
 * `password`: what a person would choose. `random`: what a machine made.
 */
export type Strength = 'none' | 'weak' | 'password' | 'random';

/** How many of the classes lower case, upper case, digit and symbol occur. */
function classes(text: string): number {
  return (
    Number(/[a-z]/.test(text)) +
    Number(/[A-Z]/.test(text)) +
    Number(/[0-9]/.test(text)) +
    Number(/[^A-Za-z0-9]/.test(text))
  );
}

const DATE_OR_VERSION =
  /^v?\d+(?:\.\d+){1,3}(?:[-+][\w.]+)?$|^\d{4}-\d{2}-\d{2}|^\d+(?:ms|s|m|h|d|Mi|Gi|Ki|%)$|^[\d.,:_-]+$/;

/** Judges a value that is assigned to a name which says that it is a secret. */
export function strengthOf(value: string): Strength {
  const text = literalOfScheme(value) ?? value.trim();
  if (text.length < 3 || isReference(text) || isPlaceholder(text) || isEncryptedOrHashed(text)) return 'none';
  if (isRandom(text)) return 'random';
  if (isPassphrase(text)) return 'password';
  if (/\s/.test(text)) return text.split(/\s+/).length > 2 ? 'none' : 'weak';
  if (DATE_OR_VERSION.test(text) && text.length < 9) return 'weak';
  if (/^[a-z][a-z0-9+.-]{1,20}:\/\/[^@\s]*$/i.test(text)) return 'none';
  const path = /^\w+\.\w+\.\w+/.test(text) && !(isMixed(text) && wordiness(text) < 0.55);
  if ((path || /[()[\]{}]|::|->/.test(text)) && !(/[0-9]/.test(text) && /[^\w.]/.test(text))) return 'none';
  if (text.length >= 6 && text.length <= 128 && classes(text) >= 2 && /[A-Za-z]/.test(text)) {
    const plain = /^[A-Za-z]+(?:[-_./:][A-Za-z]+)*$/.test(text) && wordiness(text) >= 0.35;
    if (!plain && !IDENTIFIER_PLAIN.test(text) && !isPlainName(text)) return 'password';
  }
  return 'weak';
}

/** `db-main-1`, `staging_eu2`: names with a number at the end of a part, not passwords. */
const IDENTIFIER_PLAIN = /^[a-z]+[0-9]?(?:[-_./:][a-z]+[0-9]?|[-_./:][0-9]{1,2}){1,}$/;

function isMixed(text: string): boolean {
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text);
}

/** `DATABASE_PASSWORD_V2`, `backups/2026/11`: the name of a variable, a place in a store. */
function isPlainName(text: string): boolean {
  if (/^[a-z]{3,}(?:\/(?:[a-z]{3,}|\d{1,4}))+$/.test(text)) return wordiness(text) >= 0.35;
  return (
    /^[A-Z]{2,}(?:_(?:[A-Z]{2,}|V?\d{1,2}))+$/.test(text) && text.includes('_') && wordiness(text) >= 0.45
  );
}

/** Base64 of a placeholder is a placeholder; of anything else it is as strong as it looks. */
export function strengthOfMaybeEncoded(value: string): Strength {
  if (value.length >= 8 && value.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(value)) {
    const plain = Buffer.from(value, 'base64').toString('latin1');
    if (/^[\x20-\x7e]+\n?$/.test(plain) && strengthOf(plain) === 'none') return 'none';
  }
  return strengthOf(value);
}
