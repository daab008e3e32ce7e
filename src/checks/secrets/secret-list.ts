import { isChosenPassword, isPolicyForm } from './chosen.js';
import type { FileKind } from './file-kind.js';
import { kindOfName } from './key-name.js';
import { isEncryptedOrHashed, isPlaceholder, isReference } from './placeholder.js';
import type { Told } from './prose.js';
import { isRandom } from './randomness.js';
import { isValueOfMap } from './secret-map.js';

/** A name in the plural for secrets, and the bracket that opens what it holds: a list, or a mapping on one line. */
const OPENING =
  /(passwords|passphrases|credentials|secrets|tokens|api[_-]?keys|access[_-]?keys|creds)["']?[ \t]{0,4}(?::=|[:=]|=>)[ \t]{0,4}(?:(?:new )?(?:\[\]|list|List\.of|Set\.of|Arrays\.asList|frozenset|set)?(?:string|String)?(?:\[\])?[ \t]{0,4})?([[{(])/gi;
/** A literal, with its name where it has one; in a mapping of YAML it may be plain. */
const ITEM =
  /(?:(["'])([\w.@-]{1,80})\1|([\w.@-]{1,80}))?([ \t]{0,4}(?::|=>)[ \t]{0,4})?(["'`])([^"'`\s]{6,200})\5/g;
const PLAIN_ITEM = /()()([\w.@-]{1,80})(:[ \t]{1,4})()([^\s"'`,;{}[\]()]{6,200})(?=[ \t]{0,8}(?:,|$))/g;
const LONGEST = 4_000;

/**
 * Every secret of a list or of a mapping in brackets under a name in the plural: `API_KEYS = ["...", "..."]`,
 * `{"passwords":{"ops":"..."}}`. Asked for only where the search for keywords saw a plural. Only what a machine made, or in configuration a person chose as a password, counts.
 */
export function toldInLists(text: string, kind: FileKind): Told[] {
  if (kind !== 'code' && kind !== 'config') return [];
  const found: Told[] = [];
  OPENING.lastIndex = 0;
  for (let match = OPENING.exec(text); match !== null; match = OPENING.exec(text)) {
    const open = match[2] as string;
    const from = match.index + match[0].length;
    const close = closingOf(text, from, open);
    // Names inside what was read belong to it: each character is read once.
    OPENING.lastIndex = close;
    const name = match[1] ?? '';
    const inner = text.slice(from, close);
    const plain = open === '{' && kind === 'config' ? inner.matchAll(PLAIN_ITEM) : [];
    for (const item of [...inner.matchAll(ITEM), ...plain]) {
      const named = item[4] !== undefined;
      const value = item[6] as string;
      if (!isItem(value, kind, name, named ? (item[2] ?? item[3] ?? '') : '')) continue;
      const start = from + item.index + item[0].length - value.length - (item[5] ?? '').length;
      found.push({ start, end: start + value.length, value, confidence: 'likely' });
    }
  }
  return found;
}

/** Where the bracket closes; the reach where it does not. */
function closingOf(text: string, from: number, open: string): number {
  const close = open === '[' ? ']' : open === '(' ? ')' : '}';
  const limit = Math.min(text.length, from + LONGEST);
  let depth = 1;
  for (let at = from; at < limit; at++) {
    if (text[at] === open) depth++;
    else if (text[at] === close && --depth === 0) return at;
  }
  return limit;
}

function isItem(value: string, kind: FileKind, list: string, name: string): boolean {
  if (name !== '') return kind === 'config' && isValueOfMap(name, value);
  if (isReference(value) || isPlaceholder(value) || isEncryptedOrHashed(value)) return false;
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
  // Under `secrets` names and digests are listed as well: there only what has both cases and digits.
  if (value.length >= 20 && /^[\w+/=.~-]+$/.test(value) && isRandom(value))
    return mixed || kindOfName(list) === 'key';
  if (!/pass(?:words|phrases)|creds|credentials/i.test(list) || kindOfName(value) !== null) return false;
  return kind === 'code' ? isPolicyForm(value) : isChosenPassword(value);
}
