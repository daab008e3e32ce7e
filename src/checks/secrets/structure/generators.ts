import { posix } from 'node:path';
import { type JsonValue, LIMITS } from '../../../contract/index.js';
import type { Tree } from '../../../git/index.js';
import { type FieldPath, loadYaml } from '../../../kubernetes/index.js';
import type { Field } from './field.js';
import { asObject, asText } from './secret-object.js';

/**
 * What a generator makes of a file: `env` lines or the whole content become values of a Secret, or the generator
 * decrypts it (KSOPS, SopsSecretGenerator), so that it must be encrypted.
 */
export interface Role {
  kind: 'secret-env' | 'secret-file' | 'must-be-encrypted';
  /** Name of the key that the content becomes. */
  key: string;
  /** The file that says so. */
  by: string;
}

const GENERATOR_WORD =
  /[sS]ecretGenerator|^["']?generators["']?\s*:|\bksops\b|viaduct\.ai|SopsSecretGenerator|goabout\.com/m;
const DECRYPTING_KINDS = new Set(['ksops', 'SopsSecretGenerator']);

/** Literals of `secretGenerator` and `configMapGenerator` (kustomize api/types/kvpairsources.go). */
export function generatorFields(root: JsonValue): Field[] {
  const fields: Field[] = [];
  for (const section of ['secretGenerator', 'configMapGenerator'] as const) {
    const own = asObject(root);
    // The builtin generator as a resource of its own (`generators:`).
    const kind = section === 'secretGenerator' ? 'SecretGenerator' : 'ConfigMapGenerator';
    const alone = own?.kind === kind;
    const list = alone ? [own] : own?.[section];
    if (!Array.isArray(list)) continue;
    list.forEach((item, index) => {
      const generator = asObject(item);
      const literals = generator?.literals;
      if (!Array.isArray(literals)) return;
      literals.forEach((literal, at) => {
        const match = typeof literal === 'string' ? /^([^=]+)=(.*)$/s.exec(literal) : null;
        if (match === null) return;
        const [, name = '', raw = ''] = match;
        const path: FieldPath = alone ? ['literals', at] : [section, index, 'literals', at];
        fields.push({
          context: section === 'secretGenerator' ? 'secret' : 'config',
          name,
          value: raw.replace(/^(['"])(.*)\1$/s, '$2'),
          binary: null,
          path,
          object: null,
          type: asText(generator?.type) ?? '',
          where: `\`${name}\` in ${section} ${asText(generator?.name) ?? ''}`.trimEnd(),
        });
      });
    });
  }
  return fields;
}

/** The files that the kustomizations of a tree read as secrets, by path. */
export async function generatorRoles(tree: Tree): Promise<Map<string, Role>> {
  const roles = new Map<string, Role>();
  const files = await tree.files();
  const seen = new Set<string>();
  const read = async (path: string): Promise<void> => {
    const file = files.get(path);
    if (file === undefined || seen.has(path) || file.mode === 'submodule' || file.mode === 'symlink') return;
    seen.add(path);
    if ((await tree.size(path)) > LIMITS.configBytes) return;
    const bytes = await tree.read(path);
    if (!GENERATOR_WORD.test(bytes.toString('latin1'))) return;
    for (const { value } of loadYaml(bytes, path, { compare: false }).documents) {
      addRoles(value, path, roles);
      // Plugins stand in files of any name, or in the kustomization itself.
      for (const text of strings(asObject(value)?.generators)) {
        const named = text.includes('\n') ? null : posix.normalize(posix.join(posix.dirname(path), text));
        if (named !== null) await read(named);
        else
          for (const inline of loadYaml(Buffer.from(text, 'utf8'), path, { compare: false }).documents)
            addRoles(inline.value, path, roles);
      }
    }
  };
  for (const path of files.keys())
    if (
      /(?:^|\/)(?:kustomization\.ya?ml|Kustomization|(?=[^/]*(?:generator|ksops))[^/]*\.ya?ml)$/i.test(path)
    )
      await read(path);
  return roles;
}

function strings(list: JsonValue | undefined): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function addRoles(root: JsonValue, by: string, roles: Map<string, Role>): void {
  const object = asObject(root);
  if (object === null) return;
  const folder = posix.dirname(by);
  const put = (item: JsonValue, kind: Role['kind']): void => {
    const text = asText(item);
    if (text === null) return;
    const split = kind === 'secret-env' ? -1 : text.indexOf('=');
    const path = posix.normalize(posix.join(folder, text.slice(split + 1)));
    if (path.startsWith('..')) return;
    roles.set(path, { kind, key: split === -1 ? posix.basename(path) : text.slice(0, split), by });
  };
  const each = (value: JsonValue | undefined, kind: Role['kind']): void => {
    if (Array.isArray(value)) for (const item of value) put(item, kind);
  };
  const generators = object.kind === 'SecretGenerator' ? [object] : object.secretGenerator;
  for (const item of Array.isArray(generators) ? generators : []) {
    const generator = asObject(item);
    each(generator?.files, 'secret-file');
    each(generator?.envs, 'secret-env');
    if (typeof generator?.env === 'string') put(generator.env, 'secret-env');
  }
  if (!DECRYPTING_KINDS.has(asText(object.kind) ?? '')) return;
  each(object.files, 'must-be-encrypted');
  each(object.envs, 'must-be-encrypted');
  const sources = object.secretFrom;
  for (const item of Array.isArray(sources) ? sources : []) {
    const source = asObject(item);
    for (const list of ['files', 'binaryFiles', 'envs']) each(source?.[list], 'must-be-encrypted');
  }
}

/** A file beyond that is read by the text rules alone. */
const LONGEST_FILE = 256 * 1024;

/** The values of a file that a generator turns into a Secret. Positions: `[line]` of an env file, [] of a whole one. */
export function fieldsOfRole(role: Role, text: string): { field: Field; line: number; endLine: number }[] {
  const base = { context: 'secret', binary: null, object: null, type: '' } as const;
  if (role.kind === 'secret-env') {
    return text.split(/\r?\n/).flatMap((line, index) => {
      const match = /^\s*([^#=\s][^=]*)=(.*)$/.exec(line);
      if (match === null) return [];
      const [, name = '', value = ''] = match;
      return [
        { field: { ...base, name, value: value.trim(), path: [name] }, line: index + 1, endLine: index + 1 },
      ];
    });
  }
  if (role.kind !== 'secret-file' || text.length > LONGEST_FILE) return [];
  const value = text.trim();
  const endLine = Math.max(1, text.trimEnd().split('\n').length);
  return [{ field: { ...base, name: role.key, value, path: [] }, line: 1, endLine }];
}
