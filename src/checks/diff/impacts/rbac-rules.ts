import type { JsonValue } from '../../../contract/index.js';
import { recordsOf, stringsOf } from '../world.js';

/** One right: a verb on a resource of a group (by name, or all), or on a URL. */
export interface Right {
  group: string;
  resource: string;
  verb: string;
  /** '' for all names. */
  name: string;
  url: string;
}

const MOST_RIGHTS = 20_000;

/** The single rights that policy rules give, or null where they are too many to spell out. */
export function rightsOf(rules: JsonValue | undefined): Right[] | null {
  const rights: Right[] = [];
  for (const rule of recordsOf(rules)) {
    const verbs = stringsOf(rule.verbs);
    const groups = stringsOf(rule.apiGroups);
    const resources = stringsOf(rule.resources);
    const names = stringsOf(rule.resourceNames);
    const urls = stringsOf(rule.nonResourceURLs);
    const count = verbs.length * (groups.length * resources.length * Math.max(1, names.length) + urls.length);
    if (rights.length + count > MOST_RIGHTS) return null;
    for (const verb of verbs) {
      for (const url of urls) rights.push({ group: '', resource: '', verb, name: '', url });
      for (const group of groups) {
        for (const resource of resources) {
          for (const name of names.length === 0 ? [''] : names)
            rights.push({ group, resource, verb, name, url: '' });
        }
      }
    }
  }
  return rights;
}

/**
 * True when a right is covered by another, wildcards included.
 * Source: kubernetes pkg/registry/rbac/validation/policy_comparator.go, ruleCovers.
 */
function covers(owner: Right, wanted: Right): boolean {
  if (owner.verb !== '*' && owner.verb !== wanted.verb) return false;
  if (wanted.url !== '') {
    if (owner.url === '') return false;
    return (
      owner.url === wanted.url || (owner.url.endsWith('*') && wanted.url.startsWith(owner.url.slice(0, -1)))
    );
  }
  if (owner.url !== '') return false;
  if (owner.group !== '*' && owner.group !== wanted.group) return false;
  if (owner.name !== '' && owner.name !== wanted.name) return false;
  if (owner.resource === '*' || owner.resource === wanted.resource) return true;
  const subresource = wanted.resource.split('/')[1];
  return subresource !== undefined && owner.resource === `*/${subresource}`;
}

/** Rights of `after` that `before` does not cover; null where they cannot be compared. */
export function addedRights(before: JsonValue | undefined, after: JsonValue | undefined): Right[] | null {
  const owned = rightsOf(before);
  const wanted = rightsOf(after);
  if (owned === null || wanted === null) {
    return JSON.stringify(before ?? null) === JSON.stringify(after ?? null) ? [] : null;
  }
  const exact = new Set(owned.map(keyOf));
  const broad = owned.filter(isBroad);
  return wanted.filter(
    (right) =>
      !exact.has(keyOf(right)) &&
      !exact.has(keyOf({ ...right, name: '' })) &&
      !broad.some((owner) => covers(owner, right)),
  );
}

/** A right with a wildcard covers others than its equals. */
function isBroad({ verb, group, resource, url }: Right): boolean {
  return verb === '*' || group === '*' || resource.startsWith('*') || url.endsWith('*');
}

function keyOf(right: Right): string {
  return JSON.stringify([right.group, right.resource, right.verb, right.name, right.url]);
}

/** Why a right is more than it seems, or null. */
export function dangerOf({ group, resource, verb, url }: Right): string | null {
  if (url !== '') return url.includes('*') && verb === '*' ? 'every URL of the API server' : null;
  if (verb === '*' && resource === '*') return 'everything';
  if (verb === 'escalate' || verb === 'bind') return 'give rights it does not have itself';
  if (verb === 'impersonate') return 'act as others';
  const reads = verb === '*' || verb === 'get' || verb === 'list' || verb === 'watch';
  if ((resource === 'secrets' || resource === '*') && (group === '' || group === '*') && reads)
    return 'read Secrets';
  if (resource === 'pods/exec' || resource === 'pods/attach' || resource === 'pods/ephemeralcontainers')
    return 'run commands in pods';
  if (resource === 'serviceaccounts/token') return 'make tokens of service accounts';
  if (resource === 'nodes/proxy') return 'reach every kubelet';
  if (resource === 'certificatesigningrequests/approval') return 'approve certificates';
  if (verb === '*' || resource === '*' || group === '*') return 'use a wildcard';
  const writes = verb === 'create' || verb === 'update' || verb === 'patch';
  if (writes && group === 'rbac.authorization.k8s.io') return 'write rights';
  if (writes && group === 'admissionregistration.k8s.io') return 'write admission webhooks and policies';
  return null;
}

/** `get secrets`, `* deployments.apps`, `get /metrics`. */
export function describeRight({ group, resource, verb, name, url }: Right): string {
  if (url !== '') return `${verb} ${url}`;
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}${name === '' ? '' : ` (${name})`}`;
}
