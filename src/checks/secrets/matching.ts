import type { Confidence } from '../../contract/index.js';
import type { Assignment, Effort } from './assignment.js';
import { passwordsAfter } from './command-line.js';
import { shannonEntropy } from './entropy.js';
import type { Hit } from './hit.js';
import { mentionsSecret } from './key-name.js';
import { readPem } from './pem.js';
import { isReference, isSampleToken } from './placeholder.js';
import { isRandom } from './randomness.js';
import type { Rule } from './rule.js';
import { verify } from './verify.js';

/**
 * Whether the line up to an offset begins as a comment of a configuration or script language. `//host/:_authToken` of
 * an .npmrc is none.
 */
export function inComment(text: string, at: number): boolean {
  // Looked for in a short stretch only: a search for the line's start could run through all of a file of one line.
  const before = text.slice(Math.max(0, at - 400), at);
  const line = before.lastIndexOf('\n');
  return (
    (line !== -1 || at <= 400) &&
    /^\s*(?:#(?!define\b)|\/\/(?!\S{1,200}\/:_)|;|--\s|\*|<!--)/.test(
      text.slice(at - before.length + line + 1, at + 20),
    )
  );
}

function isWordCode(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** @param shown true where a text shows how something is done (documentation, examples): what is typed there is a guess */
export function matchToken(
  rule: Rule,
  text: string,
  keywordAt: number,
  shown: boolean,
  effort: Effort,
): Hit | null {
  const { spec } = rule;
  if (spec.command.length > 0) return matchCommand(rule, text, keywordAt, shown, effort);
  let start = keywordAt;
  if (rule.lead !== null && spec.lead !== null) {
    while (start > 0 && keywordAt - start < spec.lead.most && rule.lead.test(text[start - 1] as string))
      start--;
  }
  // A token that begins inside a word is none; `\n` before it is an escape, not a letter.
  if (
    rule.lead === null &&
    start > 0 &&
    isWordCode(text.charCodeAt(start)) &&
    isWordCode(text.charCodeAt(start - 1))
  ) {
    if (!(text[start - 2] === '\\' && /[nrt]/.test(text[start - 1] as string))) return null;
  }
  rule.regex.lastIndex = start;
  const span = rule.regex.exec(text)?.indices?.[spec.secretGroup];
  if (span === undefined) return null;
  let [from, end] = span;
  if (spec.verify === 'pem') {
    const block = readPem(text, start);
    if (block === null) return null;
    from = start;
    end = block.end;
  } else if (
    spec.secretGroup === 0 &&
    isWordCode(text.charCodeAt(end - 1)) &&
    isWordCode(text.charCodeAt(end))
  ) {
    return null;
  }
  const value = text.slice(from, end);
  const judged = judge(rule, value, value, text, from);
  if (judged === null) return null;
  // What a server's commented-out default shows of a password was made up for it.
  const made = spec.verify === 'password' && !isRandom(value) && inComment(text, start);
  const confidence = made ? 'guess' : judged;
  const secret = secretPart(rule, value);
  return {
    rule: spec,
    value: secret,
    start: from,
    end: from + secret.length,
    confidence,
    name: null,
    encodings: [],
  };
}

/** The first password among the arguments of the tool whose name stands at `at`. */
function matchCommand(rule: Rule, text: string, at: number, shown: boolean, effort: Effort): Hit | null {
  if (isWordCode(text.charCodeAt(at)) && at > 0 && /[\w-]/.test(text[at - 1] as string)) return null;
  rule.regex.lastIndex = at;
  const tool = rule.regex.exec(text);
  if (tool === null) return null;
  // A short name's keyword takes the quote or dash of a list along.
  const from = at + tool[0].search(/\w/);
  const behind = at + tool[0].length;
  for (const { name, value, start, end } of passwordsAfter(text, from, behind, rule.spec.command, effort)) {
    const verdict = verify('password', value);
    if (verdict === 'no' || value.length > 256) continue;
    const guess = verdict === 'doubt' || (shown && !isRandom(value)) || inComment(text, at);
    const confidence = guess ? 'guess' : rule.spec.confidence;
    return { rule: rule.spec, value, start, end, confidence, name, encodings: [] };
  }
  return null;
}

/** What must be rotated: of `password@host` the password, of everything else the whole. */
function secretPart(rule: Rule, value: string): string {
  if (rule.spec.verify !== 'url-userinfo') return value;
  const at = value.lastIndexOf('@');
  return at === -1 ? value : value.slice(0, at);
}

export function matchAssignment(rule: Rule, found: Assignment | null, text: string): Hit | null {
  if (found === null || found.operator === 'compare' || !mentionsSecret(found.name)) return null;
  const { value, start, end, name } = found;
  const match = rule.regex.exec(value);
  const secret = match?.[rule.spec.secretGroup];
  if (secret === undefined) return null;
  const confidence = judge(rule, secret, `${name}=${value}`, text, start);
  if (confidence === null) return null;
  // A commented-out setting shows how it is done: likely made up.
  const sure = rule.spec.verify !== null && inComment(text, found.nameStart) ? 'guess' : confidence;
  return { rule: rule.spec, value: secret, start, end, confidence: sure, name, encodings: [] };
}

/** How sure a match is, or null where it is no secret. */
function judge(rule: Rule, secret: string, whole: string, text: string, at: number): Confidence | null {
  const { spec } = rule;
  if (spec.verify !== 'pem' && spec.verify !== 'url-userinfo') {
    if (isSampleToken(secret) || isReference(secret)) return null;
    if (spec.entropy > 0 && shannonEntropy(secret) < spec.entropy) return null;
  }
  if (rule.allow.some((allow) => allow.test(whole))) return null;
  if (rule.requires !== null && spec.requires !== null) {
    const near = text.slice(
      Math.max(0, at - spec.requires.within),
      at + secret.length + spec.requires.within,
    );
    if (!rule.requires.test(near)) return null;
  }
  if (spec.verify === null) return spec.confidence;
  const verdict = verify(spec.verify, secret);
  if (verdict === 'no') return null;
  if (verdict === 'doubt') return 'guess';
  return verdict === 'sure' && spec.confidence !== 'guess' ? 'certain' : spec.confidence;
}
