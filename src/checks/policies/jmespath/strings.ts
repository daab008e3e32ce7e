import { parse as parseYaml } from 'yaml';
import type { JsonValue } from '../../../contract/index.js';
import { parseImage } from '../values/image.js';
import { deepEqual, emptyObject, isObject, member, setMember } from '../values/json.js';
import { regexMatches, regexReplaceAll } from '../values/regex.js';
import { parseSemver, parseSemverRange } from '../values/semver.js';
import { wildcardMatch } from '../values/wildcard.js';
import { Args, type JmesFunction } from './arguments.js';

/** Removes the characters of a set from both ends, as Go's strings.Trim. */
function trim(subject: string, cutset: string): string {
  const characters = new Set(cutset);
  const runes = [...subject];
  let from = 0;
  let to = runes.length;
  while (from < to && characters.has(runes[from] ?? '')) from += 1;
  while (to > from && characters.has(runes[to - 1] ?? '')) to -= 1;
  return runes.slice(from, to).join('');
}

function replace(subject: string, from: string, to: string, count: number): string {
  if (from === '') return subject;
  const parts = subject.split(from);
  if (count < 0 || parts.length - 1 <= count) return parts.join(to);
  return `${parts.slice(0, count).join(to)}${count > 0 ? to : ''}${parts.slice(count).join(from)}`;
}

/** Go's path/filepath.Join of one path: cleaned of `.`, `..` and double slashes. */
function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (part !== '..' || !rooted) out.push(part);
  }
  const joined = `${rooted ? '/' : ''}${out.join('/')}`;
  return joined === '' ? (path === '' ? '' : '.') : joined;
}

function itemsOf(list: Args, context: { budget: { spend(steps: number): void } }): JsonValue {
  const subject = list.any(0);
  const keyName = list.string(1);
  const valueName = list.string(2);
  const pairs: [JsonValue, JsonValue][] = Array.isArray(subject)
    ? subject.map((item, index) => [index, item])
    : Object.keys(list.object(0))
        .sort()
        .map((key) => [key, member(subject, key) ?? null]);
  context.budget.spend(pairs.length);
  return pairs.map(([key, value]) => {
    const entry = emptyObject();
    setMember(entry, keyName, key);
    setMember(entry, valueName, value);
    return entry;
  });
}

