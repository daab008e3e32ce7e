import type { Action, Severity, Suppression } from '../../contract/index.js';
import {
  type CustomKinds,
  type FieldPath,
  groupOf,
  isClusterScoped,
  isUnresolved,
  type Manifest,
} from '../../kubernetes/index.js';
import { ruleIdOf } from './describe.js';
import { type EvaluationOptions, evaluatePolicy } from './engine.js';
import type { ClusterObjects } from './kyverno/environment.js';
import { namespaceFits } from './kyverno/namespace-selector.js';
import { type AdmissionRequest, requestFor, type UserInfo } from './kyverno/request.js';
import { operationsOf, speaksOfDeletion } from './operations.js';
import { isAsSchema, type LoadedPolicy, type PolicyText, textOfPolicy } from './packs.js';
import { speaksOf, suppressionBy } from './policy-exceptions.js';
import type { RuleResult } from './result.js';
import { judgeSchema } from './schema-problems.js';
import { asAdmitted, subjectsOf } from './subjects.js';
import { isObject, type JsonObject, list, member, memberAt, text, texts } from './values/json.js';
import { wildcardMatch } from './values/wildcard.js';
import type { Unjudged, Violation } from './violation.js';

/** Everything that objects of one side are judged by. */
export interface Judge {
  policies: readonly LoadedPolicy[];
  options: EvaluationOptions;
  /** What the user's policies look into; the packs look into the objects of `options`. */
  trusted: ClusterObjects;
  kubernetesVersion: string;
  crds: CustomKinds;
  user: UserInfo | null;
  /** Null for a namespace of which nothing is known. */
  namespaceLabels(namespace: string): ReadonlyMap<string, string> | null;
  /** The level that a namespace of the base enforces by label (`privileged`, `baseline`, `restricted`), or null. */
  enforcedLevel(namespace: string): string | null;
}

/** What judging one object gives. */
export interface Judged {
  violations: Violation[];
  unjudged: Unjudged[];
  /** `group/Kind` of an object that no schema is known for. */
  withoutSchema: string | null;
}

/** Objects that are read by tools in the repository and never reach a cluster. */
const NOT_APPLIED = ['kustomize.config.k8s.io/', 'cli.kyverno.io/'];

/**
 * Judges one object by schema and policies. Never throws for what the object holds.
 * @param old the object as it was, where applying it is an update: policies that say so compare the two
 */
export function judgeManifest(manifest: Manifest, judge: Judge, old: Manifest | null = null): Judged {
  const judged: Judged = { violations: [], unjudged: [], withoutSchema: null };
  if (NOT_APPLIED.some((group) => manifest.ref.apiVersion.startsWith(group))) return judged;
  judgeSchema(manifest, old, judge, judged);
  judgePolicies(manifest, judge, old, judged);
  return judged;
}

/** What one policy finds broken in an object as it stands. */
export function violationsOfPolicy(manifest: Manifest, loaded: LoadedPolicy, judge: Judge): Violation[] {
  const judged: Judged = { violations: [], unjudged: [], withoutSchema: null };
  judgePolicies(manifest, { ...judge, policies: [loaded] }, null, judged);
  return judged.violations;
}

function judgePolicies(manifest: Manifest, judge: Judge, old: Manifest | null, judged: Judged): void {
  for (const { resource, prefix } of subjectsOf(manifest.object)) {
    const namespace = manifest.ref.namespace;
    const request = requestFor(resource, {
      user: judge.user,
      namespaceLabels: labelsOfNamespace(resource, namespace, judge),
      ...definitionOf(resource, judge),
    });
    for (const loaded of judge.policies) {
      if (prefix.length > 0 && loaded.pack === null) continue;
      const update: AdmissionRequest[] =
        old !== null && prefix.length === 0 && operationsOf(loaded.policy).updates
          ? [{ ...request, operation: 'UPDATE', oldObject: asAdmitted(old.object) }]
          : [];
      judgePolicy(manifest, loaded, [request, ...update], prefix, judge, judged);
    }
  }
}

/** What is of no namespace has none of its labels. */
function labelsOfNamespace(
  object: JsonObject,
  namespace: string,
  judge: Judge,
): ReadonlyMap<string, string> | null {
  const isOfNone = isClusterScoped(text(member(object, 'apiVersion')), text(member(object, 'kind'))) === true;
  return isOfNone ? new Map() : judge.namespaceLabels(namespace);
}

/** Kubernetes' own kinds that every release serves in several versions. */
const SERVED: ReadonlyMap<string, readonly string[]> = new Map([
  ['autoscaling/HorizontalPodAutoscaler', ['v1', 'v2']],
]);

