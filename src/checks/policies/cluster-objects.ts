import type { Manifest } from '../../kubernetes/index.js';
import type { ClusterObjects } from './kyverno/environment.js';

/** The objects of rendered targets and files as the cluster that policies may look into. */
export function clusterObjects(manifests: Iterable<Manifest>): ClusterObjects {
  const kinds = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const key = `${manifest.ref.apiVersion} ${manifest.ref.kind}`;
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, [manifest]);
    else known.push(manifest);
  }
  const of = (apiVersion: string, kind: string): readonly Manifest[] =>
    kinds.get(`${apiVersion} ${kind}`) ?? [];
  return {
    get: (apiVersion, kind, namespace, name) =>
      of(apiVersion, kind).find(
        ({ ref }) => ref.name === name && (ref.namespace === namespace || namespace === ''),
      )?.object ?? null,
    list: (apiVersion, kind, namespace) =>
      of(apiVersion, kind)
        .filter(({ ref }) => namespace === '' || ref.namespace === namespace)
        .map(({ object }) => object),
    // what else lives in the cluster is not in the repository
    complete: false,
  };
}

/**
 * What the user's policies may look into while a change is judged: the base's objects. Parameters, bindings, lists of what is
 * allowed would otherwise be the change's to choose. An object that only the change brings answers by its name, unless
 * it is a ConfigMap, in which such lists are kept.
 */
export function trustedObjects(base: ClusterObjects, result: ClusterObjects): ClusterObjects {
  return {
    get: (apiVersion, kind, namespace, name) =>
      base.get(apiVersion, kind, namespace, name) ??
      (kind === 'ConfigMap' ? null : result.get(apiVersion, kind, namespace, name)),
    list: (apiVersion, kind, namespace) => base.list(apiVersion, kind, namespace),
    complete: false,
  };
}
