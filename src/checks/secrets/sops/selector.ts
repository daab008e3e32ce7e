import { RE2JS } from 're2js';
import type { FieldPath } from '../../../kubernetes/index.js';
import { asObject, asText } from '../structure/secret-object.js';
import type { Metadata } from './encrypted-file.js';

type Test = (text: string) => boolean;

/** The files of a repository have few expressions between them, and compiling one costs more than reading a file. */
const compiled = new Map<string, Test | null>();
const MOST_COMPILED = 256;
const LONGEST_KEPT = 1_024;

/** A Go regular expression; null where RE2 does not take it. Linear in its input, whoever wrote it. */
export function goRegex(source: string): Test | null {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const regex = compile(source);
  if (compiled.size >= MOST_COMPILED) compiled.clear();
  if (source.length <= LONGEST_KEPT) compiled.set(source, regex);
  return regex;
}

function compile(source: string): Test | null {
  try {
    const regex = RE2JS.compile(source);
    return (text) => regex.matcher(text).find();
  } catch {
    // Not a regular expression of RE2: the caller says what that means for it.
    return null;
  }
}

/**
 * Which leaves a file's metadata selects for encryption (getsops/sops sops.go, shouldBeEncrypted): a suffix or an
 * expression hits any element of the path; list indexes are no elements. With no selector at all `_unencrypted` is
 * the suffix. An expression that is none takes nothing, as there. Null where the selector is one of comments: those are
 * not read here.
 */
export function selects(metadata: Metadata): ((path: FieldPath) => boolean) | null {
  const text = (key: string): string => asText(metadata[key]) ?? '';
  if (text('unencrypted_comment_regex') !== '' || text('encrypted_comment_regex') !== '') return null;
  const any = (path: FieldPath, test: (part: string) => boolean): boolean =>
    path.some((part) => typeof part === 'string' && test(part));
  const encryptedSuffix = text('encrypted_suffix');
  if (encryptedSuffix !== '') return (path) => any(path, (part) => part.endsWith(encryptedSuffix));
  const encrypted = text('encrypted_regex');
  if (encrypted !== '') {
    const regex = goRegex(encrypted) ?? (() => false);
    return (path) => any(path, regex);
  }
  const unencrypted = text('unencrypted_regex');
  if (unencrypted !== '') {
    const regex = goRegex(unencrypted) ?? (() => false);
    return (path) => !any(path, regex);
  }
  const suffix = text('unencrypted_suffix') || '_unencrypted';
  return (path) => !any(path, (part) => part.endsWith(suffix));
}

/** Recipients of a file or rule as `kind:id`, key groups included, sorted. */
export function recipientsOf(metadata: Metadata): string[] {
  return [...new Set(entriesOf(metadata).map(({ id }) => id))].sort();
}

/** What identifies a recipient in the metadata, by kind. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  age: ['recipient'],
  pgp: ['fp'],
  kms: ['arn'],
  gcp_kms: ['resource_id'],
  // Its version is the newest when the file was made, whatever the creation rule says.
  azure_kv: ['vault_url', 'name'],
  hc_vault: ['vault_address', 'engine_path', 'key_name'],
  hckms: ['key_id'],
};

/** The fields that say which values are encrypted; a file has at most one of them (stores/stores.go, ToInternal). */
export const SELECTOR_FIELDS = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const;

/** The fields of a file's metadata that select values. */
export function selectorsOf(metadata: Metadata): string[] {
  return SELECTOR_FIELDS.filter((field) => (asText(metadata[field]) ?? '') !== '');
}

/** Recipients for whom the metadata holds no data key: with `enc` empty nobody gets it out. */
export function withoutKey(metadata: Metadata): string[] {
  return entriesOf(metadata).flatMap(({ id, enc }) => (enc === '' ? [id] : []));
}

function entriesOf(metadata: Metadata): { id: string; enc: string }[] {
  const groups = Array.isArray(metadata.key_groups) ? metadata.key_groups : [];
  const entries: { id: string; enc: string }[] = [];
  for (const source of [metadata, ...groups].map(asObject)) {
    for (const [kind, fields] of Object.entries(FIELDS)) {
      const list = source?.[kind];
      for (const item of (Array.isArray(list) ? list : []).map(asObject)) {
        const parts = fields.map((field) => asText(item?.[field]) ?? '');
        if (item === null || parts.every((part) => part === '')) continue;
        entries.push({ id: `${kind}:${parts.join('/')}`, enc: (asText(item.enc) ?? '').trim() });
      }
    }
  }
  return entries;
}
