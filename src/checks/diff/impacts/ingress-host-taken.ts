import { describeRef, type Manifest, objectKey } from '../../../kubernetes/index.js';
import { manifestsOf, type TargetDifference } from '../model.js';
import type { World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';
import { collide, type TrafficRoute } from './traffic-route.js';
import { defaultClass, routesOf } from './traffic-routes.js';

interface Taker {
  manifest: Manifest;
  /** `objectKey`: the same object of two targets counts once. */
  id: string;
  route: TrafficRoute;
}

/** Who asks for what traffic on one side of a cluster. */
class Takers {
  readonly #byKey = new Map<string, Taker[]>();

  constructor(manifests: readonly Manifest[], served: string) {
    for (const manifest of manifests) {
      for (const route of routesOf(manifest, served)) {
        const taker = { manifest, id: objectKey(manifest.ref), route };
        const list = this.#byKey.get(route.key);
        if (list === undefined) this.#byKey.set(route.key, [taker]);
        else list.push(taker);
      }
    }
  }

  /** Other objects that ask for the same traffic. */
  others(id: string, route: TrafficRoute): Taker[] {
    return (this.#byKey.get(route.key) ?? []).filter((one) => one.id !== id && collide(one.route, route));
  }

  /** What an object asks for by this key; more than one where it does at several doors. */
  of(id: string, { key }: TrafficRoute): Taker[] {
    return (this.#byKey.get(key) ?? []).filter((one) => one.id === id);
  }
}

/** The same host and path in two Ingresses, routes or virtual hosts of one cluster. */
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
    if (!target.objects.some(({ result }) => result !== null && routesOf(result).length > 0)) return [];
    const { base, result } = world.scopeOf(target);
    const beside = world.surroundings.beside.filter(
      (other) => target.target.cluster !== null && other.target.cluster === target.target.cluster,
    );
    const served = defaultClass(result);
    const now = new Takers([...result.all, ...beside.flatMap((other) => manifestsOf(other.result))], served);
    const before = new Takers(
      [...base.all, ...beside.flatMap((other) => manifestsOf(other.base))],
      defaultClass(base),
    );
    return target.objects.flatMap((object): Impact[] => {
      if (object.result === null) return [];
      const id = objectKey(object.ref);
      return distinct(routesOf(object.result, served)).flatMap((route): Impact[] => {
        const own = before.of(id, route);
        if (own.some((one) => before.others(id, one.route).length > 0)) return [];
        // Who was there first has it; of two that come together one is told.
        const [other] = now
          .others(id, route)
          .filter((one) => before.of(one.id, route).length > 0 || (own.length === 0 && one.id < id));
        if (other === undefined) return [];
        const { host, path } = route;
        return [
          {
            object,
            field: route.field,
            message: `${describeRef(object.ref)} takes ${host || 'every host'}${path}, which ${describeRef(other.manifest.ref)} has`,
            help: `Choose another host or path, or remove it from ${describeRef(other.manifest.ref)}.`,
            detail: [route.key, route.door],
          },
        ];
      });
    });
  },
};

function distinct(routes: readonly TrafficRoute[]): TrafficRoute[] {
  return [...new Map(routes.map((route) => [JSON.stringify([route.key, route.door]), route])).values()];
}
