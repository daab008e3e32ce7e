import { readSshPublicKey, SshError, type SshPublicKey } from './ssh-key.js';
import { messageOf } from './verification.js';

/** One line of an `allowed_signers` file (ssh-keygen(1), ALLOWED SIGNERS). */
export interface AllowedSigner {
  /** 1-based. */
  line: number;
  /** The principals field as it stands: a comma-separated pattern list. */
  principals: string;
  key: SshPublicKey;
  certAuthority: boolean;
  /** A pattern list, or null where any namespace may be signed for. */
  namespaces: string | null;
  validAfter: Date | null;
  validBefore: Date | null;
}

/** A line that was left out, and why. */
export interface BadLine {
  line: number;
  reason: string;
  /** True for a key that can be read and is too weak to be used: what it signs is refused, nothing else suffers. */
  weak: boolean;
}

/** Control characters but for the tab, and the byte order mark. */
const CONTROL = /[^\P{Cc}\t]|\uFEFF/u;

/** Reads an `allowed_signers` file; a line that cannot be read is left out and reported, as ssh-keygen leaves it out. */
export function readAllowedSigners(bytes: Buffer): { signers: AllowedSigner[]; bad: BadLine[] } {
  const signers: AllowedSigner[] = [];
  const bad: BadLine[] = [];
  for (const [index, raw] of bytes.toString('utf8').split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    const text = skipBlanks(line);
    if (text === '' || text.startsWith('#')) continue;
    try {
      // ssh-keygen ends a line at a NUL, and takes a byte order mark for a part of the principal.
      if (CONTROL.test(text)) throw new Error('it holds a character that has no place in a line');
      signers.push({ line: index + 1, ...readLine(text) });
    } catch (error) {
      const weak = error instanceof SshError && error.code === 'weak_algorithm';
      bad.push({ line: index + 1, reason: messageOf(error), weak });
    }
  }
  return { signers, bad };
}

/**
 * A pattern list of OpenSSH (ssh_config(5), PATTERNS): `*` and `?` are wildcards, a pattern with `!` in front that
 * matches refuses whatever else matches. Case counts.
 */
export function matchesPatternList(list: string, text: string): boolean {
  let matched = false;
  for (const pattern of list.split(',')) {
    const negated = pattern.startsWith('!');
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, text)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** One pattern with `*` (any characters) and `?` (one character) over the whole text, in time bounded by their product. */
export function matchesPattern(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p;
      resume = t;
      p += 1;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      resume += 1;
      t = resume;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

function readLine(text: string): Omit<AllowedSigner, 'line'> {
  const [principals, afterPrincipals] = takeWord(text);
  if (principals === '') throw new Error('it names no principal');
  // `alice@example.com,valid-before="..."` was meant to have a blank: ssh-keygen refuses it, and so must we.
  if (principals.includes('"')) throw new Error('a quote stands inside its principals');
  let rest = afterPrincipals;
  const options = { certAuthority: false, namespaces: null, validAfter: null, validBefore: null };
  const [first] = takeWord(rest);
  const hasOptions = !isKeyType(first);
  const parsed = hasOptions ? readOptions(rest) : { options, rest };
  rest = parsed.rest;
  const [type, afterType] = takeWord(rest);
  const [base64] = takeWord(afterType);
  if (!isKeyType(type) || base64 === '') throw new Error('it holds no key');
  return { principals, key: readKeyText(type, base64), ...parsed.options };
}

/** Reads a key as it stands in key files: its type and its base64. */
export function readKeyText(type: string, base64: string): SshPublicKey {
  const blob = Buffer.from(base64, 'base64');
  if (blob.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, '')) {
    throw new Error('its key is no proper base64');
  }
  const key = readSshPublicKey(blob);
  if (key.type !== type) throw new Error(`its key is of type ${key.type}, not ${type}`);
  return key;
}

/** True for the names of key types; what is none stands for options. */
export function isKeyType(word: string): boolean {
  return /^(?:ssh-|ecdsa-sha2-|sk-)[a-z0-9@.-]+$/.test(word);
}

/** Blanks and tabs alone separate words; other white space of Unicode is a part of them. */
function skipBlanks(text: string): string {
  return text.replace(/^[ \t]+/, '');
}

/** The first word, with its quotes taken off, and what follows it. */
export function takeWord(text: string): [string, string] {
  if (text.startsWith('"')) {
    const end = text.indexOf('"', 1);
    if (end === -1) throw new Error('a quote is not closed');
    const rest = text.slice(end + 1);
    if (rest !== '' && !/^[ \t]/.test(rest)) throw new Error('something stands behind a quote');
    return [text.slice(1, end), skipBlanks(rest)];
  }
  const end = text.search(/[ \t]/);
  return end === -1 ? [text, ''] : [text.slice(0, end), skipBlanks(text.slice(end))];
}

type Options = Pick<AllowedSigner, 'certAuthority' | 'namespaces' | 'validAfter' | 'validBefore'>;

/** `cert-authority,namespaces="git,file",valid-after="20240101"`: names without case, each at most once. */
function readOptions(text: string): { options: Options; rest: string } {
  const options: Options = { certAuthority: false, namespaces: null, validAfter: null, validBefore: null };
  const seen = new Set<string>();
  let rest = text;
  for (;;) {
    const option = /^([A-Za-z-]{1,40})(?:="([^"]*)")?/.exec(rest);
    if (option === null) throw new Error(`option ${JSON.stringify(rest.slice(0, 40))} is not known`);
    const name = (option[1] as string).toLowerCase();
    if (seen.has(name)) throw new Error(`option ${name} stands twice`);
    seen.add(name);
    setOption(options, name, option[2]);
    rest = rest.slice(option[0].length);
    if (rest.startsWith(',')) rest = rest.slice(1);
    else break;
  }
  if (rest !== '' && !/^[ \t]/.test(rest)) throw new Error('something stands behind an option');
  if (
    options.validAfter !== null &&
    options.validBefore !== null &&
    options.validBefore <= options.validAfter
  ) {
    throw new Error('it ends before it begins');
  }
  return { options, rest: skipBlanks(rest) };
}

function setOption(options: Options, name: string, value: string | undefined): void {
  if (name === 'cert-authority' && value === undefined) options.certAuthority = true;
  else if (name === 'namespaces' && value !== undefined) options.namespaces = value;
  else if (name === 'valid-after' && value !== undefined) options.validAfter = readTime(value);
  else if (name === 'valid-before' && value !== undefined) options.validBefore = readTime(value);
  else throw new Error(`option ${name} is not known or has no value`);
}

/**
 * `YYYYMMDD[HHMM[SS]][Z]`. Without the Z ssh-keygen takes the machine's time zone; the gate must give the same answer
 * everywhere and takes UTC.
 */
function readTime(text: string): Date {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?Z?$/.exec(text);
  if (parts === null) throw new Error(`the time ${JSON.stringify(text)} is not YYYYMMDD[HHMM[SS]][Z]`);
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const back = date.toISOString().replace(/[-:T]/g, '').slice(0, 8);
  if (back !== text.slice(0, 8) || hour > 23 || minute > 59 || second > 59) {
    throw new Error(`the time ${JSON.stringify(text)} does not exist`);
  }
  return date;
}
