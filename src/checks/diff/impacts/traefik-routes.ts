import type { Manifest } from '../../../kubernetes/index.js';
import { at } from '../model.js';
import { recordsOf, stringsOf, textOf } from '../world.js';
import { ruleAlternatives } from './traefik-rule.js';
import type { TrafficRoute } from './traffic-route.js';

/**
 * What an IngressRoute or IngressRouteTCP of Traefik asks for, at each of its entry points; without any it is served at
 * all of them. Routers with TLS and without do not meet.
 */
export function traefikRoutes({ ref, object }: Manifest): TrafficRoute[] {
  const served = textOf(at(object, 'metadata', 'annotations', 'kubernetes.io/ingress.class'));
  const entries = stringsOf(at(object, 'spec', 'entryPoints'));
  const tls = at(object, 'spec', 'tls') !== undefined;
  return recordsOf(at(object, 'spec', 'routes')).flatMap((route, index) =>
    ruleAlternatives(textOf(route.match)).flatMap(({ host, path, terms }) =>
      (entries.length === 0 ? [''] : entries).map((door) => ({
        key: JSON.stringify([ref.kind, served, tls, host, terms]),
        door,
        host,
        path,
        field: ['spec', 'routes', index, 'match'],
      })),
    ),
  );
}
