import type { ClusterObjects } from '../kyverno/environment.js';
import {
  clone,
  emptyObject,
  isObject,
  type JsonObject,
  member,
  memberAt,
  setMember,
  text,
} from '../values/json.js';

/** What an object is called; `namespace` '' where it has none. */
export interface ObjectIdentity {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
}

/** Identity of an object as it is written. */
export function identityOf(object: JsonObject): ObjectIdentity {
  return {
    apiVersion: text(member(object, 'apiVersion')),
    kind: text(member(object, 'kind')),
    namespace: text(memberAt(object, 'metadata', 'namespace')),
    name: text(memberAt(object, 'metadata', 'name')),
  };
}

function keyOf({ apiVersion, kind, namespace, name }: ObjectIdentity): string {
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

/** The label that Kyverno puts on whatever it makes. */
export const MANAGED_BY = 'app.kubernetes.io/managed-by';

/**
 * The objects that a policy's generate rules see and make for one trigger. Rules run in order on the same objects, so a
 * later one may copy what an earlier one made.
 */
export class GeneratedObjects {
  readonly #made = new Map<string, JsonObject>();

  /**
   * @param objects what else may be copied; it does not count as an existing target, as with the command line, which
   * knows only the trigger and the sources of copies.
   */
  constructor(readonly objects: ClusterObjects) {}

  /** An object to copy, or null. */
  source(identity: ObjectIdentity, given: readonly JsonObject[]): JsonObject | null {
    const key = keyOf(identity);
    const { apiVersion, kind, namespace, name } = identity;
    return (
      this.#made.get(key) ??
      given.find((object) => keyOf(identityOf(object)) === key) ??
      this.objects.get(apiVersion, kind, namespace, name)
    );
  }

  /** Every object of a kind in a namespace ('' for all), each once. */
  sources(
    { apiVersion, kind, namespace }: Pick<ObjectIdentity, 'apiVersion' | 'kind' | 'namespace'>,
    given: readonly JsonObject[],
  ): JsonObject[] {
    const found = new Map<string, JsonObject>();
    for (const object of [
      ...this.#made.values(),
      ...given,
      ...this.objects.list(apiVersion, kind, namespace),
    ]) {
      const identity = identityOf(object);
      if (identity.apiVersion !== apiVersion || identity.kind !== kind) continue;
      if (namespace !== '' && identity.namespace !== namespace) continue;
      if (!found.has(keyOf(identity))) found.set(keyOf(identity), object);
    }
    return [...found.values()];
  }

  /**
   * Makes an object unless it is there; one that is there is replaced only where the rule keeps it in step.
   * @returns how to read the object as it finally is, or null where it was there already
   */
  put(
    identity: ObjectIdentity,
    content: JsonObject,
    options: { synchronize: boolean; given: readonly JsonObject[] },
  ): (() => JsonObject) | null {
    const key = keyOf(identity);
    const isThere = this.#made.has(key) || options.given.some((object) => keyOf(identityOf(object)) === key);
    if (isThere && !options.synchronize) return null;
    const object = named(identity, content);
    this.#made.set(key, object);
    return isThere ? null : () => this.#made.get(key) ?? object;
  }
}

/** A copy of the content that bears the identity and the label of what Kyverno manages. */
function named({ apiVersion, kind, namespace, name }: ObjectIdentity, content: JsonObject): JsonObject {
  const object = clone(content);
  setMember(object, 'apiVersion', apiVersion);
  // Kyverno leaves a kind that the data states
  if (text(member(object, 'kind')) === '') setMember(object, 'kind', kind);
  const written = member(object, 'metadata');
  const metadata = isObject(written) ? written : emptyObject();
  setMember(metadata, 'name', name);
  if (namespace === '') delete metadata.namespace;
  else setMember(metadata, 'namespace', namespace);
  const labels = member(metadata, 'labels');
  const marked = isObject(labels) ? labels : emptyObject();
  setMember(marked, MANAGED_BY, 'kyverno');
  setMember(metadata, 'labels', marked);
  setMember(object, 'metadata', metadata);
  return object;
}

/** Fields of metadata that belong to one object and not to its copies. */
const OWN_FIELDS = ['uid', 'selfLink', 'creationTimestamp', 'managedFields', 'resourceVersion'];

/** The content of a copy of an object for a namespace: owners are in the object's own namespace. */
export function copyFor(namespace: string, source: JsonObject): JsonObject {
  const copy = clone(source);
  const metadata = member(copy, 'metadata');
  if (!isObject(metadata)) return copy;
  for (const field of OWN_FIELDS) delete metadata[field];
  if (text(member(metadata, 'namespace')) !== namespace) delete metadata.ownerReferences;
  return copy;
}
