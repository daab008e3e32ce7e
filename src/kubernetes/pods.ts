import type { JsonValue } from '../contract/index.js';
import { groupOf, isRecord } from './identity.js';
import type { FieldPath, KubernetesObject } from './manifest.js';

/** A pod that an object describes: a Pod itself, or a template in any kind, custom ones too. */
export interface PodTemplate {
  /** Path of the template (the map that holds metadata and spec); [] for a Pod. */
  path: FieldPath;
  /** Path of the pod spec. Where a custom kind has a bare pod spec, it is the same as `path`. */
  specPath: FieldPath;
  metadata: { [key: string]: JsonValue };
  spec: { [key: string]: JsonValue };
}

export type ContainerRole = 'containers' | 'initContainers' | 'ephemeralContainers';

/** One container of a pod template, with its path from the object's root. */
export interface PodContainer {
  role: ContainerRole;
  path: FieldPath;
  container: { [key: string]: JsonValue };
}

const ROLES: readonly ContainerRole[] = ['containers', 'initContainers', 'ephemeralContainers'];

/** Groups whose objects hold patterns and patches of pods, not pods. */
const PATTERN_GROUPS = new Set([
  'kyverno.io',
  'policies.kyverno.io',
  'templates.gatekeeper.sh',
  'constraints.gatekeeper.sh',
  'mutations.gatekeeper.sh',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'kustomize.config.k8s.io',
]);

/**
 * Every pod that an object describes, found by shape: a map with a list of containers, wherever it lies. Kinds that
 * hold patterns or patches of pods (policies, kustomizations) have none.
 */
export function podTemplatesOf(object: KubernetesObject): PodTemplate[] {
  const apiVersion = object.apiVersion;
  if (typeof apiVersion === 'string' && PATTERN_GROUPS.has(groupOf(apiVersion))) return [];
  const found: PodTemplate[] = [];
  visit(object, [], null, found);
  return found;
}

function visit(
  value: JsonValue,
  path: FieldPath,
  parent: { [key: string]: JsonValue } | null,
  found: PodTemplate[],
): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(item, [...path, index], null, found);
    return;
  }
  if (!isRecord(value)) return;
  if (isPodSpec(value)) {
    const wrapped = path.at(-1) === 'spec' && parent !== null;
    found.push({
      path: wrapped ? path.slice(0, -1) : path,
      specPath: path,
      metadata: wrapped && isRecord(parent.metadata) ? parent.metadata : {},
      spec: value,
    });
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (key !== 'status') visit(item, [...path, key], value, found);
  }
}

function isPodSpec(value: { [key: string]: JsonValue }): boolean {
  const containers = value.containers;
  if (!Array.isArray(containers) || containers.length === 0) return false;
  return containers.every(
    (container) =>
      isRecord(container) && (typeof container.name === 'string' || typeof container.image === 'string'),
  );
}

/** The containers of a template in the order init, main, ephemeral lists are written; items that are no maps are left out. */
export function containersOf(template: PodTemplate): PodContainer[] {
  return ROLES.flatMap((role) => {
    const list = template.spec[role];
    if (!Array.isArray(list)) return [];
    return list.flatMap((container, index) =>
      isRecord(container) ? [{ role, path: [...template.specPath, role, index], container }] : [],
    );
  });
}
