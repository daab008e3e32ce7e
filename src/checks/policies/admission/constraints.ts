import type { JsonValue } from '../../../contract/index.js';
import { isBuiltInGroup, isClusterScoped } from '../../../kubernetes/index.js';
import { choosesAll, namespaceFits, unlabelled } from '../kyverno/namespace-selector.js';
import { type AdmissionRequest, labelsOf } from '../kyverno/request.js';
import { selectorMatches } from '../kyverno/selector.js';
import { isObject, list, member, text, texts } from '../values/json.js';
import { resourceOf } from './plural.js';

/**
 * True when `matchConstraints` (or a binding's `matchResources`) mean a request: a resource rule fits, no exclude rule does,
 * the selectors hold. Semantics: apiserver/pkg/admission/plugin/policy/matching.
 * Where nobody knows the labels of the namespace it is taken to have none; what would mean it with some is `unknown`.
 */
export function constraintsMatch(
  constraints: JsonValue | undefined,
  request: AdmissionRequest,
): boolean | 'unknown' {
  if (!isObject(constraints)) return true;
  const chosen = inNamespace(member(constraints, 'namespaceSelector'), request);
  if (chosen === false) return false;
  const selector = member(constraints, 'objectSelector');
  if (isObject(selector) && !objectFits(selector, request)) return false;
  if (list(member(constraints, 'excludeResourceRules')).some((rule) => ruleFits(rule, request))) return false;
  const rules = member(constraints, 'resourceRules');
  // unless versions are meant exactly, the API server converts the object; it is judged as it stands here
  const others = text(member(constraints, 'matchPolicy')) === 'Exact' ? [] : request.otherVersions;
  if (rules !== undefined && !list(rules).some((rule) => ruleFits(rule, request, others))) return false;
  return chosen;
}

function inNamespace(selector: JsonValue | undefined, request: AdmissionRequest): boolean | 'unknown' {
  if (selector === undefined || choosesAll(selector)) return true;
  if (request.kind.kind === 'Namespace' && request.kind.group === '') {
    return selectorMatches(selector, labelsOf(request.resource));
  }
  const scoped = isClusterScoped(text(member(request.resource, 'apiVersion')), request.kind.kind);
  if (scoped === true || (request.namespaceLabels === null && selectorMatches(selector, unlabelled(request))))
    return true;
  return namespaceFits(selector, request);
}

function objectFits(selector: JsonValue, request: AdmissionRequest): boolean {
  if (Object.keys(isObject(selector) ? selector : {}).length === 0) return true;
  return [request.object, request.oldObject].some(
    (object) => object !== null && selectorMatches(selector, labelsOf(object)),
  );
}

function ruleFits(rule: JsonValue, request: AdmissionRequest, others: readonly string[] = []): boolean {
  const { group, version, kind } = request.kind;
  const operations = texts(member(rule, 'operations'));
  const any = (key: string, value: string): boolean => {
    const wanted = texts(member(rule, key));
    return wanted.includes('*') || wanted.includes(value);
  };
  if (operations.length > 0 && !operations.includes('*') && !operations.includes(request.operation))
    return false;
  if (!any('apiGroups', group) || ![version, ...others].some((item) => any('apiVersions', item)))
    return false;
  const names = texts(member(rule, 'resourceNames'));
  if (names.length > 0 && !names.includes(text(member(member(request.resource, 'metadata'), 'name'))))
    return false;
  const scope = text(member(rule, 'scope'));
  if (scope === 'Cluster' || scope === 'Namespaced') {
    const known = isClusterScoped(text(member(request.resource, 'apiVersion')), kind);
    // an object of an unknown kind that names no namespace may be of either scope
    const cluster = known ?? (request.namespace === '' ? null : false);
    if (cluster !== null && cluster !== (scope === 'Cluster')) return false;
  }
  return texts(member(rule, 'resources')).some((item) =>
    namesOf(request).some((name) => resourceFits(item, name, request.subresource)),
  );
}

/** What the API may call a kind: as its definition says, else as most are called, or by the kind's own name (`redis`). */
function namesOf({ plural, kind: { group, kind } }: AdmissionRequest): string[] {
  if (plural !== null) return [plural];
  return isBuiltInGroup(group) ? [resourceOf(kind)] : [resourceOf(kind), kind.toLowerCase()];
}

function resourceFits(wanted: string, resource: string, subresource: string): boolean {
  if (wanted === '*' || wanted === resource) return subresource === '';
  if (wanted === '*/*') return true;
  const [first = '', second = ''] = wanted.split('/');
  return (first === '*' || first === resource) && second !== '' && (second === '*' || second === subresource);
}