/** What the definition of a kind says that an object does not, where it is at hand. */
function definitionOf(
  object: JsonObject,
  { crds }: Judge,
): { plural?: string; otherVersions?: readonly string[] } {
  const apiVersion = text(member(object, 'apiVersion'));
  const group = groupOf(apiVersion);
  const kind = `${group}/${text(member(object, 'kind'))}`;
  const othersOf = (versions: readonly string[]): string[] =>
    versions.filter((name) => `${group}/${name}` !== apiVersion);
  const known = crds.get(kind);
  if (known === undefined) return { otherVersions: othersOf(SERVED.get(kind) ?? []) };
  const served = [...known.versions.values()].filter((version) => version.served).map(({ name }) => name);
  return { plural: known.plural, otherVersions: othersOf(served) };
}

/** Judges that an object is taken away, by the user's policies that speak of deletions. */
export function judgeDeletion(manifest: Manifest, judge: Judge): Judged {
  const judged: Judged = { violations: [], unjudged: [], withoutSchema: null };
  const request = requestFor(asAdmitted(manifest.object), {
    operation: 'DELETE',
    user: judge.user,
    namespaceLabels: labelsOfNamespace(manifest.object, manifest.ref.namespace, judge),
    ...definitionOf(manifest.object, judge),
  });
  for (const loaded of judge.policies) {
    if (loaded.pack !== null || !operationsOf(loaded.policy).deletions) continue;
    judgePolicy(manifest, loaded, [request], [], judge, judged);
  }
  for (const violation of judged.violations) violation.deletion = true;
  return judged;
}

function judgePolicy(
  manifest: Manifest,
  loaded: LoadedPolicy,
  requests: readonly AdmissionRequest[],
  prefix: FieldPath,
  judge: Judge,
  judged: Judged,
): void {
  const { policy } = loaded;
  const options = optionsFor(loaded, judge);
  const shown = new Set<string>();
  const results = requests.flatMap((request) => evaluated(loaded, request, options, shown));
  for (const { result, excepted, request } of results) {
    if (result.type === 'mutate' || result.type === 'generate') continue;
    const ruleId = ruleIdOf(result.policy, result.rule);
    if (result.status === 'error') judged.unjudged.push({ ruleId, manifest, reason: result.message });
    if (!isBroken(result)) continue;
    const field = fieldOf(result.path, prefix);
    if (isAsSchema(loaded) && isRefusedBySchema(field, manifest, judged.violations)) continue;
    const about = textOfPolicy(policy);
    const decided = actionOf(policy, result, request);
    const action = isAllowedLevel(loaded.pack, judge.enforcedLevel(request.namespace)) ? 'inform' : decided;
    judged.violations.push({
      ruleId,
      action,
      severity: severityOf(action, about.severity),
      message: plainMessage(result, about.title),
      help: helpOf(loaded, about),
      manifest,
      field,
      excepted,
    });
  }
}

/**
 * True where the schema refuses a field or what is below it. A rule that names no field speaks of the whole object, of which the
 * schema leaves out what something still fills in.
 */
function isRefusedBySchema(
  field: FieldPath | null,
  { object }: Manifest,
  violations: readonly Violation[],
): boolean {
  if (field === null && isUnresolved(JSON.stringify(object))) return false;
  return violations.some(
    ({ ruleId, action, field: refused }) =>
      ruleId === 'policies/schema' &&
      action === 'fix' &&
      (field ?? []).every((key, index) => refused?.[index] === key),
  );
}

interface Evaluated {
  result: RuleResult;
  excepted: Suppression | null;
  request: AdmissionRequest;
}

/**
 * What a policy says of a request that it has not said of an earlier one. What a PolicyException hides is looked at too:
 * the same with another image is not what was accepted.
 * @param shown rules that are known to be broken; those found are added
 */
function evaluated(
  { policy }: LoadedPolicy,
  request: AdmissionRequest,
  options: EvaluationOptions,
  shown: Set<string>,
): Evaluated[] {
  const found: Evaluated[] = [];
  const take = (results: readonly RuleResult[], excepted: Suppression | null): void => {
    for (const result of results) {
      // what one binding only tells of hides no refusal by another
      const told = result.audited === true ? `told ${result.ran}` : result.ran;
      if (!means(policy, result, request) || shown.has(result.ran) || shown.has(told)) continue;
      if (isBroken(result)) shown.add(told);
      if (excepted === null || isBroken(result)) found.push({ result, excepted, request });
    }
  };
  take(evaluatePolicy(policy, request, options), null);
  const exceptions = (options.exceptions ?? []).filter((exception) => speaksOf(exception, policy));
  if (exceptions.length > 0) {
    take(evaluatePolicy(policy, request, { ...options, exceptions: [] }), suppressionBy(exceptions));
  }
  return found;
}

