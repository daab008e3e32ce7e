import { describeRef, type Manifest, objectKey } from '../../../kubernetes/index.js';
import { manifestsOf, type TargetDifference } from '../model.js';
import type { World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { routesOf, type TrafficRoute } from './traffic-routes.js';

/** Who asks for what traffic on one side of a cluster; the same object of two targets counts once. */
function takers(manifests: readonly Manifest[]): Map<string, Map<string, Manifest>> {
  const found = new Map<string, Map<string, Manifest>>();
  for (const manifest of manifests) {
    for (const { id } of routesOf(manifest)) {
      const list = found.get(id) ?? new Map<string, Manifest>();
      found.set(id, list.set(objectKey(manifest.ref), manifest));
    }
  }
  return found;
}

/** The same host and path in two Ingresses, or routes of one gateway, of one cluster. */
export const ingressHostTaken: ImpactRule = {
  describe: {
    id: 'diff/ingress-host-taken',
    title: 'A host and path are already taken',
    why: 'Which of the two gets the traffic depends on the controller; one of the applications disappears, or is impersonated.',
    help: 'Choose another host or path, or remove it from the other object.',
    action: 'fix',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    const asking = target.objects.flatMap((object) => {
      const routes = object.result === null ? [] : distinct(routesOf(object.result));
      return routes.length === 0 ? [] : [{ object, routes }];
    });
    if (asking.length === 0) return [];
    const { base, result } = world.scopeOf(target);
    const beside = world.surroundings.beside.filter(
      (other) => target.target.cluster !== null && other.target.cluster === target.target.cluster,
    );
    const now = takers([...result.all, ...beside.flatMap((other) => manifestsOf(other.result))]);
    const before = takers([...base.all, ...beside.flatMap((other) => manifestsOf(other.base))]);
    return asking.flatMap(({ object, routes }) =>
      routes.flatMap(({ id, host, path }): Impact[] => {
        const own = objectKey(object.ref);
        const [other] = [...(now.get(id) ?? [])]
          .filter(([key]) => key !== own)
          .map(([, manifest]) => manifest);
        if (other === undefined || (before.get(id)?.size ?? 0) > 1) return [];
        return [
          {
            object,
            field: ['spec', object.ref.kind === 'Ingress' ? 'rules' : 'hostnames'],
            message: `${describeRef(object.ref)} takes ${host || 'every host'}${path}, which ${describeRef(other.ref)} has`,
            help: `Choose another host or path, or remove it from ${describeRef(other.ref)}.`,
            detail: [id],
          },
        ];
      }),
    );
  },
};

function distinct(routes: readonly TrafficRoute[]): TrafficRoute[] {
  return [...new Map(routes.map((route) => [route.id, route])).values()];
}
