import { posix } from 'node:path';
import type { JsonValue } from '../../contract/index.js';
import { field, isMap, type JsonMap } from '../inputs/json-shape.js';

const LISTS = [
  'resources',
  'bases',
  'components',
  'generators',
  'transformers',
  'validators',
  'crds',
  'configurations',
  'patchesStrategicMerge',
] as const;
const WITH_PATH = ['patches', 'patchesJson6902', 'replacements'] as const;
const GENERATORS = ['configMapGenerator', 'secretGenerator'] as const;

/** A kustomization with some of its references replaced by others, in every field that holds such; the rest untouched. */
export function withReplaced(kustomization: JsonMap, replaced: ReadonlyMap<string, string>): JsonMap {
  const made: JsonMap = { ...kustomization };
  const swap = (value: JsonValue): JsonValue =>
    typeof value === 'string' ? (replaced.get(value) ?? value) : value;
  for (const name of LISTS) {
    const entries = field(kustomization, name);
    if (Array.isArray(entries)) made[name] = entries.map(swap);
  }
  for (const name of WITH_PATH) {
    const entries = field(kustomization, name);
    if (Array.isArray(entries)) made[name] = entries.map((entry) => withField(entry, 'path', swap));
  }
  if (field(kustomization, 'openapi') !== undefined) {
    made.openapi = withField(made.openapi ?? null, 'path', swap);
  }
  for (const name of GENERATORS) {
    const entries = field(kustomization, name);
    if (!Array.isArray(entries)) continue;
    made[name] = entries.map((entry) => {
      const withEnv = withField(withField(entry, 'env', swap), 'envs', (value) => each(value, swap));
      return withField(withEnv, 'files', (value) => each(value, (file) => generated(file, replaced)));
    });
  }
  return made;
}

/** `key=path`, or a path whose last segment is the key (api/kv ParseFileSource). */
function generated(file: JsonValue, replaced: ReadonlyMap<string, string>): JsonValue {
  if (typeof file !== 'string') return file;
  const equals = file.indexOf('=');
  const path = equals < 0 ? file : file.slice(equals + 1);
  const swapped = replaced.get(path);
  if (swapped === undefined) return file;
  return `${equals < 0 ? posix.basename(path) : file.slice(0, equals)}=${swapped}`;
}

function each(value: JsonValue, change: (item: JsonValue) => JsonValue): JsonValue {
  return Array.isArray(value) ? value.map(change) : value;
}

function withField(value: JsonValue, name: string, change: (value: JsonValue) => JsonValue): JsonValue {
  if (!isMap(value) || !Object.hasOwn(value, name)) return value;
  return { ...value, [name]: change(value[name] ?? null) };
}
