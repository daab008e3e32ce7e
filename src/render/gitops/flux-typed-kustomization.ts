import type { JsonValue } from '../../contract/index.js';
import { isMap, type JsonMap } from '../inputs/json-shape.js';

/** What a field of a kustomization holds, as far as reading it by its Go type changes it. */
type Shape =
  | 'string'
  | 'any'
  | { each: Shape }
  | { values: Shape }
  | { fields: Readonly<Record<string, Shape>> };

const STRINGS: Shape = { each: 'string' };
const STRING_MAP: Shape = { values: 'string' };
const GENERATOR_OPTIONS: Readonly<Record<string, Shape>> = {
  labels: STRING_MAP,
  annotations: STRING_MAP,
  disableNameSuffixHash: 'any',
  immutable: 'any',
};
const GENERATOR: Shape = {
  each: {
    fields: {
      namespace: 'string',
      name: 'string',
      behavior: 'string',
      type: 'string',
      env: 'string',
      literals: STRINGS,
      files: STRINGS,
      envs: STRINGS,
      options: { fields: GENERATOR_OPTIONS },
    },
  },
};

/** The fields of kustomize's api/types Kustomization. */
const KUSTOMIZATION: Readonly<Record<string, Shape>> = {
  apiVersion: 'string',
  kind: 'string',
  metadata: 'any',
  openapi: STRING_MAP,
  namePrefix: 'string',
  nameSuffix: 'string',
  namespace: 'string',
  commonLabels: STRING_MAP,
  commonAnnotations: STRING_MAP,
  labels: {
    each: { fields: { pairs: STRING_MAP, includeSelectors: 'any', includeTemplates: 'any', fields: 'any' } },
  },
  patchesStrategicMerge: STRINGS,
  patchesJson6902: 'any',
  patches: 'any',
  images: {
    each: {
      fields: { name: 'string', newName: 'string', tagSuffix: 'string', newTag: 'string', digest: 'string' },
    },
  },
  imageTags: 'any',
  replacements: 'any',
  replicas: { each: { fields: { name: 'string', count: 'any' } } },
  vars: 'any',
  sortOptions: 'any',
  resources: STRINGS,
  components: STRINGS,
  crds: STRINGS,
  bases: STRINGS,
  configMapGenerator: GENERATOR,
  secretGenerator: GENERATOR,
  helmGlobals: 'any',
  helmCharts: 'any',
  helmChartInflationGenerator: 'any',
  generatorOptions: { fields: GENERATOR_OPTIONS },
  configurations: STRINGS,
  generators: STRINGS,
  transformers: STRINGS,
  validators: STRINGS,
  buildMetadata: STRINGS,
};

/**
 * A kustomization as Flux reads and writes it before it is built (fluxcd/pkg/kustomize GenerateManifest unmarshals it by
 * its Go type): unknown fields are dropped, and numbers and booleans where strings belong become strings. Kustomize by
 * itself refuses both.
 */
export function typedKustomization(kustomization: JsonMap): JsonMap {
  const typed = shaped(kustomization, { fields: KUSTOMIZATION });
  return isMap(typed) ? typed : {};
}

function shaped(value: JsonValue, shape: Shape): JsonValue {
  if (shape === 'any') return value;
  if (shape === 'string') {
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  }
  if ('each' in shape) {
    return Array.isArray(value) ? value.map((item) => shaped(item, shape.each)) : value;
  }
  if (!isMap(value)) return value;
  if ('values' in shape) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shaped(item, shape.values)]));
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const known = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
      return known === undefined ? [] : [[key, shaped(item, known)]];
    }),
  );
}
