import type { JsonValue } from '../../../contract/index.js';
import { loadYaml } from '../../../kubernetes/index.js';
import { asObject, asText } from '../structure/secret-object.js';
import type { Metadata } from './encrypted-file.js';
import { goRegex, SELECTOR_FIELDS } from './selector.js';

/** One rule of `.sops.yaml` (getsops/sops config/config.go); paths are relative to the file's folder. */
export interface CreationRule {
  /** The expression, or null for a rule that takes every file. */
  pathRegex: string | null;
  /** Recipients as `kind:id`, written as those of a file's metadata (selector.ts). */
  recipients: string[];
  /** The selector fields, as in a file's metadata, and how many groups of keys there are. */
  selector: Metadata;
  matches(path: string): boolean;
}

const SETTINGS = [...SELECTOR_FIELDS, 'mac_only_encrypted', 'shamir_threshold'];

/** How rules name the recipients of a kind, and how to write one as the metadata of files does; '' for none. */
const RULE_KINDS: Readonly<Record<string, readonly [metadata: string, read: (item: JsonValue) => string]>> = {
  age: ['age', (item) => plainId(item, 'recipient')],
  pgp: ['pgp', (item) => plainId(item, 'fp').replaceAll(' ', '')],
  kms: ['kms', (item) => plainId(item, 'arn').replace(/\+arn:.*|\|.*/s, '')],
  gcp_kms: ['gcp_kms', (item) => plainId(item, 'resource_id')],
  hckms: ['hckms', (item) => plainId(item, 'key_id')],
  azure_keyvault: ['azure_kv', azureId],
  hc_vault_transit_uri: ['hc_vault', vaultId],
  hc_vault: ['hc_vault', vaultId],
};

function plainId(item: JsonValue, field: string): string {
  return (typeof item === 'string' ? item : (asText(asObject(item)?.[field]) ?? '')).trim();
}

/** `https://VAULT/keys/NAME/VERSION` (azkv/keysource.go), or an object of a key group. */
function azureId(item: JsonValue): string {
  const object = asObject(item);
  if (object !== null) {
    const url = asText(object.vaultUrl) ?? '';
    return url === '' ? '' : `${url.replace(/\/$/, '')}/${asText(object.key) ?? ''}`;
  }
  const match = /^(https:\/\/[^/]+)\/keys\/([^/]+)/.exec(plainId(item, ''));
  return match === null ? '' : `${match[1]}/${match[2]}`;
}

/** `https://HOST/v1/ENGINE/keys/NAME` (hcvault/keysource.go). */
function vaultId(item: JsonValue): string {
  const match = /^(https?:\/\/[^/]+)\/v1\/(.+)\/keys\/([^/]+)\/?$/.exec(plainId(item, ''));
  return match === null ? '' : `${match[1]}/${match[2]}/${match[3]}`;
}

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
    for (const key of SETTINGS) {
      const value = rule[key];
      if (value !== undefined && value !== null && value !== '') selector[key] = value;
    }
    if (Array.isArray(rule.key_groups) && rule.key_groups.length > 1)
      selector.key_groups = rule.key_groups.length;
    return [{ pathRegex, recipients: recipientsOfRule(rule), selector, matches: regex ?? (() => false) }];
  });
}

function recipientsOfRule(rule: Metadata): string[] {
  const found = new Set<string>();
  const add = (source: JsonValue, depth: number): void => {
    const object = asObject(source);
    if (object === null || depth > DEEPEST_GROUPS) return;
    for (const [kind, [metadata, read]] of Object.entries(RULE_KINDS)) {
      for (const item of itemsOf(object[kind])) {
        const id = read(item);
        if (id !== '') found.add(`${metadata}:${id}`);
      }
    }
    for (const list of [object.key_groups, object.merge])
      if (Array.isArray(list)) for (const group of list) add(group, depth + 1);
  };
  add(rule, 0);
  return [...found].sort();
}

/** Groups within groups (`merge`) are followed this deep. */
const DEEPEST_GROUPS = 8;

/** A comma-separated text, a list of texts, or a list of objects. */
function itemsOf(value: JsonValue | undefined): JsonValue[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? value.split(',') : [];
}

/** The first rule that takes a file, given relative to the folder of `.sops.yaml`; null where none does. */
export function ruleFor(rules: readonly CreationRule[], relative: string): CreationRule | null {
  return rules.find((rule) => rule.matches(relative)) ?? null;
}
