import type { JsonValue } from '../../contract/index.js';
import { isRecord } from '../identity.js';
import type { Manifest } from '../manifest.js';

/** A schema of a CustomResourceDefinition (openAPIV3Schema), as it is written. */
export type OpenApiSchema = { [key: string]: JsonValue };

/** One version of a custom kind. */
export interface CustomVersion {
  name: string;
  served: boolean;
  deprecated: boolean;
  /** Null where the definition has no schema. */
  schema: OpenApiSchema | null;
  /** True where `status` is a subresource: what a manifest writes there is dropped. */
  hasStatus: boolean;
}

/** A kind that a CustomResourceDefinition declares. */
export interface CustomKind {
  group: string;
  kind: string;
  plural: string;
  scope: 'Cluster' | 'Namespaced';
  versions: ReadonlyMap<string, CustomVersion>;
}

/** Custom kinds by `group/Kind`. */
export type CustomKinds = ReadonlyMap<string, CustomKind>;

/** The kinds that the CustomResourceDefinitions (v1 and v1beta1) among these manifests declare; later ones win. */
export function customKindsOf(manifests: Iterable<Manifest>): Map<string, CustomKind> {
  const kinds = new Map<string, CustomKind>();
  for (const { object } of manifests) {
    if (object.kind !== 'CustomResourceDefinition' || !isRecord(object.spec)) continue;
    const declared = customKind(object.spec);
    if (declared !== null) kinds.set(`${declared.group}/${declared.kind}`, declared);
  }
  return kinds;
}

function customKind(spec: { [key: string]: JsonValue }): CustomKind | null {
  const { group, scope, names } = spec;
  if (typeof group !== 'string' || !isRecord(names)) return null;
  const { kind, plural } = names;
  if (typeof kind !== 'string' || typeof plural !== 'string') return null;
  const versions = new Map<string, CustomVersion>();
  const shared = schemaOf(spec.validation);
  const sharedStatus = hasStatus(spec.subresources);
  if (Array.isArray(spec.versions)) {
    for (const version of spec.versions) {
      if (!isRecord(version) || typeof version.name !== 'string') continue;
      versions.set(version.name, {
        name: version.name,
        served: version.served !== false,
        deprecated: version.deprecated === true,
        schema: schemaOf(version.schema) ?? shared,
        hasStatus: sharedStatus || hasStatus(version.subresources),
      });
    }
  } else if (typeof spec.version === 'string') {
    versions.set(spec.version, {
      name: spec.version,
      served: true,
      deprecated: false,
      schema: shared,
      hasStatus: sharedStatus,
    });
  }
  return { group, kind, plural, scope: scope === 'Cluster' ? 'Cluster' : 'Namespaced', versions };
}

function schemaOf(value: JsonValue | undefined): OpenApiSchema | null {
  return isRecord(value) && isRecord(value.openAPIV3Schema) ? value.openAPIV3Schema : null;
}

function hasStatus(subresources: JsonValue | undefined): boolean {
  return isRecord(subresources) && isRecord(subresources.status);
}
