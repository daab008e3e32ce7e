import type { JsonValue } from '../../contract/index.js';
import { groupOf, isRecord, versionOf } from '../identity.js';
import type { KubernetesObject } from '../manifest.js';
import { isBuiltInGroup } from '../scope.js';
import type { CustomKinds, OpenApiSchema } from './custom-types.js';
import { shippedKind } from './families.js';

/** What defines an object of a custom kind, in the version that it is written in. */
export interface CustomDefinition {
  schema: OpenApiSchema;
  /** The family and version of a shipped definition, or null where the repository holds it. */
  family: string | null;
  /** True where `status` is a subresource. */
  hasStatus: boolean;
}

/** The definition that an object is held against; null for built-in kinds and where no schema is at hand. */
export function definitionOf(object: KubernetesObject, crds?: CustomKinds): CustomDefinition | null {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return null;
  const group = groupOf(apiVersion);
  if (isBuiltInGroup(group)) return null;
  const declared = crds?.get(`${group}/${kind}`);
  const shipped = declared === undefined ? shippedKind(group, kind) : null;
  const version = (declared ?? shipped)?.versions.get(versionOf(apiVersion));
  if (version?.served !== true || version.schema === null) return null;
  return { schema: version.schema, family: shipped?.family ?? null, hasStatus: version.hasStatus };
}

type Properties = { [key: string]: JsonValue };
const ROOT_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * A custom object as the API server has it when validation rules are run: fields that the schema does not have, nulls that
 * it does not allow and a status of its own endpoint are gone, defaults are filled in. Positions in lists are kept.
 * Source: apiextensions-apiserver pkg/apiserver/schema/{pruning,defaulting}, registry/customresource/strategy.go.
 * @param spend told of each value that is copied
 */
export function asStored(
  object: KubernetesObject,
  definition: CustomDefinition,
  spend: () => void,
): KubernetesObject {
  const stored = storedMap(object, definition.schema, ROOT_FIELDS, spend);
  const entries = Object.entries(stored).filter(([key]) => key !== 'status' || !definition.hasStatus);
  return Object.fromEntries(entries);
}

function storedValue(value: JsonValue, schema: OpenApiSchema, spend: () => void): JsonValue {
  spend();
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!isRecord(items)) return value;
    return value.map((item) =>
      storedValue(refused(item, items) ? (items.default ?? null) : item, items, spend),
    );
  }
  if (!isRecord(value)) return value;
  const own = schema['x-kubernetes-embedded-resource'] === true ? ROOT_FIELDS : null;
  return storedMap(value, schema, own, spend);
}

function storedMap(
  map: Properties,
  schema: OpenApiSchema,
  own: ReadonlySet<string> | null,
  spend: () => void,
): Properties {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const additional = schema.additionalProperties;
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true || additional === true;
  const entries: [string, JsonValue][] = [];
  for (const [key, value] of Object.entries(map)) {
    const property = Object.hasOwn(properties, key) ? properties[key] : additional;
    if (!isRecord(property)) {
      if (keeps || own?.has(key) === true) entries.push([key, value]);
    } else if (own?.has(key) === true) entries.push([key, value]);
    else if (!refused(value, property)) entries.push([key, storedValue(value, property, spend)]);
    else if (property.default !== undefined)
      entries.push([key, storedValue(property.default, property, spend)]);
  }
  for (const [key, property] of Object.entries(properties)) {
    if (!isRecord(property) || property.default === undefined || Object.hasOwn(map, key)) continue;
    entries.push([key, storedValue(property.default, property, spend)]);
  }
  return Object.fromEntries(entries);
}

/** A null where the schema has none. */
function refused(value: JsonValue, schema: OpenApiSchema): boolean {
  return value === null && schema.nullable !== true;
}
