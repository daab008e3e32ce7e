import type { JsonValue } from '../../../contract/index.js';
import { isRecord, type Manifest } from '../../../kubernetes/index.js';
import { at, type TargetDifference } from '../model.js';
import { kindKey, type ObjectIndex, recordsOf, stringsOf, textOf } from '../world.js';
import { istioGatewayRoutes, virtualServiceRoutes } from './istio-routes.js';
import { traefikRoutes } from './traefik-routes.js';
import { collide, type TrafficRoute } from './traffic-route.js';

/** `served` is the class of Ingresses that name none. */
type Routes = (manifest: Manifest, served: string) => TrafficRoute[];

const KINDS: ReadonlyMap<string, Routes> = new Map<string, Routes>([
  ['networking.k8s.io/Ingress', ingressRoutes],
  ['gateway.networking.k8s.io/HTTPRoute', gatewayRoutes],
  ['gateway.networking.k8s.io/GRPCRoute', gatewayRoutes],
  ['gateway.networking.k8s.io/TLSRoute', gatewayRoutes],
  ['traefik.io/IngressRoute', traefikRoutes],
  ['traefik.io/IngressRouteTCP', traefikRoutes],
  ['traefik.containo.us/IngressRoute', traefikRoutes],
  ['traefik.containo.us/IngressRouteTCP', traefikRoutes],
  ['networking.istio.io/VirtualService', virtualServiceRoutes],
  ['networking.istio.io/Gateway', istioGatewayRoutes],
  ['projectcontour.io/HTTPProxy', proxyRoutes],
  ['route.openshift.io/Route', openshiftRoutes],
]);

/** The traffic that an object asks for; none for kinds that ask for none. */
export function routesOf(manifest: Manifest, served = ''): TrafficRoute[] {
  return KINDS.get(kindKey(manifest.ref.apiVersion, manifest.ref.kind))?.(manifest, served) ?? [];
}

/** The class that serves Ingresses which name none, where just one at hand says that it does; else ''. */
export function defaultClass(side: ObjectIndex): string {
  const classes = side
    .ofKind('networking.k8s.io/IngressClass')
    .filter(
      ({ object }) =>
        at(object, 'metadata', 'annotations', 'ingressclass.kubernetes.io/is-default-class') === 'true',
    );
  return classes.length === 1 ? (classes[0]?.ref.name ?? '') : '';
}

/** A canary shares host and path with the Ingress that it tries out, by what its controller says. */
const CANARY = 'nginx.ingress.kubernetes.io/canary';

function ingressRoutes({ object }: Manifest, served: string): TrafficRoute[] {
  const annotations = at(object, 'metadata', 'annotations');
  if (isRecord(annotations) && annotations[CANARY] === 'true') return [];
  const own =
    textOf(at(object, 'spec', 'ingressClassName')) ||
    textOf(isRecord(annotations) ? annotations['kubernetes.io/ingress.class'] : undefined);
  return recordsOf(at(object, 'spec', 'rules')).flatMap((rule) =>
    recordsOf(at(rule, 'http', 'paths')).map((entry) => {
      const host = textOf(rule.host).toLowerCase();
      const path = textOf(entry.path) || '/';
      // An exact path goes before a prefix of the same text: the two do not compete.
      const exact = entry.pathType === 'Exact';
      return {
        key: JSON.stringify(['Ingress', own || served, host, path, exact]),
        door: '',
        host,
        path,
        field: ['spec', 'rules'],
      };
    }),
  );
}

/**
 * Routes of the Gateway API compete where parent, host and match are the same; then the older one wins (Gateway API,
 * HTTPRouteRule: "Matching precedence"). Without a section they attach to every listener of the parent.
 */
function gatewayRoutes({ ref, object }: Manifest): TrafficRoute[] {
  const hosts = stringsOf(at(object, 'spec', 'hostnames'));
  const matches = recordsOf(at(object, 'spec', 'rules')).flatMap((rule) => {
    const all = recordsOf(rule.matches);
    return all.length === 0 ? [{}] : all;
  });
  return recordsOf(at(object, 'spec', 'parentRefs')).flatMap((parent) => {
    const served = [
      textOf(parent.kind) || 'Gateway',
      textOf(parent.namespace) || ref.namespace,
      textOf(parent.name),
      parent.port ?? null,
    ];
    return (hosts.length === 0 ? ['*'] : hosts).flatMap((name) =>
      (matches.length === 0 ? [{}] : matches).map((match) => {
        const host = name.toLowerCase();
        return {
          key: JSON.stringify([ref.kind, served, host, normalMatch(match)]),
          door: textOf(parent.sectionName),
          host,
          path: textOf(at(match, 'path', 'value')) || '/',
          field: ['spec', 'hostnames'],
        };
      }),
    );
  });
}

/** A match with what the API server fills in, keys in one order. */
function normalMatch(match: { [key: string]: JsonValue }): JsonValue {
  const path = isRecord(match.path) ? match.path : {};
  return [
    textOf(path.type) || 'PathPrefix',
    textOf(path.value) || '/',
    isRecord(match.method) ? JSON.stringify(match.method) : textOf(match.method),
    JSON.stringify(match.headers ?? []),
    JSON.stringify(match.queryParams ?? []),
  ];
}

/** A root of Contour: a name belongs to one of a class (HTTPProxy, "Conflicting virtual hosts"). */
function proxyRoutes({ object }: Manifest): TrafficRoute[] {
  const host = textOf(at(object, 'spec', 'virtualhost', 'fqdn')).toLowerCase();
  if (host === '') return [];
  const served = textOf(at(object, 'spec', 'ingressClassName'));
  const key = JSON.stringify(['HTTPProxy', served, host]);
  return [{ key, door: '', host, path: '', field: ['spec', 'virtualhost', 'fqdn'] }];
}

/** A Route of OpenShift: the oldest keeps host and path (`HostAlreadyClaimed`). */
function openshiftRoutes({ object }: Manifest): TrafficRoute[] {
  const host = textOf(at(object, 'spec', 'host')).toLowerCase();
  if (host === '') return [];
  const path = textOf(at(object, 'spec', 'path')) || '/';
  return [{ key: JSON.stringify(['Route', host, path]), door: '', host, path, field: ['spec', 'host'] }];
}

/** Hosts that a target's objects ask for now and did not before, in lower case. */
export function newHosts({ objects }: TargetDifference): Set<string> {
  const hosts = new Set<string>();
  for (const { base, result } of objects) {
    if (result === null) continue;
    const former = base === null ? [] : routesOf(base);
    for (const route of routesOf(result)) {
      // A name without a dot is one of the cluster's own, and stands in many files.
      if (route.host.includes('.') && !former.some((one) => collide(one, route))) hosts.add(route.host);
    }
  }
  return hosts;
}
