import { FAMILIES, type PackedFamily } from './generated/families/index.js';

let byKind: ReadonlyMap<string, PackedFamily> | null = null;

/** The shipped family that a custom kind belongs to, or null. Families may share a group. */
export function familyOf(group: string, kind: string): PackedFamily | null {
  byKind ??= new Map(
    FAMILIES.flatMap((family) =>
      Object.entries(family.scopes).flatMap(([own, kinds]) =>
        Object.keys(kinds).map((name): [string, PackedFamily] => [`${own}/${name}`, family]),
      ),
    ),
  );
  return byKind.get(`${group}/${kind}`) ?? null;
}

/** The scope of a widely used custom kind, or null. */
export function shippedScope(group: string, kind: string): 'Cluster' | 'Namespaced' | null {
  const scope = familyOf(group, kind)?.scopes[group]?.[kind];
  return scope === 'Cluster' || scope === 'Namespaced' ? scope : null;
}

/** The families whose schemas are shipped: name with version, and the package that they are from. */
export function shippedFamilies(): { name: string; source: string }[] {
  return FAMILIES.map(({ name, source }) => ({ name, source }));
}
