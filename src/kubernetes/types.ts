import { RELEASES, TYPES_JSON } from './generated/types.js';
import type { FieldPath } from './manifest.js';

/**
 * A type as it is written: `string`, `boolean`, `int32`, `int64`, `number`, `bytes` (base64), `time`, `quantity`,
 * `intOrString`, `any`, the name of a struct (`core/v1.Container`), `[]T` for lists and `{}T` for maps of strings.
 */
export type TypeName = string;

/** How a list is merged: by the keys of its items, as a set, or whole. */
export type ListSemantics = { kind: 'map'; keys: readonly string[] } | { kind: 'set' } | { kind: 'atomic' };

/** A struct type: JSON names of its fields with their types. Releases are minor versions of 1. */
export interface StructType {
  fields: ReadonlyMap<string, TypeName>;
  /** What a release demands of the fields; releases outside the known ones have the nearest's. */
  rules(minor: number): FieldRules;
  lists: ReadonlyMap<string, ListSemantics>;
  /** First release that has the field, where it is not the first that is known. */
  since: ReadonlyMap<string, number>;
  /** Last release that has the field, where it is not the newest. */
  until: ReadonlyMap<string, number>;
}

/** The fields that must be there, and the values that a field (or its items) may have, as one release has them. */
export interface FieldRules {
  required: readonly string[];
  enums: ReadonlyMap<string, readonly string[]>;
}

/** A kind of one apiVersion, with the life of that API (`1.22`); absent where nothing is known or planned. */
export interface KindType {
  type: TypeName | null;
  introduced?: string;
  deprecated?: string;
  removed?: string;
  /** apiVersion to use instead. */
  replacement?: string;
}

interface RawRules {
  r?: string[];
  e?: Record<string, string[]>;
}
interface RawStruct extends RawRules {
  f: Record<string, string>;
  /** Rules of older releases, by minor, where they differ from those of the newest. */
  was?: Record<string, RawRules>;
  l?: Record<string, 'set' | string[]>;
  since?: Record<string, number>;
  until?: Record<string, number>;
}
interface RawKind {
  t: string;
  introduced?: string;
  deprecated?: string;
  removed?: string;
  replacement?: string;
}
interface RawTypes {
  types: Record<string, RawStruct>;
  kinds: Record<string, RawKind>;
}

/** Kinds that are gone from Kubernetes' own modules altogether (deprecated API migration guide). */
const GONE: readonly [string, KindType][] = [
  ['policy/v1beta1/PodSecurityPolicy', { type: null, deprecated: '1.21', removed: '1.25' }],
  ['extensions/v1beta1/PodSecurityPolicy', { type: null, deprecated: '1.11', removed: '1.16' }],
  [
    'apiextensions.k8s.io/v1beta1/CustomResourceDefinition',
    { type: null, deprecated: '1.16', removed: '1.22', replacement: 'apiextensions.k8s.io/v1' },
  ],
  [
    'apiregistration.k8s.io/v1beta1/APIService',
    { type: null, deprecated: '1.19', removed: '1.22', replacement: 'apiregistration.k8s.io/v1' },
  ],
];

let raw: RawTypes | null = null;
let kinds: Map<string, KindType> | null = null;
const structs = new Map<TypeName, StructType | null>();

function rawTypes(): RawTypes {
  raw ??= JSON.parse(TYPES_JSON) as RawTypes;
  return raw;
}

/** The oldest and newest release (minor of 1) whose fields are told apart. */
export const KNOWN_RELEASES: { oldest: number; newest: number } = {
  oldest: RELEASES[0] ?? 0,
  newest: RELEASES.at(-1) ?? 0,
};

/** A release that is known: the given one, or the nearest. */
export function knownRelease(minor: number): number {
  return Math.min(Math.max(minor, KNOWN_RELEASES.oldest), KNOWN_RELEASES.newest);
}

function fieldRules({ r, e }: RawRules): FieldRules {
  return { required: r ?? [], enums: new Map(Object.entries(e ?? {})) };
}

/** A built-in kind, or null where Kubernetes has none of that apiVersion and name. Kinds of lists are none. */
export function kindType(apiVersion: string, kind: string): KindType | null {
  kinds ??= new Map([
    ...GONE,
    ...Object.entries(rawTypes().kinds).map(
      ([key, { t, ...cycle }]) => [key, { type: t, ...cycle }] as [string, KindType],
    ),
  ]);
  return kinds.get(`${apiVersion}/${kind}`) ?? null;
}

/** A struct by name, or null for other types and names that do not exist. */
export function structType(name: TypeName): StructType | null {
  const known = structs.get(name);
  if (known !== undefined) return known;
  const types = rawTypes().types;
  const found = Object.hasOwn(types, name) ? types[name] : undefined;
  const struct =
    found === undefined
      ? null
      : {
          fields: new Map(Object.entries(found.f)),
          rules: (minor: number) => fieldRules(found.was?.[String(knownRelease(minor))] ?? found),
          lists: new Map(
            Object.entries(found.l ?? {}).map(([field, how]): [string, ListSemantics] => [
              field,
              how === 'set' ? { kind: 'set' } : { kind: 'map', keys: how as string[] },
            ]),
          ),
          since: new Map(Object.entries(found.since ?? {})),
          until: new Map(Object.entries(found.until ?? {})),
        };
  structs.set(name, struct);
  return struct;
}

/** The type one step further: of a field, of a list's items, of a map's values; null where it leads nowhere. */
export function stepType(type: TypeName, step: string | number): TypeName | null {
  if (type.startsWith('[]')) return type.slice(2);
  if (type.startsWith('{}')) return type.slice(2);
  if (type === 'any') return null;
  return structType(type)?.fields.get(String(step)) ?? null;
}

/** The type at a path of a built-in kind, or null where it is not known. */
export function typeAt(apiVersion: string, kind: string, path: FieldPath): TypeName | null {
  let type: TypeName | null = kindType(apiVersion, kind)?.type ?? null;
  for (const step of path) {
    if (type === null) return null;
    type = stepType(type, step);
  }
  return type;
}

/**
 * How the list at a path of a built-in kind is merged; null where there is no list or the kind is not known. Indexes
 * in the path may be any number. Lists without a marker are atomic, as for the API server.
 */
export function listKeysOf(apiVersion: string, kind: string, path: FieldPath): ListSemantics | null {
  const parent = typeAt(apiVersion, kind, path.slice(0, -1));
  const field = path.at(-1);
  return parent === null || typeof field !== 'string' ? null : listSemantics(parent, field);
}

/** How the list in a field of a struct is merged; null where the field is no list. */
export function listSemantics(parent: TypeName, field: string): ListSemantics | null {
  const struct = structType(parent);
  if (struct?.fields.get(field)?.startsWith('[]') !== true) return null;
  return struct.lists.get(field) ?? { kind: 'atomic' };
}
