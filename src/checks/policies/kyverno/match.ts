import type { JsonValue } from '../../../contract/index.js';
import { isObject, type JsonObject, list, member, memberAt, text, textMap, texts } from '../values/json.js';
import { wildcardMatch } from '../values/wildcard.js';
import { namespaceFits, unlabelled } from './namespace-selector.js';
import type { AdmissionRequest } from './request.js';
import { selectorMatches } from './selector.js';

/** `group/version/kind/subresource` of a match block, `*` for what is not said. */
export interface KindSelector {
  group: string;
  version: string;
  kind: string;
  subresource: string;
}

const VERSION = /^v\d((alpha|beta)\d)?|^\*$/;

/** Reads a kind of a match block. Semantics: ParseKindSelector of Kyverno's pkg/utils/kube. */
export function parseKind(input: string): KindSelector {
  const slashed = input.split('/');
  const parts = [...slashed.slice(0, -1), ...(slashed.at(-1) ?? '').split('.')];
  const [a = '', b = '', c = '', d = ''] = parts;
  switch (parts.length) {
    case 1:
      return { group: '*', version: '*', kind: a, subresource: '' };
    case 2:
      if (a === '*' && b === '*') return { group: '*', version: '*', kind: '*', subresource: '*' };
      if (a === '*' && b === b.toLowerCase()) return { group: '*', version: '*', kind: '*', subresource: b };
      if (VERSION.test(a)) return { group: '*', version: a, kind: b, subresource: '' };
      return { group: '*', version: '*', kind: a, subresource: b };
    case 3:
      if (VERSION.test(a)) return { group: '*', version: a, kind: b, subresource: c };
      return { group: a, version: b, kind: c, subresource: '' };
    case 4:
      return { group: a, version: b, kind: c, subresource: d };
    default:
      return { group: '', version: '', kind: '', subresource: '' };
  }
}

function kindMatches(kinds: readonly string[], request: AdmissionRequest): boolean {
  const { group, version, kind } = request.kind;
  return kinds.some((item) => {
    const selector = parseKind(item);
    if (!wildcardMatch(selector.group, group) || !wildcardMatch(selector.version, version)) return false;
    if (!wildcardMatch(selector.kind, kind)) return false;
    return (
      wildcardMatch(selector.subresource, request.subresource) ||
      (kind === 'Pod' && group === '' && request.subresource === 'ephemeralcontainers')
    );
  });
}

/**
 * True when a rule means the object: its match block holds and its exclude block does not. Where nobody knows the labels of the
 * object's namespace, it is taken to have none; a rule that would mean it with some is `unknown`.
 */
export function ruleMeans(rule: JsonValue, request: AdmissionRequest): boolean | 'unknown' {
  if (request.namespaceLabels !== null) return isMeant(rule, request, true);
  if (isMeant(rule, { ...request, namespaceLabels: unlabelled(request) }, true)) return true;
  return isMeant(rule, request, true) ? 'unknown' : false;
}

/** True when a rule means the object whatever labels its namespace has that nobody knows. */
export function ruleSurelyMeans(rule: JsonValue, request: AdmissionRequest): boolean {
  return isMeant(rule, request, false);
}

/** @param widest what a selector is taken to say of an unknown namespace: that the rule means it, or that it does not */
function isMeant(rule: JsonValue, request: AdmissionRequest, widest: boolean): boolean {
  const asked = (selected: boolean): Asked =>
    request.namespaceLabels === null ? { ...request, selected } : request;
  return (
    matchBlock(member(rule, 'match'), asked(widest)) && !excludeBlock(member(rule, 'exclude'), asked(!widest))
  );
}

/** A request, with what a selector is taken to say of a namespace that is not known. */
type Asked = AdmissionRequest & { selected?: boolean };

function filters(block: JsonValue | undefined, key: 'any' | 'all'): readonly JsonValue[] {
  return list(member(block, key));
}

function matchBlock(block: JsonValue | undefined, request: Asked): boolean {
  const any = filters(block, 'any');
  if (any.length > 0) return any.some((filter) => filterMatches(filter, request, true));
  const all = filters(block, 'all');
  if (all.length > 0) return all.every((filter) => filterMatches(filter, request, true));
  return filterMatches(block ?? null, request, true);
}

function excludeBlock(block: JsonValue | undefined, request: Asked): boolean {
  if (!isObject(block)) return false;
  const any = filters(block, 'any');
  if (any.length > 0) return any.some((filter) => filterMatches(filter, request, false));
  const all = filters(block, 'all');
  if (all.length > 0) return all.every((filter) => filterMatches(filter, request, false));
  return filterMatches(block, request, false);
}

