import type { JsonValue } from '../../../contract/index.js';
import { describeRef } from '../../../kubernetes/index.js';
import { annotationsOf, at, fieldPathIn, type ObjectDifference } from '../model.js';
import { formatChangePath } from '../semantic/path.js';
import { kindKey, recordsOf, stringsOf, textOf } from '../world.js';
import type { Impact } from './impact.js';

const HELP = 'Meant? An approving review opens this. Not meant? Bring back what the message names.';

/**
 * Annotations that ask who comes, or from where, by the controllers that obey them: ingress-nginx, Traefik, HAProxy,
 * the AWS load balancer controller, and load balancers that are inside only.
 */
const ASKING =
  /^(?:nginx\.ingress\.kubernetes\.io\/(?:auth-(?:url|type|secret|tls-secret|tls-verify-client)|(?:white|allow)list-source-range|enable-(?:modsecurity|owasp-core-rules|global-auth))|traefik\.ingress\.kubernetes\.io\/router\.middlewares|haproxy\.org\/(?:auth-type|allow-list|whitelist)|alb\.ingress\.kubernetes\.io\/(?:auth-type|inbound-cidrs|security-groups|scheme|wafv2-acl-arn|waf-acl-id)|service\.beta\.kubernetes\.io\/(?:aws-load-balancer-(?:internal|scheme|security-groups)|azure-load-balancer-internal|load-balancer-source-ranges)|(?:networking\.gke\.io|cloud\.google\.com)\/load-balancer-type)$/;

/** Doors to the outside that ask fewer who comes: of Ingresses, Services and Traefik's routes. */
export function doors(object: ObjectDifference): Impact[] {
  const { base, result } = object;
  if (base === null || result === null) return [];
  const tell = (field: readonly string[], says: string, detail: string): Impact => ({
    object,
    field,
    message: `${describeRef(object.ref)}: ${says}`,
    help: HELP,
    detail: ['door', detail],
  });
  switch (kindKey(object.ref.apiVersion, object.ref.kind)) {
    case 'networking.k8s.io/Ingress':
    case '/Service': {
      const [before, after] = [annotationsOf(base.object), annotationsOf(result.object)];
      const told = Object.entries(before).flatMap(([name, value]): Impact[] => {
        if (!ASKING.test(name) || after[name] === value) return [];
        const what = after[name] === undefined ? 'no longer says' : 'says otherwise';
        return [tell(['metadata', 'annotations', name], `${what} who may come in (${name})`, name)];
      });
      return [...told, ...ranges(object, tell)];
    }
    case 'traefik.io/IngressRoute':
    case 'traefik.containo.us/IngressRoute': {
      const kept = new Set(middlewares(result.object));
      const gone = [...new Set(middlewares(base.object))].filter((name) => !kept.has(name));
      return gone.length === 0
        ? []
        : [tell(['spec', 'routes'], `no longer goes through ${gone.slice(0, 4).join(', ')}`, 'middlewares')];
    }
    default:
      return [];
  }
}

/** Fields by which objects of any kind say which namespaces may use them (Gateways, stores, repositories, Grafana). */
const USERS = /(?:^|\.)(?:allowedNamespaces|allowedRoutes)(?:[.[]|$)/;

/** Objects that let other namespaces use them than before. What is only taken away narrows. */
export function users(object: ObjectDifference): Impact[] {
  if (object.base === null || object.result === null) return [];
  const wider = object.differences.filter(
    ({ path, to }) =>
      USERS.test(formatChangePath(path)) && to !== undefined && to !== 'Same' && to !== 'None',
  );
  const [first] = wider;
  if (first === undefined) return [];
  const paths = wider.map(({ path }) => formatChangePath(path));
  return [
    {
      object,
      field: fieldPathIn(object.result.object, first.path),
      message: `${describeRef(object.ref)} lets other namespaces use it than before (${paths.slice(0, 3).join(', ')})`,
      help: HELP,
      detail: ['users', ...paths],
    },
  ];
}

/** `loadBalancerSourceRanges` that take in others than before. */
function ranges(
  { base, result }: ObjectDifference,
  tell: (field: readonly string[], says: string, detail: string) => Impact,
): Impact[] {
  const path = ['spec', 'loadBalancerSourceRanges'];
  const of = (side: ObjectDifference['base']): string[] => stringsOf(at(side?.object ?? null, ...path));
  const [before, after] = [of(base), of(result)];
  if (before.length === 0) return [];
  const isMore = after.length === 0 || after.some((range) => !before.includes(range));
  return isMore ? [tell(path, 'takes in more addresses than before', 'ranges')] : [];
}

function middlewares(object: JsonValue): string[] {
  return recordsOf(at(object, 'spec', 'routes')).flatMap((route) =>
    recordsOf(route.middlewares).map(({ name }) => textOf(name)),
  );
}
