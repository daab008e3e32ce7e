import type { JsonValue } from '../../contract/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { text } from '../inputs/json-shape.js';
import type { AdvertisedRef } from './git-protocol.js';
import { chooseVersion, parseConstraint, parseVersion } from './semver-range.js';

/** Which commit of a git repository is wanted. */
export type GitRevision =
  | { kind: 'commit'; commit: string }
  /** The first of these refs that the repository has. */
  | { kind: 'ref'; refs: readonly string[]; shown: string }
  /** The highest tag that satisfies a range of versions; of refs where none does. */
  | { kind: 'range'; range: string; refs: readonly string[]; shown: string };

/** A commit that a revision means now. */
export interface ResolvedRevision {
  commit: string;
  /** True where it may mean another commit tomorrow. */
  moves: boolean;
}

const COMMIT = /^[0-9a-f]{40}$/i;

/**
 * A revision as git takes it (`git fetch`, refs.c ref_rev_parse_rules): forty hex digits are a commit, whatever branches
 * are called; else a name in full, a tag, a branch.
 * @param ref null for the repository's HEAD
 * @throws Unresolved for what is no name of a ref
 */
export function gitRevision(ref: string | null): GitRevision {
  const name = ref ?? 'HEAD';
  if (COMMIT.test(name)) return commitOf(name);
  return refOf(name, [name, `refs/${name}`, `refs/tags/${name}`, `refs/heads/${name}`]);
}

/**
 * An Application's `targetRevision` (Argo CD util/git/client.go lsRemote, util/versions MaxVersion): a commit, a range of
 * versions among the tags, a ref in full, a branch, a tag.
 * @throws Unresolved for what is no name of a ref
 */
export function argoRevision(targetRevision: string | null): GitRevision {
  const name = targetRevision === null || targetRevision === '' ? 'HEAD' : targetRevision;
  if (COMMIT.test(name)) return commitOf(name);
  const refs =
    name.startsWith('refs/') || name === 'HEAD' ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
  const range = parseVersion(name) === null && parseConstraint(name) !== null;
  return range ? { kind: 'range', range: name, refs: [], shown: name } : refOf(name, refs);
}

/**
 * `spec.ref` of a Flux GitRepository (source-controller; fluxcd/pkg/git gogit Clone): the most exact of commit, name,
 * range and tag counts, else the branch.
 * @throws Unresolved for what is no name of a ref
 */
export function fluxRevision(ref: JsonValue | undefined): GitRevision {
  const said = (name: string): string | null => text(ref, name) || null;
  const commit = said('commit');
  if (commit !== null) {
    if (!COMMIT.test(commit))
      throw new Unresolved(`its source names the commit ${commit.slice(0, 80)}, which is none`);
    return commitOf(commit);
  }
  const name = said('name');
  if (name !== null) return refOf(name, [name.replace(/\^\{\}$/, '')]);
  const range = said('semver');
  if (range !== null) return { kind: 'range', range, refs: [], shown: range };
  const tag = said('tag');
  if (tag !== null) return refOf(tag, [`refs/tags/${tag}`]);
  const branch = said('branch') ?? 'master';
  return refOf(branch, [`refs/heads/${branch}`]);
}

/** A revision for people. */
export function shownRevision(revision: GitRevision): string {
  return revision.kind === 'commit' ? revision.commit : revision.shown;
}

/** The starts of the names of all refs that a revision may mean. */
export function prefixesOf(revision: Exclude<GitRevision, { kind: 'commit' }>): string[] {
  return [...(revision.kind === 'range' ? ['refs/tags/'] : []), ...revision.refs];
}

/** Of the refs that a repository has the one that is meant, or null. */
export function meantRef(
  revision: Exclude<GitRevision, { kind: 'commit' }>,
  refs: readonly AdvertisedRef[],
): ResolvedRevision | null {
  const found = revision.kind === 'range' ? highest(revision.range, refs) : null;
  const ref =
    found ?? revision.refs.flatMap((name) => refs.find((candidate) => candidate.name === name) ?? [])[0];
  if (ref === undefined) return null;
  return {
    commit: ref.peeled ?? ref.oid,
    moves: revision.kind === 'range' || !(ref.name.startsWith('refs/tags/') && namesVersion(ref.name)),
  };
}

/** True for the name of a tag that is a version: others, and branches, are expected to move. */
export function namesVersion(tag: string): boolean {
  return /(^|[-_/@])v?\d+(\.\d+){1,3}([-+.][0-9A-Za-z.+-]+)?$/.test(tag);
}

function highest(range: string, refs: readonly AdvertisedRef[]): AdvertisedRef | null {
  const tags = refs.filter(({ name }) => name.startsWith('refs/tags/'));
  return chooseVersion(range, tags, ({ name }) => name.slice('refs/tags/'.length));
}

function commitOf(written: string): GitRevision {
  return { kind: 'commit', commit: written.toLowerCase() };
}

function refOf(name: string, refs: readonly string[]): GitRevision {
  if (name.length > 200 || /[\s\p{Cc}~^:?*[\\]/u.test(refs.join('')) || name === '') {
    throw new Unresolved('it names a revision that is none');
  }
  return { kind: 'ref', refs, shown: name };
}
