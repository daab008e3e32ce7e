import type { Manifest } from '../../kubernetes/index.js';
import { labelsOf } from './kyverno/request.js';

/**
 * Labels of namespaces. Those of the base count where it has the namespace: a change must not choose by a label which
 * policies it is judged by.
 */
export function namespaceLabels(
  base: Iterable<Manifest>,
  result: Iterable<Manifest>,
): (namespace: string) => ReadonlyMap<string, string> {
  const labels = new Map<string, ReadonlyMap<string, string>>();
  for (const manifests of [result, base]) {
    for (const { object, ref } of manifests) {
      if (ref.kind === 'Namespace' && ref.apiVersion === 'v1') labels.set(ref.name, labelsOf(object));
    }
  }
  return (namespace) => labels.get(namespace) ?? new Map([['kubernetes.io/metadata.name', namespace]]);
}
