import { describeRef, type Manifest } from '../../../kubernetes/index.js';
import { at, type TargetDifference } from '../model.js';
import { type ObjectIndex, recordsOf, textOf, type World } from '../world.js';
import type { Impact, ImpactRule } from './impact.js';

/** `class host path` of every rule of an Ingress. */
function routesOf(ingress: Manifest): string[] {
  const ingressClass =
    textOf(at(ingress.object, 'spec', 'ingressClassName')) ||
    textOf(at(ingress.object, 'metadata', 'annotations', 'kubernetes.io/ingress.class'));
  return recordsOf(at(ingress.object, 'spec', 'rules')).flatMap((rule) =>
    recordsOf(at(rule, 'http', 'paths')).map((path) =>
      JSON.stringify([ingressClass, textOf(rule.host).toLowerCase(), textOf(path.path) || '/']),
    ),
  );
}

function ownersOf(side: ObjectIndex): Map<string, Manifest[]> {
  const owners = new Map<string, Manifest[]>();
  for (const ingress of side.ofKind('networking.k8s.io/Ingress')) {
    for (const route of new Set(routesOf(ingress))) {
      const list = owners.get(route);
      if (list === undefined) owners.set(route, [ingress]);
      else list.push(ingress);
    }
  }
  return owners;
}

/** The same host and path in two Ingresses of one cluster. */
export const ingressHostTaken: ImpactRule = {
  describe: {
    id: 'diff/ingress-host-taken',
    title: 'A host and path are already taken by another Ingress',
    why: 'Which of the two gets the traffic depends on the controller; one of the applications disappears, or is impersonated.',
    help: 'Choose another host or path, or remove it from the other Ingress.',
    action: 'fix',
    severity: 'error',
  },
  examine(target: TargetDifference, world: World): Impact[] {
    const ingresses = target.objects.filter(
      ({ ref, action }) => ref.kind === 'Ingress' && action !== 'delete',
    );
    if (ingresses.length === 0) return [];
    const { base, result } = world.scopeOf(target);
    const owners = ownersOf(result);
    const former = ownersOf(base);
    return ingresses.flatMap((object) => {
      const manifest = object.result;
      if (manifest === null) return [];
      return [...new Set(routesOf(manifest))].flatMap((route): Impact[] => {
        const others = (owners.get(route) ?? []).filter(
          ({ ref }) => ref.name !== object.ref.name || ref.namespace !== object.ref.namespace,
        );
        const [other] = others;
        if (other === undefined || (former.get(route)?.length ?? 0) > 1) return [];
        const [, host, path]: string[] = JSON.parse(route) as string[];
        return [
          {
            object,
            field: ['spec', 'rules'],
            message: `${describeRef(object.ref)} takes ${host || 'every host'}${path ?? ''}, which ${describeRef(other.ref)} has`,
            help: 'Choose another host or path, or remove it from the other Ingress.',
            detail: [route],
          },
        ];
      });
    });
  },
};