/** An empty filter means nothing. Where nobody is declared as the user, `match` leaves subjects and roles aside. */
function filterMatches(filter: JsonValue, request: Asked, matching: boolean): boolean {
  const resources = member(filter, 'resources');
  const hasUser = ['subjects', 'roles', 'clusterRoles'].some((key) => list(member(filter, key)).length > 0);
  const checkUser = hasUser && !(matching && request.user === null);
  const hasResources = isObject(resources) && Object.keys(resources).length > 0;
  // a filter of subjects alone, where nobody is declared, leaves nothing aside but them
  if (!hasResources && !checkUser) return hasUser;
  if (hasResources && !resourceMatches(resources, request, matching)) return false;
  return !checkUser || userMatches(filter, request);
}

function resourceMatches(block: JsonObject, request: Asked, matching: boolean): boolean {
  const operations = texts(member(block, 'operations'));
  if (operations.length > 0 && !operations.includes(request.operation)) return false;
  const kinds = texts(member(block, 'kinds'));
  if (kinds.length > 0 && !kindMatches(kinds, request)) return false;
  const metadata = member(request.resource, 'metadata');
  const name = text(member(metadata, 'name')) || text(member(metadata, 'generateName'));
  const one = text(member(block, 'name'));
  if (one !== '' && !wildcardMatch(one, name)) return false;
  const names = texts(member(block, 'names'));
  if (names.length > 0 && !names.some((pattern) => wildcardMatch(pattern, name))) return false;
  const namespaces = texts(member(block, 'namespaces'));
  const isNamespace = request.kind.kind === 'Namespace';
  const namespace = isNamespace ? name : request.namespace;
  if (namespaces.length > 0 && !namespaces.some((pattern) => wildcardMatch(pattern, namespace))) return false;
  const wanted = textMap(member(block, 'annotations'));
  const holds = (map: string, test: (texts: ReadonlyMap<string, string>) => boolean): boolean => {
    const readings = readingsOf(member(metadata, map));
    return matching ? readings.some(test) : readings.every(test);
  };
  if (!holds('annotations', (annotations) => annotationsMatch(wanted, annotations))) return false;
  const selector = member(block, 'selector');
  if (isObject(selector) && !holds('labels', (labels) => selectorMatches(selector, labels))) return false;
  const namespaceSelector = member(block, 'namespaceSelector');
  if (!isObject(namespaceSelector)) return true;
  if (isNamespace) return false;
  const fits = namespaceFits(namespaceSelector, request);
  return fits === 'unknown' ? request.selected === true : fits;
}

/**
 * Labels or annotations as they can be read. Beside a value that is no text Kyverno reads none at all, and the API server
 * refuses the object: such an object is meant where either reading means it, and excluded only where both do.
 */
function readingsOf(map: JsonValue | undefined): ReadonlyMap<string, string>[] {
  const texts = textMap(map);
  const isWhole = !isObject(map) || Object.keys(map).length === texts.size;
  return isWhole ? [texts] : [texts, new Map()];
}

function annotationsMatch(wanted: ReadonlyMap<string, string>, actual: ReadonlyMap<string, string>): boolean {
  return [...wanted].every(([key, value]) =>
    [...actual].some(([name, content]) => wildcardMatch(key, name) && wildcardMatch(value, content)),
  );
}

function userMatches(filter: JsonValue, request: AdmissionRequest): boolean {
  // nobody is declared: a pattern that means everybody does not mean him
  if (request.user === null) return false;
  const { user } = request;
  const roles = texts(member(filter, 'roles'));
  if (roles.length > 0 && !roles.some((role) => user.roles.includes(role))) return false;
  const clusterRoles = texts(member(filter, 'clusterRoles'));
  if (clusterRoles.length > 0 && !clusterRoles.some((role) => user.clusterRoles.includes(role))) return false;
  const subjects = list(member(filter, 'subjects'));
  return subjects.length === 0 || subjects.some((subject) => subjectMatches(subject, user));
}

function subjectMatches(subject: JsonValue, user: { username: string; groups: readonly string[] }): boolean {
  const name = text(memberAt(subject, 'name'));
  switch (text(memberAt(subject, 'kind'))) {
    case 'ServiceAccount':
      return wildcardMatch(
        `system:serviceaccount:${text(memberAt(subject, 'namespace'))}:${name}`,
        user.username,
      );
    case 'Group':
      return user.groups.some((group) => wildcardMatch(name, group));
    case 'User':
      return wildcardMatch(name, user.username);
    default:
      return false;
  }
}
