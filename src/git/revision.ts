import { GateError } from '../contract/index.js';
import { printable } from './memory-tree.js';
import type { ObjectReader } from './object-reader.js';
import type { Refs } from './refs.js';

/** Where git looks a short name up, in this order (gitrevisions(7)). */
const RULES: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => `refs/${name}`,
  (name) => `refs/tags/${name}`,
  (name) => `refs/heads/${name}`,
  (name) => `refs/remotes/${name}`,
  (name) => `refs/remotes/${name}/HEAD`,
];
const NEAR = 3;
/** Names looked through for suggestions. */
const COMPARED = 5_000;

/**
 * The id of the commit that a revision names: a ref by full or short name, `HEAD` or `@`, or an id of at least four
 * digits, each with `~n`, `^n` or `^{commit}` after it. Reflogs, searches and ranges are not understood.
 *
 * Unlike git, a name that a branch and a tag share, or a ref named like another commit's id, is refused when they
 * differ: git would take the tag, and whoever may push tags could choose the base.
 * @throws GateError `unknown-revision`, naming refs with near names; `missing-objects` through `missing` for a
 *   commit that is not in the clone
 */
export async function resolveRevision(
  revision: string,
  refs: Refs,
  reader: ObjectReader,
  missing: (what: string) => GateError,
): Promise<string> {
  const parts = /^(.*?)((?:[~^]\d{0,6}|\^\{(?:commit|tag|object)?\})*)$/s.exec(revision);
  const name = parts?.[1] === '@' ? 'HEAD' : (parts?.[1] ?? '');
  const suffix = parts?.[2] ?? '';
  if (name === '' || /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{/.test(name)) {
    throw unknown(revision, 'it must be a branch, a tag or a commit id, with ~n or ^n after it where wanted');
  }
  const isId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(name);
  // What is written in full needs no rules, and a name like a whole id is never looked up: others may push such refs.
  const rules = isId ? [] : refs.ids.has(name) ? RULES.slice(0, 1) : RULES;
  const found = rules.flatMap((rule) => {
    const oid = refs.ids.get(rule(name));
    return oid === undefined ? [] : [{ ref: rule(name), oid }];
  });
  const [first, ...others] = found;
  const other = others.find(({ oid }) => oid !== first?.oid);
  if (first !== undefined && other !== undefined) {
    throw unknown(
      revision,
      `both ${printable(first.ref)} and ${printable(other.ref)} fit: write one in full`,
    );
  }
  const isHex = /^[0-9a-f]{4,64}$/i.test(name);
  const byId = isHex ? await reader.info(`${name.toLowerCase()}^{commit}`) : null;
  if (first !== undefined) {
    const commit = await reader.info(`${first.oid}${suffix}^{commit}`);
    if (byId !== null && commit !== null && suffix === '' && byId.oid !== commit.oid) {
      throw unknown(revision, `both ${printable(first.ref)} and commit ${byId.oid} fit: write one in full`);
    }
    if (commit !== null) return commit.oid;
    if ((await reader.info(first.oid)) === null)
      throw missing(`commit ${first.oid} (${printable(revision)})`);
    throw unknown(revision, suffix === '' ? 'it does not name a commit' : 'history does not go there');
  }
  if (byId !== null) {
    const commit = suffix === '' ? byId : await reader.info(`${name.toLowerCase()}${suffix}^{commit}`);
    if (commit !== null) return commit.oid;
    throw unknown(revision, 'history does not go there');
  }
  if (isId) {
    if ((await reader.info(name.toLowerCase())) !== null) throw unknown(revision, 'it is not a commit');
    throw missing(`commit ${name.toLowerCase()}`);
  }
  if (name === 'HEAD') {
    throw unknown(revision, 'there is no commit yet');
  }
  throw unknown(revision, suggestion(name, refs));
}

function unknown(revision: string, why: string): GateError {
  return new GateError('unknown-revision', `unknown revision "${printable(revision).slice(0, 200)}": ${why}`);
}

function suggestion(name: string, refs: Refs): string {
  if (refs.ids.size === 0) return 'the repository has no commit yet';
  const wanted = name.toLowerCase();
  const near: { short: string; distance: number }[] = [];
  let compared = 0;
  for (const ref of refs.ids.keys()) {
    const short = ref.replace(/^refs\/(?:heads|tags|remotes)\//, '');
    if (short.startsWith('refs/') || ++compared > COMPARED) continue;
    const tail = short.slice(short.lastIndexOf('/') + 1).toLowerCase();
    const distance =
      short.toLowerCase().endsWith(`/${wanted}`) || tail === wanted
        ? 0
        : Math.min(editDistance(wanted, short.toLowerCase()), editDistance(wanted, tail));
    if (distance <= Math.max(2, Math.floor(wanted.length / 3))) near.push({ short, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.short < b.short ? -1 : 1));
  const names = [...new Set(near.map(({ short }) => printable(short)))].slice(0, NEAR);
  return names.length > 0
    ? `did you mean ${names.join(', ')}?`
    : 'no branch, tag or commit has this name; `git branch --all` lists what there is';
}

/** Levenshtein's distance of two names; long ones are not compared. */
export function editDistance(a: string, b: string): number {
  if (a.length > 100 || b.length > 100) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
