import type {
  FieldChange,
  ObjectChange,
  SourceLine,
  TargetChange,
  TargetStatus,
} from '../../contract/index.js';
import type { ObjectDifference, TargetDifference } from './model.js';
import { fieldChanges } from './semantic/field-changes.js';
import type { FieldDifference } from './semantic/path.js';

/** A target's difference as the report carries it. */
export function targetChange(
  difference: TargetDifference,
  origins: ReadonlyMap<ObjectDifference, SourceLine> = new Map(),
): TargetChange {
  return {
    name: difference.target.name,
    kind: difference.target.kind,
    cluster: difference.target.cluster,
    status: statusOf(difference),
    changes: difference.objects.map((object) => objectChange(object, origins.get(object) ?? null)),
  };
}

function statusOf({ base, result, objects }: TargetDifference): TargetStatus {
  if (result.status === 'failed') return 'failed';
  if (result.status === 'unresolved') return 'unresolved';
  // "Unresolved" before and nothing told now is no proof of "unchanged".
  if (objects.length === 0 && base.status === 'unresolved') return 'unresolved';
  return objects.length === 0 ? 'unchanged' : 'changed';
}

function objectChange(object: ObjectDifference, source: SourceLine | null): ObjectChange {
  return {
    action: object.action,
    object: object.ref,
    fields: fieldsOf(object),
    impacts: [...object.impacts].sort(),
    source,
  };
}

/** Of a created object every field but its identity is told as new; a deleted one is gone as a whole. */
function fieldsOf(object: ObjectDifference): FieldChange[] {
  if (object.action === 'delete') return [];
  if (object.action !== 'create' || object.after === null)
    return fieldChanges(object.differences, object.secret);
  const created: FieldDifference[] = Object.entries(object.after)
    .filter(([key]) => key !== 'apiVersion' && key !== 'kind' && key !== 'metadata')
    .map(([key, value]) => ({ path: [key], from: undefined, to: value }));
  return fieldChanges(created, object.secret);
}
