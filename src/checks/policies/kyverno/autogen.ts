import type { JsonValue } from '../../../contract/index.js';
import {
  clone,
  emptyObject,
  isObject,
  type JsonObject,
  list,
  member,
  memberAt,
  setMember,
  text,
  texts,
} from '../values/json.js';
import { parseKind } from './match.js';

const CONTROLLERS = ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'ReplicationController', 'StatefulSet'];
/** Kinds that Kyverno writes rules for from those on Pods. */
export const POD_CONTROLLERS: readonly string[] = [...CONTROLLERS, 'CronJob'];
const ANNOTATION = 'pod-policies.kyverno.io/autogen-controllers';

/** How deep in a controller a Pod's template lies. */
export type TemplatePath =
  | readonly ['spec', 'template']
  | readonly ['spec', 'jobTemplate', 'spec', 'template'];

/**
 * The rules that apply to an object of a kind: those of the policy, and those that Kyverno derives for the kind from
 * rules on Pods. Semantics: ComputeRules of Kyverno's pkg/autogen/v1.
 */
export function rulesFor(policy: JsonObject, kind: string): readonly JsonObject[] {
  let byKind = derivedRules.get(policy);
  if (byKind === undefined) {
    byKind = new Map();
    derivedRules.set(policy, byKind);
  }
  // kinds without derived rules share one entry: an attacker chooses kinds
  const key = POD_CONTROLLERS.includes(kind) ? kind : '';
  let rules = byKind.get(key);
  if (rules === undefined) {
    rules = computeRules(policy, key);
    byKind.set(key, rules);
  }
  return rules;
}

/** Policies are not changed once they are loaded, so what is derived from them is kept. */
const derivedRules = new WeakMap<JsonObject, Map<string, readonly JsonObject[]>>();

function computeRules(policy: JsonObject, kind: string): readonly JsonObject[] {
  const rules = list(memberAt(policy, 'spec', 'rules')).filter(isObject);
  const controllers = wantedControllers(policy, rules);
  if (!controllers.has(kind)) return rules;
  const derived = rules.flatMap((rule) => {
    const generated = kind === 'CronJob' ? cronJobRule(rule) : controllerRule(rule, kind);
    return generated === null ? [] : [generated];
  });
  if (derived.length === 0) return rules;
  return [...rules.filter((rule) => !isAutogenName(text(member(rule, 'name')))), ...derived];
}

/** The rule's name as its author wrote it. */
export function writtenName(ran: string): string {
  return ran.replace(/^autogen-(cronjob-)?/, '');
}

/** The name of the policy's rule that a rule is derived from: Kyverno cuts derived names off. The rule's own where it is none. */
export function ruleNamed(policy: JsonObject, ran: string): string {
  const names = list(memberAt(policy, 'spec', 'rules')).map((rule) => text(member(rule, 'name')));
  if (names.includes(ran)) return ran;
  const from = names.find((name) => PREFIXES.some((prefix) => derivedName(prefix, name) === ran));
  return from ?? writtenName(ran);
}

const PREFIXES = ['autogen-', 'autogen-cronjob-'];

function derivedName(prefix: string, name: string): string {
  return `${prefix}${name}`.slice(0, 63);
}

function isAutogenName(name: string): boolean {
  return name.startsWith('autogen-');
}

function wantedControllers(policy: JsonObject, rules: readonly JsonObject[]): ReadonlySet<string> {
  if (!canAutogen(rules)) return new Set();
  const annotation = memberAt(policy, 'metadata', 'annotations', ANNOTATION);
  return new Set(typeof annotation === 'string' ? annotation.split(',') : POD_CONTROLLERS);
}

/** The resource blocks of a rule's match and exclude. */
function resourceBlocks(rule: JsonObject): JsonValue[] {
  return ['match', 'exclude'].flatMap((side) => {
    const block = member(rule, side);
    if (!isObject(block)) return [];
    const parts = [block, ...list(member(block, 'any')), ...list(member(block, 'all'))];
    return parts.map((part) => member(part, 'resources') ?? null);
  });
}

function canAutogen(rules: readonly JsonObject[]): boolean {
  let needed = false;
  for (const rule of rules) {
    if (member(rule, 'generate') !== undefined) return false;
    const mutate = member(rule, 'mutate');
    const patches = [mutate, ...list(member(mutate, 'foreach'))];
    if (patches.some((patch) => text(member(patch, 'patchesJson6902')) !== '')) return false;
    for (const block of resourceBlocks(rule)) {
      const kinds = texts(member(block, 'kinds'));
      const narrowed = ['name', 'names', 'selector', 'annotations'].some((key) => {
        const value = member(block, key);
        return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
      });
      if (narrowed || (kinds.length > 1 && kinds.some((item) => parseKind(item).kind === 'Pod')))
        return false;
      needed ||= kinds.some((item) => item === 'Pod' || POD_CONTROLLERS.includes(item));
    }
  }
  return needed;
}

