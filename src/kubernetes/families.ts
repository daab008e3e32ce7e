import { FAMILIES, type PackedFamily } from './generated/families/index.js';

let byGroup: ReadonlyMap<string, PackedFamily> | null = null;

/** The shipped family of custom kinds that a group belongs to, or null. */
export function familyOf(group: string): PackedFamily | null {
  byGroup ??= new Map(FAMILIES.flatMap((family) => Object.keys(family.scopes).map((own) => [own, family])));
  return byGroup.get(group) ?? null;
}

/** The scope of a widely used custom kind, or null. */
export function shippedScope(group: string, kind: string): 'Cluster' | 'Namespaced' | null {
  const scopes = familyOf(group)?.scopes[group] ?? {};
  const scope = Object.hasOwn(scopes, kind) ? scopes[kind] : undefined;
  return scope === 'Cluster' || scope === 'Namespaced' ? scope : null;
}

/** The families whose schemas are shipped: name with version, and the package that they are from. */
export function shippedFamilies(): { name: string; source: string }[] {
  return FAMILIES.map(({ name, source }) => ({ name, source }));
}
