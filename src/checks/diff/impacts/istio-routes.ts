import type { JsonValue } from '../../../contract/index.js';
import { isRecord, type Manifest } from '../../../kubernetes/index.js';
import { at } from '../model.js';
import { recordsOf, stringsOf, textOf } from '../world.js';
import type { TrafficRoute } from './traffic-route.js';

const HOSTS = ['spec', 'hosts'];

/**
 * What a VirtualService asks for. At a gateway those of one host are joined, and two of the same match compete; in the
 * mesh one host belongs to one VirtualService, whatever they match (Istio, Virtual Service: "gateways", and Traffic
 * Management Problems: "Multiple virtual services for the same host").
 */
export function virtualServiceRoutes({ ref, object }: Manifest): TrafficRoute[] {
  const gateways = stringsOf(at(object, 'spec', 'gateways'));
  return stringsOf(at(object, ...HOSTS)).flatMap((name) => {
    const host = name.toLowerCase();
    return (gateways.length === 0 ? ['mesh'] : gateways).flatMap((gateway) => {
      if (gateway === 'mesh') return [meshRoute(host, ref.namespace, object)];
      const door = gateway.includes('/') ? gateway : `${ref.namespace}/${gateway}`;
      return matchesOf(object).map(({ match, path }) => ({
        key: JSON.stringify(['VirtualService', door, host, match]),
        door: '',
        host,
        path,
        field: HOSTS,
      }));
    });
  });
}

/** A short name is one of the own namespace; what is exported to it alone meets nobody else's. */
function meshRoute(host: string, namespace: string, object: JsonValue): TrafficRoute {
  const full = host.includes('.') ? host : `${host}.${namespace}.svc.cluster.local`;
  const exported = stringsOf(at(object, 'spec', 'exportTo'));
  const own = exported.length > 0 && exported.every((name) => name === '.' || name === namespace);
  return {
    key: JSON.stringify(['VirtualService', 'mesh', full]),
    door: own ? namespace : '',
    host: full,
    path: ' in the mesh',
    field: HOSTS,
  };
}

/** The matches of a VirtualService's routes, in one form each; a route that asks for nothing gets everything. */
function matchesOf(object: JsonValue): { match: JsonValue; path: string }[] {
  const found: { match: JsonValue; path: string }[] = [];
  for (const protocol of ['http', 'tls', 'tcp'] as const) {
    for (const route of recordsOf(at(object, 'spec', protocol))) {
      const matches = recordsOf(route.match);
      for (const match of matches.length === 0 ? [{}] : matches) {
        // The name says nothing, and every path begins with a slash.
        const asked = Object.entries(match).filter(
          ([key, value]) => key !== 'name' && !(key === 'uri' && at(value, 'prefix') === '/'),
        );
        const uri = isRecord(match.uri) ? Object.values(match.uri).map(textOf).join() : '';
        found.push({ match: [protocol, sorted(Object.fromEntries(asked))], path: uri });
      }
    }
  }
  return found;
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}

/**
 * What a Gateway of Istio asks for with a certificate: host and port of the same proxies belong to one server. Servers
 * of plain HTTP are joined.
 */
export function istioGatewayRoutes({ ref, object }: Manifest): TrafficRoute[] {
  const selector = sorted(at(object, 'spec', 'selector') ?? {});
  return recordsOf(at(object, 'spec', 'servers')).flatMap((server, index) => {
    if (!isRecord(server.tls) || !/^(?:https|tls)$/i.test(textOf(at(server, 'port', 'protocol')))) return [];
    const port = at(server, 'port', 'number') ?? null;
    return stringsOf(server.hosts).map((name) => {
      // `namespace/host` says whose VirtualServices may use it.
      const host = name.slice(name.indexOf('/') + 1).toLowerCase();
      return {
        key: JSON.stringify([ref.kind, selector, port, host]),
        door: textOf(server.bind),
        host,
        path: `:${JSON.stringify(port)}`,
        field: ['spec', 'servers', index, 'hosts'],
      };
    });
  });
}