function kindsOf(block: JsonValue | undefined): string[] {
  if (!isObject(block)) return [];
  const parts = [block, ...list(member(block, 'any')), ...list(member(block, 'all'))];
  return parts.flatMap((part) => texts(memberAt(part, 'resources', 'kinds')));
}

function coversPods(rule: JsonObject): boolean {
  const isPod = (item: string): boolean => parseKind(item).kind === 'Pod';
  const excluded = kindsOf(member(rule, 'exclude'));
  return kindsOf(member(rule, 'match')).some(isPod) && (excluded.length === 0 || excluded.some(isPod));
}

function controllerRule(rule: JsonObject, kind: string): JsonObject | null {
  const name = text(member(rule, 'name'));
  if (isAutogenName(name) || !coversPods(rule)) return null;
  return derive(rule, derivedName('autogen-', name), kind, false);
}

function cronJobRule(rule: JsonObject): JsonObject | null {
  const name = text(member(rule, 'name'));
  if (isAutogenName(name) || !coversPods(rule)) return null;
  return derive(rule, derivedName('autogen-cronjob-', name), 'CronJob', true);
}

function derive(rule: JsonObject, name: string, kind: string, cronJob: boolean): JsonObject | null {
  const copy = clone(rule);
  setMember(copy, 'name', name);
  for (const side of ['match', 'exclude'] as const) replaceKinds(copy, side, kind, cronJob);
  const wrap = (inner: JsonValue): JsonObject =>
    cronJob ? { spec: { jobTemplate: { spec: { template: inner } } } } : { spec: { template: inner } };
  if (!wrapRule(copy, wrap)) return null;
  const cel = memberAt(copy, 'validate', 'cel') !== undefined;
  return shiftFields(copy, cel, cronJob) as JsonObject;
}

function replaceKinds(rule: JsonObject, side: 'match' | 'exclude', kind: string, cronJob: boolean): void {
  const block = member(rule, side);
  if (!isObject(block)) return;
  const groups = [...list(member(block, 'any')), ...list(member(block, 'all'))];
  for (const filter of groups) {
    const resources = member(filter, 'resources');
    if (!isObject(resources)) continue;
    const pods = texts(member(resources, 'kinds')).some((item) => parseKind(item).kind === 'Pod');
    if (pods || cronJob) resources.kinds = [kind];
  }
  const resources = member(block, 'resources');
  if (groups.length === 0 && isObject(resources)) {
    if (side === 'match' || texts(member(resources, 'kinds')).length > 0) resources.kinds = [kind];
  }
}

/** Puts patterns below the template; false for a rule that has nothing to derive. */
function wrapRule(rule: JsonObject, wrap: (inner: JsonValue) => JsonObject): boolean {
  const mutate = member(rule, 'mutate');
  if (isObject(mutate)) {
    for (const part of [mutate, ...list(member(mutate, 'foreach'))]) {
      if (!isObject(part)) continue;
      const patch = member(part, 'patchStrategicMerge');
      if (patch !== undefined) setMember(part, 'patchStrategicMerge', wrap(patch));
    }
    return true;
  }
  const validate = member(rule, 'validate');
  if (isObject(validate)) {
    const pattern = member(validate, 'pattern');
    if (pattern !== undefined) setMember(validate, 'pattern', wrap(pattern));
    const anyPattern = member(validate, 'anyPattern');
    if (Array.isArray(anyPattern)) setMember(validate, 'anyPattern', anyPattern.map(wrap));
    return true;
  }
  return member(rule, 'verifyImages') !== undefined;
}

/** Kyverno rewrites the text of the whole rule, in keys and values alike. */
function shiftFields(value: JsonValue, cel: boolean, cronJob: boolean): JsonValue {
  if (typeof value === 'string') return shiftText(value, cel, cronJob);
  if (Array.isArray(value)) return value.map((item) => shiftFields(item, cel, cronJob));
  if (!isObject(value)) return value;
  const result = emptyObject();
  for (const [key, item] of Object.entries(value)) {
    setMember(result, shiftText(key, cel, cronJob), shiftFields(item, cel, cronJob));
  }
  return result;
}

function shiftText(source: string, cel: boolean, cronJob: boolean): string {
  const template = cronJob ? 'spec.jobTemplate.spec.template' : 'spec.template';
  const pattern = cel
    ? /(object|oldObject)\.(spec|metadata)/g
    : /request\.(object|oldObject)\.(spec|metadata)/g;
  const prefix = cel ? '' : 'request.';
  return source.replace(
    pattern,
    (_whole, object: string, part: string) => `${prefix}${object}.${template}.${part}`,
  );
}
