import type { JsonValue, ObjectRef } from '../contract/index.js';
import type { KubernetesObject } from './manifest.js';
import { isClusterScoped, type Scopes } from './scope.js';

/** True for a JSON object (not null, not a list). */
export function isRecord(value: unknown): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A Kubernetes object: it says its apiVersion and kind. */
export function isKubernetesObject(value: unknown): value is KubernetesObject {
  return (
    isRecord(value) &&
    typeof value.apiVersion === 'string' &&
    value.apiVersion !== '' &&
    typeof value.kind === 'string' &&
    value.kind !== ''
  );
}

/** The API group of an apiVersion: '' for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? '' : apiVersion.slice(0, slash);
}

/** The version of an apiVersion: `v1` of `apps/v1`. */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}

/**
 * An object's identity. Without a name, generateName and `*` stand for it. The namespace is '' where none is stated
 * and where the kind is known to be cluster-scoped (the API server ignores what is written there).
 */
export function refOf(object: KubernetesObject, scopes?: Scopes): ObjectRef {
  const apiVersion = textOf(object.apiVersion);
  const kind = textOf(object.kind);
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const name = textOf(metadata.name);
  const generated = textOf(metadata.generateName);
  return {
    apiVersion,
    kind,
    namespace: isClusterScoped(apiVersion, kind, scopes) === true ? '' : textOf(metadata.namespace),
    name: name !== '' || generated === '' ? name : `${generated}*`,
  };
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Identity for matching two sides: group, kind, namespace and name; the version is apart, as for the API server. */
export function objectKey(ref: ObjectRef): string {
  return JSON.stringify([groupOf(ref.apiVersion), ref.kind, ref.namespace, ref.name]);
}

/** `Deployment shop/web`, or `ClusterRole admin` where there is no namespace: how people are told of an object. */
export function describeRef(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`;
}
