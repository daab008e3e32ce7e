import { isChosenPassword, isPolicyForm } from './chosen.js';
import type { FileKind } from './file-kind.js';
import { kindOfName } from './key-name.js';
import { isEncryptedOrHashed, isPlaceholder, isReference } from './placeholder.js';
import type { Told } from './prose.js';
import { isRandom } from './randomness.js';
import { isValueOfMap } from './secret-map.js';

/** Behind a name in the plural for secrets: the bracket that opens what it holds, a list or a mapping on one line. */
const OPENING =
  /(?<=(passwords|passphrases|credentials|secrets|tokens|api[_-]?keys|access[_-]?keys|creds))["']?[ \t]{0,4}(?::=|[:=]|=>)[ \t]{0,4}(?:(?:new )?(?:map\[string\]|\[\]|list|List\.of|Set\.of|Arrays\.asList|frozenset|set)?(?:string|String)?(?:\[\])?[ \t]{0,4})?([[{(])/iy;
const LITERAL = /(["'`])([^"'`\s]{6,200})\1/g;
const LONGEST = 4_000;

/**
 * Every secret of a list or of a mapping in brackets under a name in the plural: `API_KEYS = ["...", "..."]`,
 * `{"passwords":{"ops":"..."}}`. Only what a machine made, or in configuration a person chose as a password, counts.
 * @param plurals ascending offsets behind which the search for keywords saw the last letter of a name in the plural
 */
export function toldInLists(text: string, kind: FileKind, plurals: readonly number[]): Told[] {
  if (kind !== 'code' && kind !== 'config') return [];
  const found: Told[] = [];
  let done = 0;
  for (const plural of plurals) {
    OPENING.lastIndex = plural;
    const match = plural < done ? null : OPENING.exec(text);
    if (match === null || plural - (match[1] ?? '').length < done) continue;
    const open = match[2] as string;
    const from = match.index + match[0].length;
    const close = closingOf(text, from, open);
    // Names inside what was read belong to it: each character is read once.
    done = close;
    const name = match[1] ?? '';
    const items = [...literalsOf(text, from, close)];
    if (open === '{' && kind === 'config') items.push(...plainOf(text, from, close));
    for (const { name: key, value, start } of items) {
      if (isItem(value, kind, name, key))
        found.push({ start, end: start + value.length, value, confidence: 'likely' });
    }
  }
  return found;
}

interface Item {
  /** Empty for an item of a list. */
  name: string;
  value: string;
  start: number;
}

/** What stands in quotes between two places, each with the name before its colon. */
function* literalsOf(text: string, from: number, to: number): Generator<Item> {
  for (const match of text.slice(from, to).matchAll(LITERAL)) {
    const at = from + match.index;
    yield { name: nameBefore(text, at), value: match[2] as string, start: at + 1 };
  }
}

/** `name: ` or `"name" =>` that ends where a literal begins; empty where there is none. */
function nameBefore(text: string, end: number): string {
  let at = end;
  const blanks = (): void => {
    while (/[ \t]/.test(text[at - 1] ?? '') && end - at < 100) at--;
  };
  blanks();
  if (text[at - 1] === ':') at--;
  else if (text[at - 1] === '>' && text[at - 2] === '=') at -= 2;
  else return '';
  blanks();
  if (/["']/.test(text[at - 1] ?? '')) at--;
  const stop = at;
  while (stop - at < 80 && /[\w.@-]/.test(text[at - 1] ?? '')) at--;
  return text.slice(at, stop);
}

/** The entries of a flow mapping of YAML whose values stand without quotes. */
function* plainOf(text: string, from: number, to: number): Generator<Item> {
  let at = from;
  for (const part of text.slice(from, to).split(',')) {
    const colon = part.indexOf(': ');
    const name = part
      .slice(0, Math.max(0, colon))
      .trim()
      .replace(/^["']|["']$/g, '');
    const value = part.slice(colon + 1).trim();
    if (colon !== -1 && /^[\w.@-]{1,80}$/.test(name) && /^[^\s"'`;{}[\]()]{6,200}$/.test(value))
      yield { name, value, start: at + part.indexOf(value, colon) };
    at += part.length + 1;
  }
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
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /[0-9]/.test(value);
  // In code an object called so may hold anything: only what nothing but a machine makes.
  const sure = kind === 'config' || (value.length >= 20 && mixed && isRandom(value));
  if (name !== '') return sure && isValueOfMap(name, value);
  if (isReference(value) || isPlaceholder(value) || isEncryptedOrHashed(value)) return false;
  // Under `secrets` names and digests are listed as well: there only what has both cases and digits.
  if (value.length >= 20 && /^[\w+/=.~-]+$/.test(value) && isRandom(value))
    return mixed || kindOfName(list) === 'key';
  if (!/pass(?:words|phrases)|creds|credentials/i.test(list) || kindOfName(value) !== null) return false;
  return kind === 'code' ? isPolicyForm(value) : isChosenPassword(value);
}
