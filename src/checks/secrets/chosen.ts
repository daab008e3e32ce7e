import { isPlaceholder } from './placeholder.js';
import { DESCRIBING, hasPolicyForm } from './policy-form.js';
import { wordiness } from './randomness.js';

/**
 * What people make up when a program asks them for a password: words with a number and a symbol that some policy wants
 * (`Harbour_Maple_1987`, `copper4711!`), or several words in a row. Software's own names are not written so.
 */

/** Words with a run of digits and a symbol that stands in no name, or with both cases, and no stand-in. */
export function isPolicyForm(value: string): boolean {
  return hasPolicyForm(value) && !isPlaceholder(value);
}

/** Four words or more that describe nothing: `walnut-harbour-copper-lantern`. With blanks they are no sentence. */
export function isPassphrase(value: string): boolean {
  if (value.length < 20 || value.length > 160) return false;
  const separator = /[-_ ]/.exec(value)?.[0];
  if (separator === undefined) return false;
  const words = value.split(separator);
  return (
    words.length >= 4 &&
    words.length <= 24 &&
    words.every((word) => /^[A-Za-z][a-z]{2,9}$/.test(word)) &&
    !DESCRIBING.test(value.replaceAll('_', '-'))
  );
}

/** What generators of keys make of all the keyboard (Django's SECRET_KEY, WordPress' salts): no expression looks so. */
export function isKeyboardNoise(value: string): boolean {
  if (value.length < 32 || value.length > 128 || !/^[\x21-\x7e]+$/.test(value)) return false;
  const symbols = value.replace(/[A-Za-z0-9._/:-]/g, '').length;
  if (symbols < 5 || new Set(value).size < 20 || !/[0-9]/.test(value)) return false;
  // Among this many symbols no expression of a language is left: what looks like one is chance.
  const plain = symbols >= 12 || !/\$\{|\{\{|\\[wdsb]|\[[a-z]-[a-z]|\(\?/i.test(value);
  const words = value.match(/[A-Za-z]{7,}/g) ?? [];
  return (
    wordiness(value) < 0.85 && !words.some((word) => wordiness(word) > 0.5) && plain && !isPlaceholder(value)
  );
}

/** In code, where names and messages look like passwords: only what no name, message or expression looks like. */
export function isChosenPassword(value: string): boolean {
  if (isPolicyForm(value) || isPassphrase(value)) return true;
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
  // Chance makes short noise look like words; a digit between letters does not stand in words.
  const wordy = /[A-Za-z][0-9]+[A-Za-z]/.test(value) ? 0.7 : 0.5;
  // Symbols that stand in no name: with digits and both cases somebody chose it to pass a rule for passwords.
  const ruled = /[!@#^&*+=?~]/.test(value) && value.length <= 64 && !/[()[\]|:;,"']/.test(value);
  return value.length >= 8 && mixed && (ruled || wordiness(value) < wordy) && !/[\s/\\%{}<>]/.test(value);
}
