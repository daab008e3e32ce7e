import { RE2JS } from 're2js';
import type { FieldPath } from '../../../kubernetes/index.js';
import { asText } from '../structure/secret-object.js';
import type { Metadata } from './encrypted-file.js';

/** A Go regular expression; null where RE2 does not take it. Linear in its input, whoever wrote it. */
export function goRegex(source: string): ((text: string) => boolean) | null {
  try {
    const compiled = RE2JS.compile(source);
    return (text) => compiled.matcher(text).find();
  } catch {
    // Not a regular expression of RE2: the caller says what that means for it.
    return null;
  }
}

/**
 * Which leaves a file's metadata selects for encryption (getsops/sops sops.go, shouldBeEncrypted): a suffix or an
 * expression hits any element of the path; list indexes are no elements. With no selector at all `_unencrypted` is
 * the suffix. Null where the selector is one of comments or is no regular expression: then nothing can be said.
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
    const regex = goRegex(encrypted);
    return regex === null ? null : (path) => any(path, regex);
  }
  const unencrypted = text('unencrypted_regex');
  if (unencrypted !== '') {
    const regex = goRegex(unencrypted);
    return regex === null ? null : (path) => !any(path, regex);
  }
  const suffix = text('unencrypted_suffix') || '_unencrypted';
  return (path) => !any(path, (part) => part.endsWith(suffix));
}

/** Recipients of a file or rule as `kind:id`, key groups included, sorted. */
export function recipientsOf(metadata: Metadata): string[] {
  const found = new Set<string>();
  const groups = Array.isArray(metadata.key_groups) ? metadata.key_groups : [];
  for (const source of [metadata, ...groups]) {
    if (source === null || typeof source !== 'object' || Array.isArray(source)) continue;
    for (const [kind, fields] of Object.entries(FIELDS)) {
      const list = source[kind];
      if (!Array.isArray(list)) continue;
      for (const item of list) {
        if (item === null || typeof item !== 'object' || Array.isArray(item)) continue;
        const id = fields.map((field) => asText(item[field]) ?? '').join('/');
        if (id !== '') found.add(`${kind}:${id}`);
      }
    }
  }
  return [...found].sort();
}

/** What identifies a recipient in the metadata, by kind. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  age: ['recipient'],
  pgp: ['fp'],
  kms: ['arn'],
  gcp_kms: ['resource_id'],
  azure_kv: ['vault_url', 'name', 'version'],
  hc_vault: ['vault_address', 'engine_path', 'key_name'],
};
