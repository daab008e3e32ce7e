import { brotliDecompressSync } from 'node:zlib';
import { familyOf } from '../families.js';
import type { PackedFamily } from '../generated/families/index.js';
import type { CustomKind, CustomVersion, OpenApiSchema } from './custom-types.js';

/** A custom kind whose schema is shipped, and whose it is: `cert-manager 1.21.2`. */
export interface ShippedKind extends CustomKind {
  family: string;
}

interface RawKind {
  plural: string;
  scope: 'Cluster' | 'Namespaced';
  versions: Record<string, { deprecated?: boolean; schema: OpenApiSchema }>;
}

const unpacked = new Map<PackedFamily, ReadonlyMap<string, ShippedKind>>();

/**
 * The shipped definition of a widely used custom kind, or null. Families are unpacked when their first kind is asked
 * for. A definition is that of one version of the project: the cluster may run another.
 */
export function shippedKind(group: string, kind: string): ShippedKind | null {
  const family = familyOf(group, kind);
  if (family === null) return null;
  let kinds = unpacked.get(family);
  if (kinds === undefined) {
    kinds = unpack(family);
    unpacked.set(family, kinds);
  }
  return kinds.get(`${group}/${kind}`) ?? null;
}

function unpack({ name, kinds }: PackedFamily): Map<string, ShippedKind> {
  const raw = JSON.parse(brotliDecompressSync(Buffer.from(kinds, 'base64')).toString('utf8')) as Record<
    string,
    RawKind
  >;
  return new Map(
    Object.entries(raw).map(([key, { plural, scope, versions }]): [string, ShippedKind] => {
      const slash = key.indexOf('/');
      const own = Object.entries(versions).map(
        ([version, { deprecated, schema }]): [string, CustomVersion] => [
          version,
          { name: version, served: true, deprecated: deprecated === true, schema, hasStatus: true },
        ],
      );
      const [group, kind] = [key.slice(0, slash), key.slice(slash + 1)];
      return [key, { group, kind, plural, scope, versions: new Map(own), family: name }];
    }),
  );
}
