import type { JsonValue } from '../../../contract/index.js';
import {
  emptyObject,
  isObject,
  type JsonObject,
  list,
  member,
  memberAt,
  setMember,
  texts,
} from '../values/json.js';

const CONTROLLERS: ReadonlyMap<string, { apiVersion: string; resource: string; path: string }> = new Map([
  ['DaemonSet', { apiVersion: 'apps/v1', resource: 'daemonsets', path: 'spec.template' }],
  ['Deployment', { apiVersion: 'apps/v1', resource: 'deployments', path: 'spec.template' }],
  ['ReplicaSet', { apiVersion: 'apps/v1', resource: 'replicasets', path: 'spec.template' }],
  ['StatefulSet', { apiVersion: 'apps/v1', resource: 'statefulsets', path: 'spec.template' }],
  ['Job', { apiVersion: 'batch/v1', resource: 'jobs', path: 'spec.template' }],
  ['CronJob', { apiVersion: 'batch/v1', resource: 'cronjobs', path: 'spec.jobTemplate.spec.template' }],
]);

/**
 * The spec of one of Kyverno's CEL policies as it applies to a kind of controller, derived from one that means Pods; null
 * where the policy derives none. Semantics: pkg/cel/autogen and pkg/cel/policies/vpol/autogen.
 */
export function controllerSpec(spec: JsonObject, apiVersion: string, kind: string): JsonObject | null {
  const controller = CONTROLLERS.get(kind);
  if (
    controller === undefined ||
    controller.apiVersion !== apiVersion ||
    !canAutogen(member(spec, 'matchConstraints'))
  )
    return null;
  const chosen = memberAt(spec, 'autogen', 'podControllers', 'controllers');
  if (Array.isArray(chosen) && !chosen.includes(controller.resource)) return null;
  const shifted = shift(spec, controller.path);
  if (!isObject(shifted)) return null;
  const [rule] = list(memberAt(spec, 'matchConstraints', 'resourceRules'));
  const [group = '', version = ''] = controller.apiVersion.split('/');
  const constraints: JsonObject = {
    resourceRules: [
      {
        apiGroups: [group],
        apiVersions: [version],
        resources: [controller.resource],
        operations: member(rule, 'operations') ?? [],
      },
    ],
  };
  const selector = memberAt(spec, 'matchConstraints', 'namespaceSelector');
  if (selector !== undefined) constraints.namespaceSelector = selector;
  setMember(shifted, 'matchConstraints', constraints);
  return shifted;
}

function canAutogen(constraints: JsonValue | undefined): boolean {
  const rules = list(member(constraints, 'resourceRules'));
  const [rule] = rules;
  const selector = member(constraints, 'objectSelector');
  if (isObject(selector) && Object.keys(selector).length > 0) return false;
  if (
    list(member(constraints, 'excludeResourceRules')).length > 0 ||
    rules.length !== 1 ||
    rule === undefined
  )
    return false;
  if (texts(member(rule, 'resourceNames')).length > 0) return false;
  const is = (key: string, value: string): boolean => {
    const items = texts(member(rule, key));
    return items.length === 1 && items[0] === value;
  };
  return is('apiGroups', '') && is('apiVersions', 'v1') && is('resources', 'pods');
}

function shift(value: JsonValue, path: string): JsonValue {
  if (typeof value === 'string') return shiftText(value, path);
  if (Array.isArray(value)) return value.map((item) => shift(item, path));
  if (!isObject(value)) return value;
  const result = emptyObject();
  for (const [key, item] of Object.entries(value)) setMember(result, shiftText(key, path), shift(item, path));
  return result;
}

/** `object.metadata.namespace` stays the controller's own: templates have none. */
function shiftText(source: string, path: string): string {
  return source.replace(
    /(object|oldObject)\.(spec|metadata)(?!\.namespace(?!\w))/g,
    (_whole, object: string, part: string) => `${object}.${path}.${part}`,
  );
}
