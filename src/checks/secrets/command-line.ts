import type { Effort } from './assignment.js';
import { type Word, wordsAfter } from './command-words.js';
import { isHarmlessKey } from './key-name.js';

/** A password on a command line, with its place and the argument that says what it is. */
export interface Argument {
  name: string;
  value: string;
  start: number;
  end: number;
}

/**
 * Passwords among the arguments of a tool, by the patterns of its rule (rules/secrets/command-lines.yaml): words in
 * lower case are subcommands or flags that must be there, in capitals any argument, `PASSWORD` what is looked for.
 *
 * `-pPASSWORD` is one word, `-p PASSWORD` two (or one with `=`), `-u USER:PASSWORD` a pair, `pass:PASSWORD` a word with
 * that start, `add_user USER PASSWORD` positions behind a subcommand, `--from-literal=KEY=PASSWORD` a pair whose key
 * must not be that of a user name or a host.
 */
export function passwordsAmong(words: readonly Word[], patterns: readonly string[]): Argument[] {
  return patterns.flatMap((pattern) => findPattern(words, pattern.split(' ')));
}

/** The passwords of the command whose tool's name stands at `start` and ends before `from`. */
export function passwordsAfter(
  text: string,
  start: number,
  from: number,
  patterns: readonly string[],
  effort: Effort,
): Argument[] {
  const words = wordsAfter(text, start, from, effort);
  return words.length === 0 ? [] : passwordsAmong(words, patterns);
}

function findPattern(words: readonly Word[], pattern: readonly string[]): Argument[] {
  let at = 0;
  let name = '';
  for (const [index, part] of pattern.entries()) {
    const last = index === pattern.length - 1;
    if (/^[A-Z]+$/.test(part) || /^[A-Z]+[:%=]PASSWORD$/.test(part)) {
      const behindFlag =
        index > 0 && pattern[index - 1]?.startsWith('-') === true && !isCluster(pattern, index);
      if (!behindFlag) while (at < words.length && words[at]?.text.startsWith('-') === true) at++;
      const word = words[at++];
      if (word === undefined) return [];
      if (last) return taken(word, part, name);
      continue;
    }
    if (last) return words.slice(at).flatMap((word) => attached(word, part));
    const valued = !isCluster(pattern, index + 1);
    const found = words.findIndex((word, place) => place >= at && isWord(word.text, part, valued));
    if (found === -1) return [];
    const word = words[found] as Word;
    name = part;
    const joined = pattern[index + 1];
    if (part.startsWith('--') && word.text.startsWith(`${part}=`) && joined !== undefined)
      return taken(cut(word, part.length + 1), joined, name);
    at = found + 1;
  }
  return [];
}

/** Behind a flag that takes no value of its own (`htpasswd -b FILE USER PASSWORD`) several arguments follow. */
function isCluster(pattern: readonly string[], index: number): boolean {
  return pattern.length - index > 1;
}

/** The flag or subcommand itself, `--flag=...`, or a cluster of short flags that has it (at its end, for a value). */
function isWord(text: string, part: string, valued: boolean): boolean {
  if (text === part) return true;
  if (part.startsWith('--')) return text.startsWith(`${part}=`);
  if (!/^-[A-Za-z]$/.test(part) || !/^-[A-Za-z]{2,5}$/.test(text)) return false;
  return valued ? text.endsWith(part.slice(1)) : text.includes(part.slice(1));
}

/** `-pPASSWORD`, `pass:PASSWORD`, `--from-literal=KEY=PASSWORD`: what follows a start within the word. */
function attached(word: Word, part: string): Argument[] {
  const keyed = part.endsWith('KEY=PASSWORD');
  const start = part.slice(0, part.length - (keyed ? 'KEY=PASSWORD' : 'PASSWORD').length);
  if (!word.text.startsWith(start) || word.text.length === start.length) return [];
  if (/^-[A-Za-z]$/.test(start) && /^[-=]/.test(word.text.slice(2))) return [];
  return taken(cut(word, start.length), keyed ? 'KEY=PASSWORD' : 'PASSWORD', start.replace(/[=:]$/, ''));
}

function cut(word: Word, length: number): Word {
  return { text: word.text.slice(length), start: word.start + length, end: word.end };
}

function taken(word: Word, part: string, name: string): Argument[] {
  const mark = /^([A-Z]+)([:%=])PASSWORD$/.exec(part);
  if (mark === null) return part === 'PASSWORD' ? [made(word, name)] : [];
  const split = word.text.indexOf(mark[2] as string);
  if (split === -1) return [];
  const key = word.text.slice(0, split);
  if (mark[1] === 'KEY' && (isHarmlessKey(key) || !/^[\w.-]{1,100}$/.test(key))) return [];
  return [made(cut(word, split + 1), mark[1] === 'KEY' ? key : name)];
}

function made(word: Word, name: string): Argument {
  return { name, value: word.text, start: word.start, end: word.end };
}
