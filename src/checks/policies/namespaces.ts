import type { Manifest } from '../../kubernetes/index.js';
import { labelsOf } from './kyverno/request.js';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
/** From the laxest to the strictest; '' stands for no label, by which the packs alone decide. */
const RANK = ['privileged', 'baseline', 'restricted', ''];

/** The level of the Pod Security Standards that a namespace among the base's manifests enforces, or null. */
export function enforcedLevels(base: Iterable<Manifest>): (namespace: string) => string | null {
  const levels = new Map<string, string>();
  for (const { object, ref } of base) {
    if (ref.kind !== 'Namespace' || ref.apiVersion !== 'v1') continue;
    const level = labelsOf(object).get(ENFORCE);
    // the strictest of what the base says of one name counts: it may be in several clusters
    const known = levels.get(ref.name);
    if (known === undefined || RANK.indexOf(level ?? '') > RANK.indexOf(known))
      levels.set(ref.name, level ?? '');
  }
  return (namespace) => levels.get(namespace) || null;
}

/**
 * Labels of namespaces. Those of the base count where it has the namespace: a change must not choose by a label which
 * policies it is judged by. Null for one that no manifest makes.
 */
export function namespaceLabels(
  base: Iterable<Manifest>,
  result: Iterable<Manifest>,
): (namespace: string) => ReadonlyMap<string, string> | null {
  const labels = new Map<string, ReadonlyMap<string, string>>();
  for (const manifests of [result, base]) {
    for (const { object, ref } of manifests) {
      if (ref.kind !== 'Namespace' || ref.apiVersion !== 'v1') continue;
      // the API server gives each its name as a label
      labels.set(ref.name, new Map([...labelsOf(object), ['kubernetes.io/metadata.name', ref.name]]));
    }
  }
  return (namespace) => labels.get(namespace) ?? null;
}
