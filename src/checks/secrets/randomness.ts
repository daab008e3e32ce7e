import { shannonEntropy } from './entropy.js';

/** The letter pairs that make up most of English and of identifiers; random text has them by chance only. */
const COMMON_PAIRS = new Set(
  'th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng of al de se le sa si ar ve ra ld ur co ro me io ic ne ll ec ma be ta ch pr tr us ce om el ri li ca ut ns di ge ss il ac la em ot pe ad ni ie ol po tu am no ct op ur do pa id su ev ke un mo da lo em so ig ir oo ap ag ul mi ab wo ow ay ck ex im ty ry ly fo bo go ba ho vi ki ga ee os ep ia rs ue ts up fi wi ai ms na sh wh sp cr cl gr pl fr br ib qu ub ud ug um ga gi gu if ob od og oi ok ov bu cu du mu pu hu fu lu'.split(
    ' ',
  ),
);

/** Share of neighbouring letters that are pairs common in words, from 0 (noise) to 1 (words). */
export function wordiness(text: string): number {
  let pairs = 0;
  let common = 0;
  const lower = text.toLowerCase();
  for (let i = 1; i < lower.length; i++) {
    const a = lower.charCodeAt(i - 1);
    const b = lower.charCodeAt(i);
    if (a < 97 || a > 122 || b < 97 || b > 122) continue;
    pairs++;
    if (COMMON_PAIRS.has(lower.slice(i - 1, i + 1))) common++;
  }
  return pairs === 0 ? 0 : common / pairs;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const CODE = /[()[\]{}]|^\w+(?:\.\w+)+$|::|->|=>|\s|^[a-z]+:\/\/[^@]*$|^\/|\\[wdsS]/;
/**
 * Names as software writes them: words joined by dashes, dots, underscores, slashes or capitals; capitalised words may
 * follow a number. Each text can be read in one way only: an expression with several takes time exponential in it.
 */
export const IDENTIFIER =
  /^[A-Za-z]+(?:[0-9]{1,2}(?:(?:[A-Z][a-z]+)+[0-9]{1,2})*(?:[A-Z][a-z]+)*)?(?:[-_./:](?:[A-Za-z]+(?:[0-9]{1,3}(?:(?:[A-Z][a-z]+)+[0-9]{1,2})*(?:[A-Z][a-z]+)*)?|[0-9]{1,3}(?:(?:[A-Z][a-z]+)+[0-9]{1,2})*(?:[A-Z][a-z]+)*))*$/;
/** Share of neighbouring letters of different case: words in camel case change twice in five letters at most. */
function caseChanges(text: string): number {
  let changes = 0;
  for (let i = 1; i < text.length; i++) {
    const pair = text.slice(i - 1, i + 1);
    if (/[a-z][A-Z]|[A-Z][a-z]/.test(pair)) changes++;
  }
  return changes / Math.max(1, text.length - 1);
}

/** True for text that a machine made: mixed classes or hex, high entropy, not made of words. */
export function isRandom(value: string): boolean {
  if (value.length < 16 || CODE.test(value)) return false;
  const entropy = shannonEntropy(value);
  if (UUID.test(value)) return true;
  if (/^[0-9a-f]+$/.test(value) || /^[0-9A-F]+$/.test(value)) return entropy >= 2.8 && /[0-9]/.test(value);
  if (!/^[\x21-\x7e]+$/.test(value)) return false;
  if (entropy < 3.3) return false;
  const words = wordiness(value);
  const digits = (value.match(/[0-9]/g) ?? []).length;
  if (digits === 0 && caseChanges(value) > 0.45) return true;
  if (digits === 0) return words < 0.4 && value.length >= 20 && entropy >= 3.6;
  if (IDENTIFIER.test(value)) return false;
  // Words joined with numbers ("ceph-client-18-rbd-provisioner") have long runs of letters that read as words.
  return words < (digits >= 3 ? 0.55 : 0.45);
}
