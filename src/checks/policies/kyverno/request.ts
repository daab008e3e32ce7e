import type { JsonValue } from '../../../contract/index.js';
import { isObject, type JsonObject, member, memberAt, text, textMap } from '../values/json.js';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** Who would apply the object in the cluster, as far as that is declared. */
export interface UserInfo {
  username: string;
  groups: readonly string[];
  roles: readonly string[];
  clusterRoles: readonly string[];
}

/** What the API server would tell an admission webhook. */
export interface AdmissionRequest {
  /** The object that is judged: the new one, or the old one of a deletion. */
  resource: JsonObject;
  /** Null on deletion. */
  object: JsonObject | null;
  /** Null on creation. */
  oldObject: JsonObject | null;
  operation: AdmissionOperation;
  kind: { group: string; version: string; kind: string };
  subresource: string;
  /** '' where none is stated. */
  namespace: string;
  /** Null where nobody knows them: its name is all that can be said of such a namespace. */
  namespaceLabels: ReadonlyMap<string, string> | null;
  /** The kind's name in paths of the API; null where no definition says it. */
  plural: string | null;
  /** Other versions of the kind that its definition serves: the API server converts the object for who asks for one of them. */
  otherVersions: readonly string[];
  /** Null where nobody is declared. */
  user: UserInfo | null;
}

/** Group and version of an apiVersion. */
export function groupVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** The request for an object as it would come from applying it. */
export function requestFor(
  resource: JsonObject,
  options: {
    operation?: AdmissionOperation;
    oldObject?: JsonObject | null;
    /** Null for a namespace of which nothing is known; none: it has no labels. */
    namespaceLabels?: ReadonlyMap<string, string> | null;
    plural?: string | null;
    otherVersions?: readonly string[];
    user?: UserInfo | null;
    subresource?: string;
  } = {},
): AdmissionRequest {
  const operation = options.operation ?? 'CREATE';
  const deleted = operation === 'DELETE';
  return {
    resource,
    object: deleted ? null : resource,
    oldObject: deleted ? resource : (options.oldObject ?? null),
    operation,
    kind: { ...groupVersion(text(member(resource, 'apiVersion'))), kind: text(member(resource, 'kind')) },
    subresource: options.subresource ?? '',
    namespace: text(memberAt(resource, 'metadata', 'namespace')),
    namespaceLabels: options.namespaceLabels === undefined ? new Map() : options.namespaceLabels,
    plural: options.plural ?? null,
    otherVersions: options.otherVersions ?? [],
    user: options.user ?? null,
  };
}

/** The request as expressions see it under `request`. */
export function requestVariable(request: AdmissionRequest): JsonValue {
  const metadata = member(request.resource, 'metadata');
  const variable: JsonObject = {
    operation: request.operation,
    namespace: request.namespace,
    name: text(member(metadata, 'name')) || text(member(metadata, 'generateName')),
    kind: { ...request.kind },
    roles: [...(request.user?.roles ?? [])],
    clusterRoles: [...(request.user?.clusterRoles ?? [])],
  };
  if (request.object !== null) variable.object = request.object;
  if (request.oldObject !== null) variable.oldObject = request.oldObject;
  if (request.user !== null) {
    variable.userInfo = { username: request.user.username, groups: [...request.user.groups] };
  }
  return variable;
}

/** Name and namespace of a service account's user name, '' where it is none. */
export function serviceAccountOf(username: string): { name: string; namespace: string } {
  const match = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username);
  return { namespace: match?.[1] ?? '', name: match?.[2] ?? '' };
}

/** Labels of an object. */
export function labelsOf(object: JsonValue | undefined): ReadonlyMap<string, string> {
  return isObject(object) ? textMap(memberAt(object, 'metadata', 'labels')) : new Map();
}
