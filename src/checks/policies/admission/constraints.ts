import type { JsonValue } from '../../../contract/index.js';
import { isClusterScoped } from '../../../kubernetes/index.js';
import { type AdmissionRequest, labelsOf } from '../kyverno/request.js';
import { selectorMatches } from '../kyverno/selector.js';
import { isObject, list, member, text, texts } from '../values/json.js';
import { resourceOf } from './plural.js';

/**
 * True when `matchConstraints` (or a binding's `matchResources`) mean a request: a resource rule fits, no exclude rule does,
 * the selectors hold. Semantics: apiserver/pkg/admission/plugin/policy/matching.
 */
export function constraintsMatch(constraints: JsonValue | undefined, request: AdmissionRequest): boolean {
  if (!isObject(constraints)) return true;
  if (!namespaceFits(member(constraints, 'namespaceSelector'), request)) return false;
  const selector = member(constraints, 'objectSelector');
  if (isObject(selector) && !objectFits(selector, request)) return false;
  if (list(member(constraints, 'excludeResourceRules')).some((rule) => ruleFits(rule, request))) return false;
  const rules = member(constraints, 'resourceRules');
  return rules === undefined || list(rules).some((rule) => ruleFits(rule, request));
}

function namespaceFits(selector: JsonValue | undefined, request: AdmissionRequest): boolean {
  if (!isObject(selector) || Object.keys(selector).length === 0) return true;
  if (request.kind.kind === 'Namespace' && request.kind.group === '') {
    return selectorMatches(selector, labelsOf(request.resource));
  }
  const scoped = isClusterScoped(text(member(request.resource, 'apiVersion')), request.kind.kind);
  return scoped === true || selectorMatches(selector, request.namespaceLabels);
}

function objectFits(selector: JsonValue, request: AdmissionRequest): boolean {
  if (Object.keys(isObject(selector) ? selector : {}).length === 0) return true;
  return [request.object, request.oldObject].some(
    (object) => object !== null && selectorMatches(selector, labelsOf(object)),
  );
}

function ruleFits(rule: JsonValue, request: AdmissionRequest): boolean {
  const { group, version, kind } = request.kind;
  const operations = texts(member(rule, 'operations'));
  const any = (key: string, value: string): boolean => {
    const wanted = texts(member(rule, key));
    return wanted.includes('*') || wanted.includes(value);
  };
  if (operations.length > 0 && !operations.includes('*') && !operations.includes(request.operation))
    return false;
  if (!any('apiGroups', group) || !any('apiVersions', version)) return false;
  const names = texts(member(rule, 'resourceNames'));
  if (names.length > 0 && !names.includes(text(member(member(request.resource, 'metadata'), 'name'))))
    return false;
  const scope = text(member(rule, 'scope'));
  if (scope === 'Cluster' || scope === 'Namespaced') {
    const cluster =
      isClusterScoped(text(member(request.resource, 'apiVersion')), kind) ?? request.namespace === '';
    if (cluster !== (scope === 'Cluster')) return false;
  }
  return texts(member(rule, 'resources')).some((item) =>
    resourceFits(item, resourceOf(kind), request.subresource),
  );
}

function resourceFits(wanted: string, resource: string, subresource: string): boolean {
  if (wanted === '*' || wanted === resource) return subresource === '';
  if (wanted === '*/*') return true;
  const [first = '', second = ''] = wanted.split('/');
  return (first === '*' || first === resource) && second !== '' && (second === '*' || second === subresource);
}
