import type { JsonValue } from '../../../contract/index.js';
import { isRecord, type Manifest } from '../../../kubernetes/index.js';
import { at, type TargetDifference } from '../model.js';
import { kindKey, recordsOf, stringsOf, textOf } from '../world.js';

/** A way by which traffic gets in: who serves it, for which host, by which match. */
export interface TrafficRoute {
  /** Equal for two objects that ask for the same traffic. */
  id: string;
  host: string;
  path: string;
}

export const ROUTE_KINDS: readonly string[] = [
  'networking.k8s.io/Ingress',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
  'gateway.networking.k8s.io/TLSRoute',
];

/** The traffic that an Ingress or a route of the Gateway API asks for; none for other kinds. */
export function routesOf(manifest: Manifest): TrafficRoute[] {
  const kind = kindKey(manifest.ref.apiVersion, manifest.ref.kind);
  if (kind === 'networking.k8s.io/Ingress') return ingressRoutes(manifest);
  return ROUTE_KINDS.includes(kind) ? gatewayRoutes(manifest) : [];
}

/** A canary shares host and path with the Ingress that it tries out, by what its controller says. */
const CANARY = 'nginx.ingress.kubernetes.io/canary';

function ingressRoutes({ object }: Manifest): TrafficRoute[] {
  const annotations = at(object, 'metadata', 'annotations');
  if (isRecord(annotations) && annotations[CANARY] === 'true') return [];
  const served =
    textOf(at(object, 'spec', 'ingressClassName')) ||
    textOf(isRecord(annotations) ? annotations['kubernetes.io/ingress.class'] : undefined);
  return recordsOf(at(object, 'spec', 'rules')).flatMap((rule) =>
    recordsOf(at(rule, 'http', 'paths')).map((entry) => {
      const host = textOf(rule.host).toLowerCase();
      const path = textOf(entry.path) || '/';
      // An exact path goes before a prefix of the same text: the two do not compete.
      const exact = entry.pathType === 'Exact';
      return { id: JSON.stringify(['Ingress', served, host, path, exact]), host, path };
    }),
  );
}

/**
 * Routes of the Gateway API compete where parent, host and match are the same; then the older one wins (Gateway API,
 * HTTPRouteRule: "Matching precedence").
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
      textOf(parent.sectionName),
      parent.port ?? null,
    ];
    return (hosts.length === 0 ? ['*'] : hosts).flatMap((name) =>
      (matches.length === 0 ? [{}] : matches).map((match) => {
        const host = name.toLowerCase();
        const normal = normalMatch(match);
        return {
          id: JSON.stringify([ref.kind, served, host, normal]),
          host,
          path: textOf(at(match, 'path', 'value')) || '/',
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
    textOf(match.method),
    JSON.stringify(match.headers ?? []),
    JSON.stringify(match.queryParams ?? []),
  ];
}

/** Hosts that a target's objects ask for now and did not before, in lower case. */
export function newHosts({ objects }: TargetDifference): Set<string> {
  const hosts = new Set<string>();
  for (const { base, result } of objects) {
    if (result === null) continue;
    const former = new Set(base === null ? [] : routesOf(base).map(({ id }) => id));
    for (const { id, host } of routesOf(result)) {
      if (!former.has(id) && host.length > 3 && !host.startsWith('*')) hosts.add(host);
    }
  }
  return hosts;
}
