import type { JsonValue } from '../../contract/index.js';
import {
  type FieldPath,
  groupOf,
  isBuiltInGroup,
  type KubernetesObject,
  podTemplatesOf,
} from '../../kubernetes/index.js';
import { POD_CONTROLLERS } from './kyverno/autogen.js';
import { emptyObject, isObject, type JsonObject, member, setMember, text } from './values/json.js';

/** Something that policies judge in an object. */
export interface Subject {
  resource: JsonObject;
  /** Where it stands in the object; [] for the object itself. A last '' means that it is the bare spec of a Pod. */
  prefix: FieldPath;
}

/** Groups whose Pods and controllers are Kubernetes' own. */
const BUILT_IN_GROUPS = new Set(['', 'apps', 'batch', 'extensions']);
/** Groups whose objects hold patterns of objects, not objects. */
const PATTERN_GROUPS = new Set([
  'kyverno.io',
  'policies.kyverno.io',
  'templates.gatekeeper.sh',
  'constraints.gatekeeper.sh',
  'mutations.gatekeeper.sh',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
]);

/**
 * The object; the Pods that its templates would make, for kinds that Kyverno derives no rules for (Argo Rollouts,
 * operators' kinds); and the whole objects that it carries for somebody to apply (Crossplane's Object, ManifestWork).
 */
export function subjectsOf(object: KubernetesObject): Subject[] {
  const subjects: Subject[] = [{ resource: asAdmitted(object), prefix: [] }];
  const group = groupOf(text(member(object, 'apiVersion')));
  const kind = text(member(object, 'kind'));
  // a custom kind may be called Job and keep its templates elsewhere
  if (!BUILT_IN_GROUPS.has(group) || (kind !== 'Pod' && !POD_CONTROLLERS.includes(kind))) {
    subjects.push(...podsIn(object));
  }
  if (!BUILT_IN_GROUPS.has(group) && !PATTERN_GROUPS.has(group)) {
    for (const [key, value] of Object.entries(object)) {
      if (key !== 'metadata' && key !== 'status') carried(value, [key], subjects);
    }
  }
  return subjects;
}

/**
 * The object as admission sees it: the API server reads Kubernetes' own kinds into their types, where a field of null is one
 * that is not there (`initContainers:` without a value). Custom kinds may know null.
 */
export function asAdmitted<T extends JsonObject>(object: T): T {
  return isBuiltInGroup(groupOf(text(member(object, 'apiVersion')))) ? (withoutNulls(object) as T) : object;
}

/** The same value where it holds no member of null, so that its parts stay its own. */
function withoutNulls(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  let changed = false;
  const result = emptyObject();
  for (const [key, member] of Object.entries(value)) {
    const kept = member === null ? null : withoutNulls(member);
    changed ||= kept !== member || member === null;
    if (kept !== null) setMember(result, key, kept);
  }
  return changed ? result : value;
}

function podsIn(object: KubernetesObject): Subject[] {
  const metadata = member(object, 'metadata');
  return podTemplatesOf(object).map((template) => ({
    resource: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...template.metadata,
        name: text(member(metadata, 'name')),
        namespace: text(member(metadata, 'namespace')),
      },
      spec: withoutNulls(template.spec) as JsonObject,
    },
    // where a bare pod spec stands in a field of another name, its own fields are those of `spec`
    prefix: template.path.length === template.specPath.length ? [...template.path, ''] : template.path,
  }));
}

/** Whole objects within a value: maps with apiVersion, kind and metadata. References have no metadata. */
function carried(value: JsonValue, path: FieldPath, found: Subject[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) carried(item, [...path, index], found);
    return;
  }
  if (!isObject(value)) return;
  const isWhole =
    text(member(value, 'apiVersion')) !== '' &&
    text(member(value, 'kind')) !== '' &&
    isObject(member(value, 'metadata'));
  if (isWhole) found.push({ resource: value, prefix: path });
  for (const [key, item] of Object.entries(value)) carried(item, [...path, key], found);
}