/** Kyverno's functions on text, patterns and collections (pkg/engine/jmespath/functions.go). */
export const stringFunctions: Readonly<Record<string, JmesFunction>> = {
  compare: (list) => {
    const args = new Args('compare', list, 2);
    const [a, b] = [args.string(0), args.string(1)];
    return a < b ? -1 : a > b ? 1 : 0;
  },
  equal_fold: (list) => {
    const args = new Args('equal_fold', list, 2);
    return args.string(0).toLowerCase() === args.string(1).toLowerCase();
  },
  replace: (list, { budget }) => {
    const args = new Args('replace', list, 4);
    budget.spend(args.string(0).length * (1 + args.string(2).length));
    return replace(args.string(0), args.string(1), args.string(2), Math.trunc(args.number(3)));
  },
  replace_all: (list, { budget }) => {
    const args = new Args('replace_all', list, 3);
    budget.spend(args.string(0).length * (1 + args.string(2).length));
    return replace(args.string(0), args.string(1), args.string(2), -1);
  },
  to_upper: (list) => new Args('to_upper', list, 1).string(0).toUpperCase(),
  to_lower: (list) => new Args('to_lower', list, 1).string(0).toLowerCase(),
  trim: (list) => {
    const args = new Args('trim', list, 2);
    return trim(args.string(0), args.string(1));
  },
  trim_prefix: (list) => {
    const args = new Args('trim_prefix', list, 2);
    const [subject, prefix] = [args.string(0), args.string(1)];
    return subject.startsWith(prefix) ? subject.slice(prefix.length) : subject;
  },
  split: (list, { budget }) => {
    const args = new Args('split', list, 2);
    budget.spend(args.string(0).length);
    return args.string(0).split(args.string(1));
  },
  truncate: (list) => {
    const args = new Args('truncate', list, 2);
    return [...args.string(0)].slice(0, Math.max(0, Math.trunc(args.number(1)))).join('');
  },
  regex_replace_all: (list, { budget }) => {
    const args = new Args('regex_replace_all', list, 3);
    return regexReplaceAll(args.string(0), args.textual(1), args.textual(2), false, budget);
  },
  regex_replace_all_literal: (list, { budget }) => {
    const args = new Args('regex_replace_all_literal', list, 3);
    return regexReplaceAll(args.string(0), args.textual(1), args.textual(2), true, budget);
  },
  regex_match: (list, { budget }) => {
    const args = new Args('regex_match', list, 2);
    return regexMatches(args.string(0), args.textual(1), budget);
  },
  pattern_match: (list, { budget }) => {
    const args = new Args('pattern_match', list, 2);
    budget.spend(1 + args.string(0).length * (args.textual(1).length >> 4));
    return wildcardMatch(args.string(0), args.textual(1));
  },
  label_match: (list) => {
    const args = new Args('label_match', list, 2);
    const actual = args.object(1);
    return Object.entries(args.object(0)).every(([key, value]) => {
      const found = member(actual, key);
      return found !== undefined && deepEqual(found, value);
    });
  },
  to_boolean: (list) => {
    const args = new Args('to_boolean', list, 1);
    const value = args.string(0).toLowerCase();
    if (value === 'true') return true;
    return value === 'false' ? false : args.error("the argument must be 'true' or 'false'");
  },
  path_canonicalize: (list) => cleanPath(new Args('path_canonicalize', list, 1).string(0)),
  semver_compare: (list) => {
    const args = new Args('semver_compare', list, 2);
    const range = parseSemverRange(args.string(1)) ?? args.error('the range does not parse');
    return range(parseSemver(args.string(0)) ?? { major: 0, minor: 0, patch: 0, pre: [] });
  },
  parse_json: (list, { budget }) => {
    const args = new Args('parse_json', list, 1);
    budget.spend(args.string(0).length >> 2);
    try {
      return JSON.parse(args.string(0)) as JsonValue;
    } catch (error) {
      return args.error(error instanceof Error ? error.message : 'not JSON');
    }
  },
  parse_yaml: (list, { budget }) => {
    const args = new Args('parse_yaml', list, 1);
    budget.spend(args.string(0).length);
    try {
      return JSON.parse(
        JSON.stringify(parseYaml(args.string(0), { version: '1.1', maxAliasCount: 100 }) ?? null),
      );
    } catch (error) {
      return args.error(error instanceof Error ? error.message : 'not YAML');
    }
  },
  lookup: (list) => {
    const args = new Args('lookup', list, 2);
    const subject = args.any(0);
    if (Array.isArray(subject)) return subject[args.number(1)] ?? null;
    return isObject(subject) ? (member(subject, args.string(1)) ?? null) : args.fail(0, 'Object or Array');
  },
  items: (list, context) => itemsOf(new Args('items', list, 3), context),
  object_from_lists: (list, { budget }) => {
    const args = new Args('object_from_lists', list, 2);
    const values = args.array(1);
    budget.spend(values.length);
    const result = emptyObject();
    for (const [index, key] of args.array(0).entries()) {
      if (key === null || typeof key === 'object') args.fail(0, 'Array of strings');
      setMember(result, String(key), values[index] ?? null);
    }
    return result;
  },
  image_normalize: (list) => {
    const args = new Args('image_normalize', list, 1);
    return (parseImage(args.string(0)) ?? args.error(`bad image: ${args.string(0)}`)).reference;
  },
  is_external_url: (list) => {
    const args = new Args('is_external_url', list, 1);
    if (!URL.canParse(args.string(0))) return args.error('not a URL');
    const host = new URL(args.string(0)).hostname.replace(/^\[|\]$/g, '');
    const address = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host);
    if (address !== null) {
      const [a, b] = [Number(address[1]), Number(address[2])];
      return !(a === 127 || a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168));
    }
    if (host.includes(':')) return !(host === '::1' || /^f[cd]/i.test(host));
    return args.error('a host name cannot be resolved offline');
  },
  random: (list) => new Args('random', list, 1).error('random values cannot be foreseen'),
};