/** Rules of Kyverno's classic policies that name no operation mean no deletions. */
function means(policy: JsonObject, { rule: name }: RuleResult, { operation }: AdmissionRequest): boolean {
  if (operation !== 'DELETE') return true;
  const rules = list(memberAt(policy, 'spec', 'rules')).filter(isObject);
  const rule = rules.find((item) => text(member(item, 'name')) === name);
  return rule === undefined || speaksOfDeletion(rule);
}

function isBroken({ status }: RuleResult): boolean {
  return status === 'fail' || status === 'warn';
}

/** How to mend it, in the policy's own words. */
function helpOf({ policy, path }: LoadedPolicy, about: PolicyText): string {
  const name = text(memberAt(policy, 'metadata', 'name'));
  return about.remedy || about.reason || `See policy ${name}${path === null ? '' : ` in ${path}`}.`;
}

/** A namespace of the base that enforces a lower level means its workloads to have what the pack's level forbids. */
function isAllowedLevel(pack: string | null, enforced: string | null): boolean {
  if (pack === 'baseline') return enforced === 'privileged';
  return pack === 'restricted' && (enforced === 'privileged' || enforced === 'baseline');
}

/** The packs judge by the repository alone: for them its objects are all there are. */
function optionsFor(loaded: LoadedPolicy, { options, trusted }: Judge): EvaluationOptions {
  if (loaded.pack === null) return { ...options, objects: trusted };
  if (options.objects === undefined) return options;
  return { ...options, objects: { ...options.objects, complete: true } };
}

function fieldOf(path: FieldPath | null, prefix: FieldPath): FieldPath | null {
  if (path === null) return null;
  if (prefix.length === 0) return path;
  if (prefix.at(-1) !== '') return [...prefix, ...path];
  return path[0] === 'spec' ? [...prefix.slice(0, -1), ...path.slice(1)] : prefix.slice(0, -1);
}

/** The rule's own words without what Kyverno puts around them. */
function plainMessage(result: RuleResult, title: string): string {
  const message = result.message
    .replace(/^validation error: /, '')
    .replace(/ rule \S+ failed at path \S+$/, '')
    .replace(/(?: rule \S+\[\d+\] failed at path \S+)+$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (message === '' || message.startsWith('rule ')) return title || result.message;
  return message;
}

function severityOf(action: Action, declared: string): Severity {
  if (action === 'fix') return declared === 'medium' || declared === 'low' ? 'warning' : 'error';
  return declared === 'low' || declared === 'info' ? 'notice' : 'warning';
}

/**
 * What the cluster would do decides: a rule that is enforced asks for a fix, one that only audits or warns informs.
 * Semantics: failureAction, failureActionOverrides and their older names on the policy; validationActions.
 */
function actionOf(policy: JsonObject, result: RuleResult, request: AdmissionRequest): Action {
  if (result.status === 'warn' || result.audited === true) return 'inform';
  const spec = member(policy, 'spec');
  const actions = texts(member(spec, 'validationActions')).concat(texts(member(spec, 'validationAction')));
  const kind = text(member(policy, 'kind'));
  if (kind !== 'ClusterPolicy' && kind !== 'Policy') {
    return actions.length === 0 || actions.includes('Deny') ? 'fix' : 'inform';
  }
  const rule = list(member(spec, 'rules')).find((item) => text(member(item, 'name')) === result.rule) ?? null;
  const blocks = [member(rule, 'validate'), list(member(rule, 'verifyImages'))[0]].filter(isObject);
  const own = blocks.map((block) => text(member(block, 'failureAction'))).find((action) => action !== '');
  const overrides = [
    ...blocks.flatMap((block) => list(member(block, 'failureActionOverrides'))),
    ...list(member(spec, 'validationFailureActionOverrides')),
  ];
  for (const override of overrides) {
    const named = texts(member(override, 'namespaces'));
    const selector = member(override, 'namespaceSelector');
    const fitsName = named.length === 0 || named.some((pattern) => wildcardMatch(pattern, request.namespace));
    const fitsLabels = !isObject(selector) || namespaceFits(selector, request);
    if (!fitsName || fitsLabels === false || (named.length === 0 && !isObject(selector))) continue;
    const action = enforced(text(member(override, 'action')));
    // one that may mean a namespace which nobody knows counts if it enforces
    if (action === 'fix' || fitsLabels === true) return action;
  }
  return enforced(own ?? text(member(spec, 'validationFailureAction')));
}

function enforced(action: string): Action {
  return action.toLowerCase() === 'enforce' ? 'fix' : 'inform';
}
