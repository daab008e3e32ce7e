import type { JsonValue } from '../../../contract/index.js';
import {
  groupOf,
  isRecord,
  type KubernetesObject,
  kindType,
  listSemantics,
  setOwn,
  structType,
  type TypeName,
} from '../../../kubernetes/index.js';
import { isDefault } from './defaults.js';
import { type Noise, quietMetadata } from './noise.js';
import { isSecret, storedSecret } from './secret-values.js';
import { childType, typeOfValue } from './shape.js';

/** An object brought to the form in which it is compared, and what was left out. */
export interface NormalisedObject {
  value: KubernetesObject;
  noise: Noise;
  /** Type of the whole object, null for custom kinds. */
  type: TypeName | null;
}

/**
 * Brings an object to the form in which the API server would store it, as far as that can be known: nulls, empty
 * lists and maps of known types, and defaults are left out; Secrets are written as data; status, server fields, tool
 * annotations, checksums and times are noise. Source: gitops-engine pkg/diff/diff.go, Normalize.
 */
export function normalise(object: KubernetesObject): NormalisedObject {
  const noise: Noise = new Map();
  const { status, ...rest } = isSecret(object) ? storedSecret(object) : object;
  if (status !== undefined && status !== null) noise.set('status', true);
  const { apiVersion, kind } = object;
  const known =
    typeof apiVersion === 'string' && typeof kind === 'string' ? kindType(apiVersion, kind) : null;
  const type = known?.type ?? null;
  const cleaned = clean(rest, type, noise, '');
  const value: KubernetesObject = isRecord(cleaned) ? cleaned : {};
  if (typeof apiVersion === 'string' && groupOf(apiVersion) === 'rbac.authorization.k8s.io')
    dropAggregated(value);
  return { value, noise, type };
}

/** The rules of an aggregated ClusterRole are written by a controller. */
function dropAggregated(value: KubernetesObject): void {
  if (isRecord(value.aggregationRule)) delete value.rules;
}

function clean(value: JsonValue, told: TypeName | null, noise: Noise, where: string): JsonValue {
  if (Array.isArray(value)) {
    const item = childType(told, 0);
    return value.map((entry, index) => clean(entry, item, noise, `${where}[${index}]`));
  }
  if (!isRecord(value)) return value;
  const type = typeOfValue(told, value);
  const source =
    where === '.metadata' || type === 'meta/v1.ObjectMeta' ? quietMetadata(value, where, noise) : value;
  const result: { [key: string]: JsonValue } = {};
  for (const [key, entry] of Object.entries(source)) {
    if (entry === null) continue;
    const entryType = childType(type, key);
    const cleaned = clean(entry, entryType, noise, `${where}.${key}`);
    if (isLeftOut(cleaned, type, key, entryType)) continue;
    setOwn(result, key, cleaned);
  }
  return result;
}

function isLeftOut(value: JsonValue, parent: TypeName | null, key: string, type: TypeName | null): boolean {
  if (parent !== null && isDefault(parent, key, value)) return true;
  if (type === null) return false;
  if (Array.isArray(value) && value.length === 0) return listSemantics(parent ?? '', key) !== null;
  if (isRecord(value) && Object.keys(value).length === 0) {
    return type.startsWith('{}') || EMPTY_STRUCTS.has(type) || structType(type) === null;
  }
  return false;
}

/** Structs that mean nothing when they are empty. */
const EMPTY_STRUCTS = new Set<TypeName>([
  'core/v1.ResourceRequirements',
  'core/v1.SecurityContext',
  'core/v1.PodSecurityContext',
  'core/v1.Affinity',
  'apps/v1.DeploymentStrategy',
  'meta/v1.ObjectMeta',
]);
