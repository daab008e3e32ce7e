import { RE2JS } from 're2js';
import type { Budget } from './budget.js';

/** A regular expression that is none, or too large. */
export class RegexError extends Error {}

const LONGEST = 4_096;
const cache = new Map<string, RE2JS | null>();

function compile(pattern: string, budget: Budget): RE2JS {
  if (pattern.length > LONGEST) throw new RegexError(`regular expression longer than ${LONGEST} characters`);
  budget.spend(pattern.length);
  let compiled = cache.get(pattern);
  if (compiled === undefined) {
    try {
      compiled = RE2JS.compile(pattern);
    } catch {
      // the library's own error classes only say that it is no regular expression; remembered as such
      compiled = null;
    }
    if (cache.size > 1_000) cache.clear();
    cache.set(pattern, compiled);
  }
  if (compiled === null) throw new RegexError(`not a regular expression of RE2: ${pattern}`);
  return compiled;
}

/** Cost of matching: linear in the text for a given pattern. */
function charge(pattern: string, text: string, budget: Budget): void {
  budget.spend(1 + ((text.length * (1 + (pattern.length >> 3))) >> 2));
}

/** True when the expression (RE2 syntax, linear time) matches anywhere in the text. */
export function regexMatches(pattern: string, text: string, budget: Budget): boolean {
  charge(pattern, text, budget);
  return compile(pattern, budget).matcher(text).find();
}

/** First match, or null. */
export function regexFind(pattern: string, text: string, budget: Budget): string | null {
  charge(pattern, text, budget);
  const matcher = compile(pattern, budget).matcher(text);
  return matcher.find() ? (matcher.group() ?? '') : null;
}

/** Up to `limit` matches (all when negative). */
export function regexFindAll(pattern: string, text: string, limit: number, budget: Budget): string[] {
  charge(pattern, text, budget);
  const matcher = compile(pattern, budget).matcher(text);
  const found: string[] = [];
  while ((limit < 0 || found.length < limit) && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

/** Every match replaced; `$1` and `${name}` refer to groups unless `literal`. */
export function regexReplaceAll(
  pattern: string,
  text: string,
  replacement: string,
  literal: boolean,
  budget: Budget,
): string {
  charge(pattern, text, budget);
  const matcher = compile(pattern, budget).matcher(text);
  let out = '';
  let from = 0;
  while (matcher.find()) {
    const start = matcher.start();
    out += text.slice(from, start);
    out += literal ? replacement : expand(replacement, (group) => matcher.group(group) ?? '');
    budget.spend(1 + (replacement.length >> 2));
    from = matcher.end();
  }
  return out + text.slice(from);
}

/** Go's Regexp.Expand: `$$` is a dollar, `$name` takes the longest name of word characters. */
function expand(template: string, group: (name: string | number) => string): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    if (whole === '$$') return '$';
    const name = braced ?? bare ?? '';
    try {
      return /^\d+$/.test(name) ? group(Number(name)) : group(name);
    } catch {
      // Go expands a group that does not exist to nothing
      return '';
    }
  });
}

/** A match: the whole of it, then its groups; '' for a group that took no part. */
export type RegexMatch = { start: number; end: number; groups: string[] };

/** Up to `limit` matches with their groups (all when negative). */
export function regexMatchesOf(pattern: string, text: string, limit: number, budget: Budget): RegexMatch[] {
  charge(pattern, text, budget);
  const matcher = compile(pattern, budget).matcher(text);
  const count = matcher.groupCount();
  const found: RegexMatch[] = [];
  while ((limit < 0 || found.length < limit) && matcher.find()) {
    budget.spend(1 + count);
    const groups = Array.from({ length: count + 1 }, (_, index) => matcher.group(index) ?? '');
    found.push({ start: matcher.start(), end: matcher.end(), groups });
  }
  return found;
}

/** How many groups an expression captures. */
export function regexGroups(pattern: string, budget: Budget): number {
  return compile(pattern, budget).matcher('').groupCount();
}
