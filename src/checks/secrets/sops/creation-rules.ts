import { loadYaml } from '../../../kubernetes/index.js';
import { asObject, asText } from '../structure/secret-object.js';
import type { Metadata } from './encrypted-file.js';
import { goRegex } from './selector.js';

/** One rule of `.sops.yaml` (getsops/sops config/config.go); paths are relative to the file's folder. */
export interface CreationRule {
  /** The expression, or null for a rule that takes every file. */
  pathRegex: string | null;
  /** Recipients as `kind:id`, for the kinds that are compared (age, pgp, kms, gcp_kms). */
  recipients: string[];
  /** The selector fields, as in a file's metadata. */
  selector: Metadata;
  matches(path: string): boolean;
}

const SELECTORS = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
  'mac_only_encrypted',
  'shamir_threshold',
];

/** Kinds whose ids are written alike in rules and in metadata; the field of a list's objects that holds the id. */
const RULE_KINDS: Readonly<Record<string, readonly [metadata: string, field: string]>> = {
  age: ['age', 'recipient'],
  pgp: ['pgp', 'fp'],
  kms: ['kms', 'arn'],
  gcp_kms: ['gcp_kms', 'resource_id'],
};

/** The creation rules of a `.sops.yaml`, in their order; none where it cannot be read. */
export function readCreationRules(bytes: Uint8Array, path: string): CreationRule[] {
  const root = asObject(loadYaml(bytes, path).documents[0]?.value);
  const list = root?.creation_rules;
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    const rule = asObject(item);
    if (rule === null) return [];
    const pathRegex = asText(rule.path_regex);
    const regex = pathRegex === null ? () => true : goRegex(pathRegex);
    const selector: Metadata = {};
    for (const key of SELECTORS) {
      const value = rule[key];
      if (value !== undefined && value !== null && value !== '') selector[key] = value;
    }
    return [{ pathRegex, recipients: recipientsOfRule(rule), selector, matches: regex ?? (() => false) }];
  });
}

function recipientsOfRule(rule: Metadata): string[] {
  const found = new Set<string>();
  const groups = Array.isArray(rule.key_groups) ? rule.key_groups : [];
  for (const source of [rule, ...groups]) {
    const object = asObject(source);
    if (object === null) continue;
    for (const [kind, [metadata, field]] of Object.entries(RULE_KINDS)) {
      for (const id of idsOf(object[kind], field)) found.add(`${metadata}:${id}`);
    }
  }
  return [...found].sort();
}

/** A comma-separated text, a list of texts, or a list of objects. KMS ids may have `+role` after the ARN. */
function idsOf(value: Metadata[string] | undefined, field: string): string[] {
  const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  return items
    .map((item) => (typeof item === 'string' ? item : (asText(asObject(item)?.[field]) ?? '')))
    .map((id) => id.trim().replace(/\+arn:.*/s, ''))
    .filter((id) => id !== '');
}

/** The first rule that takes a file, given relative to the folder of `.sops.yaml`; null where none does. */
export function ruleFor(rules: readonly CreationRule[], relative: string): CreationRule | null {
  return rules.find((rule) => rule.matches(relative)) ?? null;
}
