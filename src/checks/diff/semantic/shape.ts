import type { JsonValue } from '../../../contract/index.js';
import {
  isRecord,
  type ListSemantics,
  listSemantics,
  stepType,
  type TypeName,
} from '../../../kubernetes/index.js';

/** The type of a value: as told, or a pod spec where a value of unknown type looks like one. */
export function typeOfValue(type: TypeName | null, value: JsonValue | undefined): TypeName | null {
  if (type !== null && type !== 'any') return type;
  if (isRecord(value) && Array.isArray(value.containers) && value.containers.some(isRecord))
    return 'core/v1.PodSpec';
  return null;
}

/** The type one step further, null where it is not known. */
export function childType(type: TypeName | null, step: string | number): TypeName | null {
  return type === null ? null : stepType(type, step);
}

const GUESSED_KEYS = ['name', 'key', 'id'];

/**
 * How two versions of a list are compared. Known types say so; in others a list of maps whose items all have a name
 * of their own is taken for keyed by it, everything else for ordered.
 */
export function semanticsOf(
  parent: TypeName | null,
  field: string | null,
  before: readonly JsonValue[],
  after: readonly JsonValue[],
): ListSemantics & { guessed?: true } {
  if (parent !== null && field !== null) {
    const known = listSemantics(parent, field);
    if (known !== null) return known;
  }
  const items = [...before, ...after];
  if (items.length > 0 && items.every(isRecord)) {
    for (const key of GUESSED_KEYS) {
      if (isUnique(before, key) && isUnique(after, key)) return { kind: 'map', keys: [key], guessed: true };
    }
  }
  return { kind: 'atomic' };
}

function isUnique(items: readonly JsonValue[], key: string): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    if (!isRecord(item) || typeof item[key] !== 'string' || seen.has(item[key])) return false;
    seen.add(item[key]);
  }
  return true;
}
