import type { JsonValue } from '../../../contract/index.js';
import { type FieldPath, type LoadedYaml, loadYaml, type Position } from '../../../kubernetes/index.js';
import { isReadable } from '../placeholder.js';
import { asObject, asText } from '../structure/secret-object.js';

/** A scalar of an encrypted file with where it stands. Lists' indexes are no part of what selectors see. */
export interface Leaf {
  path: FieldPath;
  value: string;
  /** Written as null or as an empty string: SOPS leaves both as they are. */
  empty: boolean;
  comment: boolean;
}

/** The `sops` section (getsops/sops stores/stores.go). */
export type Metadata = { [key: string]: JsonValue };

/** A file with SOPS metadata, of whichever format. */
export interface EncryptedFile {
  format: 'yaml' | 'json' | 'dotenv' | 'ini' | 'binary';
  metadata: Metadata;
  leaves: Leaf[];
  locate(path: FieldPath): Position | null;
}

const VALUE =
  /^ENC\[AES256_GCM,data:([A-Za-z0-9+/]*={0,2}),iv:([A-Za-z0-9+/]+={0,2}),tag:([A-Za-z0-9+/]+={0,2}),type:(str|int|float|bytes|bool|time|comment)\]$/;

/** Parts of an encrypted value (getsops/sops aes/cipher.go), or null where the text is none. */
export function parseEncrypted(text: string): { data: Buffer; iv: Buffer; tag: Buffer; type: string } | null {
  const match = VALUE.exec(text.trim());
  if (match === null) return null;
  const [, data = '', iv = '', tag = '', type = ''] = match;
  return {
    data: Buffer.from(data, 'base64'),
    iv: Buffer.from(iv, 'base64'),
    tag: Buffer.from(tag, 'base64'),
    type,
  };
}

/** True for a well-formed encrypted value: SOPS makes nonces of 32 bytes (older ones 12) and tags of 16. */
export function isEncryptedValue(text: string): boolean {
  const parts = parseEncrypted(text);
  return (
    parts !== null &&
    parts.tag.length === 16 &&
    (parts.iv.length === 32 || parts.iv.length === 12) &&
    !isReadable(parts.data)
  );
}

/** Whether a text can be an encrypted file at all: the question before anything is parsed. */
export function mayBeEncryptedFile(text: string): boolean {
  return /(?:^|[\s"'{])sops["']?\s{0,8}:|^sops_mac=|^\[sops\]/m.test(text);
}

/**
 * Every part of a file that SOPS encrypted; none where the file has no metadata. A YAML document is one each.
 * @param read the file's documents, for a caller who reads them anyhow
 */
export function readEncrypted(
  bytes: Uint8Array,
  path: string,
  read = (): LoadedYaml => loadYaml(bytes, path, { compare: false, keepTree: true }),
): EncryptedFile[] {
  const text = Buffer.from(bytes).toString('utf8');
  if (/^sops_[a-z]/m.test(text)) return [readDotenv(text)];
  if (/^\[sops\]\s*$/m.test(text)) return [readIni(text)];
  const { documents } = read();
  return documents.flatMap((document) => {
    const root = asObject(document.value);
    const metadata = asObject(root?.sops);
    if (root === null || metadata === null || !isMetadata(metadata)) return [];
    const { sops: _, ...rest } = root;
    const binary =
      Object.keys(rest).length === 1 && typeof rest.data === 'string' && path.endsWith('.json') === false;
    const json = text.trimStart().startsWith('{');
    return [
      {
        format: json ? (binary ? 'binary' : 'json') : 'yaml',
        metadata,
        leaves: leavesOf(rest, []),
        locate: (at) => document.locate(at),
      },
    ];
  });
}

/** `sops:` of a Helm value or a setting of that name is not metadata: that has a MAC, a version or recipients. */
function isMetadata(value: Metadata): boolean {
  return ['mac', 'lastmodified', 'age', 'pgp', 'kms', 'gcp_kms', 'azure_kv', 'hc_vault', 'key_groups'].some(
    (key) => Object.hasOwn(value, key),
  );
}

/** Scalars of a document in order, with their paths. */
export function leavesOf(value: JsonValue, path: FieldPath): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  const object = asObject(value);
  if (object !== null) return Object.entries(object).flatMap(([key, item]) => leavesOf(item, [...path, key]));
  return [{ path, value: asText(value) ?? '', empty: value === null || value === '', comment: false }];
}

/** `key=value` lines; metadata is flattened with `sops_` before it (stores/dotenv, stores/flatten.go). */
function readDotenv(text: string): EncryptedFile {
  const leaves: Leaf[] = [];
  const flat: [string, string][] = [];
  const places = new Map<string, number>();
  text.split(/\r?\n/).forEach((line, index) => {
    const match = /^([A-Za-z_][\w.-]*)=(.*)$/.exec(line);
    if (match === null) return;
    const [, key = '', value = ''] = match;
    if (key.startsWith('sops_')) flat.push([key.slice('sops_'.length), value]);
    else {
      leaves.push({ path: [key], value, empty: value === '', comment: false });
      places.set(key, index + 1);
    }
  });
  return { format: 'dotenv', metadata: unflatten(flat), leaves, locate: (path) => placeOf(places, path) };
}

/** Sections of `key = value`; metadata is the section `[sops]`, flattened (stores/ini). */
function readIni(text: string): EncryptedFile {
  const leaves: Leaf[] = [];
  const flat: [string, string][] = [];
  const places = new Map<string, number>();
  let section = '';
  text.split(/\r?\n/).forEach((line, index) => {
    const header = /^\s*\[([^\]]*)\]\s*$/.exec(line);
    if (header !== null) section = header[1] ?? '';
    const equals = line.indexOf('=');
    const key = line.slice(0, equals).trim();
    if (header !== null || equals === -1 || key === '' || /^[;#]/.test(key)) return;
    const value = line.slice(equals + 1).trim();
    if (section === 'sops') flat.push([key, value]);
    else {
      leaves.push({ path: [section, key], value, empty: value === '', comment: false });
      places.set(`${section}\n${key}`, index + 1);
    }
  });
  return { format: 'ini', metadata: unflatten(flat), leaves, locate: (path) => placeOf(places, path) };
}

function placeOf(places: ReadonlyMap<string, number>, path: FieldPath): Position | null {
  const line = places.get(path.join('\n'));
  return line === undefined ? null : { line, column: 1, endLine: line };
}

/** `age__list_0__map_recipient` back to `age[0].recipient`; values stay text. */
function unflatten(flat: readonly [string, string][]): Metadata {
  const root = new Map<string, JsonValue>();
  const lists = new Map<string, Map<number, { [key: string]: JsonValue }>>();
  for (const [key, value] of flat) {
    const match = /^([a-z_]+?)__list_(\d{1,4})__map_([a-z_]+)$/.exec(key);
    if (match === null) {
      root.set(key, value);
      continue;
    }
    const [, name = '', index = '0', field = ''] = match;
    const list = lists.get(name) ?? new Map<number, { [key: string]: JsonValue }>();
    lists.set(name, list);
    list.set(Number(index), { ...list.get(Number(index)), [field]: value });
  }
  for (const [name, list] of lists)
    root.set(
      name,
      [...list.entries()].sort(([a], [b]) => a - b).map(([, item]) => item),
    );
  return Object.fromEntries(root);
}
